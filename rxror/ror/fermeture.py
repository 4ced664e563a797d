"""Closing and reopening: what a closing is, what it may not be, and what it does to what hangs below.

Source: RG_EXP_003, 043 to 047; MOS for the order of opening and closing. The reason (motif) has no attribute in the
ROR: it stays in the trace.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from sqlmodel import SQLModel

from rxror.ror import messages
from rxror.ror.champs import Champ, Contexte, Edition, TypeChamp, champs_de
from rxror.ror.dates import date_longue
from rxror.ror.fraicheur import ETATS, Etat, Fraicheur, fraicheur_de, precision
from rxror.ror.objets import OffreOperationnelle, OrganisationInterne
from rxror.ror.objets.organisation_interne import UF
from rxror.ror.typographie import fr

PROVISOIRE, DEFINITIVE = "PRO", "DEF"
ANNEES = range(1900, 2101)
MOTS = {PROVISOIRE: " provisoirement", DEFINITIVE: " définitivement"}


@dataclass(frozen=True)
class Fermeture:
    """A closing as it is recorded. `type` is a code of J185; "" for data older than the rule that asks for it."""

    type: str
    debut: date
    reouverture: date | None = None

    @property
    def definitive(self) -> bool:
        """Whether nothing is said of a reopening, on purpose."""
        return self.type == DEFINITIVE

    def terminee(self, jour: date) -> bool:
        """Whether its planned reopening is past: the object counts as open again."""
        return not self.definitive and self.reouverture is not None and self.reouverture <= jour

    def en_cours(self, jour: date) -> bool:
        """Whether the object is closed on that day."""
        return self.debut <= jour and not self.terminee(jour)

    def archive(self, jour: date) -> bool:
        """Whether the object is closed for good on that day: it is read, and no longer changes."""
        return self.definitive and self.debut <= jour


def fermeture_de(objet: Any) -> Fermeture | None:
    """The closing of an offer or of a structure, or None."""
    jour = getattr(objet, "date_fermeture", None)
    if jour is None:
        return None
    return Fermeture(objet.type_fermeture or "", jour, objet.date_previsionnelle_reouverture)


def colonnes(fermeture: Fermeture | None) -> dict[str, Any]:
    """The three columns of a closing; emptied for an open object (RG_EXP_046)."""
    if fermeture is None:
        return {"type_fermeture": "", "date_fermeture": None, "date_previsionnelle_reouverture": None}
    return {
        "type_fermeture": fermeture.type,
        "date_fermeture": fermeture.debut,
        "date_previsionnelle_reouverture": fermeture.reouverture,
    }


def est_archive(objet: Any, jour: date) -> bool:
    """Whether an offer or a structure is closed for good on that day."""
    fermeture = fermeture_de(objet) if isinstance(objet, OffreOperationnelle | OrganisationInterne) else None
    return fermeture is not None and fermeture.archive(jour)


def ferme_ou_le_sera(objet: Any, jour: date) -> bool:
    """Whether an offer or a structure is closed on that day, or is going to be."""
    fermeture = fermeture_de(objet) if isinstance(objet, OffreOperationnelle | OrganisationInterne) else None
    return fermeture is not None and not fermeture.terminee(jour)


# --------------------------------------------------------------- what is asked to close


def _provisoire(contexte: Contexte) -> bool:
    return contexte.valeurs.get("type_fermeture") == PROVISOIRE


def _champ(nom: str, **autres: Any) -> Champ:
    """A field of the offer, asked by the gesture."""
    return replace(champs_de(OffreOperationnelle)[nom], section="", edition=Edition.LIBRE, visible_si=None, **autres)


class Reponses(SQLModel):
    """What « Fermer… » asks; the first three fields are those of the offer and of the structure."""

    type_fermeture: Annotated[str, _champ("type_fermeture", obligatoire=True)] = ""
    date_fermeture: Annotated[
        date | None,
        _champ(
            "date_fermeture",
            obligatoire=True,
            aide="Le premier jour de fermeture. Une date à venir programme la fermeture.",
        ),
    ] = None
    date_previsionnelle_reouverture: Annotated[
        date | None,
        replace(
            _champ("date_previsionnelle_reouverture", aide="Laissez vide si elle n’est pas connue."),
            visible_si=_provisoire,
        ),
    ] = None
    motif: Annotated[
        str,
        Champ(
            "Motif",
            type=TypeChamp.TEXTE_LONG,
            obligatoire=True,
            maximum=300,
            sans_fhir="the ROR has no attribute for it: it stays in the trace",
            aide="300 caractères au plus. Le ROR n’a pas de champ pour le motif : il reste dans l’historique de rxror. "
            "N’indiquez aucune donnée de patient.",
        ),
    ] = ""


def fautes(fermeture: Fermeture, ouverture: date | None, jour: date) -> dict[str, str]:
    """{field: sentence} of what a closing may not be. Rules FER-03 (RG_EXP_045), FER-09 (MOS), and plausible years."""
    dites: dict[str, str] = {}
    if fermeture.debut.year not in ANNEES:
        dites["date_fermeture"] = messages.lecture("date", texte=fermeture.debut.strftime("%d/%m/%Y"))
    elif ouverture is not None and fermeture.debut <= ouverture:
        dites["date_fermeture"] = messages.message("FER-09", ouverture=date_longue(ouverture))
    retour = fermeture.reouverture
    if retour is None:
        return dites
    if fermeture.type != PROVISOIRE:
        dites["date_previsionnelle_reouverture"] = messages.message("FER-03")
    elif retour <= fermeture.debut:
        dites["date_previsionnelle_reouverture"] = messages.message("FER-03-ORDRE")
    elif retour <= jour:
        dites["date_previsionnelle_reouverture"] = messages.message("GESTE-RETOUR-PASSE")
    elif retour.year not in ANNEES:
        dites["date_previsionnelle_reouverture"] = messages.lecture("date", texte=retour.strftime("%d/%m/%Y"))
    return dites


# ------------------------------------------------------------------------- the cascade


def par_cascade(
    actuelle: Fermeture | None, nouvelle: Fermeture, de_la_racine: Fermeture | None, jour: date
) -> Fermeture | None:
    """Closing that an object takes when what is above it closes; None when its own is left as it is. FER-05.

    What is already closed stays closed at least as long: a definitive closing above makes a provisional one definitive
    and keeps its earlier date; a provisional one above only prolongs it.

    Args:
        de_la_racine: closing of the object of the gesture before it: what closed with it follows it.
    """
    if actuelle is None or actuelle.terminee(jour) or actuelle == de_la_racine:
        return None if actuelle == nouvelle else nouvelle
    if actuelle.definitive:
        return nouvelle if nouvelle.definitive and nouvelle.debut < actuelle.debut else None
    premier = min(actuelle.debut, nouvelle.debut)
    if nouvelle.definitive:
        return Fermeture(DEFINITIVE, premier)
    connues = actuelle.reouverture is not None and nouvelle.reouverture is not None
    retour = max(actuelle.reouverture, nouvelle.reouverture) if connues else None  # type: ignore[type-var]
    resultat = Fermeture(PROVISOIRE, premier, retour)
    return None if resultat == replace(actuelle, type=PROVISOIRE) else resultat


# ----------------------------------------------------------------------------- in words


def accord(objet: Any) -> str:
    """« e » where the name of the object's kind is feminine: an offer, a UF."""
    return "" if isinstance(objet, OrganisationInterne) and objet.type_oi != UF else "e"


