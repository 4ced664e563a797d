"""Several people at the very same time: nothing acknowledged is lost, nothing is written twice, on both databases."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, func, select

from rxror import db
from rxror.echanges.reference import NOMENCLATURES, charger_nomenclatures
from rxror.ror.erreurs import AccesRefuse, Conflit, Depasse, GesteRefuse
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import LieuRealisationOffre, OffreOperationnelle
from rxror.services import creation, gestes_de_droits, modification, nomenclatures, validation
from rxror.services.acces import Cible
from rxror.services.creation import Creation
from rxror.services.gestes_de_droits import Terminer
from rxror.services.habilitations import vu_de
from rxror.services.modification import Enregistrement
from rxror.services.validation import DemandeValidation
from rxror.tables import Action, Brouillon, Differend, Habilitation, Portee, Trace
from tests.bases import Base
from tests.fabriques import saisie_de, un_enregistrement, une_offre_complete
from tests.services.conftest import Monde

CHAMPS = (
    "point_remise",
    "complement_point_geographique",
    "numero_voie",
    "extension",
    "type_voie",
    "libelle_voie",
    "lieu_dit",
    "mention_distribution",
)
FOIS = 40
NEUVE = {"nom_offre": "Gynécologie HDJ", "champ_activite": "01", "mode_prise_en_charge": "29"}


@pytest.fixture(scope="module")
def photos() -> dict[str, Any]:
    """The database of the first test, copied for the next ones."""
    return {}


@pytest.fixture
def ici(la_base: Base, photos: dict[str, Any]) -> Iterator[SimpleNamespace]:
    """An offer that « Valider » accepts, the section that eight people write, and these people."""
    nomenclatures.oublier()
    if photos:
        la_base.reprendre(photos["base"])
    else:
        la_base.creer_tables()
        photos["ici"] = _peupler()
        photos["base"] = la_base.photographier()
    yield photos["ici"]
    nomenclatures.oublier()


def _peupler() -> SimpleNamespace:
    with db.transaction() as session:
        charger_nomenclatures(session, NOMENCLATURES)
        session.add(
            Commune(
                code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi"
            )
        )
        monde = Monde(session)
        eg = monde.eg(region_source="76")
        gens = [monde.acteur(f"Personne {n}") for n in range(8)]
        for qui in gens:
            monde.habiliter(qui, eg)
        uf = monde.oi(eg, "UF", "3")
        offre = une_offre_complete(session, eg, uf)
        lieu = session.exec(select(LieuRealisationOffre)).one()
        return SimpleNamespace(eg=eg, gens=gens, offre=offre, lieu=lieu, uf=uf.identifiant_oi)


def ensemble(taches: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run them at once; a refusal is an answer, any other exception fails the test."""
    taches = list(taches)
    depart = Barrier(len(taches))

    def une(tache: Callable[[], Any]) -> Any:
        depart.wait()
        try:
            return tache()
        except Conflit as refus:
            return refus

    with ThreadPoolExecutor(len(taches)) as fils:
        return list(fils.map(une, taches))


def un_envoi(objet: Any, qui: Any, section: str, **changements: str) -> Enregistrement:
    """What the page of the section sends when only `changements` were typed."""
    with db.lecture() as session:
        saisie, base = saisie_de(session, qui, objet, section, **changements)
    return un_enregistrement(objet, section, saisie, base)


def enregistrer(qui: Any, envoi: Enregistrement) -> modification.Reponse:
    return db.rejouable(lambda session: modification.enregistrer(session, qui, envoi))


def traces(**attendus: Any) -> list[Trace]:
    with db.lecture() as session:
        requete = select(Trace).where(*(getattr(Trace, nom) == v for nom, v in attendus.items()))
        return list(session.exec(requete.order_by(col(Trace.id))))


def les_brouillons() -> list[Brouillon]:
    with db.lecture() as session:
        return list(session.exec(select(Brouillon)))


def test_eight_people_save_forty_times_each_their_own_field_and_nothing_is_lost(ici: SimpleNamespace) -> None:
    def ecrire(rang: int) -> None:
        qui, champ = ici.gens[rang], CHAMPS[rang]
        envoi = un_envoi(ici.lieu, qui, "adresse")
        for n in range(FOIS):
            suivant = envoi.model_copy(update={"cle": uuid4(), "saisie": {**envoi.saisie, champ: f"{rang}{n:02}"}})
            reponse = enregistrer(qui, suivant)
            assert reponse.cle == str(suivant.cle)
            envoi = suivant.model_copy(update={"base": reponse.base})

    assert ensemble(partial(ecrire, rang) for rang in range(8)) == [None] * 8
    (brouillon,) = les_brouillons()
    assert {champ: brouillon.valeurs[champ] for champ in CHAMPS} == {c: f"{n}{FOIS - 1}" for n, c in enumerate(CHAMPS)}
    assert brouillon.version == 8 * FOIS
    gardes = traces(action=Action.BROUILLON)
    assert len({t.cle for t in gardes}) == len(gardes) == 8 * FOIS


