// A button that has the server do something, and forms that do: busy while it lasts, what went
// wrong in words beside it. Shown only where the one who is logged in may change things.

import { useState } from "preact/hooks";

import { LoginNeeded } from "../feed.js";
import { visible } from "../format.js";
import { html } from "../html.js";
import { mayChange, refresh, wanted } from "../session.js";

/** [run, busy, problem]: runs an asynchronous act once at a time. */
export function useAct() {
  const [state, setState] = useState({ busy: false, problem: "" });
  async function run(act) {
    setState({ busy: true, problem: "" });
    try {
      await act();
      setState({ busy: false, problem: "" });
    } catch (error) {
      setState({ busy: false, problem: error.message });
      if (!(error instanceof LoginNeeded) || wanted.value) return;
      await refresh().catch(() => {});
      wanted.value = "login";
    }
  }
  return [run, state.busy, state.problem];
}

export function Problem({ children }) {
  return html`<p class="problem" role="alert">${children && visible(children)}</p>`;
}

export function Action({ act, children, ...more }) {
  const [run, busy, problem] = useAct();
  if (!mayChange.value) return null;
  return html`<span class="action">
    <button type="button" disabled=${busy} onClick=${() => run(act)} ...${more}>${children}</button>
    ${problem && html`<${Problem}>${problem}<//>`}</span>`;
}

/** A form whose fields come to `act` as an object. */
export function ActForm({ act, label, children, ...more }) {
  const [run, busy, problem] = useAct();
  function onSubmit(event) {
    event.preventDefault();
    const form = event.currentTarget;
    run(() => act(Object.fromEntries(new FormData(form)), form));
  }
  return html`<form onSubmit=${onSubmit} ...${more}>${children}
    <div class="row"><button class="main" type="submit" disabled=${busy}>${label}</button></div>
    <${Problem}>${problem}<//></form>`;
}
