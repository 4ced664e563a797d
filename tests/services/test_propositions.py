"""What a field proposes: what I chose lately, what is usual, what the text finds."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from rxror.ror.champs import Champ, Contexte, TypeChamp, champs_de
from rxror.ror.objets import ActiviteOperationnelle, EquipementSpecifique, OffreOperationnelle
from rxror.services import habitudes
from rxror.services.nomenclatures import PROPOSITIONS_MAXIMUM, Proposition, proposer
from rxror.services.tracer import tracer
from rxror.tables import Action, Habilitation
from tests.fabriques import enregistrer, garder

ACTES, ACTIVITE = "acte_specifique", "activite_operationnelle.activite_operationnelle"
CHAMP_ACTES = champs_de(OffreOperationnelle)[ACTES]
CHAMP_ACTIVITE = champs_de(ActiviteOperationnelle)["activite_operationnelle"]
MCO = Contexte({"champ_activite": "01", "type_offre": "156"})


@pytest.fixture(autouse=True)
def _sans_memoire() -> Any:
    habitudes.oublier()
    yield
    habitudes.oublier()


@pytest.fixture
def demander(session: Session, place: SimpleNamespace) -> Any:
    def _demander(
        texte: str = "",
        champ: Champ = CHAMP_ACTES,
        nom: str = ACTES,
        contexte: Contexte = MCO,
        qui: Any = None,
        **autres: Any,
    ) -> list[Proposition]:
        return proposer(session, qui or place.claire, champ, nom, texte, contexte, **autres)

    return _demander


def cles(propositions: list[Proposition]) -> list[str]:
    return [p.cle for p in propositions]


def par_groupe(propositions: list[Proposition]) -> dict[str, list[str]]:
    groupes: dict[str, list[str]] = {}
    for p in propositions:
        groupes.setdefault(p.groupe, []).append(p.cle)
    return groupes


def test_proposer_finds_a_code_whatever_the_accents_and_the_order(demander: Any) -> None:
    for texte in ("gériatrique éval stand", "STANDARDISEE evaluation", "0204"):
        assert cles(demander(texte))[0] == "0204"
    assert demander("evaluation geriatrqiue standardisée")[0].cle == "0204"


def test_proposer_never_gives_more_than_its_limit(demander: Any) -> None:
    assert len(demander("e")) == 30
    assert len(demander("e", limite=7)) == 7
    assert len(demander("e", limite=5000)) == PROPOSITIONS_MAXIMUM
    assert len(demander("e", limite=-4)) == 1


def test_proposer_leaves_out_codes_no_longer_in_force(demander: Any) -> None:
    champ = champs_de(OffreOperationnelle)["modalite_accueil"]
    proposes = cles(demander("", champ, "modalite_accueil"))
    assert len(proposes) == 25
    assert "27" not in proposes
    assert demander("27", champ, "modalite_accueil") == []


def test_proposer_respects_the_codes_of_the_field(demander: Any) -> None:
    champ = Champ("Acte", type=TypeChamp.RECHERCHE, jdv="J16", codes=("0204", "0032"))
    assert cles(demander("", champ)) == ["0032", "0204"]
    assert demander("irm", champ) == []


def test_proposer_field_without_list_or_of_an_unknown_list_proposes_nothing(demander: Any) -> None:
    assert demander("a", Champ("Nom")) == []
    assert demander("a", Champ("Nom", type=TypeChamp.RECHERCHE, jdv="J999")) == []


def test_proposer_keeps_the_groups_of_the_list_together_the_best_group_first(demander: Any) -> None:
    champ = champs_de(OffreOperationnelle)["profession_ressource"]
    groupes = [p.groupe for p in demander("infirmier", champ, "profession_ressource")]
    assert groupes[0] == "Profession de santé"
    assert len(set(groupes)) == sum(a != b for a, b in zip(groupes, ["", *groupes], strict=False))


def test_proposer_short_list_is_shown_whole(demander: Any) -> None:
    champ = champs_de(OffreOperationnelle)["type_fermeture"]
    assert {p.libelle for p in demander("", champ, "type_fermeture")} == {"Provisoire", "Définitive"}


# ------------------------------------------------------------------------------ mine


def choisir(session: Session, qui: Any, offre: Any, *codes: str) -> None:
    """Add these codes to the offer's brouillon, as the form does."""
    assert not enregistrer(session, qui, offre, "specificites", **{f"{ACTES}.{c}": "oui" for c in codes}).erreurs


def test_recents_come_first_the_latest_first(session: Session, place: SimpleNamespace, demander: Any) -> None:
    choisir(session, place.claire, place.offre, "0204")
    choisir(session, place.claire, place.offre, "0032")
    assert par_groupe(demander())["Récemment utilisés"] == ["0032", "0204"]
    assert demander("bilan chute")[0] == Proposition("0032", "Bilan de chute", "", "Récemment utilisé")


def test_recents_come_first_among_codes_found_as_well(session: Session, place: SimpleNamespace, demander: Any) -> None:
    sans = cles(demander("irm"))
    choisir(session, place.claire, place.offre, sans[-1])
    avec = [c for c in cles(demander("irm")) if c in sans]
    assert avec.index(sans[-1]) < len(sans) - 1


