"""Values read aloud: the sentences that a référent sees."""

from typing import Any

import pytest

from rxror.ror.champs import Contexte
from rxror.ror.lecture import Fait, Lecteur, comparees, telephone, une_ligne
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle

LIBELLES = {
    "J17": {"022": "Chirurgie gynécologique"},
    "J18": {"005": "Autotransfuseur"},
    "J20": {"01": "MCO"},
    "J37": {"a": "année", "mo": "mois", "wk": "semaine", "d": "jour"},
    "J51": {"TRE_R266:01": "Accompagnement des aidants"},
    "J187": {"01": "Lit", "02": "Place"},
    "J188": {
        "01": "Installé",
        "02": "Disponible",
        "03": "Occupé",
        "04": "Réservé",
        "05": "Fermé",
        "06": "Supplémentaire",
    },
    "J189": {"01": "Courant"},
    "J191": {"01": "Réactivable"},
    "J193": {"01": "Saisie manuelle", "02": "Bed management"},
    "J220": {"22": "Responsable d’unité"},
    "J221": {"07": "Secrétariat"},
    "J222": {"2": "Visible par les professionnels (ex Accès restreint)"},
    "J225": {"2": "Téléphone fixe", "3": "Courrier électronique"},
    "J226": {"03": "En présentiel"},
    "J228": {"001": "Poids maximum", "002": "Diamètre maximum"},
    "J29": {"07": "Adultes"},
}
CATALOGUE = Catalogue(
    [Concept(jdv=j, cle=c, code=c, libelle=t) for j, codes in LIBELLES.items() for c, t in codes.items()]
    + [Concept(jdv="J226", cle="12", code="12", libelle="Téléexpertise en plus de 7 jours", statut="deprecated")]
)


def faits(
    section: str, valeurs: dict[str, Any], publiees: dict[str, Any] | None = None, **autres: Any
) -> dict[str, Fait]:
    classe = autres.pop("classe", OffreOperationnelle)
    contexte = Contexte({"champ_activite": "01", **valeurs}, "355")
    lecteur = Lecteur(CATALOGUE, contexte, autres.get("references", {}), autres.get("communes", {}))
    return {f["champ"]: f for f in lecteur.faits(classe, section, valeurs, valeurs if publiees is None else publiees)}


def textes(fait: Fait) -> list[str]:
    return [ligne["texte"] for ligne in fait["lignes"]]


def ages(minimum: Any, unite_min: str, maximum: Any = 120, unite_max: str = "a") -> dict[str, Any]:
    return {
        "patientele": [
            {
                "cle": "1",
                "public_pris_en_charge": ["07"],
                "age_min": minimum,
                "age_min_unite": unite_min,
                "age_max": maximum,
                "age_max_unite": unite_max,
            }
        ]
    }


def capacite(**valeurs: Any) -> tuple[str, str]:
    ligne = {
        "cle": "1",
        "nature_capacite": "01",
        "statut_capacite": "01",
        "nombre_capacite": 12,
        "type_source_capacite": "01",
        **valeurs,
    }
    (lue,) = faits("capacitaire", {"capacite_accueil_operationnelle": [ligne]}, classe=LieuRealisationOffre)[
        "capacite_accueil_operationnelle"
    ]["lignes"]
    return lue["texte"], lue["origine"]


# --------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("age", "unite", "texte"),
    [
        (15, "a", "15 années"),
        (1, "a", "1 année"),
        (0, "d", "0 jour"),
        (6, "mo", "6 mois"),
        (1, "mo", "1 mois"),
        (2, "wk", "2 semaines"),
    ],
)
def test_age_is_read_with_its_unit_in_one_fact(age: int, unite: str, texte: str) -> None:
    lus = faits("patientele", ages(age, unite))
    assert textes(lus["age_min"]) == [texte]
    assert set(lus) == {"public_pris_en_charge", "age_min", "age_max"}


