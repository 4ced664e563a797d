"""Two published versions of an object side by side; an earlier one taken back as brouillon."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit, SaisieInvalide
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import comparaison, restauration
from rxror.services.changements import Changement
from rxror.services.demande import en_nombre
from rxror.services.historique import Choix
from rxror.services.restauration import Reprise, SectionReprise
from rxror.ui.components.changements import changements_view
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, barre_view, caches, message_view
from rxror.ui.demande import lire_demande, recu, textes
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.place import ICI, cible, place

COMPARER, REPRENDRE = "Comparer deux versions", "Reprendre une version"
PREFIXE = "reprend."
CONTEXTE = ("genre", "identifiant", "vu", "cle")
CHANGE = fr("Quelque chose a changé depuis l’ouverture de cette page : rien n’est repris. Relisez, puis recommencez.")


class ComparaisonState(rx.State):
    """Two versions, as the address names them."""

    place: str = ""
    titre_page: str = parcours.titre(COMPARER)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    versions: list[Choix] = []
    de: str = ""
    a: str = ""
    nom_de: str = ""
    nom_a: str = ""
    changements: list[Changement] = []
    manque: str = ""
    reprendre: str = ""
    limite: str = ""

    @rx.event
    def charger(self) -> None:
        """Compare the versions of the address."""
        self.reset()
        de, a = (en_nombre(self.router.url.query_parameters.get(nom, "")) for nom in ("de", "a"))
        with db.lecture() as session:
            vue = comparaison.comparer(session, acteur(self, session), cible(self), de, a)
        self.nom, self.retour, self.avec_uf = vue.nom, vue.retour, vue.avec_uf
        self.chemin = parcours.chemin_de(*vue.chemin, (COMPARER, ""))
        self.versions, self.de, self.a = vue.versions, vue.de, vue.a
        self.nom_de, self.nom_a = vue.nom_de, vue.nom_a
        self.changements, self.manque, self.reprendre = vue.changements or [], vue.manque, vue.reprendre
        self.limite, self.titre_page = vue.limite, parcours.titre(COMPARER, vue.nom)
        self.place = place(self)

    @rx.event
    def comparer(self, saisie: dict[str, Any]) -> Any:
        """Compare two others; the address says which."""
        de, a = (en_nombre(recu(saisie).get(nom, "")) for nom in ("de", "a"))
        objet = cible(self)
        return rx.redirect(f"{parcours.url_comparer(objet.genre, objet.identifiant)}?de={de}&a={a}")


def comparaison_page() -> rx.Component:
    """The page that compares two versions."""
    etat = ComparaisonState
    n = etat.changements.length()
    return page(
        tete(COMPARER, surtitre=etat.nom),
        rx.el.form(
            _choix("de", "Version de départ", etat.de),
            _choix("a", "Version d’arrivée", etat.a),
            rx.el.p(rx.el.button("Comparer", type="submit", class_name="bouton"), class_name="boutons"),
            on_submit=etat.comparer,
            class_name="recherche",
        ),
        rx.cond(etat.limite, rx.el.p(etat.limite, class_name="petit second")),
        rx.cond(
            etat.manque,
            rx.el.p(etat.manque, role="status"),
            rx.el.section(
                rx.el.div(
                    rx.el.h2("Ce qui diffère", id="t-differe"),
                    rx.el.p(etat.nom_de, rx.el.br(), etat.nom_a, class_name="petit second"),
                    class_name="tableau-tete",
                ),
                rx.cond(
                    n > 0,
                    changements_view(etat.changements, "Valeurs dans l’une et l’autre version"),
                    rx.el.p("Rien ne diffère entre ces deux versions.", class_name="tableau-tete", role="status"),
                ),
                class_name="tableau cartes",
                aria_labelledby="t-differe",
            ),
        ),
        rx.el.p(
            rx.cond(
                etat.reprendre,
                rx.el.a("Reprendre la plus ancienne…", href=etat.reprendre, class_name="bouton bouton--second"),
            ),
            rx.el.a("Revenir à l’historique", href=etat.retour, class_name="lien"),
            class_name="boutons",
        ),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        pile=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _choix(nom: str, label: str, tenu: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"version-{nom}"),
        rx.el.select(
            rx.foreach(ComparaisonState.versions, lambda v: rx.el.option(v["nom"].to(str), value=v["cle"].to(str))),
            id=f"version-{nom}",
            name=nom,
            default_value=tenu,
            key=tenu,
            class_name="saisie",
        ),
        class_name="champ",
    )


# ---------------------------------------------------------------------- a version taken back


class RepriseState(rx.State):
    """What taking the version of the address back would change."""

    place: str = ""
    titre_page: str = parcours.titre(REPRENDRE)
    nom: str = ""
    chemin: list[parcours.Maillon] = []
    retour: str = ""
    avec_uf: bool = True
    version_dite: str = ""
    siennes: list[SectionReprise] = []
    des_lieux: list[SectionReprise] = []
    dites: list[str] = []
    manque: str = ""
    message: str = ""
    foyer: str = ""
    objet: str = ""
    identifiant: str = ""
    version: str = ""
    vu: str = ""
    cle: str = ""

    @rx.event
    def charger(self) -> None:
        """Read the version of the address."""
        self.reset()
        self._preparer()

    def _preparer(self) -> None:
        ou, voulue = cible(self), en_nombre(self.router.url.query_parameters.get("version", ""))
        try:
            with db.lecture() as session:
                vue = restauration.preparer(session, acteur(self, session), ou, voulue)
        except SaisieInvalide:
            self.manque = "Cette version n’a plus de trace ici, ou elle est déjà la version publiée."
            self.place = place(self)
            self.retour = parcours.url_historique(ou.genre, ou.identifiant)
            return
        self.nom, self.retour, self.avec_uf, self.version_dite = vue.nom, vue.retour, vue.avec_uf, vue.version
        self.chemin = parcours.chemin_de(*vue.chemin, ("Reprendre", ""))
        self.siennes, self.des_lieux, self.dites, self.vu = vue.siennes, vue.des_lieux, vue.dites, vue.vu
        self.objet, self.identifiant, self.version, self.cle = ou.genre, ou.identifiant, str(voulue), str(uuid4())
        self.titre_page = parcours.titre(REPRENDRE, vue.nom)
        self.place = place(self)

    @rx.event
    def reprendre(self, saisie: dict[str, Any]) -> Any:
        """Keep the ticked sections as brouillons, then go and read the object again."""
        choisies = _choisies(saisie)
        if not choisies:
            self.message, self.foyer = "Choisissez au moins une section à reprendre.", vers("message")
            return None
        demande = _demande(saisie, choisies)
        try:
            db.rejouable(lambda session: restauration.reprendre(session, acteur(self, session), demande))
        except Conflit:
            self._preparer()
            self.message, self.foyer = CHANGE, vers("message")
            return None
        return rx.redirect(parcours.url_objet(demande.genre, demande.identifiant))


def _choisies(saisie: Any) -> set[str]:
    return {nom.removeprefix(PREFIXE) for nom, texte in textes(saisie).items() if nom.startswith(PREFIXE) and texte}


def _demande(saisie: dict[str, Any], choisies: set[str]) -> Reprise:
    return lire_demande(Reprise, saisie, CONTEXTE, version=en_nombre(saisie.get("version")), choisies=choisies)


def reprise_page() -> rx.Component:
    """The page that takes a version back."""
    etat = RepriseState
    sections = etat.siennes.length() + etat.des_lieux.length()
    return page(
        tete(REPRENDRE, rx.el.p(etat.version_dite, class_name="second"), surtitre=etat.nom),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(
            etat.dites.length() > 0,
            rx.el.section(
                rx.el.h2("Ce qui ne revient pas", id="t-dites"),
                rx.el.ul(rx.foreach(etat.dites, lambda d: rx.el.li(d))),
                class_name="panneau",
                aria_labelledby="t-dites",
            ),
        ),
        rx.cond(
            etat.manque,
            rx.el.p(etat.manque, rx.el.br(), rx.el.a("Revenir à l’historique", href=etat.retour, class_name="lien")),
            rx.cond(sections > 0, _formulaire(), _rien()),
        ),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        espacee=True,
        pile=True,
        pret=etat.place == ICI,
    )


def _rien() -> rx.Component:
    return rx.fragment(
        rx.el.p(fr("Rien à reprendre : cette version dit la même chose que ce qui est enregistré aujourd’hui.")),
        rx.el.p(rx.el.a("Revenir à l’historique", href=RepriseState.retour, class_name="bouton"), class_name="boutons"),
    )


def _formulaire() -> rx.Component:
    etat = RepriseState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, version=etat.version, vu=etat.vu, cle=etat.cle),
        rx.el.p(
            fr(
                "Rien n’est publié et rien n’est effacé : les sections cochées deviennent un brouillon, "
                "à relire puis à valider."
            )
        ),
        rx.foreach(etat.siennes, _section),
        rx.cond(
            etat.des_lieux.length() > 0,
            rx.fragment(
                rx.el.h2("Les lieux, tels qu’ils étaient alors"),
                rx.el.p(
                    fr("Un lieu peut servir d’autres offres : ce que vous y reprenez change pour toutes."),
                    class_name="petit second",
                ),
                rx.foreach(etat.des_lieux, _section),
            ),
        ),
        barre_view(
            NON_PUBLIE,
            rx.el.a("Annuler", href=etat.retour, class_name="bouton bouton--second"),
            rx.el.button("Reprendre en brouillon", type="submit", class_name="bouton"),
        ),
        on_submit=etat.reprendre,
        class_name="pile",
    )


def _section(section: rx.Var) -> rx.Component:
    nom = rx.Var.create(PREFIXE).to(str) + section["cle"].to(str)
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                rx.el.input(type="checkbox", name=nom, value="oui", default_checked=section["coche"].to(bool)),
                rx.el.span(
                    section["titre"],
                    rx.cond(section["brouillon"], rx.el.small(section["brouillon"]), rx.fragment()),
                    rx.cond(section["laisses"], rx.el.small(section["laisses"]), rx.fragment()),
                ),
                class_name="choix",
            ),
            class_name="tableau-tete",
        ),
        changements_view(section["changements"], "Valeurs enregistrées aujourd’hui, et dans cette version"),
        class_name="tableau cartes",
        key=section["cle"].to(str),
    )


PAGES = tuple(
    (f"{route}/{fin}", vue, etat.titre_page, etat.charger)
    for fin, vue, etat in (
        (parcours.COMPARER, comparaison_page, ComparaisonState),
        (parcours.REPRENDRE, reprise_page, RepriseState),
    )
    for route in parcours.ROUTES_OBJETS
)
