/* After a navigation inside the application the browser leaves the focus on <body>, so nothing is announced.
   The first h1 of a new address takes it; an address with #part gives it to that part. A full page load keeps
   the browser's own order, with the skip link first. Signing in keeps the address to come back to. */
(() => {
  let vu = null;
  let adresse = location.pathname;
  const placer = (cible) => {
    if (!cible.hasAttribute("tabindex")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
  };
  new MutationObserver(() => {
    const h1 = document.querySelector("#contenu h1");
    if (!h1 || h1 === vu) return;
    const arrivee = vu === null;
    vu = h1;
    const partie = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (partie) {
      placer(partie);
      partie.scrollIntoView();
    } else if (!arrivee && location.pathname !== adresse) placer(h1);
    adresse = location.pathname;
  }).observe(document, { childList: true, subtree: true });
  document.addEventListener("click", (e) => {
    const lien = e.target.closest?.("a[href]");
    if (lien?.closest(".menu")) document.querySelector(".menu:popover-open")?.hidePopover();
    if (lien?.pathname === "/auth/connexion" && !lien.search) lien.search = location.search;
    if (lien?.hash && lien.pathname === location.pathname) {
      const partie = document.getElementById(decodeURIComponent(lien.hash.slice(1)));
      if (partie) setTimeout(() => placer(partie));
    }
  }, true);
})();
