"""« Appliquer à d’autres offres »: what is given, to whom, what was read before it is what is written."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror.ror.champs import champs_de, groupes_de, sections_de
from rxror.ror.erreurs import AccesRefuse, Conflit, SaisieInvalide
from rxror.ror.objets import ActiviteOperationnelle, OffreOperationnelle
from rxror.services import apercu, application, dossier, modification, nomenclatures, validation
from rxror.services.acces import Cible, Geste
from rxror.services.application import Application
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, garder, saisie_de, un_enregistrement, une_offre_complete, une_validation


@pytest.fixture
def uf(place: Any, monde: Any) -> Any:
    return monde.oi(place.eg, "UF Gynécologie", "3", monde.oi(place.eg, "Pôle", "1"))


@pytest.fixture
def offres(session: Session, place: Any, uf: Any) -> list[Any]:
    """The offer whose values are given, then two others of its UF."""
    noms = ("A donneuse", "B", "C")
    donneuse, *autres = [une_offre_complete(session, place.eg, uf, nom_offre=nom) for nom in noms]
    donneuse.modalite_accueil, donneuse.commentaire = ["03", "04"], "Entrée B."
    garder(session, donneuse)
    return [donneuse, *autres]


def plan_de(session: Session, acteur: Any, offre: Any, section: str) -> application.Plan:
    return application.preparer(session, acteur, offre.identifiant_offre, section)


def une_demande(session: Session, acteur: Any, offre: Any, section: str, *vers: Any, **autres: Any) -> Application:
    choisies = [o.identifiant_offre for o in vers]
    vu = plan_de(session, acteur, offre, section).vu(choisies)
    valeurs = {"identifiant": offre.identifiant_offre, "section": section, "choisies": choisies, "vu": vu}
    return Application(**{**valeurs, "cle": uuid4(), **autres})


def valeurs_de(session: Session, acteur: Any, offre: Any) -> Any:
    session.flush()
    return dossier.ouvrir(session, acteur, Cible("offre", offre.identifiant_offre), Geste.LIRE).principale.valeurs


def test_appliquer_keeps_the_section_as_brouillons_of_the_chosen_offers(
    session: Session, place: Any, offres: list[Any]
) -> None:
    donneuse, b, c = offres
    demande = une_demande(session, place.claire, donneuse, "accueil", b)
    assert application.appliquer(session, place.claire, demande) == [b.identifiant_offre]
    assert valeurs_de(session, place.claire, b)["modalite_accueil"] == ["03", "04"]
    assert b.modalite_accueil == ["03"]
    (brouillon,) = session.exec(select(Brouillon)).all()
    assert (brouillon.objet, brouillon.section) == (f"offre:{b.identifiant_offre}", "accueil")
    assert brouillon.valeurs == {"modalite_accueil": ["03", "04"]}
    (trace,) = session.exec(select(Trace)).all()
    assert (trace.action, trace.objet, trace.cle) == (Action.BROUILLON, brouillon.objet, str(demande.cle))
    assert trace.resultat["venu_de"] == f"offre:{donneuse.identifiant_offre}"
    assert [x["champ"] for x in trace.changements] == ["modalite_accueil"]
    assert valeurs_de(session, place.claire, c)["modalite_accueil"] == c.modalite_accueil != ["03", "04"]


def test_what_was_given_validates(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, _ = offres
    application.appliquer(session, place.claire, une_demande(session, place.claire, donneuse, "commentaire", b))
    session.flush()
    cible = Cible("offre", b.identifiant_offre)
    vu = validation.preparer(session, place.claire, cible).vu
    assert validation.valider(session, place.claire, une_validation(b, vu)) == []
    session.refresh(b)
    assert (b.commentaire, b.nom_offre) == ("Entrée B.", "B")


@pytest.mark.parametrize("section", [s.cle for s in sections_de(OffreOperationnelle)])
def test_name_identity_frozen_answers_and_lieux_are_never_given(section: str) -> None:
    interdits = {"nom_offre", "champ_activite", "mode_prise_en_charge", "lieu_realisation_offre", "rattachement"}
    assert not interdits & set(application.donnables(section))
    champs = champs_de(OffreOperationnelle)
    assert all(champs[n].edition == "U" for n in application.donnables(section) if n in champs)


def test_section_that_gives_nothing_is_refused(session: Session, place: Any, offres: list[Any]) -> None:
    for section in ("adresse", "informations_complementaires", "inconnue", "", "x" * 60):
        with pytest.raises(AccesRefuse):
            plan_de(session, place.claire, offres[0], section)


def test_contacts_become_those_of_the_offer_with_rows_of_their_own(
    session: Session, place: Any, offres: list[Any]
) -> None:
    donneuse, b, _ = offres
    enregistrer(session, place.claire, donneuse, "contacts")
    (contact,) = valeurs_de(session, place.claire, donneuse)["contact"]
    prefixe = f"contact.{contact['cle']}."
    enregistrer(session, place.claire, donneuse, "contacts", **{prefixe + "description": "Rendez-vous"})
    demande = une_demande(session, place.claire, donneuse, "contacts", b)
    application.appliquer(session, place.claire, demande)
    (donne,) = valeurs_de(session, place.claire, b)["contact"]
    assert donne["description"] == "Rendez-vous"
    assert donne["cle"] != contact["cle"]
    assert donne["telecommunication"][0]["adresse_telecom"] == "0536491208"
    assert donne["telecommunication"][0]["cle"] != contact["telecommunication"][0]["cle"]


def test_rows_that_are_there_already_keep_their_keys(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, _ = offres
    garder(session, ActiviteOperationnelle(offre_operationnelle_id=donneuse.id, activite_operationnelle="023"))
    avant = valeurs_de(session, place.claire, b)["activite_operationnelle"]
    application.appliquer(session, place.claire, une_demande(session, place.claire, donneuse, "specificites", b))
    apres = valeurs_de(session, place.claire, b)["activite_operationnelle"]
    assert [a["activite_operationnelle"] for a in apres] == ["022", "023"]
    assert apres[0] == avant[0]


def test_unique_group_keeps_its_row(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, _ = offres
    (ligne,) = valeurs_de(session, place.claire, donneuse)["patientele"]
    enregistrer(session, place.claire, donneuse, "patientele", **{f"patientele.{ligne['cle']}.age_min": "18"})
    (avant,) = valeurs_de(session, place.claire, b)["patientele"]
    application.appliquer(session, place.claire, une_demande(session, place.claire, donneuse, "patientele", b))
    (apres,) = valeurs_de(session, place.claire, b)["patientele"]
    assert (apres["cle"], apres["age_min"]) == (avant["cle"], 18)


def test_what_another_champ_hides_is_not_written(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, c = offres
    donneuse.champ_activite, donneuse.secteur_psychiatrique = "03", "81G01"
    c.champ_activite = "03"
    session.flush()
    demande = une_demande(session, place.claire, donneuse, "specificites", b, c)
    assert application.appliquer(session, place.claire, demande) == [c.identifiant_offre]
    assert not valeurs_de(session, place.claire, b).get("secteur_psychiatrique")
    assert valeurs_de(session, place.claire, c)["secteur_psychiatrique"] == "81G01"


def test_code_no_longer_in_force_is_not_spread(
    session: Session, place: Any, offres: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    donneuse, _, c = offres
    actif = nomenclatures.Catalogue.actif
    monkeypatch.setattr(nomenclatures.Catalogue, "actif", lambda self, jdv, cle: cle != "023" and actif(self, jdv, cle))
    for offre in (donneuse, c):
        garder(session, ActiviteOperationnelle(offre_operationnelle_id=offre.id, activite_operationnelle="023"))
    donneuse.modalite_accueil = ["03"]
    plan = plan_de(session, place.claire, donneuse, "specificites")
    assert [d.changements for d in plan.destinataires.values()] == [[], []]  # C holds it already
    assert plan.ecartes == [plan.catalogue.libelle("J17", "023")]


def test_offers_around_are_those_of_the_uf_only(
    session: Session, place: Any, monde: Any, uf: Any, offres: list[Any]
) -> None:
    ailleurs = une_offre_complete(session, place.eg, monde.oi(place.eg, "UF Chirurgie", "3"))
    plan = plan_de(session, place.claire, offres[0], "accueil")
    assert list(plan.destinataires) == [o.identifiant_offre for o in offres[1:]]
    for etrangere in (ailleurs, place.offre, offres[0]):
        demande = une_demande(session, place.claire, offres[0], "accueil", etrangere, vu="")
        with pytest.raises(AccesRefuse):
            application.appliquer(session, place.claire, demande)


def test_an_offer_closed_for_good_receives_nothing(session: Session, place: Any, offres: list[Any]) -> None:
    offres[1].type_fermeture, offres[1].date_fermeture = "DEF", date(2020, 1, 1)
    session.flush()
    assert list(plan_de(session, place.claire, offres[0], "accueil").destinataires) == [offres[2].identifiant_offre]


def test_in_medico_social_they_are_those_of_the_etablissement(session: Session, place: Any, monde: Any) -> None:
    ehpad = monde.eg("EHPAD", categorie_eg="500", region_source="76")
    monde.habiliter(place.claire, ehpad)
    a, b = [une_offre_complete(session, ehpad, champ_activite="04", nom_offre=n) for n in "AB"]
    dans_une_uf = une_offre_complete(session, ehpad, monde.oi(ehpad, "UF", "3"), champ_activite="04", nom_offre="C")
    plan = plan_de(session, place.claire, a, "accueil")
    assert list(plan.destinataires) == [b.identifiant_offre]
    assert dans_une_uf.entite_geographique_id == a.entite_geographique_id


@pytest.mark.parametrize("qui", ["source", "cible", "brouillon"])
def test_something_changed_since_it_was_shown_is_refused(
    session: Session, place: Any, offres: list[Any], qui: str
) -> None:
    donneuse, b, _ = offres
    demande = une_demande(session, place.claire, donneuse, "commentaire", b)
    if qui == "source":
        enregistrer(session, place.mireille, donneuse, "commentaire", commentaire="Entrée C.")
    elif qui == "brouillon":
        enregistrer(session, place.mireille, b, "commentaire", commentaire="Le mien.")
    else:
        b.version += 1
    session.flush()
    with pytest.raises(Conflit):
        application.appliquer(session, place.claire, demande)
    assert valeurs_de(session, place.claire, b)["commentaire"] in ("", "Le mien.")


def test_a_brouillon_is_replaced_only_when_asked_for(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, c = offres
    enregistrer(session, place.mireille, b, "commentaire", commentaire="Le mien.")
    session.flush()
    demande = une_demande(session, place.claire, donneuse, "commentaire", b, c)
    with pytest.raises(Conflit):
        application.appliquer(session, place.claire, demande)
    assert valeurs_de(session, place.claire, c)["commentaire"] == ""  # all or nothing
    demande = demande.model_copy(update={"remplacees": [b.identifiant_offre]})
    assert len(application.appliquer(session, place.claire, demande)) == 2
    assert valeurs_de(session, place.claire, b)["commentaire"] == "Entrée B."
    (voisine, _) = apercu.voisines(session, plan_de(session, place.claire, donneuse, "commentaire"))
    assert "par Claire Dumas" in voisine["brouillon"]


def test_another_brouillon_than_the_one_shown_is_not_replaced(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, _ = offres
    enregistrer(session, place.mireille, b, "patientele", **age_min(session, place, b, "16"))
    session.flush()
    demande = une_demande(session, place.claire, donneuse, "patientele", b, remplacees=[b.identifiant_offre])
    enregistrer(session, place.mireille, b, "patientele", **age_min(session, place, b, "17"))
    session.flush()
    with pytest.raises(Conflit):
        application.appliquer(session, place.claire, demande)


def age_min(session: Session, place: Any, offre: Any, annees: str) -> dict[str, str]:
    ouverte = modification.ouvrir(session, place.mireille, Cible("offre", offre.identifiant_offre), "patientele")
    return {f"patientele.{ouverte.form.lignes['patientele'][0]}.age_min": annees}


def test_what_could_not_be_read_leaves_with_the_field_that_is_replaced(
    session: Session, place: Any, offres: list[Any]
) -> None:
    donneuse, b, _ = offres
    enregistrer(session, place.mireille, donneuse, "patientele", **age_min(session, place, donneuse, "12"))
    enregistrer(session, place.mireille, b, "patientele", **age_min(session, place, b, "seize"))
    session.flush()
    assert [x.illisibles for x in session.exec(select(Brouillon)) if x.illisibles] != []
    demande = une_demande(session, place.claire, donneuse, "patientele", b, remplacees=[b.identifiant_offre])
    application.appliquer(session, place.claire, demande)
    session.flush()
    assert [x.illisibles for x in session.exec(select(Brouillon)) if x.illisibles] == []


def test_becoming_what_is_published_leaves_no_brouillon(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, _ = offres
    b.commentaire = "Entrée B."
    enregistrer(session, place.claire, b, "commentaire", commentaire="Autre")
    session.flush()
    demande = une_demande(session, place.claire, donneuse, "commentaire", b, remplacees=[b.identifiant_offre])
    application.appliquer(session, place.claire, demande)
    session.flush()
    assert session.exec(select(Brouillon)).all() == []


def test_one_gesture_applies_once(session: Session, place: Any, offres: list[Any]) -> None:
    demande = une_demande(session, place.claire, *offres[:1], "accueil", *offres[1:])
    faites = application.appliquer(session, place.claire, demande)
    session.flush()
    assert application.appliquer(session, place.claire, demande) == faites
    assert len(session.exec(select(Trace)).all()) == 2
    with pytest.raises(SaisieInvalide):
        application.appliquer(session, place.mireille, demande)
    with pytest.raises(SaisieInvalide):
        application.appliquer(session, place.claire, demande.model_copy(update={"section": "commentaire"}))


@pytest.mark.parametrize("role", [Role.LECTEUR, None])
def test_who_may_not_edit_may_not_apply(
    session: Session, place: Any, monde: Any, offres: list[Any], role: Role | None
) -> None:
    acteur = monde.acteur("Louise")
    if role:
        monde.habiliter(acteur, place.eg, role)
    with pytest.raises(AccesRefuse):
        plan_de(session, acteur, offres[0], "accueil")
    demande = une_demande(session, place.claire, offres[0], "accueil", offres[1])
    with pytest.raises(AccesRefuse):
        application.appliquer(session, acteur, demande)


@pytest.mark.parametrize(
    "forgee", [{"choisies": []}, {"choisies": ["x"] * 61}, {"section": "x" * 61}, {"cle": "x"}, {"autre": 1}]
)
def test_a_demand_that_no_page_sends_is_refused_at_the_door(forgee: dict[str, Any]) -> None:
    bonne = {"identifiant": "76/1", "section": "accueil", "choisies": ["76/2"], "vu": "", "cle": uuid4()}
    Application.model_validate(bonne)
    with pytest.raises(ValidationError):
        Application.model_validate(bonne | forgee)


def test_number_of_queries_does_not_depend_on_the_number_of_offers(
    session: Session, place: Any, uf: Any, offres: list[Any], compter: Any
) -> None:
    def lire() -> int:
        with compter() as sql:
            plan = plan_de(session, place.claire, offres[0], "specificites")
            apercu.voisines(session, plan)
            apercu.apercu(session, plan, list(plan.destinataires))
        return len(sql)

    peu = lire()
    for n in range(12):
        une_offre_complete(session, place.eg, uf, nom_offre=f"Autre {n}", acte_specifique=["01"])
    assert lire() == peu <= 8


def test_apercu_tells_before_and_after_a_hundred_lines_at_most(
    session: Session, place: Any, uf: Any, offres: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_de(session, place.claire, offres[0], "accueil")
    (vue, _) = apercu.apercu(session, plan, list(plan.destinataires))
    (ligne,) = vue["changements"]
    assert (ligne["champ"], [e["texte"] for e in ligne["avant"]], len(ligne["apres"])) == ("Modalité d’accueil", [], 1)
    monkeypatch.setattr(apercu, "LIGNES_AU_PLUS", 1)
    assert [v["tus"] for v in apercu.apercu(session, plan, list(plan.destinataires))] == [0, 1]


def test_every_group_of_the_declarations_may_be_given_or_belongs_elsewhere() -> None:
    donnes = {n for s in sections_de(OffreOperationnelle) if s.modifiable for n in application.donnables(s.cle)}
    montres = {s.cle for s in sections_de(OffreOperationnelle) if s.modifiable}
    assert {n for n, g in groupes_de(OffreOperationnelle).items() if g.section in montres} <= donnes


def test_one_cle_answers_one_gesture_only(session: Session, place: Any, offres: list[Any]) -> None:
    donneuse, b, c = offres
    faite = une_demande(session, place.claire, donneuse, "accueil", b)
    assert application.appliquer(session, place.claire, faite) == [b.identifiant_offre]
    assert application.appliquer(session, place.claire, faite) == [b.identifiant_offre]
    with pytest.raises(SaisieInvalide):
        application.appliquer(
            session, place.claire, une_demande(session, place.claire, donneuse, "accueil", c, cle=faite.cle)
        )
    saisie, base = saisie_de(session, place.claire, b, "accueil")
    with pytest.raises(SaisieInvalide):
        modification.enregistrer(session, place.claire, un_enregistrement(b, "accueil", saisie, base, faite.cle))
