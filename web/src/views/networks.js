// Networks by name: every SSID with who advertises it, answers for it, and looks for it.

import { useMemo } from "preact/hooks";

import { count, counted, time, visible } from "../format.js";
import { html } from "../html.js";
import { useListing } from "../parts/listing.js";
import { Empty, Waiting } from "../parts/notice.js";
import { Search } from "../parts/search.js";
import { Security } from "../parts/security.js";
import { Table } from "../parts/table.js";
import { address, adjust, go } from "../place.js";
import { fieldsOf, networkPaths as paths } from "../wire.js";

function nameLink(row) {
  return html`<a href=${address("network", row.key)} tabindex="-1" title=${visible(row.ssid)}>
    ${row.ssid ? html`<bdi>${visible(row.ssid)}</bdi>` : html`<i>hidden or any</i>`}</a>`;
}

const number = (name) => (row) => (row[name] ? count(row[name])
  : html`<span class="faint">–</span>`);

const columns = [
  { name: "ssid", label: "SSID", width: "minmax(12rem, 2fr)", sort: "ssid",
    render: (row) => nameLink(row) },
  { name: "crypt", label: "Security", width: "minmax(8rem, 1fr)", sort: "crypt",
    render: (row) => Security({ words: row.crypt }) },
  { name: "advertising", label: "Access points", width: "7.5rem", align: "number", down: true,
    sort: "advertising", render: number("advertising") },
  { name: "responding", label: "Answer for it", width: "7.5rem", align: "number", down: true,
    sort: "responding", render: number("responding") },
  { name: "probing", label: "Look for it", width: "6.5rem", align: "number", down: true,
    sort: "probing", render: number("probing") },
  { name: "first", label: "First heard", width: "7.5rem", align: "number", down: true,
    sort: "first", render: (row) => time(row.first) },
  { name: "last", label: "Last heard", width: "7.5rem", align: "number", down: true, sort: "last",
    render: (row) => time(row.last) },
];

function compact(row) {
  const parts = [row.advertising && counted(row.advertising, "access point"),
    row.probing && `${count(row.probing)} looking for it`].filter(Boolean);
  return html`<div class="above"><span class="grow">${nameLink(row)}</span>
      ${Security({ words: row.crypt })}</div>
    <div class="below faint"><span class="grow">${parts.join(" · ")}</span>
      <span>${time(row.last)}</span></div>`;
}

const kinds = {
  "": ["All", []],
  there: ["With access points", [[paths.advertising, ">", 0]]],
  wanted: ["Looked for only", [[paths.advertising, "=", 0], [paths.responding, "=", 0]]],
};

export function Networks({ query }) {
  const sort = { name: query.sort ?? "last", down: query.order !== "up" };
  const question = useMemo(() => ({
    path: "phy/phy80211/ssids/views/ssids.json",
    command: { fields: [...fieldsOf(Object.keys(paths), paths), [paths.hash, "key"]],
      where: kinds[query.kind ?? ""]?.[1] ?? [] },
    variables: { sort: paths[sort.name] ?? paths.last,
      order: sort.down ? "descending" : "ascending",
      ...(query.search ? { search: query.search } : {}) },
  }), [JSON.stringify(query)]);
  const listing = useListing(question);
  const onSort = (column) => adjust({ sort: column.name,
    order: (sort.name === column.name ? !sort.down : column.down) ? "" : "up" });
  const { total, all, isLoading, error } = listing;
  return html`<div class="view list"><div class="bar"><h1>Networks</h1>
      <${Search} value=${query.search ?? ""} placeholder="SSID or security …" />
      <select class="short" aria-label="Which networks" value=${query.kind ?? ""}
        onChange=${({ currentTarget }) => adjust({ kind: currentTarget.value })}>
        ${Object.entries(kinds).map(([name, [words]]) => html`
          <option key=${name} value=${name}>${words}</option>`)}</select>
      <span class="faint count" role="status">${isLoading && !all ? "" : total === all
        ? counted(all, "network") : `${count(total)} of ${counted(all, "network")}`}</span></div>
    <${Table} label="Networks" columns=${columns} total=${total} rowAt=${listing.rowAt}
      list=${listing.list} sort=${sort} onSort=${onSort} onWindow=${listing.onWindow}
      compact=${compact} onOpen=${(row) => go("network", String(row.key))}>
      ${error || isLoading ? html`<${Waiting} error=${error} what="networks" />`
      : all ? html`<${Empty} title="Nothing is like that">No network meets the search.<//>`
      : html`<${Empty} title="No networks yet">Names show up here as soon as an access point
        beacons one or a client looks for one.<//>`}<//></div>`;
}
