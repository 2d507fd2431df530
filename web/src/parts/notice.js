// What is said instead of data: that there is none yet, none at all, or why there is none.

import { html } from "../html.js";
import { visible } from "../format.js";

export function Empty({ title, children }) {
  return html`<div class="empty"><p class="title">${title}</p><div>${children}</div></div>`;
}

/** The state of an answer where it is no data: loading or a refusal. */
export function Waiting({ error, what }) {
  if (!error) return html`<${Empty} title=${`Loading ${what} …`} />`;
  return html`<div class="empty" role="alert"><p class="title">No ${what}</p>
    <p>The server says: ${visible(error.message)}</p></div>`;
}
