"""The attestation: what it says is what the trace says, and its bytes are its own."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from rxror.auth import entetes
from rxror.ror.dates import aujourd_hui, jour_de
from rxror.ror.erreurs import AccesRefuse, Conflit, GesteRefuse, SaisieInvalide
from rxror.ror.objets import LieuRealisationOffre, OffreLieu
from rxror.ror.reperes import cle_de
from rxror.services import attestation, attestation_vues, conservation, mes_donnees, separation, verification
from rxror.services.acces import Cible
from rxror.services.attestation import ALPHABET, Apercu, Etablir, Projet, canonique, lire_code
from rxror.services.cartes import cartes
from rxror.services.confirmation import Confirmer, confirmer
from rxror.services.dedit import Dedire, dedire
from rxror.services.separation import Separer
from rxror.tables import Action, Attestation, Confirmation, Portee, ReglageEtablissement, Role, Trace
from tests.fabriques import enregistrer, garder, une_offre_complete
from tests.services.conftest import Monde
from tests.services.test_alertes import age
from tests.services.test_confirmation import signe
from tests.services.test_fermeture import fermer, une_saisie
from tests.services.test_historique import publier

PDF = b"%PDF-1.7 essai"
VIEILLE = datetime.now(UTC) - timedelta(days=500)


@pytest.fixture
def place(place: SimpleNamespace, session: Session, monde: Monde) -> SimpleNamespace:
    """Two pôles, three offers that nobody updated for more than a year, the first under a UF."""
    place.pole = monde.oi(place.eg, "Pôle Femme-Mère-Enfant", "1")
    place.uf = monde.oi(place.eg, "UF Gynécologie", "3", place.pole)
    place.offre.organisation_interne_id = place.uf.id
    place.autre_pole = monde.oi(place.eg, "Pôle Médecine", "1")
    place.medecine = une_offre_complete(session, place.eg, place.autre_pole, nom_offre="Médecine polyvalente")
    place.directe = une_offre_complete(session, place.eg, nom_offre="Accueil")
    for offre in (place.offre, place.medecine, place.directe):
        offre.date_mise_jour = offre.date_validation = VIEILLE
        offre.date_creation = VIEILLE
    session.flush()
    place.claire = signe(session, place.claire)
    place.cible = Cible("etablissement", place.eg.num_finess)
    return place


def confirme(session: Session, acteur: Any, objet: Any) -> Confirmation:
    cible = Cible(*cle_de(objet).split(":", 1))
    vu = cartes(session, acteur, [cible])[cible.cle].vu
    demande = Confirmer(genre=cible.genre, identifiant=cible.identifiant, vu=vu, cle=uuid4())
    assert confirmer(session, acteur, demande) == []
    requete = select(Confirmation).where(Confirmation.objet == cible.cle).order_by(col(Confirmation.id).desc())
    return session.exec(requete.limit(1)).one()


def demande_de(apercu: Apercu, cible: Cible, cle: Any = None) -> Etablir:
    periode = apercu.contenu["periode"]
    return Etablir(genre=cible.genre, identifiant=cible.identifiant, **periode, vu=apercu.vu, cle=cle or uuid4())


def etablit(session: Session, acteur: Any, cible: Cible) -> Attestation:
    demande = demande_de(attestation.apercevoir(session, acteur, cible), cible)
    projet = attestation.rediger(session, acteur, demande)
    assert isinstance(projet, Projet)
    code = attestation.etablir(session, acteur, demande, projet, PDF)
    return attestation.document(session, acteur, code)


# --------------------------------------------------------------------------- what it says


def test_partial_work_gives_an_honest_attestation(session: Session, place: SimpleNamespace) -> None:
    enregistrer(session, place.mireille, place.offre, "patientele", **age(session, place, "118"))
    publier(session, place.mireille, place.offre)
    confirme(session, place.claire, place.medecine)

    contenu = json.loads(etablit(session, place.claire, place.cible).contenu)

    assert contenu["comptes"]["offres"] == {
        "total": 3,
        "relus": 2,
        "sans_changement": 1,
        "modifies": 1,
        "non_relus": 1,
    }
    assert [(p["nom"], p["total"], p["modifies"], p["non_relus"]) for p in contenu["parts"]] == [
        ("Pôle Femme-Mère-Enfant", 1, 1, 0),
        ("Pôle Médecine", 1, 0, 0),
        ("Rattachées directement à l’établissement", 1, 0, 1),
    ]
    etats = {o["nom"]: o["etat"] for o in contenu["offres"]}
    assert etats == {
        "Accueil": "non_relu",
        "Gynécologie, hospitalisation complète": "modifie",
        "Médecine polyvalente": "sans_changement",
    }
    vue = attestation_vues.lire(contenu)
    assert vue.phrase.replace("\xa0", " ").startswith("2 offres ont été relues et validées le ")
    assert vue.phrase.endswith("sur les 3 de CH ALBI.")
    assert vue.manquent.replace("\xa0", " ") == "1 offre sur 3 n’a pas été relue dans cette période."
    assert (vue.valide_par, contenu["etablie_par"]) == ("Claire Dumas, Mireille Faure", "Claire Dumas")


@pytest.mark.parametrize(
    ("total", "relus", "dit"),
    [
        (0, 0, "Aucune offre n’est décrite dans CH ALBI."),
        (1, 0, "Aucune offre de CH ALBI n’a été relue le 2 mars 2026."),
        (80, 0, "Aucune offre de CH ALBI n’a été relue le 2 mars 2026."),
        (1, 1, "L’offre de CH ALBI a été relue et validée le 2 mars 2026."),
        (80, 1, "1 offre a été relue et validée le 2 mars 2026, sur les 80 de CH ALBI."),
        (80, 2, "2 offres ont été relues et validées le 2 mars 2026, sur les 80 de CH ALBI."),
        (80, 80, "Les offres de CH ALBI ont été relues et validées le 2 mars 2026."),
    ],
)
def test_sentence_agrees_with_its_number(total: int, relus: int, dit: str) -> None:
    contenu = {
        "comptes": {"offres": {"total": total, "relus": relus}},
        "perimetre": {"nom": "CH ALBI"},
        "periode": {"du": "2026-03-02", "au": "2026-03-02"},
    }
    assert attestation_vues._phrase(contenu).replace("\xa0", " ") == dit


def test_each_act_tells_who_what_changed_and_what_was_shown(session: Session, place: SimpleNamespace) -> None:
    enregistrer(session, place.mireille, place.offre, "patientele", **age(session, place, "118"))
    publier(session, place.mireille, place.offre)
    confirmation = confirme(session, place.claire, place.medecine)

    contenu = json.loads(etablit(session, place.claire, place.cible).contenu)

    actes = {o["nom"]: o["actes"] for o in contenu["offres"]}
    ((validee,), (lue,)) = actes["Gynécologie, hospitalisation complète"], actes["Médecine polyvalente"]
    assert (validee["geste"], validee["par"], validee["champs_modifies"]) == (
        "validation",
        "Mireille Faure",
        ["Patientèle"],
    )
    assert (lue["geste"], lue["par"], lue["champs_modifies"]) == ("confirmation", "Claire Dumas", [])
    assert lue["champs_montres"] == [f["label"] for f in confirmation.faits]
    assert {"Mode de prise en charge", "Contacts"} <= set(lue["champs_montres"])
    assert "118" not in json.dumps([validee["champs_modifies"], lue])  # values stay in the history
    lieux = {x["identifiant"]: x["etat"] for x in contenu["lieux"]}
    assert sorted(lieux.values()) == ["non_relu", "non_relu", "sans_changement"]


def test_recency_before_and_after_is_the_national_indicator(session: Session, place: SimpleNamespace) -> None:
    place.directe.date_mise_jour = datetime.now(UTC) - timedelta(days=40)
    session.flush()
    confirme(session, place.claire, place.offre)

    re1_2 = json.loads(etablit(session, place.claire, place.cible).contenu)["re1_2"]

    assert {n: (r["mises_a_jour"], r["offres"], r["etat"]) for n, r in re1_2.items()} == {
        "avant": (1, 3, "Conforme"),
        "apres": (2, 3, "Conforme"),
    }


def test_a_period_that_is_over_says_what_stood_then(session: Session, place: SimpleNamespace) -> None:
    """The act of today is not of that period, and RE1.2 at its end ignores it."""
    confirme(session, place.claire, place.offre)
    hier = aujourd_hui() - timedelta(days=1)

    contenu = attestation.apercevoir(session, place.claire, place.cible, hier, hier).contenu

    assert contenu["comptes"]["offres"]["relus"] == 0
    assert contenu["re1_2"]["apres"]["mises_a_jour"] == 0


@pytest.mark.parametrize("geste", ["separation", "fermeture"])
def test_what_moved_a_date_since_leaves_the_one_of_then(session: Session, place: SimpleNamespace, geste: str) -> None:
    """Twenty days ago the offer had the date of forty days ago, though something dates it today."""
    place.medecine.date_mise_jour = datetime.now(UTC) - timedelta(days=40)
    session.flush()
    if geste == "separation":
        usage = OffreLieu.offre_operationnelle_id == place.medecine.id
        lieu = session.exec(select(LieuRealisationOffre).join(OffreLieu).where(usage)).one()
        garder(session, OffreLieu(offre_operationnelle_id=place.directe.id, lieu_realisation_offre_id=lieu.id))
        vu = separation.preparer(session, place.claire, Cible("lieu", lieu.identifiant)).vu
        demande = Separer(
            genre="lieu",
            identifiant=lieu.identifiant,
            nom="Rez-de-jardin",
            choisies=[place.medecine.identifiant_offre],
            compte="origine",
            vu=vu,
            cle=uuid4(),
        )
        assert separation.separer(session, place.claire, demande)[1] == {}
    else:
        fermer(session, place.mireille, place.medecine, une_saisie("PRO", 0, 30))
    session.refresh(place.medecine)
    assert jour_de(place.medecine.date_mise_jour) == aujourd_hui()
    jadis = aujourd_hui() - timedelta(days=20)

    contenu = attestation.apercevoir(session, place.claire, place.cible, jadis, jadis).contenu

    assert (contenu["re1_2"]["apres"]["mises_a_jour"], contenu["re1_2"]["apres"]["offres"]) == (1, 3)


def test_a_confirmation_taken_back_is_not_attested(session: Session, place: SimpleNamespace) -> None:
    faite = confirme(session, place.claire, place.medecine)
    numeros = list(session.exec(select(Confirmation.id).where(Confirmation.geste == faite.geste)))
    dedire(session, place.claire, Dedire(confirmations=numeros, cle=uuid4()))

    apercu = attestation.apercevoir(session, place.claire, place.cible)

    assert not apercu.relus
    assert apercu.contenu["re1_2"]["apres"]["mises_a_jour"] == 0
    with pytest.raises(GesteRefuse, match="rien à attester"):
        attestation.rediger(session, place.claire, demande_de(apercu, place.cible))


def test_a_structure_says_its_part_only(session: Session, place: SimpleNamespace, monde: Monde) -> None:
    nadia = signe(session, monde.acteur("Nadia Roux"))
    monde.habiliter(nadia, place.eg, Role.RESPONSABLE_OFFRE, portee=Portee.STRUCTURE, code=place.uf.identifiant_oi)
    confirme(session, nadia, place.offre)
    confirme(session, place.claire, place.medecine)
    sa_part = Cible("structure", place.uf.identifiant_oi)

    contenu = json.loads(etablit(session, nadia, sa_part).contenu)

    assert contenu["perimetre"] == {"genre": "structure", "identifiant": sa_part.identifiant, "nom": "UF Gynécologie"}
    assert [o["nom"] for o in contenu["offres"]] == ["Gynécologie, hospitalisation complète"]
    assert len(contenu["lieux"]) == 1
    assert contenu["re1_2"]["apres"]["offres"] == 3  # the indicator is that of the établissement
    assert not attestation.apercevoir(session, nadia, place.cible).peut
    with pytest.raises(AccesRefuse):
        attestation.rediger(
            session, nadia, demande_de(attestation.apercevoir(session, nadia, place.cible), place.cible)
        )


def test_number_of_statements_does_not_depend_on_the_offers(
    session: Session, place: SimpleNamespace, compter: Any
) -> None:
    with compter() as peu:
        attestation.apercevoir(session, place.claire, place.cible)
    for n in range(12):
        confirme(session, place.claire, une_offre_complete(session, place.eg, place.uf, nom_offre=f"Offre {n}"))
    with compter() as beaucoup:
        attestation.apercevoir(session, place.claire, place.cible)
    assert len(beaucoup) <= len(peu) + 1  # reading the acts, once there are some


# --------------------------------------------------------------------------- its bytes


def test_anybody_writes_the_same_bytes_again(session: Session, place: SimpleNamespace) -> None:
    confirme(session, place.claire, place.offre)
    faite = etablit(session, place.claire, place.cible)

    relu = json.loads(faite.contenu)
    encore = json.dumps(relu, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert hashlib.sha256(encore).hexdigest() == faite.empreinte
    assert b"." not in b"".join(part for part in encore.split(b'"')[::2])  # no number with a decimal point


@pytest.mark.parametrize("sorte", ["json", "pdf"])
def test_one_altered_byte_does_not_conform(session: Session, place: SimpleNamespace, sorte: str) -> None:
    confirme(session, place.claire, place.offre)
    faite = etablit(session, place.claire, place.cible)
    octets = faite.contenu.encode() if sorte == "json" else faite.pdf
    publique = verification.trouver(session, faite.code)
    assert publique
    assert publique.est_conforme(octets)

    for rang in {0, len(octets) // 2, len(octets) - 1}:
        altere = bytearray(octets)
        altere[rang] ^= 1
        assert not publique.est_conforme(bytes(altere))
    assert not publique.est_conforme(octets + b"\n")
    assert not publique.est_conforme(b"")
    assert publique.reconnait(hashlib.sha256(octets).hexdigest().upper())
    assert not publique.reconnait("0" * 64)


def test_code_is_sixty_random_bits_and_is_read_as_people_type_it() -> None:
    codes = {attestation._tirer() for _ in range(200)}
    assert len(codes) == 200
    assert len(ALPHABET) ** attestation.LETTRES >= 2**60
    code = codes.pop()
    for ecrit in (code, code.lower(), code.replace("-", " "), f"  {code} ", code.replace("0", "o").replace("1", "l")):
        assert lire_code(ecrit) == code
    assert [lire_code(x) for x in ("", "7F3K", "7F3K-92QD-M4XU", "x" * 500, "7F3K-92QD-M4X\x00")] == [""] * 5


def test_public_side_has_no_name_of_anybody(session: Session, place: SimpleNamespace) -> None:
    confirme(session, place.claire, place.offre)
    publique = verification.trouver(session, etablit(session, place.mireille, place.cible).code)
    assert publique
    assert not {"Claire", "Dumas", "Mireille", "Faure"} & set(repr(publique).replace(",", " ").split())


# --------------------------------------------------------------------------- gesture


def test_a_retry_gives_the_same_attestation_and_one_line_of_trace(session: Session, place: SimpleNamespace) -> None:
    confirme(session, place.claire, place.offre)
    demande = demande_de(attestation.apercevoir(session, place.claire, place.cible), place.cible)
    projet = attestation.rediger(session, place.claire, demande)
    autre = attestation.rediger(session, place.claire, demande)  # two at once: both are written, one is kept
    assert isinstance(projet, Projet)
    assert isinstance(autre, Projet)

    code = attestation.etablir(session, place.claire, demande, projet, PDF)

    assert attestation.etablir(session, place.claire, demande, autre, PDF) == code
    assert attestation.rediger(session, place.claire, demande) == code
    (trace,) = session.exec(select(Trace).where(Trace.action == Action.ATTESTATION)).all()
    assert (trace.nom, trace.objet, trace.finess) == ("Claire Dumas", place.cible.cle, place.eg.num_finess)
    assert trace.resultat == {"code": code, "empreinte": projet.empreinte}
    assert [une.code for une in attestation.etablies(session, place.mireille, place.cible)] == [code]
    ailleurs = demande.model_copy(update={"genre": "structure", "identifiant": place.uf.identifiant_oi})
    with pytest.raises(SaisieInvalide):
        attestation.rediger(session, place.claire, ailleurs)


def test_attestations_of_a_day_are_bounded_for_one_person_and_one_place(
    session: Session, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attestation, "PAR_JOUR", 2)
    confirme(session, place.claire, place.offre)
    demande = demande_de(attestation.apercevoir(session, place.claire, place.cible), place.cible)
    projet = attestation.rediger(session, place.claire, demande)
    assert isinstance(projet, Projet)
    faites = [
        etablit(session, place.claire, cible) for cible in (place.cible, Cible("structure", place.uf.identifiant_oi))
    ]

    for faire in (
        lambda: attestation.rediger(session, place.claire, demande),
        lambda: attestation.etablir(session, place.claire, demande, projet, PDF),
    ):
        with pytest.raises(GesteRefuse, match="Reprenez demain"):
            faire()
    assert etablit(session, place.mireille, place.cible).nom == "Mireille Faure"
    faites[0].cree -= timedelta(days=1)
    session.flush()
    assert attestation.etablir(session, place.claire, demande, projet, PDF) == projet.code


def test_a_json_that_could_not_be_verified_is_not_written(
    session: Session, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert attestation.OCTETS_MAX < entetes.CORPS_MAX - 10_000  # the form that verifies sends it whole
    confirme(session, place.claire, place.offre)
    demande = demande_de(attestation.apercevoir(session, place.claire, place.cible), place.cible)
    projet = attestation.rediger(session, place.claire, demande)
    assert isinstance(projet, Projet)
    monkeypatch.setattr(attestation, "OCTETS_MAX", len(projet.json) - 1)
    with pytest.raises(GesteRefuse, match="période plus courte"):
        attestation.rediger(session, place.claire, demande)


def test_what_changed_since_it_was_shown_is_not_attested(session: Session, place: SimpleNamespace) -> None:
    confirme(session, place.claire, place.offre)
    demande = demande_de(attestation.apercevoir(session, place.claire, place.cible), place.cible)
    projet = attestation.rediger(session, place.claire, demande)
    assert isinstance(projet, Projet)

    confirme(session, place.claire, place.medecine)

    for faire in (
        lambda: attestation.rediger(session, place.claire, demande),
        lambda: attestation.etablir(session, place.claire, demande, projet, PDF),
    ):
        with pytest.raises(Conflit):
            faire()
    assert session.exec(select(Attestation)).all() == []


def test_who_may_not_validate_reads_and_does_not_establish(
    session: Session, place: SimpleNamespace, monde: Monde
) -> None:
    confirme(session, place.claire, place.offre)
    faite = etablit(session, place.claire, place.cible)
    louise, samir, prepare = (monde.acteur(nom) for nom in ("Louise Pagès", "Samir Costes", "Paul Prat"))
    monde.habiliter(louise, place.eg, Role.LECTEUR)
    monde.habiliter(prepare, place.eg, Role.RESPONSABLE_OFFRE)
    assert attestation.apercevoir(session, prepare, place.cible).peut
    garder(session, ReglageEtablissement(finess=place.eg.num_finess, validation_separee=True))

    for qui in (louise, prepare):
        apercu = attestation.apercevoir(session, qui, place.cible)
        assert not apercu.peut
        assert attestation.document(session, qui, faite.code).code == faite.code
        with pytest.raises(AccesRefuse):
            attestation.rediger(session, qui, demande_de(apercu, place.cible))
    for lire in (attestation.apercevoir, attestation.etablies):
        with pytest.raises(AccesRefuse):
            lire(session, samir, place.cible)
    for code in (faite.code, "0000-0000-0000", "\x00", "x" * 400):
        with pytest.raises(AccesRefuse):
            attestation.document(session, samir, code)
    for genre in ("offre", "lieu", "juridique", "x"):
        with pytest.raises(AccesRefuse):
            attestation.apercevoir(session, place.claire, Cible(genre, "76/1"))


def test_a_period_out_of_reach_is_refused_in_words(session: Session, place: SimpleNamespace) -> None:
    jour = aujourd_hui()
    for du, au in (
        (jour, jour + timedelta(days=1)),
        (jour, jour - timedelta(days=1)),
        (jour - timedelta(days=400), jour),
        (None, jour - timedelta(days=400)),
    ):
        with pytest.raises(GesteRefuse, match="période"):
            attestation.apercevoir(session, place.claire, place.cible, du, au)


def test_names_are_kept_as_they_are(session: Session, place: SimpleNamespace) -> None:
    nom = '#panic("x") $1/0$ [*] _a_ \\ `b` <c> @d « é » ’ 中 \u202e'
    place.offre.nom_offre = nom
    session.flush()
    confirme(session, place.claire, place.offre)

    faite = etablit(session, place.claire, place.cible)

    assert nom in {o["nom"] for o in json.loads(faite.contenu)["offres"]}
    assert canonique(json.loads(faite.contenu)).decode() == faite.contenu


# --------------------------------------------------------------------------- what is kept


def test_ones_own_data_tell_ones_attestations_without_the_names_of_others(
    session: Session, place: SimpleNamespace
) -> None:
    confirme(session, place.mireille, place.offre)
    faite = etablit(session, place.claire, place.cible)

    (ligne,) = list(dict(mes_donnees.exporter(session, place.claire))["attestation"])

    assert ligne["code"] == faite.code
    assert not {"contenu", "pdf"} & set(ligne)
    assert "Mireille" not in json.dumps(ligne)
    assert ("Attestations de mise à jour établies", "1") in mes_donnees.lire(session, place.claire).comptes


def test_an_attestation_goes_when_its_time_has_run(session: Session, place: SimpleNamespace) -> None:
    @contextmanager
    def transaction() -> Iterator[Session]:
        yield session

    confirme(session, place.claire, place.offre)
    code = etablit(session, place.claire, place.cible).code
    avant, apres = (datetime.now(UTC) + timedelta(days=jours) for jours in (365 * 5 - 10, 365 * 5 + 10))
    assert conservation.purger(transaction, avant).attestations == 0
    assert verification.trouver(session, code)
    assert conservation.prevoir(session, apres).attestations == 1
    assert conservation.purger(transaction, apres).attestations == 1
    assert verification.trouver(session, code) is None


def test_the_lieux_of_an_offre_are_its_own(session: Session, place: SimpleNamespace) -> None:
    lieux = session.exec(select(LieuRealisationOffre).order_by(col(LieuRealisationOffre.id))).all()
    confirme(session, place.claire, place.offre)
    contenu = json.loads(etablit(session, place.claire, place.cible).contenu)
    assert contenu["comptes"]["lieux"]["total"] == len(lieux) == 3
    assert contenu["comptes"]["lieux"]["relus"] == 1
