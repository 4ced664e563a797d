"""Gestures of the weekly editor and of the zone, and what they make of arguments no page sends."""

from typing import Any

import pytest
from sqlmodel import SQLModel

from rxror import db
from rxror.ror.erreurs import SaisieInvalide
from rxror.ror.nomenclatures import Commune, Departement
from rxror.ror.objets import Horaire, OffreOperationnelle
from rxror.ror.saisie import LIGNES_MAXIMUM
from rxror.ui.champs import formulaire_view
from rxror.ui.pages.edition import EditionState

TYPES = [{"cle": c, "libelle": t, "detail": ""} for c, t in (("01", "Ouverture"), ("08", "Fermeture"))]
TARN = [("81004", "Albi", 43.9259, 2.1476), ("81099", "Gaillac", 43.92, 1.89), ("81065", "Castres", 43.63, 2.26)]


@pytest.fixture
def horaires(base: None, ouvrir: Any) -> Any:
    """The form of the hours of an offer: Monday from 8:30 to 12:30."""
    with db.transaction() as session:
        session.add(
            Horaire(
                offre_operationnelle_id=1, type_horaire="01", jour_semaine=1, heure_debut="08:30", heure_fin="12:30"
            )
        )
    etat = ouvrir(EditionState, "/offre/76/1/modifier/horaires")
    etat.charger()
    etat.options = {"horaire.type_horaire": TYPES}
    etat._ouvrir_horaires()
    return etat


@pytest.fixture
def zone(base: None, ouvrir: Any) -> Any:
    """The form of the zone of an offer that serves Albi."""
    with db.transaction() as session:
        for code, nom, latitude, longitude in TARN:
            session.add(
                Commune(
                    code_insee=code,
                    nom=nom,
                    code_postal="81000",
                    departement="81",
                    region="76",
                    recherche=nom.lower(),
                    latitude=latitude,
                    longitude=longitude,
                )
            )
        session.add(Departement(code="81", nom="Tarn", communes=3))
        offre = session.get_one(OffreOperationnelle, 1)
        offre.zone_intervention = ["81004"]
    etat = ouvrir(EditionState, "/offre/76/1/modifier/zone")
    etat.charger()
    return etat


def bloc(etat: Any, rang: int = 0) -> str:
    return etat.semaines[rang]["cle"]


def semaine(etat: Any, rang: int = 0) -> dict[str, list[tuple[str, str]]]:
    """{day: [(from, to)]} of a week, as the fields show it."""
    return {
        jour["nom"]: [
            (etat.valeurs[p["chemin"] + ".heure_debut"], etat.valeurs[p["chemin"] + ".heure_fin"])
            for p in jour["plages"]
        ]
        for jour in etat.semaines[rang]["jours"]
        if jour["plages"]
    }


def cles(etat: Any) -> list[str]:
    return etat.lignes["horaire"]


# ------------------------------------------------------------------------------- hours


def test_week_shows_its_seven_days_and_reads_them_aloud(horaires: Any) -> None:
    assert semaine(horaires) == {"Lundi": [("08:30", "12:30")]}
    assert [j["nom"] for j in horaires.semaines[0]["jours"]][-1] == "Dimanche"
    assert horaires.semaines[0]["dit"].replace("\u00a0", " ") == "Lundi de 8 h 30 à 12 h 30"


def test_offer_without_hours_opens_on_an_empty_week_that_sends_nothing(base: None, ouvrir: Any) -> None:
    etat = ouvrir(EditionState, "/offre/76/1/modifier/horaires")
    etat.charger()
    assert len(etat.semaines) == 1
    assert etat.lignes["horaire"] == []


def test_day_is_copied_from_monday_to_friday_and_undone(horaires: Any) -> None:
    horaires.copier(bloc(horaires), 1, [1, 2, 3, 4, 5])
    assert list(semaine(horaires)) == ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi"]
    assert set(map(tuple, semaine(horaires).values())) == {(("08:30", "12:30"),)}
    assert horaires.semaines[0]["dit"].startswith("Du lundi au vendredi")
    assert horaires.horaires_annulables
    horaires.annuler_horaires()
    assert semaine(horaires) == {"Lundi": [("08:30", "12:30")]}
    assert cles(horaires) == ["1"]


def test_copy_copies_what_was_just_typed(horaires: Any) -> None:
    horaires.heure_saisie("1", "heure_fin", "17h")
    horaires.copier(bloc(horaires), 1, [6])
    assert semaine(horaires)["Samedi"] == [("08:30", "17:00")]


