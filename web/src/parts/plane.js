// A map: points on tiles, or on a grid of round distances, north up, moved by mouse, fingers and
// keys. Input: points { place, kind, label, key, strength }, lines of places, what lies under them
// (backdrop.js). Output: what was touched.

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { project, stretchAt } from "../mercator.js";
import { dark, unit } from "../settings.js";

const CLOSEST = 0.05; // metres of the plane a pixel
const FARTHEST = 200_000;
const TOUCH = 14; // pixels around a point that belong to it
const FOOT = 0.3048;

function roundStep(metres) {
  const power = 10 ** Math.floor(Math.log10(metres));
  return [1, 2, 5, 10].find((step) => step * power >= metres) * power;
}

function lengthText(length) {
  if (unit.value === "imperial") return length >= 5280 ? `${length / 5280} mi` : `${length} ft`;
  return length >= 1000 ? `${length / 1000} km` : `${length} m`;
}

// { centre, scale } that shows all points.
function fit(points, width, height) {
  if (!points.length) return { centre: { x: 0, y: 0 }, scale: 50 };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys),
    Math.max(...ys)];
  const scale = Math.max((right - left) / (width * 0.8), (top - bottom) / (height * 0.8), 0.2);
  return { centre: { x: (left + right) / 2, y: (bottom + top) / 2 }, scale };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

class Painter {
  constructor(canvas, view) {
    const { clientWidth, clientHeight } = canvas;
    const ratio = devicePixelRatio || 1;
    canvas.width = clientWidth * ratio;
    canvas.height = clientHeight * ratio;
    Object.assign(this, { width: clientWidth, height: clientHeight, view, colour: colours() });
    this.pen = canvas.getContext("2d");
    this.pen.scale(ratio, ratio);
    this.pen.font = "12px system-ui, sans-serif";
  }

  at({ x, y }) {
    const { centre, scale } = this.view;
    return [this.width / 2 + (x - centre.x) / scale, this.height / 2 - (y - centre.y) / scale];
  }

  // The tiles of a backdrop; false where there is none to be seen.
  tiles({ tiles }) {
    return Boolean(tiles?.draw(this.pen, this.view, this.width, this.height, this.colour));
  }

  // Pixels and text of a round distance, about as long as a thumb is wide.
  measure() {
    const { view } = this;
    const foot = unit.value === "imperial" ? FOOT : 1;
    const stretch = stretchAt(view.centre) * foot;
    const round = roundStep((90 * view.scale) / stretch);
    return { step: (round * stretch) / view.scale, text: lengthText(round) };
  }

  grid() {
    const { pen, width, height } = this;
    const { step } = this.measure();
    pen.strokeStyle = this.colour("line");
    pen.beginPath();
    const [x, y] = this.at({ x: 0, y: 0 });
    for (let line = x - Math.ceil(x / step) * step; line < width; line += step) {
      pen.moveTo(Math.round(line) + 0.5, 0);
      pen.lineTo(Math.round(line) + 0.5, height);
    }
    for (let line = y - Math.ceil(y / step) * step; line < height; line += step) {
      pen.moveTo(0, Math.round(line) + 0.5);
      pen.lineTo(width, Math.round(line) + 0.5);
    }
    pen.stroke();
  }

  ruler() {
    const { pen, height } = this;
    const { step, text } = this.measure();
    pen.strokeStyle = pen.fillStyle = this.colour("faint");
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(16, height - 22);
    pen.lineTo(16, height - 16);
    pen.lineTo(16 + step, height - 16);
    pen.lineTo(16 + step, height - 22);
    pen.stroke();
    pen.lineWidth = 1;
    pen.fillText(text, 22, height - 22);
  }

  line(places) {
    const { pen } = this;
    pen.strokeStyle = this.colour("accent");
    pen.lineWidth = 2.5;
    pen.globalAlpha = 0.6;
    pen.beginPath();
    places.forEach((place) => pen.lineTo(...this.at(place)));
    pen.stroke();
    pen.globalAlpha = 1;
    pen.lineWidth = 1;
  }

