/* The open section is kept as one types: 800 ms after the last change, and on leaving a field.
   A form with data-auto is sent through its own « Enregistrer », its field _geste saying why ("pause",
   "sortie"); the server answers by writing the key of that very sending in data-recu. Nothing is called saved before.
   Without an answer it is sent again, later and later, and says the keys that had no answer: they may be saved.
   A breakdown of the server is asked again every few seconds, and at once when the connection is back.
   After a refusal, which the page tells, it is sent only when one types or asks.
   Until the answer all of it also waits in the browser (attente.js): what the page could not send, another will.
   Leaving by a link first waits for the answer; leaving by « back » sends at once.
   What was typed in a field that leaves the screen, with the answer it depends on, comes back with it. */
(() => {
  const PAUSE = 800;
  const SORTIE = 150; // a click on « Enregistrer » also leaves the field
  const SANS_REPONSE = 6000;
  const PATIENCE = 60000;
  const PANNE = 3000;
  const CONNEXION = ["/auth/connexion", "/connexion"]; // the way back when the session has ended: never held
  const ECRITURE = 150; // what waits is written at the first key, then that often
  const QUITTER = "Votre dernière saisie n’est pas encore enregistrée. Quitter cette page quand même\u00a0?";
  const [GARDEE, GARDEES] = ["gardée sur cet appareil.", "gardées sur cet appareil."];
  const PAS_GARDE = {
    pleine: "La mémoire de ce navigateur est pleine\u00a0: ne fermez pas cette page avant «\u00a0Enregistré\u00a0».",
    absente: "Ce navigateur ne garde rien pour ce site\u00a0: ne fermez pas cette page avant «\u00a0Enregistré\u00a0».",
  };
  // saisi and garde count what was typed: all of it, and what the server has kept
  let saisi, garde, enVol, echec, suite, reprise, minuterie, attendue, fige, incidentLu;
  let coupe = false;
  const envois = new Map(); // {key: what left, as {compte: of what was typed, paires}}, without an answer yet
  let ici = null; // what waits of the form on the screen; `depart` is what the server knows of it, {name: value}

  const formulaire = () => document.querySelector("form[data-auto]");
  let dit = "";
  const dire = (quoi) => {
    dit = quoi;
    for (const e of document.querySelectorAll("[data-attente]")) e.hidden = e.dataset.attente !== quoi;
    document.querySelector(".barre")?.toggleAttribute("data-en-attente", Boolean(quoi));
    direLeReste();
  };
  const direLeReste = () => {
    const reste = document.querySelector("[data-attente-reste]");
    const e = ici && attente.lire(ici);
    const garde = attente.panne() ? PAS_GARDE[attente.panne()] : e ? `${attente.phrase(e.nombre)}, ${e.nombre > 1 ? GARDEES : GARDEE}` : "";
    if (reste) reste.textContent = ["", "envoi"].includes(dit) ? "" : ` ${garde}`;
  };

  // ---- what waits in the browser
  const PROTOCOLE = ["_cle", "_sans_reponse", "_geste"];
  const paires = (f) => [...new FormData(f)].filter(([nom, valeur]) => typeof valeur === "string" && !PROTOCOLE.includes(nom));
  const changes = (depart, maintenant) => {
    const apres = new Map(maintenant);
    return [...new Set([...depart.keys(), ...apres.keys()])].filter((nom) => nom[0] !== "_" && depart.get(nom) !== apres.get(nom));
  };
  // a box, a chosen code or a row counts as its list
  const repondus = (f, noms) => {
    const sorte = (nom) => (f.elements[nom]?.[0] ?? f.elements[nom])?.type ?? "hidden";
    return new Set(noms.map((nom) => (["checkbox", "hidden"].includes(sorte(nom)) ? nom.replace(/\.[^.]*$/, "") : nom))).size;
  };
  const commencer = (f) => {
    ici = { id: crypto.randomUUID(), qui: attente.personne(), depart: new Map(paires(f)), ou: null, foyer: "", ecriture: 0 };
  };
  const ecrire = (f) => {
    clearTimeout(ici.ecriture);
    ici.ecriture = 0;
    ici.qui ||= attente.personne();
    if (!ici.qui || garde === saisi) return;
    ici.ou ??= { adresse: location.pathname + location.search, titre: document.title };
    if (document.activeElement.name && f.contains(document.activeElement)) ici.foyer = document.activeElement.id;
    const formulaire = paires(f);
    const champs = changes(ici.depart, formulaire);
    attente.garder({
      ...ici.ou,
      id: ici.id,
      qui: ici.qui,
      instant: Date.now(),
      etat: "",
      foyer: ici.foyer,
      formulaire,
      champs,
      nombre: Math.max(1, repondus(f, champs)),
      sansReponse: [...envois.keys()].slice(-attente.ENVOIS),
    });
    direLeReste();
  };
  const noter = () => {
    const f = formulaire();
    if (!f || !ici) return;
    ici.abandon = false;
    if (ici.ecriture) return;
    ecrire(f);
    ici.ecriture = setTimeout(() => f === formulaire() && ecrire(f), ECRITURE);
  };
  // the form left the screen: what it holds is for the next page to send
  const laisser = (f) => {
    if (garde < saisi && !ici.abandon) ecrire(f);
    clearTimeout(ici.ecriture);
    if (ici.abandon) attente.oublier(ici);
    else if (attente.lire(ici)?.etat === "") document.dispatchEvent(new CustomEvent("attente:laissee", { detail: ici.id }));
    else attente.rendre(ici.id);
    ici = null;
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
    noter();
    if (!navigator.onLine) dire("reseau"); // at the first character
    bientot(delai);
  };
  const bientot = (delai) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(envoyer, delai, delai === SORTIE ? "sortie" : "pause");
  };
  const envoyer = (pourquoi) => {
    clearTimeout(minuterie);
    const f = formulaire();
    if (!f || garde === saisi || enVol) return;
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
  // why nothing is acknowledged: the session, a refusal, the network, the connection, the server
  const incident = () => document.querySelector("#incident .bandeau");
  const panne = () => incident()?.querySelector(".nombre"); // the reference of a breakdown
  const coupure = () => Boolean(document.querySelector("#reseau .bandeau:not(.bandeau--info)"));
  const refus = () => finie || (incident() && !panne());
  const pourquoi = () => {
    if (finie || incident()?.querySelector(`a[href^="${CONNEXION[0]}"]`)) return "session";
    if (refus()) return "refus";
    if (!navigator.onLine) return "reseau";
    return coupure() ? "perdu" : "serveur";
  };
  let finie = false; // as assets/veille.js tells it
  const perdu = () => {
    clearTimeout(attendue);
    enVol = false;
    echec = true;
    suite = null;
    if (garde === saisi) saisi++; // « Enregistrer », with nothing new typed, is still to be answered
    rendre();
    dire(pourquoi());
    if (refus()) return;
    if (panne()) return bientot(PANNE);
    bientot(reprise);
    reprise = Math.min(2 * reprise, PATIENCE);
  };
  const reessayer = () => {
    enVol = false; // what was on its way may never arrive
    envoyer("pause");
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
  let page = location.pathname;
  const repondu = (mutations) => {
    const f = formulaire();
    const ailleurs = page !== location.pathname;
    page = location.pathname;
    if (f !== tenu || ailleurs) partis.clear(); // a page that is left takes its fields with it
    if (f !== tenu) {
      if (ici) laisser(tenu);
      oublier();
    } else if (!ailleurs) retenir(mutations);
    comparer(f);
    if (!f) return;
    if (!ici) commencer(f);
    const avant = coupe;
    coupe = coupure();
    if (avant && !coupe) reessayer();
    if (enVol && incident() && incident().textContent !== incidentLu) return perdu();
    if (!envois.has(f.dataset.recu)) return;
    garde = envois.get(f.dataset.recu).compte;
    ici.depart = new Map(envois.get(f.dataset.recu).paires);
    for (const cle of [...envois.keys()]) {
      envois.delete(cle);
      if (cle === f.dataset.recu) break;
    }
    if (envois.size && garde < saisi) return; // a later sending is on its way
    enVol = echec = false;
    reprise = SANS_REPONSE;
    clearTimeout(attendue);
    clearTimeout(minuterie);
    if (garde < saisi) ecrire(f); // what is not kept still waits
    else attente.oublier(ici);
    dire("");
    panne()?.closest(".bandeau").querySelector("button").click(); // it is over
    rendre();
    if (garde < saisi) return bientot(suite ? 0 : PAUSE);
    const lien = suite;
    suite = null;
    if (lien) lien.click();
  };

  document.addEventListener(
    "submit",
    (e) => {
      const f = formulaire();
      if (e.target !== f) return;
      if (!navigator.onLine) {
        e.preventDefault();
        e.stopPropagation();
        return perdu(); // sent at the return of the network
      }
      const cle = crypto.randomUUID();
      f.elements._cle.value = cle;
      f.elements._sans_reponse.value = [...envois.keys()].slice(-attente.ENVOIS).join(" ");
      envois.set(cle, { compte: saisi, paires: paires(f) });
      enVol = true;
      incidentLu = incident()?.textContent;
      if (ici && attente.lire(ici)) ecrire(f); // its key, before it leaves
      clearTimeout(minuterie);
      clearTimeout(attendue);
      attendue = setTimeout(perdu, SANS_REPONSE);
      dire("envoi");
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
      if (ici && bouton?.matches("[data-abandon]")) ici.abandon = true;
      if (bouton && dedans(e) && !bouton.closest("[data-sans-envoi]")) return changer(PAUSE);
      const lien = e.target.closest?.("a[href]");
      const ailleurs = lien && lien.origin === location.origin && lien.pathname !== location.pathname;
      const simple = !(e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button || lien?.target);
      if (!ailleurs || !simple || !formulaire() || !(garde < saisi || enVol)) return;
      if (CONNEXION.includes(lien.pathname) || (echec && confirm(QUITTER))) {
        if (ici) ecrire(formulaire());
        return oublier();
      }
      e.preventDefault();
      e.stopPropagation();
      if (echec) return;
      suite = lien;
      envoyer("sortie");
    },
    true,
  );
  const aussitot = () => {
    if (ici && formulaire()) ecrire(formulaire());
    if ([...envois.values()].at(-1)?.compte < saisi) enVol = false; // what is on its way is older
    envoyer("sortie");
  };
  addEventListener("popstate", aussitot, true);
  // before popstate, where the router may have taken the form away already
  window.navigation?.addEventListener("navigate", (e) => {
    if (e.navigationType !== "traverse") return;
    if (e.cancelable && echec && !confirm(QUITTER)) e.preventDefault();
    else aussitot();
  });
  addEventListener("pagehide", aussitot);
  document.addEventListener("visibilitychange", () => document.hidden && aussitot());
  addEventListener("beforeunload", (e) => formulaire() && (garde < saisi || enVol) && e.preventDefault());
  document.addEventListener("rxror:session", (e) => {
    finie = e.detail.etat === "finie";
    if (!finie) envoyer("pause");
    else if (formulaire() && garde < saisi) perdu();
  });
  addEventListener("offline", () => formulaire() && garde < saisi && dire("reseau"));
  addEventListener("online", reessayer);
  new MutationObserver(repondu).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-recu"],
  });
})();
