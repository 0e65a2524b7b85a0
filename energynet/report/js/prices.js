// The map of prices, or of what they leave at the field for the first followed origin.
function drawPrices(data, view, t, what) {
  const read = evaluator(data, view);
  const origin = data.followed[0];
  const rowOf = (demand) => data.demand_origins.findIndex(([one, of]) => one === demand && of === origin);
  const value = (demand) => {
    if (what === "price") return t >= 0 ? view.price[demand][t] : read(["mean", "price", [demand]]);
    const row = rowOf(demand);
    if (row < 0 || !view.netback) return NaN;
    return t >= 0 ? view.netback[row][t] ?? NaN : read(["weighted", "netback", [row], "delivered", [row]]);
  };
  for (const figure of document.querySelectorAll(".map.prices")) {
    const marks = [...figure.querySelectorAll(".marks circle")];
    const values = new Map(marks.map((mark) => [mark.dataset.demand, value(Number(mark.dataset.demand))]));
    const stored = figure.dataset.edges.split(" ").map(Number);
    const edges = what === "price" ? stored : priceEdges([...values.values()].filter(Number.isFinite));
    for (const mark of marks) {
      const one = values.get(mark.dataset.demand);
      const place = Math.min(Math.max(edges.filter((edge) => one >= edge).length, 1), Math.max(edges.length - 1, 1));
      mark.setAttribute("class", Number.isFinite(one) ? `p${place}` : "none");
    }
    for (const label of figure.querySelectorAll("text[data-demand]")) label.querySelector(".value").textContent = number(values.get(label.dataset.demand));
    figure.querySelector(".what").textContent = what === "price" ? "Price" : `Netback of ${data.origins[origin].name}`;
    figure.querySelector(".classes").replaceChildren(...edges.slice(1).map((_, k) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      svg.setAttribute("width", "14"); svg.setAttribute("height", "14"); svg.setAttribute("aria-hidden", "true");
      circle.setAttribute("class", `p${k + 1}`); circle.setAttribute("cx", "7"); circle.setAttribute("cy", "7"); circle.setAttribute("r", "6");
      svg.append(circle);
      const key = element("span", "", svg, document.createTextNode(priceWords(edges, k)));
      key.className = "key";
      return key;
    }));
  }
}

// What a class holds, in words; the outer two are open.
function priceWords(edges, k) {
  if (edges.length < 3) return "all";
  if (k === 0) return `under ${number(edges[1])}`;
  return k === edges.length - 2 ? `${number(edges[k])} and more` : `${number(edges[k])}–${number(edges[k + 1])}`;
}

function priceEdges(values) {
  if (!values.length) return [];
  const ordered = [...values].sort((a, b) => a - b);
  const found = [Math.floor(ordered[0] / 5) * 5];
  for (let k = 1; k <= 5; k += 1) {
    const place = (k / 5) * (ordered.length - 1), low = Math.floor(place);
    const quantile = ordered[low] + (ordered[Math.min(low + 1, ordered.length - 1)] - ordered[low]) * (place - low);
    const edge = Math.ceil(quantile / 5) * 5;
    if (edge > found[found.length - 1]) found.push(edge);
  }
  return found;
}
