"""« Deux saisies différentes »: what two people answered, side by side; each field waits for a choice."""

from typing import Any
from uuid import uuid4

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.erreurs import Conflit
from rxror.ror.lecture import Ligne
from rxror.ror.parcours import Etape
from rxror.ror.typographie import fr
from rxror.services import arbitrage
from rxror.services.arbitrage_vues import DisputeVue, Reuni, VersionVue, disputes_vues, reunis
from rxror.ui.components.foyer import foyer_view, vers
from rxror.ui.components.geste import NON_PUBLIE, barre_view, caches, message_view
from rxror.ui.demande import CHOIX, VU, lire_demande, vus_et_choix
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete
from rxror.ui.pages.edition import EditionState
from rxror.ui.place import ICI, cible, dernier, offre_de_depart, place, retour_a_la_relecture

TITRE = "Deux saisies différentes"
CONTEXTE = ("genre", "identifiant", "section", "cle")
ROUTES = (
    parcours.ROUTE_OFFRE_CONFLIT,
    parcours.ROUTE_LIEU_CONFLIT,
    parcours.ROUTE_STRUCTURE_CONFLIT,
    parcours.ROUTE_ETABLISSEMENT_CONFLIT,
)


class ConflitState(rx.State):
    """What there is to choose in the section of the address, as the database had it when it was shown."""

    place: str = ""
    titre_page: str = parcours.titre(TITRE)
    nom: str = ""
    titre: str = ""
    chemin: list[parcours.Maillon] = []
    avec_uf: bool = True
    objet: str = ""
    identifiant: str = ""
    rubrique: str = ""
    cle: str = ""
    retour: str = ""
    formulaire: str = ""
    disputes: list[DisputeVue] = []
    reunis: list[Reuni] = []
    message: str = ""
    foyer: str = ""

    @rx.event
    def charger(self) -> None:
        """Read what waits for a choice; what was there before does not outlive a refusal."""
        self.reset()
        self._montrer({})

    def _montrer(self, vus: dict[str, str]) -> None:
        """Show it; with `vus`, say what is no longer as it was shown."""
        objet, section = cible(self), dernier(self)
        with db.lecture() as session:
            ouvert = arbitrage.ouvrir(session, acteur(self, session), objet, section)
            disputes, self.reunis = disputes_vues(session, ouvert), reunis(session, ouvert)
        if ouvert.vaines:
            db.rejouable(lambda session: arbitrage.ranger(session, acteur(self, session), objet, section))
        for dispute in disputes if vus else []:
            dispute["note"] = _depuis(dispute, vus)
        self.disputes, self.cle = disputes, str(uuid4())
        self.objet, self.identifiant, self.rubrique = objet.genre, objet.identifiant, section
        self.nom, self.titre, self.avec_uf = (
            ouvert.nom,
            ouvert.ouvert.section.titre,
            ouvert.ouvert.acces.etablissement.sanitaire,
        )
        depart = offre_de_depart(self)
        relecture = retour_a_la_relecture(self)
        self.retour = relecture or parcours.url_objet(objet.genre, objet.identifiant, depart)
        formulaire = parcours.url_section(objet.genre, objet.identifiant, section, depart)
        self.formulaire = parcours.avec_retour(formulaire, relecture) if relecture else formulaire
        ou = [("Relecture", relecture)] if relecture else ouvert.chemin
        self.chemin = parcours.chemin_de(*ou, (self.nom, self.retour), (self.titre, self.formulaire), (TITRE, ""))
        self.titre_page = parcours.titre(TITRE, self.titre, self.nom)
        self.place = place(self)

    @rx.event
    def decider(self, saisie: dict[str, Any]) -> Any:
        """Keep what was chosen; if something changed meanwhile, show it again and keep nothing."""
        decision = _decision(saisie)
        try:
            manquent = db.rejouable(lambda session: arbitrage.trancher(session, acteur(self, session), decision))
        except Conflit:
            self._montrer(decision.vu)
            self.message = fr("Quelqu’un a enregistré entre-temps : rien n’est encore gardé. Relisez, puis choisissez.")
            self.foyer = vers("message")
            return None
        if manquent:
            self._demander(manquent)
            return None
        self._montrer({})
        oubli = EditionState.quitter(self.formulaire.partition("?")[0])  # the form, if this tab still holds it
        if not self.disputes:
            return [oubli, rx.redirect(self.retour)]
        self.message, self.foyer = "Vos choix sont enregistrés. Il en reste à faire.", vers("message")
        return oubli

    def _demander(self, manquent: dict[str, str]) -> None:
        for dispute in self.disputes:
            dispute["erreur"] = manquent.get(dispute["nom"], "")
        self.disputes = list(self.disputes)
        n = len(manquent)
        self.message = f"{n} choix manque{'nt' if n > 1 else ''} encore. Rien n’est enregistré avant."
        self.foyer = vers("d." + next(iter(manquent)))


def _depuis(dispute: DisputeVue, vus: dict[str, str]) -> str:
    if dispute["nom"] not in vus:
        return "Nouveau depuis l’ouverture de cette page."
    return "" if vus[dispute["nom"]] == dispute["vu"] else "Ces réponses ont changé depuis l’ouverture de cette page."


def _decision(saisie: Any) -> arbitrage.Decision:
    """The choices as the form sends them, checked before anything is done with them."""
    return lire_demande(arbitrage.Decision, saisie, CONTEXTE, **vus_et_choix(saisie))


# ------------------------------------------------------------------------------- the page


