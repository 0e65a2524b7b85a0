// From origins through lines to countries: the graph and its drawing, as sankey.py has them.
const SMALL = 1e-6, SHOWN = 2e-4;

function sankeyGraph(data, view, origins, t) {
  const days = data.periods.map((period) => period.days * period.weight);
  const amount = (row) => (t >= 0 ? row[t] * days[t] : row.reduce((sum, one, k) => sum + one * days[k], 0));
  const links = new Map();
  for (const origin of origins) for (const [ends, volume] of linksOf(data, view, origin, amount, t)) links.set(ends, (links.get(ends) ?? 0) + volume);
  const [kept, left] = acyclic(links);
  let whole = 0;
  for (const [ends, volume] of kept) if (ends.split("|")[1].startsWith("c:")) whole += volume;
  return { links: new Map([...kept].filter(([, volume]) => volume > SHOWN * whole)), left, size: sizesOf(kept) };
}

// What goes through each node, small links that are not drawn with it.
function sizesOf(links) {
  const through = new Map();
  for (const [ends, volume] of links) ends.split("|").forEach((key, side) => {
    if (!through.has(key)) through.set(key, [0, 0]);
    through.get(key)[side] += volume;
  });
  return new Map([...through].map(([key, sums]) => [key, Math.max(...sums)]));
}

function linksOf(data, view, origin, amount, t) {
  const into = new Map(), out = new Map(), links = new Map();
  const add = (found, node, key, volume) => {
    if (!found.has(node)) found.set(node, new Map());
    found.get(node).set(key, (found.get(node).get(key) ?? 0) + volume);
  };
  data.arc_origins.forEach(([arc, of], k) => {
    if (of !== origin) return;
    const one = data.arcs[arc], volume = amount(view.flow[k]);
    add(out, one.from, `l:${one.line}`, volume);
    add(into, one.to, `l:${one.line}`, volume);
  });
  data.demand_origins.forEach(([demand, of], k) => {
    if (of !== origin) return;
    const node = data.demands[demand].node, row = view.delivered[k];
    add(out, node, `c:${data.nodes[node].country}`, t >= 0 ? row[t] : row.reduce((sum, one) => sum + one, 0));
  });
  for (const [node, leaving] of out) {
    const going = [...leaving.values()].reduce((a, b) => a + b, 0), coming = into.get(node) ?? new Map();
    const came = [...coming.values()].reduce((a, b) => a + b, 0);
    if (going <= SMALL) continue;
    const sources = new Map();
    if (came > SMALL) for (const [line, volume] of coming) sources.set(line, volume * Math.min(1, going / came));
    const own = going - [...sources.values()].reduce((a, b) => a + b, 0);
    if (own > SMALL * Math.max(1, going)) sources.set(`o:${data.origins[origin].id}`, own);
    for (const [source, given] of sources) for (const [target, volume] of leaving) {
      const ends = `${source}|${target}`;
      if (source !== target && given * volume > 0) links.set(ends, (links.get(ends) ?? 0) + (given * volume) / going);
    }
  }
  return links;
}

function acyclic(links) {
  const back = (ends) => links.get(ends.split("|").reverse().join("|")) ?? 0;
  const kept = new Map([...links].filter(([ends, volume]) => volume > back(ends)).map(([ends, volume]) => [ends, volume - back(ends)]));
  const left = new Map();
  for (let circle = circleOf(kept); circle.length; circle = circleOf(kept)) {
    const least = circle.reduce((a, b) => (kept.get(b) < kept.get(a) ? b : a));
    left.set(least, kept.get(least));
    kept.delete(least);
  }
  return [kept, left];
}

function circleOf(links) {
  const ways = new Map(), done = new Set();
  for (const ends of links.keys()) { const [a, b] = ends.split("|"); ways.set(a, [...(ways.get(a) ?? []), b]); }
  const walk = (key, path) => {
    const at = path.indexOf(key);
    if (at >= 0) { const whole = [...path.slice(at), key]; return whole.slice(1).map((one, k) => `${whole[k]}|${one}`); }
    if (done.has(key)) return [];
    for (const next of ways.get(key) ?? []) { const found = walk(next, [...path, key]); if (found.length) return found; }
    done.add(key);
    return [];
  };
  for (const start of ways.keys()) { const found = walk(start, []); if (found.length) return found; }
  return [];
}

function keyName(data, key) {
  const name = key.slice(2);
  if (key[0] === "c") return (data.countries[name]?.name ?? name).split(" (")[0];
  return key[0] === "o" ? (data.origins.find((one) => one.id === name)?.name ?? name).split(" (")[0] : name;
}

