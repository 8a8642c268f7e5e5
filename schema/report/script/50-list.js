// The list: filters, order and the page that is shown.
const PAGE = 50;
const COLUMNS = ["date", "title", "source", "language", "license", "release", "words"];
const part = (id) => document.getElementById(id);

// The first and the last day of a period: YYYY, YYYY-MM or YYYY-MM-DD.
const ends = (period) => {
  const [year, month, day] = period.split("-");
  const last = day ?? new Date(Date.UTC(year, month ?? 12, 0)).getUTCDate();
  return [`${year}-${month ?? "01"}-${day ?? "01"}`, `${year}-${month ?? "12"}-${last}`];
};

class List {
  constructor(rows, open) {
    this.rows = rows;
    this.open = open;
    this.order = { name: "date", descending: true };
    this.page = 0;
    this.fill();
    this.listen();
    this.update();
  }

  // The values of each column as options of its filter, the most frequent first.
  fill() {
    for (const name of CODED) {
      const { values, codes } = this.rows.coded[name];
      const counts = new Map();
      for (const code of codes) for (const value of name === "flags" ? values[code] : [values[code] ?? ""]) counts.set(value, (counts.get(value) ?? 0) + 1);
      const ranked = [...counts].sort((a, b) => b[1] - a[1] || collator.compare(a[0], b[0])).slice(0, 1000);
      const select = part(`filter-${name}`);
      select.append(element("option", "All", { value: "*" }));
      for (const [value, count] of ranked) {
        const title = own(NAMES, name) ? NAMES[name](value) : value;
        select.append(element("option", `${visible(title)} (${count.toLocaleString("en")})`, { value: `=${value}` }));
      }
    }
  }

  listen() {
    const again = () => { this.page = 0; this.update(); };
    let waiting = 0;
    part("query").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(again, 120); });
    part("filters").addEventListener("submit", (event) => event.preventDefault());
    part("filters").addEventListener("reset", () => setTimeout(again));
    for (const id of [...CODED.map((name) => `filter-${name}`), "from", "to"]) part(id).addEventListener("change", again);
    for (const head of document.querySelectorAll("#table th")) head.firstElementChild.addEventListener("click", () => this.sortBy(head.dataset.column));
    const turn = (to) => { this.page = to; this.show(); part("table").scrollIntoView({ block: "nearest" }); };
    part("first").addEventListener("click", () => turn(0));
    part("previous").addEventListener("click", () => turn(this.page - 1));
    part("next").addEventListener("click", () => turn(this.page + 1));
    part("last").addEventListener("click", () => turn(this.pages - 1));
    for (const button of document.querySelectorAll("[data-filter]")) button.addEventListener("click", () => this.only(button.dataset.filter, button.dataset.value));
    // A bar of the time line says its period first; whoever has no pointer has the table below it.
    part("figure-timeline")?.addEventListener("click", (event) => {
      const mark = event.target.closest(".drawing [data-said]");
      const [period] = mark?.dataset.said.split(":") ?? [""];
      if (/^\d{4}(-\d{2}){0,2}$/.test(period)) this.only("date", period);
    });
  }

  sortBy(name) {
    const same = this.order.name === name;
    this.order = { name, descending: same ? !this.order.descending : name === "date" || name === "words" };
    this.page = 0;
    this.update();
  }

  // Show the articles behind a number of a figure.
  only(name, value) {
    part("filters").reset();
    if (name === "date") [part("from").value, part("to").value] = ends(value);
    else part(`filter-${name}`).value = `=${value}`;
    const chosen = part(name === "date" ? "from" : `filter-${name}`);
    this.page = 0;
    setTimeout(() => { this.update(); chosen.focus(); part("articles").scrollIntoView(); });
  }

  update() {
    const chosen = {};
    for (const name of CODED) {
      const { value } = part(`filter-${name}`);
      if (value !== "*") chosen[name] = value.slice(1);
    }
    const found = this.rows.matching(part("query").value, chosen, part("from").value, part("to").value);
    this.found = this.rows.sorted(found, this.order.name, this.order.descending);
    for (const head of document.querySelectorAll("#table th")) {
      const mine = head.dataset.column === this.order.name;
      head.setAttribute("aria-sort", mine ? (this.order.descending ? "descending" : "ascending") : "none");
    }
    this.show();
  }

  get pages() { return Math.max(1, Math.ceil(this.found.length / PAGE)); }

  show() {
    const start = this.page * PAGE;
    const shown = [...this.found.slice(start, start + PAGE)];
    part("table").tBodies[0].replaceChildren(...shown.map((row, at) => this.row(row, start + at)));
    const number = (value) => value.toLocaleString("en");
    const range = shown.length ? `, ${number(start + 1)} to ${number(start + shown.length)} shown` : "";
    part("status").textContent = `${number(this.found.length)} of ${number(this.rows.count)} articles${range}`;
    part("position").textContent = `Page ${number(this.page + 1)} of ${number(this.pages)}`;
    for (const id of ["first", "previous"]) part(id).disabled = this.page === 0;
    for (const id of ["next", "last"]) part(id).disabled = this.page >= this.pages - 1;
  }

  row(row, place) {
    return element("tr", COLUMNS.map((name) => {
      const value = this.rows.shown(name, row);
      if (name === "title") {
        const button = element("button", isolated(value || "(no title)"), { type: "button", className: "link" });
        button.addEventListener("click", () => this.open(row, place));
        return element("td", button);
      }
      if (name === "words") return element("td", value === null ? "" : value.toLocaleString("en"), { className: "number" });
      if (name === "release") {
        const mark = element("span", null, { className: `mark ${/^[a-z]+$/.test(this.rows.value(name, row)) ? this.rows.value(name, row) : ""}` });
        return element("td", [mark, isolated(value)]);
      }
      return element("td", isolated(value ?? "undated"));
    }));
  }
}
