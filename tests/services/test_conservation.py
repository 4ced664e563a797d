"""How long things are kept: the clock is moved, the purge runs, what is left is exactly what the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select
from typer.testing import CliRunner

from rxror import commandes, db
from rxror.commandes import mettre_a_jour_schema
from rxror.ror.dates import date_longue, mois_avant
from rxror.ror.erreurs import SaisieInvalide
from rxror.services import conservation, fiche, historique, reconstitution, tracer
from rxror.services.acces import Cible
from rxror.services.conservation import Bilan, prevoir, purger
from rxror.services.historique import Vue
from rxror.settings import Settings, settings
from rxror.tables import (
    Action,
    Brouillon,
    Confirmation,
    Courriel,
    DemandeAcces,
    Invitation,
    LienConfie,
    Portee,
    Proposition,
    PurgeEnCours,
    Role,
    Trace,
    Utilisateur,
    WebSession,
)
from tests.fabriques import enregistrer
from tests.services.test_historique import publier

MAINTENANT = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture
def migree(base_vide: None) -> None:
    """The configured database with its triggers, on SQLite too."""
    assert mettre_a_jour_schema()


def ecrire(*lignes: tuple[Action, datetime]) -> None:
    with db.transaction() as session:
        session.add_all(Trace(instant=instant, action=action) for action, instant in lignes)


def restent() -> list[tuple[str, datetime]]:
    with db.lecture() as session:
        lignes = session.exec(select(Trace).where(Trace.action != Action.PURGE).order_by(col(Trace.id)))
        return [(t.action.value, conservation.utc(t.instant)) for t in lignes]


def ici(session: Session) -> Any:
    @contextmanager
    def ouvrir() -> Iterator[Session]:
        yield session
        session.flush()

    return ouvrir


@pytest.mark.parametrize(
    ("jour", "nombre", "avant"),
    [((2026, 11, 23), 12, (2025, 11, 23)), ((2026, 3, 31), 1, (2026, 2, 28)), ((2024, 2, 29), 36, (2021, 2, 28))],
)
def test_months_before_end_on_a_day_that_exists(jour: Any, nombre: int, avant: Any):
    assert mois_avant(datetime(*jour, tzinfo=UTC), nombre) == datetime(*avant, tzinfo=UTC)


@pytest.mark.usefixtures("migree")
def test_lines_go_at_their_age_and_not_a_second_before():
    un, trois, seconde = mois_avant(MAINTENANT, 12), mois_avant(MAINTENANT, 36), timedelta(seconds=1)
    techniques = (Action.CONNEXION, Action.DECONNEXION, Action.REFUS)
    gestes = (Action.VALIDATION, Action.BROUILLON, Action.HABILITATION, Action.PURGE)
    ecrire(*((a, un - seconde) for a in techniques), *((a, un) for a in techniques))
    ecrire(*((a, trois - seconde) for a in gestes), *((a, trois) for a in gestes))
    bilan = purger(db.travaux, MAINTENANT)
    assert bilan.traces == dict.fromkeys([a.value for a in (*techniques, *gestes)], 1)
    assert restent() == [(a.value, un) for a in techniques] + [(a.value, trois) for a in gestes[:-1]]
    assert purger(db.travaux, MAINTENANT) == Bilan({})


@pytest.mark.usefixtures("migree")
def test_purge_leaves_its_line_in_the_transaction_that_deletes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conservation, "PAR_FOIS", 2)
    vieux = mois_avant(MAINTENANT, 13)
    ecrire(*[(Action.CONNEXION, vieux)] * 5)
    assert purger(db.travaux, MAINTENANT).traces == {"connexion": 5}
    with db.lecture() as session:
        lignes = session.exec(select(Trace).where(Trace.action == Action.PURGE).order_by(col(Trace.id))).all()
        assert [t.resultat for t in lignes] == [{"traces": {"connexion": n}} for n in (2, 2, 1)]
        assert {t.nom for t in lignes} == {conservation.AUTEUR}
        assert session.exec(select(func.count()).select_from(PurgeEnCours)).one() == 0


@pytest.mark.parametrize(
    "ordre", ["DELETE FROM trace", "UPDATE trace SET nom = 'x'", "UPDATE trace SET instant = '2001-01-01'"]
)
@pytest.mark.usefixtures("migree")
def test_outside_the_purge_nothing_goes_however_old(ordre: str):
    ecrire((Action.CONNEXION, datetime(2001, 1, 1, tzinfo=UTC)))
    with pytest.raises(DBAPIError, match="append only"), db.transaction() as session:
        session.execute(text(ordre))
    assert len(restent()) == 1


@pytest.mark.parametrize(("action", "age"), [(Action.VALIDATION, 400), (Action.CONNEXION, 10)])
@pytest.mark.usefixtures("migree")
def test_purge_lets_go_the_act_it_names_and_the_age_it_names(action: Action, age: int):
    ecrire((action, MAINTENANT - timedelta(days=age)))
    with db.transaction() as session:
        session.add(PurgeEnCours(action="CONNEXION", avant=MAINTENANT - timedelta(days=365)))
    with pytest.raises(DBAPIError, match="append only"), db.transaction() as session:
        session.execute(text("DELETE FROM trace"))
    assert len(restent()) == 1


@pytest.mark.usefixtures("migree")
def test_trace_is_neither_replaced_nor_emptied_at_once():
    ecrire((Action.CONNEXION, MAINTENANT))
    postgresql = db.engine().dialect.name == "postgresql"
    ordre = (
        "TRUNCATE trace CASCADE"
        if postgresql
        else "REPLACE INTO trace SELECT id, instant, 'REFUS', utilisateur_id, iss, sub, nom, finess, objet, section, "
        "version_avant, version_apres, changements, cle, resultat, adresse FROM trace"
    )
    with pytest.raises(DBAPIError, match="append only"), db.transaction() as session:
        session.execute(text(ordre))
    assert restent() == [("connexion", MAINTENANT)]


def test_sessions_and_mails_go_at_their_age(session: Session):
    personne = Utilisateur(iss="https://idp.test", sub="1")
    session.add(personne)
    session.flush()

    def une(nom: str, vue: int, revoquee: int | None = None) -> None:
        ages = {"vue": vue, "debut": vue, "revoquee": revoquee}
        instants = {n: MAINTENANT - timedelta(days=j) for n, j in ages.items() if j is not None}
        session.add(WebSession(empreinte=nom, utilisateur_id=personne.id, **instants))

    une("finie", 31)
    une("fermée", 31, 31)
    une("fermée depuis peu", 40, 5)
    une("récente", 29)
    for jours in (366, 364):
        cree = MAINTENANT - timedelta(days=jours)
        session.add(Courriel(destinataire="a@b.example", sujet=str(jours), cree=cree))
    session.flush()
    bilan = purger(ici(session), MAINTENANT)
    assert (bilan.sessions, bilan.courriels) == (2, 1)
    assert sorted(session.exec(select(WebSession.empreinte))) == ["fermée depuis peu", "récente"]
    assert list(session.exec(select(Courriel.sujet))) == ["364"]


def test_confirmations_go_with_the_history_they_belong_to(session: Session):
    personne = Utilisateur(iss="https://idp.test", sub="1")
    session.add(personne)
    session.flush()
    limite, seconde = mois_avant(MAINTENANT, 36), timedelta(seconds=1)
    for objet, instant in (("lieu:vieux", limite - seconde), ("lieu:limite", limite)):
        session.add(
            Confirmation(
                geste=objet, objet=objet, finess="1", instant=instant, utilisateur_id=personne.id or 0, version=2
            )
        )
    session.flush()
    assert prevoir(session, MAINTENANT).confirmations == 1
    assert purger(ici(session), MAINTENANT).confirmations == 1
    assert list(session.exec(select(Confirmation.objet))) == ["lieu:limite"]


def test_closed_invitations_and_requests_go_at_their_age(session: Session, place: SimpleNamespace):
    an, recent = MAINTENANT - timedelta(days=366), MAINTENANT - timedelta(days=300)
    commun = {"role": Role.LECTEUR, "finess": place.eg.num_finess, "cree": an}
    for n, close in enumerate((an, recent, None)):
        session.add(
            Invitation(
                **commun,
                empreinte=str(n),
                adresse="a@b.example",
                portee=Portee.ETABLISSEMENT,
                code="x",
                invite_par=place.claire.id,
                expire=recent,
                close=close,
                issue="retiree" if close else "",
            )
        )
        session.add(DemandeAcces(**commun, utilisateur_id=place.claire.id, motif=str(n), decidee=close))
    session.flush()
    assert purger(ici(session), MAINTENANT).demandes == 2
    assert sorted(session.exec(select(Invitation.empreinte))) == ["1", "2"]
    assert sorted(session.exec(select(DemandeAcces.motif))) == ["1", "2"]


def test_links_and_what_came_by_them_go_at_their_age(session: Session, place: SimpleNamespace):
    an, recent = MAINTENANT - timedelta(days=366), MAINTENANT - timedelta(days=300)
    for n, (expire, decidee) in enumerate(((an, an), (an, recent), (an, None), (recent, an), (an, "sans"))):
        lien = LienConfie(
            empreinte=str(n),
            objet="offre:76/1",
            section="contacts",
            champs=[],
            destinataire="Ada",
            utilisateur_id=place.claire.id,
            cree=an,
            expire=expire,
        )
        session.add(lien)
        session.flush()
        if decidee != "sans":
            session.add(Proposition(lien_id=lien.id, objet="offre:76/1", section="contacts", recue=an, decidee=decidee))
    session.flush()
    assert purger(ici(session), MAINTENANT).demandes == 4
    assert sorted(session.exec(select(LienConfie.empreinte))) == ["1", "2", "3"]
    assert len(session.exec(select(Proposition)).all()) == 2


# ------------------------------------------------------------------------ brouillons


@pytest.fixture
def abandonne(session: Session, place: SimpleNamespace) -> SimpleNamespace:
    """A brouillon that nobody touched for a year and a day."""
    enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre="Gynécologie de jour")
    (brouillon,) = session.exec(select(Brouillon)).all()
    brouillon.modifie = MAINTENANT - timedelta(days=366)
    session.flush()
    return SimpleNamespace(**vars(place), cible=Cible("offre", place.offre.identifiant_offre), brouillon=brouillon)


def note(session: Session, ou: SimpleNamespace) -> str:
    session.expire_all()
    lue = fiche.lire_offre(session, ou.claire, ou.cible)
    return next(s["brouillon"] for s in lue.sections if s["cle"] == "informations_generales").replace("\u00a0", " ")


def test_abandoned_brouillon_is_announced_on_its_object_then_goes(session: Session, abandonne: SimpleNamespace):
    assert purger(ici(session), MAINTENANT).annonces == 1
    jour = date_longue(MAINTENANT + timedelta(days=30)).replace("\u00a0", " ")
    assert f"sera supprimé le {jour}" in note(session, abandonne)
    assert purger(ici(session), MAINTENANT + timedelta(days=30)).brouillons == 0
    assert purger(ici(session), MAINTENANT + timedelta(days=30, seconds=1)).brouillons == 1
    assert session.exec(select(Brouillon)).all() == []
    lu = historique.lire(session, abandonne.claire, abandonne.cible, Vue())
    assert lu.entrees[0]["qui"] == "Conservation des données"
    assert "brouillon de" in lu.entrees[0]["phrase"]


def test_brouillon_that_somebody_saves_again_stays(session: Session, abandonne: SimpleNamespace):
    purger(ici(session), MAINTENANT)
    abandonne.brouillon.modifie = MAINTENANT + timedelta(days=2)
    session.flush()
    assert "supprimé" not in note(session, abandonne)
    assert purger(ici(session), MAINTENANT + timedelta(days=40)).brouillons == 0
    assert len(session.exec(select(Brouillon)).all()) == 1


# --------------------------------------------------------------------------- history


def test_versions_before_the_kept_window_are_no_longer_offered(
    session: Session, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    cible = Cible("offre", place.offre.identifiant_offre)
    instants = [datetime(2023, 1, 10, 9, tzinfo=UTC)]

    class Horloge(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return instants[-1]

    monkeypatch.setattr(tracer, "datetime", Horloge)
    for instant, nom in (
        (datetime(2023, 1, 10, 9, tzinfo=UTC), "Un"),
        (datetime(2024, 6, 10, 9, tzinfo=UTC), "Deux"),
        (datetime(2026, 6, 10, 9, tzinfo=UTC), "Trois"),
    ):
        instants.append(instant)
        enregistrer(session, place.claire, place.offre, "informations_generales", nom_offre=nom)
        publier(session, place.claire, place.offre)
    actuelle = place.offre.version
    avant = [v.numero for v in reconstitution.versions(session, cible.cle, actuelle)]
    assert reconstitution.valeurs_a(session, place.offre, cible.cle, actuelle - 3) is not None
    purger(ici(session), MAINTENANT)
    session.expire_all()
    apres = [v.numero for v in reconstitution.versions(session, cible.cle, actuelle)]
    assert apres == [actuelle, actuelle - 1, actuelle - 2]
    assert set(avant) - set(apres) == {actuelle - 3}
    assert reconstitution.valeurs_a(session, place.offre, cible.cle, actuelle - 2)["nom_offre"] == "Un"
    with pytest.raises(SaisieInvalide):
        reconstitution.valeurs_a(session, place.offre, cible.cle, actuelle - 3)
    assert historique.lire(session, place.claire, cible, Vue()).debut.startswith("L’historique commence le 10")


def test_object_whose_every_line_went_says_that_it_is_no_longer_kept(session: Session, place: SimpleNamespace):
    cible = Cible("offre", place.offre.identifiant_offre)
    publier(session, place.claire, place.offre)
    purger(ici(session), datetime.now(UTC) + timedelta(days=1200))
    session.expire_all()
    assert "36 mois" in historique.lire(session, place.claire, cible, Vue()).debut


# --------------------------------------------------------------------------- command


@pytest.mark.usefixtures("migree")
def test_command_tells_before_and_after():
    ecrire((Action.CONNEXION, datetime(2001, 1, 1, tzinfo=UTC)))
    jouer = CliRunner().invoke
    assert "À supprimer : 1 lignes « connexion »." in jouer(commandes.app, ["purge", "--essai"]).output
    assert len(restent()) == 1
    assert "Supprimé : 1 lignes « connexion »." in jouer(commandes.app, ["purge"]).output
    assert restent() == []
    assert "Rien n’a dépassé" in jouer(commandes.app, ["purge"]).output


def test_what_is_foreseen_is_what_goes(session: Session, abandonne: SimpleNamespace):
    session.add(Trace(instant=mois_avant(MAINTENANT, 13), action=Action.REFUS))
    session.flush()
    assert prevoir(session, MAINTENANT) == purger(ici(session), MAINTENANT)


@pytest.mark.parametrize(
    ("nom", "valeur"), [("technique_mois", 5), ("technique_mois", 13), ("offres_mois", 2), ("preavis_jours", 0)]
)
def test_durations_outside_what_may_be_justified_are_refused(nom: str, valeur: int):
    with pytest.raises(ValueError, match=nom):
        Settings(**{f"conservation_{nom}": valeur})
    assert settings().conservation_technique_mois == 12
