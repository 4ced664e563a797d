"""The words of an attestation, read from its JSON alone: the same on the page, on paper and for who verifies it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict

import segno

from rxror.ror.dates import date_heure, date_longue
from rxror.ror.exigences.verdicts import Statut
from rxror.ror.typographie import fr
from rxror.services.exigences_vues import SORTES

TITRE = "Attestation de mise à jour"
SURTITRE = "rxror, outil libre non officiel"
ETATS = {"sans_changement": "Inchangée", "modifie": "Modifiée", "non_relu": "Non relue"}
ETATS_DES_LIEUX = {"sans_changement": "Inchangé", "modifie": "Modifié", "non_relu": "Non relu"}
ALT_QR = "Code QR : l’adresse de vérification, écrite à côté"


class LignePart(TypedDict):
    """One pôle, or what stands for one."""

    nom: str
    total: int
    sans_changement: int
    modifies: int
    non_relus: int


@dataclass
class VueAttestation:
    """What is shown of an attestation, or of one to be.

    Attributes:
        manquent: how many offers were not reviewed, in words; empty when all were.
        re_sorte: dial of the national requirement; `re_texte` its figures.
    """

    titre: str = TITRE
    phrase: str = ""
    etablissement: str = ""
    finess: str = ""
    perimetre: str = ""
    valide_par: str = ""
    etablie: str = ""
    parts: list[LignePart] = field(default_factory=list)
    ensemble: LignePart = field(
        default_factory=lambda: LignePart(nom="Ensemble", total=0, sans_changement=0, modifies=0, non_relus=0)
    )
    manquent: str = ""
    lieux: str = ""
    re_etat: str = ""
    re_sorte: str = ""
    re_texte: str = ""
    limites: list[str] = field(default_factory=list)
    demonstration: bool = False


def lire(contenu: Mapping[str, Any]) -> VueAttestation:
    """The words of one attestation."""
    eg, offres = contenu["etablissement"], contenu["comptes"]["offres"]
    apres = contenu["re1_2"]["apres"]
    etablie = contenu.get("etablie_le")
    return VueAttestation(
        phrase=_phrase(contenu),
        etablissement=", ".join(t for t in (eg["nom"], eg["adresse"]) if t),
        finess=f"{eg['finess']} (EJ {eg['finess_ej']})",
        perimetre="" if contenu["perimetre"]["genre"] == "etablissement" else contenu["perimetre"]["nom"],
        valide_par=", ".join(contenu["valide_par"]),
        etablie=fr(f"{date_heure(datetime.fromisoformat(etablie))}, par {contenu['etablie_par']}") if etablie else "",
        parts=[_part(p["nom"], p) for p in contenu["parts"]],
        ensemble=_part("Ensemble", offres),
        manquent=_manquent(offres),
        lieux=_lieux(contenu["comptes"]["lieux"]),
        re_etat=apres["etat"],
        re_sorte=SORTES[Statut(apres["etat"])],
        re_texte=_recence(contenu["re1_2"]),
        limites=contenu["limites"],
        demonstration=contenu["demonstration"],
    )


def a_imprimer(contenu: Mapping[str, Any], empreinte: str) -> dict[str, Any]:
    """What the model of the PDF reads.

    Args:
        empreinte: SHA-256 of the JSON.
    """
    vue = lire(contenu)
    return {
        "titre": f"{TITRE} : {contenu['etablissement']['nom']}",
        "surtitre": SURTITRE,
        "nom": TITRE,
        "phrase": vue.phrase,
        "faits": faits(vue),
        "parts": [list(part.values()) for part in vue.parts],
        "ensemble": list(vue.ensemble.values()),
        "manquent": vue.manquent,
        "lieux": vue.lieux,
        "re_etat": vue.re_etat,
        "re_texte": vue.re_texte,
        "verification": contenu["verification"],
        "empreinte": par_blocs(empreinte),
        "qr": qr(contenu["verification"]),
        "alt_qr": fr(ALT_QR),
        "limites": vue.limites,
        "offres": _detail(contenu["offres"], ETATS),
        "detail_lieux": _detail(contenu["lieux"], ETATS_DES_LIEUX),
        "demonstration": vue.demonstration,
        "pied": f"{TITRE}, {contenu['etablissement']['nom']}, {contenu['code']}",
    }


def faits(vue: VueAttestation) -> list[tuple[str, str]]:
    """Who and where, in pairs; what is empty is left out."""
    paires = (
        ("Établissement", vue.etablissement),
        ("FINESS", vue.finess),
        ("Périmètre", vue.perimetre),
        ("Validé par", vue.valide_par),
        ("Établie le", vue.etablie),
    )
    return [(label, texte) for label, texte in paires if texte]


def par_blocs(empreinte: str) -> str:
    """A digest as it is read aloud, by blocks of sixteen."""
    return " ".join(empreinte[i : i + 16] for i in range(0, len(empreinte), 16))


def qr(adresse: str) -> str:
    """The SVG of a QR code."""
    return segno.make_qr(adresse, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)


def qr_de_page(adresse: str) -> str:
    """The same, as the address of an image."""
    return segno.make_qr(adresse, error="m").svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)


def _phrase(contenu: Mapping[str, Any]) -> str:
    offres, ou = contenu["comptes"]["offres"], contenu["perimetre"]["nom"]
    total, relus = offres["total"], offres["relus"]
    dates = en_jours(*(date.fromisoformat(contenu["periode"][n]) for n in ("du", "au")))
    if not total:
        return fr(f"Aucune offre n’est décrite dans {ou}.")
    if not relus:
        return fr(f"Aucune offre de {ou} n’a été relue {dates}.")
    if relus == total:
        toutes = "Les offres de {} ont été relues et validées" if total > 1 else "L’offre de {} a été relue et validée"
        return fr(f"{toutes.format(ou)} {dates}.")
    relue = "offre a été relue et validée" if relus == 1 else "offres ont été relues et validées"
    return fr(f"{relus} {relue} {dates}, sur les {total} de {ou}.")


def en_jours(du: date, au: date) -> str:
    """« le 23 novembre 2026 », « du 2 au 23 novembre 2026 »."""
    if du == au:
        return f"le {date_longue(du)}"
    fin = date_longue(au)
    if (du.year, du.month) == (au.year, au.month):
        return f"du {'1er' if du.day == 1 else du.day} au {fin}"
    return f"du {date_longue(du)} au {fin}"


def _part(nom: str, compte: Mapping[str, Any]) -> LignePart:
    return LignePart(
        nom=nom,
        total=compte["total"],
        sans_changement=compte["sans_changement"],
        modifies=compte["modifies"],
        non_relus=compte["non_relus"],
    )


def _manquent(offres: Mapping[str, int]) -> str:
    n = offres["non_relus"]
    if not n:
        return ""
    if n == offres["total"]:
        return "Aucune offre n’a été relue dans cette période."
    return fr(
        f"{n} offre{'s' if n > 1 else ''} sur {offres['total']} "
        f"{'n’ont' if n > 1 else 'n’a'} pas été relue{'s' if n > 1 else ''} dans cette période."
    )


def _lieux(lieux: Mapping[str, int]) -> str:
    relus, modifies = lieux["relus"], lieux["modifies"]
    if not relus:
        return f"Aucun lieu relu, sur {lieux['total']}." if lieux["total"] else "Aucun lieu n’est décrit."
    s, dont = "s" if relus > 1 else "", f", dont {modifies} modifié{'s' if modifies > 1 else ''}" if modifies else ""
    return f"{relus} lieu{'x' if relus > 1 else ''} relu{s} sur {lieux['total']}{dont}."


def _recence(re1_2: Mapping[str, Any]) -> str:
    avant, apres = re1_2["avant"], re1_2["apres"]
    if apres["etat"] == Statut.SANS_OBJET.value:
        return "L’indicateur ne porte pas sur cet établissement."
    mises = apres["mises_a_jour"]
    s = "s" if mises > 1 else ""
    return fr(
        f"{mises} offre{s} sur {apres['offres']} mise{s} à jour depuis moins de 12 mois ; avant cette relecture, "
        f"{avant['mises_a_jour']} sur {avant['offres']}. Il en faut au moins {apres['exigees']}."
    )


def _detail(relus: list[dict[str, Any]], etats: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "nom": relu["nom"],
            "identifiant": relu["identifiant"],
            "part": relu.get("part", ""),
            "relu": relu["etat"] != "non_relu",
            "etat": etats[relu["etat"]],
            "actes": [_acte(acte) for acte in relu["actes"]],
        }
        for relu in relus
    ]


def _acte(acte: Mapping[str, Any]) -> str:
    """« Contacts : Claire Dumas, 23 novembre 2026 à 10 h 42 », « 7 informations lues : … »."""
    lus = len(acte["champs_montres"])
    lues = f"{lus} information{'s' if lus > 1 else ''} lue{'s' if lus > 1 else ''}" if lus else ""
    quoi = ", ".join(acte["champs_modifies"]) or lues
    debut = f"{quoi} : " if quoi else ""
    return fr(f"{debut}{acte['par']}, {date_heure(datetime.fromisoformat(acte['le']))}")
