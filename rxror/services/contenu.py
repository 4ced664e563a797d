"""An object and its parts as one tree of values, read from the tables and written back to them.

The tree is that of `ror/saisie.py`: {champ: JSON value, groupe: [{"cle": …, champ: …}]}; a row's key is its
table id, and anything else for a row that is not in the table yet.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import JSON, literal, union_all
from sqlmodel import Session, SQLModel, col, delete, func, select

from rxror.ror.champs import EN_LISTE, Champ, Groupe, TypeChamp, champs_de, cle_parente, groupes_de, sections_de
from rxror.ror.objets import LieuRealisationOffre, OffreLieu, OffreOperationnelle
from rxror.ror.saisie import Valeurs, vide

LIEUX = "lieu_realisation_offre"  # of an offer, no column holds it: the identifiers of its lieux


def lire(
    session: Session, classe: type[SQLModel], objets: Sequence[Any], sections: Iterable[str] | None = None
) -> dict[int, Valeurs]:
    """Values of several objects of one class, {id: values}: one query for all their parts, however many.

    Args:
        sections: read the groups of these sections only; by default, of all those that the class shows.
    """
    montrees = {s.cle for s in sections_de(classe)} if sections is None else set(sections)
    valeurs = {objet.id: _colonnes(classe, objet) for objet in objets}
    groupes = {n: g for n, g in groupes_de(classe).items() if g.section in montrees}
    listes = dict.fromkeys(groupes, valeurs)
    if classe is OffreOperationnelle and "adresse" in montrees:
        listes[LIEUX] = valeurs
    for nom in listes:
        for objet in valeurs.values():
            objet[nom] = []
    if not objets or not listes:
        return valeurs
    _repartir(_parties(session, classe, groupes, list(valeurs), LIEUX in listes), groupes, valeurs)
    return valeurs


def _parties(
    session: Session, classe: type[SQLModel], groupes: Mapping[str, Groupe], ids: list[int], avec_lieux: bool
) -> list[Any]:
    """(path of the group, id of the whole, id of the part, its columns) of every part, wholes before parts."""
    objet = func.json_object if session.get_bind().dialect.name == "sqlite" else func.json_build_object
    requetes: list[Any] = []
    for nom, groupe in groupes.items():
        table: Any = groupe.classe
        lien = getattr(table, cle_parente(classe))
        requetes.append(select(literal(nom), lien, table.id, _en_objet(objet, table)).where(lien.in_(ids)))
        for sous_nom, sous in groupes_de(table).items():
            dessous: Any = sous.classe
            lien_dessous = getattr(dessous, cle_parente(table))
            requetes.append(
                select(literal(f"{nom}.{sous_nom}"), lien_dessous, dessous.id, _en_objet(objet, dessous))
                .join(table, lien_dessous == table.id)
                .where(lien.in_(ids))
            )
    if avec_lieux:
        lieu, usage = LieuRealisationOffre, OffreLieu
        contenu = objet("identifiant", lieu.identifiant, "nom", lieu.nom, type_=JSON)
        requetes.append(
            select(literal(LIEUX), usage.offre_operationnelle_id, lieu.id, contenu)
            .join(lieu, col(lieu.id) == usage.lieu_realisation_offre_id)
            .where(col(usage.offre_operationnelle_id).in_(ids))
        )
    lignes = session.execute(union_all(*requetes)).all()
    return sorted(lignes, key=lambda e: (e[0].count("."), e[2]))


def _en_objet(fonction: Any, table: Any) -> Any:
    noms = [nom for nom in champs_de(table) if nom in table.model_fields]
    return fonction(*(element for nom in noms for element in (nom, getattr(table, nom))), type_=JSON)


def _repartir(parties: Sequence[Any], groupes: Mapping[str, Groupe], valeurs: Mapping[int, Valeurs]) -> None:
    enfants: dict[str, dict[int, Valeurs]] = {nom: {} for nom in groupes}
    lieux: dict[int, list[tuple[str, str]]] = {}
    for chemin, tout, partie, colonnes in parties:
        nom, _, sous_nom = chemin.partition(".")
        if nom not in groupes:
            lieux.setdefault(tout, []).append((colonnes["nom"], colonnes["identifiant"]))
            continue
        groupe = groupes_de(groupes[nom].classe)[sous_nom] if sous_nom else groupes[nom]
        ligne = {"cle": str(partie), **_ligne(groupe.classe, colonnes)}
        if sous_nom:
            enfants[nom][tout][sous_nom].append(ligne)
        else:
            ligne |= {n: [] for n in groupes_de(groupe.classe)}
            enfants[nom][partie] = ligne
            valeurs[tout][nom].append(ligne)
    for offre, trouves in lieux.items():
        valeurs[offre][LIEUX] = [identifiant for _, identifiant in sorted(trouves)]


def _ligne(classe: type[SQLModel], colonnes: Mapping[str, Any]) -> Valeurs:
    champs = champs_de(classe)
    ligne = {nom: _depuis_la_base(champs[nom], brute) for nom, brute in colonnes.items()}
    return ligne | {nom: champ.deduit(ligne) for nom, champ in champs.items() if champ.deduit}


def _depuis_la_base(champ: Champ, brute: Any) -> Any:
    """A column as the database's JSON gives it, as our tree holds it; SQLite knows neither boolean nor JSON column."""
    if brute is None:
        return None
    if champ.type is TypeChamp.OUI_NON:
        return bool(brute)
    if champ.type is TypeChamp.DECIMAL:
        return en_json(Decimal(str(brute)))
    if champ.type is TypeChamp.REFERENCE:
        return en_json(datetime.fromisoformat(brute))
    return json.loads(brute) if champ.type in EN_LISTE and isinstance(brute, str) else brute


