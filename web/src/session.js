// Who is logged in here and what that may do. Input: /session/status, forms. Output: the signals
// `session` and `mayChange`; what asks for the login window sets `wanted`.

import { computed, signal } from "@preact/signals";

import { ask, resume, send } from "./feed.js";

const NOBODY = { user: "", role: "", setup: "done", reads_open: 1, needs_code: 0 };

/** As the server says it: user, role, setup (done, needed, fixed), reads_open, needs_code. */
export const session = signal(NOBODY);

/** True for who may change things: only then are controls shown. */
export const mayChange = computed(() => session.value.role === "admin");

/** Which window is asked for: "", "login" or "setup". */
export const wanted = signal("");

/** Asks the server again. */
export async function refresh() {
  const answer = await ask({ path: "session/status.json" });
  session.value = Object.fromEntries(Object.entries(answer)
    .map(([name, value]) => [name.replace("norn.session.", ""), value]));
}

function basic(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

async function begin(authorization) {
  await send("session/create_session", { headers: { Authorization: authorization } });
  await refresh();
  wanted.value = "";
  resume();
}

export function logIn(user, password) {
  return begin(basic(user, password));
}

/** With an API key, whatever its role. */
export function logInWithKey(key) {
  return begin(`Bearer ${key}`);
}

export async function logOut() {
  await send("session/end_session", { method: "POST" });
  await refresh();
  resume();
}

/** Sets the first password, or another one; `code` is the console's where one is needed. */
export async function setPassword(username, password, code) {
  const body = new URLSearchParams({ username, password, ...(code ? { code } : {}) });
  await send("session/set_password", { method: "POST", body });
  await logIn(username, password);
}