@pytest.mark.parametrize(
    ("apres", "avant", "texte"),
    [
        (ages(16, "a"), ages(15, "a"), "15 années"),
        (ages(15, "mo"), ages(15, "a"), "15 années"),
        (ages(6, "mo"), ages(1, "a"), "1 année"),
        (ages(15, "a"), {"patientele": []}, "rien"),
        (ages(15, "a"), ages(None, ""), "rien"),
    ],
)
def test_age_that_changes_says_the_whole_of_what_it_was(apres: Any, avant: Any, texte: str) -> None:
    fait = faits("patientele", apres, avant)["age_min"]
    assert (fait["modifie"], fait["avant"]) == (True, texte)


def test_age_that_does_not_change_says_nothing_of_before() -> None:
    fait = faits("patientele", ages(15, "a"), ages(15, "a"))["age_min"]
    assert (fait["modifie"], fait["avant"]) == (False, "")


@pytest.mark.parametrize(
    ("valeurs", "texte"),
    [
        ({}, "12 lits installés"),
        ({"nombre_capacite": 1}, "1 lit installé"),
        ({"nombre_capacite": 0}, "0 lit installé"),
        ({"nombre_capacite": None}, "— lit installé"),
        ({"nature_capacite": "02"}, "12 places installées"),
        ({"nature_capacite": "02", "nombre_capacite": 1, "statut_capacite": "05"}, "1 place fermée"),
        ({"nature_capacite": "02", "statut_capacite": "02"}, "12 places disponibles"),
        ({"nature_capacite": "02", "statut_capacite": "06", "nombre_capacite": 3}, "3 places supplémentaires"),
        ({"statut_capacite": "06", "nombre_capacite": 2}, "2 lits supplémentaires"),
        ({"statut_capacite": "03"}, "12 lits occupés"),
    ],
)
def test_capacity_line_is_read_as_it_is_said(valeurs: dict[str, Any], texte: str) -> None:
    assert capacite(**valeurs)[0] == texte


def test_capacity_line_of_a_software_says_where_it_comes_from() -> None:
    texte, origine = capacite(type_source_capacite="02", temporalite_capacite="01", commentaire="Aile B")
    assert (texte, origine) == ("12 lits installés", "Courant, reçu de : Bed management, ne se saisit pas ici, Aile B")
    assert capacite()[1] == ""


@pytest.mark.parametrize(
    ("valeurs", "texte", "origine", "alerte"),
    [
        ({"nb_equipement_en_service": 2}, "Autotransfuseur", "2 en service", ""),
        ({"nb_equipement_en_service": None}, "Autotransfuseur", "nombre non précisé", ""),
        ({"nb_equipement_en_service": 0}, "Autotransfuseur", "0 en service", "Sera retiré à la validation"),
        ({"type_equipement": "", "nb_equipement_en_service": 1}, "Équipement à choisir", "1 en service", ""),
        (
            {
                "nb_equipement_en_service": 1,
                "limite_caracteristique_equipement": [
                    {"cle": "1", "type_caracteristique": "001", "valeur_limite": "250.5"},
                    {"cle": "2", "type_caracteristique": "002", "valeur_limite": "70"},
                    {"cle": "3", "type_caracteristique": "002", "valeur_limite": None},
                ],
            },
            "Autotransfuseur",
            "1 en service, poids maximum 250,5 kg, diamètre maximum 70 cm",
            "",
        ),
    ],
)
def test_equipment_says_its_number_and_its_limits(
    valeurs: dict[str, Any], texte: str, origine: str, alerte: str
) -> None:
    ligne = {"cle": "1", "type_equipement": "005", **valeurs}
    (lue,) = faits("equipements", {"equipement_specifique": [ligne]}, classe=LieuRealisationOffre)[
        "equipement_specifique"
    ]["lignes"]
    assert (lue["texte"], lue["origine"], lue["alerte"]) == (texte, origine, alerte)


# -------------------------------------------------------------------------- contacts


MOYEN = {"cle": "2", "canal": "2", "adresse_telecom": "0536491208"}


