"""From values to the facts one reads: a label and its lines, in the section's order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict

from sqlmodel import SQLModel

from rxror.ror.champs import Champ, Contexte, Groupe, TypeChamp, champs_de, est_visible, groupes_de
from rxror.ror.dates import date_heure, date_longue
from rxror.ror.nomenclatures import Catalogue


class Ligne(TypedDict):
    """One line of a fact: its text, a second text in small, and a flaw said in words."""

    texte: str
    origine: str
    alerte: str


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
    """Reads values aloud. `references` gives the text of fields that point to another object."""

    catalogue: Catalogue
    contexte: Contexte
    references: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)

    def faits(
        self, classe: type[SQLModel], section: str, valeurs: Mapping[str, Any], publiees: Mapping[str, Any]
    ) -> list[Fait]:
        """Facts of one section; a field not shown in this context has none."""
        faits: list[Fait] = []
        for nom, groupe in groupes_de(classe, section).items():
            if not est_visible(groupe, self.contexte):
                continue
            faits += self._faits_du_groupe(nom, groupe, valeurs.get(nom) or [], publiees.get(nom) or [])
        for nom, champ in champs_de(classe, section).items():
            if champ.type is TypeChamp.LIEUX or champ.deduit or not est_visible(champ, self.contexte):
                continue
            note = champ.aide if champ.edition == "U0" else ""
            faits.append(self._fait(nom, champ.label, self.lignes(champ, nom, valeurs.get(nom)),
                                    self.lignes(champ, nom, publiees.get(nom)), note))
        return _joindre_les_unites(champs_de(classe, section), faits)

    def _faits_du_groupe(self, nom: str, groupe: Groupe, lignes: list[Any], publiees: list[Any]) -> list[Fait]:
        if groupe.unique:
            ligne, avant = (next(iter(x), {}) for x in (lignes, publiees))
            champs = champs_de(groupe.classe)
            faits = [
                self._fait(n, c.label, self.lignes(c, n, ligne.get(n)), self.lignes(c, n, avant.get(n)), "")
                for n, c in champs.items()
                if est_visible(c, self.contexte)
            ]
            return _joindre_les_unites(champs, faits)
        resumes = [self.resume(groupe, ligne) for ligne in lignes]
        avant = [self.resume(groupe, ligne) for ligne in publiees]
        return [self._fait(nom, groupe.label, resumes, avant, "")]

    def _fait(self, nom: str, label: str, lignes: list[Ligne], avant: list[Ligne], note: str) -> Fait:
        return Fait(champ=nom, label=label, lignes=lignes, note=note, modifie=lignes != avant,
                    avant=_bout_a_bout(avant) if lignes != avant else "")

    def lignes(self, champ: Champ, nom: str, valeur: Any) -> list[Ligne]:
        """Lines of one value; none when it is empty."""
        if nom in self.references:
            return [_ligne(self.references[nom])] if self.references[nom] else []
        codes = valeur if isinstance(valeur, list) else [valeur]
        lignes: list[Ligne] = []
        for code in codes:
            if code is None or code == "":
                continue
            perime = bool(champ.jdv) and self.catalogue.connu(champ.jdv, code) and not self.catalogue.actif(champ.jdv, code)
            lignes.append(_ligne(self.texte(champ, code), alerte="Code plus en vigueur" if perime else ""))
        return lignes

    def texte(self, champ: Champ, valeur: Any) -> str:
        """One value, as read."""
        if champ.choix:
            return next((label for code, label, _ in champ.choix if code == valeur), str(valeur))
        if champ.type is TypeChamp.COMMUNE:
            return self.communes.get(valeur, valeur)
        if champ.jdv:
            return self.catalogue.libelle(champ.jdv, valeur)
        return texte_nu(valeur)

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
        return _ligne(textes[0] if textes else "À compléter", ", ".join(textes[1:]))


def texte_nu(valeur: Any) -> str:
    """A value that is no code: date, number, yes or no, text."""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, datetime):
        return date_heure(valeur)
    if isinstance(valeur, date):
        return date_longue(valeur)
    if isinstance(valeur, str) and len(valeur) == 10 and valeur[4:5] == "-" and valeur[7:8] == "-":
        return date_longue(date.fromisoformat(valeur))
    return str(valeur)


def _ligne(texte: str, origine: str = "", alerte: str = "") -> Ligne:
    return Ligne(texte=texte, origine=origine, alerte=alerte)


def _bout_a_bout(lignes: list[Ligne]) -> str:
    return " ; ".join(l["texte"] + (f" ({l['origine']})" if l["origine"] else "") for l in lignes) or "rien"


def _joindre_les_unites(champs: Mapping[str, Champ], faits: list[Fait]) -> list[Fait]:
    """A number and its unit read as one fact: « 15 année » rather than two lines."""
    par_nom = {f["champ"]: f for f in faits}
    absorbes: set[str] = set()
    for nom, champ in champs.items():
        unite = champ.avec
        if nom not in par_nom or unite not in par_nom or champ.type is not TypeChamp.ENTIER:
            continue
        fait, suite = par_nom[nom], par_nom[unite]
        if fait["lignes"] and suite["lignes"]:
            fait["lignes"] = [_ligne(f"{fait['lignes'][0]['texte']} {_accorder(fait, suite['lignes'][0]['texte'])}")]
        if suite["modifie"] and not fait["modifie"]:
            fait["modifie"] = True
        if fait["avant"] or suite["avant"]:
            fait["avant"] = " ".join(t for t in (fait["avant"], suite["avant"]) if t)
        absorbes.add(unite)
    return [f for f in faits if f["champ"] not in absorbes]


def _accorder(fait: Fait, unite: str) -> str:
    nombre = fait["lignes"][0]["texte"]
    return unite if unite.endswith("s") or nombre in ("0", "1") else unite + "s"


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
    return _ligne(qui or "Contact à compléter", details, "" if moyens else "Aucun moyen de communication")


def telephone(texte: str) -> str:
    """A ten-digit number by pairs, as it is read aloud."""
    if len(texte) == 10 and texte.isdigit():
        return "\u00a0".join(texte[i : i + 2] for i in range(0, 10, 2))
    return texte


def _resume_capacite(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    cat = lecteur.catalogue
    nombre = ligne.get("nombre_capacite")
    nature = cat.libelle("J187", ligne.get("nature_capacite") or "").lower()
    statut = cat.libelle("J188", ligne.get("statut_capacite") or "").lower()
    pluriel = "s" if (nombre or 0) > 1 else ""
    accord = "e" if ligne.get("nature_capacite") == "02" and statut != "disponible" else ""
    suite = [
        cat.libelle(jdv, ligne[nom])
        for nom, jdv in (("temporalite_capacite", "J189"), ("genre_capacite_dispo", "J190"),
                         ("type_fermeture_capacite", "J191"), ("type_lit_supplementaire", "J192"), ("type_crise", "J194"))
        if ligne.get(nom)
    ]
    source = ligne.get("type_source_capacite")
    if source and source != "01":
        suite.append(f"reçu de : {cat.libelle('J193', source)}, ne se saisit pas ici")
    texte = f"{'—' if nombre is None else nombre} {nature}{pluriel} {statut}{accord}{pluriel}"
    return _ligne(texte, ", ".join(suite + [t for t in (ligne.get("commentaire"),) if t]))


def _resume_equipement(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    nombre = ligne.get("nb_equipement_en_service")
    limites = [
        f"{lecteur.catalogue.libelle('J228', l.get('type_caracteristique') or '').lower()} "
        f"{str(l.get('valeur_limite')).replace('.', ',')} {'kg' if l.get('type_caracteristique') == '001' else 'cm'}"
        for l in ligne.get("limite_caracteristique_equipement") or []
        if l.get("valeur_limite") is not None
    ]
    service = "nombre non précisé" if nombre is None else f"{nombre} en service"
    retire = "Sera retiré à la validation" if nombre == 0 else ""
    nom = lecteur.catalogue.libelle("J18", ligne.get("type_equipement") or "") or "Équipement à choisir"
    return _ligne(nom, ", ".join([service, *limites]), retire)


def _resume_activite(lecteur: Lecteur, ligne: Mapping[str, Any]) -> Ligne:
    cat = lecteur.catalogue
    code, famille = ligne.get("activite_operationnelle") or "", ligne.get("famille_activite_operationnelle")
    perime = code and cat.connu("J17", code) and not cat.actif("J17", code)
    return _ligne(cat.libelle("J17", code) or "Activité à choisir", cat.libelle("J51", famille) if famille else "",
                  "Code plus en vigueur" if perime else "")


RESUMES: dict[str, Callable[[Lecteur, Mapping[str, Any]], Ligne]] = {
    "contact": _resume_contact,
    "capacite_accueil_operationnelle": _resume_capacite,
    "equipement_specifique": _resume_equipement,
    "activite_operationnelle": _resume_activite,
}
