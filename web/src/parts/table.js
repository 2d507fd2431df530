// A table of any length of which only the rows in sight exist. Input: columns, how many rows there
// are, what is known of them. Output: the window of rows that is wanted, sorting, what was opened.
//
// A column: { name, label, width (of CSS grid), align, sort, render(row), hint }. On narrow screens
// a row is what `compact(row)` gives. Keys: arrows, Page, Home and End walk, Enter opens.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { narrow } from "../settings.js";

const ROW = 34;
const COMPACT_ROW = 60;
const BEYOND = 8; // rows kept above and below those in sight

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

function useScroll(box, height, total) {
  const [view, setView] = useState({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => setView({ top: box.current.scrollTop, height: box.current.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    box.current.addEventListener("scroll", measure, { passive: true });
    return () => observer.disconnect();
  }, []);
  const page = Math.ceil(view.height / height);
  const first = Math.max(0, Math.floor(view.top / height) - BEYOND);
  return { page, first, count: Math.max(0, Math.min(total - first, page + 2 * BEYOND)) };
}

function cells(row, columns, compact) {
  if (!row) return html`<div role="gridcell" class="faint">…</div>`;
  if (compact) return html`<div role="gridcell" class="card">${compact(row)}</div>`;
  return columns.map((column) => html`<div key=${column.name} role="gridcell"
    class=${column.align}>${column.render(row)}</div>`);
}

// Drawn again only when something of its own has changed: scrolling draws what comes into sight.
function Row({ index, height, columns, names, row, active, compact, onOpen }) {
  return useMemo(() => {
    const fresh = row?.changed ? ` fresh${row.changed % 2}` : "";
    return html`<div role="row" id=${idOf(index)} class=${`line${active ? " active" : ""}${fresh}`}
      aria-rowindex=${index + 2} aria-selected=${active ? "true" : null}
      style=${{ top: `${index * height}px` }} onClick=${(event) => {
        if (row && !event.target.closest("a, button") && !getSelection().toString()) onOpen(row);
      }}>${cells(row, columns, compact)}</div>`;
  }, [index, height, names, row, active, compact]);
}

export function Table({ label, columns, total, rowAt, sort, onSort, onOpen, onWindow, compact,
  list = "", children }) {
  const box = useRef();
  const [active, setActive] = useState(-1);
  const isCompact = narrow.value && compact;
  const height = isCompact ? COMPACT_ROW : ROW;
  const { page, first, count } = useScroll(box, height, total);
  useEffect(() => { onWindow(first, Math.max(count, page)); }, [first, count, page, list]);
  useEffect(() => {
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
  const names = columns.map(({ name }) => name).join();
  return html`<div class=${`table${isCompact ? " compact" : ""}`} ref=${box} role="grid"
    tabindex="0" aria-label=${label} aria-rowcount=${total + 1} aria-colcount=${columns.length}
    aria-activedescendant=${active >= first && active < first + count ? idOf(active) : null}
    style=${{ "--columns": widths, "--least": `${least}rem`, "--row": `${height}px` }}
      onKeyDown=${walk}>
    <div class="head" role="row" aria-rowindex="1">${columns.map((column) => html`
      <${Heading} key=${column.name} column=${column} sort=${sort} onSort=${onSort} />`)}</div>
    <div class="lines" role="rowgroup" style=${{ height: `${total * height}px` }}>
      ${Array.from({ length: count }, (_, offset) => {
        const index = first + offset;
        return html`<${Row} key=${rowAt(index)?.key ?? index} index=${index} height=${height}
          columns=${columns} names=${names} row=${rowAt(index)} active=${index === active}
          compact=${isCompact} onOpen=${onOpen} />`;
      })}</div>
    ${!total && children}</div>`;
}
