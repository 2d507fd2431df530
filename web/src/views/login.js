// The windows that ask who one is: log in, by password or API key, and set the first password.

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { ActForm } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { logIn, logInWithKey, session, setPassword, wanted } from "../session.js";

function close() {
  wanted.value = "";
}

function Login() {
  const [byKey, setByKey] = useState(false);
  const act = (form) => (byKey ? logInWithKey(form.key.trim()) : logIn(form.username,
    form.password));
  return html`<${ActForm} name="login" act=${act} label="Log in">
    ${byKey ? html`<label key="key">API key <input name="key" required autocomplete="off"
        spellcheck=${false} class="code" /></label>`
    : html`<label key="user">User name <input name="username" required autocomplete="username"
        autocapitalize="none" /></label>
      <label>Password <input name="password" type="password" required
        autocomplete="current-password" /></label>`}
    <button type="button" class="plain link" onClick=${() => setByKey(!byKey)}>
      ${byKey ? "With name and password instead" : "With an API key instead"}</button><//>`;
}

function Setup() {
  const act = ({ username, password, again, code }) => {
    if (password !== again) throw new Error("The two passwords differ.");
    return setPassword(username, password, code);
  };
  return html`<p>Everything that changes something needs a login. Choose its name and password;
      they are kept hashed on the server.</p>
    <${ActForm} name="setup" act=${act} label="Set the password">
      <label>User name <input name="username" required maxlength="64" autocomplete="username"
        autocapitalize="none" value="admin" /></label>
      <label>Password <input name="password" type="password" required maxlength="255"
        autocomplete="new-password" /></label>
      <label>Password again <input name="again" type="password" required maxlength="255"
        autocomplete="new-password" /></label>
      ${session.value.needs_code ? html`<label>Code from the server's console
        <input name="code" maxlength="12" required autocomplete="off" spellcheck=${false}
          class="code" /></label>` : null}<//>`;
}

export function SessionDialog({ kind }) {
  const first = kind === "setup" && session.value.setup === "needed";
  return html`<${Dialog} title=${first ? "Set a password" : "Log in"} onClose=${close}>
    ${first ? html`<${Setup} />` : html`<${Login} />`}<//>`;
}
