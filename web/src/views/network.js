// One network: the devices behind an SSID, by what they have to do with it.

import { useAnswer } from "../feed.js";
import { count, counted, fullTime, time, visible } from "../format.js";
import { html } from "../html.js";
import { useNames } from "../names.js";
import { Card, Facts, Rows } from "../parts/facts.js";
import { Icon } from "../parts/icon.js";
import { Waiting } from "../parts/notice.js";
import { Security } from "../parts/security.js";
import { SignalBars } from "../parts/signal.js";
import { address } from "../place.js";
import { devicePaths, dot11, members } from "../wire.js";
import { kindOf } from "./device_columns.js";

const CLIENTS = dot11("associated_client_map");

function DeviceRows({ label, keys, names, empty }) {
  if (!keys.length) return html`<p class="faint">${empty}</p>`;
  return html`<${Rows} label=${label} rows=${keys.map((key) => names[key] ?? { key })} columns=${[
    ["Device", (row) => html`<a href=${address("device", row.key)}><bdi>
      ${visible(row.name) || row.key}</bdi></a>`],
    ["Address", (row) => html`<span class="code">${row.mac}</span>`, "spare"],
    ["Kind", (row) => kindOf(row.type), "spare"],
    ["Security", (row) => html`<${Security} words=${row.crypt} />`, "spare"],
    ["Ch.", (row) => visible(row.channel || ""), "number spare"],
    ["Signal", (row) => html`<${SignalBars} value=${row.signal} scale=${row.scale} />`],
    ["Packets", (row) => (row.packets ? count(row.packets) : ""), "number spare"],
    ["Last heard", (row) => time(row.last), "number"]]} />`;
}

// Keys of the clients of some access points.
function useClients(keys) {
  const { answer } = useAnswer(keys.length ? { path: "devices/multikey/devices.json", command: {
    devices: keys.slice(0, 200), fields: [[devicePaths.key, "key"], [CLIENTS, "clients"]] } }
      : null,
  { busy: 15_000, idle: 120_000 });
  return [...new Set((answer ?? []).flatMap(({ clients }) => Object.values(clients || {})))];
}

export function Network({ argument }) {
  const { answer, error } = useAnswer({
    path: `phy/phy80211/ssids/by-hash/${encodeURIComponent(argument)}/ssid.json` });
  const group = members(answer, "dot11.ssidgroup.");
  const advertising = group.advertising_devices ?? [];
  const responding = (group.responding_devices ?? []).filter((key) => !advertising.includes(key));
  const probing = group.probing_devices ?? [];
  const clients = useClients(advertising);
  const names = useNames([...advertising, ...responding, ...clients, ...probing]);
  const head = html`<a class="button plain" href="#/networks" aria-label="All networks">
    <${Icon} name="back" /></a>`;
  if (!answer) return html`<div class="view"><div class="bar">${head}<h1>Network</h1></div>
    <${Waiting} error=${error} what="such network" /></div>`;
  return html`<div class="view"><div class="bar">${head}<div class="title">
      <h1>${group.ssid ? html`<bdi>${visible(group.ssid)}</bdi>` : "Hidden networks"}</h1>
      <p class="faint">${counted(advertising.length, "access point")},
        ${" "}${counted(clients.length, "client")}</p></div></div>
    <${Card} title="Network"><${Facts} rows=${[
      ["Security", group.crypt_string],
      ["Length of the name", counted(group.ssid_len, "byte")],
      ["First heard", fullTime(group.first_time)],
      ["Last heard", fullTime(group.last_time)]]} /><//>
    <${Card} title=${`Access points (${advertising.length})`}><${DeviceRows} label="Access points"
      keys=${advertising} names=${names} empty="Nobody beacons this name: it was only asked for."
        /><//>
    ${responding.length > 0 && html`<${Card}
      title=${`Answer for it, without a beacon (${responding.length})`}><${DeviceRows}
      label="Devices that answer for it" keys=${responding} names=${names} /><//>`}
    <${Card} title=${`Clients (${clients.length})`}><${DeviceRows} label="Clients" keys=${clients}
      names=${names} empty="No client was heard with its access points." /><//>
    <${Card} title=${`Look for it (${probing.length})`}><${DeviceRows}
      label="Devices that look for it"
      keys=${probing} names=${names} empty="Nobody was heard asking for it by name." /><//></div>`;
}
