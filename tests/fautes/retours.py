"""The steps of the random histories that go back: a version taken back, one's last saves undone, closings, reopenings.

Each is played from a page that may have been open for long, or pressed already; what the model says is what must come.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import uuid4

import pytest
from hypothesis.stateful import RuleBasedStateMachine, rule
from hypothesis.strategies import integers, sampled_from
from sqlmodel import Session

from rxror import db
from rxror.ror.dates import aujourd_hui
from rxror.ror.erreurs import Conflit, ObjetFerme
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE
from rxror.services import annulation, fermeture, reouverture, restauration
from rxror.services.acces import Acteur, Cible
from rxror.services.annulation import Annulation
from rxror.services.fermeture import Fermer
from rxror.services.reouverture import Rouvrir
from rxror.services.restauration import Reprise
from tests.fautes.modele import Modele

LIEU, SECTION = Cible("lieu", "L76-000001"), "informations_generales"
OFFRE = Cible("offre", "76/0000001")  # one of those that the lieu serves
ICI, AILLEURS = ("claire-dumas", "mireille-faure"), ("samir-costes", "hugo-marty")
QUI, RANG = sampled_from(ICI), integers(0, 9)
SORT = sampled_from(("", "", "", "before", "after"))  # when the connection breaks, around the commit
LAISSEE = "left open"
SUITE = sampled_from(("", "", "", "before", "after", LAISSEE))
GESTES = Counter[str]()
RETOURS = ("restore", "undo", "closing", "reopening")
FINS = (" refused", " again")
D = TypeVar("D")


class Coupure(Exception):
    """The connection broke before the commit."""


@dataclass
class PageOuverte(Generic[D]):
    """A page of one gesture, open, with what it has shown."""

    qui: str
    demande: D
    marque: Any
    faite: bool = False


@dataclass(eq=False)
class Retours(RuleBasedStateMachine):
    """What goes back, of a lieu and of an offer that it serves."""

    modele: Modele = field(init=False)
    gens: dict[str, Acteur] = field(init=False)
    a_reprendre: list[PageOuverte[Reprise]] = field(default_factory=list, init=False)
    a_annuler: list[PageOuverte[Annulation]] = field(default_factory=list, init=False)
    a_fermer: list[PageOuverte[Fermer]] = field(default_factory=list, init=False)
    a_rouvrir: list[PageOuverte[Rouvrir]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        super().__init__()

    def _ouvrir_reprendre(self, qui: str, rang: int) -> None:
        """Look at a former version: its section is proposed when it differs from what is kept, and only then."""
        passees = [n for n in self.modele.versions if n < self.modele.version]
        numero = passees[rang % len(passees)]
        with db.lecture() as session:
            vue = restauration.preparer(session, self.gens[qui], LIEU, numero)
        differe = self.modele.versions[numero] != self.modele.garde
        assert [s["cle"] for s in vue.siennes] == ([f"{LIEU.cle}|{SECTION}"] if differe else [])
        if differe:
            choisies = {f"{LIEU.cle}|{SECTION}"}
            demande = Reprise(**_de(LIEU), version=numero, choisies=choisies, vu=vue.vu, cle=uuid4())
            self.a_reprendre.append(PageOuverte(qui, demande, self.modele.marque))

    @rule(qui=QUI, rang=RANG, sort=SUITE)
    def reprendre(self, qui: str, rang: int, sort: str) -> None:
        page = self._page(self.a_reprendre, rang, lambda: self._ouvrir_reprendre(qui, rang))
        if page is None or sort == LAISSEE:
            return
        reponse = self._faire(sort, lambda s: restauration.reprendre(s, self.gens[page.qui], page.demande))
        self._suivre("restore", page, reponse, self.modele.marque, lambda: self._reprendre(page))

    def _reprendre(self, page: PageOuverte[Reprise]) -> None:
        self.modele.reprendre(page.qui, page.demande.version)

    def _ouvrir_annuler(self, qui: str) -> None:
        """Look at what undoing one's last saves would do: something, or nothing to undo."""
        with db.lecture() as session:
            vue = annulation.preparer(session, self.gens[qui], LIEU, SECTION)
        assert bool(vue.phrase) == bool(self.modele.derniers(qui))
        demande = Annulation(**_de(LIEU), section=SECTION, vu=vue.vu, cle=uuid4())
        self.a_annuler.append(PageOuverte(qui, demande, self.modele.marque_pour_annuler(qui)))

    @rule(qui=QUI, rang=RANG, sort=SUITE)
    def annuler(self, qui: str, rang: int, sort: str) -> None:
        page = self._page(self.a_annuler, rang, lambda: self._ouvrir_annuler(qui))
        if page is None or sort == LAISSEE:
            return
        marque = self.modele.marque_pour_annuler(page.qui)
        sans_effet = self.modele.sans_ses_derniers(page.qui) == self.modele.garde
        reponse = self._faire(sort, lambda s: annulation.annuler(s, self.gens[page.qui], page.demande))
        attendue = None if sans_effet else marque  # nothing left to undo is refused
        self._suivre("undo", page, reponse, attendue, lambda: self.modele.annuler(page.qui))

    def _ouvrir_fermer(self, qui: str, sorte: str) -> None:
        saisie = {"type_fermeture": sorte, "date_fermeture": aujourd_hui().isoformat(), "motif": "Travaux"}
        with db.lecture() as session:
            if self.modele.fermee == DEFINITIVE:
                with pytest.raises(ObjetFerme):
                    fermeture.apercevoir(session, self.gens[qui], OFFRE, saisie)
                return
            vue, erreurs = fermeture.apercevoir(session, self.gens[qui], OFFRE, saisie)
        assert vue is not None, erreurs
        demande = Fermer(**_de(OFFRE), saisie=saisie, vu=vue.vu, cle=uuid4())
        self.a_fermer.append(PageOuverte(qui, demande, self._marque_pour_fermer()))

    @rule(qui=QUI, rang=RANG, sort=SUITE, sorte=sampled_from((PROVISOIRE, DEFINITIVE)))
    def fermer(self, qui: str, rang: int, sort: str, sorte: str) -> None:
        page = self._page(self.a_fermer, rang, lambda: self._ouvrir_fermer(qui, sorte))
        if page is None or sort == LAISSEE:
            return
        sorte, avant, marque = page.demande.saisie["type_fermeture"], self.modele.fermee, self._marque_pour_fermer()
        reponse = self._faire(sort, lambda s: fermeture.fermer(s, self.gens[page.qui], page.demande))
        if isinstance(reponse, fermeture.Reponse):
            assert reponse.erreurs == {}
            assert bool(reponse.blocages) == (not page.faite and sorte == avant), "closed so already"
            if reponse.blocages:
                return
        attendue = None if avant == DEFINITIVE else marque
        self._suivre("closing", page, reponse, attendue, lambda: self.modele.fermer(sorte))

    def _marque_pour_fermer(self) -> tuple[int, int]:
        return self.modele.version_offre, self.modele.version  # the page lists the lieux of the offer

    def _ouvrir_rouvrir(self, qui: str) -> None:
        with db.lecture() as session:
            vue = reouverture.preparer(session, self.gens[qui], OFFRE)
        assert bool(vue.phrase) == bool(self.modele.fermee)
        demande = Rouvrir(**_de(OFFRE), vu=vue.vu, cle=uuid4())
        self.a_rouvrir.append(PageOuverte(qui, demande, self.modele.version_offre))

    @rule(qui=QUI, rang=RANG, sort=SUITE)
    def rouvrir(self, qui: str, rang: int, sort: str) -> None:
        page = self._page(self.a_rouvrir, rang, lambda: self._ouvrir_rouvrir(qui))
        if page is None or sort == LAISSEE:
            return
        attendue = self.modele.version_offre if self.modele.fermee else None
        reponse = self._faire(sort, lambda s: reouverture.rouvrir(s, self.gens[page.qui], page.demande))
        self._suivre("reopening", page, reponse, attendue, lambda: self.modele.fermer(""))

    def retours_d_ailleurs(self, acteur: Acteur) -> list[Callable[[Session], Any]]:
        """The same gestures, of somebody of another établissement."""
        lieu, offre = {**_de(LIEU), "vu": "", "cle": uuid4()}, {**_de(OFFRE), "vu": "", "cle": uuid4()}
        return [
            lambda s: restauration.preparer(s, acteur, LIEU, 1),
            lambda s: restauration.reprendre(s, acteur, Reprise(**lieu, version=1, choisies={LIEU.cle})),
            lambda s: annulation.preparer(s, acteur, LIEU, SECTION),
            lambda s: annulation.annuler(s, acteur, Annulation(**lieu, section=SECTION)),
            lambda s: fermeture.apercevoir(s, acteur, OFFRE, {}),
            lambda s: fermeture.fermer(s, acteur, Fermer(**offre, saisie={})),
            lambda s: reouverture.preparer(s, acteur, OFFRE),
            lambda s: reouverture.rouvrir(s, acteur, Rouvrir(**offre)),
        ]

    @staticmethod
    def _page(pages: list[PageOuverte[D]], rang: int, ouvrir: Callable[[], None]) -> PageOuverte[D] | None:
        """One page opened before, or one opened now; None when that page offers nothing to press."""
        avant = len(pages)
        if rang % 2 == 0 and pages:
            return pages[rang // 2 % avant]
        ouvrir()
        return pages[-1] if len(pages) > avant else None

    def _suivre(
        self, geste: str, page: PageOuverte[Any], reponse: Any, attendue: Any, faire: Callable[[], None]
    ) -> None:
        """The gesture is done when the page shows what there is, refused otherwise, and done once.

        Args:
            attendue: what an open page must have shown; None when nothing it shows would do.
        """
        if isinstance(reponse, Coupure):
            return
        refusee = isinstance(reponse, Conflit | ObjetFerme)
        assert refusee == (not page.faite and page.marque != attendue), f"{geste}: {reponse!r}"
        GESTES[f"{geste}{' refused' if refusee else ' again' if page.faite else ''}"] += 1
        if not refusee and not page.faite:
            faire()
            page.faite = True

    def _faire(self, sort: str, travail: Callable[[Session], Any]) -> Any:
        """Run one gesture in a transaction; its connection may break before the commit."""
        try:
            with db.transaction() as session:
                reponse = travail(session)
                session.flush()
                if sort == "before":
                    session.connection().invalidate()
                    raise Coupure
                return reponse
        except (Coupure, Conflit, ObjetFerme) as fin:
            return fin


def _de(cible: Cible) -> dict[str, Any]:
    return {"genre": cible.genre, "identifiant": cible.identifiant}
