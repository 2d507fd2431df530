// The hunt for one device: how strongly it is heard, as large as the screen and as a sound, made
// for a phone in one hand. Locks a source on its channel, so that nothing is missed on the way.

import { useEffect, useRef, useState } from "preact/hooks";

import { command, useAnswer } from "../feed.js";
import { duration, time, visible } from "../format.js";
import { series } from "../history.js";
import { html } from "../html.js";
import { Action } from "../parts/action.js";
import { Chart } from "../parts/chart.js";
import { Icon } from "../parts/icon.js";
import { Waiting } from "../parts/notice.js";
import { strength } from "../parts/signal.js";
import { address } from "../place.js";
import { mayChange } from "../session.js";
import { Beeper } from "../sound.js";
import { base, fieldsOf, members, signal } from "../wire.js";

const PACE = { busy: 700, idle: 700 }; // somebody walks with it in the hand
const STALE = 5; // seconds after which a signal says little
const FIELDS = [...fieldsOf(["key", "mac", "name", "signal", "scale", "channel", "last",
  "packets"]),
  [signal("max_signal"), "best"], [signal("signal_rrd"), "past"], [base("seenby"), "seenby"]];

function useAwake() {
  useEffect(() => {
    let lock = null;
    navigator.wakeLock?.request("screen").then((one) => { lock = one; }).catch(() => {});
    return () => lock?.release().catch(() => {});
  }, []);
}

function useSound(level) {
  const [beeper, setBeeper] = useState(null);
  const latest = useRef(level);
  latest.current = level;
  useEffect(() => () => beeper?.stop(), [beeper]);
  const toggle = () => {
    if (beeper) setBeeper(null);
    else setBeeper(new Beeper(() => latest.current));
  };
  return [Boolean(beeper), toggle];
}

function Tuning({ channel }) {
  const { answer } = useAnswer({ path: "datasource/all_sources.json", command: { fields: [
    "uuid", "name", "channels", "channel", "hopping", "running"].map(
    (name) => `kismet.datasource.${name}`) } }, { busy: 5_000, idle: 20_000 });
  const sources = (answer ?? []).map((record) => members(record, "kismet.datasource."))
    .filter((source) => source.running && source.channels?.length);
  if (!mayChange.value || !sources.length || !channel) return null;
  const fits = sources.filter((source) => source.channels.includes(channel));
  const locked = sources.filter((source) => !source.hopping && source.channel === channel);
  const path = ({ uuid }) => `datasource/by-uuid/${uuid}`;
  if (locked.length) return html`<${Action} act=${() => Promise.all(locked.map(
    (source) => command(`${path(source)}/set_hop.cmd`)))}>
    Let ${visible(locked[0].name)} hop again<//>`;
  if (!fits.length) return null;
  return html`<${Action} class="main" act=${() => command(`${path(fits[0])}/set_channel.cmd`,
    { channel })}>Lock ${visible(fits[0].name)} on channel ${visible(channel)}<//>`;
}

function Meter({ level, dbm, unit, isStale }) {
  return html`<div class=${`meter${isStale ? " stale" : ""}`} role="meter" aria-valuemin="-95"
    aria-valuemax="-35" aria-valuenow=${dbm} aria-label="Signal"
    aria-valuetext=${dbm ? `${dbm} ${unit}` : "nothing heard"}>
    <div class="fill" style=${{ height: `${level * 100}%` }}></div>
    <p class="reading"><b>${dbm ? String(dbm).replace("-", "−")
      : "–"}</b><span>${unit}</span></p></div>`;
}

export function Hunt({ argument }) {
  useAwake();
  const { answer, error } = useAnswer({ path: `devices/by-key/${encodeURIComponent(argument)}/`
    + "device.json", command: { fields: FIELDS } }, PACE);
  const now = answer?.past?.["kismet.common.rrd.serial_time"] ?? answer?.last ?? 0;
  const age = answer ? now - answer.last : 0;
  const isStale = age > STALE;
  const level = answer && !isStale ? strength(answer.signal) : 0;
  const [hasSound, toggleSound] = useSound(level);
  const head = html`<div class="bar"><a class="button plain" href=${address("device", argument)}
      aria-label="The device"><${Icon} name="back" /></a><div class="title">
      <h1><bdi>${answer ? visible(answer.name) : "Hunt"}</bdi></h1>
      ${answer && html`<p class="faint"><span class="code">${answer.mac}</span>
        ${answer.channel && ` · channel\u00a0${visible(answer.channel)}`}</p>`}</div>
    <button type="button" aria-pressed=${hasSound ? "true" : "false"} onClick=${toggleSound}>
      <${Icon} name=${hasSound ? "sound" : "mute"} /><span>${hasSound ? "Sound on" : "Sound off"}
      </span></button></div>`;
  if (!answer) return html`<div class="view hunting">${head}<${Waiting} error=${error}
    what="such device" /></div>`;
  const unit = answer.scale === "rssi" ? "RSSI" : "dBm";
  return html`<div class="view hunting">${head}
    <${Meter} level=${level} dbm=${answer.signal} unit=${unit} isStale=${isStale} />
    <p class="heard" role="status">${isStale ? html`<b>Not heard for ${duration(age)}</b>, last at
      ${" "}${time(answer.last)}` : html`Heard ${age > 0 ? `${duration(age)} ago` : "now"},
        strongest so far
      ${" "}<b>${String(answer.best || "–").replace("-", "−")} ${unit}</b>`}</p>
    <${Tuning} channel=${answer.channel} />
    <${Chart} label="Last minute" dots each="strongest of each second" unit=${unit}
      ...${series(answer.past, "minute", true)} range=${unit === "dBm" ? [-100, -20] : null}
      show=${(value) => String(Math.round(value)).replace("-", "−")} /></div>`;
}