  point({ place, kind, strength }, isChosen) {
    const { pen } = this;
    const [x, y] = this.at(place);
    if (x < -60 || y < -60 || x > this.width + 60 || y > this.height + 60) return;
    pen.fillStyle = kind === "heat" ? this.colour(`heat-${1 + Math.round(strength * 3)}`)
      : this.colour({ sensor: "accent", ap: "good" }[kind] ?? "wait");
    pen.strokeStyle = isChosen ? this.colour("text") : this.colour("card");
    pen.lineWidth = isChosen ? 3 : 1.5;
    pen.globalAlpha = kind === "heat" ? 0.85 : 1;
    pen.beginPath();
    pen.arc(x, y, { sensor: 8, heat: 10, ap: 5.5 }[kind] ?? 4.5, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // The names of points, but for those that would lie over another.
  labels(points, taken, colour = "text") {
    const { pen } = this;
    for (const { place, label } of points.filter((point) => point.label)) {
      const [x, y] = this.at(place);
      const box = { left: x + 10, right: x + 14 + pen.measureText(label).width, top: y - 8,
        bottom: y + 8 };
      const isFree = taken.every((other) => box.left > other.right || box.right < other.left
        || box.top > other.bottom || box.bottom < other.top);
      if (!isFree) continue;
      taken.push(box);
      pen.lineWidth = 3;
      pen.strokeStyle = this.colour("card");
      pen.strokeText(label, x + 12, y + 4);
      pen.fillStyle = this.colour(colour);
      pen.fillText(label, x + 12, y + 4);
    }
  }
}

// Moving by pointers: one drags, two pinch, the wheel comes closer.
function usePointers(canvas, view, setView, onPick) {
  const held = useRef(new Map());
  const moved = useRef(false);
  const zoom = (factor, x, y) => setView(({ centre, scale }) => {
    const next = Math.max(CLOSEST, Math.min(FARTHEST, scale * factor));
    const dx = x - canvas.current.clientWidth / 2;
    const dy = canvas.current.clientHeight / 2 - y;
    return { scale: next,
      centre: { x: centre.x + dx * (scale - next), y: centre.y + dy * (scale - next) } };
  });
  const spread = () => {
    const [a, b] = [...held.current.values()];
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  return { zoom,
    onPointerDown(event) {
      canvas.current.setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      moved.current = false;
    },
    onPointerMove(event) {
      const last = held.current.get(event.pointerId);
      if (!last) return;
      const before = spread();
      const [dx, dy] = [event.offsetX - last.x, event.offsetY - last.y];
      held.current.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      if (Math.abs(dx) + Math.abs(dy) > 1) moved.current = true;
      if (before && spread()) zoom(before / spread(), event.offsetX, event.offsetY);
      else setView(({ centre, scale }) => ({ scale,
        centre: { x: centre.x - dx * scale, y: centre.y + dy * scale } }));
    },
    onPointerUp(event) {
      held.current.delete(event.pointerId);
      if (!moved.current) onPick(event.offsetX, event.offsetY);
    },
    onPointerCancel(event) { held.current.delete(event.pointerId); },
    onWheel(event) {
      event.preventDefault();
      zoom(1.0015 ** event.deltaY, event.offsetX, event.offsetY);
    },
  };
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** `points` have places of the plane (project); `fitted` changes when all should be shown again. */
export function Plane({ points, track, chosen, onChoose, fitted, label, backdrop }) {
  const canvas = useRef();
  const [view, setView] = useState({ centre: project([0, 0]), scale: 50 });
  const [size, setSize] = useState("");
  const all = () => setView(fit([...points.map(({ place }) => place), ...track],
    canvas.current.clientWidth, canvas.current.clientHeight));
  useEffect(() => { all(); }, [fitted]);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect: { width, height } }]) => setSize(
      `${width}x${height}`));
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const painter = new Painter(canvas.current, view);
    const hasTiles = painter.tiles(backdrop);
    if (!hasTiles) painter.grid();
    painter.ruler();
    if (track.length > 1) painter.line(track);
    for (const point of points) painter.point(point, Boolean(chosen) && point.key === chosen);
    const taken = [];
    painter.labels([...points].reverse(), taken);
    if (hasTiles) painter.labels(backdrop.tiles.names(), taken, "faint");
  }, [view, points, track, chosen, size, dark.value, unit.value, backdrop]);
  function pick(x, y) {
    const painter = { view, width: canvas.current.clientWidth,
      height: canvas.current.clientHeight };
    const near = points.map((point) => {
      const [px, py] = Painter.prototype.at.call(painter, point.place);
      return { point, away: Math.hypot(px - x, py - y) };
    }).filter(({ point, away }) => point.key && away < TOUCH).sort((a, b) => a.away - b.away);
    onChoose(near[0]?.point.key ?? "");
  }
  const { zoom, ...pointers } = usePointers(canvas, view, setView, pick);
  const middle = (factor) => zoom(factor, canvas.current.clientWidth / 2,
    canvas.current.clientHeight / 2);
  function onKeyDown(event) {
    const [right, up] = arrows[event.key] ?? [];
    if (event.key === "+" || event.key === "=") middle(1 / 1.5);
    else if (event.key === "-") middle(1.5);
    else if (right !== undefined) setView(({ centre, scale }) => ({ scale,
      centre: { x: centre.x + right * 60 * scale, y: centre.y + up * 60 * scale } }));
    else return;
    event.preventDefault();
  }
  return html`<div class="plane"><canvas ref=${canvas} tabindex="0" role="img" aria-label=${label}
      onKeyDown=${onKeyDown} ...${pointers}></canvas>
    <div class="zoom"><button type="button" aria-label="Closer" onClick=${() =>
      middle(1 / 1.6)}>+</button>
      <button type="button" aria-label="Farther" onClick=${() => middle(1.6)}>−</button>
      <button type="button" aria-label="Show all" title="Show all"
        onClick=${all}>⤢</button></div></div>`;
}