def test_of_eight_who_write_the_same_field_nobody_is_overwritten_in_silence(ici: SimpleNamespace) -> None:
    """Each is kept, and changes what the one before kept, or waits for its owner's choice."""

    def ecrire(rang: int) -> list[tuple[str, bool]]:
        qui, reponses = ici.gens[rang], []
        for n in range(5):
            reponse = enregistrer(qui, un_envoi(ici.lieu, qui, "adresse", lieu_dit=f"{rang}{n}"))
            reponses.append((reponse.cle, not reponse.attente))
        return reponses

    reponses = dict(r for siennes in ensemble(partial(ecrire, rang) for rang in range(8)) for r in siennes)
    suite = {t.cle or "": t.changements for t in traces(action=Action.BROUILLON)}
    assert suite.keys() == reponses.keys()
    assert all(bool(suite[cle]) is garde for cle, garde in reponses.items())
    ecrits = [c for changements in suite.values() for c in changements]
    for avant, apres in pairwise(ecrits):
        assert apres["avant"] == avant["apres"]
    (brouillon,) = les_brouillons()
    assert brouillon.valeurs["lieu_dit"] == ecrits[-1]["apres"]


def test_first_brouillon_of_a_section_by_eight_at_once_is_one_and_holds_all(ici: SimpleNamespace) -> None:
    envois = [un_envoi(ici.lieu, ici.gens[n], "adresse", **{c: f"{n}"}) for n, c in enumerate(CHAMPS)]
    reponses = ensemble(partial(enregistrer, ici.gens[n], envoi) for n, envoi in enumerate(envois))
    assert [r.cle for r in reponses] == [str(e.cle) for e in envois]
    (brouillon,) = les_brouillons()
    assert [brouillon.valeurs[c] for c in CHAMPS] == [str(n) for n in range(8)]


def test_first_brouillon_with_the_same_field_keeps_one_and_the_others_wait(ici: SimpleNamespace) -> None:
    envois = [un_envoi(ici.lieu, ici.gens[n], "adresse", lieu_dit=f"{n}") for n in range(8)]
    reponses = ensemble(partial(enregistrer, ici.gens[n], envoi) for n, envoi in enumerate(envois))
    (garde,) = [n for n, r in enumerate(reponses) if not r.attente]
    (brouillon,) = les_brouillons()
    assert brouillon.valeurs["lieu_dit"] == str(garde)
    assert {r.attente[0].auteur_id for r in reponses if r.attente} == {ici.gens[garde].id}
    with db.lecture() as session:
        mises = [d.parties["lieu_dit"][""]["valeur"] for d in session.exec(select(Differend))]
    assert sorted([*mises, str(garde)]) == [str(n) for n in range(8)]


def test_same_key_sent_eight_times_at_once_is_kept_once_and_answered_alike(ici: SimpleNamespace) -> None:
    envoi = un_envoi(ici.lieu, ici.gens[0], "adresse", lieu_dit="Le Go")
    reponses = ensemble([partial(enregistrer, ici.gens[0], envoi)] * 8)
    (trace,) = traces(cle=str(envoi.cle))
    for reponse in reponses:
        reponse.instant = reponse.instant.replace(tzinfo=UTC)  # SQLite gives back universal time without its name
    assert reponses == [reponses[0]] * 8
    assert reponses[0].instant == trace.instant.replace(tzinfo=UTC)


def test_creation_sent_eight_times_at_once_with_one_key_creates_once(ici: SimpleNamespace) -> None:
    parent = {"genre": "structure", "identifiant": ici.uf}
    demande = Creation(**parent, cle=uuid4(), saisie=NEUVE)
    creer = partial(db.rejouable, lambda session: creation.creer_offre(session, ici.gens[0], demande))
    reponses = ensemble([creer] * 8)
    assert len({identifiant for identifiant, _ in reponses}) == 1
    with db.lecture() as session:
        assert session.exec(select(func.count()).select_from(OffreOperationnelle)).one() == 2


def test_validation_and_save_at_once_lose_nothing(ici: SimpleNamespace) -> None:
    """The save is in what is published, or stays beside it; the validation is done whole, or refused."""
    cible, (claire, paul, *_) = Cible("lieu", ici.lieu.identifiant), ici.gens
    for n in range(8):
        enregistrer(claire, un_envoi(ici.lieu, claire, "adresse", libelle_voie=f"VOIE {n}"))
        with db.lecture() as session:
            vu = validation.preparer(session, claire, cible).vu
        demande = DemandeValidation(genre="lieu", identifiant=ici.lieu.identifiant, vu=vu, cle=uuid4())
        envoi = un_envoi(ici.lieu, paul, "adresse", lieu_dit=f"LIEU {n}")
        valide, garde = ensemble(
            (
                partial(db.rejouable, lambda session, d=demande: validation.valider(session, claire, d)),
                partial(enregistrer, paul, envoi),
            )
        )
        assert garde.cle == str(envoi.cle)
        assert valide == [] or isinstance(valide, Conflit)
        with db.lecture() as session:
            lieu = session.exec(select(LieuRealisationOffre)).one()
            valeurs = {**lieu.model_dump(), **{c: v for b in les_brouillons() for c, v in b.valeurs.items()}}
        assert (valeurs["libelle_voie"], valeurs["lieu_dit"]) == (f"VOIE {n}", f"LIEU {n}")
    validees = traces(action=Action.VALIDATION)
    assert [t.version_apres for t in validees] == list(range(2, 2 + len(validees)))


