"""Who may do what: roles × gestes × genres, dates, objects of another établissement."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune
from rxror.services import acces
from rxror.services.acces import Acteur, Cible, Geste, etablissements_de, exiger, permis, valable
from rxror.services.droits import ACCORDE, DROITS, NOMS_DES_GESTES, NOMS_DES_PORTEES, NOMS_DES_ROLES, PORTEES
from rxror.tables import Habilitation, Portee, ReglageEtablissement, Role

GENRES = ("etablissement", "structure", "offre", "lieu")
JOUR = date(2026, 11, 23)


@pytest.fixture
def lieux(session: Session, monde: Any) -> SimpleNamespace:
    """An établissement with one object of each genre, and Claire who has no right yet."""
    juridique = monde.ej()
    eg = monde.eg(entite_juridique_id=juridique.id, commune_cog="81004")
    for postal in ("81000", "81990"):
        session.add(
            Commune(code_insee="81004", nom="Albi", code_postal=postal, departement="81", region="76", recherche="albi")
        )
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
    return SimpleNamespace(eg=eg, juridique=juridique, cibles=cibles, objets=objets, claire=monde.acteur())


OFFRE = {
    Geste.LIRE,
    Geste.MODIFIER,
    Geste.VALIDER,
    Geste.CREER_OFFRE,
    Geste.FERMER_OFFRE,
    Geste.CONFIER,
    Geste.ATTESTER,
}
PERMIS = {
    Role.LECTEUR: {Geste.LIRE},
    Role.RESPONSABLE_QUALITE: {Geste.LIRE},
    Role.RESPONSABLE_OFFRE: OFFRE,
    Role.REFERENT: set(Geste) - {Geste.DEMANDER},
    Role.REFERENT_REGIONAL: set(Geste) - {Geste.DEMANDER},
}
ICI = {
    Portee.STRUCTURE: lambda lieux: lieux.objets["structure"].identifiant_oi,
    Portee.ETABLISSEMENT: lambda lieux: lieux.eg.num_finess,
    Portee.ENTITE_JURIDIQUE: lambda lieux: lieux.juridique.num_finess,
    Portee.DEPARTEMENT: lambda lieux: "81",
    Portee.REGION: lambda lieux: "76",
}


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("portee", list(Portee))
@pytest.mark.parametrize("role", list(Role))
def test_role_allows_its_gestes_on_every_genre_its_portee_covers(
    session: Session, monde: Any, lieux: Any, role: Role, portee: Portee, genre: str
) -> None:
    attendus = PERMIS[role]
    if genre == "etablissement" and role is Role.RESPONSABLE_OFFRE:
        attendus = attendus - {Geste.MODIFIER, Geste.VALIDER, Geste.CONFIER}  # it is the référent's to edit
    if genre == "etablissement" and portee is Portee.STRUCTURE:
        attendus = {Geste.LIRE}
    monde.habiliter(lieux.claire, lieux.eg, role, portee=portee, code=ICI[portee](lieux))
    for geste in Geste:
        if geste in attendus:
            ouvert = exiger(session, lieux.claire, lieux.cibles[genre], geste)
            assert (ouvert.objet, ouvert.etablissement) == (lieux.objets[genre], lieux.eg)
            assert ouvert.gestes == attendus
        else:
            with pytest.raises(AccesRefuse):
                exiger(session, lieux.claire, lieux.cibles[genre], geste)
        classe = type(lieux.objets[genre])
        assert session.exec(select(classe).where(permis(lieux.claire, geste, classe))).all() == (
            [lieux.objets[genre]] if geste in attendus else []
        )
    assert session.exec(etablissements_de(lieux.claire)).all() == [(lieux.eg.id,)]


@pytest.mark.parametrize(
    ("portee", "code"),
    [
        (Portee.STRUCTURE, "OI-AUTRE"),
        (Portee.ETABLISSEMENT, "810000000"),
        (Portee.ENTITE_JURIDIQUE, "810000000"),
        (Portee.DEPARTEMENT, "8"),
        (Portee.DEPARTEMENT, "31"),
        (Portee.DEPARTEMENT, "76"),
        (Portee.REGION, "81"),
        (Portee.REGION, ""),
        (Portee.REGION, "%"),
    ],
)
def test_a_right_elsewhere_opens_nothing(session: Session, monde: Any, lieux: Any, portee: Portee, code: str) -> None:
    monde.habiliter(lieux.claire, lieux.eg, portee=portee, code=code)
    for genre in GENRES:
        with pytest.raises(AccesRefuse):
            exiger(session, lieux.claire, lieux.cibles[genre], Geste.LIRE)
    assert session.exec(etablissements_de(lieux.claire)).all() == []


def test_a_code_means_what_its_portee_says(session: Session, monde: Any, lieux: Any) -> None:
    codes = {portee: code(lieux) for portee, code in ICI.items()}
    for portee in Portee:
        for autre, code in codes.items():
            if portee is not autre:
                monde.habiliter(lieux.claire, lieux.eg, portee=portee, code=code)
    with pytest.raises(AccesRefuse):
        exiger(session, lieux.claire, lieux.cibles["offre"], Geste.LIRE)


@pytest.mark.parametrize("ou", ["pole", "service", "uf"])
def test_a_right_on_a_structure_covers_what_is_below_and_reads_the_rest(session: Session, monde: Any, ou: str) -> None:
    eg = monde.eg()
    pole = monde.oi(eg, "Pôle", "1")
    service = monde.oi(eg, "Service", "2", pole)
    uf, voisine = monde.oi(eg, "UF", "3", service), monde.oi(eg, "Autre UF", "3", monde.oi(eg, "Autre pôle", "1"))
    offre, autre, libre = monde.offre(eg, uf), monde.offre(eg, voisine), monde.offre(eg)
    lieu, partage, ailleurs, perdu = (
        monde.lieu(eg, offre),
        monde.lieu(eg, offre, autre),
        monde.lieu(eg, autre),
        monde.lieu(eg),
    )
    claire = monde.acteur()
    places = {"pole": pole, "service": service, "uf": uf}
    monde.habiliter(claire, eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=places[ou].identifiant_oi)
    siens = [
        offre,
        lieu,
        partage,
        perdu,  # it serves nothing yet
        *[p for nom, p in places.items() if list(places).index(nom) >= list(places).index(ou)],
    ]
    tous = [eg, pole, service, uf, voisine, offre, autre, libre, lieu, partage, ailleurs, perdu]
    for objet in tous:
        numero = getattr(objet, acces.IDENTIFIANTS[objet.GENRE].key)
        gestes = exiger(session, claire, Cible(objet.GENRE, numero), Geste.LIRE).gestes
        assert (Geste.MODIFIER in gestes) is (objet in siens)
        assert Geste.MODIFIER in gestes or gestes == {Geste.LIRE}
    for classe in {type(objet) for objet in tous}:
        trouves = session.exec(select(classe).where(permis(claire, Geste.MODIFIER, classe))).all()
        assert {o.id for o in trouves} == {o.id for o in siens if type(o) is classe}


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("role", list(Role))
def test_where_validation_is_separate_the_responsable_asks(
    session: Session, monde: Any, lieux: Any, role: Role, genre: str
) -> None:
    session.add(ReglageEtablissement(finess=lieux.eg.num_finess, validation_separee=True))
    monde.habiliter(lieux.claire, lieux.eg, role)
    attendus = PERMIS[role]
    if role is Role.RESPONSABLE_OFFRE:
        attendus = attendus - {Geste.VALIDER, Geste.FERMER_OFFRE, Geste.ATTESTER} | {Geste.DEMANDER}
        if genre == "etablissement":
            attendus = attendus - {Geste.MODIFIER, Geste.CONFIER, Geste.DEMANDER}
    assert exiger(session, lieux.claire, lieux.cibles[genre], Geste.LIRE).gestes == attendus


def test_every_role_geste_and_portee_is_told() -> None:
    assert set(DROITS) == set(PORTEES) == set(NOMS_DES_ROLES) == set(Role)
    assert (set(NOMS_DES_GESTES), set(NOMS_DES_PORTEES)) == (set(Geste), set(Portee))
    assert set(ACCORDE) == {role for role in Role if Geste.ADMINISTRER in DROITS[role]}


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
    trouvees = session.exec(select(Habilitation).where(valable(lieux.claire, JOUR))).all()
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
