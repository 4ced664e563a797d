/* The review queue: one key for each answer, the focus on the name of each new card, its place in the address.
   Keys work when one types nowhere, and may be switched off (WCAG 2.1.4): the choice stays in this browser. */
(() => {
  const TOUCHES = { c: "confirmer", m: "modifier", p: "plus-tard" };
  const PAGE = "/relecture";
  const PREFERENCE = "raccourcis";
  const SAISIE = "input, select, textarea, [contenteditable], dialog[open] *";
  const LECTURE = 700; // ms: nobody has read a card sooner
  const PATIENCE = 15_000; // ms: an answer that got lost may be given again
  let vue = null;
  let depuis = -Infinity; // when the card came
  let repondu = null; // which answer is under way, and since when
  let derniere = null; // the number of the last card: coming back to the page, it is there until the new one comes
  let connue = false; // whether a card was there before, since this page was opened

  const carte = () => document.querySelector("[data-relire]");
  const actives = () => {
    try {
      return localStorage.getItem(PREFERENCE) !== "non";
    } catch {
      return true; // no storage: they can still be switched off for this page
    }
  };

  const numero = () => document.querySelector("[data-numero]")?.dataset.numero ?? "";
  const enCours = () => repondu && repondu.numero === numero() && performance.now() - repondu.quand < PATIENCE;
  const tropTot = () => enCours() || performance.now() - depuis < LECTURE;

  /* The buttons say so themselves while an answer would be for a card that nobody has read, or the same one twice. */
  const marquer = () => {
    for (const bouton of document.querySelectorAll("button[data-touche]"))
      if (tropTot()) bouton.setAttribute("aria-disabled", "true");
      else bouton.removeAttribute("aria-disabled");
  };
  const oublier = () => {
    repondu = null;
    marquer();
  };
  const attendre = (duree) => {
    marquer();
    setTimeout(marquer, duree + 10);
  };

  /* A new card: its address takes the place of the last one, so that Back and a reload come here again. */
  const arriver = () => {
    const c = carte();
    if (location.pathname !== PAGE) return void ([vue, connue] = [null, false]); // the card is on its way out
    const cle = c?.dataset.relire ?? null;
    const ici = numero();
    if (vue === null && ici && ici === derniere) return;
    if (ici) derniere = ici;
    if (cle === vue) return;
    const [deja, chemin] = [connue, c?.dataset.adresse];
    vue = cle;
    if (!c) return;
    connue = true;
    depuis = performance.now();
    attendre(LECTURE);
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
    if (repondu && !enCours()) oublier();
  }).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-relire", "data-numero"],
  });

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
    if (!tropTot()) cible.click();
  });
  // the second click of a double click, or one that comes with the card, would answer for what nobody has read
  document.addEventListener(
    "click",
    (e) => {
      const bouton = e.target.closest?.("[data-touche]");
      if (!bouton) return;
      const reponse = bouton.matches("button");
      if (e.detail < 2 && !(reponse && tropTot())) {
        if (!reponse) return;
        repondu = { numero: numero(), quand: performance.now() };
        return void attendre(PATIENCE);
      }
      e.preventDefault();
      e.stopPropagation();
    },
    true,
  );
})();
