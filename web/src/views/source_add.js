// The window that adds a source: interfaces that were found, or a definition, read as it is typed.

import { useState } from "preact/hooks";

import { readDefinition } from "../definition.js";
import { command, useAnswer } from "../feed.js";
import { visible } from "../format.js";
import { html } from "../html.js";
import { ActForm } from "../parts/action.js";

const NO_SOURCE = "00000000-0000-0000-0000-000000000000";
const probed = (record, name) => record[`kismet.datasource.probed.${name}`];

function Found({ onPick }) {
  const { answer, error } = useAnswer({ path: "datasource/list_interfaces.json" },
    { busy: 30_000, idle: 600_000 });
  if (error)
    return html`<p class="faint">The interfaces cannot be listed: ${visible(error.message)}</p>`;
  if (!answer) return html`<p class="faint">Looking for interfaces …</p>`;
  if (!answer.length)
    return html`<p class="faint">No interface was found that could capture. A capture file, a remote
      sensor or an interface by name can be added all the same.</p>`;
  return html`<ul class="pick">${answer.map((one) => {
    const name = probed(one, "interface");
    const inUse = probed(one, "in_use_uuid") !== NO_SOURCE;
    return html`<li key=${name}><span><b>${visible(name)}</b> <span class="faint">
      ${visible(probed(one, "hardware"))}</span></span><button type="button" disabled=${inUse}
      onClick=${() => onPick(name)}>${inUse ? "In use" : "Take"}</button></li>`;
  })}</ul>`;
}

function Reading({ text }) {
  if (!text) return html`<p class="faint">Such as <span class="code">wlan0:name=roof</span> or${" "}
    <span class="code">/captures/walk.pcapng:realtime=true</span></p>`;
  const { interface: name, options, fault } = readDefinition(text);
  const said = options.map(([key, value]) => html`${", "}${key} <b>${visible(value)}</b>`);
  return html`<p class=${fault ? "problem" : "faint"} role="status">
    ${fault || html`Captures from <b>${visible(name)}</b>${said}.`}</p>`;
}

export function AddSource({ onDone }) {
  const [text, setText] = useState("");
  const act = async ({ definition }) => {
    const { fault } = readDefinition(definition);
    if (fault) throw new Error(fault);
    await command("datasource/add_source.cmd", { definition });
    onDone();
  };
  return html`<h3>Found on this machine</h3><${Found} onPick=${(name) => setText(name)} />
    <h3>By definition</h3>
    <${ActForm} name="add" act=${act} label="Add"><label>Definition
      <input name="definition" required class="code" spellcheck=${false} autocapitalize="none"
        value=${text} onInput=${({ currentTarget }) => setText(currentTarget.value)} /></label>
      <${Reading} text=${text} /><//>`;
}
