// API keys: who has one, what each may do; making and ending them.

import { useState } from "preact/hooks";

import { command, useAnswer } from "../feed.js";
import { fullTime, time, visible } from "../format.js";
import { html } from "../html.js";
import { Action, ActForm } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Card, Rows } from "../parts/facts.js";
import { Icon } from "../parts/icon.js";
import { members } from "../wire.js";

const roles = {
  readonly: "May read: dashboards, scripts",
  admin: "May change everything",
  datasource: "May connect a remote sensor",
  scanreport: "May report what a phone found",
  WEBGPS: "May set the position",
};
const durations = { 0: "For ever", 86400: "A day", 2592000: "30 days", 31536000: "A year" };

function Make({ onClose }) {
  const [key, setKey] = useState("");
  const act = async ({ name, role, duration }) => {
    const answer = await command("auth/apikey/generate.cmd", { name, role,
      duration: Number(duration) });
    setKey(answer.trim().replaceAll('"', ""));
  };
  if (key) return html`<${Dialog} title="The new key" onClose=${onClose}>
    <p>Keep it where nobody else reads. Programs show it as the cookie KISMET or as${" "}
      <span class="code">Authorization: Bearer</span>.</p>
    <p class="code key-shown">${visible(key)}</p><div class="row"><button type="button" class="main"
      onClick=${onClose}>Done</button></div><//>`;
  return html`<${Dialog} title="Make an API key" onClose=${onClose}>
    <${ActForm} name="key" act=${act} label="Make"><label>Name
        <input name="name" required maxlength="63" placeholder="dashboard" /></label>
      <label>It may <select name="role">${Object.entries(roles).map(([role, words]) => html`
        <option key=${role} value=${role}>${role}: ${words}</option>`)}</select></label>
      <label>For how long <select name="duration">${Object.entries(durations).map(
    ([seconds, words]) => html`<option key=${seconds} value=${seconds}>${words}</option>`)}
      </select></label><//><//>`;
}

export function Keys() {
  const [making, setMaking] = useState(false);
  const { answer } = useAnswer({ path: "auth/apikey/list.json" }, { busy: 10_000, idle: 120_000 });
  const keys = (answer ?? []).map((record) => members(record, "kismet.httpd.auth."));
  const revoke = (name) => () => command("auth/apikey/revoke.cmd", { name });
  return html`<${Card} title="API keys" aside=${html`<button type="button"
      onClick=${() => setMaking(true)}><${Icon} name="plus" /> Make one</button>`}>
    ${keys.length ? html`<${Rows} label="API keys" rows=${keys} columns=${[
      ["Name", ({ name }) => html`<bdi>${visible(name)}</bdi>`],
      ["Role", ({ role }) => visible(role)],
      ["Used", ({ accessed, created }) => (accessed > created ? time(accessed) : "not yet")],
      ["Until", ({ expiration }) => fullTime(expiration) || "for ever"],
      ["", ({ name }) => html`<${Action} class="danger" act=${revoke(name)}>End<//>`, "number"],
    ]} />` : html`<p class="faint">No keys. A key lets a program in without your password, and no
      further than its role.</p>`}
    ${making && html`<${Make} onClose=${() => setMaking(false)} />`}<//>`;
}
