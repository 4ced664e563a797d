"""What changed this year at the hospital: eight offers of eighty, three lieux of forty-five, each in a few words."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator

from parcours.personne import Personne

CORRIGER = "corriger"  # what blocks: rxror proposes its correction on the page of the offer, its field on the card


@dataclass(frozen=True)
class Changement:
    """One object that changed: the section of its form, what one does there, what the trace must hold afterwards."""

    objet: str
    section: str
    phrase: str
    saisir: Callable[[Personne], None]
    preuve: str

    @property
    def genre(self) -> str:
        """Of its key."""
        return self.objet.partition(":")[0]

    @property
    def identifiant(self) -> str:
        """Of its key."""
        return self.objet.partition(":")[2]


def _champ(personne: Personne, champ: Locator, texte: str, effacer: int) -> None:
    """Press the end of a field, take away what changes, write."""
    champ.wait_for(state="visible")
    boite = champ.bounding_box() or {"width": 20, "height": 20}
    fin = {"x": boite["width"] - 6, "y": boite["height"] / 2}
    personne.cliquer(champ, nom="champ", ou=fin)
    personne.taper(texte, effacer=effacer)


def _telephone(fin: str) -> Callable[[Personne], None]:
    """The last two digits of the first number change."""
    return lambda p: _champ(p, p.page.get_by_label("Numéro ou adresse").first, fin, 2)


def _age(nom: str, age: str) -> Callable[[Personne], None]:
    return lambda p: _champ(p, p.page.get_by_label(nom, exact=True), age, 2)


def _heure(label: str, heure: str, effacer: int) -> Callable[[Personne], None]:
    return lambda p: _champ(p, p.page.get_by_label(label), heure, effacer)


def _cocher(nom: str) -> Callable[[Personne], None]:
    return lambda p: p.cliquer(p.page.locator("main label.choix", has_text=nom).first, nom=nom)


def _numero_absent(numero: str) -> Callable[[Personne], None]:
    def saisir(p: Personne) -> None:
        p.cliquer(p.page.get_by_role("button", name="Ajouter un moyen de communication").first, nom="Ajouter un moyen")
        p.choisir(p.page.get_by_label("Moyen", exact=True).first, "Téléphone fixe")
        _champ(p, p.page.get_by_label("Numéro ou adresse").first, numero, 0)

    return saisir


def _reserver(p: Personne) -> None:
    """Contact and number: only the regulation and the crisis room may see them."""
    p.cliquer(p.page.locator("main label.choix", has_text="Visible régulation").first, nom="Visible régulation")
    moyens = p.page.get_by_label("Qui peut voir ce moyen de communication ?")
    p.choisir(moyens.first, "Visible régulation et gestion de crise (ex très restreint)")


def _lits(nombre: str) -> Callable[[Personne], None]:
    return lambda p: _champ(p, p.page.get_by_label("Lits installés", exact=True), nombre, 2)


TOUS = (
    Changement(
        "offre:76/0000002",
        "contacts",
        "no number could be called: one is added",
        _numero_absent("0536491298"),
        "36491298",
    ),
    Changement(
        "offre:76/0000046",
        CORRIGER,
        "a contact of a sensitive unit could be seen by all professionals",
        _reserver,
        "niveau_confidentialite",
    ),
    Changement("offre:76/0000013", "contacts", "telephone number", _telephone("17"), "36491317"),
    Changement("offre:76/0000031", "horaires", "ends at 16:30 on Fridays", _heure("à, Vendredi", "6:30", 4), "16:30"),
    Changement("offre:76/0000007", "patientele", "up to 15 years, no longer 17", _age("Age maximum", "15"), "15"),
    Changement("offre:76/0000056", "accueil", "teleconsultation too", _cocher("Téléconsultation"), "modalite_accueil"),
    Changement("offre:76/0000063", "contacts", "telephone number", _telephone("18"), "36491618"),
    Changement("offre:76/0000075", "horaires", "opens at 08:30 on Mondays", _heure("De, Lundi", "8:30", 4), "08:30"),
)
CINQ_POUR_CENT = TOUS[:4]
LIEUX = (
    Changement("lieu:L76-000007", "capacitaire", "24 beds become 26", _lits("26"), "26"),
    Changement("lieu:L76-000019", "capacitaire", "14 beds become 16", _lits("16"), "16"),
    Changement("lieu:L76-000033", "capacitaire", "24 beds become 22", _lits("22"), "22"),
)
