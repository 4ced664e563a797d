"""The matrix that ARCHITECTURE.md shows, played: each gesture, by each role, on each portée, is allowed as it says."""

import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from rxror.ror.erreurs import AccesRefuse
from rxror.ror.nomenclatures import Commune
from rxror.services import matrice
from rxror.services.acces import Cible, Geste, exiger
from rxror.services.droits import ACCORDE, NOMS_DES_GESTES, NOMS_DES_PORTEES, NOMS_DES_ROLES, PORTEES
from rxror.services.pouvoirs import pouvoir
from rxror.settings import RACINE
from rxror.tables import Habilitation, Portee, ReglageEtablissement, Role

ARCHITECTURE = RACINE / "ARCHITECTURE.md"
SEPAREE = ", validation séparée"
LETTRES = {"E": "etablissement", "S": "structure", "O": "offre", "L": "lieu"}


def tableaux() -> list[list[list[str]]]:
    """The two tables as a reader sees them: rows of cells, the titles first."""
    page = ARCHITECTURE.read_text("utf-8")
    lignes = page[page.index(matrice.DEBUT) : page.index(matrice.FIN)].splitlines()
    tables: list[list[list[str]]] = []
    for avant, ligne in zip(["", *lignes], lignes, strict=False):
        if ligne.startswith("|"):
            if not avant.startswith("|"):
                tables.append([])
            tables[-1].append([cellule.strip() for cellule in ligne.strip("|").split("|")])
    return [[table[0], *table[2:]] for table in tables]


def dits() -> dict[tuple[Role, bool, Geste], set[str]]:
    """{(role, validation is separate, gesture): kinds of objects}, as the table says it."""
    titres, *lignes = tableaux()[0]
    roles, gestes = ({n: c for c, n in noms.items()} for noms in (NOMS_DES_ROLES, NOMS_DES_GESTES))
    assert [ligne[0] for ligne in lignes] == list(NOMS_DES_GESTES.values())
    trouves = {}
    for geste, *cellules in lignes:
        for titre, cellule in zip(titres[1:], cellules, strict=True):
            lettres = set(re.findall(r"[ESOL]", cellule))
            cle = (roles[titre.removesuffix(SEPAREE)], titre.endswith(SEPAREE), gestes[geste])
            trouves[cle] = {LETTRES[lettre] for lettre in lettres}
    for role in Role:  # a role with one column does the same in both cases
        for geste in Geste:
            trouves.setdefault((role, True, geste), trouves[role, False, geste])
    return trouves


