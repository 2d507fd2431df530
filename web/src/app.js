// The shell: where one can go, how the connection is, who is logged in; and the view one is at.

import { computed, signal } from "@preact/signals";
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";

import { latest, unseen } from "./alarm.js";
import { BACKGROUND, connection, useAnswer } from "./feed.js";
import { duration, visible } from "./format.js";
import { html } from "./html.js";
import { live } from "./live.js";
import { Icon } from "./parts/icon.js";
import { address, place } from "./place.js";
import { logOut, refresh, session, wanted } from "./session.js";
import { dark, theme } from "./settings.js";
import { SessionDialog } from "./views/login.js";
import { Alerts } from "./views/alerts.js";
import { Channels } from "./views/channels.js";
import { Device } from "./views/device.js";
import { Devices } from "./views/devices.js";
import { Hunt } from "./views/hunt.js";
import { MapView } from "./views/map.js";
import { Network } from "./views/network.js";
import { Networks } from "./views/networks.js";
import { Sources } from "./views/sources.js";
import { System } from "./views/system.js";

const views = {
  devices: { label: "Devices", View: Devices },
  networks: { label: "Networks", View: Networks },
  channels: { label: "Channels", View: Channels },
  map: { label: "Map", View: MapView },
  sources: { label: "Sources", View: Sources },
  alerts: { label: "Alerts", View: Alerts },
  system: { label: "System", View: System },
  device: { label: "Device", View: Device, under: "devices" },
  hunt: { label: "Hunt", View: Hunt, under: "devices" },
  network: { label: "Network", View: Network, under: "networks" },
};
const places = Object.keys(views).filter((name) => !views[name].under);

const here = computed(() => (Object.hasOwn(views, place.value.view) ? place.value.view
  : "devices"));

/* Of the server, as far as the shell shows it. */
const status = signal({});

const STATUS_FIELDS = ["kismet.system.server_name", "norn.system.demo",
  "kismet.system.devices.count"];

function Badge({ count }) {
  if (!count) return null;
  return html`<span class="badge"><span class="unread">${count > 99 ? "99+" : count}</span>
    <span class="hidden"> new alerts</span></span>`;
}

function Navigation() {
  const at = views[here.value].under ?? here.value;
  return html`<nav class="places" aria-label="Views">
    ${places.map((name) => html`<a key=${name} href=${address(name)}
      aria-current=${name === at ? "page" : null}><${Icon} name=${name} />
      <span>${views[name].label}</span>
      ${name === "alerts" && html`<${Badge} count=${unseen.value} />`}</a>`)}</nav>`;
}

const states = {
  connecting: ["wait", "Connecting"],
  open: ["good", "Connected"],
  lost: ["bad", "No connection"],
  login: ["wait", "Not logged in"],
};

function Connection() {
  const { state, why } = connection.value;
  const [kind, words] = states[state];
  const text = state === "open" && live.value ? "Live" : words;
  const hint = state !== "open" ? why : live.value ? "Events come in as they happen"
    : "Asks again and again: the server's events do not come through";
  return html`<span class="connection ${kind}" role="status" title=${hint}>
    <span class="dot" aria-hidden="true"></span>${text}</span>`;
}

function Account() {
  const { user, role, setup } = session.value;
  if (!user) {
    const first = setup === "needed";
    return html`<button type="button" onClick=${() => { wanted.value = first ? "setup"
      : "login"; }}>
      <${Icon} name="user" /><span>${first ? "Set a password" : "Log in"}</span></button>`;
  }
  return html`<details class="menu"><summary aria-label=${`Logged in as ${user}`}>
      <${Icon} name="user" /><span class="who">${visible(user)}</span></summary>
    <div class="sheet"><p>Logged in as <b>${visible(user)}</b><br />
      <span class="faint">${role === "admin" ? "may change everything"
        : `may read (${role})`}</span>
      </p><button type="button" onClick=${() => logOut().catch(() => {})}>Log out</button></div>
    </details>`;
}

