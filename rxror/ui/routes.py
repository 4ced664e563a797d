"""Every page of the application. A page module lists its own: PAGES = ((route, view, title, on_load), …)."""

from types import ModuleType

import reflex as rx

from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui.layout import METAS
from rxror.ui.pages import (
    accueil,
    annulation,
    application,
    arbre,
    attestation,
    capacites,
    capacites_enregistrees,
    confier,
    conflit,
    connexion,
    connexions,
    copie,
    correction,
    courriels,
    creation,
    demander_acces,
    demandes_acces,
    edition,
    en_attente,
    etablissement,
    etablissements,
    exigences,
    fermeture,
    historique,
    informations,
    invitations,
    journal,
    lieu,
    mes_donnees,
    offre,
    page_absente,
    personne,
    personnes,
    proposition,
    relecture,
    reouverture,
    rien_n_a_change,
    sans_referent,
    separation,
    structure,
    validation,
    validee,
    valider_plusieurs,
    versions,
)

DESCRIPTION = fr("Tenir à jour son offre dans le ROR : établissement, pôle, UF, offre, lieu, validation.")
MODULES: tuple[ModuleType, ...] = (
    connexion,
    connexions,
    accueil,
    relecture,
    etablissements,
    etablissement,
    arbre,
    personnes,
    personne,
    structure,
    offre,
    edition,
    conflit,
    en_attente,
    lieu,
    capacites,
    capacites_enregistrees,
    creation,
    copie,
    application,
    validation,
    validee,
    valider_plusieurs,
    rien_n_a_change,
    exigences,
    attestation,
    correction,
    fermeture,
    reouverture,
    separation,
    sans_referent,
    historique,
    journal,
    versions,
    annulation,
    confier,
    proposition,
    informations,
    invitations,
    demander_acces,
    demandes_acces,
    *((courriels,) if settings().demo else ()),
    mes_donnees,
    page_absente,
)


def ajouter_pages(app: rx.App) -> None:
    """Give the application all its pages."""
    for module in MODULES:
        for route, vue, titre, on_load in module.PAGES:
            app.add_page(vue, route=route, title=titre, description=DESCRIPTION, on_load=on_load, meta=METAS)
