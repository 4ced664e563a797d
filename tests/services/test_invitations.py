"""Invitations: who may offer what, seven days, once, dead with the right of the inviter; nobody raises themselves."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror import db
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit, CourrielIndisponible, SaisieInvalide
from rxror.services import acceptation, invitations, invitations_vues, mes_donnees
from rxror.services.acceptation import InvitationRefusee
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.invitations import Inviter, SurUneInvitation
from rxror.settings import settings
from rxror.tables import Action, Courriel, Habilitation, Invitation, Portee, Role, Trace
from tests.services.conftest import Monde

MAINTENANT = datetime.now(UTC)
PAUL = "paul@exemple.fr"


@pytest.fixture(autouse=True)
def smtp(reglages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_SMTP_HOST", "smtp.exemple.fr")
    monkeypatch.setenv("RXROR_COURRIEL_EXPEDITEUR", "rxror@exemple.fr")
    settings.cache_clear()


@dataclass
class Scene:
    """CH ALBI and its référent, a pôle and a UF there, another établissement, and Paul who has no right."""

    session: Session
    mireille: Acteur
    paul: Acteur
    eg: Any
    autre: Any
    pole: Any
    uf: Any

    def inviter(self, acteur: Acteur | None = None, maintenant: datetime = MAINTENANT, **autres: Any) -> dict[str, str]:
        demande = Inviter(
            **{
                "finess": self.eg.num_finess,
                "role": Role.RESPONSABLE_OFFRE,
                "adresse": PAUL,
                "cle": uuid4(),
            }
            | autres
        )
        return invitations.inviter(self.session, acteur or self.mireille, demande, maintenant)

    def marque(self, rang: int = -1) -> str:
        """Mark of the last link sent, read from its mail as the person does."""
        courriels = self.session.exec(select(Courriel).order_by(col(Courriel.id))).all()
        (secret,) = re.findall(r"/auth/invitation/(\S+)", courriels[rang].texte)
        return invitations.empreinte(secret)

    def droits(self, qui: Acteur) -> list[tuple[Role, Portee, str]]:
        lus = self.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == qui.id))
        return sorted((d.role, d.portee, d.code) for d in lus)

    def refus(self, marque: str, acteur: Acteur | None, maintenant: datetime = MAINTENANT) -> str:
        with pytest.raises(InvitationRefusee) as lu:
            acceptation.lire(self.session, marque, acteur, maintenant)
        with pytest.raises(InvitationRefusee) as pris:
            acceptation.accepter(self.session, acteur or self.paul, marque, maintenant)
        assert lu.value.motif == pris.value.motif
        return pris.value.motif


@pytest.fixture
def scene(session: Session, monde: Monde) -> Scene:
    eg, autre = monde.eg(), monde.eg("EHPAD La Renaudie")
    pole = monde.oi(eg, "Pôle Femme")
    uf = monde.oi(eg, "UF Gynécologie", "3", pole)
    mireille, paul = monde.acteur("Mireille Faure"), monde.acteur("Paul Roux")
    monde.habiliter(mireille, eg)
    return Scene(session, mireille, paul, eg, autre, pole, uf)


# ------------------------------------------------------------------------------ offered


def test_inviter_then_accepter_gives_the_right_and_tells_it(scene: Scene):
    fin = aujourd_hui() + timedelta(days=30)
    assert scene.inviter(fin=fin.isoformat(), reponse_a="mireille@exemple.fr") == {}
    marque = scene.marque()
    offerte = acceptation.lire(scene.session, marque, None, MAINTENANT)
    assert (offerte.de, offerte.role, offerte.place) == ("Mireille Faure", "Responsable d’offre", "CH ALBI")
    assert scene.droits(scene.paul) == []
    recue = acceptation.accepter(scene.session, scene.paul, marque, MAINTENANT)
    assert recue.acceptee
    assert recue.url == f"/etablissement/{scene.eg.num_finess}"
    (droit,) = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.paul.id)).all()
    assert (droit.role, droit.portee, droit.code) == (
        Role.RESPONSABLE_OFFRE,
        Portee.ETABLISSEMENT,
        scene.eg.num_finess,
    )
    assert (droit.fin, droit.accordee_par, droit.debut) == (fin, scene.mireille.id, aujourd_hui())
    exiger(scene.session, scene.paul, Cible("etablissement", scene.eg.num_finess), Geste.LIRE)
    traces = scene.session.exec(select(Trace).order_by(col(Trace.id))).all()
    assert [(t.action, t.utilisateur_id) for t in traces] == [
        (Action.INVITATION, scene.mireille.id),
        (Action.HABILITATION, scene.paul.id),
        (Action.INVITATION, scene.paul.id),
    ]
    dernier = scene.session.exec(select(Courriel).order_by(col(Courriel.id).desc())).first()
    assert dernier is not None
    assert (dernier.destinataire, "Paul Roux" in dernier.texte) == ("mireille@exemple.fr", True)


def test_the_secret_is_nowhere_but_in_the_mail(scene: Scene):
    scene.inviter()
    (secret,) = re.findall(r"/auth/invitation/(\S+)", scene.session.exec(select(Courriel)).one().texte)
    invitation = scene.session.exec(select(Invitation)).one()
    assert len(secret) >= 43
    assert secret not in invitation.model_dump_json()
    assert secret not in "".join(t.model_dump_json() for t in scene.session.exec(select(Trace)))


def test_the_same_key_invites_once(scene: Scene):
    cle = uuid4()
    assert scene.inviter(cle=cle) == scene.inviter(cle=cle) == {}
    assert len(scene.session.exec(select(Invitation)).all()) == 1
    assert len(scene.session.exec(select(Courriel)).all()) == 1
    with pytest.raises(SaisieInvalide):
        scene.inviter(scene.paul, cle=cle)


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"adresse": "paul"}, "adresse"),
        ({"adresse": "paul@exemple.fr\nBcc: x@exemple.fr"}, "adresse"),
        ({"reponse_a": "mireille"}, "reponse_a"),
        ({"fin": (aujourd_hui() - timedelta(days=1)).isoformat()}, "fin"),
        ({"fin": "31/12/2027"}, "fin"),
        ({"fin": "9999-12-31"}, "fin"),
    ],
)
def test_what_is_mistyped_is_said_and_nothing_leaves(scene: Scene, autres: dict[str, str], champ: str):
    assert list(scene.inviter(**autres)) == [champ]
    assert scene.session.exec(select(Invitation)).all() == []
    assert scene.session.exec(select(Courriel)).all() == []


def test_the_same_address_is_not_invited_twice_to_the_same(scene: Scene):
    assert scene.inviter() == {}
    assert "déjà invitée" in scene.inviter()["adresse"]
    assert scene.inviter(role=Role.LECTEUR) == {}
    assert scene.inviter(maintenant=MAINTENANT + invitations.VIE) == {}


def test_there_are_never_too_many_invitations_at_once(scene: Scene):
    for n in range(invitations.EN_ATTENTE_AU_PLUS):
        assert scene.inviter(adresse=f"p{n}@exemple.fr") == {}
    assert "retirez-en" in scene.inviter()["adresse"]


def test_taking_back_and_inviting_again_is_bounded_too(scene: Scene):
    for n in range(invitations.PAR_JOUR):
        assert scene.inviter(adresse=f"p{n}@exemple.fr") == {}
        derniere = scene.session.exec(select(Invitation.id).order_by(col(Invitation.id).desc())).first()
        invitations.retirer(scene.session, scene.mireille, sur(scene, numero=derniere))
    assert "en un jour" in scene.inviter()["adresse"]
    assert scene.inviter(maintenant=MAINTENANT + timedelta(days=1)) == {}


def test_without_mail_server_nothing_is_done(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RXROR_SMTP_HOST")
    settings.cache_clear()
    with pytest.raises(CourrielIndisponible):
        scene.inviter()
    assert scene.session.exec(select(Invitation)).all() == []


# --------------------------------------------------------------------------- who, what


@pytest.mark.parametrize("role", Role)
def test_only_who_administers_invites(scene: Scene, monde: Monde, role: Role):
    qui = monde.acteur("Quelqu’un")
    portee = {Role.REFERENT_REGIONAL: Portee.REGION}.get(role, Portee.ETABLISSEMENT)
    monde.habiliter(qui, scene.autre, role, portee=portee)
    with pytest.raises(AccesRefuse):
        scene.inviter(qui)
    if role in (Role.LECTEUR, Role.RESPONSABLE_OFFRE, Role.RESPONSABLE_QUALITE):
        monde.habiliter(qui, scene.eg, role)
        with pytest.raises(AccesRefuse):
            scene.inviter(qui)


@pytest.mark.parametrize("role", [Role.REFERENT_REGIONAL, Role.RESPONSABLE_QUALITE])
def test_a_referent_gives_no_role_above_theirs(scene: Scene, role: Role):
    with pytest.raises(AccesRefuse):
        scene.inviter(role=role)


def test_a_structure_of_another_etablissement_is_refused(scene: Scene, monde: Monde):
    ailleurs = monde.oi(scene.autre, "Pôle d’ailleurs")
    with pytest.raises(AccesRefuse):
        scene.inviter(structure=ailleurs.identifiant_oi)
    with pytest.raises(AccesRefuse):
        scene.inviter(structure="inconnue")
    assert list(scene.inviter(structure=scene.uf.identifiant_oi, role=Role.REFERENT)) == ["structure"]


def test_a_right_on_a_uf_is_on_that_uf(scene: Scene):
    assert scene.inviter(structure=scene.uf.identifiant_oi) == {}
    lue = acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT)
    assert lue.url == f"/structure/{scene.uf.identifiant_oi}"
    assert scene.droits(scene.paul) == [(Role.RESPONSABLE_OFFRE, Portee.STRUCTURE, scene.uf.identifiant_oi)]
    exiger(scene.session, scene.paul, Cible("structure", scene.uf.identifiant_oi), Geste.MODIFIER)
    with pytest.raises(AccesRefuse):
        exiger(scene.session, scene.paul, Cible("structure", scene.pole.identifiant_oi), Geste.MODIFIER)


@pytest.mark.parametrize("de_trop", ["utilisateur_id", "portee", "code", "invite_par", "issue"])
def test_nothing_more_than_the_form_is_taken(scene: Scene, de_trop: str):
    with pytest.raises(ValidationError):
        scene.inviter(**{de_trop: "1"})


# ---------------------------------------------------------------------- when it is dead


def test_seven_days_exactly(scene: Scene):
    scene.inviter()
    marque, fin = scene.marque(), MAINTENANT + timedelta(days=7)
    acceptation.lire(scene.session, marque, scene.paul, fin - timedelta(microseconds=1))
    assert scene.refus(marque, scene.paul, fin) == "expiree"
    assert scene.droits(scene.paul) == []


def test_an_invitation_to_a_right_that_would_be_over_is_expired(scene: Scene):
    scene.inviter(fin=aujourd_hui().isoformat())
    invitation = scene.session.exec(select(Invitation)).one()
    acceptation.lire(scene.session, scene.marque(), scene.paul, MAINTENANT)
    invitation.fin = aujourd_hui() - timedelta(days=1)
    scene.session.flush()
    assert scene.refus(scene.marque(), scene.paul) == "expiree"


def test_an_altered_or_unknown_link_gives_nothing(scene: Scene):
    scene.inviter()
    for marque in ("", "x", scene.marque()[:-1], scene.marque().upper(), "' OR 1=1 --"):
        assert scene.refus(marque, scene.paul) == "inconnue"


def test_a_link_serves_once_but_twice_to_the_same_person(scene: Scene, monde: Monde):
    scene.inviter()
    marque = scene.marque()
    acceptation.accepter(scene.session, scene.paul, marque, MAINTENANT)
    assert acceptation.accepter(scene.session, scene.paul, marque, MAINTENANT).acceptee
    assert len(scene.droits(scene.paul)) == 1
    assert scene.refus(marque, monde.acteur("Une autre")) == "utilisee"
    assert scene.refus(marque, scene.mireille) == "utilisee"


def test_an_accepted_link_gives_nothing_back_once_the_right_is_taken_away(scene: Scene):
    scene.inviter()
    marque = scene.marque()
    acceptation.accepter(scene.session, scene.paul, marque, MAINTENANT)
    (droit,) = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.paul.id)).all()
    scene.session.delete(droit)
    scene.session.flush()
    acceptation.accepter(scene.session, scene.paul, marque, MAINTENANT)
    assert scene.droits(scene.paul) == []


def test_the_inviter_does_not_accept_their_own_invitation(scene: Scene):
    scene.inviter(role=Role.REFERENT, adresse="mireille@exemple.fr")
    assert scene.refus(scene.marque(), scene.mireille) == "soi"
    assert len(scene.droits(scene.mireille)) == 1


@pytest.mark.parametrize("comment", ["termine", "retrograde", "supprime", "ailleurs"])
def test_an_inviter_who_lost_the_right_gives_nothing(scene: Scene, comment: str):
    scene.inviter()
    droit = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.mireille.id)).one()
    if comment == "termine":
        droit.fin = aujourd_hui() - timedelta(days=1)
    elif comment == "retrograde":
        droit.role = Role.RESPONSABLE_OFFRE
    elif comment == "ailleurs":
        droit.code = scene.autre.num_finess
    else:
        scene.session.delete(droit)
    scene.session.flush()
    assert scene.refus(scene.marque(), None) == "revoquee"
    assert scene.refus(scene.marque(), scene.paul) == "revoquee"
    assert scene.droits(scene.paul) == []


def test_a_right_already_held_is_prolonged_and_never_shortened(scene: Scene, monde: Monde):
    monde.habiliter(scene.paul, scene.eg, Role.RESPONSABLE_OFFRE)
    scene.inviter(fin=aujourd_hui().isoformat())
    acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT)
    (droit,) = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.paul.id)).all()
    assert droit.fin is None


def test_a_delegation_becomes_a_right_of_their_own_for_as_long_as_it_says(scene: Scene, monde: Monde):
    """And not until the end of the delegation, which somebody else decided."""
    de = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.mireille.id)).one()
    loin, jour = aujourd_hui() + timedelta(days=300), aujourd_hui() + timedelta(days=10)
    monde.habiliter(scene.paul, scene.eg, Role.RESPONSABLE_OFFRE, fin=loin, suppleance_de=de.id)
    scene.inviter(fin=jour.isoformat())
    acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT)
    (droit,) = scene.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == scene.paul.id)).all()
    assert (droit.fin, droit.suppleance_de) == (jour, None)


def test_what_one_accepted_gives_them_nobody_s_address(scene: Scene):
    scene.inviter()
    acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT)
    (ligne,) = dict(mes_donnees.exporter(scene.session, scene.paul))["invitation"]
    assert {"adresse", "reponse_a"}.isdisjoint(ligne)


# ---------------------------------------------------------------------- sent again, withdrawn


def sur(scene: Scene, **autres: Any) -> SurUneInvitation:
    numero = scene.session.exec(select(Invitation.id).order_by(col(Invitation.id))).first()
    return SurUneInvitation(**{"finess": scene.eg.num_finess, "numero": numero, "cle": uuid4()} | autres)


def test_renvoyer_makes_a_new_link_and_kills_the_former(scene: Scene):
    scene.inviter()
    avant, tard = scene.marque(), MAINTENANT + timedelta(days=6)
    invitations.renvoyer(scene.session, scene.mireille, sur(scene), tard)
    assert scene.refus(avant, scene.paul, tard) == "inconnue"
    acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT + timedelta(days=12))


def test_renvoyer_five_times_at_most(scene: Scene):
    scene.inviter()
    for _ in range(invitations.ENVOIS_AU_PLUS - 1):
        invitations.renvoyer(scene.session, scene.mireille, sur(scene), MAINTENANT)
    with pytest.raises(Conflit):
        invitations.renvoyer(scene.session, scene.mireille, sur(scene), MAINTENANT)
    assert len(scene.session.exec(select(Courriel)).all()) == invitations.ENVOIS_AU_PLUS


def test_retirer_kills_the_link(scene: Scene):
    scene.inviter()
    demande = sur(scene)
    invitations.retirer(scene.session, scene.mireille, demande)
    invitations.retirer(scene.session, scene.mireille, demande)
    assert scene.refus(scene.marque(), scene.paul) == "retiree"
    with pytest.raises(Conflit):
        invitations.renvoyer(scene.session, scene.mireille, sur(scene))
    with pytest.raises(Conflit):
        invitations.retirer(scene.session, scene.mireille, sur(scene))


def test_the_invitations_of_an_etablissement_are_those_of_its_referents(scene: Scene, monde: Monde):
    scene.inviter()
    samir = monde.acteur("Samir Costes")
    monde.habiliter(samir, scene.autre)
    for finess in (scene.eg.num_finess, scene.autre.num_finess):
        for geste in (invitations.retirer, invitations.renvoyer):
            with pytest.raises(AccesRefuse):
                geste(scene.session, samir, sur(scene, finess=finess))
    with pytest.raises(AccesRefuse):
        invitations_vues.lister(scene.session, samir, scene.eg.num_finess)
    assert invitations_vues.lister(scene.session, samir, scene.autre.num_finess) == []
    (ligne,) = invitations_vues.lister(scene.session, scene.mireille, scene.eg.num_finess)
    assert (ligne.adresse, ligne.quoi, ligne.etat, ligne.attend) == (
        PAUL,
        "Responsable d’offre, CH ALBI",
        "Attend",
        True,
    )


def test_the_list_says_what_became_of_each(scene: Scene):
    scene.inviter()
    scene.inviter(adresse="a@exemple.fr", structure=scene.uf.identifiant_oi)
    acceptation.accepter(scene.session, scene.paul, scene.marque(), MAINTENANT)
    scene.inviter(adresse="b@exemple.fr")
    courriel = scene.session.exec(select(Courriel).where(Courriel.destinataire == "b@exemple.fr")).one()
    courriel.erreur, courriel.prochain_essai = "adresse refusée", None
    scene.session.flush()
    dans_huit_jours = MAINTENANT + timedelta(days=8)
    lignes = invitations_vues.lister(scene.session, scene.mireille, scene.eg.num_finess, dans_huit_jours)
    assert [(i.adresse, i.etat, i.attend) for i in lignes] == [
        ("b@exemple.fr", "Non remise", True),
        ("a@exemple.fr", "Acceptée", False),
        (PAUL, "Expirée", True),
    ]
    assert "Paul Roux" in lignes[1].detail
    assert invitations_vues.lister(scene.session, scene.mireille, scene.eg.num_finess, MAINTENANT + timedelta(60)) == []


# ------------------------------------------------------------------------ at the same time


@pytest.mark.usefixtures("tables")
def test_two_people_accept_the_same_link_at_once_and_one_gets_it():
    with db.transaction() as session:
        monde = Monde(session)
        eg, mireille = monde.eg(), monde.acteur("Mireille Faure")
        monde.habiliter(mireille, eg)
        gens = [monde.acteur(f"Personne {n}") for n in range(4)]
        demande = Inviter(finess=eg.num_finess, role=Role.LECTEUR, adresse=PAUL, cle=UUID(int=1))
        invitations.inviter(session, mireille, demande)
        (secret,) = re.findall(r"/auth/invitation/(\S+)", session.exec(select(Courriel)).one().texte)

    def accepter(qui: Acteur) -> str:
        try:
            db.rejouable(lambda s: acceptation.accepter(s, qui, invitations.empreinte(secret)))
        except InvitationRefusee as refus:
            return refus.motif
        return "acceptee"

    with ThreadPoolExecutor(4) as ensemble:
        assert sorted(ensemble.map(accepter, gens)) == ["acceptee", "utilisee", "utilisee", "utilisee"]
    with db.lecture() as session:
        ids = [qui.id for qui in gens]
        assert len(session.exec(select(Habilitation).where(col(Habilitation.utilisateur_id).in_(ids))).all()) == 1
