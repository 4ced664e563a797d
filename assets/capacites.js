/* The grid « Capacités du site » (form[data-grille]): what is typed, with what each cell showed when it was first changed;
   only changed cells are sent, those of a view one has left included. Sums and rules are asked of the server when one
   stops typing. A block copied from a spreadsheet fills from its cell; where it does not fit, its preview is shown. */
(() => {
  const ECRIRE = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const tapees = new Map(); // name of a cell: {base: what it showed, valeur: what is typed}
  const PAUSE = 600;
  let ici = "";
  let attente = 0;

  const adresse = () => location.pathname.replace(/\/+$/, "");
  const grille = () => document.querySelector("form[data-grille]");
  const est = (e) => e?.matches?.("form[data-grille] input[data-base]");
  const nu = (texte) => texte.replace(/[\s\u00a0\u202f]/g, "").replace(/^0+(?=\d)/, "");
  const base = (nom, tapee) => {
    const leur = grille()?.elements[nom]?.dataset.leur;
    if (leur) tapee.base = leur.slice(1); // one has seen what a colleague put there
    return tapee.base;
  };
  const changees = () => [...tapees].filter(([nom, t]) => nu(t.valeur) !== nu(base(nom, t)));
  const ecrire = (champ, texte) => {
    ECRIRE.call(champ, texte);
    for (const quoi of ["input", "change"]) champ.dispatchEvent(new Event(quoi, { bubbles: true }));
  };

  const compter = () => {
    const f = grille();
    if (!f) return;
    for (const c of f.querySelectorAll("input[data-base]")) c.toggleAttribute("data-change", nu(c.value) !== nu(c.dataset.base));
    const dit = document.querySelector("[data-changees]");
    const n = changees().length;
    const phrase = n ? `${n}\u00a0case${n > 1 ? "s" : ""} changée${n > 1 ? "s" : ""}, pas encore enregistrée${n > 1 ? "s" : ""}.` : "";
    if (dit && dit.textContent !== phrase) dit.textContent = phrase;
  };
  const verifier = () => {
    clearTimeout(attente);
    attente = setTimeout(() => document.querySelector("form[data-verifier]")?.requestSubmit(), PAUSE);
  };
  const oublier = () => {
    if (ici === adresse()) return;
    tapees.clear();
    ici = "";
    clearTimeout(attente);
  };
  const rendus = new WeakSet(); // inputs that hold what was typed for them
  const rendre = () => {
    for (const [nom, { valeur }] of tapees) {
      const champ = grille()?.elements[nom];
      if (!champ || rendus.has(champ)) continue;
      rendus.add(champ);
      if (champ.value !== valeur) ecrire(champ, valeur);
    }
  };
  // what is typed is of one grid: drawn again, it is put back; saved, or left, it is forgotten
  const suivre = () => (oublier(), rendre());
  new MutationObserver(suivre).observe(document, { childList: true, subtree: true });
  document.addEventListener("input", (e) => {
    if (!est(e.target)) return;
    oublier();
    ici = adresse();
    rendus.add(e.target);
    const { name, value, dataset } = e.target;
    tapees.set(name, { base: tapees.get(name)?.base ?? dataset.base, valeur: value });
    compter();
    verifier();
  });
  document.addEventListener("submit", (e) => e.target.matches("[data-grille]") && clearTimeout(attente), true);
  // only what changed goes, with what its cell showed
  document.addEventListener("formdata", (e) => {
    const f = e.target;
    if (!f.matches("[data-grille], [data-verifier]")) return;
    for (const nom of [...e.formData.keys()]) if (nom.startsWith("c.")) e.formData.delete(nom);
    oublier();
    for (const [nom, t] of changees()) {
      e.formData.set(nom, t.valeur);
      e.formData.set(`b.${nom}`, base(nom, t));
    }
  });

  // ---- a block of cells
  const voisines = (champ) => {
    const rangs = [...grille().querySelectorAll("tr[data-rangee]")].map((r) => [...r.querySelectorAll("td")]);
    const rang = rangs.findIndex((r) => r.includes(champ.closest("td")));
    return { rangs, rang, colonne: rangs[rang].indexOf(champ.closest("td")) };
  };
  const coller = (champ, texte) => {
    const bloc = texte.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((l) => l.split("\t"));
    if (bloc.length === 1 && bloc[0].length === 1) return false;
    const { rangs, rang, colonne } = voisines(champ);
    const poses = [];
    let tient = true;
    bloc.forEach((ligne, i) =>
      ligne.forEach((brut, j) => {
        if (!brut.trim()) return; // an empty cell leaves what is there
        const case_ = rangs[rang + i]?.[colonne + j]?.querySelector("input[data-base]");
        if (!case_ || /\p{L}/u.test(brut)) tient = false;
        else poses.push([case_, brut.trim()]);
      }),
    );
    tient ? poses.forEach(([c, t]) => ecrire(c, t)) : montrer(texte, champ.name);
    return true;
  };
  const montrer = (texte, depuis) => {
    const f = document.querySelector("form[data-coller]");
    f.closest("details").open = true;
    f.elements.depuis.value = depuis;
    const zone = f.elements.texte;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(zone, texte);
    zone.dispatchEvent(new Event("input", { bubbles: true }));
    f.requestSubmit();
  };
  document.addEventListener("paste", (e) => {
    if (est(e.target) && coller(e.target, e.clipboardData.getData("text"))) e.preventDefault();
  });
  document.addEventListener("click", (e) => {
    const bouton = e.target.closest?.("[data-poser]");
    if (!bouton) return;
    let premier = null;
    for (const [nom, texte] of Object.entries(JSON.parse(bouton.dataset.poser))) {
      const champ = grille()?.elements[nom];
      if (!champ) continue;
      premier ??= champ;
      ecrire(champ, texte);
    }
    bouton.closest("details")?.removeAttribute("open");
    premier?.focus();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !est(e.target)) return;
    e.preventDefault();
    const { rangs, rang, colonne } = voisines(e.target);
    const suite = e.shiftKey ? rangs.slice(0, rang).reverse() : rangs.slice(rang + 1);
    const dessous = suite.map((r) => r[colonne]?.querySelector("input[data-base]")).find(Boolean);
    dessous?.focus();
    dessous?.select();
  });
})();
