// The certificate: are this primal and dual an optimum of this program? Plain arrays; nothing here knows the solver.
// The same checks and tolerances as energynet/solver/certificate.py.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const PRIMAL = 1e-6; // units a day, or units, as the row is written
  const MARGIN = 1e-6; // USD/tcm or USD/MWh
  const GAP = 1e-9; // of the sum of |c x|
  const LEAST = 1e-3; // million USD: stands for that sum where it is smaller
  const THOUSANDTH = 0.001;

  /** Checks of primal (by column) and dual (by row) against the program at a position, and of the objective in million USD. */
  own.certify = (packed, program, primal, dual, objective) => {
    const { header } = packed;
    const [columns, rows] = header.size;
    const activity = own.activity(program, rows, primal);
    const reduced = own.reducedCosts(program, dual);
    const rowSize = sizes(packed, header.rows, header.stride[1], rows);
    const columnSize = sizes(packed, header.columns, header.stride[0], columns);
    const rowName = (i) => own.nameOf(header, header.rows, header.stride[1], i);
    const columnName = (j) => own.nameOf(header, header.columns, header.stride[0], j);
    let floor = 0;
    let here = program.offset;
    for (let j = 0; j < columns; j += 1) {
      floor += Math.abs(program.cost[j] * primal[j]);
      here += program.cost[j] * primal[j];
    }
    floor = Math.max(floor, LEAST);
    const outside = (value, low, high) => (k) => Math.max(low[k] - value[k], value[k] - high[k]);
    const wrong = (price, low, high, size) => (k) => (
      (low[k] === -Infinity ? Math.max(price[k], 0) : 0) + (high[k] === Infinity ? Math.max(-price[k], 0) : 0)
    ) / size[k];
    const slack = (price, value, low, high) => (k) => (
      (low[k] === -Infinity ? 0 : Math.max(price[k], 0) * Math.abs(value[k] - low[k]))
      + (high[k] === Infinity ? 0 : Math.max(-price[k], 0) * Math.abs(high[k] - value[k]))
    ) / floor;
    const bound = program.offset + priced(dual, program.row_lower, program.row_upper) + priced(reduced, program.lower, program.upper);
    const costs = own.costsOf(packed, program, primal).reduce((sum, one) => sum + one[2], 0);
    const { lower, upper, row_lower: rowLower, row_upper: rowUpper } = program;
    const money = "USD/tcm or USD/MWh";
    const share = "of sum |c x|";
    return [
      worst("rows", rows, outside(activity, rowLower, rowUpper), rowName, "units", PRIMAL),
      worst("bounds", columns, outside(primal, lower, upper), columnName, "units", PRIMAL),
      worst("dual signs of rows", rows, wrong(dual, rowLower, rowUpper, rowSize), rowName, money, MARGIN),
      worst("reduced costs", columns, wrong(reduced, lower, upper, columnSize), columnName, money, MARGIN),
      worst("complementary rows", rows, slack(dual, activity, rowLower, rowUpper), rowName, share, GAP),
      worst("complementary columns", columns, slack(reduced, primal, lower, upper), columnName, share, GAP),
      check("duality gap", Math.abs(here - bound) / floor, "objective", share, 10 * GAP),
      check("objective", Math.abs(here - objective) / floor, "objective", share, GAP),
      check("cost table", Math.abs(costs - objective) / floor, "objective", share, GAP),
    ];
  };

  /** The name of a row or column: `flow[tanap_1,AZ]@2025-01`. */
  own.nameOf = (header, families, stride, position) => {
    const inside = header.periods.length * stride;
    const horizon = position >= inside;
    const within = horizon ? position - inside : position % stride;
    const family = families.find((one) => one.horizon === horizon && one.first <= within && within < one.first + one.keys.length);
    const label = `${family.name}[${family.keys[within - family.first]}]`;
    return horizon ? label : `${label}@${header.periods[Math.floor(position / stride)].label}`;
  };

  function check(name, value, where, unit, tolerance) {
    const found = Number.isNaN(value) ? Infinity : Math.max(value, 0);
    return { check: name, worst: found, where: found > 0 ? where : "", unit, tolerance, holds: found <= tolerance };
  }

  function worst(name, count, violation, label, unit, tolerance) {
    let most = -Infinity;
    let at = -1;
    for (let k = 0; k < count; k += 1) {
      const value = violation(k);
      if (Number.isNaN(value)) return check(name, value, label(k), unit, tolerance);
      if (value > most) [most, at] = [value, k];
    }
    return check(name, at < 0 ? 0 : most, most > 0 ? label(at) : "", unit, tolerance);
  }

  /** Million USD for 1 USD/tcm on one unit of each position: 0.001, times the period's days for a rate. */
  function sizes({ header, arrays }, families, stride, count) {
    const out = new Float64Array(count).fill(THOUSANDTH);
    for (const family of families) {
      if (family.horizon || family.unit !== "units/d") continue;
      header.periods.forEach((_, t) => {
        for (let k = 0; k < family.keys.length; k += 1) out[t * stride + family.first + k] *= arrays.days[t];
      });
    }
    return out;
  }

  function priced(price, low, high) {
    let sum = 0;
    for (let k = 0; k < price.length; k += 1) {
      if (price[k] > 0 && low[k] !== -Infinity) sum += price[k] * low[k];
      if (price[k] < 0 && high[k] !== Infinity) sum += price[k] * high[k];
    }
    return sum;
  }
})();
