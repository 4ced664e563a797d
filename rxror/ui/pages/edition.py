"""Step 5: one section open for editing, with « Enregistrer » and « Abandonner ». One page per section, one state."""

import json
from typing import Any, TypedDict
from urllib.parse import quote
from uuid import uuid4

import reflex as rx
from sqlmodel import SQLModel

from rxror import db
from rxror.ror import parcours
from rxror.ror.champs import Section, sections_de
from rxror.ror.dates import quand
from rxror.ror.erreurs import AccesRefuse, Conflit, ObjetFerme, SaisieInvalide
from rxror.ror.objets import OBJETS, EntiteGeographique, LieuRealisationOffre, OffreOperationnelle, OrganisationInterne
from rxror.ror.saisie import EXIGE
from rxror.ror.typographie import fr
from rxror.services import fiche, modification
from rxror.services.acces import Cible
from rxror.services.fiche import Manque
from rxror.ui.attente import canal_view, gardee, issue_de, repondre, repondues
from rxror.ui.champs import formulaire_view
from rxror.ui.components.ancre import ancre
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.manques import manques_view
from rxror.ui.envoi import demande_de
from rxror.ui.identity import IdentityState, acteur, auteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, dernier, offre_de_depart, place, retour_a_la_relecture
from rxror.ui.saisie import Formulaires, Perime
from rxror.ui.saisie_communes import ZoneEnSaisie
from rxror.ui.saisie_horaires import HorairesEnSaisie

ETAPE = parcours.ETAPES[parcours.Etape.MODIFIER]
ROUTES: tuple[tuple[type[SQLModel], str], ...] = (
    (OffreOperationnelle, parcours.ROUTE_OFFRE_SECTION),
    (LieuRealisationOffre, parcours.ROUTE_LIEU_SECTION),
    (OrganisationInterne, parcours.ROUTE_STRUCTURE_SECTION),
    (EntiteGeographique, parcours.ROUTE_ETABLISSEMENT_SECTION),
)
PAUSE = "pause"
SAUF = ", sauf ce qui suit."
NON_PUBLIE = fr("Rien n’est publié avant « Valider ».")
NON_DEMANDE = fr("Cette question n’est plus posée : votre réponse n’est pas enregistrée. Videz-la pour continuer.")
NON_REPRIS = fr("Ce qui attendait n’a pas pu être repris. Relisez-le dans « Réponses en attente ».")
# why what was typed is not saved, as assets/brouillon.js finds it
NON_ENREGISTRE = {
    "reseau": "Non enregistré : pas de réseau. Vous pouvez continuer, tout partira au retour.",
    "perdu": "Non enregistré : connexion perdue. Vous pouvez continuer, nous réessayons.",
    "serveur": "Non enregistré : le serveur ne répond pas. Vous pouvez continuer, nous réessayons.",
    "session": "Non enregistré : votre session est terminée. Identifiez-vous de nouveau, tout revient ici.",
    "refus": "Non enregistré : lisez le message en haut de la page.",
}


class LienErreur(TypedDict):
    """One error, with the field it is about."""

    chemin: str
    texte: str


