"""Mails: left with the gesture, sent to a real server, tried again, given up, never forged."""

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror import db
from rxror.courriels import boite, depot, envoi
from rxror.ror.erreurs import AccesRefuse, CourrielIndisponible
from rxror.settings import Settings, settings
from rxror.tables import Courriel
from tests.courriels.conftest import Facteur, port_libre, un_serveur

LIEN = "http://localhost:3000/auth/invitation/le-secret"
A = "paul@exemple.fr"
PARCE_QUE = "parce que Mireille Faure vous invite"


def deposer(adresse: str = A, sujet: str = "Une invitation", texte: str = f"Ouvrez ce lien :\n{LIEN}") -> int:
    with db.transaction() as session:
        courriel = depot.deposer(session, adresse, sujet, texte, pourquoi=PARCE_QUE)
        session.flush()
        return courriel.id or 0


def lu(numero: int) -> Courriel:
    with db.lecture() as session:
        return session.exec(select(Courriel).where(col(Courriel.id) == numero)).one()


def plus_tard(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


# ------------------------------------------------------------------------------ sent


def test_tournee_sends_plain_french_text_and_forgets_it(poste: Facteur):
    numero = deposer()
    assert envoi.tournee() == 1
    ((de, a, recu),) = poste.recus
    assert (de, a) == ("rxror@exemple.fr", [A])
    assert recu["From"] == "rxror <rxror@exemple.fr>"
    assert recu["Subject"] == "Une invitation"
    assert recu["Auto-Submitted"] == "auto-generated"
    assert recu.get_content_type() == "text/plain"
    texte = recu.get_content()
    assert LIEN in texte.splitlines()
    assert f"Vous recevez ce message {PARCE_QUE}." in texte
    garde = lu(numero)
    assert garde.envoye is not None
    assert (garde.texte, garde.prochain_essai, garde.essais, garde.erreur) == ("", None, 1, "")
    assert envoi.tournee(plus_tard(10_000)) == 0


def test_deposer_is_undone_with_the_gesture(poste: Facteur):
    def geste(session: Session) -> None:
        depot.deposer(session, A, "x", "y", pourquoi=PARCE_QUE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        geste(session)
    assert envoi.tournee() == 0
    assert poste.recus == []


def test_two_processes_send_each_mail_once(poste: Facteur):
    for n in range(12):
        deposer(sujet=f"n° {n}")
    with ThreadPoolExecutor(4) as ensemble:
        partis = list(ensemble.map(lambda _: envoi.tournee(), range(4)))
    assert sum(partis) == 12
    assert sorted(recu["Subject"] for _, _, recu in poste.recus) == sorted(f"n° {n}" for n in range(12))


def test_facteur_sends_what_waits_while_the_server_lives(poste: Facteur):
    numero = deposer()

    async def servir() -> None:
        tache = asyncio.create_task(envoi.facteur())
        assert await asyncio.to_thread(poste.arrive.wait, 20)
        tache.cancel()
        with suppress(asyncio.CancelledError):
            await tache

    asyncio.run(servir())
    assert [recu["Subject"] for _, _, recu in poste.recus] == ["Une invitation"]
    assert lu(numero).essais == 1


def test_facteur_has_nothing_to_do_without_mail_server(tables: None):
    asyncio.run(envoi.facteur())


# ----------------------------------------------------------------------- not sent


def test_refused_address_is_given_up_at_once(poste: Facteur):
    poste.reponses[A] = "550 5.1.1 unknown"
    numero = deposer()
    assert envoi.tournee() == 0
    garde = lu(numero)
    assert (garde.erreur, garde.texte, garde.prochain_essai, garde.envoye) == ("adresse refusée", "", None, None)


def test_refused_message_is_given_up_at_once(poste: Facteur):
    poste.donnees = "554 spam"
    numero = deposer()
    envoi.tournee()
    assert (lu(numero).erreur, lu(numero).prochain_essai) == ("message refusé", None)


def test_greylisted_address_is_tried_again_later(poste: Facteur):
    poste.reponses[A] = "450 4.2.0 later"
    numero = deposer()
    envoi.tournee()
    assert lu(numero).erreur == "adresse refusée"
    del poste.reponses[A]
    assert envoi.tournee(plus_tard(2)) == 0
    assert envoi.tournee(plus_tard(4)) == 1
    assert lu(numero).erreur == ""


def test_server_down_is_tried_again_with_longer_and_longer_pauses_then_given_up(
    tables: None, reglages_smtp: Callable[..., None]
):
    reglages_smtp(port_libre())
    numero = deposer()
    maintenant, pauses = datetime.now(UTC), []
    for _ in envoi.RECULS:
        envoi.tournee(maintenant)
        garde = lu(numero)
        assert garde.erreur == "injoignable"
        assert LIEN in garde.texte
        assert garde.prochain_essai is not None
        prochain = garde.prochain_essai.replace(tzinfo=UTC)
        pauses.append(prochain - maintenant)
        assert envoi.tournee(prochain - timedelta(seconds=1)) == 0
        assert lu(numero).essais == len(pauses)
        maintenant = prochain
    assert pauses == list(envoi.RECULS)
    envoi.tournee(maintenant)
    garde = lu(numero)
    assert (garde.erreur, garde.texte, garde.prochain_essai) == ("injoignable", "", None)


# ---------------------------------------------------------------------------- TLS


def test_starttls_with_an_unknown_certificate_sends_nothing(
    tables: None, reglages_smtp: Callable[..., None], certificat: tuple[Path, ssl.SSLContext]
):
    with un_serveur(tls_context=certificat[1], require_starttls=True) as (facteur, port):
        reglages_smtp(port, SMTP_SECURITE="starttls")
        numero = deposer()
        assert envoi.tournee() == 0
        assert facteur.recus == []
    assert lu(numero).erreur == "liaison non sûre"
    assert lu(numero).prochain_essai is not None


def test_starttls_that_the_server_does_not_offer_sends_nothing(tables: None, reglages_smtp: Callable[..., None]):
    with un_serveur() as (facteur, port):
        reglages_smtp(port, SMTP_SECURITE="starttls")
        numero = deposer()
        assert envoi.tournee() == 0
        assert facteur.recus == []
    assert lu(numero).erreur == "liaison non sûre"


@pytest.mark.parametrize("mot_de_passe", ["le bon", "un autre"])
def test_starttls_with_a_known_certificate_signs_in(
    tables: None,
    reglages_smtp: Callable[..., None],
    certificat: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    mot_de_passe: str,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificat[0]))
    with un_serveur(tls_context=certificat[1], require_starttls=True) as (facteur, port):
        reglages_smtp(port, SMTP_SECURITE="starttls", SMTP_UTILISATEUR="rxror", SMTP_MOT_DE_PASSE=mot_de_passe)
        numero = deposer()
        assert envoi.tournee() == (mot_de_passe == "le bon")
        assert (b"rxror", mot_de_passe.encode()) in facteur.comptes
        assert facteur.en_tls == [True] * (mot_de_passe == "le bon")
    assert lu(numero).erreur == ("" if mot_de_passe == "le bon" else "compte refusé")


def test_tls_from_the_start(
    tables: None,
    reglages_smtp: Callable[..., None],
    certificat: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificat[0]))
    with un_serveur(ssl_context=certificat[1]) as (facteur, port):
        reglages_smtp(port, SMTP_SECURITE="tls")
        deposer()
        assert envoi.tournee() == 1
        assert len(facteur.recus) == 1


