/* The open section is kept as one types: 800 ms after the last change, and on leaving a field.
   A form with data-auto="oui" is sent through its own « Enregistrer », its field _geste saying why ("pause",
   "sortie"); the server answers by writing the key of that very sending in data-recu. Nothing is called saved before.
   Without an answer it is sent again, later and later, and says the keys that had no answer: they may be saved.
   After a refusal, which the page tells, it is sent only when one types or asks.
   Leaving by a link first waits for the answer; leaving by « back » sends at once.
   data-auto="non": somebody else changed the same thing, a person decides.
   What was typed in a field that leaves the screen, with the answer it depends on, comes back with it. */
(() => {
  const PAUSE = 800;
  const SORTIE = 150; // a click on « Enregistrer » also leaves the field
  const SANS_REPONSE = 6000;
  const PATIENCE = 60000;
  const ENVOIS = 20; // keys without an answer that are told
  const CONNEXION = ["/auth/connexion", "/connexion"]; // the way back when the session has ended: never held
  const QUITTER = "Votre dernière saisie n’est pas enregistrée. Quitter cette page quand même\u00a0?";
  // saisi and garde count what was typed: all of it, and what the server has kept
  let saisi, garde, enVol, echec, suite, reprise, minuterie, attendue, fige;
  const envois = new Map(); // {key: count typed when it left}, without an answer yet

  const formulaire = () => document.querySelector("form[data-auto]");
  const conflit = () => formulaire()?.dataset.auto === "non";
  const attente = (quoi) => {
    for (const e of document.querySelectorAll("[data-attente]")) e.hidden = e.dataset.attente !== quoi;
    document.querySelector(".barre")?.toggleAttribute("data-en-attente", Boolean(quoi));
  };
  const oublier = () => {
    saisi = garde = 0;
    enVol = echec = false;
    suite = fige = null;
    reprise = SANS_REPONSE;
    envois.clear();
    clearTimeout(minuterie);
    clearTimeout(attendue);
  };
  oublier();
  const changer = (delai) => {
    saisi++;
    bientot(delai);
  };
  const bientot = (delai) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(envoyer, delai, delai === SORTIE ? "sortie" : "pause");
  };
  const envoyer = (pourquoi) => {
    clearTimeout(minuterie);
    const f = formulaire();
    if (!f || garde === saisi || enVol || f.dataset.auto !== "oui") return;
    f.elements._geste.value = pourquoi;
    f.requestSubmit();
    f.elements._geste.value = "";
  };
  // « Enregistrer » leads away: what would be typed until then would be lost
  const figer = (f) => {
    fige = document.activeElement;
    for (const e of f.children) if (!e.matches(".barre")) e.inert = true;
  };
  const rendre = () => {
    if (!fige) return;
    for (const e of formulaire()?.children ?? []) e.inert = false;
    if (document.activeElement === document.body) fige.focus();
    fige = null;
  };
  const perdu = () => {
    enVol = false;
    echec = true;
    suite = null;
    if (garde === saisi) saisi++; // « Enregistrer », with nothing new typed, is still to be answered
    rendre();
    const refus = document.querySelector("#incident .bandeau");
    attente(refus ? "refus" : "perdu");
    if (refus) return;
    bientot(reprise);
    reprise = Math.min(2 * reprise, PATIENCE);
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
  const partis = new Map(); // {field: what was typed there}, of the fields that left
  const COCHES = ["checkbox", "radio"];
  const champs = (noeuds) =>
    [...noeuds]
      .filter((n) => n.nodeType === 1)
      .flatMap((n) => [...n.querySelectorAll("[name]"), ...(n.name ? [n] : [])])
      .filter((e) => e.type !== "hidden" && !e.name.startsWith("_"));
  const clef = (e) => (COCHES.includes(e.type) ? `${e.name}=${e.value}` : e.name);
  const retenir = (mutations) => {
    const venus = champs(mutations.flatMap((m) => [...m.addedNodes])).filter((e) => e.isConnected);
    const la = new Set(venus.map(clef));
    for (const e of venus.filter((v) => partis.has(clef(v)))) {
      const quoi = COCHES.includes(e.type) ? "checked" : "value";
      e[quoi] = partis.get(clef(e));
      partis.delete(clef(e));
      e.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const e of champs(mutations.flatMap((m) => [...m.removedNodes]))) {
      const [tape, dessine] = COCHES.includes(e.type) ? [e.checked, e.defaultChecked] : [e.value, e.defaultValue];
      if (tape !== dessine && !e.isConnected && !la.has(clef(e))) partis.set(clef(e), tape); // else: drawn again
    }
  };
  const repondu = (mutations) => {
    const f = formulaire();
    if (f !== tenu) partis.clear();
    else retenir(mutations);
    comparer(f);
    if (!f) return oublier();
    if (!envois.has(f.dataset.recu)) return;
    garde = envois.get(f.dataset.recu);
    for (const cle of [...envois.keys()]) {
      envois.delete(cle);
      if (cle === f.dataset.recu) break;
    }
    if (envois.size && garde < saisi) return; // a later sending is on its way
    enVol = echec = false;
    reprise = SANS_REPONSE;
    clearTimeout(attendue);
    clearTimeout(minuterie);
    attente("");
    rendre();
    if (garde < saisi && f.dataset.auto === "oui") return bientot(suite ? 0 : PAUSE);
    const lien = suite;
    suite = null;
    if (lien && f.dataset.auto === "oui") lien.click();
  };

  document.addEventListener(
    "submit",
    (e) => {
      const f = formulaire();
      if (e.target !== f) return;
      const cle = crypto.randomUUID();
      f.elements._cle.value = cle;
      f.elements._sans_reponse.value = [...envois.keys()].slice(-ENVOIS).join(" ");
      envois.set(cle, saisi);
      enVol = true;
      clearTimeout(minuterie);
      clearTimeout(attendue);
      attendue = setTimeout(perdu, SANS_REPONSE);
      attente("envoi");
      if (!f.elements._geste.value) figer(f);
    },
    true,
  );
  const dedans = (e) => e.target.closest?.("form[data-auto]");
  for (const geste of ["input", "change"])
    document.addEventListener(geste, (e) => e.target.name && dedans(e) && changer(PAUSE), true);
  document.addEventListener("focusout", (e) => e.target.name && garde < saisi && dedans(e) && bientot(SORTIE), true);
  document.addEventListener(
    "click",
    (e) => {
      const bouton = e.target.closest?.("button[type=button]");
      if (bouton && dedans(e) && !bouton.closest("[data-sans-envoi]")) return changer(PAUSE);
      const lien = e.target.closest?.("a[href]");
      const ailleurs = lien && lien.origin === location.origin && lien.pathname !== location.pathname;
      const simple = !(e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button || lien?.target);
      if (!ailleurs || !simple || !formulaire() || !(garde < saisi || enVol || conflit())) return;
      if (CONNEXION.includes(lien.pathname) || ((echec || conflit()) && confirm(QUITTER))) return oublier();
      e.preventDefault();
      e.stopPropagation();
      if (echec || conflit()) return;
      suite = lien;
      envoyer("sortie");
    },
    true,
  );
  const aussitot = () => {
    if ([...envois.values()].at(-1) < saisi) enVol = false; // what is on its way is older
    envoyer("sortie");
  };
  addEventListener("popstate", aussitot, true);
  window.navigation?.addEventListener("navigate", (e) => {
    const retient = e.navigationType === "traverse" && e.cancelable && (echec || conflit());
    if (retient && !confirm(QUITTER)) e.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.hidden && aussitot());
  addEventListener("beforeunload", (e) => formulaire() && (garde < saisi || enVol || conflit()) && e.preventDefault());
  addEventListener("online", () => envoyer("pause"));
  new MutationObserver(repondu).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-recu", "data-auto"],
  });
})();
