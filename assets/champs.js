/* What a field says while one types, without asking the server: characters left, − and +, « 0 removes », the sum of a
   grid of capacities, a pair of coordinates pasted at once, a long list of boxes filtered. Nothing here decides: the
   server reads again all that is sent. */
(() => {
  const ECRIRE = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const ecrire = (champ, texte) => {
    ECRIRE.call(champ, texte); // so that the page sees it as typed
    for (const geste of ["input", "change"]) champ.dispatchEvent(new Event(geste, { bubbles: true }));
  };
  const nu = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").toLowerCase();
  const nombre = (texte) => (/^\d+$/.test(texte.replace(/\s/g, "")) ? Number(texte.replace(/\s/g, "")) : null);
  const pluriel = (n, mot) => `${n}\u00a0${mot}${n > 1 ? "s" : ""}`;

  // ---- characters left: shown at each key, said when one stops, near the end only
  let dire = 0;
  const compter = (champ) => {
    const reste = Number(champ.dataset.maximum) - [...champ.value.trim()].length;
    const phrase = reste < 0 ? `${pluriel(-reste, "caractère")} de trop` : `${pluriel(reste, "caractère")} ${reste > 1 ? "restants" : "restant"}`;
    const [compte, voix] = ["-n", "-v"].map((suffixe) => document.getElementById(champ.id + suffixe));
    if (!compte || !voix) return;
    const proche = reste <= Math.max(Number(champ.dataset.maximum) / 10, 20);
    compte.textContent = proche || Number(champ.dataset.maximum) >= 200 ? phrase : "";
    compte.toggleAttribute("data-trop", reste < 0);
    clearTimeout(dire);
    dire = setTimeout(() => (voix.textContent = proche ? phrase : ""), 1000);
  };

  // ---- − and +
  const avancer = (champ, pas) => {
    const avant = nombre(champ.value);
    if (avant === null && champ.value.trim()) return champ.focus(); // what is no number is left as typed
    const apres = Math.min(Math.max((avant ?? (pas < 0 ? 1 : 0)) + pas, 0), Number(champ.dataset.plafond || 9999));
    ecrire(champ, String(apres));
  };
  const annoncer = (champ) => {
    const retrait = document.getElementById(champ.id + "-z");
    if (retrait) retrait.hidden = nombre(champ.value) !== 0;
  };

  // ---- the sum of a grid
  const MOTS = { "01": ["lit", "installé", "fermé", "ouvert"], "02": ["place", "installée", "fermée", "ouverte"] };
  const accorder = (n, mot, adjectif) => `${pluriel(n, mot)} ${adjectif}${n > 1 ? "s" : ""}`;
  const bilan = (installes, fermes, [mot, installe, ferme, ouvert]) => {
    if (installes === null && fermes === null) return "";
    if ((fermes ?? 0) > (installes ?? 0)) return `${accorder(fermes, mot, ferme)} pour ${installes ?? 0} ${installe}${installes > 1 ? "s" : ""} : corrigez l’un des deux nombres.`;
    if (!fermes) return `${accorder(installes, mot, installe)}.`;
    return `${accorder(installes, mot, installe)}, dont ${fermes} ${ferme}${fermes > 1 ? "s" : ""} : il reste ${accorder(installes - fermes, mot, ouvert)}.`;
  };
  const sommer = (grille) => {
    const somme = grille.parentElement?.querySelector("[data-somme]");
    if (!somme) return;
    const lire = (cle) => nombre(grille.querySelector(`[data-case="${cle}"] input:not([type=hidden])`)?.value ?? "");
    const phrases = Object.entries(MOTS).map(([nature, mots]) => bilan(lire(nature + "0101"), lire(nature + "0501"), mots));
    const phrase = phrases.filter(Boolean).join(" ") || "Aucun lit, aucune place : laissez vide ce que vous ne savez pas.";
    if (somme.textContent !== phrase) somme.textContent = phrase;
    somme.toggleAttribute("data-trop", /corrigez/.test(phrase));
  };

  // ---- « 43,92, 2,14 » in one field, and a position taken from elsewhere
  const N = "(-?\\d{1,3}(?:[.,]\\d+)?)";
  const POINTS = /^\s*(-?\d{1,3}\.\d+)\s*[,;/\s]\s*(-?\d{1,3}\.\d+)\s*$/;
  const VIRGULES = new RegExp(`^\\s*${N}(?:\\s*[;/]\\s*|,?\\s+)${N}\\s*$`);
  const couple = (texte) => {
    const lu = POINTS.exec(texte) ?? VIRGULES.exec(texte);
    return lu && /[.,]/.test(lu[1] + lu[2]) ? [lu[1], lu[2]].map((n) => n.replace(".", ",")) : null;
  };
  const remplir = (couples, bouton) => {
    for (const [id, texte] of couples) {
      const champ = document.getElementById(id);
      if (champ) ecrire(champ, texte);
    }
    const voix = bouton && document.getElementById(bouton.getAttribute("aria-describedby"));
    if (voix) voix.textContent = bouton.dataset.dit;
  };

  // ---- a long list of boxes
  const filtrer = (champ) => {
    const cherche = nu(champ.value.trim()).split(/\s+/).filter(Boolean);
    const boites = [...champ.closest("fieldset").querySelectorAll("label.choix")];
    const gardee = (boite) => boite.querySelector("input").checked || cherche.every((mot) => nu(boite.textContent).includes(mot));
    for (const boite of boites) boite.hidden = !gardee(boite);
    const voix = document.getElementById(champ.id + "-v");
    if (voix) voix.textContent = cherche.length ? `${pluriel(boites.filter((b) => !b.hidden).length, "réponse")} sur ${boites.length}` : "";
  };

  document.addEventListener("focusin", (e) => e.target.matches?.("[data-maximum]") && compter(e.target));
  document.addEventListener("input", (e) => {
    const champ = e.target;
    if (champ.matches("[data-maximum]")) compter(champ);
    if (champ.matches("[data-filtre]")) filtrer(champ);
    if (champ.matches(".pas input")) annoncer(champ);
    const grille = champ.closest(".grille");
    if (grille) sommer(grille);
  });
  // ---- a text copied, or at least selected where the browser does not let us
  const copier = (bouton) => {
    const champ = document.getElementById(bouton.dataset.copier);
    const dit = document.getElementById(bouton.getAttribute("aria-describedby"));
    champ.focus();
    champ.select();
    const dire = (phrase) => (dit.textContent = phrase);
    const sinon = () => dire("Le texte est sélectionné\u00a0: copiez-le.");
    navigator.clipboard ? navigator.clipboard.writeText(champ.value).then(() => dire(bouton.dataset.dit), sinon) : sinon();
  };

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.("[data-pas], [data-remplir], [data-copier]");
    if (bouton?.dataset.copier) copier(bouton);
    if (bouton?.dataset.pas) avancer(bouton.parentElement.querySelector("input"), Number(bouton.dataset.pas));
    if (bouton?.dataset.remplir) remplir(bouton.dataset.remplir.split(";").map((c) => c.split("=")), bouton);
  });
  document.addEventListener("keydown", (e) => {
    const pas = { ArrowUp: 1, ArrowDown: -1 }[e.key];
    if (e.target.matches?.("[data-filtre]") && e.key === "Enter") e.preventDefault();
    if (!pas || !e.target.matches?.(".pas input")) return;
    e.preventDefault();
    avancer(e.target, pas);
  });
  document.addEventListener("paste", (e) => {
    const suivant = e.target.dataset?.suivant;
    const lu = suivant && couple(e.clipboardData.getData("text"));
    if (!lu) return; // anything else is pasted as it is
    e.preventDefault();
    remplir([[e.target.id, lu[0]], [suivant, lu[1]]]);
  });
  new MutationObserver(() => {
    for (const somme of document.querySelectorAll("[data-somme]:empty")) {
      const grille = somme.closest(".capacites")?.querySelector(".grille");
      if (grille?.querySelector("input")) sommer(grille);
    }
  }).observe(document, { childList: true, subtree: true });
})();
