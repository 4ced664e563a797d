"""rxror's own way: the beds of all lieux in one grid, then the queue « Relecture », one card after the other."""

from collections.abc import Callable, Iterable, Mapping

from playwright.sync_api import Locator, expect

from parcours.changements import CORRIGER, Changement
from parcours.guide import ETABLISSEMENT, FINESS
from parcours.personne import CHANGE, Etat, Personne, au

RELECTURE = "/relecture"
FINIE = "fini"
CONFIRMER = "confirmer"
Vers = Callable[[Etat], bool]
LITS = "01.01"  # nature and temporalité of the column « Installé »


class Relecture:
    """One person, from the home page to « Tout est relu »."""

    def __init__(self, personne: Personne, changements: Iterable[Changement]) -> None:
        self.qui = personne
        self.changements: dict[str, Changement] = {c.objet: c for c in changements}
        self.vues: list[str] = []

    # ------------------------------------------------------------------------------ the grid

    def grille(self, lits: Mapping[str, str]) -> None:
        """Write the new beds, all at once; {lieu: beds}."""
        qui, page = self.qui, self.qui.page
        qui.objet = "grille"
        self._menu("Mes établissements", au(ETABLISSEMENT))
        qui.cliquer(page.locator(f"main a[href='{ETABLISSEMENT}/capacites']").first, au(f"{ETABLISSEMENT}/capacites"))
        for lieu, nombre in lits.items():
            champ = page.locator(f"input[data-base][name^='c.{lieu}.{LITS}']").first
            boite = champ.bounding_box() or {"width": 20, "height": 20}
            qui.cliquer(champ, nom="Installé", ou={"x": boite["width"] - 4, "y": boite["height"] / 2})
            qui.taper(nombre, effacer=len(champ.input_value()))
        suite = au(f"{ETABLISSEMENT}/capacites/[a-z-]+")
        qui.cliquer(page.get_by_role("button", name="Enregistrer", exact=True), suite, nom="Enregistrer")

    def valider_les_lits(self) -> None:
        """Publish them from the page that the grid leads to, which shows all that this asserts."""
        qui, page = self.qui, self.qui.page
        qui.lire(page.locator("main form").first.locator(".ligne"))
        bouton = page.get_by_role("button", name="Valider les lieux cochés")
        qui.cliquer(bouton, lambda e: not e.occupee and bool(e.bilan), nom="Valider les lieux cochés")

    # -------------------------------------------------------------------- « Rien n’a changé »

    def rien_n_a_change(self) -> None:
        """The facts of all, fifty a page: untick what changed, tick what is contested and true, confirm."""
        qui, page = self.qui, self.qui.page
        qui.objet = "liste"
        ici = f"{ETABLISSEMENT}/{CONFIRMER}"
        self._menu("Mes établissements", au(ETABLISSEMENT))
        qui.cliquer(page.locator(f"main a[href='{ici}']").first, au(ici), nom="Rien n’a changé")
        lues: set[str] = set()
        while neuves := [nom for nom in self._liste() if nom not in lues]:
            for nom in neuves:
                lues.add(nom)
                ligne = page.locator("main form .exceptions > li", has=page.locator(f"input[name='{nom}']"))
                qui.objet = nom.removeprefix("choix.")
                qui.lire(ligne.locator(".fait-court"), separe=" ; ")
            for nom in self._liste():
                qui.objet = nom.removeprefix("choix.")
                case = page.locator(f"input[name='{nom}']")
                if case.is_checked() == (qui.objet in self.changements):  # what the rules contest comes unticked
                    qui.cliquer(page.locator("main label.choix", has=case), nom="cocher ou décocher")
            qui.objet = "liste"
            avant = qui.etats[-1].liste
            qui.cliquer(
                page.get_by_role("button", name="Rien n’a changé pour ce qui est coché"),
                lambda e, avant=avant: not e.occupee and bool(e.bilan) and e.liste != avant,
                nom="Rien n’a changé pour ce qui est coché",
            )

    def _liste(self) -> list[str]:
        return [nom for nom in self.qui.etats[-1].liste.split(",") if nom]

    def _menu(self, nom: str, vers: Vers) -> None:
        page = self.qui.page
        menu = page.get_by_role("button", name="Menu", exact=True)
        if menu.is_visible():
            self.qui.cliquer(menu, nom="Menu")
        lien = page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=nom)
        self.qui.cliquer(lien, vers, nom=nom)

    # ----------------------------------------------------------------------------- the queue

    def file(self) -> None:
        """Open the queue, and answer for each card until none is left."""
        self.ouvrir()
        self.fiches()

    def ouvrir(self, structure: str = "") -> None:
        """Open the queue: by the menu, or what hangs below a structure by the address that its page gives."""
        self.qui.objet = "file"
        if structure:
            self.qui.page.goto(f"{RELECTURE}?etablissement={FINESS}&structure={structure}")
            self.qui.attendre(_ouverte, "the address")
        else:
            self._menu("Relecture", _ouverte)

    def fiches(self, au_plus: int = 10_000) -> None:
        """Answer for the cards that come, so many at most."""
        for _ in range(au_plus):
            fiche = self.qui.etats[-1].fiche
            if fiche == FINIE:
                return
            if fiche in self.vues:
                raise RuntimeError(f"{fiche} comes round again")
            self.vues.append(fiche)
            self._fiche(fiche)

    def _fiche(self, fiche: str) -> None:
        qui = self.qui
        qui.objet = fiche
        qui.lire(self._lignes())
        if (changement := self.changements.get(fiche)) and changement.genre == "offre":
            self._changer(changement, fiche)
        self._repondre("c", "confirmer", lambda e: bool(e.fiche) and e.fiche != fiche)

    def _lignes(self) -> Locator:
        return self.qui.page.locator("[data-relire] .ligne")

    def _changer(self, changement: Changement, fiche: str) -> None:
        """« Modifier » at the fact itself, save, and look at what changed on the card."""
        qui, page = self.qui, self.qui.page
        la = _sur(fiche)
        if changement.section == CORRIGER:
            lien, ou = page.locator("main .barre a", has_text="Corriger"), r".*/modifier/.*"
        else:
            lien = page.locator(f"[data-relire] a[href*='/modifier/{changement.section}']:visible").first
            ou = rf".*/modifier/{changement.section}"
        qui.cliquer(lien, au(ou), nom="Modifier")
        changement.saisir(qui)
        qui.cliquer(page.get_by_role("button", name="Enregistrer", exact=True), la, nom="Enregistrer")
        qui.lire(self._lignes().filter(has=page.locator(CHANGE)))

    def _repondre(self, lettre: str, geste: str, vers: Vers) -> None:
        """By its key with a keyboard, by a finger on its button otherwise."""
        bouton = self.qui.page.locator(f"[data-touche='{geste}']")
        expect(bouton).to_be_enabled()  # rxror takes no answer in the first moment of a card
        if self.qui.tactile:
            self.qui.cliquer(bouton, vers, nom=geste)
        else:
            self.qui.touche(lettre, vers)


def _ouverte(etat: Etat) -> bool:
    return au(RELECTURE)(etat) and bool(etat.fiche)


def _sur(fiche: str) -> Vers:
    """That card again, with what was saved; what it showed before may come first, for a moment."""
    return lambda e: e.chemin == RELECTURE and e.fiche == fiche and e.change and not e.occupee


def lits(changements: Iterable[Changement]) -> dict[str, str]:
    """{lieu: its new beds}, as they are written in the grid."""
    return {c.identifiant: c.preuve for c in changements if c.genre == "lieu"}
