"""The demonstration against the code lists and the rules: only the deliberate flaws stand out."""

from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from rxror.demonstration.lire import activites, age, horaires, lire
from rxror.ror.champs import MULTIPLES, Contexte, champs_de, groupes_de
from rxror.ror.controles import Anomalie, Examen, Severite, controler
from rxror.ror.nomenclatures import Catalogue, Concept
from rxror.ror.objets import (
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.services import contenu

ABROGEE = ("J226", "12")


@pytest.fixture(scope="module")
def catalogue(demonstration: Session) -> Catalogue:
    return Catalogue(demonstration.exec(select(Concept)))


def codes_de(classe: type[SQLModel], ligne: Any) -> list[tuple[str, str]]:
    codes: list[tuple[str, str]] = []
    for nom, champ in champs_de(classe).items():
        if champ.jdv and nom in classe.model_fields:
            valeur = getattr(ligne, nom)
            codes += [(champ.jdv, c) for c in (valeur if champ.type in MULTIPLES else [valeur]) if c]
    return codes


def classes_chargees() -> set[type[SQLModel]]:
    classes: set[type[SQLModel]] = set()
    a_voir: list[type[SQLModel]] = [OrganisationInterne, LieuRealisationOffre, OffreOperationnelle]
    while a_voir:
        classe = a_voir.pop()
        classes.add(classe)
        a_voir += [g.classe for g in groupes_de(classe).values()]
    return classes


def test_every_code_is_in_force_but_the_deliberate_one(demonstration: Session, catalogue: Catalogue):
    codes = {
        code
        for classe in classes_chargees()
        for ligne in demonstration.exec(select(classe))
        for code in codes_de(classe, ligne)
    }
    assert len(codes) > 200
    assert {code for code in codes if not catalogue.actif(*code)} == {ABROGEE}


def anomalies(session: Session, catalogue: Catalogue) -> dict[str, list[Anomalie]]:
    """Anomalies of each offer and of each lieu, by identifier."""
    categories = {eg.id: eg.categorie_eg for eg in session.exec(select(EntiteGeographique))}
    lieux = session.exec(select(LieuRealisationOffre)).all()
    valeurs = contenu.lire(session, LieuRealisationOffre, lieux)
    par_identifiant = {lieu.identifiant: valeurs[lieu.id or 0] for lieu in lieux}
    trouvees = {
        cle: controler(LieuRealisationOffre, Examen(Contexte(v), catalogue, {})) for cle, v in par_identifiant.items()
    }
    offres = session.exec(select(OffreOperationnelle)).all()
    lues = contenu.lire(session, OffreOperationnelle, offres)
    for offre in offres:
        contexte = Contexte(lues[offre.id or 0], categories[offre.entite_geographique_id])
        trouvees[offre.identifiant_offre] = controler(OffreOperationnelle, Examen(contexte, catalogue, par_identifiant))
    return trouvees


def a_regarder(anomalies: list[Anomalie]) -> set[str]:
    return {a.regle for a in anomalies if a.severite is not Severite.INFORMATION}


def test_valider_is_refused_on_two_offers_only_and_alerts_are_few(demonstration: Session, catalogue: Catalogue):
    trouvees = anomalies(demonstration, catalogue)
    assert len(trouvees) == 103 + 62
    assert {cle: regles for cle, siennes in trouvees.items() if (regles := a_regarder(siennes))} == {
        "76/0000001": {"COH-17"},
        "76/0000002": {"OBL-12"},
        "76/0000046": {"COH-10"},
    }


def test_the_flaws_are_those_the_content_names():
    fautives = {o["identifiant"]: o["defaut"] for o in lire().lignes("offres") if o["defaut"]}
    assert fautives == {
        "76/0000001": "modalite_abrogee",
        "76/0000002": "contact_sans_moyen",
        "76/0000025": "jamais_validee",
        "76/0000046": "sensible_visible",
    }


def test_emergency_offers_say_so_in_their_name():
    # CO1 of the national indicators: mode 33 with activité 157 or 249.
    noms = [
        offre["nom"]
        for offre in lire().lignes("offres")
        if offre["mode"] == "33" and {"157", "249"} & {a for a, _ in activites(offre["activites"])}
    ]
    assert noms
    assert all("urgences" in nom.lower() for nom in noms)


def test_families_are_those_the_association_table_gives_the_activites(demonstration: Session):
    # A14 ties Serafin families to activités; those of TRE_R266 have no ties.
    liens = {c.cle: c.groupe for c in demonstration.exec(select(Concept).where(Concept.jdv == "A14"))}
    trouvees = [(o["champ"], *paire) for o in lire().lignes("offres") for paire in activites(o["activites"])]
    assert any(famille.startswith("TRE_R265") for _, _, famille in trouvees)
    for champ, activite, famille in trouvees:
        assert (famille != "") == (champ == "04")
        assert not famille.startswith("TRE_R265") or liens[activite] == famille


def test_notations_of_the_content_are_read():
    assert age("15a") == (15, "a")
    assert list(activites("287=TRE_R265:005 053")) == [("287", "TRE_R265:005"), ("053", "")]
    assert list(horaires("04 4-5 08:30-17:00")) == [("04", 4, "08:30", "17:00"), ("04", 5, "08:30", "17:00")]
    assert list(horaires("")) == []
    with pytest.raises(ValueError, match="15 ans"):
        age("15 ans")
