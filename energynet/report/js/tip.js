// One box of figures beside the pointer, or beside what has the keyboard's focus.
const tip = document.getElementById("tip");

function showTip(content, x, y) {
  tip.replaceChildren(content);
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = Math.min(Math.max(x + 14, 8), window.innerWidth - box.width - 8);
  const below = y + 18 + box.height < window.innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(below ? y + 18 : y - box.height - 14, 8)}px`;
}

function hideTip() { tip.hidden = true; }

// A title and rows of a name and a figure.
function card(title, rows) {
  const table = element("table");
  for (const [name, figure] of rows) table.append(element("tr", "", element("td", name), element("td", figure)));
  return element("div", "", element("b", title), table);
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
// What has the keyboard's focus keeps its box while the page moves under it; what the pointer shows goes.
document.addEventListener("scroll", () => {
  const held = document.activeElement;
  if (held?.matches(".arc:focus-visible")) held.dispatchEvent(new FocusEvent("focus"));
  else hideTip();
}, { passive: true });
