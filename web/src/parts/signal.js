// A signal as bars and number, and a history as a small line. Input: dBm; values oldest first.

import { html } from "../html.js";
import { signalText } from "../format.js";

const WEAKEST = -95;
const STRONGEST = -35;
const BARS = [0, 1, 2, 3, 4];

/** 0 to 1: how strong a signal is, as far as people care. */
export function strength(dbm) {
  return dbm ? Math.min(1, Math.max(0, (dbm - WEAKEST) / (STRONGEST - WEAKEST))) : 0;
}

/** Bars and the number, with its unit where the scale is dbm; other scales have none. */
export function SignalBars({ value, scale = "dbm" }) {
  if (!value) return html`<span class="faint">–</span>`;
  const lit = Math.max(1, Math.round(strength(value) * BARS.length));
  return html`<span class="signal">
    <svg class="bars" viewBox="0 0 19 12" aria-hidden="true">${BARS.map((bar) => html`
      <rect class=${bar < lit ? "lit" : ""} x=${bar * 4} y=${9 - bar * 2.25} width="3"
        height=${3 + bar * 2.25} rx="0.6" />`)}</svg>
    <span>${signalText(value, scale === "dbm" ? "dBm" : "")}</span></span>`;
}

/** The last minute as a line; quiet when nothing was heard. */
export function Spark({ values, label }) {
  const most = Math.max(...values, 0);
  if (!most) return html`<span class="faint" title=${label}>–</span>`;
  const x = (index) => (index / (values.length - 1)) * 60;
  const y = (value) => 15 - (value / most) * 14;
  const line = values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
  return html`<svg class="spark" viewBox="0 0 60 16" preserveAspectRatio="none" role="img"
    aria-label=${label}><title>${label}</title>
    <path class="under" d=${`M0 16L${line.join("L")}L60 16z`} />
    <path d=${`M${line.join("L")}`} /></svg>`;
}
