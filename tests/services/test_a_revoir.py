"""Codes no longer in force, told to those who may change them."""

from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.objets import Contact
from rxror.services import alertes, modification, validation
from rxror.services.a_revoir import AU_PLUS, codes_a_revoir
from rxror.services.acces import Cible
from rxror.services.alertes import GardeAlerte
from rxror.services.gardes import nom_de
from rxror.tables import Role
from tests.fabriques import enregistrer, garder, saisie_de, un_enregistrement

RETIRE = "12"  # of J226, out of force in the lists as they come


@pytest.fixture
def concerne(place: Any) -> Any:
    place.offre.modalite_accueil = ["03", RETIRE]
    return place


def test_codes_a_revoir_counts_and_leads_to_the_field(session: Session, concerne: Any) -> None:
    vue = codes_a_revoir(session, concerne.claire)
    assert vue.titre.replace("\N{NO-BREAK SPACE}", " ") == "1 réponse à revoir : codes qui ne sont plus en vigueur"
    (ligne,) = vue.lignes
    assert ligne.nom == concerne.offre.nom_offre
    assert "Téléexpertise en plus de 7 jours" in ligne.detail
    assert ligne.url == f"/offre/{concerne.offre.identifiant_offre}/modifier/accueil#modalite_accueil"
    assert ligne.url_valider == f"/offre/{concerne.offre.identifiant_offre}/valider#alertes"


def test_codes_a_revoir_forget_what_is_kept_with_a_reason(session: Session, concerne: Any) -> None:
    cible = Cible("offre", concerne.offre.identifiant_offre)
    assert len(codes_a_revoir(session, concerne.claire).lignes) == 1
    for alerte in validation.preparer(session, concerne.claire, cible).anomalies:
        if alerte.chemin == "modalite_accueil" and alerte.gardable and "Téléexpertise" in alerte.message:
            demande = GardeAlerte(
                genre=cible.genre, identifiant=cible.identifiant, alerte=nom_de(alerte, cible.cle), motif="Encore vrai."
            )
            assert alertes.garder(session, concerne.claire, demande) == ""
    assert codes_a_revoir(session, concerne.claire).lignes == []


def test_codes_a_revoir_leads_to_the_row_of_a_group(session: Session, concerne: Any) -> None:
    contact = session.exec(select(Contact)).one()
    contact.fonction_contact, contact.nature_contact = "14", ""
    session.flush()
    urls = [ligne.url for ligne in codes_a_revoir(session, concerne.claire).lignes]
    assert any(url.endswith(f"/modifier/contacts#contact.{contact.id}.fonction_contact") for url in urls)


def test_codes_a_revoir_of_what_is_in_force_is_empty(session: Session, place: Any) -> None:
    assert codes_a_revoir(session, place.claire).titre == ""


@pytest.mark.parametrize("role", [Role.LECTEUR, None])
def test_codes_a_revoir_are_told_to_who_may_change_them_only(
    session: Session, monde: Any, concerne: Any, role: Role | None
) -> None:
    autre = monde.acteur("Louise Pagès")
    if role:
        monde.habiliter(autre, concerne.eg, role)
    assert codes_a_revoir(session, autre).lignes == []


def test_codes_a_revoir_forget_what_a_brouillon_has_answered(session: Session, concerne: Any) -> None:
    enregistrer(session, concerne.claire, concerne.offre, "accueil", **{f"modalite_accueil.{RETIRE}": "oui"})
    assert len(codes_a_revoir(session, concerne.claire).lignes) == 1
    typees, base = saisie_de(session, concerne.claire, concerne.offre, "accueil", **{"modalite_accueil.04": "oui"})
    typees = {c: t for c, t in typees.items() if c != f"modalite_accueil.{RETIRE}"}
    modification.enregistrer(session, concerne.claire, un_enregistrement(concerne.offre, "accueil", typees, base))
    assert codes_a_revoir(session, concerne.claire).lignes == []


def test_codes_a_revoir_stop_at_a_hundred_and_cost_the_same(
    session: Session, monde: Any, concerne: Any, compter: Any
) -> None:
    with compter() as un:
        codes_a_revoir(session, concerne.claire)
    for n in range(AU_PLUS + 5):
        monde.offre(concerne.eg, nom=f"Offre {n}", modalite_accueil=[RETIRE])
    with compter() as cent:
        vue = codes_a_revoir(session, concerne.claire)
    assert vue.titre.startswith("Plus de 100 réponses")
    assert len(vue.lignes) == AU_PLUS
    assert len(un) == len(cent) == 4


@pytest.mark.parametrize(("role", "combien"), [(Role.REFERENT, 2), (Role.RESPONSABLE_OFFRE, 1)])
def test_codes_a_revoir_of_the_etablissement_are_told_to_its_referent(
    session: Session, monde: Any, concerne: Any, role: Role, combien: int
) -> None:
    contact = session.exec(select(Contact)).one()
    garder(
        session,
        Contact(
            entite_geographique_id=concerne.eg.id,
            fonction_contact="14",
            niveau_confidentialite=contact.niveau_confidentialite,
        ),
    )
    autre = monde.acteur("Louise Pagès")
    monde.habiliter(autre, concerne.eg, role)
    assert len(codes_a_revoir(session, autre).lignes) == combien
