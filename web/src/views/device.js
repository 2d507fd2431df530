// One device: all that is known of it, grouped as one thinks of it.

import { useState } from "preact/hooks";

import { ask, command, useAnswer } from "../feed.js";
import { band, bytes, count, frequency, fullTime, signalText, time, visible } from "../format.js";
import { series, spans } from "../history.js";
import { html } from "../html.js";
import { Action, ActForm, useAct, Problem } from "../parts/action.js";
import { Chart, Choice } from "../parts/chart.js";
import { Dialog } from "../parts/dialog.js";
import { Card, Facts, Rows } from "../parts/facts.js";
import { Icon } from "../parts/icon.js";
import { Waiting } from "../parts/notice.js";
import { SignalBars } from "../parts/signal.js";
import { Tree } from "../parts/tree.js";
import { address } from "../place.js";
import { saveText } from "../save.js";
import { mayChange } from "../session.js";
import { members } from "../wire.js";
import { useNames } from "../names.js";
import { kindOf } from "./device_columns.js";
import { Bluetooth, Place, Station } from "./device_parts.js";

const SIGNAL_RANGE = [-100, -20];

function Rename({ path, name, onClose }) {
  const act = async ({ username }) => {
    await command(`${path}/set_name.cmd`, { username });
    onClose();
  };
  return html`<${Dialog} title="Name of the device" onClose=${onClose}>
    <p>Stays with the device, over restarts too. Empty: as it calls itself.</p>
    <${ActForm} act=${act} label="Save"><label>Name
      <input name="username" maxlength="200" value=${name} /></label><//><//>`;
}

function Tags({ path, tags }) {
  const [adding, setAdding] = useState(false);
  const set = (tagname, tagvalue) => command(`${path}/set_tag.cmd`, { tagname, tagvalue });
  const act = async ({ tagname, tagvalue }) => {
    await set(tagname, tagvalue);
    setAdding(false);
  };
  return html`<div class="tags">${Object.entries(tags ?? {}).map(([name, value]) => html`
    <span key=${name} class="tag"><bdi>${visible(name)}: ${visible(value)}</bdi>
      <${Action} class="plain" aria-label=${`Remove the tag ${name}`} act=${() => set(name, "")}>
        <${Icon} name="close" /><//></span>`)}
    ${mayChange.value && html`<button type="button" class="plain link"
      onClick=${() => setAdding(true)}><${Icon} name="plus" /> Tag</button>`}
    ${adding && html`<${Dialog} title="Add a tag" onClose=${() => setAdding(false)}>
      <${ActForm} act=${act} label="Add"><label>Tag <input name="tagname" required maxlength="60" />
        </label><label>What it says <input name="tagvalue" required maxlength="500" /></label><//>
      <//>`}</div>`;
}

function Download({ path, name, record }) {
  return html`<details class="menu"><summary><${Icon} name="save" /><span>Save</span></summary>
    <div class="sheet"><p>Packets of this device from now on, until the download is stopped:</p>
      <a class="button" href=${`devices/pcap/by-key/${encodeURIComponent(name)}/packets.pcapng`}
        download>Packets (pcapng)</a>
      <p>All that is known of it now:</p><button type="button" onClick=${() => saveText(
        `norn-${name}.json`, "application/json", JSON.stringify(record, null, 1))}>Record (JSON)
      </button></div></details>`;
}

function Head({ record, base, path }) {
  const [renaming, setRenaming] = useState(false);
  return html`<div class="bar"><a class="button plain" href="#/devices" aria-label="All devices">
      <${Icon} name="back" /></a>
    <div class="title"><h1><bdi>${visible(base.commonname) || base.macaddr}</bdi></h1>
      <p class="faint">${kindOf(base.type)} · <span class="code">${base.macaddr}</span>
        ${base.manuf && ` · ${visible(base.manuf)}`}
        ${record["norn.device.random_address"] === 1
          && html` <span class="tag">random address</span>`}
        ${base.num_alerts > 0 && html` <a class="tag bad" href="#/alerts">${count(base.num_alerts)}
          ${base.num_alerts === 1 ? "alert" : "alerts"}</a>`}</p></div>
    ${mayChange.value && html`<button type="button" onClick=${() => setRenaming(true)}>
      <${Icon} name="edit" /><span>Name</span></button>`}
    <a class="button main" href=${address("hunt", base.key)}><${Icon} name="hunt" />
      <span>Hunt</span></a>
    <${Download} path=${path} name=${base.key} record=${record} />
    ${renaming && html`<${Rename} path=${path} name=${base.username ?? ""}
      onClose=${() => setRenaming(false)} />`}</div>`;
}

function SignalCard({ signal }) {
  const figures = members(signal, "kismet.common.signal.");
  if (!figures.last_signal && !figures.max_signal) return null;
  const unit = figures.type === "rssi" ? "RSSI" : "dBm";
  const { times, values } = series(figures.signal_rrd, "minute", true);
  return html`<${Card} title="Signal"><p class="big"><${SignalBars} value=${figures.last_signal}
      scale=${figures.type} /></p>
    <${Facts} rows=${[
      ["Strongest", signalText(figures.max_signal, unit)],
      ["Weakest", signalText(figures.min_signal, unit)],
      ["Noise", signalText(figures.last_noise, unit)],
      ["Fastest rate", figures.maxseenrate ? `${figures.maxseenrate} Mb/s` : ""]]} />
    <${Chart} label="Last minute" dots each="strongest of each second" times=${times}
      values=${values}
      unit=${unit} range=${unit === "dBm" ? SIGNAL_RANGE : null}
      show=${(value) => String(Math.round(value)).replace("-", "−")} /><//>`;
}

