"""One field in HTML, from its declaration: label, help, error, control, as the screens of the application have them."""

from collections.abc import Mapping
from typing import Any

from rxror.html import Html, el, suite
from rxror.ror.champs import A_CODES, MULTIPLES, Champ, TypeChamp
from rxror.ror.saisie import EXIGE, NON, OUI
from rxror.ror.typographie import fr
from rxror.services.lien_confie import FormulaireConfie

COURT, MOYEN = 6, 40  # characters, as in the application
DE_TELEPHONE, D_ADRESSE = ("1", "2", "6", "8"), ("3", "9", "MSSANTE")  # J225


def champ_en_html(forme: FormulaireConfie, champ: Champ, chemin: str, motif: str) -> Html:
    """One field; nothing when its condition is false.

    Args:
        chemin: its path in the form, row keys included.
        motif: its path without row keys, by which the lists are found.
    """
    if forme.visibles.get(chemin) is False:
        return Html()
    if champ.type in (TypeChamp.CHOIX, TypeChamp.OUI_NON, *MULTIPLES):
        return _boites(forme, champ, chemin, _reponses(forme, champ, motif))
    controle = _liste(forme, champ, chemin, motif) if champ.type in A_CODES else _saisie(forme, champ, chemin)
    return el(
        "div",
        el("label", _label(forme, champ, chemin), for_=chemin),
        _aide(champ, chemin),
        erreur(forme, chemin),
        controle,
        class_="champ",
    )


def erreur(forme: FormulaireConfie, chemin: str) -> Html | None:
    """What is wrong at a path."""
    texte = forme.erreurs.get(chemin)
    return el("p", texte, class_="erreur", id=f"{chemin}-e") if texte else None


def _label(forme: FormulaireConfie, champ: Champ, chemin: str) -> Html:
    exige = champ.obligatoire or champ.type is TypeChamp.OUI_NON or forme.visibles.get(EXIGE + chemin)
    return suite(fr(champ.label), None if exige else el("span", " (facultatif)", class_="facultatif"))


def _texte_d_aide(champ: Champ) -> str:
    longueur = f"{champ.maximum} caractères au plus." if champ.type is TypeChamp.TEXTE_LONG and champ.maximum else ""
    return fr(" ".join(t for t in (champ.aide, longueur) if t))


def _aide(champ: Champ, chemin: str) -> Html | None:
    texte = _texte_d_aide(champ)
    return el("span", texte, class_="aide", id=f"{chemin}-a") if texte else None


def _decrit(forme: FormulaireConfie, champ: Champ, chemin: str) -> dict[str, Any]:
    parts = [f"{chemin}-a"] if _texte_d_aide(champ) else []
    fautif = chemin in forme.erreurs
    ids = [*parts, *([f"{chemin}-e"] if fautif else [])]
    return {"aria_describedby": " ".join(ids) or None, "aria_invalid": "true" if fautif else None}


def _saisie(forme: FormulaireConfie, champ: Champ, chemin: str) -> Html:
    valeur = forme.form.valeurs.get(chemin, "")
    attributs: dict[str, Any] = {"id": chemin, "name": chemin, **_decrit(forme, champ, chemin)}
    if champ.type is TypeChamp.TEXTE_LONG:
        return el("textarea", "\n" + valeur, rows=4, class_="saisie", **attributs)
    nombre = champ.type in (TypeChamp.ENTIER, TypeChamp.DECIMAL)
    saisie = el(
        "input",
        type="date" if champ.type is TypeChamp.DATE and not _illisible(valeur) else "text",
        value=valeur,
        inputmode=_clavier(forme, champ, chemin),
        autocomplete=champ.autocomplete or "off",
        class_="saisie saisie--nombre nombre" if nombre else f"saisie {_largeur(champ)}".strip(),
        **attributs,
    )
    unite = champ.unite or dict(champ.unites).get(_a_cote(forme.form.valeurs, chemin, champ.unite_de), "")
    return el("span", saisie, el("span", unite, class_="unite"), class_="mesure") if unite else saisie


def _illisible(valeur: str) -> bool:
    """A text that a native date input would drop."""
    return bool(valeur) and not (len(valeur) == 10 and valeur[4] == valeur[7] == "-")


def _clavier(forme: FormulaireConfie, champ: Champ, chemin: str) -> str | None:
    """The keyboard of a telephone that suits what is asked."""
    if champ.type in (TypeChamp.ENTIER, TypeChamp.DECIMAL):
        return "numeric" if champ.type is TypeChamp.ENTIER else "decimal"
    if chemin.endswith(".telephone"):
        return "tel"
    canal = _a_cote(forme.form.valeurs, chemin, "canal") if chemin.endswith(".adresse_telecom") else ""
    return "tel" if canal in DE_TELEPHONE else "email" if canal in D_ADRESSE else None


def _a_cote(valeurs: Mapping[str, str], chemin: str, nom: str) -> str:
    """The answer to another field of the same row."""
    debut = chemin.rpartition(".")[0]
    return valeurs.get(f"{debut}.{nom}" if debut else nom, "")


def _largeur(champ: Champ) -> str:
    longueur = champ.maximum or 99
    if champ.type is TypeChamp.DATE or COURT < longueur <= MOYEN:
        return "saisie--moyen"
    return "saisie--court" if longueur <= COURT else ""


def _liste(forme: FormulaireConfie, champ: Champ, chemin: str, motif: str) -> Html:
    tenue = forme.form.valeurs.get(chemin, "")
    options = [el("option", t, value=c, selected=c == tenue) for c, t, _ in _reponses(forme, champ, motif)]
    return el(
        "select",
        el("option", "", value=""),
        *options,
        id=chemin,
        name=chemin,
        class_="saisie",
        **_decrit(forme, champ, chemin),
    )


def _reponses(forme: FormulaireConfie, champ: Champ, motif: str) -> list[tuple[str, str, str]]:
    """(code, label, help) of what may be chosen."""
    if champ.type is TypeChamp.OUI_NON:
        return [(OUI, "Oui", ""), (NON, "Non", "")]
    return list(champ.choix) or [(o["cle"], o["libelle"], "") for o in forme.options.get(motif, [])]


def _boites(forme: FormulaireConfie, champ: Champ, chemin: str, reponses: list[tuple[str, str, str]]) -> Html:
    return el(
        "fieldset",
        el("legend", _label(forme, champ, chemin)),
        _aide(champ, chemin),
        erreur(forme, chemin),
        *(_boite(forme, champ, chemin, *reponse) for reponse in reponses),
        class_="groupe",
        id=chemin,
        tabindex=-1,
        aria_describedby=_decrit(forme, champ, chemin)["aria_describedby"],
    )


def _boite(forme: FormulaireConfie, champ: Champ, chemin: str, code: str, libelle: str, detail: str) -> Html:
    valeurs, plusieurs = forme.form.valeurs, champ.type in MULTIPLES
    nom = f"{chemin}.{code}" if plusieurs else chemin
    return el(
        "label",
        el(
            "input",
            type="checkbox" if plusieurs else "radio",
            name=nom,
            value=OUI if plusieurs else code,
            checked=valeurs.get(nom) == (OUI if plusieurs else code),
        ),
        el("span", libelle, el("small", detail) if detail else None),
        class_="choix",
    )
