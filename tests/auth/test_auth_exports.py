"""Files taken away over HTTP: from a page of ours, by somebody signed in who may, and nobody else."""

import csv
import io
from collections.abc import Iterator

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from rxror import db
from rxror.auth import exports, routes, sessions
from rxror.ror.objets import EntiteGeographique, EntiteJuridique
from rxror.settings import settings
from rxror.tables import Action, Habilitation, Role, Trace, Utilisateur

ORIGINE = {"Origin": "http://localhost:3000"}
FINESS = "810000505"
JOURNAL = "/exports/journal"


@pytest.fixture
def client(tables: None) -> Iterator[TestClient]:
    """A référent of one établissement, signed in; another établissement that is not hers."""
    exports._debit.cache_clear()
    with db.transaction() as session:
        ej = EntiteJuridique(num_finess="810000331")
        session.add(ej)
        session.flush()
        session.add_all(
            EntiteGeographique(num_finess=n, entite_juridique_id=ej.id, denomination_eg=n)
            for n in (FINESS, "810000999")
        )
        secret = sessions.ouvrir(session, iss="https://idp.test", sub="1", prenom="Claire", nom="=Dumas")
        claire = session.exec(select(Utilisateur)).one()
        session.add(Habilitation(utilisateur_id=claire.id, code=FINESS, role=Role.REFERENT))
    client = TestClient(routes.application(), base_url="http://localhost:3000", follow_redirects=False)
    client.cookies.set(sessions.nom_cookie(), secret)
    yield client
    exports._debit.cache_clear()


def lignes() -> list[tuple[Action, str, str]]:
    with db.lecture() as session:
        return [(t.action, t.finess, t.adresse) for t in session.exec(select(Trace).order_by(col(Trace.id)))][1:]


def test_journal_comes_as_a_file_for_french_excel_and_leaves_its_line(client: TestClient):
    client.post(JOURNAL, data={"finess": FINESS, "geste": ""}, headers=ORIGINE)
    reponse = client.post(JOURNAL, data={"finess": FINESS, "geste": ""}, headers=ORIGINE)
    assert reponse.status_code == 200
    assert reponse.headers["content-type"] == "text/csv; charset=utf-8"
    assert reponse.headers["content-disposition"].startswith(f'attachment; filename="journal-{FINESS}-20')
    assert reponse.headers["cache-control"] == "no-store"
    assert reponse.content.startswith(b"\xef\xbb\xbf")
    rangs = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rangs[0][0] == "Date et heure (UTC)"
    assert [r[2] for r in rangs[1:]] == ["Journal exporté"] * 2
    assert lignes() == [(Action.EXPORT, FINESS, "testclient")] * 2


def test_name_that_would_be_a_formula_is_shown_and_not_computed(client: TestClient):
    with db.transaction() as session:
        session.exec(select(Utilisateur)).one().prenom = ""
    client.post(JOURNAL, data={"finess": FINESS}, headers=ORIGINE)
    assert '"\'=Dumas"' in client.post(JOURNAL, data={"finess": FINESS}, headers=ORIGINE).text


@pytest.mark.parametrize("finess", ["810000999", "000000000", "", "x' OR 1=1 --", "a\x00b"])
def test_what_is_not_hers_is_refused_and_told(client: TestClient, finess: str):
    reponse = client.post(JOURNAL, data={"finess": finess}, headers=ORIGINE)
    assert reponse.status_code == 404
    assert "ne vous est pas confiée" in reponse.text
    assert [a for a, *_ in lignes()] == [Action.REFUS]


@pytest.mark.parametrize("origine", [{}, {"Origin": "null"}, {"Origin": "https://autre.fr"}])
def test_another_site_gets_nothing_and_leaves_nothing(client: TestClient, origine: dict[str, str]):
    assert client.post(JOURNAL, data={"finess": FINESS}, headers=origine).status_code == 403
    assert lignes() == []


def test_without_a_session_one_signs_in(client: TestClient):
    client.cookies.clear()
    reponse = client.post(JOURNAL, data={"finess": FINESS}, headers=ORIGINE)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/connexion")
    assert client.get(JOURNAL).status_code == 405


@pytest.mark.parametrize("faux", [{"du": "hier"}, {"geste": "x"}, {"avant": "-1"}, {"qui": "a\x00"}])
def test_filter_that_means_nothing_is_refused_in_french(client: TestClient, faux: dict[str, str]):
    reponse = client.post(JOURNAL, data={"finess": FINESS} | faux, headers=ORIGINE)
    assert reponse.status_code == 400
    assert "n’est plus à jour" in reponse.text


def test_too_many_fields_are_refused(client: TestClient):
    assert client.post(JOURNAL, data={f"c{n}": "x" for n in range(30)}, headers=ORIGINE).status_code == 400


def test_too_many_files_wait(client: TestClient):
    statuts = [client.post(JOURNAL, data={"finess": FINESS}, headers=ORIGINE).status_code for _ in range(8)]
    assert statuts == [200] * exports.RESERVE + [429] * 2
    assert settings().url == ORIGINE["Origin"]


# --------------------------------------------------------------------------- mes données


def test_ones_own_data_come_as_json(client: TestClient):
    reponse = client.post("/exports/mes-donnees", headers=ORIGINE)
    assert reponse.status_code == 200
    assert reponse.headers["content-disposition"].startswith('attachment; filename="mes-donnees-20')
    lu = reponse.json()
    assert [u["nom"] for u in lu["utilisateur"]] == ["=Dumas"]
    assert [t["action"] for t in lu["trace"]] == ["connexion"]
    assert client.cookies[sessions.nom_cookie()] not in reponse.text
    assert sessions.empreinte(client.cookies[sessions.nom_cookie()]) not in reponse.text


@pytest.mark.parametrize("origine", [{}, {"Origin": "https://autre.fr"}])
def test_another_site_does_not_take_them(client: TestClient, origine: dict[str, str]):
    assert client.post("/exports/mes-donnees", headers=origine).status_code == 403
    client.cookies.clear()
    assert client.post("/exports/mes-donnees", headers=ORIGINE).headers["location"] == "/connexion"
