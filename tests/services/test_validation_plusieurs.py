"""« Valider ce qui est prêt »: all that is saved below a node, each object whole or left."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse, SaisieInvalide
from rxror.ror.objets import LieuRealisationOffre, OffreLieu
from rxror.services import validation_plusieurs as plusieurs
from rxror.services.acces import Cible
from rxror.services.confirmation import BLOQUE, CHANGE, ObjetLu
from rxror.services.validation_plusieurs import ValiderPlusieurs
from rxror.tables import Action, Brouillon, Role, Trace
from tests.fabriques import enregistrer, garder, une_offre_complete
from tests.services.test_versions import Temoin

NOM = "informations_generales"


@pytest.fixture
def ici(session: Session, place: Any, monde: Any) -> SimpleNamespace:
    """A pôle with a UF of two offers that share a lieu."""
    pole = monde.oi(place.eg, "Pôle Femme-Mère-Enfant")
    uf = monde.oi(place.eg, "UF Gynécologie", "3", pole)
    lieu = session.exec(select(LieuRealisationOffre)).one()
    jour = une_offre_complete(session, place.eg, uf, nom_offre="Hôpital de jour")
    place.offre.organisation_interne_id = uf.id
    garder(session, OffreLieu(offre_operationnelle_id=jour.id, lieu_realisation_offre_id=lieu.id))
    session.flush()
    return SimpleNamespace(**vars(place), pole=pole, uf=uf, lieu=lieu, jour=jour)


def voir(session: Session, ici: Any, qui: Any = None) -> plusieurs.Vue:
    return plusieurs.preparer(session, qui or ici.claire, Cible("structure", ici.pole.identifiant_oi))


def une_demande(*objets: Any, cle: Any = None) -> ValiderPlusieurs:
    lus = []
    for objet in objets:
        genre, _, identifiant = objet["cle"].partition(":")
        lus.append(ObjetLu(genre=genre, identifiant=identifiant, vu=objet["vu"]))
    return ValiderPlusieurs(objets=lus, cle=cle or uuid4())


def test_all_that_is_ready_is_published_in_one_gesture(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie HC")
    enregistrer(session, ici.mireille, ici.jour, NOM, nom_offre="Hôpital de jour, 2e")
    enregistrer(session, ici.claire, ici.lieu, NOM, nom="3e étage")
    enregistrer_structure(session, ici)
    temoin = Temoin(session)
    vue = voir(session, ici)
    assert [o["nom"] for o in vue.prets] == ["Gynécologie HC", "Hôpital de jour, 2e", "UF Gynécologie, 2e étage"]
    assert [c["champ"] for c in vue.prets[0]["changements"]] == ["Nom de l’offre", "Nom du lieu"]
    demande = une_demande(*vue.prets)

    bilan = plusieurs.valider_plusieurs(session, ici.claire, demande)

    assert (len(bilan.faits), bilan.refus) == (3, {})
    assert set(temoin.verifier()) == {  # the shared lieu once, with the first of its offers
        f"offre:{ici.offre.identifiant_offre}",
        f"offre:{ici.jour.identifiant_offre}",
        f"lieu:{ici.lieu.identifiant}",
        f"structure:{ici.uf.identifiant_oi}",
    }
    assert session.exec(select(Brouillon)).all() == []
    assert voir(session, ici).prets == []
    avant = session.exec(select(Trace.id)).all()
    assert plusieurs.valider_plusieurs(session, ici.claire, demande) == bilan  # the same gesture again
    assert session.exec(select(Trace.id)).all() == avant
    with pytest.raises(SaisieInvalide):
        plusieurs.valider_plusieurs(session, ici.mireille, demande)


def enregistrer_structure(session: Session, ici: Any) -> None:
    garder(
        session,
        Brouillon(
            objet=f"structure:{ici.uf.identifiant_oi}",
            section=NOM,
            valeurs={"nom_oi": "UF Gynécologie, 2e étage"},
            utilisateur_id=ici.claire.id,
            modifie=session.exec(select(Brouillon).order_by(col(Brouillon.id))).all()[0].modifie,
        ),
    )


def test_what_blocks_one_stops_no_other(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="")
    enregistrer(session, ici.claire, ici.jour, NOM, nom_offre="Hôpital de jour, 2e")
    vue = voir(session, ici)
    assert [o["nom"] for o in vue.prets] == ["Hôpital de jour, 2e"]
    (bloque,) = vue.bloques
    assert bloque["points"][0]["url"].endswith("#nom_offre")

    bilan = plusieurs.valider_plusieurs(session, ici.claire, une_demande(*vue.prets, bloque))

    assert bilan.faits == [f"offre:{ici.jour.identifiant_offre}"]
    assert bilan.refus == {bloque["cle"]: BLOQUE}
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.VALIDATION)).all()
    assert trace.objet == f"offre:{ici.jour.identifiant_offre}"


def test_one_that_somebody_saved_since_is_left(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie HC")
    enregistrer(session, ici.claire, ici.jour, NOM, nom_offre="Hôpital de jour, 2e")
    demande = une_demande(*voir(session, ici).prets)
    enregistrer(session, ici.mireille, ici.jour, NOM, nom_offre="Hôpital de jour, 3e")
    bilan = plusieurs.valider_plusieurs(session, ici.claire, demande)
    assert bilan.faits == [f"offre:{ici.offre.identifiant_offre}"]
    assert bilan.refus == {f"offre:{ici.jour.identifiant_offre}": CHANGE}


def test_a_lieu_alone_waits_alone(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.lieu, NOM, nom="3e étage")
    (objet,) = voir(session, ici).prets
    assert objet["nom"].endswith("3e étage")
    assert objet["sert"].startswith("Sert 2 offres")
    assert plusieurs.valider_plusieurs(session, ici.claire, une_demande(objet)).faits == [
        f"lieu:{ici.lieu.identifiant}"
    ]


def test_who_may_not_validate_sees_nothing_and_is_refused(session: Session, ici: Any, monde: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie HC")
    demande = une_demande(*voir(session, ici).prets)
    louise, hugo = monde.acteur("Louise"), monde.acteur("Hugo")
    monde.habiliter(louise, ici.eg, Role.LECTEUR)
    assert voir(session, ici, louise).prets == []
    for qui in (louise, hugo):
        with pytest.raises(AccesRefuse):
            plusieurs.valider_plusieurs(session, qui, demande)
    with pytest.raises(AccesRefuse):
        voir(session, ici, hugo)
