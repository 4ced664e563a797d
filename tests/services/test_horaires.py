"""Hours as they are saved, published and read."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.objets import Horaire
from rxror.services import fiche
from rxror.services.acces import Cible
from rxror.tables import Brouillon
from tests.fabriques import enregistrer, garder


@pytest.fixture
def lundi(place: SimpleNamespace, session: Session) -> Any:
    """The offer is open on Mondays from 8:30 to 17:00."""
    return garder(
        session,
        Horaire(
            offre_operationnelle_id=place.offre.id,
            type_horaire="01",
            jour_semaine=1,
            heure_debut="08:30",
            heure_fin="17:00",
        ),
    )


def gardees(session: Session) -> list[tuple[str, int | None, str, str]]:
    brouillon = session.exec(select(Brouillon)).one()
    return [(e["cle"], e["jour_semaine"], e["heure_debut"], e["heure_fin"]) for e in brouillon.valeurs["horaire"]]


def test_hours_saved_untouched_leave_nothing(place: SimpleNamespace, session: Session, lundi: Any) -> None:
    assert enregistrer(session, place.claire, place.offre, "horaires").change is False
    assert session.exec(select(Brouillon)).all() == []


def test_night_is_cut_on_saving_and_its_row_keeps_its_key(place: SimpleNamespace, session: Session, lundi: Any) -> None:
    for _ in range(2):
        saisie = {f"horaire.{lundi.id}.heure_debut": "20h", f"horaire.{lundi.id}.heure_fin": "8h"}
        enregistrer(session, place.claire, place.offre, "horaires", **saisie)
        coupees = gardees(session)
        assert (str(lundi.id), 1, "20:00", "24:00") in coupees
        assert any(c[1:] == (2, "00:00", "08:00") for c in coupees)


def test_hour_that_cannot_be_read_is_kept_as_typed_and_cuts_nothing(
    place: SimpleNamespace, session: Session, lundi: Any
) -> None:
    chemin = f"horaire.{lundi.id}.heure_fin"
    reponse = enregistrer(
        session, place.claire, place.offre, "horaires", **{f"horaire.{lundi.id}.heure_debut": "20:00", chemin: "25:00"}
    )
    assert "de 00:00 à 24:00" in reponse.erreurs[chemin].replace("\u00a0", " ")
    assert len(gardees(session)) == 1
    assert session.exec(select(Brouillon)).one().illisibles == {chemin: "25:00"}


def test_start_at_24_is_refused_beside_its_field(place: SimpleNamespace, session: Session, lundi: Any) -> None:
    chemin = f"horaire.{lundi.id}.heure_debut"
    reponse = enregistrer(session, place.claire, place.offre, "horaires", **{chemin: "24:00"})
    assert "fin d’un jour" in reponse.erreurs[chemin]


def test_night_published_elsewhere_is_left_as_it_is(place: SimpleNamespace, session: Session, lundi: Any) -> None:
    lundi.heure_debut, lundi.heure_fin = "20:00", "08:00"
    session.flush()
    assert enregistrer(session, place.claire, place.offre, "horaires").change is False


def test_page_of_the_offer_reads_its_hours_aloud(place: SimpleNamespace, session: Session, lundi: Any) -> None:
    vacances = date(2020, 12, 24), date(2021, 1, 3)
    garder(
        session,
        Horaire(
            offre_operationnelle_id=place.offre.id,
            type_horaire="08",
            debut_date_effective=vacances[0],
            fin_date_effective=vacances[1],
        ),
    )
    lue = fiche.lire_offre(session, place.claire, Cible("offre", place.offre.identifiant_offre))
    faits = next(s for s in lue.sections if s["cle"] == "horaires")["faits"]
    lignes = [(e["texte"].replace("\u00a0", " "), e["origine"], bool(e["alerte"])) for e in faits[0]["lignes"]]
    assert lignes == [
        ("Lundi de 8 h 30 à 17 h", "Horaire d'ouverture", False),
        ("Du 24 décembre 2020 au 3 janvier 2021", "Horaire de fermeture", True),
    ]
