"""Random histories: people, tabs, saves, validations, restores, closings, lost answers, dropped connections.

A small model says what must come; what goes back is in `tests/fautes/retours.py`.

The services run in real transactions on a real database; what they say is compared with the model after each step.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from, sets
from sqlmodel import Session, col, select

from rxror import db
from rxror.ror.erreurs import AccesRefuse, Conflit
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.services import fiche, modification, validation
from rxror.services.acces import Acteur, Cible
from rxror.services.modification import Enregistrement
from rxror.services.validation import DemandeValidation
from rxror.settings import settings as reglages_de_rxror
from rxror.tables import Trace, Utilisateur
from tests.fautes.application import Application
from tests.fautes.conftest import Noter
from tests.fautes.fiabilite import nombre
from tests.fautes.modele import Feuille, Modele
from tests.fautes.retours import (
    AILLEURS,
    FINS,
    GESTES,
    ICI,
    LIEU,
    OFFRE,
    RETOURS,
    SECTION,
    SORT,
    Coupure,
    PageOuverte,
    Retours,
)
from tests.fautes.verite import suivre
from tests.postgres import Postgres

SIENS = ("save", "save before", "save after", "dispute", "validation", "abandon")
CHAMPS = ("nom", "description", "nom_externe_synchro")


@dataclass(eq=False)
class Histoires(Retours):
    """One history: `remettre` gives the database back as it was prepared."""

    remettre: Callable[[], None]
    feuilles: list[Feuille] = field(default_factory=list)
    a_publier: list[PageOuverte[DemandeValidation]] = field(default_factory=list)
    gardes: list[tuple[str, Enregistrement]] = field(default_factory=list)
    numero: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.remettre()
        with db.lecture() as session:
            self.gens = {
                u.sub: Acteur(u.id or 0, u.iss, u.sub, u.nom_complet) for u in session.exec(select(Utilisateur))
            }
            publie = self._montre(session)[0]
            self.modele = Modele(publie, dict(publie), self._lieu(session).version, len(self._lignes(session)))

    # ------------------------------------------------------------------------------- gestures

    @initialize()
    def publier(self) -> None:
        """A history begins with a version that can be taken back."""
        self.ouvrir(ICI[0])
        self.enregistrer(0, {"nom"}, 1, "")
        self.valider(ICI[0], 0, "")

    @rule(qui=sampled_from(ICI))
    def ouvrir(self, qui: str) -> None:
        with db.lecture() as session:
            valeurs, ouverte = self._montre(session, qui)
        self.feuilles.append(Feuille(qui, valeurs, dict(valeurs), ouverte.base))

    @precondition(lambda self: self.feuilles)
    @rule(rang=integers(0, 9), champs=sets(sampled_from(CHAMPS), min_size=1), neuf=integers(0, 4), sort=SORT)
    def enregistrer(self, rang: int, champs: set[str], neuf: int, sort: str) -> None:
        """Type texts of its own, or what is published, and send."""
        feuille, lignes = self.feuilles[rang % len(self.feuilles)], self.modele.lignes
        self.numero += 1
        feuille.saisie |= {c: f"Texte {self.numero} {c}" if neuf else self.modele.publie[c] for c in champs}
        demande = self._demande(feuille, feuille.saisie, uuid4())
        reponse: Any = self._faire(
            sort, lambda session: modification.enregistrer(session, self.gens[feuille.qui], demande)
        )
        GESTES[f"save {sort}".strip()] += 1
        if isinstance(reponse, Coupure):
            feuille.sans_reponse.append(demande.cle)
            return
        disputes = self.modele.enregistrer(feuille, feuille.saisie)
        if disputes:
            assert {a.chemin for a in reponse.attente} == disputes
            self.feuilles.remove(feuille)  # its person opens it again
        elif sort:
            feuille.sans_reponse.append(demande.cle)
        else:
            feuille.base, feuille.sans_reponse = reponse.base, []
        if not disputes and (self.modele.lignes > lignes or not sort):
            self.modele.a_vu(feuille)
        if self.modele.lignes > lignes:
            self.gardes.append((feuille.qui, demande))
        GESTES["dispute"] += len(disputes)

    @precondition(lambda self: self.gardes)
    @rule(rang=integers(0, 9))
    def renvoyer(self, rang: int) -> None:
        """The very same sending comes again, maybe long after: it gives its answer and changes nothing."""
        qui, demande = self.gardes[rang % len(self.gardes)]
        reponse = self._faire("", lambda session: modification.enregistrer(session, self.gens[qui], demande))
        assert not isinstance(reponse, Conflit)
        assert reponse.cle == str(demande.cle)
        GESTES["the same sending again"] += 1

    @precondition(lambda self: self.feuilles)
    @rule(rang=integers(0, 9))
    def abandonner(self, rang: int) -> None:
        qui = self.feuilles[rang % len(self.feuilles)].qui
        with db.transaction() as session:
            _, ouverte = self._montre(session, qui)
            modification.abandonner(session, self.gens[qui], LIEU, SECTION, ouverte.marque)
        self.modele.abandonner(qui)
        GESTES["abandon"] += 1

    @rule(qui=sampled_from(ICI))
    def ouvrir_valider(self, qui: str) -> None:
        with db.lecture() as session:
            vu = validation.preparer(session, self.gens[qui], LIEU).vu
        demande = DemandeValidation(identifiant=LIEU.identifiant, genre=LIEU.genre, vu=vu, cle=uuid4())
        self.a_publier.append(PageOuverte(qui, demande, self.modele.marque))

    @rule(qui=sampled_from(ICI), rang=integers(0, 9), sort=SORT)
    def valider(self, qui: str, rang: int, sort: str) -> None:
        """Press « Valider », on a page that may have been open for long, or was pressed already."""
        if not self.a_publier:
            self.ouvrir_valider(qui)
        page = self.a_publier[rang % len(self.a_publier)]
        reponse = self._faire(sort, lambda session: validation.valider(session, self.gens[page.qui], page.demande))
        if not isinstance(reponse, Coupure) and not page.faite:
            if page.marque != self.modele.marque:
                assert isinstance(reponse, Conflit)
                self.a_publier.remove(page)
            else:
                assert reponse == []
                self.modele.valider()
                page.faite = True
        GESTES[f"validation {sort}".strip()] += 1

    @rule(qui=sampled_from(AILLEURS))
    def se_tromper_de_porte(self, qui: str) -> None:
        """Nobody reads nor writes what is another établissement's."""
        acteur = self.gens[qui]
        demande = DemandeValidation(identifiant=LIEU.identifiant, genre=LIEU.genre, vu="", cle=uuid4())
        feuille = Feuille(qui, {"nom": "Pris"}, {}, {})
        for geste in (
            lambda s: fiche.lire_lieu(s, acteur, LIEU),
            lambda s: modification.ouvrir(s, acteur, LIEU, SECTION),
            lambda s: modification.enregistrer(s, acteur, self._demande(feuille, feuille.saisie, uuid4())),
            lambda s: validation.preparer(s, acteur, LIEU),
            lambda s: validation.valider(s, acteur, demande),
            *self.retours_d_ailleurs(acteur),
        ):
            with pytest.raises(AccesRefuse), db.transaction() as session:
                geste(session)

    # ----------------------------------------------------------------------------- what must hold

    @invariant()
    def what_is_kept_is_what_the_model_says(self) -> None:
        with db.lecture() as session:
            assert self._montre(session)[0] == self.modele.garde
            assert self._lieu(session).version == self.modele.version
            assert len(self._lignes(session)) == self.modele.lignes
            offre = self._offre(session)
            assert (offre.version, offre.type_fermeture) == (self.modele.version_offre, self.modele.fermee)

    def teardown(self) -> None:
        with db.lecture() as session:
            lignes, de_l_offre = self._lignes(session), self._lignes(session, OFFRE)
        suivre(t for t in lignes if t.section == SECTION)
        for siennes, derniere in ((lignes, self.modele.version), (de_l_offre, self.modele.version_offre)):
            assert [t.version_apres for t in siennes if t.version_apres] == list(range(1, derniere + 1))

    # ------------------------------------------------------------------------------------ inside

    def _demande(self, feuille: Feuille, saisie: dict[str, str], cle: UUID) -> Enregistrement:
        return Enregistrement(
            genre=LIEU.genre,
            identifiant=LIEU.identifiant,
            section=SECTION,
            base=feuille.base,
            cle=cle,
            formulaire=feuille.formulaire,
            sans_reponse=feuille.sans_reponse[-modification.ENVOIS_MAXIMUM :],
            saisie={**self.autres, **saisie},
        )

    def _montre(self, session: Session, qui: str = ICI[0]) -> tuple[dict[str, str], modification.Edition]:
        """The champs of the model, as the form shows them."""
        ouverte = modification.ouvrir(session, self.gens[qui], LIEU, SECTION)
        self.autres = {c: v for c, v in ouverte.form.valeurs.items() if c not in CHAMPS}
        return {c: ouverte.form.valeurs[c] for c in CHAMPS}, ouverte

    def _lieu(self, session: Session) -> LieuRealisationOffre:
        return session.exec(
            select(LieuRealisationOffre).where(LieuRealisationOffre.identifiant == LIEU.identifiant)
        ).one()

    def _offre(self, session: Session) -> OffreOperationnelle:
        return session.exec(
            select(OffreOperationnelle).where(OffreOperationnelle.identifiant_offre == OFFRE.identifiant)
        ).one()

    def _lignes(self, session: Session, cible: Cible = LIEU) -> list[Trace]:
        return list(session.exec(select(Trace).where(Trace.objet == cible.cle).order_by(col(Trace.id))))


