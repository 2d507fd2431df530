// How values are written for people: numbers, sizes, times, signals, and text off the air.

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat(undefined,
  { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const whole = new Intl.NumberFormat();
const DAY = 86_400;

const TEXT_MOST = 2000; // letters: longer ones would stop the browser, not inform anybody
const HALF = /[\uD800-\uDBFF]$/; // of a character that was cut in two

// What cannot be seen or turns text around: controls, soft hyphens, marks of direction, spaces
// without width, separators of lines, tags.
const UNSEEN = new RegExp("[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e"
  + "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb"
  + "\\u{e0000}-\\u{e0fff}]", "gu");
const EDGES = /^ +| +$/g;

/** Text off the air so that nothing in it hides: the unseen as its code, spaces at the edges. */
export function visible(text) {
  const all = String(text ?? "");
  const shown = all.length > TEXT_MOST ? `${all.slice(0, TEXT_MOST).replace(HALF, "")}…` : all;
  return shown
    .replace(UNSEEN, (one) => `‹${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}›`)
    .replace(EDGES, (spaces) => "␣".repeat(spaces.length));
}

export function count(number) {
  return whole.format(number);
}

/** "1 device", "2,000 devices". */
export function counted(number, one, many = `${one}s`) {
  return `${whole.format(number)} ${number === 1 ? one : many}`;
}

function scaled(number, step, units) {
  let unit = 0;
  while (Math.abs(number) >= step && unit < units.length - 1) {
    number /= step;
    unit++;
  }
  const digits = unit && Math.abs(number) < 10 ? 1 : 0;
  return `${number.toFixed(digits)} ${units[unit]}`;
}

export function bytes(number) {
  return scaled(number, 1000, ["B", "kB", "MB", "GB", "TB"]);
}

/** Any number with as many digits as tell something. */
export function decimal(number) {
  return Math.abs(number) >= 100 || Number.isInteger(number) ? whole.format(Math.round(number))
    : number.toPrecision(2);
}

export function percent(fraction) {
  const value = fraction * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}

/** Signals of 0 stand for none. */
export function signalText(value, scale = "dBm") {
  return value ? `${String(value).replace("-", "−")} ${scale}` : "";
}

export function frequency(kilohertz) {
  return kilohertz ? `${decimal(kilohertz / 1000)} MHz`.replace(",", "") : "";
}

/** Time of day, with the date when it is not today's. Seconds since 1970. */
export function time(seconds) {
  if (!seconds) return "";
  const date = new Date(seconds * 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${days.format(date)}, ${clock.format(date)}`;
}

export function fullTime(seconds) {
  return seconds ? dates.format(new Date(seconds * 1000)) : "";
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [[Math.floor(whole / DAY), "d"], [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const first = parts.findIndex(([value]) => value);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([value]) => value)
    .map(([value, unit]) => `${value} ${unit}`).join(" ");
}

/** The band of a frequency in kHz. */
export function band(kilohertz) {
  const megahertz = kilohertz / 1000;
  if (!megahertz) return "";
  if (megahertz < 1000) return "sub-1 GHz";
  if (megahertz < 3000) return "2.4 GHz";
  if (megahertz < 5925) return "5 GHz";
  return megahertz < 7200 ? "6 GHz" : "60 GHz";
}
