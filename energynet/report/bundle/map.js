// The base map: countries of Natural Earth 1:50m inside a window of longitudes and latitudes, as GeoJSON.
// Properties: `name`, and `iso`, the two letters of ISO 3166-1 (null where a territory has no number there).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { iso31661 } from "iso-3166";
import { feature } from "topojson-client";

const WINDOW = { west: -12, east: 66, south: 24, north: 62 };
const PLACES = 100; // coordinates to a hundredth of a degree: a kilometre
const require = createRequire(import.meta.url);

/** The map as a GeoJSON FeatureCollection. */
export function baseMap() {
  const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json"), "utf8"));
  const letters = new Map(iso31661.map((country) => [country.numeric, country.alpha2]));
  const features = feature(atlas, atlas.objects.countries).features.map((country) => ({
    type: "Feature",
    properties: { name: country.properties.name, iso: letters.get(country.id) ?? null },
    geometry: clipped(country.geometry),
  }));
  return { type: "FeatureCollection", features: features.filter((one) => one.geometry.coordinates.length > 0) };
}

function clipped(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const kept = polygons.map((rings) => rings.map(inside).filter((ring) => ring.length > 3)).filter((rings) => rings.length > 0);
  return { type: "MultiPolygon", coordinates: kept };
}

/** A closed ring cut to the window, edge after edge (Sutherland and Hodgman 1974), and rounded. */
function inside(ring) {
  const { west, east, south, north } = WINDOW;
  let points = ring.slice(0, -1);
  for (const [axis, limit, sign] of [[0, west, 1], [0, east, -1], [1, south, 1], [1, north, -1]]) points = cut(points, axis, limit, sign);
  const rounded = points.map(([x, y]) => [Math.round(x * PLACES) / PLACES, Math.round(y * PLACES) / PLACES]);
  const kept = rounded.filter(([x, y], k) => k === 0 || x !== rounded[k - 1][0] || y !== rounded[k - 1][1]);
  return kept.length > 2 ? [...kept, kept[0]] : [];
}

function cut(points, axis, limit, sign) {
  const kept = [];
  points.forEach((point, k) => {
    const before = points[(k + points.length - 1) % points.length];
    const [here, there] = [sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0];
    if (here !== there) {
      const part = (limit - before[axis]) / (point[axis] - before[axis]);
      const crossing = [before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])];
      crossing[axis] = limit;
      kept.push(crossing);
    }
    if (here) kept.push(point);
  });
  return kept;
}
