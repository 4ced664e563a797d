/* Where the focus goes after a gesture in a form, said by the server in the form's data-foyer:
   "champ:ID:n" that field, "vider:ID:n" the same emptied, "premier:PREFIX:n" the first field of a new row. */
(() => {
  const visible = (e) => e && e.type !== "hidden" && !e.disabled;
  const placer = (cible) => {
    if (!cible) return;
    if (!cible.matches("input,select,textarea,button,a[href],[tabindex]")) cible.setAttribute("tabindex", "-1");
    cible.focus();
    cible.scrollIntoView({ block: "center" });
  };
  const agir = (ordre) => {
    const [geste, quoi] = ordre.split(":");
    if (geste === "premier") return placer([...document.querySelectorAll("[name]")].find((e) => e.name.startsWith(quoi) && visible(e)));
    const cible = document.getElementById(quoi);
    if (geste === "vider" && cible) cible.value = "";
    placer(cible);
  };
  let dernier = "";
  new MutationObserver(() => {
    const ordre = document.querySelector("[data-foyer]")?.dataset.foyer ?? "";
    if (ordre === dernier) return;
    dernier = ordre;
    if (ordre) setTimeout(() => agir(ordre));
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-foyer"] });
})();
