// What a new answer changes against the base, as rows of a table: cost, what was served and was not, the largest moves.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const LEAST = { volume: 0.0005, price: 0.05 }; // of the large unit (bcm, TWh); USD/tcm or USD/MWh: less is not told
  const total = (rows) => rows.reduce((sum, one) => sum + one, 0);

  /** Rows {words, base, now, unit, digits}; `most` of deliveries and of prices. */
  own.changes = (data, base, now, most) => [
    { words: "Total cost", base: base.objective, now: now.objective, unit: "million USD", digits: 1 },
    ...served(data, base, now),
    ...largest(deliveries(data, base, now), most, LEAST.volume),
    ...largest(prices(data, base, now), most, LEAST.price),
  ];

  function largest(rows, most, least) {
    const moved = (row) => Math.abs(row.now - row.base);
    return rows.filter((row) => moved(row) >= least).sort((one, other) => moved(other) - moved(one)).slice(0, most);
  }

  function served(data, base, now) {
    const rows = [];
    for (const [id, carrier] of Object.entries(data.carriers)) {
      const scale = (sum) => sum / carrier.per_large;
      const mine = (view, key) => scale(total(data.demands.map((one, k) => (one.carrier === id ? sumOf(data, view, key, k) : 0))));
      for (const [key, words] of [["delivered", "delivered"], ["unserved", "not served"]]) {
        const row = { words: `${carrier.name}, ${words}`, base: mine(base, key), now: mine(now, key), unit: carrier.large, digits: 3 };
        if (row.base !== 0 || row.now !== 0) rows.push(row);
      }
    }
    return rows;
  }

  function sumOf(data, view, key, demand) {
    if (key === "unserved") return total(view.unserved[demand]);
    return total(data.demand_origins.map(([of], row) => (of === demand ? total(view.delivered[row]) : 0)));
  }

  function deliveries(data, base, now) {
    const rows = new Map();
    data.demand_origins.forEach(([demand, origin], k) => {
      const one = data.demands[demand];
      const [carrier, country] = [data.carriers[one.carrier], data.countries[data.nodes[one.node].country]];
      const key = `${origin}/${data.nodes[one.node].country}/${one.carrier}`;
      const words = `${data.origins[origin].name} to ${country.name}`;
      const row = rows.get(key) ?? { words, base: 0, now: 0, unit: carrier.large, digits: 3 };
      row.base += total(base.delivered[k]) / carrier.per_large;
      row.now += total(now.delivered[k]) / carrier.per_large;
      rows.set(key, row);
    });
    return [...rows.values()];
  }

  function prices(data, base, now) {
    const days = data.periods.map((period) => period.days * period.weight);
    const mean = (values) => total(values.map((value, t) => value * days[t])) / total(days);
    return data.demands.map((one, k) => ({
      words: `Price, ${one.name}`, base: mean(base.price[k]), now: mean(now.price[k]), unit: data.carriers[one.carrier].price, digits: 1,
    }));
  }
})();
