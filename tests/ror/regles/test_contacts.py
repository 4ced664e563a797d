"""Rules of contacts: OBL-12, COH-05 to COH-10, COH-18, COH-19."""

from typing import Any

import pytest

from rxror.ror.champs import champs_de
from rxror.ror.objets import Contact, Telecommunication
from rxror.ror.saisie import defauts
from rxror.ror.typographie import fr
from tests.ror.regles.exemples import CONTACT, MOYEN, PERSONNE, contact, dit, eg, moyen, offre, structure


@pytest.mark.parametrize(
    ("contacts", "chemins"),
    [
        ([], ["contact"]),
        (contact(telecommunication=[]), ["contact.7.telecommunication"]),
        (contact(nature_contact=""), ["contact.7"]),
        (moyen(canal=""), ["contact.7.telecommunication.8"]),
        (moyen(adresse_telecom=""), ["contact.7.telecommunication.8"]),
        (moyen(niveau_confidentialite=""), ["contact.7.telecommunication.8"]),
        (contact(**PERSONNE), []),
        ([*contact(telecommunication=[]), {**CONTACT, "cle": "9"}], []),
    ],
)
def test_obl_12_one_complete_contact_is_enough(contacts: list[Any], chemins: list[str]) -> None:
    assert dit("OBL-12", offre(contact=contacts)) == chemins


def test_obl_12_says_which_contact_lacks_what() -> None:
    textes = [
        next(a.texte for a in offre(contact=c) if a.regle == "OBL-12") for c in ([], contact(telecommunication=[]))
    ]
    assert textes[0].startswith("Ajoutez un contact complet")
    assert textes[1].endswith(fr("» : Ajoutez un moyen de communication."))


@pytest.mark.parametrize("objet", [offre, structure, eg])
@pytest.mark.parametrize(
    ("autres", "regle", "champ"),
    [
        ({}, "", ""),
        (PERSONNE, "", ""),
        ({"nom": "Anne"}, "COH-05", "nature_contact"),
        ({"fonction_contact": "22"}, "COH-05", "nature_contact"),
        ({**PERSONNE, "nature_contact": "07"}, "COH-05", "nature_contact"),
        ({**PERSONNE, "nom": ""}, "COH-06", "nom"),
        ({**PERSONNE, "fonction_contact": ""}, "COH-06", "fonction_contact"),
        ({"nature_contact": ""}, "COH-07", "nature_contact"),
        ({"nature_contact": "", "qui": "personne"}, "COH-07", "fonction_contact"),
    ],
)
def test_coh_05_06_07_a_contact_is_a_service_or_a_named_person(
    objet: Any, autres: dict[str, str], regle: str, champ: str
) -> None:
    anomalies = objet(contact=contact(**autres))
    dites = [(a.regle, a.chemin) for a in anomalies if a.regle in ("COH-05", "COH-06", "COH-07")]
    assert dites == ([(regle, f"contact.7.{champ}")] if regle else [])
    assert all(a.bloque for a in anomalies if a.regle == regle)


def test_coh_08_a_new_contact_is_visible_by_professionals() -> None:
    for classe in (Contact, Telecommunication):
        assert champs_de(classe)["niveau_confidentialite"].defaut == "2"
        assert defauts(classe)["niveau_confidentialite"] == "2"


@pytest.mark.parametrize("objet", [offre, structure, eg])
@pytest.mark.parametrize(
    ("du_contact", "du_moyen", "refuse"),
    [
        ("1", "1", False),
        ("2", "1", True),
        ("3", "1", True),
        ("3", "2", True),
        ("2", "3", False),
        ("3", "3", False),
        ("", "1", False),
        ("2", "", False),
    ],
)
def test_coh_09_a_telecom_is_at_least_as_restrictive_as_its_contact(
    objet: Any, du_contact: str, du_moyen: str, refuse: bool
) -> None:
    lignes = moyen(niveau_confidentialite=du_moyen)
    lignes[0]["niveau_confidentialite"] = du_contact
    chemin = "contact.7.telecommunication.8.niveau_confidentialite"
    assert dit("COH-09", objet(contact=lignes)) == ([chemin] if refuse else [])


