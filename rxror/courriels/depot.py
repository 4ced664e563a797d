"""A mail is left in the transaction of the gesture it tells: both are kept, or neither. `envoi` sends it later."""

from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from rxror.ror.erreurs import CourrielIndisponible
from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.tables import Courriel

SUJET_MAX = 200
TEXTE_MAX = 8_000
PAS_DE_COURRIEL = fr(
    "Ce service n’a pas de serveur de courriel : rien n’a été envoyé ni enregistré. "
    "Prévenez la personne qui l’exploite."
)


def disponible() -> bool:
    """Whether mails can leave, or be read in demonstration; asked before a gesture that needs one is offered."""
    return settings().demo or bool(settings().smtp_host)


def lire_adresse(texte: str) -> str:
    """An e-mail address as it will be written to; empty when the text is not one.

    Its domain is in ASCII and in lower case. Nothing is asked of the network.
    """
    try:
        lue = validate_email(texte.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return lue.ascii_email or ""


def deposer(
    session: Session, destinataire: str, sujet: str, texte: str, *, pourquoi: str, maintenant: datetime | None = None
) -> Courriel:
    """Leave a mail in the caller's transaction. It is erased once sent: keep elsewhere what must be known later.

    Args:
        destinataire: address as `lire_adresse` gives it.
        sujet: one line; line ends and other control characters become spaces.
        texte: plain French text, paragraphs apart; « Bonjour », the name of the service and `pourquoi` are added.
        pourquoi: why the person receives it, « parce que Mireille Faure vous invite à … » without the final point.

    Raises:
        CourrielIndisponible: there is no mail server, outside demonstration.
        ValueError: the address is not one, or the text is too long.
    """
    if not disponible():
        raise CourrielIndisponible
    adresse = lire_adresse(destinataire)
    if not adresse or adresse != destinataire or len(texte) > TEXTE_MAX:
        raise ValueError("destinataire ou texte refusé")
    maintenant = maintenant or datetime.now(UTC)
    courriel = Courriel(
        destinataire=adresse,
        sujet=une_ligne(sujet)[:SUJET_MAX],
        texte=_lettre(texte, une_ligne(pourquoi)),
        cree=maintenant,
        prochain_essai=None if settings().demo else maintenant,
    )
    session.add(courriel)
    return courriel


def une_ligne(texte: str) -> str:
    """The same text on one line, without control characters: names come from elsewhere and go into headers."""
    return " ".join("".join(c if c.isprintable() else " " for c in texte).split())


def _lettre(texte: str, pourquoi: str) -> str:
    return fr(
        f"Bonjour,\n\n{texte.strip()}\n\n-- \nrxror, outil libre non officiel, {settings().url}\n"
        f"Vous recevez ce message {pourquoi}.\nMessage automatique : n’y répondez pas.\n"
    )
