"""What waited in a browser and is sent: the answer says to which sending, and what became of it."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import delete, select

from rxror import db
from rxror.ror.erreurs import NonConnecte, SaisieInvalide
from rxror.ror.objets import OffreOperationnelle
from rxror.services.identite import acteur_de
from rxror.tables import Action, Brouillon, Habilitation, Trace, Utilisateur, WebSession
from rxror.ui.attente import AttenteState, Issue
from rxror.ui.identity import IdentityState
from rxror.ui.pages.edition import EditionState
from rxror.ui.pages.en_attente import RAISONS, EnAttenteState

EMPREINTE = "e" * 64  # of Claire's session
FORMULAIRE = "/offre/76/1/modifier/informations_generales"
Ouvrir = Callable[..., Any]


def saisie(**autres: str) -> dict[str, str]:
    return {
        "_genre": "offre",
        "_identifiant": "76/1",
        "_section": "informations_generales",
        "_base": "{}",
        "_cle": str(uuid4()),
        "_sans_reponse": "",
        "_caches": "",
        "_champs": "nom_offre",
        "nom_offre": "Ce qui attendait",
    } | autres


def kept() -> list[str]:
    with db.lecture() as session:
        return [b.valeurs.get("nom_offre", "") for b in session.exec(select(Brouillon))]


def test_it_is_sent_once_whatever_the_number_of_sendings(ouvrir: Ouvrir) -> None:
    page = ouvrir(EditionState, FORMULAIRE)
    page.charger()
    etat, envoi = ouvrir(AttenteState), saisie(_base=page.base)
    for _ in range(2):
        etat.envoyer(envoi)
        assert json.loads(etat.reponse) == {"cle": envoi["_cle"], "issue": "fait"}
    etat.envoyer(saisie(_base=page.base, _sans_reponse=envoi["_cle"]))
    assert kept() == ["Ce qui attendait"]
    with db.lecture() as session:
        assert len(session.exec(select(Trace)).all()) == 1


@pytest.mark.parametrize("donnees", [{"_genre": "autre"}, {"_cle": "x"}, {"_section": "rien"}, {"_base": "["}, None])
def test_what_cannot_be_kept_is_answered_and_not_raised(ouvrir: Ouvrir, donnees: dict[str, str] | None) -> None:
    etat = ouvrir(AttenteState)
    etat.envoyer(None if donnees is None else saisie(**donnees))
    assert json.loads(etat.reponse)["issue"] in (Issue.REFUS, Issue.PERIMEE)
    assert kept() == []


@pytest.mark.parametrize("nom", ["nom_offre", "zone_intervention", "description_offre"])
def test_half_a_character_is_read_aloud_all_the_same(ouvrir: Ouvrir, nom: str) -> None:
    lu = ouvrir(EnAttenteState)
    lu.lire(saisie(_id="a\ud83d", _titre="Titre\ud83d", _champs=nom) | {nom: "81004 \ud83d\x00"})
    json.dumps(lu.attentes, ensure_ascii=False).encode()
    assert "\x00" not in str(lu.attentes)


def test_a_right_one_lost_is_a_refusal(ouvrir: Ouvrir) -> None:
    with db.transaction() as session:
        session.exec(delete(Habilitation))
    etat = ouvrir(AttenteState)
    etat.envoyer(saisie())
    assert json.loads(etat.reponse)["issue"] == Issue.REFUS
    with db.lecture() as session:
        assert [(t.action, t.objet) for t in session.exec(select(Trace))] == [(Action.REFUS, "offre:76/1")]
    lu = ouvrir(EnAttenteState)
    lu.lire(saisie(_id="a", _titre="Le titre gardé", _instant="1700000000000", _etat="refus", _adresse=FORMULAIRE))
    (vue,) = lu.attentes
    assert (vue["ou"], vue["adresse"], vue["titre"]) == ("Le titre gardé", FORMULAIRE, "Informations générales")
    assert [e["texte"] for e in vue["lignes"]] == ["Ce qui attendait"]
    assert vue["raison"].startswith("Refusé")


def test_what_is_not_asked_any_more_is_said_and_the_rest_is_kept(ouvrir: Ouvrir) -> None:
    lien = "lien_teleconsultation.n1.adresse_telecom"
    etat = ouvrir(AttenteState)
    etat.envoyer(
        saisie(_section="accueil", _champs=f"{lien} divers", **{"lien_teleconsultation.n1": "1", lien: "https://a.fr"})
    )
    assert json.loads(etat.reponse) | {"cle": ""} == {"cle": "", "issue": "retire", "restent": [lien]}


def test_a_section_takes_back_what_waited_for_it_and_nothing_else(ouvrir: Ouvrir) -> None:
    etat = ouvrir(EditionState, FORMULAIRE)
    etat.charger()
    envoi = saisie(_base=etat.base)
    etat.reprendre_attente(envoi)
    assert json.loads(etat.reprise) == {"cle": envoi["_cle"], "issue": "fait"}
    assert (etat.valeurs["nom_offre"], etat.essai, etat.brouillon) == ("Ce qui attendait", 1, True)
    etat.reprendre_attente(saisie(_section="accueil"))
    assert json.loads(etat.reprise)["issue"] == Issue.PERIMEE
    assert kept() == ["Ce qui attendait"]


def test_nobody_reads_or_sends_without_a_session(ouvrir: Ouvrir) -> None:
    with pytest.raises(NonConnecte):
        ouvrir(AttenteState, empreinte="").envoyer(saisie())
    with pytest.raises(NonConnecte):
        ouvrir(EnAttenteState, empreinte="").lire(saisie())
    with pytest.raises(SaisieInvalide):
        ouvrir(EnAttenteState).lire(saisie(_section="rien"))
    with pytest.raises(SaisieInvalide):
        ouvrir(EnAttenteState).lire("rien")


def test_every_outcome_that_keeps_the_words_has_its_sentence() -> None:
    assert set(RAISONS) == set(Issue) - {Issue.FAIT, Issue.CHOIX}


SPECIFICITES = "/offre/76/1/modifier/specificites"


def _activite(champ_activite: str) -> None:
    with db.transaction() as session:
        session.exec(select(OffreOperationnelle)).first().champ_activite = champ_activite  # type: ignore[union-attr]


@pytest.mark.parametrize("geste", ["pause", ""])
def test_enregistrer_says_what_is_not_asked_any_more_and_leaves_it_on_the_screen(ouvrir: Ouvrir, geste: str) -> None:
    _activite("03")
    etat = ouvrir(EditionState, SPECIFICITES)
    etat.charger()
    _activite("01")

    suite = etat.enregistrer(
        saisie(_section="specificites", _base=etat.base, _geste=geste, secteur_psychiatrique="81G01")
    )

    assert suite is None
    assert ("sauf ce qui suit" in etat.statut, "secteur_psychiatrique" in etat.erreurs) == (True, True)
    assert etat.valeurs["secteur_psychiatrique"] == "81G01"


def test_the_same_sending_again_still_says_what_is_not_asked_any_more(ouvrir: Ouvrir) -> None:
    _activite("01")
    page = ouvrir(EditionState, SPECIFICITES)
    page.charger()
    envoi = saisie(_section="specificites", _base=page.base, _champs="secteur_psychiatrique")
    envoi |= {"secteur_psychiatrique": "81G01", "acte_specifique.inconnu": "oui"}  # what is kept leaves a line
    etat = ouvrir(AttenteState)
    for _ in range(2):  # the base answered « kept » and the connection was lost
        etat.envoyer(envoi)
        assert json.loads(etat.reponse) | {"cle": ""} == {
            "cle": "",
            "issue": "retire",
            "restent": ["secteur_psychiatrique"],
        }
    with db.lecture() as session:
        assert session.exec(select(Trace)).one()


def test_a_reconnection_after_somebody_saved_draws_the_form_again(ouvrir: Ouvrir) -> None:
    etat = ouvrir(EditionState, FORMULAIRE)
    etat.charger()
    avant = (etat.place, etat.essai)
    etat.charger()
    assert (etat.place, etat.essai) == avant  # what was typed and not sent stays on the screen
    ouvrir(AttenteState).envoyer(saisie(_base=etat.base))
    etat.charger()
    assert (etat.place, etat.essai) == (avant[0], avant[1] + 1)  # never the new base under the text of before


def test_the_words_of_one_person_are_not_kept_under_the_name_of_another(ouvrir: Ouvrir) -> None:
    """A tab that was cut sends what it holds once it is back, in the session that the browser has by then."""
    page, qui = ouvrir(EditionState, FORMULAIRE), IdentityState(_reflex_internal_init=True)  # type: ignore[call-arg]
    page.charger()
    with db.transaction() as session:
        connu = acteur_de(session, EMPREINTE)
        assert connu
        qui._poser(connu)
        autre = Utilisateur(iss="i", sub="autre", prenom="Mireille", nom="Faure")
        session.add(autre)
        session.flush()
        web = session.exec(select(WebSession)).one()
        session.add(WebSession(empreinte="f" * 64, utilisateur_id=autre.id, debut=web.debut, vue=web.vue))
        for h in session.exec(select(Habilitation)).all():
            session.add(Habilitation(utilisateur_id=autre.id, code=h.code, role=h.role))
    envoi = saisie(_base=page.base, _personne=qui.personne)

    with pytest.raises(SaisieInvalide):
        ouvrir(EditionState, FORMULAIRE, empreinte="f" * 64).enregistrer(envoi)
    etat = ouvrir(AttenteState, empreinte="f" * 64)
    etat.envoyer(envoi)
    assert (json.loads(etat.reponse)["issue"], kept()) == (Issue.PERIMEE, [])

    ouvrir(AttenteState).envoyer(envoi)
    assert kept() == ["Ce qui attendait"]
