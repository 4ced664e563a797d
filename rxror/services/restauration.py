"""« Reprendre cette version »: what an object published once, kept again as brouillons, section by section.

The past is never written: nothing changes for readers before « Valider ». What cannot come back is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, SQLModel, col, select

from rxror.ror import parcours
from rxror.ror.champs import (
    Champ,
    Edition,
    Groupe,
    Section,
    TypeChamp,
    champs_de,
    est_visible,
    groupes_de,
    sections_de,
)
from rxror.ror.dates import quand
from rxror.ror.erreurs import AccesRefuse, Conflit, Depasse, SaisieInvalide
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import Valeurs
from rxror.ror.typographie import fr
from rxror.services import brouillons, dossier, ecarts, hierarchie, reconstitution
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.changements import Changement
from rxror.services.contenu import LIEUX
from rxror.services.copie import ligne_copiee
from rxror.services.demande import Demande, Numero, Vu
from rxror.services.dossier import Dossier, Piece
from rxror.services.fusion import marque, sans_cles
from rxror.services.tracer import deja_fait, tracer
from rxror.services.versions import sans_les_cles
from rxror.services.vu import empreinte
from rxror.tables import Action, Brouillon, Trace, Utilisateur

AU_PLUS = 200
Cle = Annotated[str, StringConstraints(max_length=140)]


class Reprise(Demande):
    """One « Reprendre », with its whole context.

    Attributes:
        choisies: sections taken back, of the object or of one of its lieux, as `SectionReprise.cle` names them; a
            ticked brouillon is replaced.
        vu: digest of what the page showed.
    """

    version: Numero
    choisies: set[Cle] = Field(min_length=1, max_length=AU_PLUS)
    vu: Vu
    cle: UUID


class SectionReprise(TypedDict):
    """One section that may be taken back. `brouillon` tells what would be replaced; `coche` proposes it."""

    cle: str
    titre: str
    brouillon: str
    coche: bool
    changements: list[Changement]
    laisses: str


@dataclass
class Apercu:
    """What « Reprendre » would do: the sections of the object, then those of its lieux; `dites` is what cannot come."""

    nom: str
    chemin: list[tuple[str, str]]
    retour: str
    avec_uf: bool
    version: str
    siennes: list[SectionReprise] = field(default_factory=list)
    des_lieux: list[SectionReprise] = field(default_factory=list)
    dites: list[str] = field(default_factory=list)
    vu: str = ""


@dataclass(frozen=True)
class _Envoi:
    """One section of one piece: as it is kept now, and as the version had it."""

    piece: Piece
    section: Section
    gardees: Valeurs
    apres: Valeurs
    laisses: tuple[str, ...] = ()

    @property
    def cle(self) -> str:
        return f"{self.piece.cle}|{self.section.cle}"

    @property
    def brouillon(self) -> Brouillon | None:
        return self.piece.brouillons.get(self.section.cle)

    @property
    def changements(self) -> list[dict[str, Any]]:
        noms = ecarts.noms_qui_different(self.piece.classe, self.gardees, self.apres)
        return brouillons.differences(self.gardees, {n: self.apres[n] for n in noms})

    @property
    def vu(self) -> list[Any]:
        siens = self.brouillon
        tenu = marque(siens.valeurs, siens.illisibles) if siens else ""
        apres = {n: sans_les_cles(self.piece.classe, n, v) for n, v in self.apres.items()}
        return [self.cle, self.piece.objet.version, tenu, apres]


@dataclass(frozen=True)
class _Plan:
    ouvert: Dossier
    version: reconstitution.Version
    envois: list[_Envoi]
    dites: list[str]

    @property
    def vu(self) -> str:
        return empreinte([envoi.vu for envoi in self.envois])


def preparer(session: Session, acteur: Acteur, cible: Cible, version: int) -> Apercu:
    """What taking a version back would change in the brouillons. Writes nothing.

    Raises:
        AccesRefuse: no right to edit the object.
        SaisieInvalide: no such version, or it can no longer be rebuilt.
    """
    plan = _planifier(session, acteur, cible, version)
    ouvert, objet = plan.ouvert, plan.ouvert.principale.objet
    retour = parcours.url_historique(cible.genre, cible.identifiant)
    auteurs = _auteurs(session, plan.envois)
    lues = _lire_les_ecarts(session, plan)
    sections = [(e, _section(ouvert, e, c, auteurs)) for e, c in zip(plan.envois, lues, strict=True) if c]
    return Apercu(
        nom=nom_de(objet),
        chemin=[*hierarchie.jusqu_a(session, ouvert.acces, cible), ("Historique", retour)],
        retour=retour,
        avec_uf=ouvert.etablissement.sanitaire,
        version=plan.version.nom,
        siennes=[s for e, s in sections if e.piece is ouvert.principale],
        des_lieux=[s for e, s in sections if e.piece is not ouvert.principale],
        dites=plan.dites,
        vu=plan.vu,
    )


def reprendre(session: Session, acteur: Acteur, demande: Reprise) -> None:
    """Keep the chosen sections of a version as brouillons, all of them or none; nothing is published.

    The same `cle` again changes nothing.

    Raises:
        AccesRefuse: no right to edit the object or one of its lieux, or a section that the page did not show.
        SaisieInvalide: no such version, or `cle` was used by another gesture.
        Conflit: something changed since the page was shown; nothing is written.
        Depasse: somebody published one of them meanwhile.
    """
    plan = _planifier(session, acteur, demande.cible, demande.version)
    deja = deja_fait(session, acteur, demande.cle, dit="page", action=Action.RESTAURATION)
    if deja:
        if deja.resultat["page"] != demande.cible.cle or deja.resultat["reprise_de"] != demande.version:
            raise SaisieInvalide(str(demande.cle))
        return
    if demande.vu != plan.vu:
        raise Conflit
    connus = {envoi.cle: envoi for envoi in plan.envois}
    if inconnues := demande.choisies - set(connus):
        raise AccesRefuse(min(inconnues))
    retenus = [envoi for cle, envoi in connus.items() if cle in demande.choisies]
    lues = {e.piece.cle: e.piece.objet.version for e in retenus}
    for cle, version in sorted(lues.items()):
        if exiger(session, acteur, Cible(*cle.split(":", 1)), Geste.MODIFIER).objet.version != version:
            raise Depasse  # a lieu was published after it was read, before it was held
    maintenant = datetime.now(UTC)
    for rang, envoi in enumerate(retenus):
        _garder(session, acteur, envoi, maintenant)
        tracer(
            session,
            acteur,
            Action.RESTAURATION,
            plan.ouvert.etablissement.num_finess,
            envoi.piece.cle,
            section=envoi.section.cle,
            changements=envoi.changements,
            cle=str(demande.cle) if rang == 0 else None,
            resultat={"reprise_de": demande.version, "page": demande.cible.cle, "geste": str(demande.cle)},
        )


def _garder(session: Session, acteur: Acteur, envoi: _Envoi, maintenant: datetime) -> None:
    """Write the brouillon of one section; none is needed when the section becomes what is published."""
    valeurs = {**envoi.gardees, **envoi.apres}
    differents = {n: v for n, v in valeurs.items() if v != envoi.piece.publiees.get(n)}
    if differents:
        objet, section = envoi.piece.cle, envoi.section.cle
        brouillons.ecrire(
            session, acteur, objet, section, envoi.brouillon, differents, {}, envoi.changements, maintenant
        )
    elif envoi.brouillon:
        brouillons.supprimer(session, [envoi.brouillon])


# ------------------------------------------------------------------------------ the plan


def _planifier(session: Session, acteur: Acteur, cible: Cible, numero: int) -> _Plan:
    ouvert = dossier.ouvrir(session, acteur, cible, Geste.MODIFIER)
    objet = ouvert.principale.objet
    if numero >= objet.version:
        raise SaisieInvalide("version")
    alors = reconstitution.valeurs_a(session, objet, cible.cle, numero)
    version = next(
        (v for v in reconstitution.versions(session, cible.cle, objet.version, objet.version) if v.numero == numero),
        reconstitution.Version(numero),
    )
    envois, dites = _de_la_piece(session, ouvert, ouvert.principale, alors)
    for piece, siennes in _lieux_d_alors(session, ouvert, version):
        siens, perdus = _de_la_piece(session, ouvert, piece, siennes)
        envois, dites = envois + siens, dites + perdus
    return _Plan(ouvert, version, envois, dites)


def _lieux_d_alors(
    session: Session, ouvert: Dossier, version: reconstitution.Version
) -> Iterable[tuple[Piece, Valeurs]]:
    """The lieux of an offer, with what they published when that version of the offer came."""
    if not ouvert.lieux or not version.ligne:
        return
    pieces = {p.cle: p for p in ouvert.lieux.values()}
    geste = session.get_one(Trace, version.ligne).resultat.get("geste")
    requete = select(Trace.objet, Trace.id, Trace.version_apres, Trace.resultat).where(
        col(Trace.objet).in_(list(pieces)), col(Trace.version_apres).is_not(None)
    )
    alors: dict[str, int] = {}
    for objet, ligne, apres, resultat in session.exec(requete):
        if (ligne or 0) <= version.ligne or (geste and resultat.get("geste") == geste):
            alors[objet] = max(alors.get(objet, 0), apres or 0)
    voulues = {c: (pieces[c].objet, numero) for c, numero in alors.items() if numero < pieces[c].objet.version}
    for cle, valeurs in reconstitution.valeurs_de_plusieurs(session, LieuRealisationOffre, voulues).items():
        yield pieces[cle], valeurs


def _de_la_piece(session: Session, ouvert: Dossier, piece: Piece, alors: Valeurs) -> tuple[list[_Envoi], list[str]]:
    contexte = piece.contexte.sur({**piece.valeurs, **_reprenables(piece.classe, alors)})
    envois: list[_Envoi] = []
    dites: list[str] = []
    for section in sections_de(piece.classe):
        noms = reprenables(piece.classe, section)
        if not noms:
            continue
        gardees = {n: piece.valeurs.get(n) for n in noms}
        if not est_visible(section, contexte):
            dites += _ne_se_montrent_plus(section.titre, alors, noms)
            continue
        laisses = [n for n, element in noms.items() if not est_visible(element, contexte) and _rempli(alors.get(n))]
        apres = {n: _repris(session, ouvert, piece, n, e, alors.get(n)) for n, e in noms.items() if n not in laisses}
        siens = tuple(f"« {noms[n].label} » ne s’applique plus à cet objet." for n in laisses)
        siens += tuple(_lieux_disparus(alors, apres))
        envoi = _Envoi(piece, section, gardees, apres, siens)
        if envoi.changements:
            envois.append(envoi)
        else:
            dites += siens
    return envois, [fr(d) for d in dites]


def reprenables(classe: type[SQLModel], section: Section) -> dict[str, Champ | Groupe]:
    """Fields and groups of a section that people write: the others never come back by this gesture."""
    if not section.modifiable:
        return {}
    champs = {
        n: c
        for n, c in champs_de(classe, section.cle).items()
        if c.edition is Edition.LIBRE and not c.deduit and c.type is not TypeChamp.REFERENCE
    }
    return {**champs, **groupes_de(classe, section.cle)}


def _reprenables(classe: type[SQLModel], alors: Valeurs) -> Valeurs:
    noms = {n for section in sections_de(classe) for n in reprenables(classe, section)}
    return {n: v for n, v in alors.items() if n in noms}


def _rempli(valeur: Any) -> bool:
    return valeur not in (None, "", [], False)


def _ne_se_montrent_plus(titre: str, alors: Valeurs, noms: Mapping[str, Any]) -> list[str]:
    return (
        [f"La section « {titre} » ne s’applique plus à cet objet."] if any(_rempli(alors.get(n)) for n in noms) else []
    )


def _repris(session: Session, ouvert: Dossier, piece: Piece, nom: str, element: Champ | Groupe, valeur: Any) -> Any:
    tenue = piece.valeurs.get(nom)
    if isinstance(element, Groupe):
        return _lignes(element, valeur or [], tenue or [])
    if element.type is TypeChamp.LIEUX:
        connus = _lieux_connus(session, ouvert.etablissement, valeur or [])
        return [*(c for c in tenue or [] if c in connus), *(c for c in valeur or [] if c in connus - set(tenue or []))]
    return tenue if sans_les_cles(piece.classe, nom, tenue) == sans_les_cles(piece.classe, nom, valeur) else valeur


def _lieux_connus(session: Session, eg: EntiteGeographique, identifiants: Sequence[str]) -> set[str]:
    lieu = LieuRealisationOffre
    requete = select(lieu.identifiant).where(
        col(lieu.identifiant).in_(list(identifiants)), lieu.entite_geographique_id == eg.id
    )
    return set(session.exec(requete)) if identifiants else set()


def _lieux_disparus(alors: Valeurs, apres: Valeurs) -> list[str]:
    n = len(set(alors.get(LIEUX) or []) - set(apres.get(LIEUX) or [])) if LIEUX in apres else 0
    return [f"{n} lieu{'x' if n > 1 else ''} de cette version n’existe{'nt' if n > 1 else ''} plus."] if n else []


def _lignes(groupe: Groupe, alors: Sequence[Valeurs], tenues: Sequence[Valeurs]) -> list[Valeurs]:
    """The rows of then, over those that are there: a row still there keeps its key, those of a software their place."""
    figees = [e for e in tenues if groupe.figee_si and groupe.figee_si(e)]
    libres = {e["cle"]: e for e in tenues if e not in figees}
    lignes: list[Valeurs] = []
    for ligne in alors:
        if groupe.figee_si and groupe.figee_si(ligne):
            continue
        ancienne = _meme_ligne(groupe, ligne, libres)
        if ancienne is None:
            lignes.append(ligne_copiee(groupe, ligne))
            continue
        libres.pop(ancienne["cle"])
        if sans_cles(groupe.classe, ancienne) == sans_cles(groupe.classe, ligne):
            lignes.append(ancienne)
            continue
        sous = {n: _lignes(g, ligne.get(n) or [], ancienne.get(n) or []) for n, g in groupes_de(groupe.classe).items()}
        lignes.append({**ligne, **sous, "cle": ancienne["cle"]})
    for rang, ligne in enumerate(tenues):
        if ligne in figees:
            lignes.insert(rang, ligne)
    if [sans_cles(groupe.classe, e) for e in lignes] == [sans_cles(groupe.classe, e) for e in tenues]:
        return list(tenues)
    return lignes


def _meme_ligne(groupe: Groupe, ligne: Valeurs, libres: Mapping[str, Valeurs]) -> Valeurs | None:
    if ligne["cle"] in libres or (groupe.unique and libres):
        return libres.get(ligne["cle"]) or next(iter(libres.values()))
    pareil = sans_cles(groupe.classe, ligne)
    return next((e for e in libres.values() if sans_cles(groupe.classe, e) == pareil), None)


# ------------------------------------------------------------------------------ what is shown


def _lire_les_ecarts(session: Session, plan: _Plan) -> list[list[Changement]]:
    lues: dict[str, list[Changement]] = {}
    for piece in plan.ouvert.pieces:
        siens = [e for e in plan.envois if e.piece is piece]
        paires = [ecarts.paire_de(e.changements) for e in siens]
        changements = ecarts.relever(session, piece.classe, plan.ouvert.etablissement.categorie_eg, paires)
        lues |= {e.cle: _avec_les_questions(c) for e, c in zip(siens, changements, strict=True)}
    return [lues[e.cle] for e in plan.envois]


def _avec_les_questions(changements: list[Changement]) -> list[Changement]:
    """A code no longer in force comes back as a question, as everywhere."""
    for changement in changements:
        if any(e["alerte"] for e in changement["apres"]):
            changement["note"] = fr("Code plus en vigueur : il vous sera demandé d’en choisir un autre")
    return changements


def _auteurs(session: Session, envois: Iterable[_Envoi]) -> dict[int, str]:
    ids = {e.brouillon.utilisateur_id for e in envois if e.brouillon}
    if not ids:
        return {}
    return {u.id or 0: u.nom_complet for u in session.exec(select(Utilisateur).where(col(Utilisateur.id).in_(ids)))}


def _section(
    ouvert: Dossier, envoi: _Envoi, changements: list[Changement], auteurs: Mapping[int, str]
) -> SectionReprise:
    sien = envoi.brouillon
    dit = ""
    if sien:
        par = auteurs.get(sien.utilisateur_id, "")
        dit = f"Remplace le brouillon enregistré {quand(sien.modifie)}" + (f" par {par}" if par else "") + "."
    nom = envoi.section.titre
    lieu = "" if envoi.piece is ouvert.principale else f"Lieu {envoi.piece.valeurs.get('nom') or 'sans nom'}"
    return SectionReprise(
        cle=envoi.cle,
        titre=f"{lieu}, {nom}" if lieu else nom,
        brouillon=fr(dit),
        coche=not sien and not lieu,
        changements=changements,
        laisses=" ".join(envoi.laisses),
    )