@pytest.mark.parametrize(
    ("contact", "texte", "origine", "alerte"),
    [
        (
            {"qui": "service", "nature_contact": "07", "telecommunication": [MOYEN], "niveau_confidentialite": "2"},
            "Secrétariat",
            "Téléphone fixe : 05\u00a036\u00a049\u00a012\u00a008 · visible par les professionnels",
            "",
        ),
        (
            {
                "qui": "personne",
                "fonction_contact": "22",
                "nom": "Anne Vidal",
                "description": "le matin",
                "telecommunication": [],
            },
            "Anne Vidal, Responsable d’unité",
            "le matin",
            "Aucun moyen de communication",
        ),
        (
            {"qui": "personne", "nom": "", "fonction_contact": ""},
            "Contact à compléter",
            "",
            "Aucun moyen de communication",
        ),
        (
            {"qui": "personne", "nature_contact": "07", "nom": "Anne Vidal"},
            "Anne Vidal",
            "",
            "Aucun moyen de communication",
        ),
        (
            {
                "qui": "service",
                "nature_contact": "",
                "telecommunication": [{"cle": "1", "canal": "3", "adresse_telecom": ""}],
            },
            "Contact à compléter",
            "",
            "Aucun moyen de communication",
        ),
    ],
)
def test_contact_says_who_and_how(contact: dict[str, Any], texte: str, origine: str, alerte: str) -> None:
    (ligne,) = faits("contacts", {"contact": [{"cle": "1", **contact}]})["contact"]["lignes"]
    assert (ligne["texte"], ligne["origine"], ligne["alerte"]) == (texte, origine, alerte)


def test_contact_that_changes_says_all_that_it_was() -> None:
    avant = {"contact": [{"cle": "1", "qui": "service", "nature_contact": "07", "telecommunication": [MOYEN]}]}
    fait = faits("contacts", {"contact": []}, avant)["contact"]
    assert (fait["modifie"], fait["lignes"]) == (True, [])
    assert fait["avant"] == "Secrétariat (Téléphone fixe : 05\u00a036\u00a049\u00a012\u00a008)"


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("0536491208", "05\u00a036\u00a049\u00a012\u00a008"),
        ("15", "15"),
        ("+33536491208", "+33536491208"),
        ("05 36 49 12 08", "05 36 49 12 08"),
        ("", ""),
    ],
)
def test_telephone_of_ten_digits_is_read_by_pairs(texte: str, lu: str) -> None:
    assert telephone(texte) == lu


# ------------------------------------------------------------------------------ codes


def test_codes_are_read_by_their_label_one_per_line() -> None:
    assert textes(faits("accueil", {"modalite_accueil": ["03", "12"]})["modalite_accueil"]) == [
        "En présentiel",
        "Téléexpertise en plus de 7 jours",
    ]


def test_code_no_longer_in_force_is_flagged_in_words() -> None:
    lignes = faits("accueil", {"modalite_accueil": ["03", "12"]})["modalite_accueil"]["lignes"]
    assert [ligne["alerte"] for ligne in lignes] == ["", "Code plus en vigueur"]


def test_code_absent_from_its_list_is_read_as_it_is() -> None:
    assert textes(faits("accueil", {"type_offre": "157"})["type_offre"]) == ["157"]


def test_activite_says_its_family() -> None:
    ligne = {"cle": "1", "activite_operationnelle": "022", "famille_activite_operationnelle": "TRE_R266:01"}
    (lue,) = faits("specificites", {"activite_operationnelle": [ligne]})["activite_operationnelle"]["lignes"]
    assert (lue["texte"], lue["origine"], lue["alerte"]) == (
        "Chirurgie gynécologique",
        "Accompagnement des aidants",
        "",
    )
    (vide,) = faits("specificites", {"activite_operationnelle": [{"cle": "1"}]})["activite_operationnelle"]["lignes"]
    assert vide["texte"] == "Activité à choisir"


# ----------------------------------------------------------------------- other values