def test_copy_of_a_day_without_hours_is_refused(horaires: Any) -> None:
    horaires.copier(bloc(horaires), 3, [6])
    assert "Rien n’est copié" in horaires.horaires_dits
    horaires.copier(bloc(horaires), 1, [])
    assert "au moins un jour" in horaires.horaires_dits
    assert cles(horaires) == ["1"]


def test_undoing_keeps_what_was_typed_and_added_since(horaires: Any) -> None:
    horaires.ajouter_plage(bloc(horaires), 2)
    horaires.retirer_plage(cles(horaires)[1])
    horaires.heure_saisie("1", "heure_fin", "17:00")
    horaires.ajouter_plage(bloc(horaires), 3)
    horaires.annuler_horaires()
    assert semaine(horaires) == {"Lundi": [("08:30", "17:00")], "Mardi": [("", "")], "Mercredi": [("", "")]}


def test_undoing_a_copy_takes_back_the_slots_it_replaced(horaires: Any) -> None:
    horaires.ajouter_plage(bloc(horaires), 2)
    horaires.copier(bloc(horaires), 1, [2, 3])
    horaires.annuler_horaires()
    assert semaine(horaires) == {"Lundi": [("08:30", "12:30")], "Mardi": [("", "")]}
    horaires.annuler_horaires()
    assert len(cles(horaires)) == 2


@pytest.mark.parametrize("jour", ["12", "1234567", "8", "x"])
def test_a_day_that_is_none_is_read_as_no_day(horaires: Any, jour: str) -> None:
    horaires.changer("horaire.1.jour_semaine", jour)
    horaires.ajouter_plage(bloc(horaires), 2)
    assert horaires.semaines[0]["jours"][0]["nom"] == "Sans jour"


def test_a_row_of_hours_added_from_elsewhere_is_no_slot_of_the_week(horaires: Any) -> None:
    horaires.ajouter_ligne("horaire")
    neuve = cles(horaires)[-1]
    with pytest.raises(SaisieInvalide):
        horaires.retirer_plage(neuve)


@pytest.mark.parametrize(
    ("nom", "texte", "erreur"),
    [
        ("heure_fin", "25:00", "de 00:00 à 24:00"),
        ("heure_debut", "24:00", "la fin d’un jour"),
        ("heure_debut", "midi", "de 00:00 à 24:00"),
        ("heure_fin", "24:00", ""),
        ("heure_fin", "17 h", ""),
        ("heure_fin", "", ""),
    ],
)
def test_hour_is_judged_beside_its_field_as_one_leaves_it(horaires: Any, nom: str, texte: str, erreur: str) -> None:
    horaires.heure_saisie("1", nom, texte)
    assert erreur in horaires.erreurs.get(f"horaire.1.{nom}", "")
    assert bool(horaires.erreurs) is bool(erreur)
    assert horaires.valeurs[f"horaire.1.{nom}"] == texte


def test_night_is_cut_and_said(horaires: Any) -> None:
    horaires.heure_saisie("1", "heure_debut", "20h")
    horaires.heure_saisie("1", "heure_fin", "8h")
    assert semaine(horaires)["Lundi"] == [("20h", "24:00")]
    assert semaine(horaires)["Mardi"] == [("00:00", "08:00")]
    assert "passe minuit" in horaires.horaires_dits
    assert horaires.semaines[0]["dit"].replace("\u00a0", " ") == "Lundi de 20 h à 8 h le lendemain"


def test_overlap_is_told_on_its_day(horaires: Any) -> None:
    horaires.ajouter_plage(bloc(horaires), 1)
    neuve = cles(horaires)[-1]
    horaires.heure_saisie(neuve, "heure_debut", "12:00")
    horaires.heure_saisie(neuve, "heure_fin", "13:00")
    assert horaires.semaines[0]["jours"][0]["alerte"]
    horaires.retirer_plage(neuve)
    assert not horaires.semaines[0]["jours"][0]["alerte"]


def test_always_open_fills_the_week_in_one_gesture(horaires: Any) -> None:
    horaires.toujours_ouvert(bloc(horaires))
    assert len(semaine(horaires)) == 7
    assert horaires.semaines[0]["dit"].replace("\u00a0", " ") == "24 h/24, 7 j/7"


