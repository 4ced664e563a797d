/* Focus, where the browser alone would lose it (inside a form, see saisie.js). Two cases:
   - after a navigation inside the application the h1 of the new address takes it, or the part named after the #;
     if that h1 is replaced while the content arrives, the new one takes it, unless the person did something
     meanwhile. A full page load keeps the browser's own order, with the skip link first;
   - a link to a part of the same page gives it to that part.
   And signing in keeps the address to come back to. */
(() => {
  let vu = null;
  let adresse = location.pathname;
  let attendu = false;

  const partie = (hash) => {
    try {
      return hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch {
      return null; // a hash that is no text
    }
  };
  const placer = (cible, voir) => {
    if (!cible.matches("a[href], button, input, select, textarea, [tabindex]")) cible.setAttribute("tabindex", "-1");
    cible.focus({ preventScroll: true });
    // a field is seen with its label, its help and its error
    if (voir) (cible.closest(".champ") ?? cible).scrollIntoView({ block: voir });
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

  new MutationObserver(arriver).observe(document, { childList: true, subtree: true });

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
