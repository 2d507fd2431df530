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
let wasLost = false;

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

function watch(socket) {
  clearTimeout(silence);
  silence = setTimeout(() => socket.close(), SILENCE_MS);
}

/** Listens from now on, and again whenever the line was cut. */
export function listen() {
  retry = 0;
  if (connection.value.state === "login") {
    retry = setTimeout(listen, RETRY_MS);
    return;
  }
  const socket = new WebSocket(socketAddress("eventbus/events.ws"));
  socket.onopen = () => {
    live.value = true;
    wait = RETRY_MS;
    for (const [topic, fields] of Object.entries(TOPICS))
      socket.send(JSON.stringify({ SUBSCRIBE: topic, ...(fields ? { fields } : {}) }));
    hurry();
    watch(socket);
  };
  socket.onmessage = ({ data }) => {
    watch(socket);
    hear(data);
  };
  socket.onclose = () => {
    clearTimeout(silence);
    if (live.value) hurry(); // is the server still there?
    else wait = Math.min(wait * 4, RETRY_MOST_MS);
    live.value = false;
    retry = setTimeout(listen, wait);
  };
}

// A server that answers again is listened to at once, however long it was away.
connection.subscribe(({ state }) => {
  if (state === "open" && wasLost && retry) {
    clearTimeout(retry);
    wait = RETRY_MS;
    listen();
  }
  if (state === "open" || state === "lost") wasLost = state === "lost";
});