class EditionState(Formulaires, HorairesEnSaisie, ZoneEnSaisie, rx.State):
    """The open section, as a cache of the address and the database."""

    place: str = ""
    essai: int = 0
    tour: int = 0
    nom: str = ""
    titre_page: str = parcours.titre(ETAPE)
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    url_creer_lieu: str = ""
    objet: str = ""
    identifiant: str = ""
    base: str = ""
    marque: str = ""
    cle: str = ""
    formulaire: str = ""
    attente: int = 0
    url_conflit: str = ""
    statut: str = ""
    recu: str = ""
    reprise: str = ""
    manques: list[Manque] = []
    bloquants: int = 0
    avec_uf: bool = True
    brouillon: bool = False
    abandon: bool = False
    sert: list[str] = []
    liste_erreurs: list[LienErreur] = []
    titre_erreurs: str = ""

    def _classe(self) -> tuple[type[SQLModel] | None, str]:
        return OBJETS.get(cible(self).genre), dernier(self)

    @rx.event
    def charger(self) -> None:
        """Rebuild the form from the address and the database; what was there before does not outlive a refusal.

        After a mere reconnection the form is still on the screen: its key is its place, so it keeps what was typed
        and the base that goes with it; choices the state holds are kept too. When somebody saved meanwhile and the
        state holds nothing of this tab, the form is drawn again: a new base under a text typed before would overwrite
        them, so that text waits in the browser and is sent with its own.
        """
        if not (self._touche and self.place == place(self)):
            ici, base, essai, formulaire = self.place == place(self), self.base, self.essai, self.formulaire
            self.reset()
            self._recharger()
            self.essai = essai + (ici and self.base != base)
            if ici and self.base == base:
                self.formulaire = formulaire
            return
        try:
            self._ouvrir()
        except (AccesRefuse, ObjetFerme):
            self.reset()
            raise

    def _ouvrir(self) -> modification.Edition:
        with db.lecture() as session:
            qui = acteur(self, session)
            ouverte = modification.ouvrir(session, qui, cible(self), dernier(self))
            self._dire_les_manques(fiche.lire_manques(session, qui, cible(self), dernier(self)))
            return ouverte

    def _dire_les_manques(self, manques: list[Manque]) -> None:
        self.manques, self.bloquants = manques, sum(m["bloque"] for m in manques)

    def _recharger(self) -> None:
        self._montrer(self._ouvrir())

    def _remontrer(self, statut: str) -> None:
        """Show the section as it is kept now, whatever the fields held, and say why."""
        self._recharger()
        self.essai += 1
        self.statut = statut

    def _montrer(self, ouverte: modification.Edition) -> None:
        self.valeurs, self.lignes = ouverte.form.valeurs, ouverte.form.lignes
        self.visibles, self.libelles, self.figees = ouverte.visibles, ouverte.libelles, ouverte.figees
        self.perimes = {chemin: [Perime(**p) for p in codes] for chemin, codes in ouverte.perimes.items()}  # type: ignore[typeddict-item]
        self.options = {k: [{"detail": "", **o} for o in v] for k, v in ouverte.options.items()}  # type: ignore[misc]
        self.cases, self.reprises = ouverte.form.cases, ouverte.reprises
        self._contexte = ouverte.contexte
        self.cherche, self.trouves, self.repondu, self.recherche_dite = "", [], "", ""
        self.base, self.marque = json.dumps(ouverte.base), ouverte.marque
        self.cle, self.formulaire, self.abandon = str(uuid4()), str(uuid4()), False
        self.attente = ouverte.attente
        self.objet, self.identifiant = ouverte.cible.genre, ouverte.cible.identifiant
        self.avec_uf = ouverte.avec_uf
        self.nom, self.sert, self.brouillon = ouverte.nom, ouverte.sert, ouverte.enregistre is not None
        self.retour = self._ou_revenir(ouverte.cible)
        self.url_creer_lieu = parcours.url_creer_lieu(ouverte.cible.identifiant)
        self.url_conflit = _url_conflit(self, ouverte.cible, ouverte.section.cle)
        ou = [("Relecture", self.retour)] if retour_a_la_relecture(self) else ouverte.chemin
        self.chemin = parcours.chemin_de(*ou, (ouverte.nom, self.retour), (ouverte.section.titre, ""))
        self.titre_page = parcours.titre(ETAPE, ouverte.section.titre, ouverte.nom)
        self.statut = NON_PUBLIE
        if ouverte.enregistre:
            par = f" par {ouverte.auteur}" if ouverte.auteur else ""
            self.statut = f"Enregistré {quand(ouverte.enregistre)}{par}. {NON_PUBLIE}"
        self._dire(ouverte.erreurs)
        self._ouvrir_horaires()
        self._ouvrir_zone()
        self.place = place(self)

    def _dire(self, erreurs: dict[str, str], *, resume: bool = True) -> None:
        """Say the errors beside their fields and, with `resume`, at the top of the page."""
        self.erreurs = erreurs
        if not resume:
            return
        listes = [(m["url"], m["texte"]) for m in self.manques]  # there, an entry of several is named
        self.liste_erreurs = [
            {"chemin": c, "texte": next((m for url, m in listes if url == f"#{quote(c)}" and m.endswith(t)), t)}
            for c, t in erreurs.items()
        ]
        n = len(erreurs)
        self.titre_erreurs = f"{n} point{'s' if n > 1 else ''} à corriger" if n else ""

    @rx.event
    def enregistrer(self, saisie: dict[str, Any]) -> Any:
        """Keep the section; back to the object when nothing is to be corrected.

        `_geste` says that the form sent itself, while one types: the page stays, and says what is still missing, and
        which answers wait for a choice; « Enregistrer » leads to that choice. What the page still shows and is not
        asked any more, because somebody changed what it depends on, is not kept: it is said, and the page stays.
        """
        demande, geste = demande_de(saisie), str(saisie.get("_geste") or "")
        reponse = db.rejouable(
            lambda session: modification.enregistrer(session, auteur(self, session, saisie), demande)
        )
        reponse.erreurs |= (perdus := dict.fromkeys(filter(self._se_montre, reponse.retires), NON_DEMANDE))
        if reponse.attente and not (geste or perdus):
            conflit = _url_conflit(self, demande.cible, demande.section)
            self.reset()
            return rx.redirect(conflit)
        if geste or reponse.erreurs:
            with db.lecture() as session:  # nobody else's save waits for this reading
                qui = acteur(self, session)
                manques = fiche.lire_manques(session, qui, demande.cible, demande.section)
            intactes = tuple(f"#{quote(c)}" for c in self._intactes(demande.saisie)) if geste else ()
            self._dire_les_manques([m for m in manques if not m["url"].startswith(intactes)])
        self.base, self.marque = json.dumps(reponse.base), reponse.marque
        self.cle, self.brouillon, self.recu = str(uuid4()), reponse.change, str(demande.cle)
        self.attente = len(reponse.attente) + reponse.ailleurs
        self.statut = f"Enregistré {quand(reponse.instant)}{SAUF if reponse.attente or perdus else f'. {NON_PUBLIE}'}"
        if geste:
            if self._autre_a_l_ecran(demande):
                self._remontrer(self.statut)
            else:
                self._garder(demande.saisie)  # a reload in the same tab shows what the state holds
                self._dire(_a_dire(reponse.erreurs, self.erreurs, geste), resume=bool(self.titre_erreurs))
            self.erreurs = {**self.erreurs, **perdus, **{a.chemin: _dire_l_attente(a) for a in reponse.attente}}
            return None
        self._dire(reponse.erreurs)
        if reponse.erreurs:
            self._garder(demande.saisie)
            self.foyer = vers("erreurs")
            return None
        return self._partir(demande.cible)

    @rx.event
    def reprendre_attente(self, saisie: dict[str, Any]) -> None:
        """Keep what waited in the browser for this section, as it was typed then, and show the section as it is now."""
        try:
            demande = demande_de(saisie)
            if (demande.cible, demande.section) != (cible(self), dernier(self)):
                raise SaisieInvalide("attente")
            faite = db.rejouable(
                lambda session: modification.enregistrer(session, auteur(self, session, saisie), demande)
            )
        except (AccesRefuse, ObjetFerme, SaisieInvalide) as erreur:
            self.reprise, self.statut = repondre(saisie, issue_de(self, erreur)), NON_REPRIS
            return
        suite = SAUF if faite.attente else f". {NON_PUBLIE}"
        self._remontrer(fr(f"Ce qui attendait est enregistré {quand(faite.instant)}{suite}"))
        if repondues(saisie, faite.retires):
            self.statut += fr(" Une partie n’est plus demandée : relisez-la dans « Réponses en attente ».")
        self.reprise = gardee(saisie, faite, demande)

    def _autre_a_l_ecran(self, demande: modification.Enregistrement) -> bool:
        """Whether the form that sent this left the screen in a cut: the one there by now shows what was before."""
        ici = self.place == place(self) and (demande.cible, demande.section) == (cible(self), dernier(self))
        return ici and bool(demande.formulaire) and demande.formulaire != self.formulaire

    def _se_montre(self, chemin: str) -> bool:
        """Whether the page shows this path, or what it is in: what one's own answer hid is not worth a word."""
        morceaux = chemin.split(".")
        return all(self.visibles.get(".".join(morceaux[: i + 1])) is not False for i in range(len(morceaux)))

    def _garder(self, saisie: dict[str, str]) -> None:
        """The page stays: the state holds what it sent, and `_base` is drawn again."""
        self._reprendre(saisie)
        self._touche = True
        self.tour += 1

    def _partir(self, objet: Cible) -> Any:
        """Go back, and forget the form: coming again to this section must not show it as it was."""
        retour = self._ou_revenir(objet)
        self.reset()
        return rx.redirect(retour)

    def _ou_revenir(self, objet: Cible) -> str:
        """The object, or the card of the review from which one came."""
        depart = parcours.url_objet(objet.genre, objet.identifiant, offre_de_depart(self))
        return retour_a_la_relecture(self) or depart

    @rx.event
    def quitter(self, place_quittee: str, formulaire: str = "") -> None:
        """The form left the screen by a link: forget it. Without `formulaire`, whichever is open at that place.

        A reconnection on an empty state takes it away too, and another is there already: that one stays.
        """
        if place_quittee == self.place and formulaire in ("", self.formulaire):
            self.reset()

    @rx.event
    def demander_abandon(self) -> None:
        """Ask before dropping what was saved."""
        self.abandon = not self.abandon
        self.foyer = vers("abandon" if self.abandon else "abandonner")

    @rx.event
    def abandonner(self, genre: str, identifiant: str, section: str, vu: str) -> Any:
        """Drop the brouillon of a section and go back; if somebody saved since, show it again instead."""
        objet = Cible(str(genre), str(identifiant))
        try:
            db.rejouable(
                lambda session: modification.abandonner(session, acteur(self, session), objet, str(section), str(vu))
            )
        except Conflit:
            self._remontrer("Rien n’est abandonné : quelqu’un a enregistré cette section entre-temps. Relisez-la.")
            return None
        return self._partir(objet)


