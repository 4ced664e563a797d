"""What the page of a section shows beside its answers: lists, labels, frozen rows, what FINESS can fill, questions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from rxror.ror.champs import (
    A_CODES,
    A_RECHERCHE,
    MULTIPLES,
    Edition,
    TypeChamp,
    champs_de,
    codes_permis,
    groupes_de,
)
from rxror.ror.controles import Examen
from rxror.ror.lecture import Lecteur
from rxror.ror.objets import (
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
)
from rxror.ror.regles.completude import perimes
from rxror.ror.regles.valeurs import nettes
from rxror.ror.saisie import (
    Formulaire,
    Valeurs,
    texte_de,
)
from rxror.services import communes, lieux
from rxror.services.section_ouverte import Ouvert
from rxror.tri import en_ordre


def options(ouvert: Ouvert, form: Formulaire) -> dict[str, list[dict[str, str]]]:
    """The lists shown whole, as `Edition.options`."""
    trouvees: dict[str, list[dict[str, str]]] = {}
    _options_des_champs(ouvert.classe, ouvert.section.cle, "", ouvert, form, trouvees)
    return trouvees


def _options_des_champs(
    classe: type[SQLModel],
    section: str | None,
    prefixe: str,
    ouvert: Ouvert,
    form: Formulaire,
    options: dict[str, list[dict[str, str]]],
) -> None:
    for nom, champ in champs_de(classe, section).items():
        if champ.type in A_CODES - A_RECHERCHE and champ.jdv:
            motif = prefixe + nom
            tenus = {v for chemin, v in form.valeurs.items() if _sans_cles(chemin) == motif}
            tenus |= {c for chemin, codes in form.lignes.items() if _sans_cles(chemin) == motif for c in codes}
            codes = ouvert.catalogue.choix(champ.jdv, codes_permis(champ, ouvert.contexte), tenus)
            if champ.type in MULTIPLES:
                codes.sort(key=lambda c, tenus=tenus: c.cle not in tenus)  # a long list opens on what is ticked
            options[motif] = [
                {"cle": c.cle, "libelle": c.libelle + ("" if c.actif else " (n’est plus en vigueur)")} for c in codes
            ]
    for nom, groupe in groupes_de(classe, section).items():
        _options_des_champs(groupe.classe, None, f"{prefixe}{nom}.", ouvert, form, options)


def _sans_cles(chemin: str) -> str:
    """A path without its row keys: "contact.12.nom" gives "contact.nom"."""
    morceaux = chemin.split(".")
    return ".".join(morceaux[i] for i in range(len(morceaux)) if i % 2 == 0) if len(morceaux) > 2 else chemin


def libelles(session: Session, ouvert: Ouvert, valeurs: Valeurs) -> dict[str, str]:
    """Labels of the codes chosen by searching, {"J17:157": label}."""
    trouves = _geles(ouvert, valeurs) | _libelles_des_lieux(session, ouvert, valeurs)
    codes_insee: list[str] = []
    for jdv, code in codes_cherches(ouvert.classe, ouvert.section.cle, valeurs):
        if jdv == "commune":
            codes_insee.append(code)
        else:
            actif = ouvert.catalogue.actif(jdv, code)
            trouves[f"{jdv}:{code}"] = ouvert.catalogue.libelle(jdv, code) + (
                "" if actif else " (n’est plus en vigueur)"
            )
    return trouves | {f"commune:{c}": nom for c, nom in communes.nommer(session, codes_insee).items()}


def codes_cherches(classe: type[SQLModel], section: str | None, valeurs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """[(list, code)] of the values chosen by searching, groups included."""
    trouves: list[tuple[str, str]] = []
    for nom, champ in champs_de(classe, section).items():
        if champ.type in A_RECHERCHE:
            valeur = valeurs.get(nom)
            trouves += [(champ.jdv or "commune", c) for c in (valeur if isinstance(valeur, list) else [valeur]) if c]
    for nom, groupe in groupes_de(classe, section).items():
        for ligne in valeurs.get(nom) or []:
            trouves += codes_cherches(groupe.classe, None, ligne)
    return trouves


def _libelles_des_lieux(session: Session, ouvert: Ouvert, valeurs: Valeurs) -> dict[str, str]:
    champs = champs_de(ouvert.classe, ouvert.section.cle).items()
    tenus: list[str] = [i for nom, c in champs if c.type is TypeChamp.LIEUX for i in valeurs.get(nom) or []]
    trouves = lieux.libelles(session, ouvert.acces.etablissement, tenus) if tenus else {}
    return {f"{lieux.LISTE}:{i}": trouves.get(i, i) for i in tenus}


def _geles(ouvert: Ouvert, valeurs: Valeurs) -> dict[str, str]:
    """{"gele:champ": text} of the fields that one cannot change."""
    lecteur = Lecteur(ouvert.catalogue, ouvert.contexte)
    return {
        f"gele:{nom}": " ; ".join(e["texte"] for e in lecteur.lignes(champ, nom, valeurs.get(nom)))
        for nom, champ in champs_de(ouvert.classe, ouvert.section.cle).items()
        if champ.edition is not Edition.LIBRE
    }


def figees(ouvert: Ouvert, valeurs: Valeurs) -> dict[str, str]:
    """{path of a row: text} of the rows that come from another system."""
    lecteur = Lecteur(ouvert.catalogue, ouvert.contexte)
    trouvees: dict[str, str] = {}
    for nom, groupe in groupes_de(ouvert.classe, ouvert.section.cle).items():
        for ligne in valeurs.get(nom) or []:
            if groupe.figee_si and groupe.figee_si(ligne):
                resume = lecteur.resume(groupe, ligne)
                trouvees[f"{nom}.{ligne['cle']}"] = f"{resume['texte']} ({resume['origine']})"
    return trouvees


def reprises(ouvert: Ouvert) -> dict[str, str]:
    """What the établissement's own FINESS values can fill, both fields of a pair or none."""
    trouvees: dict[str, str] = {}
    for nom, champ in champs_de(ouvert.classe, ouvert.section.cle).items():
        noms = [n for n in (nom, champ.avec) if n] if champ.reprise else []
        textes = [texte_de(champ, getattr(ouvert.acces.etablissement, n, None)) for n in noms]
        if textes and all(textes):
            trouvees[nom] = ";".join(f"{n}={texte}" for n, texte in zip(noms, textes, strict=True))
    return trouvees


