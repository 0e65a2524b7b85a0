// Netbacks at a new solution: what a destination's price leaves at the field, along the ways that the gas took, traced proportionally:
// what leaves a node has the mix of ways of what came to it. As energynet/results/netbacks.py has it.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const NOISE = 1e-9; // units a day

  /** By period and row of `delivered`: USD/tcm or USD/MWh at the field, null where nothing of that origin was delivered. */
  own.netbacks = (packed, primal, prices) => {
    const { header, arrays } = packed;
    const rows = new Map(header.view.price.demands.map((demand, k) => [demand, k]));
    const first = header.columns.find((family) => family.name === "taken")?.first ?? 0;
    return header.periods.map((_, t) => {
      const read = (column) => clean(primal[t * header.stride[0] + column]);
      const costs = costsAtNodes(packed, t, read);
      return header.netback.taken.map(([origin, node], row) => {
        const price = prices[t][rows.get(header.view.delivered[row][0])];
        if (read(first + row) <= 0 || price === undefined) return null;
        const [needed, tariff, booking] = costs(origin, node);
        return (price - tariff - booking) / needed;
      });
    });
  };

  function clean(value) {
    return Math.abs(value) < NOISE ? 0 : value;
  }

  function mapped({ arrays }, name, t, count, read) {
    const [row, column, weight] = ["row", "column", "weight"].map((part) => arrays[`${name}_${part}`]);
    const out = new Float64Array(count);
    for (let e = 0; e < row.length; e += 1) out[row[e]] += weight[t * row.length + e] * read(column[e]);
    return out;
  }

  /** In a period, of one unit of an origin at a node: units needed at the field, tariffs and charges paid on the way. */
  function costsAtNodes(packed, t, read) {
    const { header: { netback }, arrays } = packed;
    const count = arrays.links.length / 5;
    const lost = mapped(packed, "lost", t, count, read);
    const begun = mapped(packed, "begun", t, netback.starts.length, read);
    const arcs = arrays.arc_beyond.length;
    const whole = new Float64Array(arcs);
    const links = Array.from({ length: count }, (_, k) => {
      const [origin, from, to, column, arc] = arrays.links.subarray(5 * k, 5 * k + 5);
      const sent = read(column);
      if (arc >= 0) whole[arc] += sent;
      return { origin, from, to, arc, sent, came: sent - lost[k], tariff: arrays.link_tariff[t * count + k] };
    });
    for (const link of links) {
      if (link.arc < 0) continue;
      const all = whole[link.arc];
      const beyond = arrays.arc_beyond[link.arc];
      if (all > NOISE && beyond >= 0) link.tariff *= read(beyond) / all;
      link.charge = all > NOISE ? arrays.arc_charge[t * arcs + link.arc] / all : 0;
    }
    const solved = new Map();
    const solve = (origin) => {
      const mine = links.filter((link) => link.origin === origin);
      const place = new Map();
      for (const link of mine) for (const node of [link.from, link.to]) if (!place.has(node)) place.set(node, place.size);
      const start = new Float64Array(place.size);
      netback.starts.forEach(([of, node], k) => { if (of === origin && place.has(node)) start[place.get(node)] += begun[k]; });
      const arrived = start.slice();
      for (const link of mine) arrived[place.get(link.to)] += link.came;
      const system = Array.from(arrived, (sum, k) => {
        const row = new Float64Array(place.size + 3);
        row[k] = 1;
        row[place.size] = start[k] / (sum > NOISE ? sum : 1);
        return row;
      });
      for (const link of mine) {
        const to = place.get(link.to);
        const share = link.sent / (arrived[to] > NOISE ? arrived[to] : 1);
        system[to][place.get(link.from)] -= share;
        system[to][place.size + 1] += share * link.tariff;
        system[to][place.size + 2] += share * (link.charge ?? 0);
      }
      eliminate(system, place.size);
      return { place, system };
    };
    return (origin, node) => {
      if (!solved.has(origin)) solved.set(origin, solve(origin));
      const { place, system } = solved.get(origin);
      if (!place.has(node)) return [1, 0, 0];
      const [needed, tariff, booking] = system[place.get(node)].subarray(place.size);
      return [needed > NOISE ? needed : 1, tariff, booking];
    };
  }

  /** Gauss and Jordan with row pivots: afterwards row k holds the values of unknown k. */
  function eliminate(rows, size) {
    for (let k = 0; k < size; k += 1) {
      let best = k;
      for (let i = k + 1; i < size; i += 1) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
      [rows[k], rows[best]] = [rows[best], rows[k]];
      const pivot = rows[k][k];
      for (let j = k; j < rows[k].length; j += 1) rows[k][j] /= pivot;
      for (let i = 0; i < size; i += 1) {
        const factor = rows[i][k];
        if (i === k || factor === 0) continue;
        for (let j = k; j < rows[k].length; j += 1) rows[i][j] -= factor * rows[k][j];
      }
    }
  }
})();
