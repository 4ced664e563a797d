"""An object and its parts as one tree of values, read from the tables and written back to them.

The tree is that of `ror/saisie.py`: {champ: JSON value, groupe: [{"cle": …, champ: …}]}; a row's key is its
table id, and anything else for a row that is not in the table yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlmodel import Session, SQLModel, col, delete, select

from rxror.ror.champs import Groupe, TypeChamp, champs_de, cle_parente, groupes_de, sections_de
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.saisie import Valeurs


def lire(
    session: Session, classe: type[SQLModel], objets: Sequence[Any], sections: Iterable[str] | None = None
) -> dict[int, Valeurs]:
    """Values of several objects of one class, {id: values}: one query per group, however many objects.

    Args:
        sections: read the groups of these sections only; by default, of all those that the class shows.
    """
    montrees = {s.cle for s in sections_de(classe)} if sections is None else set(sections)
    valeurs = {objet.id: _colonnes(classe, objet) for objet in objets}
    for nom, groupe in groupes_de(classe).items():
        if groupe.section in montrees:
            _lire_groupe(session, classe, nom, groupe, valeurs)
    if classe is OffreOperationnelle and "adresse" in montrees:
        _lire_lieux(session, valeurs)
    return valeurs


def _colonnes(classe: type[SQLModel], ligne: Any) -> Valeurs:
    champs = champs_de(classe)
    valeurs = {nom: en_json(getattr(ligne, nom)) for nom in champs if nom in classe.model_fields}
    return valeurs | {nom: champ.deduit(valeurs) for nom, champ in champs.items() if champ.deduit}


def en_json(valeur: Any) -> Any:
    """A column's value as JSON keeps it."""
    if isinstance(valeur, date | datetime):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return format(valeur.normalize(), "f")
    return list(valeur) if isinstance(valeur, list) else valeur


def _lire_groupe(
    session: Session, parent: type[SQLModel], nom: str, groupe: Groupe, parents: Mapping[Any, Valeurs]
) -> None:
    """One query for the rows of a group, with those of the group inside it when there is one."""
    for valeurs in parents.values():
        valeurs[nom] = []
    classe: Any = groupe.classe
    lien = getattr(classe, cle_parente(parent))
    sous_nom, sous = next(iter(groupes_de(classe).items()), ("", None))
    requete: Any = select(classe)
    if sous:
        enfant: Any = sous.classe
        requete = select(classe, enfant).outerjoin(enfant, getattr(enfant, cle_parente(classe)) == classe.id)
        requete = requete.order_by(classe.id, enfant.id)
    lignes: dict[int, Valeurs] = {}
    for trouve in session.exec(requete.where(lien.in_(list(parents))).order_by(classe.id)) if parents else ():
        ligne, dessous = trouve if sous else (trouve, None)
        if ligne.id not in lignes:
            lignes[ligne.id] = {"cle": str(ligne.id), **_colonnes(classe, ligne), **({sous_nom: []} if sous else {})}
            parents[getattr(ligne, cle_parente(parent))][nom].append(lignes[ligne.id])
        if sous and dessous is not None:
            lignes[ligne.id][sous_nom].append({"cle": str(dessous.id), **_colonnes(sous.classe, dessous)})


def _lire_lieux(session: Session, offres: Mapping[int, Valeurs]) -> None:
    for valeurs in offres.values():
        valeurs["lieu_realisation_offre"] = []
    requete = (
        select(OffreLieu.offre_operationnelle_id, LieuRealisationOffre.identifiant)
        .join(LieuRealisationOffre, col(LieuRealisationOffre.id) == OffreLieu.lieu_realisation_offre_id)
        .where(col(OffreLieu.offre_operationnelle_id).in_(list(offres)))
        .order_by(LieuRealisationOffre.nom)
    )
    for offre, identifiant in session.exec(requete):
        offres[offre]["lieu_realisation_offre"].append(identifiant)


