"""Inputs one types in: text, number, date, hour. What they say while one types is in assets/champs.js."""

from typing import Any

import reflex as rx

from rxror.ror.champs import Champ, TypeChamp
from rxror.ror.typographie import fr
from rxror.ui.champs.parties import Chemin, decrit, enveloppe, identifiant

COMPTE_DES = 60  # a text that may be that long says how many characters are left: near the end only,
LONG_DES = 200  # and from the start beyond that
PLAFOND = 9999
MOINS = "\N{MINUS SIGN}"


def texte(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    court = "saisie--court" if (champ.maximum or 99) <= 6 else "saisie--moyen" if (champ.maximum or 99) <= 40 else ""
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type="text",
            default_value=etat.valeurs[chemin],
            auto_complete=champ.autocomplete or "off",
            class_name=f"saisie {court}".strip(),
            **_mesuree(champ),
            **decrit(etat, champ, chemin, *_suffixe(champ)),
        ),
        *_compte(champ, chemin),
    )


def texte_long(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.textarea(
            id=identifiant(chemin),
            name=chemin,
            default_value=etat.valeurs[chemin],
            class_name="saisie",
            rows="4",
            **_mesuree(champ),
            **decrit(etat, champ, chemin, *_suffixe(champ)),
        ),
        *_compte(champ, chemin),
    )


def _compte_t_on(champ: Champ) -> bool:
    return (champ.maximum or 0) >= COMPTE_DES


def _mesuree(champ: Champ) -> dict[str, Any]:
    return {"custom_attrs": {"data-maximum": str(champ.maximum)}} if _compte_t_on(champ) else {}


def _suffixe(champ: Champ) -> tuple[str, ...]:
    return ("-n",) if _compte_t_on(champ) else ()


def _compte(champ: Champ, chemin: Chemin) -> list[rx.Component]:
    """The longest text, then how many characters are left; a second one says it, less often."""
    if not _compte_t_on(champ):
        return []
    repos = fr(f"{champ.maximum} caractères au plus") if (champ.maximum or 0) >= LONG_DES and not champ.court else ""
    return [
        rx.el.span(repos, class_name="compte", id=identifiant(chemin, "-n")),
        rx.el.span(class_name="invisible", role="status", id=identifiant(chemin, "-v")),
    ]


def nombre(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    unite = _unite(etat, champ)
    saisie = case_view(etat, champ, chemin, champ.label, *(("-u",) if unite is not None else ()))
    if unite is not None:
        saisie = rx.el.span(
            saisie, rx.el.span(unite, class_name="unite", id=identifiant(chemin, "-u")), class_name="mesure"
        )
    return enveloppe(etat, champ, chemin, saisie, *_zero(etat, champ, chemin))


def case_view(etat: Any, champ: Champ, chemin: Chemin, nom: str | rx.Var, *suffixes: str) -> rx.Component:
    """The input of a number, between minus and plus for a count of things. Arrows do the same."""
    suivant = {"data-suivant": champ.avec} if champ.type is TypeChamp.DECIMAL and champ.avec else {}
    saisie = rx.el.input(
        id=identifiant(chemin),
        name=chemin,
        type="text",
        input_mode="numeric" if champ.type is TypeChamp.ENTIER else "decimal",
        default_value=etat.valeurs[chemin],
        auto_complete="off",
        placeholder=" ",  # nothing to see: the style sheet knows by it that the field is empty
        class_name="nombre" if champ.pas else "saisie saisie--nombre nombre",
        custom_attrs={**suivant, **({"data-plafond": str(champ.maximum or PLAFOND)} if champ.pas else {})},
        **decrit(etat, champ, chemin, *suffixes),
    )
    if not champ.pas:
        return saisie
    return rx.el.span(_pas(-1, MOINS, "Un de moins", nom), saisie, _pas(1, "+", "Un de plus", nom), class_name="pas")


def _pas(combien: int, signe: str, geste: str, nom: str | rx.Var) -> rx.Component:
    return rx.el.button(
        signe,
        type="button",
        tab_index=-1,
        aria_label=rx.Var.create(f"{geste}, ").to(str) + rx.Var.create(nom).to(str),
        custom_attrs={"data-pas": str(combien)},
    )


def _unite(etat: Any, champ: Champ) -> Any:
    if champ.unites:
        return rx.match(etat.valeurs[champ.unite_de], *champ.unites, "")
    return champ.unite or None


def _zero(etat: Any, champ: Champ, chemin: Chemin) -> list[rx.Component]:
    if not champ.zero:
        return []
    vide = etat.valeurs[chemin] != "0"
    return [rx.el.span(fr(champ.zero), hidden=vide, class_name="petit retire", id=identifiant(chemin, "-z"))]


def date_ou_heure(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    sorte = "date" if champ.type is TypeChamp.DATE else "time"
    return enveloppe(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=identifiant(chemin),
            name=chemin,
            type=sorte,
            default_value=etat.valeurs[chemin],
            class_name="saisie saisie--moyen",
            **decrit(etat, champ, chemin),
        ),
    )
