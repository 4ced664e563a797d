"""« Valider »: what blocks, what is published, in one transaction, once."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select, update

from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.objets import (
    CapaciteAccueilOperationnelle,
    Contact,
    EquipementSpecifique,
    LienTeleconsultation,
    OffreLieu,
)
from rxror.ror.typographie import fr
from rxror.services import modification, validation
from rxror.services.acces import Cible
from rxror.services.lieux import proposer
from rxror.services.validation import DemandeValidation
from rxror.tables import Action, Brouillon, Portee, Role, Trace
from tests.fabriques import (
    enregistrer,
    garder,
    saisie_de,
    un_enregistrement,
    un_lieu,
    une_offre_complete,
    une_validation,
)

RETIRE = fr("Ne s’applique plus : retiré à la validation")


def preparer(session: Session, place: Any, acteur: Any = None) -> validation.Preparation:
    return validation.preparer(session, acteur or place.claire, Cible("offre", place.offre.identifiant_offre))


def valider(session: Session, place: Any) -> list[Any]:
    return validation.valider(session, place.claire, une_validation(place.offre, preparer(session, place).vu))


def lieu_de(session: Session, place: Any) -> Any:
    return preparer(session, place).dossier.lieux[next(iter(preparer(session, place).dossier.lieux))].objet


def test_valider_publishes_the_brouillons_and_tells_who_what_when(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie HC")

    assert valider(session, place) == []

    session.refresh(place.offre)
    assert (place.offre.nom_offre, place.offre.version, place.offre.validateur) == ("Gynécologie HC", 2, "Claire Dumas")
    assert place.offre.date_validation is not None
    assert session.exec(select(Brouillon)).all() == []
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.VALIDATION)).all()
    assert trace.changements == [
        {
            "champ": "nom_offre",
            "avant": "Gynécologie, hospitalisation complète",
            "apres": "Gynécologie HC",
        }
    ]
    assert (trace.version_avant, trace.version_apres) == (1, 2)


def test_valider_without_change_moves_the_date_and_leaves_a_trace(session: Session, place: Any) -> None:
    assert valider(session, place) == []

    assert place.offre.date_validation is not None
    assert session.exec(select(Trace).where(Trace.action == Action.VALIDATION)).one().changements == []


def test_valider_refuses_an_offre_without_nom_and_writes_nothing(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="")

    refus = valider(session, place)

    assert [(a.regle, a.section, a.chemin) for a in refus] == [("OBL-02", "informations_generales", "nom_offre")]
    session.refresh(place.offre)
    assert (place.offre.nom_offre, place.offre.version) == ("Gynécologie, hospitalisation complète", 1)
    assert session.exec(select(Brouillon)).one()


def test_valider_refuses_what_could_not_be_read(session: Session, place: Any) -> None:
    ouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), "patientele")
    chemin = f"patientele.{ouverte.form.lignes['patientele'][0]}.age_max"
    enregistrer(session, place.claire, place.offre, "patientele", **{chemin: "cent vingt"})

    assert [(a.regle, a.chemin) for a in valider(session, place)] == [("LECTURE", chemin)]


def test_valider_publishes_the_beds_of_its_lieu(session: Session, place: Any) -> None:
    lieu = lieu_de(session, place)
    ouverte = modification.ouvrir(session, place.claire, Cible("lieu", lieu.identifiant), "capacitaire")
    cle = ouverte.form.lignes["capacite_accueil_operationnelle"][0]
    enregistrer(
        session, place.claire, lieu, "capacitaire", **{f"capacite_accueil_operationnelle.{cle}.nombre_capacite": "10"}
    )

    (changement,) = preparer(session, place).changements
    assert changement["champ"] == "Capacités"
    assert [e["texte"] for e in changement["avant"]] == ["12 lits installés"]
    assert [e["texte"] for e in changement["apres"]] == ["10 lits installés"]
    assert valider(session, place) == []

    ligne = session.exec(select(CapaciteAccueilOperationnelle)).one()
    assert ligne.nombre_capacite == 10
    assert ligne.date_maj_capacite is not None
    session.refresh(lieu)
    assert lieu.version == 2


def test_valider_says_that_a_shared_lieu_changes_for_others(session: Session, place: Any) -> None:
    lieu = lieu_de(session, place)
    autre = enregistrer  # noqa: F841
    voisine = une_offre_complete(session, place.eg, nom_offre="Voisine")
    garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    enregistrer(session, place.claire, lieu, "informations_generales", nom="Autre nom")

    (changement,) = preparer(session, place).changements

    assert changement["note"] == "Change aussi pour 1 autre offre"


def test_valider_removes_equipment_at_zero(session: Session, place: Any) -> None:
    lieu = lieu_de(session, place)
    session.add(
        EquipementSpecifique(lieu_realisation_offre_id=lieu.id, type_equipement="005", nb_equipement_en_service=1)
    )
    session.flush()
    ouverte = modification.ouvrir(session, place.claire, Cible("lieu", lieu.identifiant), "equipements")
    cle = ouverte.form.lignes["equipement_specifique"][0]
    enregistrer(
        session, place.claire, lieu, "equipements", **{f"equipement_specifique.{cle}.nb_equipement_en_service": "0"}
    )

    assert valider(session, place) == []

    assert session.exec(select(EquipementSpecifique)).all() == []


def test_valider_adds_changes_and_removes_contacts(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    neuve = modification.ligne_neuve(type(place.offre), "contact", "n1")
    telecom = next(c for c in neuve.lignes["contact.n1.telecommunication"])
    saisie |= neuve.valeurs | {
        "contact.n1": "1",
        f"contact.n1.telecommunication.{telecom}": "1",
        "contact.n1.nature_contact": "03",
        f"contact.n1.telecommunication.{telecom}.canal": "2",
        f"contact.n1.telecommunication.{telecom}.adresse_telecom": "05 36 49 00 01",
    }
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))
    assert valider(session, place) == []
    assert sorted(c.nature_contact for c in session.exec(select(Contact))) == ["03", "07"]

    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    ancienne = session.exec(select(Contact).where(Contact.nature_contact == "07")).one()
    saisie = {c: t for c, t in saisie.items() if not c.startswith(f"contact.{ancienne.id}")}
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", saisie, base))
    assert valider(session, place) == []
    session.expire_all()
    assert [c.nature_contact for c in session.exec(select(Contact))] == ["03"]


def test_valider_names_who_prepared_each_field_once_a_colleague_did(session: Session, place: Any, monde: Any) -> None:
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie HC")
    assert [c.get("qui", "") for c in preparer(session, place).changements] == [""]  # all of it is one's own
    mireille = monde.acteur("Faure")
    monde.habiliter(mireille, place.eg)
    age = f"patientele.{preparer(session, place).dossier.principale.publiees['patientele'][0]['cle']}.age_min"
    enregistrer(session, mireille, place.offre, "patientele", **{age: "16"})

    dits = {c["champ"]: c.get("qui", "").partition(", ")[0] for c in preparer(session, place).changements}

    assert dits == {"Nom de l’offre": "Vous", "Age minimum": "Faure"}


def test_valider_names_the_other_offers_of_a_lieu_that_changes(session: Session, place: Any) -> None:
    lieu = lieu_de(session, place)
    voisine = une_offre_complete(session, place.eg, nom_offre="Voisine")
    garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    assert preparer(session, place).effets == []  # nothing of it changes
    enregistrer(session, place.claire, lieu, "informations_generales", nom="Autre nom")

    (effet,) = preparer(session, place).effets

    assert effet["sert"] == "Autre nom sert 2 offres"
    assert effet["offres"] == [{"nom": "Voisine", "url": f"/offre/{voisine.identifiant_offre}"}]
    assert effet["separer"].startswith(f"/lieu/{lieu.identifiant}/separer?offre=")
    du_lieu = validation.preparer(session, place.claire, Cible("lieu", lieu.identifiant)).effets
    assert [len(e["offres"]) for e in du_lieu] == [2]


def test_valider_publishes_no_hidden_value(session: Session, place: Any) -> None:
    ouverte = modification.ouvrir(session, place.claire, Cible("offre", place.offre.identifiant_offre), "contacts")
    cle = ouverte.form.lignes["contact"][0]
    enregistrer(
        session,
        place.claire,
        place.offre,
        "contacts",
        **{
            f"contact.{cle}.qui": "personne",
            f"contact.{cle}.nom": "Anne Vidal",
            f"contact.{cle}.fonction_contact": "22",
        },
    )

    assert valider(session, place) == []

    contact = session.exec(select(Contact)).one()
    assert (contact.nature_contact, contact.nom, contact.fonction_contact) == ("", "Anne Vidal", "22")


def test_valider_tells_the_rows_that_an_answer_leaves_without_place(session: Session, place: Any) -> None:
    place.offre.modalite_accueil = ["03", "04"]
    garder(session, LienTeleconsultation(offre_operationnelle_id=place.offre.id, adresse_telecom="https://visio.fr"))
    saisie, base = saisie_de(session, place.claire, place.offre, "accueil")
    del saisie["modalite_accueil.04"]
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", saisie, base))

    _, lien = preparer(session, place).changements

    assert (lien["champ"], lien["ou"], lien["note"]) == (
        "Lien de téléconsultation",
        "Accueil et prise en charge",
        RETIRE,
    )
    assert ([e["texte"] for e in lien["avant"]], lien["apres"]) == (["https://visio.fr"], [])
    assert valider(session, place) == []
    assert session.exec(select(LienTeleconsultation)).all() == []


def test_valider_tells_a_published_value_that_no_page_shows(session: Session, place: Any) -> None:
    place.offre.secteur_psychiatrique = "81G01"  # of psychiatry, in an offer that is not
    session.flush()

    (secteur,) = preparer(session, place).changements

    assert ([e["texte"] for e in secteur["avant"]], secteur["apres"], secteur["note"]) == (["81G01"], [], RETIRE)
    assert valider(session, place) == []
    session.refresh(place.offre)
    assert place.offre.secteur_psychiatrique == ""


def test_valider_attaches_and_detaches_lieux(session: Session, place: Any) -> None:
    ancien, neuf = lieu_de(session, place), un_lieu(session, place.eg, nom="Neuf")
    saisie, base = saisie_de(session, place.claire, place.offre, "adresse")
    saisie = {f"lieu_realisation_offre.{neuf.identifiant}": "oui"} | {
        c: t for c, t in saisie.items() if not c.endswith(ancien.identifiant)
    }
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "adresse", saisie, base))

    assert valider(session, place) == []

    liens = session.exec(
        select(OffreLieu.lieu_realisation_offre_id).where(OffreLieu.offre_operationnelle_id == place.offre.id)
    )
    assert list(liens) == [neuf.id]


def test_the_lieu_of_another_uf_is_attached_by_who_may_change_it(session: Session, place: Any, monde: Any) -> None:
    """Who attaches a lieu may change it afterwards, and what waits there is published with the offer."""
    ici, la_bas = (monde.oi(place.eg, nom, "3") for nom in ("Gynécologie", "Urgences"))
    offre, paul = une_offre_complete(session, place.eg, ici), monde.acteur("Paul Ici")
    monde.habiliter(paul, place.eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=ici.identifiant_oi)
    lieu = un_lieu(session, place.eg, nom="Box des urgences")
    garder(
        session, OffreLieu(offre_operationnelle_id=monde.offre(place.eg, la_bas).id, lieu_realisation_offre_id=lieu.id)
    )
    enregistrer(session, place.mireille, lieu, "informations_generales", nom="Box 2")
    saisie, base = saisie_de(session, paul, offre, "adresse")
    saisie |= {f"lieu_realisation_offre.{lieu.identifiant}": "oui"}
    modification.enregistrer(session, paul, un_enregistrement(offre, "adresse", saisie, base))

    demande = une_validation(offre, validation.preparer(session, paul, Cible("offre", offre.identifiant_offre)).vu)
    with pytest.raises(GesteRefuse, match="ne comprend pas Box des urgences"):
        validation.valider(session, paul, demande)
    assert session.exec(select(Trace).where(Trace.action == Action.VALIDATION)).all() == []
    assert proposer(session, paul, Cible("offre", offre.identifiant_offre), "box", 10) == []

    vu = validation.preparer(session, place.claire, Cible("offre", offre.identifiant_offre)).vu
    assert validation.valider(session, place.claire, une_validation(offre, vu)) == []
    session.refresh(lieu)
    assert (lieu.nom, lieu.version) == ("Box 2", 2)


def test_valider_twice_with_one_cle_validates_once(session: Session, place: Any) -> None:
    demande = une_validation(place.offre, preparer(session, place).vu)
    validation.valider(session, place.claire, demande)
    validation.valider(session, place.claire, demande)

    assert len(session.exec(select(Trace).where(Trace.action == Action.VALIDATION)).all()) == 1
    with pytest.raises(SaisieInvalide):
        validation.valider(session, place.mireille, demande)


def test_valider_refuses_when_somebody_saved_since_the_page_was_shown(session: Session, place: Any) -> None:
    vu = preparer(session, place).vu
    enregistrer(session, place.mireille, place.offre, "informations_generales", nom_offre="De Mireille")

    with pytest.raises(Conflit):
        validation.valider(session, place.claire, une_validation(place.offre, vu))

    session.refresh(place.offre)
    assert place.offre.nom_offre == "Gynécologie, hospitalisation complète"


@pytest.mark.parametrize("qui", ["offre", "lieu"])
def test_valider_version_taken_between_reading_and_writing_is_a_conflict(
    session: Session, place: Any, qui: str
) -> None:
    objet = {"offre": place.offre, "lieu": lieu_de(session, place)}[qui]
    enregistrer(session, place.claire, objet, "commentaire", commentaire="Entrée B.")
    demande = une_validation(place.offre, preparer(session, place).vu)
    requete = update(type(objet)).where(col(type(objet).id) == objet.id).values(version=7)
    session.exec(requete.execution_options(synchronize_session=False))  # `objet` was read before

    with pytest.raises(Conflit):
        validation.valider(session, place.claire, demande)

    session.refresh(objet)
    assert (objet.version, objet.commentaire) == (7, "")


def test_valider_is_refused_to_who_may_only_read(session: Session, place: Any, monde: Any) -> None:
    lecteur = monde.acteur("Louise")
    monde.habiliter(lecteur, place.eg, Role.LECTEUR)
    demande = DemandeValidation(identifiant=place.offre.identifiant_offre, vu="", cle=uuid4())
    for personne in (lecteur, monde.acteur("Hugo")):
        with pytest.raises(AccesRefuse):
            validation.valider(session, personne, demande)


def test_valider_statements_do_not_grow_with_the_offers_of_the_lieu(session: Session, place: Any, compter: Any) -> None:
    lieu = lieu_de(session, place)
    enregistrer(session, place.claire, lieu, "informations_generales", nom="Autre nom")

    identifiant = place.offre.identifiant_offre

    def mesurer() -> tuple[int, int]:
        with compter() as lecture:
            vu = validation.preparer(session, place.claire, Cible("offre", identifiant)).vu
        demande = DemandeValidation(identifiant=identifiant, vu=vu, cle=uuid4())
        with compter() as ecriture, session.begin_nested() as point:
            validation.valider(session, place.claire, demande)
            session.flush()
            point.rollback()
        return len(lecture), len([requete for requete in ecriture if "SAVEPOINT" not in requete])

    seule = mesurer()
    for _ in range(5):
        voisine = une_offre_complete(session, place.eg)
        garder(session, OffreLieu(offre_operationnelle_id=voisine.id, lieu_realisation_offre_id=lieu.id))
    assert mesurer() == seule
    # two more statements per event know who acts: the gate's and the handler's; one closes what was asked
    assert max(seule) + 2 <= 13
