// What a mark of a chart says, beside the pointer. Whoever has no pointer has the table below the chart.
const said = document.createElement("div");
said.id = "said";
said.hidden = true;
said.setAttribute("aria-hidden", "true");
document.body.append(said);
// Where a drawing is wider than the screen, its newest part is seen first.
for (const drawing of document.querySelectorAll("#figure-timeline .drawing, #figure-mentions .drawing")) drawing.scrollLeft = drawing.scrollWidth;
document.addEventListener("scroll", () => { said.hidden = true; }, { passive: true });
document.addEventListener("pointermove", (event) => {
  const mark = event.target instanceof Element ? event.target.closest("[data-said]") : null;
  said.hidden = !mark;
  if (!mark) return;
  said.textContent = mark.dataset.said;
  const room = document.documentElement.clientWidth - said.offsetWidth - 8;
  said.style.left = `${Math.max(8, Math.min(event.clientX + 12, room))}px`;
  said.style.top = `${Math.max(8, event.clientY - said.offsetHeight - 10)}px`;
});
