// A table of any length of which only the rows in sight exist. Input: columns, how many rows there
// are, what is known of them. Output: the window of rows that is wanted, sorting, what was opened.
//
// A column: { name, label, width (of CSS grid), align, sort, render(row), hint }. On narrow screens
// a row is what `compact(row)` gives. Keys: arrows, Page, Home and End walk, Enter opens.
// Rows that go out of sight are used again for those that come: elements are made only once.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { narrow } from "../settings.js";

const ROW = 34;
const COMPACT_ROW = 60;
const BEYOND = 8; // rows kept above and below those in sight
const STEP = 4; // rows that come and go together
const FRESH_MS = 1600; // for which a row shows that it has changed: table.css

function Heading({ column, sort, onSort }) {
  const isSorted = sort.name === column.name;
  const order = isSorted ? (sort.down ? "descending" : "ascending") : null;
  const label = html`<span class="label">${column.label}</span>
    ${isSorted && html`<span class="arrow" aria-hidden="true">${sort.down ? "▼" : "▲"}</span>`}`;
  return html`<div role="columnheader" class=${column.align} aria-sort=${order}
    title=${column.hint}>${column.sort
  ? html`<button type="button" tabindex="-1" onClick=${() => onSort(column)}>${label}</button>`
  : label}</div>`;
}

// Where the arrows lead: keys to rows, by the row that is active and the rows a page has.
const steps = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: () => Infinity,
};

const idOf = (index) => `row-${index}`;

// Which rows exist: { page: how many are in sight, first, count, slots: the most at a time }.
function useScroll(box, height, total) {
  const [room, setRoom] = useState(0);
  const [top, setTop] = useState(0); // in steps of rows: nothing is drawn for less
  useLayoutEffect(() => {
    const measure = () => setTop(Math.floor(box.current.scrollTop / height / STEP) * STEP);
    const observer = new ResizeObserver(([entry]) => setRoom(entry.contentRect.height));
    observer.observe(box.current);
    box.current.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      box.current?.removeEventListener("scroll", measure);
    };
  }, [height]);
  const page = Math.ceil(room / height);
  const slots = page + STEP + 2 * BEYOND;
  const first = Math.max(0, top - BEYOND);
  return { page, slots, first, count: Math.max(0, Math.min(total - first, slots)) };
}

const unknown = html`<div role="gridcell" class="faint">…</div>`;

function cells(row, columns, compact) {
  if (!row) return unknown;
  if (compact) return html`<div role="gridcell" class="card">${compact(row)}</div>`;
  return columns.map((column) => html`<div key=${column.name} role="gridcell"
    class=${column.align}>${column.render(row)}</div>`);
}

// Two classes in turn: with the other one the animation begins again.
function freshClass({ fresh, freshAt }) {
  return fresh && performance.now() - freshAt < FRESH_MS ? ` fresh${fresh % 2}` : "";
}

// The markup of rows, made again only when something of its own has changed: the same object as
// last time is not looked at. No component: that would cost more than what it draws.
function useRows({ columns, height, compact }) {
  const drawn = useRef([]).current; // by slot
  const names = columns.map(({ name }) => name).join();
  return (slot, index, row, active) => {
    const from = [index, row, active, height, names];
    if (!drawn[slot] || drawn[slot].from.some((one, at) => one !== from[at])) {
      drawn[slot] = { from, markup: html`<div key=${slot} role="row"
        id=${idOf(index)}
        class=${`line${active ? " active" : ""}${row ? freshClass(row) : ""}`}
        aria-rowindex=${index + 2} aria-selected=${active ? "true" : null}
        style=${{ top: `${index * height}px` }}>${cells(row, columns, compact)}</div>` };
    }
    return drawn[slot].markup;
  };
}

// A click counts where the pointer went down on the same row: another one may have taken its place.
function usePointer(rowAt, onOpen) {
  const pressed = useRef();
  const rowOf = ({ target }) => rowAt(Number(target.closest(".line")?.ariaRowIndex) - 2);
  return {
    onPointerDown(event) { pressed.current = rowOf(event)?.key; },
    onClickCapture(event) {
      if (event.detail === 0 || rowOf(event)?.key === pressed.current) return;
      event.preventDefault();
      event.stopPropagation();
    },
    onClick(event) {
      const row = rowOf(event);
      if (row && !event.target.closest("a, button") && !getSelection().toString()) onOpen(row);
    },
  };
}

export function Table({ label, columns, total, rowAt, sort, onSort, onOpen, onWindow, compact,
  list = "", children }) {
  const box = useRef();
  const [active, setActive] = useState(-1);
  const isCompact = narrow.value && compact;
  const height = isCompact ? COMPACT_ROW : ROW;
  const { page, slots, first, count } = useScroll(box, height, total);
  const pointer = usePointer(rowAt, onOpen);
  const draw = useRows({ columns, height, compact: isCompact });
  useEffect(() => { onWindow(first, Math.max(count, page)); }, [first, count, page, list]);
  useLayoutEffect(() => {
    box.current.scrollTop = 0;
    setActive(-1);
  }, [list]);

  function walk(event) {
    const step = steps[event.key];
    if (event.target !== box.current || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && rowAt(active)) onOpen(rowAt(active));
    if (!step || !total) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(total - 1, step(active, page - 2)));
    const head = isCompact ? 0 : ROW;
    const { scrollTop, clientHeight } = box.current;
    if (to * height < scrollTop) box.current.scrollTop = to * height;
    else if ((to + 1) * height + head > scrollTop + clientHeight)
      box.current.scrollTop = (to + 1) * height + head - clientHeight;
    setActive(to);
  }

  const widths = columns.map(({ width }) => width).join(" ");
  const least = columns.reduce((sum, { width }) => sum + parseFloat(width.replace("minmax(", "")),
    0);
  return html`<div class=${`table${isCompact ? " compact" : ""}`} ref=${box} role="grid"
    tabindex="0" aria-label=${label} aria-rowcount=${total + 1} aria-colcount=${columns.length}
    aria-activedescendant=${active >= first && active < first + count ? idOf(active) : null}
    style=${{ "--columns": widths, "--least": `${least}rem`, "--row": `${height}px` }}
      onKeyDown=${walk}>
    <div class="head" role="row" aria-rowindex="1">${columns.map((column) => html`
      <${Heading} key=${column.name} column=${column} sort=${sort} onSort=${onSort} />`)}</div>
    <div class="lines" role="rowgroup" style=${{ height: `${total * height}px` }} ...${pointer}>
      ${Array.from({ length: count }, (_, offset) => {
        const index = first + offset;
        return draw(index % slots, index, rowAt(index), index === active);
      })}</div>
    ${!total && children}</div>`;
}
