"""Communes: by département, around one, from a pasted list, and a zone as it is kept."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.nomenclatures import Commune, Departement
from rxror.ror.recherche import sans_accent
from rxror.ror.saisie import Lecture
from rxror.services import apercu, application, communes, fiche, modification, validation
from rxror.services.acces import Cible
from rxror.tables import Brouillon
from tests.fabriques import enregistrer, saisie_de, un_enregistrement, une_offre_complete, une_validation

# code, name, postcode, département, latitude, longitude
COMMUNES = [
    ("81099", "Gaillac", "81600", "81", 43.92, 1.89),
    ("81065", "Castres", "81100", "81", 43.63, 2.26),
    ("12202", "Rodez", "12000", "12", 44.36, 2.57),
    ("75056", "Paris", "75001", "75", 48.8566, 2.3429),
    ("75101", "Paris 1er Arrondissement", "75001", "75", 48.8626, 2.3363),
    ("97501", "Miquelon-Langlade", "97500", "975", None, None),
]


@pytest.fixture
def carte(session: Session) -> Session:
    """A few communes around Albi, an arrondissement, one without a centre."""
    albi = ("81004", "Albi", "81000", "81", 43.9259, 2.1476)
    for code, nom, postal, departement, latitude, longitude in (
        *COMMUNES, *([] if session.exec(select(Commune).where(Commune.code_insee == "81004")).first() else [albi])
    ):  # fmt: skip
        session.add(
            Commune(
                code_insee=code,
                nom=nom,
                code_postal=postal,
                departement=departement,
                region="",
                recherche=sans_accent(nom),
                arrondissement=code == "75101",
                latitude=latitude,
                longitude=longitude,
            )
        )
    for code, nom, nombre in (
        ("81", "Tarn", 3),
        ("82", "Tarn-et-Garonne", 195),
        ("12", "Aveyron", 1),
        ("75", "Paris", 1),
    ):
        session.add(Departement(code=code, nom=nom, communes=nombre))
    session.flush()
    return session


def test_departement_gives_its_communes_without_the_arrondissements(carte: Session) -> None:
    assert communes.du_departement(carte, "81") == ["81004", "81065", "81099"]
    assert communes.du_departement(carte, "75") == ["75056"]
    assert communes.du_departement(carte, "99") == []


@pytest.mark.parametrize(
    ("code", "km", "trouvees"),
    [
        ("81004", 1, ["81004"]),
        ("81004", 20, ["81004"]),
        ("81004", 21, ["81004", "81099"]),
        ("81004", 35, ["81004", "81065", "81099"]),
        ("81004", 10_000, ["12202", "81004", "81065", "81099"]),
        ("81004", -5, ["81004"]),
        ("75056", 5, ["75056"]),
        ("97501", 50, []),
        ("99999", 50, []),
    ],
)
def test_autour_gives_the_communes_whose_centre_is_near_enough(
    carte: Session, code: str, km: int, trouvees: list[str]
) -> None:
    assert communes.autour(carte, code, km) == trouvees


def test_trier_tells_the_known_from_the_unknown(carte: Session) -> None:
    tri = communes.trier(carte, ["81099", "81999", "ALBI", "81004", "81099"])
    assert (tri.connues, tri.inconnues) == (["81004", "81099"], ["81999", "ALBI"])


@pytest.mark.parametrize(
    ("texte", "cles"),
    [
        ("tarn", ["d:81", "d:82"]),
        ("Tarn-et", ["d:82"]),
        ("81", ["d:81", "81004", "81065", "81099"]),
        ("gail", ["81099"]),
        ("81600", ["81099"]),
        ("t", []),
        ("%%", []),
    ],
)
def test_chercher_finds_departements_then_communes(carte: Session, texte: str, cles: list[str]) -> None:
    trouvees = [c.cle for c in communes.chercher(carte, texte)]
    assert trouvees[:1] + sorted(trouvees[1:]) == cles


def test_territoire_costs_two_statements_whatever_the_zone(carte: Session, compter: Callable[[], Any]) -> None:
    with compter() as sql:
        lu = communes.lire_territoire(carte, ["81004", "81099", "99999"])
    assert len(sql) == 2
    assert lu.par_departement(["81004", "81099"]) == {"81": ["81004", "81099"]}
    with compter() as sql:
        communes.lire_territoire(carte, [])
    assert sql == []


def test_verifier_keeps_the_known_and_names_the_unknown_with_those_named_before(carte: Session) -> None:
    lecture = Lecture({"zone_intervention": ["81004", "81999"]}, {"zone_intervention": "8100"}, {})
    communes.verifier(carte, "zone_intervention", lecture)
    assert lecture.valeurs["zone_intervention"] == ["81004"]
    assert lecture.illisibles["zone_intervention"] == "8100 81999"
    assert "8100, 81999" in lecture.erreurs["zone_intervention"]


# ----------------------------------------------------------------- a zone, kept and published


@pytest.fixture
def had(place: SimpleNamespace, carte: Session) -> SimpleNamespace:
    """The offer of `place` goes to people's homes, and serves Albi."""
    place.offre.modalite_accueil = ["05"]
    place.offre.zone_intervention = ["81004"]
    carte.flush()
    return place


