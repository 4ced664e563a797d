"""« Dupliquer »: everything but what belongs to one offer, as brouillons, whatever the declarations hold."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror.ror.champs import Edition, TypeChamp, champs_de, groupes_de, sections_de
from rxror.ror.erreurs import AccesRefuse, ParentFerme, SaisieInvalide
from rxror.ror.objets import OffreLieu, OffreOperationnelle
from rxror.services import contenu, copie, dossier, ecran_de_copie, validation
from rxror.services.acces import Cible, Geste
from rxror.services.copie import Copie
from rxror.services.fusion import sans_cles
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, garder, une_offre_complete, une_validation

NOM = {"nom_offre": "Gynécologie, hôpital de semaine"}


@pytest.fixture
def uf(place: Any, monde: Any) -> Any:
    return monde.oi(place.eg, "UF Gynécologie", "3", monde.oi(place.eg, "Pôle", "1"))


@pytest.fixture
def source(session: Session, place: Any, uf: Any) -> Any:
    return une_offre_complete(session, place.eg, uf, commentaire="Sonner à l’entrée B.", acte_specifique=["01"])


def une_copie(source: Any, parent: Any, cle: Any = None, **saisie: str) -> Copie:
    gelees = {"champ_activite": source.champ_activite, "mode_prise_en_charge": source.mode_prise_en_charge}
    identifiant = getattr(parent, "identifiant_oi", None) or parent.num_finess
    return Copie(
        source=source.identifiant_offre,
        genre=parent.GENRE,
        identifiant=identifiant,
        cle=cle or uuid4(),
        saisie=NOM | gelees | saisie,
    )


def copiee(session: Session, place: Any, demande: Copie) -> Any:
    identifiant, erreurs = copie.copier(session, place.claire, demande)
    assert erreurs == {}
    session.flush()
    return dossier.ouvrir(session, place.claire, Cible("offre", identifiant), Geste.LIRE)


def sections() -> list[str]:
    return [s.cle for s in sections_de(OffreOperationnelle) if s.modifiable]


def contenu_de(valeurs: Any, section: str) -> dict[str, Any]:
    groupes = groupes_de(OffreOperationnelle, section)
    return {
        n: [sans_cles(groupes[n].classe, e) for e in valeurs.get(n) or []] if n in groupes else valeurs.get(n)
        for n in [*champs_de(OffreOperationnelle, section), *groupes]
    }


def test_a_copy_holds_all_that_is_published_but_the_contacts(
    session: Session, place: Any, uf: Any, source: Any
) -> None:
    publiees = contenu.lire(session, OffreOperationnelle, [source])[source.id]
    neuve = copiee(session, place, une_copie(source, uf)).principale
    for section in sections():
        attendu, lu = contenu_de(publiees, section), contenu_de(neuve.valeurs, section)
        for nom, valeur in attendu.items():
            groupe, champ = groupes_de(OffreOperationnelle).get(nom), champs_de(OffreOperationnelle).get(nom)
            if (groupe and groupe.joindre) or (champ and champ.propre):
                assert lu[nom] in ([], NOM.get(nom)), nom
            else:
                assert lu[nom] == valeur, nom
    assert neuve.valeurs["commentaire"] == "Sonner à l’entrée B."


def test_every_field_and_group_of_the_declarations_passes(session: Session, place: Any, uf: Any, source: Any) -> None:
    """A value put in each field that people type is found in the copy: nothing is named in the code."""
    publiees = contenu.lire(session, OffreOperationnelle, [source])[source.id]
    neuves = {"champ_activite": "01", "mode_prise_en_charge": "28"}
    acces = copie.lire_source(session, place.claire, source.identifiant_offre)[0]
    for section in sections():
        for nom, champ in champs_de(OffreOperationnelle, section).items():
            if champ.visible_si or not copie.est_copiable(champ) or champ.type is TypeChamp.LIEUX:
                continue
            exemple = {**publiees, nom: ["x"] if isinstance(publiees[nom], list) else "x"}
            prise = copie.reprendre(exemple, neuves, acces, place.eg, avec_contacts=False)
            assert prise.valeurs[section][nom] == exemple[nom]
        for nom, groupe in groupes_de(OffreOperationnelle, section).items():
            if not groupe.visible_si:
                exemple = {**publiees, nom: [{"cle": "1", **{s: [] for s in groupes_de(groupe.classe)}}]}
                prise = copie.reprendre(exemple, neuves, acces, place.eg, avec_contacts=True)
                assert len(prise.valeurs[section][nom]) == 1
                assert groupe.unique or prise.valeurs[section][nom][0]["cle"].startswith("n")


def test_nothing_of_a_copy_is_published_before_valider(session: Session, place: Any, uf: Any, source: Any) -> None:
    neuve = copiee(session, place, une_copie(source, uf)).principale
    objet = neuve.objet
    assert (objet.version, objet.date_validation, objet.validateur, objet.commentaire) == (1, None, "", "")
    assert objet.identifiant_offre != source.identifiant_offre
    assert session.exec(select(OffreLieu).where(OffreLieu.offre_operationnelle_id == objet.id)).all() == []
    assert set(neuve.brouillons) >= {"accueil", "patientele", "specificites", "adresse", "commentaire"}
    assert "contacts" not in neuve.brouillons
    assert neuve.publiees["activite_operationnelle"] == []


def test_a_copy_with_contacts_validates_at_once_and_shares_its_lieux(
    session: Session, place: Any, uf: Any, source: Any
) -> None:
    ouvert = copiee(session, place, une_copie(source, uf, contacts="oui"))
    (lieu,) = ouvert.lieux
    assert ouvert.usages[lieu] == 1
    cible = ouvert.cible
    vu = validation.preparer(session, place.claire, cible).vu
    assert validation.valider(session, place.claire, une_validation(ouvert.principale.objet, vu)) == []
    session.flush()
    partages = session.exec(select(OffreLieu.lieu_realisation_offre_id)).all()
    assert len(partages) - len(set(partages)) == 1
    publiees = contenu.lire(session, OffreOperationnelle, [ouvert.principale.objet, source])
    nouvelle, ancienne = publiees[ouvert.principale.objet.id], publiees[source.id]
    assert contenu_de(nouvelle, "contacts") == contenu_de(ancienne, "contacts")
    assert nouvelle["contact"][0]["cle"] != ancienne["contact"][0]["cle"]
    assert len(ancienne["contact"]) == 1


def test_brouillons_and_closing_are_not_copied(session: Session, place: Any, uf: Any, source: Any) -> None:
    source.type_fermeture, source.date_fermeture = "1", source.date_creation
    garder(session, source)
    enregistrer(session, place.claire, source, "commentaire", commentaire="Pas encore relu.")
    session.flush()
    neuve = copiee(session, place, une_copie(source, uf)).principale
    assert neuve.valeurs["commentaire"] == "Sonner à l’entrée B."
    assert not neuve.valeurs.get("type_fermeture")
    ecran = ecran_de_copie.ouvrir_copie(session, place.claire, source.identifiant_offre)
    assert any("Commentaire" in phrase and "pas encore validé" in phrase for phrase in ecran.laisses)
    assert "Sa fermeture." in ecran.laisses


def test_another_mode_or_champ_leaves_what_has_no_place_there(
    session: Session, place: Any, uf: Any, source: Any
) -> None:
    source.niveau_expertise, source.secteur_psychiatrique = ["x:1"], ""
    source.champ_activite, source.secteur_psychiatrique = "03", "81G01"
    garder(session, source)
    neuve = copiee(session, place, une_copie(source, uf, champ_activite="01", mode_prise_en_charge="29"))
    assert (neuve.principale.objet.champ_activite, neuve.principale.objet.mode_prise_en_charge) == ("01", "29")
    assert not neuve.principale.valeurs.get("secteur_psychiatrique")
    dites = ecran_de_copie.changements_de_contexte(
        session, place.claire, source.identifiant_offre, "structure", uf.identifiant_oi, {"champ_activite": "01"}
    )
    assert any("Champ d’activité change" in phrase for phrase in dites)
    assert any("Secteur psychiatrique" in phrase for phrase in dites)


def test_a_copy_in_another_etablissement_takes_no_lieu(session: Session, place: Any, monde: Any, source: Any) -> None:
    ailleurs = monde.eg("CH GAILLAC", region_source="76")
    monde.habiliter(place.claire, ailleurs)
    la_bas = monde.oi(ailleurs, "UF", "3")
    ouvert = copiee(session, place, une_copie(source, la_bas))
    assert (ouvert.lieux, ouvert.etablissement.id) == ({}, ailleurs.id)
    dites = ecran_de_copie.changements_de_contexte(
        session, place.claire, source.identifiant_offre, "structure", la_bas.identifiant_oi, {}
    )
    assert any("autre établissement" in phrase for phrase in dites)


def test_the_proposed_name_is_kept_only_by_who_says_so(session: Session, place: Any, uf: Any, source: Any) -> None:
    nom = copie.nom_propose(source.nom_offre)
    assert nom == "Copie de Gynécologie, hospitalisation complète"
    assert copie.nom_propose(nom) == nom
    identifiant, erreurs = copie.copier(session, place.claire, une_copie(source, uf, nom_offre=nom))
    assert (identifiant, list(erreurs)) == ("", ["homonyme"])
    assert copie.copier(session, place.claire, une_copie(source, uf, nom_offre=nom, homonyme=nom))[0]


def test_frozen_answers_follow_the_rules_of_a_creation(session: Session, place: Any, uf: Any, source: Any) -> None:
    demande = une_copie(source, uf, champ_activite="04", mode_prise_en_charge="")
    assert set(copie.copier(session, place.claire, demande)[1]) == {"champ_activite", "mode_prise_en_charge"}
    assert len(session.exec(select(OffreOperationnelle)).all()) == 2


def test_one_gesture_copies_once_and_tells_from_what(session: Session, place: Any, uf: Any, source: Any) -> None:
    demande = une_copie(source, uf)
    premier = copie.copier(session, place.claire, demande)
    session.flush()
    assert copie.copier(session, place.claire, demande) == premier
    creation = session.exec(select(Trace).where(Trace.cle == str(demande.cle))).one()
    assert (creation.action, creation.resultat["copie_de"]) == (Action.CREATION, source.identifiant_offre)
    brouillons = session.exec(select(Brouillon).where(col(Brouillon.objet).endswith(premier[0]))).all()
    traces = session.exec(select(Trace).where(Trace.action == Action.BROUILLON)).all()
    assert sorted(t.section for t in traces) == sorted(b.section for b in brouillons)
    with pytest.raises(SaisieInvalide):
        copie.copier(session, place.claire, une_copie(place.offre, uf, demande.cle))


@pytest.mark.parametrize(
    ("role", "permis"), [(Role.LECTEUR, False), (Role.RESPONSABLE_OFFRE, True), (Role.REFERENT, True), (None, False)]
)
def test_who_may_duplicate(
    session: Session, place: Any, monde: Any, uf: Any, source: Any, role: Role | None, permis: bool
) -> None:
    acteur = monde.acteur("Louise")
    if role:
        monde.habiliter(acteur, place.eg, role)
    if permis:
        assert copie.copier(session, acteur, une_copie(source, uf))[0]
        assert ecran_de_copie.ouvrir_copie(session, acteur, source.identifiant_offre).options["vers"]
        return
    with pytest.raises(AccesRefuse):
        copie.copier(session, acteur, une_copie(source, uf))
    with pytest.raises(AccesRefuse):
        ecran_de_copie.ouvrir_copie(session, acteur, source.identifiant_offre)


def test_an_offre_one_may_not_read_is_not_copied_into_ones_own_uf(
    session: Session, place: Any, monde: Any, source: Any
) -> None:
    voisin, mienne = monde.acteur("Paul"), monde.eg("CH GAILLAC", region_source="76")
    monde.habiliter(voisin, mienne)
    with pytest.raises(AccesRefuse):
        copie.copier(session, voisin, une_copie(source, monde.oi(mienne, "UF", "3")))
    with pytest.raises(AccesRefuse):
        ecran_de_copie.changements_de_contexte(session, voisin, source.identifiant_offre, "structure", "x", {})


def test_the_page_says_what_is_taken_and_offers_ones_own_uf_first(
    session: Session, place: Any, monde: Any, uf: Any, source: Any
) -> None:
    ailleurs = monde.eg("AAA", region_source="76")
    monde.habiliter(place.claire, ailleurs, Role.RESPONSABLE_OFFRE)
    monde.oi(ailleurs, "UF Ailleurs", "3")
    lue = monde.eg("BBB")
    monde.habiliter(place.claire, lue, Role.LECTEUR)
    monde.oi(lue, "UF Interdite", "3")
    ecran = ecran_de_copie.ouvrir_copie(session, place.claire, source.identifiant_offre)
    assert [c.libelle for c in ecran.options["vers"]] == ["UF Gynécologie (CH ALBI)", "UF Ailleurs (AAA)"]
    assert ecran.valeurs["vers"] == f"structure:{uf.identifiant_oi}"
    assert any("Le même lieu" in phrase and "sert 1 offre" in phrase for phrase in ecran.repris)
    assert "Patientèle" in ecran.repris
    assert any(phrase.startswith("Contacts") for phrase in ecran.laisses)


def test_in_medico_social_a_copy_hangs_under_an_etablissement(session: Session, place: Any, monde: Any) -> None:
    ehpads = [monde.eg(f"EHPAD {n}", categorie_eg="500", region_source="76") for n in range(2)]
    for ehpad in ehpads:
        monde.habiliter(place.claire, ehpad)
    source = une_offre_complete(session, ehpads[0], champ_activite="04", mode_prise_en_charge="46")
    ecran = ecran_de_copie.ouvrir_copie(session, place.claire, source.identifiant_offre)
    assert [c.libelle for c in ecran.options["vers"]] == ["EHPAD 0", "EHPAD 1"]
    ouvert = copiee(session, place, une_copie(source, ehpads[1]))
    assert ouvert.principale.objet.entite_geographique_id == ehpads[1].id


@pytest.mark.parametrize("forgee", [{"source": "x" * 61}, {"saisie": {"a": "x" * 1001}}, {"autre": "x"}, {"cle": "x"}])
def test_a_copy_that_no_page_sends_is_refused_at_the_door(source: Any, uf: Any, forgee: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Copie.model_validate(une_copie(source, uf).model_dump() | forgee)


def test_what_belongs_to_one_object_is_declared() -> None:
    champs = champs_de(OffreOperationnelle)
    assert {n for n, c in champs.items() if c.propre} == {"nom_offre"}
    fermeture = ("type_fermeture", "date_fermeture", "date_previsionnelle_reouverture")
    assert not any(copie.est_copiable(champs[n]) for n in fermeture)
    assert {n for n, g in groupes_de(OffreOperationnelle).items() if g.joindre} == {
        "contact",
        "boite_lettre_mss",
        "lien_teleconsultation",
        "canal_teleexpertise",
    }
    assert not any(copie.est_copiable(c) for c in champs.values() if c.edition is not Edition.LIBRE)


@pytest.mark.parametrize(("mode", "modele"), [("28", "MS-141|1"), ("29", "")])
def test_the_modele_de_saisie_stays_with_the_same_frozen_answers(
    session: Session, place: Any, uf: Any, source: Any, mode: str, modele: str
) -> None:
    source.modele_saisie = "MS-141|1"
    garder(session, source)
    neuve = copiee(session, place, une_copie(source, uf, mode_prise_en_charge=mode))
    assert neuve.principale.objet.modele_saisie == modele


def test_a_closed_uf_takes_no_copy(session: Session, place: Any, monde: Any, uf: Any, source: Any) -> None:
    close = monde.oi(place.eg, "UF Fermée", "3")
    close.type_fermeture, close.date_fermeture = "DEF", date(2020, 1, 1)
    garder(session, close)
    ecran = ecran_de_copie.ouvrir_copie(session, place.claire, source.identifiant_offre)
    assert [c.libelle for c in ecran.options["vers"]] == ["UF Gynécologie (CH ALBI)"]
    with pytest.raises(ParentFerme):
        copie.copier(session, place.claire, une_copie(source, close))
