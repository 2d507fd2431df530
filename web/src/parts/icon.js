// Small drawings for buttons and places: strokes on a grid of 24. Decoration: never read aloud.

import { html } from "../html.js";

const strokes = {
  devices: ["M4 6h16M4 12h16M4 18h16"],
  networks: ["M3 10a13 13 0 0 1 18 0", "M6.5 13.8a8 8 0 0 1 11 0", "M10 17.5a3 3 0 0 1 4 0"],
  channels: ["M5 20V10M10 20V4M15 20v-8M20 20V7"],
  sources: ["M12 14v7", "M8 10a5 5 0 0 1 8 0", "M5 7a9 9 0 0 1 14 0", "M12 14h.01"],
  alerts: ["M12 4 3 20h18z", "M12 10v5", "M12 17.5h.01"],
  map: ["M9 4 3 6v14l6-2 6 2 6-2V4l-6 2z", "M9 4v14M15 6v14"],
  system: ["M4 5h16v11H4z", "M9 20h6M12 16v4"],
  search: ["M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14", "m16 16 4 4"],
  filter: ["M4 5h16l-6 8v6l-4-2v-4z"],
  columns: ["M4 5h16v14H4zM10 5v14M15 5v14"],
  save: ["M12 4v11m-4-4 4 4 4-4", "M5 20h14"],
  back: ["M15 5l-7 7 7 7"],
  next: ["M9 5l7 7-7 7"],
  close: ["M6 6l12 12M18 6 6 18"],
  hunt: ["M12 3v4M12 17v4M3 12h4M17 12h4", "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8"],
  user: ["M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8", "M5 20a7 7 0 0 1 14 0"],
  edit: ["m5 19 1-4L16 5l3 3L9 18z"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8", "M12 2v2M12 20v2M2 12h2M20 12h2",
    "M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"],
  plus: ["M12 5v14M5 12h14"],
  up: ["m6 15 6-6 6 6"],
  down: ["m6 9 6 6 6-6"],
  mute: ["M4 10v4h3l4 4V6L7 10z", "m16 10 4 4m0-4-4 4"],
  sound: ["M4 10v4h3l4 4V6L7 10z", "M15 9a4 4 0 0 1 0 6M17.5 6.5a8 8 0 0 1 0 11"],
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${strokes[name].map((line) => html`<path d=${line} />`)}</svg>`;
}
