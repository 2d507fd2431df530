// The filters of the device list. Each is a row: its choices and the conditions (`where` of
// docs/lists.md) that a choice stands for. Input: the query of the address. Output: conditions.

import { devicePaths as path } from "./wire.js";

const ACCESS_POINT = "^Wi-Fi (AP|WDS AP|Mesh)$";
const matches = (field, pattern) => [[path[field], "~", pattern]];
const equals = (field, value) => [[path[field], "=", value]];
const between = (field, from, to) => [[path[field], ">=", from], [path[field], "<", to]];

const kinds = {
  ap: ["Access points", matches("type", ACCESS_POINT)],
  client: ["Clients", equals("type", "Wi-Fi Client")],
  bridged: ["Bridged and wired", matches("type", "Bridged|^Wi-Fi WDS$")],
  adhoc: ["Ad-hoc", equals("type", "Wi-Fi Ad-Hoc")],
  bluetooth: ["Bluetooth", matches("type", "^BT")],
};
const bands = {
  sub: ["Below 1 GHz", between("frequency", 1, 1_000_000)],
  2: ["2.4 GHz", between("frequency", 2_400_000, 3_000_000)],
  5: ["5 GHz", between("frequency", 5_000_000, 5_925_000)],
  6: ["6 GHz", between("frequency", 5_925_000, 7_200_000)],
  60: ["60 GHz", between("frequency", 50_000_000, 80_000_000)],
};
const securities = {
  open: ["Open", equals("crypt", "Open")],
  owe: ["Open, encrypted (OWE)", matches("crypt", "\\bOWE\\b")],
  wep: ["WEP", matches("crypt", "\\bWEP\\b")],
  wpa: ["WPA", matches("crypt", "\\bWPA\\b")],
  wpa2: ["WPA2", matches("crypt", "\\bWPA2\\b")],
  wpa3: ["WPA3", matches("crypt", "\\bWPA3\\b")],
  enterprise: ["Enterprise (EAP)", matches("crypt", "EAP")],
  wps: ["Wi-Fi Protected Setup", matches("crypt", "\\bWPS\\b")],
};
const addresses = {
  random: ["Random", equals("random", 1)],
  fixed: ["From a maker", equals("random", 0)],
};
const signals = Object.fromEntries([-50, -60, -70, -80].map((least) =>
  [-least, [`${least} dBm or more`.replace("-", "−"),
    [[path.signal, ">=", least], [path.signal, "<", 0]]]]));
const times = {
  60: ["Last minute", []],
  300: ["Last 5 minutes", []],
  3600: ["Last hour", []],
  86400: ["Last day", []],
};

/** Filters whose choices are known; those of radio and source come from the server. */
export const filters = [
  { name: "kind", label: "Kind", choices: kinds },
  { name: "band", label: "Band", choices: bands },
  { name: "security", label: "Security", choices: securities },
  { name: "address", label: "Address", choices: addresses },
  { name: "signal", label: "Signal", choices: signals },
  { name: "heard", label: "Heard", choices: times },
];

/** Names of everything that narrows the list. */
export const filterNames = [...filters.map(({ name }) => name), "maker", "radio", "source"];

// A pattern (PCRE2) that finds a text as it stands, in any case.
function literally(text) {
  return `(?i)${text.replace(/[^\p{L}\p{N}\s]/gu, (sign) => `\\${sign}`)}`;
}

/** The conditions of a query; `heard` is a time of the list itself. */
export function conditions(query) {
  const where = filters.flatMap(({ name, choices }) => choices[query[name]]?.[1] ?? []);
  if (query.maker) where.push([path.maker, "~", literally(query.maker)]);
  if (query.radio) where.push([path.phy, "=", query.radio]);
  return where;
}

/** How many filters are set. */
export function countSet(query) {
  return filterNames.filter((name) => query[name]).length;
}
