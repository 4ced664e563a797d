"""From what is typed to values, and back.

A form is flat: {path: text}. A path is `champ`, `champ.code` (a ticked box or a chosen code), `groupe.ligne`
(this row exists), `groupe.ligne.champ`, and one level more for a group inside a group. Values are JSON:
text, number, boolean, ISO date, list of codes, list of rows; a row carries its key under "cle".
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sqlmodel import SQLModel

from rxror.ror import horaires, messages, territoire
from rxror.ror.champs import (
    A_CODES,
    EN_LISTE,
    MULTIPLES,
    Champ,
    Contexte,
    Edition,
    Groupe,
    TypeChamp,
    champs_de,
    codes_permis,
    est_exige,
    est_visible,
    groupes_de,
    lignes_maximum,
    sections_de,
)
from rxror.ror.coordonnees import separer
from rxror.ror.grilles import a_laisser, completer
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.textes import conservable, nettoyer, retourne

Valeurs = dict[str, Any]
OUI, NON = "oui", "non"
LIGNES_MAXIMUM = 60
EXIGE = "!"
LIGNE_UNIQUE = "n0"  # key of the row of a unique group that the table does not hold yet
TEXTE_MAXIMUM = 4000


class Illisible(Exception):
    """A typed text is not a value of its kind; the message is for the référent.

    Attributes:
        reste: the part that could not be read, when some of it could; empty means the whole text.
        lue: the value of what could be read.
    """

    def __init__(self, message: str, reste: str = "", lue: Any = None) -> None:
        super().__init__(message)
        self.reste, self.lue = reste, lue


@dataclass
class Lecture:
    """What a form says.

    Attributes:
        valeurs: {champ or groupe: value} for all that could be read.
        illisibles: {path: typed text} for what could not.
        erreurs: {path: sentence} for the same paths.
        retires: paths that were answered and are not asked (any more): nothing of them is read.
    """

    valeurs: Valeurs = field(default_factory=dict)
    illisibles: dict[str, str] = field(default_factory=dict)
    erreurs: dict[str, str] = field(default_factory=dict)
    retires: list[str] = field(default_factory=list)


@dataclass
class Formulaire:
    """A section as its form shows it.

    Attributes:
        valeurs: {path: text}.
        lignes: keys of the rows, {path of the group: [key]}.
        cases: those of them that are cells of a grid, {path of the row: label}.
    """

    valeurs: dict[str, str] = field(default_factory=dict)
    lignes: dict[str, list[str]] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)


# ------------------------------------------------------------------ reading one field


def _texte(champ: Champ, texte: str) -> str:
    if retourne(texte):
        raise Illisible(messages.lecture("retourne"))
    propre = nettoyer(texte)
    if champ.type is not TypeChamp.TEXTE_LONG:
        propre = " ".join(propre.split())
    maximum = champ.maximum or TEXTE_MAXIMUM
    if len(propre) > maximum:
        raise Illisible(messages.lecture("longueur", maximum=maximum, longueur=len(propre)))
    return propre


def _oui_non(_: Champ, texte: str) -> bool | None:
    if texte not in (OUI, NON, ""):
        raise Illisible(messages.lecture("code"))
    return None if texte == "" else texte == OUI


def _entier(champ: Champ, texte: str) -> int | None:
    nu = re.sub(r"[\s\u00a0\u202f]", "", texte)
    if not nu:
        return None
    if re.fullmatch(r"-\d{1,9}", nu):
        raise Illisible(messages.lecture("negatif", texte=texte))
    if not re.fullmatch(r"[0-9]{1,9}", nu):
        raise Illisible(messages.lecture("entier", texte=texte))
    if champ.maximum is not None and int(nu) > champ.maximum:
        raise Illisible(messages.lecture("maximum", maximum=champ.maximum, texte=texte))
    return int(nu)


def _decimal(champ: Champ, texte: str) -> str | None:
    nu = re.sub(r"[\s\u00a0\u202f]", "", texte).replace(",", ".")
    if not nu:
        return None
    try:
        nombre = Decimal(nu)
    except InvalidOperation:
        raise Illisible(messages.lecture("decimal", texte=texte)) from None
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", nu):
        raise Illisible(messages.lecture("decimal", texte=texte))
    if champ.maximum is not None and abs(nombre) > champ.maximum:
        raise Illisible(messages.lecture("maximum", maximum=champ.maximum, texte=texte))
    if champ.decimales is not None:
        garde = nombre.quantize(Decimal(1).scaleb(-champ.decimales), ROUND_HALF_UP)
        if garde != nombre and not champ.arrondi:
            raise Illisible(messages.lecture("decimales", combien=champ.decimales, texte=texte))
        nombre = garde
    return format(nombre.normalize(), "f")


def _date(_: Champ, texte: str) -> str | None:
    nu = texte.strip()
    if not nu:
        return None
    francaise = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", nu)
    if not francaise and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", nu):
        raise Illisible(messages.lecture("date", texte=texte))
    try:
        jour = date(*(int(n) for n in reversed(francaise.groups()))) if francaise else date.fromisoformat(nu)
    except ValueError:
        raise Illisible(messages.lecture("date", texte=texte)) from None
    return jour.isoformat()


def lire_jour(texte: str) -> date | None:
    """A typed day, as every form reads it; None for nothing.

    Raises:
        Illisible: it is no day.
    """
    lu = _date(Champ(""), texte)
    return date.fromisoformat(lu) if lu else None


def _heure(champ: Champ, texte: str) -> str:
    try:
        heure = horaires.lire_heure(texte)
    except ValueError:
        raise Illisible(messages.lecture("heure", texte=texte)) from None
    if heure == horaires.FIN_DU_JOUR and champ.avec:  # the first hour of two
        raise Illisible(messages.lecture("debut"))
    return heure


def _commune(_: Champ, texte: str) -> str:
    nu = texte.strip().upper()
    if nu and not re.fullmatch(r"([0-9]{2}|2[AB])[0-9]{3}", nu):
        raise Illisible(messages.lecture("commune"))
    return nu


def _communes(_: Champ, texte: str) -> list[str]:
    codes = territoire.codes_de(texte)
    inconnus = [code for code in codes if not territoire.est_un_code(code)]
    if len(codes) > territoire.COMMUNES_MAXIMUM:
        raise Illisible(messages.lecture("communes", maximum=territoire.COMMUNES_MAXIMUM))
    if inconnus:
        lus = [code for code in codes if code not in inconnus]
        raise Illisible(messages.lecture("inconnues", codes=territoire.citer(inconnus)), " ".join(inconnus), lus)
    return codes


def _code(_: Champ, texte: str) -> str:
    return texte.strip()


def _reference(_: Champ, texte: str) -> str:
    raise Illisible(messages.lecture("code"))


LECTEURS: dict[TypeChamp, Callable[[Champ, str], Any]] = {
    TypeChamp.TEXTE: _texte,
    TypeChamp.TEXTE_LONG: _texte,
    TypeChamp.OUI_NON: _oui_non,
    TypeChamp.CHOIX: _code,
    TypeChamp.LISTE: _code,
    TypeChamp.RECHERCHE: _code,
    TypeChamp.CHOIX_MULTIPLES: _code,
    TypeChamp.RECHERCHE_MULTIPLE: _code,
    TypeChamp.ENTIER: _entier,
    TypeChamp.DECIMAL: _decimal,
    TypeChamp.DATE: _date,
    TypeChamp.HEURE: _heure,
    TypeChamp.COMMUNE: _commune,
    TypeChamp.COMMUNES: _communes,
    TypeChamp.LIEUX: _code,
    TypeChamp.REFERENCE: _reference,
}


# --------------------------------------------------------------------- reading a form


@dataclass(frozen=True)
class Lecteur:
    """Reads a whole section.

    Attributes:
        lieux: identifiers one may attach.
        caches: paths that the page did not show: nothing was answered there, whatever may be visible by now.
        montre: whether the page was shown with this answer at this path: it is no new one, even if it is no longer
            held nor in force.
    """

    catalogue: Catalogue
    contexte: Contexte
    lieux: frozenset[str] = frozenset()
    caches: frozenset[str] = frozenset()
    montre: Callable[[str, str], bool] = lambda chemin, texte: False

    def lire(
        self, classe: type[SQLModel], section: str, saisie: Mapping[str, str], existantes: Mapping[str, Any]
    ) -> Lecture:
        """Read one section.

        Args:
            classe: class of the object.
            section: key of the section.
            saisie: {path: text}; unknown paths are ignored. A box that is not ticked sends nothing: absence means
                "none chosen" for codes, and leaves a field that the page does not show as it was.
            existantes: values shown when the form was opened; they give hidden and frozen fields, and the codes no
                longer in force that may stay.
        """
        lecture = Lecture()
        champs = champs_de(classe, section)
        saisie = separer(champs, saisie)
        local = self.contexte.avec({**existantes, **_pilotes(champs, "", saisie)})
        for nom, groupe in groupes_de(classe, section).items():
            tenues = existantes.get(nom) or []
            visible = nom not in self.caches and est_visible(groupe, local)
            lecture.valeurs[nom] = self._groupe(groupe, nom, saisie, tenues, lecture) if visible else tenues
            if not visible and nom not in self.caches:
                lecture.retires += _lignes_repondues(groupe, nom, saisie, tenues)
        self._champs(champs, "", saisie, existantes, self.contexte, lecture, lecture.valeurs)
        return lecture

    def lire_nouveau(
        self,
        classe: type[SQLModel],
        noms: Iterable[str],
        saisie: Mapping[str, str],
        libres: Collection[str] = (),
    ) -> tuple[Valeurs, dict[str, str]]:
        """Read the few fields asked at a creation, frozen ones included; all but `libres` must be answered.

        Returns:
            (values, {champ: sentence}).
        """
        valeurs: Valeurs = {}
        erreurs: dict[str, str] = {}
        for nom in noms:
            champ = champs_de(classe)[nom]
            try:
                valeurs[nom] = self._un(champ, saisie.get(nom, ""), None)
            except Illisible as raison:
                erreurs[nom] = str(raison)
            else:
                if valeurs[nom] in (None, "", []) and nom not in libres:
                    erreurs[nom] = messages.lecture("vide", champ=champ.label)
        return valeurs, erreurs

    def _champs(
        self,
        champs: Mapping[str, Champ],
        prefixe: str,
        saisie: Mapping[str, str],
        existantes: Mapping[str, Any],
        contexte: Contexte,
        lecture: Lecture,
        valeurs: Valeurs,
    ) -> None:
        locales = {n: saisie[prefixe + n] for n, c in champs.items() if c.deduit and prefixe + n in saisie}
        contexte = contexte.avec({**existantes, **locales, **_pilotes(champs, prefixe, saisie)})
        for nom, champ in champs.items():
            chemin = prefixe + nom
            if (
                champ.edition is not Edition.LIBRE
                or champ.type is TypeChamp.REFERENCE
                or chemin in self.caches
                or not est_visible(champ, contexte)
            ):
                if chemin not in self.caches and champ.edition is Edition.LIBRE:
                    lecture.retires += _repondus(champ, chemin, saisie, existantes.get(nom))
                if champ.gel and saisie.get(chemin, "") not in ("", existantes.get(nom) or ""):
                    lecture.erreurs[chemin] = messages.message(champ.gel)
                if nom in existantes:
                    valeurs[nom] = existantes[nom]
                continue
            texte = _reponse(champ, chemin, saisie)
            if champ.deduit and not texte:
                texte = champ.deduit(existantes)
            if isinstance(texte, list):
                valeurs[nom] = self._plusieurs(champ, chemin, texte, existantes.get(nom) or [], lecture)
                continue
            try:
                valeurs[nom] = self._un(champ, texte, existantes.get(nom), chemin)
            except Illisible as raison:
                lecture.illisibles[chemin] = conservable(raison.reste or texte)
                lecture.erreurs[chemin] = str(raison)
                valeurs[nom] = existantes.get(nom) if raison.lue is None else raison.lue

    def _plusieurs(self, champ: Champ, chemin: str, codes: list[str], tenus: list[str], lecture: Lecture) -> list[str]:
        """The codes that may be chosen, in the order they had; the others are told."""
        lus: list[str] = []
        for code in codes:
            try:
                lus.append(self._code(champ, code, code in tenus or self.montre(chemin, code)))
            except Illisible as raison:
                lecture.illisibles[chemin] = conservable(f"{lecture.illisibles.get(chemin, '')} {code}".strip())
                lecture.erreurs[chemin] = str(raison)
        return list(tenus) if set(lus) == set(tenus) else lus

    def _un(self, champ: Champ, texte: str, tenue: Any, chemin: str = "") -> Any:
        brut = texte.replace("\r\n", "\n")
        if (
            champ.type in (TypeChamp.TEXTE, TypeChamp.TEXTE_LONG)
            and brut
            and (brut == tenue or self.montre(chemin, brut))
        ):
            return brut  # as it is held or was shown, even if it was not typed here
        lue = LECTEURS[champ.type](champ, texte)
        if champ.type in A_CODES and lue:
            return self._code(champ, lue, lue == tenue or self.montre(chemin, lue))
        return lue

    def _code(self, champ: Champ, code: str, tenu: bool) -> str:
        if champ.type is TypeChamp.LIEUX:
            if code not in self.lieux and not tenu:
                raise Illisible(messages.lecture("lieu"))
            return code
        if champ.choix:
            if code not in {c for c, _, _ in champ.choix}:
                raise Illisible(messages.lecture("code"))
            return code
        if not self.catalogue.connu(champ.jdv, code) or (champ.codes and code not in champ.codes):
            raise Illisible(messages.lecture("code"))
        libelle = self.catalogue.libelle(champ.jdv, code)
        if not tenu and not self.catalogue.actif(champ.jdv, code):
            raise Illisible(messages.lecture("perime", libelle=libelle))
        permis = codes_permis(champ, self.contexte)
        if not tenu and self.contexte.modele and permis and code not in permis:
            raise Illisible(messages.lecture("modele", libelle=libelle, modele=self.contexte.modele.nom))
        return code

    def _groupe(
        self, groupe: Groupe, chemin: str, saisie: Mapping[str, str], existantes: list[Valeurs], lecture: Lecture
    ) -> list[Valeurs]:
        par_cle = {ligne["cle"]: ligne for ligne in existantes}
        figees = {e["cle"]: e for e in existantes if groupe.figee_si and groupe.figee_si(e)}
        lues: list[Valeurs] = list(figees.values())
        maximum = max(lignes_maximum(groupe, self.contexte, LIGNES_MAXIMUM), len(existantes))
        cles = lignes_de(saisie, chemin)
        if len(cles) > maximum:
            lecture.erreurs[chemin] = messages.lecture("lignes", maximum=maximum, nombre=len(cles))
        for cle in cles[:maximum]:
            if cle in figees:
                continue
            tenue = par_cle.get(cle, {})
            ligne: Valeurs = {"cle": cle}
            prefixe = f"{chemin}.{cle}."
            self._champs(
                champs_de(groupe.classe),
                prefixe,
                saisie,
                {**defauts(groupe.classe), **tenue},
                self.contexte,
                lecture,
                ligne,
            )
            for nom, sous in groupes_de(groupe.classe).items():
                ligne[nom] = self._groupe(sous, prefixe + nom, saisie, tenue.get(nom) or [], lecture)
            if groupe.grille and prefixe + groupe.nombre not in lecture.illisibles and a_laisser(groupe, ligne, tenue):
                continue
            lues.append(ligne)
        if groupe.mise_en_ordre:
            lues = _remettre_en_ordre(groupe.mise_en_ordre, chemin, lues, par_cle, lecture)
        rang = {cle: i for i, cle in enumerate(par_cle)}
        return sorted(lues, key=lambda ligne: rang.get(ligne["cle"], len(rang)))


def _remettre_en_ordre(
    faire: Callable[[Sequence[Mapping[str, Any]]], list[Valeurs]],
    chemin: str,
    lues: list[Valeurs],
    par_cle: Mapping[str, Valeurs],
    lecture: Lecture,
) -> list[Valeurs]:
    """The rows put in order, but those that did not change and those that could not be read whole."""
    fautives = {
        c.removeprefix(f"{chemin}.").partition(".")[0] for c in lecture.illisibles if c.startswith(f"{chemin}.")
    }
    laissees = [e for e in lues if e["cle"] in fautives or e == par_cle.get(e["cle"])]
    return [*laissees, *faire([e for e in lues if e not in laissees])]


def element_de(classe: type[SQLModel], chemin: str) -> Champ | Groupe | None:
    """The field or the group at a path, whatever the rows; None when there is none."""
    morceaux = chemin.split(".")
    for rang in range(0, len(morceaux), 2):
        nom, dernier = morceaux[rang], rang == len(morceaux) - 1
        groupe = groupes_de(classe).get(nom)
        if dernier:
            return groupe or champs_de(classe).get(nom)
        if groupe is None:
            return None
        classe = groupe.classe
    return None


def label_de(classe: type[SQLModel], chemin: str) -> str:
    """The label of the field or of the group at a path; the path itself when there is none."""
    element = element_de(classe, chemin)
    return element.label if element else chemin


def lignes_de(saisie: Mapping[str, str], chemin: str) -> list[str]:
    """Keys of the rows of a group that a form announces, in its order."""
    motif = re.compile(re.escape(chemin) + r"\.([A-Za-z0-9_-]{1,40})")
    return [m[1] for nom in saisie if (m := motif.fullmatch(nom))]


def _pilotes(champs: Mapping[str, Champ], prefixe: str, saisie: Mapping[str, str]) -> Valeurs:
    """Codes of the form itself: conditions look at what is being answered, not at what was."""
    uniques = {
        n: saisie[prefixe + n]
        for n, c in champs.items()
        if c.edition is Edition.LIBRE and c.type in A_CODES - MULTIPLES and prefixe + n in saisie
    }
    return uniques | {n: _reponse(c, prefixe + n, saisie) for n, c in champs.items() if c.pilote}


def _repondus(champ: Champ, chemin: str, saisie: Mapping[str, str], tenue: Any) -> list[str]:
    """Paths at which a field was answered otherwise than it is held."""
    if champ.type in MULTIPLES:
        return [c for c in saisie if c.startswith(f"{chemin}.") and c.rpartition(".")[2] not in (tenue or [])]
    texte = saisie.get(chemin, "")
    return [chemin] if texte and not champ.deduit and texte != texte_de(champ, tenue) else []


def _lignes_repondues(groupe: Groupe, nom: str, saisie: Mapping[str, str], tenues: list[Valeurs]) -> list[str]:
    """Paths at which the rows of a group were answered otherwise than they are held."""
    form = Formulaire()
    _aplatir_groupe(groupe, nom, tenues, form)
    tenus = {**form.valeurs, **{f"{chemin}.{cle}": "1" for chemin, cles in form.lignes.items() for cle in cles}}
    return [c for c, texte in saisie.items() if c.startswith(f"{nom}.") and texte and texte != tenus.get(c)]


def _reponse(champ: Champ, chemin: str, saisie: Mapping[str, str]) -> str | list[str]:
    if champ.type in MULTIPLES:
        debut = chemin + "."
        return [nom.removeprefix(debut) for nom in saisie if nom.startswith(debut)]
    return saisie.get(chemin, "")


# ------------------------------------------------------------------- values to a form


def defauts(classe: type[SQLModel]) -> Valeurs:
    """Values of a new object or row."""
    return {n: c.defaut for n, c in champs_de(classe).items() if c.defaut is not None}


def texte_de(champ: Champ, valeur: Any) -> str:
    """A value as its input shows it."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return OUI if valeur else NON
    if champ.type is TypeChamp.COMMUNES:
        return " ".join(valeur)
    if champ.type is TypeChamp.DECIMAL:
        return str(valeur).replace(".", ",")
    return str(valeur)


