"""What is kept about a person, for that person: all of it, nothing of others, no secret."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, SQLModel

from rxror.services import mes_donnees
from rxror.services.mes_donnees import NOMS, SECRETS, SIENNES
from rxror.services.tracer import refuser
from rxror.tables import Portee, Role, WebSession
from tests.fabriques import enregistrer
from tests.services.test_historique import publier

# Columns that name a person who acted on somebody else's row, or whose act the trace tells already.
ACTEURS = {"accordee_par", "invite_par", "decidee_par", "renvoyee_par"}


@pytest.fixture
def claire(session: Session, place: SimpleNamespace) -> Any:
    maintenant = datetime.now(UTC)
    secret = "f" * 64
    session.add(
        WebSession(
            empreinte=secret, utilisateur_id=place.claire.id, debut=maintenant, vue=maintenant, id_token="jeton-secret"
        )
    )
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie de jour")
    publier(session, place.claire, place.offre)
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie")
    refuser(session, place.mireille, "offre:76/secret-de-mireille")
    session.flush()
    return place.claire


def emporter(session: Session, acteur: Any) -> dict[str, list[dict[str, Any]]]:
    return {nom: list(lignes) for nom, lignes in mes_donnees.exporter(session, acteur)}


def test_file_holds_every_row_about_the_person_and_no_other(session: Session, claire: Any, place: SimpleNamespace):
    lu = emporter(session, claire)
    assert [u["sub"] for u in lu["utilisateur"]] == [claire.sub]
    assert {t["nom"] for t in lu["trace"]} == {"Claire Dumas"}
    assert {t["action"] for t in lu["trace"]} == {"brouillon", "validation"}
    assert (len(lu["habilitation"]), len(lu["web_session"]), len(lu["brouillon"])) == (1, 1, 1)
    texte = json.dumps(lu, ensure_ascii=False)
    assert "Mireille" not in texte
    assert "secret-de-mireille" not in texte
    assert "secret-de-mireille" in json.dumps(emporter(session, place.mireille))


def test_no_secret_leaves(session: Session, claire: Any):
    lu = emporter(session, claire)
    assert not [n for lignes in lu.values() for ligne in lignes for n in ligne if n in SECRETS]
    texte = json.dumps(lu)
    assert "f" * 64 not in texte
    assert "jeton-secret" not in texte


def test_instants_have_their_zone(session: Session, claire: Any):
    for ligne in emporter(session, claire)["trace"]:
        assert datetime.fromisoformat(ligne["instant"]).tzinfo


def test_every_table_that_names_a_person_is_in_it_with_a_french_name():
    nommees = {
        (table.name, c.name)
        for table in SQLModel.metadata.sorted_tables
        for c in table.columns
        if any(f.column.table.name == "utilisateur" for f in c.foreign_keys)
    }
    assert {c for _, c in nommees} <= {*SIENNES, *ACTEURS}, "a new column names a person: whose row is it?"
    assert {t for t, c in nommees if c in SIENNES} - set(NOMS) == set()


def test_page_says_rights_and_figures_in_french(session: Session, claire: Any, place: SimpleNamespace, monde: Any):
    monde.habiliter(claire, place.eg, Role.LECTEUR, portee=Portee.DEPARTEMENT, code="81")
    monde.habiliter(claire, place.eg, Role.LECTEUR, portee=Portee.ENTITE_JURIDIQUE, code="810000331")
    lu = mes_donnees.lire(session, claire)
    assert [d.replace("\u00a0", " ") for d in lu.droits] == [
        "Référent : CH ALBI",
        "Lecteur : un département (81)",
        "Lecteur : entité juridique 810000331",
    ]
    assert dict(lu.comptes)["Brouillons"] == "1"
    assert dict(lu.comptes)["Connexions"] == "1"
    assert (lu.nom, lu.identifiant) == ("Claire Dumas", claire.sub)