def test_period_keeps_its_rows_in_step_with_its_dates_and_type(horaires: Any) -> None:
    horaires.ajouter_semaine(True)
    periode = bloc(horaires, 1)
    horaires.changer_semaine(periode, "debut_date_effective", "2026-12-24")
    horaires.changer_semaine(periode, "fin_date_effective", "2027-01-02")
    horaires.changer_semaine(periode, "type_horaire", "01")
    horaires.ajouter_plage(periode, 5)
    for cle in cles(horaires)[1:]:
        prefixe = f"horaire.{cle}."
        assert horaires.valeurs[prefixe + "type_horaire"] == "01"
        assert horaires.valeurs[prefixe + "debut_date_effective"] == "2026-12-24"
        assert horaires.valeurs[prefixe + "fin_date_effective"] == "2027-01-02"
    assert horaires.semaines[1]["dit"].replace("\u00a0", " ").startswith("Du 24 décembre 2026 au 2 janvier 2027")
    horaires.retirer_semaine(periode)
    assert cles(horaires) == ["1"]


def test_rows_have_an_end(horaires: Any) -> None:
    for _ in range(LIGNES_MAXIMUM + 5):
        horaires.ajouter_plage(bloc(horaires), 2)
    assert len(cles(horaires)) == LIGNES_MAXIMUM
    assert "au plus" in horaires.horaires_dits
    horaires.toujours_ouvert(bloc(horaires))
    assert len(cles(horaires)) == 7


@pytest.mark.parametrize(
    ("geste", "arguments"),
    [
        ("heure_saisie", ("9", "heure_fin", "8h")),
        ("heure_saisie", ("1", "nom_offre", "8h")),
        ("heure_saisie", ("1", "heure_fin", 8)),
        ("heure_saisie", (None, "heure_fin", "8h")),
        ("ajouter_plage", ("{bloc}", 8)),
        ("ajouter_plage", ("{bloc}", -1)),
        ("ajouter_plage", ("{bloc}", True)),
        ("ajouter_plage", ("{bloc}", "1")),
        ("ajouter_plage", ("inconnu", 1)),
        ("ajouter_plage", ([], 1)),
        ("retirer_plage", ("9",)),
        ("retirer_plage", ({},)),
        ("ouvrir_copie", ("{bloc}", 9)),
        ("viser", (9,)),
        ("copier", ("{bloc}", 1, [9])),
        ("copier", ("{bloc}", 1, "12")),
        ("copier", ("{bloc}", 1, list(range(1, 8)) * 99)),
        ("toujours_ouvert", ("inconnu",)),
        ("ajouter_semaine", ("oui",)),
        ("changer_semaine", ("{bloc}", "heure_debut", "8h")),
        ("changer_semaine", ("{bloc}", "type_horaire", "99")),
        ("changer_semaine", ("{bloc}", "debut_date_effective", "x" * 41)),
        ("changer_semaine", ("{bloc}", "debut_date_effective", 3)),
        ("retirer_semaine", ("inconnu",)),
    ],
)
def test_hours_refuse_what_no_page_sends(horaires: Any, geste: str, arguments: tuple[Any, ...]) -> None:
    avant = (dict(horaires.valeurs), list(cles(horaires)))
    with pytest.raises(SaisieInvalide):
        getattr(horaires, geste)(*(bloc(horaires) if a == "{bloc}" else a for a in arguments))
    assert (horaires.valeurs, cles(horaires)) == avant


@pytest.mark.parametrize(
    ("geste", "arguments"),
    [("heure_saisie", ("1", "heure_fin", "8h")), ("ajouter_semaine", (False,)), ("annuler_horaires", ())],
)
def test_hours_are_gestures_of_their_own_form_only(zone: Any, geste: str, arguments: tuple[Any, ...]) -> None:
    if geste == "annuler_horaires":
        zone.annuler_horaires()
        assert zone.lignes.get("horaire", []) == []
        return
    with pytest.raises(SaisieInvalide):
        getattr(zone, geste)(*arguments)


# -------------------------------------------------------------------------------- zone


def codes(etat: Any) -> list[str]:
    return etat.valeurs["zone_intervention"].split()


def lignes(etat: Any) -> list[str]:
    return [d["texte"].replace("\u00a0", " ") for d in etat.departements]


def test_zone_is_counted_and_its_names_stay_folded(zone: Any) -> None:
    assert lignes(zone) == ["Tarn : 1 commune sur 3"]
    assert zone.departements[0]["communes"] == []
    zone.voir_departement("81", 0)
    assert [c["libelle"] for c in zone.departements[0]["communes"]] == ["Albi"]
    zone.voir_departement("81", 0)
    assert zone.departements[0]["communes"] == []


def test_commune_found_is_added_and_undone(zone: Any) -> None:
    zone.chercher_zone("zone", "gail")
    zone.choisir_commune("81099")
    assert codes(zone) == ["81004", "81099"]
    assert "1 commune ajoutée" in zone.zone_dite.replace("\u00a0", " ")
    zone.annuler_zone()
    assert codes(zone) == ["81004"]


