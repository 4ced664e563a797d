"""The edge that sends: each mail is claimed in SQL by one process, tried, tried again later, then forgotten.

A mail may leave twice if the process dies between the server's answer and the commit; never because two processes
took it. Its Message-ID is the same each time.
"""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from sqlalchemy import update
from sqlmodel import col, select

from rxror import db
from rxror.settings import settings
from rxror.tables import Courriel

log = logging.getLogger("rxror.courriels")

PAUSE = 5  # seconds between two looks at what waits
DELAI = 10  # seconds the mail server may take for each of its answers
PAR_TOUR = 20
# Before the next try. The first leaves the one who claimed the mail more time than it can need.
RECULS = tuple(timedelta(minutes=m) for m in (3, 10, 30, 120, 480, 1440))


class Refus(Exception):
    """The mail did not leave.

    Attributes:
        mot: short word kept with the mail.
        definitif: trying again would give the same answer.
    """

    def __init__(self, mot: str, *, definitif: bool = False) -> None:
        """Keep the word."""
        super().__init__(mot)
        self.mot, self.definitif = mot, definitif


async def facteur() -> None:
    """Send what waits, for as long as the server lives. Nothing is sent in demonstration, nor without mail server."""
    if settings().demo or not settings().smtp_host:
        return
    while True:
        try:
            await asyncio.to_thread(tournee)
        except Exception as exception:  # the outermost edge: the database may be away for a while
            log.error("courriels : %s", type(exception).__name__)
        await asyncio.sleep(PAUSE)


def tournee(maintenant: datetime | None = None) -> int:
    """Try every mail that is due, a few at a time.

    Returns:
        How many left.
    """
    maintenant = maintenant or datetime.now(UTC)
    with db.lecture() as session:
        attendent = session.exec(
            select(Courriel.id, Courriel.essais)
            .where(col(Courriel.prochain_essai) <= maintenant)
            .order_by(col(Courriel.prochain_essai), col(Courriel.id))
            .limit(PAR_TOUR)
        ).all()
    return sum(_essayer(numero, essais, maintenant) for numero, essais in attendent if numero is not None)


def _essayer(numero: int, essais: int, maintenant: datetime) -> bool:
    courriel = _prendre(numero, essais, maintenant)
    if courriel is None:
        return False
    try:
        remettre(message(courriel))
    except Refus as refus:
        _echec(courriel, refus)
        return False
    _noter(numero, envoye=datetime.now(UTC), prochain_essai=None, texte="", erreur="")
    return True


def _prendre(numero: int, essais: int, maintenant: datetime) -> Courriel | None:
    """Claim one mail: only one of those who saw it as it was gets it. Its next try is already written."""
    reculs = RECULS[min(essais, len(RECULS) - 1)]
    with db.transaction() as session:
        pris = session.execute(
            update(Courriel)
            .where(
                col(Courriel.id) == numero,
                col(Courriel.essais) == essais,
                col(Courriel.prochain_essai) <= maintenant,
            )
            .values(essais=essais + 1, prochain_essai=maintenant + reculs)
        )
        return session.get(Courriel, numero) if pris.rowcount == 1 else None  # type: ignore[attr-defined]


def _echec(courriel: Courriel, refus: Refus) -> None:
    """Keep a word of it; give up when it is of no use to go on. The log knows the number, not the person."""
    fini = refus.definitif or courriel.essais > len(RECULS)
    log.warning("courriel %s : %s%s", courriel.id, refus.mot, ", abandonné" if fini else "")
    if fini:
        _noter(courriel.id or 0, prochain_essai=None, texte="", erreur=refus.mot)
    else:
        _noter(courriel.id or 0, erreur=refus.mot)


def _noter(numero: int, **valeurs: object) -> None:
    with db.transaction() as session:
        session.execute(update(Courriel).where(col(Courriel.id) == numero).values(**valeurs))


# --------------------------------------------------------------------------- the message


def message(courriel: Courriel) -> EmailMessage:
    """The mail as it is sent: plain text; a line end in a header is refused by the library itself."""
    ecrit = EmailMessage(policy=SMTP)
    expediteur = settings().expediteur
    ecrit["From"] = expediteur
    ecrit["To"] = courriel.destinataire
    ecrit["Subject"] = courriel.sujet
    ecrit["Date"] = courriel.cree.replace(tzinfo=courriel.cree.tzinfo or UTC)
    ecrit["Message-ID"] = f"<courriel.{courriel.id}.{courriel.cree:%Y%m%d%H%M%S%f}@{expediteur.domain}>"
    ecrit["Auto-Submitted"] = "auto-generated"
    ecrit["Content-Language"] = "fr"
    ecrit.set_content(courriel.texte, cte="quoted-printable")
    return ecrit


# --------------------------------------------------------------------------- the mail server


def remettre(ecrit: EmailMessage) -> None:
    """Give one message to the mail server.

    Raises:
        Refus: it did not take it.
    """
    try:
        with _serveur() as serveur:
            serveur.send_message(ecrit)
    except smtplib.SMTPRecipientsRefused as erreur:
        codes = [code for code, _ in erreur.recipients.values()]
        raise Refus("adresse refusée", definitif=_definitif(codes)) from None
    except smtplib.SMTPDataError as erreur:
        raise Refus("message refusé", definitif=_definitif([erreur.smtp_code])) from None
    except smtplib.SMTPAuthenticationError:
        raise Refus("compte refusé") from None
    except (ssl.SSLError, smtplib.SMTPNotSupportedError):
        raise Refus("liaison non sûre") from None
    except smtplib.SMTPResponseException:
        raise Refus("serveur") from None
    except (OSError, smtplib.SMTPException):
        raise Refus("injoignable") from None


def _serveur() -> smtplib.SMTP:
    """A connection to the mail server, as safe as the settings say, and signed in."""
    reglages = settings()
    ici = urlsplit(reglages.url).hostname
    options = {"host": reglages.smtp_host, "port": reglages.smtp_port, "local_hostname": ici, "timeout": DELAI}
    if reglages.smtp_securite == "tls":
        serveur: smtplib.SMTP = smtplib.SMTP_SSL(**options, context=ssl.create_default_context())
    else:
        serveur = smtplib.SMTP(**options)
    try:
        if reglages.smtp_securite == "starttls":
            serveur.starttls(context=ssl.create_default_context())
        if reglages.smtp_utilisateur:
            serveur.login(reglages.smtp_utilisateur, reglages.smtp_mot_de_passe.get_secret_value())
    except BaseException:
        serveur.close()
        raise
    return serveur


def _definitif(codes: Iterable[int]) -> bool:
    return all(500 <= code < 600 for code in codes)