def formulaire(
    classe: type[SQLModel], section: str, valeurs: Mapping[str, Any], illisibles: Mapping[str, str]
) -> Formulaire:
    """The form of a section, with the texts that could not be read kept as typed."""
    resultat = Formulaire()
    _aplatir_champs(champs_de(classe, section), "", valeurs, resultat)
    for nom, groupe in groupes_de(classe, section).items():
        _aplatir_groupe(groupe, nom, valeurs.get(nom) or [], resultat)
    a_cote = {n for n, c in champs_de(classe, section).items() if c.type is TypeChamp.COMMUNES}
    for chemin, texte in illisibles.items():
        lus = resultat.valeurs.get(chemin) if chemin in a_cote else ""
        resultat.valeurs[chemin] = f"{lus} {texte}" if lus else texte
    return resultat


def _aplatir_champs(champs: Mapping[str, Champ], prefixe: str, valeurs: Mapping[str, Any], vers: Formulaire) -> None:
    for nom, champ in champs.items():
        if champ.deduit:
            vers.valeurs[prefixe + nom] = champ.deduit(valeurs)
        elif champ.type in MULTIPLES:
            codes = list(valeurs.get(nom) or [])
            vers.lignes[prefixe + nom] = codes
            vers.valeurs |= {f"{prefixe}{nom}.{code}": OUI for code in codes}
        elif champ.type is not TypeChamp.REFERENCE:
            vers.valeurs[prefixe + nom] = texte_de(champ, valeurs.get(nom))


