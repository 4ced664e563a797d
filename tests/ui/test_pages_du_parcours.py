import re

import pytest

from rxror import db
from rxror.ror.erreurs import AccesRefuse, NonConnecte
from rxror.ror.parcours import titre
from rxror.tables import Habilitation, RepereSae
from rxror.ui.pages.accueil import AccueilState
from rxror.ui.pages.etablissement import EtablissementState, etablissement_page
from rxror.ui.pages.etablissements import EtablissementsState, _adresse, _demande
from rxror.ui.pages.structure import StructureState


def test_accueil_loads_what_remains(ouvrir):
    etat = ouvrir(AccueilState)
    etat.charger()
    assert etat.vue.total == 2
    assert etat.vue.url_prochaine == "/offre/76/1"


def test_etablissements_reads_its_address_and_puts_the_words_back_in_the_field(ouvrir):
    etat = ouvrir(EtablissementsState, "/etablissements?q=Ehpad&etat=en_retard&page=1")
    evenements = etat.charger()
    assert (etat.recherche, etat.filtre, etat.charge) == ("Ehpad", "en_retard", True)
    assert [ligne.nom for ligne in etat.vue.lignes] == ["EHPAD LA RENAUDIE"]
    assert "set_value" in str(evenements)


def test_etablissements_opens_the_only_one(ouvrir):
    with db.transaction() as session:
        session.delete(session.get(Habilitation, 1))
    etat = ouvrir(EtablissementsState, "/etablissements")
    assert "/etablissement/810003418" in str(etat.charger())
    assert etat.charge is False


@pytest.mark.parametrize(
    ("parametres", "demande"),
    [
        ({}, ("", "", 1)),
        ({"q": "x" * 200, "etat": "forgé", "page": "-3"}, ("x" * 100, "", 1)),
        ({"page": "12"}, ("", "", 12)),
        ({"page": "9" * 40}, ("", "", 1)),
        ({"page": "²"}, ("", "", 1)),
    ],
)
def test_an_address_is_read_with_suspicion(parametres, demande):
    assert _demande(parametres) == demande


def test_each_gesture_of_the_list_is_an_address(ouvrir):
    assert _adresse("") == "/etablissements"
    assert _adresse(" ch albi ", "en_retard", 2) == "/etablissements?q=ch+albi&etat=en_retard&page=2"
    assert _adresse("", "javascript:", 1) == "/etablissements"
    etat = ouvrir(EtablissementsState, "/etablissements")
    assert "/etablissements?q=albi" in str(etat.chercher({"q": "albi"}))
    assert "etat=a_jour" in str(etat.filtrer("a_jour"))
    assert "page=2" in str(etat.tourner(1))


def test_etablissement_names_its_step(ouvrir):
    etat = ouvrir(EtablissementState, "/etablissement/810000505")
    etat.charger()
    assert etat.titre_page == titre("Je retrouve mon établissement", "CH ALBI")
    assert etat.vue.url_arbre == "/etablissement/810000505/arbre"


def test_etablissement_holds_its_figures_of_the_sae_folded(ouvrir):
    with db.transaction() as session:
        session.add(
            RepereSae(
                finess="810000505", rubrique="medecine_lits", nombre=159, annee=2023, fichier_source="MCO_2023r.csv"
            )
        )
    etat = ouvrir(EtablissementState, "/etablissement/810000505")
    etat.charger()
    assert [(c.label, c.lits) for c in etat.vue.reperes.capacites] == [("Médecine", "159")]
    html = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), str(etablissement_page()))
    bloc = html[html.index('"details"', html.index('"Identification (FINESS)"')) :]
    for dit in ("Repères SAE ", "chiffres au 31 décembre ", "Licence Ouverte", "se modifient sur chaque lieu"):
        assert dit in bloc
    assert "open:" not in bloc[: bloc.index("Licence Ouverte")]


def test_etablissement_medico_social_is_already_step_four(ouvrir):
    etat = ouvrir(EtablissementState, "/etablissement/810003418")
    etat.charger()
    assert etat.titre_page == titre("J’accède à mon offre", "EHPAD LA RENAUDIE")


def test_structure_names_its_step(ouvrir):
    for identifiant, etape in (("P1", "J’accède à l’unité fonctionnelle (UF)"), ("U1", "J’accède à mon offre")):
        etat = ouvrir(StructureState, f"/structure/{identifiant}")
        etat.charger()
        assert etat.titre_page == titre(etape, etat.vue.nom, "CH ALBI")


@pytest.mark.parametrize(
    ("classe", "adresse"),
    [
        (EtablissementState, "/etablissement/000000000"),
        (EtablissementState, "/etablissement/"),
        (StructureState, "/structure/..%2Fx"),
        (StructureState, "/structure/"),
    ],
)
def test_a_refusal_leaves_no_name_in_the_title_and_shows_nothing(ouvrir, classe, adresse):
    etat = ouvrir(classe, adresse)
    etat.titre_page = "Secret"
    with pytest.raises(AccesRefuse):
        etat.charger()
    assert etat.titre_page != "Secret"
    assert etat.place == ""


@pytest.mark.parametrize("classe", [AccueilState, EtablissementsState, EtablissementState, StructureState])
def test_no_page_loads_without_session(ouvrir, classe):
    with pytest.raises(NonConnecte):
        ouvrir(classe, "/etablissement/810000505", empreinte="inconnue").charger()
