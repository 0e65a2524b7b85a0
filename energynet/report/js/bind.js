// What stands in a cell, as an expression over a view; the grammar is that of bind.py.
function evaluator(data, view) {
  const days = data.periods.map((period) => period.days * period.weight);
  const length = days.reduce((sum, one) => sum + one, 0);
  const total = (row) => row.reduce((sum, one) => sum + (one ?? 0), 0);
  const rowsOf = (name, rows) => rows.map((row) => (view[name] ? view[name][row] : []));
  const kinds = {
    sum: (name, rows, scale, t = null) => scale * rowsOf(name, rows).reduce((sum, row) => sum + (t === null ? total(row) : row[t] ?? 0), 0),
    mean: (name, rows) => rowsOf(name, rows).reduce((sum, row) => sum + row.reduce((part, one, t) => part + one * days[t], 0), 0) / length,
    at: (name, rows, t) => rowsOf(name, rows).reduce((sum, row) => sum + row[t], 0),
    weighted: (name, rows, weight, weights) => {
      if (!view[name]) return NaN;
      let above = 0, below = 0;
      rows.forEach((row, k) => view[name][row].forEach((value, t) => {
        const amount = view[weight][weights[k]][t];
        if (value !== null && Number.isFinite(value) && amount > 0) { above += value * amount; below += amount; }
      }));
      return below > 0 ? above / below : NaN;
    },
    low: (name, row) => Math.min(...view[name][row]),
    high: (name, row) => Math.max(...view[name][row]),
    balance: (place, term, scale) => scale * total(view.balance[place][term]),
    cost: (k) => view.costs[k][2],
    value: (name) => view[name],
    div: (one, other) => { const below = read(other); return below ? read(one) / below : NaN; },
    mul: (one, factor) => read(one) * factor,
    less: (one, other) => read(one) - read(other),
  };
  function read([kind, ...rest]) { return kinds[kind](...rest); }
  return read;
}

// Fill every cell that carries an expression, and hide the rows of sparse tables whose first number, or all of whose numbers, are zero.
function fillCells(data, view) {
  const read = evaluator(data, view);
  for (const cell of document.querySelectorAll("[data-bind]")) {
    const { e, d, p } = JSON.parse(cell.dataset.bind);
    const value = read(e);
    cell.textContent = p ? percent(value, d) : number(value, d);
    cell.dataset.sort = Number.isFinite(value) ? String(Number(value.toFixed(d + (p ? 2 : 0)))) : "0";
    if (cell.style.getPropertyValue("--bar")) cell.style.setProperty("--bar", `${Math.min(Math.max(value || 0, 0), 1) * 100}%`);
  }
  for (const table of document.querySelectorAll("[data-sparse]")) for (const row of table.tBodies[0].rows) {
    const bound = [...row.querySelectorAll("[data-bind]")];
    const seen = table.dataset.sparse === "first" ? bound.slice(0, 1) : bound;
    row.hidden = seen.length > 0 && seen.every((cell) => Number(cell.dataset.sort) === 0);
  }
}
