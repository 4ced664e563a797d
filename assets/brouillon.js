/* The open section is kept as one types: 800 ms after the last change, and on leaving a field.
   A form with data-auto="oui" is sent through its own « Enregistrer », its field _geste saying why ("pause",
   "sortie"); the server answers by writing the key of that very sending in data-recu. Nothing is called saved before.
   Leaving by a link first waits for that answer. data-auto="non": somebody else changed the same thing, a person decides. */
(() => {
  const PAUSE = 800;
  const SORTIE = 150; // a click on « Enregistrer » also leaves the field
  const SANS_REPONSE = 6000;
  const CONNEXION = ["/auth/connexion", "/connexion"]; // the way back when the session has ended: never held
  const QUITTER = "Votre dernière saisie n’est pas enregistrée. Quitter cette page quand même\u00a0?";
  let minuterie, garde, enVol = "", sale = false, echec = false, suite = null;

  const formulaire = () => document.querySelector("form[data-auto]");
  const attente = (quoi) => {
    for (const e of document.querySelectorAll("[data-attente]")) e.hidden = e.dataset.attente !== quoi;
    document.querySelector(".barre")?.toggleAttribute("data-en-attente", Boolean(quoi));
  };
  const changer = (delai) => {
    sale = true;
    clearTimeout(minuterie);
    minuterie = setTimeout(envoyer, delai, delai === PAUSE ? "pause" : "sortie");
  };
  const envoyer = (pourquoi) => {
    clearTimeout(minuterie);
    const f = formulaire();
    if (!f || !sale || enVol || f.dataset.auto !== "oui") return;
    f.elements._geste.value = pourquoi;
    f.requestSubmit();
    f.elements._geste.value = "";
  };
  const perdu = () => {
    enVol = "";
    sale = echec = true;
    suite = null;
    attente("perdu");
    minuterie = setTimeout(envoyer, SANS_REPONSE, "pause");
  };
  const oublier = () => {
    enVol = "";
    sale = echec = false;
    clearTimeout(garde);
    clearTimeout(minuterie);
  };
  // codes chosen and rows are held in hidden inputs, which the server draws after the gesture: they count as typed
  let tenu = null;
  let tenus = "";
  const comparer = (f) => {
    const caches = f ? [...f.elements].filter((e) => e.type === "hidden" && e.name && !e.name.startsWith("_")) : [];
    const vus = caches.map((e) => `${e.name}=${e.value}`).join("&");
    if (f && f === tenu && vus !== tenus) changer(PAUSE);
    tenu = f;
    tenus = vus;
  };
  const repondu = () => {
    const f = formulaire();
    comparer(f);
    if (!f) {
      return oublier();
    }
    if (!enVol || f.dataset.recu !== enVol) return;
    enVol = "";
    echec = false;
    clearTimeout(garde);
    attente("");
    if (sale && f.dataset.auto === "oui") return changer(suite ? 0 : PAUSE);
    const lien = suite;
    suite = null;
    if (lien && f.dataset.auto === "oui") lien.click();
  };

  document.addEventListener(
    "submit",
    (e) => {
      if (e.target !== formulaire()) return;
      enVol = crypto.randomUUID();
      e.target.elements._cle.value = enVol;
      sale = false;
      clearTimeout(minuterie);
      clearTimeout(garde);
      garde = setTimeout(perdu, SANS_REPONSE);
      attente("envoi");
    },
    true,
  );
  const dedans = (e) => e.target.closest?.("form[data-auto]");
  for (const geste of ["input", "change"])
    document.addEventListener(geste, (e) => e.target.name && dedans(e) && changer(PAUSE), true);
  document.addEventListener("focusout", (e) => e.target.name && sale && dedans(e) && changer(SORTIE), true);
  document.addEventListener(
    "click",
    (e) => {
      const bouton = e.target.closest?.("button[type=button]");
      if (bouton && dedans(e) && !bouton.closest("[data-sans-envoi]")) return changer(PAUSE);
      const lien = e.target.closest?.("a[href]");
      const ailleurs = lien && lien.origin === location.origin && lien.pathname !== location.pathname;
      const simple = !(e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button || lien?.target);
      const f = formulaire();
      const conflit = f?.dataset.auto === "non";
      if (!ailleurs || !simple || !f || !(sale || enVol || conflit)) return;
      if (CONNEXION.includes(lien.pathname) || ((echec || conflit) && confirm(QUITTER))) return oublier();
      e.preventDefault();
      e.stopPropagation();
      if (echec || conflit) return;
      suite = lien;
      envoyer("sortie");
    },
    true,
  );
  addEventListener("beforeunload", (e) => formulaire() && (sale || enVol) && e.preventDefault());
  addEventListener("online", () => sale && envoyer("pause"));
  new MutationObserver(repondu).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-recu", "data-auto"],
  });
})();
