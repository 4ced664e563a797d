/* Focus, where the browser alone would lose it. Three cases:
   - after a navigation inside the application the h1 of the new address takes it, or the part named after the #;
     if that h1 is replaced while the content arrives, the new one takes it, unless the person did something
     meanwhile. A full page load keeps the browser's own order, with the skip link first;
   - a link to a part of the same page gives it to that part;
   - the server asks for it, by an attribute, since our CSP forbids `rx.call_script`: data-foyer="geste:id:n", where
     champ is the element of that id, vider too but emptied, premier the first field whose name starts so; n only
     makes each request different (rxror/ui/saisie.py).
   And signing in keeps the address to come back to. */
(() => {
  let vu = null;
  let adresse = location.pathname;
  let attendu = false;
  let demande = null;

  const partie = (hash) => hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  const placer = (cible, voir) => {
    if (!cible.matches("a[href], button, input, select, textarea, [tabindex]")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
    if (voir) cible.scrollIntoView({ block: voir });
  };

  const arriver = () => {
    if (location.pathname !== adresse) {
      adresse = location.pathname;
      attendu = vu !== null;
    }
    const h1 = document.querySelector("#contenu h1");
    if (!h1 || h1 === vu) return;
    const cible = partie(location.hash);
    if (cible && (attendu || !vu)) placer(cible, "start");
    else if (attendu) placer(h1);
    vu = h1;
  };

  const lire = (element) => {
    const [, geste, id] = element.dataset.foyer?.match(/^(\w+):(.+):\w+$/) ?? [];
    demande = id ? { geste, id, fin: Date.now() + 3000 } : null;
  };
  const repondre = () => {
    if (!demande) return;
    if (Date.now() > demande.fin) return void (demande = null);
    const { geste, id } = demande;
    const cible =
      geste === "premier"
        ? document.querySelector(`:is(input:not([type="hidden"]), select, textarea)[name^="${CSS.escape(id)}"]`)
        : document.getElementById(id);
    if (!cible) return;
    demande = null;
    if (geste === "vider") cible.value = "";
    placer(cible, "nearest");
  };

  new MutationObserver((changements) => {
    arriver();
    for (const c of changements) if (c.type === "attributes") lire(c.target);
    repondre();
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-foyer"] });

  for (const geste of ["keydown", "pointerdown"]) document.addEventListener(geste, () => (attendu = false), true);
  document.addEventListener(
    "click",
    (e) => {
      const lien = e.target.closest?.("a[href]");
      if (lien?.closest(".menu")) document.querySelector(".menu:popover-open")?.hidePopover();
      if (lien?.pathname === "/auth/connexion" && !lien.search) lien.search = location.search;
      const cible = lien?.pathname === location.pathname && partie(lien.hash);
      if (cible) setTimeout(() => placer(cible, "nearest"));
    },
    true,
  );
})();
