"""The history of an object, its versions side by side, a version taken back, one's last save undone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from rxror.ror.champs import champs_de
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, Depasse, SaisieInvalide
from rxror.ror.fermeture import PROVISOIRE
from rxror.ror.nomenclatures import Nomenclature, VersionNomenclature
from rxror.ror.objets import CapaciteAccueilOperationnelle, LieuRealisationOffre, OffreOperationnelle
from rxror.ror.typographie import fr
from rxror.services import annulation, arbitrage, comparaison, historique, modification, nomenclatures, restauration
from rxror.services.acces import Cible, exiger
from rxror.services.annulation import Annulation
from rxror.services.arbitrage import Decision
from rxror.services.fermeture import Fermer, apercevoir, fermer
from rxror.services.historique import PAR_PAGE, Historique, Vue
from rxror.services.restauration import Reprise
from rxror.services.tracer import refuser, tracer
from rxror.services.validation import DemandeValidation, preparer, valider
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, saisie_de, un_enregistrement

NOM = "informations_generales"
DEBUT = datetime(2026, 3, 12, 9, tzinfo=UTC)


def cible(objet: Any) -> Cible:
    for nom in ("identifiant_offre", "identifiant_oi", "num_finess", "identifiant"):
        if getattr(objet, nom, None):
            return Cible(objet.GENRE, getattr(objet, nom))
    raise AssertionError


def publier(session: Session, acteur: Any, objet: Any) -> None:
    ou = cible(objet)
    vu = preparer(session, acteur, ou).vu
    assert (
        valider(session, acteur, DemandeValidation(genre=ou.genre, identifiant=ou.identifiant, vu=vu, cle=uuid4()))
        == []
    )
    session.flush()
    session.expire_all()


def nommer(session: Session, acteur: Any, objet: Any, nom: str) -> None:
    enregistrer(session, acteur, objet, NOM, **{"nom_offre" if objet.GENRE == "offre" else "nom": nom})


def dire(historique_: Historique) -> list[str]:
    return [f"{e['qui']} {e['phrase']}".replace("\u00a0", " ") for e in historique_.entrees]


def lire(session: Session, acteur: Any, objet: Any, **vue: Any) -> Historique:
    return historique.lire(session, acteur, cible(objet), Vue(**vue))


def une_ligne(objet: Any, acteur: Any, minute: float = 0, **valeurs: Any) -> Trace:
    """A line of the trace, with the hour one wants: the trace itself never changes."""
    return Trace(
        **{
            "instant": DEBUT + timedelta(minutes=minute),
            "action": Action.BROUILLON,
            "utilisateur_id": acteur.id,
            "nom": acteur.nom,
            "objet": cible(objet).cle,
            "section": NOM,
            "changements": [{"champ": "nom_offre", "avant": f"A{minute}", "apres": f"B{minute}"}],
            "resultat": {"base": {}},
            **valeurs,
        }
    )


# ----------------------------------------------------------------------------- the history


def test_the_history_tells_who_did_what_the_last_gesture_first(session: Session, place: Any) -> None:
    nommer(session, place.claire, place.offre, "Gynécologie HC")
    publier(session, place.mireille, place.offre)
    lue = lire(session, place.claire, place.offre)
    assert dire(lue) == ["Mireille Faure a validé", "Claire Dumas a enregistré Informations générales"]
    derniere, premiere = lue.entrees
    assert (derniere["version"], premiere["version"]) == ("2", "")
    (change,) = derniere["changements"]
    assert (change["champ"], change["ou"]) == ("Nom de l’offre", "Informations générales")
    assert [e["texte"] for e in change["avant"] + change["apres"]] == [
        "Gynécologie, hospitalisation complète",
        "Gynécologie HC",
    ]
    assert derniere["comparer"].endswith("/comparer?de=1&a=2")
    assert "commence le" in lue.debut


def test_values_are_read_as_on_the_page_of_the_object(session: Session, place: Any) -> None:
    contact = saisie_de(session, place.claire, place.offre, "contacts")[0]
    (chemin,) = [c for c in contact if c.endswith("adresse_telecom")]
    enregistrer(session, place.claire, place.offre, "contacts", **{chemin: "0536491299"})
    enregistrer(
        session, place.claire, place.offre, "accueil", **{"modalite_accueil.03": "", "modalite_accueil.05": "1"}
    )
    accueil, contacts = lire(session, place.claire, place.offre).entrees
    assert "05 36 49 12 99" in contacts["changements"][0]["apres"][0]["origine"].replace("\u00a0", " ")
    assert all(not e["texte"].isdecimal() for c in accueil["changements"] for e in c["avant"] + c["apres"])


def test_a_code_is_read_with_the_label_it_had(session: Session, place: Any) -> None:
    def lu() -> str:
        (entree,) = lire(session, place.claire, place.offre).entrees
        return entree["changements"][0]["apres"][0]["texte"]

    change = [{"champ": "type_offre", "avant": "", "apres": "157"}]
    session.add(une_ligne(place.offre, place.claire, section="accueil", changements=change))
    aujourd_hui_, jdv = lu(), champs_de(OffreOperationnelle)["type_offre"].jdv
    session.merge(Nomenclature(jdv=jdv, identifiant=jdv, titre="Type d’offre", version="v2", charge=DEBUT))
    session.flush()
    for jour, avant in ((1, "Son premier nom"), (2, "Son deuxième nom")):
        mouvement = {"cle": "157", "mouvement": "libelle", "avant": avant, "apres": "", "successeur": ""}
        session.add(
            VersionNomenclature(
                jdv=jdv,
                version=f"v{jour}",
                precedente="v0",
                charge=DEBUT + timedelta(days=jour),
                changements=[mouvement],
            )
        )
    assert (lu(), aujourd_hui_ != lu()) == ("Son premier nom", True)


def test_a_kept_alert_says_its_reason(session: Session, place: Any) -> None:
    change = [{"champ": "ADR-02 nom", "avant": "", "apres": "Vu avec le chef de pôle"}]
    session.add(une_ligne(place.offre, place.claire, action=Action.GARDE, section="", changements=change))
    (entree,) = lire(session, place.claire, place.offre).entrees
    assert (entree["phrase"], entree["changements"]) == ("a gardé une alerte, avec un motif", [])
    assert entree["detail"].endswith("Vu avec le chef de pôle")


def test_saves_in_a_row_of_one_person_on_one_section_are_one_entry(session: Session, place: Any) -> None:
    for minute in (0, 2, 4, 20):
        session.add(une_ligne(place.offre, place.claire, minute))
    session.add(une_ligne(place.offre, place.mireille, 21))
    session.add(une_ligne(place.offre, place.mireille, 22, section="accueil", changements=[]))
    session.flush()
    lue = lire(session, place.claire, place.offre)
    assert [(e["qui"], len(e["etapes"])) for e in lue.entrees] == [
        ("Mireille Faure", 0),
        ("Mireille Faure", 0),
        ("Claire Dumas", 0),
        ("Claire Dumas", 3),
    ]
    ensemble = lue.entrees[-1]
    assert "entre 10\u00a0h\u00a000 et 10\u00a0h\u00a004" in ensemble["quand"]
    assert ensemble["changements"][0]["avant"][0]["texte"] == "A0"
    assert ensemble["changements"][0]["apres"][0]["texte"] == "B4"
    assert ensemble["phrase"].endswith("3 fois")


def test_what_two_people_disputed_stays_readable(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, NOM)
    nommer(session, place.mireille, place.offre, "Le nom de Mireille")
    for nom in ("Le nom de", "Le nom de Claire"):
        demande = un_enregistrement(place.offre, NOM, saisie | {"nom_offre": nom}, base)
        modification.enregistrer(session, place.claire, demande)
    (mise,) = lire(session, place.claire, place.offre).entrees[0]["changements"]
    assert textes([mise], "apres") == ["Le nom de Claire"]
    assert (mise["champ"], mise["note"]) == ("Nom de l’offre", fr("Mise à part : quelqu’un avait changé la même chose"))
    assert "une réponse mise à part" in dire(lire(session, place.claire, place.offre))[0]

    (dispute,) = arbitrage.ouvrir(session, place.claire, cible(place.offre), NOM).disputes
    mienne = next(v.code for v in dispute.versions if v.sorte == "mienne")
    decision = Decision(
        genre="offre",
        identifiant=place.offre.identifiant_offre,
        section=NOM,
        cle=uuid4(),
        vu={dispute.nom: dispute.vu},
        choix={dispute.nom: mienne},
    )
    assert arbitrage.trancher(session, place.claire, decision) == {}
    change, ecartee = lire(session, place.mireille, place.offre).entrees[0]["changements"]
    assert textes([change], "apres") == ["Le nom de Claire"]
    assert textes([ecartee], "avant") == ["Le nom de Mireille"]
    assert ecartee["note"].startswith(fr("Écartée : la réponse de Mireille Faure, à "))


@pytest.mark.parametrize(
    ("champ", "cle", "valeur", "illisible", "dit"),
    [
        ("modalite_accueil", "03", None, "", "En présentiel"),
        ("modalite_accueil", "03", "03", "", "En présentiel"),
        ("patientele", "age_min", 12, "", "12"),
        ("patientele", "age_min", None, "dix", "«\u00a0dix\u00a0»"),
        ("contact", "4", {"cle": "4", "nom": "Vidal"}, "", "Contact à compléter"),
        ("contact", "4", None, "", "Retiré"),
        ("nom_offre", "", "", "", "Non renseigné"),
        ("d_avant", "", "x", "", "x"),
    ],
)
def test_every_sort_of_answer_put_aside_is_read(
    session: Session, place: Any, champ: str, cle: str, valeur: Any, illisible: str, dit: str
) -> None:
    partie = {"champ": champ, "cle": cle, "valeur": valeur, "illisibles": {"": illisible} if illisible else {}}
    session.add(une_ligne(place.offre, place.claire, changements=[], resultat={"base": {}, "attente": [partie]}))
    session.flush()
    (mise,) = lire(session, place.claire, place.offre).entrees[0]["changements"]
    assert textes([mise], "apres") == [dit]


def test_a_long_history_comes_page_by_page_with_as_many_queries(session: Session, place: Any, compter: Any) -> None:
    def mesurer(**vue: Any) -> tuple[int, Historique]:
        with compter() as sql:
            lue = lire(session, place.claire, place.offre, **vue)
        return len(sql), lue

    session.add(une_ligne(place.offre, place.claire))
    peu, _ = mesurer()
    session.add_all([une_ligne(place.offre, place.claire, n * 10) for n in range(1, 2000)])
    session.flush()
    beaucoup, lue = mesurer()
    assert beaucoup == peu <= 10
    assert len(lue.entrees) == PAR_PAGE
    assert lue.debut == ""
    suite = int(lue.plus_anciennes.rpartition("avant=")[2])
    _, plus_loin = mesurer(avant=suite)
    assert {e["ancre"] for e in plus_loin.entrees}.isdisjoint(e["ancre"] for e in lue.entrees)


def test_one_line_has_an_address_of_its_own(session: Session, place: Any) -> None:
    lignes = [une_ligne(place.offre, place.claire, n * 10) for n in range(3)]
    session.add_all(lignes)
    session.flush()
    lue = lire(session, place.claire, place.offre, ligne=lignes[1].id)
    assert [e["ouverte"] for e in lue.entrees] == [True, False]
    assert lue.entrees[0]["ancre"] == f"l{lignes[1].id}"


@pytest.mark.parametrize(
    ("vue", "gestes"),
    [
        ({"section": "accueil"}, [Action.BROUILLON]),
        ({"section": NOM}, [Action.VALIDATION, Action.BROUILLON]),
        ({"geste": "publie"}, [Action.VALIDATION]),
        ({"geste": "prepare"}, [Action.BROUILLON, Action.BROUILLON]),
        ({"section": "patientele"}, []),
        ({"section": "inconnue", "geste": "inconnu"}, [Action.VALIDATION, Action.BROUILLON, Action.BROUILLON]),
    ],
)
def test_a_history_is_filtered(session: Session, place: Any, vue: dict[str, str], gestes: list[Action]) -> None:
    session.add(une_ligne(place.offre, place.claire))
    session.add(une_ligne(place.offre, place.claire, 10, section="accueil", changements=[]))
    session.add(une_ligne(place.offre, place.mireille, 20, section="", action=Action.VALIDATION, version_apres=2))
    session.flush()
    lue = lire(session, place.claire, place.offre, **vue)
    ids = [int(e["ancre"][1:]) for e in lue.entrees]
    assert [session.get_one(Trace, n).action for n in ids] == gestes
    qui = lire(session, place.claire, place.offre, qui=str(place.mireille.id))
    assert [e["qui"] for e in qui.entrees] == ["Mireille Faure"]
    assert {c["nom"] for c in lue.personnes} == {"Claire Dumas", "Mireille Faure"}


def test_a_cascade_names_what_carried_it(session: Session, monde: Any, place: Any) -> None:
    pole = monde.oi(place.eg, "Pôle Femme-Mère-Enfant")
    offre = monde.offre(place.eg, pole)
    jour = aujourd_hui().isoformat()
    retour = (aujourd_hui() + timedelta(days=30)).isoformat()
    saisie = {"type_fermeture": PROVISOIRE, "date_fermeture": jour, "date_previsionnelle_reouverture": retour}
    saisie["motif"] = "Travaux"
    vu, erreurs = apercevoir(session, place.claire, cible(pole), saisie)
    assert vu is not None, erreurs
    ou = cible(pole)
    demande = Fermer(genre=ou.genre, identifiant=ou.identifiant, saisie=saisie, vu=vu.vu, cle=uuid4())
    fermer(session, place.claire, demande)
    session.flush()
    session.expire_all()
    assert dire(lire(session, place.claire, offre)) == [
        "Claire Dumas a fermé provisoirement, avec Pôle Femme-Mère-Enfant"
    ]
    (entree,) = lire(session, place.claire, pole).entrees
    assert (entree["phrase"], entree["detail"]) == ("a fermé provisoirement", "Motif\u00a0: Travaux")


def test_a_refused_stranger_leaves_nothing_in_the_history(session: Session, monde: Any, place: Any) -> None:
    nommer(session, place.claire, place.offre, "Un")
    intrus = monde.acteur("Paul Étranger")
    refuser(session, intrus, cible(place.offre).cle)
    lu = lire(session, place.claire, place.offre)
    assert not [e for e in lu.entrees if "Paul" in e["qui"]]
    assert not [p for p in lu.personnes if "Paul" in p["nom"]]


@pytest.mark.parametrize("objet", ["offre:a\x00b", "offre:\ud800", "offre:\n", "x" * 300])
def test_whatever_was_asked_its_refusal_is_kept(session: Session, place: Any, objet: str) -> None:
    refuser(session, place.claire, objet)
    session.flush()
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.REFUS)).all()
    assert trace.objet.isprintable()
    assert len(trace.objet) <= 200


@pytest.mark.parametrize("vue", [{"ligne": 2**31}, {"avant": 2**40}, {"qui": "a\x00b"}])
def test_what_a_base_cannot_hold_is_no_view(vue: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Vue(**vue)


def test_the_largest_view_is_read(session: Session, place: Any) -> None:
    assert lire(session, place.claire, place.offre, ligne=2**31 - 1, avant=2**31 - 1, qui="9" * 200).entrees == []


def test_a_version_is_prepared_in_as_many_queries_whatever_its_lieux(
    session: Session, monde: Any, place: Any, compter: Any
) -> None:
    def publier_encore(objet: Any) -> None:
        changements = [{"champ": "nom", "avant": "Ancien", "apres": "2e étage"}] if objet.GENRE == "lieu" else []
        versions = {"version_avant": objet.version, "version_apres": objet.version + 1}
        tracer(session, place.claire, Action.VALIDATION, "", cible(objet).cle, changements=changements, **versions)
        objet.version += 1
        session.flush()

    combien, lieux = [], []
    for nombre in (2, 12):
        lieux += [monde.lieu(place.eg, place.offre) for _ in range(nombre - len(lieux))]
        for objet in (*lieux, place.offre, *lieux, place.offre):
            publier_encore(objet)
        with compter() as sql:
            vue = restauration.preparer(session, place.claire, cible(place.offre), place.offre.version - 1)
        assert len(vue.des_lieux) == nombre
        combien.append(len(sql))
    assert combien[0] == combien[1]


def test_a_lecteur_reads_the_history_and_a_stranger_does_not(session: Session, monde: Any, place: Any) -> None:
    louise, hugo = monde.acteur("Louise Pagès"), monde.acteur("Hugo Marty")
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    nommer(session, place.claire, place.offre, "Gynécologie HC")
    publier(session, place.claire, place.offre)
    nommer(session, place.claire, place.offre, "Gynécologie")
    publier(session, place.claire, place.offre)
    lue = lire(session, louise, place.offre)
    assert len(lue.entrees) == 4
    assert all(e["reprendre"] == "" for e in lue.entrees)
    assert comparaison.comparer(session, louise, cible(place.offre)).changements
    for service in (
        lambda qui: historique.lire(session, qui, cible(place.offre), Vue()),
        lambda qui: comparaison.comparer(session, qui, cible(place.offre)),
    ):
        with pytest.raises(AccesRefuse):
            service(hugo)
    for service in (
        lambda qui: restauration.preparer(session, qui, cible(place.offre), 1),
        lambda qui: annulation.preparer(session, qui, cible(place.offre), NOM),
    ):
        for qui in (louise, hugo):
            with pytest.raises(AccesRefuse):
                service(qui)


def test_the_history_of_a_lieu_is_one_link_away(session: Session, place: Any) -> None:
    (lieu,) = lire(session, place.claire, place.offre).lieux
    assert lieu["url"].startswith("/lieu/")
    assert lieu["url"].endswith("/historique")


# ---------------------------------------------------------------------------- two versions


@pytest.fixture
def trois(session: Session, place: Any) -> SimpleNamespace:
    """An offer at its third version."""
    for nom in ("Gynécologie HC", "Gynécologie HDJ"):
        nommer(session, place.claire, place.offre, nom)
        publier(session, place.claire, place.offre)
    return place


def textes(changements: Any, cote: str) -> list[str]:
    return [e["texte"] for c in changements for e in c[cote]]


def test_any_two_versions_are_compared(session: Session, trois: Any) -> None:
    for de, a, avant, apres in (
        (1, 3, "Gynécologie, hospitalisation complète", "Gynécologie HDJ"),
        (3, 2, "Gynécologie HDJ", "Gynécologie HC"),
    ):
        vue = comparaison.comparer(session, trois.claire, cible(trois.offre), de, a)
        assert (textes(vue.changements, "avant"), textes(vue.changements, "apres")) == ([avant], [apres])
    assert [v["cle"] for v in vue.versions] == ["3", "2", "1"]
    assert comparaison.comparer(session, trois.claire, cible(trois.offre), 2, 2).changements == []
    assert comparaison.comparer(session, trois.claire, cible(trois.offre), 9, 3).manque


def test_what_has_no_line_any_more_is_said_and_never_guessed(session: Session, place: Any) -> None:
    place.offre.version = 5
    session.flush()
    nommer(session, place.claire, place.offre, "Gynécologie HC")
    publier(session, place.claire, place.offre)
    vue = comparaison.comparer(session, place.claire, cible(place.offre), 2, 6)
    assert (vue.changements, bool(vue.manque)) == (None, True)
    assert [v["cle"] for v in vue.versions][:2] == ["6", "5"]
    with pytest.raises(SaisieInvalide):
        restauration.preparer(session, place.claire, cible(place.offre), 2)


# --------------------------------------------------------------------- a version taken back


def reprendre(session: Session, acteur: Any, objet: Any, version: int, *, sauf: str = "", **autres: Any) -> Reprise:
    vue = restauration.preparer(session, acteur, cible(objet), version)
    ou = cible(objet)
    choisies = {s["cle"] for s in vue.siennes if s["coche"] and s["cle"] != sauf}
    valeurs = {"genre": ou.genre, "identifiant": ou.identifiant, "version": version, "choisies": choisies}
    demande = Reprise(**valeurs | {"vu": vue.vu, "cle": uuid4()} | autres)
    restauration.reprendre(session, acteur, demande)
    session.flush()
    session.expire_all()
    return demande


def test_a_lieu_published_while_it_is_taken_back_is_read_again(
    session: Session, trois: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publie_entre_temps(*demande: Any) -> Any:
        lu = exiger(*demande)
        return SimpleNamespace(objet=SimpleNamespace(version=lu.objet.version + 1))

    monkeypatch.setattr(restauration, "exiger", publie_entre_temps)
    with pytest.raises(Depasse):
        reprendre(session, trois.claire, trois.offre, 1)


def test_a_version_taken_back_is_a_brouillon_then_a_new_version(session: Session, trois: Any) -> None:
    vue = restauration.preparer(session, trois.claire, cible(trois.offre), 1)
    (section,) = vue.siennes
    assert (section["titre"], section["coche"]) == ("Informations générales", True)
    assert textes(section["changements"], "apres") == ["Gynécologie, hospitalisation complète"]

    reprendre(session, trois.claire, trois.offre, 1)
    assert (trois.offre.nom_offre, trois.offre.version) == ("Gynécologie HDJ", 3)
    (brouillon,) = session.exec(select(Brouillon)).all()
    assert brouillon.valeurs == {"nom_offre": "Gynécologie, hospitalisation complète"}
    publier(session, trois.claire, trois.offre)
    assert (trois.offre.nom_offre, trois.offre.version) == ("Gynécologie, hospitalisation complète", 4)
    assert dire(lire(session, trois.claire, trois.offre))[:2] == [
        "Claire Dumas a validé",
        "Claire Dumas a repris Informations générales de la version 1, en brouillon",
    ]
    assert comparaison.comparer(session, trois.claire, cible(trois.offre), 1, 4).changements == []


def test_the_same_key_takes_back_once(session: Session, trois: Any) -> None:
    demande = reprendre(session, trois.claire, trois.offre, 1)
    restauration.reprendre(session, trois.claire, demande)
    assert len(session.exec(select(Trace).where(Trace.action == Action.RESTAURATION)).all()) == 1
    for autre in ({"version": 2}, {"identifiant": "76/zzz"}):
        with pytest.raises((SaisieInvalide, AccesRefuse)):
            restauration.reprendre(session, trois.claire, demande.model_copy(update=autre))
    with pytest.raises(SaisieInvalide):
        restauration.reprendre(session, trois.mireille, demande)


def test_a_brouillon_in_place_is_replaced_only_when_ticked(session: Session, trois: Any) -> None:
    nommer(session, trois.mireille, trois.offre, "Le mien")
    vue = restauration.preparer(session, trois.claire, cible(trois.offre), 1)
    (section,) = vue.siennes
    assert not section["coche"]
    assert "Mireille Faure" in section["brouillon"]
    reprendre(session, trois.claire, trois.offre, 1, choisies={section["cle"]})
    (brouillon,) = session.exec(select(Brouillon)).all()
    assert brouillon.valeurs["nom_offre"] == "Gynécologie, hospitalisation complète"
    (ligne,) = session.exec(select(Trace).where(Trace.action == Action.RESTAURATION)).all()
    assert ligne.changements[0]["avant"] == "Le mien"


def test_what_changed_since_the_page_was_shown_is_a_conflict(session: Session, trois: Any) -> None:
    vue = restauration.preparer(session, trois.claire, cible(trois.offre), 1)
    nommer(session, trois.mireille, trois.offre, "Entre-temps")
    with pytest.raises(Conflit):
        reprendre(session, trois.claire, trois.offre, 1, vu=vue.vu, choisies={vue.siennes[0]["cle"]})
    with pytest.raises(AccesRefuse):
        reprendre(session, trois.claire, trois.offre, 1, choisies={"offre:76/autre|contacts"})
    assert session.exec(select(Brouillon)).one().valeurs["nom_offre"] == "Entre-temps"


def test_rows_come_back_over_those_that_are_there(session: Session, place: Any) -> None:
    saisie, base = saisie_de(session, place.claire, place.offre, "contacts")
    sans = {n: t for n, t in saisie.items() if not n.startswith("contact.")}
    neuf = {
        "contact.n1": "1",
        "contact.n1.qui": "service",
        "contact.n1.nature_contact": "07",
        "contact.n1.niveau_confidentialite": "1",
        "contact.n1.telecommunication.n2": "1",
        "contact.n1.telecommunication.n2.canal": "2",
        "contact.n1.telecommunication.n2.adresse_telecom": "0536491299",
        "contact.n1.telecommunication.n2.niveau_confidentialite": "1",
    }
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "contacts", sans | neuf, base))
    publier(session, place.claire, place.offre)
    reprendre(session, place.claire, place.offre, 1)
    publier(session, place.claire, place.offre)
    assert comparaison.comparer(session, place.claire, cible(place.offre), 1, 3).changements == []


def test_lines_of_a_software_keep_their_place_and_are_no_difference(session: Session, place: Any) -> None:
    lieu = session.exec(select(LieuRealisationOffre)).one()
    for nombre, source in ((12, "01"), (3, "02"), (1, "01")):
        session.add(
            CapaciteAccueilOperationnelle(
                lieu_realisation_offre_id=lieu.id,
                nature_capacite="01",
                statut_capacite="01",
                nombre_capacite=nombre,
                temporalite_capacite="01",
                type_source_capacite=source,
            )
        )
    nommer(session, place.claire, lieu, "Autre étage")
    publier(session, place.claire, lieu)
    vue = restauration.preparer(session, place.claire, cible(lieu), 1)
    assert [s["cle"].partition("|")[2] for s in vue.siennes] == [NOM]


def test_the_lieux_of_an_offer_are_a_choice_of_their_own(session: Session, place: Any) -> None:
    lieu = session.exec(select(LieuRealisationOffre)).one()
    publier(session, place.claire, place.offre)
    nommer(session, place.claire, lieu, "Autre étage")
    nommer(session, place.claire, place.offre, "Gynécologie HC")
    publier(session, place.claire, place.offre)
    nommer(session, place.claire, lieu, "Encore un autre")
    publier(session, place.claire, place.offre)
    vue = restauration.preparer(session, place.claire, cible(place.offre), 3)
    assert vue.siennes == []
    (section,) = vue.des_lieux
    assert not section["coche"]
    assert textes(section["changements"], "apres") == ["Autre étage"]
    reprendre(session, place.claire, place.offre, 3, choisies={section["cle"]})
    assert session.exec(select(Brouillon)).one().objet == f"lieu:{lieu.identifiant}"


def test_a_retired_code_comes_back_as_a_question(session: Session, place: Any) -> None:
    perime = nomenclatures.catalogue(session).retires("J226")[0]
    place.offre.modalite_accueil = [perime]
    session.flush()
    saisie, base = saisie_de(session, place.claire, place.offre, "accueil")
    saisie = {n: t for n, t in saisie.items() if not n.endswith(f".{perime}")} | {"modalite_accueil.03": "1"}
    modification.enregistrer(session, place.claire, un_enregistrement(place.offre, "accueil", saisie, base))
    publier(session, place.claire, place.offre)
    (section,) = restauration.preparer(session, place.claire, cible(place.offre), 1).siennes
    assert "plus en vigueur" in section["changements"][0]["note"]


# ------------------------------------------------------------------------- one's last save


def annuler(session: Session, acteur: Any, objet: Any, section: str = NOM, **autres: Any) -> Annulation:
    vue = annulation.preparer(session, acteur, cible(objet), section)
    ou = cible(objet)
    valeurs = {"genre": ou.genre, "identifiant": ou.identifiant, "section": section, "vu": vue.vu, "cle": uuid4()}
    demande = Annulation(**valeurs | autres)
    annulation.annuler(session, acteur, demande)
    session.flush()
    session.expire_all()
    return demande


def test_ones_last_saves_in_a_row_are_undone_together_once(session: Session, place: Any) -> None:
    nommer(session, place.claire, place.offre, "Un")
    nommer(session, place.claire, place.offre, "Deux")
    vue = annulation.preparer(session, place.claire, cible(place.offre), NOM)
    assert "Vos 2 derniers enregistrements" in vue.phrase
    assert textes(vue.changements, "avant") == ["Deux"]
    demande = annuler(session, place.claire, place.offre)
    assert session.exec(select(Brouillon)).all() == []
    annulation.annuler(session, place.claire, demande)
    (ligne,) = session.exec(select(Trace).where(Trace.action == Action.ANNULATION)).all()
    assert ligne.changements[0]["apres"] == "Gynécologie, hospitalisation complète"
    assert annulation.preparer(session, place.claire, cible(place.offre), NOM).phrase == ""
    with pytest.raises(Conflit):
        annuler(session, place.claire, place.offre)


def test_undoing_gives_back_a_colleagues_brouillon(session: Session, place: Any) -> None:
    nommer(session, place.mireille, place.offre, "Le sien")
    nommer(session, place.claire, place.offre, "Le mien")
    annuler(session, place.claire, place.offre)
    assert session.exec(select(Brouillon)).one().valeurs == {"nom_offre": "Le sien"}


def test_what_a_colleague_changed_since_stays_and_is_told(session: Session, place: Any) -> None:
    enregistrer(session, place.claire, place.offre, NOM, nom_offre="Le mien", unite_sensible="oui")
    nommer(session, place.mireille, place.offre, "Le sien")
    vue = annulation.preparer(session, place.claire, cible(place.offre), NOM)
    (laisse,) = vue.laisses
    assert laisse.startswith("Mireille Faure a changé")
    annuler(session, place.claire, place.offre)
    assert session.exec(select(Brouillon)).one().valeurs == {"nom_offre": "Le sien"}


def test_rows_that_a_colleague_added_between_my_saves_stay(session: Session, place: Any) -> None:
    def ajouter(qui: Any, cle: str, numero: str) -> None:
        saisie, base = saisie_de(session, qui, place.offre, "boites_mss")
        saisie |= {f"boite_lettre_mss.{cle}": "1", f"boite_lettre_mss.{cle}.adresse_bal": f"{numero}@chalbi.mssante.fr"}
        modification.enregistrer(session, qui, un_enregistrement(place.offre, "boites_mss", saisie, base))

    ajouter(place.claire, "n1", "un")
    ajouter(place.mireille, "n2", "deux")
    ajouter(place.claire, "n3", "trois")
    annuler(session, place.claire, place.offre, "boites_mss")
    (brouillon,) = session.exec(select(Brouillon)).all()
    assert [e["cle"] for e in brouillon.valeurs["boite_lettre_mss"]] == ["n2"]


def test_a_text_that_could_not_be_read_comes_back(session: Session, place: Any) -> None:
    enregistrer(session, place.mireille, place.offre, "patientele", **_age(session, place, "quinze"))
    enregistrer(session, place.claire, place.offre, "patientele", **_age(session, place, "12"))
    annuler(session, place.claire, place.offre, "patientele")
    assert list(session.exec(select(Brouillon)).one().illisibles.values()) == ["quinze"]
    annuler(session, place.mireille, place.offre, "patientele")
    assert session.exec(select(Brouillon)).all() == []


def _age(session: Session, place: Any, texte: str) -> dict[str, str]:
    saisie, _ = saisie_de(session, place.claire, place.offre, "patientele")
    (chemin,) = [c for c in saisie if c.endswith(".age_min")]
    return {chemin: texte}


def test_what_is_published_or_abandoned_is_not_undone(session: Session, place: Any) -> None:
    nommer(session, place.claire, place.offre, "Un")
    publier(session, place.mireille, place.offre)
    assert annulation.preparer(session, place.claire, cible(place.offre), NOM).phrase == ""
    nommer(session, place.claire, place.offre, "Deux")
    marque = modification.ouvrir(session, place.mireille, cible(place.offre), NOM).marque
    modification.abandonner(session, place.mireille, cible(place.offre), NOM, marque)
    assert annulation.preparer(session, place.claire, cible(place.offre), NOM).phrase == ""
    assert place.offre.version == 2
    assert isinstance(place.offre, OffreOperationnelle)


def test_undo_of_a_save_made_since_the_page_was_shown_is_refused(session: Session, place: Any) -> None:
    nommer(session, place.claire, place.offre, "Un")
    vu = annulation.preparer(session, place.claire, cible(place.offre), NOM).vu
    nommer(session, place.mireille, place.offre, "Deux")
    with pytest.raises(Conflit):
        annuler(session, place.claire, place.offre, vu=vu)
    with pytest.raises(AccesRefuse):
        annuler(session, place.claire, place.offre, "informations_complementaires")
