"""One session from sign-in to the end, its log, and what the database says of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from parcours import klm, verite
from parcours.changements import Changement
from parcours.guide import Guide, Lettre, Offre, Retour
from parcours.klm import Temps
from parcours.personne import ECRANS, Personne
from parcours.relecture import Relecture, lits
from parcours.service import Service
from parcours.verite import Hopital

QUI = "Claire Dumas"
ATTENTE = 20_000  # milliseconds


@dataclass
class Seance:
    """What a session cost, and what is missing at its end."""

    nom: str
    ecran: str
    actes: list[dict[str, Any]]
    evenements: int = 0
    octets: int = 0
    manques: list[str] = field(default_factory=list)
    objets: int = 0
    fiches: int = 0

    @property
    def temps(self) -> Temps:
        """By the model, from the log alone."""
        return klm.recalculer(self.actes)

    def de(self, choisis: Callable[[str], bool]) -> Temps:
        """The part of the session that was about some objects."""
        entete = [a for a in self.actes if a["acte"] == "debut"]
        return klm.recalculer([*entete, *(a for a in self.actes if a["acte"] != "debut" and choisis(a["objet"]))])


def entrer(page: Page, nom: str = QUI) -> None:
    """Sign in; it is the same for every path, and counted in none."""
    page.goto("/connexion")
    page.get_by_role("link", name="Choisir une identité de démonstration").click()
    page.get_by_role("button", name=f"Entrer en tant que {nom}").click()
    expect(page.locator("h1")).to_have_text("Mes accès rapides", timeout=ATTENTE)
    expect(page.locator("main")).to_have_attribute("aria-busy", "false", timeout=ATTENTE)


def par_la_relecture(
    navigateur: Browser,
    service: Service,
    hopital: Hopital,
    changements: Sequence[Changement],
    ecran: str,
    nom: str,
    *,
    ensemble: bool,
) -> Seance:
    """All the hospital by the grid and the queue; `ensemble`: « Rien n'a changé » first, the queue for what is left."""
    depuis = _neuve(service)
    with _page(navigateur, service, ecran) as page:
        qui = Personne(page, ecran)
        qui.suivre(nom)
        entrer(page)
        relecture = Relecture(qui, changements)
        relecture.grille(lits(changements))
        if ensemble:
            relecture.valider_les_lits()
            relecture.rien_n_a_change()
        relecture.file()
    faits = verite.manques(service.base, depuis, hopital.objets, changements)
    faits += verite.jamais_montres(service.base, depuis, qui.lus)
    return Seance(nom, ecran, qui.actes, qui.evenements, qui.octets, faits, len(hopital.objets), len(relecture.vues))


def par_le_guide(
    navigateur: Browser,
    service: Service,
    visites: Iterable[tuple[Offre, list[str]]],
    changements: Sequence[Changement],
    ecran: str,
    nom: str,
    *,
    retour: Retour,
    lettre: Lettre,
) -> Seance:
    """Offers by the guide's path, each with those of its lieux that are read there."""
    depuis = _neuve(service)
    visites = list(visites)
    with _page(navigateur, service, ecran) as page:
        qui = Personne(page, ecran)
        qui.suivre(nom)
        entrer(page)
        guide = Guide(qui, changements, retour, lettre)
        for offre, lieux in visites:
            guide.offre(offre, lieux)
    vus = {o.objet for o, _ in visites} | {f"lieu:{x}" for _, lieux in visites for x in lieux}
    siens = [c for c in changements if c.objet in vus]
    faits = verite.manques(service.base, depuis, [o.objet for o, _ in visites], siens)
    return Seance(nom, ecran, qui.actes, qui.evenements, qui.octets, faits, len(vus))


def visites(hopital: Hopital) -> list[tuple[Offre, list[str]]]:
    """Every offer in the order of the pages, with the lieux that no offer before it has."""
    lus: set[str] = set()
    toutes = []
    for offre in hopital.offres:
        siens = [x for x in offre.lieux if x not in lus]
        lus |= set(siens)
        toutes.append((offre, siens))
    return toutes


def _neuve(service: Service) -> int:
    verite.remettre(service.preparee, service.base)
    return verite.derniere_trace(service.base)


class _page:  # noqa: N801  (used as a function)
    def __init__(self, navigateur: Browser, service: Service, ecran: str) -> None:
        self.contexte = navigateur.new_context(base_url=service.url, locale="fr-FR", **ECRANS[ecran])
        self.contexte.set_default_timeout(ATTENTE)

    def __enter__(self) -> Page:
        return self.contexte.new_page()

    def __exit__(self, *_: object) -> None:
        self.contexte.close()


def ecrire(seance: Seance, dossier: Path) -> Path:
    """Its log, one act a line; the file."""
    dossier.mkdir(parents=True, exist_ok=True)
    fichier = dossier / f"{seance.nom}-{seance.ecran}.jsonl"
    fichier.write_text("".join(klm.ligne(a) for a in seance.actes), "utf-8")
    return fichier
