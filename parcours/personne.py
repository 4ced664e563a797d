"""Somebody with a mouse and a keyboard, or a telephone: each gesture is real, and noted as the page received it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from playwright.sync_api import Locator, Page, WebSocket

ECRANS: dict[str, dict[str, Any]] = {
    "ordinateur": {"viewport": {"width": 1280, "height": 800}},
    "telephone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PATIENCE = 30.0  # seconds
CALME = 0.12  # seconds without a change: the page is what it will be
DOUBLE = 0.6  # seconds between two presses, at least; KLM counts more
PAS = 5  # milliseconds between two looks at what came
UN_ECRAN = 0.85  # of its height is turned at once
CHANGE = "mark"  # a value that is saved and not published, on a card

# What the page receives from a person, and what it shows, each with its instant. Presses and keys are counted here,
# where only what a person does is "trusted"; what it shows says when the wait was over.
ECOUTE = """(() => {
  const dire = (quoi) => globalThis.noterParcours?.({ ...quoi, t: performance.timeOrigin + performance.now() });
  addEventListener("pointerdown", (e) => e.isTrusted && dire({ recu: "appui" }), true);
  addEventListener("keydown", (e) => e.isTrusted && dire({ recu: "touche" }), true);
  const CASES = "main form .exceptions > li input[type=checkbox]";
  let dit = "";
  const voir = () => {
    const main = document.querySelector("main");
    const etat = {
      chemin: location.pathname.replace(/(.)\\/$/, "$1"),
      h1: document.querySelector("h1")?.textContent ?? "",
      occupee: main?.getAttribute("aria-busy") !== "false",
      fiche: document.querySelector("[data-relire]")?.dataset.relire ?? "",
      change: Boolean(document.querySelector("[data-relire] .ligne mark")),
      bilan: document.querySelector("#bilan, #message")?.textContent ?? "",
      liste: [...document.querySelectorAll(CASES)].map((e) => e.name).join(),
    };
    const texte = JSON.stringify(etat);
    if (texte !== dit) dire({ recu: "etat", ...etat });
    dit = texte;
  };
  new MutationObserver(voir).observe(document, { childList: true, subtree: true, attributes: true, characterData: true,
    attributeFilter: ["aria-busy", "data-relire"] });
  addEventListener("popstate", () => setTimeout(voir));
})()"""
# How many screens away something is, and bring it there.
AMENER = """(e, part) => {
  const { top, bottom } = e.getBoundingClientRect();
  const barre = document.querySelector(".barre");
  const bas = innerHeight - (barre && !barre.contains(e) ? barre.offsetHeight : 0);
  if (top >= 0 && bottom <= bas) return 0;
  const loin = top < 0 ? -top : bottom - bas;
  e.scrollIntoView({ block: "center", behavior: "instant" });
  return Math.ceil(loin / (innerHeight * part));
}"""


@dataclass
class Etat:
    """What the page showed at an instant (seconds since 1970)."""

    t: float
    chemin: str
    h1: str
    occupee: bool
    fiche: str
    change: bool
    liste: str
    bilan: str


@dataclass
class Personne:
    """One person at one page; `actes` is the log of `parcours.klm`."""

    page: Page
    ecran: str
    actes: list[dict[str, Any]] = field(default_factory=list)
    etats: list[Etat] = field(default_factory=list)
    appuis: list[float] = field(default_factory=list)
    touches: list[float] = field(default_factory=list)
    objet: str = ""
    evenements: int = 0
    octets: int = 0
    lus: set[str] = field(default_factory=set)

    @property
    def tactile(self) -> bool:
        """With a finger."""
        return self.ecran == "telephone"

    def suivre(self, parcours: str) -> None:
        """Listen to the page from now on; call before it is opened."""
        self.page.expose_function("noterParcours", self._recevoir)
        self.page.add_init_script(ECOUTE)
        self.page.on("websocket", self._ecouter)
        cdp = self.page.context.new_cdp_session(self.page)
        cdp.send("Network.enable")
        cdp.on("Network.loadingFinished", lambda e: self._peser(e["encodedDataLength"]))
        self.actes.append({"acte": "debut", "parcours": parcours, "ecran": self.ecran, "tactile": self.tactile})

    def _recevoir(self, quoi: dict[str, Any]) -> None:
        t = quoi["t"] / 1000
        if quoi["recu"] == "appui":
            self.appuis.append(t)
        elif quoi["recu"] == "touche":
            self.touches.append(t)
        else:
            self.etats.append(Etat(**{nom: v for nom, v in quoi.items() if nom != "recu"} | {"t": t}))

    def _ecouter(self, prise: WebSocket) -> None:
        prise.on("framesent", self._envoyee)
        prise.on("framereceived", self._recue)

    def _envoyee(self, trame: Any) -> None:
        self.evenements += '"event"' in str(trame)[:80] or str(trame).startswith("42")
        self._peser(len(trame))

    def _recue(self, trame: Any) -> None:
        self._peser(len(trame))

    def _peser(self, octets: float) -> None:
        self.octets += int(octets)

    # ---------------------------------------------------------------------------- the gestures

    def cliquer(
        self, quoi: Locator, vers: Callable[[Etat], bool] | None = None, *, nom: str = "", ou: Any = None
    ) -> None:
        """Press something; `vers` says what the page shows when the wait is over."""
        self.amener(quoi)
        if self.appuis:  # two presses sooner than anybody decides are a double click, and rxror ignores the second
            self.page.wait_for_timeout(max(0.0, DOUBLE - (time.time() - self.appuis[-1])) * 1000)
        attendus, depuis = len(self.appuis) + 1, len(self.etats)
        options: dict[str, Any] = {"position": ou} if ou else {}
        (quoi.tap if self.tactile else quoi.click)(**options)
        self._jusqua(lambda: len(self.appuis) >= attendus, "the press")
        if len(self.appuis) != attendus:
            raise RuntimeError(f"{nom}: pressed {len(self.appuis) - attendus + 1} times")
        self._noter("click", quoi=nom)
        if vers:
            self._attendre(vers, depuis, self.appuis[-1], nom)

    def choisir(self, liste: Locator, label: str) -> None:
        """Open a list of the browser and take a line: two presses that no page sees, so they are noted as they are."""
        self.amener(liste)
        liste.select_option(label=label)
        self._noter("click", quoi="liste", hors_page=True)
        self._noter("click", quoi=label, hors_page=True)

    def taper(self, texte: str, *, effacer: int = 0) -> None:
        """Write in the field that was just pressed, after taking away its last characters: the same gesture."""
        attendues = len(self.touches) + len(texte) + effacer
        for _ in range(effacer):
            self.page.keyboard.press("Backspace")
        self.page.keyboard.type(texte)
        self._jusqua(lambda: len(self.touches) >= attendues, "the keys")
        self._noter("type", n=len(texte) + effacer, suite=True)

    def touche(self, lettre: str, vers: Callable[[Etat], bool]) -> None:
        """One key that answers."""
        attendues, depuis = len(self.touches) + 1, len(self.etats)
        self.page.keyboard.press(lettre)
        self._jusqua(lambda: len(self.touches) >= attendues, "the key")
        self._noter("type", n=1, quoi=lettre)
        self._attendre(vers, depuis, self.touches[-1], lettre)

    def lire(self, lignes: Locator, separe: str = "") -> None:
        """Read the values shown, to the last one: the log says how many entries, and how many lines of text.

        Args:
            separe: what is between two entries that share a line.
        """
        visibles = [e for e in lignes.all() if e.is_visible()]
        if not visibles:
            return
        self.amener(visibles[-1])
        textes = sum(e.locator(".origine:visible").count() for e in visibles)
        self.lus.update(nu(texte) for e in visibles for texte in e.inner_text().splitlines())
        entrees = sum(e.inner_text().count(separe) for e in visibles) if separe else 0
        self._noter("read", n=len(visibles) + entrees, textes=len(visibles) + entrees + textes)

    def amener(self, quoi: Locator) -> None:
        """Turn the page until it is on the screen."""
        quoi.wait_for(state="visible")
        if ecrans := int(quoi.evaluate(AMENER, UN_ECRAN)):
            self._noter("scroll", n=ecrans)

    # --------------------------------------------------------------------------- what is noted

    def _noter(self, acte: str, **dit: Any) -> None:
        self.actes.append({"acte": acte, **{n: v for n, v in dit.items() if v not in ("", False)}, "objet": self.objet})

    def _jusqua(self, condition: Callable[[], bool], quoi: str) -> None:
        fin = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > fin:
                raise RuntimeError(f"{quoi} did not come, {self.objet}: {self.etats[-1:]}")
            self.page.wait_for_timeout(PAS)

    def attendre(self, vers: Callable[[Etat], bool], quoi: str) -> None:
        """Wait for what comes by itself."""
        self._attendre(vers, 0, time.time(), quoi)

    def _attendre(self, vers: Callable[[Etat], bool], depuis: int, debut: float, quoi: str) -> None:
        """Wait for what the page shows and keeps showing; the log has the time until then, not until we looked."""
        self._jusqua(lambda: self._montre(vers, depuis) is not None, f"what follows « {quoi} »")
        arrive = self._montre(vers, depuis)
        assert arrive is not None
        self._noter("load", ms=max(0, round((arrive.t - debut) * 1000)))

    def _montre(self, vers: Callable[[Etat], bool], depuis: int) -> Etat | None:
        """The first of the last states that all answer, once nothing has moved for a moment."""
        derniers = list(takewhile(vers, reversed(self.etats[depuis:])))
        calme = derniers and time.time() - self.etats[-1].t > CALME
        return derniers[-1] if calme else None


def nu(texte: str) -> str:
    """A text as it is compared: spaces are alike."""
    return " ".join(texte.split())


def au(chemin: str) -> Callable[[Etat], bool]:
    """The page of an address is shown, live; the address may be a pattern."""
    motif = re.compile(chemin)
    return lambda e: bool(motif.fullmatch(e.chemin)) and not e.occupee and bool(e.h1)
