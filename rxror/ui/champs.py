"""TypeChamp -> view: one small function per kind of input, in native elements.

Fields are laid out when the application is compiled, by an ordinary loop over the declarations; only rows and codes,
whose number is not known then, are drawn by `rx.foreach`. An input's name and id are its path (`ror/saisie.py`).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reflex as rx
from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Edition, Groupe, TypeChamp, champs_de, groupes_de
from rxror.ror.saisie import EXIGE, NON, OUI
from rxror.ror.typographie import fr
from rxror.ui.saisie import COMMUNE, Option

Chemin = str | rx.Var


def formulaire_view(etat: Any, classe: type[SQLModel], section: str) -> rx.Component:
    """All fields and groups of one section."""
    champs = _champs_view(etat, champs_de(classe, section), "", "")
    groupes = [groupe_view(etat, g, nom, nom) for nom, g in groupes_de(classe, section).items()]
    return rx.fragment(*groupes, *([rx.el.div(*champs, class_name="fiche")] if champs else []))


def _champs_view(etat: Any, champs: dict[str, Champ], prefixe: Chemin, motif: str) -> list[rx.Component]:
    suivants = {c.avec for c in champs.values() if c.avec}
    vues: list[rx.Component] = []
    for nom, champ in champs.items():
        if nom in suivants or champ.type is TypeChamp.REFERENCE or champ.edition in (Edition.SYSTEME, Edition.RPPS):
            continue
        vue = champ_view(etat, champ, _joindre(prefixe, nom), motif + nom)
        if champ.avec:
            second = champs[champ.avec]
            vue = rx.el.div(
                vue, champ_view(etat, second, _joindre(prefixe, champ.avec), motif + champ.avec), class_name="paire"
            )
        vues.append(vue)
    return vues


def champ_view(etat: Any, champ: Champ, chemin: Chemin, motif: str, *, creation: bool = False) -> rx.Component:
    """One field, in its place: label, help, error, control. Absent, not hidden, when its condition is false.

    Args:
        creation: a field frozen afterwards may still be answered.
    """
    if champ.edition is not Edition.LIBRE and not creation:
        return _gele(etat, champ, chemin)
    if champ.edition is Edition.CREATION:
        champ = replace(champ, aide="")  # it says that the field does not change: not yet true
    vue = VUES[champ.type](etat, champ, chemin, motif)
    return rx.cond(etat.visibles[chemin] == False, rx.fragment(), vue) if champ.visible_si else vue  # noqa: E712


# ------------------------------------------------------------------------- parts of a field


def _joindre(debut: Chemin, suite: Chemin) -> Chemin:
    if isinstance(debut, str) and isinstance(suite, str):
        return debut + suite
    return rx.Var.create(debut).to(str) + rx.Var.create(suite).to(str)


def _id(chemin: Chemin, suffixe: str = "") -> rx.Var:
    """An id given as a Var: Reflex then keeps no reference to the element, and sends its value only once."""
    return rx.Var.create(_joindre(chemin, suffixe)).to(str)


def _erreur(etat: Any, chemin: Chemin) -> rx.Component:
    return rx.cond(
        etat.erreurs[chemin], rx.el.p(etat.erreurs[chemin], class_name="erreur", id=_id(chemin, "-e")), rx.fragment()
    )


def _aide(champ: Champ, chemin: Chemin) -> list[rx.Component]:
    return [rx.el.span(fr(champ.aide), class_name="aide", id=_id(chemin, "-a"))] if champ.aide else []


def _decrit(etat: Any, champ: Champ, chemin: Chemin) -> dict[str, Any]:
    aide = _id(chemin, "-a") + " " if champ.aide else rx.Var.create("").to(str)
    return {
        "aria_invalid": rx.cond(etat.erreurs[chemin], "true", "false"),
        "aria_describedby": rx.cond(etat.erreurs[chemin], aide + _id(chemin, "-e"), aide),
    }


def _label(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    facultatif = rx.el.span(" (facultatif)", class_name="facultatif")
    if champ.obligatoire or champ.type is TypeChamp.OUI_NON:
        return rx.fragment(fr(champ.label))
    if champ.obligatoire_si:
        return rx.fragment(fr(champ.label), rx.cond(etat.visibles[_joindre(EXIGE, chemin)], rx.fragment(), facultatif))
    return rx.fragment(fr(champ.label), facultatif)


def _champ(etat: Any, champ: Champ, chemin: Chemin, controle: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(_label(etat, champ, chemin), html_for=_id(chemin)),
        *_aide(champ, chemin),
        _erreur(etat, chemin),
        controle,
        class_name="champ",
    )


def _groupe_de_choix(etat: Any, champ: Champ, chemin: Chemin, *choix: rx.Component) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_label(etat, champ, chemin)),
        *_aide(champ, chemin),
        _erreur(etat, chemin),
        *choix,
        class_name="groupe",
        id=_id(chemin),
        custom_attrs={"tabIndex": -1},
        aria_describedby=_decrit(etat, champ, chemin)["aria_describedby"],
    )


# ----------------------------------------------------------------------------- the kinds


def _texte(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    court = "saisie--court" if (champ.maximum or 99) <= 6 else "saisie--moyen" if (champ.maximum or 99) <= 40 else ""
    return _champ(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=_id(chemin),
            name=chemin,
            type="text",
            default_value=etat.valeurs[chemin],
            auto_complete=champ.autocomplete or "off",
            class_name=f"saisie {court}".strip(),
            **_decrit(etat, champ, chemin),
        ),
    )


def _texte_long(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return _champ(
        etat,
        champ,
        chemin,
        rx.el.textarea(
            id=_id(chemin),
            name=chemin,
            default_value=etat.valeurs[chemin],
            class_name="saisie",
            rows="4",
            **_decrit(etat, champ, chemin),
        ),
    )


def _nombre(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    clavier = "numeric" if champ.type is TypeChamp.ENTIER else "decimal"
    return _champ(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=_id(chemin),
            name=chemin,
            type="text",
            input_mode=clavier,
            default_value=etat.valeurs[chemin],
            auto_complete="off",
            class_name="saisie saisie--nombre nombre",
            **_decrit(etat, champ, chemin),
        ),
    )


def _date(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    sorte = "date" if champ.type is TypeChamp.DATE else "time"
    return _champ(
        etat,
        champ,
        chemin,
        rx.el.input(
            id=_id(chemin),
            name=chemin,
            type=sorte,
            default_value=etat.valeurs[chemin],
            class_name="saisie saisie--moyen",
            **_decrit(etat, champ, chemin),
        ),
    )


def _oui_non(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return _groupe_de_choix(
        etat, champ, chemin, _radio(etat, chemin, OUI, "Oui", ""), _radio(etat, chemin, NON, "Non", "")
    )


def _radio(etat: Any, chemin: Chemin, code: Chemin, libelle: Chemin, detail: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=chemin,
            value=code,
            default_checked=etat.valeurs[chemin] == code,
            on_change=lambda v: etat.changer(chemin, v),
        ),
        rx.el.span(libelle, *([rx.el.small(detail)] if detail else [])),
        class_name="choix",
    )


def _choix(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    if champ.choix:
        return _groupe_de_choix(etat, champ, chemin, *(_radio(etat, chemin, c, t, d) for c, t, d in champ.choix))
    options = etat.options[motif].to(list[Option])
    return _groupe_de_choix(
        etat, champ, chemin, rx.foreach(options, lambda o: _radio(etat, chemin, o["cle"], o["libelle"], ""))
    )


def _liste(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    options = etat.options[motif].to(list[Option])
    return _champ(
        etat,
        champ,
        chemin,
        rx.el.select(
            rx.el.option("", value=""),
            rx.foreach(options, lambda o: rx.el.option(o["libelle"], value=o["cle"])),
            id=_id(chemin),
            name=chemin,
            default_value=etat.valeurs[chemin],
            class_name="saisie",
            on_change=lambda v: etat.changer(chemin, v),
            **_decrit(etat, champ, chemin),
        ),
    )


def _choix_multiples(etat: Any, champ: Champ, chemin: Chemin, motif: str) -> rx.Component:
    options = etat.options[motif].to(list[Option])

    def boite(option: rx.Var) -> rx.Component:
        nom = _joindre(_joindre(chemin, "."), option["cle"])
        return rx.el.label(
            rx.el.input(type="checkbox", name=nom, value=OUI, default_checked=etat.valeurs[nom] == OUI),
            rx.el.span(option["libelle"], rx.cond(option["detail"], rx.el.small(option["detail"]), rx.fragment())),
            class_name="choix",
        )

    return _groupe_de_choix(etat, champ, chemin, rx.foreach(options, boite))


def _recherche(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    liste = champ.jdv or COMMUNE
    code = etat.valeurs[chemin]
    choisi = rx.cond(
        code,
        rx.el.ul(_jeton(etat, chemin, liste, code), class_name="jetons"),
        rx.fragment(),
    )
    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        choisi,
        rx.el.input(type="hidden", name=chemin, value=rx.cond(code, code, "")),
        _champ_de_recherche(etat, champ, chemin, liste),
        class_name="groupe",
    )


def _recherche_multiple(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    codes = etat.lignes[chemin].to(list[str])
    jetons = rx.el.ul(
        rx.foreach(
            codes,
            lambda code: _jeton(
                etat,
                chemin,
                champ.jdv,
                code,
                rx.el.input(type="hidden", name=_joindre(_joindre(chemin, "."), code), value=OUI),
            ),
        ),
        class_name="jetons",
    )
    return rx.el.div(
        *_tete_de_recherche(etat, champ, chemin),
        rx.cond(codes, jetons, rx.fragment()),
        _champ_de_recherche(etat, champ, chemin, champ.jdv),
        class_name="groupe",
    )


def _tete_de_recherche(etat: Any, champ: Champ, chemin: Chemin) -> list[rx.Component]:
    return [
        rx.el.label(_label(etat, champ, chemin), html_for=_id(chemin), class_name="h3"),
        *_aide(champ, chemin),
        _erreur(etat, chemin),
    ]


def _jeton(etat: Any, chemin: Chemin, liste: str, code: rx.Var, *dedans: rx.Component) -> rx.Component:
    libelle = etat.libelles[_joindre(liste + ":", code)]
    return rx.el.li(
        rx.el.span(libelle),
        *dedans,
        rx.el.button(
            "×",
            type="button",
            on_click=etat.retirer_code(chemin, code),
            aria_label=rx.Var.create("Retirer ").to(str) + libelle,
        ),
        class_name="jeton",
    )


def _champ_de_recherche(etat: Any, champ: Champ, chemin: Chemin, liste: str) -> rx.Component:
    """A field to search in a long list, and the answers below it as buttons."""
    ouverte = etat.cherche == chemin
    return rx.el.div(
        rx.el.input(
            id=_id(chemin),
            type="search",
            auto_complete="off",
            class_name="saisie",
            placeholder="",
            on_change=lambda v: etat.chercher(chemin, liste, v).debounce(150),
            **_decrit(etat, champ, chemin),
        ),
        rx.el.p(rx.cond(ouverte, etat.recherche_dite, ""), role="status", class_name="petit second"),
        rx.cond(
            ouverte & (etat.trouves.length() > 0),
            rx.el.ul(
                rx.foreach(
                    etat.trouves,
                    lambda o: rx.el.li(
                        rx.el.button(o["libelle"], type="button", on_click=etat.choisir(chemin, liste, o["cle"]))
                    ),
                ),
                class_name="trouves",
            ),
            rx.fragment(),
        ),
        class_name="champ champ--recherche",
    )


def _gele(etat: Any, champ: Champ, chemin: Chemin) -> rx.Component:
    return rx.el.div(
        rx.el.label(champ.label, html_for=_id(chemin)),
        *_aide(champ, chemin),
        rx.el.input(
            id=_id(chemin),
            read_only=True,
            value=etat.libelles[_joindre("gele:", chemin)],
            class_name="saisie",
            **({"aria_describedby": _id(chemin, "-a")} if champ.aide else {}),
        ),
        class_name="champ",
    )


def _reference(etat: Any, champ: Champ, chemin: Chemin, _: str) -> rx.Component:
    return _gele(etat, champ, chemin)


VUES: dict[TypeChamp, Callable[[Any, Champ, Chemin, str], rx.Component]] = {
    TypeChamp.TEXTE: _texte,
    TypeChamp.TEXTE_LONG: _texte_long,
    TypeChamp.OUI_NON: _oui_non,
    TypeChamp.CHOIX: _choix,
    TypeChamp.LISTE: _liste,
    TypeChamp.RECHERCHE: _recherche,
    TypeChamp.CHOIX_MULTIPLES: _choix_multiples,
    TypeChamp.RECHERCHE_MULTIPLE: _recherche_multiple,
    TypeChamp.ENTIER: _nombre,
    TypeChamp.DECIMAL: _nombre,
    TypeChamp.DATE: _date,
    TypeChamp.HEURE: _date,
    TypeChamp.COMMUNE: _recherche,
    TypeChamp.LIEUX: _choix_multiples,
    TypeChamp.REFERENCE: _reference,
}


# ----------------------------------------------------------------------------- the groups


def groupe_view(etat: Any, groupe: Groupe, chemin: Chemin, motif: str, *, dedans: bool = False) -> rx.Component:
    """A repeated group: its rows, then how to add one. A unique one is shown as plain fields."""
    cles = etat.lignes[chemin].to(list[str])
    if groupe.unique:
        corps: rx.Component = rx.foreach(
            cles,
            lambda cle: rx.el.div(
                _marque(chemin, cle), *_ligne(etat, groupe, chemin, cle, motif), class_name="fiche", key=cle
            ),
        )
    elif groupe.par_recherche:
        corps = _groupe_par_recherche(etat, groupe, chemin, motif, cles)
    else:
        corps = _groupe_repete(etat, groupe, chemin, motif, cles, dedans=dedans)
    return rx.cond(etat.visibles[chemin] == False, rx.fragment(), corps) if groupe.visible_si else corps  # noqa: E712


def _marque(chemin: Chemin, cle: rx.Var) -> rx.Component:
    """Says to the reader that this row exists, even with every field empty."""
    return rx.el.input(type="hidden", name=_joindre(_joindre(chemin, "."), cle), value="1")


def _ligne(etat: Any, groupe: Groupe, chemin: Chemin, cle: rx.Var, motif: str) -> list[rx.Component]:
    prefixe = _joindre(_joindre(_joindre(chemin, "."), cle), ".")
    champs = {n: c for n, c in champs_de(groupe.classe).items() if n != groupe.par_recherche}
    vues = _champs_view(etat, champs, prefixe, motif + ".")
    for nom, sous in groupes_de(groupe.classe).items():
        vues.append(groupe_view(etat, sous, _joindre(prefixe, nom), f"{motif}.{nom}", dedans=True))
    return vues


def _retirer(etat: Any, chemin: Chemin, cle: rx.Var, quoi: Any) -> rx.Component:
    return rx.el.button(
        "Retirer",
        rx.el.span(" ", quoi, class_name="invisible"),
        type="button",
        on_click=etat.retirer_ligne(chemin, cle),
        class_name="bouton bouton--discret bouton--compact",
    )


def _groupe_repete(
    etat: Any, groupe: Groupe, chemin: Chemin, motif: str, cles: rx.Var, *, dedans: bool
) -> rx.Component:
    titre = rx.el.h3 if dedans else rx.el.h2

    def ligne(cle: rx.Var, rang: rx.Var) -> rx.Component:
        nom = rx.Var.create(groupe.singulier.capitalize() + " ").to(str) + (rang + 1).to(str)
        figee = etat.figees[_joindre(_joindre(chemin, "."), cle)]
        ouverte = rx.el.div(
            _marque(chemin, cle),
            rx.el.div(titre(nom), _retirer(etat, chemin, cle, nom), class_name="repete-tete"),
            *_ligne(etat, groupe, chemin, cle, motif),
            class_name="repete",
            role="group",
            aria_label=nom,
        )
        fermee = rx.el.div(rx.el.p(figee), class_name="repete repete--plie", role="group", aria_label=nom)
        return rx.el.div(rx.cond(figee, fermee, ouverte) if groupe.figee_si else ouverte, key=cle)

    def sous_ligne(sous_cle: rx.Var, sous_rang: rx.Var) -> rx.Component:
        """The same inside another row: Reflex names a row's variable after the parameter, which must differ."""
        return ligne(sous_cle, sous_rang)

    ajouter = rx.el.p(
        rx.el.button(
            f"Ajouter un{'e' if _feminin(groupe.singulier) else ''} {groupe.singulier}",
            type="button",
            id=_id(chemin),
            on_click=etat.ajouter_ligne(chemin),
            class_name="bouton bouton--second" + (" bouton--compact" if dedans else ""),
        ),
        class_name="boutons boutons--fin",
    )
    return rx.el.div(
        *([rx.el.h3(groupe.label, class_name="h3")] if dedans and groupe.label else []),
        _erreur(etat, chemin),
        rx.foreach(cles, sous_ligne if dedans else ligne),
        ajouter,
        class_name="groupe-repete",
    )


