// The small pictures: bars by origin for every country, and the stock of every storage, as panels.py draws them.
const GAP = 0.12;

function bars(low, high) {
  return low.map((a, t) => (high[t] - a > 1e-4
    ? `M${(t + GAP / 2).toFixed(2)} ${(100 - 100 * a).toFixed(2)}V${(100 - 100 * high[t]).toFixed(2)}h${(1 - GAP).toFixed(2)}V${(100 - 100 * a).toFixed(2)}z` : "")).join("");
}

function drawPanels(data, view) {
  for (const figure of document.querySelectorAll('[data-panel="stack"]')) {
    const { layers, scale, large } = JSON.parse(figure.dataset.layers);
    const values = layers.map(([name, rows]) => data.periods.map((_, t) => rows.reduce((sum, row) => sum + view[name][row][t], 0)));
    const sums = data.periods.map((_, t) => values.reduce((sum, row) => sum + row[t], 0));
    const top = Math.max(...sums) || 1;
    const base = data.periods.map(() => 0);
    figure.querySelectorAll("path").forEach((path, k) => {
      const low = base.map((one) => one / top);
      values[k].forEach((one, t) => { base[t] += one; });
      path.setAttribute("d", bars(low, base.map((one) => one / top)));
    });
    figure.querySelector(".top-value").textContent = number(top);
    figure.querySelector(".total").textContent = `${number(sums.reduce((a, b) => a + b, 0) * scale, 2)} ${large}`;
  }
  for (const figure of document.querySelectorAll('[data-panel="curve"]')) {
    const storage = data.storages[figure.dataset.storage], stock = view.inventory[figure.dataset.storage];
    const top = storage.working_volume || Math.max(...stock) || 1;
    const share = (stock.length > 1 ? stock : [stock[0], stock[0]]).map((one) => one / top);
    const line = "M" + share.map((one, t) => `${t} ${(100 - 100 * one).toFixed(2)}`).join("L");
    figure.querySelector(".stroke").setAttribute("d", line);
    figure.querySelector(".area").setAttribute("d", `${line}V100H0z`);
    figure.querySelector(".total").textContent = `${number(100 * share[share.length - 1])}\u202f% at the end`;
  }
}
