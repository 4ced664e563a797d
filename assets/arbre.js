/* The tree of an établissement: which branches are open is kept in its address (?ouverts=), and the offer by which
   one leaves is named after the #, without a visit: Back and reload show the tree as it was. */
(() => {
  const OUVERTS = 40; // OUVERTS_MAXIMUM of `services/ensemble_vues.py`
  const noter = (changer) => {
    const url = new URL(location.href);
    changer(url);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
  // The attribute, not the `toggle` event: that one comes later, and a reload may come first.
  new MutationObserver((changes) => {
    const arbre = changes.map((c) => c.target.closest("[data-arbre=replie]")).find((a) => a?.isConnected);
    if (!arbre) return;
    const ouverts = [...arbre.querySelectorAll("details[open][id]")].slice(0, OUVERTS).map((s) => s.id);
    noter((url) => (ouverts.length ? url.searchParams.set("ouverts", ouverts.join(",")) : url.searchParams.delete("ouverts")));
  }).observe(document, { attributes: true, attributeFilter: ["open"], subtree: true });
  document.addEventListener(
    "click",
    (e) => {
      const feuille = e.target.closest?.("[data-arbre] .feuille a")?.closest("[id]");
      if (feuille) noter((url) => (url.hash = feuille.id));
    },
    true,
  );
})();
