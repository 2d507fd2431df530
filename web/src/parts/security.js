// Encryption in few words, coloured by what it is worth. Input: words of the record, such as
// "WPA3 WPA2-PSK WPA3-SAE AES-CCMP". Output: a short text; all words are its hint.

import { html } from "../html.js";
import { visible } from "../format.js";

const generations = ["WPA3", "WPA2", "WPA", "WEP", "OWE", "Open"].map((name) => [name,
  new RegExp(`(^| )${name}($|[ -])`)]);

// { label, worth }: worth is good, fair, weak or none.
function judge(words) {
  if (!words) return { label: "", worth: "none" };
  const found = generations.filter(([, pattern]) => pattern.test(words)).map(([name]) => name);
  const isEnterprise = /EAP/.test(words);
  const label = [found.join("/") || words.split(" ")[0], isEnterprise ? "EAP" : ""]
    .filter(Boolean).join(" ");
  if (found.includes("WEP") || found.includes("Open") || found.at(-1) === "WPA")
    return { label, worth: "weak" };
  return { label, worth: found[0] === "WPA3" || found[0] === "OWE" ? "good" : "fair" };
}

export function Security({ words }) {
  const { label, worth } = judge(words);
  if (!label) return html`<span class="faint">–</span>`;
  return html`<span class=${`worth ${worth}`} title=${visible(words)}>${visible(label)}</span>`;
}
