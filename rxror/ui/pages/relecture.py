"""« Relecture »: one card after the other, the most pressing first; « C’est à jour », « Modifier », « Plus tard »."""

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
from rxror.services.relecture import LigneSuite, Options
from rxror.services.relecture_carte import CarteARelire
from rxror.services.relecture_elements import ETATS_FILTRES, Choix, Rang
from rxror.ui.components.carte import carte_view
from rxror.ui.components.etats import Donnee, etat
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import caches, message_view
from rxror.ui.components.parcourir import filtre_liste, filtres_view, option_view
from rxror.ui.demande import filtres, lire_adresse, lire_demande
from rxror.ui.identity import acteur
from rxror.ui.layout import page
from rxror.ui.place import place

TITRE = "Relecture"
FILTRES = ("etablissement", "structure", "genre", "etat")
CONTEXTE = ("genre", "identifiant", "vu", "cle")
GENRES = {"offre": "Offres", "lieu": "Lieux"}
A_CHANGE = "Rien n’est confirmé : quelque chose a changé depuis que cette fiche est affichée. Relisez-la."
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
    reste: str = ""
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
    def charger(self) -> None:
        """Show what the address asks for; the order of the queue is worked out again."""
        self.reset()
        voulu = self._voulu()
        with db.lecture() as session:
            qui = acteur(self, session)
            possibles = relecture.options(session, qui, voulu)
        self.choix, self.filtre = voulu.filtres, any(voulu.filtres.values())
        self.etablissements = [{"cle": cle, "nom": nom} for cle, nom in possibles.etablissements]
        self.structures = [{"cle": cle, "nom": nom} for cle, nom in possibles.structures]
        self.url_en_liste = _en_liste(voulu, possibles.finess)
        self.url_attestation = _url_attestation(voulu, possibles)
        self.titre = f"Relecture de {possibles.nom}" if possibles.nom else TITRE
        self.chemin = parcours.chemin_de(("Mes accès rapides", parcours.ACCUEIL), (TITRE, ""))
        self._montrer(voulu, neuve=True)
        self.place = place(self)

    def _voulu(self) -> Choix:
        return lire_adresse(Choix, dict(self.router.url.query_parameters))

    def _montrer(self, choix: Choix, *, neuve: bool = False) -> None:
        """Read the queue, and take its card: the others are given another one."""
        connus = None if neuve else {cle: Rang(rang) for cle, rang in self._risques.items()}
        with db.lecture() as session:
            vue = relecture.lire(session, acteur(self, session), choix, connus)
        ici, adresse = vue.carte.cle, choix.adresse(vue.carte.cle)
        db.rejouable(lambda session: relecture_partage.prendre(session, acteur(self, session), ici, adresse=adresse))
        self.carte, self.suite, self.suivantes = vue.carte, vue.suite, vue.suivantes
        self.faites, self.total, self.reste = vue.faites, vue.total, vue.reste
        self._risques = {cle: int(rang) for cle, rang in vue.risques.items()}
        self.cle = str(uuid4())
        self.statut = fr(ABSENTE) if vue.absente else self.statut
        self.titre_page = parcours.titre(TITRE, vue.carte.nom)

    @rx.event
    def repondre(self, saisie: dict[str, Any]) -> None:
        """« C’est à jour », or « Valider »; then the next card. What somebody else has done is said, and is done."""
        demande = lire_demande(Confirmer, saisie, CONTEXTE)
        nom = self._nom(demande.cible)
        try:
            reponse = db.rejouable(lambda session: relecture.repondre(session, acteur(self, session), demande))
        except Conflit:
            self._rester(demande.cible, fr(A_CHANGE))
            return
        except GesteRefuse as refus:
            self._rester(demande.cible, str(refus))
            return
        if reponse.bloquantes:
            self._rester(demande.cible, fr("Rien n’est confirmé : un point l’empêche. Il est dit sur la fiche."))
            return
        fait = f"{reponse.deja}, rien à faire de plus" if reponse.deja else f"c’est noté, à {heure(_maintenant())}"
        self._suivre(fr(f"{nom} : {fait}."))

    @rx.event
    def plus_tard(self, saisie: dict[str, Any]) -> None:
        """Put the card at the end of the queue of this person; then the next one."""
        demande = lire_demande(Demande, saisie, ("genre", "identifiant"))
        nom = self._nom(demande.cible)
        db.rejouable(lambda session: relecture_partage.reporter(session, acteur(self, session), demande.cible))
        self._suivre(fr(f"{nom} : remise à la fin."))

    @rx.event
    def filtrer(self, saisie: dict[str, Any]) -> Any:
        """Show a part of the queue; the address says which."""
        return rx.redirect(lire_adresse(Choix, filtres(saisie, FILTRES)).adresse())

    def _nom(self, objet: Cible) -> str:
        return self.carte.nom if self.carte.cle == objet.cle else ""

    def _suivre(self, dit: str) -> None:
        """The next card of the same part of the queue."""
        self.message, self.statut = "", dit
        self._montrer(self._voulu().model_copy(update={"objet": ""}))

    def _rester(self, objet: Cible, message: str) -> None:
        """The same card again, as it is now, and why."""
        self.statut = ""
        self._montrer(self._voulu().model_copy(update={"objet": objet.cle}), neuve=True)
        self.message, self.foyer = message, vers("message")