function chosenOrigins(data, choice) {
  if (!choice.startsWith("all:")) return [Number(choice)];
  return data.origins.map((one, k) => [one, k]).filter(([one]) => one.carrier === choice.slice(4)).map(([, k]) => k);
}

const SVG = "http://www.w3.org/2000/svg";
function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawSankey(state) {
  const { data, view, t } = state, origins = chosenOrigins(data, state.origin);
  const carrier = data.carriers[data.origins[origins[0]].carrier];
  const { links, left, size } = sankeyGraph(data, view, origins, t);
  const name = (key) => keyName(data, key), written = (volume, digits = 2) => number(volume / carrier.per_large, digits);
  document.getElementById("sankey-left").textContent = left.size
    ? `Left out, so that nothing flows in a circle: ${[...left].map(([ends, volume]) => `${ends.split("|").map(name).join(" to ")} (${written(volume, 3)})`).join("; ")}.` : "";
  const { height, boxes, ribbons } = layout(links, size, name);
  const colours = originColours(data), colourOf = (key) => `var(--o${colours[data.origins.findIndex((one) => one.id === key.slice(2))]})`;
  const svg = document.querySelector("#sankey svg");
  svg.setAttribute("viewBox", `0 0 1000 ${Math.round(height)}`);
  const group = drawn("g", { class: "ribbons" }, ...ribbons.map((one) => {
    const path = drawn("path", { d: one.d, "stroke-width": one.width.toFixed(1), style: `stroke: ${one.source[0] === "o" || origins.length === 1 ? colourOf(one.source[0] === "o" ? one.source : `o:${data.origins[origins[0]].id}`) : "var(--soft)"}` });
    path.addEventListener("pointermove", (event) => showTip(card(`${name(one.source)} → ${name(one.target)}`, [[carrier.large, written(one.volume, 3)]]), event.clientX, event.clientY));
    path.addEventListener("pointerleave", hideTip);
    return path;
  }));
  svg.replaceChildren(group, ...boxes.flatMap((box) => {
    const rect = drawn("rect", { class: box.key[0], x: box.x.toFixed(1), y: box.y.toFixed(1), width: 10, height: box.height.toFixed(1), ...(box.key[0] === "o" ? { style: `fill: ${colourOf(box.key)}` } : {}) });
    rect.addEventListener("pointermove", (event) => showTip(card(name(box.key), [[carrier.large, written(box.volume, 3)]]), event.clientX, event.clientY));
    rect.addEventListener("pointerleave", hideTip);
    if (!box.named) return [rect];
    const below = box.key[0] === "o" ? { x: (box.x + 13).toFixed(1), dy: "1.25em" } : {};
    const value = drawn("tspan", { class: "value", ...below }, written(box.volume));
    return [rect, drawn("text", { x: (box.x + 13).toFixed(1), y: (box.y + box.height / 2).toFixed(1), dy: ".35em" }, `${name(box.key)} `, value)];
  }));
}

// Boxes and ribbons in a drawing 1000 wide, by the rules of sankey.py.
function layout(links, sizes, name) {
  const ends = [...links].map(([both, volume]) => [...both.split("|"), volume]), gap = 16;
  const size = (key) => sizes.get(key);
  const { columns, column, last } = orderKeys(ends, size);
  const height = Math.max(Math.max(...columns.map((keys) => keys.length), 1) * 28 * 1.25, 260);
  const filled = columns.filter((keys) => keys.length);
  const unit = Math.min(...filled.map((keys) => (height - gap * (keys.length - 1)) / Math.max(keys.reduce((sum, key) => sum + size(key), 0), SMALL)));
  const tall = (key) => size(key) * unit, top = tops(columns, ends, tall, height, gap);
  const left = (key) => 8 + (column.get(key) * 782) / last;
  const boxes = [...column.keys()].map((key) => ({ key, x: left(key), y: top.get(key), height: Math.max(tall(key), 1.5), volume: size(key), named: false, end: column.get(key) === last }));
  nameBoxes(boxes, name);
  return { height: height + 12, boxes, ribbons: ribbonsOf(ends, left, top, unit) };
}

function tops(columns, ends, tall, height, gap) {
  const top = new Map(), sum = (values) => values.reduce((a, b) => a + b, 0);
  for (const keys of columns) {
    let y = (height - sum(keys.map(tall)) - gap * (keys.length - 1)) / 2;
    for (const key of keys) { top.set(key, y); y += tall(key) + gap; }
  }
  for (let turn = 0; turn < 12; turn += 1) for (const keys of turn % 2 === 0 ? columns : [...columns].reverse()) {
    const middle = new Map([...top].map(([key, y]) => [key, y + tall(key) / 2]));
    let y = 0;
    const wish = keys.map((key) => meanPlace(key, ends, middle, turn % 2 === 1) - tall(key) / 2);
    keys.forEach((key, k) => { top.set(key, Math.max(wish[k], y)); y = top.get(key) + tall(key) + gap; });
    y = height;
    for (const key of [...keys].reverse()) { top.set(key, Math.min(top.get(key), y - tall(key))); y = top.get(key) - gap; }
  }
  return top;
}

