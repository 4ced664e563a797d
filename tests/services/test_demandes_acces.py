"""Requests for an access: one at a time, seen by who answers, decided once, never by oneself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from rxror import db
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.nomenclatures import Commune
from rxror.ror.recherche import sans_accent
from rxror.services import demandes_acces, reponses_acces
from rxror.services.acces import Acteur, Cible, Geste, exiger
from rxror.services.demandes_acces import Demander, SurUneDemande
from rxror.services.reponses_acces import Accorder, Refuser
from rxror.settings import settings
from rxror.tables import Action, Courriel, DemandeAcces, Habilitation, Portee, Role, Trace
from tests.services.conftest import Monde

HUGO_A = "hugo@exemple.fr"


@pytest.fixture(autouse=True)
def smtp(reglages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RXROR_SMTP_HOST", "smtp.exemple.fr")
    monkeypatch.setenv("RXROR_COURRIEL_EXPEDITEUR", "rxror@exemple.fr")
    settings.cache_clear()


@dataclass
class Scene:
    """CH ALBI and Mireille its référent, and Hugo who has no right."""

    session: Session
    monde: Monde
    mireille: Acteur
    hugo: Acteur
    eg: Any

    def demander(self, acteur: Acteur | None = None, **autres: Any) -> dict[str, str]:
        demande = {"finess": self.eg.num_finess, "role": Role.RESPONSABLE_OFFRE, "motif": "Je tiens la cardiologie."}
        demande |= {"adresse": HUGO_A, "cle": uuid4()} | autres
        return demandes_acces.demander(self.session, acteur or self.hugo, Demander(**demande))

    @property
    def numero(self) -> int:
        return self.session.exec(select(DemandeAcces.id).order_by(col(DemandeAcces.id).desc())).first() or 0

    def accorder(self, acteur: Acteur | None = None, **autres: Any) -> dict[str, str]:
        demande = Accorder(**{"numero": self.numero, "role": Role.RESPONSABLE_OFFRE, "cle": uuid4()} | autres)
        return reponses_acces.accorder(self.session, acteur or self.mireille, demande)

    def refuser(self, acteur: Acteur | None = None, **autres: Any) -> dict[str, str]:
        demande = Refuser(**{"numero": self.numero, "mot": "Voyez avec le pôle.", "cle": uuid4()} | autres)
        return reponses_acces.refuser(self.session, acteur or self.mireille, demande)

    def droits(self, qui: Acteur) -> list[Habilitation]:
        return list(self.session.exec(select(Habilitation).where(Habilitation.utilisateur_id == qui.id)))

    def courriels(self) -> list[Courriel]:
        return list(self.session.exec(select(Courriel).order_by(col(Courriel.id))))


@pytest.fixture
def scene(session: Session, monde: Monde) -> Scene:
    session.add(
        Commune(code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="")
    )
    eg = monde.eg(commune_cog="81004", recherche=sans_accent("CH ALBI 81 ALBI"))
    mireille, hugo = monde.acteur("Mireille Faure"), monde.acteur("Hugo Marty")
    monde.habiliter(mireille, eg)
    return Scene(session, monde, mireille, hugo, eg)


# --------------------------------------------------------------------------------- asked


def test_a_person_finds_an_etablissement_by_its_name_and_learns_little(scene: Scene):
    (trouve,) = demandes_acces.chercher(scene.session, scene.hugo, "ch albi")
    assert (trouve.nom, trouve.commune, trouve.finess) == ("CH ALBI", "Albi", scene.eg.num_finess)
    assert demandes_acces.chercher(scene.session, scene.hugo, "c") == []
    assert demandes_acces.chercher(scene.session, scene.hugo, "%%%") == []
    assert demandes_acces.chercher(scene.session, scene.hugo, "' OR 1=1") == []


def test_demander_is_told_to_the_referent_and_to_nobody_else(scene: Scene):
    lecteur = scene.monde.acteur("Louise Pagès")
    scene.monde.habiliter(lecteur, scene.eg, Role.LECTEUR)
    assert scene.demander() == {}
    (recue,) = reponses_acces.recues(scene.session, scene.mireille)
    assert (recue.qui, recue.quoi) == ("Hugo Marty", "Responsable d’offre, CH ALBI")
    for autre in (scene.hugo, lecteur, scene.monde.acteur("Personne")):
        assert reponses_acces.nombre_recues(scene.session, autre) == 0
        with pytest.raises(AccesRefuse):
            reponses_acces.lire(scene.session, autre, scene.numero)
    (mienne,) = demandes_acces.les_miennes(scene.session, scene.hugo)
    assert mienne.attend
    assert [t.action for t in scene.session.exec(select(Trace))] == [Action.ACCES]


def test_one_open_request_for_each_person_and_etablissement(scene: Scene):
    cle = uuid4()
    assert scene.demander(cle=cle) == scene.demander(cle=cle) == {}
    assert "déjà une demande" in scene.demander(role=Role.LECTEUR)["role"]
    assert len(scene.session.exec(select(DemandeAcces)).all()) == 1


def test_ten_open_requests_at_most(scene: Scene):
    lieux = [scene.monde.eg(f"EHPAD {n}") for n in range(demandes_acces.OUVERTES_AU_PLUS)]
    for eg in lieux:
        scene.monde.habiliter(scene.mireille, eg)
        assert scene.demander(finess=eg.num_finess) == {}
    assert "10 demandes" in scene.demander()["role"]
    demandes_acces.retirer(scene.session, scene.hugo, SurUneDemande(numero=scene.numero, cle=uuid4()))
    assert scene.demander() == {}


def test_asking_and_taking_back_is_bounded_too(scene: Scene):
    for _ in range(demandes_acces.PAR_JOUR):
        assert scene.demander() == {}
        demandes_acces.retirer(scene.session, scene.hugo, SurUneDemande(numero=scene.numero, cle=uuid4()))
    assert "en un jour" in scene.demander()["role"]


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"motif": "  \n "}, "motif"),
        ({"motif": "a" * (demandes_acces.MOTIF_MAX + 1)}, "motif"),
        ({"motif": "CH \u202eIBLA"}, "motif"),
        ({"adresse": ""}, "adresse"),
        ({"adresse": "hugo@exemple.fr, tous@exemple.fr"}, "adresse"),
    ],
)
def test_what_is_mistyped_is_said(scene: Scene, autres: dict[str, str], champ: str):
    assert list(scene.demander(**autres)) == [champ]
    assert scene.session.exec(select(DemandeAcces)).all() == []


@pytest.mark.parametrize("role", [Role.REFERENT_REGIONAL, Role.RESPONSABLE_QUALITE])
def test_a_role_of_a_territory_is_not_asked_for(scene: Scene, role: Role):
    with pytest.raises(AccesRefuse):
        scene.demander(role=role)


@pytest.mark.parametrize("finess", ["810000000", "", "'", "\x00"])
def test_an_unknown_etablissement_is_refused(scene: Scene, finess: str):
    with pytest.raises(AccesRefuse):
        scene.demander(finess=finess)
    with pytest.raises(AccesRefuse):
        demandes_acces.ouvrir(scene.session, scene.hugo, finess)


def test_a_right_already_held_is_not_asked_for(scene: Scene):
    scene.monde.habiliter(scene.hugo, scene.eg, Role.RESPONSABLE_OFFRE)
    assert "déjà ce droit" in scene.demander()["role"]
    assert "déjà ce droit" in scene.demander(role=Role.LECTEUR)["role"]
    assert scene.demander(role=Role.REFERENT) == {}


@pytest.mark.parametrize("de_trop", ["utilisateur_id", "issue", "decidee_par", "ouverte"])
def test_nothing_more_than_the_form_is_taken(scene: Scene, de_trop: str):
    with pytest.raises(ValidationError):
        scene.demander(**{de_trop: "1"})


# ------------------------------------------------------------------------------ who answers


def terminer(scene: Scene) -> None:
    (droit,) = scene.droits(scene.mireille)
    droit.fin = aujourd_hui() - timedelta(days=1)
    scene.session.flush()


def test_without_referent_the_regional_one_answers(scene: Scene):
    regional = scene.monde.acteur("Anaïs Roques")
    scene.monde.habiliter(regional, scene.eg, Role.REFERENT_REGIONAL, portee=Portee.REGION, code="76")
    assert "référent de cet" in demandes_acces.ouvrir(scene.session, scene.hugo, scene.eg.num_finess).qui
    scene.demander()
    assert reponses_acces.nombre_recues(scene.session, regional) == 0
    terminer(scene)
    assert "régional" in demandes_acces.ouvrir(scene.session, scene.hugo, scene.eg.num_finess).qui
    assert reponses_acces.nombre_recues(scene.session, regional) == 1
    assert reponses_acces.nombre_recues(scene.session, scene.mireille) == 0
    assert scene.accorder(regional) == {}


def test_with_nobody_to_answer_the_screen_says_whom_to_write_to(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    terminer(scene)
    assert (
        "l’équipe du ROR de votre région"
        in demandes_acces.ouvrir(scene.session, scene.hugo, scene.eg.num_finess).empeche
    )
    monkeypatch.setenv("RXROR_CONTACT_ASSISTANCE", "ror@exemple.fr")
    settings.cache_clear()
    assert "Écrivez à ror@exemple.fr." in scene.demander()["role"]
    assert scene.session.exec(select(DemandeAcces)).all() == []


# --------------------------------------------------------------------------------- answered


def test_accorder_gives_the_right_and_tells_the_person(scene: Scene):
    scene.demander()
    fin = aujourd_hui() + timedelta(days=90)
    assert scene.accorder(fin=fin.isoformat()) == {}
    (droit,) = scene.droits(scene.hugo)
    assert (droit.role, droit.portee, droit.code, droit.fin, droit.accordee_par) == (
        Role.RESPONSABLE_OFFRE,
        Portee.ETABLISSEMENT,
        scene.eg.num_finess,
        fin,
        scene.mireille.id,
    )
    exiger(scene.session, scene.hugo, Cible("etablissement", scene.eg.num_finess), Geste.LIRE)
    (mienne,) = demandes_acces.les_miennes(scene.session, scene.hugo)
    assert (mienne.attend, mienne.url) == (False, f"/etablissement/{scene.eg.num_finess}")
    (courriel,) = scene.courriels()
    assert courriel.destinataire == HUGO_A
    assert "acceptée" in courriel.texte
    assert reponses_acces.nombre_recues(scene.session, scene.mireille) == 0
    actes = [t.action for t in scene.session.exec(select(Trace).order_by(col(Trace.id)))]
    assert actes == [Action.ACCES, Action.HABILITATION, Action.ACCES]


def test_accorder_less_than_what_was_asked(scene: Scene):
    pole = scene.monde.oi(scene.eg, "Pôle Femme")
    scene.demander(role=Role.REFERENT)
    assert "tout l’établissement" in scene.accorder(role=Role.REFERENT, structure=pole.identifiant_oi)["structure"]
    assert scene.accorder(role=Role.LECTEUR, structure=pole.identifiant_oi) == {}
    (droit,) = scene.droits(scene.hugo)
    assert (droit.role, droit.portee, droit.code) == (Role.LECTEUR, Portee.STRUCTURE, pole.identifiant_oi)


def test_refuser_says_a_word_and_gives_nothing(scene: Scene):
    scene.demander()
    assert list(scene.refuser(mot=" ")) == ["mot"]
    assert list(scene.refuser(mot="a" * (reponses_acces.MOT_MAX + 1))) == ["mot"]
    assert scene.refuser() == {}
    assert scene.droits(scene.hugo) == []
    (mienne,) = demandes_acces.les_miennes(scene.session, scene.hugo)
    assert "Voyez avec le pôle." in mienne.detail
    assert "Voyez avec le pôle." in scene.courriels()[0].texte
    assert scene.demander() == {}


def test_an_answer_stays_a_month_on_the_home_page(scene: Scene):
    scene.demander()
    scene.refuser()
    maintenant = datetime.now(UTC)
    assert len(demandes_acces.les_miennes(scene.session, scene.hugo, maintenant + timedelta(days=29))) == 1
    assert demandes_acces.les_miennes(scene.session, scene.hugo, maintenant + timedelta(days=31)) == []


@pytest.mark.parametrize("mauvaise", [{"fin": "hier"}, {"fin": "2020-01-01"}])
def test_a_wrong_end_is_said_and_the_request_still_waits(scene: Scene, mauvaise: dict[str, str]):
    scene.demander()
    assert list(scene.accorder(**mauvaise)) == ["fin"]
    assert reponses_acces.nombre_recues(scene.session, scene.mireille) == 1


@pytest.mark.parametrize("role", [Role.REFERENT_REGIONAL, Role.RESPONSABLE_QUALITE])
def test_a_referent_grants_no_role_above_theirs(scene: Scene, role: Role):
    scene.demander()
    with pytest.raises(AccesRefuse):
        scene.accorder(role=role)


def test_nobody_decides_their_own_request(scene: Scene):
    scene.demander()
    scene.monde.habiliter(scene.hugo, scene.eg)  # he became référent meanwhile
    assert reponses_acces.nombre_recues(scene.session, scene.hugo) == 0
    for geste in (scene.accorder, scene.refuser):
        with pytest.raises(AccesRefuse):
            geste(scene.hugo)
    with pytest.raises(AccesRefuse):
        reponses_acces.lire(scene.session, scene.hugo, scene.numero)


def test_a_referent_of_another_etablissement_decides_nothing(scene: Scene):
    samir = scene.monde.acteur("Samir Costes")
    scene.monde.habiliter(samir, scene.monde.eg("EHPAD"))
    scene.demander()
    for geste in (scene.accorder, scene.refuser):
        with pytest.raises(AccesRefuse):
            geste(samir)
    with pytest.raises(AccesRefuse):
        demandes_acces.retirer(scene.session, samir, SurUneDemande(numero=scene.numero, cle=uuid4()))


def test_the_second_answer_is_told_who_answered_first(scene: Scene):
    autre = scene.monde.acteur("Anne Vidal")
    scene.monde.habiliter(autre, scene.eg)
    scene.demander()
    cle = uuid4()
    assert scene.refuser(cle=cle) == scene.refuser(cle=cle) == {}
    with pytest.raises(Conflit):
        scene.accorder(autre)
    assert scene.droits(scene.hugo) == []
    assert reponses_acces.lire(scene.session, autre, scene.numero).decidee.startswith("Mireille Faure a refusé")


def test_a_withdrawn_request_is_not_granted(scene: Scene):
    scene.demander()
    demandes_acces.retirer(scene.session, scene.hugo, SurUneDemande(numero=scene.numero, cle=uuid4()))
    with pytest.raises(Conflit):
        scene.accorder()
    assert demandes_acces.les_miennes(scene.session, scene.hugo) == []
    assert scene.droits(scene.hugo) == []


def test_without_mail_server_the_home_page_says_it(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RXROR_SMTP_HOST")
    settings.cache_clear()
    assert scene.demander(adresse="") == {}
    assert scene.accorder() == {}
    assert scene.courriels() == []
    assert demandes_acces.les_miennes(scene.session, scene.hugo)[0].detail == "Accordé."


@pytest.mark.usefixtures("tables")
def test_two_referents_answer_at_once_and_one_decides():
    with db.transaction() as session:
        monde = Monde(session)
        eg, hugo = monde.eg(), monde.acteur("Hugo Marty")
        referents = [monde.acteur(f"Référent {n}") for n in range(4)]
        for referent in referents:
            monde.habiliter(referent, eg)
        demande = Demander(finess=eg.num_finess, role=Role.LECTEUR, motif="x", adresse=HUGO_A, cle=uuid4())
        demandes_acces.demander(session, hugo, demande)
        numero = session.exec(select(DemandeAcces.id)).one()

    def repondre(rang: int) -> str:
        def geste(session: Session) -> None:
            if rang % 2:
                refus = Refuser(numero=numero, mot="non", cle=uuid4())
                reponses_acces.refuser(session, referents[rang], refus)
            else:
                accord = Accorder(numero=numero, role=Role.LECTEUR, cle=uuid4())
                reponses_acces.accorder(session, referents[rang], accord)

        try:
            db.rejouable(geste)
        except Conflit:
            return "trop tard"
        return "décidée"

    with ThreadPoolExecutor(4) as ensemble:
        assert sorted(ensemble.map(repondre, range(4))) == ["décidée", *["trop tard"] * 3]
    with db.lecture() as session:
        ligne = session.exec(select(DemandeAcces)).one()
        droits = session.exec(select(Habilitation).where(Habilitation.utilisateur_id == hugo.id)).all()
        assert len(droits) == (ligne.issue == demandes_acces.ACCORDEE)
