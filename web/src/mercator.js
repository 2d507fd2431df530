// The plane of the map: web Mercator (EPSG:3857) as metres at the equator. Input and output: pairs
// [longitude, latitude] in degrees, points { x, y } in metres, y to the north.

const RADIUS = 6_378_137;
const MOST_LATITUDE = 85.05;
const radians = (degrees) => (degrees * Math.PI) / 180;

export function project([longitude, latitude]) {
  const bound = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude));
  return { x: RADIUS * radians(longitude),
    y: RADIUS * Math.log(Math.tan(Math.PI / 4 + radians(bound) / 2)) };
}

function unproject({ x, y }) {
  const latitude = 2 * Math.atan(Math.exp(y / RADIUS)) - Math.PI / 2;
  return [(x / RADIUS) * (180 / Math.PI), latitude * (180 / Math.PI)];
}

/** How many metres of the plane are one metre on the ground there. */
export function stretchAt({ y }) {
  return 1 / Math.cos(radians(unproject({ x: 0, y })[1]));
}
