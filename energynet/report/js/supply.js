// One country's supply by period, by origin or by source, with its price below.
let supplyChart = null;
const SOURCES = [["production", "Production", 0], ["imports", "Imports", 1], ["storage_change", "Storage", 2], ["converted", "Plants", 3], ["exports", "Exports", 5], ["fuel_and_losses", "Fuel, losses", 7]];

function supplyPlaces(data) {
  const found = new Map();
  data.demands.forEach((row, k) => {
    const country = data.nodes[row.node].country, key = `${row.carrier}:${country}`;
    if (!found.has(key)) found.set(key, { key, country, carrier: row.carrier, demands: [] });
    found.get(key).demands.push(k);
  });
  return [...found.values()];
}

function supplySeries(data, view, place, by) {
  const colours = originColours(data), count = data.periods.length;
  const bar = (name, colour, values) => ({ type: "bar", name, stack: "all", data: values, itemStyle: { color: cssColour(colour) }, barCategoryGap: "14%", emphasis: { focus: "series" } });
  if (by === "source") {
    const row = data.places.findIndex(([country, carrier]) => country === place.country && carrier === place.carrier);
    return SOURCES.map(([term, name, colour]) => bar(name, `--o${colour}`, row < 0 ? [] : view.balance[row][data.terms.indexOf(term)]))
      .filter((one) => one.data.some((value) => Math.abs(value) > 1e-6));
  }
  const series = data.origins.map((origin, k) => {
    const rows = data.demand_origins.map((pair, row) => [pair, row]).filter(([[demand, of]]) => of === k && place.demands.includes(demand)).map(([, row]) => row);
    return bar(origin.name.split(" (")[0], `--o${colours[k]}`, Array.from({ length: count }, (_, t) => rows.reduce((sum, row) => sum + view.delivered[row][t], 0)));
  });
  series.push(bar("Not served", "--short", Array.from({ length: count }, (_, t) => place.demands.reduce((sum, k) => sum + view.unserved[k][t], 0))));
  return series.filter((one) => one.data.some((value) => value > 1e-6));
}

function drawSupply(state) {
  if (!window.echarts) return;
  const { data, view } = state, box = document.getElementById("supply-chart");
  const place = supplyPlaces(data).find((one) => one.key === state.place);
  if (!place) return;
  box.hidden = false;
  const carrier = data.carriers[place.carrier], family = getComputedStyle(document.body).fontFamily, labels = data.periods.map((period) => period.label);
  const axis = { axisLine: { lineStyle: { color: cssColour("--soft") } }, axisLabel: { color: cssColour("--soft"), fontFamily: family, hideOverlap: true }, axisTick: { show: false }, splitLine: { lineStyle: { color: cssColour("--rule") } } };
  const name = (text) => ({ name: text, nameLocation: "end", nameTextStyle: { align: "left", color: cssColour("--soft"), fontFamily: family, padding: [0, 0, 0, -44] } });
  const written = (value) => number(value, Math.abs(value) < 10 ? 2 : 0);
  const price = place.demands.map((k) => ({ type: "line", name: place.demands.length > 1 ? `Price, ${data.demands[k].name}` : "Price", xAxisIndex: 1, yAxisIndex: 1, step: "middle", symbol: "circle", symbolSize: 5, showSymbol: true, data: view.price[k], lineStyle: { color: cssColour("--ink"), width: 1.6 }, itemStyle: { color: cssColour("--ink") } }));
  supplyChart ??= window.echarts.init(box, null, { renderer: "svg" });
  supplyChart.resize();
  supplyChart.setOption({
    animationDuration: 250,
    legend: { type: "scroll", top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 16, icon: "rect", textStyle: { color: cssColour("--soft"), fontFamily: family } },
    tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow" }, backgroundColor: cssColour("--ink"), borderWidth: 0, textStyle: { color: cssColour("--paper"), fontFamily: family, fontSize: 13 },
      formatter: (items) => card(items[0].axisValue, items.filter((one) => Math.abs(one.value) > 1e-6).map((one) => [one.seriesName, `${written(one.value)} ${one.seriesType === "line" ? carrier.price : carrier.unit}`])) },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: [{ left: 54, right: 14, top: 66, height: 196 }, { left: 54, right: 14, top: 312, height: 74 }],
    xAxis: [{ type: "category", data: labels, ...axis, axisLabel: { show: false } }, { type: "category", data: labels, gridIndex: 1, ...axis }],
    yAxis: [{ type: "value", ...name(carrier.unit), ...axis, axisLabel: { ...axis.axisLabel, formatter: (value) => number(value) } },
      { type: "value", gridIndex: 1, scale: true, splitNumber: 2, ...name(carrier.price), ...axis, axisLabel: { ...axis.axisLabel, formatter: (value) => number(value) } }],
    series: [...supplySeries(data, view, place, state.by), ...price],
  }, true);
}
