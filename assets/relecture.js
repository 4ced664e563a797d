/* The review queue: one key for each answer, the focus on the name of each new card, its place in the address.
   Keys work when one types nowhere, and may be switched off (WCAG 2.1.4): the choice stays in this browser. */
(() => {
  const TOUCHES = { c: "confirmer", m: "modifier", p: "plus-tard" };
  const PAGE = "/relecture";
  const PREFERENCE = "raccourcis";
  const SAISIE = "input, select, textarea, [contenteditable], dialog[open] *";
  let vue = null;
  let connue = false; // whether a card was there before, since this page was opened

  const carte = () => document.querySelector("[data-relire]");
  const actives = () => {
    try {
      return localStorage.getItem(PREFERENCE) !== "non";
    } catch {
      return true; // no storage: they can still be switched off for this page
    }
  };

  /* A new card: its address takes the place of the last one, so that Back and a reload come here again. */
  const arriver = () => {
    const c = carte();
    if (location.pathname !== PAGE) return void ([vue, connue] = [null, false]); // the card is on its way out
    const cle = c?.dataset.relire ?? null;
    if (cle === vue) return;
    const [deja, chemin] = [connue, c?.dataset.adresse];
    vue = cle;
    if (!c) return;
    connue = true;
    if (chemin && location.pathname + location.search !== chemin) history.replaceState(history.state, "", chemin);
    if (!deja) return;
    c.querySelector("h2")?.focus({ preventScroll: true });
    document.querySelector("#contenu .tete")?.scrollIntoView({ block: "start" });
  };
  const cocher = () => {
    const choix = document.getElementById("raccourcis");
    if (!choix || choix.dataset.pret) return;
    choix.dataset.pret = "oui";
    choix.checked = actives();
    appliquer(choix.checked);
  };
  const appliquer = (oui) => document.querySelector("[data-raccourcis]")?.setAttribute("data-raccourcis", oui ? "oui" : "non");

  new MutationObserver(() => {
    arriver();
    cocher();
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-relire"] });

  document.addEventListener("change", (e) => {
    if (e.target.id !== "raccourcis") return;
    appliquer(e.target.checked);
    try {
      if (e.target.checked) localStorage.removeItem(PREFERENCE);
      else localStorage.setItem(PREFERENCE, "non");
    } catch {
      /* as above */
    }
  });
  document.addEventListener("keydown", (e) => {
    const geste = TOUCHES[e.key.toLowerCase()];
    if (!geste || !carte() || e.repeat || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.defaultPrevented) return;
    if (e.target.closest?.(SAISIE) && e.target.id !== "raccourcis") return;
    if (document.querySelector("[data-raccourcis]")?.dataset.raccourcis === "non" || document.querySelector("dialog[open]")) return;
    const cible = document.querySelector(`[data-touche="${geste}"]`);
    if (!cible) return;
    e.preventDefault();
    cible.click();
  });
  // the second click of a double click would answer for a card that nobody has read
  document.addEventListener(
    "click",
    (e) => {
      if (e.detail < 2 || !e.target.closest?.("[data-touche]")) return;
      e.preventDefault();
      e.stopPropagation();
    },
    true,
  );
})();