def _aplatir_groupe(groupe: Groupe, chemin: str, lignes: list[Valeurs], vers: Formulaire) -> None:
    if groupe.grille:
        lignes, noms = completer(groupe, lignes)
        vers.cases |= {f"{chemin}.{cle}": nom for cle, nom in noms.items()}
    vers.lignes[chemin] = [ligne["cle"] for ligne in lignes]
    for ligne in lignes:
        aplatir_ligne(groupe, f"{chemin}.{ligne['cle']}", ligne, vers)


def aplatir_ligne(groupe: Groupe, chemin: str, ligne: Mapping[str, Any], vers: Formulaire) -> None:
    """Add one row of a group to a form."""
    _aplatir_champs(champs_de(groupe.classe), chemin + ".", ligne, vers)
    for nom, sous in groupes_de(groupe.classe).items():
        _aplatir_groupe(sous, f"{chemin}.{nom}", ligne.get(nom) or [], vers)


def visibilites(classe: type[SQLModel], section: str, form: Formulaire, contexte: Contexte) -> dict[str, bool]:
    """{path: shown?} for every field and group of a section that has a condition, {"!path": required?} likewise."""
    visibles: dict[str, bool] = {}
    champs = champs_de(classe, section)
    locales: Valeurs = {n: form.valeurs[n] for n in champs if form.valeurs.get(n)}
    locales |= {n: form.lignes.get(n, []) for n, c in champs.items() if c.pilote}
    contexte = contexte.avec(locales)
    for nom, element in {**champs_de(classe, section), **groupes_de(classe, section)}.items():
        _voir(element, nom, contexte, visibles)
    for nom, groupe in groupes_de(classe, section).items():
        _visibilites_du_groupe(groupe, nom, form, contexte, visibles)
    return visibles