def _groupe_par_recherche(etat: Any, groupe: Groupe, chemin: Chemin, motif: str, cles: rx.Var) -> rx.Component:
    """Choosing a code adds a row; the row shows the code and, below, what else is asked of it."""
    champ = champs_de(groupe.classe)[groupe.par_recherche]

    def ligne(cle: rx.Var) -> rx.Component:
        nom_code = _joindre(_joindre(_joindre(_joindre(chemin, "."), cle), "."), groupe.par_recherche)
        code = etat.valeurs[nom_code]
        libelle = etat.libelles[_joindre(champ.jdv + ":", code)]
        return rx.el.li(
            _marque(chemin, cle),
            rx.el.input(type="hidden", name=nom_code, value=code),
            rx.el.div(
                rx.el.span(libelle, class_name="h3"), _retirer(etat, chemin, cle, libelle), class_name="repete-tete"
            ),
            _erreur(etat, nom_code),
            *_ligne(etat, groupe, chemin, cle, motif),
            key=cle,
        )

    return rx.el.section(
        rx.el.h2(groupe.label),
        rx.cond(cles, rx.el.ul(rx.foreach(cles, ligne), class_name="liste liste--saisie"), rx.fragment()),
        rx.el.label(
            f"Ajouter un{'e' if _feminin(groupe.singulier) else ''} {groupe.singulier}",
            html_for=_id(chemin),
            class_name="h3",
        ),
        rx.el.span("Tapez le début d’un mot, ou un code.", class_name="aide", id=_id(chemin, "-a")),
        _erreur(etat, chemin),
        _champ_de_recherche(etat, Champ(groupe.label, aide="."), chemin, champ.jdv),
        class_name="fiche",
    )


def _feminin(nom: str) -> bool:
    return nom.split()[0] in {"activité", "limite", "ligne", "habitation", "commune", "boîte", "patientèle"}
