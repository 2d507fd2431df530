// Where in the page one is: the part of the address behind '#', as #/view/argument?name=value.
// Input: the address bar. Output: the signal `place`, addresses for links, moves.

import { signal } from "@preact/signals";

const FIRST_VIEW = "devices";

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [view, ...argument] = path.split("/").map(decode);
  return {
    view: view || FIRST_VIEW,
    argument: argument.join("/"),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export const place = signal(read());

addEventListener("hashchange", () => { place.value = read(); });

/** The address of a view, for links. Empty values of the query are left out. */
export function address(view, argument = "", query = {}) {
  const path = [view, ...(argument ? [argument] : [])].map(encodeURIComponent).join("/");
  const entries = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  return `#/${path}${entries.length ? `?${new URLSearchParams(entries)}` : ""}`;
}

/** Goes to a view; the way back leads here. */
export function go(view, argument, query) {
  location.hash = address(view, argument, query);
}

/** Changes parts of the query without a step in the history. */
export function adjust(changes) {
  const { view, argument, query } = place.value;
  history.replaceState(null, "", address(view, argument, { ...query, ...changes }));
  place.value = read();
}
