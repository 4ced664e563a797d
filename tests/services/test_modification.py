"""« Modifier », « Enregistrer », « Abandonner » on a real database."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.objets import CapaciteAccueilOperationnelle
from rxror.services import modification, validation
from rxror.services.acces import Cible
from rxror.services.fusion import empreinte_de
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, saisie_de, un_enregistrement, un_lieu, une_offre_complete, une_validation


def brouillon(session: Session) -> Brouillon | None:
    return session.exec(select(Brouillon)).first()


def test_enregistrer_keeps_a_brouillon_and_publishes_nothing(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie HC")

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base)
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
    saisie, base = saisie_de(session, place.claire, place.offre, section)

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, base))

    assert not reponse.change
    assert brouillon(session) is None
    assert session.exec(select(Trace)).all() == []


def test_enregistrer_back_to_the_published_value_drops_the_brouillon(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Autre")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base)
    )
    saisie, base = saisie_de(
        session, place.claire, place.offre, "informations_generales", nom_offre=place.offre.nom_offre
    )

    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base)
    )

    session.flush()
    assert brouillon(session) is None


def test_enregistrer_keeps_an_unreadable_text_as_typed(session: Session, place: Any) -> None:
    chemin = f"patientele.{_cle(session, place, 'patientele')}.age_min"
    saisie, base = saisie_de(session, place.claire, place.offre, "patientele", **{chemin: "quinze"})

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "patientele", saisie, base)
    )

    assert "nombre entier" in reponse.erreurs[chemin]
    rouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), "patientele")
    assert rouverte.form.valeurs[chemin] == "quinze"
    assert chemin in rouverte.erreurs


def test_enregistrer_an_incomplete_section_is_allowed(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="")

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base)
    )

    assert (reponse.change, reponse.erreurs) == (True, {})


def test_enregistrer_says_at_once_that_a_telecom_is_more_visible_than_its_contact(session: Session, place: Any) -> None:
    contact = _cle(session, place, "contact")
    saisie, base = saisie_de(
        session, place.claire, place.offre, "contacts", **{f"contact.{contact}.niveau_confidentialite": "3"}
    )

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))

    ((chemin, phrase),) = reponse.erreurs.items()
    assert chemin.endswith(".niveau_confidentialite")
    assert "plus visible que son contact" in phrase


def test_enregistrer_twice_with_one_cle_answers_the_same_and_writes_once(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Une fois")
    demande = un_enregistrement(place.offre, "informations_generales", saisie, base)

    premiere = modification.enregistrer(session, place.claire, demande)
    seconde = modification.enregistrer(session, place.claire, demande)

    assert (premiere.base, premiere.marque, premiere.erreurs) == (seconde.base, seconde.marque, seconde.erreurs)
    assert len(session.exec(select(Trace)).all()) == 1


def test_enregistrer_refuses_the_cle_of_somebody_else(session: Session, place: Any) -> None:
    cle = uuid4()
    saisie, base = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="A")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base, cle)
    )

    with pytest.raises(SaisieInvalide):
        modification.enregistrer(
            session, place.mireille, un_enregistrement(place.offre, "informations_generales", saisie, base, cle)
        )


def test_enregistrer_merges_fields_that_only_one_person_changed(session: Session, place: Any) -> None:
    deux, base_deux = saisie_de(session, place.mireille, place.offre, "informations_generales", unite_sensible="oui")
    un, base_un = saisie_de(session, place.claire, place.offre, "informations_generales", nom_offre="Nom de Claire")
    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", un, base_un)
    )

    modification.enregistrer(
        session, place.mireille, un_enregistrement(place.offre, "informations_generales", deux, base_deux)
    )

    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Nom de Claire", "unite_sensible": True}


def test_enregistrer_ignores_a_forged_frozen_field(session: Session, place: Any) -> None:
    saisie, base = saisie_de(
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
        session, place.claire, un_enregistrement(place.offre, "informations_generales", saisie, base)
    )

    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Neuf"}
    assert "ne se modifie pas" in reponse.erreurs["champ_activite"]


def test_enregistrer_refuses_a_code_no_longer_in_force_unless_already_held(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "accueil", **{"modalite_accueil.12": "oui"})
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", saisie, base))
    assert "plus en vigueur" in reponse.erreurs["modalite_accueil"]

    ancienne = une_offre_complete(session, place.eg, modalite_accueil=["03", "12"])
    saisie, base = saisie_de(session, place.claire, ancienne, "accueil", **{"modalite_accueil.04": "oui"})
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(ancienne, "accueil", saisie, base))
    assert reponse.erreurs == {}


def test_ouvrir_offers_no_code_out_of_force_but_shows_the_one_held(session: Session, place: Any) -> None:
    ancienne = une_offre_complete(session, place.eg, modalite_accueil=["12"])

    ouverte = modification.ouvrir(session, place.claire, Cible("offre", ancienne.identifiant_offre), "accueil")

    offerts = {o["cle"]: o["libelle"] for o in ouverte.options["modalite_accueil"]}
    assert "n’est plus en vigueur" in offerts["12"]
    assert "27" not in offerts


@pytest.mark.parametrize(("contact", "moyen"), [("1", "1"), ("3", "3"), ("", "2")])
def test_a_new_moyen_is_seen_by_who_sees_its_contact(place: Any, contact: str, moyen: str) -> None:
    autour = {"contact.c1.niveau_confidentialite": contact, "contact.c2.niveau_confidentialite": "3"}
    neuve = modification.ligne_neuve(type(place.offre), "contact.c1.telecommunication", "n1", autour)
    assert neuve.valeurs["contact.c1.telecommunication.n1.niveau_confidentialite"] == moyen
    assert (
        modification.ligne_neuve(type(place.offre), "contact", "n1", autour).valeurs[
            "contact.n1.niveau_confidentialite"
        ]
        == "2"
    )


def test_enregistrer_adds_and_removes_rows(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    neuve = modification.ligne_neuve(type(place.offre), "contact", "n1")
    saisie = {c: t for c, t in saisie.items() if not c.startswith("contact.")}
    saisie |= {
        "contact.n1": "1",
        "contact.n1.telecommunication.n1a": "1",
        **neuve.valeurs,
        "contact.n1.nature_contact": "03",
    }

    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))

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
    saisie, base = saisie_de(session, place.claire, lieu, "capacitaire")
    forgee = {c: ("99" if c.endswith("nombre_capacite") else t) for c, t in saisie.items()}

    modification.enregistrer(session, place.claire, un_enregistrement(lieu, "capacitaire", forgee, base))

    garde = brouillon(session)
    assert garde is not None
    nombres = {
        e["type_source_capacite"]: e["nombre_capacite"] for e in garde.valeurs["capacite_accueil_operationnelle"]
    }
    assert nombres == {"01": 99, "02": 3}


def test_abandonner_drops_the_brouillon_of_that_section_only(session: Session, place: Any) -> None:
    for section, champ in (("informations_generales", {"nom_offre": "X"}), ("accueil", {"modalite_accueil.04": "oui"})):
        saisie, base = saisie_de(session, place.claire, place.offre, section, **champ)
        modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, base))

    cible = Cible("offre", place.offre.identifiant_offre)
    vue = modification.ouvrir(session, place.claire, cible, "accueil")

    assert modification.abandonner(session, place.claire, cible, "accueil", vue.marque)

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
    saisie, base = saisie_de(
        session, place.claire, place.offre, "adresse", **{f"lieu_realisation_offre.{ailleurs.identifiant}": "oui"}
    )

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "adresse", saisie, base))

    assert "pas de cet établissement" in reponse.erreurs["lieu_realisation_offre"]


@pytest.mark.parametrize("section", ["informations_generales", "specificites", "contacts", "adresse"])
def test_ouvrir_and_enregistrer_send_few_statements(session: Session, place: Any, compter: Any, section: str) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, section)
    with compter() as sql:
        modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), section)
    assert len(sql) <= 10
    with compter() as sql:
        modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, base))
        session.flush()
    assert len(sql) <= 10


def _cle(session: Session, place: Any, groupe: str) -> str:
    section = "contacts" if groupe == "contact" else groupe
    ouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), section)
    return ouverte.form.lignes[groupe][0]


def test_abandonner_keeps_what_somebody_saved_since(session: Session, place: Any) -> None:
    cible = Cible("offre", place.offre.identifiant_offre)
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="De Claire")
    vue = modification.ouvrir(session, place.claire, cible, "informations_generales")
    enregistrer(session, place.mireille, place.offre, "informations_generales", nom_offre="De Mireille")

    with pytest.raises(Conflit):
        modification.abandonner(session, place.claire, cible, "informations_generales", vue.marque)

    assert brouillon(session).valeurs == {"nom_offre": "De Mireille"}


def test_correcting_after_a_merge_keeps_what_was_merged(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    un, base = saisie_de(session, place.claire, lieu, "adresse", numero_voie="24", latitude="quarante")
    enregistrer(session, place.mireille, lieu, "adresse", lieu_dit="Le Séquestre")
    reponse = modification.enregistrer(session, place.claire, un_enregistrement(lieu, "adresse", un, base))
    assert list(reponse.erreurs) == ["latitude"]

    corrigee = un | {"latitude": ""}
    modification.enregistrer(session, place.claire, un_enregistrement(lieu, "adresse", corrigee, reponse.base))

    garde = brouillon(session)
    assert (garde.valeurs, garde.illisibles) == ({"numero_voie": "24", "lieu_dit": "Le Séquestre"}, {})


def test_the_unreadable_text_of_a_colleague_is_kept(session: Session, place: Any) -> None:
    lieu = un_lieu(session, place.eg)
    un, base = saisie_de(session, place.claire, lieu, "adresse", numero_voie="24")
    enregistrer(session, place.mireille, lieu, "adresse", latitude="quarante")

    modification.enregistrer(session, place.claire, un_enregistrement(lieu, "adresse", un, base))

    garde = brouillon(session)
    assert (garde.valeurs, garde.illisibles) == ({"numero_voie": "24"}, {"latitude": "quarante"})


def test_putting_back_a_value_after_somebody_validated_is_kept(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Nom brouillon")
    retour, base = saisie_de(
        session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie, hospitalisation complète"
    )
    cible = Cible("offre", place.offre.identifiant_offre)
    vu = validation.preparer(session, place.mireille, cible).vu
    assert validation.valider(session, place.mireille, une_validation(place.offre, vu)) == []
    session.expire_all()

    modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "informations_generales", retour, base)
    )

    assert brouillon(session).valeurs == {"nom_offre": "Gynécologie, hospitalisation complète"}


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(session: Session, place: Any) -> None:
    section, perdues = "informations_generales", [uuid4(), uuid4()]
    saisie, base = saisie_de(session, place.claire, place.offre, section)
    for n, cle in enumerate(perdues):
        demande = un_enregistrement(
            place.offre, section, {**saisie, "nom_offre": f"Nom {n}"}, base, cle, sans_reponse=perdues[:n]
        )
        modification.enregistrer(session, place.claire, demande)
        session.flush()
    suite = {**saisie, "nom_offre": "Nom entier"}
    autre = uuid4()  # a sending that never arrived
    modification.enregistrer(
        session,
        place.claire,
        un_enregistrement(place.offre, section, suite, base, sans_reponse=[*perdues, autre]),
    )
    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"nom_offre": "Nom entier"}


def test_a_lost_answer_does_not_hide_what_somebody_else_changed_since(session: Session, place: Any) -> None:
    section, perdue = "informations_generales", uuid4()
    saisie, base = saisie_de(session, place.claire, place.offre, section, nom_offre="Nom de Claire")
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, section, saisie, base, perdue))
    enregistrer(session, place.mireille, place.offre, section, nom_offre="Nom de Mireille")
    suite = un_enregistrement(
        place.offre, section, {**saisie, "nom_offre": "Encore Claire"}, base, sans_reponse=[perdue]
    )
    (attente,) = modification.enregistrer(session, place.claire, suite).attente
    assert (attente.chemin, attente.auteur) == ("nom_offre", "Mireille Faure")


def test_the_lost_answer_of_somebody_else_is_refused(session: Session, place: Any) -> None:
    section, sienne = "informations_generales", uuid4()
    saisie, base = saisie_de(session, place.mireille, place.offre, section, nom_offre="Nom de Mireille")
    modification.enregistrer(session, place.mireille, un_enregistrement(place.offre, section, saisie, base, sienne))
    with pytest.raises(SaisieInvalide):
        modification.enregistrer(
            session, place.claire, un_enregistrement(place.offre, section, saisie, base, sans_reponse=[sienne])
        )
    with pytest.raises(ValidationError):
        un_enregistrement(place.offre, section, saisie, base, sans_reponse=[uuid4() for _ in range(21)])


def test_what_the_page_did_not_show_was_not_answered(session: Session, place: Any) -> None:
    """A list without a tick sends nothing, as one that is hidden: the page says which it was."""
    saisie, base = saisie_de(session, place.claire, place.offre, "accueil")
    tue = {chemin: texte for chemin, texte in saisie.items() if not chemin.startswith("modalite_accueil.")}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "accueil", tue, base, caches=["modalite_accueil"])
    )
    assert not reponse.change
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", tue, base))
    garde = brouillon(session)
    assert garde is not None
    assert garde.valeurs == {"modalite_accueil": []}


def test_a_group_the_page_did_not_show_keeps_its_rows(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    tue = {chemin: texte for chemin, texte in saisie.items() if not chemin.startswith("contact.")}
    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "contacts", tue, base, caches=["contact"])
    )
    assert not reponse.change


def test_an_old_code_that_a_colleague_replaced_is_not_answered_again_by_a_page_that_shows_it(
    session: Session, place: Any
) -> None:
    offre = une_offre_complete(session, place.eg, modalite_accueil=["03", "12"])  # 12: no longer in force
    saisie, base = saisie_de(session, place.claire, offre, "accueil", **{"modalite_accueil.04": "oui"})
    _sans_le_code(session, place.mireille, offre, "12")

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(offre, "accueil", saisie, base))

    garde = brouillon(session)
    assert garde is not None
    assert (reponse.erreurs, reponse.attente, garde.illisibles) == ({}, [], {})
    assert garde.valeurs["modalite_accueil"] == ["03", "04"]


@pytest.mark.parametrize("dite", ["1", "", "autre"])
def test_an_old_code_is_no_way_back_in_for_a_base_that_lies(session: Session, place: Any, dite: str) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "accueil", **{"modalite_accueil.12": "oui"})
    base["modalite_accueil"]["12"] = dite

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", saisie, base))

    garde = brouillon(session)
    assert garde is None or "12" not in garde.valeurs.get("modalite_accueil", [])
    assert reponse.attente == []


def test_an_old_code_of_a_row_is_no_way_in_for_a_base_that_lies(session: Session, place: Any) -> None:
    ligne = f"contact.{_cle(session, place, 'contact')}"
    chemin = f"{ligne}.fonction_contact"
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts", **{f"{ligne}.qui": "personne"})
    saisie |= {f"{ligne}.nom": "Anne Vidal", chemin: "14"}  # no longer in force
    base[chemin] = {"": empreinte_de("14"), "14": "1"}

    reponse = modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))

    assert "plus en vigueur" in reponse.erreurs[chemin]


def test_spaces_that_one_did_not_type_are_no_answer(session: Session, place: Any) -> None:
    offre = une_offre_complete(session, place.eg, nom_offre="Deux  espaces")  # from a file
    saisie, base = saisie_de(session, place.claire, offre, "informations_generales")
    enregistrer(session, place.mireille, offre, "informations_generales", nom_offre="Sans")

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(offre, "informations_generales", saisie, base)
    )

    assert reponse.attente == []


def test_what_a_colleague_answered_where_the_page_hides_it_is_no_conflict(session: Session, place: Any) -> None:
    ligne = f"contact.{_cle(session, place, 'contact')}"
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    caches = [f"{ligne}.{nom}" for nom in ("prenom", "nom", "fonction_contact") if f"{ligne}.{nom}" in saisie]
    vue = {c: t for c, t in saisie.items() if c not in caches}
    siennes = {f"{ligne}.qui": "personne", f"{ligne}.nom": "Anne Vidal", f"{ligne}.fonction_contact": "22"}
    enregistrer(session, place.mireille, place.offre, "contacts", **siennes)

    reponse = modification.enregistrer(
        session, place.claire, un_enregistrement(place.offre, "contacts", vue, base, caches=caches)
    )

    garde = brouillon(session)
    assert garde is not None
    assert (reponse.attente, garde.valeurs["contact"][0]["nom"]) == ([], "Anne Vidal")


def _sans_le_code(session: Session, qui: Any, offre: Any, code: str) -> None:
    saisie, base = saisie_de(session, qui, offre, "accueil")
    del saisie[f"modalite_accueil.{code}"]
    modification.enregistrer(session, qui, un_enregistrement(offre, "accueil", saisie, base))
    session.flush()