const labels = Object.fromEntries(Object.entries(spans).map(([name, { label }]) => [name, label]));

function TrafficCard({ base }) {
  const [span, setSpan] = useState("minute");
  const packets = series(base["packets.rrd"], span);
  const data = series(base["datasize.rrd"], span);
  return html`<${Card} title="Packets" aside=${html`<${Choice} label="Span" choices=${labels}
      value=${span} onChange=${setSpan} />`}>
    <${Chart} label="Packets" each=${spans[span].each} ...${packets} unit="packets a second" />
    ${data.values.some(Boolean) && html`<${Chart} label="Data" each=${spans[span].each} ...${data}
      unit="bytes a second" show=${(value) => bytes(value)} />`}
    <${Facts} rows=${[
      ["In all", count(base["packets.total"])],
      ["Management", count(base["packets.llc"])],
      ["Data", `${count(base["packets.data"])} (${bytes(base.datasize)})`],
      ["Encrypted", base["packets.crypt"] ? count(base["packets.crypt"]) : ""],
      ["With errors", base["packets.error"] ? count(base["packets.error"]) : ""]]} /><//>`;
}

function IdentityCard({ base, path }) {
  const { channel } = base;
  return html`<${Card} title="Identity"><${Facts} rows=${[
    ["Calls itself", base.name],
    ["Address", html`<span class="code">${base.macaddr}</span>`],
    ["Maker", base.manuf],
    ["Radio", base.phyname],
    ["Channel", channel ? `${channel} · ${frequency(base.frequency)} · ${band(base.frequency)}`
      : ""],
    ["First heard", fullTime(base.first_time)],
    ["Last heard", fullTime(base.last_time)]]} />
    <${Tags} path=${path} tags=${base.tags} /><//>`;
}

function SeenByCard({ seenby }) {
  if (!seenby?.length) return null;
  const rows = seenby.map((one) => members(one, "kismet.common.seenby."));
  return html`<${Card} title="Heard by"><${Rows} label="Sources that heard it" rows=${rows}
    columns=${[
    ["Source", ({ source, uuid }) => visible(source?.["kismet.datasource.name"] ?? uuid)],
    ["Signal", ({ signal }) => html`<${SignalBars}
      value=${signal?.["kismet.common.signal.last_signal"]} />`],
    ["Packets", ({ num_packets: packets }) => count(packets), "number"],
    ["Last", ({ last_time: last }) => time(last), "number"]]} /><//>`;
}

