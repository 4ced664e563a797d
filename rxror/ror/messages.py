"""Every sentence a rule can say to the référent, by rule. Source of the rules: docs of the ROR quality requirements."""

from rxror.ror.textes import montrable
from rxror.ror.typographie import fr

MESSAGES: dict[str, str] = {
    "OBL-01": "Champ obligatoire : {champ}. Sans lui, l’offre n’est pas diffusée.",
    "OBL-01-MODELE": "« {champ} » : réponse demandée par le modèle de saisie {modele}.",
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
    "OBL-12": "Ajoutez {quoi}.",
    "OBL-13": "Précisez la fonction du lieu.",
    "OBL-13-STATUT": "Précisez le statut du lieu.",
    "OBL-14": "Choisissez la commune du lieu.",
    "OBL-15": "Nommez la structure.",
    "COH-01": "Unité d’âge non acceptée : choisissez année, mois, semaine ou jour.",
    "COH-02": "L’âge minimum dépasse l’âge maximum.",
    "COH-02-NEGATIF": "Un âge est un nombre positif ou zéro.",
    "COH-02-MAX": "L’âge maximum dépasse 150 ans.",
    "COH-02-ALERTE": "L’âge maximum dépasse 130 ans : vérifiez.",
    "COH-03": "Ce type d’offre ne correspond pas au champ d’activité, d’après le modèle de saisie {modele}.",
    "COH-03-CODES": "« {libelle} » n’est pas une réponse du modèle de saisie {modele} : vérifiez.",
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
    "COH-17-SUCCESSEUR": "Le code « {libelle} » est remplacé par « {successeur} » : choisissez-le ou un autre.",
    "COH-18": "Ajoutez le lien de téléconsultation.",
    "COH-19": "Ajoutez le canal de téléexpertise.",
    "COH-20": "Précisez les communes desservies.",
    "FER-01": "Une fermeture demande un type et une date.",
    "FER-02": "Dites si la fermeture est provisoire ou définitive.",
    "FER-03": "Une date de réouverture ne vaut que pour une fermeture provisoire.",
    "FER-03-ORDRE": "La réouverture vient après la fermeture : donnez une date plus tardive.",
    "FER-06": "Une offre fermée n’a plus de capacité disponible : mettez à 0 les capacités disponibles de {nom}.",
    "FER-07": "{nom} n’a plus rien de disponible : l’offre est complète, elle reste ouverte.",
    "FER-09": "La fermeture vient après l’ouverture, qui date du {ouverture} : donnez une date plus tardive.",
    "LIE-01": "Une ligne de capacité demande une nature, un statut, une temporalité et un nombre.",
    "LIE-01-NEGATIF": "Indiquez un nombre positif ou zéro.",
    "LIE-02": "{n} {etat} pour {m} installé{e}{s} : vérifiez.",
    "LIE-02-FERMES": "{n} {etat} pour {m} installé{e}{s} : vérifiez.",
    "LIE-05": "Une limite demande une valeur plus grande que zéro : des kilogrammes pour un poids, "
    "des centimètres pour un diamètre.",
    "LIE-06": "{equipement} : indiquez si possible le poids ou le diamètre maximum.",
    "LIE-07": "Ce lieu sert {n} offres : ce que vous y changez change pour toutes.",
    "LIE-08": "Ce lieu est fermé et sert encore {offres} : rouvrez-le, ou retirez-le de ces offres.",
    "TAR-01": "Ce forfait socle est déjà donné pour les mêmes âge, habitation, accueil et condition : gardez-en un.",
    "TAR-02": "Ce tarif est déjà donné pour les mêmes réponses : gardez un seul montant.",
    "TAR-03": "Un supplément ne vaut que pour une chambre simple.",
    "TAR-04": "Choisissez une prestation de la liste, ou nommez-en une autre : l’une des deux, pas les deux.",
    "TAR-05": "Un montant est en euros, positif ou zéro, avec deux décimales au plus.",
    "STR-02": "Un territoire de santé est du type « Territoire de Santé ».",
    "STR-03": "Ce rattachement n’est pas possible : un pôle dépend de l’établissement, un service d’un pôle ou de "
    "l’établissement, une UF de l’un d’eux.",
    "FMT-FINESS": "Numéro FINESS invalide : 9 caractères, clé de contrôle incorrecte. Demandez la correction à FINESS.",
    "FMT-SIREN": "SIREN invalide : 9 chiffres, clé de contrôle incorrecte. Demandez la correction à FINESS.",
    "FMT-SIRET": "SIRET invalide : 14 chiffres, clé de contrôle incorrecte. Demandez la correction à FINESS.",
    "FMT-RPPS": "Ce numéro n’est ni un RPPS-rang ni un ADELI-rang : à corriger dans l’Annuaire Santé.",
    "FMT-IDNAT": "L’identifiant national de structure ne correspond pas à son type : signalez-le à FINESS.",
    "FMT-SECTEUR": "« {secteur} » ne ressemble pas à un secteur psychiatrique, comme 81G01 : vérifiez.",
    "FIN-01": "Dénomination : la fiche dit « {fiche} », FINESS dit « {finess} » (fichier du {jour}).",
    "FIN-02": "Adresse : la fiche dit « {fiche} », FINESS dit « {finess} » (fichier du {jour}).",
    "FIN-03": "Catégorie : la fiche dit « {fiche} », FINESS dit « {finess} » (fichier du {jour}).",
    "FIN-04": "État : la fiche dit « {fiche} », FINESS dit « {finess} » (fichier du {jour}).",
    "FIN-05": "Entité juridique : la fiche dit « {fiche} », FINESS dit « {finess} » (fichier du {jour}).",
    "GESTE-RETOUR-PASSE": "Cette date de réouverture est déjà passée : donnez une date à venir, ou laissez vide.",
    "GESTE-DESSUS": "La fermeture de {nom}, au-dessus, l’empêche : rouvrez {nom} d’abord.",
    "FMT-TEL": "Ce numéro de téléphone n’est pas complet : dix chiffres, ou un indicatif comme +33.",
    "FMT-MOBILE": "Ce numéro n’est pas celui d’un téléphone mobile (06 ou 07) : vérifiez le moyen choisi.",
    "FMT-MEL": "Cette adresse électronique n’est pas complète. Exemple : secretariat@exemple.fr",
    "FMT-MSS": "Cette adresse ne ressemble pas à une adresse MSSanté : vérifiez-la.",
    "FMT-MSS-CANAL": "Cette adresse est de la messagerie MSSanté : déclarez-la comme MSSanté.",
    "FMT-WEB": "Cette adresse de site doit commencer par https:// ou http://.",
    "FMT-HTTPS": "Préférez une adresse qui commence par https://, si le site l’accepte.",
    "FMT-CP": "Le code postal a cinq chiffres.",
    "FMT-INSEE": "Le code INSEE d’une commune a cinq caractères : choisissez la commune dans la liste.",
    "FMT-CP-COMMUNE": "Le code postal {code} n’est pas de {commune} : vérifiez l’un et l’autre.",
    "FMT-LIGNE": "Une ligne d’adresse a 38 caractères au plus, sans < ni >.",
    "FMT-LIGNE-VOIE": "Numéro, type et nom de la voie font {longueur} caractères ensemble : 38 au plus. Abrégez.",
    "FMT-VOIE": "Le numéro de voie a quatre chiffres au plus.",
    "FMT-COORD": "Donnez la latitude (de -90 à 90) et la longitude (de -180 à 180), ou aucune des deux.",
    "FMT-COORD-LOIN": "Ces coordonnées sont à {km} km du centre de {commune} : vérifiez les unes et l’autre.",
    "FMT-COORD-ZONE": "Ces coordonnées ne sont pas là où est la commune : vérifiez leur ordre et leur signe.",
}

