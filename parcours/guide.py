"""The guide's own path: establishment, pôle, UF, offer, « Modifier », « Enregistrer », « Valider », and again.

Source:
    Fiche « Comment mettre à jour mon offre ? ». Where rxror spares a page (an only establishment opens at once), so
    does this person. A lieu is opened from the first of its offers, read, and published by the « Valider » of that
    offer; one in which nothing changed is read and cannot be dated: that path has no gesture for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from playwright.sync_api import Locator

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


class Lettre(StrEnum):
    """What one opens by « Modifier » and saves by « Enregistrer » though nothing changed in it."""

    RIEN = "only what changed"
    UNE = "one section of each"
    TOUTES = "section by section"


class Guide:
    """One person on that path.

    Args:
        personne: who does it.
        changements: what changed.
        retour: how they get to the next offer.
        lettre: what they open and save even where nothing changed; rxror asks for none of it.
    """

    def __init__(self, personne: Personne, changements: Iterable[Changement], retour: Retour, lettre: Lettre) -> None:
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
            if self.lettre is not Lettre.TOUTES:
                return
            changement = None
        for ou in self._sections(url, changement.section if changement else "", section):
            self.qui.cliquer(self._lien(ou), au(ou), nom="Modifier")
            if changement and ou.endswith(f"/{changement.section}"):
                changement.saisir(self.qui)
            self._enregistrer("Enregistrer", url)

    def _sections(self, url: str, changee: str, une: str) -> list[str]:
        """Addresses of the forms to open: of what changed, and as this person has it, of one or of all."""
        if self.lettre is Lettre.TOUTES:
            liens = self.qui.page.locator(f"main a.bouton[href^='{url}/modifier/']:visible").all()
            return list(dict.fromkeys((lien.get_attribute("href") or "").partition("?")[0] for lien in liens))
        voulue = changee or (une if self.lettre is Lettre.UNE else "")
        ou = f"{url}/modifier/{voulue}"
        # a lieu without beds has no such section
        return [ou] if voulue and (changee or self._lien(ou).count()) else []

    def _lien(self, ou: str) -> Locator:
        return self.qui.page.locator(f"main a.bouton[href='{ou}']:visible, main a.bouton[href^='{ou}?']:visible").first

    def _enregistrer(self, nom: str, url: str) -> None:
        self.qui.cliquer(self.qui.page.get_by_role("button", name=nom, exact=True), au(url), nom=nom)
