"""Every sentence a national requirement can say, by requirement and case: what is the matter, what to do."""

from rxror.ror.typographie import fr

PAS_CHARGEES = "Les autorisations FINESS de cet établissement ne sont pas chargées."
CODE_INCONNU = "FINESS donne une autorisation dont nous ne savons pas lire le code."
SANS_FINESS = "Aucun fichier FINESS chargé ne contient cet établissement."

ECARTS = frozenset(
    {"ecart", "nom", "autorisation", "nom+autorisation", "incoherent", "inverse", "inverse_nrbc", "sans_lieu"}
)
PHRASES: dict[tuple[str, str], str] = {
    ("CO1", "conforme"): "Le nom porte « urgences » et FINESS connaît l’autorisation (fichier du {jour}).",
    ("CO1", "nom"): "Une offre d’urgences doit porter le mot « urgences » dans son nom : ajoutez-le.",
    ("CO1", "autorisation"): (
        "FINESS (fichier du {jour}) ne connaît pas d’autorisation d’urgences pour cet établissement : vérifiez les "
        "activités de l’offre, ou faites corriger FINESS par l’ARS."
    ),
    ("CO1", "nom+autorisation"): (
        "Ajoutez le mot « urgences » au nom. FINESS (fichier du {jour}) ne connaît pas non plus d’autorisation "
        "d’urgences pour cet établissement."
    ),
    ("CO1", "non_chargees"): f"{PAS_CHARGEES} Le nom, lui, porte bien « urgences ».",
    ("CO1", "code"): f"{CODE_INCONNU} Le nom, lui, porte bien « urgences ».",
    ("CO1", "sans_objet"): "L’offre n’est pas un accueil des urgences.",
    ("CO1", "hors_perimetre"): "L’établissement n’est pas de ceux que cette exigence regarde.",
    ("CO1", "hors_finess"): "FINESS ne connaît pas cet établissement : l’exigence ne le regarde pas.",
    ("CO2", "conforme"): "Maternité de type {declare}, comme l’autorisation (FINESS, fichier du {jour}).",
    ("CO2", "ecart"): (
        "Type de maternité déclaré ({declare}) et offres décrites ne correspondent pas à l’autorisation "
        "({autorise}, FINESS, fichier du {jour}). {conseil}"
    ),
    ("CO2", "incoherent"): "Les offres décrites ne vont pas avec le type déclaré ({declare}). {conseil}",
    ("CO2", "non_chargees"): f"{PAS_CHARGEES} Les offres décrites vont avec le type déclaré ({{declare}}).",
    ("CO2", "code"): f"{CODE_INCONNU} Les offres décrites vont avec le type déclaré ({{declare}}).",
    ("CO2", "sans_objet"): "Aucune offre d’hospitalisation n’est périnatale.",
    ("CO3", "conforme"): "L’unité est sensible, et déclarée comme telle.",
    ("CO3", "ordinaire"): "Rien n’indique une unité sensible, et l’offre n’est pas déclarée comme telle.",
    ("CO3", "ecart"): "Cette offre semble sensible ({signe}) : cochez « Unité sensible ».",
    ("CO3", "inverse"): (
        "Rien dans cette offre n’indique une unité sensible : vérifiez la réponse à « Unité sensible »."
    ),
    ("CO3", "inverse_nrbc"): (
        "Ni le nom ni les activités n’indiquent une unité sensible, seulement un acte NRBC, que l’indicateur ne compte "
        "pas : précisez le nom, ou vérifiez la réponse à « Unité sensible »."
    ),
    ("CO4", "conforme"): "Catégorie {ror}, celle de FINESS (extraction du {jour}).",
    (
        "CO4",
        "ecart",
    ): "La catégorie dans le ROR ({ror}) diffère de FINESS ({finess}) : la correction se fait dans FINESS.",
    ("CO4", "sans_finess"): SANS_FINESS,
    ("CO4", "sans_objet"): "L’établissement est fermé, ou d’une catégorie que FINESS ne connaît pas.",
    ("CP4", "conforme"): "Peuplement : finalisé.",
    ("CP4", "ecart"): "Peuplement : {statut}. À renseigner : {reste}.",
    ("CP4", "sans_objet"): "L’offre est fermée définitivement.",
    ("CP5", "conforme"): "Le type d’offre et la temporalité d’accueil sont renseignés.",
    ("CP5", "ecart"): "Précisez {reste}.",
    ("CP5", "sans_objet"): "L’offre n’est pas un hébergement médico-social concerné.",
    ("CP6", "conforme"): "{places} sur les lieux de l’offre.",
    ("CP6", "ecart"): "Indiquez le nombre de places installées sur le lieu.",
    ("CP6", "sans_lieu"): "Rattachez un lieu à l’offre, puis indiquez-y les places installées.",
    ("CP6", "sans_objet"): "L’offre n’est pas un hébergement médico-social concerné.",
    ("EX1.2", "conforme"): "L’établissement est dans rxror. Sa présence dans le ROR national ne se vérifie pas d’ici.",
    ("EX1.2", "non_chargees"): (
        f"{PAS_CHARGEES} Elles disent si l’exigence le regarde ; l’établissement, lui, est bien dans rxror."
    ),
    ("EX1.2", "sans_objet"): "L’établissement n’est pas de ceux que cette exigence regarde.",
    ("EX2", "conforme"): "{etat} dans le ROR comme dans FINESS (extraction du {jour}).",
    ("EX2", "ecart"): (
        "L’état d’ouverture diffère de FINESS : {etat} dans le ROR, {finess} dans FINESS (extraction du {jour}). "
        "Vérifiez lequel dit vrai, et faites corriger l’autre."
    ),
    ("EX2", "sans_finess"): SANS_FINESS,
    ("EX2", "sans_objet"): "L’établissement n’a pas de numéro FINESS.",
    ("EX", "conforme"): "Autorisation de {notion} (FINESS, fichier du {jour}), et {offres}.",
    ("EX", "ecart"): (
        "Autorisation de {notion} (FINESS, fichier du {jour}), mais aucune offre ne la décrit : créez l’offre, ou "
        "ajoutez l’activité à celle qui existe."
    ),
    ("EX", "non_chargees"): PAS_CHARGEES,
    ("EX", "non_chargees_mais"): f"{PAS_CHARGEES} S’il y a une autorisation, elle est décrite : {{offres}}.",
    ("EX", "code"): CODE_INCONNU,
    ("EX", "sans_objet"): "FINESS (fichier du {jour}) ne connaît pas d’autorisation de {notion}.",
    ("EX", "hors_perimetre"): "L’établissement n’est pas de ceux que cette exigence regarde.",
    ("RE1.2", "aucune"): "Aucune offre ouverte : l’indicateur est conforme.",
    ("RE1.2", "conforme"): "{fraiches} sur {total} mises à jour depuis un an, il en faut {exigees}.",
    ("RE1.2", "ecart"): (
        "{retard} à jour depuis un an ; il en faut {exigees} à jour sur {total}, il y en a {fraiches}. "
        "Ouvrez les autres et validez-les."
    ),
    ("RE1.2", "sans_objet"): "L’établissement est fermé, ou d’une catégorie que l’indicateur ne regarde pas.",
    ("ST2", "conforme"): "Entité juridique {ror}, celle de FINESS (au {jour}).",
    ("ST2", "ecart"): (
        "L’entité juridique dans le ROR ({ror}) diffère de FINESS ({finess}, au {jour}) : signalez-le à l’ARS."
    ),
    ("ST2", "sans_finess"): SANS_FINESS,
    ("ST2", "sans_objet"): "L’établissement est fermé.",
    ("ST3", "conforme"): "Aucun autre établissement ouvert de la région ne porte cet identifiant.",
    ("ST3", "ecart"): "{autres} le même identifiant : signalez-le à l’ARS.",
    ("ST3", "sans_objet"): "L’établissement est fermé, ou d’une catégorie que l’exigence ne regarde pas.",
}


def phrase(exigence: str, cas: str, **details: object) -> str:
    """The sentence of a case, filled in."""
    return fr(PHRASES[exigence, cas].format(**details))


def reproches(exigence: str) -> list[str]:
    """What a requirement can say of an écart, not filled in."""
    famille = "EX" if exigence in ("EX3", "EX4", "EX5") else exigence
    return [fr(texte) for (cle, cas), texte in PHRASES.items() if cle == famille and cas in ECARTS]
