"""What is ours and not the ROR's: people, their rights and sessions, brouillons, the trace, figures to compare with."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

HORODATAGE: Any = DateTime(timezone=True)


class Role(StrEnum):
    """What a person is on what they are given; `services/droits.py` says what each may do."""

    LECTEUR = "lecteur"
    RESPONSABLE_OFFRE = "responsable_offre"
    REFERENT = "referent"
    REFERENT_REGIONAL = "referent_regional"
    RESPONSABLE_QUALITE = "responsable_qualite"


class Portee(StrEnum):
    """What a right covers; its code is the identifier of that place."""

    STRUCTURE = "structure"  # a pôle, a service or a UF, with all that is below: identifiantOI
    ETABLISSEMENT = "etablissement"  # an entité géographique: FINESS
    ENTITE_JURIDIQUE = "entite_juridique"  # all its établissements: FINESS
    DEPARTEMENT = "departement"  # INSEE code
    REGION = "region"  # INSEE code


class Utilisateur(SQLModel, table=True):
    """A natural person, known by the pair (issuer, subject) of the identity provider, never by a name."""

    __tablename__ = "utilisateur"
    __table_args__ = (UniqueConstraint("iss", "sub"),)

    id: int | None = Field(default=None, primary_key=True)
    iss: str
    sub: str
    prenom: str = ""
    nom: str = ""
    demonstration: bool = False

    @property
    def nom_complet(self) -> str:
        """First name and name, as shown."""
        return f"{self.prenom} {self.nom}".strip()


class Habilitation(SQLModel, table=True):
    """Right of one person, with a role, on one place and what is below it, between two days, both included.

    Attributes:
        code: identifier of the place, as `Portee` says.
        suppleance_de: the right of which this is the delegation; it ends with it.
    """

    __tablename__ = "habilitation"
    __table_args__ = (UniqueConstraint("utilisateur_id", "role", "portee", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    role: Role
    portee: Portee = Portee.ETABLISSEMENT
    code: str = Field(index=True, max_length=60)
    debut: date | None = None
    fin: date | None = None
    accordee_par: int | None = Field(default=None, foreign_key="utilisateur.id")
    suppleance_de: int | None = Field(default=None, foreign_key="habilitation.id", index=True, ondelete="CASCADE")


class ReglageEtablissement(SQLModel, table=True):
    """What an établissement decided for itself; without a row, the defaults.

    Attributes:
        validation_separee: whoever prepares an offer asks a référent to publish it.
    """

    __tablename__ = "reglage_etablissement"

    finess: str = Field(primary_key=True, max_length=9)
    validation_separee: bool = False


class ValidationDemandee(SQLModel, table=True):
    """« Demander la validation », where who prepares does not publish: one for each object, gone once validated.

    Attributes:
        vu: what was shown to who asked, as `services/validation.py` gives it; another one means a later save.
        renvoyee: when a validator sent it back, with `reponse`; it then waits for who asked.
    """

    __tablename__ = "demande_validation"

    objet: str = Field(primary_key=True, description="kind:identifier, e.g. offre:76/0000001")
    finess: str = Field(index=True, max_length=9)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    instant: datetime = Field(sa_type=HORODATAGE)
    vu: str = Field(max_length=64)
    mot: str = Field(default="", max_length=300)
    renvoyee: datetime | None = Field(default=None, sa_type=HORODATAGE)
    renvoyee_par: int | None = Field(default=None, foreign_key="utilisateur.id")
    reponse: str = Field(default="", max_length=300)


class WebSession(SQLModel, table=True):
    """One sign-in of one browser. The cookie holds the secret, this row its SHA-256."""

    __tablename__ = "web_session"

    empreinte: str = Field(primary_key=True, max_length=64)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    debut: datetime = Field(sa_type=HORODATAGE)
    vue: datetime = Field(sa_type=HORODATAGE)
    revoquee: datetime | None = Field(default=None, sa_type=HORODATAGE)
    id_token: str = ""
    appareil: str = Field(default="", max_length=80, description="Browser and system, in a person's words")


class Brouillon(SQLModel, table=True):
    """What has been saved of one section and not yet published; shared by all who may edit the object.

    `valeurs` is {champ: value}, `illisibles` {path: typed text} for what could not be read,
    `auteurs` {champ: [utilisateur_id, ISO time]}, {champ.part: …} likewise. `annonce` is when its deletion was
    announced, for want of any change in months; a later `modifie` takes the announcement back.
    """

    __tablename__ = "brouillon"
    __table_args__ = (UniqueConstraint("objet", "section"),)

    id: int | None = Field(default=None, primary_key=True)
    objet: str = Field(index=True, description="kind:identifier, e.g. offre:76/0000001")
    section: str
    version: int = 1
    valeurs: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    illisibles: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    auteurs: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    utilisateur_id: int = Field(foreign_key="utilisateur.id")
    modifie: datetime = Field(sa_type=HORODATAGE)
    annonce: datetime | None = Field(default=None, sa_type=HORODATAGE)


class Action(StrEnum):
    """What a line of the trace tells."""

    CONNEXION = "connexion"
    DECONNEXION = "deconnexion"
    REFUS = "refus"
    CREATION = "creation"
    BROUILLON = "brouillon"
    ABANDON = "abandon"
    VALIDATION = "validation"
    MODELE = "modele"
    FERMETURE = "fermeture"
    REOUVERTURE = "reouverture"
    GARDE = "garde"
    REPRISE = "reprise"
    ARBITRAGE = "arbitrage"
    IMPORT = "import"
    RESTAURATION = "restauration"
    ANNULATION = "annulation"
    HABILITATION = "habilitation"
    REGLAGE = "reglage"
    DEMANDE = "demande"
    RENVOI = "renvoi"
    PURGE = "purge"
    INVITATION = "invitation"
    ACCES = "acces"
    EXPORT = "export"
    CONFIER = "confier"
    RETRAIT = "retrait"
    PROPOSITION = "proposition"
    EXAMEN = "examen"
    CONFIRMATION = "confirmation"
    DEDIT = "dedit"
    PREVISION = "prevision"
    SEPARATION = "separation"
    ATTESTATION = "attestation"
    FINESS = "finess"


class Trace(SQLModel, table=True):
    """Who did what, when. Append only: triggers forbid UPDATE, and DELETE but of what `PurgeEnCours` lets go."""

    __tablename__ = "trace"
    __table_args__ = (
        Index("ix_trace_objet_id", "objet", "id"),
        Index("ix_trace_utilisateur_id", "utilisateur_id", "id"),
        Index("ix_trace_finess_id", "finess", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    instant: datetime = Field(sa_type=HORODATAGE)
    action: Action
    utilisateur_id: int | None = Field(default=None, foreign_key="utilisateur.id")
    iss: str = ""
    sub: str = ""
    nom: str = ""
    finess: str = ""
    objet: str = ""
    section: str = ""
    version_avant: int | None = None
    version_apres: int | None = None
    changements: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, description="[{champ, avant, apres}]; d_office: not an answer of the person"
    )
    cle: str | None = Field(default=None, unique=True, description="UUID of the gesture; makes a retry harmless")
    resultat: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    adresse: str = ""


class FermeturePrevue(SQLModel, table=True):
    """Beds or places of a lieu that will be closed for a while. Ours: the ROR dates no line of capacity.

    Nothing of it is applied by itself: on its day it is proposed where one types the beds closed.

    Attributes:
        nature: code of J187.
        fin: last day; None when it is not known.
        retiree: when somebody took it away.
    """

    __tablename__ = "fermeture_prevue"

    id: int | None = Field(default=None, primary_key=True)
    objet: str = Field(index=True, description="kind:identifier, e.g. lieu:L76-000001")
    finess: str = Field(index=True, max_length=9)
    nature: str = Field(max_length=2)
    nombre: int
    debut: date
    fin: date | None = None
    motif: str = Field(default="", max_length=200)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    cree: datetime = Field(sa_type=HORODATAGE)
    retiree: datetime | None = Field(default=None, sa_type=HORODATAGE)


class PurgeEnCours(SQLModel, table=True):
    """Lines of the trace that the triggers let go: those of an act, older than an instant.

    The purge writes these rows and takes them away in the very transaction that deletes: nobody else ever sees one.
    """

    __tablename__ = "purge_en_cours"

    action: str = Field(primary_key=True, max_length=20, description="Name of an Action, as the trace holds it")
    avant: datetime = Field(sa_type=HORODATAGE)


class Differend(SQLModel, table=True):
    """Answers of one person that a save could not keep: others had changed the same parts. They wait for a choice.

    `parties` is {champ: {part: {"valeur", "illisibles", "empreinte", "leur", "instant"}}}, `leur` being the digest of
    what was kept instead; `tranchees` {champ: {part: digest}} tells what was set aside, which the same form may still
    show.
    """

    __tablename__ = "differend"
    __table_args__ = (UniqueConstraint("objet", "section", "utilisateur_id", "formulaire"),)

    id: int | None = Field(default=None, primary_key=True)
    objet: str = Field(index=True, description="kind:identifier, e.g. offre:76/0000001")
    section: str
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    formulaire: str = Field(default="", max_length=36, description="The open page it was typed in: two tabs, two rows")
    parties: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=JSON)
    tranchees: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSON)
    modifie: datetime = Field(sa_type=HORODATAGE)


class LienConfie(SQLModel, table=True):
    """A piece of a section given to one person who has no account, by a link that only they have.

    Attributes:
        empreinte: SHA-256 of the secret of the link.
        champs: the fields and groups of the section that they may answer, and nothing else.
        utilisateur_id: who gives it; what they may no longer do, the link no longer does.
        navigateur: SHA-256 of the mark of the only browser that may use it; empty until it is opened.
    """

    __tablename__ = "lien_confie"

    id: int | None = Field(default=None, primary_key=True)
    empreinte: str = Field(unique=True, max_length=64)
    objet: str = Field(index=True, description="kind:identifier, e.g. structure:OI76-000009")
    section: str
    champs: list[str] = Field(sa_type=JSON)
    destinataire: str = Field(max_length=120)
    adresse: str = Field(default="", max_length=254, description="E-mail, when the link was sent by us")
    mot: str = Field(default="", max_length=300)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    cree: datetime = Field(sa_type=HORODATAGE)
    expire: datetime = Field(sa_type=HORODATAGE)
    navigateur: str = Field(default="", max_length=64)
    ouvert: datetime | None = Field(default=None, sa_type=HORODATAGE)
    repondu: datetime | None = Field(default=None, sa_type=HORODATAGE)
    retire: datetime | None = Field(default=None, sa_type=HORODATAGE)


class Proposition(SQLModel, table=True):
    """What that person answered: nothing of it is in the object before somebody accepts it, part by part.

    Attributes:
        saisie: {path: text}, as typed.
        vues, valeurs: what they were shown and what they answered, {"valeurs": {champ: value}, "illisibles": {…}}.
        decisions: {part: {"acceptee": yes or no, "par", "nom", "instant"}} of the parts already looked at.
        decidee: when nothing of it waited any more.
    """

    __tablename__ = "proposition"

    id: int | None = Field(default=None, primary_key=True)
    lien_id: int = Field(foreign_key="lien_confie.id", unique=True)
    objet: str = Field(index=True)
    section: str
    saisie: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    vues: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    valeurs: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    mot: str = Field(default="", max_length=300)
    recue: datetime = Field(sa_type=HORODATAGE)
    decisions: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=JSON)
    decidee: datetime | None = Field(default=None, sa_type=HORODATAGE, index=True)


class AlerteGardee(SQLModel, table=True):
    """An alert that somebody looked at and keeps, for a reason; it holds for these values only.

    `chemin` is without row keys and `vu` is a digest of what the alert was about: once it changes, the alert is asked
    again.
    """

    __tablename__ = "alerte_gardee"
    __table_args__ = (UniqueConstraint("objet", "regle", "chemin", "vu"),)

    id: int | None = Field(default=None, primary_key=True)
    objet: str = Field(index=True, description="kind:identifier, e.g. offre:76/0000001")
    regle: str = Field(max_length=40)
    chemin: str
    vu: str = Field(max_length=32)
    motif: str = Field(max_length=300)
    utilisateur_id: int = Field(foreign_key="utilisateur.id")
    instant: datetime = Field(sa_type=HORODATAGE)


class Confirmation(SQLModel, table=True):
    """What one person read on a card of the yearly review and said is true: « C’est à jour », or « Valider ».

    Attributes:
        geste: UUID of the gesture; several objects may be confirmed by one.
        version: the one that the confirmation made.
        montres: names of the fields and groups that were shown; nothing else is confirmed.
        faits: the same as read, [{"champ", "label", "texte"}].
        complete: every fact was shown.
        change: something saved was published with it.
        avant: {"date_mise_jour", "date_validation": ISO or None, "validateur"} as they were.
        annulee: when who confirmed took it back.
    """

    __tablename__ = "confirmation"

    id: int | None = Field(default=None, primary_key=True)
    geste: str = Field(index=True, max_length=36)
    objet: str = Field(index=True, description="kind:identifier, e.g. offre:76/0000001")
    finess: str = Field(index=True, max_length=9)
    instant: datetime = Field(sa_type=HORODATAGE)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    nom: str = ""
    version: int
    montres: list[str] = Field(default_factory=list, sa_type=JSON)
    faits: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    complete: bool = False
    change: bool = False
    avant: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    annulee: datetime | None = Field(default=None, sa_type=HORODATAGE)


class EditionEnCours(SQLModel, table=True):
    """A tab in which somebody has a form open, for the others on the same object; forgotten within half a minute.

    Advisory only: nothing is locked, nothing of it goes to the trace, and losing it all loses nothing.
    """

    __tablename__ = "edition_en_cours"

    utilisateur_id: int = Field(primary_key=True, foreign_key="utilisateur.id")
    onglet: str = Field(primary_key=True, max_length=36, description="UUID that the tab gave itself")
    objet: str = Field(description="kind:identifier, e.g. offre:76/0000001")
    geste: str = Field(max_length=60, description="Key of the section, or VALIDER of `services/presence.py`")
    vue: datetime = Field(sa_type=HORODATAGE)


class RelectureReportee(SQLModel, table=True):
    """« Plus tard » in the review queue: for that person the object waits at the end, until somebody reviews it."""

    __tablename__ = "relecture_reportee"

    utilisateur_id: int = Field(primary_key=True, foreign_key="utilisateur.id")
    objet: str = Field(primary_key=True, description="kind:identifier, e.g. offre:76/0000001")
    instant: datetime = Field(sa_type=HORODATAGE)


class RelectureOuverte(SQLModel, table=True):
    """The card that a person has in front of them in the review queue: the others are given another one first.

    For the others it counts a few minutes; for that person it is where « Reprendre » leads.
    """

    __tablename__ = "relecture_ouverte"

    utilisateur_id: int = Field(primary_key=True, foreign_key="utilisateur.id")
    objet: str = Field(index=True, description="kind:identifier, e.g. offre:76/0000001")
    adresse: str = Field(default="", max_length=400, description="Address of the card in that part of the queue")
    vue: datetime = Field(sa_type=HORODATAGE)


class Courriel(SQLModel, table=True):
    """A mail to send, left in the transaction of the gesture it tells; its text goes once it is sent or given up.

    Attributes:
        prochain_essai: when to try next; None once sent or given up, and in demonstration.
        erreur: a word of `courriels/envoi.py` for the last failure.
    """

    __tablename__ = "courriel"

    id: int | None = Field(default=None, primary_key=True)
    destinataire: str = Field(max_length=254)
    sujet: str = Field(max_length=200)
    texte: str = Field(default="", description="May hold the secret of a link")
    cree: datetime = Field(sa_type=HORODATAGE)
    envoye: datetime | None = Field(default=None, sa_type=HORODATAGE)
    essais: int = 0
    prochain_essai: datetime | None = Field(default=None, sa_type=HORODATAGE, index=True)
    erreur: str = Field(default="", max_length=20)


class Invitation(SQLModel, table=True):
    """A right offered to an e-mail address, by a link that is used once; the right exists when it is accepted.

    Attributes:
        empreinte: SHA-256 of the link's secret, which is kept nowhere.
        code: what the right would cover, as in `Habilitation`; `finess` its établissement.
        fin: last day of the right.
        reponse_a: where the inviter wants to be told; empty for nowhere.
        issue: a word of `services/invitations.py` once it is over; empty while it waits.
    """

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    empreinte: str = Field(unique=True, max_length=64)
    adresse: str = Field(max_length=254)
    role: Role
    portee: Portee
    code: str = Field(max_length=60)
    finess: str = Field(index=True, max_length=9)
    fin: date | None = None
    invite_par: int = Field(foreign_key="utilisateur.id", index=True)
    reponse_a: str = Field(default="", max_length=254)
    cree: datetime = Field(sa_type=HORODATAGE)
    expire: datetime = Field(sa_type=HORODATAGE)
    envois: int = 1
    courriel_id: int | None = Field(default=None, foreign_key="courriel.id", ondelete="SET NULL")
    issue: str = Field(default="", max_length=10)
    close: datetime | None = Field(default=None, sa_type=HORODATAGE)
    acceptee_par: int | None = Field(default=None, foreign_key="utilisateur.id")


class DemandeAcces(SQLModel, table=True):
    """Somebody without right asks for one; whoever administers the établissement decides, once.

    Attributes:
        ouverte: the établissement while it waits, None once over: one open request for each person and établissement.
        mot: what the one who decided says.
    """

    __tablename__ = "demande_acces"
    __table_args__ = (UniqueConstraint("utilisateur_id", "ouverte"),)

    id: int | None = Field(default=None, primary_key=True)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    finess: str = Field(index=True, max_length=9)
    ouverte: str | None = Field(default=None, max_length=9)
    role: Role
    motif: str = Field(max_length=500)
    adresse: str = Field(default="", max_length=254)
    cree: datetime = Field(sa_type=HORODATAGE)
    issue: str = Field(default="", max_length=10)
    mot: str = Field(default="", max_length=300)
    decidee: datetime | None = Field(default=None, sa_type=HORODATAGE)
    decidee_par: int | None = Field(default=None, foreign_key="utilisateur.id")


class Attestation(SQLModel, table=True):
    """« Attestation de mise à jour »: what was reviewed in a period, as it was said once and for all.

    Attributes:
        code: by which anybody may verify it; drawn at random, 60 bits.
        objet: what it is about, an établissement or a structure of it.
        contenu: the JSON document, as it is taken away; `empreinte` is the SHA-256 of its bytes.
        pdf: the same, to print; `empreinte_pdf` is the SHA-256 of its bytes.
    """

    __tablename__ = "attestation"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=14)
    objet: str = Field(index=True, description="kind:identifier, e.g. etablissement:810000505")
    finess: str = Field(index=True, max_length=9)
    du: date
    au: date
    cree: datetime = Field(sa_type=HORODATAGE, index=True)
    utilisateur_id: int = Field(foreign_key="utilisateur.id", index=True)
    nom: str = Field(default="", description="Who established it, as they were called then")
    contenu: str
    empreinte: str = Field(max_length=64)
    pdf: bytes
    empreinte_pdf: str = Field(max_length=64)


class RepereSae(SQLModel, table=True):
    """One figure an établissement declared in the SAE, the yearly survey of the DREES; read, never edited here.

    Source: README of `rxror/donnees/sae`, which says what each rubrique counts.
    """

    __tablename__ = "repere_sae"

    finess: str = Field(primary_key=True, max_length=9, description="FINESS number of the survey, a site as a rule")
    rubrique: str = Field(primary_key=True, description="What is counted, then its unit, e.g. medecine_lits")
    nombre: int
    annee: int = Field(description="The figures are those of 31 December of that year")
    fichier_source: str = Field(description="File of the DREES, e.g. MCO_2023r.csv")


class StatutAutorisation(StrEnum):
    """Where an authorised activity stands."""

    AUTORISEE = "autorisee"  # not carried out yet
    MISE_EN_OEUVRE = "mise_en_oeuvre"
    INACTIVE = "inactive"


class ReleveFiness(SQLModel, table=True):
    """What FINESS last said of an établissement, apart from its record, which may say otherwise on purpose.

    Attributes:
        jour: day of the file.
        valeurs: {field: JSON value} of what `Champ.finess` declares; an entité juridique is its number.
        ecarts: how many points differed from the record, when one of the two was last written.
    """

    __tablename__ = "releve_finess"

    finess: str = Field(primary_key=True, max_length=9)
    jour: date
    fichier_source: str = ""
    valeurs: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    ecarts: int = Field(default=0, index=True)


class ReleveActivites(SQLModel, table=True):
    """An établissement read in a FINESS+ file of activities; without it nothing is known of its authorisations."""

    __tablename__ = "releve_activites"

    finess: str = Field(primary_key=True, max_length=9)
    finess_ej: str = Field(max_length=9)
    jour: date = Field(description="Day of the file")
    fichier_source: str = ""


class AutorisationFiness(SQLModel, table=True):
    """One care activity that FINESS authorises on a site, with its codes as they are, read by `ror/autorisations.py`.

    Source: FINESS+, file of the activities, natures AMF and AMM.
    """

    __tablename__ = "autorisation_finess"
    __table_args__ = (UniqueConstraint("finess", "identifiant"),)

    id: int | None = Field(default=None, primary_key=True)
    finess: str = Field(foreign_key="releve_activites.finess", index=True, max_length=9, ondelete="CASCADE")
    identifiant: str = Field(description="activiteAeId; not stable from one file to the next")
    nature: str
    activite: str
    modalite: str = ""
    mention: str = ""
    forme: str = ""
    debut: date | None = None
    fin: date | None = None
    fin_effective: date | None = None
    caducite: date | None = None
    statut: StatutAutorisation
