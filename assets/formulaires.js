/* A form that is sent once, when it is whole (data-retenir: creating, copying, closing), may be drawn again by a
   reconnection, with a new key. What this tab typed in it is then put back, with its own key: sent again, it is the same
   gesture. It is kept in memory, for the address shown, and forgotten when one leaves it. */
(() => {
  const CLE = "cle";
  let ici = "";
  let pose = false; // whether it is this script that types
  let saisie = null; // {cle, champs: {name and value of a box: what it holds}, rendus: elements put back since}

  const formulaire = () => document.querySelector("form[data-retenir]");
  const coche = (e) => e.type === "checkbox" || e.type === "radio";
  const champs = (f) => [...f.elements].filter((e) => e.name && e.type !== "hidden" && e.type !== "submit");
  const nom = (e) => (coche(e) ? `${e.name}=${e.value}` : e.name);
  const contenu = (e) => (coche(e) ? e.checked : e.value);

  const noter = (e) => {
    const f = e.target.form;
    if (pose || !f?.matches("[data-retenir]")) return;
    if (saisie && ici === location.pathname && f.elements[CLE].value !== saisie.cle) return; // drawn again, not yet put back
    ici = location.pathname;
    const avant = saisie?.champs ?? {};
    const tenus = Object.fromEntries(champs(f).map((c) => [nom(c), contenu(c)]));
    saisie = { cle: f.elements[CLE].value, champs: { ...avant, ...tenus }, rendus: null };
  };
  const poser = (e, valeur) => {
    const propriete = coche(e) ? "checked" : "value";
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), propriete).set.call(e, valeur);
    pose = true;
    for (const quoi of ["input", "change"]) e.dispatchEvent(new Event(quoi, { bubbles: true }));
    pose = false;
  };
  const rendre = () => {
    if (ici !== location.pathname) saisie = null;
    const f = saisie && formulaire();
    if (!f) return;
    if (f.elements[CLE].value !== saisie.cle) {
      f.elements[CLE].value = saisie.cle;
      saisie.rendus = new WeakSet();
    }
    for (const e of saisie.rendus ? champs(f) : []) {
      if (!(nom(e) in saisie.champs) || saisie.rendus.has(e)) continue;
      if (contenu(e) !== saisie.champs[nom(e)]) poser(e, saisie.champs[nom(e)]);
      if (contenu(e) === saisie.champs[nom(e)]) saisie.rendus.add(e); // else its choices are not there yet
    }
  };
  for (const quoi of ["input", "change"]) document.addEventListener(quoi, noter, true);
  new MutationObserver(rendre).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["value"] });
})();
