"""Who may do what: roles × gestes × genres, dates, objects of another établissement."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse
from rxror.services import acces
from rxror.services.acces import DROITS, Acteur, Cible, Geste, en_cours, exiger
from rxror.tables import Habilitation, Role

GENRES = ("etablissement", "structure", "offre", "lieu")
JOUR = date(2026, 11, 23)


@pytest.fixture
def lieux(monde: Any) -> SimpleNamespace:
    """An établissement with one object of each genre, and Claire who has no right yet."""
    eg = monde.eg()
    uf = monde.oi(eg, "UF", "3")
    offre = monde.offre(eg, uf)
    lieu = monde.lieu(eg, offre)
    cibles = {
        "etablissement": Cible("etablissement", eg.num_finess),
        "structure": Cible("structure", uf.identifiant_oi),
        "offre": Cible("offre", offre.identifiant_offre),
        "lieu": Cible("lieu", lieu.identifiant),
    }
    objets = {"etablissement": eg, "structure": uf, "offre": offre, "lieu": lieu}
    return SimpleNamespace(eg=eg, cibles=cibles, objets=objets, claire=monde.acteur())


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("geste", list(Geste))
def test_role_allows_its_gestes_on_every_genre(
    session: Session, monde: Any, lieux: Any, role: Role, geste: Geste, genre: str
) -> None:
    permis = {
        Role.LECTEUR: {Geste.LIRE},
        Role.RESPONSABLE_OFFRE: {Geste.LIRE, Geste.MODIFIER, Geste.VALIDER, Geste.CREER_OFFRE, Geste.FERMER_OFFRE},
        Role.REFERENT: set(Geste),
    }[role]
    if genre == "etablissement" and role is Role.RESPONSABLE_OFFRE:
        permis = permis - {Geste.MODIFIER, Geste.VALIDER}  # an établissement is the référent's to edit
    monde.habiliter(lieux.claire, lieux.eg, role)
    if geste in permis:
        ouvert = exiger(session, lieux.claire, lieux.cibles[genre], geste)
        assert ouvert.objet is lieux.objets[genre]
        assert ouvert.etablissement is lieux.eg
        assert ouvert.gestes == permis
    else:
        with pytest.raises(AccesRefuse):
            exiger(session, lieux.claire, lieux.cibles[genre], geste)


def test_every_role_has_its_rights_written() -> None:
    assert set(DROITS) == set(Role)


@pytest.mark.parametrize("genre", GENRES)
def test_object_of_another_etablissement_is_refused(session: Session, monde: Any, lieux: Any, genre: str) -> None:
    monde.habiliter(lieux.claire, monde.eg("AUTRE"))
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles[genre], Geste.LIRE)


def test_etablissement_of_the_same_entite_juridique_is_refused(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(lieux.claire, monde.eg("ANNEXE", entite_juridique_id=lieux.eg.entite_juridique_id))
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["etablissement"], Geste.LIRE)


def test_right_of_somebody_else_gives_nothing(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(monde.acteur("Mireille"), lieux.eg)
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE)


def test_role_is_read_from_the_database_not_from_the_acteur(session: Session, lieux: Any) -> None:
    forge = Acteur(id=10**6, iss=lieux.claire.iss, sub=lieux.claire.sub, nom=lieux.claire.nom)
    with pytest.raises(AccesRefuse):
        exiger(session, forge, lieux.cibles["offre"], Geste.LIRE)


@pytest.mark.parametrize(
    ("debut", "fin", "permis"),
    [
        (None, None, True),
        (0, 0, True),
        (-1, 1, True),
        (None, 0, True),
        (0, None, True),
        (1, None, False),
        (None, -1, False),
        (-10, -1, False),
        (1, 10, False),
    ],
)
def test_right_holds_from_its_first_day_to_its_last(
    session: Session, monde: Any, lieux: Any, debut: int | None, fin: int | None, permis: bool
) -> None:
    jours = {nom: None if n is None else JOUR + timedelta(days=n) for nom, n in (("debut", debut), ("fin", fin))}
    monde.habiliter(lieux.claire, lieux.eg, Role.REFERENT, **jours)
    trouvees = session.exec(en_cours(select(Habilitation), lieux.claire, JOUR)).all()
    assert bool(trouvees) is permis


@pytest.mark.parametrize(("debut", "fin"), [(2, None), (None, -2)])
def test_right_to_come_or_past_is_refused_today(
    session: Session, monde: Any, lieux: Any, debut: int | None, fin: int | None
) -> None:
    aujourd_hui = datetime.now(UTC).date()
    jours = {nom: None if n is None else aujourd_hui + timedelta(days=n) for nom, n in (("debut", debut), ("fin", fin))}
    monde.habiliter(lieux.claire, lieux.eg, Role.REFERENT, **jours)
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE)


def test_several_roles_add_up(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(lieux.claire, lieux.eg, Role.LECTEUR)
    monde.habiliter(lieux.claire, lieux.eg, Role.RESPONSABLE_OFFRE)
    ouvert = exiger(session, lieux.claire, lieux.cibles["offre"], Geste.VALIDER)
    assert ouvert.gestes == DROITS[Role.RESPONSABLE_OFFRE]
    assert ouvert.permet(Geste.MODIFIER)
    assert not ouvert.permet(Geste.CREER_STRUCTURE)


def test_role_that_has_expired_adds_nothing_to_the_one_that_holds(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(lieux.claire, lieux.eg, Role.LECTEUR)
    monde.habiliter(lieux.claire, lieux.eg, Role.REFERENT, fin=date(2020, 1, 1))
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["offre"], Geste.MODIFIER)
    assert exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE).gestes == {Geste.LIRE}


def test_right_withdrawn_counts_at_once(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(lieux.claire, lieux.eg)
    exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE)
    session.delete(session.exec(select(Habilitation)).one())
    session.flush()
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE)


@pytest.mark.parametrize(
    ("genre", "identifiant"),
    [
        ("offre", ""),
        ("offre", "76/9999999"),
        ("offre", "%"),
        ("offre", "' OR '1'='1"),
        ("lieu", "76/0000001"),
        ("structure", "1"),
        ("", "x"),
        ("Offre", "76/1"),
        ("__class__", "x"),
        ("juridique", "810000331"),
        ("utilisateur", "1"),
    ],
)
def test_object_that_does_not_exist_is_refused_as_one_without_right(
    session: Session, monde: Any, lieux: Any, genre: str, identifiant: str
) -> None:
    monde.habiliter(lieux.claire, lieux.eg)
    with pytest.raises(AccesRefuse) as refus:
        exiger(session, lieux.claire, Cible(genre, identifiant), Geste.LIRE)
    assert refus.value.objet == f"{genre}:{identifiant}"


def test_identifiers_of_one_genre_open_nothing_of_another(session: Session, monde: Any, lieux: Any) -> None:
    monde.habiliter(lieux.claire, lieux.eg)
    for genre in GENRES:
        for autre in GENRES:
            if genre != autre:
                with pytest.raises(AccesRefuse):
                    exiger(session, lieux.claire, Cible(autre, lieux.cibles[genre].identifiant), Geste.LIRE)


@pytest.mark.parametrize("genre", GENRES)
def test_exiger_sends_one_statement(session: Session, monde: Any, lieux: Any, compter: Any, genre: str) -> None:
    for role in Role:
        monde.habiliter(lieux.claire, lieux.eg, role)
    with compter() as sql:
        exiger(session, lieux.claire, lieux.cibles[genre], Geste.LIRE)
    assert len(sql) == 1


def test_every_genre_that_has_an_address_has_its_identifier() -> None:
    assert set(GENRES) == set(acces.IDENTIFIANTS)


@pytest.mark.parametrize("identifiant", ["\ud800", "76/1\n", "\x00"])
def test_an_identifier_that_is_no_text_is_refused(session: Session, place: Any, identifiant: str) -> None:
    with pytest.raises(AccesRefuse):
        exiger(session, place.claire, Cible("offre", identifiant), Geste.LIRE)
