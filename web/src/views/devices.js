// All devices: searched, filtered, sorted by the server, columns as one likes, to be taken along as
// CSV or JSON. What narrows the list stands in the address, so that it can be kept and sent.

import { useMemo, useState } from "preact/hooks";

import { ask, useAnswer } from "../feed.js";
import { conditions, countSet, filterNames, filters } from "../filter.js";
import { count, counted, visible } from "../format.js";
import { html } from "../html.js";
import { kept } from "../memory.js";
import { useAct, Problem } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { useListing } from "../parts/listing.js";
import { Empty, Waiting } from "../parts/notice.js";
import { Search } from "../parts/search.js";
import { Table } from "../parts/table.js";
import { adjust, go } from "../place.js";
import { saveRows } from "../save.js";
import { narrow } from "../settings.js";
import { devicePaths, fieldsOf } from "../wire.js";
import { compactAsks, compactDevice, deviceColumns, usual } from "./device_columns.js";

const EXPORT_MS = 300_000; // a list may be long, the way to it slow
const isColumnList = (value) => Array.isArray(value) && value.length > 0
  && value.every((name) => deviceColumns.some((column) => column.name === name));

const shown = kept("devices.columns", usual, isColumnList);
const columnsOf = (names) => names.map((name) => deviceColumns.find((one) => one.name === name));

// The question for a list, without its window.
function questionOf(query, names) {
  const sorted = deviceColumns.find(({ name }) => name === query.sort);
  const where = conditions(query);
  if (query.sort === "signal") where.push([devicePaths.signal, "<", 0]);
  return {
    path: `devices/views/${query.source ? `seenby-${query.source}` : "all"}/devices.json`,
    command: {
      fields: fieldsOf([...new Set(["key", "changed", ...names])]),
      where,
      ...(query.heard ? { last_time: -Number(query.heard) } : {}),
    },
    variables: {
      sort: devicePaths[sorted?.sort ?? "last"],
      order: query.order === "up" ? "ascending" : "descending",
      ...(query.search ? { search: query.search } : {}),
    },
  };
}

function Select({ name, label, choices, value }) {
  return html`<label>${label}<select name=${name} value=${value ?? ""}
    onChange=${({ currentTarget }) => adjust({ [name]: currentTarget.value })}>
    <option value="">Any</option>${choices.map(([key, words]) => html`
      <option key=${key} value=${key}>${words}</option>`)}</select></label>`;
}

function Filters({ query }) {
  const { answer: radios } = useAnswer({ path: "phy/all_phys.json" }, { busy: 60_000,
    idle: 600_000 });
  const { answer: sources } = useAnswer({ path: "datasource/all_sources.json", command: {
    fields: [["kismet.datasource.uuid", "uuid"], ["kismet.datasource.name", "name"]] } },
  { busy: 60_000, idle: 600_000 });
  const none = Object.fromEntries(filterNames.map((name) => [name, ""]));
  return html`<div class="filters">${filters.map(({ name, label, choices }) => html`
      <${Select} key=${name} name=${name} label=${label} value=${query[name]}
        choices=${Object.entries(choices).map(([key, [words]]) => [key, words])} />`)}
    <label>Maker<input name="maker" value=${query.maker ?? ""} placeholder="Any" spellcheck=${false}
      onChange=${({ currentTarget }) => adjust({ maker: currentTarget.value.trim() })} /></label>
    <${Select} name="radio" label="Radio" value=${query.radio} choices=${(radios ?? []).map(
      (radio) => [radio["kismet.phy.phy_name"], radio["kismet.phy.phy_name"]])} />
    <${Select} name="source" label="Heard by" value=${query.source} choices=${(sources ?? []).map(
      ({ uuid, name }) => [uuid, visible(name)])} />
    ${countSet(query) > 0 && html`<button type="button" onClick=${() =>
      adjust(none)}>Clear</button>`}
    </div>`;
}

