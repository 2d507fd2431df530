// Alerts with their evidence, and messages of the server: newest first, narrowed by kind.

import { useEffect, useRef, useState } from "preact/hooks";

import { latest, markSeen, seenUntil } from "../alarm.js";
import { useAnswer } from "../feed.js";
import { counted, frequency, percent, time, visible } from "../format.js";
import { html } from "../html.js";
import { kept } from "../memory.js";
import { Choice } from "../parts/chart.js";
import { Facts } from "../parts/facts.js";
import { Empty, Waiting } from "../parts/notice.js";
import { Search } from "../parts/search.js";
import { address, adjust } from "../place.js";
import { notify } from "../settings.js";
import { members } from "../wire.js";

const MOST = 500;
const NO_MAC = "00:00:00:00:00:00";
const severities = [[20, "critical", "bad"], [15, "high", "bad"], [10, "medium", "wait"],
  [5, "low", ""], [0, "information", ""]];
const severityOf = (value) => severities.find(([least]) => value >= least) ?? severities.at(-1);

const isList = (value) => Array.isArray(value);

/** Numbers of the alerts that were acknowledged at this browser. */
const acknowledged = kept("alerts.acknowledged", [], isList);

function setAcknowledged(hashes, is) {
  const rest = acknowledged.value.filter((hash) => !hashes.includes(hash));
  acknowledged.value = is ? [...rest, ...hashes].slice(-2000) : rest;
}

const roles = [["source_mac", "From"], ["dest_mac", "To"], ["transmitter_mac", "Network"],
  ["other_mac", "Other"]];

function Evidence({ alert, kinds }) {
  const coverage = alert.coverage;
  const meaning = kinds.get(alert.header)?.["kismet.alert.definition.description"];
  return html`<div class="evidence"><p>${visible(meaning)}</p><${Facts} rows=${[
    ...roles.filter(([name]) => alert[name] && alert[name] !== NO_MAC)
      .map(([name, label]) => [label, html`<span class="code">${alert[name]}</span>`]),
    ["Channel", [alert.channel !== "0" && alert.channel, frequency(alert.frequency)]
      .filter(Boolean).join(" · ")],
    ["The source listened there", typeof coverage === "number"
      ? `${percent(coverage)} of the minute before` : ""],
    ["Packet's time", alert.packetTime ? time(alert.packetTime) : ""],
    ["Number", String(alert.hash)]]} />
    <p class="row">${alert.device_key && !/_0+$/.test(alert.device_key) && html`<a class="button"
      href=${address("device", alert.device_key)}>The device</a>`}
      <button type="button" onClick=${() => setAcknowledged([alert.hash], !alert.isAcknowledged)}>
        ${alert.isAcknowledged ? "Not acknowledged after all" : "Acknowledge"}</button>
      <span class="faint">Noted in this browser only: others still see it.</span></p></div>`;
}

function Alert({ alert, isNew, kinds }) {
  const [isOpen, setOpen] = useState(false);
  const [, word, kind] = severityOf(alert.severity);
  return html`<li class=${alert.isAcknowledged ? "alert done" : "alert"}>
    <details onToggle=${(event) => setOpen(event.currentTarget.open)}><summary>
      <span class=${`tag ${kind}`}>${word}</span><span class="what"><b>${visible(alert.header)}</b>
      ${isNew && html` <span class="tag good">new</span>`}
      ${alert.isAcknowledged && html` <span class="tag">acknowledged</span>`}${" "}
      <span class="text"><bdi>${visible(alert.text)}</bdi></span></span>
      <time class="faint">${time(alert.timestamp)}</time>
      </summary>${isOpen && html`<${Evidence} alert=${alert} kinds=${kinds} />`}</details></li>`;
}

function readAlert(record) {
  const alert = members(record, "kismet.alert.");
  return { ...alert, coverage: record["norn.alert.coverage"],
    packetTime: record["norn.alert.packet_time"],
    isAcknowledged: acknowledged.value.includes(alert.hash) };
}

function Picks({ query, alerts }) {
  const classes = [...new Set(alerts.map((alert) => alert.class))].sort();
  return html`<select class="short" aria-label="Severity" value=${query.severity ?? ""}
      onChange=${({ currentTarget }) => adjust({ severity: currentTarget.value })}>
      <option value="">Any severity</option>${severities.filter(([least]) => least).map(
    ([least, word]) => html`<option key=${least} value=${least}>${word}${least < 20
      ? " and above" : ""}</option>`)}</select>
    <select class="short" aria-label="Class" value=${query.class ?? ""}
      onChange=${({ currentTarget }) => adjust({ class: currentTarget.value })}>
      <option value="">Any class</option>${classes.map((name) => html`
        <option key=${name} value=${name}>${visible(name).toLowerCase()}</option>`)}</select>
    <label class="check"><input type="checkbox" checked=${query.done === "1"}
      onChange=${({ currentTarget }) => adjust({ done: currentTarget.checked ? "1" : "" })} />
      Acknowledged too</label>`;
}

