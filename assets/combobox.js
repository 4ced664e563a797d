/* Keyboard of a search field: the « editable combobox with list autocomplete » of the ARIA practices. The server draws
   the answers in the panel and says in data-texte which text they answer; here one opens, walks, picks and closes it.
   Arrows walk, Home and End go to the ends once one walks, Enter picks, Escape closes then empties, Tab leaves. */
(() => {
  let voulu = null; // the field whose answers may be shown
  let geste = ""; // how the focus comes: Tab or a touch open, a script does not

  const combobox = (e) => e.target.closest?.("[role=combobox]");
  const liste = (champ) => document.getElementById(champ.getAttribute("aria-controls"));
  const panneau = (champ) => liste(champ)?.closest(".propositions");
  const reponses = (champ) => [...(liste(champ)?.querySelectorAll("[role=option]") ?? [])];
  const ouvert = (champ) => panneau(champ)?.hasAttribute("data-ouvert");
  const repondu = (champ) => panneau(champ)?.dataset.texte === [...champ.value].slice(0, 80).join("");
  const active = (champ) => document.getElementById(champ.getAttribute("aria-activedescendant"));

  const activer = (champ, option) => {
    for (const autre of reponses(champ)) autre.setAttribute("aria-selected", String(autre === option));
    if (!option) return champ.removeAttribute("aria-activedescendant");
    champ.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const fermer = (champ) => {
    panneau(champ)?.removeAttribute("data-ouvert");
    champ.setAttribute("aria-expanded", "false");
    activer(champ, null);
  };
  const ouvrir = (champ) => {
    const boite = panneau(champ);
    if (!boite?.textContent) return fermer(champ);
    boite.setAttribute("data-ouvert", "");
    champ.setAttribute("aria-expanded", String(reponses(champ).length > 0));
    const bas = window.visualViewport?.height ?? window.innerHeight;
    if (boite.getBoundingClientRect().bottom > bas) boite.parentElement.scrollIntoView({ block: "start" });
  };
  const marcher = (champ, pas) => {
    if (!ouvert(champ)) {
      voulu = champ;
      ouvrir(champ);
      if (!ouvert(champ)) return;
    }
    const toutes = reponses(champ);
    const rang = toutes.indexOf(active(champ));
    activer(champ, toutes.at(rang < 0 ? (pas > 0 ? 0 : -1) : (rang + pas) % toutes.length));
  };
  const choisir = (champ) => {
    const toutes = reponses(champ);
    const choisie = active(champ) ?? (toutes.length === 1 && repondu(champ) ? toutes[0] : null);
    if (ouvert(champ)) choisie?.click();
  };
  const vider = (champ) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(champ, "");
    champ.dispatchEvent(new Event("input", { bubbles: true }));
    voulu = null;
  };

  const touches = {
    ArrowDown: (champ) => marcher(champ, 1),
    ArrowUp: (champ) => marcher(champ, -1),
    Home: (champ) => active(champ) && (activer(champ, reponses(champ).at(0)), true),
    End: (champ) => active(champ) && (activer(champ, reponses(champ).at(-1)), true),
    Enter: choisir, // and never sends the form
    Escape: (champ) => {
      if (ouvert(champ)) return void ((voulu = null), fermer(champ));
      if (champ.value) return void vider(champ);
      return null; // nothing of ours: the key keeps its meaning
    },
  };
  const laissees = new Set(["Home", "End", "Escape"]); // ours only when there was something to do

  document.addEventListener(
    "keydown",
    (e) => {
      geste = e.key;
      const champ = combobox(e);
      if (!champ || e.isComposing || e.ctrlKey || e.metaKey || !Object.hasOwn(touches, e.key)) {
        if (champ && ["ArrowLeft", "ArrowRight"].includes(e.key)) activer(champ, null);
        return;
      }
      const fait = touches[e.key](champ);
      if (!laissees.has(e.key) || fait || (e.key === "Escape" && fait !== null)) e.preventDefault();
    },
    true,
  );
  document.addEventListener("pointerdown", (e) => (geste = combobox(e) ? "Tab" : ""), true);
  // a touch in the panel leaves the focus, and the keyboard of a telephone, where they are
  document.addEventListener("mousedown", (e) => e.target.closest?.(".propositions") && e.preventDefault(), true);
  document.addEventListener("click", (e) => {
    const champ = combobox(e);
    if (champ) {
      voulu = champ;
      if (repondu(champ)) ouvrir(champ);
    } else if (e.target.closest?.(".propositions [role=option]") && document.activeElement.matches("[role=combobox]")) {
      voulu = null;
      fermer(document.activeElement);
    }
  });
  document.addEventListener("focusin", (e) => {
    const champ = combobox(e);
    if (!champ || geste !== "Tab") return;
    voulu = champ;
    if (repondu(champ)) ouvrir(champ);
  });
  document.addEventListener("focusout", (e) => {
    const champ = combobox(e);
    if (!champ) return;
    voulu = null;
    fermer(champ);
  });
  document.addEventListener("input", (e) => {
    const champ = combobox(e);
    if (!champ) return;
    voulu = champ;
    activer(champ, null);
  });
  // the answers arrive: shown if they are those of the text now in the field
  new MutationObserver((changements) => {
    if (!voulu?.isConnected || !changements.some((c) => c.target.closest?.(".champ--recherche")?.contains(voulu))) return;
    activer(voulu, null);
    if (repondu(voulu)) ouvrir(voulu);
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-texte"] });
})();
