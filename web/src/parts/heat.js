// A heat map: a row each of fractions over time, five shades, the value under the pointer in words.
// The figures stand beside each row. Input: rows { name, slots, figures }, ends of the time; a slot
// of null is one of which nothing is known.

import { useState } from "preact/hooks";

import { percent, time } from "../format.js";
import { html } from "../html.js";

const SHADES = 5;
const HEIGHT = 18;

// Index of the shade: 0 only for nothing at all.
function shadeOf(fraction, most) {
  if (!fraction) return 0;
  return Math.min(SHADES - 1, 1 + Math.floor((fraction / most) * (SHADES - 1)));
}

// One path for all slots of a shade: few elements for many slots.
function paths(slots, most) {
  const drawn = Array.from({ length: SHADES }, () => "");
  slots.forEach((fraction, index) => {
    if (fraction === null) return;
    drawn[shadeOf(fraction, most)] += `M${index + 0.04} 0h.92v${HEIGHT - 2}h-.92z`;
  });
  return drawn;
}

function Strip({ row, most, begin, step, onSay }) {
  const { slots, name } = row;
  const point = (event) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.min(slots.length - 1, Math.max(0,
      Math.floor(((event.clientX - left) / width) * slots.length)));
    const heard = slots[index] === null ? "nobody listened yet" : "deaf";
    onSay(`Channel ${name}, ${time(begin + index * step)}: ${slots[index]
      ? `listened ${percent(slots[index])} of the time` : heard}`);
  };
  return html`<svg class="strip" viewBox=${`0 0 ${slots.length} ${HEIGHT - 2}`}
    preserveAspectRatio="none" aria-hidden="true" onPointerMove=${point}
    onPointerLeave=${() => onSay("")}>${paths(slots, most).map((path, shade) => html`
      <path class=${`heat-${shade}`} d=${path} />`)}</svg>`;
}

export function HeatMap({ label, rows, headings, begin, end }) {
  const [said, say] = useState("");
  const length = Math.max(...rows.map(({ slots }) => slots.length));
  const most = Math.max(...rows.flatMap(({ slots }) => slots), 0.0001);
  const step = (end - begin) / length;
  const gridColumns = `minmax(4.2rem, max-content) minmax(6rem, 1fr) ${headings.map(
    () => "max-content").join(" ")}`;
  return html`<div class="heat"><p class="said faint" role="status">${said || label}</p>
    <div class="legend faint"><span class="key heat-0"></span>deaf
      ${[1, 2, 3, 4].map((shade) => html`<span class=${`key heat-${shade}`}></span>`)}
      ${percent(most)} of the time</div>
    <div class="scroll"><div class="strips" role="table" aria-label=${label}
      style=${{ gridTemplateColumns: gridColumns }}>
      <div role="row"><span role="columnheader">Channel</span>
        <span role="columnheader" class="ends"><span>${time(begin)}</span><span>${time(end)}</span>
          </span>${headings.map((heading) => html`<span role="columnheader" class="number">
          ${heading}</span>`)}</div>
      ${rows.map((row) => html`<div role="row" key=${row.name}>
        <span role="rowheader">${row.name}</span>
        <span role="cell"><${Strip} row=${row} most=${most} begin=${begin} step=${step}
          onSay=${say} /></span>
        ${row.figures.map((figure) => html`<span role="cell" class="number">${figure}</span>`)}
        </div>`)}</div></div></div>`;
}
