"""The journal of an établissement: for those who may, whole, filtered, and harmless in a spreadsheet."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror.auth.exports import inerte, ligne_csv
from rxror.ror.dates import PARIS
from rxror.ror.erreurs import AccesRefuse
from rxror.services import journal
from rxror.services.acces import Cible
from rxror.services.droits import DROITS, Geste
from rxror.services.journal import COLONNES, NOMS, PAR_PAGE, Vue
from rxror.services.tracer import refuser, une_trace
from rxror.tables import Action, Role, Trace
from tests.fabriques import enregistrer
from tests.services.test_historique import publier


@pytest.fixture
def ici(session: Session, place: SimpleNamespace, monde: Any) -> SimpleNamespace:
    """Claire saved and published, a stranger was refused, and something happened in another établissement."""
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie de jour")
    publier(session, place.claire, place.offre)
    paul = monde.acteur("Paul Étranger")
    refuser(session, paul, f"offre:{place.offre.identifiant_offre}")
    ailleurs = monde.eg("EHPAD")
    session.add(une_trace(place.claire, Action.BROUILLON, ailleurs.num_finess, "offre:76/ailleurs"))
    session.flush()
    return SimpleNamespace(
        **vars(place), paul=paul, ailleurs=ailleurs, cible=Cible("etablissement", place.eg.num_finess)
    )


def lues(session: Session, ou: SimpleNamespace, **vue: Any) -> list[str]:
    lu = journal.lire(session, ou.claire, ou.cible, Vue(**vue))
    return [f"{ligne['qui']} {ligne['phrase']}".replace("\u00a0", " ") for ligne in lu.lignes]


def test_everything_of_this_etablissement_last_first_and_nothing_of_another(session: Session, ici: SimpleNamespace):
    assert lues(session, ici)[0] == "Paul Étranger n’a pas eu accès à ce qui était demandé"
    assert lues(session, ici)[-1] == "Claire Dumas a enregistré Informations générales"
    assert "Claire Dumas a validé" in lues(session, ici)
    traces = session.exec(select(Trace.id).where(Trace.finess == ici.eg.num_finess)).all()
    assert len(lues(session, ici)) == len(traces)


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_of_the_matrix_read_it(session: Session, ici: SimpleNamespace, monde: Any, role: Role):
    qui = monde.acteur("Quelqu’un")
    monde.habiliter(qui, ici.eg, role)
    if Geste.JOURNAL in DROITS[role]:
        assert journal.lire(session, qui, ici.cible, Vue()).lignes
    else:
        for geste in (journal.lire, journal.preparer_l_export):
            with pytest.raises(AccesRefuse):
                geste(session, qui, ici.cible, Vue())


@pytest.mark.parametrize("genre", ["etablissement", "offre", "structure", ""])
def test_journal_of_another_etablissement_is_refused(session: Session, ici: SimpleNamespace, genre: str):
    with pytest.raises(AccesRefuse):
        journal.lire(session, ici.claire, Cible(genre, ici.ailleurs.num_finess), Vue())
    with pytest.raises(AccesRefuse):
        journal.lire(session, ici.paul, ici.cible, Vue())


def test_filters_by_person_act_and_day(session: Session, ici: SimpleNamespace):
    assert len(lues(session, ici, qui=str(ici.paul.id))) == 1
    assert lues(session, ici, geste="brouillon") == ["Claire Dumas a enregistré Informations générales"]
    assert lues(session, ici, geste="refus", qui=str(ici.claire.id)) == []
    jour = PARIS
    aujourd_hui = datetime.now(jour).date()
    assert lues(session, ici, du=aujourd_hui, au=aujourd_hui)
    assert lues(session, ici, au=aujourd_hui - timedelta(days=2)) == []
    assert lues(session, ici, du=aujourd_hui + timedelta(days=2)) == []


def test_a_day_is_a_day_of_paris(session: Session, ici: SimpleNamespace):
    instants = [datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 2, 21, 59, tzinfo=UTC)]
    for instant in (*instants, datetime(2026, 7, 2, 22, 0, tzinfo=UTC)):
        trace = une_trace(ici.claire, Action.GARDE, ici.eg.num_finess, f"etablissement:{ici.eg.num_finess}")
        trace.instant = instant
        session.add(trace)
    session.flush()
    assert len(lues(session, ici, du=date(2026, 7, 2), au=date(2026, 7, 2))) == 2


@pytest.mark.parametrize(
    "vue", [{"du": "hier"}, {"au": "0001-01-01"}, {"geste": "x"}, {"qui": "a\x00"}, {"avant": 2**40}, {"avant": -1}]
)
def test_what_a_base_cannot_hold_is_no_view(vue: dict[str, Any]):
    with pytest.raises(ValidationError):
        Vue(**vue)


def test_pages_of_fifty_lead_to_the_first_line(session: Session, ici: SimpleNamespace):
    for _ in range(2 * PAR_PAGE):
        session.add(une_trace(ici.claire, Action.GARDE, ici.eg.num_finess, "offre:76/x"))
    session.flush()
    total = len(session.exec(select(Trace.id).where(Trace.finess == ici.eg.num_finess)).all())
    avant, vus = 0, 0
    while True:
        lu = journal.lire(session, ici.claire, ici.cible, Vue(avant=avant, geste=None))
        assert len(lu.lignes) <= PAR_PAGE
        vus += len(lu.lignes)
        if not lu.plus_anciennes:
            break
        avant = int(lu.plus_anciennes.rpartition("avant=")[2])
    assert vus == total


def test_queries_do_not_depend_on_the_number_of_lines(session: Session, ici: SimpleNamespace, compter: Any):
    with compter() as peu:
        journal.lire(session, ici.claire, ici.cible, Vue())
    for _ in range(40):
        enregistrer(session, ici.claire, ici.offre, "informations_generales", nom_offre=f"Nom {_}")
    with compter() as beaucoup:
        journal.lire(session, ici.claire, ici.cible, Vue())
    assert len(beaucoup) <= len(peu) <= 12


def test_every_act_has_its_french_name():
    hors = {Action.CONNEXION, Action.DECONNEXION}  # of nobody's établissement
    assert set(Action) - set(NOMS) - hors == set()


# ---------------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    "texte",
    ["=1+1", "+33", "-2", "@SOMME(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0d1", "  =1", '=HYPERLINK("http://x")'],
)
def test_no_cell_computes(texte: str):
    assert inerte(texte) == f"'{texte}"
    (rang,) = csv.reader(io.StringIO(ligne_csv([texte, "a;b"]), newline=""), delimiter=";")
    assert rang == [f"'{texte}", "a;b"]


@pytest.mark.parametrize("texte", ["", "Gynécologie", "2e étage", "1-2", "a=b", "’", "\u00a0x"])
def test_other_cells_are_left_alone(texte: str):
    assert inerte(texte) == texte


def test_file_holds_what_the_page_shows_with_utc_and_zone(session: Session, ici: SimpleNamespace):
    vue = Vue(geste=Action.BROUILLON)
    eg = journal.preparer_l_export(session, ici.claire, ici.cible, vue)
    entete, rang = list(journal.exporter(session, eg, vue))
    assert tuple(entete) == COLONNES
    ligne = dict(zip(entete, rang, strict=True))
    assert datetime.fromisoformat(ligne["Date et heure (UTC)"]).utcoffset() == timedelta(0)
    assert ligne["Personne"] == "Claire Dumas"
    assert ligne["Geste"] == "Brouillon enregistré"
    assert ligne["Nom de l’objet"] == "Gynécologie de jour"
    assert ligne["Section"] == "Informations générales"


def test_export_is_whole_over_its_lots_and_leaves_its_line(
    session: Session, ici: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(journal, "LOT", 2)
    eg = journal.preparer_l_export(session, ici.claire, ici.cible, Vue())
    session.flush()
    rangs = list(journal.exporter(session, eg, Vue()))[1:]
    total = len(session.exec(select(Trace.id).where(Trace.finess == ici.eg.num_finess)).all())
    assert len(rangs) == total
    derniere = session.exec(select(Trace).order_by(col(Trace.id).desc())).first()
    assert derniere is not None
    assert (derniere.action, derniere.nom, derniere.resultat) == (Action.EXPORT, "Claire Dumas", {"lignes": total - 1})


def test_too_long_a_journal_asks_for_dates(session: Session, ici: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal, "EXPORT_MAXIMUM", 1)
    with pytest.raises(journal.TropDeLignes):
        journal.preparer_l_export(session, ici.claire, ici.cible, Vue())
