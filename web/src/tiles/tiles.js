// The part of the page that draws tiles, loaded where a server has some: a PMTiles archive read by
// ranges. Input: the address of the archive, the view of a map. Output: pictures on its canvas,
// names of places, the archive's attribution as text.

import { PMTiles, TileType } from "pmtiles";

import { TileWindow } from "./window.js";
import { parse, paint } from "./vector.js";

const RASTER = [TileType.Png, TileType.Jpeg, TileType.Webp, TileType.Avif];
const SIDE = { raster: 256, vector: 512 }; // pixels of a tile on the screen, about
const DEEPER = 6; // levels below the last of an archive that vectors are drawn sharp in
const AT_ONCE = 6; // tiles that are fetched or painted
const KEPT_PIXELS = 24_000_000; // of tiles out of sight
const PARSED = 24; // vector tiles kept as they came
const AGAIN_MS = 5_000; // after an answer that failed
const ATTRIBUTION_MOST = 300;

// The text of an attribution, which archives give as markup.
function plain(markup) {
  const text = String(markup ?? "").replace(/<[^>]*>/g, "").replace(/&copy;/g, "©")
    .replace(/&nbsp;/g, " ").replace(/&amp;/g, "&");
  return text.trim().slice(0, ATTRIBUTION_MOST);
}

/** The archive at that address; `onNews` is called when there is more to draw. */
export async function open(address, onNews) {
  const archive = new PMTiles(address);
  const header = await archive.getHeader();
  const isVector = header.tileType === TileType.Mvt;
  if (!isVector && !RASTER.includes(header.tileType))
    throw new Error("norn draws PNG, JPEG, WebP and vector tiles; these are of another kind.");
  const metadata = await archive.getMetadata().catch(() => null);
  return new Tiles(archive, header, isVector, plain(metadata?.attribution), onNews);
}

class Tiles {
  constructor(archive, header, isVector, attribution, onNews) {
    Object.assign(this, { archive, header, isVector, attribution, onNews });
    this.side = isVector ? SIDE.vector : SIDE.raster;
    this.deepest = header.maxZoom + (isVector ? DEEPER : 0);
    this.kept = new Map(); // "z/x/y" -> { picture or null, names }, the oldest use first
    this.parsed = new Map(); // "z/x/y" of the archive -> promise of a parsed vector tile
    this.wanted = [];
    this.busy = new Set();
    this.pausedUntil = 0;
    this.look = "";
  }

  /** Draws what it has of a view { centre, scale }; true where that is anything. */
  draw(pen, view, width, height, colour) {
    this.dress(colour);
    const sight = new TileWindow(view, width, height, this.side, this.header.minZoom, this.deepest);
    this.wanted = [];
    this.seen = new Set();
    let drawn = 0;
    for (const tile of sight.tiles()) drawn += this.drawTile(pen, sight, tile) ? 1 : 0;
    this.fetchOn();
    this.forget();
    return drawn > 0;
  }

  /** Names of the places in sight after draw(): { place, label }, the greater first. */
  names() {
    const all = [...this.seen].flatMap((key) => this.kept.get(key)?.names ?? []);
    return all.sort((a, b) => a.rank - b.rank);
  }

  // Vectors are painted in the colours of the theme: again after it has changed.
  dress(colour) {
    this.colour = colour;
    const look = colour("map-land") + devicePixelRatio;
    if (this.isVector && look !== this.look) this.kept.clear();
    this.look = look;
  }

  drawTile(pen, sight, tile) {
    const key = `${tile.z}/${tile.x}/${tile.y}`;
    const own = this.kept.get(key);
    if (own === undefined) this.wanted.push(tile);
    if (own) this.use(key, own);
    if (own === undefined) return this.drawAncestor(pen, sight, tile);
    if (!own.picture) return false;
    pen.drawImage(own.picture, ...sight.box(tile));
    return true;
  }

  use(key, own) {
    this.kept.delete(key);
    this.kept.set(key, own);
    this.seen.add(key);
  }

  // What a tile farther away shows of the same ground, until the tile is there.
  drawAncestor(pen, sight, { z, x, y }) {
    for (let up = 1; up <= z - this.header.minZoom; up += 1) {
      const key = `${z - up}/${x >> up}/${y >> up}`;
      const { picture } = this.kept.get(key) ?? {};
      if (!picture) continue;
      this.seen.add(key);
      const side = picture.width / 2 ** up;
      const at = (value) => (value % 2 ** up) * side;
      pen.drawImage(picture, at(x), at(y), side, side, ...sight.box({ z, x, y }));
      return true;
    }
    return false;
  }

  fetchOn() {
    if (Date.now() < this.pausedUntil) return;
    while (this.busy.size < AT_ONCE && this.wanted.length) {
      const tile = this.wanted.shift();
      if (!this.busy.has(`${tile.z}/${tile.x}/${tile.y}`)) this.fetch(tile);
    }
  }

  async fetch(tile) {
    const key = `${tile.z}/${tile.x}/${tile.y}`;
    const { look } = this;
    this.busy.add(key);
    try {
      const made = await (this.isVector ? this.paint(tile) : this.picture(tile));
      if (look === this.look) this.kept.set(key, made);
    } catch {
      this.pausedUntil = Date.now() + AGAIN_MS; // the next drawing asks again
    }
    this.busy.delete(key);
    this.fetchOn();
    this.onNews();
  }

  async picture({ z, x, y }) {
    const found = await this.archive.getZxy(z, x, y);
    if (!found) return { picture: null };
    return { picture: await createImageBitmap(new Blob([found.data])).catch(() => null) };
  }

  async paint(tile) {
    const up = Math.max(0, tile.z - this.header.maxZoom);
    const source = await this.source(tile.z - up, tile.x >> up, tile.y >> up);
    if (!source) return { picture: null };
    return paint(source, { ...tile, up }, this.side, this.colour);
  }

  source(z, x, y) {
    const key = `${z}/${x}/${y}`;
    const read = async () => {
      const found = await this.archive.getZxy(z, x, y);
      return found ? parse(found.data) : null;
    };
    const known = this.parsed.get(key) ?? read();
    this.parsed.delete(key);
    this.parsed.set(key, known);
    known.catch(() => this.parsed.delete(key));
    if (this.parsed.size > PARSED) this.parsed.delete(this.parsed.keys().next().value);
    return known;
  }

  // Lets tiles go that were not seen for longest, never one that is in sight.
  forget() {
    const size = ({ picture }) => (picture ? picture.width * picture.height : 1000);
    let left = 0;
    for (const [key, own] of this.kept) if (!this.seen.has(key)) left += size(own);
    for (const [key, own] of this.kept) {
      if (left <= KEPT_PIXELS) return;
      if (this.seen.has(key)) continue;
      left -= size(own);
      this.kept.delete(key);
      own.picture?.close?.();
    }
  }
}
