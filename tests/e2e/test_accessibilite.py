"""Every page and state: no axe violation, no sideways scroll, targets wide enough, titles, French only.

Each is opened once, then seen at three widths and in two colour schemes. All defects are told at once.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Ouvrir
from tests.e2e.gestes import AMBULATOIRE, GYNECO, LIEU, NRBC, aller, arriver, bouton, connecter, enregistrer

REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COULEURS = ["color-contrast", "link-in-text-block"]  # the only rules that another colour scheme can break
AXE = {"light": {"type": "tag", "values": REGLES}, "dark": {"type": "rule", "values": COULEURS}}
LARGEURS = {320: 640, 390: 844, 1280: 800}
CIBLE = 44  # CSS pixels

PUBLIQUES = {
    "/connexion": "Tenez votre offre à jour dans le ROR",
    "/aide": "Aide",
    "/accessibilite": re.compile("^Accessibilité"),
    "/donnees-personnelles": "Données personnelles",
    "/mentions-legales": "Mentions légales",
    "/etat-du-service": "État du service",
}
LECTURE = {
    "/": "Mes accès rapides",
    "/relecture": "Relecture",
    f"/relecture?etablissement=810000505&objet=offre:{GYNECO}": "Relecture de CH ALBI",
    f"/relecture?objet=offre:{AMBULATOIRE}": "Relecture",
    "/relecture?etat=brouillon&genre=lieu": "Relecture",
    "/mes-connexions": "Mes connexions",
    "/etablissements": "Mes établissements géographiques (EG)",
    "/etablissements?q=zzz": "Mes établissements géographiques (EG)",
    "/etablissement/810000505": "CH ALBI",
    "/etablissement/810005538": "CENTRE ACCUEIL DE JOUR LE PETIT CANTOU",
    "/etablissement/810000505/arbre?q=cardio&etat=a_revoir": "Tout l’établissement",
    "/etablissement/810000505/capacites/enregistrees": "Capacités à valider",
    "/etablissement/810000505/exigences": "Exigences nationales",
    "/etablissement/810000505/journal?du=2026-01-01": "Journal",
    "/mes-donnees": "Mes données",
    "/structure/OI76-000001": "Pôle Femme-Mère-Enfant",
    "/structure/OI76-000009": "UF Gynécologie",
    f"/offre/{GYNECO}": "Gynécologie, consultations",
    f"/offre/{AMBULATOIRE}": "Gynécologie, chirurgie ambulatoire",
    f"/offre/{GYNECO}/valider": "Valider l’offre",
    f"/offre/{AMBULATOIRE}/valider": "Valider l’offre",
    f"/offre/{GYNECO}/validee": "Offre validée",
    f"/offre/{NRBC}": "Urgences, décontamination NRBC",
    f"/offre/{NRBC}/corriger/COH-10": "Réserver tous les contacts à la régulation et à la gestion de crise",
    f"/offre/{NRBC}/corriger/CO1": "Rien à corriger",
    f"/lieu/{LIEU}?offre={GYNECO}": "Gynécologie, 2e étage",
    f"/offre/{GYNECO}/conflit/contacts": "Deux saisies différentes",
    f"/offre/{GYNECO}/historique?ligne=9999999": "Historique",
    f"/offre/{GYNECO}/comparer": "Comparer deux versions",
    f"/offre/{GYNECO}/annuler/contacts": "Annuler mon dernier enregistrement",
    "/demander-acces?q=ehpad": "Demander un accès",
    "/structure/OI76-000009/confirmer": re.compile("^Rien n’a changé"),
    "/structure/OI76-000009/valider-plusieurs": "Valider ce qui est prêt",
}
FORMULAIRES = {
    "/creer/offre/structure/OI76-000009": "Créer une offre",
    f"/creer/lieu/{GYNECO}": "Créer un lieu",
    "/creer/lieu/etablissement/810000505": "Créer un lieu",
    "/creer/structure/structure/OI76-000001": "Créer une structure",
    f"/offre/{GYNECO}/dupliquer": "Dupliquer l’offre",
    f"/offre/{GYNECO}/confier/contacts": "Confier à quelqu’un",
    "/demander-acces/810002709": "Demander un accès",
    f"/lieu/{LIEU}/separer": "Séparer le lieu",
    "/etablissement/810000505/capacites?montrer=tous": "Capacités du site",
    "/etablissement/810000505/invitations": "Invitations",
    f"/offre/{GYNECO}/appliquer/contacts": "Appliquer à d’autres offres",
    f"/offre/{GYNECO}/modifier/informations_generales": "Informations générales",
    f"/offre/{GYNECO}/modifier/accueil": "Accueil et prise en charge",
    f"/offre/{GYNECO}/modifier/patientele": "Patientèle",
    f"/offre/{GYNECO}/modifier/specificites": "Spécificités de l’offre",
    f"/offre/{GYNECO}/modifier/adresse": "Adresse et lieux",
    f"/offre/{GYNECO}/modifier/contacts": "Contacts",
    f"/lieu/{LIEU}/modifier/informations_generales": "Informations générales",
    f"/lieu/{LIEU}/modifier/adresse": "Adresse",
    f"/lieu/{LIEU}/modifier/capacitaire": "Capacitaire",
    f"/lieu/{LIEU}/modifier/equipements": "Équipements spécifiques",
}

# What Reflex and its components say by themselves, in English.
ANGLAIS = re.compile(
    r"Cannot connect|Check if server|An error occurred|Contact the website|Connection [Ee]rror|[Pp]age not found|"
    r"Built with|\bLoading\b|went wrong|Application error|Notifications|rendering this page|\bReload\b|\bCopy\b|"
    r"\bClose\b|\bSubmit\b|\bSearch\b|\bSave\b|\bCancel\b|\bundefined\b|\bnull\b|\bNone\b|\[object"
)

# At any width: what overflows, and what is too small to be touched (a link inside a sentence may be).
MESURES = """(cible) => {
  const texte = (e) => (e.getAttribute("aria-label") || e.innerText || e.name || e.id).trim().slice(0, 50);
  const defauts = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) defauts.push(`déborde : ${scrollWidth} px`);
  const phrase = (e) => getComputedStyle(e).display === "inline" &&
    [...e.parentElement.childNodes].some((n) => n !== e && n.textContent.trim());
  for (const e of document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || (e.matches("a") && phrase(e))) continue;
    const zone = (e.matches("[type=radio], [type=checkbox]") && e.closest("label")) || e;
    const { width, height } = zone.getBoundingClientRect();
    if (Math.min(width, height) >= cible - 0.5) continue;
    defauts.push(`${e.tagName.toLowerCase()} « ${texte(e)} » : ${Math.round(width)} × ${Math.round(height)} px`);
  }
  return defauts;
}"""
# WCAG 1.4.4 and 1.4.12: text twice as big, then more space between letters, words and lines.
TEXTE_DOUBLE = "() => { document.documentElement.style.fontSize = '200%'; }"
TEXTE_NORMAL = "() => { document.documentElement.style.fontSize = ''; }"
TEXTE_ESPACE = """() => {
  for (const { style } of document.body.querySelectorAll("*"))
    Object.assign(style, { letterSpacing: "0.12em", wordSpacing: "0.16em", lineHeight: "1.5" });
}"""
MOTS = """() => {
  const noms = ["aria-label", "title", "placeholder", "alt"];
  const dits = [...document.body.querySelectorAll("*")].flatMap((e) => noms.map((n) => e.getAttribute(n) || ""));
  return [document.title, document.body.innerText, ...dits].join("\\n");
}"""


def examiner(page: Page, etat: str) -> list[str]:
    """All the defects of what the page shows now."""
    defauts = []
    if page.locator("html").get_attribute("lang") != "fr":
        defauts.append("lang")
    if page.locator("h1").count() != 1 or page.locator("main").count() != 1:
        defauts.append("un h1, un main")
    if not re.fullmatch(r"[^–]+( – [^–]+)* – rxror", page.title()):
        defauts.append(f"titre : {page.title()}")
    if page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count():
        defauts.append("ordre du clavier forcé")
    defauts += [f"anglais : {m}" for m in set(ANGLAIS.findall(page.evaluate(MOTS)))]
    for largeur, hauteur in LARGEURS.items():
        page.set_viewport_size({"width": largeur, "height": hauteur})
        defauts += [f"{largeur} px : {d}" for d in page.evaluate(MESURES, CIBLE)]
        page.evaluate(TEXTE_DOUBLE)
        defauts += [f"{largeur} px, texte à 200 % : {d}" for d in page.evaluate(MESURES, CIBLE)]
        page.evaluate(TEXTE_NORMAL)
        if largeur == 320:
            continue
        for couleurs in ("light", "dark"):
            page.emulate_media(color_scheme=couleurs)
            defauts += [f"{largeur} px, {couleurs} : {v}" for v in _axe(page, AXE[couleurs])]
    page.evaluate(TEXTE_ESPACE)
    defauts += [f"texte espacé : {d}" for d in page.evaluate(MESURES, CIBLE)]
    return [f"{etat} : {d}" for d in dict.fromkeys(defauts)]


def _axe(page: Page, regles: dict[str, Any]) -> list[str]:
    vues: list[Any] = Axe().run(page, options={"runOnly": regles, "resultTypes": ["violations"]}).response["violations"]
    return [f"axe {v['id']} : {n['html'][:120]} {n['failureSummary'][:200]}" for v in vues for n in v["nodes"][:3]]


def _parcourir(page: Page, pages: dict[str, Any]) -> list[str]:
    defauts = []
    for adresse, titre in pages.items():
        aller(page, adresse, titre)
        defauts += examiner(page, adresse)
    return defauts


def _aucun(defauts: list[str]) -> None:
    assert not defauts, "\n".join(defauts)


@pytest.fixture
def immobile(ouvrir: Ouvrir) -> Page:
    """A page without transitions: a colour is measured when it has arrived."""
    return ouvrir(reduced_motion="reduce")


def test_public_pages(immobile: Page) -> None:
    _aucun(_parcourir(immobile, PUBLIQUES))


def test_pages_of_the_sign_in_and_of_what_is_not_there(ouvrir: Ouvrir) -> None:
    page = ouvrir(attendues=("404", "400"), reduced_motion="reduce")
    defauts = []
    for adresse, titre in (
        ("/auth/connexion", "Qui êtes-vous\u00a0?"),
        ("/auth/callback", "Connexion refusée"),
        ("/nulle-part", "Cette page n’existe pas"),
    ):
        page.goto(adresse)
        expect(page.locator("h1")).to_have_text(titre)
        defauts += examiner(page, adresse)
    connecter(page, "Hugo Marty")  # nothing is entrusted to him
    defauts += _parcourir(
        page,
        {
            "/": "Mes accès rapides",
            "/etablissements": "Mes établissements géographiques (EG)",
            f"/offre/{GYNECO}": "Rien à montrer à cette adresse",
        },
    )
    _aucun(defauts)


def test_pages_that_are_read(immobile: Page) -> None:
    connecter(immobile, "Mireille Faure")
    _aucun(_parcourir(immobile, LECTURE))


def test_forms(immobile: Page) -> None:
    connecter(immobile, "Mireille Faure")
    _aucun(_parcourir(immobile, FORMULAIRES))


def test_states_of_the_pages(immobile: Page) -> None:
    page = immobile
    connecter(page, "Claire Dumas")
    defauts = []
    for nom, (adresse, titre, geste) in ETATS.items():
        page.set_viewport_size({"width": 1280, "height": 800})
        aller(page, adresse, titre)
        geste(page)
        defauts += examiner(page, nom)
    _aucun(defauts)


def test_reduced_motion_and_forced_colours_keep_everything(ouvrir: Ouvrir) -> None:
    page = ouvrir(reduced_motion="reduce", forced_colors="active")
    connecter(page, "Claire Dumas")
    aller(page, f"/offre/{GYNECO}", "Gynécologie, consultations")
    expect(page.get_by_role("link", name="Valider", exact=True)).to_be_visible()
    durees = "() => document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 10).length"
    assert page.evaluate(durees) == 0


# ------------------------------------------------------------------------------- the states


def _en_erreur(page: Page) -> None:
    page.get_by_label("Age minimum").fill("quinze")
    page.get_by_label("Age maximum").fill("-4")
    enregistrer(page)
    expect(page.get_by_role("alert").filter(has_text="2 points à corriger")).to_be_focused()


def _abandonner(page: Page) -> None:
    bouton(page, "Abandonner").click()
    expect(page.get_by_role("alert").filter(has_text="Abandonner ce qui est enregistré")).to_be_visible()


def _chercher(page: Page) -> None:
    page.get_by_label("Ajouter une activité").fill("chirurgie")
    expect(page.get_by_role("option").first).to_be_visible()


def _chercher_en_vain(page: Page) -> None:
    page.get_by_label("Ajouter une activité").fill("zzzz")
    expect(page.get_by_role("status").filter(has_text="Aucun résultat.")).to_have_count(1)


def _ligne_vide(page: Page) -> None:
    bouton(page, "Ajouter un contact").click()
    expect(page.get_by_label("Contact 3", exact=True)).to_be_visible()


def _enregistre(page: Page) -> None:
    page.get_by_label("Nom de l’offre").fill("Consultations de gynécologie")
    enregistrer(page)
    arriver(page, "Consultations de gynécologie")


def _plis_ouverts(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('main details').forEach((pli) => (pli.open = true))")
    expect(page.get_by_role("rowheader", name="Chirurgie")).to_be_visible()


def _arbre_ouvert(page: Page) -> None:
    page.locator(".noeud > summary").first.click()
    page.locator(".noeud .noeud > summary").first.click()
    expect(page.locator(".feuille").first).to_be_visible()


def _lieux_ouverts(page: Page) -> None:
    page.locator("summary", has_text="45 lieux").click()
    expect(page.get_by_role("link", name="Détails du lieu Gynécologie, 2e étage")).to_be_visible()


def _homonyme(page: Page) -> None:
    page.get_by_label("Nom du lieu").fill("gynecologie, 2e etage")
    page.get_by_label("Fonction du lieu").select_option(index=1)
    bouton(page, "Créer").click()
    expect(page.get_by_role("checkbox", name="Créer quand même avec ce nom")).to_be_visible()


def _copie_en_question(page: Page) -> None:
    page.get_by_label("Mode de prise en charge").select_option(label="Hospitalisation de jour (HJ)")
    expect(page.get_by_role("status").filter(has_text="Mode de prise en charge change")).to_be_visible()
    bouton(page, "Dupliquer").click()
    expect(page.get_by_role("checkbox", name="Créer quand même avec ce nom")).to_be_visible()


def _comparer(page: Page) -> None:
    bouton(page, "Tout cocher").click()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    bouton(page, "Voir ce qui change").click()
    expect(page.get_by_role("heading", name="Ce qui change")).to_be_visible()


def _menu_ouvert(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    bouton(page, "Menu").click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()


def _hors_ligne(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("#reseau")).to_contain_text("Connexion perdue.")


def _rien(page: Page) -> None:
    pass


PATIENTELE = (f"/offre/{GYNECO}/modifier/patientele", "Patientèle")
ETATS: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "saisie en erreur": (*PATIENTELE, _en_erreur),
    "question d’abandon": (*PATIENTELE, _abandonner),
    "recherche ouverte": (f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre", _chercher),
    "recherche sans résultat": (f"/offre/{GYNECO}/modifier/specificites", "Spécificités de l’offre", _chercher_en_vain),
    "ligne vide": (f"/offre/{GYNECO}/modifier/contacts", "Contacts", _ligne_vide),
    "offre enregistrée": (f"/offre/{GYNECO}/modifier/informations_generales", "Informations générales", _enregistre),
    "avant et après": (f"/offre/{GYNECO}/valider", "Valider l’offre", _rien),
    "accueil avec un brouillon": ("/", "Mes accès rapides", _rien),
    "plis ouverts": ("/etablissement/810000505", "CH ALBI", _plis_ouverts),
    "arbre ouvert": ("/etablissement/810000505/arbre", "Tout l’établissement", _arbre_ouvert),
    "lieux ouverts": ("/etablissement/810000505/arbre", "Tout l’établissement", _lieux_ouverts),
    "nom déjà pris": ("/creer/lieu/etablissement/810000505", "Créer un lieu", _homonyme),
    "copie qui change de mode": (f"/offre/{GYNECO}/dupliquer", "Dupliquer l’offre", _copie_en_question),
    "ce qui change ailleurs": (f"/offre/{GYNECO}/appliquer/contacts", "Appliquer à d’autres offres", _comparer),
    "menu du téléphone": ("/", "Mes accès rapides", _menu_ouvert),
    "hors ligne": ("/", "Mes accès rapides", _hors_ligne),
}
