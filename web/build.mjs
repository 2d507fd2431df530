// Bundles the page: web/src and web/style into web/dist, which is committed so that `make` needs
// no npm. Output: index.html, the program and the style under names that hold a hash of their
// content, the licences of what is bundled, and files.txt: the list that CMakeLists.txt embeds,
// under a hash of what it was made from, by which `make lint` knows a bundle behind its sources.
// usage: node build.mjs [FOLDER]     FOLDER instead of dist
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? join(here, "dist"));

const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none", // licences.txt has them whole
  target: ["chrome100", "firefox100", "safari15.4"],
};

async function bundle(entry, more = {}) {
  const result = await build({ ...options, entryPoints: [entry], ...more });
  return result.outputFiles[0].contents;
}

// The name that changes when the content does.
function hashed(stem, extension, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return `${stem}-${hash}.${extension}`;
}

// The licence texts of every package that ends up in the bundle, by package-lock.json.
function licences() {
  const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
  const texts = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path || entry.dev || entry.optional) continue;
    const file = readdirSync(join(here, path)).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(join(here, path, file), "utf8").trim() : entry.license;
    texts.push(`${path.replace("node_modules/", "")} ${entry.version}\n\n${text}\n`);
  }
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

// Everything the bundle is made from, by its path in web/.
function sources() {
  const all = readdirSync(here, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !/^(dist|node_modules)\//.test(path));
  return all.sort((a, b) => (a < b ? -1 : 1));
}

function stamp() {
  const hash = createHash("sha256");
  for (const path of sources()) hash.update(`${path}\0`).update(readFileSync(join(here, path)));
  return hash.digest("hex");
}

// A part of the page that is loaded when it is needed: bundled for itself, so that the program
// needs nothing more to begin, and asked for by the name that holds its hash.
const tiles = await bundle("src/tiles/tiles.js", { format: "esm" });
const tilesName = hashed("tiles", "js", tiles);
const later = {
  name: "later",
  setup({ onResolve }) {
    onResolve({ filter: /\/tiles\/tiles\.js$/ }, ({ kind }) => (kind === "dynamic-import"
      ? { path: `./${tilesName}`, external: true } : undefined));
  },
};

const program = await bundle("src/main.js", { format: "esm", plugins: [later] });
const style = await bundle("style/page.css");
const notices = licences();
const names = {
  program: hashed("page", "js", program),
  style: hashed("page", "css", style),
  tiles: tilesName,
  notices: hashed("licences", "txt", notices),
};
const markup = readFileSync(join(here, "index.html"), "utf8")
  .replace("src/main.js", `page/${names.program}`)
  .replace("style/page.css", `page/${names.style}`)
  .replace("licences.txt", `page/${names.notices}`);

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
writeFileSync(join(output, "index.html"), markup);
writeFileSync(join(output, names.program), program);
writeFileSync(join(output, names.style), style);
writeFileSync(join(output, names.tiles), tiles);
writeFileSync(join(output, names.notices), notices);
copyFileSync(join(here, "icon.svg"), join(output, "icon.svg"));
const files = ["icon.svg", "index.html", ...Object.values(names)].sort();
writeFileSync(join(output, "files.txt"), `# sources ${stamp()}\n${files.join("\n")}\n`);
