"""The eleven établissements of the demonstration, as FINESS gives them, and the demonstration loaded below them."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rxror.demonstration.charger import charger
from rxror.echanges import reference
from rxror.ror.objets import EntiteGeographique, EntiteJuridique

AUJOURD_HUI = date(2026, 11, 23)
CH_ALBI = "810000505"
MEDICO_SOCIAUX = {
    "810003418": ("EHPAD LA RENAUDIE CH ALBI", "500"),
    "810000364": ("EHPAD LE PARC ALBI", "500"),
    "810004218": ("EHPAD SAINT ANDRE", "500"),
    "810000430": ("IME SAINT JEAN", "183"),
    "810002238": ("MAS MARIE ALLE", "255"),
    "810009381": ("SESSAD SAINT JEAN", "182"),
    "810100024": ("SSIAD CH ALBI", "354"),
    "810004812": ("ESAT TRICAT SERVICE SITE D'ALBI", "246"),
    "810101188": ("FAM JACQUES BESSE", "437"),
    "810005538": ("CENTRE ACCUEIL DE JOUR LE PETIT CANTOU", "207"),
}


def un_etablissement(ej: EntiteJuridique, finess: str, nom: str, categorie: str) -> EntiteGeographique:
    return EntiteGeographique(
        entite_juridique_id=ej.id or 0,
        id_nat_struct=f"1{finess}",
        num_finess=finess,
        denomination_eg=nom,
        categorie_eg=categorie,
        numero_voie="22",
        type_voie="BD",
        libelle_voie="SIBILLE",
        code_postal="81013",
        localite="ALBI CEDEX 9",
        commune_cog="81004",
        latitude=Decimal("43.925997"),
        longitude=Decimal("2.142955"),
    )


def les_etablissements(session: Session) -> Session:
    ej = EntiteJuridique(num_finess="810000331", raison_sociale="CH ALBI")
    session.add(ej)
    session.flush()
    session.add(un_etablissement(ej, CH_ALBI, "CH ALBI", "355"))
    session.add_all(un_etablissement(ej, n, nom, c) for n, (nom, c) in MEDICO_SOCIAUX.items())
    session.flush()
    return session


@pytest.fixture
def finess(session: Session) -> Session:
    """The établissements alone."""
    return les_etablissements(session)


@pytest.fixture
def chargee(finess: Session) -> Session:
    """The demonstration, to be written to."""
    charger(finess, AUJOURD_HUI)
    return finess


@pytest.fixture(scope="session")
def demonstration(moteur_neuf: Callable[[], Engine]) -> Iterator[Session]:
    """The demonstration, to be read only: one for the whole run."""
    engine = moteur_neuf()
    with Session(engine) as session:
        reference.charger_nomenclatures(session, reference.NOMENCLATURES)
        charger(les_etablissements(session), AUJOURD_HUI)
        session.commit()
        yield session
    engine.dispose()
