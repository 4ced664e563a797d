"""The side of who has a link and no account: what it opens, to whom, until when; what they answer becomes a proposal.

Everything is read with the rights that the giver has at that moment, and reduced to the fields named in the link.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlmodel import Session, SQLModel, col, select, update

from rxror.ror.champs import MULTIPLES, Champ, Groupe, champs_de, est_visible, groupes_de
from rxror.ror.confiables import confiables, libres
from rxror.ror.erreurs import AccesRefuse, LienRefuse, ObjetFerme
from rxror.ror.reperes import nom_de
from rxror.ror.saisie import (
    EXIGE,
    LIGNES_MAXIMUM,
    Formulaire,
    Lecteur,
    Lecture,
    element_de,
    formulaire,
    lignes_de,
    visibilites,
)
from rxror.ror.textes import conservable, nettoyer
from rxror.ror.typographie import fr
from rxror.services import ecran_de_section
from rxror.services.acces import Acteur, Cible, Geste
from rxror.services.confier import MOT_MAXIMUM, est_expire
from rxror.services.fusion import PRESENTE, Base, base_de, empreinte_de
from rxror.services.modification import avec_lignes_uniques, erreurs_de, ligne_neuve
from rxror.services.propositions_recues import ecrites
from rxror.services.section_ouverte import Ouvert, charger_section
from rxror.services.tracer import finess_de
from rxror.tables import Action, LienConfie, Proposition, Trace, Utilisateur

NEUVE = re.compile(r"p[0-9a-f]{8}a?")  # key of a row added on the public page
ENVOYER, RELIRE, AJOUTER, RETIRER = "envoyer", "relire", "ajouter", "retirer"
APPARUES = fr("Votre réponse en fait apparaître d’autres : complétez, puis envoyez.")
MOT = "_mot"
Vues = dict[str, Any]  # what was shown: {"valeurs": {champ: value}, "illisibles": {path: text}}


@dataclass(frozen=True)
class Confie:
    """A link that may be used, and what it opens.

    Attributes:
        champs: those named that may be answered today.
    """

    lien: LienConfie
    donneur: str
    ouvert: Ouvert
    champs: list[str]

    @property
    def nom(self) -> str:
        """How the object is called."""
        return nom_de(self.ouvert.acces.objet, self.ouvert.publiees)

    @property
    def etablissement(self) -> str:
        """Where it is."""
        return nom_de(self.ouvert.acces.etablissement)


@dataclass
class FormulaireConfie:
    """The form as it is drawn.

    Attributes:
        vues: what was shown when the form was opened; it comes back signed with the answers.
        montres: paths that depend on an answer and are on the page.
        cible: path of the row just added, which takes the focus.
    """

    confie: Confie
    form: Formulaire
    vues: Vues
    visibles: dict[str, bool]
    options: dict[str, list[dict[str, str]]]
    figees: dict[str, str]
    erreurs: dict[str, str] = field(default_factory=dict)
    message: str = ""
    mot: str = ""
    cible: str = ""

    @property
    def montres(self) -> list[str]:
        """See above."""
        return sorted(_apparus(self.visibles, self.confie.champs))


@dataclass(frozen=True)
class Envoi:
    """What the page sends.

    Attributes:
        faire: ENVOYER, RELIRE, AJOUTER or RETIRER; the last two with a path.
        montres: conditional paths that the page showed, as it says.
    """

    saisie: Mapping[str, str]
    vues: Vues
    faire: str = ENVOYER
    ou: str = ""
    montres: frozenset[str] = frozenset()
    mot: str = ""


# ------------------------------------------------------------------------------ the link


def par_secret(session: Session, empreinte: str) -> LienConfie:
    """The link of a secret, by its SHA-256.

    Raises:
        LienRefuse: there is none.
    """
    lien = session.exec(select(LienConfie).where(LienConfie.empreinte == empreinte)).first()
    if lien is None:
        raise LienRefuse("inconnu")
    return lien


def par_numero(session: Session, numero: int, navigateur: str) -> LienConfie:
    """The link that a browser has opened.

    Raises:
        LienRefuse: it was opened by another one, or never.
    """
    lien = session.get(LienConfie, numero)
    if lien is None or not navigateur or lien.navigateur != navigateur:
        raise LienRefuse("navigateur", numero)
    return lien


def ouvrir(session: Session, lien: LienConfie, maintenant: datetime | None = None) -> Confie:
    """What a link opens now; whose browser asks was checked before.

    Raises:
        LienRefuse: taken back, expired, answered, its giver has lost the right, its object is closed, nothing is left.
    """
    numero = lien.id
    if lien.retire:
        raise LienRefuse("retire", numero)
    if est_expire(lien, maintenant):
        raise LienRefuse("expire", numero)
    if lien.repondu:
        raise LienRefuse("repondu", numero)
    donneur = session.get_one(Utilisateur, lien.utilisateur_id)
    acteur = Acteur(donneur.id or 0, donneur.iss, donneur.sub, donneur.nom_complet)
    genre, _, identifiant = lien.objet.partition(":")
    try:
        ouvert = charger_section(session, acteur, Cible(genre, identifiant), lien.section, Geste.CONFIER)
    except AccesRefuse:
        raise LienRefuse("droit", numero) from None
    except ObjetFerme:
        raise LienRefuse("ferme", numero) from None
    champs = _encore(ouvert, lien)
    if not ouvert.acces.permet(Geste.MODIFIER) or not champs:
        raise LienRefuse("droit", numero)
    return Confie(lien, acteur.nom, ouvert, champs)


def _encore(ouvert: Ouvert, lien: LienConfie) -> list[str]:
    """The fields named that one may still answer there."""
    declares = confiables(ouvert.classe, lien.section)
    suivants = {c.avec for n, c in champs_de(ouvert.classe, lien.section).items() if n in declares and c.avec}
    tous = {**champs_de(ouvert.classe, lien.section), **groupes_de(ouvert.classe, lien.section)}
    connus = {*declares, *suivants}
    return [n for n in lien.champs if n in connus and est_visible(tous[n], ouvert.contexte)]


def lier(session: Session, lien: LienConfie, navigateur: str, maintenant: datetime | None = None) -> None:
    """Give the link to the first browser that asks; the others have come too late.

    Raises:
        LienRefuse: another browser has it, or it opens nothing.
    """
    if lien.navigateur and lien.navigateur != navigateur:
        raise LienRefuse("navigateur", lien.id)
    if lien.repondu and lien.navigateur:
        return  # who answered may read again what they sent
    ouvrir(session, lien, maintenant)
    requete = update(LienConfie).where(col(LienConfie.id) == lien.id, col(LienConfie.navigateur).in_(["", navigateur]))
    instant = lien.ouvert or maintenant or datetime.now(UTC)
    if session.exec(requete.values(navigateur=navigateur, ouvert=instant)).rowcount != 1:
        raise LienRefuse("navigateur", lien.id)


def tracer_refus(session: Session, refus: LienRefuse, adresse: str) -> None:
    """Keep that a link was refused, and why; nothing of what was sent."""
    lien = session.get(LienConfie, refus.lien_id) if refus.lien_id else None
    session.add(
        Trace(
            instant=datetime.now(UTC),
            action=Action.REFUS,
            finess=finess_de(session, lien.objet) if lien else "",
            objet=lien.objet if lien else "",
            resultat={"motif": f"lien {refus.motif}", **({"lien": lien.id} if lien else {})},
            adresse=adresse,
        )
    )


# ------------------------------------------------------------------------------ the form


def montrer(confie: Confie) -> FormulaireConfie:
    """The form with the present answers, those being prepared included."""
    ouvert, gardees = confie.ouvert, confie.ouvert.gardees
    valeurs = avec_lignes_uniques(ouvert.classe, ouvert.section.cle, gardees.valeurs)
    vues: Vues = {
        "valeurs": {n: valeurs.get(n) for n in confie.champs},
        "illisibles": {c: t for c, t in gardees.illisibles.items() if _nom(c) in confie.champs},
    }
    return _dessiner(confie, _form_des_vues(confie, vues), vues)


def recevoir(
    session: Session, confie: Confie, envoi: Envoi, maintenant: datetime | None = None
) -> FormulaireConfie | None:
    """Keep the answers as a proposal. None: it is kept, and the link is used up.

    Returns:
        The form to draw again, as it was typed: a row more or less, or something to correct.

    Raises:
        LienRefuse: something else than the fields named was sent, or it was answered meanwhile.
    """
    vue = _form_des_vues(confie, envoi.vues)
    saisie = {chemin: conservable(texte.replace("\r\n", "\n")) for chemin, texte in envoi.saisie.items()}
    if any(not _dans_le_lien(confie, vue, chemin) for chemin in saisie):
        raise LienRefuse("hors du lien", confie.lien.id)
    cible = ""
    if envoi.faire == AJOUTER:
        cible, neuves = _une_de_plus(confie, vue, envoi.ou)
        saisie |= neuves
    elif envoi.faire == RETIRER:
        saisie = {c: t for c, t in saisie.items() if c != envoi.ou and not c.startswith(f"{envoi.ou}.")}
    forme = _dessiner(confie, _form_de(confie, vue, saisie), envoi.vues)
    forme.mot, forme.cible = conservable(envoi.mot), cible
    if envoi.faire in (AJOUTER, RETIRER):
        return forme
    lecture = _lire(confie, vue, envoi.vues, saisie)
    forme.erreurs = _a_corriger(confie, vue, saisie, lecture)
    if len(nettoyer(envoi.mot)) > MOT_MAXIMUM:
        forme.erreurs[MOT] = fr(f"{MOT_MAXIMUM} caractères au plus.")
    apparues = _apparus(forme.visibles, confie.champs) - envoi.montres
    if apparues and not forme.erreurs:
        forme.message, forme.cible = APPARUES, sorted(apparues)[0]
    if forme.erreurs or apparues or envoi.faire == RELIRE:
        return forme
    _garder(session, confie, envoi, saisie, lecture, maintenant or datetime.now(UTC))
    return None


def _dessiner(confie: Confie, form: Formulaire, vues: Vues) -> FormulaireConfie:
    ouvert = confie.ouvert
    entier = _avec_le_reste(confie, form)
    return FormulaireConfie(
        confie,
        form,
        vues,
        visibilites(ouvert.classe, ouvert.section.cle, entier, ouvert.contexte),
        ecran_de_section.options(ouvert, entier),
        ecran_de_section.figees(ouvert, vues["valeurs"]),
    )


def _apparus(visibles: Mapping[str, bool], champs: list[str]) -> set[str]:
    return {c for c, oui in visibles.items() if oui and not c.startswith(EXIGE) and _nom(c) in champs}


def _form_des_vues(confie: Confie, vues: Vues) -> Formulaire:
    ouvert = confie.ouvert
    entier = formulaire(ouvert.classe, ouvert.section.cle, vues["valeurs"], vues["illisibles"])
    return _reduit(entier, confie.champs)


def _reduit(form: Formulaire, champs: list[str], *, sauf: bool = False) -> Formulaire:
    """The part of a form that is of these fields, or of the others."""
    return Formulaire(
        {c: v for c, v in form.valeurs.items() if (_nom(c) in champs) != sauf},
        {c: v for c, v in form.lignes.items() if (_nom(c) in champs) != sauf},
        {c: v for c, v in form.cases.items() if (_nom(c) in champs) != sauf},
    )


def _avec_le_reste(confie: Confie, form: Formulaire) -> Formulaire:
    """The whole section: what is not given is as it is kept, for what depends on it."""
    ouvert = confie.ouvert
    valeurs = avec_lignes_uniques(ouvert.classe, ouvert.section.cle, ouvert.valeurs)
    reste = _reduit(formulaire(ouvert.classe, ouvert.section.cle, valeurs, {}), confie.champs, sauf=True)
    return Formulaire({**reste.valeurs, **form.valeurs}, {**reste.lignes, **form.lignes}, {**reste.cases, **form.cases})


def _form_de(confie: Confie, vue: Formulaire, saisie: Mapping[str, str]) -> Formulaire:
    """The form as it was typed; rows that one cannot edit were not sent and are still there."""
    form = Formulaire(dict(saisie), {}, dict(vue.cases))
    classe = confie.ouvert.classe
    for nom in confie.champs:
        if nom in groupes_de(classe):
            _lignes(groupes_de(classe)[nom].classe, nom, saisie, form)
            fixes = [c for c in vue.lignes.get(nom, []) if f"{nom}.{c}" in _figees(confie, vue)]
            form.lignes[nom] = [*fixes, *(c for c in form.lignes[nom] if c not in fixes)]
        elif champs_de(classe)[nom].type in MULTIPLES:
            form.lignes[nom] = [c.removeprefix(f"{nom}.") for c in saisie if c.startswith(f"{nom}.")]
    return form


def _lignes(classe: type[SQLModel], chemin: str, saisie: Mapping[str, str], form: Formulaire) -> None:
    form.lignes[chemin] = lignes_de(saisie, chemin)[:LIGNES_MAXIMUM]
    for cle in form.lignes[chemin]:
        prefixe = f"{chemin}.{cle}."
        for nom, champ in champs_de(classe).items():
            if champ.type in MULTIPLES:
                debut = f"{prefixe}{nom}."
                form.lignes[prefixe + nom] = [c.removeprefix(debut) for c in saisie if c.startswith(debut)]
        for nom, sous in groupes_de(classe).items():
            _lignes(sous.classe, prefixe + nom, saisie, form)


def _figees(confie: Confie, vue: Formulaire) -> set[str]:
    """Paths of the rows that come from another system."""
    ouvert, trouvees = confie.ouvert, set[str]()
    for nom, groupe in groupes_de(ouvert.classe, ouvert.section.cle).items():
        for ligne in ouvert.valeurs.get(nom) or [] if groupe.figee_si else []:
            if groupe.figee_si and groupe.figee_si(ligne) and ligne["cle"] in vue.lignes.get(nom, []):
                trouvees.add(f"{nom}.{ligne['cle']}")
    return trouvees


def _une_de_plus(confie: Confie, vue: Formulaire, chemin: str) -> tuple[str, dict[str, str]]:
    """A new row of a group given, with its default answers: its path, and what its form would send."""
    cle = f"p{uuid4().hex[:8]}"
    neuf = f"{chemin}.{cle}"
    classe = confie.ouvert.classe
    if not isinstance(element_de(classe, chemin), Groupe) or not _dans_le_lien(confie, vue, neuf):
        raise LienRefuse("hors du lien", confie.lien.id)
    form = ligne_neuve(classe, chemin, cle, vue.valeurs)
    sous = {c: cles for c, cles in form.lignes.items() if isinstance(element_de(classe, c), Groupe)}
    lignes = {f"{c}.{k}": "1" for c, cles in sous.items() for k in cles}
    return neuf, {neuf: "1", **lignes, **{c: t for c, t in form.valeurs.items() if t}}


# ------------------------------------------------------------------------------ the scope


def _nom(chemin: str) -> str:
    return chemin.partition(".")[0]


def _dans_le_lien(confie: Confie, vue: Formulaire, chemin: str) -> bool:
    """Whether a path is one that the page may send: a field given, a row that was shown or added there."""
    nom, _, suite = chemin.partition(".")
    classe = confie.ouvert.classe
    if nom not in confie.champs or "" in chemin.split("."):
        return False
    if nom in groupes_de(classe):
        return _dans_le_groupe(groupes_de(classe)[nom].classe, nom, suite, vue, _figees(confie, vue))
    return bool(suite) == (champs_de(classe)[nom].type in MULTIPLES)


def _dans_le_groupe(classe: type[SQLModel], chemin: str, suite: str, vue: Formulaire, figees: set[str]) -> bool:
    cle, _, reste = suite.partition(".")
    ici = f"{chemin}.{cle}"
    if ici in figees or not (cle in vue.lignes.get(chemin, []) or NEUVE.fullmatch(cle)):
        return False
    nom, _, dessous = reste.partition(".")
    if not nom:
        return not reste
    if nom in groupes_de(classe):
        return bool(dessous) and _dans_le_groupe(groupes_de(classe)[nom].classe, f"{ici}.{nom}", dessous, vue, figees)
    champ = libres(classe).get(nom)
    return champ is not None and bool(dessous) == (champ.type in MULTIPLES)


# ------------------------------------------------------------------------------ the reading


def _lire(confie: Confie, vue: Formulaire, vues: Vues, saisie: Mapping[str, str]) -> Lecture:
    """What was answered, beside what was shown: the fields given, and nothing else."""
    ouvert = confie.ouvert
    base: Base = base_de(ouvert.classe, ouvert.section.cle, Lecture(dict(vues["valeurs"]), dict(vues["illisibles"])))

    def montre(chemin: str, texte: str) -> bool:
        parties = base.get(chemin, {}) if "." not in chemin else {}
        return parties.get(texte) == PRESENTE or parties.get("") == empreinte_de(texte)

    reste = _avec_le_reste(confie, Formulaire())
    lignes = {f"{c}.{cle}": "1" for c, cles in reste.lignes.items() for cle in cles}
    existantes = {**ouvert.valeurs, **vues["valeurs"]}
    contexte = ouvert.contexte.sur(existantes)
    lecteur = Lecteur(ouvert.catalogue, contexte, montre=montre)
    entiere = lecteur.lire(ouvert.classe, ouvert.section.cle, {**lignes, **reste.valeurs, **saisie}, existantes)
    return Lecture(
        {n: entiere.valeurs[n] for n in confie.champs if n in entiere.valeurs},
        {c: t for c, t in entiere.illisibles.items() if _nom(c) in confie.champs},
        {c: t for c, t in entiere.erreurs.items() if _nom(c) in confie.champs},
    )


def _a_corriger(confie: Confie, vue: Formulaire, saisie: Mapping[str, str], lecture: Lecture) -> dict[str, str]:
    """What is wrong in what they wrote: of what was there before them, nothing is asked."""
    changes = _changes(confie, vue, saisie)
    fautes = {c: m for c, m in erreurs_de(confie.ouvert, lecture).items() if _nom(c) in confie.champs}
    return {c: m for c, m in fautes.items() if any(x == c or x.startswith(f"{c}.") for x in changes)}


def _changes(confie: Confie, vue: Formulaire, saisie: Mapping[str, str]) -> set[str]:
    """Paths where the form is not as it was shown: another text, a row more or less, a box no longer ticked."""
    lignes = {f"{c}.{cle}": "1" for c, cles in vue.lignes.items() for cle in cles}
    montrees = {**vue.valeurs, **lignes}
    autres = {c for c, t in saisie.items() if t != (montrees.get(c) or "").replace("\r\n", "\n")}
    classe = confie.ouvert.classe
    absentes = {c for c in montrees if c not in saisie and not isinstance(element_de(classe, c), Champ)}
    return autres | absentes


def _garder(
    session: Session,
    confie: Confie,
    envoi: Envoi,
    saisie: dict[str, str],
    lecture: Lecture,
    maintenant: datetime,
) -> None:
    lien, ouvert = confie.lien, confie.ouvert
    requete = update(LienConfie).where(
        col(LienConfie.id) == lien.id, col(LienConfie.repondu).is_(None), col(LienConfie.retire).is_(None)
    )
    if session.exec(requete.values(repondu=maintenant)).rowcount != 1:
        raise LienRefuse("repondu", lien.id)
    proposition = Proposition(
        lien_id=lien.id or 0,
        objet=lien.objet,
        section=lien.section,
        saisie=saisie,
        vues=envoi.vues,
        valeurs={"valeurs": lecture.valeurs, "illisibles": lecture.illisibles},
        mot=nettoyer(envoi.mot),
        recue=maintenant,
    )
    if not ecrites(ouvert.classe, proposition):
        proposition.decidee = maintenant  # everything is right: there is nothing to decide
    session.add(proposition)
    session.flush()
    session.add(
        Trace(
            instant=maintenant,
            action=Action.PROPOSITION,
            nom=lien.destinataire,
            finess=ouvert.acces.etablissement.num_finess,
            objet=lien.objet,
            section=lien.section,
            resultat={"lien": lien.id, "proposition": proposition.id, "donneur": confie.donneur},
        )
    )
