// Channels: how busy each is, now and over time, and the ledger of listening: when we heard what.

import { useState } from "preact/hooks";

import { useAnswer } from "../feed.js";
import { count, duration, frequency, percent, visible } from "../format.js";
import { series, spans } from "../history.js";
import { html } from "../html.js";
import { Chart, Choice } from "../parts/chart.js";
import { Card } from "../parts/facts.js";
import { HeatMap } from "../parts/heat.js";
import { Empty, Waiting } from "../parts/notice.js";
import { Spark } from "../parts/signal.js";
import { adjust } from "../place.js";
import { bandOf, bands, channelAt, compareNames } from "../radio.js";
import { members } from "../wire.js";

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => (values.length ? sum(values) / values.length : 0);

function readChannels(answer, span) {
  const map = answer["kismet.channeltracker.frequency_map"] ?? {};
  return Object.entries(map).map(([kilohertz, record]) => {
    const one = members(record, "kismet.channelrec.");
    const packets = series(one.packets_rrd, span);
    const devices = series(one.device_rrd, span).values;
    return {
      kilohertz: Number(kilohertz),
      name: channelAt(Number(kilohertz)) || frequency(Number(kilohertz)),
      band: bandOf(Number(kilohertz)),
      packets,
      rate: mean(packets.values),
      devices: Math.max(0, ...devices),
    };
  }).sort((a, b) => a.kilohertz - b.kilohertz);
}

function Row({ channel, most, isChosen, onChoose }) {
  const { name, rate, devices, packets } = channel;
  return html`<tr class=${isChosen ? "chosen" : ""}><th scope="row"><button type="button"
      class="plain link" aria-pressed=${isChosen ? "true" : "false"} onClick=${onChoose}
      title=${frequency(channel.kilohertz)}>${visible(name)}</button></th>
    <td class="use"><svg class="level" viewBox="0 0 100 10" preserveAspectRatio="none"
      aria-hidden="true"><rect width="100" height="10" class="heat-0" />
      <rect width=${most ? (rate / most) * 100 : 0} height="10" class="heat-3" /></svg></td>
    <td class="number">${rate.toFixed(1)}</td><td class="number">${count(Math.round(devices))}</td>
    <td class="spare"><${Spark} values=${packets.values} label="Packets over the span" /></td>
    </tr>`;
}

function Bands({ channels, chosen, onChoose }) {
  const most = Math.max(...channels.map(({ rate }) => rate));
  const names = Object.keys(bands).filter((name) => channels.some(({ band }) => band === name))
    .sort((a, b) => (Number(a) || 0) - (Number(b) || 0));
  return html`<div class="halves">${names.map((name) => {
    const own = channels.filter(({ band }) => band === name);
    return html`<${Card} key=${name} title=${bands[name]} aside=${html`<span class="faint">
        ${sum(own.map(({ rate }) => rate)).toFixed(1)} packets a second</span>`}>
      <div class="scroll"><table aria-label=${bands[name]}><thead><tr><th scope="col">Channel</th>
        <th scope="col">Use</th><th scope="col" class="number">Packets/s</th>
        <th scope="col" class="number">Devices</th><th scope="col" class="spare">Over time</th>
        </tr></thead>
      <tbody>${own.map((channel) => html`<${Row} key=${channel.kilohertz} channel=${channel}
        most=${most} isChosen=${chosen === channel.kilohertz}
        onChoose=${() => onChoose(channel.kilohertz)} />`)}</tbody></table></div><//>`;
  })}</div>`;
}

function Use({ span }) {
  const [chosen, choose] = useState(0);
  const { answer, error } = useAnswer({ path: "channels/channels.json" });
  if (!answer) return html`<${Waiting} error=${error} what="channels" />`;
  const channels = readChannels(answer, span);
  if (!channels.length)
    return html`<${Empty} title="No channels yet">Nothing was heard so far.<//>`;
  const one = channels.find(({ kilohertz }) => kilohertz === chosen)
    ?? channels.reduce((best, next) => (next.rate > best.rate ? next : best));
  return html`<${Card} title=${`Channel ${one.name}`} aside=${html`<span class="faint">
      ${frequency(one.kilohertz)}</span>`}><${Chart} label="Packets" ...${one.packets}
      unit="packets a second" each=${spans[span].each} /><//>
    <${Bands} channels=${channels} chosen=${one.kilohertz} onChoose=${choose} />`;
}