async function askToNotify(isOn) {
  notify.value = isOn && (await Notification.requestPermission()) === "granted";
}

function AlertList({ query }) {
  const seen = useRef(seenUntil.value).current;
  const { answer, error } = useAnswer({ path: "alerts/alerts_view.json", variables: { page: 0,
    length: MOST, sort: "kismet.alert.timestamp", order: "descending",
    ...(query.search ? { search: query.search } : {}) } });
  const { answer: definitions } = useAnswer({ path: "alerts/definitions.json" },
    { busy: 600_000, idle: 3_600_000 });
  useEffect(() => markSeen(), [latest.value]);
  const kinds = new Map((definitions ?? []).map((one) => [one["kismet.alert.definition.header"],
    one]));
  const alerts = (answer?.data ?? []).map(readAlert);
  const shown = alerts.filter((alert) => alert.severity >= Number(query.severity ?? 0)
    && (!query.class || alert.class === query.class) && (query.done || !alert.isAcknowledged));
  const canNotify = "Notification" in globalThis;
  return html`<div class="bar"><${Search} value=${query.search ?? ""}
      placeholder="Kind, text, address …" /><${Picks} query=${query} alerts=${alerts} />
      ${canNotify && html`<label class="check"><input type="checkbox" checked=${notify.value}
        onChange=${({ currentTarget }) => askToNotify(currentTarget.checked)} /> Notify me</label>`}
      <span class="gap"></span>${shown.some((alert) => !alert.isAcknowledged) && html`<button
        type="button" title="Noted in this browser only: others still see them"
        onClick=${() => setAcknowledged(shown.map(({ hash }) => hash), true)}>
        Acknowledge all</button>`}</div>
    ${!answer ? html`<${Waiting} error=${error} what="alerts" />` : shown.length
      ? html`<ul class="alerts panel" aria-label="Alerts">${shown.map((alert) => html`
        <${Alert} key=${alert.hash} alert=${alert} kinds=${kinds} isNew=${alert.timestamp > seen}
          />`)}
        </ul>`
      : html`<${Empty} title=${alerts.length ? "Nothing is like that" : "No alerts"}>${alerts.length
        ? `${counted(alerts.length, "alert")} there, but none meets the search and the choices.`
        : `norn looks for ${counted(kinds.size, "kind")} of trouble and has seen none so far.`}
        <//>`}`;
}

const messageKinds = [[16, "fatal", "bad"], [8, "alert", "wait"], [4, "error", "bad"],
  [2, "information", ""], [1, "debug", ""]];

function MessageList() {
  const { answer, error } = useAnswer({ path: "messagebus/all_messages.json" });
  const [most, setMost] = useState("");
  if (!answer) return html`<${Waiting} error=${error} what="messages" />`;
  const messages = answer.map((record) => members(record, "kismet.messagebus.message_"))
    .filter(({ flags }) => !most || flags & 28).reverse();
  return html`<div class="bar"><${Choice} label="Which" value=${most} onChange=${setMost}
      choices=${{ "": "All", trouble: "Trouble" }} /></div>
    ${messages.length ? html`<ul class="alerts panel" aria-label="Messages">${messages.map(
      ({ flags, string, time: at }, index) => {
        const [, word, kind] = messageKinds.find(([bit]) => flags & bit) ?? messageKinds[3];
        return html`<li key=${messages.length - index} class="message"><span class=${`tag ${kind}`}>
          ${word}</span><span class="what"><bdi>${visible(string)}</bdi></span>
          <time class="faint">${time(at)}</time></li>`;
      })}</ul>` : html`<${Empty} title="No messages" />`}`;
}

export function Alerts({ query }) {
  const tab = query.tab === "messages" ? "messages" : "alerts";
  return html`<div class="view"><div class="bar"><h1>Alerts</h1><${Choice} label="Which"
    value=${tab}
      choices=${{ alerts: "Alerts", messages: "Messages" }}
      onChange=${(name) => adjust({ tab: name === "alerts" ? "" : name })} /></div>
    ${tab === "alerts" ? html`<${AlertList} query=${query} />` : html`<${MessageList} />`}</div>`;
}