def _en_liste(choix: Choix, finess: str) -> str:
    """« Rien n’a changé » on the part of the queue that is shown; "" when it is of several établissements."""
    if choix.structure:
        return parcours.url_confirmer("structure", choix.structure)
    return parcours.url_confirmer("etablissement", finess) if finess else ""


def _maintenant() -> datetime:
    return datetime.now(UTC)


# ------------------------------------------------------------------------------- the page


def _url_attestation(voulu: Choix, possibles: Options) -> str:
    """Where what was reviewed is attested: the structure or the établissement that is looked at, if it is one."""
    if voulu.structure:
        return parcours.url_attestation("structure", voulu.structure)
    return parcours.url_attestation("etablissement", possibles.finess) if possibles.finess else ""


def relecture_page() -> rx.Component:
    """The page."""
    etat = RelectureState
    carte: Donnee = etat.carte
    return page(
        _tete(),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    carte.cle,
                    rx.fragment(carte_view(carte), _barre(carte)),
                    rx.cond((etat.total > 0) | etat.filtre, _fini(), _rien()),
                ),
            ),
            rx.el.div(_suite(), _filtres(), _liste_entiere(), rx.cond(carte.cle, _clavier()), class_name="cote pile"),
            class_name="colonnes colonnes--offre",
            custom_attrs={"data-raccourcis": "oui"},
        ),
        etape=int(Etape.MODIFIER),
        chemin=etat.chemin,
        menu=parcours.RELECTURE,
    )


def _tete() -> rx.Component:
    """What is read, how far, how long still."""
    etat = RelectureState
    combien = etat.faites.to(str) + " sur " + etat.total.to(str)
    return rx.el.div(
        rx.el.h1(etat.titre, tab_index=-1, key=etat.titre),
        rx.cond(
            etat.total > 0,
            rx.fragment(
                rx.el.p(
                    rx.el.strong(combien),
                    rx.cond(etat.reste, rx.fragment(", ", etat.reste)),
                    class_name="petit",
                ),
                rx.el.progress(
                    value=etat.faites, max=etat.total, class_name="jauge", aria_label=fr("Relecture : ") + combien
                ),
            ),
        ),
        class_name="tete tete--serree",
    )


def _barre(carte: Donnee) -> rx.Component:
    """The answer: at most three buttons, and what the last one did."""
    etat = RelectureState
    objet = caches(genre=carte.genre, identifiant=carte.identifiant)
    plus_tard = rx.el.form(
        *objet,
        rx.el.button(
            "Plus tard",
            _touche("P"),
            type="submit",
            class_name="bouton bouton--discret",
            custom_attrs=_pour("plus-tard"),
        ),
        on_submit=etat.plus_tard,
        class_name="barre-seule",
    )
    return rx.el.section(
        rx.el.p(rx.cond(etat.statut, etat.statut, _suivante()), class_name="statut", role="status"),
        rx.el.div(
            plus_tard,
            rx.el.a(
                "Modifier",
                _touche("M"),
                href=carte.modifier,
                class_name="bouton bouton--second",
                custom_attrs=_pour("modifier"),
            ),
            _oui(carte, objet),
            class_name="boutons",
        ),
        class_name="barre barre--relire",
        aria_label="Votre réponse",
    )


def _oui(carte: Donnee, objet: list[rx.Component]) -> rx.Component:
    """« C’est à jour », « Valider », or where to go when that is not possible here."""
    etat = RelectureState
    confirmer = rx.el.form(
        *objet,
        *caches(vu=carte.vu, cle=etat.cle),
        rx.el.button(
            rx.cond(carte.brouillon, "Valider", "C’est à jour"),
            _touche("C"),
            type="submit",
            class_name="bouton",
            custom_attrs=_pour("confirmer"),
        ),
        on_submit=etat.repondre,
        class_name="barre-seule",
    )
    corriger = rx.cond(carte.corriger, rx.el.a("Corriger", href=carte.corriger, class_name="bouton"))
    demander = rx.el.a("Demander la validation", href=carte.demander, class_name="bouton")
    return rx.cond(carte.bloquants.length() > 0, corriger, rx.cond(carte.a_valider, confirmer, demander))


def _pour(geste: str) -> dict[str, str]:
    """For `assets/relecture.js`: which key presses this button."""
    return {"data-touche": geste}


def _touche(lettre: str) -> rx.Component:
    return rx.el.kbd(lettre, class_name="touche", aria_hidden=True)


def _suivante() -> rx.Component:
    etat = RelectureState
    premiere: Donnee = etat.suite[0]
    return rx.cond(
        etat.suite.length() > 0,
        rx.fragment(fr("Suivante : "), premiere.nom, ", ", premiere.mot.lower()),
        "C’est la dernière.",
    )


