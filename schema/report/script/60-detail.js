// One article: what the catalog says of it, in groups. Its piece of the page is unpacked when it is looked at.
class Detail {
  constructor(rows) {
    this.rows = rows;
    this.dialog = part("detail");
    this.pieces = new Map();
    part("detail-close").addEventListener("click", () => this.dialog.close());
    part("detail-previous").addEventListener("click", () => this.step(-1));
    part("detail-next").addEventListener("click", () => this.step(1));
    this.dialog.addEventListener("close", () => {
      if (location.hash.startsWith("#article-")) history.replaceState(null, "", "#articles");
    });
  }

  // `place` is the row's place in the list, from which the two neighbours follow; null where it comes from a link.
  async open(row, place, list) {
    this.place = place;
    this.list = list;
    const at = Math.floor(row / this.rows.piece);
    if (!this.pieces.has(at)) this.pieces.set(at, await unpack(`piece-${at}`));
    this.fill(row, this.pieces.get(at), row % this.rows.piece);
    part("detail-previous").disabled = place === null || place === 0;
    part("detail-next").disabled = place === null || place >= list.found.length - 1;
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    part("detail-title").focus();
    history.replaceState(null, "", `#article-${this.rows.value("id", row)}`);
  }

  step(by) {
    const place = this.place + by;
    if (place >= 0 && place < this.list.found.length) this.open(this.list.found[place], place, this.list);
  }

  fill(row, piece, at) {
    part("detail-title").replaceChildren(isolated(this.rows.value("title", row) || "(no title)"));
    const release = this.rows.value("release", row);
    const flags = this.rows.value("flags", row);
    const words = this.rows.value("words", row);
    const head = [
      ["Identifier", element("code", visible(this.rows.value("id", row)))],
      ["Date", this.rows.value("date", row) ?? "undated"],
      ["Source", this.rows.shown("source", row)],
      ["Language", this.rows.shown("language", row)],
      ["Licence", this.rows.shown("license", row)],
      ["Release", this.rows.shown("release", row)],
      ["Why", own(facts.reasons, own(piece, "decision_rule")?.[at]) ?? null],
      ["Words", words === null ? (release === "full" ? "not known" : "not part of the snapshot") : words.toLocaleString("en")],
      ["Quality flags", flags.length ? flags : null],
    ];
    const groups = facts.groups.map(({ title, fields }) => [title, fields.map(([path, name]) => [name, own(piece, path)?.[at] ?? null])]);
    part("detail-body").replaceChildren(this.list_(head), ...groups.flatMap(([title, entries]) => {
      const list = this.list_(entries);
      return list.childElementCount ? [element("h4", title), list] : [];
    }));
  }

  list_(entries) {
    const known = entries.filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length));
    return element("dl", known.flatMap(([name, value]) => [element("dt", name), element("dd", this.value(value))]), { className: "facts" });
  }

  value(value) {
    if (value instanceof Node) return value;
    if (Array.isArray(value)) return element("ul", value.map((item) => element("li", this.value(item))));
    if (typeof value === "object") return isolated(Object.entries(value).filter(([, of]) => of !== null && of !== "").map(([name, of]) => (name === "field" ? `${of}:` : name === "confidence" ? `(${Number(of).toLocaleString("en")})` : of)).join(" "));
    const text = visible(value);
    if (/^https?:\/\/[^\s]+$/i.test(text)) return element("a", isolated(text), { href: text, rel: "noreferrer noopener" });
    return isolated(text);
  }
}
