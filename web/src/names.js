// Names of devices by their keys, for links from one device to others. Input: keys. Output: short
// rows, asked for once a minute at most while they are shown.

import { useAnswer } from "./feed.js";
import { fieldsOf } from "./wire.js";

const FIELDS = fieldsOf(["key", "mac", "name", "type", "crypt", "signal", "scale", "channel",
  "last",
  "packets", "random", "alerts", "maker"]);
const MOST = 500;

/** Rows by key of what is still known. */
export function useNames(keys) {
  const devices = [...new Set(keys)].sort().slice(0, MOST);
  const { answer } = useAnswer(devices.length ? { path: "devices/multikey/as-object/devices.json",
    command: { devices, fields: FIELDS } } : null, { busy: 15_000, idle: 120_000 });
  return answer ?? {};
}