def _colonnes(classe: type[SQLModel], ligne: Any) -> Valeurs:
    champs = champs_de(classe)
    valeurs = {nom: en_json(getattr(ligne, nom)) for nom in champs if nom in classe.model_fields}
    return valeurs | {nom: champ.deduit(valeurs) for nom, champ in champs.items() if champ.deduit}


def en_json(valeur: Any) -> Any:
    """A column's value as JSON keeps it; a moment in universal time, as SQLite gives it, whatever the database."""
    if isinstance(valeur, datetime) and valeur.tzinfo:
        return valeur.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return format(valeur.normalize(), "f")
    return list(valeur) if isinstance(valeur, list) else valeur


def colonnes_changees(classe: type[SQLModel], avant: Mapping[str, Any], apres: Mapping[str, Any]) -> dict[str, Any]:
    """{column: value} of the object's own fields that differ."""
    return {
        nom: _en_colonne(classe, nom, apres[nom])
        for nom in champs_de(classe)
        if nom in classe.model_fields and nom in apres and apres[nom] != avant.get(nom)
    }


def ecrire_les_parties(session: Session, objet: Any, avant: Mapping[str, Any], apres: Mapping[str, Any]) -> None:
    """Publish the parts of one object that differ; rows are matched by key, those that left are deleted.

    Args:
        avant: the object's values as `lire` gave them.
        apres: the values to publish; what it does not name stays.
    """
    classe: Any = type(objet)
    for nom, groupe in groupes_de(classe).items():
        if nom in apres and apres[nom] != avant.get(nom):
            _ecrire_groupe(session, classe, objet.id, groupe, avant.get(nom) or [], apres[nom])
    if classe is OffreOperationnelle and apres.get(LIEUX) is not None:
        _ecrire_lieux(session, objet, avant.get(LIEUX) or [], apres[LIEUX])


def _en_colonne(classe: type[SQLModel], nom: str, valeur: Any) -> Any:
    champ = champs_de(classe)[nom]
    if champ.type is TypeChamp.DATE:
        return date.fromisoformat(valeur) if valeur else None
    if champ.type is TypeChamp.DECIMAL:
        return Decimal(str(valeur)) if valeur not in (None, "") else None
    if champ.type is TypeChamp.REFERENCE and isinstance(valeur, str):
        lu = datetime.fromisoformat(valeur)
        return lu if lu.tzinfo else lu.replace(tzinfo=UTC)
    return vide(champ) if valeur is None else valeur


def _ecrire_groupe(
    session: Session, parent: type[SQLModel], parent_id: int, groupe: Groupe, avant: list[Any], apres: list[Any]
) -> None:
    classe: Any = groupe.classe
    anciennes = {ligne["cle"]: ligne for ligne in avant}
    gardees = {ligne["cle"] for ligne in apres} & set(anciennes)
    parties = [int(cle) for cle in anciennes if cle not in gardees]
    if parties:
        session.exec(delete(classe).where(classe.id.in_(parties)))
    changees = [int(e["cle"]) for e in apres if e["cle"] in gardees and e != anciennes[e["cle"]]]
    tables = {e.id: e for e in session.exec(select(classe).where(classe.id.in_(changees)))} if changees else {}
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
            _ecrire_groupe(
                session, classe, table.id or 0, sous, anciennes.get(cle, {}).get(nom) or [], ligne.get(nom) or []
            )


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


def noms_des_lieux(session: Session, identifiants: Iterable[str]) -> dict[str, str]:
    """{identifier: name} of lieux."""
    lieu = LieuRealisationOffre
    requete = select(lieu.identifiant, lieu.nom).where(col(lieu.identifiant).in_(list(identifiants)))
    return {identifiant: nom or identifiant for identifiant, nom in session.exec(requete)}
