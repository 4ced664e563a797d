"""Days and hours as a référent reads them: « 23 novembre 2026 », « 10 h 42 », at Paris time."""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from rxror.ror.typographie import INSECABLE

PARIS = ZoneInfo("Europe/Paris")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def aujourd_hui() -> date:
    """Today, in Paris."""
    return datetime.now(PARIS).date()


def utc(instant: datetime) -> datetime:
    """An instant of the database in universal time: SQLite gives it without its zone."""
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def en_iso(instant: datetime | None) -> str | None:
    """An instant of the database as the trace keeps it, « 2026-11-23T09:42:00+00:00 »; None for none."""
    return utc(instant).isoformat() if instant else None


def a_paris(instant: datetime) -> datetime:
    """An instant at Paris time; one without zone, as SQLite gives it back, is UTC."""
    return utc(instant).astimezone(PARIS)


def jour_de(instant: date | datetime) -> date:
    """The day, in Paris, of a day or of an instant."""
    return a_paris(instant).date() if isinstance(instant, datetime) else instant


def minuit(jour: date) -> datetime:
    """The first instant of a day in Paris, in universal time."""
    return datetime.combine(jour, time(), PARIS).astimezone(UTC)


def mois_avant(instant: datetime, nombre: int) -> datetime:
    """That many months before: the same day of the month, or the last one it has."""
    annee, mois = divmod(instant.year * 12 + instant.month - 1 - nombre, 12)
    return instant.replace(year=annee, month=mois + 1, day=min(instant.day, monthrange(annee, mois + 1)[1]))


def date_longue(instant: date | datetime) -> str:
    """« 23 novembre 2026 », « 1er décembre 2026 »."""
    jour = jour_de(instant)
    numero = "1er" if jour.day == 1 else str(jour.day)
    return f"{numero}{INSECABLE}{mois_annee(jour)}"


def mois_annee(jour: date) -> str:
    """« novembre 2026 »."""
    return f"{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def jour_date(jour: date) -> str:
    """« Lundi 23 novembre 2026 »."""
    return f"{JOURS[jour.weekday()].capitalize()}{INSECABLE}{date_longue(jour)}"


def heure(instant: datetime | time) -> str:
    """« 10 h 42 »."""
    moment = a_paris(instant) if isinstance(instant, datetime) else instant
    return f"{moment.hour}{INSECABLE}h{INSECABLE}{moment.minute:02d}"


def date_heure(instant: datetime) -> str:
    """« 23 novembre 2026 à 10 h 42 »."""
    return f"{date_longue(instant)} à {heure(instant)}"


def quand(instant: datetime) -> str:
    """« à 10 h 42 » today, else « le 22 novembre 2026 à 10 h 42 »."""
    heure_seule = f"à {heure(instant)}"
    return heure_seule if jour_de(instant) == aujourd_hui() else f"le {date_longue(instant)} {heure_seule}"


def moment(instant: datetime, jour: date | None = None) -> str:
    """« aujourd’hui à 10 h 42 », « hier à 9 h 05 », else the day and the hour."""
    ecart = ((jour or aujourd_hui()) - jour_de(instant)).days
    quand = {0: "aujourd’hui", 1: "hier"}.get(ecart) or f"le {date_longue(instant)}"
    return f"{quand} à {heure(instant)}"