@pytest.mark.parametrize(("valeur", "lu"), [(True, ["Oui"]), (False, ["Non"]), (None, [])])
def test_oui_non_is_read_in_words(valeur: bool | None, lu: list[str]) -> None:
    assert textes(faits("informations_generales", {"unite_sensible": valeur})["unite_sensible"]) == lu


@pytest.mark.parametrize("nom", ["UHCD-AL-81", "2026-11-23", "2026-13-45", "<script>", "0", "12,5"])
def test_name_is_read_as_typed_even_when_it_looks_like_something_else(nom: str) -> None:
    assert textes(faits("informations_generales", {"nom_offre": nom})["nom_offre"]) == [nom]


def test_dates_and_instants_are_read_in_french_at_paris_time() -> None:
    lus = faits("fermeture", {"date_fermeture": "2026-12-01"})
    assert textes(lus["date_fermeture"]) == ["1er\u00a0décembre\u00a02026"]
    lus = faits(
        "informations_complementaires",
        {"date_creation": "2026-11-23T23:30:00+00:00", "date_mise_jour": "2026-07-01T08:05:00"},
    )
    assert "24\u00a0novembre\u00a02026" in textes(lus["date_creation"])[0]
    assert "10\u00a0h\u00a005" in textes(lus["date_mise_jour"])[0]


def test_decimals_are_read_with_a_comma_and_communes_by_name() -> None:
    lus = faits(
        "adresse",
        {"latitude": "43.925997", "commune_cog": "81004", "libelle_voie": "A.B"},
        classe=LieuRealisationOffre,
        communes={"81004": "Albi (81004)"},
    )
    assert [textes(lus[n]) for n in ("latitude", "commune_cog", "libelle_voie")] == [
        ["43,925997"],
        ["Albi (81004)"],
        ["A.B"],
    ]


def test_commune_that_is_unknown_is_read_by_its_code() -> None:
    assert textes(faits("adresse", {"commune_cog": "99999"}, classe=LieuRealisationOffre)["commune_cog"]) == ["99999"]


def test_rattachement_is_read_by_the_name_of_the_other_object() -> None:
    assert textes(
        faits("informations_generales", {}, references={"rattachement": "UF Gynécologie"})["rattachement"]
    ) == ["UF Gynécologie"]
    assert textes(faits("informations_generales", {}, references={"rattachement": ""})["rattachement"]) == []


def test_frozen_fields_carry_the_note_that_says_why() -> None:
    lus = faits("informations_generales", {"nom_offre": "X"})
    assert "nouvelle offre" in lus["champ_activite"]["note"]
    assert lus["nom_offre"]["note"] == ""


# -------------------------------------------------------------------------- what is shown


def test_hidden_fields_and_questions_of_ours_are_not_read() -> None:
    assert "secteur_psychiatrique" not in faits("specificites", {"secteur_psychiatrique": "81G01"})
    assert "secteur_psychiatrique" in faits("specificites", {"champ_activite": "03", "secteur_psychiatrique": "81G01"})
    assert "lieu_realisation_offre" not in faits("adresse", {"lieu_realisation_offre": ["L1"]})
    assert list(faits("contacts", {"contact": []})) == ["contact"]


def test_before_and_after_are_told_only_for_what_changes() -> None:
    lus = faits(
        "informations_generales",
        {"nom_offre": "Après", "unite_sensible": False},
        {"nom_offre": "Avant", "unite_sensible": False},
    )
    assert (lus["nom_offre"]["modifie"], lus["nom_offre"]["avant"], textes(lus["nom_offre"])) == (
        True,
        "Avant",
        ["Après"],
    )
    assert lus["unite_sensible"]["modifie"] is False


def test_value_that_leaves_tells_what_it_was() -> None:
    fait = faits("accueil", {"modalite_accueil": []}, {"modalite_accueil": ["03", "12"]})["modalite_accueil"]
    assert (fait["lignes"], fait["avant"]) == ([], "En présentiel ; Téléexpertise en plus de 7 jours")