# ---------------------------------------------------------------------- injection


@pytest.mark.parametrize(
    "adresse",
    [
        "",
        "paul",
        "paul@exemple.fr\nBcc: tous@exemple.fr",
        "paul@exemple.fr\r\nBcc: tous@exemple.fr",
        "paul@exemple.fr, tous@exemple.fr",
        "Paul <paul@exemple.fr>",
        "paul@[127.0.0.1]",
        "<script>@exemple.fr",
        "paul@exemple.fr\x00",
        "p" * 250 + "@exemple.fr",
    ],
)
def test_what_is_not_one_address_is_refused(poste: Facteur, adresse: str):
    assert depot.lire_adresse(adresse) == ""
    with pytest.raises(ValueError, match="refusé"):
        deposer(adresse)


def test_line_ends_in_names_stay_on_their_line(poste: Facteur):
    deposer(sujet="CH ALBI\r\nBcc: tous@exemple.fr\r\n\r\nBonjour\u2028\x85\x00 !" + "x" * 400)
    assert envoi.tournee() == 1
    ((_, a, recu),) = poste.recus
    assert a == [A]
    assert recu["Bcc"] is None
    assert str(recu["Subject"]).startswith("CH ALBI Bcc: tous@exemple.fr Bonjour !x")
    assert len(str(recu["Subject"])) <= depot.SUJET_MAX


