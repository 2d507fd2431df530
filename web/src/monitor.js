// Devices that are in sight, told again whenever they change. Input: /devices/monitor.ws, keys and
// field lists. Output: rows. Without it (see live.js) what is followed is asked again, as ever.

import { useEffect, useRef } from "preact/hooks";

import { live, socketAddress } from "./live.js";

const RATE = 1; // seconds between two records of a device
const MOST = 400; // devices watched at a time
const IDLE_MS = 10_000; // for which the line is kept with nobody to watch
const REST_MS = 300; // for which devices must be in sight: those that scroll by are not watched

const watched = new Map(); // number -> { key, fields, take }
let socket = null;
let numbers = 0;

function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function ask(number, { key, fields }) {
  say({ monitor: key, request: number, rate: RATE, fields });
}

function hear(text) {
  const row = JSON.parse(text);
  for (const { key, take } of watched.values()) if (key === row.key) take(row);
}

function connect() {
  if (socket) return;
  socket = new WebSocket(socketAddress("devices/monitor.ws"));
  socket.onopen = () => watched.forEach((one, number) => ask(number, one));
  socket.onmessage = ({ data }) => hear(data);
  socket.onclose = () => { socket = null; };
}

function watch(key, fields, take) {
  const number = ++numbers;
  watched.set(number, { key, fields, take });
  ask(number, watched.get(number));
  return () => {
    watched.delete(number);
    say({ cancel: number });
    setTimeout(() => { if (!watched.size) socket?.close(); }, IDLE_MS);
  };
}

/** Calls `take(row)` for each change of these devices; `fields` must name the key "key". */
export function useMonitor(keys, fields, take) {
  const ends = useRef(new Map()).current; // key -> what ends its watch
  const asked = JSON.stringify(fields);
  const before = useRef("");
  const latest = useRef(take);
  latest.current = take;
  function update() {
    const wanted = new Set(live.value ? keys.slice(0, MOST) : []);
    if (wanted.size) connect();
    for (const [key, end] of ends) {
      if (wanted.has(key) && before.current === asked) continue;
      end();
      ends.delete(key);
    }
    for (const key of wanted)
      if (!ends.has(key)) ends.set(key, watch(key, fields, (row) => latest.current(row)));
    before.current = asked;
  }
  useEffect(() => {
    const timer = setTimeout(update, REST_MS);
    return () => clearTimeout(timer);
  }, [keys.join(), asked, live.value]);
  useEffect(() => () => ends.forEach((end) => end()), []);
}
