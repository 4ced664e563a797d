"""The printable sheets: the sections in the order of the screen, published values only."""

from types import SimpleNamespace

import pytest
from sqlmodel import Session

from rxror.ror.champs import sections_de
from rxror.ror.erreurs import AccesRefuse
from rxror.ror.objets import EntiteGeographique, OffreOperationnelle
from rxror.services import impression
from rxror.services.acces import Cible
from tests.fabriques import enregistrer, une_offre_complete
from tests.services.conftest import Monde
from tests.services.test_historique import publier


def titres(fiche: impression.FicheImprimee, niveau: int = 2) -> list[str]:
    return [b["titre"].replace("\xa0", " ") for b in fiche["blocs"] if b["niveau"] == niveau]


def test_sheet_of_an_offre_follows_its_sections(session: Session, place: SimpleNamespace) -> None:
    cible = Cible("offre", place.offre.identifiant_offre)
    fiche = impression.offre(session, place.claire, cible)

    ordre = [s.titre for s in sections_de(OffreOperationnelle)]
    assert titres(fiche) == [t for t in ordre if t in titres(fiche)]
    assert {"Informations générales", "Patientèle", "Adresse et lieux", "Contacts"} <= set(titres(fiche))
    (lieu,) = titres(fiche, 3)
    assert lieu == "Lieu : Gynécologie, 2e étage"
    rangs = [b["titre"] for b in fiche["blocs"]]
    assert rangs.index(lieu.replace(" :", "\xa0:")) == rangs.index("Adresse et lieux") + 1
    faits = {f["label"]: f["lignes"][0]["texte"] for b in fiche["blocs"] for f in b["faits"]}
    assert faits["Nom de l’offre"] == "Gynécologie, hospitalisation complète"
    assert "12 lits installés" in faits.values()


def test_what_is_saved_and_not_validated_is_not_printed(session: Session, place: SimpleNamespace) -> None:
    cible = Cible("offre", place.offre.identifiant_offre)
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Autre nom")
    avant = impression.offre(session, place.claire, cible)
    publier(session, place.claire, place.offre)
    apres = impression.offre(session, place.claire, cible)

    assert (avant["nom"], apres["nom"]) == ("Gynécologie, hospitalisation complète", "Autre nom")
    assert "Autre nom" not in str(avant)
    assert dict(avant["faits"])["Dernière validation"] == "jamais dans rxror"
    assert dict(apres["faits"])["Dernière validation"].endswith(", par Claire Dumas")


def test_sheet_of_an_etablissement_has_its_sections_then_its_offers(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    pole = monde.oi(place.eg, "Pôle Médecine", "1")
    uf = monde.oi(place.eg, "UF Cardiologie", "3", pole)
    une_offre_complete(session, place.eg, uf, nom_offre="Cardiologie")

    fiche = impression.etablissement(session, place.claire, Cible("etablissement", place.eg.num_finess))

    ordre = [s.titre for s in sections_de(EntiteGeographique)]
    siennes = [t for t in titres(fiche) if t in ordre]
    assert siennes == [t for t in ordre if t in siennes]
    suite = titres(fiche)[len(siennes) :]
    assert suite == [
        "Dans cet établissement",
        "Pôle Médecine",
        "Offres rattachées directement à l’établissement",
        "Lieux",
    ]
    tableau = next(b["tableau"] for b in fiche["blocs"] if b["titre"] == "UF Cardiologie")
    assert tableau
    assert [ligne[0] for ligne in tableau["lignes"]] == ["Cardiologie"]


def test_one_prints_what_one_may_read(session: Session, place: SimpleNamespace, monde: Monde) -> None:
    samir = monde.acteur("Samir Costes")
    for lire, cible in (
        (impression.offre, Cible("offre", place.offre.identifiant_offre)),
        (impression.etablissement, Cible("etablissement", place.eg.num_finess)),
        (impression.offre, Cible("offre", "76/\x00")),
    ):
        with pytest.raises(AccesRefuse):
            lire(session, samir, cible)
