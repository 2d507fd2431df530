// What this browser keeps between visits: chosen columns, page lengths. Input and output: small
// JSON values in the local storage, which may be closed to us; then they last as long as the page.

import { signal } from "@preact/signals";

const PREFIX = "norn.";

function load(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** A signal whose value is kept under this name; `isGood` refuses what an older page left. */
export function kept(name, fallback, isGood = () => true) {
  const loaded = load(name, fallback);
  const value = signal(isGood(loaded) ? loaded : fallback);
  value.subscribe((now) => {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(now));
    } catch {
      // a private window: the value lasts as long as the page
    }
  });
  return value;
}