const windows = { 3600: "Hour", 21600: "6 hours", 86400: "Day" };
const SLOTS = 60; // of each window
const headings = ["Listened", "Visits", "A beacon missed", "A frame missed"];

// The slots of a whole window: of the time before the first nothing is known.
function padded(slots) {
  return [...Array(Math.max(0, SLOTS - slots.length)).fill(null), ...slots];
}

function heatRows(channels) {
  return channels.map((record) => members(record, "norn.coverage.channel."))
    .filter(({ slots }) => slots?.length).sort((a, b) => compareNames(a.name, b.name))
    .map((one) => ({
      name: visible(one.name === "?" ? "unknown" : one.name),
      slots: padded(one.slots),
      figures: [percent(one.fraction), count(one.visits), percent(one.beacon_missed),
        percent(one.frame_missed)],
    }));
}

// Slots of a channel for all sources together: a part of the time is deaf where each of them was.
// The newest slots are of the same time, so they are laid side by side from the end.
function slotsTogether(sources, name) {
  const lists = sources.map(({ channels }) => channels?.find(
    (one) => one["norn.coverage.channel.name"] === name)?.["norn.coverage.channel.slots"] ?? []);
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) => 1 - lists.reduce((deaf, list) => deaf
    * (1 - (list.at(index - length) ?? 0)), 1));
}

function channelsTogether(sources, channels) {
  return channels.map((record) => ({ ...record, "norn.coverage.channel.slots":
    slotsTogether(sources, record["norn.coverage.channel.name"]) }));
}

function gapsOf(source) {
  const gaps = { closed: "closed", error: "in error", paused: "paused", deaf: "without a frame" };
  return Object.entries(gaps).filter(([name]) => source[`gap.${name}`] >= 1)
    .map(([name, words]) => `${duration(source[`gap.${name}`])} ${words}`).join(", ");
}

function Coverage() {
  const [window, setWindow] = useState("3600");
  const [uuid, setSource] = useState("");
  const { answer, error } = useAnswer({ path: "datasource/coverage.json",
    command: { window: Number(window) } });
  const choice = html`<${Choice} label="Window" choices=${windows} value=${window}
    onChange=${setWindow} />`;
  const sources = (answer?.["norn.coverage.sources"] ?? []).map(
    (one) => members(one, "norn.coverage.source."));
  const one = sources.find((source) => source.uuid === uuid);
  const rows = heatRows(one ? one.channels ?? []
    : channelsTogether(sources, answer?.["norn.coverage.channels"] ?? []));
  const of = one ? [one] : sources;
  const end = Math.floor(Math.max(0, ...of.map((source) => source.end)) / 60) * 60;
  const begin = end - Number(window);
  const gaps = of.map((source) => [source.name, gapsOf(source)]).filter(([, text]) => text);
  return html`<${Card} wide title="Where we listened, where we were deaf"
    aside=${html`<div class="row">
      ${sources.length > 1 && html`<select class="short" aria-label="Source" value=${uuid}
        onChange=${({ currentTarget }) => setSource(currentTarget.value)}>
        <option value="">All sources together</option>${sources.map((source) => html`
          <option key=${source.uuid} value=${source.uuid}>${visible(source.name)}</option>`)}
        </select>`}
      ${choice}</div>`}>
    ${!answer ? html`<${Waiting} error=${error} what="ledger" />` : rows.length
      ? html`<${HeatMap} label="Point at a minute to see how much of it was listened to"
        rows=${rows}
        headings=${headings} begin=${begin} end=${end} />`
      : html`<${Empty} title="No whole minute yet">The ledger shows whole minutes; the first one is
        not over, or no source has listened.<//>`}
    ${gaps.map(([name, text]) => html`<p class="faint gaps"><b>${visible(name)}</b> was
      ${" "}${text}.</p>`)}<//>`;
}

const labels = Object.fromEntries(Object.entries(spans).map(([name, { label }]) => [name, label]));

export function Channels({ query }) {
  const span = Object.hasOwn(spans, query.span ?? "") ? query.span : "minute";
  return html`<div class="view"><div class="bar"><h1>Channels</h1><span class="gap"></span>
      <${Choice} label="Span" choices=${labels} value=${span}
        onChange=${(name) => adjust({ span: name })} /></div>
    <${Use} span=${span} /><${Coverage} /></div>`;
}
