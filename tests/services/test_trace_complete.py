"""Every act has a gesture that writes it and a test that plays it; every line says who, when, where, from where."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.auth import sessions
from rxror.journaux import ADRESSE
from rxror.services import reglages
from rxror.services.reglages import Regler
from rxror.services.tracer import refuser
from rxror.settings import RACINE
from rxror.tables import Action, Trace
from tests.fabriques import enregistrer
from tests.services.test_historique import publier

SERVICES = "tests/services/"
# {act: (module that writes it, test that plays the gesture and reads its line)}
GESTES: dict[str, tuple[str, str]] = {
    "CONNEXION": ("auth/sessions", "tests/auth/test_auth_routes.py::test_deconnexion_ends_the_session_everywhere"),
    "DECONNEXION": ("auth/sessions", "tests/auth/test_auth_routes.py::test_deconnexion_ends_the_session_everywhere"),
    "REFUS": ("services/tracer", SERVICES + "test_historique.py::test_whatever_was_asked_its_refusal_is_kept"),
    "CREATION": (
        "services/creation",
        SERVICES + "test_creation.py::test_creer_offre_ignores_and_does_not_trace_forged_answers",
    ),
    "BROUILLON": ("services/modification", SERVICES + "test_trace_complete.py::test_line_says_who_when_what_and_from"),
    "ABANDON": (
        "services/modification",
        SERVICES + "test_modification.py::test_abandonner_drops_the_brouillon_of_that_section_only",
    ),
    "VALIDATION": (
        "services/validation",
        SERVICES + "test_validation.py::test_valider_publishes_the_brouillons_and_tells_who_what_when",
    ),
    "ATTESTATION": (
        "services/attestation",
        SERVICES + "test_attestation.py::test_a_retry_gives_the_same_attestation_and_one_line_of_trace",
    ),
    "CONFIRMATION": (
        "services/validation",
        SERVICES + "test_confirmation.py::test_confirming_moves_the_date_and_keeps_what_was_shown",
    ),
    "DEDIT": (
        "services/dedit",
        SERVICES + "test_confirmation.py::test_what_was_confirmed_in_this_session_is_taken_back",
    ),
    "PREVISION": (
        "services/fermetures_prevues",
        SERVICES + "test_fermetures_prevues.py::test_a_planned_closure_is_kept_told_and_taken_away",
    ),
    "MODELE": (
        "services/version_modele",
        SERVICES + "test_modeles.py::test_prendre_moves_the_offer_leaves_its_values_and_is_traced",
    ),
    "FERMETURE": (
        "services/fermeture",
        SERVICES + "test_fermeture.py::test_fermer_an_offre_writes_its_columns_its_version_and_one_line_of_trace",
    ),
    "REOUVERTURE": (
        "services/reouverture",
        SERVICES + "test_fermeture.py::test_rouvrir_clears_the_closing_of_all_that_closed_together",
    ),
    "GARDE": ("services/alertes", SERVICES + "test_alertes.py::test_garder_says_who_and_why_and_leaves_a_trace"),
    "REPRISE": ("services/alertes", SERVICES + "test_alertes.py::test_reprendre_asks_the_alert_again"),
    "ARBITRAGE": (
        "services/arbitrage",
        SERVICES + "test_arbitrage.py::test_what_is_chosen_is_kept_and_the_other_stays_in_the_trace",
    ),
    "IMPORT": (
        "services/tracer",
        SERVICES + "test_versions.py::test_an_import_of_finess_tells_what_it_creates_and_changes",
    ),
    "RESTAURATION": (
        "services/restauration",
        SERVICES + "test_historique.py::test_a_brouillon_in_place_is_replaced_only_when_ticked",
    ),
    "ANNULATION": (
        "services/annulation",
        SERVICES + "test_historique.py::test_ones_last_saves_in_a_row_are_undone_together_once",
    ),
    "HABILITATION": (
        "services/habilitations",
        SERVICES + "test_habilitations.py::test_a_right_ended_now_is_refused_at_the_next_event",
    ),
    "INVITATION": (
        "services/invitations",
        SERVICES + "test_invitations.py::test_inviter_then_accepter_gives_the_right_and_tells_it",
    ),
    "ACCES": (
        "services/demandes_acces",
        SERVICES + "test_demandes_acces.py::test_accorder_gives_the_right_and_tells_the_person",
    ),
    "REGLAGE": (
        "services/reglages",
        SERVICES + "test_trace_complete.py::test_setting_of_an_etablissement_leaves_its_line_once",
    ),
    "CONFIER": ("services/confier", SERVICES + "test_confier.py::test_creer_keeps_a_digest_and_what_is_named_only"),
    "RETRAIT": ("services/confier", SERVICES + "test_confier.py::test_ouvrir_withdrawn_is_refused"),
    "PROPOSITION": (
        "services/lien_confie",
        SERVICES + "test_confier.py::test_a_proposal_changes_nothing_and_uses_the_link_up",
    ),
    "EXAMEN": (
        "services/propositions_recues",
        SERVICES + "test_confier.py::test_one_row_is_accepted_the_other_refused",
    ),
    "SEPARATION": (
        "services/separation",
        SERVICES + "test_separation.py::test_chosen_offers_take_a_copy_and_identifiers_stay",
    ),
    "DEMANDE": (
        "services/demandes_validation",
        SERVICES + "test_demandes_validation.py::test_who_prepares_asks_and_does_not_publish",
    ),
    "RENVOI": (
        "services/demandes_validation",
        SERVICES + "test_demandes_validation.py::test_sent_back_with_a_word_it_waits_for_who_asked",
    ),
    "EXPORT": (
        "services/journal",
        SERVICES + "test_journal.py::test_export_is_whole_over_its_lots_and_leaves_its_line",
    ),
    "FINESS": (
        "services/desaccords",
        SERVICES + "test_desaccords.py::test_prendre_publishes_the_whole_point_with_one_version_and_one_line",
    ),
    "PURGE": (
        "services/conservation",
        SERVICES + "test_conservation.py::test_purge_leaves_its_line_in_the_transaction_that_deletes",
    ),
}
ENTIERS = {"EXAMEN"}  # its test plays a decision that refuses a part; none refuses the whole, which this act tells
# Named by a dictionary of words, not written there.
LECTEURS = ("recits", "historique", "mises_a_part", "habitudes", "conservation", "annulation", "reouverture", "journal")


def ecrites() -> set[str]:
    """Acts that some code of ours names outside what only reads the trace."""
    return {
        noeud.attr
        for fichier in (RACINE / "rxror").rglob("*.py")
        if fichier.stem not in LECTEURS
        for noeud in ast.walk(ast.parse(fichier.read_text("utf-8")))
        if isinstance(noeud, ast.Attribute) and isinstance(noeud.value, ast.Name) and noeud.value.id == "Action"
    }


def test_every_act_that_the_code_writes_has_a_gesture_and_a_test_here():
    assert ecrites() - set(GESTES) == set(), "an act is written and no test of it is named in GESTES"
    assert set(GESTES) <= {action.name for action in Action}


@pytest.mark.parametrize("action", sorted(GESTES))
def test_gesture_writes_its_act_and_its_test_reads_it(action: str):
    module, essai = GESTES[action]
    assert f"Action.{action}" in (RACINE / "rxror" / f"{module}.py").read_text("utf-8")
    fichier, _, nom = essai.partition("::")
    source = Path(RACINE / fichier).read_text("utf-8")
    assert nom in {n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    assert f"Action.{action}" in source or action.lower() in source or action in ENTIERS


def lignes(session: Session) -> list[Trace]:
    session.flush()
    return list(session.exec(select(Trace).order_by(col(Trace.id))))


@pytest.fixture
def depuis() -> Any:
    jeton = ADRESSE.set("192.0.2.7")
    yield "192.0.2.7"
    ADRESSE.reset(jeton)


def test_line_says_who_when_what_and_from(session: Session, place: SimpleNamespace, depuis: str):
    debut = datetime.now(UTC)
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie de jour")
    publier(session, place.claire, place.offre)
    refuser(session, place.mireille, f"offre:{place.offre.identifiant_offre}")
    finess, objet = place.eg.num_finess, f"offre:{place.offre.identifiant_offre}"
    garde, *publies, refus = lignes(session)
    assert [garde.action, refus.action] == [Action.BROUILLON, Action.REFUS]
    assert {t.action for t in publies} == {Action.VALIDATION}
    for trace, qui in ((garde, place.claire), *((t, place.claire) for t in publies), (refus, place.mireille)):
        assert (trace.utilisateur_id, trace.iss, trace.sub, trace.nom) == (qui.id, qui.iss, qui.sub, qui.nom)
        assert (trace.finess, trace.adresse) == (finess, depuis)
        assert debut <= trace.instant.replace(tzinfo=UTC) <= datetime.now(UTC)
    assert (garde.objet, garde.section, refus.objet) == (objet, "informations_generales", objet)
    assert garde.changements[0]["apres"] == "Gynécologie de jour"


def test_setting_of_an_etablissement_leaves_its_line_once(session: Session, place: SimpleNamespace):
    for _ in range(2):
        reglages.regler(session, place.claire, Regler(identifiant=place.eg.num_finess, separee=True, cle=uuid4()))
    (ligne,) = [t for t in lignes(session) if t.action is Action.REGLAGE]
    assert (ligne.nom, ligne.finess) == (place.claire.nom, place.eg.num_finess)
    assert ligne.changements == [{"champ": "validation_separee", "avant": False, "apres": True}]


def test_sign_in_and_sign_out_say_who_when_and_from(session: Session):
    secret = sessions.ouvrir(session, iss="https://idp.test", sub="1", prenom="Ada", nom="Essai", adresse="192.0.2.8")
    session.flush()
    sessions.fermer(session, sessions.empreinte(secret), adresse="192.0.2.9")
    lues = [(t.action, t.iss, t.sub, t.nom, t.adresse) for t in lignes(session)]
    assert lues == [
        (Action.CONNEXION, "https://idp.test", "1", "Ada Essai", "192.0.2.8"),
        (Action.DECONNEXION, "https://idp.test", "1", "Ada Essai", "192.0.2.9"),
    ]
    assert secret not in str([t.model_dump() for t in lignes(session)])


@pytest.mark.parametrize(
    "objet", ["offre:76/inconnue", "structure:x", "etablissement:000000000", "rien", "autre:1", ""]
)
def test_refusal_of_what_does_not_exist_names_no_etablissement(session: Session, place: SimpleNamespace, objet: str):
    refuser(session, place.claire, objet)
    assert lignes(session)[-1].finess == ""


def test_refusal_names_the_etablissement_of_any_kind_of_object(session: Session, place: SimpleNamespace, monde: Any):
    oi = monde.oi(place.eg, "Pôle")
    lieu = monde.lieu(place.eg)
    for objet in (f"etablissement:{place.eg.num_finess}", f"structure:{oi.identifiant_oi}", f"lieu:{lieu.identifiant}"):
        refuser(session, place.claire, objet)
        assert lignes(session)[-1].finess == place.eg.num_finess, objet
