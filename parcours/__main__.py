"""`python -m parcours`: measure, and write the section of docs/mesures.md; `recalculer FILE`: a log's time again."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bench.machine import machine
from parcours import klm, rapport, seance, verite
from parcours.changements import CINQ_POUR_CENT, LIEUX, TOUS, Changement
from parcours.guide import Lettre, Offre, Retour
from parcours.personne import ECRANS
from parcours.rapport import Guide, Maniere, Mesure
from parcours.seance import Seance
from parcours.service import Service, service
from parcours.verite import Hopital
from rxror.settings import RACINE
from tests.navigateur import trouver

LOGS = RACINE / "var" / "parcours"
CHEMINS = (  # how one comes back, what one opens though it did not change, screen, one unchanged UF walked in so many
    (Retour.LISTE, Lettre.TOUTES, "ordinateur", 12),
    (Retour.LISTE, Lettre.UNE, "ordinateur", 12),
    (Retour.LISTE, Lettre.UNE, "telephone", 12),
    (Retour.LISTE, Lettre.RIEN, "ordinateur", 12),
)
PLUS_LONGS = ((Retour.DEBUT, Lettre.UNE, "ordinateur", 12),)  # walked with --tout only


def main(mots: Sequence[str]) -> None:
    """Measure, or compute a log again."""
    if mots[:1] == ["recalculer"]:
        for fichier in mots[1:]:
            _dire(fichier)
        return
    if not trouver():
        sys.exit("La mesure demande Chromium : installez-le, puis relancez.")
    debut = time.monotonic()
    with tempfile.TemporaryDirectory() as dossier, sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=trouver())
        with service(Path(dossier)) as ici:
            verite.copier(ici.base, ici.preparee)
            relectures, guides = mesurer(navigateur, ici, complet="--tout" in mots)
        version = f"{machine()}; Chromium {navigateur.version}"
        navigateur.close()
    duree = time.monotonic() - debut
    texte = rapport.section(Mesure(relectures, guides, TOUS + LIEUX, version, os.getloadavg()[0], duree))
    rapport.poser(RACINE / "docs" / "mesures.md", texte)
    print(texte)


def _dire(fichier: str) -> None:
    try:
        temps = klm.recalculer(klm.lire(Path(fichier)))
    except (klm.JournalIllisible, OSError) as erreur:
        sys.exit(f"{fichier} : {erreur}")
    print(f"{fichier} : {temps.secondes:.1f} s ; {temps}")


def mesurer(
    navigateur: Browser, ici: Service, *, complet: bool
) -> tuple[dict[tuple[int, str, Maniere], Seance], list[Guide]]:
    """All sessions, each on a database as new."""
    hopital = verite.hopital(ici.base)
    relectures: dict[tuple[int, str, Maniere], Seance] = {}
    for part, offres, maniere in (
        (10, TOUS, Maniere.ENSEMBLE),
        (5, CINQ_POUR_CENT, Maniere.ENSEMBLE),
        (10, TOUS, Maniere.FILE),
        (5, CINQ_POUR_CENT, Maniere.FILE),
    ):
        for ecran in ECRANS:
            nom = f"relecture-{maniere.name.lower()}-{part}"
            jouer = partial(seance.par_la_relecture, navigateur, ici, hopital, offres + LIEUX, ecran, nom)
            relectures[part, ecran, maniere] = _garder(_reprise(partial(jouer, ensemble=maniere is Maniere.ENSEMBLE)))
    guides = []
    for rang, (retour, lettre, ecran, pas) in enumerate(CHEMINS + (PLUS_LONGS if complet else ()), 1):
        visites = seance.visites(hopital)
        choisies = visites if complet else echantillon(visites, TOUS + LIEUX, pas)
        jouer = partial(seance.par_le_guide, navigateur, ici, choisies, TOUS + LIEUX, ecran, f"guide-{rang}")
        faite = _reprise(partial(jouer, retour=retour, lettre=lettre))
        guides.append(extrapoler(f"{retour}, {lettre}", _garder(faite), hopital, len(choisies), TOUS + LIEUX))
    return relectures, guides


def _reprise(jouer: Callable[[], Seance]) -> Seance:
    """One session; once more, from a new database, when the page did not answer, and that is said."""
    try:
        return jouer()
    except (RuntimeError, PlaywrightError) as panne:
        print(f"Séance reprise du début : {panne}", flush=True)
        return jouer()


def _garder(faite: Seance) -> Seance:
    seance.ecrire(faite, LOGS)
    print(f"{faite.nom}, {faite.ecran} : {faite.temps.secondes:.0f} s", *faite.manques[:5], sep="\n  ", flush=True)
    return faite


def echantillon(
    visites: Sequence[tuple[Offre, list[str]]], changements: Sequence[Changement], pas: int
) -> list[tuple[Offre, list[str]]]:
    """Whole UFs, in the order of the pages: those where something changed, and one of the others in so many."""
    changes = {c.objet for c in changements}
    touchees = {o.uf for o, lieux in visites if changes.intersection([o.objet, *(f"lieu:{x}" for x in lieux)])}
    autres = list(dict.fromkeys(o.uf for o, _ in visites if o.uf not in touchees))
    gardees = touchees.union(autres[::pas])
    return [v for v in visites if v[0].uf in gardees]


def extrapoler(nom: str, faite: Seance, hopital: Hopital, offres: int, changements: Sequence[Changement]) -> Guide:
    """The time of all from that of a part: unchanged offers, and unchanged lieux, at the mean of those walked."""
    changes = {c.objet for c in changements}
    vus = {str(a["objet"]) for a in faite.actes if a.get("objet")}
    secondes = lecture = 0.0
    for objets in (
        [o for o in hopital.objets if o in changes],
        *([o for o in hopital.objets if o not in changes and o.startswith(g)] for g in ("offre:", "lieu:")),
    ):
        siens = vus.intersection(objets)
        temps = faite.de(siens.__contains__)
        fois = len(objets) / len(siens) if siens else 0.0
        secondes += temps.secondes * fois
        lecture += temps.lues * klm.LECTURE * fois
    return Guide(nom, faite, offres, secondes, lecture)


if __name__ == "__main__":
    main(sys.argv[1:])
