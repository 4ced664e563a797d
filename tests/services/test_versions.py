"""Every version of a published object has exactly one line of trace, which tells all that changed."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.echanges.finess.importer import importer
from rxror.ror.dates import aujourd_hui
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.objets import (
    CapaciteAccueilOperationnelle,
    EntiteGeographique,
    LieuRealisationOffre,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.services import contenu, creation, creation_lieu, creation_structure, modification, validation
from rxror.services.acces import Cible
from rxror.services.copie import Copie, copier
from rxror.services.creation import Creation
from rxror.services.fermeture import Fermer, apercevoir, fermer
from rxror.services.reouverture import Rouvrir
from rxror.services.reouverture import preparer as preparer_la_reouverture
from rxror.services.reouverture import rouvrir as rouvrir_ceci
from rxror.services.validation import DemandeValidation
from rxror.services.versions import sans_les_cles, sont_tenus
from rxror.tables import Action, Trace
from tests.echanges.test_finess_importer import CH_ALBI, un_fichier, une_ligne
from tests.fabriques import enregistrer, garder, saisie_de, un_enregistrement, un_lieu

CLASSES: tuple[Any, ...] = (EntiteGeographique, OrganisationInterne, OffreOperationnelle, LieuRealisationOffre)
NOMS = {"etablissement": "num_finess", "structure": "identifiant_oi", "offre": "identifiant_offre"}


class Temoin:
    """Watches every published object: after a gesture, its lines must account for all that changed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.avant, self.derniere = self._photo(), self._derniere()

    def _photo(self) -> dict[str, tuple[int, Any, dict[str, Any]]]:
        self.session.flush()
        self.session.expire_all()
        photo = {}
        for classe in CLASSES:
            objets = self.session.exec(select(classe)).all()
            lues = contenu.lire(self.session, classe, objets)
            for objet in objets:
                cle = f"{classe.GENRE}:{getattr(objet, NOMS.get(classe.GENRE, 'identifiant'))}"
                photo[cle] = (objet.version, classe, lues[objet.id])
        return photo

    def _derniere(self) -> int:
        return max(self.session.exec(select(Trace.id)).all(), default=0)

    def verifier(self) -> dict[str, list[str]]:
        """{object with a new version: the fields told}."""
        apres = self._photo()
        lignes = self.session.exec(select(Trace).where(col(Trace.id) > self.derniere).order_by(col(Trace.id))).all()
        neuves: dict[str, list[str]] = {}
        for cle, (version, classe, valeurs) in apres.items():
            siennes = [t for t in lignes if t.objet == cle and t.version_apres]
            avant_version, _, avant = self.avant.get(cle, (0, classe, {}))
            assert [t.version_apres for t in siennes] == list(range(avant_version + 1, version + 1)), cle
            assert [t.version_avant or 0 for t in siennes] == list(range(avant_version, version)), cle
            dits: dict[str, Any] = {}
            for trace in siennes:
                for c in trace.changements:
                    tenu = dits[c["champ"]]["apres"] if c["champ"] in dits else avant.get(c["champ"])
                    assert sans_les_cles(classe, c["champ"], tenu) == sans_les_cles(classe, c["champ"], c["avant"])
                    dits[c["champ"]] = c
            for nom in sont_tenus(classe):
                tenu = sans_les_cles(classe, nom, valeurs.get(nom))
                if nom in dits:
                    assert sans_les_cles(classe, nom, dits[nom]["apres"]) == tenu, (cle, nom)
                elif not _cree_par_finess(siennes):
                    assert sans_les_cles(classe, nom, avant.get(nom)) == tenu, (cle, nom)
            if siennes:
                neuves[cle] = sorted(dits)
        self.avant, self.derniere = apres, self._derniere()
        return neuves


def _cree_par_finess(lignes: list[Trace]) -> bool:
    return bool(lignes) and lignes[0].action is Action.IMPORT and lignes[0].version_avant is None


@pytest.fixture
def monde_publie(session: Session, monde: Any, place: Any) -> SimpleNamespace:
    pole = monde.oi(place.eg, "Pôle Femme-Mère-Enfant")
    uf = monde.oi(place.eg, "UF Gynécologie", "3", pole)
    place.offre.organisation_interne_id = uf.id
    lieu = session.exec(select(LieuRealisationOffre)).one()
    return SimpleNamespace(**vars(place), pole=pole, uf=uf, lieu=lieu, temoin=Temoin(session))


def valider(session: Session, acteur: Any, objet: Any) -> None:
    identifiant = getattr(objet, NOMS.get(objet.GENRE, "identifiant"))
    vu = validation.preparer(session, acteur, Cible(objet.GENRE, identifiant)).vu
    demande = DemandeValidation(genre=objet.GENRE, identifiant=identifiant, vu=vu, cle=uuid4())
    assert validation.valider(session, acteur, demande) == []


def une_creation(parent: Any, saisie: dict[str, str]) -> Creation:
    identifiant = getattr(parent, NOMS.get(parent.GENRE, "identifiant"))
    return Creation(genre=parent.GENRE, identifiant=identifiant, cle=uuid4(), saisie=saisie)