def questions_des_perimes(ouvert: Ouvert, valeurs: Valeurs) -> dict[str, list[dict[str, str]]]:
    """The codes of the section no longer in force: each asks a question beside its own field."""
    siens = {*champs_de(ouvert.classe, ouvert.section.cle), *groupes_de(ouvert.classe, ouvert.section.cle)}
    contexte = replace(ouvert.contexte, valeurs=nettes(ouvert.classe, valeurs))
    questions: dict[str, list[dict[str, str]]] = {}
    for perime in perimes(Examen(contexte, ouvert.catalogue, classe=ouvert.classe)):
        if perime.chemin.partition(".")[0] in siens and perime.champ.edition is Edition.LIBRE:
            question = {"code": perime.code, "libelle": perime.libelle, "successeur": perime.nom_du_successeur}
            questions.setdefault(perime.chemin, []).append(question)
    return questions


def offres_servies(session: Session, objet: Any) -> list[str]:
    """Names of the offers that a lieu serves; empty for anything else."""
    if not isinstance(objet, LieuRealisationOffre):
        return []
    requete = (
        select(OffreOperationnelle.nom_offre)
        .join(OffreLieu, col(OffreLieu.offre_operationnelle_id) == OffreOperationnelle.id)
        .where(OffreLieu.lieu_realisation_offre_id == objet.id)
        .order_by(en_ordre(OffreOperationnelle.nom_offre), col(OffreOperationnelle.id))
    )
    return list(session.exec(requete))
