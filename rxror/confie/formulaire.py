"""The form of what a link gives: its fields, its groups and their rows, with the buttons that add and take away."""

from rxror.confie.champs import champ_en_html, erreur
from rxror.html import Html, el, suite
from rxror.ror.champs import Champ, Groupe, champs_de, groupes_de
from rxror.ror.confiables import libres
from rxror.ror.typographie import fr
from rxror.services.lien_confie import AJOUTER, RELIRE, RETIRER, FormulaireConfie

FAIRE = "_faire"


def formulaire_en_html(forme: FormulaireConfie) -> Html:
    """All that is given, in the order of the application's own form."""
    ouvert, donnes = forme.confie.ouvert, forme.confie.champs
    champs = {n: c for n, c in champs_de(ouvert.classe, ouvert.section.cle).items() if n in donnes}
    groupes = {n: g for n, g in groupes_de(ouvert.classe, ouvert.section.cle).items() if n in donnes}
    avant = [_groupe(forme, g, n, n) for n, g in groupes.items() if not g.visible_si]
    apres = [_groupe(forme, g, n, n) for n, g in groupes.items() if g.visible_si]
    fiche = [el("div", *_champs(forme, champs, "", ""), class_="fiche")] if champs else []
    return suite(_bouton_d_office(), *avant, *fiche, *apres)


def _bouton_d_office() -> Html:
    """What Enter does in a field: the form is drawn again with what is to be corrected, and nothing is sent."""
    return el("button", "Vérifier", type="submit", name=FAIRE, value=RELIRE, class_="d-office", tabindex=-1)


def _champs(forme: FormulaireConfie, champs: dict[str, Champ], prefixe: str, motif: str) -> list[Html]:
    suivants = {c.avec for c in champs.values() if c.avec}
    vues: list[Html] = []
    for nom, champ in champs.items():
        if nom in suivants:
            continue
        vue = champ_en_html(forme, champ, prefixe + nom, motif + nom)
        if champ.avec in champs:
            second = champ_en_html(forme, champs[champ.avec], prefixe + champ.avec, motif + champ.avec)
            vue = el("div", vue, second, class_="paire")
        vues.append(vue)
    return vues


def _groupe(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str, *, dedans: bool = False) -> Html:
    if forme.visibles.get(chemin) is False:
        return Html()
    cles = forme.form.lignes.get(chemin, [])
    if groupe.unique:
        return suite(*(_unique(forme, groupe, f"{chemin}.{c}", motif) for c in cles))
    if groupe.grille:
        return _grille(forme, groupe, chemin, motif, cles)
    return _repetees(forme, groupe, chemin, motif, cles, dedans=dedans)


def _unique(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str) -> Html:
    return el("div", _marque(chemin), *_ligne(forme, groupe, chemin, motif), class_="fiche")


def _ligne(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str) -> list[Html]:
    """The inputs of one row."""
    sous = groupes_de(groupe.classe).items()
    return [
        *_champs(forme, libres(groupe.classe), f"{chemin}.", f"{motif}."),
        *(_groupe(forme, g, f"{chemin}.{n}", f"{motif}.{n}", dedans=True) for n, g in sous),
    ]


def _marque(chemin: str) -> Html:
    """Says that a row exists, even with every field empty."""
    return el("input", type="hidden", name=chemin, value="1")


def _repetees(
    forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str, cles: list[str], *, dedans: bool
) -> Html:
    titre = "h3" if dedans else "h2"
    return el(
        "div",
        el("h3", groupe.label, class_="h3") if dedans and groupe.label else None,
        erreur(forme, chemin),
        *(_repetee(forme, groupe, f"{chemin}.{c}", motif, titre, rang) for rang, c in enumerate(cles, 1)),
        _ajouter(groupe, chemin, dedans=dedans),
        class_="groupe-repete",
    )


