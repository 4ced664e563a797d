"""What the service says of itself: one line per record, which nothing typed can forge, and no value of anybody."""

import io
import json
import logging
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from rxror import journaux
from rxror.journaux import REFERENCE, EnClair, EnJson, une_ligne
from rxror.settings import RACINE

FORGES = ("a\nb", "a\r\nb", "a\x85b", "a\u2028b", "a\u2029b", "a\x1b[2Kb", "a\u202eb", 'a", "level": "INFO', "a\x00b")


def enregistrement(message: str, *args: Any, nom: str = "rxror.essai", **autres: Any) -> logging.LogRecord:
    return logging.LogRecord(nom, logging.WARNING, "module.py", 12, message, args, autres.get("exc_info"))


def test_line_says_when_with_its_zone_how_grave_who_what_and_which_request():
    jeton = REFERENCE.set("2311-1042-K7QM")
    try:
        dit = json.loads(EnJson().format(enregistrement("refus : %s", "nonce")))
    finally:
        REFERENCE.reset(jeton)
    assert datetime.fromisoformat(dit.pop("time")).utcoffset() == timedelta(0)
    assert dit == {
        "level": "WARNING",
        "logger": "rxror.essai",
        "message": "refus : nonce",
        "reference": "2311-1042-K7QM",
    }


@pytest.mark.parametrize("typed", FORGES, ids=ascii)
@pytest.mark.parametrize("forme", [EnJson(), EnClair()], ids=["json", "clair"])
def test_nothing_typed_makes_a_second_line_or_another_field(forme: logging.Formatter, typed: str):
    ligne = forme.format(enregistrement("motif : %s", typed))
    assert len(ligne.splitlines()) == 1
    assert not any(c in ligne for c in "\x00\x1b\x85\u2028\u2029\u202e")
    if isinstance(forme, EnJson):
        assert json.loads(ligne)["message"] == f"motif : {typed}"
        assert json.loads(ligne)["level"] == "WARNING"


def test_french_spaces_stay_readable():
    assert une_ligne("repère\u00a0: 12\u202f%") == "repère\u00a0: 12\u202f%"


@pytest.mark.parametrize("forme", [EnJson(), EnClair()], ids=["json", "clair"])
def test_exception_is_told_without_its_words(forme: logging.Formatter):
    typed = "".join(("Du", "rand"))
    try:
        raise ValueError(typed)
    except ValueError:
        texte = forme.format(enregistrement("échec", exc_info=sys.exc_info()))
    assert "ValueError" in texte
    assert "Durand" not in texte


def test_framework_words_may_hold_what_was_sent_and_only_the_place_is_told():
    texte = EnJson().format(enregistrement("Error processing Event(payload={'nom': 'Durand'})", nom="reflex.app"))
    assert json.loads(texte)["message"] == "module:12"


def test_the_configuration_given_to_the_server_makes_every_logger_speak_so():
    script = (
        "import json, logging, sys; from granian.log import LogLevels, configure_logging; "
        f"configure_logging(LogLevels.warning, json.load(open({str(journaux.REGLAGE)!r}))); "
        "[logging.getLogger(n).warning('un\\ndeux') for n in ('rxror', '_granian', 'ailleurs')]; "
        "logging.getLogger('rxror').info('dit'); logging.getLogger('ailleurs').info('tu')"
    )
    fait = subprocess.run([sys.executable, "-c", script], cwd=RACINE, capture_output=True, text=True, check=True)
    lignes = [json.loads(ligne) for ligne in io.StringIO(fait.stderr)]
    assert [(d["logger"], d["message"]) for d in lignes] == [
        ("rxror", "un\ndeux"),
        ("_granian", "un\ndeux"),
        ("ailleurs", "un\ndeux"),
        ("rxror", "dit"),
    ]
    assert fait.stdout == ""
