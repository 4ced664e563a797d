"""Rules of a pôle, service or UF."""

from collections.abc import Iterator

from rxror.ror.objets import OrganisationInterne
from rxror.ror.objets.organisation_interne import POLE, SERVICE, UF
from rxror.ror.regles.declaration import Constat, Examen, Severite, regle

BLOQUANTE = Severite.BLOQUANTE


@regle("OBL-15", BLOQUANTE, OrganisationInterne, source="modèle d’exposition (1..1)", manque=True)
def nom_et_type_de_la_structure(examen: Examen) -> Iterator[Constat]:
    """An organisation interne has a name, and is a pôle, a service or a UF."""
    if not (examen.valeurs.get("nom_oi") or "").strip():
        yield Constat("nom_oi")
    elif examen.valeurs.get("type_oi") not in (POLE, SERVICE, UF):
        yield Constat("type_oi")
