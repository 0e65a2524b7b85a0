// The linear program at any position of the sliders: every entry is its base plus (factor - 1) times its slope, for each slider.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});

  /** All numbers at these factors (one a slider); `packed` holds those of the base. Nothing of `packed` is changed. */
  own.programAt = ({ header, arrays }, factors) => {
    const moved = {};
    for (const name of ["cost_value", "cost_constant", "lower", "upper", "row_lower", "row_upper", "value", "capacity"]) {
      moved[name] = arrays[name].slice();
    }
    header.sliders.forEach((slider, k) => {
      const by = factors[k] - 1;
      if (by === 0) return;
      for (const [name, [from, to]] of Object.entries(slider.moves)) {
        for (let e = from; e < to; e += 1) moved[name][arrays.move_index[e]] += by * arrays.move_slope[e];
      }
    });
    const cost = new Float64Array(header.size[0]);
    arrays.cost_index.forEach((column, e) => { cost[column] += moved.cost_value[e]; });
    const offset = moved.cost_constant.reduce((sum, one) => sum + one, 0);
    return { ...moved, cost, offset, start: arrays.start, index: arrays.index };
  };

  /** A x, by row. */
  own.activity = (program, rows, primal) => {
    const out = new Float64Array(rows);
    for (let j = 0; j < primal.length; j += 1) {
      if (primal[j] !== 0) for (let e = program.start[j]; e < program.start[j + 1]; e += 1) out[program.index[e]] += program.value[e] * primal[j];
    }
    return out;
  };

  /** c - A' y, by column. */
  own.reducedCosts = (program, dual) => {
    const out = program.cost.slice();
    for (let j = 0; j < out.length; j += 1) {
      for (let e = program.start[j]; e < program.start[j + 1]; e += 1) out[j] -= program.value[e] * dual[program.index[e]];
    }
    return out;
  };

  /** What each item of the costs comes to, in the order of the table: [component, item, million USD]. */
  own.costsOf = ({ header, arrays }, program, primal) => header.costs.map(([component, item, from, to], k) => {
    let sum = 0;
    for (let e = from; e < to; e += 1) sum += program.cost_value[e] * primal[arrays.cost_index[e]];
    return [component, item, sum + program.cost_constant[k]];
  });
})();