def test_a_validated_offre_tells_its_version_and_that_of_its_lieu(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    enregistrer(session, m.claire, m.offre, "informations_generales", nom_offre="Gynécologie HC")
    enregistrer(session, m.claire, m.lieu, "informations_generales", nom="3e étage")
    assert m.temoin.verifier() == {}

    valider(session, m.claire, m.offre)
    assert m.temoin.verifier() == {
        f"offre:{m.offre.identifiant_offre}": ["nom_offre"],
        f"lieu:{m.lieu.identifiant}": ["nom"],
    }
    premiere, seconde = session.exec(
        select(Trace).where(Trace.action == Action.VALIDATION).order_by(col(Trace.id))
    ).all()
    assert premiere.resultat["geste"] == seconde.resultat["geste"] == premiere.cle
    assert (seconde.cle, seconde.resultat["avec"]) == (None, premiere.objet)


def test_a_validation_without_change_is_a_version(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    for objet in (m.offre, m.lieu, m.uf):
        valider(session, m.claire, objet)
    assert list(m.temoin.verifier().values()) == [[], [], []]
    assert session.exec(select(Trace.version_apres)).all() == [2, 2, 2]


def test_attaching_and_detaching_a_lieu_is_told(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    demande = une_creation(m.offre, {"nom": "Consultations", "fonction_lieu": "001"})
    identifiant, erreurs = creation_lieu.creer_lieu(session, m.claire, demande)
    assert (erreurs, list(m.temoin.verifier())) == ({}, [f"lieu:{identifiant}"])
    garde = un_lieu(session, m.eg, nom="Rez-de-jardin")
    m.temoin = Temoin(session)

    saisie, base = saisie_de(session, m.claire, m.offre, "adresse")
    saisie = {n: t for n, t in saisie.items() if not n.startswith("lieu_realisation_offre.")}
    saisie[f"lieu_realisation_offre.{garde.identifiant}"] = "1"
    modification.enregistrer(session, m.claire, un_enregistrement(m.offre, "adresse", saisie, base))
    valider(session, m.claire, m.offre)
    assert m.temoin.verifier() == {f"offre:{m.offre.identifiant_offre}": ["lieu_realisation_offre"]}


def test_creations_tell_all_that_they_write(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    offre = {"nom_offre": "Maternité", "champ_activite": "01", "mode_prise_en_charge": "28"}
    creation.creer_offre(session, m.claire, une_creation(m.uf, offre))
    structure = {"type_oi": "1", "nom_oi": "Pôle des urgences", "description": ""}
    creation_structure.creer_structure(session, m.claire, une_creation(m.eg, structure))
    creation_lieu.creer_lieu(session, m.claire, une_creation(m.eg, {"nom": "Rez-de-jardin", "fonction_lieu": "001"}))
    assert [t.version_apres for t in session.exec(select(Trace)).all()] == [1, 1, 1]
    assert len(m.temoin.verifier()) == 3


def test_a_duplicate_is_one_creation_and_brouillons(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    saisie = {"nom_offre": "Gynécologie de jour", "champ_activite": "01", "mode_prise_en_charge": "28"}
    demande = Copie(
        **une_creation(m.uf, saisie).model_dump() | {"source": m.offre.identifiant_offre},
    )
    identifiant, erreurs = copier(session, m.claire, demande)
    assert erreurs == {}
    assert list(m.temoin.verifier()) == [f"offre:{identifiant}"]


def test_closing_and_reopening_tell_each_object_of_the_cascade(session: Session, monde_publie: Any) -> None:
    m = monde_publie
    garder(
        session,
        CapaciteAccueilOperationnelle(
            lieu_realisation_offre_id=m.lieu.id,
            nature_capacite="01",
            statut_capacite="02",
            temporalite_capacite="01",
            nombre_capacite=3,
        ),
    )
    m.temoin = Temoin(session)
    saisie = {"type_fermeture": DEFINITIVE, "date_fermeture": aujourd_hui().isoformat(), "motif": "Travaux"}
    ou = Cible("structure", m.pole.identifiant_oi)
    vu, erreurs = apercevoir(session, m.claire, ou, saisie)
    assert vu is not None, erreurs
    demande = Fermer(genre=ou.genre, identifiant=ou.identifiant, saisie=saisie, vu=vu.vu, a_zero=True, cle=uuid4())
    reponse = fermer(session, m.claire, demande)
    assert (reponse.erreurs, reponse.blocages) == ({}, [])
    neuves = m.temoin.verifier()
    assert len(neuves) == 4
    assert neuves[f"lieu:{m.lieu.identifiant}"] == ["capacite_accueil_operationnelle"]

    vue = preparer_la_reouverture(session, m.claire, ou)
    choisis = {c["cle"] for c in vue.choix}
    geste = Rouvrir(genre=ou.genre, identifiant=ou.identifiant, choisis=choisis, vu=vue.vu, cle=uuid4())
    assert rouvrir_ceci(session, m.claire, geste) == []
    assert len(m.temoin.verifier()) == 3


def test_an_import_of_finess_tells_what_it_creates_and_changes(session: Session, place: Any, tmp_path: Path) -> None:
    temoin = Temoin(session)
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI))])
    assert temoin.verifier() == {"etablissement:810000505": []}
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI, rs="CH D'ALBI", telephone=""), jour="2022-01-08")])
    (change,) = temoin.verifier().values()
    assert change == ["denomination_eg", "telephone_finess"]
    lignes = session.exec(select(Trace).where(Trace.action == Action.IMPORT, col(Trace.version_avant) == 1)).all()
    assert [(t.nom, t.utilisateur_id) for t in lignes] == [("Import FINESS du 8\u00a0janvier\u00a02022", None)]
    importer(session, [un_fichier(tmp_path, une_ligne(CH_ALBI, rs="CH D'ALBI", telephone=""), jour="2022-01-08")])
    assert temoin.verifier() == {}