def test_whole_departement_is_added_then_taken_away(zone: Any) -> None:
    zone.chercher_zone("zone", "tarn")
    zone.choisir_commune("d:81")
    assert lignes(zone) == ["Tarn : 3 communes, toutes"]
    assert "2 communes ajoutées, 1 y était déjà" in zone.zone_dite.replace("\u00a0", " ")
    zone.retirer_departement("81")
    assert (codes(zone), zone.zone_totale) == ([], "Aucune commune")


def test_communes_around_another_are_added(zone: Any) -> None:
    zone.ajouter_autour()
    assert "Choisissez d’abord" in zone.zone_dite
    zone.chercher_zone("centre", "albi")
    zone.choisir_centre("81004")
    zone.changer_distance("30")
    zone.ajouter_autour()
    assert codes(zone) == ["81004", "81099"]


def test_pasted_list_says_how_many_and_which_are_unknown(zone: Any) -> None:
    zone.coller("81099;81065, 81004\n81999 x")
    zone.ajouter_liste()
    assert codes(zone) == ["81004", "81065", "81099"]
    dite = zone.zone_dite.replace("\u00a0", " ")
    assert "2 communes ajoutées, 1 y était déjà" in dite
    assert "Codes inconnus : 81999, X." in dite


def test_unknown_code_of_the_form_is_shown_and_can_be_taken_away(zone: Any) -> None:
    zone.valeurs["zone_intervention"] = "81004 81999"
    zone.voir_departement("81", 0)
    assert zone.zone_inconnus == ["81999"]
    zone.retirer_commune("81999")
    assert (codes(zone), zone.zone_inconnus) == (["81004"], [])


def test_zone_too_long_is_refused_whole(zone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rxror.ui.saisie_communes.COMMUNES_MAXIMUM", 2)
    zone.coller("81099 81065")
    zone.ajouter_liste()
    assert codes(zone) == ["81004"]
    assert "2 communes au plus" in zone.zone_dite.replace("\u00a0", " ")


def test_names_are_sent_by_pages_of_fifty(zone: Any) -> None:
    with db.transaction() as session:
        for n in range(120):
            session.add(
                Commune(
                    code_insee=f"12{n:03d}", nom=f"N{n:03d}", code_postal="1", departement="12", region="", recherche=""
                )
            )
    zone.valeurs["zone_intervention"] = " ".join(f"12{n:03d}" for n in range(120))
    zone.voir_departement("12", 0)
    tailles = [len(zone.departements[0]["communes"])]
    for _ in range(4):
        zone.voir_departement("12", 1)
        tailles.append(len(zone.departements[0]["communes"]))
    assert tailles == [50, 50, 20, 20, 20]
    zone.voir_departement("12", -1)
    assert zone.departements[0]["communes"][0]["libelle"] == "N050"


@pytest.mark.parametrize(
    ("geste", "arguments"),
    [
        ("chercher_zone", ("ailleurs", "albi")),
        ("chercher_zone", ("zone", 3)),
        ("choisir_commune", ("81065",)),
        ("choisir_commune", (None,)),
        ("choisir_centre", ("81065",)),
        ("changer_distance", ("201",)),
        ("changer_distance", ("-5",)),
        ("changer_distance", (5,)),
        ("coller", (["81065"],)),
        ("retirer_commune", ("81065",)),
        ("retirer_commune", (None,)),
        ("retirer_departement", ("12",)),
        ("voir_departement", ("81", 2)),
        ("voir_departement", (81, 0)),
        ("voir_departement", ("81", True)),
        ("voir_departement", ("81", 1.0)),
    ],
)
def test_zone_refuses_what_no_page_sends(zone: Any, geste: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(SaisieInvalide):
        getattr(zone, geste)(*arguments)
    assert codes(zone) == ["81004"]


@pytest.mark.parametrize("geste", ["ajouter_liste", "ajouter_autour", "annuler_zone"])
def test_zone_is_a_gesture_of_its_own_form_only(horaires: Any, geste: str) -> None:
    with pytest.raises(SaisieInvalide):
        getattr(horaires, geste)()


# ------------------------------------------------------------------------ what is drawn


@pytest.mark.parametrize("section", ["horaires", "zone"])
def test_every_control_has_a_name_that_is_said(section: str) -> None:
    classe: type[SQLModel] = OffreOperationnelle
    rendu = str(formulaire_view(EditionState, classe, section))
    assert "htmlFor" in rendu
    assert "aria-describedby" in rendu or "ariaDescribedby" in rendu or "aria-invalid" in rendu