def conflit_page() -> rx.Component:
    """The page where one chooses."""
    etat = ConflitState
    return page(
        tete(TITRE, _intention(), surtitre=rx.Var.create("").to(str) + etat.nom + ", " + etat.titre),
        foyer_view(etat.foyer),
        message_view(etat.message),
        rx.cond(etat.disputes.length() > 0, _choix(), _rien()),
        etape=int(Etape.MODIFIER),
        avec_uf=etat.avec_uf,
        chemin=etat.chemin,
        etroite=True,
        espacee=True,
        pret=etat.place == ICI,
    )


def _intention() -> rx.Component:
    n = ConflitState.disputes.length()
    return rx.cond(
        n > 0,
        rx.el.p(
            "Pendant votre saisie, la même chose a été changée ailleurs. Rien n’est écrasé, les deux sont gardées. ",
            rx.cond(
                n > 1,
                rx.fragment("Pour ces ", n, " réponses, choisissez celle à garder."),
                "Choisissez celle à garder.",
            ),
        ),
        rx.fragment(),
    )


def _rien() -> rx.Component:
    etat = ConflitState
    return rx.fragment(
        rx.el.p(fr("Plus rien à choisir dans cette section : vos réponses et celles des autres sont réunies.")),
        rx.el.p(
            rx.el.a(
                "Revenir", rx.el.span(" à ", etat.nom, class_name="invisible"), href=etat.retour, class_name="bouton"
            ),
            rx.el.a("Rouvrir la section", href=etat.formulaire, class_name="bouton bouton--second"),
            class_name="boutons",
        ),
    )


def _choix() -> rx.Component:
    etat = ConflitState
    return rx.el.form(
        *caches(genre=etat.objet, identifiant=etat.identifiant, section=etat.rubrique, cle=etat.cle),
        rx.foreach(etat.disputes, _dispute),
        rx.cond(etat.reunis.length() > 0, _reunis(), rx.fragment()),
        _barre(),
        on_submit=etat.decider,
        class_name="pile",
        custom_attrs={"noValidate": True},
    )


def _dispute(dispute: rx.Var) -> rx.Component:
    nom = dispute["nom"].to(str)
    erreur = rx.Var.create("e.").to(str) + nom
    return rx.el.fieldset(
        rx.el.legend(dispute["titre"].to(str), class_name="titre-legende"),
        rx.el.input(type="hidden", name=rx.Var.create(VU).to(str) + nom, value=dispute["vu"].to(str)),
        rx.cond(dispute["note"], rx.el.p(rx.el.strong(dispute["note"].to(str))), rx.fragment()),
        rx.cond(dispute["erreur"], rx.el.p(dispute["erreur"].to(str), class_name="erreur", id=erreur), rx.fragment()),
        rx.el.div(
            rx.foreach(dispute["versions"].to(list[VersionVue]), lambda version: _version(nom, version)),
            class_name="versions",
        ),
        class_name="fiche",
        key=nom,
        id=rx.Var.create("d.").to(str) + nom,
        custom_attrs={"tabIndex": -1},
        aria_describedby=rx.cond(dispute["erreur"], erreur, ""),
    )


def _version(nom: rx.Var, version: rx.Var) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=rx.Var.create(CHOIX).to(str) + nom, value=version["code"].to(str)),
        rx.el.span(version["titre"].to(str), class_name="qui"),
        rx.el.span(rx.foreach(version["lignes"].to(list[Ligne]), _ligne), class_name="valeur"),
        rx.el.span(version["qui"].to(str), class_name="qui"),
        class_name="version",
        key=version["code"].to(str),
    )


def _ligne(ligne: rx.Var) -> rx.Component:
    """One line of an answer: only phrasing inside a label."""
    return rx.el.span(
        ligne["texte"],
        rx.cond(ligne["origine"], rx.el.span(ligne["origine"], class_name="origine"), rx.fragment()),
        rx.cond(ligne["alerte"], rx.el.strong(ligne["alerte"], class_name="alerte"), rx.fragment()),
        class_name="ligne",
    )


def _reunis() -> rx.Component:
    etat = ConflitState
    n = etat.reunis.length()
    return rx.el.section(
        rx.el.h2("Déjà réunis", id="t-reunis"),
        rx.el.p(
            n,
            rx.cond(
                n > 1,
                fr(" champs ne se contredisent pas : ils sont gardés."),
                fr(" champ ne se contredit pas : il est gardé."),
            ),
            class_name="petit second",
        ),
        rx.el.details(
            rx.el.summary(rx.cond(n > 1, rx.fragment("Voir ces ", n, " champs"), "Voir ce champ")),
            rx.el.dl(rx.foreach(etat.reunis, _reuni), class_name="faits"),
            class_name="plis",
        ),
        class_name="fiche fiche--lecture",
        aria_labelledby="t-reunis",
    )


def _reuni(reuni: rx.Var) -> rx.Component:
    return rx.el.div(
        rx.el.dt(reuni["label"]),
        rx.el.dd(
            rx.foreach(reuni["lignes"].to(list[Ligne]), lambda lue: _ligne(lue)),
            rx.el.span(reuni["qui"], class_name="origine"),
        ),
    )


def _barre() -> rx.Component:
    return barre_view(
        fr(f"Ce que vous écartez reste dans l’historique. {NON_PUBLIE}"),
        rx.el.a("Plus tard", href=ConflitState.retour, class_name="bouton bouton--second"),
        rx.el.button("Enregistrer mes choix", type="submit", class_name="bouton"),
    )


PAGES = tuple((route, conflit_page, ConflitState.titre_page, ConflitState.charger) for route in ROUTES)
