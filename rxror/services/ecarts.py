"""What differs between two moments of one object, as it is read: history, versions, restoration, undo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from rxror.ror.champs import Champ, Contexte, Groupe, champs_de, groupes_de, sections_de
from rxror.ror.lecture import Fait, Lecteur, Ligne, une_ligne
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.saisie import element_de
from rxror.services import communes, contenu, mises_a_part
from rxror.services.changements import Changement, de_la_liste, de_la_section, zone_a_part
from rxror.services.contenu import LIEUX
from rxror.services.ecran_de_section import codes_cherches
from rxror.services.nomenclatures import catalogue, libelles_d_alors
from rxror.services.versions import sans_les_cles
from rxror.tables import Trace

Paire = tuple[Mapping[str, Any], Mapping[str, Any]]  # the fields that may differ: before, after


def relever(
    session: Session,
    classe: type[SQLModel],
    categorie: str,
    paires: Sequence[Paire],
    instants: Sequence[datetime] = (),
) -> list[list[Changement]]:
    """What differs in each pair of values; the number of queries does not depend on how many.

    Args:
        categorie: code J55 of the établissement, for the words of some answers.
        instants: when each pair was written, to read its codes with the labels they had.
    """
    if not paires:
        return []
    lecteur = _lecteur(session, classe, categorie, [v for paire in paires for v in paire])
    noms = _noms_des_lieux(session, classe, paires)
    alors = libelles_d_alors(session, instants) or [{}] * len(paires)
    return [
        _d_une_paire(_lecteur_d_alors(lecteur, libelles), classe, noms, *paire)
        for paire, libelles in zip(paires, alors, strict=True)
    ]


def relever_les_mises_a_part(
    session: Session, classe: type[SQLModel], categorie: str, paquets: Sequence[Sequence[Trace]]
) -> list[list[Changement]]:
    """The answers that each bundle of lines tells and that were not kept."""
    dites = mises_a_part.valeurs(classe, (t for paquet in paquets for t in paquet))
    if not dites:
        return [[] for _ in paquets]
    lecteur = _lecteur(session, classe, categorie, dites)
    return [mises_a_part.lire(lecteur, classe, paquet) for paquet in paquets]


def _lecteur_d_alors(lecteur: Lecteur, libelles: Mapping[tuple[str, str], str]) -> Lecteur:
    return replace(lecteur, catalogue=lecteur.catalogue.avec(libelles)) if libelles else lecteur


def paire_de(changements: Iterable[Mapping[str, Any]], objet: str = "") -> Paire:
    """The two sides of a line of the trace; a line that tells several objects gives those of `objet`."""
    siens = [c for c in changements if c.get("objet", objet) == objet]
    return {c["champ"]: c["avant"] for c in siens}, {c["champ"]: c["apres"] for c in siens}


def noms_qui_different(classe: type[SQLModel], avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[str]:
    """Fields and groups that differ; a row that only changed its key does not."""
    return [
        nom
        for nom in {**avant, **apres}
        if sans_les_cles(classe, nom, avant.get(nom)) != sans_les_cles(classe, nom, apres.get(nom))
    ]


def _lecteur(session: Session, classe: type[SQLModel], categorie: str, valeurs: Sequence[Mapping[str, Any]]) -> Lecteur:
    codes = {c for v in valeurs for liste, c in codes_cherches(classe, None, v) if liste == "commune"}
    return Lecteur(
        catalogue(session),
        Contexte({}, categorie),
        communes=communes.nommer(session, codes),
        tout=True,
        territoire=communes.lire_territoire(session, communes.zones(*valeurs)),
    )


def _noms_des_lieux(session: Session, classe: type[SQLModel], paires: Sequence[Paire]) -> dict[str, str]:
    if classe is not OffreOperationnelle:
        return {}
    tenus = {cle for paire in paires for cote in paire for cle in cote.get(LIEUX) or []}
    return contenu.noms_des_lieux(session, tenus) if tenus else {}


def _d_une_paire(
    lecteur: Lecteur,
    classe: type[SQLModel],
    lieux: Mapping[str, str],
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
) -> list[Changement]:
    noms = noms_qui_different(classe, avant, apres)
    avant, apres = ({n: cote.get(n) for n in noms} for cote in (avant, apres))
    changements: list[Changement] = []
    for section in sections_de(classe):
        siens = {*champs_de(classe, section.cle), *groupes_de(classe, section.cle)}.intersection(noms)
        if siens:
            nouveaux = lecteur.faits(classe, section.cle, apres, avant)
            anciens = lecteur.faits(classe, section.cle, avant, avant)
            zone_a_part(lecteur, avant, apres, nouveaux, anciens)
            changements += de_la_section(nouveaux, anciens, section.titre, "")
            changements += _details(lecteur, classe, section.titre, siens, nouveaux, avant, apres)
    if LIEUX in noms:
        changements += _lieux(lieux, set(avant.get(LIEUX) or []), set(apres.get(LIEUX) or []))
    return changements + [_autre(classe, nom, avant[nom], apres[nom]) for nom in noms if not _est_declare(classe, nom)]


def _est_declare(classe: type[SQLModel], nom: str) -> bool:
    return nom in champs_de(classe) or nom in groupes_de(classe) or nom == LIEUX


def _autre(classe: type[SQLModel], nom: str, avant: Any, apres: Any) -> Changement:
    """A path inside a group, an alert that was kept, a field that the model no longer has: said as it was written."""
    element = element_de(classe, nom)
    return Changement(champ=element.label if element else nom, ou="", avant=_brute(avant), apres=_brute(apres), note="")


def _brute(valeur: Any) -> list[Ligne]:
    textes = valeur if isinstance(valeur, list) else [valeur]
    return [une_ligne(str(t)) for t in textes if t not in (None, "")]


def _lieux(noms: Mapping[str, str], avant: set[str], apres: set[str]) -> list[Changement]:
    ligne = de_la_liste("Lieux", "Adresse et lieux", avant, apres, noms)
    return [ligne] if ligne else []


# --------------------------------------------------- rows that differ and are read the same


def _details(
    lecteur: Lecteur,
    classe: type[SQLModel],
    titre: str,
    siens: set[str],
    faits: list[Fait],
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
) -> list[Changement]:
    """The answers, one by one, of rows whose summary does not show what changed in them."""
    dits = {f["champ"] for f in faits if f["modifie"]}
    changements: list[Changement] = []
    for nom, groupe in groupes_de(classe).items():
        if nom in siens and nom not in dits and not groupe.unique:
            changements += _des_lignes(lecteur, groupe, titre, avant.get(nom) or [], apres.get(nom) or [])
    return changements


def _des_lignes(
    lecteur: Lecteur, groupe: Groupe, ou: str, avant: Sequence[Mapping[str, Any]], apres: Sequence[Mapping[str, Any]]
) -> list[Changement]:
    anciennes = {ligne.get("cle"): ligne for ligne in avant}
    changements: list[Changement] = []
    for ligne in apres:
        ancienne = anciennes.get(ligne.get("cle"), {})
        place = f"{ou}, {lecteur.resume(groupe, ligne)['texte']}"
        for nom, champ in champs_de(groupe.classe).items():
            if not champ.deduit and ancienne.get(nom) != ligne.get(nom):
                changements.append(_d_un_champ(lecteur, champ, nom, place, ancienne.get(nom), ligne.get(nom)))
        for nom, sous in groupes_de(groupe.classe).items():
            changements += _des_lignes(lecteur, sous, place, ancienne.get(nom) or [], ligne.get(nom) or [])
    return [c for c in changements if c["avant"] != c["apres"]]


def _d_un_champ(lecteur: Lecteur, champ: Champ, nom: str, ou: str, avant: Any, apres: Any) -> Changement:
    return Changement(
        champ=champ.label,
        ou=ou,
        avant=lecteur.lignes(champ, nom, avant),
        apres=lecteur.lignes(champ, nom, apres),
        note="",
    )
