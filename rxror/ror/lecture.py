"""From values to the facts one reads: a label and its lines, in the section's order."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any, NotRequired, TypedDict

from sqlmodel import SQLModel

from rxror.ror import horaires
from rxror.ror.champs import Champ, Contexte, Groupe, TypeChamp, champs_de, est_visible, groupes_de
from rxror.ror.dates import aujourd_hui, date_heure, date_longue
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.territoire import Territoire, citer
from rxror.ror.typographie import majuscule

NON_RENSEIGNE = "Non renseigné"
A_COMPLETER = "à compléter"
SEPARATEURS = (" · ", ", ")


class Ligne(TypedDict):
    """One line of a fact: its text, a second text in small, and a flaw said in words.

    Of a line that was compared, `garde` when its text did not change; `origine` is then `debut`, `milieu`, which is
    what changed of it, and `fin`.
    """

    texte: str
    origine: str
    alerte: str
    garde: NotRequired[bool]
    debut: NotRequired[str]
    milieu: NotRequired[str]
    fin: NotRequired[str]


class Fait(TypedDict):
    """One fact. `modifie` when the brouillon differs from what is published; `avant` is then the published text."""

    champ: str
    label: str
    lignes: list[Ligne]
    note: str
    modifie: bool
    avant: str


@dataclass(frozen=True)
class Lecteur:
    """Reads values aloud. `references` gives the text of fields that point to another object.

    With `tout`, what is not shown in this context is read too.
    """

    catalogue: Catalogue
    contexte: Contexte
    references: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)
    tout: bool = False
    territoire: Territoire = field(default_factory=Territoire)

    def faits(
        self, classe: type[SQLModel], section: str, valeurs: Mapping[str, Any], publiees: Mapping[str, Any]
    ) -> list[Fait]:
        """Facts of one section; a field not shown in this context has none."""
        avant: list[Fait] = []
        apres: list[Fait] = []
        for nom, groupe in groupes_de(classe, section).items():
            if self._montre(groupe):
                lignes = valeurs.get(nom) or [], publiees.get(nom) or []
                (apres if groupe.visible_si else avant).extend(self._faits_du_groupe(nom, groupe, *lignes))
        return [*avant, *self._faits_des_champs(champs_de(classe, section), valeurs, publiees), *apres]

    def _montre(self, element: Champ | Groupe) -> bool:
        return self.tout or est_visible(element, self.contexte)

    def _faits_du_groupe(self, nom: str, groupe: Groupe, lignes: list[Any], publiees: list[Any]) -> list[Fait]:
        if groupe.unique:
            ligne, avant_ligne = (next(iter(x), {}) for x in (lignes, publiees))
            return self._faits_des_champs(champs_de(groupe.classe), ligne, avant_ligne)
        resumes, avant = self.resumes(groupe, lignes), self.resumes(groupe, publiees)
        return [self._fait(nom, groupe.label, resumes, avant, "")]

    def resumes(self, groupe: Groupe, lignes: Sequence[Mapping[str, Any]]) -> list[Ligne]:
        """The rows of a group, each in its own words; hours by week."""
        if groupe.en_semaine:
            return [self._resume_semaine(semaine) for semaine in horaires.semaines(lignes)]
        return [self.resume(groupe, ligne) for ligne in lignes]

    def _resume_semaine(self, semaine: horaires.Semaine) -> Ligne:
        """The hours of one type, equal days together; a period that is over says so (RG_EXP_017)."""
        sorte, debut, fin = semaine.sorte
        periode, heures = horaires.dire_la_periode(debut, fin), horaires.dire(semaine.plages)
        quoi = self.catalogue.libelle("J41", sorte) if sorte else "Type d’horaire non précisé"
        passee = horaires.est_passee(fin, aujourd_hui())
        texte = heures or majuscule(periode) or majuscule(A_COMPLETER)
        origine = ", ".join(t for t in (quoi, periode if heures else "") if t)
        return une_ligne(texte, origine, "Période passée : elle n’est plus diffusée" if passee else "")

    def _faits_des_champs(
        self, champs: Mapping[str, Champ], valeurs: Mapping[str, Any], publiees: Mapping[str, Any]
    ) -> list[Fait]:
        unites = {c.avec for c in champs.values() if c.type is TypeChamp.ENTIER}
        faits: list[Fait] = []
        for nom, champ in champs.items():
            if nom in unites or champ.type is TypeChamp.LIEUX or champ.deduit or not self._montre(champ):
                continue
            note = champ.aide if champ.edition == "U0" else ""
            lignes, avant = (self._lignes_avec_unite(champs, nom, v) for v in (valeurs, publiees))
            fait = self._fait(nom, champ.label, lignes, avant, note)
            if champ.type is TypeChamp.COMMUNES:  # two zones may read the same and differ
                fait["modifie"] = (valeurs.get(nom) or []) != (publiees.get(nom) or [])
            faits.append(fait)
        return faits

    def _lignes_avec_unite(self, champs: Mapping[str, Champ], nom: str, valeurs: Mapping[str, Any]) -> list[Ligne]:
        """Lines of a field; a number and its unit read as one, « 15 années »."""
        champ = champs[nom]
        lignes = self.lignes(champ, nom, valeurs.get(nom))
        if champ.type is not TypeChamp.ENTIER or not champ.avec:
            return lignes
        unites = self.lignes(champs[champ.avec], champ.avec, valeurs.get(champ.avec))
        if not (lignes and unites):
            return lignes + unites
        nombre, unite = lignes[0]["texte"], unites[0]["texte"]
        pluriel = "" if unite.endswith("s") or nombre in ("0", "1") else "s"
        return [une_ligne(f"{nombre} {unite}{pluriel}")]

    def _fait(self, nom: str, label: str, lignes: list[Ligne], avant: list[Ligne], note: str) -> Fait:
        return Fait(
            champ=nom,
            label=label,
            lignes=comparees(lignes, avant, entiere=True),
            note=note,
            modifie=lignes != avant,
            avant=_bout_a_bout(avant) if lignes != avant else "",
        )

    def lignes(self, champ: Champ, nom: str, valeur: Any) -> list[Ligne]:
        """Lines of one value; none when it is empty."""
        if nom in self.references:
            return [une_ligne(self.references[nom])] if self.references[nom] else []
        codes = valeur if isinstance(valeur, list) else [valeur]
        if champ.type is TypeChamp.COMMUNES:
            return self.zone(valeur or [])
        lignes: list[Ligne] = []
        for code in codes:
            if code is None or code == "":
                continue
            perime = (
                bool(champ.jdv) and self.catalogue.connu(champ.jdv, code) and not self.catalogue.actif(champ.jdv, code)
            )
            lignes.append(une_ligne(self.texte(champ, code), alerte="Code plus en vigueur" if perime else ""))
        return lignes

    def zone(self, codes: Sequence[str]) -> list[Ligne]:
        """A zone by département: how many communes of each, and the names of some."""
        groupes = self.territoire.par_departement(codes)
        lignes = [
            une_ligne(self.territoire.compte(departement, len(siens)), self._noms(departement, siens))
            for departement, siens in groupes.items()
        ]
        inconnus = [code for code in codes if code not in self.territoire.departements]
        return lignes + ([une_ligne(citer(inconnus), "", "Communes inconnues à ce jour")] if inconnus else [])

    def _noms(self, departement: str, codes: Sequence[str]) -> str:
        _, total = self.territoire.totaux.get(departement, ("", 0))
        return "" if len(codes) == total else self.territoire.nommer(codes)

    def texte(self, champ: Champ, valeur: Any) -> str:
        """One value, as read."""
        if champ.choix:
            return next((label for code, label, _ in champ.choix if code == valeur), str(valeur))
        if champ.type is TypeChamp.COMMUNE:
            return self.communes.get(valeur, valeur)
        if champ.jdv:
            return self.catalogue.libelle(champ.jdv, valeur)
        return _en_clair(champ, valeur)

    def resume(self, groupe: Groupe, ligne: Mapping[str, Any]) -> Ligne:
        """One row of a group, in its own words when it has some."""
        resume = RESUMES.get(groupe.classe.__tablename__)  # type: ignore[call-overload]
        if resume:
            return resume(self, ligne)
        local = self.contexte.avec(ligne)
        textes = [
            self.texte(c, ligne[n])
            for n, c in champs_de(groupe.classe).items()
            if ligne.get(n) not in (None, "", []) and not c.deduit and est_visible(c, local)
        ]
        return une_ligne(textes[0] if textes else majuscule(A_COMPLETER), ", ".join(textes[1:]))

    def entree(self, classe: type[SQLModel], valeurs: Mapping[str, Any], chemin: str) -> str:
        """Which row of which group a path is in, « Contact « Secrétariat », téléphone fixe 05 36 49 10 01 ».

        By its rank, as the form heads it, when it has no name yet or another has the same. Nothing of a grid nor of
        weeks: their findings tell the row.
        """
        return majuscule(", ".join(self._entrees(classe, valeurs, chemin)))

    def _entrees(self, classe: type[SQLModel], valeurs: Mapping[str, Any], chemin: str) -> Iterator[str]:
        nom, _, suite = chemin.partition(".")
        cle, _, suite = suite.partition(".")
        groupe = groupes_de(classe).get(nom)
        if groupe is None or groupe.unique or groupe.en_semaine or groupe.grille:
            return
        lignes = valeurs.get(nom) or []
        rang = next((i for i, ligne in enumerate(lignes, 1) if ligne.get("cle") == cle), 0)
        if not rang:
            return
        noms = [self._nom_de_ligne(groupe, ligne) for ligne in lignes]
        sien = noms[rang - 1]
        yield sien if sien and noms.count(sien) == 1 else f"{groupe.singulier} {rang}"
        yield from self._entrees(groupe.classe, lignes[rang - 1], suite)

    def _nom_de_ligne(self, groupe: Groupe, ligne: Mapping[str, Any]) -> str:
        """What a row is called in a sentence; nothing while it has no name."""
        nommer = NOMS_DE_LIGNE.get(groupe.classe.__tablename__)  # type: ignore[call-overload]
        if nommer:
            return nommer(self, ligne)
        texte = self.resume(groupe, ligne)["texte"]
        return "" if A_COMPLETER in texte.lower() else f"{groupe.singulier} « {texte} »"


def _en_clair(champ: Champ, valeur: Any) -> str:
    """A value that is no code: yes or no, day, instant, number, text."""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if champ.type is TypeChamp.DATE:
        return date_longue(date.fromisoformat(valeur))
    if champ.type is TypeChamp.REFERENCE:
        return date_heure(datetime.fromisoformat(valeur))
    return str(valeur).replace(".", ",") if champ.type is TypeChamp.DECIMAL else str(valeur)


def une_ligne(texte: str, origine: str = "", alerte: str = "") -> Ligne:
    """A line of a fact."""
    return Ligne(texte=texte, origine=origine, alerte=alerte)


def nue(ligne: Ligne) -> Ligne:
    """A line as it was before it was compared."""
    return une_ligne(ligne["texte"], ligne["origine"], ligne["alerte"])


def comparees(lignes: list[Ligne], face: list[Ligne], *, entiere: bool = False) -> list[Ligne]:
    """Lines that say what of them is not in those of the other side; as they are when no line of theirs differs.

    Args:
        entiere: mark the whole `origine` of a line that has only lost something.
    """
    autres = [e for e in face if e not in lignes]
    if all(e in face for e in lignes):
        return lignes
    return [_gardee(e) if e in face else _comparee(e, autres, entiere=entiere) for e in lignes]


def _gardee(ligne: Ligne) -> Ligne:
    return {**ligne, "garde": True, "debut": ligne["origine"], "milieu": "", "fin": ""}


def _comparee(ligne: Ligne, autres: list[Ligne], *, entiere: bool) -> Ligne:
    texte, origine = ligne["texte"], ligne["origine"]
    coupes = [_couper(origine, e["origine"]) for e in autres if e["texte"] == texte and e["origine"] != origine]
    if origine and coupes:
        debut, milieu, fin = min(coupes, key=lambda coupe: len(coupe[1]))
        if entiere and not milieu:
            debut, milieu, fin = "", origine, ""
        return {**ligne, "garde": True, "debut": debut, "milieu": milieu, "fin": fin}
    if any(e["origine"] == origine for e in autres):
        return {**ligne, "garde": False, "debut": origine, "milieu": "", "fin": ""}
    return {**ligne, "garde": False, "debut": "", "milieu": origine, "fin": ""}


def _couper(texte: str, autre: str) -> tuple[str, str, str]:
    """(what precedes, what differs, what follows) of a text made of parts, beside another."""
    ici, la = (re.split(r"( · |, )", t) for t in (texte, autre))
    debut = _communs(ici, la)
    fin = min(_communs(ici[::-1], la[::-1]), len(ici) - debut, len(la) - debut)
    milieu = ici[debut : len(ici) - fin]
    while milieu and milieu[0] in SEPARATEURS:
        debut, milieu = debut + 1, milieu[1:]
    while milieu and milieu[-1] in SEPARATEURS:
        milieu = milieu[:-1]
    suite = ici[debut + len(milieu) :]
    return "".join(ici[:debut]), "".join(milieu), "".join(suite)


def _communs(ici: Sequence[str], la: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda p: p[0] == p[1], zip(ici, la, strict=False)))


def _bout_a_bout(lignes: list[Ligne]) -> str:
    return " ; ".join(e["texte"] + (f" ({e['origine']})" if e["origine"] else "") for e in lignes) or "rien"


# ------------------------------------------------------- rows that deserve their own words


def _resume_contact(lecteur: Lecteur, contact: Mapping[str, Any]) -> Ligne:
    cat = lecteur.catalogue
    nature, fonction = contact.get("nature_contact"), contact.get("fonction_contact")
    personne = contact.get("qui") == "personne" or (fonction and not nature)
    qui = (
        ", ".join(t for t in (contact.get("nom"), cat.libelle("J220", fonction) if fonction else "") if t)
        if personne
        else cat.libelle("J221", nature or "")
    )
    moyens = [
        f"{cat.libelle('J225', m.get('canal') or '')} : {telephone(m.get('adresse_telecom') or '')}"
        for m in contact.get("telecommunication") or []
        if m.get("adresse_telecom")
    ]
    niveau = cat.libelle("J222", contact.get("niveau_confidentialite") or "").split(" (")[0].lower()
    details = " · ".join(t for t in (contact.get("description"), *moyens, niveau) if t)
    return une_ligne(qui or f"Contact {A_COMPLETER}", details, "" if moyens else "Aucun moyen de communication")


def telephone(texte: str) -> str:
    """A ten-digit number by pairs, as it is read aloud."""
    if len(texte) == 10 and texte.isdigit():
        return "\u00a0".join(texte[i : i + 2] for i in range(0, 10, 2))
    return texte


def _nom_du_moyen(lecteur: Lecteur, moyen: Mapping[str, Any]) -> str:
    canal = lecteur.catalogue.libelle("J225", moyen.get("canal") or "").lower()
    return " ".join(t for t in (canal, telephone(moyen.get("adresse_telecom") or "")) if t)


def _resume_capacite(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    cat = lecteur.catalogue
    nombre = ligne.get("nombre_capacite")
    nature = cat.libelle("J187", ligne.get("nature_capacite") or "").lower()
    statut = cat.libelle("J188", ligne.get("statut_capacite") or "").lower()
    pluriel = "s" if (nombre or 0) > 1 else ""
    accord = "e" if ligne.get("nature_capacite") == "02" and not statut.endswith("e") else ""
    suite = [
        cat.libelle(jdv, ligne[nom])
        for nom, jdv in (
            ("temporalite_capacite", "J189"),
            ("genre_capacite_dispo", "J190"),
            ("type_fermeture_capacite", "J191"),
            ("type_lit_supplementaire", "J192"),
            ("type_crise", "J194"),
        )
        if ligne.get(nom)
    ]
    source = ligne.get("type_source_capacite")
    if source and source != "01":
        suite.append(f"reçu de : {cat.libelle('J193', source)}, ne se saisit pas ici")
    texte = f"{'—' if nombre is None else nombre} {nature}{pluriel} {statut}{accord}{pluriel}"
    return une_ligne(texte, ", ".join(suite + [t for t in (ligne.get("commentaire"),) if t]))


def _resume_equipement(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    nombre = ligne.get("nb_equipement_en_service")
    limites = [
        f"{lecteur.catalogue.libelle('J228', e.get('type_caracteristique') or '').lower()} "
        f"{str(e.get('valeur_limite')).replace('.', ',')} {'kg' if e.get('type_caracteristique') == '001' else 'cm'}"
        for e in ligne.get("limite_caracteristique_equipement") or []
        if e.get("valeur_limite") is not None
    ]
    service = "nombre non précisé" if nombre is None else f"{nombre} en service"
    retire = "Sera retiré à la validation" if nombre == 0 else ""
    nom = lecteur.catalogue.libelle("J18", ligne.get("type_equipement") or "") or "Équipement à choisir"
    return une_ligne(nom, ", ".join([service, *limites]), retire)


def _resume_activite(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    cat = lecteur.catalogue
    code, famille = ligne.get("activite_operationnelle") or "", ligne.get("famille_activite_operationnelle")
    perime = code and cat.connu("J17", code) and not cat.actif("J17", code)
    return une_ligne(
        cat.libelle("J17", code) or "Activité à choisir",
        cat.libelle("J51", famille) if famille else "",
        "Code plus en vigueur" if perime else "",
    )


RESUMES: dict[str, Callable[[Lecteur, Mapping[str, Any]], Ligne]] = {
    "contact": _resume_contact,
    "capacite_accueil_operationnelle": _resume_capacite,
    "equipement_specifique": _resume_equipement,
    "activite_operationnelle": _resume_activite,
}
# What a row is called in a sentence, where its summary would not do.
NOMS_DE_LIGNE: dict[str, Callable[[Lecteur, Mapping[str, Any]], str]] = {"telecommunication": _nom_du_moyen}
