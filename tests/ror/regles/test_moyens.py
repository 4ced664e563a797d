"""Rules of the means of communication: FMT-TEL, MOBILE, MEL, MSS, MSS-CANAL, WEB, HTTPS, on every object."""

from typing import Any

import pytest

from rxror.ror.controles import Severite
from tests.ror.regles.exemples import MOYEN, dit, eg, lieu, moyen, offre, structure

# A fixed line of each overseas numbering plan, but Wallis-et-Futuna, whose numbers do not tell.
FIXES_D_OUTRE_MER = (
    "+262 262 90 50 50",
    "+508 41 25 00",
    "+590 590 89 10 10",
    "+594 594 39 50 50",
    "+596 596 55 20 00",
    "+687 25 66 66",
    "+689 40 48 62 62",
)
CAS = [
    ("1", "0612345678", ""),
    ("1", "06.12.34.56.78", ""),
    ("1", "+33 7 12 34 56 78", ""),
    ("1", "0692123456", ""),
    ("1", "+262 692 12 34 56", ""),
    ("1", "+681 72 07 00", ""),
    ("1", "+32 470 12 34 56", ""),
    ("1", "0536491208", "FMT-MOBILE"),
    ("1", "+33 5 36 49 12 08", "FMT-MOBILE"),
    ("1", "15", "FMT-MOBILE"),
    *(("1", fixe, "FMT-MOBILE") for fixe in FIXES_D_OUTRE_MER),
    ("2", "+32 1", "FMT-TEL"),
    ("2", "+999 123 456 789", "FMT-TEL"),
    ("1", "06123456", "FMT-TEL"),
    ("2", "0612345678", ""),
    ("2", "15", ""),
    ("6", "0536491209", ""),
    ("8", "xx", "FMT-TEL"),
    ("3", "secretariat@ch-albi.fr", ""),
    ("3", "secretariat@ch-albi.mssante.fr", "FMT-MSS-CANAL"),
    ("3", "secretariat@CH-ALBI.MSSANTE.FR", "FMT-MSS-CANAL"),
    ("3", "secretariat@mssante.fr", "FMT-MSS-CANAL"),
    ("3", "secretariat@pasmssante.fr", ""),
    ("3", "a@b", "FMT-MEL"),
    ("3", "a b@mssante.fr", "FMT-MEL"),  # what is no e-mail is of no domain
    ("3", "a b@ch-albi.fr", "FMT-MEL"),
    ("3", "<img@x.fr", "FMT-MEL"),
    ("9", "alerte@ch-albi.fr", ""),
    ("9", "alerte", "FMT-MEL"),
    ("MSSANTE", "cardiologie@ch-xyz.mssante.fr", ""),
    ("MSSANTE", "cardiologie@segurnumerique.sante-idf.fr", "FMT-MSS"),
    ("MSSANTE", "cardiologie@mssante.fr.example.fr", "FMT-MSS"),
    ("MSSANTE", "cardiologie", "FMT-MEL"),
    ("4", "https://ch-albi.fr/gyn?x=1", ""),
    ("4", "HTTPS://ch-albi.fr", ""),
    ("4", "http://ch-albi.fr", "FMT-HTTPS"),
    ("4", "www.ch-albi.fr", "FMT-WEB"),
    ("4", "http://", "FMT-WEB"),
    ("4", "https://a b.fr", "FMT-WEB"),
    ("4", "javascript:alert(1)", "FMT-WEB"),
    ("4", "ftp://a.fr", "FMT-WEB"),
    ("4", "https://[", "FMT-WEB"),
    ("5", "sftp ici", ""),
    ("7", "ANTARES 12", ""),
    ("", "n’importe quoi", ""),
]
POIDS = {
    "FMT-TEL": Severite.BLOQUANTE,
    "FMT-MEL": Severite.BLOQUANTE,
    "FMT-WEB": Severite.BLOQUANTE,
    "FMT-MOBILE": Severite.ALERTE,
    "FMT-MSS": Severite.ALERTE,
    "FMT-MSS-CANAL": Severite.ALERTE,
    "FMT-HTTPS": Severite.INFORMATION,
}


@pytest.mark.parametrize(("canal", "adresse", "regle"), CAS)
@pytest.mark.parametrize("objet", [offre, structure, eg])
def test_format_of_a_telecom_follows_its_canal(objet: Any, canal: str, adresse: str, regle: str) -> None:
    anomalies = [a for a in objet(contact=moyen(canal=canal, adresse_telecom=adresse)) if a.regle.startswith("FMT")]
    assert [(a.regle, a.severite) for a in anomalies] == ([(regle, POIDS[regle])] if regle else [])
    assert {a.chemin for a in anomalies} <= {"contact.7.telecommunication.8.adresse_telecom"}


def test_a_lieu_has_means_of_its_own() -> None:
    assert dit("FMT-TEL", lieu(telecommunication=[{**MOYEN, "adresse_telecom": "12"}])) == [
        "telecommunication.8.adresse_telecom"
    ]


@pytest.mark.parametrize("objet", [offre, structure, eg])
@pytest.mark.parametrize(
    ("boite", "dites"),
    [
        ({"adresse_mss": "gyn@ch-albi.mssante.fr", "telephone": "05 36 49 12 08"}, []),
        ({"adresse_mss": "gyn@ch-albi.fr"}, [("FMT-MSS", "boite_lettre_mss.1.adresse_mss")]),
        ({"adresse_mss": "gyn"}, [("FMT-MEL", "boite_lettre_mss.1.adresse_mss")]),
        ({"adresse_mss": "gyn@a.mssante.fr", "telephone": "05"}, [("FMT-TEL", "boite_lettre_mss.1.telephone")]),
    ],
)
def test_mss_mailboxes_are_checked_wherever_they_are(objet: Any, boite: dict[str, str], dites: list[Any]) -> None:
    anomalies = objet(boite_lettre_mss=[{"cle": "1", "type_bal": "", **boite}])
    assert [(a.regle, a.chemin) for a in anomalies if a.regle.startswith("FMT")] == dites


@pytest.mark.parametrize(("lien", "regle"), [("https://visio.example", ""), ("visio.example", "FMT-WEB")])
def test_a_teleconsultation_link_is_a_site(lien: str, regle: str) -> None:
    ligne = {"cle": "1", "adresse_telecom": lien}
    anomalies = offre(modalite_accueil=["04"], lien_teleconsultation=[ligne])
    assert [a.regle for a in anomalies] == ([regle] if regle else [])


def test_a_teleexpertise_channel_has_the_format_of_its_canal() -> None:
    ligne = {"cle": "1", "canal": "3", "adresse_telecom": "0536491208"}
    anomalies = offre(modalite_accueil=["10"], canal_teleexpertise=[ligne])
    assert dit("FMT-MEL", anomalies) == ["canal_teleexpertise.1.adresse_telecom"]
