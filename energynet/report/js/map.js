// The flow map: widths, colours and words of the lines, over the horizon (t = -1) or in a period. Widths and classes are those of maps.py.
const THICKEST = 15, THINNEST = 1.4, CLASSES = [0.25, 0.5, 0.75, 0.95], NO_FLOW = 1e-6;

function arcReader(data, view) {
  const days = data.periods.map((period) => period.days * period.weight);
  const length = days.reduce((sum, one) => sum + one, 0);
  const mean = (row, t) => (t >= 0 ? row[t] : row.reduce((sum, one, k) => sum + one * days[k], 0) / length);
  const pairs = data.arcs.map(() => []);
  data.arc_origins.forEach(([arc], k) => pairs[arc].push(k));
  return {
    rate: (arc, t) => pairs[arc].reduce((sum, k) => sum + mean(view.flow[k], t), 0),
    carried: (arc, t) => pairs[arc].reduce((sum, k) => sum + mean(view.flow[k], t), -mean(view.netted[arc], t)),
    limit: (arc, t) => mean(view.capacity[arc], t),
    origins: (arc, t) => pairs[arc].map((k) => [data.origins[data.arc_origins[k][1]].name, mean(view.flow[k], t)])
      .filter(([, rate]) => rate > NO_FLOW).sort((a, b) => b[1] - a[1]),
    fullPeriods: (arc) => view.capacity[arc].filter((limit, t) => {
      const rate = pairs[arc].reduce((sum, k) => sum + view.flow[k][t], -view.netted[arc][t]);
      return limit > 0 && rate >= limit * (1 - 1e-6);
    }).length,
    volume: (arc, t) => pairs[arc].reduce((sum, k) => sum + mean(view.flow[k], t), 0) * (t >= 0 ? days[t] : length),
  };
}

function drawMaps(data, view, t) {
  const read = arcReader(data, view);
  for (const figure of document.querySelectorAll(".map.flows")) {
    const most = Number(figure.dataset.most);
    for (const group of figure.querySelectorAll(".arc")) {
      const k = Number(group.dataset.arc), rate = read.rate(k, t), limit = read.limit(k, t);
      const used = limit > 0 ? read.carried(k, t) / limit : 0;
      const width = rate > NO_FLOW ? Math.min(Math.max(THINNEST, (THICKEST * rate) / most), 2 * THICKEST) : 0.8;
      group.style.setProperty("--w", width.toFixed(2));
      group.setAttribute("class", `arc ${rate > NO_FLOW ? "u" + (1 + CLASSES.filter((edge) => used >= edge).length) : "none"}`);
      const unit = data.carriers[data.arcs[k].carrier].rate;
      const words = limit > 0 ? `${number(rate, 1)} of ${number(limit, 1)} ${unit}, ${percent(used)} used` : `${number(rate, 1)} ${unit}, no limit`;
      group.setAttribute("aria-label", `${data.arcs[k].name}: ${words}`);
      group.dataset.rate = rate;
    }
  }
}

function arcCard(data, view, k, t) {
  const read = arcReader(data, view), arc = data.arcs[k], carrier = data.carriers[arc.carrier];
  const rate = read.rate(k, t), limit = read.limit(k, t), nodes = data.nodes;
  const rows = [["Flow", `${number(rate, 1)} ${carrier.rate}`]];
  rows.push(["Capacity", limit > 0 ? `${number(limit, 1)} ${carrier.rate}` : "no limit"]);
  if (limit > 0) rows.push(["Used", percent(rate / limit)]);
  if (t < 0 && data.periods.length > 1) rows.push(["At its limit", `${read.fullPeriods(k)} of ${data.periods.length} periods`]);
  rows.push(["Volume", `${number(read.volume(k, t) / carrier.per_large, 3)} ${carrier.large}`]);
  for (const [name, part] of read.origins(k, t).slice(0, 5)) rows.push([name, `${number(part, 1)} ${carrier.rate}`]);
  const made = card(arc.name, rows);
  made.children[0].after(element("div", `${nodes[arc.from].name} → ${nodes[arc.to].name}`));
  return made;
}

// Pointer and keyboard on the lines: one stop of the Tab key, arrow keys from line to line.
function listenMaps(state) {
  for (const svg of document.querySelectorAll(".map.flows > svg")) {
    const arcs = [...svg.querySelectorAll(".arc")].reverse();
    arcs.forEach((group, place) => {
      const k = Number(group.dataset.arc);
      const show = (x, y) => showTip(arcCard(state.data, state.view, k, state.t), x, y);
      group.addEventListener("pointermove", (event) => show(event.clientX, event.clientY));
      group.addEventListener("pointerleave", hideTip);
      group.addEventListener("click", (event) => show(event.clientX, event.clientY));
      group.addEventListener("focus", () => {
        if (!group.matches(":focus-visible")) return;
        const box = group.querySelector(".line").getBoundingClientRect();
        show(box.left + box.width / 2, box.top + box.height / 2);
      });
      group.addEventListener("blur", hideTip);
      group.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const other = arcs[(place + step + arcs.length) % arcs.length];
        group.setAttribute("tabindex", "-1");
        other.setAttribute("tabindex", "0");
        other.focus({ preventScroll: true });
      });
    });
  }
  for (const svg of document.querySelectorAll(".map > svg")) zoomable(svg);
}

const zooms = new Map();
function zoomable(svg) {
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let box = [...whole], from = null;
  const show = () => {
    svg.setAttribute("viewBox", box.map((one) => one.toFixed(2)).join(" "));
    svg.style.setProperty("--zoom", (box[2] / whole[2]).toFixed(4));
    svg.classList.toggle("zoomed", box[2] < whole[2] - 1e-6);
  };
  const within = () => [0, 1].forEach((k) => { box[k] = Math.min(Math.max(box[k], whole[k]), whole[k] + whole[k + 2] - box[k + 2]); });
  zooms.set(svg, (factor, atX = 0.5, atY = 0.5) => {
    const scale = Math.min(Math.max((box[2] / whole[2]) * factor, 0.12), 1) * (whole[2] / box[2]);
    box = [box[0] + box[2] * (1 - scale) * atX, box[1] + box[3] * (1 - scale) * atY, box[2] * scale, box[3] * scale];
    if (factor === Infinity) box = [...whole];
    within();
    show();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const area = svg.getBoundingClientRect();
    zooms.get(svg)(Math.exp(event.deltaY / 300), (event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height);
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => { if (svg.classList.contains("zoomed")) from = [event.clientX, event.clientY, ...box]; });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const unit = box[2] / svg.getBoundingClientRect().width;
    box[0] = from[2] - (event.clientX - from[0]) * unit;
    box[1] = from[3] - (event.clientY - from[1]) * unit;
    within();
    show();
  });
  for (const kind of ["pointerup", "pointerleave", "pointercancel"]) svg.addEventListener(kind, () => { from = null; });
}
