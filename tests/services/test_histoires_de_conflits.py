"""Whatever people type, in whatever order: nobody is overwritten unseen, parts end as chosen, no answer is lost."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from rxror.services import arbitrage, modification
from rxror.services.acces import Acteur, Cible
from rxror.services.arbitrage import Decision
from rxror.services.fusion import sha
from rxror.tables import Action, Brouillon, Trace
from tests.fabriques import saisie_de, un_enregistrement, un_lieu

SECTION, CHAMPS = "informations_generales", ("nom", "description")
SORTES = ("mienne", "leur", "publiee")
MOTS = ("un", "deux", "trois")
ONGLETS = ("claire 1", "claire 2", "mireille")
GESTES = st.one_of(
    st.tuples(st.just("taper"), st.sampled_from(ONGLETS), st.sampled_from(CHAMPS), st.sampled_from(MOTS)),
    st.tuples(st.just("rouvrir"), st.sampled_from(ONGLETS), st.just(""), st.just("")),
    st.tuples(st.just("choisir"), st.sampled_from(ONGLETS), st.just(""), st.sampled_from(SORTES)),
)


@dataclass
class Onglet:
    """An open page: what it shows, what it last sent, and what its person has seen or typed there."""

    qui: Acteur
    saisie: dict[str, str]
    base: Any
    formulaire: str
    vus: dict[str, set[str]] = field(default_factory=dict)


class Monde:
    """Three pages of two people on one section, and all that was ever typed."""

    def __init__(self, session: Session, place: Any) -> None:
        self.session, self.lieu = session, un_lieu(session, place.eg, nom="zéro", description="zéro")
        self.cible = Cible("lieu", self.lieu.identifiant)
        self.qui = {nom: place.claire if "claire" in nom else place.mireille for nom in ONGLETS}
        self.tapes: set[str] = set()
        self.onglets: dict[str, Onglet] = {}
        for nom in ONGLETS:
            self.rouvrir(nom)

    def rouvrir(self, nom: str, *_: str) -> None:
        saisie, base = saisie_de(self.session, self.qui[nom], self.lieu, SECTION)
        self.onglets[nom] = Onglet(self.qui[nom], saisie, base, str(uuid4()), {c: {saisie[c]} for c in CHAMPS})

    def garde(self) -> dict[str, str]:
        """What is kept now."""
        self.session.flush()
        brouillon = self.session.exec(select(Brouillon).where(Brouillon.objet == self.cible.cle)).first()
        return {c: (brouillon.valeurs if brouillon else {}).get(c, "zéro") for c in CHAMPS}

    def taper(self, nom: str, champ: str, mot: str) -> None:
        onglet, avant = self.onglets[nom], self.garde()
        comme_montre = mot == onglet.saisie[champ] or onglet.base[champ][""] == sha([mot, []])
        onglet.saisie[champ] = mot
        onglet.vus[champ].add(mot)
        self.tapes |= set() if comme_montre else {mot}
        demande = un_enregistrement(self.lieu, SECTION, dict(onglet.saisie), onglet.base, formulaire=onglet.formulaire)
        reponse = modification.enregistrer(self.session, onglet.qui, demande)
        onglet.base, apres = reponse.base, self.garde()
        attendent = {a.chemin for a in reponse.attente}
        for c in CHAMPS:
            if avant[c] != apres[c]:
                assert avant[c] in onglet.vus[c], "somebody was overwritten unseen"
                assert apres[c] == onglet.saisie[c]
        if onglet.saisie[champ] != apres[champ] and not comme_montre:  # else: left as it was shown
            assert champ in attendent, "an answer was left out in silence"

    def choisir(self, nom: str, _: str, sorte: str) -> None:
        qui = self.qui[nom]
        disputes = arbitrage.ouvrir(self.session, qui, self.cible, SECTION).disputes
        if not disputes:
            return
        choix = {d.nom: next((v for v in d.versions if v.sorte == sorte), d.versions[0]) for d in disputes}
        decision = Decision(
            genre="lieu",
            identifiant=self.lieu.identifiant,
            section=SECTION,
            cle=uuid4(),
            vu={d.nom: d.vu for d in disputes},
            choix={n: v.code for n, v in choix.items()},
        )
        assert arbitrage.trancher(self.session, qui, decision) == {}
        apres = self.garde()
        assert all(apres[d.champ] == choix[d.nom].partie.valeur for d in disputes)
        assert arbitrage.ouvrir(self.session, qui, self.cible, SECTION).disputes == []

    def traces(self) -> list[Trace]:
        self.session.flush()
        return list(self.session.exec(select(Trace).where(Trace.objet == self.cible.cle)))


@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gestes=st.lists(GESTES, min_size=4, max_size=14))
def test_nobody_is_overwritten_unseen_and_every_answer_is_kept_or_told(
    session: Session, place: Any, gestes: list[tuple[str, str, str, str]]
) -> None:
    with session.begin_nested() as point:
        monde = Monde(session, place)
        for geste, nom, champ, quoi in gestes:
            getattr(monde, geste)(nom, champ, quoi)
        for nom in ONGLETS:
            monde.choisir(nom, "", "mienne")
        traces = monde.traces()
        changes = [c["apres"] for t in traces for c in t.changements]
        aparte = [a["valeur"] for t in traces for a in t.resultat.get("attente", [])]
        assert monde.tapes <= {*changes, *aparte, "zéro"}
        assert len({t.cle for t in traces}) == len(traces)  # one line for each act
        choix = [c for t in traces if t.action is Action.ARBITRAGE for c in t.resultat["choix"]]
        ecartees = {e["valeur"] for c in choix for e in c["ecartees"]}
        assert ecartees <= {*monde.tapes, "zéro"}
        point.rollback()
    session.expire_all()
