// HiGHS holds the program of the page. Every position of the sliders is solved from the basis of the base, so that an answer does not
// depend on how the reader came there. Limits that are let out by a hair each make the duals single; then least fuel, least haul and the
// names choose one answer of many, as in energynet/solver/.
"use strict";
(() => {
  const own = (globalThis.energynetWhatIf ??= {});
  const TOLERANCE = 1e-9;
  const ZERO = 1e-9; // a dual nearer to zero fixes nothing
  const LONGEST = 60; // seconds

  own.Session = class {
    /** `highs` is the loaded solver, `packed` the program as unpacked. */
    constructor(highs, packed) {
      this.highs = highs;
      this.packed = packed;
      const { header, arrays } = packed;
      const program = own.programAt(packed, header.sliders.map(() => 1));
      [this.columns, this.rows] = header.size;
      this.value = program.value;
      this.model = highs.createModel({
        numCols: this.columns, numRows: this.rows, sense: highs.constants.objectiveSense.minimize,
        colCost: program.cost, colLower: program.lower, colUpper: program.upper, rowLower: program.row_lower, rowUpper: program.row_upper,
        matrix: {
          format: "csc", numRows: this.rows, numCols: this.columns, starts: arrays.start,
          indices: arrays.index, values: program.value,
        },
      });
      this.model.options.set({
        output_flag: false, random_seed: 0, solver: "simplex", time_limit: LONGEST,
        primal_feasibility_tolerance: TOLERANCE, dual_feasibility_tolerance: TOLERANCE,
      });
      this.basis = { colStatus: Int32Array.from(arrays.basis_columns), rowStatus: Int32Array.from(arrays.basis_rows) };
      this.allColumns = { kind: "range", from: 0, to: this.columns - 1 };
      this.allRows = { kind: "range", from: 0, to: this.rows - 1 };
    }

    /** Solve at these factors, one a slider: {status, and where it is "optimal" primal, dual, objective, oneAnswer, iterations}. */
    solve(factors) {
      const { model, packed } = this;
      const program = own.programAt(packed, factors);
      this.load(program);
      this.limit(program, packed.header.hair);
      model.setBasis(this.basis);
      let first = this.run();
      const priced = first.status === "optimal";
      this.limit(program, 0);
      if (!priced) {
        model.setBasis(this.basis);
        first = this.run();
        if (first.status !== "optimal") return { ...first, program };
      }
      let chosen = this.choose(program, first);
      const oneAnswer = priced && chosen.status === "optimal";
      if (!oneAnswer) {
        this.load(program);
        this.limit(program, 0);
        model.setBasis(this.basis);
        chosen = first = this.run();
        if (first.status !== "optimal") return { ...first, program };
      }
      let objective = program.offset;
      for (let j = 0; j < this.columns; j += 1) objective += program.cost[j] * chosen.primal[j];
      const iterations = first.iterations + (chosen === first ? 0 : chosen.iterations);
      return { status: "optimal", program, primal: chosen.primal, dual: first.dual, objective, oneAnswer, iterations };
    }

    /** Bounds and limits of a position, each let out by its share of a hair. */
    limit(program, hair) {
      const { model, packed: { arrays } } = this;
      const out = (vector, weights, sign) => vector.map((one, k) => one + sign * hair * weights[k]);
      model.changeColsBounds(this.allColumns, out(program.lower, arrays.names, -1), out(program.upper, arrays.names, 1));
      model.changeRowsBounds(this.allRows, out(program.row_lower, arrays.row_names, -1), out(program.row_upper, arrays.row_names, 1));
    }

    /** Give HiGHS the costs and coefficients of a position. */
    load(program) {
      const { model } = this;
      model.zeroAllClocks();
      model.options.set({ simplex_strategy: 1 });
      model.changeColsCost(this.allColumns, program.cost);
      for (let j = 0; j < this.columns; j += 1) {
        for (let e = program.start[j]; e < program.start[j + 1]; e += 1) {
          if (program.value[e] !== this.value[e]) model.changeCoefficient(program.index[e], j, program.value[e]);
        }
      }
      this.value = program.value;
    }

    run() {
      const { model, highs } = this;
      model.run();
      const status = model.getModelStatus();
      const words = Object.entries(highs.constants.modelStatus).find(([, code]) => code === status);
      const name = words ? words[0] : "unknown";
      const iterations = Math.max(model.info.get("simplex_iteration_count"), 0);
      if (name !== "optimal") return { status: name, iterations };
      const found = model.getSolution();
      return { status: name, primal: found.colValue, dual: found.rowDual, reduced: found.colDual, iterations };
    }

    /** The one answer of the optimal face: least fuel, least haul, then weights that leave no tie. */
    choose(program, first) {
      const { model, packed: { arrays } } = this;
      const face = {
        lower: program.lower.slice(), upper: program.upper.slice(), rowLower: program.row_lower.slice(), rowUpper: program.row_upper.slice(),
      };
      model.options.set({ simplex_strategy: 4 });
      let outcome = first;
      let iterations = 0;
      for (const objective of [arrays.fuel, arrays.haul, arrays.names]) {
        fix(face.lower, face.upper, outcome.reduced);
        fix(face.rowLower, face.rowUpper, outcome.dual);
        model.changeColsBounds(this.allColumns, face.lower, face.upper);
        model.changeRowsBounds(this.allRows, face.rowLower, face.rowUpper);
        model.changeColsCost(this.allColumns, scaled(objective));
        outcome = this.run();
        iterations += outcome.iterations;
        if (outcome.status !== "optimal") return outcome;
      }
      return { ...outcome, iterations };
    }
  };

  /** Close the bounds that the sign of a dual closes: every optimum keeps to them. */
  function fix(lower, upper, dual) {
    for (let k = 0; k < dual.length; k += 1) {
      if (lower[k] === upper[k]) continue;
      if (dual[k] > ZERO && lower[k] !== -Infinity) upper[k] = lower[k];
      else if (dual[k] < -ZERO && upper[k] !== Infinity) lower[k] = upper[k];
    }
  }

  function scaled(objective) {
    let most = 0;
    for (const one of objective) most = Math.max(most, Math.abs(one));
    return most > 0 ? objective.map((one) => one / most) : objective;
  }
})();
