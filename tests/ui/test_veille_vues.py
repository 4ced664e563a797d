"""What the watch of the page finds to show: the dialogues, the region of the others, figures said in one place."""

import re
from typing import Any

import pytest

from rxror.auth import veille
from rxror.settings import RACINE, settings
from rxror.ui import veille as vues
from rxror.ui.layout import SCRIPTS
from rxror.ui.pages import edition, etablissement, lieu, offre, structure, validation

SCRIPT = (RACINE / "assets" / "veille.js").read_text(encoding="utf-8")


def constante(nom: str) -> int:
    return int(re.findall(rf"const {nom} = (\d+);", SCRIPT)[0])


def test_script_and_server_warn_at_the_same_time() -> None:
    assert constante("ALERTE") == veille.PRESQUE
    assert "veille" in SCRIPTS


def test_every_case_of_the_dialogue_is_one_that_the_script_knows() -> None:
    cas = set(re.findall(r'"data-si":"(\w+)"', str(vues._bientot())))
    assert cas == {"prolongeable", "limite", "minutes", "minute", "echec"}
    assert all(re.search(rf"\b{c}\b", SCRIPT) for c in cas)
    assert set(re.findall(r'"data-session":"(\w+)"', str(vues._bientot()))) == {"rester", "fermer"}


def test_dialogue_says_the_limit_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_SESSION_ABSOLUE_HEURES", "6")
    settings.cache_clear()
    assert "6 heures au plus" in str(vues._bientot())


@pytest.mark.parametrize("module", [edition, etablissement, lieu, offre, structure, validation])
def test_pages_of_an_object_say_who_else_is_there(module: object) -> None:
    assert '"presence"' in str(module.PAGES[0][1]())  # type: ignore[attr-defined]


@pytest.mark.parametrize("touche", [True, False])
def test_form_that_leaves_the_screen_is_forgotten_unless_another_took_its_place(touche: bool, ouvrir: Any) -> None:
    """On an empty state the form leaves for a moment and comes back, maybe with what waited: that one stays."""
    adresse = "/offre/76/1/modifier/patientele"
    etat = ouvrir(edition.EditionState, adresse)
    etat.charger()
    etat._touche = touche
    ancien, parti = "celui d’avant la coupure", etat.formulaire
    etat.quitter(adresse, ancien)
    assert etat.place == adresse
    etat.quitter(adresse, parti)
    assert etat.place == ""


def test_reconnection_that_leaves_the_form_on_the_screen_keeps_its_name(ouvrir: Any) -> None:
    etat = ouvrir(edition.EditionState, "/offre/76/1/modifier/patientele")
    etat.charger()
    monte = etat.formulaire
    etat.charger()
    assert etat.formulaire == monte