def test_double_click_on_valider_publishes_once(ici: SimpleNamespace) -> None:
    with db.lecture() as session:
        vu = validation.preparer(session, ici.gens[0], Cible("lieu", ici.lieu.identifiant)).vu
    demandes = [DemandeValidation(genre="lieu", identifiant=ici.lieu.identifiant, vu=vu, cle=uuid4()) for _ in range(4)]
    valider = [partial(db.rejouable, lambda s, d=d: validation.valider(s, ici.gens[0], d)) for d in demandes * 2]
    reponses = ensemble(valider)
    assert len(traces(action=Action.VALIDATION)) == 1
    assert sum(r == [] for r in reponses) == 2  # the same key twice


def test_a_gesture_overtaken_once_is_done_again_and_twice_is_told(ici: SimpleNamespace) -> None:
    essais: list[int] = []

    def depasse(session: Session, fois: int) -> str:
        essais.append(1)
        session.add(Trace(instant=datetime.now(UTC), action=Action.CONNEXION, nom=f"essai {len(essais)}"))
        if len(essais) <= fois:
            raise Depasse
        return "fait"

    assert db.rejouable(lambda session: depasse(session, 1)) == "fait"
    assert [t.nom for t in traces(action=Action.CONNEXION)] == ["essai 2"]
    essais.clear()
    with pytest.raises(Conflit):
        db.rejouable(lambda session: depasse(session, 2))
    assert len(essais) == 2


# --------------------------------------------------------------------- the last référent


@pytest.mark.parametrize("essai", range(5))
def test_two_referents_who_end_each_other_leave_one(la_base: Base, essai: int) -> None:
    la_base.creer_tables()
    with db.transaction() as session:
        monde = Monde(session)
        eg = monde.eg()
        gens = [monde.acteur(nom) for nom in ("Mireille", "Rose")]
        for qui in gens:
            monde.habiliter(qui, eg)
        droits = {d.utilisateur_id: (d.id, vu_de(d)) for d in session.exec(select(Habilitation))}
        finess = eg.num_finess

    def terminer(qui: Any, autre: Any) -> str:
        droit, vu = droits[autre.id]
        demande = Terminer(identifiant=finess, habilitation=droit, vu=vu, cle=uuid4())
        try:
            return db.rejouable(lambda session: gestes_de_droits.terminer(session, qui, demande))
        except (AccesRefuse, GesteRefuse) as refus:
            return type(refus).__name__

    faits = ensemble([partial(terminer, *gens), partial(terminer, *reversed(gens))])
    assert len([f for f in faits if f.endswith("n’est plus référent, CH ALBI.")]) == 1
    with db.lecture() as session:
        assert len([d for d in session.exec(select(Habilitation)) if d.fin is None]) == 1
        assert len(session.exec(select(Trace)).all()) == 1


@pytest.mark.parametrize("essai", range(3))
def test_the_two_referents_who_leave_at_once_do_not_both(la_base: Base, essai: int) -> None:
    """One of the entité juridique, from the page of one établissement, and one of another établissement."""
    la_base.creer_tables()
    with db.transaction() as session:
        monde = Monde(session)
        juridique = monde.ej()
        eg, autre = monde.eg(entite_juridique_id=juridique.id), monde.eg("EHPAD", entite_juridique_id=juridique.id)
        samir, rose = monde.acteur("Samir"), monde.acteur("Rose")
        monde.habiliter(samir, eg, portee=Portee.ENTITE_JURIDIQUE, code=juridique.num_finess)
        monde.habiliter(rose, autre)
        monde.habiliter(monde.acteur("Ici"), eg)
        droits = {d.utilisateur_id: (d.id, vu_de(d)) for d in session.exec(select(Habilitation))}
        pages = {samir.id: eg.num_finess, rose.id: autre.num_finess}

    def partir(qui: Any) -> str:
        droit, vu = droits[qui.id]
        demande = Terminer(identifiant=pages[qui.id], habilitation=droit, vu=vu, cle=uuid4())
        try:
            return db.rejouable(lambda session: gestes_de_droits.terminer(session, qui, demande))
        except GesteRefuse as refus:
            return str(refus)

    faits = ensemble([partial(partir, samir), partial(partir, rose)])
    assert sorted("n’est plus" in f for f in faits) == [False, True]
    assert [f for f in faits if f.startswith("EHPAD n’aurait plus de référent")]