function FrequencyCard({ map }) {
  const rows = Object.entries(map ?? {}).map(([kilohertz, packets]) => ({ kilohertz, packets }))
    .sort((a, b) => b.packets - a.packets).slice(0, 20);
  if (rows.length < 2) return null;
  const most = rows[0].packets;
  return html`<${Card} title="Frequencies"><${Rows} label="Packets on each frequency" rows=${rows}
    columns=${[["Frequency", ({ kilohertz }) => frequency(Number(kilohertz))],
      ["", ({ packets }) => html`<meter max=${most} value=${packets}
        aria-label="part of the most" />`],
      ["Packets", ({ packets }) => count(packets), "number"]]} /><//>`;
}

const relations = {
  dot11_access_points: "Access points it uses",
  dot11_clients: "Clients",
  dot11_bssts_similar: "Same machine, by its timer",
  dot11_uuid_e: "Same machine, by Wi-Fi Protected Setup",
  dot11_wired: "Behind it, on the wire",
};

function Related({ groups }) {
  const entries = Object.entries(groups ?? {}).filter(([, keys]) => keys.length);
  const names = useNames(entries.flatMap(([, keys]) => keys));
  return entries.map(([relation, keys]) => html`<${Card} key=${relation}
    title=${`${relations[relation] ?? visible(relation)} (${keys.length})`}>
    <${Rows} label=${relation} rows=${keys.map((key) => names[key] ?? { key })} columns=${[
      ["Device", (row) => html`<a href=${address("device", row.key)}><bdi>
        ${visible(row.name) || row.key}</bdi></a>`],
      ["Kind", (row) => kindOf(row.type)],
      ["Signal", (row) => html`<${SignalBars} value=${row.signal} scale=${row.scale} />`],
      ["Last", (row) => time(row.last), "number"]]} /><//>`);
}

function RecordCard({ path }) {
  const [record, setRecord] = useState(null);
  const [run, busy, problem] = useAct();
  const load = () => run(async () => setRecord(await ask({ path: `${path}/device.prettyjson` })));
  return html`<${Card} title="Record" wide aside=${html`<button type="button" disabled=${busy}
      onClick=${load}>${record ? "Read again" : "Show all fields"}</button>`}>
    ${record ? html`<${Tree} record=${record} />`
    : html`<p class="faint">Everything that the API tells of this device, with the meaning of each
        field, to search in.</p>`}<${Problem}>${problem}<//><//>`;
}

export function Device({ argument }) {
  const path = `devices/by-key/${encodeURIComponent(argument)}`;
  const { answer: record, error } = useAnswer({ path: `${path}/device.json` });
  if (!record) return html`<div class="view"><div class="bar"><a class="button plain"
    href="#/devices" aria-label="All devices"><${Icon} name="back" /></a><h1>Device</h1></div>
    <${Waiting} error=${error} what="such device" /></div>`;
  const base = members(record, "kismet.device.base.");
  const groups = { ...base.related_devices };
  const station = members(record["dot11.device"], "dot11.device.");
  const clients = Object.values(station.associated_client_map ?? {});
  if (clients.length && !groups.dot11_clients) groups.dot11_clients = clients;
  return html`<div class="view"><${Head} record=${record} base=${base} path=${path} />
    ${error && html`<p class="banner bad" role="alert">It is no longer known: the server has
      forgotten it. What you see is old.</p>`}
    <div class="panels"><${IdentityCard} base=${base} path=${path} />
      <${SignalCard} signal=${base.signal} /><${TrafficCard} base=${base} />
      <${Station} record=${record} /><${Bluetooth} record=${record} />
      <${Related} groups=${groups} /><${SeenByCard} seenby=${base.seenby} />
      <${FrequencyCard} map=${base.freq_khz_map} /><${Place} location=${base.location}
        name=${base.key} />
      <${RecordCard} path=${path} /></div></div>`;
}

