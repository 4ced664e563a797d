"""« Fermer… » and « Rouvrir… »: the cascade is shown, then written whole or not at all, once."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, ObjetFerme, SaisieInvalide
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE, Fermeture, colonnes, fermeture_de
from rxror.ror.objets import CapaciteAccueilOperationnelle, OffreOperationnelle
from rxror.services import cascade, fermeture, gestes_de_fermeture, reouverture
from rxror.services.acces import Cible
from rxror.services.fermeture import Fermer
from rxror.services.reouverture import Rouvrir
from rxror.tables import Action, Role, Trace
from tests.fabriques import garder

JOUR = aujourd_hui()


def dans(jours: int) -> date:
    return JOUR + timedelta(days=jours)


def une_saisie(type_: str = DEFINITIVE, debut: int = 0, retour: int | None = None, **autres: str) -> dict[str, str]:
    saisie = {"type_fermeture": type_, "date_fermeture": dans(debut).isoformat(), "motif": "Fin de l’activité"}
    if retour is not None:
        saisie["date_previsionnelle_reouverture"] = dans(retour).isoformat()
    return saisie | autres


def cible(objet: Any) -> Cible:
    return Cible(objet.GENRE, getattr(objet, "identifiant_offre", None) or objet.identifiant_oi)


def apercevoir(session: Session, acteur: Any, objet: Any, saisie: dict[str, str]) -> fermeture.Apercu:
    vu, erreurs = fermeture.apercevoir(session, acteur, cible(objet), saisie)
    assert erreurs == {}
    assert vu is not None
    return vu


def une_demande(objet: Any, saisie: dict[str, str], vu: str, **autres: Any) -> Fermer:
    ou = cible(objet)
    return Fermer(
        **{"genre": ou.genre, "identifiant": ou.identifiant, "saisie": saisie, "vu": vu, "cle": uuid4()} | autres
    )


def fermer(session: Session, acteur: Any, objet: Any, saisie: dict[str, str], **autres: Any) -> fermeture.Reponse:
    vu = apercevoir(session, acteur, objet, saisie).vu
    reponse = fermeture.fermer(session, acteur, une_demande(objet, saisie, vu, **autres))
    session.expire_all()
    return reponse


def rouvrir(session: Session, acteur: Any, objet: Any, sauf: set[str] = frozenset(), **autres: Any) -> list[Any]:
    vue = reouverture.preparer(session, acteur, cible(objet))
    ou, choisis = cible(objet), {c["cle"] for c in vue.choix} - set(sauf)
    valeurs = {"genre": ou.genre, "identifiant": ou.identifiant, "choisis": choisis, "autres": True}
    fait = reouverture.rouvrir(session, acteur, Rouvrir(**valeurs | {"vu": vue.vu, "cle": uuid4()} | autres))
    session.expire_all()
    return fait


@pytest.fixture
def hopital(session: Session, monde: Any, place: Any) -> SimpleNamespace:
    """A pôle, two services, three UF, twenty offers; a référent and a responsable."""
    eg = place.eg
    pole = monde.oi(eg, "Pôle Femme-Mère-Enfant")
    services = [monde.oi(eg, f"Service {n}", "2", pole) for n in (1, 2)]
    ufs = [monde.oi(eg, f"UF {n}", "3", services[n % 2]) for n in (1, 2, 3)]
    offres = [monde.offre(eg, ufs[n % 3], f"Offre {n:02d}") for n in range(20)]
    ailleurs = monde.oi(eg, "Pôle Chirurgie")
    autre = monde.offre(eg, ailleurs, "Chirurgie")
    samir = monde.acteur("Samir Costes")
    monde.habiliter(samir, eg, Role.RESPONSABLE_OFFRE)
    return SimpleNamespace(
        eg=eg, pole=pole, services=services, ufs=ufs, offres=offres, autre=autre, ailleurs=ailleurs,
        mireille=place.mireille, samir=samir, dedans=[pole, *services, *ufs, *offres],
    )  # fmt: skip


def fermer_ainsi(session: Session, offre: Any, voulue: Fermeture | None) -> None:
    """Close an offer as an import or another person would: no trace, no version."""
    for nom, valeur in colonnes(voulue).items():
        setattr(offre, nom, valeur)
    session.flush()


def disponible(session: Session, lieu: Any, nombre: int = 3, **autres: Any) -> CapaciteAccueilOperationnelle:
    valeurs = {"nature_capacite": "01", "statut_capacite": "02", "temporalite_capacite": "01"} | autres
    return garder(
        session, CapaciteAccueilOperationnelle(lieu_realisation_offre_id=lieu.id, nombre_capacite=nombre, **valeurs)
    )


# ------------------------------------------------------------------------------ closing


def test_fermer_an_offre_writes_its_columns_its_version_and_one_line_of_trace(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]

    assert fermer(session, hopital.mireille, offre, une_saisie(PROVISOIRE, 0, 30)) == fermeture.Reponse()

    assert fermeture_de(offre) == Fermeture(PROVISOIRE, JOUR, dans(30))
    assert offre.version == 2
    assert offre.date_mise_jour is not None
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.FERMETURE)).all()
    assert (trace.objet, trace.version_avant, trace.version_apres) == (f"offre:{offre.identifiant_offre}", 1, 2)
    assert trace.resultat["motif"] == "Fin de l’activité"
    assert {c["champ"]: (c["avant"], c["apres"]) for c in trace.changements} == {
        "type_fermeture": ("", "PRO"),
        "date_fermeture": (None, JOUR.isoformat()),
        "date_previsionnelle_reouverture": (None, dans(30).isoformat()),
    }


def test_fermer_a_pole_closes_three_levels_and_twenty_offres_and_nothing_else(session: Session, hopital: Any) -> None:
    saisie = une_saisie(DEFINITIVE, 0)
    vu = apercevoir(session, hopital.mireille, hopital.pole, saisie)
    assert vu.titre == "2 services, 3 UF, 20 offres"
    assert (vu.ferme["total"], len(vu.ferme["lignes"]), vu.ferme["suite"]) == (25, 25, "")

    fermer(session, hopital.mireille, hopital.pole, saisie)

    assert {fermeture_de(o) for o in hopital.dedans} == {Fermeture(DEFINITIVE, JOUR)}
    assert {o.version for o in hopital.dedans} == {2}
    assert fermeture_de(hopital.autre) is None
    traces = session.exec(select(Trace).where(Trace.action == Action.FERMETURE).order_by(col(Trace.id))).all()
    assert len(traces) == 26
    assert traces[0].objet == f"structure:{hopital.pole.identifiant_oi}"
    assert [t for t in traces if t.cle] == [traces[0]]
    assert len({t.resultat["geste"] for t in traces}) == 1


def test_fermer_says_where_each_object_hangs_but_right_below(session: Session, hopital: Any) -> None:
    vu = apercevoir(session, hopital.mireille, hopital.services[0], une_saisie())
    (uf,) = [uf for uf in hopital.ufs if uf.parent_id == hopital.services[0].id]
    siennes = [offre for offre in hopital.offres if offre.organisation_interne_id == uf.id]
    assert {x["nom"]: x["detail"] for x in vu.ferme["lignes"]} == {
        uf.nom_oi: "",
        **{offre.nom_offre: f"dans {uf.nom_oi}" for offre in siennes},
    }


def test_fermer_says_and_leaves_what_is_closed_already(session: Session, hopital: Any) -> None:
    archive, provisoire, longue, jeune = hopital.offres[:4]
    for offre, avant in (
        (archive, Fermeture(DEFINITIVE, dans(-90))),
        (provisoire, Fermeture(PROVISOIRE, dans(-9), dans(5))),
        (longue, Fermeture(PROVISOIRE, dans(-9))),
        (jeune, Fermeture(PROVISOIRE, dans(-90), dans(-30))),
    ):
        for nom, valeur in colonnes(avant).items():
            setattr(offre, nom, valeur)
    session.flush()
    saisie = une_saisie(PROVISOIRE, 0, 30)
    vu = apercevoir(session, hopital.mireille, hopital.pole, saisie)

    assert [x["nom"] for x in vu.laisses["lignes"]] == [longue.nom_offre, archive.nom_offre] or {
        x["nom"] for x in vu.laisses["lignes"]
    } == {longue.nom_offre, archive.nom_offre}
    assert all("reste ainsi" in x["detail"] for x in vu.laisses["lignes"])
    (prolongee,) = [x for x in vu.ferme["lignes"] if x["nom"] == provisoire.nom_offre]
    assert "désormais" in prolongee["detail"]
    fermer(session, hopital.mireille, hopital.pole, saisie)

    assert fermeture_de(archive) == Fermeture(DEFINITIVE, dans(-90))
    assert archive.version == 1
    assert fermeture_de(provisoire) == Fermeture(PROVISOIRE, dans(-9), dans(30))
    assert fermeture_de(longue) == Fermeture(PROVISOIRE, dans(-9))
    assert fermeture_de(jeune) == Fermeture(PROVISOIRE, JOUR, dans(30))


def test_fermer_definitively_makes_a_provisional_closing_definitive_from_its_own_day(
    session: Session, hopital: Any
) -> None:
    offre = hopital.offres[0]
    fermer(session, hopital.mireille, offre, une_saisie(PROVISOIRE, -9, 30))

    fermer(session, hopital.mireille, hopital.pole, une_saisie(DEFINITIVE, 0))

    assert fermeture_de(offre) == Fermeture(DEFINITIVE, dans(-9))


def test_fermer_for_a_day_to_come_leaves_the_object_open_until_then(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    assert "Fermeture définitive le" in apercevoir(session, hopital.mireille, offre, une_saisie(DEFINITIVE, 1)).phrase

    fermer(session, hopital.mireille, offre, une_saisie(DEFINITIVE, 1))
    ecran = fermeture.ouvrir(session, hopital.mireille, cible(offre))  # still open: may be changed

    assert ecran.valeurs["date_fermeture"] == dans(1).isoformat()
    assert ecran.deja.startswith("Fermera définitivement")


def test_fermer_again_with_another_day_moves_what_closed_with_it(session: Session, hopital: Any) -> None:
    fermer(session, hopital.mireille, hopital.pole, une_saisie(PROVISOIRE, 10, 20))
    fermer(session, hopital.mireille, hopital.pole, une_saisie(PROVISOIRE, 15, 40))
    assert {fermeture_de(o) for o in hopital.dedans} == {Fermeture(PROVISOIRE, dans(15), dans(40))}


def test_fermer_twice_the_same_way_changes_nothing_and_says_so(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    fermer(session, hopital.mireille, offre, une_saisie(PROVISOIRE, 0, 9))

    reponse = fermer(session, hopital.mireille, offre, une_saisie(PROVISOIRE, 0, 9))

    assert "déjà enregistrée" in reponse.blocages[0]["texte"]
    assert offre.version == 2


def test_fermer_same_gesture_again_gives_the_same_answer_and_changes_nothing(session: Session, hopital: Any) -> None:
    saisie, offre = une_saisie(), hopital.offres[0]
    demande = une_demande(offre, saisie, apercevoir(session, hopital.mireille, offre, saisie).vu)
    for _ in range(2):
        assert fermeture.fermer(session, hopital.mireille, demande) == fermeture.Reponse()
    session.expire_all()
    assert offre.version == 2
    with pytest.raises(SaisieInvalide):
        fermeture.fermer(session, hopital.mireille, une_demande(hopital.offres[1], saisie, "", cle=demande.cle))


def test_a_key_answers_the_gesture_and_the_person_it_was_made_for(session: Session, hopital: Any) -> None:
    offre, saisie = hopital.offres[0], une_saisie(PROVISOIRE, 0, 30)
    fermeture_ = une_demande(offre, saisie, apercevoir(session, hopital.mireille, offre, saisie).vu)
    fermeture.fermer(session, hopital.mireille, fermeture_)
    session.expire_all()
    with pytest.raises(SaisieInvalide):
        fermeture.fermer(session, hopital.samir, fermeture_)
    with pytest.raises(SaisieInvalide):
        rouvrir(session, hopital.mireille, offre, cle=fermeture_.cle)

    retour = uuid4()
    assert rouvrir(session, hopital.mireille, offre, cle=retour) == []
    with pytest.raises(SaisieInvalide):
        rouvrir(session, hopital.samir, offre, cle=retour)
    with pytest.raises(SaisieInvalide):
        fermer(session, hopital.mireille, offre, saisie, cle=retour)
    session.expire_all()
    assert (offre.version, fermeture_de(offre)) == (3, None)


def test_closing_again_what_reopened_below_is_done_once_and_reopens_with_the_rest(
    session: Session, hopital: Any
) -> None:
    saisie, uf, revenue = une_saisie(PROVISOIRE, 0, 30), hopital.ufs[0], hopital.offres[0]
    fermer(session, hopital.mireille, uf, saisie)
    rouvrir(session, hopital.mireille, uf)
    fermer(session, hopital.mireille, uf, saisie)
    revenue.type_fermeture, revenue.date_fermeture, revenue.date_previsionnelle_reouverture = "", None, None
    session.flush()

    demande = une_demande(uf, saisie, apercevoir(session, hopital.mireille, uf, saisie).vu)
    for _ in range(2):
        assert fermeture.fermer(session, hopital.mireille, demande) == fermeture.Reponse()
    session.expire_all()
    assert fermeture_de(revenue) == fermeture_de(uf) == Fermeture(PROVISOIRE, JOUR, dans(30))
    (ligne,) = session.exec(select(Trace).where(Trace.cle == str(demande.cle))).all()
    assert (ligne.objet, ligne.changements) == (f"structure:{uf.identifiant_oi}", [])

    vue = reouverture.preparer(session, hopital.mireille, cible(uf))
    dedans = [o for o in hopital.offres if o.organisation_interne_id == uf.id]
    assert (len(vue.choix), vue.restent["total"]) == (len(dedans), 0)


@pytest.mark.parametrize(
    ("saisie", "erreurs"),
    [
        ({}, {"type_fermeture", "date_fermeture", "motif"}),
        (une_saisie(type_fermeture=""), {"type_fermeture"}),
        (une_saisie(date_fermeture="  "), {"date_fermeture"}),
        (une_saisie(date_fermeture="31/02/2026"), {"date_fermeture"}),
        (une_saisie(date_fermeture="0001-01-01"), {"date_fermeture"}),
        (une_saisie(type_fermeture="XXX"), {"type_fermeture"}),
        (une_saisie(type_fermeture="DEF' OR 1=1"), {"type_fermeture"}),
        (une_saisie(DEFINITIVE, 0, 30), {"date_previsionnelle_reouverture"}),
        (une_saisie(PROVISOIRE, 0, 0), {"date_previsionnelle_reouverture"}),
        (une_saisie(PROVISOIRE, 0, date_previsionnelle_reouverture="bientôt"), {"date_previsionnelle_reouverture"}),
        (une_saisie(motif=" "), {"motif"}),
        (une_saisie(motif="x" * 300), set()),
        (une_saisie(motif="x" * 301), {"motif"}),
        (une_saisie(PROVISOIRE, 0), set()),
    ],
)
def test_fermer_says_beside_each_field_what_is_wrong_and_writes_nothing(
    saisie: dict[str, str], erreurs: set[str], session: Session, hopital: Any
) -> None:
    offre = hopital.offres[0]
    _, dites = fermeture.apercevoir(session, hopital.mireille, cible(offre), saisie)
    assert set(dites) == erreurs
    if erreurs:
        reponse = fermeture.fermer(session, hopital.mireille, une_demande(offre, saisie, "rien"))
        assert set(reponse.erreurs) == erreurs
        session.expire_all()
        assert (offre.version, offre.date_fermeture) == (1, None)


def test_fermer_day_of_the_opening_is_refused_and_the_day_after_is_not(session: Session, hopital: Any) -> None:
    hopital.pole.date_ouverture = dans(0)
    _, dites = fermeture.apercevoir(session, hopital.mireille, cible(hopital.pole), une_saisie(DEFINITIVE, 0))
    assert "La fermeture vient après l’ouverture" in dites["date_fermeture"]
    assert fermer(session, hopital.mireille, hopital.pole, une_saisie(DEFINITIVE, 1)) == fermeture.Reponse()


def test_fermer_before_a_level_below_opened_is_refused_with_its_page(session: Session, hopital: Any) -> None:
    hopital.ufs[0].date_ouverture = dans(-5)
    saisie = une_saisie(DEFINITIVE, -5)

    (blocage,) = fermer(session, hopital.mireille, hopital.pole, saisie).blocages

    assert blocage["texte"].startswith("UF 1")
    assert blocage["url"] == f"/structure/{hopital.ufs[0].identifiant_oi}"
    assert hopital.pole.date_fermeture is None


# --------------------------------------------------------------------- lieux and capacity


def nombres(trace: Trace, cote: str) -> list[int]:
    (changement,) = trace.changements
    assert changement["champ"] == "capacite_accueil_operationnelle"
    return [ligne["nombre_capacite"] for ligne in changement[cote]]


def test_fermer_is_blocked_by_available_beds_unless_they_are_put_to_0(
    session: Session, monde: Any, hopital: Any
) -> None:
    offre = hopital.offres[0]
    lieu = monde.lieu(hopital.eg, offre, nom="2e étage")
    ligne, installee = disponible(session, lieu), disponible(session, lieu, 12, statut_capacite="01")
    vu = apercevoir(session, hopital.mireille, offre, une_saisie())
    assert [(x["nom"], x["detail"]) for x in vu.disponibles["lignes"]] == [("2e étage", "3 lits disponibles annoncés")]
    assert [x["nom"] for x in vu.orphelins["lignes"]] == ["2e étage"]

    (blocage,) = fermer(session, hopital.mireille, offre, une_saisie()).blocages
    assert "mettez à 0 les capacités disponibles de 2e étage" in blocage["texte"]
    assert offre.date_fermeture is None

    assert fermer(session, hopital.mireille, offre, une_saisie(), a_zero=True) == fermeture.Reponse()
    assert (ligne.nombre_capacite, installee.nombre_capacite) == (0, 12)
    assert ligne.date_maj_capacite is not None
    assert lieu.version == 2
    trace = session.exec(select(Trace).where(Trace.objet == f"lieu:{lieu.identifiant}")).one()
    assert (nombres(trace, "avant"), nombres(trace, "apres")) == ([3, 12], [0, 12])


def test_fermer_leaves_the_beds_of_a_lieu_that_serves_an_open_offre(session: Session, monde: Any, hopital: Any) -> None:
    offre, voisine = hopital.offres[0], hopital.autre
    ligne = disponible(session, monde.lieu(hopital.eg, offre, voisine))
    vu = apercevoir(session, hopital.mireille, offre, une_saisie())
    assert (vu.disponibles["total"], vu.orphelins["total"], vu.partages["total"]) == (0, 0, 1)

    assert fermer(session, hopital.mireille, offre, une_saisie()) == fermeture.Reponse()
    assert ligne.nombre_capacite == 3


@pytest.mark.parametrize(
    ("voisine", "ouverte"),
    [
        (Fermeture(DEFINITIVE, dans(-9)), False),
        (Fermeture(PROVISOIRE, dans(-9), dans(1)), False),
        (Fermeture(PROVISOIRE, dans(-9), dans(0)), True),
        (Fermeture(PROVISOIRE, dans(-9), dans(-1)), True),
        (Fermeture(DEFINITIVE, dans(0)), False),
        (Fermeture(DEFINITIVE, dans(1)), True),
    ],
)
def test_a_lieu_still_serves_an_offre_that_is_open_on_the_day(
    voisine: Fermeture, ouverte: bool, session: Session, monde: Any, hopital: Any
) -> None:
    offre = hopital.offres[0]
    ligne = disponible(session, monde.lieu(hopital.eg, offre, hopital.autre))
    fermer_ainsi(session, hopital.autre, voisine)
    vu = apercevoir(session, hopital.mireille, offre, une_saisie())
    assert (vu.partages["total"], vu.orphelins["total"], vu.disponibles["total"]) == (
        (1, 0, 0) if ouverte else (0, 1, 1)
    )

    assert fermer(session, hopital.mireille, offre, une_saisie(), a_zero=True) == fermeture.Reponse()
    assert ligne.nombre_capacite == (3 if ouverte else 0)


@pytest.mark.parametrize(("debut", "orphelins"), [(4, 0), (5, 1), (6, 1)])
def test_what_a_lieu_still_serves_is_looked_at_on_the_day_of_the_closing(
    debut: int, orphelins: int, session: Session, monde: Any, hopital: Any
) -> None:
    monde.lieu(hopital.eg, hopital.offres[0], hopital.autre)
    fermer_ainsi(session, hopital.autre, Fermeture(DEFINITIVE, dans(5)))
    vu = apercevoir(session, hopital.mireille, hopital.offres[0], une_saisie(DEFINITIVE, debut))
    assert vu.orphelins["total"] == orphelins


def test_lines_already_at_0_are_nothing_to_put_to_0(session: Session, monde: Any, hopital: Any) -> None:
    offre = hopital.offres[0]
    lieu = monde.lieu(hopital.eg, offre)
    for autres in ({}, {"type_source_capacite": "02"}):
        disponible(session, lieu, 0, **autres)
    vu = apercevoir(session, hopital.mireille, offre, une_saisie())
    assert (vu.disponibles["total"], vu.partages["total"]) == (0, 0)
    assert fermer(session, hopital.mireille, offre, une_saisie()) == fermeture.Reponse()
    assert lieu.version == 1


def test_fermer_leaves_the_lines_of_another_software_and_says_so(session: Session, monde: Any, hopital: Any) -> None:
    offre = hopital.offres[0]
    ligne = disponible(session, monde.lieu(hopital.eg, offre), type_source_capacite="02")
    assert "logiciel" in apercevoir(session, hopital.mireille, offre, une_saisie()).partages["lignes"][0]["detail"]
    assert fermer(session, hopital.mireille, offre, une_saisie()) == fermeture.Reponse()
    assert ligne.nombre_capacite == 3


def test_fermer_for_a_day_to_come_leaves_the_beds_until_then(session: Session, monde: Any, hopital: Any) -> None:
    offre = hopital.offres[0]
    ligne = disponible(session, monde.lieu(hopital.eg, offre))
    assert fermer(session, hopital.mireille, offre, une_saisie(DEFINITIVE, 1)) == fermeture.Reponse()
    assert ligne.nombre_capacite == 3


def test_fermer_names_the_brouillons_that_stay(session: Session, monde: Any, hopital: Any) -> None:
    offre = hopital.offres[0]
    monde.brouillon(hopital.mireille, f"offre:{offre.identifiant_offre}")
    vu = apercevoir(session, hopital.mireille, hopital.pole, une_saisie())
    assert [x["nom"] for x in vu.brouillons["lignes"]] == [offre.nom_offre]


# ---------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize("role", [None, Role.LECTEUR])
def test_fermer_is_refused_without_the_right(role: Role | None, session: Session, monde: Any, hopital: Any) -> None:
    louise = monde.acteur("Louise Pagès")
    if role:
        monde.habiliter(louise, hopital.eg, role)
    for objet in (hopital.offres[0], hopital.pole):
        for geste in (
            lambda o=objet: fermeture.ouvrir(session, louise, cible(o)),
            lambda o=objet: fermeture.apercevoir(session, louise, cible(o), une_saisie()),
            lambda o=objet: fermeture.fermer(session, louise, une_demande(o, une_saisie(), "")),
            lambda o=objet: reouverture.preparer(session, louise, cible(o)),
        ):
            with pytest.raises(AccesRefuse):
                geste()


def test_responsable_closes_an_offre_and_not_a_structure(session: Session, hopital: Any) -> None:
    assert fermer(session, hopital.samir, hopital.offres[0], une_saisie()) == fermeture.Reponse()
    with pytest.raises(AccesRefuse):
        fermeture.apercevoir(session, hopital.samir, cible(hopital.ufs[0]), une_saisie())


@pytest.mark.parametrize(
    "objet",
    [Cible("etablissement", "820000001"), Cible("lieu", "L1"), Cible("", ""), Cible("offre", "99/9"), Cible("x", "'")],
)
def test_fermer_knows_only_offres_and_structures(objet: Cible, session: Session, hopital: Any) -> None:
    objet = Cible(objet.genre, hopital.eg.num_finess) if objet.genre == "etablissement" else objet
    with pytest.raises(AccesRefuse):
        fermeture.ouvrir(session, hopital.mireille, objet)


@pytest.mark.parametrize(
    "autres",
    [
        {"cle": "pas-un-uuid"},
        {"vu": "x" * 65},
        {"identifiant": "x" * 61},
        {"saisie": {f"c{i}": "" for i in range(11)}},
        {"saisie": {"motif": "x" * 4001}},
        {"saisie": {"motif": {"a": 1}}},
        {"inconnu": 1},
    ],
)
def test_fermer_hostile_arguments_are_refused_before_anything(autres: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Fermer.model_validate(
            {"genre": "offre", "identifiant": "76/1", "saisie": {}, "vu": "", "cle": uuid4()} | autres
        )


def test_fermer_refuses_when_something_shown_changed_meanwhile(session: Session, monde: Any, hopital: Any) -> None:
    saisie = une_saisie()
    for geste in (
        lambda: setattr(hopital.offres[3], "version", 2),
        lambda: monde.offre(hopital.eg, hopital.ufs[0], "Arrivée entre-temps"),
        lambda: setattr(hopital.offres[4], "organisation_interne_id", hopital.ailleurs.id),
        lambda: setattr(hopital.ufs[1], "nom_oi", "Autre nom"),
        lambda: monde.lieu(hopital.eg, hopital.offres[5]),
    ):
        vu = apercevoir(session, hopital.mireille, hopital.pole, saisie).vu
        geste()
        session.flush()
        with pytest.raises(Conflit):
            fermeture.fermer(session, hopital.mireille, une_demande(hopital.pole, saisie, vu))
    assert session.exec(select(Trace).where(Trace.action == Action.FERMETURE)).all() == []


@pytest.mark.parametrize("a_lors", [None, Fermeture(DEFINITIVE, JOUR)])
def test_fermer_refuses_when_another_offre_of_its_lieu_opened_or_closed_meanwhile(
    a_lors: Fermeture | None, session: Session, monde: Any, hopital: Any
) -> None:
    offre, saisie = hopital.offres[0], une_saisie()
    monde.lieu(hopital.eg, offre, hopital.autre)
    fermer_ainsi(session, hopital.autre, None if a_lors else Fermeture(DEFINITIVE, JOUR))
    vu = apercevoir(session, hopital.mireille, offre, saisie).vu
    fermer_ainsi(session, hopital.autre, a_lors)

    with pytest.raises(Conflit):
        fermeture.fermer(session, hopital.mireille, une_demande(offre, saisie, vu))


def test_fermer_refuses_when_the_answers_are_not_those_shown(session: Session, hopital: Any) -> None:
    vu = apercevoir(session, hopital.mireille, hopital.pole, une_saisie(PROVISOIRE, 0, 9)).vu
    with pytest.raises(Conflit):
        fermeture.fermer(session, hopital.mireille, une_demande(hopital.pole, une_saisie(DEFINITIVE, 0), vu))


def test_fermer_that_fails_half_way_leaves_nothing_closed(
    session: Session, hopital: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    saisie = une_saisie()
    vu = apercevoir(session, hopital.mireille, hopital.pole, saisie).vu
    passer, fois = gestes_de_fermeture.passer, []

    def une_seule_fois(*arguments: Any, **valeurs: Any) -> None:
        passer(*arguments, **valeurs)
        fois.append(1)
        if len(fois) == 2:
            raise Conflit

    monkeypatch.setattr(gestes_de_fermeture, "passer", une_seule_fois)
    with pytest.raises(Conflit), session.begin_nested():
        fermeture.fermer(session, hopital.mireille, une_demande(hopital.pole, saisie, vu))
    session.expire_all()
    assert {fermeture_de(o) for o in hopital.dedans} == {None}
    assert session.exec(select(Trace).where(Trace.action == Action.FERMETURE)).all() == []


def test_fermer_version_taken_between_reading_and_writing_is_a_conflict(session: Session, hopital: Any) -> None:
    (noeud,) = cascade.arbre(session, hopital.offres[0])
    hopital.offres[0].version = 7
    session.flush()
    with pytest.raises(Conflit):
        gestes_de_fermeture.ecrire(session, [noeud], {noeud.cle: Fermeture(DEFINITIVE, JOUR)}, JOUR)  # type: ignore[arg-type]


def test_fermer_what_is_closed_for_good_is_refused(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    fermer(session, hopital.mireille, offre, une_saisie())
    for geste in (
        lambda: fermeture.ouvrir(session, hopital.mireille, cible(offre)),
        lambda: fermeture.apercevoir(session, hopital.mireille, cible(offre), une_saisie()),
        lambda: fermeture.fermer(session, hopital.mireille, une_demande(offre, une_saisie(), "")),
    ):
        with pytest.raises(ObjetFerme):
            geste()


def test_number_of_statements_does_not_depend_on_how_many_close(
    session: Session, monde: Any, hopital: Any, compter: Callable[[], Any]
) -> None:
    def gestes(objet: Any) -> tuple[int, int, int]:
        with compter() as voir:
            vu = apercevoir(session, hopital.mireille, objet, une_saisie())
        with compter() as ecrire:
            fermeture.fermer(session, hopital.mireille, une_demande(objet, une_saisie(), vu.vu, a_zero=True))
            session.flush()
        with compter() as revenir:
            rouvrir(session, hopital.mireille, objet)
        return len(voir), len(ecrire), len(revenir)

    petit = monde.oi(hopital.eg, "Petit pôle")
    uf = monde.oi(hopital.eg, "Petite UF", "3", petit)
    disponible(session, monde.lieu(hopital.eg, monde.offre(hopital.eg, uf)))
    for offre in hopital.offres:
        disponible(session, monde.lieu(hopital.eg, offre))
    assert gestes(hopital.pole) == gestes(petit)


def test_lists_are_cut_at_a_hundred_lines_and_the_others_counted(session: Session, monde: Any, hopital: Any) -> None:
    for n in range(100):
        monde.offre(hopital.eg, hopital.ufs[0], f"Autre {n:03d}")
    vu = apercevoir(session, hopital.mireille, hopital.pole, une_saisie())
    assert (len(vu.ferme["lignes"]), vu.ferme["total"], vu.ferme["suite"]) == (100, 125, "et 25 autres")
    fermer(session, hopital.mireille, hopital.pole, une_saisie())
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.pole))
    assert (len(vue.choix), vue.autres) == (100, 25)
    rouvrir(session, hopital.mireille, hopital.pole)
    assert (
        session.exec(select(OffreOperationnelle).where(col(OffreOperationnelle.date_fermeture).is_not(None))).all()
        == []
    )


def test_a_loop_in_the_structures_ends(session: Session, hopital: Any) -> None:
    hopital.pole.parent_id = hopital.ufs[0].id
    session.flush()
    assert len(cascade.arbre(session, hopital.pole)) == 26


# ----------------------------------------------------------------------------- reopening


def test_rouvrir_clears_the_closing_of_all_that_closed_together(session: Session, hopital: Any) -> None:
    fermer(session, hopital.mireille, hopital.pole, une_saisie(PROVISOIRE, 0, 30))
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.pole))
    assert (vue.motif, len(vue.choix), vue.restent["total"]) == ("Fin de l’activité", 25, 0)

    assert rouvrir(session, hopital.mireille, hopital.pole) == []

    assert {fermeture_de(o) for o in hopital.dedans} == {None}
    assert {o.type_fermeture for o in hopital.dedans} == {""}
    assert {o.version for o in hopital.dedans} == {3}
    assert len(session.exec(select(Trace).where(Trace.action == Action.REOUVERTURE)).all()) == 26


def test_rouvrir_leaves_what_was_not_ticked_and_what_closed_by_another_gesture(session: Session, hopital: Any) -> None:
    seule, gardee = hopital.offres[0], hopital.offres[1]
    fermer(session, hopital.mireille, seule, une_saisie(DEFINITIVE, -3))
    fermer(session, hopital.mireille, hopital.pole, une_saisie(DEFINITIVE, 0))
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.pole))
    assert [x["nom"] for x in vue.restent["lignes"]] == [seule.nom_offre]

    assert rouvrir(session, hopital.mireille, hopital.pole, {f"offre:{gardee.identifiant_offre}"}) == []

    fermes = [o for o in hopital.dedans if fermeture_de(o)]
    assert fermes == [seule, gardee]


def test_rouvrir_gives_back_the_closing_that_was_there_before(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    fermer(session, hopital.mireille, offre, une_saisie(PROVISOIRE, -9, 30))
    fermer(session, hopital.mireille, hopital.pole, une_saisie(DEFINITIVE, 0))
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.pole))
    (ligne,) = [c for c in vue.choix if c["nom"] == offre.nom_offre]
    assert "reprend sa fermeture d’avant" in ligne["detail"]

    rouvrir(session, hopital.mireille, hopital.pole)

    assert fermeture_de(offre) == Fermeture(PROVISOIRE, dans(-9), dans(30))


def test_rouvrir_below_something_that_stays_closed_is_refused_with_its_page(session: Session, hopital: Any) -> None:
    fermer(session, hopital.mireille, hopital.pole, une_saisie())
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.offres[0]))
    assert vue.obstacle[0]["url"] == f"/structure/{hopital.ufs[0].identifiant_oi}"
    (refus,) = rouvrir(session, hopital.mireille, hopital.offres[0])
    assert "UF 1" in refus["texte"]

    refus = rouvrir(session, hopital.mireille, hopital.pole, {f"structure:{hopital.ufs[0].identifiant_oi}"})

    assert {x["url"] for x in refus} == {f"/structure/{hopital.ufs[0].identifiant_oi}"}
    assert hopital.pole.date_fermeture is not None


def test_rouvrir_cancels_a_closing_to_come(session: Session, hopital: Any) -> None:
    fermer(session, hopital.mireille, hopital.offres[0], une_saisie(DEFINITIVE, 9))
    assert rouvrir(session, hopital.mireille, hopital.offres[0]) == []
    assert fermeture_de(hopital.offres[0]) is None


def test_rouvrir_a_closing_without_trace_takes_what_has_the_same_dates(session: Session, hopital: Any) -> None:
    for objet in (hopital.ufs[0], hopital.offres[0]):
        objet.type_fermeture, objet.date_fermeture = DEFINITIVE, dans(-30)
    hopital.offres[3].type_fermeture, hopital.offres[3].date_fermeture = DEFINITIVE, dans(-60)
    session.flush()
    vue = reouverture.preparer(session, hopital.mireille, cible(hopital.ufs[0]))
    assert [c["nom"] for c in vue.choix] == ["Offre 00"]
    assert [x["nom"] for x in vue.restent["lignes"]] == ["Offre 03"]


def test_rouvrir_same_gesture_twice_a_conflict_and_an_open_object(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    fermer(session, hopital.mireille, offre, une_saisie())
    vue = reouverture.preparer(session, hopital.mireille, cible(offre))
    demande = Rouvrir(genre="offre", identifiant=offre.identifiant_offre, vu=vue.vu, cle=uuid4())
    for _ in range(2):
        assert reouverture.rouvrir(session, hopital.mireille, demande) == []
    session.expire_all()
    assert offre.version == 3
    with pytest.raises(Conflit):
        rouvrir(session, hopital.mireille, offre)
    fermer(session, hopital.mireille, offre, une_saisie())
    with pytest.raises(Conflit):
        rouvrir(session, hopital.mireille, offre, vu="autre")


def test_constat_says_since_when_why_and_by_whom(session: Session, hopital: Any) -> None:
    offre = hopital.offres[0]
    assert reouverture.constat(session, offre) == reouverture.Constat()
    fermer(session, hopital.mireille, offre, une_saisie(DEFINITIVE, 0, motif="Regroupement"))
    dit = reouverture.constat(session, offre)
    assert dit.phrase.startswith("Fermée définitivement le")
    assert (dit.motif, dit.par, dit.archive, dit.prevue) == ("Regroupement", "Mireille Faure", True, False)
