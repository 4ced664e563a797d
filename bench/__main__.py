"""Run the measures on the demonstration, on a phone's screen, on a fast and on a slow link; write docs/mesures.md."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bench import arbre, recherche
from bench.machine import machine
from bench.relais import Relais
from parcours import rapport
from rxror import serveur
from rxror.commandes import charger_donnees, mettre_a_jour_schema
from rxror.settings import RACINE, settings

TELEPHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OFFRE = "/offre/76/0000013"
PERSONNE = "Mireille Faure"
FOIS = {False: 20, True: 8}  # gestures measured on the fast link, on the slow one
GESTE = """([clic, temoin, texte]) => new Promise((fini, rate) => {
  const debut = performance.now();
  const la = () => document.querySelector('main')?.getAttribute('aria-busy') === 'false'
    && [...document.querySelectorAll(temoin)].some(e => (e.value ?? e.textContent).includes(texte));
  const voir = () => la() ? fini(performance.now() - debut) : requestAnimationFrame(voir);
  setTimeout(() => rate(new Error('nothing after 20 s')), 20000);
  document.querySelector(clic).click();
  requestAnimationFrame(voir);
})"""


@dataclass
class Reseau:
    """What a page asked of the network."""

    requetes: int = 0
    octets: float = 0
    trames: int = 0
    octets_de_trames: int = 0


@dataclass
class Mesures:
    """Rows of the tables of docs/mesures.md."""

    pages: list[tuple[str, ...]] = field(default_factory=list)
    gestes: list[tuple[str, ...]] = field(default_factory=list)
    propositions: list[tuple[str, ...]] = field(default_factory=list)
    arbre: list[tuple[str, ...]] = field(default_factory=list)
    memoire: str = ""


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@contextmanager
def service(var: Path, sql: Path) -> Iterator[Relais]:
    """The production server behind the relay, on a database of its own."""
    web = RACINE / "var" / "bench" / "web"
    public, prive = 3690, port_libre()
    web.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "RXROR_VAR": str(var),
        "RXROR_DEMO": "1",
        "RXROR_PORT": str(public),
        "REFLEX_WEB_WORKDIR": str(web),
        "RXROR_EVENEMENTS_PAR_SECONDE": "1000",
        "BENCH_SQL": str(sql),
    }
    settings.cache_clear()
    mettre_a_jour_schema()
    charger_donnees()
    if serveur._marque(web) != serveur._empreinte(web):
        serveur.construire(web)
    commande = [str(prive) if mot == str(public) else mot for mot in serveur._granian()[:-1]] + ["bench.compteur:app"]
    relais = Relais(public, prive)
    relais.demarrer()
    with serveur._enfant(commande, serveur._environnement(prod=True) | {"PYTHONPATH": str(RACINE)}) as granian:
        serveur._attendre(granian)
        relais.processus = granian.pid
        yield relais


def ecouter(page: Page) -> Reseau:
    reseau = Reseau()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")

    def requete(evenement: dict[str, Any]) -> None:
        reseau.requetes += 1
        reseau.octets += evenement["encodedDataLength"]

    def trame(evenement: dict[str, Any]) -> None:
        reseau.trames += 1
        reseau.octets_de_trames += len(evenement["response"]["payloadData"])

    cdp.on("Network.loadingFinished", requete)
    cdp.on("Network.webSocketFrameReceived", trame)
    return reseau


def ralentir(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})


def prete(page: Page) -> None:
    expect(page.locator("main")).to_have_attribute("aria-busy", "false", timeout=30_000)
    expect(page.locator("h1")).not_to_have_text("", timeout=30_000)


def charger(contexte: BrowserContext, adresse: str, *, lent: bool) -> tuple[Reseau, float]:
    page = contexte.new_page()
    if lent:
        ralentir(page)
    reseau = ecouter(page)
    debut = time.perf_counter()
    page.goto(adresse)
    prete(page)
    duree = time.perf_counter() - debut
    page.wait_for_load_state("networkidle")
    page.close()
    return reseau, duree


def entrer(contexte: BrowserContext) -> Page:
    page = contexte.new_page()
    page.goto("/connexion")
    page.get_by_role("link", name="Choisir une identité de démonstration").click()
    page.get_by_role("button", name=f"Entrer en tant que {PERSONNE}").click()
    expect(page.locator("h1")).to_have_text("Mes accès rapides", timeout=30_000)
    return page


def mesurer_pages(navigateur: Browser, relais: Relais, mesures: Mesures) -> None:
    for lent in (False, True):
        relais.lent(oui=False)
        contexte = navigateur.new_context(base_url=settings().url, locale="fr-FR", **TELEPHONE)
        entrer(contexte).close()
        etat = contexte.storage_state()
        contexte.close()
        for nom, adresse, options in (
            ("Sign-in page", "/connexion", {}),
            ("Home, signed in", "/", {"storage_state": etat}),
            ("An offer", OFFRE, {"storage_state": etat}),
        ):
            relais.lent(oui=lent)
            contexte = navigateur.new_context(base_url=settings().url, locale="fr-FR", **TELEPHONE, **options)
            for visite in ("first", "repeat"):
                reseau, duree = charger(contexte, adresse, lent=lent)
                mesures.pages.append(
                    (
                        nom,
                        visite,
                        "slow" if lent else "fast",
                        str(reseau.requetes),
                        f"{reseau.octets / 1000:.0f} kB",
                        f"{reseau.octets_de_trames / 1000:.1f} kB",
                        f"{duree:.2f} s",
                    )
                )
            contexte.close()


def compter(sql: Path) -> int:
    lignes = sql.read_text("utf-8").splitlines()
    return sum(not ligne.startswith(("BEGIN", "PRAGMA")) for ligne in lignes)


def mesurer_gestes(navigateur: Browser, relais: Relais, mesures: Mesures, sql: Path) -> None:
    section = f"a[href^='{OFFRE}/modifier/informations_generales']"
    for lent in (False, True):
        relais.lent(oui=False)
        contexte = navigateur.new_context(base_url=settings().url, locale="fr-FR", **TELEPHONE)
        page = entrer(contexte)
        page.goto(OFFRE)
        prete(page)
        relais.lent(oui=lent)
        if lent:
            ralentir(page)
        durees: dict[str, list[float]] = {
            "« Modifier » a section": [],
            "« Enregistrer »": [],
            "« Valider » (the summary)": [],
        }
        requetes: dict[str, list[int]] = {nom: [] for nom in durees}

        def geste(nom: str, clic: str, temoin: str, texte: str, vers: Any = (page, durees, requetes)) -> None:
            page, durees, requetes = vers
            page.locator(clic).first.wait_for(state="visible", timeout=30_000)
            avant = compter(sql)
            durees[nom].append(page.evaluate(GESTE, [clic, temoin, texte]))
            page.wait_for_timeout(150)
            requetes[nom].append(compter(sql) - avant)

        for rang in range(FOIS[lent]):
            nouveau = f"Cardiologie, lent {rang}" if lent else f"Cardiologie, rapide {rang}"
            geste("« Modifier » a section", section, "input[name=nom_offre]", "Cardiologie")
            page.wait_for_timeout(1500)  # a person takes longer to find the field
            page.locator("input[name=nom_offre]").fill(nouveau)
            geste("« Enregistrer »", "main form button[type=submit]", "h1", nouveau)
            geste("« Valider » (the summary)", f"a[href^='{OFFRE}/valider']", "main ins", nouveau)
            page.goto(OFFRE)
            prete(page)
        for nom, valeurs in durees.items():
            rangees = sorted(valeurs)
            p95 = rangees[min(len(rangees) - 1, round(0.95 * len(rangees)))]
            mesures.gestes.append(
                (
                    nom,
                    "slow" if lent else "fast",
                    str(len(rangees)),
                    f"{statistics.median(rangees):.0f} ms",
                    f"{p95:.0f} ms",
                    f"{statistics.median(requetes[nom]):.0f}",
                )
            )
        contexte.close()


def propre_au_service(processus: int) -> int:
    """Bytes of memory that the server's processes share with nobody."""
    enfants = Path(f"/proc/{processus}/task/{processus}/children").read_text().split()
    total = 0
    for pid in (processus, *map(int, enfants)):
        lignes = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += sum(int(ligne.split()[1]) * 1024 for ligne in lignes if ligne.startswith("Private_"))
    return total


