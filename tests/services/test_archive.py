"""What is closed for good: read everywhere, found apart, due to nobody, changed by nothing before reopening."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import ObjetFerme, ParentFerme
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE
from rxror.services import consultation, creation, creation_structure, ensemble, fiche, modification, validation
from rxror.services.acces import Cible
from rxror.services.creation import Creation
from rxror.tables import Brouillon, Role
from tests.fabriques import saisie_de, un_enregistrement, une_offre_complete, une_validation

JOUR = aujourd_hui()


def fermer(session: Session, objet: Any, type_: str = DEFINITIVE, jours: int = 0) -> None:
    objet.type_fermeture, objet.date_fermeture = type_, JOUR + timedelta(days=jours)
    session.flush()


@pytest.fixture
def uf(session: Session, monde: Any, place: Any) -> SimpleNamespace:
    """A UF with two offers under a pôle; Samir answers for offers, Claire is référente."""
    pole = monde.oi(place.eg, "Pôle femme")
    uf = monde.oi(place.eg, "UF Gynécologie", "3", pole)
    offre = une_offre_complete(session, place.eg, uf, nom_offre="Consultations")
    voisine = une_offre_complete(session, place.eg, uf, nom_offre="Hospitalisation")
    samir = monde.acteur("Samir Costes")
    monde.habiliter(samir, place.eg, Role.RESPONSABLE_OFFRE)
    return SimpleNamespace(
        eg=place.eg, pole=pole, uf=uf, offre=offre, voisine=voisine, claire=place.claire, samir=samir
    )


def cible(objet: Any) -> Cible:
    return Cible(objet.GENRE, getattr(objet, "identifiant_offre", None) or objet.identifiant_oi)


@pytest.mark.parametrize(
    ("type_", "jours", "refus"), [(DEFINITIVE, 0, True), (DEFINITIVE, 1, False), (PROVISOIRE, 0, False)]
)
def test_an_archived_offre_refuses_every_change(type_: str, jours: int, refus: bool, session: Session, uf: Any) -> None:
    saisie, base = saisie_de(session, uf.claire, uf.offre, "informations_generales", nom_offre="Autre")
    vu = validation.preparer(session, uf.claire, cible(uf.offre)).vu
    demande = un_enregistrement(uf.offre, "informations_generales", saisie, base)
    fermer(session, uf.offre, type_, jours)
    gestes = (
        lambda: modification.ouvrir(session, uf.claire, cible(uf.offre), "contacts"),
        lambda: modification.enregistrer(session, uf.claire, demande),
        lambda: modification.abandonner(session, uf.claire, cible(uf.offre), "contacts", ""),
        lambda: validation.preparer(session, uf.claire, cible(uf.offre)),
    )
    for geste in gestes:
        if refus:
            with pytest.raises(ObjetFerme):
                geste()
        else:
            geste()
    if refus:
        with pytest.raises(ObjetFerme):
            validation.valider(session, uf.claire, une_validation(uf.offre, vu))
        assert session.exec(select(Brouillon)).all() == []


def test_an_archived_offre_is_read_with_its_closing_and_nothing_to_change(session: Session, uf: Any) -> None:
    fermer(session, uf.offre)
    lue = fiche.lire_offre(session, uf.claire, cible(uf.offre))
    assert lue.etat == "Fermée définitivement"
    assert lue.fermeture.archive
    assert not lue.modifiable
    assert {s["modifier"] for s in lue.sections} == {""}
    (section,) = [s for s in lue.sections if s["cle"] == "fermeture"]
    assert [g["nom"] for g in section["gestes"]] == ["Rouvrir…"]


@pytest.mark.parametrize(
    ("type_", "jours", "gestes"),
    [
        (None, 0, ["Fermer…"]),
        (PROVISOIRE, 0, ["Rouvrir…", "Changer la fermeture…"]),
        (DEFINITIVE, 9, ["Annuler la fermeture…", "Changer la fermeture…"]),
    ],
)
def test_a_living_offre_says_its_closing_and_what_one_may_do(
    type_: str | None, jours: int, gestes: list[str], session: Session, uf: Any
) -> None:
    if type_:
        fermer(session, uf.offre, type_, jours)
    lue = fiche.lire_offre(session, uf.samir, cible(uf.offre))
    (section,) = [s for s in lue.sections if s["cle"] == "fermeture"]
    assert [g["nom"] for g in section["gestes"]] == gestes
    structure = fiche.lire_sections(session, uf.samir, cible(uf.uf))
    assert [s["gestes"] for s in structure.sections if s["cle"] == "fermeture"] == [[]]  # only a référent


@pytest.mark.parametrize(("type_", "jours"), [(DEFINITIVE, 0), (DEFINITIVE, 30), (PROVISOIRE, 0)])
def test_nothing_is_created_below_a_closing(type_: str, jours: int, session: Session, uf: Any) -> None:
    for structure in (uf.uf, uf.pole):
        fermer(session, structure, type_, jours)
    saisie = {"nom_offre": "Neuve", "champ_activite": "01", "mode_prise_en_charge": "28"}
    demande = Creation(genre="structure", identifiant=uf.uf.identifiant_oi, cle=uuid4(), saisie=saisie)
    with pytest.raises(ParentFerme):
        creation.creer_offre(session, uf.claire, demande)
    with pytest.raises(ParentFerme):
        creation.ouvrir_offre(session, uf.claire, "structure", uf.uf.identifiant_oi)
    with pytest.raises(ParentFerme):
        creation_structure.ouvrir_structure(session, uf.claire, "structure", uf.pole.identifiant_oi)
    vue = consultation.structure(session, uf.claire, uf.uf.identifiant_oi)
    assert vue.url_creer == ""
    dessus = consultation.structure(session, uf.claire, uf.pole.identifiant_oi)
    assert (dessus.url_creer_structure, [s.url_creer for s in dessus.structures]) in [("", [""]), ("", [])]


def test_an_archived_structure_refuses_its_forms(session: Session, uf: Any) -> None:
    fermer(session, uf.uf)
    with pytest.raises(ObjetFerme):
        modification.ouvrir(session, uf.claire, cible(uf.uf), "informations_generales")
    assert fiche.lire_sections(session, uf.claire, cible(uf.uf)).url_valider == ""


def test_what_is_archived_leaves_the_counts_and_is_found_apart(session: Session, monde: Any, uf: Any) -> None:
    monde.brouillon(uf.claire, f"offre:{uf.offre.identifiant_offre}")
    avant = consultation.structure(session, uf.claire, uf.uf.identifiant_oi)
    assert (len(avant.offres), avant.fermees, avant.brouillons != "") == (2, [], True)
    assert consultation.accueil(session, uf.claire).reprise.url

    fermer(session, uf.offre)

    vue = consultation.structure(session, uf.claire, uf.uf.identifiant_oi)
    assert [o.nom for o in vue.offres] == ["Hospitalisation"]
    assert [(o.nom, o.etat.mot) for o in vue.fermees] == [("Consultations", "Fermée définitivement")]
    assert vue.brouillons == ""
    accueil = consultation.accueil(session, uf.claire)
    assert (accueil.total, accueil.reprise.url) == (2, "")


def test_an_archived_structure_leaves_the_tree_and_is_found_apart(session: Session, uf: Any) -> None:
    for objet in (uf.uf, uf.offre, uf.voisine):
        fermer(session, objet)
    pole = consultation.structure(session, uf.claire, uf.pole.identifiant_oi)
    assert (pole.structures, [x.nom for x in pole.fermees]) == ([], ["UF Gynécologie"])
    noeud = ensemble.branche(session, uf.claire, f"fermees:{uf.eg.num_finess}")
    assert (noeud.nom, [x["nom"] for x in noeud.offres]) == (
        "Fermées définitivement",
        ["UF Gynécologie", "Consultations", "Hospitalisation"],
    )
    ferme = consultation.structure(session, uf.claire, uf.uf.identifiant_oi)
    assert ferme.etat.mot == "Fermée définitivement"
    assert "UF" not in consultation.etablissement(session, uf.claire, uf.eg.num_finess).contenu
    fermer(session, uf.pole)
    eg = consultation.etablissement(session, uf.claire, uf.eg.num_finess)
    assert [(x.nom, x.etat.mot) for x in eg.fermees] == [("Pôle femme", "Fermé définitivement")]


def test_a_provisional_closing_stays_in_its_place(session: Session, uf: Any) -> None:
    fermer(session, uf.offre, PROVISOIRE)
    vue = consultation.structure(session, uf.claire, uf.uf.identifiant_oi)
    assert next(o.etat.mot for o in vue.offres) == "Fermée provisoirement"
    assert vue.fermees == []
