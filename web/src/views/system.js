// The server itself: how it does, its receivers of positions; settings of this browser; keys.

import { useState } from "preact/hooks";

import { useAnswer } from "../feed.js";
import { bytes, count, counted, decimal, duration, fullTime } from "../format.js";
import { series, spans } from "../history.js";
import { html } from "../html.js";
import { live } from "../live.js";
import { ActForm } from "../parts/action.js";
import { Chart, Choice } from "../parts/chart.js";
import { Card, Facts } from "../parts/facts.js";
import { Waiting } from "../parts/notice.js";
import { logOut, mayChange, session, setPassword, wanted } from "../session.js";
import { pace, paces, theme, themes, unit, units } from "../settings.js";
import { members } from "../wire.js";
import { Keys } from "./system_keys.js";
import { Receivers } from "./system_gps.js";

const labels = Object.fromEntries(Object.entries(spans).map(([name, { label }]) => [name, label]));

function Histories({ status }) {
  const [span, setSpan] = useState("minute");
  const of = (name) => series(status[name], span);
  // What there always is some of: 0 stands for a second that was not measured, such as the newest.
  const level = (name) => series(status[name], span, true);
  const memory = level("kismet.system.memory.rrd");
  return html`<${Card} title="Over time" aside=${html`<${Choice} label="Span" choices=${labels}
      value=${span} onChange=${setSpan} />`}>
    <${Chart} label="Packets" ...${of("kismet.device.packets_rrd")} unit="packets a second"
      each=${spans[span].each} />
    <${Chart} label="Devices" ...${level("kismet.system.devices.rrd")} unit="devices" />
    <${Chart} label="Memory" times=${memory.times} unit="MB"
      values=${memory.values.map((value) => value && value / 1024)} /><//>`;
}

function charge({ battery }) {
  if (!battery.percentage) return "";
  return `${battery.percentage} %, ${battery.charging}${battery.remaining
    ? `, ${duration(battery.remaining)} left` : ""}`;
}

function Server({ status }) {
  const system = members(status, "kismet.system.");
  const own = members(status, "norn.system.");
  const battery = members(status, "kismet.system.battery.");
  const temperatures = Object.entries(system["sensors.temp"] ?? {});
  return html`<${Card} title="Server"><${Facts} rows=${[
    ["Name", system.server_name],
    ["Description", system.server_description],
    ["Place", system.server_location],
    ["Version", `norn ${system.version}`],
    ["Built", system.build_time],
    ["Up since", `${fullTime(system["timestamp.start_sec"])} (${duration(system["timestamp.sec"]
      - system["timestamp.start_sec"])})`],
    ["Devices", count(system["devices.count"])],
    ["Memory", bytes(system["memory.rss"] * 1024)],
    ["of that the devices", own.store_bytes ? bytes(own.store_bytes) : ""],
    ["Devices forgotten to keep the limit", own.devices_evicted ? count(own.devices_evicted) : ""],
    ["Packets heard twice", own.packets_repeated ? count(own.packets_repeated) : ""],
    ["Temperature", temperatures.map(([name, value]) => `${name} ${decimal(value)} °C`).join(", ")],
    ["Battery", charge({ battery })]]} /><//>
  <${Card} title="Security"><${Facts} rows=${[
    ["Runs as", own["sandbox.user"] || system.user],
    ["System calls filtered", own["sandbox.seccomp"]],
    ["Paths and ports closed", own["sandbox.landlock"]],
    ["Login", { auto: "for changes, and for reads from elsewhere", always: "for everything",
      never: "for changes only" }[own.login_rule] ?? own.login_rule],
    ["Open connections", count(system.num_http_connections)],
    ["Requests answered", count(own.http_requests)],
    ["Replies cut short", own.http_cut ? count(own.http_cut) : ""],
    ["Open websockets", own["websocket.open"] !== undefined ? count(own["websocket.open"]) : ""],
    ["This page", live.value ? "is told of events as they happen" : "asks again and again"]]}
      /><//>`;
}

function Radios({ own }) {
  const rows = own.map((record) => members(record, "kismet.phy."));
  return html`<${Card} title="Radios"><${Facts} rows=${rows.map((radio) => [radio.phy_name,
    `${counted(radio.device_count, "device")}, ${counted(radio.packet_count, "packet")}`])} /><//>`;
}

function Select({ label, choices, value }) {
  return html`<label>${label}<select value=${value.value}
    onChange=${({ currentTarget }) => { value.value = currentTarget.value; }}>
    ${Object.entries(choices).map(([name, words]) => html`<option key=${name} value=${name}>${words}
      </option>`)}</select></label>`;
}

function Settings() {
  return html`<${Card} title="Settings of this browser"><form>
    <${Select} label="Colours" choices=${themes} value=${theme} />
    <${Select} label="Ask for news" choices=${paces} value=${pace} />
    <${Select} label="Distances" choices=${units} value=${unit} /></form><//>`;
}

function Password() {
  const [isDone, setDone] = useState(false);
  const act = async ({ password, again }, form) => {
    if (password !== again) throw new Error("The two passwords differ.");
    await setPassword(session.value.user, password);
    form.reset();
    setDone(true);
  };
  return html`<details class="behind"><summary>Change the password</summary>
    <${ActForm} name="password" act=${act} label="Change">
      <input name="username" class="hidden" tabindex="-1" aria-hidden="true" readonly
        autocomplete="username" value=${session.value.user} />
      <label>New password <input name="password" type="password" required maxlength="255"
        autocomplete="new-password" /></label>
      <label>Again <input name="again" type="password" required maxlength="255"
        autocomplete="new-password" /></label><//>
    ${isDone && html`<p role="status">It is changed.</p>`}</details>`;
}

function Login() {
  const { user, role, setup } = session.value;
  if (!user) return html`<${Card} title="Login"><p>You are not logged in: you may look,
    not change.</p>
    <p class="row"><button type="button" class="main" onClick=${() => {
      wanted.value = setup === "needed" ? "setup" : "login";
    }}>${setup === "needed" ? "Set a password" : "Log in"}</button></p><//>`;
  return html`<${Card} title="Login"><${Facts} rows=${[["Logged in as", user], ["Role", role]]} />
    ${mayChange.value && setup !== "fixed" && html`<${Password} />`}
    <p class="row"><button type="button" onClick=${() => logOut().catch(() =>
      {})}>Log out</button></p><//>`;
}

export function System() {
  const { answer, error } = useAnswer({ path: "system/status.json" });
  const { answer: radios } = useAnswer({ path: "phy/all_phys.json" }, { busy: 10_000,
    idle: 60_000 });
  return html`<div class="view"><div class="bar"><h1>System</h1></div>
    ${!answer ? html`<${Waiting} error=${error} what="status" />` : html`<div class="panels">
      <${Server} status=${answer} /><${Histories} status=${answer} />
      <${Radios} own=${radios ?? []} /><${Receivers} /><${Settings} /><${Login} />
      ${mayChange.value && html`<${Keys} />`}
      <${Card} title="For programs"><p>All that this page shows comes from the API, which is yours
        too: <a href="system/tracked_fields.html">every field and its meaning</a>,
        ${" "}<a href="system/status.prettyjson">an example</a>. ${" "}<a
        href=${document.querySelector('link[rel="license"]')?.getAttribute("href")}>Licences of what
        the page is made with</a>.</p><//></div>`}</div>`;
}
