// The page: one state, one function that draws it, and the controls.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("energynet-data"), stored = read("energynet-view");
const state = { data, view: stored, t: -1, origin: String(data.followed[0]), what: "price", place: null, by: "origin" };
const at = (id) => document.getElementById(id);

function whenWords() { return state.t < 0 ? "over the whole horizon" : `in ${data.periods[state.t].label}`; }

function drawWhen() {
  drawMaps(data, state.view, state.t);
  drawPrices(data, state.view, state.t, state.what);
  drawSankey(state);
  for (const one of document.querySelectorAll(".when")) one.textContent = whenWords();
  at("when-words").textContent = state.t < 0 ? "Whole horizon" : data.periods[state.t].label;
  at("when").setAttribute("aria-valuetext", at("when-words").textContent);
}

/** Redraw everything from a view of the shape that README.md describes. */
function draw(view) {
  state.view = view;
  window.energynet.view = view;
  at("main").classList.toggle("other", !view.solved);
  const note = at("view-note");
  const words = [];
  if (!view.solved) words.push(`${view.name}: solved in this page; the summary, and figures shown as –, are of the run as it was solved.`);
  if (!view.one_answer) words.push("The flows are one of several answers of the same cost.");
  note.textContent = words.join(" ");
  note.hidden = words.length === 0;
  fillCells(data, view);
  drawPanels(data, view);
  drawSupply(state);
  drawWhen();
  const short = view.unserved.some((row) => row.some((one) => one > 1e-9));
  at("all-served").hidden = short;
  at("some-short").hidden = !short;
  fillStored(view.solved);
  fillCertificate(view);
}

// Figures that only the run's own solution has stand as a dash beside any other.
function fillStored(solved) {
  for (const cell of document.querySelectorAll(".stored")) {
    cell.dataset.own ??= cell.textContent;
    cell.textContent = solved || !cell.dataset.own ? cell.dataset.own : "–";
  }
}

const ownChecks = [...at("t-certificate").tBodies[0].rows];
function fillCertificate(view) {
  const body = at("t-certificate").tBodies[0], checks = view.certificate;
  if (view.solved || !checks) { body.replaceChildren(...ownChecks); return; }
  body.replaceChildren(...checks.map((one) => {
    const row = element("tr", "", element("th", one.check), element("td", one.worst.toExponential(1)), element("td", one.tolerance.toExponential(0)),
      element("td", one.unit), element("td", one.where), element("td", one.holds ? "holds" : "FAILS"));
    row.cells[0].scope = "row";
    row.cells[1].className = row.cells[2].className = "n";
    return row;
  }));
}

function showCarrier(carrier) {
  for (const figure of document.querySelectorAll(".map[data-carrier]")) figure.hidden = figure.dataset.carrier !== carrier;
}

let playing = 0;
function play(on) {
  window.clearInterval(playing);
  at("play").setAttribute("aria-pressed", String(on));
  at("play").textContent = on ? "❚❚" : "▶";
  at("play").setAttribute("aria-label", on ? "Pause" : "Play through the periods");
  if (on) playing = window.setInterval(() => setWhen((state.t + 1) % data.periods.length), 1100);
}

function setWhen(t) {
  state.t = t;
  at("when").value = String(t + 1);
  drawWhen();
}

function choices(id, act) {
  for (const input of at(id).querySelectorAll("input")) input.addEventListener("change", () => act(input.value));
}

function setTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  at("theme").textContent = dark ? "Light" : "Dark";
  at("theme").setAttribute("aria-label", dark ? "Show in light colours" : "Show in dark colours");
  return dark;
}

function fillPlaces() {
  const places = supplyPlaces(data), select = at("supply-place");
  const largest = (one) => one.demands.reduce((sum, k) => sum + data.demand_origins.reduce((part, [demand, origin], row) =>
    part + (demand === k && data.followed.includes(origin) ? state.view.delivered[row].reduce((a, b) => a + b, 0) : 0), 0), 0);
  const mixed = (one) => new Set(data.demand_origins.filter(([demand], row) => one.demands.includes(demand) && state.view.delivered[row].some((volume) => volume > 1e-6)).map(([, origin]) => origin)).size > 1;
  places.sort((a, b) => mixed(b) - mixed(a) || largest(b) - largest(a));
  const words = (one) => `${data.countries[one.country].name} (${data.carriers[one.carrier].name.toLowerCase()})`;
  for (const one of [...places].sort((a, b) => words(a).localeCompare(words(b)))) { const option = element("option", words(one)); option.value = one.key; select.append(option); }
  state.place = places[0]?.key ?? null;
  select.value = state.place;
}

function listen() {
  at("main").classList.add("scripted");
  for (const id of ["map-controls", "price-controls", "sankey-controls", "theme"]) at(id).hidden = false;
  at("supply-controls").hidden = !window.echarts;
  choices("carrier", showCarrier);
  choices("price-what", (what) => { state.what = what; drawPrices(data, state.view, state.t, what); });
  choices("supply-by", (by) => { state.by = by; drawSupply(state); });
  at("supply-place").addEventListener("change", (event) => { state.place = event.target.value; drawSupply(state); });
  at("sankey-origin").addEventListener("change", (event) => { state.origin = event.target.value; drawSankey(state); });
  at("when").addEventListener("input", (event) => { play(false); setWhen(Number(event.target.value) - 1); });
  at("play").addEventListener("click", () => play(at("play").getAttribute("aria-pressed") !== "true"));
  at("theme").addEventListener("click", () => { document.documentElement.dataset.theme = setTheme() ? "light" : "dark"; setTheme(); draw(state.view); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { setTheme(); draw(state.view); });
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => {
    for (const [svg, zoom] of zooms) if (svg.closest(".flows") && !svg.closest("[hidden]")) zoom({ in: 0.66, out: 1.5, all: Infinity }[button.dataset.zoom]);
  });
  let wait = 0;
  window.addEventListener("resize", () => { window.clearTimeout(wait); wait = window.setTimeout(() => { supplyChart?.resize(); }, 120); });
  listenMaps(state);
  listenTables();
}

window.energynet = { data, stored, view: stored, draw, sankey: (origin, t = -1) => sankeyGraph(data, state.view, chosenOrigins(data, String(origin)), t), setWhen };
fillPlaces();
listen();
setTheme();
showCarrier(at("carrier").querySelector("input")?.value);
draw(stored);
