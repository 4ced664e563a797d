"""How fresh an offer is: it is due once a year, and said two months before.

Source: fiche « Comment mettre à jour mon offre ? » (« au minimum une fois par an »); indicator RE1.2.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rxror.ror.dates import date_longue, jour_de, minuit
from rxror.ror.typographie import fr

MOIS_A_JOUR, MOIS_VALABLE = 10, 12
JOURS_DE_RELECTURE = 30  # a yearly review: what was confirmed within it is done
MOIS_SANS_TOUT_RELIRE = 24  # after these, the next card shows everything: each fact is seen every third year


class Fraicheur(StrEnum):
    """State of an offer, from its last validation; the value is what SQL answers."""

    A_JOUR = "a_jour"
    A_REVOIR = "a_revoir"
    EN_RETARD = "en_retard"
    JAMAIS = "jamais"
    FERMEE = "fermee"


@dataclass(frozen=True)
class Etat:
    """A state as shown: its words, and the kind of dial (ajour, revoir, retard, brouillon, ferme)."""

    mot: str = ""
    sorte: str = "ferme"


ETATS = {
    Fraicheur.A_JOUR: Etat("À jour", "ajour"),
    Fraicheur.A_REVOIR: Etat("À revoir", "revoir"),
    Fraicheur.EN_RETARD: Etat("En retard", "retard"),
    Fraicheur.JAMAIS: Etat("Jamais validée", "retard"),
    Fraicheur.FERMEE: Etat("Fermée", "ferme"),
}
BROUILLON = Etat("Enregistré, à valider", "brouillon")
EN_COURS = Etat("Brouillon en cours", "brouillon")  # something typed in it cannot be read yet
SANS_OFFRE = Etat("Aucune offre", "ferme")


@dataclass(frozen=True)
class Compte:
    """Offers of one place by state; closed ones are due to nobody and stay out of `total`."""

    total: int = 0
    a_jour: int = 0
    a_revoir: int = 0
    en_retard: int = 0
    brouillons: int = 0
    fermees: int = 0

    def __add__(self, autre: "Compte") -> "Compte":
        """Sum of two places."""
        return Compte(
            self.total + autre.total,
            self.a_jour + autre.a_jour,
            self.a_revoir + autre.a_revoir,
            self.en_retard + autre.en_retard,
            self.brouillons + autre.brouillons,
            self.fermees + autre.fermees,
        )

    @property
    def fraicheur(self) -> Fraicheur:
        """State of the place: that of its worst offer; FERMEE when there is none to keep."""
        if self.en_retard:
            return Fraicheur.EN_RETARD
        if self.a_revoir:
            return Fraicheur.A_REVOIR
        return Fraicheur.A_JOUR if self.total else Fraicheur.FERMEE

    @property
    def etat(self) -> Etat:
        """That state in words: « En retard : 6 offres »."""
        etat = ETATS[self.fraicheur]
        if self.fraicheur is Fraicheur.FERMEE:
            return SANS_OFFRE
        nombre = {Fraicheur.EN_RETARD: self.en_retard, Fraicheur.A_REVOIR: self.a_revoir}.get(self.fraicheur)
        return Etat(fr(f"{etat.mot} : {offres(nombre)}"), etat.sorte) if nombre else etat

    @property
    def avancement(self) -> str:
        """« 12 sur 80 à jour »."""
        return f"{self.a_jour} sur {self.total} à jour"


def offres(nombre: int) -> str:
    """« 1 offre », « 6 offres », « aucune offre »."""
    return "aucune offre" if not nombre else f"{nombre} offre{'s' if nombre > 1 else ''}"


def ajouter_mois(jour: date, mois: int) -> date:
    """The same day so many months later, or the last of that month."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, indice = divmod(rang, 12)
    return date(annee, indice + 1, min(jour.day, monthrange(annee, indice + 1)[1]))


def echeance(validation: date | datetime) -> date:
    """Last day on which an offer validated then is not late."""
    return ajouter_mois(jour_de(validation), MOIS_VALABLE)


def seuil(jour: date, mois: int) -> datetime:
    """First instant of the oldest day of validation still good, `mois` months later, on that day (UTC)."""
    premier = ajouter_mois(jour, -mois)
    while ajouter_mois(premier, mois) < jour:
        premier += timedelta(days=1)
    return minuit(premier)


def validees_pour(mois: date) -> tuple[datetime, datetime]:
    """From which instant, and before which (UTC), was validated what is due in the month of that day."""
    debut = ajouter_mois(mois.replace(day=1), -MOIS_VALABLE)
    return minuit(debut), minuit(ajouter_mois(debut, 1))


def fraicheur_de(validation: datetime | None, jour: date) -> Fraicheur:
    """State on that day of one offer that is open; `ror.fermeture` says whether it is."""
    if validation is None:
        return Fraicheur.JAMAIS
    if echeance(validation) < jour:
        return Fraicheur.EN_RETARD
    return Fraicheur.A_JOUR if ajouter_mois(jour_de(validation), MOIS_A_JOUR) >= jour else Fraicheur.A_REVOIR


def vient_d_etre_relu(validation: datetime | None, jour: date) -> bool:
    """Whether the review that is under way has seen an object validated then."""
    return validation is not None and jour_de(validation) > jour - timedelta(days=JOURS_DE_RELECTURE)


def tout_est_a_relire(complete: datetime | None, jour: date) -> bool:
    """Whether the next review shows all the facts of an object that was last seen whole then.

    Without it they would be older than three years at the review after.
    """
    return complete is None or ajouter_mois(jour_de(complete), MOIS_SANS_TOUT_RELIRE) <= jour


def precision(fraicheur: Fraicheur, validation: datetime | None) -> str:
    """The one date that counts in that state, e.g. « validée le 2 décembre 2025 »."""
    if validation is None:
        return ""
    if fraicheur is Fraicheur.A_JOUR:
        return f"validée le {date_longue(validation)}"
    verbe = "était à valider" if fraicheur is Fraicheur.EN_RETARD else "à valider"
    return f"{verbe} avant le {date_longue(echeance(validation))}"
