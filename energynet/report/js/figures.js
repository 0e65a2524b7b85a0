// From a solution to what the page draws: the `view` that README.md of this room describes, by the maps that view_maps.py wrote.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const NOISE = 1e-9; // units a day: below this a flow is the rounding of a zero

  /**
   * The view of an answer ({primal, dual, objective, oneAnswer, certificate, program}); `data` is what never changes in the page, `items`
   * are the costs of its own view, whose order is kept. Periods of the program that lie in one of the page are its mean, by their days
   * (stocks: the last; netbacks: by what was delivered); a period of the program that covers several of the page gives each its rates,
   * and the stock of its end.
   */
  own.viewOf = (packed, data, items, answer, name) => {
    const { header, arrays } = packed;
    const { view } = header;
    const groups = grouped(header.periods, data.periods);
    const days = data.periods.map((period) => period.days * period.weight);
    const mean = (figure, row, weigh) => groups.map((group) => {
      let [above, below] = [0, 0];
      for (const t of group) {
        const [value, weight] = [row < 0 ? 0 : figure[t][row], weigh(t)];
        if (value === null || weight <= 0) continue;
        above += value * weight;
        below += weight;
      }
      return below > 0 ? above / below : null;
    });
    const rates = (rows, figure) => rows.map((row) => mean(figure, row, (t) => arrays.days[t]));
    const volumes = (rows, figure) => rates(rows, figure).map((one) => one.map((rate, t) => rate * days[t]));
    const pair = ([arc, origin]) => [data.arcs[arc].id, data.origins[origin].id];
    const get = ([demand, origin]) => [data.demands[demand].id, data.origins[origin].id];
    const demands = data.demands.map((one) => [one.id]);
    const carrying = new Set(view.flow.map(([arc]) => arc));
    const limit = places(view.capacity.map((arc) => [carrying.has(arc) ? arc : ""]), data.arcs.map((one) => [one.id]));
    const taken = figure(packed, "delivered", view.delivered.length, answer.primal);
    const stocks = figure(packed, "inventory", view.inventory.length, answer.primal);
    const dear = prices(packed, answer.dual);
    const left = own.netbacks(packed, answer.primal, dear);
    const got = places(view.delivered, data.demand_origins.map(get));
    const finite = (one) => one.map((value) => (value === Infinity ? null : value));
    return {
      name, solved: false, one_answer: answer.oneAnswer, objective: answer.objective,
      flow: rates(places(view.flow, data.arc_origins.map(pair)), figure(packed, "flow", view.flow.length, answer.primal)),
      netted: rates(limit, figure(packed, "netted", view.capacity.length, answer.primal)),
      capacity: rates(limit, capacities(packed, answer.program)).map(finite),
      delivered: volumes(got, taken),
      unserved: volumes(places(view.unserved.map((one) => [one]), demands), figure(packed, "unserved", view.unserved.length, answer.primal)),
      price: rates(places(view.price.demands.map((one) => [one]), demands), dear),
      netback: got.map((row) => (row < 0 ? groups.map(() => null) : mean(left, row, (t) => taken[t][row] * arrays.days[t]))),
      inventory: places(view.inventory.map((one) => [one]), data.storages.map((one) => [one.id]))
        .map((row) => groups.map((group) => (row < 0 ? 0 : stocks[group[group.length - 1]][row]))),
      balance: balance(packed, data, answer.primal, volumes),
      costs: inOrder(items, own.costsOf(packed, answer.program, answer.primal)),
      certificate: answer.certificate,
    };
  };

  function inOrder(items, found) {
    const rest = new Map(found.map((one) => [`${one[0]}/${one[1]}`, one]));
    const kept = items.map(([component, item]) => {
      const key = `${component}/${item}`;
      const one = rest.get(key) ?? [component, item, 0];
      rest.delete(key);
      return one;
    });
    return [...kept, ...rest.values()];
  }

  /** For each period of the page, the periods of the program that begin in it; where none does, the one that it lies in. */
  function grouped(periods, page) {
    if (periods.length === page.length && periods.every((period, t) => period.label === page[t].label)) return page.map((_, t) => [t]);
    const groups = page.map(() => []);
    let [p, before] = [0, 0];
    periods.forEach(({ start }, t) => {
      while (p + 1 < page.length && page[p + 1].start <= start) p += 1;
      groups[p].push(t);
    });
    return groups.map((group) => {
      if (group.length) before = group[group.length - 1];
      return group.length ? group : [before];
    });
  }

  /** Where each wanted key stands among the keys; -1 where it does not. */
  function places(keys, wanted) {
    const at = new Map(keys.map((key, k) => [JSON.stringify(key), k]));
    return wanted.map((key) => at.get(JSON.stringify(key)) ?? -1);
  }

  /** Rows of a figure by period: the sum over the entries of its map. */
  function figure({ header, arrays }, name, rows, primal) {
    const [row, column, weight] = ["row", "column", "weight"].map((part) => arrays[`${name}_${part}`]);
    return header.periods.map((_, t) => {
      const out = new Float64Array(rows);
      for (let e = 0; e < row.length; e += 1) {
        const value = column[e] < 0 ? 1 : primal[t * header.stride[0] + column[e]];
        if (Math.abs(value) >= NOISE) out[row[e]] += weight[t * row.length + e] * value;
      }
      return out;
    });
  }

  function capacities({ header }, program) {
    const count = header.view.capacity.length;
    return header.periods.map((_, t) => program.capacity.subarray(t * count, (t + 1) * count));
  }

  function prices({ header, arrays }, dual) {
    const { first, demands } = header.view.price;
    return header.periods.map((_, t) => demands.map((_one, k) => {
      const price = dual[t * header.stride[1] + first + k] * arrays.price_unit[t];
      return Math.abs(price) < NOISE ? 0 : price;
    }));
  }

  function balance(packed, data, primal, volumes) {
    const { view } = packed.header;
    const found = figure(packed, "balance", view.balance.length * view.terms.length, primal);
    const rows = places(view.balance, data.places);
    const terms = data.terms.map((term) => view.terms.indexOf(term));
    return rows.map((place) => volumes(terms.map((term) => (place < 0 || term < 0 ? -1 : place * view.terms.length + term)), found));
  }
})();