def test_coh_10_a_unite_sensible_shows_its_contacts_to_the_crisis_only() -> None:
    assert dit("COH-10", offre(unite_sensible=True)) == [
        "contact.7.niveau_confidentialite",
        "contact.7.telecommunication.8.niveau_confidentialite",
    ]
    assert dit("COH-10", offre(unite_sensible=False)) == []


def test_finding_about_one_of_several_entries_names_it() -> None:
    sans_nom = {"cle": "9", "nature_contact": "", "telecommunication": []}
    du_premier, du_moyen, du_second = (
        a.entree for a in offre(unite_sensible=True, contact=[CONTACT, sans_nom]) if a.regle == "COH-10"
    )
    assert du_premier == "Contact « Libellé 07 »"
    assert du_moyen.startswith("Contact « Libellé 07 », libellé 2 05\N{NO-BREAK SPACE}36\N{NO-BREAK SPACE}")
    assert du_second == "Contact 2"
    meme = [a.entree for a in offre(unite_sensible=True, contact=[CONTACT, {**CONTACT, "cle": "9"}])]
    assert {"Contact 1", "Contact 2"} <= set(meme)


@pytest.mark.parametrize(("niveau", "n"), [("1", 1), ("2", 1), ("", 1), ("3", 0)])
def test_coh_10_only_level_3_will_do(niveau: str, n: int) -> None:
    lignes = moyen(niveau_confidentialite=niveau)
    lignes[0]["niveau_confidentialite"] = "3"
    assert len(dit("COH-10", offre(unite_sensible=True, contact=lignes))) == n


LIEN = [{"cle": "1", "adresse_telecom": "https://visio.example", "utilisation": ""}]
CANAL = [{"cle": "1", "canal": "3", "adresse_telecom": "avis@ch-albi.example"}]
SITE = [{**MOYEN, "canal": "4", "adresse_telecom": "https://visio.example"}]
SITE_VIDE = [{**SITE[0], "adresse_telecom": ""}]


@pytest.mark.parametrize(
    ("autres", "manque"),
    [
        ({"modalite_accueil": ["03"]}, False),
        ({"modalite_accueil": ["03", "04"]}, True),
        ({"modalite_accueil": ["04"], "lien_teleconsultation": LIEN}, False),
        ({"modalite_accueil": ["04"], "lien_teleconsultation": [{**LIEN[0], "adresse_telecom": ""}]}, True),
        ({"modalite_accueil": ["04"], "contact": contact(nature_contact="09", telecommunication=SITE)}, False),
        ({"modalite_accueil": ["04"], "contact": contact(nature_contact="09")}, True),  # a telephone is no link
        ({"modalite_accueil": ["04"], "contact": contact(nature_contact="09", telecommunication=SITE_VIDE)}, True),
    ],
)
def test_coh_18_teleconsultation_gives_a_link(autres: dict[str, Any], manque: bool) -> None:
    assert dit("COH-18", offre(**autres)) == (["lien_teleconsultation"] if manque else [])


@pytest.mark.parametrize(
    ("autres", "manque"),
    [
        ({"modalite_accueil": ["03"]}, False),
        ({"modalite_accueil": ["10"]}, True),
        ({"modalite_accueil": ["11"]}, True),
        ({"modalite_accueil": ["11"], "canal_teleexpertise": CANAL}, False),
        ({"modalite_accueil": ["11"], "canal_teleexpertise": [{**CANAL[0], "canal": ""}]}, True),
        ({"modalite_accueil": ["11"], "canal_teleexpertise": [{**CANAL[0], "adresse_telecom": ""}]}, True),
        ({"modalite_accueil": ["11"], "contact": contact(nature_contact="15")}, False),
        ({"modalite_accueil": ["11"], "contact": contact(nature_contact="15", telecommunication=SITE_VIDE)}, True),
        ({"modalite_accueil": ["11"], "contact": contact(nature_contact="15", telecommunication=[])}, True),
    ],
)
def test_coh_19_teleexpertise_gives_a_channel(autres: dict[str, Any], manque: bool) -> None:
    assert dit("COH-19", offre(**autres)) == (["canal_teleexpertise"] if manque else [])
