// A window over the page that takes the focus and gives it back: the browser's own <dialog>.

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { Icon } from "./icon.js";

export function Dialog({ title, onClose, children }) {
  const dialog = useRef();
  useEffect(() => {
    dialog.current.showModal();
    dialog.current.querySelector("form :is(input, select)")?.focus(); // not the closing button
    return () => dialog.current?.close();
  }, []);
  return html`<dialog ref=${dialog} aria-label=${title} onCancel=${onClose} onClose=${onClose}>
    <header class="row"><h2>${title}</h2>
      <button type="button" class="plain" aria-label="Close" onClick=${onClose}>
        <${Icon} name="close" /></button></header>
    ${children}</dialog>`;
}
