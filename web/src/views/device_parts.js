// The cards of a device that only some radios have: 802.11, Bluetooth; and where it was heard.

import { count, fullTime, percent, time, visible } from "../format.js";
import { html } from "../html.js";
import { Card, Facts, Rows } from "../parts/facts.js";
import { Security } from "../parts/security.js";
import { address } from "../place.js";
import { members } from "../wire.js";

const yes = (value, words = "yes") => (value ? words : "");

function ssidLink({ ssid, ssid_hash: hash }) {
  if (!ssid) return html`<i class="faint">hidden</i>`;
  return html`<a href=${address("network", String(hash ?? ""))}><bdi>${visible(ssid)}</bdi></a>`;
}

function Advertised({ ssid }) {
  const own = { ...ssid };
  return html`<div class="network"><h3>${ssidLink(ssid)} <${Security} words=${ssid.crypt_string}
    /></h3>
    <${Facts} rows=${[
      ["Encryption", ssid.crypt_string],
      ["Protected management", ssid.wpa_mfp_required ? "required" : yes(ssid.wpa_mfp_supported,
        "supported")],
      ["Hidden in beacons", yes(ssid.cloaked)],
      ["Channel", [ssid.channel, ssid.ht_mode].filter(Boolean).join(" ")],
      ["Standard", own["norn.standard"]],
      ["Fastest rate", yes(ssid.maxrate, `${ssid.maxrate} Mb/s`)],
      ["Country", ssid.dot11d_country],
      ["Says of its load", ssid.dot11e_qbss ? `${count(ssid.dot11e_qbss_stations)} stations, busy ${
        percent(ssid.dot11e_channel_utilization_perc / 100)}` : ""],
      ["Fast transition", yes(ssid.dot11r_mobility)],
      ["Access point's name", ssid.beacon_info],
      ["Wi-Fi Protected Setup", yes(ssid.wps_state, ssid.wps_state === 1 ? "not configured"
        : "configured")],
      ["Model", [ssid.wps_manuf, ssid.wps_model_name, ssid.wps_model_number].filter(Boolean)
        .join(" ")],
      ["Device name", ssid.wps_device_name],
      ["Encrypted twin", ssid.owe_ssid],
      ["Mesh", ssid["dot11s.meshid"]],
      ["Heard", `${time(ssid.first_time)} to ${time(ssid.last_time)}`]]} /></div>`;
}

function ssidsOf(list) {
  return (list ?? []).map((one) => ({
    ...members(one, "dot11.advertisedssid."),
    "norn.standard": one["norn.advertisedssid.standard"],
  })).sort((a, b) => b.last_time - a.last_time);
}

function Handshakes({ list }) {
  const rows = Object.entries(list ?? {}).map(([client, messages]) => ({ key: client, client,
    numbers: [...new Set(messages.map((one) => one["dot11.eapol.message_num"]))].sort() }));
  if (!rows.length) return null;
  return html`<${Card} title="Key handshakes"><${Rows} label="Key handshakes" rows=${rows}
    columns=${[
    ["Client", ({ client }) => html`<span class="code">${client}</span>`],
    ["Messages heard", ({ numbers }) => (numbers.length > 3 ? "all four"
      : numbers.join(", "))]]} /><//>`;
}

function Probed({ list }) {
  const rows = (list ?? []).map((one) => members(one, "dot11.probedssid."))
    .sort((a, b) => b.last_time - a.last_time);
  if (!rows.length) return null;
  return html`<${Card} title=${`Looks for (${rows.length})`}><${Rows} label="Networks it looks for"
    rows=${rows} columns=${[
      ["SSID", ({ ssid }) => (ssid ? html`<bdi>${visible(ssid)}</bdi>`
        : html`<i class="faint">any</i>`)],
      ["First", ({ first_time: first }) => time(first), "number"],
      ["Last", ({ last_time: last }) => time(last), "number"]]} /><//>`;
}

/** What 802.11 tells of it. */
export function Station({ record }) {
  if (!record["dot11.device"]) return null;
  const station = members(record["dot11.device"], "dot11.device.");
  const beaconed = ssidsOf(station.advertised_ssid_map);
  const answered = ssidsOf(station.responded_ssid_map).filter(({ ssid }) => !beaconed.some(
    (one) => one.ssid === ssid));
  const networks = [...beaconed, ...answered].slice(0, 20);
  return html`${networks.length > 0 && html`<${Card}
      title=${networks.length === 1 ? "Network" : `Networks (${networks.length})`}>
      ${networks.map((ssid) => html`<${Advertised} key=${ssid.ssid_hash} ssid=${ssid} />`)}<//>`}
    <${Probed} list=${station.probed_ssid_map} />
    <${Handshakes} list=${station.wpa_handshake_list} />`;
}

/** What Bluetooth, of either kind, tells of it. */
export function Bluetooth({ record }) {
  const classic = members(record["bluetooth.device"], "bluetooth.device.");
  const low = members(record["btle.device"], "norn.btle.");
  if (!record["bluetooth.device"] && !record["btle.device"]) return null;
  const services = (classic.service_uuid_vec ?? []).join(", ");
  return html`<${Card} title="Bluetooth"><${Facts} rows=${[
    ["Class", [classic.major_class, classic.minor_class].filter(Boolean).join(", ")],
    ["Address kind", low.address_kind],
    ["Newest advertisement", low.last_pdu],
    ["Connections heard", yes(low.connections, count(low.connections ?? 0))],
    ["Sends with", yes(classic.txpower, `${classic.txpower} dBm`)],
    ["Services", services]]} /><//>`;
}

const degrees = (value) => value.toFixed(5).replace("-", "−");

// The point of a place, or null.
function pointOf(place) {
  const point = place?.["kismet.common.location.geopoint"];
  return Array.isArray(point) && (point[0] || point[1]) ? point : null;
}

/** Where it was heard. */
export function Place({ location, name }) {
  const places = members(location, "kismet.common.location.");
  const average = pointOf(places.avg_loc);
  const last = pointOf(places.last);
  if (!average && !last) return null;
  const text = (point) => point && `${degrees(point[1])}°, ${degrees(point[0])}°`;
  return html`<${Card} title="Place" aside=${html`<a class="button"
      href=${address("map", "", { device: name })}>Show on the map</a>`}>
    <${Facts} rows=${[["On average", text(average)], ["Last", text(last)],
      ["At", fullTime(places.last?.["kismet.common.location.time_sec"])]]} /><//>`;
}
