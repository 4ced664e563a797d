"""Builders for the screens of the path, and a counter of SQL statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from rxror.echanges.reference import NOMENCLATURES, charger_nomenclatures
from rxror.ror.nomenclatures import Commune
from rxror.ror.objets import (
    EntiteGeographique,
    EntiteJuridique,
    LieuRealisationOffre,
    OffreLieu,
    OffreOperationnelle,
    OrganisationInterne,
)
from rxror.services import nomenclatures
from rxror.services.acces import Acteur
from rxror.tables import Brouillon, Habilitation, Role, Utilisateur
from tests.fabriques import une_offre_complete


class Monde:
    """A small world in the session: each method adds one thing and gives it back."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numero = 0

    def _suivant(self) -> int:
        self._numero += 1
        return self._numero

    def _garder(self, objet: Any) -> Any:
        self.session.add(objet)
        self.session.flush()
        return objet

    def acteur(self, nom: str = "Claire Dumas") -> Acteur:
        utilisateur = self._garder(Utilisateur(iss="https://idp.test", sub=f"s{self._suivant()}", nom=nom))
        return Acteur(utilisateur.id, utilisateur.iss, utilisateur.sub, nom)

    def habiliter(self, acteur: Acteur, eg: EntiteGeographique, role: Role = Role.REFERENT, **autres: Any) -> None:
        self._garder(Habilitation(**{"utilisateur_id": acteur.id, "code": eg.num_finess, "role": role} | autres))

    def ej(self, **autres: Any) -> EntiteJuridique:
        return self._garder(
            EntiteJuridique(**{"num_finess": f"81{self._suivant():07d}", "raison_sociale": "CH ALBI"} | autres)
        )

    def eg(self, nom: str = "CH ALBI", **autres: Any) -> EntiteGeographique:
        if "entite_juridique_id" not in autres:
            autres["entite_juridique_id"] = self.ej().id
        valeurs = {"num_finess": f"82{self._suivant():07d}", "denomination_eg": nom, "categorie_eg": "355"} | autres
        return self._garder(EntiteGeographique(**valeurs))

    def oi(self, eg: EntiteGeographique, nom: str, type_oi: str = "1", parent: Any = None) -> OrganisationInterne:
        return self._garder(
            OrganisationInterne(
                entite_geographique_id=eg.id,
                parent_id=parent.id if parent else None,
                identifiant_oi=f"OI-{self._suivant()}",
                type_oi=type_oi,
                nom_oi=nom,
            )
        )

    def offre(
        self, eg: EntiteGeographique, oi: Any = None, nom: str = "Gynécologie", jours: int | None = 30, **autres: Any
    ) -> OffreOperationnelle:
        """An offer validated `jours` days ago; None for never."""
        validation = None if jours is None else datetime(2026, 11, 23, 9, tzinfo=UTC) - timedelta(days=jours)
        return self._garder(
            OffreOperationnelle(
                entite_geographique_id=eg.id,
                organisation_interne_id=oi.id if oi else None,
                identifiant_offre=f"76/{self._suivant():07d}",
                nom_offre=nom,
                date_validation=validation,
                **autres,
            )
        )

    def lieu(self, eg: EntiteGeographique, *offres: OffreOperationnelle, nom: str = "2e étage") -> LieuRealisationOffre:
        lieu = self._garder(
            LieuRealisationOffre(entite_geographique_id=eg.id, identifiant=f"L{self._suivant()}", nom=nom)
        )
        for offre in offres:
            self._garder(OffreLieu(offre_operationnelle_id=offre.id, lieu_realisation_offre_id=lieu.id))
        return lieu

    def brouillon(self, acteur: Acteur, objet: str, section: str = "contacts", heure: int = 9) -> Brouillon:
        return self._garder(
            Brouillon(
                objet=objet,
                section=section,
                utilisateur_id=acteur.id,
                modifie=datetime(2026, 11, 23, heure, 42, tzinfo=UTC),
            )
        )


@pytest.fixture
def monde(session: Session) -> Monde:
    return Monde(session)


@pytest.fixture
def compter(session: Session) -> Callable[[], Any]:
    """`with compter() as sql:` then `len(sql)` statements were sent."""

    @contextmanager
    def _compter() -> Iterator[list[str]]:
        session.flush()
        session.expire_all()
        session.exec(select(1)).one()
        envoyes: list[str] = []
        moteur = session.get_bind()

        def noter(*arguments: Any) -> None:
            envoyes.append(arguments[2])

        event.listen(moteur, "before_cursor_execute", noter)
        yield envoyes
        event.remove(moteur, "before_cursor_execute", noter)

    return _compter


@pytest.fixture
def place(session: Session, monde: Monde, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The code lists, a commune, an établissement with a complete offer, a référent and her colleague.

    The code lists are read from the database once and kept: every test of the run sees the same ones.
    """
    monkeypatch.setattr(nomenclatures, "FRAICHEUR_SECONDES", float("inf"))
    if "J17" not in nomenclatures.catalogue(session):
        nomenclatures.oublier()
        charger_nomenclatures(session, NOMENCLATURES)
        nomenclatures.catalogue(session)
    session.add(
        Commune(code_insee="81004", nom="Albi", code_postal="81000", departement="81", region="76", recherche="albi")
    )
    eg = monde.eg(region_source="76")
    claire, mireille = monde.acteur("Claire Dumas"), monde.acteur("Mireille Faure")
    for personne in (claire, mireille):
        monde.habiliter(personne, eg)
    return SimpleNamespace(eg=eg, claire=claire, mireille=mireille, offre=une_offre_complete(session, eg))