def ecrire(session: Session, objet: Any, avant: Mapping[str, Any], apres: Mapping[str, Any]) -> None:
    """Publish the values of one object that differ; rows are matched by key, those that left are deleted.

    Args:
        avant: the object's values as `lire` gave them.
        apres: the values to publish; what it does not name stays.
    """
    classe: Any = type(objet)
    for nom in champs_de(classe):
        if nom in classe.model_fields and nom in apres and apres[nom] != avant.get(nom):
            setattr(objet, nom, _en_colonne(classe, nom, apres[nom]))
    for nom, groupe in groupes_de(classe).items():
        if nom in apres and apres[nom] != avant.get(nom):
            _ecrire_groupe(session, classe, objet.id, groupe, avant.get(nom) or [], apres[nom])
    if classe is OffreOperationnelle and apres.get("lieu_realisation_offre") is not None:
        _ecrire_lieux(session, objet, avant.get("lieu_realisation_offre") or [], apres["lieu_realisation_offre"])


def _en_colonne(classe: type[SQLModel], nom: str, valeur: Any) -> Any:
    champ = champs_de(classe)[nom]
    if champ.type is TypeChamp.DATE:
        return date.fromisoformat(valeur) if valeur else None
    if champ.type is TypeChamp.DECIMAL:
        return Decimal(str(valeur)) if valeur not in (None, "") else None
    if champ.type is TypeChamp.REFERENCE and isinstance(valeur, str):
        return datetime.fromisoformat(valeur)
    if valeur is None and champ.type not in (TypeChamp.ENTIER, TypeChamp.OUI_NON):
        return ""
    return valeur


def _ecrire_groupe(  # noqa: PLR0913  (one level of a tree)
    session: Session, parent: type[SQLModel], parent_id: int, groupe: Groupe, avant: list[Any], apres: list[Any]
) -> None:
    classe: Any = groupe.classe
    anciennes = {ligne["cle"]: ligne for ligne in avant}
    gardees = {ligne["cle"] for ligne in apres} & set(anciennes)
    parties = [int(cle) for cle in anciennes if cle not in gardees]
    if parties:
        session.exec(delete(classe).where(classe.id.in_(parties)))
    changees = [int(l["cle"]) for l in apres if l["cle"] in gardees and l != anciennes[l["cle"]]]
    tables = {l.id: l for l in session.exec(select(classe).where(classe.id.in_(changees)))} if changees else {}
    for ligne in apres:
        cle = ligne["cle"]
        if cle in gardees and ligne == anciennes[cle]:
            continue
        table = tables[int(cle)] if cle in gardees else classe(**{cle_parente(parent): parent_id})
        for nom in champs_de(classe):
            if nom in classe.model_fields and nom in ligne:
                setattr(table, nom, _en_colonne(classe, nom, ligne[nom]))
        session.add(table)
        sous_groupes = groupes_de(classe)
        if sous_groupes and table.id is None:
            session.flush()
        for nom, sous in sous_groupes.items():
            _ecrire_groupe(session, classe, table.id, sous, anciennes.get(cle, {}).get(nom) or [], ligne.get(nom) or [])


def _ecrire_lieux(session: Session, offre: Any, avant: Iterable[str], apres: Iterable[str]) -> None:
    partis, venus = set(avant) - set(apres), set(apres) - set(avant)
    if not partis and not venus:
        return
    trouves = session.exec(
        select(LieuRealisationOffre.identifiant, LieuRealisationOffre.id).where(
            col(LieuRealisationOffre.identifiant).in_(partis | venus),
            LieuRealisationOffre.entite_geographique_id == offre.entite_geographique_id,
        )
    )
    ids = {identifiant: cast(int, lieu) for identifiant, lieu in trouves}
    if partis:
        session.exec(
            delete(OffreLieu).where(
                col(OffreLieu.offre_operationnelle_id) == offre.id,
                col(OffreLieu.lieu_realisation_offre_id).in_([ids[p] for p in partis if p in ids]),
            )
        )
    session.add_all(
        OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=ids[v]) for v in venus if v in ids
    )


def communes(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """{INSEE code: « Albi (81004) »} of the codes that exist."""
    cherches = {c for c in codes if c}
    if not cherches:
        return {}
    lignes = session.exec(select(Commune.code_insee, Commune.nom).where(col(Commune.code_insee).in_(cherches)))
    return {code: f"{nom} ({code})" for code, nom in lignes}
