// Names on the wire, and what the page asks for in lists. Input: docs/fields.md. Output: field
// lists of pairs [path, short name], so that answers are small and their rows easy to read.

export const base = (name) => `kismet.device.base.${name}`;
export const dot11 = (name) => `dot11.device/dot11.device.${name}`;
export const signal = (name) => `${base("signal")}/kismet.common.signal.${name}`;
export const rrd = (name) => `kismet.common.rrd.${name}`;

/** Paths of a device, by the short name that rows have. */
export const devicePaths = {
  key: base("key"),
  mac: base("macaddr"),
  name: base("commonname"),
  type: base("type"),
  phy: base("phyname"),
  crypt: base("crypt"),
  channel: base("channel"),
  frequency: base("frequency"),
  signal: signal("last_signal"),
  scale: signal("type"),
  packets: base("packets.total"),
  data: base("datasize"),
  first: base("first_time"),
  last: base("last_time"),
  changed: base("mod_time"),
  maker: base("manuf"),
  alerts: base("num_alerts"),
  random: "norn.device.random_address",
  clients: dot11("num_associated_clients"),
  ssid: dot11("last_beaconed_ssid"),
  minute: `${base("packets.rrd")}/${rrd("minute_vec")}`,
  minuteEnd: `${base("packets.rrd")}/${rrd("serial_time")}`,
};

/** A field list of these short names. */
export function fieldsOf(names, paths = devicePaths) {
  return names.map((name) => [paths[name], name]);
}

export const networkPaths = {
  hash: "dot11.ssidgroup.hash",
  ssid: "dot11.ssidgroup.ssid",
  crypt: "dot11.ssidgroup.crypt_string",
  first: "dot11.ssidgroup.first_time",
  last: "dot11.ssidgroup.last_time",
  advertising: "dot11.ssidgroup.advertising_devices_len",
  responding: "dot11.ssidgroup.responding_devices_len",
  probing: "dot11.ssidgroup.probing_devices_len",
};

/** Members of a record without the prefix they share. */
export function members(record, prefix) {
  const found = {};
  for (const [name, value] of Object.entries(record ?? {}))
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = value;
  return found;
}

/** A ring of the past, oldest value first: `size` slots of `step` seconds, the newest at `end`. */
export function unroll(ring, end, step) {
  if (!Array.isArray(ring) || !ring.length) return [];
  const newest = Math.floor(end / step) % ring.length;
  return [...ring.slice(newest + 1), ...ring.slice(0, newest + 1)];
}