def _a_dire(erreurs: dict[str, str], dites: dict[str, str], geste: str) -> dict[str, str]:
    """While one types, only what was said already and is still true; on leaving a field, all of it."""
    return {c: t for c, t in erreurs.items() if c in dites} if geste == PAUSE else erreurs


def _dire_l_attente(attente: modification.EnAttente) -> str:
    """Beside the field: who changed the same, and that nothing is lost."""
    instant = f" {quand(attente.instant)}" if attente.instant else ""
    qui = (
        f"Vous avez changé ceci{instant}, dans un autre onglet."
        if attente.de_soi
        else (f"{attente.auteur} a changé ceci{instant}, pendant votre saisie.")
    )
    return fr(f"{qui} Les deux réponses sont gardées : à vous de choisir, par « Comparer et choisir ».")


def _url_conflit(etat: rx.State, objet: Cible, section: str) -> str:
    url = parcours.url_conflit(objet.genre, objet.identifiant, section, offre_de_depart(etat))
    if relecture := retour_a_la_relecture(etat):
        return parcours.avec_retour(url, relecture)
    return url


# ------------------------------------------------------------------------------- the page


def edition_page(classe: type[SQLModel], section: Section) -> rx.Component:
    """Page of one section of one class."""
    etat = EditionState
    return page(
        tete(section.titre, *([rx.el.p(fr(section.aide), class_name="second")] if section.aide else [])),
        foyer_view(etat.foyer),
        _erreurs(),
        *([_partage()] if classe is LieuRealisationOffre else []),
        rx.el.div(
            rx.el.div(
                _formulaire(classe, section),
                canal_view("reprise", EditionState.reprendre_attente, EditionState.reprise),
            ),
            rx.el.div(_manques(), class_name="cote"),
            class_name="colonnes colonnes--offre",
        ),
        etape=int(parcours.Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        pret=etat.place == ICI,
        presence=True,
    )


def _formulaire(classe: type[SQLModel], section: Section) -> rx.Component:
    etat = EditionState
    return rx.el.form(
        _cache("_genre", etat.objet),
        _cache("_identifiant", etat.identifiant),
        _cache("_section", section.cle),
        _cache("_personne", IdentityState.personne),  # what leaves later may leave in somebody else's session
        # the base belongs to the text on the screen: it stays with it through a reconnection
        rx.el.input(type="hidden", name="_base", default_value=etat.base, key=etat.tour),
        rx.el.input(type="hidden", name="_cle", default_value=etat.cle),
        rx.el.input(type="hidden", name="_sans_reponse", default_value=""),
        # the page that is open: it stays itself through a reconnection
        rx.el.input(type="hidden", name="_formulaire", default_value=etat.formulaire),
        _cache("_caches", _noms_des_caches(etat.visibles)),
        rx.el.input(type="hidden", name="_geste", default_value=""),
        formulaire_view(etat, classe, section.cle),
        *_suites(classe, section),
        _abandon(section),
        _barre(),
        on_submit=etat.enregistrer,
        on_unmount=etat.quitter(etat.place, etat.formulaire),
        key=etat.place + "#" + etat.essai.to(str),
        class_name="pile",
        custom_attrs={"noValidate": True, "data-auto": "oui", "data-recu": etat.recu},
    )


def _manques() -> rx.Component:
    """What the whole object still lacks, said again at each save."""
    etat = EditionState
    n = etat.manques.length()
    return rx.cond(
        n > 0,
        rx.el.section(
            rx.el.h2(fr("Ce qui manque avant de valider : "), n, id="t-manque"),
            manques_view(etat.manques),
            class_name=rx.cond(etat.bloquants > 0, "panneau panneau--manque", "panneau panneau--alerte"),
            aria_labelledby="t-manque",
        ),
        rx.el.section(
            rx.el.h2("Rien ne manque", id="t-manque"),
            class_name="panneau panneau--reussite",
            aria_labelledby="t-manque",
        ),
    )


def _cache(nom: str, valeur: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=nom, value=valeur)


def _noms_des_caches(visibles: rx.Var) -> rx.Var:
    """Paths of what the screen hides, spaced: of what is not there, nothing was answered."""
    tri = f'Object.keys({visibles}).filter((c) => c[0] !== "{EXIGE}" && !{visibles}[c]).join(" ")'
    return rx.Var(tri, _var_type=str, _var_data=visibles._get_all_var_data())


def _erreurs() -> rx.Component:
    return rx.cond(
        EditionState.titre_erreurs,
        rx.el.section(
            rx.el.h2(EditionState.titre_erreurs, id="t-erreurs"),
            rx.el.ul(
                rx.foreach(
                    EditionState.liste_erreurs,
                    lambda e: rx.el.li(ancre(rx.Var.create("#").to(str) + e["chemin"], e["texte"])),
                ),
                class_name="manques",
            ),
            class_name="panneau panneau--erreur",
            id=rx.Var.create("erreurs").to(str),
            role="alert",
            tab_index=-1,
            aria_labelledby="t-erreurs",
        ),
        rx.fragment(),
    )


def _partage() -> rx.Component:
    etat = EditionState
    return rx.cond(
        etat.sert.length() > 1,
        rx.el.section(
            rx.el.h2("Ce lieu sert ", etat.sert.length(), " offres", id="t-sert"),
            rx.el.p("Ce que vous changez ici change pour toutes."),
            rx.el.details(
                rx.el.summary("Voir les ", etat.sert.length(), " offres"),
                rx.el.ul(rx.foreach(etat.sert, lambda nom: rx.el.li(nom)), class_name="puces"),
                class_name="plis",
            ),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-sert",
        ),
        rx.fragment(),
    )


def _suites(classe: type[SQLModel], section: Section) -> list[rx.Component]:
    if classe is OffreOperationnelle and section.cle == "adresse":
        url = EditionState.url_creer_lieu
        return [
            rx.el.p(
                rx.el.a("Créer un lieu", href=url, class_name="bouton bouton--second"),
                class_name="boutons boutons--fin",
            )
        ]
    return []


def _abandon(section: Section) -> rx.Component:
    etat = EditionState
    return rx.cond(
        etat.abandon,
        rx.el.section(
            rx.el.h2(fr("Abandonner ce qui est enregistré dans cette section ?"), id="t-abandon"),
            rx.el.p("La section redevient ce qui est publié. Les autres sections ne changent pas."),
            rx.el.p(
                rx.el.button(
                    "Abandonner le brouillon",
                    type="button",
                    class_name="bouton bouton--danger",
                    custom_attrs={"data-abandon": ""},
                    on_click=etat.abandonner(etat.objet, etat.identifiant, section.cle, etat.marque),
                ),
                rx.el.button(
                    "Garder", type="button", class_name="bouton bouton--second", on_click=etat.demander_abandon
                ),
                class_name="boutons",
            ),
            class_name="panneau panneau--alerte",
            custom_attrs={"data-sans-envoi": ""},
            id=rx.Var.create("abandon").to(str),
            tab_index=-1,
            role="alert",
            aria_labelledby="t-abandon",
        ),
        rx.fragment(),
    )


def _barre() -> rx.Component:
    etat = EditionState
    return rx.el.div(
        rx.el.p(
            rx.el.span("Enregistrement…", hidden=True, custom_attrs={"data-attente": "envoi"}),
            rx.el.span(
                "Nous envoyons d’abord ce qui attendait…", hidden=True, custom_attrs={"data-attente": "reprise"}
            ),
            *(
                rx.el.strong(fr(phrase), hidden=True, custom_attrs={"data-attente": pourquoi})
                for pourquoi, phrase in NON_ENREGISTRE.items()
            ),
            rx.el.span(custom_attrs={"data-attente-reste": ""}),
            rx.el.span(etat.statut, class_name="statut-recu"),
            _a_choisir(),
            rx.el.span(_a_bloquer(), class_name="statut-recu"),
            class_name="statut",
            role="status",
        ),
        rx.el.p(
            rx.cond(
                etat.brouillon,
                rx.el.button(
                    "Abandonner",
                    type="button",
                    id=rx.Var.create("abandonner").to(str),
                    class_name="bouton bouton--second",
                    on_click=etat.demander_abandon,
                ),
                rx.el.a("Revenir", href=etat.retour, class_name="bouton bouton--second"),
            ),
            rx.el.button("Enregistrer", type="submit", class_name="bouton"),
            class_name="boutons",
        ),
        class_name="barre",
        custom_attrs={"data-sans-envoi": ""},
    )


def _a_choisir() -> rx.Component:
    """Beside the status, the way to choose: nobody is taken there while typing."""
    etat = EditionState
    dit = rx.cond(etat.attente > 1, " réponses attendent votre choix. ", " réponse attend votre choix. ")
    return rx.cond(
        etat.attente > 0,
        rx.el.span(
            " ",
            rx.el.strong(etat.attente, dit),
            rx.el.a("Comparer et choisir", href=etat.url_conflit, class_name="lien"),
        ),
        rx.fragment(),
    )


def _a_bloquer() -> rx.Component:
    n = EditionState.bloquants
    return rx.cond(
        n > 0, rx.el.strong(" ", n, rx.cond(n > 1, " points bloquent encore.", " point bloque encore.")), rx.fragment()
    )


def _pages() -> tuple[tuple[str, Any, Any, Any], ...]:
    pages: list[tuple[str, Any, Any, Any]] = []
    for classe, route in ROUTES:
        for section in sections_de(classe):
            if section.modifiable:
                pages.append(
                    (
                        route.replace("[section]", section.cle),
                        lambda c=classe, s=section: edition_page(c, s),
                        EditionState.titre_page,
                        EditionState.charger,
                    )
                )
    return tuple(pages)


PAGES = _pages()