function ThemeSwitch() {
  const next = dark.value ? "light" : "dark";
  return html`<button type="button" class="plain" title=${`Switch to ${next}`}
    aria-label=${`Switch to ${next}`} onClick=${() => { theme.value = next; }}>
    <${Icon} name=${dark.value ? "sun" : "moon"} /></button>`;
}

function Trouble() {
  const { state, since, why } = connection.value;
  if (state !== "lost") return null;
  return html`<p class="banner bad" role="alert"><b>The server does not answer.</b> ${why}
    What you see is ${duration((Date.now() - since) / 1000)} old or older; the page asks again
    every few seconds and goes on by itself.</p>`;
}

function LoginFirst() {
  const first = session.value.setup === "needed";
  return html`<div class="empty"><p class="title">${first ? "No password is set yet"
    : "This server asks for a login"}</p>
    <p>${first ? "Set one, then everything is yours." : "Log in with the name and password of "
      + "the server, or with an API key."}</p>
    <button type="button" class="main"
      onClick=${() => { wanted.value = first ? "setup" : "login"; }}>
      ${first ? "Set a password" : "Log in"}</button></div>`;
}

function Body() {
  const [fault, retry] = useErrorBoundary();
  const { argument, query } = place.value;
  const name = here.value;
  useEffect(() => { if (fault) retry(); }, [name, argument]);
  if (connection.value.state === "login") return html`<${LoginFirst} />`;
  if (fault)
    return html`<div class="empty" role="alert"><p class="title">This view broke</p>
      <p>${visible(fault.message)}</p>
      <button type="button" onClick=${retry}>Try again</button></div>`;
  const { View } = views[name];
  return html`<${View} key=${`${name}/${argument}`} argument=${argument} query=${query} />`;
}

// What is asked for on every view: the server's name, new alerts, and, whenever the server is there
// again, who is logged in.
function useBackground() {
  const { answer } = useAnswer({ path: "system/status.json", command: { fields: STATUS_FIELDS } },
    BACKGROUND);
  const { answer: alerts } = useAnswer({ path: "alerts/alerts_view.json",
    variables: { page: 0, length: 100, sort: "kismet.alert.timestamp", order: "descending" } },
  BACKGROUND);
  const { state } = connection.value;
  useEffect(() => {
    if (state === "open" || state === "login") refresh().catch(() => {});
  }, [state]);
  useEffect(() => { if (answer) status.value = answer; }, [answer]);
  useEffect(() => { if (alerts) latest.value = alerts.data; }, [alerts]);
}

function Title() {
  const name = status.value["kismet.system.server_name"];
  const text = [views[here.value].label, name || "norn"].join(" · ");
  const full = unseen.value ? `(${unseen.value}) ${text}` : text;
  useEffect(() => { document.title = visible(full); }, [full]);
}

export function App() {
  useBackground();
  Title();
  const main = useRef();
  const name = here.value;
  useEffect(() => { main.current.scrollTop = 0; }, [name, place.value.argument]);
  const asked = wanted.value
    || (connection.value.state === "login" && session.value.setup === "needed" ? "setup" : "");
  return html`<div class="shell">
    <a class="skip" href="#main" onClick=${(event) => {
      event.preventDefault();
      main.current.focus();
    }}>To the content</a>
    <header class="top"><a class="brand" href="#/devices"><img src="icon.svg" alt="" width="26"
        height="26" /><b>norn</b></a>
      <span class="server">${visible(status.value["kismet.system.server_name"])}</span>
      ${status.value["norn.system.demo"] === 1 && html`<span class="tag wait" title="A small
        recording made for this is played again and again: not the air around you">Demo</span>`}
      <span class="gap"></span><${Connection} /><${ThemeSwitch} /><${Account} /></header>
    <${Navigation} />
    <main id="main" ref=${main} tabindex="-1"><${Trouble} /><${Body} /></main>
    ${asked && html`<${SessionDialog} key=${asked} kind=${asked} />`}</div>`;
}
