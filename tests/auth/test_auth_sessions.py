"""Limits of a web session, with a clock that moves; the signing secret; the budget."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from rxror.auth import secret, sessions
from rxror.auth.appareil import appareil
from rxror.auth.debit import Debit
from rxror.services import identite
from rxror.services.identite import Fin
from rxror.tables import Utilisateur, WebSession

MIDI = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def empreinte(session: Session) -> str:
    ouvert = sessions.ouvrir(session, iss="a", sub="1", prenom="Claire", nom="Dumas", maintenant=MIDI)
    session.flush()
    return sessions.empreinte(ouvert)


def test_acteur_is_the_person_of_the_session(session: Session, empreinte: str) -> None:
    acteur = identite.acteur_de(session, empreinte, MIDI)
    assert acteur is not None
    assert (acteur.iss, acteur.sub, acteur.nom, acteur.empreinte) == ("a", "1", "Claire Dumas", empreinte)


@pytest.mark.parametrize("valeur", ["", "inconnue", "' or 1=1 --"])
def test_unknown_session_is_nobody(session: Session, empreinte: str, valeur: str) -> None:
    assert identite.presence(session, valeur, MIDI).fin is Fin.INCONNUE


def test_idle_session_is_over(session: Session, empreinte: str) -> None:
    assert identite.acteur_de(session, empreinte, MIDI + timedelta(minutes=29, seconds=59))
    assert identite.presence(session, empreinte, MIDI + timedelta(minutes=30)).fin is Fin.EXPIREE


def test_session_seen_lives_on_until_the_absolute_limit(session: Session, empreinte: str) -> None:
    for minutes in range(20, 8 * 60, 20):
        instant = MIDI + timedelta(minutes=minutes)
        assert identite.acteur_de(session, empreinte, instant), minutes
        identite.marquer(session, empreinte, instant)
        session.expire_all()
    assert identite.presence(session, empreinte, MIDI + timedelta(hours=8)).fin is Fin.EXPIREE


def test_vue_is_written_at_most_once_a_minute(session: Session, empreinte: str) -> None:
    assert not identite.presence(session, empreinte, MIDI + timedelta(seconds=59)).a_marquer
    assert identite.presence(session, empreinte, MIDI + timedelta(seconds=60)).a_marquer


def test_vue_never_goes_back(session: Session, empreinte: str) -> None:
    identite.marquer(session, empreinte, MIDI - timedelta(hours=1))
    session.expire_all()
    web = session.get(WebSession, empreinte)
    assert web is not None
    assert identite.utc(web.vue) == MIDI


def test_revoked_session_is_over(session: Session, empreinte: str) -> None:
    sessions.fermer(session, empreinte, maintenant=MIDI)
    session.flush()
    assert identite.presence(session, empreinte, MIDI).fin is Fin.REVOQUEE
    assert sessions.fermer(session, empreinte) == sessions.Fermee()


def test_demonstration_person_exists_only_in_demonstration(session: Session, regler: Any) -> None:
    session.add(Utilisateur(iss="demonstration", sub="claire", prenom="Claire", demonstration=True))
    session.flush()
    cle = sessions.empreinte(sessions.ouvrir(session, iss="demonstration", sub="claire", prenom="", nom=""))
    session.flush()
    assert identite.presence(session, cle).fin is Fin.REVOQUEE
    regler(demo=1)
    acteur = identite.acteur_de(session, cle)
    assert acteur is not None
    assert acteur.demonstration


@pytest.mark.parametrize("faible", ["", "court", "a" * 40, "secret" * 6])
def test_start_is_refused_without_a_secret_of_its_own(regler: Any, faible: str) -> None:
    regler(secret=faible)
    with pytest.raises(secret.SecretAbsent, match="RXROR_SECRET"):
        secret.secret()


def test_secret_given_is_used(regler: Any) -> None:
    regler(secret="0123456789abcdef" * 2)
    assert secret.secret() == "0123456789abcdef" * 2


def test_demonstration_makes_its_secret_once(regler: Any, reglages: Path) -> None:
    regler(demo=1, secret="")
    premier = secret.secret()
    assert len(premier) >= secret.LONGUEUR
    assert (reglages / "secret").stat().st_mode & 0o777 == 0o600
    assert reglages.stat().st_mode & 0o777 == 0o700
    secret.secret.cache_clear()
    assert secret.secret() == premier


def test_debit_refuses_then_recovers_and_harms_nobody_else() -> None:
    debit = Debit(par_seconde=2, reserve=4)
    assert [debit.accepte("a", 0) for _ in range(5)] == [True] * 4 + [False]
    assert debit.accepte("b", 0)
    assert not debit.accepte("a", 0.4)
    assert debit.accepte("a", 1)


def test_debit_remembers_a_bounded_number_of_keys() -> None:
    debit = Debit(1, 1, cles=10)
    for numero in range(50):
        debit.accepte(str(numero), 0)
    assert len(debit._seaux) == 10


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0"
CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/142.0 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("annonce", "dit"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (EDGE, "Edge sur Windows"),
        (CHROME, "Chrome sur Android"),
        (SAFARI, "Safari sur iPhone"),
        (IPAD, "Chrome sur iPad"),
        ("curl/8.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
        ("<script>\0" * 10_000, "Navigateur inconnu"),
    ],
)
def test_browser_is_said_in_words_or_not_at_all(annonce: str, dit: str) -> None:
    assert appareil(annonce) == dit
