# rxror. « make » seul affiche l’aide.
.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PRET := $(VENV)/.installe
PORT ?= $(or $(RXROR_PORT),3000)
TESTS ?= tests
TESTS_POSTGRESQL ?= tests/services tests/demonstration tests/test_migrations.py
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help run install check fix test e2e fautes bench parcours docs sbom purge migrate migration lock navigateur

help: ## Afficher cette aide
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1|/' | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: $(PRET) ## Tout préparer, puis servir rxror avec ses données de démonstration (PORT=3000)
	@RXROR_DEMO=$${RXROR_DEMO-1} $(BIN)/rxror servir --port $(PORT)

install: $(PRET) ## Créer l’environnement et y installer les dépendances verrouillées

check: $(PRET) ## Vérifier la forme, les types et le sens des dépendances
	ruff format --check .
	ruff check .
	pyright
	lint-imports

fix: $(PRET) ## Corriger la forme
	ruff check --fix .
	ruff format .

# Five runs: the services on PostgreSQL too; a browser driven from a test keeps an event loop that the others cannot
# share, and a fault wants the machine for itself. The others use two processes, each with its server and its database.
test: check navigateur ## Tout vérifier et passer tous les tests, navigateur compris
	pytest -m "not e2e and not serveur and not fautes" -n 2 --dist loadfile $(TESTS)
	pytest -m "not e2e and not serveur and not fautes" -n 2 --dist loadfile --base postgresql $(TESTS_POSTGRESQL)
	pytest -m serveur -n 2 --dist loadfile $(TESTS)
	pytest -m e2e -n 2 --dist worksteal $(TESTS)
	pytest -m fautes $(TESTS)

e2e: $(PRET) navigateur ## Passer les seuls tests qui ouvrent un navigateur
	pytest -m e2e -n 2 --dist worksteal $(TESTS)

fautes: $(PRET) navigateur ## Injecter chaque faute autant que le dit l’objectif (écrit docs/fiabilite.md)
	FAUTES=plein pytest -m fautes $(TESTS)

bench: $(PRET) navigateur ## Mesurer pages, requêtes et gestes (écrit docs/mesures.md)
	python -m bench

parcours: $(PRET) navigateur ## Mesurer une mise à jour annuelle, contre le chemin du guide (écrit docs/mesures.md)
	python -m parcours

docs: $(PRET) ## Refaire les documents tirés du code (couverture du modèle, règles, droits)
	$(PYTHON) -m rxror.ror.couverture
	$(BIN)/rxror documentation

sbom: $(PRET) ## Lister ce dont rxror est fait, en CycloneDX (écrit sbom.cdx.json, sans réseau)
	$(PYTHON) -m sbom

purge: $(PRET) ## Prouver, sur une horloge avancée, que ce qui n’est plus gardé part, et rien d’autre
	pytest tests/services/test_conservation.py
	pytest --base postgresql tests/services/test_conservation.py

migrate: $(PRET) ## Mettre la base au schéma de cette version
	@$(BIN)/rxror migrer

migration: $(PRET) ## Écrire une migration d’après les tables : make migration NOM=deux_mots
	@test -n "$(NOM)" || { echo "Donnez un nom : make migration NOM=deux_mots" >&2; exit 2; }
	alembic revision --autogenerate --rev-id $$(printf '%04d' $$(( $$(ls alembic/versions/*.py | wc -l) + 1 ))) -m "$(NOM)"

lock: $(PRET) ## Refaire requirements.lock d’après pyproject.toml
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

# The browser of the tests: the system's own, never a download from elsewhere.
navigateur: $(PRET)
	@$(PYTHON) tests/navigateur.py

$(PYTHON):
	@for p in $(RXROR_PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; then trouve=$$p; break; fi; \
	done; \
	if [ -z "$$trouve" ]; then \
	  echo "rxror demande Python 3.11, 3.12 ou 3.13, et aucun n’est sur cette machine : installez-en un (ou RXROR_PYTHON=/chemin/vers/python make run)." >&2; exit 1; \
	fi; \
	rm -rf $(VENV); \
	"$$trouve" -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "Python ($$trouve) ne sait pas créer d’environnement : installez son module venv (sous Debian : apt-get install python3-venv)." >&2; exit 1; }

# uv comes from the lock too, by its hashes; it then installs the rest, exactly what the lock says.
$(PRET): requirements.lock pyproject.toml | $(PYTHON)
	@echo "Installation des dépendances…"
	@awk '/^[a-zA-Z0-9]/ {garde = /^uv==/} garde' requirements.lock > $(VENV)/uv.lock
	@test -x $(BIN)/uv || $(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock || { \
	  echo "Les dépendances n’ont pas pu être téléchargées : vérifiez l’accès au registre Python (pip)." >&2; exit 1; }
	@UV_LINK_MODE=$${UV_LINK_MODE:-copy} $(BIN)/uv pip sync --system-certs -q --python $(PYTHON) --require-hashes requirements.lock || { \
	  echo "Les dépendances n’ont pas pu être installées : vérifiez l’accès au registre Python (uv) et la place sur le disque." >&2; exit 1; }
	@UV_LINK_MODE=$${UV_LINK_MODE:-copy} $(BIN)/uv pip install --system-certs -q --python $(PYTHON) --no-deps --no-build-isolation -e .
	@touch $(PRET)
