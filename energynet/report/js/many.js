// Pages of many runs: tables that sort, light and dark, and the scenario that the map shows.
const facts = JSON.parse(document.getElementById("energynet-facts").textContent);
const theme = document.getElementById("theme");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}
function showTheme() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", isDark() ? "Show in light colours" : "Show in dark colours");
}
theme.hidden = false;
theme.addEventListener("click", () => { document.documentElement.dataset.theme = isDark() ? "light" : "dark"; showTheme(); });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
showTheme();
listenTables();

// facts.moved[scenario][arc]: mean flow less that of the base, units a day. Widths are those of comparison.py.
function drawMoved(figure, row) {
  const groups = [...figure.querySelectorAll(".arc")];
  const most = Math.max(...groups.map((one) => Math.abs(row[Number(one.dataset.arc)] ?? 0)), 0);
  for (const group of groups) {
    const k = Number(group.dataset.arc), value = row[k] ?? 0, still = Math.abs(value) < Math.max(1e-4, 1e-4 * most);
    group.style.setProperty("--w", still ? "0.8" : Math.max(1.4, (15 * Math.abs(value)) / most).toFixed(2));
    group.setAttribute("class", `arc ${still ? "none" : value > 0 ? "up" : "down"}`);
    const words = `${facts.names[k]}: ${still ? "as before" : `${value > 0 ? "+" : ""}${number(value, 2)} ${facts.units[k]}`}`;
    group.setAttribute("aria-label", words);
    group.querySelector("title").textContent = words;
  }
  const unit = groups.length ? facts.units[Number(groups[0].dataset.arc)] : "";
  figure.querySelector(".widest").textContent = most > 1e-4 ? `widest: ${number(most, most < 10 ? 2 : 1)} ${unit}` : "nothing moved";
}

const chosen = document.getElementById("scenario");
if (chosen && facts.moved) {
  document.getElementById("scenario-controls").hidden = false;
  chosen.addEventListener("change", () => {
    for (const figure of document.querySelectorAll(".map.differences")) drawMoved(figure, facts.moved[chosen.value]);
  });
}
window.energynet = { facts };
