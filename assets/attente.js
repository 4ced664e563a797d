/* What is typed and not yet acknowledged waits in the browser, in localStorage: a reload, a closed tab or an ended
   session loses none of it. One record per open form: two tabs on one section have two, and neither erases the other's.
   A record belongs to one person, by the opaque mark the page gives (data-personne): those of somebody else are neither
   counted, shown nor sent. All are erased at sign-out; one that is older than 30 days is erased too.
   A page holds the lock of a record it fills or sends (navigator.locks, freed when the tab dies); a record that nobody
   holds is an orphan, and only one page can take it. Without locks the `cle` of each sending still prevents doubles.
   Nothing here speaks to the server: brouillon.js fills, reprise.js sends. */
globalThis.attente = (() => {
  const ENVOIS = 20; // keys without an answer that a form tells
  const DEBUT = "rxror.attente.";
  const AGE = 30 * 24 * 3600 * 1000;
  const PLACE = 2_000_000; // characters of all records: a full browser would also fail others' sites
  const PANNES = { pleine: "QuotaExceededError" };
  const tenus = new Map(); // {id: promise of what gives its lock back and waits until it is free, or of null}
  let panne = ""; // why the last record could not be written
  let effacees = false; // by signing out, here or in another tab: a page that closes writes nothing again

  const personne = () => document.querySelector("[data-personne]")?.dataset.personne ?? "";
  const annoncer = () => document.dispatchEvent(new Event("attente"));
  const clefs = () => {
    try {
      return Object.keys(localStorage).filter((clef) => clef.startsWith(DEBUT));
    } catch {
      return []; // storage refused by the browser
    }
  };
  const clef = (e) => `${DEBUT}${e.qui}.${e.id}`;
  const ouvrir = (clef) => {
    try {
      const e = JSON.parse(localStorage.getItem(clef));
      return e?.id && Array.isArray(e.formulaire) && e.instant > Date.now() - AGE ? e : null;
    } catch {
      return null;
    }
  };
  const lire = (e) => ouvrir(clef(e));
  const tous = (qui = personne()) => {
    const siens = qui ? clefs().filter((c) => c.startsWith(`${DEBUT}${qui}.`)) : [];
    return siens.map(ouvrir).filter(Boolean).sort((a, b) => a.instant - b.instant);
  };

  const demander = (id) =>
    new Promise((dire) => {
      if (!navigator.locks) return dire(() => {});
      const obtenu = (verrou) => (verrou ? new Promise((fin) => dire(() => (fin(), libre))) : void dire(null));
      const libre = navigator.locks.request(DEBUT + id, { ifAvailable: true }, obtenu).catch(() => dire(null));
    });
  const prendre = async (id) => {
    if (!tenus.has(id)) tenus.set(id, demander(id));
    if (await tenus.get(id)) return true;
    tenus.delete(id);
    return false;
  };
  const rendre = async (id) => {
    const tenu = tenus.get(id);
    tenus.delete(id);
    await (await tenu)?.();
    annoncer();
  };
  const orphelins = async () => {
    const pris = navigator.locks ? (await navigator.locks.query()).held.map((v) => v.name) : [];
    return tous().filter((e) => !tenus.has(e.id) && !pris.includes(DEBUT + e.id));
  };

  const garder = (e) => {
    if (effacees) return;
    const texte = JSON.stringify(e);
    try {
      const autres = clefs().filter((c) => c !== clef(e));
      const occupe = autres.reduce((n, c) => n + (localStorage.getItem(c)?.length ?? 0), texte.length);
      if (occupe > PLACE) throw new DOMException("", PANNES.pleine);
      localStorage.setItem(clef(e), texte);
      panne = "";
    } catch (erreur) {
      panne = erreur.name === PANNES.pleine ? "pleine" : "absente";
    }
    prendre(e.id);
    annoncer();
  };
  const oublier = (e) => {
    try {
      localStorage.removeItem(clef(e));
    } catch {
      // nothing was written either
    }
    rendre(e.id);
    annoncer();
  };
  const effacer = () => {
    for (const c of clefs()) localStorage.removeItem(c);
    effacees = true;
    annoncer();
  };
  // who stayed and types again has something to keep
  for (const geste of ["input", "click"])
    document.addEventListener(geste, (e) => e.target.closest?.("form[data-auto]") && (effacees = false), true);

  for (const c of clefs()) if (!ouvrir(c)) localStorage.removeItem(c);
  addEventListener("storage", (e) => {
    if (e.key && !e.key.startsWith(DEBUT)) return;
    // a record that this page holds is taken away by nobody else, but by who signs out
    if (!e.newValue && [...tenus.keys()].some((id) => e.key?.endsWith(`.${id}`))) effacees = true;
    annoncer();
  });
  return {
    ENVOIS,
    personne,
    lire,
    tous,
    orphelins,
    prendre,
    rendre,
    garder,
    oublier,
    effacer,
    panne: () => panne,
    autres: () => clefs().length - tous().length,
    compter: (liste) => liste.reduce((n, e) => n + e.nombre, 0),
    phrase: (n) => `${n}\u00a0réponse${n > 1 ? "s" : ""} en attente d’envoi`,
  };
})();
