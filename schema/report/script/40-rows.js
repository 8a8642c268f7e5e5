// The rows: what is searched, sorted and filtered, as columns. A row is its number.
const facts = JSON.parse(document.getElementById("detail-facts").textContent);
const CODED = ["source", "language", "license", "release", "flags"];
const NAMES = {
  source: (value) => own(facts.sources, value) || value || "none",
  language: (value) => own(facts.languages, value) || value || "not determined",
  license: (value) => value || "none stated",
  release: (value) => own(facts.releases, value) || value || "none",
};
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

const collator = new Intl.Collator("en", { numeric: true });
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

class Rows {
  constructor(index) {
    this.count = index.rows;
    this.piece = index.piece;
    this.columns = index;
    this.coded = index.coded;
    this.ranks = new Map();
  }

  value(name, row) {
    const coded = own(this.coded, name);
    return coded ? coded.values[coded.codes[row]] : this.columns[name][row];
  }

  // What a cell shows.
  shown(name, row) {
    const value = this.value(name, row);
    return own(NAMES, name) ? NAMES[name](value) : value;
  }

  // The place of every row in the order of a column, worked out once; what is missing comes last.
  rank(name) {
    if (!this.ranks.has(name)) {
      const coded = own(this.coded, name);
      this.ranks.set(name, coded ? this.codedRank(coded, name) : this.plainRank(name));
    }
    return this.ranks.get(name);
  }

  codedRank(coded, name) {
    const shown = coded.values.map((value) => NAMES[name](value));
    const order = shown.map((_, at) => at).sort((a, b) => collator.compare(shown[a], shown[b]));
    const places = new Int32Array(order.length);
    order.forEach((at, place) => { places[at] = place; });
    return Int32Array.from(coded.codes, (code) => places[code]);
  }

  plainRank(name) {
    const values = this.columns[name];
    const last = (value) => value === null || value === undefined || value === "";
    const compare = name === "title" ? (a, b) => collator.compare(a, b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const order = Int32Array.from({ length: this.count }, (_, at) => at).sort((a, b) => {
      if (last(values[a]) || last(values[b])) return last(values[a]) - last(values[b]) || a - b;
      return compare(values[a], values[b]) || a - b;
    });
    const places = new Int32Array(this.count);
    let place = -1;
    order.forEach((row, at) => {
      if (at === 0 || values[row] !== values[order[at - 1]]) place += 1;
      places[row] = last(values[row]) ? this.count : place;
    });
    return places;
  }

  // Title, source and identifier of every row without accents and capitals.
  get haystacks() {
    this.folded ??= Array.from({ length: this.count }, (_, row) =>
      folded(`${this.columns.title[row] ?? ""}\n${this.shown("source", row)}\n${this.columns.id[row] ?? ""}`));
    return this.folded;
  }

  // The rows that hold all words, have all chosen values and are dated from one day to another, in their own order.
  matching(query, chosen, from = "", to = "") {
    const words = folded(query).split(/\s+/).filter(Boolean);
    const tests = [];
    for (const [name, value] of Object.entries(chosen)) {
      const { values, codes } = this.coded[name];
      const wanted = values.map((known) => (name === "flags" ? known.includes(value) : (known ?? "") === value));
      tests.push((row) => wanted[codes[row]]);
    }
    const dates = this.columns.date;
    if (from) tests.push((row) => dates[row] && dates[row] >= from);
    if (to) tests.push((row) => dates[row] && dates[row] <= to);
    if (words.length) tests.push((row) => words.every((word) => this.haystacks[row].includes(word)));
    const found = [];
    for (let row = 0; row < this.count; row += 1) if (tests.every((test) => test(row))) found.push(row);
    return Int32Array.from(found);
  }

  sorted(rows, name, descending) {
    const rank = this.rank(name);
    const way = descending ? -1 : 1;
    return rows.slice().sort((a, b) => {
      if (rank[a] === this.count || rank[b] === this.count) return rank[a] - rank[b] || a - b;
      return way * (rank[a] - rank[b]) || a - b;
    });
  }
}