def _jouer(url: str, remettre: Callable[[], None], monkeypatch: pytest.MonkeyPatch, histoires: int) -> None:
    monkeypatch.setenv("RXROR_DATABASE_URL", url)
    monkeypatch.setenv("RXROR_DEMO", "1")
    reglages_de_rxror.cache_clear()
    run_state_machine_as_test(
        lambda: Histoires(remettre),
        settings=settings(
            max_examples=histoires,
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=(Phase.generate,),  # a failure is told as found: to make it shorter would take minutes
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_random_histories_on_sqlite(
    preparee: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noter: Noter
):
    modele, base = preparee.var / "rxror.db", tmp_path / "rxror.db"

    def remettre() -> None:
        with closing(sqlite3.connect(modele)) as source, closing(sqlite3.connect(base)) as cible:
            source.backup(cible)

    histoires = nombre(30, 400)
    _jouer(f"sqlite:///{base}", remettre, monkeypatch, histoires)
    assert all(GESTES[geste] for geste in (*SIENS, *RETOURS)), GESTES
    assert all(sum(GESTES[retour + fin] for retour in RETOURS) for fin in FINS), GESTES
    noter(
        "histoires",
        obtenu="no acknowledged save lost, one line a version, versions grow by one, nothing read elsewhere, "
        "versions taken back and saves undone as the model says",
        compte=f"{histoires} histories of 40 steps on SQLite, on PostgreSQL fewer; {dict(GESTES)}",
    )


def test_random_histories_on_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with Postgres() as postgres:
        preparee = Application(tmp_path, RXROR_DATABASE_URL=postgres.base("preparee"))
        preparee.preparer()
        url = postgres.url("histoires")
        _jouer(url, lambda: postgres.base("histoires", "preparee") and None, monkeypatch, nombre(3, 60))
