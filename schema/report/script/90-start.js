// The list is made after the page has been painted; whatever goes wrong is said where the list would be.
const start = async () => {
  const rows = new Rows(await unpack("rows"));
  const detail = new Detail(rows);
  part("no-list").remove();
  part("list").hidden = false;
  const list = new List(rows, (row, place) => detail.open(row, place, list));
  const follow = () => {
    if (!location.hash.startsWith("#article-")) return;
    const row = rows.columns.id.indexOf(location.hash.slice("#article-".length));
    if (row >= 0) detail.open(row, null, list);
    else part("status").textContent = "That article is not in this list.";
  };
  addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
};
requestAnimationFrame(() => setTimeout(() => start().catch((error) => {
  part("articles").append(element("p", `The list could not be opened: ${visible(error)}`, { className: "warning" }));
})));
