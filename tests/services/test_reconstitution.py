"""Property: after any sequence of gestures, every version that is rebuilt is what was published then."""

from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from rxror.ror.dates import aujourd_hui
from rxror.ror.fermeture import DEFINITIVE
from rxror.ror.objets import LieuRealisationOffre
from rxror.services import contenu, restauration
from rxror.services.acces import Cible
from rxror.services.fermeture import Fermer, apercevoir, fermer
from rxror.services.reconstitution import valeurs_a, versions
from rxror.services.reouverture import Rouvrir, rouvrir
from rxror.services.reouverture import preparer as preparer_la_reouverture
from rxror.services.restauration import Reprise
from rxror.services.validation import DemandeValidation, preparer, valider
from rxror.services.versions import changements_de
from tests.fabriques import enregistrer, saisie_de, un_lieu

GESTES = st.lists(
    st.sampled_from(["nom", "telephone", "age", "modalites", "du_lieu", "lieux", "valider", "fermer", "reprendre"]),
    min_size=1,
    max_size=12,
)


class Jeu:
    """Plays gestures on one offer and its lieu, and remembers what each version published."""

    def __init__(self, session: Session, place: Any) -> None:
        self.session, self.qui, self.offre = session, place.claire, place.offre
        self.lieu = session.exec(select(LieuRealisationOffre)).one()
        self.autre = un_lieu(session, place.eg, nom="Rez-de-jardin")
        self.cible = Cible("offre", self.offre.identifiant_offre)
        self.numero = 0
        self.publiees: dict[tuple[str, int], dict[str, Any]] = {}
        self.noter()

    def noter(self) -> None:
        self.session.flush()
        self.session.expire_all()
        for objet, cle in ((self.offre, self.cible.cle), (self.lieu, f"lieu:{self.lieu.identifiant}")):
            lues = contenu.lire(self.session, type(objet), [objet])[objet.id]
            connue = self.publiees.setdefault((cle, objet.version), lues)
            assert changements_de(type(objet), connue, lues) == []

    def jouer(self, geste: str) -> None:
        self.numero += 1
        getattr(self, geste)()
        self.noter()

    def nom(self) -> None:
        enregistrer(self.session, self.qui, self.offre, "informations_generales", nom_offre=f"Offre {self.numero}")

    def telephone(self) -> None:
        chemins = [c for c in self._formulaire("contacts") if c.endswith("adresse_telecom")]
        if chemins:
            numero = f"05364900{self.numero:02d}"
            enregistrer(self.session, self.qui, self.offre, "contacts", **{chemins[0]: numero})

    def age(self) -> None:
        (chemin,) = [c for c in self._formulaire("patientele") if c.endswith(".age_min")]
        enregistrer(self.session, self.qui, self.offre, "patientele", **{chemin: str(self.numero)})

    def modalites(self) -> None:
        code = ("01", "02", "05")[self.numero % 3]
        enregistrer(self.session, self.qui, self.offre, "accueil", **{f"modalite_accueil.{code}": "1"})

    def du_lieu(self) -> None:
        enregistrer(self.session, self.qui, self.lieu, "informations_generales", nom=f"Étage {self.numero}")

    def lieux(self) -> None:
        tenu = self._formulaire("adresse").get(f"lieu_realisation_offre.{self.autre.identifiant}")
        choix = {f"lieu_realisation_offre.{self.autre.identifiant}": "" if tenu else "1"}
        enregistrer(self.session, self.qui, self.offre, "adresse", **choix)

    def _formulaire(self, section: str) -> dict[str, str]:
        return saisie_de(self.session, self.qui, self.offre, section)[0]

    def valider(self) -> None:
        demande = DemandeValidation(
            identifiant=self.cible.identifiant, vu=preparer(self.session, self.qui, self.cible).vu, cle=uuid4()
        )
        valider(self.session, self.qui, demande)

    def fermer(self) -> None:
        saisie = {"type_fermeture": DEFINITIVE, "date_fermeture": aujourd_hui().isoformat(), "motif": "Essai"}
        vu, _ = apercevoir(self.session, self.qui, self.cible, saisie)
        assert vu is not None
        ou = {"genre": "offre", "identifiant": self.cible.identifiant}
        fermer(self.session, self.qui, Fermer(**ou, saisie=saisie, vu=vu.vu, a_zero=True, cle=uuid4()))
        self.noter()
        vue = preparer_la_reouverture(self.session, self.qui, self.cible)
        assert rouvrir(self.session, self.qui, Rouvrir(**ou, vu=vue.vu, cle=uuid4())) == []

    def reprendre(self) -> None:
        if self.offre.version == 1:
            return
        version = 1 + self.numero % (self.offre.version - 1)
        vue = restauration.preparer(self.session, self.qui, self.cible, version)
        choisies = {s["cle"] for s in vue.siennes + vue.des_lieux}
        if choisies:
            ou = {"genre": "offre", "identifiant": self.cible.identifiant}
            demande = Reprise(**ou, version=version, choisies=choisies, vu=vue.vu, cle=uuid4())
            restauration.reprendre(self.session, self.qui, demande)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(gestes=["lieux", "valider", "du_lieu"])  # the lieux are read in another order
@given(gestes=GESTES)
def test_every_version_is_rebuilt_as_it_was_published(session: Session, place: Any, gestes: list[str]) -> None:
    with session.begin_nested() as point:
        jeu = Jeu(session, place)
        for geste in gestes:
            jeu.jouer(geste)
        jeu.valider()
        jeu.noter()
        for (cle, version), lues in jeu.publiees.items():
            objet = jeu.offre if cle.startswith("offre") else jeu.lieu
            assert changements_de(type(objet), valeurs_a(session, objet, cle, version), lues) == []
        assert [v.numero for v in versions(session, jeu.cible.cle, jeu.offre.version)] == list(
            range(jeu.offre.version, 0, -1)
        )
        point.rollback()
    session.expire_all()