LECTURE: dict[str, str] = {
    "entier": "Indiquez un nombre entier, sans virgule ni lettre. Vous avez écrit « {texte} ».",
    "negatif": "Indiquez un nombre positif ou zéro. Vous avez écrit « {texte} ».",
    "maximum": "{maximum} au plus. Vous avez écrit « {texte} ».",
    "decimales": "{combien} chiffres au plus après la virgule. Vous avez écrit « {texte} ».",
    "decimal": "Indiquez un nombre, par exemple 43,92. Vous avez écrit « {texte} ».",
    "date": "Indiquez une date qui existe, par exemple 23/11/2026. Vous avez écrit « {texte} ».",
    "heure": "Indiquez une heure de 00:00 à 24:00. Vous avez écrit « {texte} ».",
    "debut": "24:00 est la fin d’un jour : une plage commence à 00:00.",
    "retourne": "Des signes invisibles changent le sens de lecture de ce texte : effacez-le, puis retapez-le.",
    "longueur": "{maximum} caractères au plus : il y en a {longueur}.",
    "code": "Choisissez une réponse de la liste.",
    "perime": "« {libelle} » n’est plus en vigueur : choisissez une autre réponse.",
    "lignes": "{maximum} lignes au plus ici : vous en avez envoyé {nombre}. Les premières sont gardées.",
    "modele": "« {libelle} » n’est pas une réponse du modèle de saisie {modele} : choisissez-en une de sa liste.",
    "contexte": "Ce modèle de saisie ne convient pas à ce champ d’activité ici : choisissez-en un autre.",
    "relu": "À corriger : ce texte n’a pas pu être lu.",
    "vide": "Répondez à « {champ} ».",
    "provisoire": "« {nom} » ne dit rien à un confrère. Changez ce nom, ou cochez la case pour le garder.",
    "homonyme": "Il y a déjà « {nom} » ici. Si c’est bien autre chose, cochez la case, puis créez.",
    "lieu": "Ce lieu n’est pas de cet établissement.",
    "communes": "{maximum} communes au plus.",
    "inconnues": "Codes inconnus du code officiel géographique : {codes}. Corrigez-les ou retirez-les.",
    "motif": "Dites en quelques mots pourquoi vous gardez cette réponse.",
    "alerte": "Cette alerte n’est plus la même : relisez-la, puis gardez-la si besoin.",
    "commune": "Cette commune n’existe pas dans le code officiel géographique.",
    "recue": "Ce nombre vient d’un autre logiciel : il ne se saisit pas ici.",
    "plusieurs": "Ce lieu a plusieurs lignes dans cette case : ouvrez le lieu pour les corriger.",
    "introuvable": "Aucun lieu de cette page ne porte ce nom : vérifiez-le, ou montrez tous les lieux.",
    "homonymes": "Plusieurs lieux portent ce nom : écrivez leur identifiant à la place.",
    "deuxfois": "Ce lieu est déjà plus haut dans ce que vous collez.",
    "enbas": "Il n’y a plus de lieu pour cette ligne.",
    "adroite": "Il n’y a pas de colonne pour cette case : {maximum} nombres au plus par lieu.",
    "consultation": "Vous ne pouvez pas modifier ce lieu.",
}