function ColumnDialog({ onClose }) {
  const names = shown.value;
  const all = [...columnsOf(names), ...deviceColumns.filter(({ name }) => !names.includes(name))];
  const move = (name, by) => {
    const at = names.indexOf(name);
    const next = names.filter((one) => one !== name);
    next.splice(at + by, 0, name);
    shown.value = next;
  };
  const toggle = (name) => {
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
    if (next.length) shown.value = next;
  };
  return html`<${Dialog} title="Columns" onClose=${onClose}><ul class="pick">
    ${all.map(({ name, label, hint }) => {
      const at = names.indexOf(name);
      return html`<li key=${name}><label><input type="checkbox" checked=${at >= 0}
        onChange=${() => toggle(name)} /> ${hint ?? label}</label>${at >= 0 && html`<span>
        <button type="button" class="plain" aria-label=${`${label} further left`}
          disabled=${at === 0}
          onClick=${() => move(name, -1)}><${Icon} name="up" /></button>
        <button type="button" class="plain" aria-label=${`${label} further right`}
          disabled=${at === names.length - 1} onClick=${() => move(name, 1)}>
          <${Icon} name="down" /></button></span>`}</li>`;
    })}</ul><div class="row"><button type="button" onClick=${() => { shown.value = usual; }}>
      As at first</button></div><//>`;
}

function Export({ question }) {
  const [run, busy, problem] = useAct();
  const save = (format) => run(async () => {
    const columns = columnsOf(shown.value).flatMap(({ asks }) => asks)
      .filter((name) => !name.startsWith("minute"));
    const names = [...new Set(["key", "mac", ...columns])];
    const rows = await ask({ ...question,
      command: { ...question.command, fields: fieldsOf(names) } }, undefined, EXPORT_MS);
    saveRows("devices", format, names, rows);
  });
  return html`<details class="menu"><summary><${Icon} name="save" /><span>Export</span></summary>
    <div class="sheet"><p>The list as it is narrowed now, with the columns shown.</p>
      <div class="row"><button type="button" disabled=${busy} onClick=${() =>
        save("csv")}>CSV</button>
      <button type="button" disabled=${busy} onClick=${() => save("json")}>JSON</button></div>
      <${Problem}>${problem}<//></div></details>`;
}

function howMany({ total, all, isLoading }, query) {
  if (isLoading && !all) return "";
  const text = total === all ? counted(all, "device") : `${count(total)} of ${counted(all,
    "device")}`;
  return query.sort === "signal" ? `${text} (those without a signal left out)` : text;
}

function Nothing({ query, error, isLoading }) {
  if (error || isLoading) return html`<${Waiting} error=${error} what="devices" />`;
  if (query.search || countSet(query) || query.sort === "signal")
    return html`<${Empty} title="Nothing is like that">No device meets the search and the filters
      that are set.<//>`;
  return html`<${Empty} title="No devices yet">Nothing was heard so far. See whether a${" "}
    <a href="#/sources">source</a> is running.<//>`;
}

export function Devices({ query }) {
  const [isOpen, setOpen] = useState(countSet(query) > 0);
  const [choosing, setChoosing] = useState(false);
  const columns = columnsOf(shown.value);
  const asks = narrow.value ? compactAsks : columns.flatMap((column) => column.asks);
  const question = useMemo(() => questionOf(query, asks), [JSON.stringify(query), asks.join()]);
  const listing = useListing(question, true);
  const sort = { name: query.sort ?? "last", down: query.order !== "up" };
  function onSort(column) {
    const down = sort.name === column.name ? !sort.down : Boolean(column.down);
    adjust({ sort: column.name, order: down ? "" : "up" });
  }
  return html`<div class="view list"><div class="bar"><h1>Devices</h1>
      <${Search} value=${query.search ?? ""} placeholder="Name, address, maker, SSID …" />
      <button type="button" aria-expanded=${isOpen ? "true" : "false"}
        onClick=${() => setOpen(!isOpen)}><${Icon} name="filter" /><span>Filter</span>
        ${countSet(query) > 0 && html`<span class="badge">${countSet(query)}</span>`}</button>
      <button type="button" class="wide" onClick=${() => setChoosing(true)}>
        <${Icon} name="columns" /><span>Columns</span></button>
      <${Export} question=${question} />
      <span class="faint count" role="status">${howMany(listing, query)}</span></div>
    ${isOpen && html`<${Filters} query=${query} />`}
    <${Table} label="Devices" columns=${columns} total=${listing.total} rowAt=${listing.rowAt}
      list=${listing.list} sort=${sort} onSort=${onSort} onWindow=${listing.onWindow}
      compact=${compactDevice} onOpen=${(row) => go("device", row.key)}>
      <${Nothing} query=${query} error=${listing.error} isLoading=${listing.isLoading} /><//>
    ${choosing && html`<${ColumnDialog} onClose=${() => setChoosing(false)} />`}</div>`;
}
