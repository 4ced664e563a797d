"""A signed-in person behind a page's state."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import reflex as rx
from reflex.istate.data import RouterData

from rxror import db
from rxror.ror.objets import EntiteGeographique, EntiteJuridique, OffreOperationnelle, OrganisationInterne
from rxror.tables import Habilitation, Role, Utilisateur, WebSession

EMPREINTE = "e" * 64


@pytest.fixture
def base(tables: None) -> None:
    """CH ALBI with one pôle, one UF and one offer, an EHPAD with one offer, and Claire who answers for both."""
    with db.transaction() as session:

        def garder(objet: Any) -> Any:
            session.add(objet)
            session.flush()
            return objet

        ej = garder(EntiteJuridique(num_finess="810000331", raison_sociale="CH ALBI"))
        albi, ehpad = (
            garder(
                EntiteGeographique(
                    entite_juridique_id=ej.id, num_finess=n, denomination_eg=nom, categorie_eg=c, recherche=nom.lower()
                )
            )
            for n, nom, c in (("810000505", "CH ALBI", "355"), ("810003418", "EHPAD LA RENAUDIE", "500"))
        )
        pole = garder(
            OrganisationInterne(entite_geographique_id=albi.id, identifiant_oi="P1", type_oi="1", nom_oi="Pôle")
        )
        uf = garder(
            OrganisationInterne(
                entite_geographique_id=albi.id, parent_id=pole.id, identifiant_oi="U1", type_oi="3", nom_oi="UF"
            )
        )
        garder(
            OffreOperationnelle(
                entite_geographique_id=albi.id,
                organisation_interne_id=uf.id,
                identifiant_offre="76/1",
                nom_offre="Gynécologie",
            )
        )
        garder(OffreOperationnelle(entite_geographique_id=ehpad.id, identifiant_offre="76/2", nom_offre="Hébergement"))
        claire = garder(Utilisateur(iss="i", sub="s", prenom="Claire", nom="Dumas"))
        maintenant = datetime.now(UTC)
        garder(WebSession(empreinte=EMPREINTE, utilisateur_id=claire.id, debut=maintenant, vue=maintenant))
        for eg in (albi, ehpad):
            garder(Habilitation(utilisateur_id=claire.id, code=eg.num_finess, role=Role.REFERENT))


@pytest.fixture
def ouvrir(base: None) -> Callable[..., Any]:
    """A state as the browser of Claire has it, at an address."""

    def _ouvrir(classe: type[rx.State], adresse: str = "/", empreinte: str = EMPREINTE) -> Any:
        etat = classe(_reflex_internal_init=True)
        etat.router = RouterData.from_router_data(
            {
                "headers": {"authorization": f"Session {empreinte}"},
                "pathname": adresse,
                "asPath": adresse,
                "query": {},
            }
        )
        return etat

    return _ouvrir
