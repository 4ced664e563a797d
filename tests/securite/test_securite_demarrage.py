"""What stops the start: each refusal says why and what to do, in French, and nothing serves afterwards."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rxror import demarrage
from rxror.auth.secret import SecretAbsent, secret
from rxror.settings import Settings, settings

RACINE = Path(__file__).resolve().parents[2]
BON = secrets.token_urlsafe(48)
EN_LIGNE = {"RXROR_PUBLIC_URL": "https://ror.exemple.fr", "RXROR_SECRET": BON}
DEMO = {"RXROR_DEMO": "1"}

REFUS = {
    "sans secret": ({}, "RXROR_SECRET est absent ou trop faible"),
    "secret court": ({"RXROR_SECRET": "court"}, "tirés au hasard"),
    "secret répété": ({"RXROR_SECRET": "change-me-" * 5}, "secrets.token_urlsafe"),
    "joker": ({"RXROR_PUBLIC_URL": "*"}, "l’adresse entière"),
    "joker dans le nom": ({"RXROR_PUBLIC_URL": "https://*.exemple.fr"}, "ni joker"),
    "deux adresses": ({"RXROR_PUBLIC_URL": "https://a.fr,https://b.fr"}, "l’adresse entière"),
    "chemin": ({"RXROR_PUBLIC_URL": "https://exemple.fr/ror"}, "sans chemin"),
    "compte": ({"RXROR_PUBLIC_URL": "https://moi@exemple.fr"}, "l’adresse entière"),
    "http": ({"RXROR_PUBLIC_URL": "http://ror.exemple.fr"}, "https://"),
    "ouvert sans https": ({"RXROR_HOST": "0.0.0.0"}, "adresse https du relais"),
    "ouvert, adresse locale": (
        {"RXROR_HOST": "::", "RXROR_PUBLIC_URL": "http://localhost:3000"},
        "adresse https du relais",
    ),
    "démonstration publique": (DEMO | {"RXROR_PUBLIC_URL": "https://ror.exemple.fr"}, "RXROR_DEMO n’est permis"),
    "démonstration ouverte": (DEMO | {"RXROR_HOST": "0.0.0.0"}, "RXROR_DEMO n’est permis"),
    "origines du cadre": ({"REFLEX_CORS_ALLOWED_ORIGINS": "*"}, "Retirez-la"),
    "relais du cadre": ({"REFLEX_TRUSTED_PROXY_HOPS": "9"}, "Retirez-la"),
    "fichier du cadre": ({"REFLEX_ENV_FILE": "/etc/rxror.env"}, "Retirez-la"),
    "mise au point": ({"REFLEX_ENV_MODE": "dev"}, "Retirez cette"),
    "mise au point du journal": ({"REFLEX_LOGLEVEL": "debug"}, "Retirez cette"),
}


def _environnement(var: Path, **variables: str) -> dict[str, str]:
    propre = {n: v for n, v in os.environ.items() if not n.startswith(("RXROR_", "REFLEX_", "__REFLEX"))}
    return propre | {"RXROR_VAR": str(var), "PYTHONPATH": str(RACINE)} | variables


def _regler(monkeypatch: pytest.MonkeyPatch, var: Path, **variables: str) -> None:
    for nom in [n for n in os.environ if n.startswith(("RXROR_", "REFLEX_", "__REFLEX"))]:
        monkeypatch.delenv(nom)
    for nom, valeur in _environnement(var, **variables).items():
        monkeypatch.setenv(nom, valeur)
    settings.cache_clear()
    secret.cache_clear()


def _demarrer() -> None:
    """What `rxror servir` looks at, before Valkey and the port."""
    demarrage.verifier_l_environnement()
    demarrage.verifier_les_fichiers()
    secret()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    dossier = tmp_path / "var"
    dossier.mkdir(mode=0o700)
    return dossier


@pytest.fixture(autouse=True)
def _oublier() -> Iterator[None]:
    yield
    settings.cache_clear()
    secret.cache_clear()


@pytest.mark.parametrize("cas", REFUS)
def test_start_is_refused_in_french(cas: str, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables, phrase = REFUS[cas]
    faible = any(n.startswith("RXROR_SECRET") for n in variables) or cas == "sans secret"
    _regler(monkeypatch, var, **(variables if faible else EN_LIGNE | variables))
    if cas == "ouvert sans https":
        monkeypatch.delenv("RXROR_PUBLIC_URL")
    with pytest.raises((ValueError, SecretAbsent, demarrage.DemarrageRefuse)) as refus:
        _demarrer()
    assert phrase in str(refus.value)


@pytest.mark.parametrize("cas", ["sans secret", "secret répété", "joker dans le nom", "http", "ouvert sans https"])
def test_the_command_stops_with_that_sentence_and_nothing_else(cas: str, var: Path) -> None:
    variables, phrase = REFUS[cas]
    environnement = _environnement(var, **({} if "secret" in cas else {"RXROR_SECRET": BON}), **variables)
    arret = subprocess.run(
        [sys.executable, "-m", "rxror", "servir", "--sans-demo", "--port", "3999"],
        env=environnement,
        cwd=RACINE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    dit = arret.stderr + arret.stdout
    assert arret.returncode != 0
    assert phrase in dit
    assert "Traceback" not in dit
    assert not (var / "rxror.db").exists()


@pytest.mark.parametrize(
    "variables",
    [
        EN_LIGNE,
        EN_LIGNE | {"RXROR_HOST": "0.0.0.0"},
        {"RXROR_SECRET": BON},
        {"RXROR_SECRET": BON, "RXROR_PUBLIC_URL": "http://127.0.0.1:8080/"},
        {"RXROR_SECRET": secrets.token_hex(16)},
        DEMO,
        DEMO | {"REFLEX_ENV_MODE": "dev"},
    ],
)
def test_start_is_allowed(variables: dict[str, str], var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _regler(monkeypatch, var, **variables)
    _demarrer()


@pytest.mark.parametrize(
    ("donnee", "origine"),
    [
        ("https://ROR.Exemple.fr/", "https://ror.exemple.fr"),
        ("https://ror.exemple.fr:443", "https://ror.exemple.fr"),
        ("https://ror.exemple.fr:8443", "https://ror.exemple.fr:8443"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_the_origin_is_as_browsers_say_it(donnee: str, origine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_PUBLIC_URL", donnee)
    assert Settings().url == origine  # type: ignore[call-arg]
    assert Settings().origines == [origine]  # type: ignore[call-arg]


@pytest.mark.parametrize("quoi", ["var", "base"])
def test_base_or_secrets_open_to_everybody_are_refused(quoi: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as ailleurs:
        dossier = Path(ailleurs)
        dossier.chmod(0o755)
        ouvert = dossier / ("var" if quoi == "var" else "rxror.db")
        ouvert.mkdir() if quoi == "var" else ouvert.touch()
        ouvert.chmod(0o755 if quoi == "var" else 0o644)
        base = {} if quoi == "var" else {"RXROR_DATABASE_URL": f"sqlite:///{ouvert}"}
        _regler(monkeypatch, dossier / "var", **EN_LIGNE, **base)
        with pytest.raises(demarrage.DemarrageRefuse) as refus:
            _demarrer()
        assert f"chmod o-rwx {ouvert}" in str(refus.value)
        ouvert.chmod(0o750 if quoi == "var" else 0o640)
        _demarrer()


def test_demonstration_closes_its_folder_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as ailleurs:
        Path(ailleurs).chmod(0o755)
        var = Path(ailleurs) / "var"
        var.mkdir()
        var.chmod(0o755)
        _regler(monkeypatch, var, **DEMO)
        _demarrer()
        assert var.stat().st_mode & 0o777 == 0o750


def test_the_process_that_serves_refuses_too(var: Path) -> None:
    """Started without the command, by the ASGI server alone."""
    environnement = _environnement(var, **EN_LIGNE, REFLEX_CORS_ALLOWED_ORIGINS="*", REFLEX_ENV_MODE="prod")
    arret = subprocess.run(
        [sys.executable, "-c", "import rxror.rxror"],
        env=environnement,
        cwd=RACINE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert arret.returncode != 0
    assert "REFLEX_CORS_ALLOWED_ORIGINS" in arret.stderr
