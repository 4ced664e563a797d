"""The address that open pages call: what it says of the session, whom it refuses, what it does not do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from rxror import db
from rxror.auth import sessions, veille
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle
from rxror.settings import settings
from rxror.tables import EditionEnCours, Habilitation, Role, Utilisateur, WebSession

ADRESSE = "/auth/veille"
CONTACTS = "/offre/76/0000001/modifier/contacts"
Appeler = Callable[..., Any]


@pytest.fixture(autouse=True)
def reserve() -> None:
    veille._debit.cache_clear()


@pytest.fixture
def appeler(navigateur: Any) -> Appeler:
    """One call of a page of ours."""

    def appeler(chemin: str = "/", origine: str | None = None, **autres: Any) -> Any:
        corps = {"onglet": str(uuid4()), "chemin": chemin} | autres
        return navigateur.post(ADRESSE, json=corps, headers={"Origin": origine or settings().url})

    return appeler


@pytest.fixture
def a_reculer(connecter: Any) -> Callable[..., None]:
    """Claire is signed in; move when her session was opened and last seen."""
    connecter()

    def reculer(**depuis: timedelta) -> None:
        with db.transaction() as session:
            web = session.exec(select(WebSession)).one()
            for nom, duree in depuis.items():
                setattr(web, nom, datetime.now(UTC) - duree)
            session.add(web)

    return reculer


def vue() -> datetime:
    with db.lecture() as session:
        return session.exec(select(WebSession)).one().vue


def ouvrir_une_offre() -> None:
    """An offer that Claire, the only person, looks after."""
    with db.transaction() as session:
        juridique = EntiteJuridique(num_finess="810000001")
        session.add(juridique)
        session.flush()
        eg = EntiteGeographique(entite_juridique_id=juridique.id or 0, num_finess="810000331", categorie_eg="355")
        session.add(eg)
        session.flush()
        session.add(OffreOperationnelle(identifiant_offre="76/0000001", entite_geographique_id=eg.id or 0))
        qui = session.exec(select(Utilisateur.id)).one() or 0
        session.add(Habilitation(utilisateur_id=qui, code=eg.num_finess, role=Role.REFERENT))


def presences() -> list[EditionEnCours]:
    with db.lecture() as session:
        return list(session.exec(select(EditionEnCours)))


def test_open_session_says_how_long_it_lives(appeler: Appeler, connecter: Any) -> None:
    connecter()
    reponse = appeler()
    assert reponse.status_code == 200
    assert reponse.headers["cache-control"] == "no-store"
    dit = reponse.json()
    assert dit.pop("reste") in range(29 * 60, 30 * 60 + 1)
    assert dit == {"session": "ouverte", "prolongeable": True, "presence": "", "edite": False, "dans": 10.0}


def test_asking_never_keeps_a_session_alive(appeler: Appeler, a_reculer: Any) -> None:
    a_reculer(vue=timedelta(minutes=29))
    avant = vue()
    for _ in range(3):
        assert appeler().json()["reste"] <= 60
    assert vue() == avant


def test_rester_connecte_is_activity(appeler: Appeler, a_reculer: Any) -> None:
    a_reculer(vue=timedelta(minutes=29))
    assert appeler(geste="rester").json()["reste"] > 29 * 60


def test_session_near_its_absolute_limit_cannot_be_kept(appeler: Appeler, a_reculer: Any) -> None:
    a_reculer(vue=timedelta(seconds=0), debut=timedelta(hours=7, minutes=59))
    dit = appeler(geste="rester").json()
    assert dit["reste"] <= 60
    assert dit["prolongeable"] is False


@pytest.mark.parametrize("depuis", [{"vue": timedelta(minutes=30)}, {"debut": timedelta(hours=8)}])
def test_session_that_is_over_is_said_over_and_is_not_revived(
    depuis: dict[str, Any], appeler: Appeler, a_reculer: Any
) -> None:
    a_reculer(**depuis)
    for geste in ("", "rester", "quitter"):
        reponse = appeler(geste=geste)
        assert (reponse.status_code, reponse.json()) == (200, {"session": "finie"})


def test_without_a_cookie_or_with_a_false_one_nothing_is_said(appeler: Appeler, navigateur: Any) -> None:
    assert appeler().json() == {"session": "finie"}
    navigateur.cookies.set("rxror", "faux")
    assert appeler(geste="rester").json() == {"session": "finie"}


def test_revoked_session_is_over(appeler: Appeler, connecter: Any, navigateur: Any) -> None:
    connecter()
    with db.transaction() as session:
        sessions.fermer(session, sessions.empreinte(navigateur.cookies["rxror"]))
    assert appeler(CONTACTS, geste="rester").json() == {"session": "finie"}


@pytest.mark.parametrize("origine", ["https://autre.fr", "null", "http://localhost.autre.fr"])
def test_another_site_is_refused(origine: str, appeler: Appeler, a_reculer: Any) -> None:
    a_reculer(vue=timedelta(minutes=29))
    avant = vue()
    assert appeler(origine=origine, geste="rester").status_code == 403
    assert vue() == avant


def test_no_origin_is_nobody(navigateur: Any, connecter: Any) -> None:
    connecter()
    assert navigateur.post(ADRESSE, json={}).status_code == 403


@pytest.mark.parametrize("methode", ["GET", "PUT", "DELETE"])
def test_other_methods_are_refused(methode: str, navigateur: Any) -> None:
    assert navigateur.request(methode, ADRESSE).status_code == 405


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"onglet": 1, "chemin": "/"}',
        b'{"onglet": "x", "chemin": "/"}',
        b'{"onglet": "9d8e9a0e-6f0a-4f0e-8e0a-0a0a0a0a0a0a"}',
        b'{"onglet": "9d8e9a0e-6f0a-4f0e-8e0a-0a0a0a0a0a0a", "chemin": "/", "geste": "effacer"}',
        b'{"onglet": "9d8e9a0e-6f0a-4f0e-8e0a-0a0a0a0a0a0a", "chemin": "/", "nom": "X"}',
        b'{"onglet": "9d8e9a0e-6f0a-4f0e-8e0a-0a0a0a0a0a0a", "chemin": "' + b"x" * 301 + b'"}',
        b'{"onglet": "9d8e9a0e-6f0a-4f0e-8e0a-0a0a0a0a0a0a", "chemin": "/"}' + b" " * 5000,
    ],
)
def test_what_no_page_of_ours_says_is_refused(corps: bytes, navigateur: Any, connecter: Any) -> None:
    connecter()
    reponse = navigateur.post(ADRESSE, content=corps, headers={"Origin": settings().url})
    assert reponse.status_code == 400
    assert reponse.content == b""


def test_flood_is_refused(appeler: Appeler, connecter: Any) -> None:
    connecter()
    statuts = [appeler().status_code for _ in range(60)]
    assert statuts[: veille.RESERVE] == [200] * veille.RESERVE
    assert 429 in statuts


def test_form_open_is_kept_until_it_is_left(appeler: Appeler, connecter: Any) -> None:
    connecter()
    ouvrir_une_offre()
    onglet = str(uuid4())
    assert appeler(CONTACTS, onglet=onglet).json()["edite"] is True
    (ligne,) = presences()
    assert (ligne.objet, ligne.geste, ligne.onglet) == ("offre:76/0000001", "contacts", onglet)
    assert appeler(CONTACTS, onglet=onglet, geste="quitter").json()["edite"] is False
    assert presences() == []


def test_right_taken_away_tells_and_keeps_nothing_more(appeler: Appeler, connecter: Any) -> None:
    connecter()
    ouvrir_une_offre()
    onglet = str(uuid4())
    appeler(CONTACTS, onglet=onglet)
    with db.transaction() as session:
        droit = session.exec(select(Habilitation)).one()
        droit.fin = date(2020, 1, 1)
        session.add(droit)
    assert appeler(CONTACTS, onglet=onglet).json()["edite"] is False
    assert presences() == []
