// Vector tiles (Mapbox Vector Tile 2.1) as pictures in the colours of the page. Input: the bytes of
// a tile in one of the common schemas (Protomaps, OpenMapTiles, Shortbread). Output: a canvas, and
// the names of places in it.

import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

import { cornerOf, sideOf } from "./window.js";

const [POINT, LINE, POLYGON] = [1, 2, 3];
const NAMES_MOST = 60; // of one tile
const NAME_LETTERS = 40;

// What a layer of that name holds.
const layers = {
  water: "water", ocean: "water", water_polygons: "water", waterway: "water", water_lines: "water",
  landuse: "ground", landcover: "ground", natural: "ground", park: "green", land: "ground",
  building: "building", buildings: "building",
  roads: "road", transportation: "road", streets: "road", street_polygons: "road",
  boundaries: "boundary", boundary: "boundary",
  places: "place", place: "place", place_labels: "place",
};

const green = /wood|forest|park|grass|meadow|garden|nature|scrub|heath|golf|cemetery|orchard/;
const roads = [[/motorway|trunk|highway/, 3.2], [/primary|secondary|tertiary|major/, 2.2],
  [/path|foot|track|cycle|steps|pedestrian|other/, 0.6]];
const MINOR_ROAD = 1.3;
const ranks = [/country/, /state|region|province/, /city|locality/, /town/, /village/];

const kindOf = ({ properties }) => String(properties.kind ?? properties.class
  ?? properties["pmap:kind"] ?? "");

function roadWidth(feature) {
  const kind = kindOf(feature);
  return roads.find(([pattern]) => pattern.test(kind))?.[1] ?? MINOR_ROAD;
}

/** The tile of these bytes. */
export function parse(bytes) {
  return new VectorTile(new PbfReader(new Uint8Array(bytes)));
}

// Paths by what they are: { water, waterLine, green, building, boundary, roads: width -> path }.
class Sorter {
  constructor() {
    this.areas = { green: new Path2D(), water: new Path2D(), building: new Path2D() };
    this.lines = { water: new Path2D(), boundary: new Path2D() };
    this.roads = new Map();
  }

  take(kind, feature) {
    const path = this.pathFor(kind, feature);
    if (!path) return;
    for (const ring of feature.loadGeometry()) {
      ring.forEach(({ x, y }, i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
      if (feature.type === POLYGON) path.closePath();
    }
  }

  pathFor(kind, feature) {
    if (kind === "road" && feature.type === LINE) {
      const width = roadWidth(feature);
      if (!this.roads.has(width)) this.roads.set(width, new Path2D());
      return this.roads.get(width);
    }
    if (feature.type === LINE) return this.lines[kind];
    if (feature.type !== POLYGON) return undefined;
    const isGreen = kind === "green" || (kind === "ground" && green.test(kindOf(feature)));
    return isGreen ? this.areas.green : this.areas[kind];
  }
}

function each(tile, act) {
  for (const [name, layer] of Object.entries(tile.layers)) {
    const kind = layers[name];
    for (let i = 0; kind && i < layer.length; i += 1) act(kind, layer.feature(i), layer);
  }
}

// The names of places that lie in the part of a tile { z, x, y, up }.
function namesIn(tile, part) {
  const side = sideOf(part.z - part.up);
  const corner = cornerOf({ z: part.z - part.up, x: part.x >> part.up, y: part.y >> part.up });
  const own = cornerOf(part);
  const names = [];
  each(tile, (kind, feature, { extent }) => {
    if (kind !== "place" || feature.type !== POINT || !feature.properties.name) return;
    const [[{ x, y }]] = feature.loadGeometry();
    const place = { x: corner.x + (x / extent) * side, y: corner.y - (y / extent) * side };
    const inside = place.x >= own.x && place.x < own.x + sideOf(part.z)
      && place.y <= own.y && place.y > own.y - sideOf(part.z);
    const at = ranks.findIndex((pattern) => pattern.test(kindOf(feature)));
    if (inside) names.push({ place, rank: at < 0 ? ranks.length : at,
      label: String(feature.properties.name).slice(0, NAME_LETTERS) });
  });
  return names.sort((a, b) => a.rank - b.rank).slice(0, NAMES_MOST);
}

function stroke(pen, path, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(path);
}

/** { picture, names } of `part` { z, x, y, up }: a tile, `up` levels below the one it lies in. */
export function paint(tile, part, side, colour) {
  const picture = document.createElement("canvas");
  picture.width = picture.height = side * Math.min(2, Math.ceil(devicePixelRatio));
  const pen = picture.getContext("2d");
  pen.fillStyle = colour("map-land");
  pen.fillRect(0, 0, picture.width, picture.height);
  const sorter = new Sorter();
  const extent = Object.values(tile.layers)[0]?.extent ?? 4096;
  each(tile, (kind, feature) => { if (kind !== "place") sorter.take(kind, feature); });
  const parts = 2 ** part.up;
  const scale = (picture.width / extent) * parts;
  pen.setTransform(scale, 0, 0, scale, -(part.x % parts) * picture.width,
    -(part.y % parts) * picture.height);
  for (const [name, path] of Object.entries(sorter.areas)) {
    pen.fillStyle = colour(`map-${name}`);
    pen.fill(path);
  }
  const pixel = picture.width / side / scale; // of the screen, in units of the tile
  const closer = Math.max(0.4, Math.min(5, 1.35 ** (part.z - 13)));
  pen.lineJoin = pen.lineCap = "round";
  stroke(pen, sorter.lines.water, colour("map-water"), 1.2 * pixel);
  for (const [width, path] of [...sorter.roads].sort(([a], [b]) => a - b))
    stroke(pen, path, colour("map-road"), width * closer * pixel);
  pen.setLineDash([4 * pixel, 3 * pixel]);
  stroke(pen, sorter.lines.boundary, colour("map-boundary"), pixel);
  return { picture, names: namesIn(tile, part) };
}
