"""Every search of ours, with what one types to make a database speak: nothing is found, nothing breaks."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, func, select

from rxror.ror.nomenclatures import Commune
from rxror.ror.recherche import sans_accent
from rxror.services import communes, consultation, demandes_acces, journal, lieux
from rxror.services.acces import Cible
from rxror.services.historique import Vue
from rxror.services.historique import lire as lire_historique
from rxror.tables import Trace

TEXTES = (
    "%%", "%_", "___", "%%%%", "\\%\\%", "'; --", "'; DROP TABLE trace; --", "' OR '1'='1", '" OR ""="', "x' OR 1=1 --",
    "$$; SELECT pg_sleep(9)", "*?*?", "[a-z]", "\u202e%_", "x" * 5000,
)  # fmt: skip


def _journal(session: Session, ou: Any, texte: str) -> Any:
    return journal.lire(session, ou.claire, ou.eg_cible, journal.Vue(qui=texte[:200])).lignes


def _historique(session: Session, ou: Any, texte: str) -> Any:
    return lire_historique(session, ou.claire, ou.cible, Vue(qui=texte[:200])).entrees


RECHERCHES: dict[str, Callable[[Session, Any, str], Any]] = {
    "établissements": lambda s, ou, t: consultation.mes_etablissements(s, ou.claire, recherche=t).lignes,
    "établissements à demander": lambda s, ou, t: demandes_acces.chercher(s, ou.claire, t),
    "lieux": lambda s, ou, t: lieux.lister(s, ou.claire, ou.eg.num_finess, t).lignes,
    "communes et départements": lambda s, ou, t: communes.chercher(s, t),
    "commune": lambda s, ou, t: communes.chercher_commune(s, t),
    "journal, par qui": _journal,
    "historique, par qui": _historique,
}

PAR_QUI = {"journal, par qui", "historique, par qui"}


@pytest.fixture
def ici(session: Session, place: SimpleNamespace) -> SimpleNamespace:
    cibles = {"cible": Cible("offre", place.offre.identifiant_offre)}
    return SimpleNamespace(**vars(place), **cibles, eg_cible=Cible("etablissement", place.eg.num_finess))


@pytest.mark.parametrize("texte", TEXTES, ids=lambda t: ascii(t[:20]))
@pytest.mark.parametrize("nom", RECHERCHES)
def test_hostile_search_finds_nothing_and_breaks_nothing(session: Session, ici: SimpleNamespace, nom: str, texte: str):
    avant = session.exec(select(func.count()).select_from(Trace)).one()
    mots = sans_accent(texte) or nom in PAR_QUI  # signs alone are no word: one then sees what an empty search shows
    attendu = [] if mots else list(RECHERCHES[nom](session, ici, ""))
    assert list(RECHERCHES[nom](session, ici, texte)) == attendu
    assert session.exec(select(func.count()).select_from(Trace)).one() == avant
    assert session.exec(select(func.count()).select_from(Commune)).one() == 1


def test_an_honest_search_finds(session: Session, ici: SimpleNamespace):
    assert [c.libelle for c in communes.chercher_commune(session, "albi")]
    assert lieux.lister(session, ici.claire, ici.eg.num_finess, "gyn").lignes