def test_a_lone_point_does_not_end_the_message(poste: Facteur):
    deposer(texte="avant\n.\r\nMAIL FROM:<x@exemple.fr>\naprès")
    assert envoi.tournee() == 1
    assert len(poste.recus) == 1
    assert "." in poste.recus[0][2].get_content().splitlines()


def test_lire_adresse_gives_the_domain_in_ascii():
    assert depot.lire_adresse(" Paul@Hôpital.FR ") == "Paul@xn--hpital-ixa.fr"


# ----------------------------------------------------------------------- settings


def test_deposer_without_mail_server_is_refused_before_anything(tables: None):
    assert not depot.disponible()
    with pytest.raises(CourrielIndisponible):
        deposer()


@pytest.mark.parametrize(
    ("autres", "mot"),
    [
        ({"COURRIEL_EXPEDITEUR": ""}, "EXPEDITEUR"),
        ({"COURRIEL_EXPEDITEUR": "rxror"}, "EXPEDITEUR"),
        ({"COURRIEL_EXPEDITEUR": "a\nBcc: b <rxror@exemple.fr>"}, "EXPEDITEUR"),
        ({"SMTP_HOST": "smtp.exemple.fr"}, "SECURITE"),
        ({"SMTP_UTILISATEUR": "rxror"}, "MOT_DE_PASSE"),
        ({"SMTP_MOT_DE_PASSE": "un secret"}, "UTILISATEUR"),
        ({"SMTP_SECURITE": "ssl"}, "smtp_securite"),
    ],
)
def test_settings_that_cannot_send_stop_the_start(reglages_smtp: Callable[..., None], autres: dict[str, str], mot: str):
    reglages_smtp(25, **autres)
    with pytest.raises(ValidationError, match=mot):
        Settings()  # type: ignore[call-arg]


def test_the_password_is_in_no_description_of_the_settings(reglages_smtp: Callable[..., None]):
    reglages_smtp(25, SMTP_UTILISATEUR="rxror", SMTP_MOT_DE_PASSE="secret-du-courriel")
    assert "secret-du-courriel" not in f"{settings()!r}{settings().model_dump_json()}"


# ------------------------------------------------------------------ demonstration


def test_demonstration_sends_nothing_and_shows_all(
    tables: None, reglages_smtp: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    with un_serveur() as (facteur, port):
        reglages_smtp(port, DEMO="1")
        for n in range(boite.AU_PLUS + 1):
            deposer(sujet=f"n° {n}")
        assert envoi.tournee(plus_tard(10_000)) == 0
        assert facteur.recus == []
    with db.lecture() as session:
        lus = boite.lire(session)
    assert [c.sujet for c in lus] == [f"n° {n}" for n in range(boite.AU_PLUS, 0, -1)]
    assert boite.Ligne(LIEN, "/auth/invitation/le-secret") in lus[0].lignes


def test_outside_demonstration_the_outbox_is_nobodys(poste: Facteur):
    deposer()
    with db.lecture() as session, pytest.raises(AccesRefuse):
        boite.lire(session)
