// Sources: what each of them does, in words and figures; tuning, pausing, adding.

import { useState } from "preact/hooks";

import { command, useAnswer } from "../feed.js";
import { count, counted, decimal, time, visible } from "../format.js";
import { series } from "../history.js";
import { html } from "../html.js";
import { Action, ActForm } from "../parts/action.js";
import { Chart } from "../parts/chart.js";
import { Dialog } from "../parts/dialog.js";
import { Card, Facts } from "../parts/facts.js";
import { Icon } from "../parts/icon.js";
import { Empty, Waiting } from "../parts/notice.js";
import { bandOfName, bands, compareNames } from "../radio.js";
import { mayChange } from "../session.js";
import { members } from "../wire.js";
import { AddSource } from "./source_add.js";

// [kind, words] of what a source does.
function stateOf(source) {
  if (source.error) return ["bad", "Error"];
  if (source["norn.ended"]) return ["", "Read to its end"];
  if (!source.running) return ["", "Closed"];
  if (source.paused) return ["wait", "Paused"];
  if (source["norn.deaf"]) return ["bad", "Runs, but delivers nothing"];
  if (source.warning) return ["wait", "Runs, with a warning"];
  return ["good", source.hopping ? "Hops" : source.channel ? "Locked" : "Runs"];
}

const dropNames = {
  kernel_drops: "the kernel's ring was full",
  interface_drops: "lost by the interface or its driver",
  tool_drops: "lost by the capture tool",
  queue_drops: "norn was behind",
};

function Drops({ source }) {
  const lost = Object.entries(dropNames).filter(([name]) => source[`norn.${name}`] > 0);
  if (!lost.length) return html`<span>none</span>`;
  return html`<span>${lost.map(([name, words]) => html`<span class="tag wait" key=${name}>
    ${count(source[`norn.${name}`])}: ${words}</span> `)}</span>`;
}

function Tuning({ source, path, onClose }) {
  const names = [...(source.channels ?? [])].sort(compareNames);
  const present = Object.keys(bands).filter((band) => names.some((name) =>
    bandOfName(name) === band));
  const lock = async ({ channel }) => {
    await command(`${path}/set_channel.cmd`, { channel });
    onClose();
  };
  const hop = async (form) => {
    const chosen = names.filter((name) => form[`band-${bandOfName(name)}`]);
    if (!chosen.length) throw new Error("Choose a band to hop in.");
    await command(`${path}/set_channel.cmd`, { channels: chosen, rate: Number(form.rate),
      shuffle: Boolean(form.shuffle) });
    onClose();
  };
  const hopped = new Set((source.hop_channels ?? []).map(bandOfName));
  return html`<${Dialog} title=${`Tune ${visible(source.name)}`} onClose=${onClose}>
    <h3>Stay on one channel</h3>
    <${ActForm} name="lock" act=${lock} label="Lock"><label>Channel
      <select name="channel">${names.map((name) => html`<option key=${name}
        selected=${name === source.channel}>${visible(name)}</option>`)}</select></label><//>
    <h3>Go round many</h3>
    <${ActForm} name="hop" act=${hop} label="Hop"><fieldset><legend>Bands</legend>
      ${present.map((band) => html`<label key=${band}><input type="checkbox" name=${`band-${band}`}
        defaultChecked=${hopped.has(band) || !source.hopping} /> ${bands[band]} <span class="faint">
        (${counted(names.filter((name) => bandOfName(name) === band).length, "channel")})</span>
        </label>`)}</fieldset>
      <label>Hops a second <input name="rate" type="number" min="0.01" max="1000"
        step="any" required
        value=${source.hop_rate || 5} /></label>
      <label><input name="shuffle" type="checkbox" defaultChecked=${source.hop_shuffle === 1} />
        Out of order</label><//><//>`;
}

function Removal({ source, path, onClose }) {
  return html`<${Dialog} title=${`Remove ${visible(source.name)}`} onClose=${onClose}>
    <p>It is closed and listed no more; what it heard stays. It comes back when its definition is
      added again${source.remote ? ", or its sensor connects again" : ""}.</p>
    <p class="row"><${Action} class="danger" act=${() => command(`${path}/remove_source.cmd`)}>
      Remove it<//>
      <button type="button" onClick=${onClose}>Keep it</button></p><//>`;
}

