"""The keyboard alone, as a person without a mouse: each stop must be seen, and the end must be reached."""

from playwright.sync_api import Locator, Page, expect

ARRETS = 150  # more stops than any page of ours has: beyond, it is a trap

# What is wrong with the element that has the focus: nothing shows it, or the bar at the bottom hides it.
DEFAUT = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.matches("h1, main")) return "";
  const nom = `${e.tagName} ${e.id || e.name || ""} « ${(e.innerText || "").slice(0, 40)} »`;
  const contour = (x) => x && getComputedStyle(x);
  const montre = (x) => x && contour(x).outlineStyle !== "none" && parseFloat(contour(x).outlineWidth) >= 2;
  if (!montre(e) && !montre(e.nextElementSibling)) return `${nom} : focus invisible`;
  const barre = document.querySelector(".barre");
  if (!barre || barre.contains(e)) return "";
  const [r, b] = [e.getBoundingClientRect(), barre.getBoundingClientRect()];
  return r.top >= b.top && r.bottom <= b.bottom && r.left < b.right ? `${nom} : focus caché par la barre` : "";
}"""


class Clavier:
    """Keys pressed on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def atteindre(self, cible: Locator, touche: str = "Tab") -> None:
        """Press Tab until the target has the focus; every stop on the way must be visible."""
        expect(cible).to_have_count(1)
        for _ in range(ARRETS):
            if cible.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press(touche)
            defaut = self.page.evaluate(DEFAUT)
            assert defaut == "", defaut
        raise AssertionError(f"{cible}: not reached with {touche}")

    def suivre(self, lien: Locator) -> None:
        self.atteindre(lien)
        self.page.keyboard.press("Enter")

    def activer(self, bouton: Locator) -> None:
        self.atteindre(bouton)
        self.page.keyboard.press("Space")

    def cocher(self, case: Locator) -> None:
        avant = case.is_checked()
        self.activer(case)
        expect(case).to_be_checked(checked=not avant)

    def remplir(self, champ: Locator, texte: str) -> None:
        self.atteindre(champ)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(texte)

    def choisir(self, liste: Locator, debut: str) -> None:
        """Choose in a native list by typing the first letters."""
        self.atteindre(liste)
        self.page.keyboard.type(debut)
        expect(liste.locator("option:checked")).to_contain_text(debut, ignore_case=True)

    def fleche(self, depuis: Locator, vers: Locator, touche: str) -> None:
        """Move inside a group of radio buttons."""
        self.atteindre(depuis)
        self.page.keyboard.press(touche)
        expect(vers).to_be_checked()
        expect(vers).to_be_focused()

    def sur_le_titre(self, titre: str) -> None:
        """A navigation inside the application gives the focus to the h1."""
        expect(self.page.locator("h1")).to_have_text(titre)
        expect(self.page.locator("h1")).to_be_focused()