function meanPlace(key, ends, place, forward) {
  const joined = ends.filter(([a, b]) => (forward ? a : b) === key), whole = joined.reduce((sum, one) => sum + one[2], 0);
  return whole > 0 ? joined.reduce((sum, one) => sum + place.get(forward ? one[1] : one[0]) * one[2], 0) / whole : place.get(key);
}

function nameBoxes(boxes, name) {
  const taken = boxes.filter((box) => !box.end).map((box) => [box.x, box.y, box.x + 10, box.y + box.height]);
  for (const box of [...boxes].sort((a, b) => (a.key[0] === "l") - (b.key[0] === "l") || b.volume - a.volume)) {
    const left = box.x + 13, y = box.y + box.height / 2, right = Math.min(left + 6.2 * (name(box.key).length + 5), 1000);
    box.named = box.key[0] !== "l" || !taken.some((one) => one[0] < right && left < one[2] && one[1] < y + 8 && y - 8 < one[3]);
    if (box.named) taken.push([left, y - 8, right, y + 8]);
  }
}

function ribbonsOf(ends, left, top, unit) {
  const starts = new Map(top), stops = new Map(top), first = new Map(), second = new Map();
  const outs = [...ends].sort((a, b) => top.get(a[0]) - top.get(b[0]) || top.get(a[1]) - top.get(b[1]));
  const ins = [...ends].sort((a, b) => top.get(a[1]) - top.get(b[1]) || top.get(a[0]) - top.get(b[0]));
  for (const one of outs) { first.set(one, starts.get(one[0])); starts.set(one[0], starts.get(one[0]) + one[2] * unit); }
  for (const one of ins) { second.set(one, stops.get(one[1])); stops.set(one[1], stops.get(one[1]) + one[2] * unit); }
  return outs.map((one) => {
    const half = Math.max(one[2] * unit, 0.6) / 2, x0 = left(one[0]) + 10, x1 = left(one[1]), a = first.get(one) + half, b = second.get(one) + half, m = (x0 + x1) / 2;
    return { source: one[0], target: one[1], volume: one[2], width: 2 * half, d: `M${x0.toFixed(1)} ${a.toFixed(1)}C${m.toFixed(1)} ${a.toFixed(1)} ${m.toFixed(1)} ${b.toFixed(1)} ${x1.toFixed(1)} ${b.toFixed(1)}` };
  });
}

// Nodes column by column, each column sorted by the mean place of what it is joined to, so that little crosses; as sankey.py has it.
function orderKeys(ends, size) {
  const column = new Map(ends.flatMap(([a, b]) => [[a, 0], [b, 0]]));
  for (let turn = 0; turn < column.size; turn += 1) for (const [a, b] of ends) column.set(b, Math.max(column.get(b), column.get(a) + 1));
  const last = Math.max(...column.values(), 1);
  const columns = Array.from({ length: last + 1 }, () => []);
  for (const [key, at] of column) { if (key[0] === "c") column.set(key, last); columns[key[0] === "c" ? last : at].push(key); }
  const place = new Map(), alike = (value) => Math.round(value * 1e6); // no last digit decides
  const settle = (keys) => keys.forEach((key, k) => place.set(key, (k + 0.5) / keys.length));
  columns.forEach((keys) => { keys.sort((a, b) => alike(size(b)) - alike(size(a))); settle(keys); });
  for (let turn = 0; turn < 8; turn += 1) {
    const forward = turn % 2 === 1;
    for (const keys of forward ? [...columns].reverse() : columns) {
      const mean = new Map(keys.map((key) => [key, alike(meanPlace(key, ends, place, forward))]));
      keys.sort((a, b) => mean.get(a) - mean.get(b));
      settle(keys);
    }
  }
  return { columns, column, last };
}

function originColours(data) {
  const seen = {}, found = new Array(data.origins.length).fill(0);
  const order = data.origins.map((_, k) => k).sort((a, b) => data.followed.includes(b) - data.followed.includes(a) || a - b);
  for (const k of order) { const carrier = data.origins[k].carrier; found[k] = (seen[carrier] ?? 0) % 8; seen[carrier] = (seen[carrier] ?? 0) + 1; }
  return found;
}