def _repetee(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str, titre: str, rang: int) -> Html:
    nom = f"{groupe.singulier.capitalize()} {rang}"
    if chemin in forme.figees:
        return el("div", el("p", forme.figees[chemin]), class_="repete repete--plie", role="group", aria_label=nom)
    retirer = el(
        "button",
        "Retirer",
        el("span", f" {nom}", class_="invisible"),
        type="submit",
        name=FAIRE,
        value=f"{RETIRER}:{chemin}",
        class_="bouton bouton--discret bouton--compact",
    )
    neuve = chemin == forme.cible
    return el(
        "div",
        _marque(chemin),
        el("div", el(titre, nom, tabindex=-1, autofocus=neuve, id=f"{chemin}-t"), retirer, class_="repete-tete"),
        erreur(forme, chemin),
        *_ligne(forme, groupe, chemin, motif),
        class_="repete",
        role="group",
        aria_labelledby=f"{chemin}-t",
        id=chemin,
    )


def _ajouter(groupe: Groupe, chemin: str, *, dedans: bool) -> Html:
    article = "une" if groupe.feminin else "un"
    return el(
        "p",
        el(
            "button",
            f"Ajouter {article} {groupe.singulier}",
            type="submit",
            name=FAIRE,
            value=f"{AJOUTER}:{chemin}",
            id=chemin,
            class_="bouton bouton--second" + (" bouton--compact" if dedans else ""),
        ),
        el("span", f"{groupe.maximum} au plus", class_="petit second") if groupe.maximum else None,
        class_="boutons boutons--fin",
    )


# ------------------------------------------------------------------------------ the grid


def _grille(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str, cles: list[str]) -> Html:
    """One number for each usual row, then what comes from elsewhere, then the other rows, folded."""
    cases = [c for c in cles if f"{chemin}.{c}" in forme.form.cases]
    figees = [c for c in cles if f"{chemin}.{c}" in forme.figees]
    autres = [c for c in cles if c not in cases and c not in figees]
    recues = [el("p", forme.figees[f"{chemin}.{c}"], class_="repete repete--plie") for c in figees]
    return el(
        "div",
        el(
            "div",
            erreur(forme, chemin),
            el("div", *(_case(forme, groupe, f"{chemin}.{c}", motif) for c in cases), class_="grille"),
            class_="fiche capacites",
        ),
        el("div", *recues, class_="recues") if recues else None,
        el(
            "details",
            el("summary", fr("Autres lignes : disponibles, occupés, réservés, supplémentaires, prévisions")),
            _repetees(forme, groupe, chemin, motif, autres, dedans=False),
            class_="plis",
            open=bool(autres),
        ),
        class_="groupe-repete",
    )


def _case(forme: FormulaireConfie, groupe: Groupe, chemin: str, motif: str) -> Html:
    """The number of one usual row, under the name of its cell; what else it holds is folded."""
    champs, label = libres(groupe.classe), forme.form.cases[chemin]
    fixes = [n for n, _ in groupe.grille[0].ligne]
    reste = {n: c for n, c in champs.items() if n not in (*fixes, groupe.nombre)}
    nombre = f"{chemin}.{groupe.nombre}"
    fautif = nombre in forme.erreurs
    a_corriger = any(f"{chemin}.{n}" in forme.erreurs for n in reste)
    return el(
        "div",
        _marque(chemin),
        *(
            el("input", type="hidden", name=f"{chemin}.{n}", value=forme.form.valeurs.get(f"{chemin}.{n}", ""))
            for n in fixes
        ),
        el("label", label, for_=nombre),
        erreur(forme, nombre),
        el(
            "input",
            type="text",
            inputmode="numeric",
            id=nombre,
            name=nombre,
            value=forme.form.valeurs.get(nombre, ""),
            autocomplete="off",
            class_="saisie saisie--nombre nombre",
            aria_describedby=f"{nombre}-e" if fautif else None,
            aria_invalid="true" if fautif else None,
        ),
        el(
            "details",
            el("summary", "Préciser", el("span", f" {label}", class_="invisible")),
            *_champs(forme, reste, f"{chemin}.", f"{motif}."),
            class_="plis",
            open=a_corriger,
        ),
        class_="champ case",
    )