def phrase(fermeture: Fermeture, jour: date, e: str = "e") -> str:
    """« Fermée définitivement le 3 mars 2026 », « Fermera provisoirement le… »."""
    comment, quand = MOTS.get(fermeture.type, ""), date_longue(fermeture.debut)
    retour = f", réouverture prévue le {date_longue(fermeture.reouverture)}" if fermeture.reouverture else ""
    if fermeture.terminee(jour) and fermeture.reouverture:
        return f"Réouverture prévue le {date_longue(fermeture.reouverture)}, à confirmer"
    if fermeture.debut > jour:
        return f"Fermera{comment} le {quand}{retour}"
    return f"Fermé{e}{comment} {'le' if fermeture.definitive else 'depuis le'} {quand}{retour}"


def annonce(fermeture: Fermeture) -> str:
    """What is about to be recorded: « Fermeture définitive le 3 mars 2026 »."""
    comment = {PROVISOIRE: " provisoire à partir du ", DEFINITIVE: " définitive le "}.get(fermeture.type, " le ")
    retour = f", réouverture prévue le {date_longue(fermeture.reouverture)}" if fermeture.reouverture else ""
    return f"Fermeture{comment}{date_longue(fermeture.debut)}{retour}"


def etat_de(objet: Any, jour: date) -> tuple[Etat, str]:
    """State of an offer or of a lieu on that day, and the dates that stand beside it."""
    fermeture = fermeture_de(objet) if isinstance(objet, OffreOperationnelle) else None
    if fermeture is None:
        connue = fraicheur_de(objet.date_validation, jour)
        return ETATS[connue], precision(connue, objet.date_validation)
    if fermeture.en_cours(jour):
        etat = ETATS[Fraicheur.FERMEE]
        debut = etat.mot + MOTS.get(fermeture.type, "")
        return Etat(debut, etat.sorte), phrase(fermeture, jour).removeprefix(debut).strip()
    connue = fraicheur_de(objet.date_validation, jour)
    suite = phrase(fermeture, jour)
    avant = precision(connue, objet.date_validation)
    return ETATS[connue], fr(f"{avant}, {suite[:1].lower()}{suite[1:]}" if avant else suite)
