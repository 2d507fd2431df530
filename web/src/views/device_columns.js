// The columns of the device list. Each is a row: what it asks for, how it is shown and sorted.

import { bytes, count, frequency, time, visible } from "../format.js";
import { html } from "../html.js";
import { Security } from "../parts/security.js";
import { SignalBars, Spark } from "../parts/signal.js";
import { address } from "../place.js";
import { unroll } from "../wire.js";

/** Type of a device without the word that all have. */
export function kindOf(type) {
  return visible(String(type || "").replace(/^Wi-Fi /, ""));
}

// Cells are made of functions that are called, not of components: lists have hundreds of them.
function nameLink(row) {
  const isAddress = row.name === row.mac;
  const isRandom = isAddress && row.random === 1;
  const hint = isRandom ? `${row.mac}: a random address, most likely` : visible(row.name);
  return html`<a class=${isAddress ? `code${isRandom ? " random" : ""}` : ""} tabindex="-1"
    href=${address("device", row.key)} title=${hint}><bdi>${visible(row.name)
      || "(no name)"}</bdi></a>
    ${row.alerts > 0 && html` <span class="tag bad" title="Alerts about it">${row.alerts}</span>`}`;
}

function activity(row) {
  const values = unroll(row.minute, row.minuteEnd, 1);
  const sum = values.reduce((total, value) => total + value, 0);
  return Spark({ values, label: `${count(sum)} packets in the last minute` });
}

// A list's own clock is the newest of its rows: files of the past have theirs.
const columns = [
  { name: "name", label: "Name", width: "minmax(9.2rem, 1.6fr)", asks: ["name", "mac", "random",
    "alerts"],
    render: (row) => nameLink(row) },
  { name: "type", label: "Kind", width: "minmax(4.8rem, 0.8fr)", asks: ["type"],
    render: (row) => kindOf(row.type) },
  { name: "crypt", label: "Security", width: "minmax(7.6rem, 1fr)", asks: ["crypt"],
    render: (row) => Security({ words: row.crypt }) },
  { name: "signal", label: "dBm", hint: "Signal", width: "5.2rem", asks: ["signal", "scale"],
    down: true,
    render: (row) => SignalBars({ value: row.signal, scale: "" }) },
  { name: "channel", label: "Ch.", width: "3rem", align: "number", asks: ["channel", "frequency"],
    sort: "frequency", hint: "Channel",
    render: (row) => html`<span title=${frequency(row.frequency)}>${visible(row.channel
      || "")}</span>` },
  { name: "activity", label: "Activity", width: "4.6rem", asks: ["minute", "minuteEnd"], sort: "",
    hint: "Packets in each second of the last minute", render: activity },
  { name: "packets", label: "Packets", width: "4.6rem", align: "number", asks: ["packets"],
    down: true, render: (row) => count(row.packets) },
  { name: "data", label: "Data", width: "5rem", align: "number", asks: ["data"], down: true,
    render: (row) => bytes(row.data) },
  { name: "clients", label: "Clients", width: "4.2rem", align: "number", asks: ["clients"],
    down: true, render: (row) => (row.clients ? count(row.clients) : "") },
  { name: "last", label: "Heard", width: "5.2rem", align: "number", asks: ["last"], down: true,
    render: (row) => time(row.last) },
  { name: "first", label: "First", width: "5.4rem", align: "number", asks: ["first"],
    down: true, render: (row) => time(row.first) },
  { name: "maker", label: "Maker", width: "minmax(6.2rem, 1.5fr)", asks: ["maker"],
    render: (row) => html`<span title=${visible(row.maker)}>${visible(row.maker)}</span>` },
  { name: "mac", label: "Address", width: "9.5rem", asks: ["mac"],
    render: (row) => html`<span class="code">${row.mac}</span>` },
  { name: "phy", label: "Radio", width: "6rem", asks: ["phy"], render: (row) => visible(row.phy) },
  { name: "ssid", label: "SSID", width: "minmax(8rem, 1fr)", asks: ["ssid"],
    render: (row) => html`<bdi>${visible(row.ssid || "")}</bdi>` },
];

export const deviceColumns = columns.map((column) => ({
  sort: column.name,
  ...column,
  // After a change of the columns, rows that were asked for before stay until the new ones come.
  render: (row) => (column.asks.some((name) => row[name] === undefined) ? "…" : column.render(row)),
}));

/** Those shown at first. */
export const usual = ["name", "type", "crypt", "signal", "channel", "activity", "packets",
  "clients", "last", "maker", "mac"];

/** Two lines for narrow screens. */
export function compactDevice(row) {
  const kind = [kindOf(row.type), row.channel ? `ch. ${visible(row.channel)}` : ""];
  return html`<div class="above"><span class="grow">${nameLink(row)}</span>
      ${SignalBars({ value: row.signal, scale: row.scale })}</div>
    <div class="below faint"><span class="grow">${kind.filter(Boolean).join(" · ")}
      ${row.crypt ? html` · ${Security({ words: row.crypt })}` : ""}</span>
      <span>${time(row.last)}</span></div>`;
}

/** What two lines ask for. */
export const compactAsks = ["name", "mac", "random", "alerts", "type", "crypt", "signal", "scale",
  "channel", "last"];

