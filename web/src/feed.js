// The one way to the server: questions, commands, and questions that are asked again and again.
// Input: paths relative to the page (it may stand behind a prefix) and what they take. Output: JSON
// values, and the signal `connection`, which is always on show.
//
// A followed question is asked at once, often while somebody uses the page, seldom while nobody
// does, never while it is hidden. Whoever hears of a change sooner (a websocket) calls hurry().

import { signal } from "@preact/signals";
import { useLayoutEffect, useState } from "preact/hooks";

import { pace as chosen } from "./settings.js";

const PACES = { // milliseconds between two answers
  auto: { busy: 4_000, idle: 40_000 }, // two of these and two in the background: 5 a minute
  fast: { busy: 2_000, idle: 2_000 },
  slow: { busy: 60_000, idle: 60_000 },
};

/** The pace of what only the shell shows. */
export const BACKGROUND = { busy: 15_000, idle: 60_000, first: 200 };

const ATTENTION_MS = 20_000; // for which a touch of mouse, key or finger counts as use
const RETRY_MS = 4_000;
const HURRY_MS = 1_000;
const PATIENCE_MS = 15_000; // for one answer

/** { state: connecting, open, lost or login; since: when that began; why: in words }. */
export const connection = signal({ state: "connecting", since: Date.now(), why: "" });

/** The server wants to know first who is asking. */
export class LoginNeeded extends Error {}
/** The server refused; its message says why. */
export class Refused extends Error {}
/** There was no answer. */
export class Unreachable extends Error {}

function setState(state, why = "") {
  if (connection.value.state !== state || connection.value.why !== why)
    connection.value = { state, since: Date.now(), why };
}

// ---- questions and commands

async function fetchGood(path, options) {
  let reply;
  try {
    reply = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new Unreachable("The server does not answer.");
  }
  if (reply.ok) return reply;
  const text = (await reply.text()).trim().slice(0, 400);
  if (reply.status === 401) throw new LoginNeeded(text);
  if (reply.status >= 502) throw new Unreachable("A proxy answers for the server.");
  throw new Refused(text || `${path}: status ${reply.status}`);
}

/**
 * Sends a request; what `read` makes of the reply of a status under 400, or one of the errors
 * above. The whole takes `patience` ms at most, and ends with `signal`.
 */
export async function send(path, { signal, patience = PATIENCE_MS, ...options } = {},
  read = () => undefined) {
  const stop = new AbortController();
  const ends = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  const end = () => stop.abort();
  ends.forEach((one) => one.addEventListener("abort", end));
  try {
    return await read(await fetchGood(path, { ...options, signal: stop.signal }));
  } finally {
    ends.forEach((one) => one.removeEventListener("abort", end));
  }
}

// The form that takes a command (as JSON) and plain variables.
function form(command, variables = {}) {
  return new URLSearchParams({
    ...(command ? { json: JSON.stringify(command) } : {}),
    ...variables,
  });
}

async function readJson(reply) {
  try {
    return await reply.json();
  } catch {
    throw new Unreachable("The server's answer broke off.");
  }
}

/** The answer to { path, command, variables }: a JSON value, for which one waits `patience` ms. */
export function ask({ path, command, variables }, signal, patience) {
  const asks = command || variables;
  return send(path, { signal, patience,
    ...(asks ? { method: "POST", body: form(command, variables) } : {}) }, readJson);
}

/** Has the server do something; then what is followed is asked again. What it says. */
export async function command(path, members = {}) {
  const options = { method: "POST", body: form(members) };
  const text = await send(path, options, (reply) => reply.text());
  hurry();
  return text;
}

// ---- questions that are followed

const followed = new Set();
let touched = -Infinity;
let hurried = 0;

function pause(entry) {
  if (connection.value.state === "lost") return RETRY_MS;
  const { busy, idle } = entry.pace ?? PACES[chosen.value];
  return Date.now() - touched < ATTENTION_MS ? busy : idle;
}

function schedule(entry, wait = entry.asked + pause(entry) - Date.now()) {
  clearTimeout(entry.timer);
  if (!followed.has(entry) || document.hidden || connection.value.state === "login") return;
  if (wait > 0) entry.timer = setTimeout(() => run(entry), wait);
  else run(entry);
}

async function run(entry) {
  if (entry.abort) return; // still under way
  entry.asked = Date.now();
  entry.abort = new AbortController();
  try {
    const answer = await ask(entry.question, entry.abort.signal);
    setState("open");
    if (followed.has(entry)) entry.take({ answer });
  } catch (error) {
    fail(entry, error);
  }
  entry.abort = null;
  schedule(entry);
}

function fail(entry, error) {
  if (!followed.has(entry)) return;
  if (error instanceof LoginNeeded) setState("login", error.message);
  else if (error instanceof Unreachable) setState("lost", error.message);
  else if (error instanceof Refused) setState("open");
  else throw error;
  if (error instanceof Refused) entry.take({ error });
}

// Asks again and again, at a `pace` of its own where one is given, from `first` ms on; `take` gets
// { answer } or { error } of a refusal. Returns what ends it.
function follow(question, take, pace) {
  const entry = { question, take, pace, asked: 0, timer: 0, abort: null };
  followed.add(entry);
  schedule(entry, pace?.first ?? 0);
  return () => {
    followed.delete(entry);
    clearTimeout(entry.timer);
    entry.abort?.abort();
  };
}

/** Something changed: what is followed is asked again soon, as far as its path begins so. */
export function hurry(path = "") {
  const now = Date.now();
  const wait = Math.max(0, hurried + HURRY_MS - now);
  hurried = now + wait;
  for (const entry of followed)
    if (entry.question.path.startsWith(path)) schedule(entry, wait);
}

/** After a login: goes on where LoginNeeded stopped it. */
export function resume() {
  setState("connecting");
  hurry();
}

function touch() {
  const idle = Date.now() - touched >= ATTENTION_MS;
  touched = Date.now();
  if (idle) followed.forEach((entry) => schedule(entry));
}

for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
  addEventListener(kind, touch, { passive: true, capture: true });
document.addEventListener("visibilitychange", () => {
  followed.forEach((entry) => schedule(entry));
});

/**
 * { answer, error, question } of what is followed while the component stands; null asks nothing.
 * After another question came, the old answer stands until the new one is there.
 */
export function useAnswer(question, pace) {
  const [state, setAnswer] = useState({});
  const key = JSON.stringify(question);
  useLayoutEffect(() => { // before the browser draws: a question does not wait for that
    if (!question) return undefined;
    return follow(question, (news) => setAnswer({ ...news, question, key }), pace);
  }, [key]);
  return state;
}
