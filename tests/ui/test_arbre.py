"""The page of the whole tree: what its address opens, what is read when it is asked for, how long a message may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reflex_base.utils.format import json_dumps
from sqlalchemy import event
from sqlmodel import select

from rxror import db
from rxror.ror.erreurs import AccesRefuse, NonConnecte, SaisieInvalide
from rxror.ror.objets import EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.parcours import titre
from rxror.tables import Habilitation
from rxror.ui.pages.arbre import ArbreState

PAGE = "/etablissement/810000505/arbre"
OCTETS = 60_000  # a hundred offers with their state, and the nodes above


@contextmanager
def requetes() -> Iterator[list[str]]:
    """Statements sent meanwhile."""
    envoyees: list[str] = []

    def noter(*arguments: Any) -> None:
        envoyees.append(arguments[2])

    moteur = db.engine(db.Usage.LECTURE)
    event.listen(moteur, "before_cursor_execute", noter)
    yield envoyees
    event.remove(moteur, "before_cursor_execute", noter)


def un_grand_hopital() -> None:
    """CH ALBI with 300 offers more: 6 pôles of 5 UF of 10 offers, and 120 lieux."""
    with db.transaction() as session:
        eg = session.exec(select(EntiteGeographique).where(EntiteGeographique.num_finess == "810000505")).one()
        maintenant = datetime.now(UTC)
        for p in range(6):
            pole = OrganisationInterne(
                entite_geographique_id=eg.id, identifiant_oi=f"G{p}", type_oi="1", nom_oi=f"Pôle de spécialités {p}"
            )
            session.add(pole)
            session.flush()
            for u in range(5):
                uf = OrganisationInterne(
                    entite_geographique_id=eg.id,
                    parent_id=pole.id,
                    identifiant_oi=f"G{p}-{u}",
                    type_oi="3",
                    nom_oi=f"Unité fonctionnelle {p}, {u}",
                )
                session.add(uf)
                session.flush()
                for o in range(10):
                    session.add(
                        OffreOperationnelle(
                            entite_geographique_id=eg.id,
                            organisation_interne_id=uf.id,
                            identifiant_offre=f"76/{p}{u}{o}",
                            nom_offre=f"Hospitalisation complète de spécialité {p}, {u}, {o}",
                            date_validation=maintenant - timedelta(days=o * 50),
                        )
                    )
        for rang in range(120):
            session.add(LieuRealisationOffre(entite_geographique_id=eg.id, identifiant=f"L{rang}", nom=f"Lieu {rang}"))


def message(etat: Any) -> dict[str, Any]:
    """What the browser is sent."""
    delta = etat.get_delta()
    etat._clean()
    return {"octets": len(json_dumps(delta).encode()), "delta": delta}


def test_the_page_opens_folded_and_reads_a_branch_once(ouvrir):
    etat = ouvrir(ArbreState, PAGE)
    etat.charger()
    assert (etat.titre_page, etat.branches) == (titre("Tout l’établissement", "CH ALBI"), {})
    assert [n.nom for n in etat.vue.noeuds] == ["Pôle"]
    etat.deplier("P1")
    assert [f["nom"] for f in etat.branches["P1"].enfants[0].offres] == ["Gynécologie"]
    with db.transaction() as session:
        session.delete(session.get(Habilitation, 1))
    etat.deplier("P1")
    for autre in ("U1", "directes:810000505", "fermees:810000505"):
        with pytest.raises(AccesRefuse):
            etat.deplier(autre)


@pytest.mark.parametrize(
    ("adresse", "ouvert"),
    [
        (f"{PAGE}?ouverts=P1", True),
        (f"{PAGE}#76/1", True),
        (f"{PAGE}#U1", True),
        (f"{PAGE}?q=gyneco&etat=jamais", True),
        (f"{PAGE}?etat=a_jour", False),
        (f"{PAGE}?etat=forgé&mois=2026-13&page=-1&deplie=oui&ouverts=%00", False),
    ],
)
def test_an_address_gives_the_tree_again(ouvrir, adresse, ouvert):
    etat = ouvrir(ArbreState, adresse)
    etat.charger()
    assert ("P1" in etat.branches) == ouvert


def test_a_search_is_an_address_that_keeps_the_filter_and_finds_lieux(ouvrir):
    un_grand_hopital()
    etat = ouvrir(ArbreState, f"{PAGE}?etat=en_retard&page=2")
    assert f"{PAGE}?q=pole&etat=en_retard" in str(etat.chercher({"q": " pole "}))
    for forgee in (None, [], {"q": 3}):
        with pytest.raises(SaisieInvalide):
            etat.chercher(forgee)
    etat = ouvrir(ArbreState, f"{PAGE}?q=lieu 7")
    etat.charger()
    assert etat.lieux.resume == "11 lieux"
    etat = ouvrir(ArbreState, PAGE)
    etat.charger()
    assert (etat.vue.lieux, etat.lieux.resume) == ("120 lieux", "")
    etat.ouvrir_lieux("810000505")
    assert len(etat.lieux.lignes) == 100
    with pytest.raises(AccesRefuse):
        etat.ouvrir_lieux("999999999")


def test_another_s_tree_is_not_shown(ouvrir):
    etat = ouvrir(ArbreState, "/etablissement/999999999/arbre")
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert etat.place == ""
    with pytest.raises(NonConnecte):
        ouvrir(ArbreState, PAGE, empreinte="inconnue").charger()


def test_three_hundred_offers_never_make_one_long_message(ouvrir):
    un_grand_hopital()
    etat = ouvrir(ArbreState, PAGE)
    message(etat)
    with requetes() as sql:
        etat.charger()
    assert len(sql) <= 12
    assert message(etat)["octets"] < OCTETS / 4
    for p in range(6):  # every branch is opened, one after the other
        with requetes() as sql:
            etat.deplier(f"G{p}")
        assert len(sql) <= 12
        assert message(etat)["octets"] < OCTETS
        assert f"G{p}" in etat.branches
        assert sum(n.lignes for n in etat.branches.values()) <= 110
    deplie = ouvrir(ArbreState, f"{PAGE}?deplie=1")
    with requetes() as sql:
        deplie.charger()
    assert len(sql) <= 12
    assert deplie.vue.pages == 4
    assert 20_000 < message(deplie)["octets"] < OCTETS
