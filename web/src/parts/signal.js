// A signal as bars and number, and a history as a small line. Input: dBm; values oldest first.

import { html } from "../html.js";
import { signalText } from "../format.js";

const WEAKEST = -95;
const STRONGEST = -35;
const BARS = 5;

/** 0 to 1: how strong a signal is, as far as people care. */
export function strength(dbm) {
  return dbm ? Math.min(1, Math.max(0, (dbm - WEAKEST) / (STRONGEST - WEAKEST))) : 0;
}

/** Bars and the number, with its unit where the scale is dbm; other scales have none. */
export function SignalBars({ value, scale = "dbm" }) {
  if (!value) return html`<span class="faint">–</span>`;
  const lit = Math.max(1, Math.round(strength(value) * BARS));
  return html`<span class="signal"><i class=${`bars lit${lit}`} aria-hidden="true"></i>
    ${signalText(value, scale === "dbm" ? "dBm" : "")}</span>`;
}

const HEIGHT = 15;

// The line of these values, and below the picture back to where it began: one path is both the line
// and the area under it. What lies between two equal values is left out.
function outline(values, most) {
  const last = values.length - 1;
  const y = (value) => (HEIGHT - (value / most) * (HEIGHT - 1)).toFixed(1);
  const line = values.map((value, x) => (x && x < last && value === values[x - 1]
    && value === values[x + 1] ? "" : `L${x} ${y(value)}`));
  return `M-2 20V${y(values[0])}${line.join("")}H${last + 2}V20z`;
}

/** A history as a small line; quiet when nothing was heard. */
export function Spark({ values, label }) {
  const most = Math.max(...values, 0);
  if (!most) return html`<span class="faint" title=${label}>–</span>`;
  return html`<svg class="spark" viewBox=${`0 0 ${values.length - 1} ${HEIGHT + 1}`}
    preserveAspectRatio="none" role="img" aria-label=${label}><title>${label}</title>
    <path d=${outline(values, most)} /></svg>`;
}
