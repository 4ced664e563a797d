/* The watch of an open page. Every few seconds it asks how long the session still lives and who else has a form of the
   same object open; asking is not activity. Seconds are the server's: the device's clock counts for nothing.
   Two minutes before the end a dialogue opens, another one when the session has ended. Signing in again comes back to the
   same field. What it knows is told by the event "rxror:session" of the document, detail {etat}: "ouverte", "bientot",
   "finie". */
(() => {
  const ADRESSE = "/auth/veille";
  const [CONNEXION, PAGE_CONNEXION] = ["/auth/connexion", "/connexion"];
  const ALERTE = 120; // seconds before the end; PRESQUE of rxror/auth/veille.py
  const MINUTE = 60;
  const RYTHME = 10; // seconds, while the server does not say
  const PATIENCE = 60;
  const DELAI = 8000;
  const ABSENCE = 30000; // what was told of the others is worth no more than that

  const onglet = crypto.randomUUID();
  let etat, congedie, enCours, apres, minuterie, rates, phrase, su, edite, champ, chemin, alerte;
  const oublier = () => {
    [etat, congedie, apres, rates, phrase, edite, alerte] = ["ouverte", false, "", 0, "", false, false];
    clearTimeout(minuterie);
  };
  oublier();

  const connecte = () => document.getElementById("session-finie")?.dataset.connecte === "oui";
  const dialogue = (nom) => document.getElementById(`session-${nom}`);
  const fermer = (sauf) => ["bientot", "finie"].forEach((nom) => nom !== sauf && dialogue(nom)?.close());

  const peindre = () => {
    const region = document.getElementById("presence");
    if (region && region.textContent !== phrase) region.textContent = phrase;
  };
  const montrer = (dialog, cas) => {
    for (const e of dialog.querySelectorAll("[data-si]")) e.hidden = !cas[e.dataset.si];
    if (dialog.open || congedie) return;
    dialog.showModal();
    // a key that was meant for the field must not leave the page
    (dialog.querySelector("[data-session=rester]:not([hidden])") ?? dialog.querySelector("h2")).focus();
  };
  const passer = (nouveau, cas = {}) => {
    if (nouveau !== etat) {
      [etat, congedie] = [nouveau, false];
      document.dispatchEvent(new CustomEvent("rxror:session", { detail: { etat } }));
    }
    fermer(etat);
    if (dialogue(etat)) montrer(dialogue(etat), cas);
  };

  const programmer = (secondes) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(battre, 1000 * secondes);
  };
  /* What the answer says; gives the seconds to the next call. */
  const recevoir = (dit) => {
    [rates, su] = [0, performance.now()];
    phrase = dit.presence ?? "";
    edite = Boolean(dit.edite);
    peindre();
    if (dit.session !== "ouverte") return passer("finie");
    const { reste, prolongeable } = dit;
    const cas = { prolongeable, limite: !prolongeable, minutes: reste > MINUTE, minute: reste <= MINUTE };
    passer(reste <= ALERTE ? "bientot" : "ouverte", cas);
    const seuils = [ALERTE, MINUTE, 0].map((s) => reste - s).filter((s) => s >= 0);
    programmer(Math.max(1, Math.min(dit.dans * (0.8 + 0.2 * Math.random()), ...seuils.map((s) => s + 0.5))));
  };
  const manquer = (geste) => {
    rates++;
    if (geste === "rester") montrer(dialogue("bientot"), { echec: true, prolongeable: true, minute: true });
    if (performance.now() - su > ABSENCE) phrase = "";
    peindre();
    programmer(Math.min(RYTHME * 2 ** (rates - 1), PATIENCE));
  };
  const appel = (geste) => JSON.stringify({ onglet, chemin: location.pathname, geste });
  const battre = async (geste = "") => {
    clearTimeout(minuterie);
    if (!connecte() || etat === "finie" || (document.hidden && !geste)) return;
    if (!navigator.onLine) return manquer(geste);
    if (enCours) return void (apres = geste || apres || "encore");
    enCours = true;
    const ou = location.pathname;
    try {
      const headers = { "Content-Type": "application/json" };
      const signal = AbortSignal.timeout(DELAI);
      const reponse = await fetch(ADRESSE, { method: "POST", headers, body: appel(geste), signal });
      if (!reponse.ok) throw new Error(reponse.status);
      const dit = await reponse.json();
      if (connecte() && ou === location.pathname) recevoir(dit);
    } catch {
      manquer(geste);
    }
    enCours = false;
    const suivant = apres;
    apres = "";
    if (suivant) battre(suivant === "encore" ? "" : suivant);
  };

  const suivre = () => {
    const [ici, la] = [connecte() ? location.pathname : "", Boolean(document.querySelector(`#incident a[href^="${CONNEXION}"]`))];
    const refuse = la && !alerte; // the gate has just said that the session is over: the same dialogue says it
    alerte = la;
    if (ici !== chemin) {
      [chemin, champ, phrase] = [ici, "", ""];
      if (ici) battre();
      else {
        fermer();
        oublier();
      }
    } else if (refuse) battre();
    peindre();
  };
  new MutationObserver(suivre).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-connecte"],
  });

  const retour = () => {
    const place = champ && document.getElementById(champ) ? `#${encodeURIComponent(champ)}` : "";
    return location.pathname + location.search + place;
  };
  document.addEventListener("focusin", (e) => {
    if (e.target.id && e.target.matches("#contenu :is(input, select, textarea, button)")) champ = e.target.id;
  });
  document.addEventListener(
    "click",
    (e) => {
      const lien = e.target.closest?.("a[href]");
      const ailleurs = location.pathname !== PAGE_CONNEXION;
      if (lien?.pathname === CONNEXION && ailleurs) lien.search = `?next=${encodeURIComponent(retour())}`;
      const geste = e.target.closest?.("[data-session]")?.dataset.session;
      if (geste === "rester") battre(geste);
      if (geste !== "fermer") return;
      congedie = true;
      e.target.closest("dialog").close();
    },
    true,
  );
  document.addEventListener("cancel", (e) => e.target.matches?.("dialog[id^=session-]") && (congedie = true), true);
  document.addEventListener("visibilitychange", () => document.hidden || battre());
  addEventListener("online", () => battre());
  // A page kept whole by the browser may be somebody else's by now, or nobody's: it is asked again, never shown as it was.
  addEventListener("pageshow", (e) => e.persisted && location.reload());
  addEventListener("pagehide", () => edite && navigator.sendBeacon(ADRESSE, new Blob([appel("quitter")], { type: "application/json" })));
})();
