// Receivers of positions: what each says; the position by hand, or this browser's own.

import { useState } from "preact/hooks";

import { command, useAnswer } from "../feed.js";
import { decimal, time } from "../format.js";
import { html } from "../html.js";
import { ActForm } from "../parts/action.js";
import { Card, Facts } from "../parts/facts.js";
import { following, followMe, stopFollowing, whyNot } from "../position.js";
import { mayChange } from "../session.js";
import { members } from "../wire.js";

const fixes = ["no fix", "no fix", "flat", "with altitude"];

function text(gps) {
  const at = members(gps.location, "kismet.common.location.");
  if (!(at.fix >= 2)) return gps.connected ? "connected, no fix yet" : "nothing said yet";
  const [longitude, latitude] = at.geopoint;
  return `${latitude.toFixed(5)}°, ${longitude.toFixed(5)}°, ${fixes[at.fix]}${at.fix === 3
    ? ` ${decimal(at.alt)} m` : ""}, at ${time(at.time_sec)}`;
}

function ByHand() {
  const [isDone, setDone] = useState(false);
  const act = async ({ lat, lon }) => {
    setDone(false);
    await command("gps/web/update.cmd", { lat: Number(lat), lon: Number(lon) });
    setDone(true);
  };
  return html`<details class="behind"><summary>Set the position by hand</summary>
    <${ActForm} name="position" act=${act} label="Set">
      <label>Latitude, degrees <input name="lat" type="number" step="any" min="-90"
        max="90" required />
        </label><label>Longitude, degrees <input name="lon" type="number" step="any" min="-180"
        max="180" required /></label><//>${isDone && html`<p role="status">
      It is set.</p>`}</details>`;
}

/** A switch that sends this browser's position to the server while it is on. */
export function FollowMe() {
  if (!mayChange.value) return null;
  const isOn = following.value;
  return html`<button type="button" aria-pressed=${isOn ? "true" : "false"}
      onClick=${() => (isOn ? stopFollowing() : followMe())}>
      ${isOn ? "Stop sending my position" : "Send my position"}</button>
    ${whyNot.value && html`<span class="problem" role="alert">${whyNot.value}</span>`}`;
}

export function Receivers() {
  const { answer } = useAnswer({ path: "gps/all_gps.json" }, { busy: 10_000, idle: 60_000 });
  const rows = (answer ?? []).map((record) => members(record, "kismet.gps."));
  return html`<${Card} title="Position">
    ${rows.length ? html`<${Facts} rows=${rows.map((gps) => [gps.name, text(gps)])} />`
    : html`<p class="faint">No receiver of positions is set up.</p>`}
    <div class="row"><${FollowMe} /></div>${mayChange.value && html`<${ByHand} />`}<//>`;
}
