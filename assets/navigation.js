/* After a navigation inside the application the browser leaves the focus on <body>, so nothing is announced.
   The h1 of the new address takes it, or the part named after the #; if the h1 is replaced while the content
   arrives, the new one takes it, unless the person did something meanwhile. A full page load keeps the browser's
   own order, with the skip link first. Signing in keeps the address to come back to. */
(() => {
  let vu = null;
  let adresse = location.pathname;
  let attendu = false;
  const partie = (hash) => hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  const placer = (cible) => {
    if (!cible.hasAttribute("tabindex")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
  };
  new MutationObserver(() => {
    if (location.pathname !== adresse) {
      adresse = location.pathname;
      attendu = vu !== null;
    }
    const h1 = document.querySelector("#contenu h1");
    if (!h1 || h1 === vu) return;
    const cible = partie(location.hash);
    if (cible && (attendu || !vu)) {
      placer(cible);
      cible.scrollIntoView();
    } else if (attendu) placer(h1);
    vu = h1;
  }).observe(document, { childList: true, subtree: true });
  for (const geste of ["keydown", "pointerdown"]) document.addEventListener(geste, () => (attendu = false), true);
  document.addEventListener(
    "click",
    (e) => {
      const lien = e.target.closest?.("a[href]");
      if (lien?.closest(".menu")) document.querySelector(".menu:popover-open")?.hidePopover();
      if (lien?.pathname === "/auth/connexion" && !lien.search) lien.search = location.search;
      const cible = lien?.pathname === location.pathname && partie(lien.hash);
      if (cible) setTimeout(() => placer(cible));
    },
    true,
  );
})();
