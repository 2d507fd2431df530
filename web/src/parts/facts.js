// Cards of facts: a heading, pairs of a name and a value, small tables. What is empty is left out.

import { html } from "../html.js";
import { visible } from "../format.js";

const isEmpty = (value) => value === undefined || value === null || value === "" || value === false;

export function Card({ title, children, wide, aside }) {
  return html`<section class=${`panel${wide ? " wide" : ""}`}><header><h2>${title}</h2>${aside}
    </header>${children}</section>`;
}

/** `rows` are [name, value] pairs; texts off the air are made visible, a value's markup stays. */
export function Facts({ rows }) {
  const shown = rows.filter(([, value]) => !isEmpty(value));
  return html`<dl class="facts">${shown.map(([name, value]) =>
    html`<div key=${name}><dt>${visible(name)}</dt>
    <dd>${typeof value === "string" ? html`<bdi>${visible(value)}</bdi>`
      : value}</dd></div>`)}</dl>`;
}

/** A small table: `columns` are [heading, render(row), align]. */
export function Rows({ columns, rows, label }) {
  return html`<div class="scroll"><table aria-label=${label}><thead><tr>${columns.map(
    ([heading, , align]) => html`<th scope="col" class=${align}>${heading}</th>`)}</tr></thead>
    <tbody>${rows.map((row, index) => html`<tr key=${row.key ?? index}>${columns.map(
      ([, render, align]) => html`<td class=${align}>${render(row)}</td>`)}</tr>`)}
    </tbody></table></div>`;
}
