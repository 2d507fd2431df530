// A history as a chart: a line over an area, a value under the pointer or the arrow keys, a unit,
// and the figures as a table behind it. Input: times (seconds), values (null: nothing).

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { decimal, time } from "../format.js";
import { html } from "../html.js";

const HEIGHT = 132;
const LEFT = 44;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 20;

// A round number not below this one: 1, 2 or 5 and zeroes.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * power >= value * 0.999) * power;
}

function rangeOf(values, fixed) {
  if (fixed) return fixed;
  const most = Math.max(0, ...values.filter((value) => value !== null));
  return [0, most ? roundUp(most) : 1];
}

function useWidth(start = 600) {
  const box = useRef();
  const [width, setWidth] = useState(start);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width || start));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

// Runs of values that are there, as paths.
function lines(points) {
  const runs = [];
  let run = null;
  for (const point of points) {
    if (!point) run = null;
    else if (run) run.push(point);
    else runs.push(run = [point]);
  }
  return runs.map((one) => one.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L"))
    .map((path, index) => ({ path, from: runs[index][0][0], to: runs[index].at(-1)[0] }));
}

function Figures({ times, values, unit, show }) {
  return html`<details class="behind"><summary>Figures</summary><div class="scroll"><table>
    <thead><tr><th scope="col">Time</th><th scope="col" class="number">${unit}</th></tr></thead>
    <tbody>${times.map((at, index) => html`<tr key=${at}><td>${time(at)}</td>
      <td class="number">${values[index] === null ? "–" : show(values[index])}</td></tr>`)
      .reverse()}</tbody></table></div></details>`;
}

// What was heard now and then: a point each, and a faint line from one to the next.
function Dots({ points }) {
  const heard = points.filter(Boolean);
  return html`<path class="between" d=${`M${heard.map((point) => point.map(
    (value) => value.toFixed(1)).join(" ")).join("L") || "0 0"}`} />
    ${heard.map(([x, y]) => html`<circle key=${x} cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="2.2"
      />`)}`;
}

function Area({ points, floor }) {
  return lines(points).map(({ path, from, to }) => html`
    <path class="under" d=${`M${from.toFixed(1)} ${floor}L${path}L${to.toFixed(1)} ${floor}z`} />
    <path class="over" d=${`M${path}`} />`);
}

export function Chart({ label, times, values, unit, range, show = decimal, each = "", dots }) {
  const [box, width] = useWidth();
  const [at, setAt] = useState(-1);
  const last = values.length - 1;
  const [low, high] = rangeOf(values, range);
  const x = (index) => LEFT + (index / Math.max(1, last)) * (width - LEFT - RIGHT);
  const y = (value) => TOP + (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low))
    * (HEIGHT - TOP - BOTTOM);
  const points = values.map((value, index) => (value === null ? null : [x(index), y(value)]));
  const ticks = [low, (low + high) / 2, high];
  const from = (event) => {
    const place = event.clientX - box.current.getBoundingClientRect().left - LEFT;
    setAt(Math.max(0, Math.min(last, Math.round((place / (width - LEFT - RIGHT)) * last))));
  };
  function walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(last, (at < 0 ? last : at) + step)));
  }
  const isAt = at >= 0 && at <= last;
  const said = isAt ? `${values[at] === null ? "nothing" : `${show(values[at])} ${unit}`}, ${
    time(times[at])}` : each;
  return html`<figure class="chart"><figcaption><span>${label}</span>
      <output class="faint">${said}</output></figcaption>
    <div ref=${box}><svg width=${width} height=${HEIGHT} role="img" tabindex="0"
      aria-label=${`${label}, ${unit}`} onPointerMove=${from} onPointerLeave=${() => setAt(-1)}
      onKeyDown=${walk} onBlur=${() => setAt(-1)}>
      ${ticks.map((tick) => html`<g key=${tick} class="tick">
        <line x1=${LEFT} x2=${width - RIGHT} y1=${y(tick)} y2=${y(tick)} />
        <text x=${LEFT - 6} y=${y(tick) + 4} text-anchor="end">${show(tick)}</text></g>`)}
      <g class="tick">${[0, Math.floor(last / 2), last].map((index, place) => html`
        <text key=${place} x=${x(index)} y=${HEIGHT - 4}
          text-anchor=${["start", "middle", "end"][place]}>${time(times[index])}</text>`)}</g>
      ${dots ? html`<${Dots} points=${points} />`
    : html`<${Area} points=${points} floor=${y(low).toFixed(1)} />`}
      ${isAt && html`<line class="cursor" x1=${x(at)} x2=${x(at)} y1=${TOP}
        y2=${HEIGHT - BOTTOM} />`}</svg></div>
    <${Figures} times=${times} values=${values} unit=${unit} show=${show} /></figure>`;
}

/** Buttons of which one is pressed. */
export function Choice({ label, choices, value, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${Object.entries(choices).map(([name, words]) => html`<button type="button" key=${name}
      aria-pressed=${name === value ? "true" : "false"} onClick=${() => onChange(name)}>
      ${words}</button>`)}</div>`;
}
