"""« Modifier », « Enregistrer », « Abandonner »: one section of one object, kept as a shared brouillon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, SQLModel, select

from rxror.ror import messages
from rxror.ror.champs import (
    Contexte,
    Section,
    TypeChamp,
    champs_de,
    groupes_de,
)
from rxror.ror.controles import Examen, controler
from rxror.ror.erreurs import Conflit, SaisieInvalide
from rxror.ror.objets import (
    LieuRealisationOffre,
    OffreOperationnelle,
)
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import (
    LIGNE_UNIQUE,
    Formulaire,
    Lecteur,
    Lecture,
    Valeurs,
    aplatir_ligne,
    defauts,
    formulaire,
    publiables,
    visibilites,
)
from rxror.ror.territoire import COMMUNES_MAXIMUM
from rxror.services import brouillons, communes, conflits, hierarchie
from rxror.services.acces import Acteur, Cible
from rxror.services.demande import Demande, NomDeSection
from rxror.services.ecran_de_section import figees, libelles, offres_servies, options, questions_des_perimes, reprises
from rxror.services.fusion import (
    PRESENTE,
    Base,
    Fusion,
    base_de,
    chemin_de,
    cle_de_ligne,
    empreinte_de,
    fusionner,
    parties_de,
)
from rxror.services.section_ouverte import Ouvert, auteurs_des_parties, charger_section, ecrire_la_section
from rxror.services.tracer import deja_fait, tracer
from rxror.tables import Action, Trace, Utilisateur

CHAMPS_MAXIMUM = 2000
ENVOIS_MAXIMUM = 20  # as `assets/attente.js` tells them
Chemin = Annotated[str, StringConstraints(max_length=200)]
Texte = Annotated[str, StringConstraints(max_length=6 * COMMUNES_MAXIMUM)]  # the longest: a zone of communes


class Enregistrement(Demande):
    """One save, with its whole context: it relies on nothing that an earlier event did.

    Attributes:
        base: digest of each champ as the page showed it (`Edition.base`, then `Reponse.base`).
        cle: UUID of the gesture; the same one again gives the same answer and changes nothing.
        sans_reponse: keys of the earlier sendings of this form whose answer the page never got: some may be kept.
        caches: paths that the page did not show when it was sent.
        formulaire: the open page, the same from its opening on: two tabs of one person are two.
        saisie: {path: text}, the whole section.
    """

    section: NomDeSection
    base: dict[Texte, Annotated[dict[Texte, Texte], Field(max_length=CHAMPS_MAXIMUM)]] = Field(max_length=200)
    cle: UUID
    sans_reponse: list[UUID] = Field(default=[], max_length=ENVOIS_MAXIMUM)
    caches: frozenset[Chemin] = Field(default=frozenset(), max_length=CHAMPS_MAXIMUM)
    formulaire: Annotated[str, StringConstraints(max_length=36, pattern=r"^[0-9a-f-]*$")] = ""
    saisie: dict[Texte, Texte] = Field(max_length=CHAMPS_MAXIMUM)


@dataclass
class Edition:
    """A section open for editing: all that its page shows.

    Attributes:
        options: {field without row keys: [{"cle", "libelle"}]} for the lists shown whole.
        libelles: {"J17:157": label} for codes chosen by searching, {"gele:champ": text} for fields one cannot change.
        sert: names of the offers that a shared lieu serves.
        chemin: (name, address) of the places above the object.
        figees: {path of a row: text} for the rows that come from another system.
        reprises: {field: "field=text;field=text"} for what FINESS can fill.
        attente: how many answers of this person wait for a choice in this section.
        perimes: {path: [{"code", "libelle", "successeur"}]} of the codes no longer in force; the last is the label of
            what surely replaces it.
    """

    cible: Cible
    section: Section
    nom: str
    form: Formulaire
    visibles: dict[str, bool]
    options: dict[str, list[dict[str, str]]]
    libelles: dict[str, str]
    erreurs: dict[str, str]
    base: Base
    marque: str
    contexte: Contexte
    enregistre: datetime | None = None
    auteur: str = ""
    sert: list[str] = field(default_factory=list)
    figees: dict[str, str] = field(default_factory=dict)
    reprises: dict[str, str] = field(default_factory=dict)
    perimes: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    chemin: list[tuple[str, str]] = field(default_factory=list)
    avec_uf: bool = True
    attente: int = 0


@dataclass(frozen=True)
class EnAttente:
    """An answer that was not kept: somebody changed the same, and its owner is to choose.

    Attributes:
        chemin: its path on the page.
        auteur_id: who changed the same; 0 when it was published since.
        lecteur_id: whose answer waits.
    """

    chemin: str
    auteur_id: int
    auteur: str
    instant: datetime | None
    lecteur_id: int

    @property
    def de_soi(self) -> bool:
        """Two tabs of one person."""
        return self.auteur_id == self.lecteur_id


@dataclass
class Reponse:
    """What « Enregistrer » answers.

    Attributes:
        erreurs: {path: sentence}; what could not be read, and what is read but wrong.
        change: False when the section is the same as what is published: no brouillon is needed.
        attente: what could not be kept and waits for a choice.
        retires: paths that were answered and are not asked any more: nothing of them is kept.
        ailleurs: how many answers of this person wait already, from other pages.
    """

    cle: str
    instant: datetime
    erreurs: dict[str, str]
    change: bool
    base: Base
    marque: str
    attente: list[EnAttente] = field(default_factory=list)
    retires: list[str] = field(default_factory=list)
    ailleurs: int = 0


def ouvrir(session: Session, acteur: Acteur, cible: Cible, section: str) -> Edition:
    """Open a section: published values overlaid by the brouillon.

    Raises:
        AccesRefuse: no right to edit the object, no such section, or a section that comes from elsewhere.

    Source:
        Fiche « Comment mettre à jour mon offre ? », step 5.
    """
    ouvert = charger_section(session, acteur, cible, section)
    brouillon = ouvert.brouillons.get(section)
    valeurs = avec_lignes_uniques(ouvert.classe, section, ouvert.valeurs)
    form = formulaire(ouvert.classe, section, valeurs, brouillon.illisibles if brouillon else {})
    erreurs = erreurs_de(ouvert, _relire(session, ouvert, form) if brouillon else Lecture())
    auteur = session.get(Utilisateur, brouillon.utilisateur_id) if brouillon else None
    return Edition(
        cible=cible,
        section=ouvert.section,
        nom=nom_de(ouvert.acces.objet),
        form=form,
        visibles=visibilites(ouvert.classe, section, form, ouvert.contexte),
        options=options(ouvert, form),
        libelles=libelles(session, ouvert, valeurs),
        erreurs=erreurs,
        base=base_de(ouvert.classe, section, ouvert.gardees),
        marque=ouvert.marque,
        contexte=ouvert.contexte,
        enregistre=brouillon.modifie if brouillon else None,
        auteur=auteur.nom_complet if auteur else "",
        sert=offres_servies(session, ouvert.acces.objet),
        figees=figees(ouvert, valeurs),
        reprises=reprises(ouvert),
        perimes=questions_des_perimes(ouvert, valeurs),
        chemin=hierarchie.chemin(session, ouvert.acces),
        avec_uf=ouvert.acces.etablissement.sanitaire,
        attente=sum(conflits.nombre(d) for d in conflits.de(session, acteur, cible.cle, section)),
    )


def enregistrer(
    session: Session, acteur: Acteur, demande: Enregistrement, *, dit: Mapping[str, Any] | None = None
) -> Reponse:
    """Keep one section's input as brouillon; nothing is published.

    A missing mandatory value is allowed. What cannot be read is kept as typed. Champs that somebody else changed
    since the page was opened and that this save leaves as they were are kept as the other saved them.

    Of a part that somebody else changed too, theirs is kept and this one waits for a choice (`services/arbitrage.py`).

    Args:
        dit: what else the trace must tell of the gesture.

    Raises:
        AccesRefuse: no right to edit the object, or no such section.
        SaisieInvalide: `cle` was used by another gesture.

    Source:
        Fiche « Comment mettre à jour mon offre ? », step 5.
    """
    ouvert = charger_section(session, acteur, demande.cible, demande.section)
    if deja := _deja_repondu(session, acteur, ouvert, demande):
        return deja
    gardees = ouvert.gardees
    connus = conflits.de(session, acteur, demande.cible.cle, demande.section, ecrire=True)
    connu = conflits.du_formulaire(connus, demande.formulaire)
    base = conflits.avec_les_choix(_base_connue(session, acteur, demande), connu)
    lecture = _lire(session, ouvert, demande, base)
    fusion = fusionner(ouvert.classe, base, lecture, gardees)
    maintenant = datetime.now(UTC)
    retenues = conflits.a_retenir(ouvert.classe, fusion, lecture, gardees, connu, maintenant)
    ou = (demande.cible.cle, demande.section, demande.formulaire)
    aparte = conflits.retenir(session, acteur, connus, ou, retenues, fusion.base, maintenant)
    dit = {**(dit or {}), **({"retires": lecture.retires} if lecture.retires else {})}
    reponse = _garder(session, acteur, ouvert, demande, fusion, aparte, maintenant, dit)
    reponse.attente, reponse.retires = _en_attente(session, acteur, ouvert, retenues), lecture.retires
    reponse.ailleurs = sum(conflits.nombre(d) for d in connus if d is not connu)
    return reponse


def _lire(session: Session, ouvert: Ouvert, demande: Enregistrement, base: Base) -> Lecture:
    """What the page sends; of what it did not show, nothing was answered, and what it was shown with is as it was."""

    def montre(chemin: str, texte: str) -> bool:
        parties = base.get(chemin, {}) if "." not in chemin else {}  # a row is shown as a whole
        return parties.get(texte) == PRESENTE or parties.get("") == empreinte_de(texte)

    lecteur = Lecteur(ouvert.catalogue, ouvert.contexte, _lieux_permis(session, ouvert), demande.caches, montre)
    lecture = lecteur.lire(ouvert.classe, demande.section, demande.saisie, ouvert.valeurs)
    _verifier_les_communes(session, ouvert.classe, demande.section, lecture)
    gardes = ouvert.gardees.illisibles.items()
    lecture.illisibles |= {c: texte for c, texte in gardes if c in demande.caches}
    _comme_montrees(ouvert, demande.caches, base, lecture)
    return lecture


def _comme_montrees(ouvert: Ouvert, caches: frozenset[str], base: Base, lecture: Lecture) -> None:
    """A row that is as it was shown did not change, even if a colleague answered since where the page shows nothing."""
    for nom, groupe in groupes_de(ouvert.classe, ouvert.section.cle).items():
        if groupe.unique or not base.get(nom):
            continue
        vues = [{n: v for n, v in e.items() if f"{nom}.{e['cle']}.{n}" not in caches} for e in lecture.valeurs[nom]]
        illisibles = {c: texte for c, texte in lecture.illisibles.items() if c not in caches}
        comme = parties_de(ouvert.classe, nom, Lecture({nom: vues}, illisibles))
        lecture.valeurs[nom] = [
            vue if comme[vue["cle"]].empreinte == base[nom].get(vue["cle"]) else ligne
            for vue, ligne in zip(vues, lecture.valeurs[nom], strict=True)
        ]


def _garder(
    session: Session,
    acteur: Acteur,
    ouvert: Ouvert,
    demande: Enregistrement,
    fusion: Fusion,
    aparte: list[dict[str, Any]],
    maintenant: datetime,
    dit: Mapping[str, Any],
) -> Reponse:
    """Write what could be merged, and one line of trace, which also holds what was put aside."""
    gardees = ouvert.gardees
    changements = brouillons.differences(gardees.valeurs, fusion.lecture.valeurs)
    erreurs = erreurs_de(ouvert, fusion.lecture)
    change = bool(changements) or fusion.lecture.illisibles != gardees.illisibles
    vu = (
        ecrire_la_section(session, acteur, ouvert, fusion.lecture, changements, maintenant) if change else ouvert.marque
    )
    reponse = Reponse(str(demande.cle), maintenant, erreurs, bool(vu), fusion.base, vu)
    if change or aparte:
        resultat = {"erreurs": erreurs, "change": reponse.change, "base": reponse.base, "marque": reponse.marque}
        resultat["illisibles"] = [gardees.illisibles, fusion.lecture.illisibles]
        trace = tracer(
            session,
            acteur,
            Action.BROUILLON,
            ouvert.acces.etablissement.num_finess,
            demande.cible.cle,
            section=demande.section,
            changements=changements,
            cle=reponse.cle,
            resultat=resultat | ({"attente": aparte} if aparte else {}) | dict(dit),
        )
        reponse.instant = trace.instant
    return reponse


def abandonner(session: Session, acteur: Acteur, cible: Cible, section: str, vu: str) -> bool:
    """Drop the brouillon of a section and what one has waiting there; what is published stays. False without one.

    Args:
        vu: digest of the brouillon as the page showed it (`Edition.marque`).

    Raises:
        AccesRefuse: no right to edit the object.
        Conflit: somebody saved since; nothing is dropped.
    """
    ouvert = charger_section(session, acteur, cible, section)
    brouillon = ouvert.brouillons.get(section)
    if brouillon is None:
        return False
    if vu != ouvert.marque:
        raise Conflit
    perdues = conflits.oublier(session, acteur, cible.cle, section)
    tracer(
        session,
        acteur,
        Action.ABANDON,
        ouvert.acces.etablissement.num_finess,
        cible.cle,
        section=section,
        changements=brouillons.differences(brouillon.valeurs, {n: ouvert.publiees.get(n) for n in brouillon.valeurs}),
        resultat={"attente": perdues} if perdues else {},
    )
    brouillons.supprimer(session, [brouillon])
    return True


def ligne_neuve(classe: type[SQLModel], chemin: str, cle: str, autour: Mapping[str, str] | None = None) -> Formulaire:
    """The form of one more row of a group, with its default answers.

    Args:
        chemin: path of the group, e.g. "contact" or "contact.12.telecommunication".
        autour: the form that it goes into: some answers are those of the row above.

    Raises:
        SaisieInvalide: the class has no such group.
    """
    groupe = None
    for morceau in chemin.split(".")[::2]:
        groupe = groupes_de(classe).get(morceau)
        if groupe is None:
            raise SaisieInvalide(chemin)
        classe = groupe.classe
    if groupe is None:
        raise SaisieInvalide(chemin)
    ligne = defauts(groupe.classe)
    dessus = chemin.rpartition(".")[0]
    for nom, champ in champs_de(groupe.classe).items():
        if champ.herite and (texte := (autour or {}).get(f"{dessus}.{nom}")):
            ligne[nom] = texte
    for nom, sous in groupes_de(groupe.classe).items():
        ligne[nom] = [{"cle": f"{cle}a", **defauts(sous.classe)}] if sous.d_office else []
    form = Formulaire()
    aplatir_ligne(groupe, f"{chemin}.{cle}", ligne, form)
    return form


# ------------------------------------------------------------------------------ inside


def avec_lignes_uniques(classe: type[SQLModel], section: str, valeurs: Valeurs) -> Valeurs:
    """The same values, where each group of exactly one row has one."""
    uniques = {
        nom: [{"cle": LIGNE_UNIQUE, **defauts(groupe.classe)}]
        for nom, groupe in groupes_de(classe, section).items()
        if groupe.unique and not valeurs.get(nom)
    }
    return {**valeurs, **uniques}


def _trace(session: Session, acteur: Acteur, demande: Enregistrement, cle: UUID) -> Trace | None:
    return deja_fait(
        session, acteur, cle, action=Action.BROUILLON, dit="base", objet=demande.cible.cle, section=demande.section
    )


def _base_connue(session: Session, acteur: Acteur, demande: Enregistrement) -> Base:
    """What the page would show if every answer had reached it: nobody is in conflict with himself."""
    gardes = [t for cle in demande.sans_reponse if (t := _trace(session, acteur, demande, cle))]
    return max(gardes, key=lambda t: t.id or 0).resultat["base"] if gardes else demande.base


def _deja_repondu(session: Session, acteur: Acteur, ouvert: Ouvert, demande: Enregistrement) -> Reponse | None:
    trace = _trace(session, acteur, demande, demande.cle)
    if trace is None:
        return None
    resultat = trace.resultat
    reponse = Reponse(
        str(demande.cle), trace.instant, resultat["erreurs"], resultat["change"], resultat["base"], resultat["marque"]
    )
    reponse.retires = resultat.get("retires", [])
    siens = conflits.de(session, acteur, demande.cible.cle, demande.section)
    connu = conflits.du_formulaire(siens, demande.formulaire)
    reponse.attente = _en_attente(session, acteur, ouvert, connu.parties if connu else {})
    reponse.ailleurs = sum(conflits.nombre(d) for d in siens if d is not connu)
    return reponse


def _relire(session: Session, ouvert: Ouvert, form: Formulaire) -> Lecture:
    """Read the kept form again: what could not be read says why, as the first time."""
    lignes = {f"{chemin}.{cle}": "1" for chemin, cles in form.lignes.items() for cle in cles}
    lecteur = Lecteur(ouvert.catalogue, ouvert.contexte, _lieux_permis(session, ouvert))
    lecture = lecteur.lire(ouvert.classe, ouvert.section.cle, {**lignes, **form.valeurs}, ouvert.valeurs)
    _verifier_les_communes(session, ouvert.classe, ouvert.section.cle, lecture)
    return lecture


def _en_attente(session: Session, acteur: Acteur, ouvert: Ouvert, parties: conflits.Parties) -> list[EnAttente]:
    """Where answers wait on the page, and who changed the same."""
    ou = [(nom, cle, p["leur_cle"]) for nom, siennes in parties.items() for cle, p in siennes.items()]
    auteurs = auteurs_des_parties(session, ouvert, [(nom, leur_cle) for nom, _, leur_cle in ou])
    return [
        EnAttente(_ou_le_dire(ouvert, nom, cle, parties[nom][cle]), *auteurs[nom, leur_cle], acteur.id)
        for nom, cle, leur_cle in ou
    ]


def _ou_le_dire(ouvert: Ouvert, nom: str, cle: str, retenue: Mapping[str, Any]) -> str:
    """Path where the page can say something of a part: a row that is not there any more is told on its group."""
    groupe = groupes_de(ouvert.classe).get(nom)
    if groupe and not groupe.unique and (groupe.en_semaine or not retenue["empreinte"]):
        return nom
    chemin = chemin_de(ouvert.classe, nom, cle, cle_de_ligne(ouvert.gardees, nom))
    champ = groupe and (groupe.par_recherche or groupe.nombre)
    return f"{chemin}.{champ}" if champ else chemin


def erreurs_de(ouvert: Ouvert, lecture: Lecture) -> dict[str, str]:
    """What is to be corrected in this section: unreadable texts, values that break a rule; not what is missing."""
    valeurs = {**ouvert.valeurs, **lecture.valeurs}
    contexte = ouvert.contexte.sur(valeurs)
    examen = Examen(contexte.sur(publiables(ouvert.classe, valeurs, contexte)), ouvert.catalogue, {})
    fautes = {
        a.chemin: a.message
        for a in controler(ouvert.classe, examen)
        if a.section == ouvert.section.cle and a.bloque and not a.manque
    }
    relues = dict.fromkeys(lecture.illisibles, messages.lecture("relu"))
    return {**fautes, **relues, **lecture.erreurs}


def _lieux_permis(session: Session, ouvert: Ouvert) -> frozenset[str]:
    if ouvert.classe is not OffreOperationnelle or ouvert.section.cle != "adresse":
        return frozenset()
    requete = select(LieuRealisationOffre.identifiant).where(
        LieuRealisationOffre.entite_geographique_id == ouvert.acces.etablissement.id
    )
    return frozenset(session.exec(requete))


def _verifier_les_communes(session: Session, classe: type[SQLModel], section: str, lecture: Lecture) -> None:
    noms = [n for n, c in champs_de(classe, section).items() if c.type is TypeChamp.COMMUNE and lecture.valeurs.get(n)]
    connues = communes.nommer(session, [lecture.valeurs[n] for n in noms])
    for nom in noms:
        if lecture.valeurs[nom] not in connues:
            lecture.illisibles[nom], lecture.erreurs[nom] = lecture.valeurs[nom], messages.lecture("commune")
            lecture.valeurs[nom] = ""
    for nom, champ in champs_de(classe, section).items():
        if champ.type is TypeChamp.COMMUNES and lecture.valeurs.get(nom):
            communes.verifier(session, nom, lecture)
