"""« Relecture »: one card after the other, the most pressing first; « C’est à jour », « Modifier », « Plus tard »."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.dates import heure
from rxror.ror.erreurs import Conflit, GesteRefuse
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import relecture, relecture_partage
from rxror.services.acces import Cible
from rxror.services.confirmation import Confirmer
from rxror.services.demande import Demande
from rxror.services.relecture import LigneSuite, Options, VueRelecture
from rxror.services.relecture_candidats import AU_PLUS
from rxror.services.relecture_carte import CarteARelire
from rxror.services.relecture_elements import Choix, Rang, Risques
from rxror.ui.components.carte import carte_view
from rxror.ui.components.etats import Donnee
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import message_view
from rxror.ui.components.relecture import (
    clavier_view,
    filtres_de_la_relecture,
    fini_view,
    liste_entiere_view,
    reponse_view,
    rien_view,
    suite_view,
    tete_view,
)
from rxror.ui.demande import filtres, lire_adresse, lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page
from rxror.ui.place import place

TITRE = "Relecture"
FILTRES = ("etablissement", "structure", "genre", "etat")
CONTEXTE = ("genre", "identifiant", "vu", "cle")
A_CHANGE = "Rien n’est confirmé : quelque chose a changé depuis que cette fiche est affichée. Relisez-la."
AU_DEBUT = 150  # objects that the rules look at before the first card is shown, 0.4 s; the others right after
LIEUX_NOMMES = 2  # in the answer: more are counted
ABSENTE = "La fiche demandée n’est pas, ou n’est plus, dans votre relecture. Voici la suivante."


class RelectureState(rx.State):
    """The card of the address, and what comes next."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    titre: str = TITRE
    chemin: list[parcours.Maillon] = []
    carte: CarteARelire = CarteARelire()
    suite: list[LigneSuite] = []
    suivantes: int = 0
    faites: int = 0
    total: int = 0
    combien: str = ""
    reste: str = ""
    demandees: int = 0
    par_etat: bool = False
    choix: dict[str, str] = {}
    filtre: bool = False
    url_en_liste: str = ""
    etablissements: list[dict[str, str]] = []
    structures: list[dict[str, str]] = []
    url_attestation: str = ""
    cle: str = ""
    statut: str = ""
    message: str = ""
    foyer: str = ""
    _risques: dict[str, int] = {}

    @rx.event
    async def charger(self) -> Any:
        """Show what the address asks for; the order of the queue is worked out again, its end once a card is there."""
        self.reset()
        voulu = self._voulu()
        with db.lecture() as session:
            qui = acteur(self, session)
            possibles = relecture.options(session, qui, voulu)
        self.choix, self.filtre, self.par_etat = voulu.filtres, any(voulu.filtres.values()), bool(voulu.etat)
        self.etablissements = [{"cle": cle, "nom": nom} for cle, nom in possibles.etablissements]
        self.structures = [{"cle": cle, "nom": nom} for cle, nom in possibles.structures]
        self.url_en_liste = _en_liste(voulu, possibles.finess)
        self.url_attestation = _url_attestation(voulu, possibles)
        self.titre = f"Relecture de {possibles.nom}" if possibles.nom else TITRE
        self.chemin = parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), (TITRE, ""))
        vue = await self._lire(voulu, au_plus=AU_DEBUT)
        self._montrer(voulu, vue)
        self.place = place(self)
        if not vue.entiere:
            yield
            self._ranger(await self._lire(voulu.model_copy(update={"objet": vue.carte.cle})))

    def _voulu(self) -> Choix:
        return lire_adresse(Choix, dict(self.router.url.query_parameters))

    async def _lire(self, choix: Choix, risques: Risques | None = None, au_plus: int = AU_PLUS) -> VueRelecture:
        """Read the queue beside the event loop: looking at its objects under the rules takes a while."""
        with db.lecture() as session:
            qui = acteur(self, session)

        def lire() -> VueRelecture:
            with db.lecture() as session:
                return relecture.lire(session, qui, choix, risques, au_plus)

        return await asyncio.to_thread(lire)

    def _montrer(self, choix: Choix, vue: VueRelecture) -> None:
        """Show a card, and take it: the others are given another one."""
        ici, adresse = vue.carte.cle, choix.adresse(vue.carte.cle)
        db.rejouable(lambda session: relecture_partage.prendre(session, acteur(self, session), ici, adresse=adresse))
        self.carte, self.faites, self.total = vue.carte, vue.faites, vue.total
        self.combien, self.reste, self.demandees = vue.combien, vue.reste, vue.demandees
        self._ranger(vue)
        self.cle = str(uuid4())
        self.statut = fr(ABSENTE) if vue.absente else self.statut
        self.titre_page = parcours.titre(TITRE, vue.carte.nom)

    def _ranger(self, vue: VueRelecture) -> None:
        """What comes after the card."""
        self.suite, self.suivantes = vue.suite, vue.suivantes
        self._risques = {cle: int(rang) for cle, rang in vue.risques.items()}

    @rx.event
    async def repondre(self, saisie: dict[str, Any]) -> None:
        """« C’est à jour », or « Valider »; then the next card. What somebody else has done is said, and is done."""
        demande = lire_demande(Confirmer, saisie, CONTEXTE)
        try:
            reponse = db.rejouable(lambda session: relecture.repondre(session, acteur(self, session), demande))
        except Conflit:
            await self._rester(demande.cible, fr(A_CHANGE))
            return
        except GesteRefuse as refus:
            await self._rester(demande.cible, str(refus))
            return
        if reponse.bloquantes:
            await self._rester(demande.cible, fr("Rien n’est confirmé : un point l’empêche. Il est dit sur la fiche."))
            return
        fait = f"{reponse.deja}, rien à faire de plus" if reponse.deja else f"c’est noté, à {heure(_maintenant())}"
        quoi = (self._nom(demande.cible) or reponse.nom) + _et_ses_lieux(reponse.avec)
        await self._suivre(fr(f"{quoi} : {fait}."))

    @rx.event
    async def plus_tard(self, saisie: dict[str, Any]) -> None:
        """Put the card at the end of the queue of this person; then the next one."""
        demande = lire_demande(Demande, saisie, ("genre", "identifiant"))
        nom = db.rejouable(lambda session: relecture.remettre(session, acteur(self, session), demande.cible))
        await self._suivre(fr(f"{self._nom(demande.cible) or nom} : remise à la fin."))

    @rx.event
    def filtrer(self, saisie: dict[str, Any]) -> Any:
        """Show a part of the queue; the address says which."""
        return rx.redirect(lire_adresse(Choix, filtres(saisie, FILTRES)).adresse())

    def _nom(self, objet: Cible) -> str:
        """As the card calls it; "" once another card is there."""
        return self.carte.nom if self.carte.cle == objet.cle else ""

    async def _suivre(self, dit: str) -> None:
        """The next card of the same part of the queue."""
        self.message, self.statut = "", dit
        choix = self._voulu().model_copy(update={"objet": ""})
        self._montrer(choix, await self._lire(choix, {cle: Rang(rang) for cle, rang in self._risques.items()}))

    async def _rester(self, objet: Cible, message: str) -> None:
        """The same card again, as it is now, and why."""
        self.statut = ""
        choix = self._voulu().model_copy(update={"objet": objet.cle})
        self._montrer(choix, await self._lire(choix))
        self.message, self.foyer = message, vers("message")


