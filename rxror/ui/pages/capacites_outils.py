"""Beside the grid « Capacités du site »: a block pasted from a spreadsheet, and the event of who types."""

import reflex as rx

from rxror.ror.typographie import fr
from rxror.ui.components.geste import caches, identifiant
from rxror.ui.pages.capacites_etat import FILTRES, CapacitesState


def coller_view() -> rx.Component:
    """A block copied from a spreadsheet: what it would change, before anything does."""
    moi = CapacitesState
    return rx.el.details(
        rx.el.summary("Coller depuis un tableur"),
        rx.el.form(
            *_caches_de_vue(),
            rx.el.input(type="hidden", name="depuis", default_value=""),
            rx.el.div(
                rx.el.label("Lignes copiées", html_for="colle"),
                rx.el.span(
                    fr("Une ligne par lieu : son nom puis ses nombres, ou ses nombres dans l’ordre de la grille ("),
                    moi.colonnes.join(", "),
                    fr("). Une case vide laisse ce qui est là. Rien ne change avant votre accord."),
                    class_name="aide",
                    id="colle-aide",
                ),
                rx.el.textarea(
                    id="colle",
                    name="texte",
                    max_length=20000,
                    spell_check=False,
                    class_name="saisie",
                    aria_describedby="colle-aide",
                ),
                class_name="champ",
            ),
            rx.el.p(
                rx.el.button(
                    "Voir ce que cela changerait", type="submit", class_name="bouton bouton--second bouton--compact"
                ),
                class_name="boutons",
            ),
            on_submit=moi.previsualiser,
            custom_attrs={"data-coller": "oui"},
            class_name="pile",
        ),
        rx.cond(moi.colle, _apercu()),
        class_name="plis",
    )


def _apercu() -> rx.Component:
    moi = CapacitesState
    n, fautes = moi.apercu_total, moi.fautes_collees.length()
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                n > 0,
                rx.fragment(n, rx.cond(n > 1, " cases changeraient", " case changerait")),
                "Aucune case ne changerait",
            ),
            id="t-apercu",
        ),
        rx.cond(
            fautes > 0,
            rx.el.div(
                rx.el.p(
                    rx.el.strong(
                        fautes,
                        rx.cond(fautes > 1, " cases ne peuvent pas être reprises", " case ne peut pas être reprise"),
                        class_name="alerte",
                    )
                ),
                rx.el.ul(rx.foreach(moi.fautes_collees, lambda f: rx.el.li(f)), class_name="puces"),
            ),
        ),
        rx.cond(
            n > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(
                        moi.apercu,
                        lambda a: rx.el.li(a["nom"], ", ", a["colonne"], fr(" : "), rx.el.strong(a["apres"])),
                    ),
                    class_name="puces petit",
                ),
                rx.el.p(
                    rx.el.button(
                        rx.cond(fautes > 0, "Remplir les autres cases", "Remplir la grille"),
                        type="button",
                        class_name="bouton bouton--compact",
                        custom_attrs={"data-poser": moi.a_poser},
                    ),
                    rx.el.span(fr("Rien n’est enregistré avant « Enregistrer »."), class_name="petit second"),
                    class_name="boutons",
                ),
            ),
        ),
        class_name="fiche",
        id=identifiant("apercu"),
        tab_index=-1,
        aria_labelledby="t-apercu",
    )


def _caches_de_vue() -> list[rx.Component]:
    moi = CapacitesState
    return caches(identifiant=moi.identifiant, **{nom: moi.choix[nom] for nom in (*FILTRES, "page")})


def verification_view() -> rx.Component:
    """The small event of who types: `assets/capacites.js` sends it with the changed cells."""
    return rx.el.form(
        *_caches_de_vue(), on_submit=CapacitesState.verifier, custom_attrs={"data-verifier": "oui"}, hidden=True
    )
