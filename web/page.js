// The page: a status line and a table of devices that is kept fresh by last-time queries.
// Input: the server's own API, by relative paths (it may stand behind a prefix). Whatever came off
// the air is shown by textContent only. No libraries, no requests to anywhere else.

const POLL_MILLISECONDS = 2000;
const RETRY_MILLISECONDS = 5000;
const ROWS = 500; // shown at most; the search looks through all
const base = "kismet.device.base.";
const signal = "kismet.common.signal.last_signal";

// One column each: member of the device record, heading, how it is shown.
const columns = [
  { member: "commonname", heading: "Name" },
  { member: "type", heading: "Type" },
  { member: "phyname", heading: "Phy" },
  { member: "crypt", heading: "Crypt" },
  { member: "signal", heading: "Signal", number: true, show: showSignal },
  { member: "channel", heading: "Channel", number: true },
  { member: "packets.total", heading: "Packets", number: true, show: showCount },
  { member: "datasize", heading: "Data", number: true, show: showBytes },
  { member: "last_time", heading: "Last seen", number: true, show: showTime },
  { member: "manuf", heading: "Manufacturer" },
  { member: "macaddr", heading: "Address", address: true },
];
const fields = [
  `${base}key`,
  ...columns.map(({ member }) => (member === "signal" ? `${base}signal/${signal}` : base + member)),
];

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" });
const devices = new Map(); // key -> { values: one a column, text: for the search, changed }
let timestamp = 0;         // of the last report, sent back with the next question
let serverNow = 0;
let sortColumn = columns.findIndex(({ member }) => member === "last_time");
let sortAscending = false;
let setupAsked = false;

const element = (id) => document.getElementById(id);
const search = element("search");
const body = document.querySelector("tbody");

class LoginNeeded extends Error {}

async function ask(path, options = {}) {
  const reply = await fetch(path, { credentials: "same-origin", ...options });
  if (reply.status === 401) throw new LoginNeeded();
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${(await reply.text()).slice(0, 200)}`);
  return reply.json();
}

// ---- devices

function readSignal(record) {
  const nested = record[`${base}signal`];
  return Number(record[signal] ?? (nested && nested[signal]) ?? 0);
}

function readDevice(record) {
  const values = columns.map(({ member, number }) => {
    if (member === "signal") return readSignal(record);
    const value = record[base + member];
    if (member === "channel") return String(value || "");
    return number ? Number(value ?? 0) : String(value || "");
  });
  const text = values.filter((value) => typeof value === "string").join("\n").toLowerCase();
  return { values, text, changed: timestamp };
}

async function refreshDevices() {
  const query = `json=${encodeURIComponent(JSON.stringify({ fields }))}`;
  const report = await ask(`devices/last-time/${timestamp}/devices.json?${query}`);
  const first = timestamp === 0;
  if (report["kismet.devicelist.refresh"] && !first) {
    timestamp = 0; // a device went away: ask for all of them again
    return refreshDevices();
  }
  if (first) devices.clear();
  timestamp = serverNow = report["kismet.devicelist.timestamp"];
  for (const record of report["kismet.device.list"]) {
    const device = readDevice(record);
    if (first) device.changed = 0;
    devices.set(record[`${base}key`], device);
  }
  return undefined;
}

// ---- the table

function showSignal(dbm) {
  return dbm ? `${dbm} dBm` : "";
}

function showCount(count) {
  return count.toLocaleString();
}

function showBytes(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
}

function showTime(seconds) {
  const age = serverNow - seconds;
  if (age < 0 || age > 86400) return dates.format(new Date(seconds * 1000));
  if (age < 60) return `${age} s ago`;
  return age < 3600 ? `${Math.floor(age / 60)} min ago` : `${Math.floor(age / 3600)} h ago`;
}

function compare(a, b) {
  const left = a.values[sortColumn], right = b.values[sortColumn];
  const order = typeof left === "number" ? left - right
    : left.localeCompare(right, undefined, { numeric: !columns[sortColumn].address });
  return sortAscending ? order : -order;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function addRow() {
  const row = body.insertRow();
  for (const { number, address } of columns) {
    const cell = row.insertCell();
    cell.className = number ? "number" : address ? "address" : "";
  }
  return row;
}

function showDevices() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const device of devices.values())
    if (words.every((word) => device.text.includes(word))) found.push(device);
  found.sort(compare);
  const shown = found.slice(0, ROWS);
  while (body.rows.length > shown.length) body.deleteRow(-1);
  shown.forEach((device, index) => {
    const row = body.rows[index] ?? addRow();
    row.className = device.changed && device.changed === timestamp ? "fresh" : "";
    device.values.forEach((value, column) => {
      const text = (columns[column].show ?? String)(value);
      setText(row.cells[column], text);
      row.cells[column].title = text.length > 24 ? text : "";
    });
  });
  const all = `${showCount(devices.size)} devices`;
  const parts = [found.length === devices.size ? all : `${showCount(found.length)} of ${all}`];
  if (shown.length < found.length) parts.push(`the first ${ROWS} shown`);
  setText(element("count"), parts.join(", "));
}

function makeHeading() {
  const row = document.querySelector("thead tr");
  columns.forEach(({ heading, number }, index) => {
    const cell = document.createElement("th");
    const button = document.createElement("button");
    cell.scope = "col";
    cell.className = number ? "number" : "";
    button.textContent = heading;
    button.addEventListener("click", () => {
      sortAscending = sortColumn === index ? !sortAscending : !number;
      sortColumn = index;
      markSorted();
      showDevices();
    });
    cell.append(button);
    row.append(cell);
  });
  markSorted();
}

function markSorted() {
  document.querySelectorAll("th").forEach((cell, index) => {
    if (index === sortColumn) cell.ariaSort = sortAscending ? "ascending" : "descending";
    else cell.removeAttribute("aria-sort");
  });
}

// ---- status

function showDuration(seconds) {
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min` : `${seconds} s`;
}