def test_row_without_words_of_its_own_is_read_field_by_field() -> None:
    ligne = {"cle": "1", "adresse_mss": "gyn@ch.mssante.fr", "responsable": "Anne Vidal", "liste_rouge": False}
    (lue,) = faits("boites_mss", {"boite_lettre_mss": [ligne, {"cle": "2"}]})["boite_lettre_mss"]["lignes"][:1]
    assert (lue["texte"], lue["origine"]) == ("gyn@ch.mssante.fr", "Anne Vidal, Non")
    assert textes(faits("boites_mss", {"boite_lettre_mss": [{"cle": "2"}]})["boite_lettre_mss"]) == ["À compléter"]


@pytest.mark.parametrize(
    ("avant", "apres", "marques"),
    [
        (
            ("Prise de rendez-vous", "visible du grand public"),
            ("Prise de rendez-vous", "Téléphone fixe : 05 · visible du grand public"),
            (
                (True, "", "", "visible du grand public"),
                (True, "", "Téléphone fixe : 05", " · visible du grand public"),
            ),
        ),
        (
            ("Secrétariat", "Téléphone fixe : 05 · visible du grand public"),
            ("Secrétariat", "Téléphone fixe : 06 · visible du grand public"),
            (
                (True, "", "Téléphone fixe : 05", " · visible du grand public"),
                (True, "", "Téléphone fixe : 06", " · visible du grand public"),
            ),
        ),
        (
            ("8 h à 17 h", "Horaire d’ouverture"),
            ("8 h à 18 h", "Horaire d’ouverture"),
            ((False, "Horaire d’ouverture", "", ""), (False, "Horaire d’ouverture", "", "")),
        ),
        (
            ("Table", "3 en service"),
            ("Scanner", "1 en service"),
            ((False, "", "3 en service", ""), (False, "", "1 en service", "")),
        ),
        (("Table", "3 en service"), ("Table", ""), ((True, "", "3 en service", ""), (False, "", "", ""))),
    ],
)
def test_a_line_that_changed_says_which_part_of_it(avant: Any, apres: Any, marques: Any) -> None:
    a, b = [une_ligne(*avant)], [une_ligne(*apres)]
    dites = [comparees(lignes, face)[0] for lignes, face in ((a, b), (b, a))]
    assert tuple((e.get("garde"), e.get("debut"), e.get("milieu"), e.get("fin")) for e in dites) == marques


def test_of_a_list_only_the_line_that_changed_is_marked() -> None:
    def contacts(numero: str) -> dict[str, Any]:
        noms = (("1", "07", "0536491208"), ("2", "08", numero))
        return {
            "contact": [
                {
                    "cle": cle,
                    "qui": "service",
                    "nature_contact": n,
                    "telecommunication": [MOYEN | {"adresse_telecom": t}],
                }
                for cle, n, t in noms
            ]
        }

    fait = faits("contacts", contacts("0536491217"), contacts("0536491209"))["contact"]
    assert [(e.get("garde"), e.get("milieu")) for e in fait["lignes"]] == [
        (True, ""),
        (True, "Téléphone fixe : 05\u00a036\u00a049\u00a012\u00a017"),
    ]


def test_a_line_that_only_lost_something_is_marked_where_it_is_read() -> None:
    avant = {"contact": [{"cle": "1", "qui": "service", "nature_contact": "07", "telecommunication": [MOYEN]}]}
    apres = {"contact": [avant["contact"][0] | {"telecommunication": [], "description": "Le matin"}]}
    avant["contact"][0]["description"] = "Le matin"
    (ligne,) = faits("contacts", apres, avant)["contact"]["lignes"]
    assert (ligne.get("garde"), ligne.get("milieu")) == (True, "Le matin")


def test_a_list_that_only_lost_a_line_is_marked_as_a_whole() -> None:
    ici, la = [une_ligne("En présentiel")], [une_ligne("En présentiel"), une_ligne("Téléconsultation")]
    assert comparees(ici, la, entiere=True) == ici
