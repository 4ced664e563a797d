"""« Demander la validation »: who prepares asks, who validates is told, then validates or sends back."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.objets import Contact, OffreOperationnelle, Telecommunication
from rxror.services import demandes_validation as demandes
from rxror.services import validation
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.tables import Action, Habilitation, ReglageEtablissement, Role, Trace, ValidationDemandee
from tests.fabriques import enregistrer, une_validation

NOM = "informations_generales"


@pytest.fixture
def ici(session: Session, place: Any, monde: Any) -> SimpleNamespace:
    """An établissement that separates: Claire prepares, Mireille validates, Louise reads."""
    session.add(ReglageEtablissement(finess=place.eg.num_finess, validation_separee=True))
    droit = session.exec(select(Habilitation).where(Habilitation.utilisateur_id == place.claire.id)).one()
    droit.role = Role.RESPONSABLE_OFFRE
    louise = monde.acteur("Louise Pagès")
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    session.flush()
    cible = Cible("offre", place.offre.identifiant_offre)
    return SimpleNamespace(
        eg=place.eg, offre=place.offre, cible=cible, claire=place.claire, mireille=place.mireille, louise=louise
    )


def vu(session: Session, qui: Acteur, cible: Cible) -> str:
    return validation.preparer(session, qui, cible).vu


def demander(session: Session, qui: Acteur, cible: Cible, mot: str = "", **autres: Any) -> Any:
    valeurs = {"genre": cible.genre, "identifiant": cible.identifiant, "mot": mot, "cle": uuid4()} | autres
    valeurs.setdefault("vu", vu(session, qui, cible))
    return demandes.demander(session, qui, demandes.Demander(**valeurs))


def renvoyer(session: Session, qui: Acteur, cible: Cible, mot: str) -> None:
    demande = demandes.Renvoyer(genre=cible.genre, identifiant=cible.identifiant, mot=mot, cle=uuid4())
    demandes.renvoyer(session, qui, demande)


def retirer(session: Session, qui: Acteur, cible: Cible) -> None:
    demandes.retirer(session, qui, demandes.Retirer(genre=cible.genre, identifiant=cible.identifiant, cle=uuid4()))


def lignes(session: Session) -> list[ValidationDemandee]:
    session.flush()
    return list(session.exec(select(ValidationDemandee).order_by(col(ValidationDemandee.objet))))


def traces(session: Session) -> list[tuple[Action, int | None]]:
    session.flush()
    siennes = [Action.DEMANDE, Action.RENVOI, Action.VALIDATION]
    requete = select(Trace).where(col(Trace.action).in_(siennes)).order_by(col(Trace.id))
    return [(t.action, t.utilisateur_id) for t in session.exec(requete)]


def test_who_prepares_asks_and_does_not_publish(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie, HDJ")
    with pytest.raises(AccesRefuse):
        validation.valider(session, ici.claire, une_validation(ici.offre, vu(session, ici.claire, ici.cible)))
    assert demander(session, ici.claire, ici.cible, "Le nom a changé.") == []
    (ligne,) = lignes(session)
    assert (ligne.objet, ligne.finess, ligne.utilisateur_id, ligne.mot) == (
        ici.cible.cle,
        ici.eg.num_finess,
        ici.claire.id,
        "Le nom a changé.",
    )
    assert session.get_one(OffreOperationnelle, ici.offre.id).nom_offre != "Gynécologie, HDJ"
    assert traces(session) == [(Action.DEMANDE, ici.claire.id)]


def test_who_validates_is_told_sees_who_prepared_and_validates(session: Session, ici: Any) -> None:
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie, HDJ")
    demander(session, ici.claire, ici.cible, "Le nom a changé.")
    dit = demandes.de_l_accueil(session, ici.mireille)
    assert dit.titre == "1 offre attend votre validation"
    (ligne,) = dit.attendent
    assert (ligne.mot, ligne.url) == ("Le nom a changé.", f"/offre/{ici.cible.identifiant}/valider")
    assert ligne.detail.startswith("Claire Dumas, aujourd’hui")
    prete = validation.preparer(session, ici.mireille, ici.cible)
    montree = demandes.montrer(session, prete.dossier.acces, ici.cible, prete.vu)
    assert (montree.qui, montree.a_demander, montree.change) == ("Claire Dumas", False, False)
    (nom,) = prete.changements
    assert (nom["champ"], nom.get("qui", "").partition(" à ")[0]) == ("Nom de l’offre", "Claire Dumas, aujourd’hui")
    assert validation.valider(session, ici.mireille, une_validation(ici.offre, prete.vu)) == []
    assert lignes(session) == []
    assert demandes.de_l_accueil(session, ici.mireille) == demandes.DemandesMontrees()


def test_a_brouillon_that_changed_after_the_request_is_told(session: Session, ici: Any) -> None:
    demander(session, ici.claire, ici.cible)
    enregistrer(session, ici.claire, ici.offre, NOM, nom_offre="Gynécologie, HDJ")
    prete = validation.preparer(session, ici.mireille, ici.cible)
    assert demandes.montrer(session, prete.dossier.acces, ici.cible, prete.vu).change


def test_sent_back_with_a_word_it_waits_for_who_asked(session: Session, ici: Any) -> None:
    demander(session, ici.claire, ici.cible)
    with pytest.raises(GesteRefuse, match="Écrivez"):
        renvoyer(session, ici.mireille, ici.cible, "  ")
    renvoyer(session, ici.mireille, ici.cible, "Vérifiez le téléphone.")
    with pytest.raises(Conflit):
        renvoyer(session, ici.mireille, ici.cible, "Encore.")
    assert demandes.de_l_accueil(session, ici.mireille).titre == ""
    (ligne,) = demandes.de_l_accueil(session, ici.claire).renvoyees
    assert (ligne.mot, ligne.url) == ("Vérifiez le téléphone.", f"/offre/{ici.cible.identifiant}")
    montree = demandes.lire(session, ici.claire, ici.cible)
    assert (montree.reponse, montree.a_demander) == ("Vérifiez le téléphone.", True)
    assert montree.renvoyee.startswith("Mireille Faure, aujourd’hui")
    demander(session, ici.claire, ici.cible)  # again: it is no longer sent back
    assert demandes.de_l_accueil(session, ici.claire).renvoyees == []
    assert len(demandes.de_l_accueil(session, ici.mireille).attendent) == 1


def test_what_blocks_is_not_asked(session: Session, ici: Any) -> None:
    contact = session.exec(select(Contact).where(Contact.offre_operationnelle_id == ici.offre.id)).one()
    session.delete(session.exec(select(Telecommunication).where(Telecommunication.contact_id == contact.id)).one())
    session.flush()
    session.expire_all()
    assert [a.bloque for a in demander(session, ici.claire, ici.cible)][:1] == [True]
    assert (lignes(session), traces(session)) == ([], [])


def test_what_changed_since_the_page_was_shown_is_a_conflict(session: Session, ici: Any) -> None:
    avant = vu(session, ici.claire, ici.cible)
    enregistrer(session, ici.mireille, ici.offre, NOM, nom_offre="Gynécologie, HDJ")
    with pytest.raises(Conflit):
        demander(session, ici.claire, ici.cible, vu=avant)
    assert lignes(session) == []


def test_a_retry_asks_once(session: Session, ici: Any) -> None:
    cle = uuid4()
    for _ in range(2):
        assert demander(session, ici.claire, ici.cible, cle=cle) == []
    assert len(traces(session)) == 1
    with pytest.raises(SaisieInvalide):
        demandes.retirer(
            session, ici.claire, demandes.Retirer(genre="lieu", identifiant=un_autre(session, ici), cle=cle)
        )


def un_autre(session: Session, ici: Any) -> str:
    ouvert = validation.preparer(session, ici.claire, ici.cible).dossier
    return next(iter(ouvert.lieux))


def test_withdrawn_nothing_is_asked_any_more(session: Session, ici: Any) -> None:
    demander(session, ici.claire, ici.cible)
    retirer(session, ici.claire, ici.cible)
    retirer(session, ici.claire, ici.cible)
    assert lignes(session) == []
    assert traces(session) == [(Action.DEMANDE, ici.claire.id)] * 2


@pytest.mark.parametrize("qui", ["louise", "mireille"])
def test_only_who_prepares_asks_and_withdraws(session: Session, ici: Any, qui: str) -> None:
    acteur = getattr(ici, qui)
    with pytest.raises(AccesRefuse):
        demander(session, acteur, ici.cible, vu="1")
    demander(session, ici.claire, ici.cible)
    with pytest.raises(AccesRefuse):
        retirer(session, acteur, ici.cible)
    assert len(lignes(session)) == 1


@pytest.mark.parametrize("qui", ["louise", "claire"])
def test_only_who_validates_sends_back(session: Session, ici: Any, qui: str) -> None:
    demander(session, ici.claire, ici.cible)
    with pytest.raises(AccesRefuse):
        renvoyer(session, getattr(ici, qui), ici.cible, "Non")
    assert lignes(session)[0].renvoyee is None


def test_a_request_is_not_told_to_a_reader_nor_elsewhere(session: Session, ici: Any, monde: Any) -> None:
    demander(session, ici.claire, ici.cible, "Un mot.")
    assert demandes.lire(session, ici.louise, ici.cible) == demandes.DemandeMontree()
    ailleurs = monde.acteur("Ailleurs")
    monde.habiliter(ailleurs, monde.eg("AUTRE"))
    for qui in (ici.louise, ailleurs):
        assert demandes.de_l_accueil(session, qui) == demandes.DemandesMontrees()
    with pytest.raises(AccesRefuse):
        demandes.lire(session, ailleurs, ici.cible)


def test_a_right_that_ended_hides_what_came_back(session: Session, ici: Any) -> None:
    demander(session, ici.claire, ici.cible)
    renvoyer(session, ici.mireille, ici.cible, "Vérifiez.")
    session.delete(session.exec(select(Habilitation).where(Habilitation.utilisateur_id == ici.claire.id)).one())
    session.flush()
    assert demandes.de_l_accueil(session, ici.claire).renvoyees == []


def test_where_validation_is_not_separate_nobody_asks(session: Session, ici: Any) -> None:
    session.get_one(ReglageEtablissement, ici.eg.num_finess).validation_separee = False
    session.flush()
    assert exiger(session, ici.claire, ici.cible, Geste.VALIDER)
    with pytest.raises(AccesRefuse):
        demander(session, ici.claire, ici.cible)


def test_a_lieu_published_with_its_offer_is_asked_no_more(session: Session, ici: Any) -> None:
    lieu = Cible("lieu", un_autre(session, ici))
    demander(session, ici.claire, lieu)
    assert [x.objet for x in lignes(session)] == [lieu.cle]
    dit = demandes.de_l_accueil(session, ici.mireille)
    assert dit.titre == "1 objet attend votre validation"
    prete = validation.preparer(session, ici.mireille, lieu)
    demande = une_validation(ici.offre, prete.vu)
    demande.genre, demande.identifiant = lieu.genre, lieu.identifiant
    assert validation.valider(session, ici.mireille, demande) == []
    assert lignes(session) == []
