// The search field over a list. What is typed goes into the address, from where the view asks.

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { adjust } from "../place.js";
import { Icon } from "./icon.js";

const TYPING_MS = 60; // a search among 100,000 devices takes norn half of that

export function Search({ value, placeholder }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => { setText(value); }, [value]);
  function onInput({ currentTarget }) {
    setText(currentTarget.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => adjust({ search: currentTarget.value.trim() }), TYPING_MS);
  }
  return html`<label class="search"><${Icon} name="search" /><span class="hidden">Search</span>
    <input id="search" type="search" value=${text} placeholder=${placeholder} spellcheck=${false}
      onInput=${onInput} /></label>`;
}
