"""Every section of every kind of object, read, edited and in error, at both sizes: each field has its control.

The fields expected are those of the declarations, so that a new one is looked for without touching this file.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from rxror import db
from rxror.ror.champs import Champ, Edition, Groupe, TypeChamp, champs_de, groupes_de, sections_de
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import OBJETS
from rxror.services import modification
from rxror.services.acces import Acteur, Cible
from rxror.tables import Utilisateur
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import aller, bouton, connecter, enregistrer

REGLES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# One object of each kind; an offer may be given another champ d'activité for the time of the test.
LIEUX: dict[str, tuple[str, str, str]] = {
    "MCO": ("offre", "76/0000003", ""),
    "SMR": ("offre", "76/0000005", "02"),
    "PSY": ("offre", "76/0000004", "03"),
    "HAD": ("offre", "76/0000077", ""),
    "médico-social": ("offre", "76/0000081", ""),
    "ville": ("offre", "76/0000103", "05"),
    "lieu d’hébergement": ("lieu", "L76-000046", ""),
    "UF": ("structure", "OI76-000009", ""),
    "pôle": ("structure", "OI76-000001", ""),
    "hôpital": ("etablissement", "810000505", ""),
    "EHPAD": ("etablissement", "810003418", ""),
}


@contextmanager
def _mireille(serveur: Serveur) -> Iterator[tuple[Session, Acteur]]:
    moteur = db.creer_engine(f"sqlite:///{serveur.base}", db.Usage.LECTURE)
    with Session(moteur) as session:
        qui = session.exec(select(Utilisateur).where(Utilisateur.nom == "Faure")).one()
        yield session, Acteur(qui.id or 0, qui.iss, qui.sub, qui.nom_complet)
    moteur.dispose()


def _sections(serveur: Serveur, cible: Cible) -> dict[str, modification.Edition]:
    """The sections that may be opened, with what their forms show."""
    with _mireille(serveur) as (session, qui):
        ouvertes: dict[str, modification.Edition] = {}
        for section in sections_de(OBJETS[cible.genre]):
            if section.modifiable:
                try:
                    ouvertes[section.cle] = modification.ouvrir(session, qui, cible, section.cle)
                except AccesRefuse:
                    continue  # not shown in this context
        return ouvertes


def _a_saisir(champs: dict[str, Champ], visibles: dict[str, bool], prefixe: str = "") -> list[str]:
    return [
        prefixe + nom
        for nom, champ in champs.items()
        if champ.edition is Edition.LIBRE
        and champ.type is not TypeChamp.REFERENCE
        and visibles.get(prefixe + nom, True)
    ]


def _absents(page: Page, chemins: list[str]) -> list[str]:
    """Paths for which the page has no control."""
    presents: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[id], [name]')].flatMap((e) => [e.id, e.name || ''])"
    )
    noms = {n for nom in presents for n in (nom, *_debuts(nom))}
    return [c for c in chemins if c not in noms]


def _debuts(nom: str) -> list[str]:
    morceaux = nom.split(".")
    return [".".join(morceaux[:i]) for i in range(1, len(morceaux))]


def _axe(page: Page) -> list[str]:
    vues: Any = Axe().run(page, options={"runOnly": REGLES, "resultTypes": ["violations"]}).response["violations"]
    return [f"axe {v['id']} : {n['html'][:140]}" for v in vues for n in v["nodes"][:3]]


def _lignes(page: Page, groupe: Groupe, nom: str) -> list[str]:
    """A row more, where a button adds one, and the fields of it that have no control."""
    ajouter = page.locator(f'button[id="{nom}"]')
    if groupe.unique or groupe.par_recherche or groupe.en_semaine or not ajouter.count() or not ajouter.is_visible():
        return []
    avant = page.locator(f'input[type=hidden][name^="{nom}."][value="1"]').count()
    ajouter.click()
    marque = page.locator(f'input[type=hidden][name^="{nom}."][value="1"]')
    expect(marque).not_to_have_count(avant)
    noms = page.evaluate("() => [...document.querySelectorAll('[name], [id]')].flatMap((e) => [e.id, e.name || ''])")
    libres = [n for n, c in champs_de(groupe.classe).items() if c.edition is Edition.LIBRE and c.visible_si is None]
    return [f"{nom}.*.{n}" for n in libres if not any(re.fullmatch(rf"{nom}\.[^.]+\.{n}(\..*)?", m) for m in noms)]


def _en_erreur(page: Page) -> None:
    """What no reader accepts, wherever one may type it."""
    for champ in page.locator("input[inputmode=numeric]:visible, input[inputmode=decimal]:visible").all():
        champ.fill("pas un nombre")
    enregistrer(page)


@pytest.mark.parametrize("taille", ["telephone", "ordinateur"])
@pytest.mark.parametrize("sorte", LIEUX)
def test_every_section_shows_all_its_fields_and_its_errors(
    ouvrir: Ouvrir, serveur: Serveur, sorte: str, taille: str
) -> None:
    genre, identifiant, champ = LIEUX[sorte]
    page = ouvrir(taille, reduced_motion="reduce")
    if champ:
        serveur.ecrire(
            "UPDATE offre_operationnelle SET champ_activite = ? WHERE identifiant_offre = ?", champ, identifiant
        )
    cible = Cible(genre, identifiant)
    connecter(page, "Mireille Faure")
    page.goto(f"/{genre}/{identifiant}")
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")
    defauts = _axe(page)
    for cle, ouverte in _sections(serveur, cible).items():
        aller(page, f"/{genre}/{identifiant}/modifier/{cle}", ouverte.section.titre)
        defauts += [
            f"{cle} : {d}" for d in _une_section(page, OBJETS[genre], cle, ouverte, errer=taille == "telephone")
        ]
    assert not defauts, "\n".join(dict.fromkeys(defauts))


def _une_section(page: Page, classe: Any, cle: str, ouverte: modification.Edition, *, errer: bool) -> list[str]:
    defauts = [f"sans contrôle : {c}" for c in _absents(page, _a_saisir(champs_de(classe, cle), ouverte.visibles))]
    groupes = {n: g for n, g in groupes_de(classe, cle).items() if ouverte.visibles.get(n, True)}
    defauts += [f"sans contrôle : {c}" for c in _absents(page, list(groupes))]
    for nom, groupe in groupes.items():
        defauts += [f"sans contrôle : {c}" for c in _lignes(page, groupe, nom)]
    defauts += _axe(page)
    if errer and page.locator("input[inputmode=numeric]:visible, input[inputmode=decimal]:visible").count():
        _en_erreur(page)
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()
        expect(page.locator("[aria-invalid=true]").first).to_have_value("pas un nombre")
        defauts += _axe(page)
        if bouton(page, "Abandonner").is_visible():
            bouton(page, "Abandonner").click()
            bouton(page, "Abandonner le brouillon").click()
            expect(page.locator("h1")).not_to_have_text(ouverte.section.titre)
    return defauts
