"""Who has a form open, said to the others who may read the object; nothing is locked, little is written."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.services import presence
from rxror.services.acces import Acteur
from rxror.services.presence import DUREE, RYTHME, RYTHME_A_PLUSIEURS, Autour, Ici
from rxror.tables import EditionEnCours, Role, Trace

MIDI = datetime(2026, 11, 23, 12, tzinfo=UTC)
Battre = Callable[..., Autour]


@pytest.fixture
def battre(session: Session) -> Battre:
    """One call of a tab, as the address `/auth/veille` handles it."""

    def battre(qui: Acteur, chemin: str, secondes: float = 0, onglet: str = "") -> Autour:
        instant = MIDI + timedelta(seconds=secondes)
        ici = presence.situer(session, qui, onglet or f"onglet-{qui.id}", chemin)
        autour = presence.regarder(session, ici, instant)
        if autour.a_ecrire:
            presence.noter(session, ici, instant)
            session.expire_all()
        return autour

    return battre


@pytest.fixture
def offre(place: Any) -> str:
    return f"/offre/{place.offre.identifiant_offre}"


def lignes(session: Session) -> list[EditionEnCours]:
    return list(session.exec(select(EditionEnCours)))


def test_form_open_is_told_to_the_reader_of_the_object(battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    assert battre(place.claire, offre, 1).phrase == "Mireille Faure modifie Contacts."
    assert battre(place.claire, f"{offre}/modifier/horaires", 2).phrase == "Mireille Faure modifie Contacts."


def test_choice_between_two_values_is_work_on_the_section(battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/conflit/contacts")
    assert battre(place.claire, offre).phrase == "Mireille Faure modifie Contacts."


def test_same_section_is_said_so(battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    autour = battre(place.claire, f"{offre}/modifier/contacts")
    assert autour.phrase == "Mireille Faure modifie aussi cette section."


def test_validation_is_said_so(battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/valider")
    assert battre(place.claire, offre).phrase == "Mireille Faure relit avant de valider."


def test_reading_is_told_to_nobody_and_written_nowhere(
    session: Session, battre: Battre, place: Any, offre: str
) -> None:
    assert not battre(place.mireille, offre).a_ecrire
    assert battre(place.claire, offre).phrase == ""
    assert lignes(session) == []


def test_two_tabs_of_oneself_do_not_show_oneself(session: Session, battre: Battre, place: Any, offre: str) -> None:
    battre(place.claire, f"{offre}/modifier/contacts", onglet="un")
    battre(place.claire, f"{offre}/modifier/horaires", onglet="deux")
    assert len(lignes(session)) == 2
    assert battre(place.claire, offre, onglet="trois").phrase == ""


def test_tab_that_says_nothing_more_is_gone_within_thirty_seconds(battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    presque = battre(place.claire, offre, DUREE.total_seconds() - 1)
    assert presque.phrase
    assert presque.dans == 1  # asked again when it may be gone
    assert battre(place.claire, offre, DUREE.total_seconds()).phrase == ""
    assert timedelta(seconds=30) > DUREE


def test_leaving_the_form_is_said_at_once(session: Session, battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    battre(place.mireille, offre, 1)
    assert battre(place.claire, offre, 1).phrase == ""
    battre(place.mireille, f"{offre}/modifier/contacts", 2)
    presence.oublier(session, place.mireille, f"onglet-{place.mireille.id}")
    assert lignes(session) == []


def test_following_sections_move_the_line(session: Session, battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    battre(place.mireille, f"{offre}/modifier/horaires", 1)
    (ligne,) = lignes(session)
    assert ligne.geste == "horaires"


def test_tab_left_open_is_written_at_most_every_twelve_seconds(battre: Battre, place: Any, offre: str) -> None:
    ecrits = [battre(place.mireille, f"{offre}/modifier/contacts", s).a_ecrire for s in range(0, 60, 5)]
    assert ecrits == [True, False, False] * 4


def test_lines_that_are_over_are_taken_away_by_the_next(
    session: Session, battre: Battre, place: Any, offre: str
) -> None:
    for n in range(5):
        battre(place.mireille, f"{offre}/modifier/contacts", n, onglet=f"tue-{n}")
    battre(place.mireille, f"{offre}/modifier/contacts", 60, onglet="neuf")
    assert [e.onglet for e in lignes(session)] == ["neuf"]


def test_clock_moved_back_an_hour_leaves_no_ghost(session: Session, battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts", 3600, onglet="avant")
    assert battre(place.claire, f"{offre}/modifier/contacts").phrase == ""
    assert [e.utilisateur_id for e in lignes(session)] == [place.claire.id]


@pytest.mark.parametrize("fin", ["", "/modifier/contacts", "/valider"])
def test_somebody_of_another_etablissement_is_told_nothing(
    fin: str, session: Session, monde: Any, battre: Battre, place: Any, offre: str
) -> None:
    paul = monde.acteur("Paul Roux")
    monde.habiliter(paul, monde.eg("Autre"))
    battre(place.mireille, f"{offre}/modifier/contacts")
    assert battre(paul, offre + fin) == Autour()
    assert {e.utilisateur_id for e in lignes(session)} == {place.mireille.id}


def test_lecteur_is_told_and_never_shown(session: Session, monde: Any, battre: Battre, place: Any, offre: str) -> None:
    louise = monde.acteur("Louise Pagès")
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    battre(place.mireille, f"{offre}/modifier/contacts")
    assert not battre(louise, f"{offre}/modifier/contacts").a_ecrire
    assert battre(louise, offre).phrase == "Mireille Faure modifie Contacts."
    assert battre(place.claire, offre).phrase == "Mireille Faure modifie Contacts."


@pytest.mark.parametrize(
    "chemin",
    [
        "",
        "/",
        "/aide",
        "/offre",
        "/offre/76",
        "/offre/76/inconnue",
        "/lieu/",
        "/autre/1",
        "//",
        "/offre/%00/%00",
        "x" * 300,
    ],
)
def test_address_that_names_nothing_is_nowhere(chemin: str, session: Session, battre: Battre, place: Any) -> None:
    assert battre(place.claire, chemin) == Autour()
    assert lignes(session) == []


@pytest.mark.parametrize(
    "suite", ["/modifier/inconnue", "/modifier/informations_complementaires", "/modifier", "/x/contacts"]
)
def test_only_forms_are_told(suite: str, session: Session, battre: Battre, place: Any, offre: str) -> None:
    battre(place.mireille, offre + suite)
    assert lignes(session) == []


def test_the_many_are_counted(session: Session, monde: Any, battre: Battre, place: Any, offre: str) -> None:
    for n in range(4):
        autre = monde.acteur(f"Personne {n}")
        monde.habiliter(autre, place.eg)
        battre(autre, f"{offre}/modifier/contacts")
    assert battre(place.claire, offre).phrase == (
        "Personne 0 modifie Contacts, Personne 1 modifie Contacts, 2 autres personnes aussi."
    )


def test_rhythm_is_faster_with_somebody(battre: Battre, place: Any, offre: str) -> None:
    assert battre(place.claire, offre).dans == RYTHME
    battre(place.mireille, f"{offre}/modifier/contacts")
    assert battre(place.claire, offre).dans == RYTHME_A_PLUSIEURS


def test_presence_leaves_no_trace_and_costs_two_readings(
    session: Session, battre: Battre, place: Any, offre: str, compter: Any
) -> None:
    battre(place.mireille, f"{offre}/modifier/contacts")
    with compter() as sql:
        battre(place.mireille, f"{offre}/modifier/contacts", 5)
    assert [s.split()[0] for s in sql] == ["SELECT", "SELECT"]
    assert session.exec(select(Trace)).all() == []


def test_on_conflict_a_line_is_kept_once(session: Session, place: Any, offre: str) -> None:
    cle = f"offre:{place.offre.identifiant_offre}"
    for geste in ("contacts", "horaires"):
        presence.noter(session, Ici(place.mireille, "un", cle, geste), MIDI)
    session.expire_all()
    assert [e.geste for e in lignes(session)] == ["horaires"]