function Controls({ source, path }) {
  const [tuning, setTuning] = useState(false);
  const [removing, setRemoving] = useState(false);
  if (!mayChange.value) return null;
  const act = (verb) => () => command(`${path}/${verb}_source.cmd`);
  const canTune = source.channels?.length > 0 && source.running;
  return html`<div class="row">
    ${canTune && html`<button type="button" class="main" onClick=${() => setTuning(true)}>
      Tune</button>`}
    ${canTune && !source.hopping && html`<${Action} act=${() => command(`${path}/set_hop.cmd`)}>
      Hop<//>`}
    ${source.running === 1 && (source.paused
      ? html`<${Action} act=${act("resume")}>Resume<//>`
      : html`<${Action} act=${act("pause")}>Pause<//>`)}
    ${source.running ? html`<${Action} class="danger" act=${act("close")}>Close<//>`
      : html`<${Action} act=${act("open")}>Open again<//>`}
    <button type="button" class="danger" onClick=${() => setRemoving(true)}>Remove</button>
    ${removing && html`<${Removal} source=${source} path=${path}
      onClose=${() => setRemoving(false)} />`}
    ${tuning && html`<${Tuning} source=${source} path=${path} onClose=${() => setTuning(false)} />`}
    </div>`;
}

function channelText(source) {
  if (!source.channels?.length) return "";
  if (!source.hopping) return source.channel ? `stays on ${source.channel}` : "";
  const order = source.hop_shuffle ? ", out of order" : "";
  return `hops over ${counted(source.hop_channels.length, "channel")}, ${
    decimal(source.hop_rate)} a second${order}`;
}

function Source({ source }) {
  const path = `datasource/by-uuid/${source.uuid}`;
  const [kind, words] = stateOf(source);
  const packets = series(source.packets_rrd, "minute");
  const driver = source.type_driver?.["kismet.datasource.driver.type"];
  return html`<${Card} title=${html`<bdi>${visible(source.name)}</bdi>`} aside=${html`<span
      class=${`tag ${kind}`}>${words}</span>`}>
    ${source.error ? html`<p class="banner bad" role="alert">${visible(source.error_reason)}
      ${source.retry ? ` It is tried again by itself; ${counted(source.retry_attempts, "try",
        "tries")
      } so far.` : ""}</p>` : null}
    ${source.warning && html`<p class="banner">${visible(source.warning)}</p>`}
    <${Facts} rows=${[
      ["Interface", source.interface],
      ["Captures from", source.capture_interface === source.interface ? ""
        : source.capture_interface],
      ["Type", [driver, source.hardware].filter(Boolean).join(" · ")],
      ["Sensor", source.remote ? `remote, ${source.remote_ip || "address unknown"}` : ""],
      ["Channel", channelText(source)],
      ["Channels", source.hopping ? html`<details><summary class="faint">the list</summary>
        ${visible(source.hop_channels.join(", "))}</details>` : ""],
      ["Packets", count(source.num_packets)],
      ["Broken packets", source.num_error_packets ? count(source.num_error_packets) : "none"],
      ["Lost packets", html`<${Drops} source=${source} />`],
      ["Last delivered", time(source.last_report_time)],
      ["Definition", html`<span class="code"><bdi>${visible(source.definition)}</bdi></span>`]]} />
    <${Chart} label="Packets, last minute" ...${packets} unit="packets a second" each="each second"
      />
    <${Controls} source=${source} path=${path} />
    <p class="row"><a href=${`datasource/pcap/by-uuid/${source.uuid}/packets.pcapng`} download>
      Packets from now on (pcapng)</a></p><//>`;
}

function flatten(record) {
  const norn = Object.fromEntries(Object.entries(members(record, "norn.datasource."))
    .map(([name, value]) => [`norn.${name}`, value]));
  return { ...members(record, "kismet.datasource."), ...norn };
}

export function Sources() {
  const [adding, setAdding] = useState(false);
  const { answer, error } = useAnswer({ path: "datasource/all_sources.json" });
  const sources = (answer ?? []).map(flatten);
  const running = sources.filter(({ running: runs }) => runs).length;
  return html`<div class="view"><div class="bar"><h1>Sources</h1>
      <span class="faint">${answer && `${counted(sources.length, "source")},
        ${running} running`}</span>
      <span class="gap"></span>${mayChange.value && html`<button type="button" class="main"
        onClick=${() => setAdding(true)}><${Icon} name="plus"
          /><span>Add a source</span></button>`}</div>
    ${!answer ? html`<${Waiting} error=${error} what="sources" />` : sources.length
      ? html`<div class="panels">${sources.map((source) => html`
        <${Source} key=${source.uuid} source=${source} />`)}</div>`
      : html`<${Empty} title="No sources">${mayChange.value
        ? "Add one: an interface in monitor mode, "
        + "a capture file, a remote sensor." : "Log in to add one."}<//>`}
    ${adding && html`<${Dialog} title="Add a source" onClose=${() => setAdding(false)}>
      <${AddSource} onDone=${() => setAdding(false)} /><//>`}</div>`;
}