def _en_liste(choix: Choix, finess: str) -> str:
    """« Rien n’a changé » on the part of the queue that is shown; "" when it is of several établissements."""
    if choix.structure:
        return parcours.url_confirmer("structure", choix.structure)
    return parcours.url_confirmer("etablissement", finess) if finess else ""


def _et_ses_lieux(noms: list[str]) -> str:
    """« et son lieu Unité de décontamination », after the offer that they were confirmed with."""
    if len(noms) > LIEUX_NOMMES:
        return f" et ses {len(noms)} lieux"
    return f" et {'ses lieux' if len(noms) > 1 else 'son lieu'} {' et '.join(noms)}" if noms else ""


def _maintenant() -> datetime:
    return datetime.now(UTC)


def _url_attestation(voulu: Choix, possibles: Options) -> str:
    """Where what was reviewed is attested: the structure or the établissement that is looked at, if it is one."""
    if voulu.structure:
        return parcours.url_attestation("structure", voulu.structure)
    return parcours.url_attestation("etablissement", possibles.finess) if possibles.finess else ""


# ------------------------------------------------------------------------------- the page


def relecture_page() -> rx.Component:
    """The page."""
    etat = RelectureState
    carte: Donnee = etat.carte
    return page(
        tete_view(etat),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    carte.cle,
                    rx.fragment(carte_view(carte), reponse_view(etat, carte)),
                    rx.cond((etat.total > 0) | etat.filtre, fini_view(etat), rien_view()),
                ),
            ),
            rx.el.div(
                suite_view(etat),
                filtres_de_la_relecture(etat),
                liste_entiere_view(etat),
                rx.cond(carte.cle, clavier_view()),
                class_name="cote pile",
            ),
            class_name="colonnes colonnes--offre",
            custom_attrs={"data-raccourcis": "oui"},
        ),
        etape=int(Etape.MODIFIER),
        chemin=etat.chemin,
        menu=parcours.RELECTURE,
    )


PAGES = ((parcours.RELECTURE, relecture_page, RelectureState.titre_page, RelectureState.charger),)
