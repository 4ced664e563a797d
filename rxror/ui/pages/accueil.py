"""« Mes accès rapides »: what remains to do, where I was, how my établissements stand."""

import reflex as rx

from rxror import db
from rxror.ror import parcours
from rxror.ror.fraicheur import BROUILLON
from rxror.ror.typographie import fr
from rxror.services import consultation, demandes_validation, veille_des_referents
from rxror.services.demandes_validation import DemandesMontrees
from rxror.services.veille_des_referents import Alerte
from rxror.services.vues import CodeARevoir, Echeance, LienAttestation, LieuDEcheance, VueAccueil
from rxror.ui.components.attentes import choix_view, propositions_view
from rxror.ui.components.demande_validation import demandes_view
from rxror.ui.components.demandes_acces import DemandesAccesState, demander_view, miennes_view, recues_view
from rxror.ui.components.etats import Donnee, avancement
from rxror.ui.components.listes import brouillon_view, etablissements_view
from rxror.ui.components.recence import recence_view
from rxror.ui.identity import acteur
from rxror.ui.layout import page, tete


class AccueilState(rx.State):
    """What the home page shows."""

    vue: VueAccueil = VueAccueil()
    alerte: Alerte = Alerte()
    demandes: DemandesMontrees = DemandesMontrees()

    @rx.event
    def charger(self) -> None:
        """Read it again at each visit."""
        with db.lecture() as session:
            qui = acteur(self, session)
            self.vue, self.alerte = consultation.accueil(session, qui), veille_des_referents.alerte(session, qui)
            self.demandes = demandes_validation.de_l_accueil(session, qui)


def accueil_page() -> rx.Component:
    """The home page."""
    vue: Donnee = AccueilState.vue
    return page(
        tete("Mes accès rapides", surtitre=vue.jour),
        rx.el.div(
            rx.el.div(
                rx.cond(vue.choix.length() > 0, choix_view(vue.choix)),
                demandes_view(AccueilState.demandes),
                _sans_referent(),
                rx.cond(vue.propositions.length() > 0, propositions_view(vue.propositions)),
                recues_view(),
                miennes_view(),
                _a_faire(),
                rx.cond(vue.reprise.url, _reprendre()),
                rx.cond(vue.codes.titre, _codes()),
                _etablissements(),
                class_name="pile--large",
            ),
            rx.el.div(
                _aller(),
                rx.cond((vue.echeances.length() > 0) | (vue.plus_tard.length() > 0), _echeances()),
                class_name="cote pile--large",
            ),
            class_name="colonnes",
        ),
        recence_view(vue.recence),
        pile=True,
        pret=vue.jour != "",
        menu=parcours.ACCUEIL,
    )


def _a_faire() -> rx.Component:
    vue: Donnee = AccueilState.vue
    return rx.el.section(
        rx.el.div(rx.el.h2("Mettre à jour mes offres", id="t-a-faire"), class_name="fiche-tete"),
        rx.el.p(vue.reste),
        rx.cond(vue.total > 0, avancement(vue.a_jour, vue.total, "Mes offres")),
        rx.cond(
            vue.url_prochaine,
            rx.fragment(
                rx.el.p(fr("La prochaine à revoir : "), rx.el.strong(vue.prochaine), "."),
                rx.el.p(
                    rx.el.a("Commencer la relecture", href=parcours.RELECTURE, class_name="bouton"),
                    rx.el.a(
                        "Ouvrir cette offre",
                        rx.el.span(fr(" : "), vue.prochaine, class_name="invisible"),
                        href=vue.url_prochaine,
                        class_name="bouton bouton--second",
                    ),
                    class_name="boutons",
                ),
            ),
        ),
        rx.foreach(vue.attestations.to(list[LienAttestation]), _attestation),
        class_name="fiche fiche--phare",
        aria_labelledby="t-a-faire",
    )


def _attestation(lien: Donnee) -> rx.Component:
    return rx.el.p(
        rx.el.a("Attestation de ", lien.nom, fr(" : "), lien.etat, href=lien.url, class_name="lien"),
        key=lien.url,
    )


def _sans_referent() -> rx.Component:
    """Where nobody is référent: what it means for who works there, the way to the list for who may name one."""
    alerte: Donnee = AccueilState.alerte
    n = alerte.total
    return rx.cond(
        alerte.url | (alerte.noms.length() > 0),
        rx.el.section(
            rx.el.h2("Des établissements n’ont pas de référent actif", id="t-sans-referent"),
            rx.cond(
                alerte.noms.length() > 0,
                rx.el.p(
                    rx.foreach(
                        alerte.noms.to(list[str]),
                        lambda nom, rang: rx.fragment(rx.cond(rang > 0, ", ", ""), rx.el.strong(nom)),
                    ),
                    fr(
                        " : votre travail reste enregistré. Écrivez au référent ROR de votre région, "
                        "qui nommera le prochain."
                    ),
                ),
            ),
            rx.cond(
                alerte.url,
                rx.el.p(
                    rx.el.a(
                        rx.el.span("Nommer un référent dans ", n, rx.cond(n > 1, " établissements", " établissement")),
                        href=alerte.url,
                        class_name="lien",
                    )
                ),
            ),
            class_name="panneau panneau--alerte",
            aria_labelledby="t-sans-referent",
        ),
    )


