"""Planned closures of beds: ours, dated, told, proposed on their days and never applied by themselves."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse
from rxror.services import fermetures_prevues
from rxror.services.acces import Cible
from rxror.services.fermetures_prevues import Prevoir, RetirerFermeture
from rxror.tables import Action, Brouillon, Role, Trace
from tests import fabriques

JUILLET = {"nature": "01", "nombre": "4", "debut": "01/07/2027", "fin": "2027-08-31"}


@pytest.fixture
def lieu(place: Any, session: Any) -> Any:
    return fabriques.un_lieu(session, place.eg, identifiant="LA", nom="Gynéco")


def prevoir(session: Any, qui: Any, **autres: Any) -> None:
    demande = Prevoir(identifiant="LA", cle=autres.pop("cle", uuid4()), **{**JUILLET, **autres})
    fermetures_prevues.prevoir(session, qui, demande)


def lues(session: Any, qui: Any, jour: date) -> Any:
    return fermetures_prevues.du_lieu(session, qui, Cible("lieu", "LA"), jour)


def test_a_planned_closure_is_kept_told_and_taken_away(lieu: Any, place: Any, session: Any) -> None:
    cle = uuid4()
    for _ in range(2):  # the same key again changes nothing
        prevoir(session, place.claire, motif="travaux", cle=cle)
    (prevue,) = lues(session, place.claire, date(2027, 6, 30))
    assert (prevue["etat"], prevue["poser"], prevue["motif"]) == ("À venir", "", "travaux")
    assert "4 lits" in prevue["phrase"].replace("\u00a0", " ")
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.PREVISION)).all()
    assert (trace.objet, trace.finess, trace.nom) == ("lieu:LA", place.eg.num_finess, "Claire Dumas")
    retrait = RetirerFermeture(identifiant="LA", numero=prevue["numero"], cle=uuid4())
    fermetures_prevues.retirer(session, place.claire, retrait)
    assert lues(session, place.claire, date(2027, 6, 30)) == []
    with pytest.raises(Conflit):
        fermetures_prevues.retirer(session, place.claire, retrait.model_copy(update={"cle": uuid4()}))


@pytest.mark.parametrize(
    ("jour", "etat", "poser"),
    [
        (date(2027, 7, 1), "En cours", "4"),
        (date(2027, 8, 31), "En cours", "4"),
        (date(2027, 9, 1), "Passée", ""),
    ],
)
def test_it_is_proposed_on_its_days_and_changes_nothing(
    lieu: Any, place: Any, session: Any, jour: date, etat: str, poser: str
) -> None:
    prevoir(session, place.claire)
    (prevue,) = lues(session, place.claire, jour)
    assert (prevue["etat"], prevue["poser"]) == (etat, poser)
    assert session.exec(select(Brouillon)).all() == []


@pytest.mark.parametrize(
    "faux",
    [{"nombre": "0"}, {"nombre": "x"}, {"debut": ""}, {"debut": "31/02/2027"}, {"fin": "2027-06-30"}],
)
def test_what_means_nothing_is_refused_with_a_sentence(lieu: Any, place: Any, session: Any, faux: Any) -> None:
    with pytest.raises(GesteRefuse):
        prevoir(session, place.claire, **faux)
    assert lues(session, place.claire, date(2027, 7, 1)) == []


def test_a_reader_reads_and_plans_nothing(lieu: Any, place: Any, session: Any, monde: Any) -> None:
    lecteur = monde.acteur("Louise Pagès")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    prevoir(session, place.claire)
    (prevue,) = fermetures_prevues.de_l_etablissement(session, lecteur, place.eg.num_finess, date(2027, 7, 1))
    assert not prevue["libre"]
    with pytest.raises(AccesRefuse):
        prevoir(session, lecteur)
