"""The conflict page in words: each answer read as on the page of the object, its author, its time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlmodel import Session

from rxror.ror.champs import Champ, Groupe, TypeChamp, champs_de, groupes_de
from rxror.ror.dates import quand
from rxror.ror.lecture import NON_RENSEIGNE, Lecteur, Ligne, une_ligne
from rxror.ror.typographie import fr, majuscule
from rxror.services import communes
from rxror.services.arbitrage import Arbitrage, Dispute, Version
from rxror.services.fusion import TEXTE, VIDES
from rxror.services.parties import RETIRE, element_de_la_partie, textes_illisibles
from rxror.services.section_ouverte import Ouvert, auteurs_des_parties

TITRES = {"mienne": "Garder la mienne", "leur": "Prendre l’autre", "publiee": "Revenir à ce qui est publié"}


class VersionVue(TypedDict):
    """One card."""

    code: str
    titre: str
    lignes: list[Ligne]
    qui: str


class DisputeVue(TypedDict):
    """One part to choose, its cards; `note` tells what changed since it was shown."""

    nom: str
    titre: str
    vu: str
    versions: list[VersionVue]
    erreur: str
    note: str


class Reuni(TypedDict):
    """One field that nobody disputes, changed and kept already."""

    label: str
    lignes: list[Ligne]
    qui: str


def disputes_vues(session: Session, arbitrage: Arbitrage) -> list[DisputeVue]:
    """What there is to choose."""
    lecteur = _lecteur(session, arbitrage.ouvert, [v.partie.valeur for d in arbitrage.disputes for v in d.versions])
    return [_dispute(lecteur, arbitrage.ouvert, d) for d in arbitrage.disputes]


def reunis(session: Session, arbitrage: Arbitrage) -> list[Reuni]:
    """What differs from what is published and that nobody disputes."""
    ouvert = arbitrage.ouvert
    lecteur, disputes = _lecteur(session, ouvert, []), {d.champ for d in arbitrage.disputes}
    disputes |= {d.cle for d in arbitrage.disputes if _unique(ouvert, d.champ)}
    faits = lecteur.faits(ouvert.classe, ouvert.section.cle, ouvert.gardees.valeurs, ouvert.publiees)
    changes = [f for f in faits if f["modifie"] and f["champ"] not in disputes]
    ou = {f["champ"]: _place_de(ouvert, f["champ"]) for f in changes}
    auteurs = auteurs_des_parties(session, ouvert, ou.values())
    return [
        Reuni(
            label=f["label"],
            lignes=f["lignes"] or [une_ligne(NON_RENSEIGNE)],
            qui=_signature(auteurs[ou[f["champ"]]][1], auteurs[ou[f["champ"]]][2]),
        )
        for f in changes
    ]


def _place_de(ouvert: Ouvert, nom: str) -> tuple[str, str]:
    """(champ, part) of a fact; a field of a unique row is a part of its group."""
    for groupe, declare in groupes_de(ouvert.classe, ouvert.section.cle).items():
        if declare.unique and nom in champs_de(declare.classe):
            return groupe, nom
    return nom, ""


def _unique(ouvert: Ouvert, nom: str) -> bool:
    groupe = groupes_de(ouvert.classe).get(nom)
    return bool(groupe and groupe.unique)


def _lecteur(session: Session, ouvert: Ouvert, autres: Iterable[Any]) -> Lecteur:
    """Reads everything, even what this context does not show: it was typed."""
    noms = [n for n, c in champs_de(ouvert.classe, ouvert.section.cle).items() if c.type is TypeChamp.COMMUNE]
    codes = [v.get(n) for n in noms for v in (ouvert.valeurs, ouvert.publiees)]
    codes += [v for v in autres if isinstance(v, str)] if noms else []
    zone = communes.zones(ouvert.gardees.valeurs, ouvert.publiees)
    return Lecteur(
        ouvert.catalogue,
        ouvert.contexte,
        communes=communes.nommer(session, [c for c in codes if c]),
        territoire=communes.lire_territoire(session, zone),
        tout=True,
    )


# --------------------------------------------------------------------------------- one part


def _dispute(lecteur: Lecteur, ouvert: Ouvert, dispute: Dispute) -> DisputeVue:
    element = element_de_la_partie(ouvert.classe, dispute.champ, dispute.cle)
    if element is None:
        raise KeyError(dispute.nom)
    return DisputeVue(
        nom=dispute.nom,
        titre=_titre(lecteur, element, dispute),
        vu=dispute.vu,
        versions=[_version(lecteur, element, dispute, v) for v in dispute.versions],
        erreur="",
        note="",
    )


def _titre(lecteur: Lecteur, element: Champ | Groupe, dispute: Dispute) -> str:
    """The label of the field; a row by its name, as it is kept, else as one typed it."""
    if isinstance(element, Champ):
        return element.label
    lignes = [v.partie.valeur for v in reversed(dispute.versions) if isinstance(v.partie.valeur, dict)]
    quoi = majuscule(element.singulier)
    return fr(f"{quoi} : {lecteur.resumes(element, lignes[:1])[0]['texte']}") if lignes else element.label or quoi


def _version(lecteur: Lecteur, element: Champ | Groupe, dispute: Dispute, version: Version) -> VersionVue:
    moi = version.sorte == "leur" and version.auteur_id and version.auteur_id == _moi(dispute)
    titre = "Prendre celle de mon autre onglet" if moi else TITRES[version.sorte]
    return VersionVue(
        code=version.code, titre=titre, lignes=_lignes(lecteur, element, dispute, version), qui=_qui(version, bool(moi))
    )


def _moi(dispute: Dispute) -> int:
    return next((v.auteur_id for v in dispute.versions if v.sorte == "mienne"), 0)


def _qui(version: Version, moi: bool) -> str:
    if moi:
        return _signature("Vous, dans un autre onglet", version.instant)
    if version.auteur_id == 0:
        par = f"Publié par {version.auteur}" if version.auteur else "Publié"
        return _signature(par, version.instant)
    return _signature(version.auteur, version.instant)


def _signature(qui: str, instant: Any) -> str:
    return f"{qui}, {quand(instant)}" if instant else qui


def _lignes(lecteur: Lecteur, element: Champ | Groupe, dispute: Dispute, version: Version) -> list[Ligne]:
    partie = version.partie
    textes = textes_illisibles(partie.illisibles, "Illisible, à corriger")
    if dispute.cle == TEXTE:
        return textes or [une_ligne("Rien d’illisible")]
    if not partie.empreinte:
        return [une_ligne(RETIRE)]
    if isinstance(element, Champ):
        lues = [] if textes else lecteur.lignes(element, dispute.cle or dispute.champ, partie.valeur)
        return [*lues, *textes] or [une_ligne(NON_RENSEIGNE)]
    lignes = partie.valeur if isinstance(partie.valeur, list) else [partie.valeur]
    return [*lecteur.resumes(element, lignes), *_ecarts(lecteur, element, dispute, partie.valeur), *textes]


def _ecarts(lecteur: Lecteur, groupe: Groupe, dispute: Dispute, ligne: Any) -> list[Ligne]:
    """Field by field, what distinguishes a row from the others: two rows may read the same and differ."""
    lignes = [v.partie.valeur for v in dispute.versions if isinstance(v.partie.valeur, dict)]
    if not isinstance(ligne, dict) or len(lignes) < 2:
        return []
    champs, sous = champs_de(groupe.classe), groupes_de(groupe.classe)
    return [
        une_ligne(fr(f"{e.label} : {_en_un_mot(lecteur, e, nom, ligne.get(nom))}"))
        for nom, e in {**champs, **sous}.items()
        if not (isinstance(e, Champ) and e.deduit) and _different(nom, lignes)
    ]


def _different(nom: str, lignes: Sequence[Mapping[str, Any]]) -> bool:
    dites = [None if e.get(nom) in VIDES else e.get(nom) for e in lignes]
    return any(d != dites[0] for d in dites)


def _en_un_mot(lecteur: Lecteur, element: Champ | Groupe, nom: str, valeur: Any) -> str:
    lues = (
        lecteur.resumes(element, valeur or []) if isinstance(element, Groupe) else lecteur.lignes(element, nom, valeur)
    )
    return fr(" ; ").join(", ".join(t for t in (e["texte"], e["origine"]) if t) for e in lues) or "rien"
