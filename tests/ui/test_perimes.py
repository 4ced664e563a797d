"""The question beside a field that holds a code no longer in force."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from rxror import db
from rxror.ror.erreurs import NonConnecte, SaisieInvalide
from rxror.ror.nomenclatures import Concept, Nomenclature
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle, OrganisationInterne
from rxror.services.nomenclatures import oublier
from rxror.tables import Brouillon
from rxror.ui.champs import formulaire_view
from rxror.ui.pages.edition import EditionState
from tests.fabriques import une_offre_complete

# list: (code, label, in force, successor)
LISTES = {
    "J226": [
        ("03", "En présentiel", True, ""),
        ("12", "Téléexpertise", False, "28"),
        ("28", "Télé-expertise", True, ""),
    ],
    "J17": [("022", "Chirurgie gynécologique", False, "900"), ("900", "Gynécologie chirurgicale", True, "")],
    "J16": [("0204", "Évaluation", False, "0300"), ("0300", "Bilan", True, "")],
    "J238": [("157", "Unité de gynécologie", False, "")],
    "J20": [("01", "MCO", True, "")],
    "J19": [("28", "Hospitalisation complète", False, "29"), ("29", "Hospitalisation", True, "")],
}


@pytest.fixture
def edition(base: None, ouvrir: Any) -> Any:
    """The form of a section of an offer that holds codes out of force."""
    oublier()
    with db.transaction() as session:
        for jdv, codes in LISTES.items():
            session.add(Nomenclature(jdv=jdv, identifiant=jdv, titre=jdv, charge=datetime.now(UTC)))
            session.flush()
            for rang, (code, libelle, actif, successeur) in enumerate(codes):
                statut = "active" if actif else "absent"
                session.add(
                    Concept(
                        jdv=jdv,
                        cle=code,
                        code=code,
                        libelle=libelle,
                        statut=statut,
                        successeur=successeur,
                        rang=rang,
                    )
                )
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        uf = session.exec(select(OrganisationInterne).where(OrganisationInterne.identifiant_oi == "U1")).one()
        une_offre_complete(
            session, eg, uf, identifiant_offre="76/0000009", modalite_accueil=["12", "03"], acte_specifique=["0204"]
        )

    def _edition(section: str, **autres: Any) -> Any:
        etat = ouvrir(EditionState, f"/offre/76/0000009/modifier/{section}", **autres)
        etat.charger()
        return etat

    yield _edition
    oublier()


def envoi(etat: Any) -> dict[str, str]:
    lignes = {f"{chemin}.{cle}": "1" for chemin, cles in etat.lignes.items() for cle in cles}
    tenus = {chemin: texte for chemin, texte in etat.valeurs.items() if texte}
    contexte = {"_section": etat.place.rpartition("/")[2], "_base": etat.base, "_cle": etat.cle}
    return {**contexte, "_identifiant": etat.identifiant, "_genre": etat.objet, **lignes, **tenus}


def gardees() -> dict[str, Any]:
    with db.transaction() as session:
        return {nom: v for b in session.exec(select(Brouillon)) for nom, v in b.valeurs.items()}


def test_each_code_out_of_force_asks_its_question(edition: Any) -> None:
    etat = edition("accueil")
    assert etat.perimes == {
        "type_offre": [{"code": "157", "libelle": "Unité de gynécologie", "successeur": ""}],
        "modalite_accueil": [
            {"code": "12", "libelle": "Téléexpertise", "successeur": "Télé-expertise"},
        ],
    }
    assert edition("informations_generales").perimes == {}
    assert "mode_prise_en_charge" not in etat.perimes  # it does not change: nothing to ask


def test_a_code_replaced_by_one_of_the_same_name_is_told_apart_by_its_code(edition: Any) -> None:
    with db.transaction() as session:
        session.exec(select(Concept).where(Concept.jdv == "J226", Concept.cle == "28")).one().libelle = "TÉLÉEXPERTISE"
    oublier()
    assert edition("accueil").perimes["modalite_accueil"][0]["successeur"] == "TÉLÉEXPERTISE (code 28)"


def test_remplacer_code_of_a_list_takes_the_successor_in_its_place(edition: Any) -> None:
    etat = edition("accueil")
    etat.remplacer_code("modalite_accueil", "12")
    assert etat.lignes["modalite_accueil"] == ["28", "03"]
    assert (etat.valeurs["modalite_accueil.12"], etat.valeurs["modalite_accueil.28"]) == ("", "oui")
    assert etat.redessines == {"modalite_accueil.12": 1, "modalite_accueil.28": 1}
    assert (etat.perimes["modalite_accueil"], etat.foyer != "") == ([], True)
    assert gardees() == {}  # nothing before « Enregistrer »
    etat.enregistrer(envoi(etat))
    assert set(gardees()["modalite_accueil"]) == {"28", "03"}


def test_remplacer_code_of_a_search_and_of_a_row(edition: Any) -> None:
    etat = edition("specificites")
    chemin = f"activite_operationnelle.{etat.lignes['activite_operationnelle'][0]}.activite_operationnelle"
    etat.remplacer_code(chemin, "022")
    etat.remplacer_code("acte_specifique", "0204")
    assert etat.valeurs[chemin] == "900"
    assert etat.libelles["J17:900"] == "Gynécologie chirurgicale"
    assert etat.lignes["acte_specifique"] == ["0300"]
    etat.enregistrer(envoi(etat))
    assert gardees()["acte_specifique"] == ["0300"]
    assert [a["activite_operationnelle"] for a in gardees()["activite_operationnelle"]] == ["900"]


def test_remplacer_code_already_held_is_held_once(edition: Any) -> None:
    with db.transaction() as session:
        offre = session.exec(select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == "76/0000009"))
        offre.one().modalite_accueil = ["28", "12"]
    etat = edition("accueil")
    etat.remplacer_code("modalite_accueil", "12")
    assert etat.lignes["modalite_accueil"] == ["28"]


def test_garder_code_only_takes_the_question_away(edition: Any) -> None:
    etat = edition("accueil")
    etat.garder_code("modalite_accueil", "12")
    assert etat.perimes["modalite_accueil"] == []
    etat.enregistrer(envoi(etat))
    assert gardees() == {}
    assert edition("accueil").perimes["modalite_accueil"]


@pytest.mark.parametrize("geste", ["remplacer_code", "garder_code"])
@pytest.mark.parametrize(
    ("chemin", "code"),
    [
        ("modalite_accueil", "03"),
        ("modalite_accueil", "99"),
        ("modalite_accueil", "x" * 5000),
        ("modalite_accueil", None),
        ("modalite_accueil", ["12"]),
        ("mode_prise_en_charge", "28"),
        ("nom_offre", "12"),
        ("inconnu", "12"),
        ("contact.1.fonction_contact", "12"),
        ("", "12"),
        (None, "12"),
        ({"x": 1}, "12"),
    ],
)
def test_a_gesture_that_answers_no_question_is_refused(edition: Any, geste: str, chemin: Any, code: Any) -> None:
    etat = edition("accueil")
    avant = (dict(etat.valeurs), dict(etat.lignes), dict(etat.perimes))
    with pytest.raises(SaisieInvalide):
        getattr(etat, geste)(chemin, code)
    assert (etat.valeurs, etat.lignes, etat.perimes) == avant


def test_remplacer_code_that_nothing_surely_replaces_is_refused(edition: Any) -> None:
    etat = edition("accueil")
    with pytest.raises(SaisieInvalide):
        etat.remplacer_code("type_offre", "157")
    assert etat.valeurs["type_offre"] == "157"


def test_remplacer_code_without_session_is_refused(edition: Any, ouvrir: Any) -> None:
    etat = edition("accueil")
    perdue = ouvrir(EditionState, "/offre/76/0000009/modifier/accueil", empreinte="inconnue")
    perdue.perimes, perdue.lignes = etat.perimes, etat.lignes
    with pytest.raises(NonConnecte):
        perdue.remplacer_code("modalite_accueil", "12")


def test_the_question_is_drawn_beside_every_field_of_codes() -> None:
    rendu = str(formulaire_view(EditionState, OffreOperationnelle, "accueil"))
    assert "Garder pour l" in rendu
    assert "Garder pour l" not in str(formulaire_view(EditionState, OffreOperationnelle, "commentaire"))