@pytest.fixture
def lieux(session: Session, monde: Any) -> SimpleNamespace:
    """An établissement with a UF and what hangs below, a neighbour UF, and another établissement."""
    juridique = monde.ej()
    eg = monde.eg(entite_juridique_id=juridique.id, commune_cog="81004")
    session.add(
        Commune(code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi")
    )
    uf, voisine = monde.oi(eg, "UF", "3"), monde.oi(eg, "Autre UF", "3")
    offre, ailleurs = monde.offre(eg, uf), monde.eg("AUTRE")
    lieu, autre = monde.lieu(eg, offre), monde.offre(eg, voisine)
    return SimpleNamespace(
        finess=eg.num_finess,
        codes={
            Portee.STRUCTURE: uf.identifiant_oi,
            Portee.ETABLISSEMENT: eg.num_finess,
            Portee.ENTITE_JURIDIQUE: juridique.num_finess,
            Portee.DEPARTEMENT: "81",
            Portee.REGION: "76",
        },
        ici={
            "etablissement": Cible("etablissement", eg.num_finess),
            "structure": Cible("structure", uf.identifiant_oi),
            "offre": Cible("offre", offre.identifiant_offre),
            "lieu": Cible("lieu", lieu.identifiant),
        },
        voisine=Cible("offre", autre.identifiant_offre),
        ailleurs=Cible("offre", monde.offre(ailleurs).identifiant_offre),
        claire=monde.acteur(),
    )


def cas(lieux: Any, portee: Portee) -> Iterator[tuple[str, Cible, bool]]:
    """(kind, object, whether the right covers it), for each object of the établissement."""
    for genre, cible in lieux.ici.items():
        yield genre, cible, not (genre == "etablissement" and portee is Portee.STRUCTURE)
    yield "offre", lieux.voisine, portee is not Portee.STRUCTURE


def permet(session: Session, qui: Any, cible: Cible, geste: Geste) -> bool:
    try:
        exiger(session, qui, cible, geste)
    except AccesRefuse:
        return False
    return True


def test_the_matrix_of_the_architecture_is_what_exiger_does(session: Session, lieux: Any, capsys: Any) -> None:
    attendus, surprises, joues = dits(), [], 0
    droit = Habilitation(utilisateur_id=lieux.claire.id, role=Role.LECTEUR, code="")
    reglage = ReglageEtablissement(finess=lieux.finess)
    session.add_all([droit, reglage])
    for role in Role:
        for portee in Portee:
            for separee in (False, True):
                droit.role, droit.portee, droit.code = role, portee, lieux.codes[portee]
                reglage.validation_separee = separee
                session.flush()
                for geste in Geste:
                    for genre, cible, couvert in cas(lieux, portee):
                        attendu = genre in attendus[role, separee, geste] and (couvert or geste is Geste.LIRE)
                        joues += 1
                        if permet(session, lieux.claire, cible, geste) is not attendu:
                            surprises.append((role, portee, separee, geste, cible))
                    joues += 1
                    if permet(session, lieux.claire, lieux.ailleurs, geste):
                        surprises.append((role, portee, separee, geste, lieux.ailleurs))
    with capsys.disabled():
        dit = f"{len(Geste)} gestures × {len(Role)} roles × {len(Portee)} scopes × 6 objects × separate or not"
        sys.stdout.write(f"\nmatrix: {dit} = {joues} cells played, {len(surprises)} surprises\n")
    assert surprises == []
    assert joues == len(Geste) * len(Role) * len(Portee) * 6 * 2


def test_the_architecture_is_up_to_date() -> None:
    page = ARCHITECTURE.read_text("utf-8")
    assert matrice.dans(page) == page, "run: make docs"


def test_a_page_without_its_marks_is_not_written() -> None:
    with pytest.raises(ValueError, match="rights"):
        matrice.dans("# Architecture\n")


def test_the_second_table_says_on_what_and_by_whom_roles_are_given() -> None:
    titres, *lignes = tableaux()[1]
    assert titres[1:-1] == list(NOMS_DES_PORTEES.values())
    roles = {nom: role for role, nom in NOMS_DES_ROLES.items()}
    assert [ligne[0] for ligne in lignes] == list(NOMS_DES_ROLES.values())
    for nom, *cellules, donneurs in lignes:
        dites = {portee for portee, cellule in zip(Portee, cellules, strict=True) if cellule == "yes"}
        assert dites == set(PORTEES[roles[nom]])
        assert {roles[d] for d in donneurs.split(", ")} == {
            qui for qui, donne in ACCORDE.items() if roles[nom] in donne
        }


def test_a_role_is_given_as_the_second_table_says(session: Session, lieux: Any) -> None:
    """Each giver, on each place they may have, giving each role on each place: only below what they cover."""
    donnes = {(nom, donneur) for nom, *_, qui in tableaux()[1][1:] for donneur in qui.split(", ")}
    places = {nom: [c == "yes" for c in cellules] for nom, *cellules, _ in tableaux()[1][1:]}
    droit = Habilitation(utilisateur_id=lieux.claire.id, role=Role.LECTEUR, code="")
    session.add(droit)
    joues = 0
    for donneur in Role:
        for rang, sa_portee in enumerate(Portee):
            if sa_portee not in PORTEES[donneur]:
                continue
            droit.role, droit.portee, droit.code = donneur, sa_portee, lieux.codes[sa_portee]
            session.flush()
            if not permet(session, lieux.claire, lieux.ici["etablissement"], Geste.ADMINISTRER):
                assert not any(qui == NOMS_DES_ROLES[donneur] for _, qui in donnes)
                continue
            acces = exiger(session, lieux.claire, lieux.ici["etablissement"], Geste.ADMINISTRER)
            mien = pouvoir(session, lieux.claire, acces)
            for role in Role:
                for place, portee in enumerate(Portee):
                    nom = NOMS_DES_ROLES[role]
                    attendu = (nom, NOMS_DES_ROLES[donneur]) in donnes and places[nom][place] and place <= rang
                    assert mien.peut_donner(session, role, (portee, lieux.codes[portee])) is attendu
                    joues += 1
    assert joues == 4 * len(Role) * len(Portee)


def test_only_these_roles_administer_and_they_may_give(session: Session, lieux: Any, monde: Any) -> None:
    for role in Role:
        qui = monde.acteur(role)
        session.add(Habilitation(utilisateur_id=qui.id, role=role, code=lieux.finess))
        session.flush()
        assert permet(session, qui, lieux.ici["etablissement"], Geste.ADMINISTRER) is bool(ACCORDE.get(role))
    assert len(session.exec(select(Habilitation)).all()) == len(Role)
