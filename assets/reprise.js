/* What waits in the browser (attente.js) is sent, at most once, through a hidden form of the page that answers in
   data-reponse, {cle, issue, restent, ou}. Nothing leaves the browser's memory before that answer.
   - A section that opens while something of its own waits is first given back what waited; until the answer, nothing is
     typed in it.
   - What this very page left behind (by « back », or « Enregistrer ») is sent at once.
   - What another life of the browser left (a killed tab, an ended session) is told on every page; a person sends it,
     or reads it on « Réponses en attente ».
   - Signing out erases it all, and asks first. */
(() => {
  const SANS_REPONSE = 8000;
  const GARDE = ["fait", "choix"]; // what the server holds, even if a choice is still to be made there
  const DECONNEXION = "/auth/deconnexion";
  const PAGE = "/en-attente";
  const AUTRE = "Une autre personne a des réponses en attente sur cet appareil.";
  const EFFACER = "Se déconnecter les efface de cet appareil. Se déconnecter quand même\u00a0?";
  const SUPPRIMER = "Supprimer ces réponses\u00a0? Elles ne sont enregistrées nulle part ailleurs.";
  const DIFFERENTES = "Quelqu’un a changé la même chose que vous\u00a0: les deux réponses sont gardées, à vous de choisir. ";
  const laissees = new Map(); // {record this page left behind: "a faire", "en cours", or "essayee" in vain}
  const attendues = new Map(); // {cle: what to do with its answer}
  const vues = new WeakSet(); // forms that were looked at
  const lues = new WeakMap(); // {form of the page of what waits: what it was given to read}
  let file = Promise.resolve(); // one sending at a time
  let essayees = false;
  let dernieres = "";

  const $ = (quoi) => document.querySelector(quoi);
  const cacher = (quoi, cache) => {
    for (const e of document.querySelectorAll(quoi)) if (e.hidden !== cache) e.hidden = cache;
  };
  const ecrire = (quoi, texte) => {
    for (const e of document.querySelectorAll(quoi)) if (e.textContent !== texte) e.textContent = texte;
  };
  const champ = (e, nom) => e.formulaire.find(([n]) => n === nom)?.[1];
  const estDe = (f) => (e) => ["_genre", "_identifiant", "_section"].every((n) => champ(e, n) === f.elements[n]?.value);

  // ---- sending
  const remplir = (f, paires) =>
    f.replaceChildren(
      ...paires.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })),
    );
  const canal = (e) => {
    const f = $("form[data-auto]");
    return (f && estDe(f)(e) && $("form[data-reprise]")) || $("form[data-envoi]");
  };
  const poster = (f, e, paires) => {
    const cle = crypto.randomUUID();
    attente.garder({ ...e, sansReponse: [...e.sansReponse, cle].slice(-attente.ENVOIS) }); // before it leaves
    const reponse = new Promise((dire) => {
      attendues.set(cle, dire);
      setTimeout(dire, SANS_REPONSE, null);
    });
    remplir(f, [...e.formulaire, ["_cle", cle], ["_sans_reponse", e.sansReponse.join(" ")], ...paires]);
    f.requestSubmit();
    f.replaceChildren();
    return reponse.finally(() => attendues.delete(cle));
  };
  const essayer = async (connu) => {
    if (!navigator.onLine) return null;
    if (!(await attente.prendre(connu.id))) return { issue: "occupe" };
    const [e, f] = [attente.lire(connu), canal(connu)]; // the page may have changed while it waited
    const reponse = e && f && (await poster(f, e, [["_champs", e.champs.join(" ")]]));
    const reste = attente.lire(connu);
    if (GARDE.includes(reponse?.issue)) attente.oublier(connu);
    else if (reste && reponse) attente.garder({ ...reste, etat: reponse.issue, champs: reponse.restent ?? e.champs });
    attente.rendre(connu.id);
    return e ? reponse : { issue: "fait" };
  };
  const envoyer = (e) => {
    const tour = file.then(() => essayer(e));
    file = tour.catch(() => {});
    return tour;
  };
  const envoyerTout = async (liste) => {
    let [faites, ou] = [0, ""];
    for (const e of liste) {
      const reponse = await envoyer(e);
      if (reponse?.issue === "fait") faites += e.nombre;
      ou = reponse?.ou || ou;
    }
    essayees = true;
    const s = faites > 1 ? "s" : "";
    const dites = [faites && `${faites}\u00a0réponse${s} enregistrée${s}.`, ou && DIFFERENTES];
    ecrire("[data-attente-suite]", dites.filter(Boolean).join(" "));
    for (const lien of document.querySelectorAll("[data-attente-choix]")) [lien.hidden, lien.href] = [!ou, ou || "/"];
    await dire();
    if (document.activeElement.closest("[hidden]")) $("#contenu h1")?.focus();
  };

  // ---- a section that opens gets back what waited
  const reprendre = async (f) => {
    const siens = attente.tous().filter(estDe(f)).filter((e) => e.etat !== "retire");
    if (!siens.length) return;
    const enfants = [...f.children].filter((e) => !e.matches(".barre"));
    for (const e of enfants) e.inert = true;
    cacher("[data-attente=reprise]", false);
    const orphelins = new Set((await attente.orphelins()).map((e) => e.id));
    for (const e of siens.filter((s) => orphelins.has(s.id))) {
      let reponse = await envoyer(e);
      for (let delai = 2000; !reponse && f.isConnected; delai = Math.min(2 * delai, 30_000)) {
        await new Promise((oui) => {
          setTimeout(oui, delai);
          addEventListener("online", oui, { once: true });
        });
        reponse = await envoyer(e);
      }
      if (GARDE.includes(reponse?.issue)) rendreLeFoyer(location.hash.slice(1) || e.foyer, f);
    }
    for (const e of enfants) e.inert = false;
    cacher("[data-attente=reprise]", true);
    dire();
  };
  // to the field as it is drawn again, once the former one has left
  const rendreLeFoyer = (id, ancien, essais = 40) => {
    const champ = document.getElementById(decodeURIComponent(id));
    const pret = champ && !ancien.contains(champ) && !champ.closest("[inert]");
    if (!pret && essais) return setTimeout(rendreLeFoyer, 50, id, ancien, essais - 1);
    if (document.activeElement.matches("body, h1")) champ?.focus();
  };

  // ---- what is told on every page, and the page of what waits
  const dire = async () => {
    const orphelins = (await attente.orphelins()).filter((e) => !navigator.onLine || laissees.get(e.id) !== "a faire" && laissees.get(e.id) !== "en cours");
    const n = attente.compter(orphelins);
    const aDire = location.pathname.replace(/\/+$/, "") === PAGE ? 0 : n; // that page says it itself
    essayees = essayees && n > 0;
    ecrire("[data-attente-compte]", aDire ? attente.phrase(aDire) : "");
    cacher("[data-attente-ligne]", !(aDire || $("[data-attente-suite]")?.textContent));
    cacher("[data-attente-boutons]", !aDire);
    cacher("[data-attente-refus]", !(aDire && essayees));
    lister(orphelins);
  };
  const lister = (orphelins) => {
    const f = $("form[data-lecture]");
    if (!f) return;
    const la = new Set(orphelins.map((e) => e.id));
    for (const a of document.querySelectorAll("[data-attente-id]")) a.hidden = !la.has(a.dataset.attenteId);
    cacher("[data-attente-vide]", orphelins.length > 0);
    for (const e of orphelins.slice(0, 40)) {
      const version = `${e.id} ${e.etat} ${e.instant}`;
      if (lues.get(f)?.has(version)) continue;
      lues.set(f, (lues.get(f) ?? new Set()).add(version));
      const { id: _id, titre: _titre, etat: _etat, adresse: _adresse } = e;
      const dit = { _id, _titre, _etat, _adresse, _champs: e.champs.join(" "), _instant: `${e.instant}` };
      remplir(f, [...e.formulaire.filter(([nom]) => nom !== "_base"), ...Object.entries(dit)]);
      f.requestSubmit();
      f.replaceChildren();
    }
  };

  const repondu = () => {
    const reponses = [...document.querySelectorAll("[data-reponse]")].map((e) => e.dataset.reponse);
    if (reponses.join() !== dernieres) {
      dernieres = reponses.join();
      for (const texte of reponses.filter(Boolean)) {
        const reponse = JSON.parse(texte);
        attendues.get(reponse.cle)?.(reponse);
      }
    }
    const f = $("form[data-auto]");
    if (f && attente.personne() && $("form[data-reprise]") && !vues.has(f)) {
      vues.add(f);
      reprendre(f);
    }
  };
  const rattraper = (...quoi) => {
    if (!laissees.size || !navigator.onLine || !$("form[data-envoi]")) return;
    for (const e of attente.tous().filter((t) => quoi.includes(laissees.get(t.id)))) {
      laissees.set(e.id, "en cours");
      envoyer(e).then((reponse) => {
        if (reponse?.issue && reponse.issue !== "occupe") laissees.delete(e.id);
        else laissees.set(e.id, "essayee");
        dire();
      });
    }
  };
  let bientot = 0;
  let revenu = false;
  const veiller = () => {
    repondu();
    const avant = revenu;
    revenu = Boolean($("#reseau .bandeau--info")); // the connection is there again
    rattraper("a faire", revenu && !avant ? "essayee" : "");
    clearTimeout(bientot);
    bientot = setTimeout(dire, 50);
  };

  document.addEventListener("attente", () => veiller());
  document.addEventListener("attente:laissee", (e) => {
    attente.rendre(e.detail).then(() => {
      laissees.set(e.detail, "a faire");
      rattraper("a faire");
    });
  });
  addEventListener("online", () => rattraper("a faire", "essayee"));
  addEventListener("offline", () => veiller());
  document.addEventListener("visibilitychange", () => document.hidden || veiller());
  document.addEventListener("click", async (e) => {
    const bouton = e.target.closest?.("[data-envoyer], [data-supprimer], [data-envoyer-tout]");
    if (!bouton) return;
    const { envoyer: a, supprimer: b } = bouton.dataset;
    const choisis = (await attente.orphelins()).filter((o) => bouton.matches("[data-envoyer-tout]") || o.id === (a ?? b));
    if (b === undefined) return envoyerTout(choisis);
    if (!confirm(SUPPRIMER)) return;
    for (const o of choisis) attente.oublier(o);
    $("#contenu h1")?.focus();
  });
  document.addEventListener(
    "submit",
    (e) => {
      if (new URL(e.target.action, location.href).pathname !== DECONNEXION) return;
      const [n, autres] = [attente.compter(attente.tous()), attente.autres()];
      const quoi = n ? `${attente.phrase(n)}, pas encore enregistrée${n > 1 ? "s" : ""}.` : AUTRE;
      if ((n || autres) && !confirm(`${quoi} ${EFFACER}`)) {
        e.preventDefault();
        e.stopPropagation();
      } else attente.effacer();
    },
    true,
  );
  new MutationObserver(veiller).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-reponse", "data-personne"],
  });
})();
