// Events of the server as they happen, by its websocket. Input: /eventbus/events.ws. Output: the
// signal `live`, calls of those who listen to a topic; what is followed is asked again sooner.
//
// Without the websocket (a proxy that cuts it, an older server) everything still works, by asking.

import { signal } from "@preact/signals";

import { connection, hurry } from "./feed.js";

const TOPICS = {
  TIMESTAMP: ["kismet.system.timestamp.sec"],
  ALERT: null,
  MESSAGE: null,
  NEW_DATASOURCE: ["kismet.datasource.uuid"],
  DATASOURCE_OPENED: null,
  DATASOURCE_CLOSED: null,
  DATASOURCE_ERROR: null,
  DATASOURCE_PAUSED: null,
  DATASOURCE_RESUMED: null,
};
const HURRY = [ // rare, and worth a question of what begins so
  [/^ALERT$/, "alerts/"],
  [/^(NEW_DATASOURCE|DATASOURCE_\w+)$/, "datasource/"],
];
const SILENCE_MS = 10_000; // the clock is told each second
const RETRY_MS = 5_000;
const RETRY_MOST_MS = 600_000;

/** True while events come in. */
export const live = signal(false);

const listeners = new Set();
let wait = RETRY_MS;
let silence = 0;
let retry = 0;
let socket = null;

/** Calls `take(topic, event)` for each event; returns what ends that. */
export function onEvent(take) {
  listeners.add(take);
  return () => listeners.delete(take);
}

/** The address of a websocket of the server. */
export function socketAddress(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  return url.href;
}

function hear(text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return;
  }
  for (const [topic, body] of Object.entries(event)) {
    for (const take of listeners) take(topic, body);
    for (const [topics, path] of HURRY)
      if (topics.test(topic)) hurry(path);
  }
}

function watch() {
  clearTimeout(silence);
  silence = setTimeout(() => socket?.close(), SILENCE_MS);
}

function open() {
  clearTimeout(retry);
  if (connection.value.state !== "open") return; // begins when that is so
  socket = new WebSocket(socketAddress("eventbus/events.ws"));
  socket.onopen = () => {
    live.value = true;
    wait = RETRY_MS;
    for (const [topic, fields] of Object.entries(TOPICS))
      socket.send(JSON.stringify({ SUBSCRIBE: topic, ...(fields ? { fields } : {}) }));
    hurry();
    watch();
  };
  socket.onmessage = ({ data }) => {
    watch();
    hear(data);
  };
  socket.onclose = () => {
    socket = null;
    clearTimeout(silence);
    if (live.value) hurry(); // is the server still there?
    else wait = Math.min(wait * 4, RETRY_MOST_MS);
    live.value = false;
    retry = setTimeout(open, wait);
  };
}

/** Listens as soon as the server answers this user, and again whenever the line was cut. */
export function listen() {
  let before = "";
  connection.subscribe(({ state }) => {
    const begins = state === "open" && before !== "open";
    before = state;
    if (!begins || socket) return;
    wait = RETRY_MS;
    open();
  });
}