def test_enregistrer_keeps_the_known_communes_and_says_the_others(had: SimpleNamespace, carte: Session) -> None:
    reponse = enregistrer(carte, had.claire, had.offre, "zone", zone_intervention="81099;81004 81999 x")
    assert "81999, X" in reponse.erreurs["zone_intervention"]
    brouillon = carte.exec(select(Brouillon)).one()
    assert brouillon.valeurs == {"zone_intervention": ["81004", "81099"]}
    assert brouillon.illisibles == {"zone_intervention": "81999 X"}
    rouverte = modification.ouvrir(carte, had.claire, Cible("offre", had.offre.identifiant_offre), "zone")
    assert rouverte.form.valeurs["zone_intervention"] == "81004 81099 81999 X"
    assert rouverte.erreurs == reponse.erreurs
    assert enregistrer(carte, had.claire, had.offre, "zone", zone_intervention="81004 81099").erreurs == {}


def test_two_people_add_each_a_commune_and_none_is_lost(had: SimpleNamespace, carte: Session) -> None:
    une, base = saisie_de(carte, had.claire, had.offre, "zone", zone_intervention="81004 81099")
    autre = {**une, "zone_intervention": "81004 12202"}
    assert base["zone_intervention"] == {"81004": "1"}
    modification.enregistrer(carte, had.claire, un_enregistrement(had.offre, "zone", une, base))
    modification.enregistrer(carte, had.mireille, un_enregistrement(had.offre, "zone", autre, base))
    assert carte.exec(select(Brouillon)).one().valeurs == {"zone_intervention": ["12202", "81004", "81099"]}


def test_valider_publishes_the_zone_and_its_table_names_what_moved(had: SimpleNamespace, carte: Session) -> None:
    enregistrer(carte, had.claire, had.offre, "zone", zone_intervention="12202 81099")
    cible = Cible("offre", had.offre.identifiant_offre)
    prete = validation.preparer(carte, had.claire, cible)
    changement = next(c for c in prete.changements if c["champ"] == "Communes desservies")
    assert [e["origine"] for e in changement["avant"]] == ["Albi"]
    assert [e["texte"].replace("\u00a0", " ") for e in changement["apres"]] == [
        "Aveyron : 1 commune, la seule",
        "Tarn : 1 commune sur 3",
    ]
    assert validation.valider(carte, had.claire, une_validation(had.offre, prete.vu)) == []
    carte.expire_all()
    assert had.offre.zone_intervention == ["12202", "81099"]


def test_table_of_valider_names_no_commune_that_stays(had: SimpleNamespace, carte: Session) -> None:
    had.offre.zone_intervention = ["81004", "81065"]
    enregistrer(carte, had.claire, had.offre, "zone", zone_intervention="81004 81099")
    (zone,) = validation.preparer(carte, had.claire, Cible("offre", had.offre.identifiant_offre)).changements
    assert [e["origine"] for e in zone["avant"]] == ["Castres"]
    assert [e["origine"] for e in zone["apres"]] == ["Gaillac"]


def test_a_zone_given_to_another_offer_names_no_commune_that_stays(had: SimpleNamespace, carte: Session) -> None:
    had.offre.zone_intervention = ["81004", "81099"]
    autre = une_offre_complete(carte, had.eg, zone_intervention=["81004", "81065"])
    plan = application.preparer(carte, had.claire, had.offre.identifiant_offre, "zone")
    (vue,) = apercu.apercu(carte, plan, [autre.identifiant_offre])
    (zone,) = vue["changements"]
    assert [e["origine"] for e in zone["avant"] + zone["apres"]] == ["Castres", "Gaillac"]


def test_page_of_the_offer_counts_by_departement(had: SimpleNamespace, carte: Session) -> None:
    had.offre.zone_intervention = ["81004", "81065", "81099", "12202"]
    carte.flush()
    lue = fiche.lire_offre(carte, had.claire, Cible("offre", had.offre.identifiant_offre))
    section = next(s for s in lue.sections if s["cle"] == "zone")
    lignes = [e["texte"].replace("\u00a0", " ") for e in section["faits"][0]["lignes"]]
    assert lignes == ["Tarn : 3 communes, toutes", "Aveyron : 1 commune, la seule"]


def test_communes_are_named_with_their_code_and_unknown_ones_are_absent(session: Session) -> None:
    session.add(
        Commune(code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi")
    )
    session.flush()
    assert communes.nommer(session, ["81004", "", "99999"]) == {"81004": "Albi (81004)"}
    assert communes.nommer(session, [""]) == {}