async function refreshStatus() {
  const status = await ask("system/status.json");
  const system = (name) => status[`kismet.system.${name}`];
  const parts = [
    system("server_name"),
    `version ${system("version")}`,
    `${Number(system("devices.count")).toLocaleString()} devices`,
    `up ${showDuration(system("timestamp.sec") - system("timestamp.start_sec"))}`,
    `${Math.round(system("memory.rss") / 1024)} MB`,
  ];
  setText(element("status"), parts.filter(Boolean).join(" · "));
  element("demo").hidden = !status["norn.system.demo"];
}

// ---- login and set-up

function basic(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

async function logIn(user, password) {
  const reply = await fetch("session/check_login",
    { credentials: "same-origin", headers: { Authorization: basic(user, password) } });
  if (!reply.ok) throw new Error((await reply.text()).trim());
}

function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = form.querySelector(".answer");
    const button = form.querySelector("button[type=submit]");
    answer.textContent = "";
    button.disabled = true;
    try {
      await act(new FormData(form));
      form.reset();
      form.hidden = true;
      element("devices").hidden = false;
      poll();
    } catch (error) {
      answer.textContent = error.message;
    }
    button.disabled = false;
  });
}

async function setPassword(data) {
  if (data.get("password") !== data.get("again")) throw new Error("The two passwords differ.");
  data.delete("again");
  if (!data.get("code")) data.delete("code");
  const reply = await fetch("session/set_password",
    { method: "POST", credentials: "same-origin", body: new URLSearchParams(data) });
  if (reply.status === 403) element("code").hidden = false;
  if (!reply.ok) throw new Error((await reply.text()).trim());
  await logIn(data.get("username"), data.get("password"));
}

// Shows the form for the first password where none is set; true when it does.
async function offerSetup() {
  if (setupAsked) return !element("setup").hidden;
  const reply = await fetch("session/check_setup_ok", { credentials: "same-origin" });
  setupAsked = true;
  element("setup").hidden = reply.status !== 500;
  return reply.status === 500;
}

async function askForLogin() {
  element("devices").hidden = true;
  element("login").hidden = await offerSetup();
  setText(element("status"), "Login required");
}

// ---- the loop

let timer = 0;

async function poll() {
  clearTimeout(timer);
  let wait = POLL_MILLISECONDS;
  try {
    await refreshStatus();
    await refreshDevices();
    showDevices();
    await offerSetup();
    element("trouble").hidden = true;
  } catch (error) {
    if (error instanceof LoginNeeded) {
      await askForLogin().catch(() => {});
      return;
    }
    wait = RETRY_MILLISECONDS;
    setText(element("trouble"), `The server does not answer as expected: ${error.message}`);
    element("trouble").hidden = false;
  }
  if (!document.hidden) timer = setTimeout(poll, wait);
}

makeHeading();
search.addEventListener("input", showDevices);
element("later").addEventListener("click", () => {
  element("setup").hidden = true;
  element("login").hidden = !element("devices").hidden;
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
onSubmit(element("login"), (data) => logIn(data.get("username"), data.get("password")));
onSubmit(element("setup"), setPassword);
poll();