# Why what FINESS says may not be taken over the record.
RETENUES: dict[str, str] = {
    "departement": "Cette adresse est dans un autre département : des droits en dépendent. L’équipe du ROR de votre "
    "région vérifie, puis la fait suivre à l’import.",
    "parcours": "Cette catégorie change le parcours de saisie (avec ou sans UF) : ce qui est décrit dessous ne serait "
    "plus à sa place. Voyez-le avec l’équipe du ROR de votre région.",
    "fermeture": "Un établissement fermé ne garde pas d’offre ouverte : fermez d’abord les siennes, puis voyez avec "
    "l’équipe du ROR de votre région.",
    "droits": "L’entité juridique décide de qui a des droits ici : l’équipe du ROR de votre région vérifie, puis la "
    "fait suivre à l’import.",
}


def retenue(cas: str) -> str:
    """Why what FINESS says may not be taken; "" when it may."""
    return fr(RETENUES[cas]) if cas else ""


def message(regle: str, **details: object) -> str:
    """The sentence of a rule, filled in."""
    return fr(MESSAGES[regle].format(**details))


def lecture(cas: str, **details: object) -> str:
    """Why a typed text could not be read; what was typed is quoted as it can be."""
    details |= {nom: montrable(str(details[nom]), n) for nom, n in (("texte", 40), ("codes", 200)) if nom in details}
    return fr(LECTURE[cas].format(**details))
