// From origins through lines to countries: the graph, as sankey.py has it, and its drawing by the chart library.
const SMALL = 1e-6, SHOWN = 2e-4;

function sankeyGraph(data, view, origins, t) {
  const days = data.periods.map((period) => period.days * period.weight);
  const amount = (row) => (t >= 0 ? row[t] * days[t] : row.reduce((sum, one, k) => sum + one * days[k], 0));
  const links = new Map();
  for (const origin of origins) for (const [ends, volume] of linksOf(data, view, origin, amount, t)) links.set(ends, (links.get(ends) ?? 0) + volume);
  const [kept, left] = acyclic(links);
  let whole = 0;
  for (const [ends, volume] of kept) if (ends.split("|")[1].startsWith("c:")) whole += volume;
  return { links: new Map([...kept].filter(([, volume]) => volume > SHOWN * whole)), left };
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
  return key[0] === "o" ? data.origins.find((one) => one.id === name)?.name ?? name : name;
}

function chosenOrigins(data, choice) {
  if (!choice.startsWith("all:")) return [Number(choice)];
  return data.origins.map((one, k) => [one, k]).filter(([one]) => one.carrier === choice.slice(4)).map(([, k]) => k);
}

let sankeyChart = null;
function drawSankey(state) {
  const { data, view, t } = state, origins = chosenOrigins(data, state.origin);
  const carrier = data.carriers[data.origins[origins[0]].carrier];
  const { links, left } = sankeyGraph(data, view, origins, t);
  document.getElementById("sankey-left").textContent = left.size
    ? `Left out, so that nothing flows in a circle: ${[...left].map(([ends, volume]) => `${ends.split("|").map((key) => keyName(data, key)).join(" to ")} (${number(volume / carrier.per_large, 3)})`).join("; ")}.` : "";
  if (!window.echarts) return;
  const place = document.getElementById("sankey-chart");
  place.hidden = false;
  document.getElementById("sankey-static").hidden = true;
  const through = new Map(), keys = new Set();
  for (const [ends, volume] of links) ends.split("|").forEach((key, side) => {
    keys.add(key);
    const sums = through.get(key) ?? [0, 0];
    sums[side] += volume;
    through.set(key, sums);
  });
  const colours = originColours(data);
  const colour = (key) => key[0] === "c" ? cssColour("--ink") : key[0] === "l" ? cssColour("--soft") : cssColour(`--o${colours[data.origins.findIndex((one) => one.id === key.slice(2))]}`);
  const written = (volume) => `${number(volume / carrier.per_large, 2)} ${carrier.large}`;
  const count = Math.max([...keys].filter((key) => key[0] === "c").length, 8), family = getComputedStyle(document.body).fontFamily;
  const whole = [...through].filter(([key]) => key[0] === "c").reduce((sum, [, sums]) => sum + sums[0], 0);
  const named = (key) => key[0] !== "l" || Math.max(...through.get(key)) > 0.014 * whole;
  place.style.height = `${Math.min(Math.max(count * 27 + 120, 340), 1000)}px`;
  sankeyChart ??= window.echarts.init(place, null, { renderer: "svg" });
  sankeyChart.resize();
  sankeyChart.setOption({
    animationDuration: 300,
    aria: { enabled: true, label: { description: "Flows from origins through lines to countries; the figures stand in the tables." } },
    tooltip: { trigger: "item", confine: true, backgroundColor: cssColour("--ink"), borderWidth: 0, textStyle: { color: cssColour("--paper"), fontFamily: family, fontSize: 13 },
      formatter: (one) => one.dataType === "edge"
        ? card(`${keyName(data, one.data.source)} → ${keyName(data, one.data.target)}`, [["", written(one.data.value)]])
        : card(keyName(data, one.name), [["", written(Math.max(...through.get(one.name)))]]) },
    series: [{
      type: "sankey", left: 8, right: 150, top: 8, bottom: 8, nodeWidth: 11, nodeGap: 17, nodeAlign: "justify", layoutIterations: 64, draggable: false,
      emphasis: { focus: "adjacency" }, lineStyle: { color: cssColour(`--o${colours[origins[0]]}`), opacity: 0.3, curveness: 0.5 },
      data: [...keys].map((key) => ({ name: key, itemStyle: { color: colour(key), borderWidth: 0 }, label: { show: named(key) } })),
      links: [...links].map(([ends, volume]) => {
        const [source, target] = ends.split("|");
        return { source, target, value: volume, ...(source[0] === "o" ? { lineStyle: { color: colour(source) } } : {}) };
      }),
      label: { color: cssColour("--ink"), fontSize: 12, fontFamily: family, textBorderColor: cssColour("--paper"), textBorderWidth: 3,
        formatter: (one) => `${keyName(data, one.name)}  {v|${number(Math.max(...through.get(one.name)) / carrier.per_large, 2)}}`, rich: { v: { color: cssColour("--soft"), fontSize: 12, fontFamily: family } } },
    }],
  }, true);
}

function originColours(data) {
  const seen = {}, found = new Array(data.origins.length).fill(0);
  const order = data.origins.map((_, k) => k).sort((a, b) => data.followed.includes(b) - data.followed.includes(a) || a - b);
  for (const k of order) { const carrier = data.origins[k].carrier; found[k] = (seen[carrier] ?? 0) % 8; seen[carrier] = (seen[carrier] ?? 0) + 1; }
  return found;
}
