"""A person's own open sessions: which are shown, which end, and that nobody else's ever does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror.ror.erreurs import Conflit, SaisieInvalide
from rxror.services import connexions, identite
from rxror.services.acces import Acteur
from rxror.services.connexions import Terminer, TerminerLesAutres
from rxror.tables import Action, Trace, WebSession

Ouvrir = Callable[..., Acteur]


@pytest.fixture
def ouvrir(session: Session) -> Ouvrir:
    """The person, in one more browser."""

    def ouvrir(qui: Acteur, lettre: str, il_y_a: float = 0, **autres: Any) -> Acteur:
        instant = datetime.now(UTC) - timedelta(minutes=il_y_a)
        valeurs = {"debut": instant, "vue": instant, "appareil": f"Navigateur {lettre}", "id_token": "jeton"} | autres
        session.add(WebSession(empreinte=lettre * 64, utilisateur_id=qui.id, **valeurs))
        session.flush()
        return replace(qui, empreinte=lettre * 64)

    return ouvrir


def noms(session: Session, qui: Acteur) -> list[str]:
    return [c.appareil[-1] for c in connexions.lire(session, qui).connexions]


def repere(session: Session, qui: Acteur, lettre: str) -> str:
    return next(c.repere for c in connexions.lire(session, qui).connexions if c.appareil.endswith(lettre))


def test_own_open_sessions_are_shown_the_present_one_first(session: Session, monde: Any, ouvrir: Ouvrir) -> None:
    claire, paul = monde.acteur(), monde.acteur("Paul")
    ici = ouvrir(claire, "a", 5)
    ouvrir(claire, "b", 1)
    ouvrir(claire, "c", 3)
    ouvrir(claire, "d", 31)  # idle for too long
    ouvrir(claire, "e", debut=datetime.now(UTC) - timedelta(hours=8))  # open for too long
    ouvrir(claire, "f", revoquee=datetime.now(UTC))
    ouvrir(paul, "g")
    vues = connexions.lire(session, ici)
    assert noms(session, ici) == ["a", "b", "c"]
    assert [c.ici for c in vues.connexions] == [True, False, False]
    assert vues.autres == 2
    assert not [c for c in vues.connexions if c.repere in (lettre * 24 for lettre in "abc")]


def test_terminer_ends_one_and_tells_it_once(session: Session, monde: Any, ouvrir: Ouvrir) -> None:
    ici = ouvrir(monde.acteur(), "a")
    la = ouvrir(ici, "b")
    ouvrir(ici, "c", 1)
    demande = Terminer(repere=repere(session, ici, "b"), cle=uuid4())
    assert [connexions.terminer(session, ici, demande) for _ in range(2)] == ["Navigateur b"] * 2
    session.flush()
    assert noms(session, ici) == ["a", "c"]
    assert identite.acteur_de(session, la.empreinte) is None
    assert identite.acteur_de(session, ici.empreinte) is not None
    assert session.get_one(WebSession, la.empreinte).id_token == ""
    trace = session.exec(select(Trace)).one()
    assert (trace.action, trace.utilisateur_id, trace.resultat) == (
        Action.DECONNEXION,
        ici.id,
        {"terminees": ["Navigateur b"]},
    )


def test_terminer_ends_neither_the_present_one_nor_somebody_else_s(
    session: Session, monde: Any, ouvrir: Ouvrir
) -> None:
    ici, autre = ouvrir(monde.acteur(), "a"), ouvrir(monde.acteur("Paul"), "b")
    with pytest.raises(SaisieInvalide):
        connexions.terminer(session, ici, Terminer(repere=repere(session, ici, "a"), cle=uuid4()))
    assert connexions.terminer(session, ici, Terminer(repere=repere(session, autre, "b"), cle=uuid4())) == ""
    assert identite.acteur_de(session, autre.empreinte) is not None
    assert session.exec(select(Trace)).all() == []


def test_les_autres_are_those_that_were_shown(session: Session, monde: Any, ouvrir: Ouvrir) -> None:
    ici = ouvrir(monde.acteur(), "a")
    autre = ouvrir(monde.acteur("Paul"), "z")
    ouvrir(ici, "b", 2)
    vu = connexions.lire(session, ici).vu
    ouvrir(ici, "c", 1)
    with pytest.raises(Conflit):
        connexions.terminer_les_autres(session, ici, TerminerLesAutres(vu=vu, cle=uuid4()))
    assert noms(session, ici) == ["a", "c", "b"]
    demande = TerminerLesAutres(vu=connexions.lire(session, ici).vu, cle=uuid4())
    assert [connexions.terminer_les_autres(session, ici, demande) for _ in range(2)] == [2, 2]
    session.flush()
    assert noms(session, ici) == ["a"]
    assert noms(session, autre) == ["z"]
    traces = session.exec(select(Trace.resultat).order_by(col(Trace.id))).all()
    assert traces == [{"terminees": ["Navigateur c", "Navigateur b"]}]


def test_key_of_another_gesture_is_refused(session: Session, monde: Any, ouvrir: Ouvrir) -> None:
    ici, cle = ouvrir(monde.acteur(), "a"), uuid4()
    autre = ouvrir(monde.acteur("Paul"), "z")
    ouvrir(ici, "b")
    connexions.terminer(session, ici, Terminer(repere=repere(session, ici, "b"), cle=cle))
    with pytest.raises(SaisieInvalide):
        connexions.terminer_les_autres(session, autre, TerminerLesAutres(vu="0", cle=cle))


@pytest.mark.parametrize(
    "faux", [{"repere": "a" * 23}, {"repere": "A" * 24}, {"cle": "x"}, {"autre": "1"}, {"repere": 1}]
)
def test_anything_else_is_not_a_gesture(faux: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Terminer(**{"repere": "a" * 24, "cle": uuid4()} | faux)


@pytest.mark.parametrize(
    ("lesquelles", "restent"),
    [({}, ""), ({"iss": "https://idp.test"}, ""), ({"iss": "https://autre.test"}, "abz"), ({"sub": "s1"}, "z")],
)
def test_who_runs_the_service_ends_those_of_everybody_or_of_one(
    lesquelles: dict[str, str], restent: str, session: Session, monde: Any, ouvrir: Ouvrir
) -> None:
    claire, paul = monde.acteur(), monde.acteur("Paul")
    assert (claire.iss, claire.sub, paul.sub) == ("https://idp.test", "s1", "s2")
    for qui, lettre in ((claire, "a"), (claire, "b"), (paul, "z")):
        ouvrir(qui, lettre)
    assert connexions.terminer_celles(session, **lesquelles) == 3 - len(restent)
    session.flush()
    assert sorted(noms(session, claire) + noms(session, paul)) == list(restent)
    assert connexions.terminer_celles(session, **lesquelles) == 0
    dits = {t.resultat["personne"]: t.resultat["terminees"] for t in session.exec(select(Trace))}
    assert dits == {qui.id: n for qui, n in ((claire, 2), (paul, 1)) if not noms(session, qui)}
