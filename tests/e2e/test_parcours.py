"""The scripted person of `make parcours`, on a few objects; two of them share the work."""

import pytest
from playwright.sync_api import Page, expect

from parcours import klm, verite
from parcours.changements import TOUS
from parcours.guide import Guide, Lettre, Retour
from parcours.personne import Personne
from parcours.relecture import Relecture
from parcours.seance import visites
from tests.e2e.conftest import Ouvrir, Serveur
from tests.e2e.gestes import connecter

MEDECINE, CHIRURGIE = "OI76-000002", "OI76-000003"


def _personne(page: Page, nom: str) -> Personne:
    qui = Personne(page, "ordinateur")
    qui.suivre("essai")
    connecter(page, nom)
    return qui


def test_the_grid_then_three_cards_and_what_is_confirmed_was_read(ouvrir: Ouvrir, serveur: Serveur) -> None:
    depuis = verite.derniere_trace(serveur.base)
    qui = _personne(ouvrir(), "Claire Dumas")
    relecture = Relecture(qui, TOUS[:2])  # the first cards: what blocks is changed from there
    relecture.grille({"L76-000019": "16"})
    relecture.ouvrir()
    relecture.fiches(3)
    assert len(relecture.vues) == 3
    assert verite.manques(serveur.base, depuis, relecture.vues, TOUS[:2]) == []
    assert verite.jamais_montres(serveur.base, depuis, qui.lus) == []
    temps = klm.recalculer(qui.actes)
    assert (temps.retours, temps.lues > 20) == (0, True)
    assert qui.evenements > 0


@pytest.mark.parametrize(("lettre", "clics"), [(Lettre.UNE, 9), (Lettre.TOUTES, 25)])
def test_an_offer_by_the_guide_s_path(ouvrir: Ouvrir, serveur: Serveur, lettre: Lettre, clics: int) -> None:
    depuis = verite.derniere_trace(serveur.base)
    ((offre, lieux),) = [v for v in visites(verite.hopital(serveur.base)) if v[0].objet == "offre:76/0000003"]
    qui = _personne(ouvrir(), "Claire Dumas")
    Guide(qui, (), Retour.LISTE, lettre).offre(offre, lieux)
    assert verite.manques(serveur.base, depuis, [offre.objet], ()) == []
    assert klm.recalculer(qui.actes).clics >= clics


def test_two_people_share_the_work_by_pole_without_a_conflict(ouvrir: Ouvrir, serveur: Serveur) -> None:
    depuis = verite.derniere_trace(serveur.base)
    deux = [Relecture(_personne(ouvrir(), nom), ()) for nom in ("Claire Dumas", "Mireille Faure")]
    for relecture, pole in zip(deux, (MEDECINE, CHIRURGIE), strict=True):
        relecture.ouvrir(pole)
    for _ in range(2):
        for relecture in deux:
            relecture.fiches(1)
    claire, mireille = (r.vues for r in deux)
    assert (len(claire), len(mireille), set(claire) & set(mireille)) == (2, 2, set())
    assert verite.manques(serveur.base, depuis, claire + mireille, ()) == []
    for relecture in deux:
        expect(relecture.qui.page.locator("#message")).to_have_count(0)
    confirmes = serveur.lire("SELECT objet FROM trace WHERE id > ? AND action = 'CONFIRMATION' ORDER BY objet", depuis)
    assert len({c["objet"] for c in confirmes}) == len(confirmes)