def _voir(element: Champ | Groupe, chemin: str, contexte: Contexte, visibles: dict[str, bool]) -> None:
    """Say what a condition or the modèle de saisie decides; nothing for an element that neither touches."""
    if element.visible_si or contexte.modele:
        visibles[chemin] = est_visible(element, contexte)
    if isinstance(element, Champ) and (element.obligatoire_si or contexte.modele):
        visibles[EXIGE + chemin] = est_exige(element, contexte)


def _visibilites_du_groupe(
    groupe: Groupe, chemin: str, form: Formulaire, contexte: Contexte, visibles: dict[str, bool]
) -> None:
    champs = champs_de(groupe.classe)
    for cle in form.lignes.get(chemin, []):
        prefixe = f"{chemin}.{cle}."
        local = contexte.avec({n: form.valeurs.get(prefixe + n, "") for n in champs})
        for nom, champ in champs.items():
            _voir(champ, prefixe + nom, local, visibles)
        for nom, sous in groupes_de(groupe.classe).items():
            _visibilites_du_groupe(sous, prefixe + nom, form, local, visibles)


# ---------------------------------------------------------------- what is published


def publiables(classe: type[SQLModel], valeurs: Mapping[str, Any], contexte: Contexte) -> Valeurs:
    """Values as they are published: what is not shown in this context, field, group or section, is emptied."""
    resultat: Valeurs = {}
    local = contexte.avec(valeurs)
    absentes = {s.cle for s in sections_de(classe) if not est_visible(s, local)}
    for nom, champ in champs_de(classe).items():
        if nom in valeurs:
            visible = champ.section not in absentes and est_visible(champ, local)
            resultat[nom] = valeurs[nom] if visible else vide(champ)
    for nom, groupe in groupes_de(classe).items():
        if nom in valeurs:
            resultat[nom] = [
                {"cle": ligne["cle"], **publiables(groupe.classe, ligne, contexte.avec(ligne))}
                for ligne in (valeurs[nom] or [])
                if groupe.section not in absentes and est_visible(groupe, local)
            ]
    return resultat


def vide(champ: Champ) -> Any:
    """What a field holds when nothing is answered."""
    if champ.type in EN_LISTE:
        return []
    if champ.type in (TypeChamp.OUI_NON, TypeChamp.ENTIER, TypeChamp.DECIMAL, TypeChamp.DATE, TypeChamp.REFERENCE):
        return None
    return ""