def ouvrir_un_onglet(contexte: BrowserContext) -> None:
    page = contexte.new_page()
    page.goto(OFFRE)
    prete(page)


def mesurer_memoire(navigateur: Browser, relais: Relais, mesures: Mesures, onglets: int = 20) -> None:
    contexte = navigateur.new_context(base_url=settings().url, locale="fr-FR", **TELEPHONE)
    entrer(contexte)
    ouvrir_un_onglet(contexte)
    avant = propre_au_service(relais.processus)
    for _ in range(onglets):
        ouvrir_un_onglet(contexte)
    par_onglet = (propre_au_service(relais.processus) - avant) / onglets / 1000
    mesures.memoire = (
        f"{par_onglet:.0f} kB of the server's memory for each tab open on the page of an offer ({onglets} tabs)."
    )
    contexte.close()


def tableau(tetes: tuple[str, ...], lignes: list[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(ligne) + " |" for ligne in (tetes, tuple("---" for _ in tetes), *lignes))


def ecrire(mesures: Mesures, chromium: str) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=RACINE, capture_output=True, text=True, check=False
    )
    document = RACINE / "docs" / "mesures.md"
    parcours = rapport.garder(document.read_text("utf-8")) if document.exists() else ""
    document.write_text(
        f"""# Measures

Written by `make bench` on {datetime.now(UTC):%d %B %Y}, commit {commit.stdout.strip() or "?"}; {machine()}; {chromium}.

A screen of 390 × 844, demonstration data, one server. *Slow* is 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, by a relay that
slows websockets too, and a processor four times slower. Load average of the
machine at the end: {os.getloadavg()[0]:.1f}; above its number of cores, other work made the times longer than they are.

## Pages

Bytes as sent (compressed, headers included); *events* are what the websocket brought. *Ready* is when the page no longer says that it is
busy and can be used.

{tableau(("Page", "Visit", "Link", "Requests", "Bytes", "Events", "Ready"), mesures.pages)}

Goals: 190 kB in 14 requests for a first page, 10 kB for a repeat visit; ready in 2.2 s, then 1.1 s, on the slow link.

## Memory

{mesures.memoire} Goal: 250 kB.

## Codes proposed

What the service takes to propose codes for a field, its queries included, the browser and the link left out; beside it, the
processor's own time, which other work does not make longer. Goal: 40 ms, p95.

{tableau(("List", "Codes", "Typed", "Times", "Median", "p95", "p95, processor"), mesures.propositions)}

## The tree of 300 offers

The whole établissement on one screen, its 80 offers of the demonstration completed to 300. *Rows* are nodes and offers shown, *bytes* the
longest message that brings them. Goal: 300 ms, p95; a hundred offers at most in a message.

{tableau(("What", "Rows", "SQL", "Bytes", "Median", "p95", "p95, processor"), mesures.arbre)}

## Gestures

From the click to the first frame that shows what it was for: the field, the new name, the line of what changes. SQL statements are those of the whole gesture, the check of the session included.

Goals, p95 on the fast link: 40 ms to open a section, 60 ms for « Enregistrer », 120 ms for « Valider »; 12 statements per event
(« Enregistrer » here is two: the save, then the page of the offer).

{tableau(("Gesture", "Link", "Times", "Median", "p95", "SQL"), mesures.gestes)}
{parcours}""",
        "utf-8",
    )


def main() -> None:
    chemin = next((c for n in ("chromium", "chromium-browser", "google-chrome") if (c := shutil.which(n))), None)
    if chemin is None:
        sys.exit("Les mesures demandent Chromium : installez-le, puis relancez.")
    mesures = Mesures()
    with tempfile.TemporaryDirectory() as dossier, sync_playwright() as playwright:
        sql = Path(dossier) / "sql.log"
        sql.touch()
        navigateur = playwright.chromium.launch(executable_path=chemin)
        with service(Path(dossier) / "var", sql) as relais:
            mesurer_pages(navigateur, relais, mesures)
            mesurer_gestes(navigateur, relais, mesures, sql)
            mesurer_memoire(navigateur, relais, mesures)
            mesures.propositions = recherche.mesurer()
            mesures.arbre = arbre.mesurer()
        version = f"Chromium {navigateur.version}"
        navigateur.close()
    ecrire(mesures, version)
    print((RACINE / "docs" / "mesures.md").read_text("utf-8"))


main()
