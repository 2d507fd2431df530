// The map: devices where they were heard best, sensors, our own track; of one device every place it
// was heard from, coloured by its signal. They lie on the tiles of the server's archive where there
// is one, else on a grid of distances: nothing is asked of anybody else.

import { useMemo, useState } from "preact/hooks";

import { useAnswer } from "../feed.js";
import { count, counted, visible } from "../format.js";
import { html } from "../html.js";
import { project } from "../mercator.js";
import { useBackdrop } from "../parts/backdrop.js";
import { Icon } from "../parts/icon.js";
import { Empty, Waiting } from "../parts/notice.js";
import { Plane } from "../parts/plane.js";
import { Security } from "../parts/security.js";
import { SignalBars, strength } from "../parts/signal.js";
import { address, adjust } from "../place.js";
import { base, fieldsOf, members } from "../wire.js";
import { kindOf } from "./device_columns.js";
import { FollowMe } from "./system_gps.js";

const MOST = 3000;
const TRACK_MOST = 5000;
const location = (name) => `${base("location")}/kismet.common.location.${name}`;
const POINT = "kismet.common.location.geopoint";

/** Where we were since the page was opened, newest last; with the signal of the chosen device. */
const track = [];

function isPoint(point) {
  return Array.isArray(point) && (point[0] !== 0 || point[1] !== 0);
}

function useHere() {
  const { answer } = useAnswer({ path: "gps/location.json" });
  const here = members(answer, "kismet.common.location.");
  const point = here.fix >= 2 && isPoint(here.geopoint) ? here.geopoint : null;
  const last = track.at(-1);
  if (point && (!last || last.point[0] !== point[0] || last.point[1] !== point[1])) {
    track.push({ point, place: project(point) });
    if (track.length > TRACK_MOST) track.shift();
  }
  return point;
}

function deviceQuestion(key) {
  const where = [[location("loc_fix"), ">=", 2]];
  if (key) where.push([base("key"), "=", key]);
  return { path: "devices/views/all/devices.json",
    command: { where, fields: [...fieldsOf(["key", "name", "mac", "type", "crypt", "signal",
      "scale",
      "maker"]), [location(`avg_loc/${POINT}`), "point"],
    ...(key ? [[base("location_cloud"), "cloud"]] : [])] },
    variables: { page: 0, length: MOST, sort: base("last_time"), order: "descending" } };
}

// Places of a device in the server's cloud of the past: { place, strength }.
function cloudPoints(cloud) {
  if (!cloud || typeof cloud !== "object") return [];
  return Object.values(cloud).filter(Array.isArray).flat().map((sample) => ({
    point: sample?.["kismet.historic.location.geopoint"],
    strength: strength(sample?.["kismet.historic.location.signal"]),
  })).filter(({ point }) => isPoint(point));
}

function pointsOf(devices, here, key) {
  const points = devices.filter(({ point }) => isPoint(point)).map((device) => ({
    place: project(device.point), key: device.key,
    kind: /AP|Mesh/.test(device.type) ? "ap" : "device",
    label: device.name === device.mac ? "" : visible(device.name).slice(0, 24) }));
  const heat = key ? devices.flatMap(({ cloud }) => cloudPoints(cloud)).map((one) => ({
    place: project(one.point), kind: "heat", strength: one.strength })) : [];
  return [...heat, ...points,
    ...(here ? [{ place: project(here), kind: "sensor", label: "norn" }] : [])];
}

function Chosen({ device, onClose }) {
  return html`<div class="chosen-device panel"><div class="row"><b class="gap"><bdi>
      ${visible(device.name)}</bdi></b><button type="button" class="plain" aria-label="Close"
      onClick=${onClose}><${Icon} name="close" /></button></div>
    <p class="faint">${kindOf(device.type)} · ${visible(device.maker)}</p>
    <p><${SignalBars} value=${device.signal} scale=${device.scale} />
      ${" "}<${Security} words=${device.crypt} /></p>
    <p class="row"><a class="button" href=${address("device", device.key)}>Details</a>
      <a class="button" href=${address("hunt", device.key)}>Hunt</a></p></div>`;
}

export function MapView({ query }) {
  const [chosen, choose] = useState(query.device ?? "");
  const here = useHere();
  const backdrop = useBackdrop();
  const question = useMemo(() => deviceQuestion(query.device), [query.device]);
  const { answer, error } = useAnswer(question);
  const devices = answer?.data ?? [];
  const points = useMemo(() => pointsOf(devices, here, query.device),
    [answer, here?.[0], here?.[1], query.device]);
  if (!answer) return html`<div class="view"><div class="bar"><h1>Map</h1></div>
    <${Waiting} error=${error} what="places" /></div>`;
  const device = devices.find(({ key }) => key === chosen);
  const all = answer.last_row > devices.length ? ` (the newest ${count(devices.length)})` : "";
  return html`<div class="view list"><div class="bar"><h1>Map</h1>
      <span class="faint">${counted(answer.last_row, "device")} with a place${all}</span>
      ${query.device && html`<button type="button" onClick=${() => adjust({ device: "" })}>
        All devices</button>`}<span class="gap"></span><${FollowMe} /></div>
    <div class="map"><${Plane} backdrop=${backdrop} points=${points}
        label=${`Devices on a ${backdrop.tiles ? "map" : "grid of distances"}`}
        track=${track.map(({ place }) => place)} chosen=${chosen} onChoose=${choose}
        fitted=${`${query.device ?? ""} ${devices.length > 0} ${Boolean(here)}`} />
      ${!points.length && html`<div class="over"><${Empty} title="Nothing has a place yet">norn puts
        a device where it was heard, once it knows where itself is: connect a GPS,
          let a browser send
        its position, or set one by hand under <a href="#/system">System</a>.<//></div>`}
      <ul class="legend-box faint"><li><span class="mark good"></span>access point</li>
        <li><span class="mark wait"></span>other device</li>
        <li><span class="mark accent"></span>norn, and its way</li></ul>
      ${(backdrop.attribution || backdrop.problem) && html`<p class="attribution faint"><bdi>
        ${backdrop.attribution || backdrop.problem}</bdi></p>`}
      ${device && html`<${Chosen} device=${device} onClose=${() => choose("")} />`}</div></div>`;
}
