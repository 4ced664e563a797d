"""« Modifier », « Enregistrer », « Abandonner » on a real database."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.objets import CapaciteAccueilOperationnelle
from rxror.services import modification
from rxror.services.acces import Cible
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import saisie_de, un_enregistrement, un_lieu, une_offre_complete


def brouillon(session: Session) -> Brouillon | None:
    return session.exec(select(Brouillon)).first()


def test_enregistrer_keeps_a_brouillon_and_publishes_nothing(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie HC")

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon)
    )

    assert (reponse.change, reponse.erreurs) == (True, {})
    assert place.offre.nom_offre == "Gynécologie, hospitalisation complète"
    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Gynécologie HC"}
    trace = session.exec(select(Trace)).one()
    assert trace.changements == [
        {"champ": "nom_offre", "avant": "Gynécologie, hospitalisation complète", "apres": "Gynécologie HC"}
    ]


@pytest.mark.parametrize(
    "section", ["informations_generales", "accueil", "patientele", "specificites", "adresse", "contacts"]
)
def test_enregistrer_an_untouched_section_leaves_no_brouillon(session: Session, place: Any, section: str) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, section)

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, jalon))

    assert not reponse.change
    assert brouillon(session) is None
    assert session.exec(select(Trace)).all() == []


def test_enregistrer_back_to_the_published_value_drops_the_brouillon(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Autre")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon)
    )
    saisie, jalon = saisie_de(
        session, place.claire, place.offre, "informations_generales", nom_offre=place.offre.nom_offre
    )

    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon)
    )

    session.flush()
    assert brouillon(session) is None


def test_enregistrer_keeps_an_unreadable_text_as_typed(session: Session, place: Any) -> None:
    chemin = f"patientele.{_cle(session, place, 'patientele')}.age_min"
    saisie, jalon = saisie_de(session, place.claire, place.offre, "patientele", **{chemin: "quinze"})

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "patientele", saisie, jalon)
    )

    assert "nombre entier" in reponse.erreurs[chemin]
    rouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), "patientele")
    assert rouverte.form.valeurs[chemin] == "quinze"
    assert chemin in rouverte.erreurs


def test_enregistrer_an_incomplete_section_is_allowed(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="")

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon)
    )

    assert (reponse.change, reponse.erreurs) == (True, {})


def test_enregistrer_says_at_once_that_a_telecom_is_more_visible_than_its_contact(session: Session, place: Any) -> None:
    contact = _cle(session, place, "contact")
    saisie, jalon = saisie_de(
        session, place.claire, place.offre, "contacts", **{f"contact.{contact}.niveau_confidentialite": "3"}
    )

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, jalon))

    ((chemin, phrase),) = reponse.erreurs.items()
    assert chemin.endswith(".niveau_confidentialite")
    assert "plus visible que son contact" in phrase


def test_enregistrer_twice_with_one_cle_answers_the_same_and_writes_once(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Une fois")
    demande = un_enregistrement(place.offre, "informations_generales", saisie, jalon)

    premiere = modification.enregistrer(session, place.claire, demande)
    seconde = modification.enregistrer(session, place.claire, demande)

    assert premiere.jalon == seconde.jalon
    assert len(session.exec(select(Trace)).all()) == 1


def test_enregistrer_refuses_the_cle_of_somebody_else(session: Session, place: Any) -> None:
    cle = uuid4()
    saisie, jalon = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="A")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon, cle)
    )

    with pytest.raises(SaisieInvalide):
        modification.enregistrer(
            session, place.mireille, un_enregistrement(place.offre, "informations_generales", saisie, jalon, cle)
        )


def test_enregistrer_merges_fields_that_only_one_person_changed(session: Session, place: Any) -> None:
    deux, jalon_deux = saisie_de(session, place.mireille, place.offre, "informations_generales", unite_sensible="oui")
    un, jalon_un = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Nom de Claire")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", un, jalon_un)
    )

    modification.enregistrer(
        session, place.mireille, un_enregistrement(place.offre, "informations_generales", deux, jalon_deux)
    )

    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Nom de Claire", "unite_sensible": True}


def test_enregistrer_refuses_to_overwrite_a_field_both_changed(session: Session, place: Any) -> None:
    deux, jalon_deux = saisie_de(
        session, place.mireille, place.offre, "informations_generales", nom_offre="Nom de Mireille"
    )
    un, jalon_un = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Nom de Claire")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", un, jalon_un)
    )

    with pytest.raises(Conflit) as conflit:
        modification.enregistrer(
            session, place.mireille, un_enregistrement(place.offre, "informations_generales", deux, jalon_deux)
        )

    assert conflit.value.champs["nom_offre"]["valeur"] == "Nom de Claire"
    assert conflit.value.champs["nom_offre"]["auteur"] == "Claire Dumas"
    apres = modification.enregistrer(
        session, place.mireille, un_enregistrement(place.offre, "informations_generales", deux, conflit.value.version)
    )
    assert apres.change
    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs["nom_offre"] == "Nom de Mireille"


def test_enregistrer_ignores_a_forged_frozen_field(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(
        session,
        place.claire,
        place.offre,
        "informations_generales",
        champ_activite="04",
        nom_offre="Neuf",
        identifiant_offre="99/1",
        version="12",
    )

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, jalon)
    )

    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Neuf"}
    assert "ne se modifie pas" in reponse.erreurs["champ_activite"]


def test_enregistrer_refuses_a_code_no_longer_in_force_unless_already_held(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "accueil", **{"modalite_accueil.12": "oui"})
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", saisie, jalon))
    assert "plus en vigueur" in reponse.erreurs["modalite_accueil"]

    ancienne = une_offre_complete(session, place.eg, modalite_accueil=["03", "12"])
    saisie, jalon = saisie_de(session, place.claire, ancienne, "accueil", **{"modalite_accueil.04": "oui"})
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(ancienne, "accueil", saisie, jalon))
    assert reponse.erreurs == {}


def test_ouvrir_offers_no_code_out_of_force_but_shows_the_one_held(session: Session, place: Any) -> None:
    ancienne = une_offre_complete(session, place.eg, modalite_accueil=["12"])

    ouverte = modification.ouvrir(session, place.claire, Cible("offre", ancienne.identifiant_offre), "accueil")

    offerts = {o["cle"]: o["libelle"] for o in ouverte.options["modalite_accueil"]}
    assert "n’est plus en vigueur" in offerts["12"]
    assert "27" not in offerts


def test_enregistrer_adds_and_removes_rows(session: Session, place: Any) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, "contacts")
    neuve = modification.ligne_neuve(type(place.offre), "contact", "n1")
    saisie = {c: t for c, t in saisie.items() if not c.startswith("contact.")}
    saisie |= {
        "contact.n1": "1",
        "contact.n1.telecommunication.n1a": "1",
        **neuve.valeurs,
        "contact.n1.nature_contact": "03",
    }

    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, jalon))

    garde = brouillon(session)
    assert garde is not None
    (contact,) = garde.valeurs["contact"]
    assert (contact["cle"], contact["nature_contact"], contact["niveau_confidentialite"]) == ("n1", "03", "2")


def test_enregistrer_keeps_the_capacity_lines_that_a_software_feeds(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    session.add(
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=lieu.id,
            nature_capacite="01",
            statut_capacite="02",
            temporalite_capacite="01",
            nombre_capacite=3,
            type_source_capacite="02",
        )
    )
    session.flush()
    saisie, jalon = saisie_de(session, place.claire, lieu, "capacitaire")
    forgee = {c: ("99" if c.endswith("nombre_capacite") else t) for c, t in saisie.items()}

    modification.enregistrer(session, place.claire, un_enregistrement(lieu, "capacitaire", forgee, jalon))

    garde = brouillon(session)
    assert garde is not None
    nombres = {
        e["type_source_capacite"]: e["nombre_capacite"] for e in garde.valeurs["capacite_accueil_operationnelle"]
    }
    assert nombres == {"01": 99, "02": 3}


def test_abandonner_drops_the_brouillon_of_that_section_only(session: Session, place: Any) -> None:
    for section, champ in (("informations_generales", {"nom_offre": "X"}), ("accueil", {"modalite_accueil.04": "oui"})):
        saisie, jalon = saisie_de(session, place.claire, place.offre, section, **champ)
        modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, jalon))

    assert modification.abandonner(session, place.claire, Cible("offre", place.offre.identifiant_offre), "accueil")

    session.flush()
    assert [b.section for b in session.exec(select(Brouillon))] == ["informations_generales"]
    assert session.exec(select(Trace).where(Trace.action == Action.ABANDON)).one().changements[0]["avant"] == [
        "03",
        "04",
    ]


@pytest.mark.parametrize("section", ["informations_complementaires", "inconnue", ""])
def test_ouvrir_refuses_a_section_that_is_not_for_editing(session: Session, place: Any, section: str) -> None:
    with pytest.raises(AccesRefuse):
        modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), section)


def test_enregistrer_refuses_who_has_no_right(session: Session, place: Any, monde: Any) -> None:
    lecteur, etranger = monde.acteur("Louise"), monde.acteur("Hugo")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    monde.habiliter(etranger, monde.eg("AUTRE"))
    for personne in (lecteur, etranger):
        with pytest.raises(AccesRefuse):
            modification.enregistrer(
                session, personne, un_enregistrement(place.offre, "informations_generales", {"nom_offre": "X"})
            )
    assert brouillon(session) is None


def test_a_lieu_of_another_etablissement_cannot_be_attached(session: Session, place: Any, monde: Any) -> None:
    ailleurs = un_lieu(session, monde.eg("AILLEURS"))
    saisie, jalon = saisie_de(
        session, place.claire, place.offre, "adresse", **{f"lieu_realisation_offre.{ailleurs.identifiant}": "oui"}
    )

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "adresse", saisie, jalon))

    assert "pas de cet établissement" in reponse.erreurs["lieu_realisation_offre"]


@pytest.mark.parametrize("section", ["informations_generales", "specificites", "contacts", "adresse"])
def test_ouvrir_and_enregistrer_send_few_statements(session: Session, place: Any, compter: Any, section: str) -> None:
    saisie, jalon = saisie_de(session, place.claire, place.offre, section)
    with compter() as sql:
        modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), section)
    assert len(sql) <= 10
    with compter() as sql:
        modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, jalon))
        session.flush()
    assert len(sql) <= 10


def _cle(session: Session, place: Any, groupe: str) -> str:
    section = "contacts" if groupe == "contact" else groupe
    ouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), section)
    return ouverte.form.lignes[groupe][0]