def _suite() -> rx.Component:
    etat = RelectureState
    reste = etat.suivantes - etat.suite.length()
    return rx.cond(
        etat.suite.length() > 0,
        rx.el.section(
            rx.el.h2("À suivre, du plus pressé au moins pressé", id="t-suite", class_name="h3"),
            rx.el.ul(rx.foreach(etat.suite, _ligne), class_name="file-suite"),
            rx.cond(
                reste > 0, rx.el.p("et ", reste, rx.cond(reste > 1, " autres", " autre"), class_name="petit second")
            ),
            aria_labelledby="t-suite",
        ),
    )


def _ligne(ligne: Donnee) -> rx.Component:
    return rx.el.li(rx.el.a(rx.el.span(ligne.nom), etat(ligne.mot, ligne.sorte), href=ligne.url), key=ligne.cle)


def _filtres() -> rx.Component:
    etat = RelectureState
    genres = [rx.el.option(nom, value=cle) for cle, nom in GENRES.items()]
    etats = [rx.el.option(nom, value=cle) for cle, nom in ETATS_FILTRES.items()]
    filtrer = filtres_view(
        etat,
        rx.cond(
            etat.etablissements.length() > 0,
            filtre_liste(etat, "etablissement", "Établissement", "Tous", rx.foreach(etat.etablissements, option_view)),
        ),
        rx.cond(
            etat.structures.length() > 0,
            filtre_liste(etat, "structure", "Pôle, service ou UF", "Tous", rx.foreach(etat.structures, option_view)),
        ),
        filtre_liste(etat, "genre", "Quoi", "Offres et lieux", *genres),
        filtre_liste(etat, "etat", "État", "Tous les états", *etats),
    )
    return rx.cond((etat.total > 0) | etat.filtre, filtrer)


def _clavier() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Au clavier"),
        rx.el.p(
            rx.el.kbd("C"),
            fr(" : c’est à jour, ou valider. "),
            rx.el.kbd("M"),
            fr(" : modifier. "),
            rx.el.kbd("P"),
            fr(" : plus tard. Dans un champ, ces touches écrivent."),
            class_name="petit",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", id="raccourcis", default_checked=True),
            rx.el.span("Répondre avec ces touches"),
            class_name="choix",
        ),
        class_name="plis clavier",
    )


def _liste_entiere() -> rx.Component:
    etat = RelectureState
    return rx.fragment(
        rx.cond(
            (etat.url_en_liste != "") & (etat.total > 0),
            rx.el.p(
                rx.el.a(fr("Rien n’a changé dans toute la liste ?"), href=etat.url_en_liste, class_name="lien"),
                class_name="petit",
            ),
        ),
        rx.cond(
            (etat.url_attestation != "") & (etat.total > 0),
            rx.el.p(
                rx.el.a("Attestation de ce qui est déjà relu", href=etat.url_attestation, class_name="lien"),
                class_name="petit",
            ),
        ),
    )


def _fini() -> rx.Component:
    etat = RelectureState
    return rx.el.section(
        rx.el.h2(rx.cond(etat.filtre, "Rien à relire pour ce choix", "Tout est relu"), id="t-fini", tab_index=-1),
        rx.el.p(
            rx.cond(
                etat.statut,
                etat.statut,
                rx.cond(
                    etat.filtre,
                    "Le reste de votre relecture vous attend.",
                    "Chaque offre et chaque lieu a été relu depuis moins de 30 jours.",
                ),
            ),
            role="status",
        ),
        rx.el.p(
            rx.cond(
                etat.filtre,
                rx.el.a("Voir toute la relecture", href=parcours.RELECTURE, class_name="bouton"),
                rx.cond(
                    etat.url_attestation,
                    rx.fragment(),
                    rx.el.a("Mes établissements", href=parcours.ETABLISSEMENTS, class_name="bouton"),
                ),
            ),
            rx.cond(
                etat.url_attestation,
                rx.el.a(
                    "Établir l’attestation",
                    href=etat.url_attestation,
                    class_name=rx.cond(etat.filtre, "bouton bouton--second", "bouton"),
                ),
            ),
            class_name="boutons",
        ),
        class_name="panneau panneau--reussite",
        aria_labelledby="t-fini",
        custom_attrs={"data-relire": "fini"},
    )


def _rien() -> rx.Component:
    """For who reads, or has no right yet."""
    return rx.el.section(
        rx.el.h2("Rien à relire ici", id="t-rien"),
        rx.el.p(
            fr(
                "La relecture montre les offres et les lieux que vous pouvez confirmer ou modifier. Vos droits "
                "permettent de lire : demandez à un référent si vous devez aussi mettre à jour."
            )
        ),
        rx.el.p(
            rx.el.a("Mes établissements", href=parcours.ETABLISSEMENTS, class_name="bouton bouton--second"),
            class_name="boutons",
        ),
        class_name="panneau",
        aria_labelledby="t-rien",
    )


PAGES = ((parcours.RELECTURE, relecture_page, RelectureState.titre_page, RelectureState.charger),)
