// node bundle.js OUT: writes the assets of the page, their licences and `versions.json` into the folder OUT.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { baseMap } from "./map.js";

const out = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const SHIPPED = {
  echarts: ["LICENSE", "NOTICE"], zrender: ["LICENSE"], tslib: ["LICENSE.txt"], highs: ["LICENSE"], "world-atlas": ["LICENSE"],
};

mkdirSync(join(out, "licences"), { recursive: true });
await build({
  entryPoints: [join(here, "charts.js")], outfile: join(out, "echarts.js"), bundle: true, minify: true, format: "iife",
  globalName: "echarts", target: "es2020", charset: "utf8", legalComments: "none", define: { "process.env.NODE_ENV": '"production"' },
});
for (const name of ["highs.js", "highs.wasm"]) copyFileSync(join(modules, "highs", "build", name), join(out, name));
copyFileSync(join(here, "highs-third-party.md"), join(out, "licences", "highs-third-party.md"));
mkdirSync(join(out, "testing"), { recursive: true }); // the checker of accessibility: for the tests, in no wheel
copyFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), join(out, "testing", "axe.js"));
writeFileSync(join(out, "map.json"), JSON.stringify(baseMap()));
const versions = {};
for (const [name, files] of Object.entries(SHIPPED)) {
  versions[name] = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;
  const texts = files.map((file) => readFileSync(join(modules, name, file), "utf8").trim());
  writeFileSync(join(out, "licences", `${name}.txt`), texts.join("\n\n") + "\n");
}
writeFileSync(join(out, "versions.json"), JSON.stringify(versions, null, 2) + "\n");
