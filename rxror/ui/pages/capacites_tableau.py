"""The grid « Capacités du site »: its rows, its cells, what one may do in each, its sums."""

import reflex as rx

from rxror.ror.typographie import fr
from rxror.services.capacites import CaseVue, RangeeVue
from rxror.ui.components.ancre import ancre
from rxror.ui.components.etats import etat
from rxror.ui.pages.capacites_etat import CapacitesState

MOINS = "\N{MINUS SIGN}"


def tableau_view() -> rx.Component:
    """A row per lieu under its pôle, then what the columns add up to; a card per lieu on a phone."""
    moi = CapacitesState
    return rx.el.div(
        rx.cond(moi.groupes.length() > 1, _aller_a()),
        rx.el.table(
            rx.el.caption("Capacités par lieu", class_name="invisible"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Lieu", scope="col"),
                    rx.foreach(moi.colonnes, lambda colonne: rx.el.th(colonne, scope="col")),
                )
            ),
            rx.foreach(moi.groupes, _groupe),
            rx.el.tfoot(
                rx.el.tr(
                    rx.el.th("Total du site", scope="row"),
                    rx.foreach(
                        moi.totaux,
                        lambda total, i: rx.el.td(
                            rx.el.span(total, class_name="fort"),
                            rx.cond(
                                moi.publies[i] != total,
                                rx.el.span(fr("publié : "), moi.publies[i], class_name="avant"),
                            ),
                            rx.cond(moi.sae[i], rx.el.span(moi.sae[i], class_name="origine")),
                            custom_attrs={"data-nom": moi.colonnes[i]},
                        ),
                    ),
                )
            ),
        ),
        class_name="tableau cartes capacites-site",
    )


def _aller_a() -> rx.Component:
    """The way to each pôle: on a phone the grid is as long as its lieux."""
    return rx.el.nav(
        rx.el.h2("Aller à", id="t-aller-a"),
        rx.el.ul(
            rx.foreach(
                CapacitesState.groupes,
                lambda groupe: rx.el.li(
                    ancre(rx.Var.create("#").to(str) + _ancre(groupe), groupe["nom"], class_name="lien")
                ),
            )
        ),
        class_name="aller-a",
        aria_labelledby="t-aller-a",
    )


def _ancre(groupe: rx.Var) -> rx.Var:
    return rx.Var.create("groupe-").to(str) + groupe["cle"].to(str)


def _groupe(groupe: rx.Var) -> rx.Component:
    return rx.el.tbody(
        rx.el.tr(
            rx.el.th(
                groupe["nom"],
                rx.el.span(CapacitesState.sommes[groupe["cle"].to(str)], class_name="origine"),
                scope="rowgroup",
                col_span=5,
                id=_ancre(groupe),
                tab_index=-1,
            ),
            class_name="groupe-ligne",
        ),
        rx.foreach(groupe["rangees"].to(list[RangeeVue]), _rangee),
        key=groupe["cle"].to(str),
    )


def _rangee(rangee: rx.Var) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.a(rangee["nom"], href=rangee["url"].to(str), class_name="lien"),
            rx.el.span(rangee["usage"], class_name="origine"),
            etat(rangee["etat"], rangee["sorte"]),
            scope="row",
        ),
        rx.foreach(
            rangee["cases"].to(list[CaseVue]),
            lambda case: _case(case, rangee["nom"].to(str), rangee["url_capacites"].to(str)),
        ),
        key=rangee["identifiant"].to(str),
        custom_attrs={"data-rangee": "oui"},
    )


def _case(case: rx.Var, lieu: rx.Var, url: rx.Var) -> rx.Component:
    nom, label = case["nom"].to(str), case["label"].to(str)
    libre = case["sorte"] == "libre"
    avant = (libre | case["change"].to(bool)) & (case["avant"].to(str) != "")
    dit = label + ", " + lieu
    return rx.el.td(
        rx.cond(libre, _saisie(nom, dit, case), _montree(case, dit, url)),
        rx.cond(
            avant,
            rx.el.span(
                case["avant"],
                class_name=rx.cond(case["change"], "avant avant--change", "avant"),
                id=nom + "-a",
            ),
        ),
        rx.cond(CapacitesState.au_champ.contains(nom), _au_champ(nom)),
        key=nom,
        custom_attrs={"data-nom": case["colonne"]},
    )


def _au_champ(nom: rx.Var) -> rx.Component:
    moi = CapacitesState
    conflit = moi.conflits[nom]
    return rx.fragment(
        rx.el.p(moi.au_champ[nom], class_name="erreur", id=nom + "-e"),
        rx.cond(
            moi.conflits.contains(nom),
            rx.el.button(
                rx.cond(conflit["leur"], rx.fragment("Prendre ", conflit["leur"]), "Laisser vide"),
                type="button",
                class_name="bouton bouton--second bouton--compact",
                custom_attrs={"data-poser": conflit["prendre"]},
            ),
        ),
    )


def _saisie(nom: rx.Var, dit: rx.Var, case: rx.Var) -> rx.Component:
    moi = CapacitesState
    fautive = moi.au_champ.contains(nom)
    leur = rx.cond(moi.conflits.contains(nom), rx.Var.create("=").to(str) + moi.conflits[nom]["leur"].to(str), "")
    return rx.el.span(
        _pas(-1, MOINS, "Un de moins", dit),
        rx.el.input(
            id=nom,
            name=nom,
            type="text",
            input_mode="numeric",
            default_value=case["texte"].to(str),
            auto_complete="off",
            max_length=40,
            class_name="nombre",
            aria_label=dit,
            custom_attrs={
                "data-base": case["texte"],
                "data-leur": leur,
                "data-plafond": "9999",
                "aria-invalid": rx.cond(fautive, "true", "false"),
                "aria-describedby": rx.cond(case["avant"].to(str) != "", nom + "-a", "").to(str)
                + rx.cond(fautive, " " + nom + "-e", "").to(str),
            },
        ),
        _pas(1, "+", "Un de plus", dit),
        class_name="pas",
    )


def _pas(combien: int, signe: str, geste: str, dit: rx.Var) -> rx.Component:
    return rx.el.button(
        signe,
        type="button",
        tab_index=-1,
        aria_label=rx.Var.create(f"{geste}, ").to(str) + dit,
        custom_attrs={"data-pas": str(combien)},
    )


def _montree(case: rx.Var, dit: rx.Var, url: rx.Var) -> rx.Component:
    """A cell that is not typed here: fed by a logiciel, of several lines, or of a lieu one only reads."""
    valeur = rx.el.span(rx.cond(case["texte"], case["texte"], "–"), class_name="fort")
    return rx.fragment(
        valeur,
        rx.cond(case["source"], rx.el.span(case["source"], class_name="origine")),
        rx.cond(
            case["sorte"] == "plusieurs",
            rx.el.a(
                "Plusieurs lignes",
                rx.el.span(fr(" : "), dit, class_name="invisible"),
                href=url,
                class_name="lien",
            ),
        ),
    )