def test_recents_are_mine_only(session: Session, place: SimpleNamespace, demander: Any) -> None:
    choisir(session, place.mireille, place.offre, "0204")
    assert "Récemment utilisés" not in par_groupe(demander())


def test_recents_of_the_part_of_an_object_are_found_by_path(
    session: Session, place: SimpleNamespace, demander: Any
) -> None:
    enregistrer(
        session,
        place.claire,
        place.offre,
        "specificites",
        **{"activite_operationnelle.n1": "1", "activite_operationnelle.n1.activite_operationnelle": "050"},
    )
    for nom in (ACTIVITE, "activite_operationnelle.n1.activite_operationnelle", "activite_operationnelle"):
        assert par_groupe(demander("", CHAMP_ACTIVITE, nom))["Récemment utilisés"] == ["050"]


@pytest.mark.parametrize("fin", [date(2020, 1, 1), None])
def test_recents_of_an_etablissement_one_may_no_longer_read_are_left_out(
    session: Session, place: SimpleNamespace, demander: Any, fin: date | None
) -> None:
    choisir(session, place.claire, place.offre, "0204")
    habilitation = session.exec(select(Habilitation).where(col(Habilitation.utilisateur_id) == place.claire.id)).one()
    if fin:
        habilitation.fin = fin
    else:
        session.delete(habilitation)
    session.flush()
    assert "Récemment utilisés" not in par_groupe(demander())


def test_recents_forget_codes_out_of_force_and_what_a_change_only_kept(
    session: Session, place: SimpleNamespace, demander: Any
) -> None:
    tracer(
        session,
        place.claire,
        Action.BROUILLON,
        place.eg.num_finess,
        f"offre:{place.offre.identifiant_offre}",
        changements=[
            {"champ": "modalite_accueil", "avant": ["03"], "apres": ["03", "27", "06"]},
            {"champ": ACTES, "avant": None, "apres": "pas une liste"},
            {"champ": ACTES, "avant": None, "apres": [None, 3, {"x": [[]]}]},
        ],
    )
    session.flush()
    champ = champs_de(OffreOperationnelle)["modalite_accueil"]
    assert par_groupe(demander("", champ, "modalite_accueil"))["Récemment utilisés"] == ["06"]
    assert "Récemment utilisés" not in par_groupe(demander())


# -------------------------------------------------------------------------- everybody's


def publiee(monde: Any, eg: Any, *actes: str, **autres: Any) -> OffreOperationnelle:
    valeurs = {"champ_activite": "01", "type_offre": "156"} | autres
    return monde.offre(eg, acte_specifique=list(actes), **valeurs)


def test_usuels_are_those_of_the_same_type_d_offre_the_most_frequent_first(monde: Any, demander: Any) -> None:
    ailleurs = monde.eg("CH CASTRES")
    publiee(monde, ailleurs, "0032", "0204")
    publiee(monde, ailleurs, "0204", "0172")
    publiee(monde, ailleurs, "1018", type_offre="157")
    publiee(monde, ailleurs, "1019", champ_activite="02")
    assert par_groupe(demander()) == {"Usuels pour ce type d’offre": ["0204", "0032", "0172"]}
    assert demander("bilan de chute")[0].precision == "Usuel"


def test_usuels_of_the_champ_d_activite_complete_a_type_too_rare(monde: Any, demander: Any) -> None:
    ailleurs = monde.eg("CH CASTRES")
    publiee(monde, ailleurs, "0032")
    publiee(monde, ailleurs, "0204", type_offre="157")
    publiee(monde, ailleurs, "0172", champ_activite="02")
    assert par_groupe(demander()) == {"Usuels pour ce champ d’activité": ["0032", "0204"]}


def test_usuels_leave_out_what_is_not_published_and_unites_sensibles(monde: Any, demander: Any) -> None:
    ailleurs = monde.eg("CH CASTRES")
    publiee(monde, ailleurs, "0032", jours=None)
    publiee(monde, ailleurs, "0204", unite_sensible=True)
    assert demander() == []


def test_usuels_do_not_repeat_what_is_recent(
    session: Session, monde: Any, place: SimpleNamespace, demander: Any
) -> None:
    publiee(monde, monde.eg("CH CASTRES"), "0204", "0032", "0172")
    choisir(session, place.claire, place.offre, "0204")
    assert par_groupe(demander()) == {
        "Récemment utilisés": ["0204"],
        "Usuels pour ce type d’offre": ["0032", "0172"],
    }


def test_usuels_of_a_lieu_are_those_most_chosen(
    session: Session, monde: Any, place: SimpleNamespace, demander: Any
) -> None:
    lieu = monde.lieu(place.eg)
    nom, champ = next((n, c) for n, c in champs_de(EquipementSpecifique).items() if c.jdv == "J18")
    code = cles(demander("irm", champ, nom))[0]
    garder(session, EquipementSpecifique(lieu_realisation_offre_id=lieu.id, **{nom: code}))
    habitudes.oublier()
    proposes = demander("", champ, f"equipement_specifique.{nom}", Contexte())
    assert par_groupe(proposes) == {"Les plus choisis": [code]}


def test_proposer_costs_two_queries_then_one(compter: Any, demander: Any) -> None:
    demander()
    habitudes.oublier()
    with compter() as premiere:
        demander()
    with compter() as suivante:
        demander("irm")
    assert (len(premiere), len(suivante)) == (2, 1)
