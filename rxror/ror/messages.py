"""Every sentence a rule can say to the référent, by rule. Source of the rules: docs of the ROR quality requirements."""

from rxror.ror.typographie import fr

MESSAGES: dict[str, str] = {
    "OBL-01": "Champ obligatoire : {champ}. Sans lui, l’offre n’est pas diffusée.",
    "OBL-02": "Donnez un nom à l’offre.",
    "OBL-03": "Le champ d’activité ne se modifie pas : créez une nouvelle offre.",
    "OBL-04": "Changer le mode de prise en charge revient à créer une nouvelle offre.",
    "OBL-05": "Indiquez au moins une activité opérationnelle.",
    "OBL-06": "Indiquez l’âge minimum et l’âge maximum.",
    "OBL-07": "Indiquez le public pris en charge (obligatoire en médico-social).",
    "OBL-08": "Choisissez la famille de l’activité « {activite} ».",
    "OBL-09": "Dites si l’unité est sensible.",
    "OBL-10": "Choisissez le type d’offre.",
    "OBL-11": "L’adresse du lieu est incomplète (voie ou lieu-dit, commune, code postal).",
    "OBL-11-AUCUN": "Rattachez au moins un lieu à l’offre.",
    "OBL-12": "Ajoutez un contact complet : nature ou fonction, moyen de communication, niveau de visibilité.",
    "OBL-13": "Précisez la fonction du lieu.",
    "OBL-13-STATUT": "Précisez le statut du lieu.",
    "OBL-14": "Choisissez la commune du lieu.",
    "OBL-15": "Nommez la structure.",
    "COH-01": "Unité d’âge non acceptée : choisissez année, mois, semaine ou jour.",
    "COH-02": "L’âge minimum dépasse l’âge maximum.",
    "COH-02-NEGATIF": "Un âge est un nombre positif ou zéro.",
    "COH-02-MAX": "L’âge maximum dépasse 150 ans.",
    "COH-02-ALERTE": "L’âge maximum dépasse 130 ans : vérifiez.",
    "COH-04": "La zone d’intervention se compose de communes.",
    "COH-05": "Un contact de service ({nature}) ne porte ni nom ni fonction.",
    "COH-06": "Un contact nominatif doit avoir un nom et une fonction, et pas de nature.",
    "COH-07": "Précisez la nature du contact ou la fonction de la personne.",
    "COH-09": "Ce moyen de communication serait plus visible que son contact.",
    "COH-10": "Dans une unité sensible, les contacts ne sont visibles que de la régulation et de la gestion de crise.",
    "COH-11": "Indiquez un jour ou une période.",
    "COH-12": "Cette période est passée : elle n’est plus diffusée. Vous pouvez la retirer.",
    "COH-13": "Les horaires sans période s’appliquent chaque semaine.",
    "COH-14": "L’heure de fin doit suivre l’heure de début. Pour une nuit, allez jusqu’à 24:00, "
    "puis ajoutez une ligne à partir de 00:00 le lendemain.",
    "COH-14-CHEVAUCHEMENT": "Cet horaire en chevauche un autre du même jour et du même type : corrigez l’un des deux.",
    "COH-17": "Le code « {libelle} » n’est plus en vigueur : choisissez-en un autre.",
    "LIE-01": "Une ligne de capacité demande une nature, un statut, une temporalité et un nombre.",
    "LIE-05": "Une limite demande une valeur plus grande que zéro : des kilogrammes pour un poids, "
    "des centimètres pour un diamètre.",
    "FMT-TEL": "Ce numéro de téléphone n’est pas complet : dix chiffres, ou un indicatif comme +33.",
    "FMT-MOBILE": "Ce numéro n’est pas celui d’un téléphone mobile (06 ou 07) : vérifiez le moyen choisi.",
    "FMT-MEL": "Cette adresse électronique n’est pas complète. Exemple : secretariat@exemple.fr",
    "FMT-MSS": "Cette adresse ne ressemble pas à une adresse MSSanté : vérifiez-la.",
    "FMT-MSS-CANAL": "Cette adresse est de la messagerie MSSanté : déclarez-la comme MSSanté.",
    "FMT-WEB": "Cette adresse de site doit commencer par https:// ou http://.",
    "FMT-HTTPS": "Préférez une adresse qui commence par https://, si le site l’accepte.",
    "FMT-CP": "Le code postal a cinq chiffres.",
    "FMT-VOIE": "Le numéro de voie a quatre chiffres au plus.",
    "FMT-COORD": "Donnez la latitude et la longitude, ou aucune des deux.",
}

LECTURE: dict[str, str] = {
    "entier": "Indiquez un nombre entier, sans virgule ni lettre. Vous avez écrit « {texte} ».",
    "negatif": "Indiquez un nombre positif ou zéro. Vous avez écrit « {texte} ».",
    "maximum": "{maximum} au plus. Vous avez écrit « {texte} ».",
    "decimal": "Indiquez un nombre, par exemple 43,92. Vous avez écrit « {texte} ».",
    "date": "Indiquez une date qui existe, par exemple 23/11/2026. Vous avez écrit « {texte} ».",
    "heure": "Indiquez une heure de 00:00 à 24:00. Vous avez écrit « {texte} ».",
    "longueur": "{maximum} caractères au plus : il y en a {longueur}.",
    "code": "Choisissez une réponse de la liste.",
    "perime": "« {libelle} » n’est plus en vigueur : choisissez une autre réponse.",
    "relu": "À corriger : ce texte n’a pas pu être lu.",
    "vide": "Répondez à « {champ} ».",
    "lieu": "Ce lieu n’est pas de cet établissement.",
    "commune": "Cette commune n’existe pas dans le code officiel géographique.",
}


def message(regle: str, **details: object) -> str:
    """The sentence of a rule, filled in."""
    return fr(MESSAGES[regle].format(**details))


def lecture(cas: str, **details: object) -> str:
    """Why a typed text could not be read."""
    return fr(LECTURE[cas].format(**details))
