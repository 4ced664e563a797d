"""The guide's own path: establishment, pôle, UF, offer, « Modifier », « Enregistrer », « Valider », and again.

Source:
    Fiche « Comment mettre à jour mon offre ? ». Where rxror spares a page (an only establishment opens at once), so
    does this person. A lieu is opened from the first of its offers, read, and published by the « Valider » of that
    offer; one in which nothing changed is read and cannot be dated: that path has no gesture for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from parcours.changements import CORRIGER, Changement
from parcours.personne import Personne, au

FINESS = "810000505"
ETABLISSEMENT = f"/etablissement/{FINESS}"


@dataclass(frozen=True)
class Offre:
    """An offer and where it is."""

    identifiant: str
    pole: str
    uf: str
    lieux: tuple[str, ...] = ()

    @property
    def objet(self) -> str:
        """Its key."""
        return f"offre:{self.identifiant}"

    @property
    def url(self) -> str:
        """Address of its page."""
        return f"/offre/{self.identifiant}"


class Retour(StrEnum):
    """How one gets to the next offer of the same UF: again from the start, or by one press back to the list.

    That press is rxror's « Continuer dans l’UF »; the browser's own Back would take three to thirteen.
    """

    DEBUT = "from the start"
    LISTE = "with Back"


class Guide:
    """One person on that path.

    Args:
        personne: who does it.
        changements: what changed.
        retour: how they get to the next offer.
        lettre: to the letter, they open a section by « Modifier » and save it even where nothing changed; rxror does
            not ask for it.
    """

    def __init__(self, personne: Personne, changements: Iterable[Changement], retour: Retour, *, lettre: bool) -> None:
        self.qui, self.retour, self.lettre = personne, retour, lettre
        self.changements: Mapping[str, Changement] = {c.objet: c for c in changements}
        self.uf = ""

    def offre(self, offre: Offre, lieux: Iterable[str]) -> None:
        """One offer, from wherever one is, with those of its lieux that were not read yet."""
        qui = self.qui
        qui.objet = offre.objet
        if self.retour is Retour.DEBUT or self.uf != offre.uf:
            self._depart()
            self._suivre_le_lien(f"/structure/{offre.pole}")
            self._suivre_le_lien(f"/structure/{offre.uf}")
        self._suivre_le_lien(offre.url)
        for identifiant in lieux:
            self._lieu(offre, identifiant)
        self._modifier(offre.objet, offre.url, "informations_generales")
        qui.lire(qui.page.locator("main .ligne"))
        self._valider(offre.url)
        self.uf = offre.uf
        if self.retour is Retour.LISTE:
            self._suivre_le_lien(f"/structure/{offre.uf}")

    # ----------------------------------------------------------------------------- the pages

    def _depart(self) -> None:
        page = self.qui.page
        menu = page.get_by_role("button", name="Menu", exact=True)
        if menu.is_visible():
            self.qui.cliquer(menu, nom="Menu")
        lien = page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Mes établissements")
        self.qui.cliquer(lien, au(ETABLISSEMENT), nom="Mes établissements")

    def _suivre_le_lien(self, url: str) -> None:
        lien = self.qui.page.locator(f"main a.bouton[href='{url}']:visible").first
        self.qui.cliquer(lien, au(url), nom="Détails")

    def _lieu(self, offre: Offre, identifiant: str) -> None:
        qui, url = self.qui, f"/lieu/{identifiant}"
        qui.objet = f"lieu:{identifiant}"
        qui.cliquer(qui.page.locator(f"main a[href^='{url}?']:visible").first, au(url), nom="Ouvrir le lieu")
        self._modifier(qui.objet, url, "capacitaire")
        qui.lire(qui.page.locator("main .ligne"))
        qui.cliquer(qui.page.get_by_role("link", name="Revenir à l’offre"), au(offre.url), nom="Revenir à l’offre")
        qui.objet = offre.objet

    def _valider(self, url: str) -> None:
        qui, page = self.qui, self.qui.page
        valider = page.locator(f"main a[href='{url}/valider']:visible").last
        qui.cliquer(valider, au(f"{url}/valider"), nom="Valider")
        publier = page.locator("main button[type=submit]", has_text="Valider ").last
        qui.cliquer(publier, au(f"{url}/validee?"), nom="Valider, sur la page qui publie")

    def _modifier(self, objet: str, url: str, section: str) -> None:
        """Change what changed; to the letter, open and save a section all the same."""
        changement = self.changements.get(objet)
        if changement and changement.section == CORRIGER:
            lien = self.qui.page.locator(f"main a[href^='{url}/corriger/']:visible").first
            self.qui.cliquer(lien, au(f"{url}/corriger/.*"), nom="Corriger")
            self._enregistrer("Appliquer la correction", url)
        elif changement or self.lettre:
            ou = f"{url}/modifier/{changement.section if changement else section}"
            lien = self.qui.page.locator(f"main a.bouton[href^='{ou}']:visible").first
            if not changement and not lien.count():
                return  # a lieu without beds has no such section
            self.qui.cliquer(lien, au(ou), nom="Modifier")
            if changement:
                changement.saisir(self.qui)
            self._enregistrer("Enregistrer", url)

    def _enregistrer(self, nom: str, url: str) -> None:
        self.qui.cliquer(self.qui.page.get_by_role("button", name=nom, exact=True), au(url), nom=nom)