def _reprendre() -> rx.Component:
    reprise: Donnee = AccueilState.vue.reprise
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Reprendre", id="t-reprendre"),
            rx.cond(reprise.brouillon, brouillon_view(BROUILLON.mot)),
            class_name="fiche-tete",
        ),
        rx.el.p(rx.el.strong(reprise.nom), rx.el.br(), rx.el.span(reprise.detail, class_name="second petit")),
        rx.el.p(
            rx.el.a(
                "Reprendre",
                rx.el.span(" ", reprise.nom, class_name="invisible"),
                href=reprise.url,
                class_name="bouton bouton--second",
            ),
            class_name="boutons",
        ),
        class_name=rx.cond(reprise.brouillon, "fiche fiche--brouillon", "fiche"),
        aria_labelledby="t-reprendre",
    )


def _codes() -> rx.Component:
    """Codes no longer in force: a list that opens, each line with the way to its field and to where it is kept."""
    codes: Donnee = AccueilState.vue.codes
    return rx.el.section(
        rx.el.h2(codes.titre, id="t-codes"),
        rx.el.p(
            fr(
                "Choisissez une autre réponse, ou gardez celle-ci avec un motif, sur la page de validation. Rien ne "
                "change sans vous."
            )
        ),
        rx.el.details(
            rx.el.summary("Voir les réponses concernées"),
            rx.el.ul(rx.foreach(codes.lignes.to(list[CodeARevoir]), _code), class_name="manques"),
            class_name="plis",
        ),
        class_name="panneau panneau--alerte",
        aria_labelledby="t-codes",
    )


def _code(code: Donnee) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.el.strong(code.nom), rx.el.br(), code.detail, class_name="petit"),
        rx.el.p(
            rx.el.a("Changer la réponse", _de(code), href=code.url),
            rx.el.a("Aller à la validation", _de(code), href=code.url_valider),
            class_name="boutons",
        ),
    )


def _de(code: Donnee) -> rx.Component:
    return rx.el.span(fr(" : "), code.nom, ", ", code.detail, class_name="invisible")


def _etablissements() -> rx.Component:
    vue: Donnee = AccueilState.vue
    return rx.el.section(
        rx.el.h2("État de mes établissements", id="t-etat"),
        rx.cond(
            vue.etablissements.length() > 0,
            etablissements_view(vue.etablissements, court=True),
            rx.el.p("Aucun établissement ne vous est confié pour l’instant."),
        ),
        rx.el.p(rx.el.a("Voir tous mes établissements", href=parcours.ETABLISSEMENTS, class_name="lien")),
        demander_view(),
        class_name="pile",
        aria_labelledby="t-etat",
    )


def _aller() -> rx.Component:
    return rx.el.nav(
        rx.el.h2("Aller directement à", id="t-acces"),
        rx.el.ul(
            _acces("Mes établissements", AccueilState.vue.nombre, parcours.ETABLISSEMENTS),
            _acces("Aide", "Les six étapes, les mots du ROR", parcours.AIDE),
            class_name="acces",
        ),
        class_name="pile",
        aria_labelledby="t-acces",
    )


def _acces(nom: str, detail: str | rx.Var, url: str) -> rx.Component:
    return rx.el.li(rx.el.a(rx.el.strong(nom), rx.el.span(detail), href=url))


def _echeances() -> rx.Component:
    vue: Donnee = AccueilState.vue
    return rx.el.section(
        rx.el.h2("Échéances", id="t-dates"),
        rx.cond(vue.echeances.length() > 0, _dates(vue.echeances)),
        rx.cond(
            vue.plus_tard.length() > 0,
            rx.el.details(rx.el.summary("Les mois suivants"), _dates(vue.plus_tard), class_name="plis"),
        ),
        class_name="pile",
        aria_labelledby="t-dates",
    )


def _dates(echeances: Donnee) -> rx.Component:
    return rx.el.dl(rx.foreach(echeances.to(list[Echeance]), _echeance), class_name="faits")


def _echeance(echeance: Donnee) -> rx.Component:
    """How many offers, and where: the link says it when it is one place."""
    seul = echeance.lieux.length() == 1
    return rx.el.div(
        rx.el.dt(echeance.quand),
        rx.el.dd(
            rx.cond(
                seul,
                _lieu(echeance.lieux.to(list[LieuDEcheance])[0], echeance.quoi, echeance.quand),
                rx.fragment(
                    echeance.quoi,
                    rx.el.ul(
                        rx.foreach(
                            echeance.lieux.to(list[LieuDEcheance]),
                            lambda lieu: rx.el.li(_lieu(lieu, lieu.nombre, echeance.quand)),
                        )
                    ),
                ),
            ),
            rx.cond(echeance.suite, rx.el.span(echeance.suite, class_name="origine")),
        ),
    )


def _lieu(lieu: Donnee, nombre: Donnee, quand: Donnee) -> rx.Component:
    """An établissement; its link says how many offers, and when."""
    return rx.el.a(
        lieu.nom,
        fr(" : "),
        nombre,
        rx.el.span(" (", quand, ")", class_name="invisible"),
        href=lieu.url.to(str),
        class_name="lien petit",
    )


PAGES = (
    (
        parcours.ACCUEIL,
        accueil_page,
        parcours.titre("Mes accès rapides"),
        [AccueilState.charger, DemandesAccesState.charger],
    ),
)
