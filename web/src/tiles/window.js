// Which tiles of web Mercator a view shows, and where they lie on its canvas. Input: a view
// { centre, scale } in metres of the plane. Output: { z, x, y }, boxes in pixels.

const HALF = Math.PI * 6_378_137; // from the middle of the plane to its edge
const MOST = 400; // tiles at a time: far from what an archive holds nothing is drawn

/** Metres of the plane along the side of a tile. */
export const sideOf = (z) => (2 * HALF) / 2 ** z;

/** The place of a tile's corner in the north-west. */
export const cornerOf = ({ z, x, y }) => ({ x: x * sideOf(z) - HALF, y: HALF - y * sideOf(z) });

export class TileWindow {
  constructor({ centre, scale }, width, height, side, shallowest, deepest) {
    Object.assign(this, { centre, scale, width, height });
    const level = Math.round(Math.log2((2 * HALF) / (side * scale)));
    this.z = Math.max(shallowest, Math.min(deepest, level));
  }

  /** The tiles in sight, those in the middle first. */
  tiles() {
    const { z, centre, scale, width, height } = this;
    const side = sideOf(z);
    const bound = (value) => Math.max(0, Math.min(2 ** z - 1, Math.floor(value / side)));
    const [left, right] = [-1, 1].map((way) =>
      bound(centre.x + HALF + (way * scale * width) / 2));
    const [top, bottom] = [-1, 1].map((way) =>
      bound(HALF - centre.y + (way * scale * height) / 2));
    if ((right - left + 1) * (bottom - top + 1) > MOST) return [];
    const found = [];
    for (let y = top; y <= bottom; y += 1)
      for (let x = left; x <= right; x += 1) found.push({ z, x, y });
    const away = ({ x, y }) => Math.hypot((x + 0.5) * side - HALF - centre.x,
      HALF - (y + 0.5) * side - centre.y);
    return found.sort((a, b) => away(a) - away(b));
  }

  /** left, top, width and height of a tile, in whole pixels so that no seam shows. */
  box({ z, x, y }) {
    const { centre, scale, width, height } = this;
    const across = (column) => Math.round(width / 2 + (cornerOf({ z, x: column, y: 0 }).x
      - centre.x) / scale);
    const down = (row) => Math.round(height / 2 - (cornerOf({ z, x: 0, y: row }).y
      - centre.y) / scale);
    return [across(x), down(y), across(x + 1) - across(x), down(y + 1) - down(y)];
  }
}
