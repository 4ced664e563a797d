"""An object and its parts, written to the tables and read back the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from rxror.ror.champs import Champ, TypeChamp, champs_de, groupes_de, sections_de
from rxror.ror.objets import (
    Contact,
    EntiteGeographique,
    EquipementSpecifique,
    LieuRealisationOffre,
    LimiteCaracteristiqueEquipement,
    OffreLieu,
    OffreOperationnelle,
    Telecommunication,
)
from rxror.services import contenu
from tests.fabriques import garder, un_lieu

PLEINES: dict[TypeChamp, Any] = {
    TypeChamp.TEXTE: "d’été <b>",
    TypeChamp.TEXTE_LONG: "un\ndeux",
    TypeChamp.OUI_NON: True,
    TypeChamp.CHOIX: "1",
    TypeChamp.LISTE: "02",
    TypeChamp.RECHERCHE: "022",
    TypeChamp.CHOIX_MULTIPLES: ["03", "04"],
    TypeChamp.RECHERCHE_MULTIPLE: ["TRE_R253:01", "0001"],
    TypeChamp.ENTIER: 7,
    TypeChamp.DECIMAL: "43.925997",
    TypeChamp.DATE: "2024-02-29",
    TypeChamp.HEURE: "24:00",
    TypeChamp.COMMUNE: "2A004",
    TypeChamp.COMMUNES: ["2A004", "81004"],
}
AUTRES = PLEINES | {
    TypeChamp.TEXTE: "x",
    TypeChamp.OUI_NON: False,
    TypeChamp.ENTIER: 0,
    TypeChamp.DECIMAL: "-0.5",
    TypeChamp.DATE: "9999-12-31",
    TypeChamp.CHOIX_MULTIPLES: [],
    TypeChamp.RECHERCHE_MULTIPLE: ["0001"],
    TypeChamp.COMMUNES: ["81004"],
    TypeChamp.HEURE: "00:00",
}
VIDES = dict.fromkeys(PLEINES, "") | {
    TypeChamp.OUI_NON: None,
    TypeChamp.ENTIER: None,
    TypeChamp.DECIMAL: None,
    TypeChamp.DATE: None,
    TypeChamp.CHOIX_MULTIPLES: [],
    TypeChamp.RECHERCHE_MULTIPLE: [],
    TypeChamp.COMMUNES: [],
}
OBJETS = (OffreOperationnelle, LieuRealisationOffre, EntiteGeographique)
GROUPES = [(classe, nom) for classe in OBJETS for nom in groupes_de(classe)]


@pytest.fixture
def eg(monde: Any) -> EntiteGeographique:
    return monde.eg()


def un(session: Session, classe: type[SQLModel], eg: Any) -> Any:
    if classe is EntiteGeographique:
        return eg
    if classe is LieuRealisationOffre:
        return garder(session, LieuRealisationOffre(entite_geographique_id=eg.id, identifiant="L1"))
    return garder(session, OffreOperationnelle(entite_geographique_id=eg.id, identifiant_offre="76/1"))


def une_ligne(classe: type[SQLModel], par_type: dict[TypeChamp, Any], cle: str) -> dict[str, Any]:
    ligne: dict[str, Any] = {"cle": cle}
    for nom, champ in champs_de(classe).items():
        if nom in classe.model_fields:
            ligne[nom] = "2026-11-23T09:42:00" if champ.type is TypeChamp.REFERENCE else par_type[champ.type]
            if ligne[nom] and champ.decimales is not None:
                ligne[nom] = ligne[nom][: ligne[nom].index(".") + 1 + champ.decimales]
    for nom, sous in groupes_de(classe).items():
        ligne[nom] = [une_ligne(sous.classe, par_type, f"{cle}{i}") for i in range(2)]
    return ligne


def lire(session: Session, objet: Any, *sections: str) -> dict[str, Any]:
    session.flush()
    session.expire_all()
    return contenu.lire(session, type(objet), [objet], sections or None)[objet.id]


def sans_cles(valeur: Any) -> Any:
    """Rows without their keys nor the answers deduced from the others."""
    if isinstance(valeur, list):
        return [sans_cles(v) for v in valeur]
    if isinstance(valeur, dict):
        return {n: sans_cles(v) for n, v in valeur.items() if n not in ("cle", "qui")}
    return valeur


@pytest.mark.parametrize("par_type", [PLEINES, AUTRES, VIDES], ids=["full", "other", "empty"])
@pytest.mark.parametrize(("classe", "nom"), GROUPES, ids=[f"{c.__tablename__}-{n}" for c, n in GROUPES])
def test_group_is_read_back_as_it_was_written(session: Session, eg: Any, classe: Any, nom: str, par_type: Any) -> None:
    objet, groupe = un(session, classe, eg), groupes_de(classe)[nom]
    lignes = [une_ligne(groupe.classe, par_type, f"n{i}") for i in range(1 if groupe.unique else 2)]
    contenu.ecrire_les_parties(session, objet, {}, {nom: lignes})
    relues = lire(session, objet, groupe.section)[nom]
    assert sans_cles(relues) == sans_cles(lignes)
    assert all(ligne["cle"].isdigit() for ligne in relues)


@pytest.mark.parametrize(("classe", "nom"), GROUPES, ids=[f"{c.__tablename__}-{n}" for c, n in GROUPES])
def test_group_is_changed_in_place_then_emptied(session: Session, eg: Any, classe: Any, nom: str) -> None:
    objet, groupe = un(session, classe, eg), groupes_de(classe)[nom]
    contenu.ecrire_les_parties(session, objet, {}, {nom: [une_ligne(groupe.classe, VIDES, "n1")]})
    avant = lire(session, objet, groupe.section)
    (ancienne,) = avant[nom]
    neuve = {
        **ancienne,
        **{n: v for n, v in une_ligne(groupe.classe, PLEINES, "x").items() if not isinstance(v, list) and n != "cle"},
    }
    contenu.ecrire_les_parties(session, objet, avant, {nom: [neuve]})
    apres = lire(session, objet, groupe.section)
    assert [ligne["cle"] for ligne in apres[nom]] == [ancienne["cle"]]
    assert sans_cles(apres[nom]) == sans_cles([neuve])
    contenu.ecrire_les_parties(session, objet, apres, {nom: []})
    assert lire(session, objet, groupe.section)[nom] == []


@pytest.mark.parametrize("par_type", [PLEINES, AUTRES, VIDES], ids=["full", "other", "empty"])
@pytest.mark.parametrize("classe", OBJETS, ids=lambda c: c.__tablename__)
def test_own_fields_are_read_back_as_they_were_written(session: Session, eg: Any, classe: Any, par_type: Any) -> None:
    objet = un(session, classe, eg)
    avant = lire(session, objet)
    apres = {
        nom: par_type[champ.type]
        for nom, champ in champs_de(classe).items()
        if nom in classe.model_fields
        and champ.type in par_type
        and nom not in ("identifiant_offre", "identifiant", "num_finess")
    }
    if apres.get("unite_sensible", "") is None:
        apres["unite_sensible"] = False
    for nom, valeur in contenu.colonnes_changees(classe, avant, apres).items():
        setattr(objet, nom, valeur)
    relues = lire(session, objet)
    assert {n: relues[n] for n in apres} == apres


def test_only_the_columns_that_differ_are_written(session: Session, eg: Any) -> None:
    avant = {"nom": "Bloc", "latitude": "43.9", "statut": "3", "coordonnees_fiables": None}
    apres = {**avant, "nom": "Bloc 2", "inconnu": "x", "capacite_accueil_operationnelle": [], "latitude": "44"}
    assert contenu.colonnes_changees(LieuRealisationOffre, avant, apres) == {"nom": "Bloc 2", "latitude": Decimal(44)}
    assert contenu.colonnes_changees(LieuRealisationOffre, avant, dict(avant)) == {}
    assert contenu.colonnes_changees(LieuRealisationOffre, avant, {"latitude": None}) == {"latitude": None}


def test_what_is_not_named_stays(session: Session, eg: Any) -> None:
    lieu = un_lieu(session, eg)
    avant = lire(session, lieu)
    contenu.ecrire_les_parties(session, lieu, avant, {})
    assert lire(session, lieu) == avant


def test_unchanged_rows_are_not_written(session: Session, eg: Any, compter: Any) -> None:
    lieu = un_lieu(session, eg)
    avant = lire(session, lieu)
    with compter() as sql:
        contenu.ecrire_les_parties(session, lieu, avant, dict(avant))
        session.flush()
    assert not [s for s in sql if not s.upper().startswith("SELECT")]


def test_row_with_the_key_of_another_object_becomes_a_row_of_its_own(session: Session, eg: Any) -> None:
    mienne, autre = (
        un(session, OffreOperationnelle, eg),
        garder(session, OffreOperationnelle(entite_geographique_id=eg.id, identifiant_offre="76/2")),
    )
    volee = garder(session, Contact(offre_operationnelle_id=autre.id, nature_contact="07", description="à l’autre"))
    contenu.ecrire_les_parties(
        session,
        mienne,
        lire(session, mienne),
        {"contact": [{"cle": str(volee.id), "nature_contact": "03", "telecommunication": []}]},
    )
    assert [c["description"] for c in lire(session, autre)["contact"]] == ["à l’autre"]
    assert [(c["nature_contact"], c["cle"] != str(volee.id)) for c in lire(session, mienne)["contact"]] == [
        ("03", True)
    ]


def test_row_that_leaves_takes_its_own_rows_with_it(session: Session, eg: Any) -> None:
    offre = un(session, OffreOperationnelle, eg)
    contenu.ecrire_les_parties(session, offre, {}, {"contact": [une_ligne(Contact, PLEINES, "n1")]})
    assert len(session.exec(select(Telecommunication)).all()) == 2
    contenu.ecrire_les_parties(session, offre, lire(session, offre), {"contact": []})
    session.expire_all()
    assert session.exec(select(Telecommunication)).all() == []


def test_rows_inside_a_row_that_stays_come_and_go(session: Session, eg: Any) -> None:
    lieu = un(session, LieuRealisationOffre, eg)
    contenu.ecrire_les_parties(
        session, lieu, {}, {"equipement_specifique": [une_ligne(EquipementSpecifique, PLEINES, "n1")]}
    )
    avant = lire(session, lieu)
    (equipement,) = avant["equipement_specifique"]
    premiere, seconde = equipement["limite_caracteristique_equipement"]
    neuve = {"cle": "n9", "type_caracteristique": "002", "valeur_limite": "70"}
    contenu.ecrire_les_parties(
        session,
        lieu,
        avant,
        {"equipement_specifique": [{**equipement, "limite_caracteristique_equipement": [seconde, neuve]}]},
    )
    limites = lire(session, lieu)["equipement_specifique"][0]["limite_caracteristique_equipement"]
    assert limites[0] == seconde
    assert limites[1]["valeur_limite"] == "70"
    assert premiere["cle"] not in {limite["cle"] for limite in limites}
    assert len(session.exec(select(LimiteCaracteristiqueEquipement)).all()) == 2


def test_rows_of_several_objects_stay_with_their_own(session: Session, eg: Any) -> None:
    premier, second = un_lieu(session, eg, nom="A"), un_lieu(session, eg, nom="B")
    lus = contenu.lire(session, LieuRealisationOffre, [premier, second])
    assert {
        lus[lieu.id]["nom"]: len(lus[lieu.id]["capacite_accueil_operationnelle"]) for lieu in (premier, second)
    } == {"A": 1, "B": 1}


def test_lire_nothing_answers_nothing(session: Session) -> None:
    assert contenu.lire(session, OffreOperationnelle, []) == {}


@pytest.mark.parametrize("classe", [OffreOperationnelle, LieuRealisationOffre], ids=lambda c: c.__tablename__)
def test_parts_are_one_statement_however_many(session: Session, eg: Any, compter: Any, classe: Any) -> None:
    objet = un(session, classe, eg)
    for nom, groupe in groupes_de(classe).items():
        contenu.ecrire_les_parties(
            session,
            objet,
            {},
            {nom: [une_ligne(groupe.classe, PLEINES, f"n{i}") for i in range(1 if groupe.unique else 5)]},
        )
    session.flush()
    with compter() as sql:
        session.refresh(objet)
        debut = len(sql)
        contenu.lire(session, classe, [objet])
    assert len(sql) - debut == 1


def test_only_the_groups_of_the_sections_asked_are_read(session: Session, eg: Any) -> None:
    offre = un(session, OffreOperationnelle, eg)
    montrees = {
        n
        for n, g in groupes_de(OffreOperationnelle).items()
        if g.section in {s.cle for s in sections_de(OffreOperationnelle)}
    }
    assert {n for n in groupes_de(OffreOperationnelle) if n in lire(session, offre)} == montrees
    assert "contact" not in lire(session, offre, "patientele")
    assert "lieu_realisation_offre" not in lire(session, offre, "patientele")


def test_lieux_are_attached_and_detached_by_identifier_within_the_etablissement(
    session: Session, monde: Any, eg: Any
) -> None:
    offre, ailleurs = un(session, OffreOperationnelle, eg), un_lieu(session, monde.eg("AILLEURS"))
    deux = [un_lieu(session, eg, nom=n) for n in ("Zone B", "École")]
    contenu.ecrire_les_parties(
        session,
        offre,
        {},
        {"lieu_realisation_offre": [*(li.identifiant for li in deux), ailleurs.identifiant, "inconnu"]},
    )
    lus = lire(session, offre)["lieu_realisation_offre"]
    assert set(lus) == {lieu.identifiant for lieu in deux}
    contenu.ecrire_les_parties(
        session, offre, {"lieu_realisation_offre": lus}, {"lieu_realisation_offre": [deux[1].identifiant]}
    )
    assert lire(session, offre)["lieu_realisation_offre"] == [deux[1].identifiant]
    contenu.ecrire_les_parties(
        session, offre, {"lieu_realisation_offre": [deux[1].identifiant]}, {"lieu_realisation_offre": []}
    )
    assert session.exec(select(OffreLieu)).all() == []
    assert len(session.exec(select(LieuRealisationOffre)).all()) == 3


@pytest.mark.parametrize(
    ("valeur", "json"),
    [
        (None, None),
        (date(2024, 2, 29), "2024-02-29"),
        (Decimal("43.900000"), "43.9"),
        (Decimal("1E+2"), "100"),
        (True, True),
        (0, 0),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-23T09:00:00"),
        ("", ""),
    ],
)
def test_en_json_gives_what_json_can_hold(valeur: Any, json: Any) -> None:
    assert contenu.en_json(valeur) == json


def test_en_json_copies_lists() -> None:
    codes = ["03"]
    copie = contenu.en_json(codes)
    copie.append("04")
    assert codes == ["03"]


def test_every_kind_of_input_of_a_group_is_tried_above() -> None:
    sortes = {
        c.type
        for classe, nom in GROUPES
        for c in champs_de(groupes_de(classe)[nom].classe).values()
        if isinstance(c, Champ)
    }
    assert sortes - {TypeChamp.REFERENCE} <= set(PLEINES)
