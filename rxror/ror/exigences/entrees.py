"""What the requirements look at: an offer and an établissement, reduced to the facts that count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from anyascii import anyascii

from rxror.ror.autorisations import Autorisations
from rxror.ror.controles import adresse_exploitable
from rxror.ror.fermeture import DEFINITIVE, PROVISOIRE
from rxror.ror.nomenclatures import Catalogue
from rxror.ror.objets import OffreOperationnelle
from rxror.ror.objets.lieu import COURANT, INSTALLE
from rxror.ror.objets.offre_operationnelle import TYPE_OFFRE_EXIGE

TYPE_MATERNITE = "TRE_R253:"


@dataclass(frozen=True)
class OffreVue:
    """One offer.

    Attributes:
        uf: name of the open UF that holds it, or "".
        types_maternite: codes of TRE_R253.
        places: places and beds installed on its lieux, usual ones.
        fermee: closed for good.
        reste: labels of what the peuplement still lacks; `entame`, whether anything is there.
        champ_manquant: (section, path) of the first thing that lacks.
        lieu: identifier of its first lieu, where places are counted, or "".
    """

    identifiant: str = ""
    nom: str = ""
    uf: str = ""
    champ_activite: str = ""
    mode: str = ""
    activites: frozenset[str] = frozenset()
    actes: frozenset[str] = frozenset()
    type_offre: str = ""
    temporalite: str = ""
    types_maternite: frozenset[str] = frozenset()
    unite_sensible: bool = False
    places: int = 0
    fermee: bool = False
    mise_a_jour: datetime | None = None
    reste: tuple[str, ...] = ()
    entame: bool = True
    champ_manquant: tuple[str, str] = ("", "")
    lieu: str = ""

    @property
    def cle(self) -> str:
        """Its key, e.g. "offre:76/0000001"."""
        return f"{OffreOperationnelle.GENRE}:{self.identifiant}"


@dataclass(frozen=True)
class FicheFiness:
    """What FINESS says of an établissement, on a day; `connue` is False when that FINESS does not hold it."""

    jour: date
    connue: bool = True
    categorie: str = ""
    ej: str = ""
    fermeture: date | None = None
    type_fermeture: str = ""
    caduc: bool = False


@dataclass(frozen=True)
class EtablissementVu:
    """One entité géographique.

    Attributes:
        ej: FINESS number of its entité juridique.
        doublons: other open objects of the region with the same national identifier.
        fiche: what FINESS says, or None when no FINESS file was read for it.
        autorisations: None when none was read for it.
    """

    finess: str = ""
    nom: str = ""
    categorie: str = ""
    ej: str = ""
    fermeture: date | None = None
    type_fermeture: str = ""
    doublons: int = 0
    fiche: FicheFiness | None = None
    autorisations: Autorisations | None = None

    @property
    def cle(self) -> str:
        """Its key, e.g. "etablissement:810000505"."""
        return f"etablissement:{self.finess}"

    @property
    def suivi(self) -> bool:
        """Open, or closed for a while."""
        return self.fermeture is None or self.type_fermeture == PROVISOIRE


def nu(texte: str) -> str:
    """Text as the indicators compare it: without case nor accents (COLLATE French_CI_AI)."""
    return anyascii(texte).lower()


@dataclass
class _Releve:
    """What is there and what lacks, in the order of the indicator."""

    reste: list[str] = field(default_factory=list)
    champs: list[tuple[str, str]] = field(default_factory=list)
    la: int = 0

    def noter(self, present: bool, quoi: str, section: str, chemin: str) -> None:
        if present:
            self.la += 1
        else:
            self.reste.append(quoi)
            self.champs.append((section, chemin))


def voir_offre(
    valeurs: Mapping[str, Any],
    lieux: Mapping[str, Mapping[str, Any]],
    catalogue: Catalogue,
    *,
    identifiant: str = "",
    uf: str = "",
    categorie: str = "",
) -> OffreVue:
    """Reduce the values of an offer, as `services/contenu.py` reads them, to what counts.

    Args:
        lieux: values of its lieux, {identifier: values}.
        categorie: category of its établissement.
    """
    siens = [(cle, lieux[cle]) for cle in valeurs.get("lieu_realisation_offre") or [] if cle in lieux]
    activites = [str(a.get("activite_operationnelle") or "") for a in valeurs.get("activite_operationnelle") or []]
    releve = _peuplement(valeurs, [v for _, v in siens], activites, catalogue, categorie)
    return OffreVue(
        identifiant=identifiant or str(valeurs.get("identifiant_offre") or ""),
        nom=str(valeurs.get("nom_offre") or ""),
        uf=uf,
        champ_activite=str(valeurs.get("champ_activite") or ""),
        mode=str(valeurs.get("mode_prise_en_charge") or ""),
        activites=frozenset(a for a in activites if a),
        actes=frozenset(valeurs.get("acte_specifique") or []),
        type_offre=str(valeurs.get("type_offre") or ""),
        temporalite=str(valeurs.get("temporalite_accueil") or ""),
        types_maternite=_types_maternite(valeurs.get("niveau_expertise") or []),
        unite_sensible=bool(valeurs.get("unite_sensible")),
        places=sum(_installees(v) for _, v in siens),
        fermee=bool(valeurs.get("date_fermeture")) and valeurs.get("type_fermeture") == DEFINITIVE,
        mise_a_jour=_instant(valeurs.get("date_mise_jour")),
        reste=tuple(releve.reste),
        entame=releve.la > 0,
        champ_manquant=releve.champs[0] if releve.champs else ("", ""),
        lieu=siens[0][0] if siens else "",
    )


def _peuplement(
    valeurs: Mapping[str, Any],
    lieux: list[Mapping[str, Any]],
    activites: list[str],
    cat: Catalogue,
    categorie: str,
) -> _Releve:
    """The flags of V_DIM_SuiviPeuplementROR_UE; a code counts when the nomenclature knows it, in force or not."""
    releve = _Releve()
    champ, mode = (str(valeurs.get(n) or "") for n in ("champ_activite", "mode_prise_en_charge"))
    releve.noter(cat.connu("J20", champ), "le champ d’activité", "informations_generales", "champ_activite")
    releve.noter(cat.connu("J19", mode), "le mode de prise en charge", "accueil", "mode_prise_en_charge")
    patientele = next(iter(valeurs.get("patientele") or []), {})
    ages = [nom for nom in ("age_min", "age_max") if patientele.get(nom) is None]
    chemin = f"patientele.{patientele.get('cle', 'n0')}.{ages[0] if ages else 'age_min'}"
    releve.noter(not ages, "les âges", "patientele", chemin)
    connue = any(cat.connu("J17", a) for a in activites)
    releve.noter(connue, "une activité opérationnelle", "specificites", "activite_operationnelle")
    if categorie in TYPE_OFFRE_EXIGE:
        type_offre = str(valeurs.get("type_offre") or "")
        releve.noter(cat.connu("J238", type_offre), "le type d’offre", "accueil", "type_offre")
    adresse = any(adresse_exploitable(lieu) for lieu in lieux)
    releve.noter(adresse, "une adresse complète", "adresse", "lieu_realisation_offre")
    contact = any(_contact_complet(c, cat) for c in valeurs.get("contact") or [])
    releve.noter(contact, "un contact complet", "contacts", "contact")
    return releve


def _contact_complet(contact: Mapping[str, Any], cat: Catalogue) -> bool:
    qui = cat.connu("J221", contact.get("nature_contact") or "") or cat.connu(
        "J220", contact.get("fonction_contact") or ""
    )
    return qui and any(
        t.get("canal") and t.get("adresse_telecom") and t.get("niveau_confidentialite")
        for t in contact.get("telecommunication") or []
    )


def _types_maternite(niveaux: Iterable[str]) -> frozenset[str]:
    return frozenset(n.removeprefix(TYPE_MATERNITE) for n in niveaux if n.startswith(TYPE_MATERNITE))


def _installees(lieu: Mapping[str, Any]) -> int:
    return sum(
        ligne.get("nombre_capacite") or 0
        for ligne in lieu.get("capacite_accueil_operationnelle") or []
        if ligne.get("statut_capacite") == INSTALLE and ligne.get("temporalite_capacite") == COURANT
    )


def _instant(brut: Any) -> datetime | None:
    if isinstance(brut, str) and brut:
        return datetime.fromisoformat(brut)
    return brut if isinstance(brut, datetime) else None
