// The search field over a list. What is typed goes into the address, from where the view asks.

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { adjust } from "../place.js";
import { Icon } from "./icon.js";
import { useThrottle } from "./throttle.js";

const TYPING_MS = 60; // a search among 100,000 devices takes norn about as long

export function Search({ value, placeholder }) {
  const [text, setText] = useState(value);
  const typed = useRef(value);
  const send = useThrottle((search) => {
    typed.current = search;
    adjust({ search });
  }, TYPING_MS);
  useEffect(() => {
    if (value !== typed.current) setText(value); // not typed here
    typed.current = value;
  }, [value]);
  function onInput({ currentTarget }) {
    setText(currentTarget.value);
    send(currentTarget.value.trim());
  }
  return html`<label class="search"><${Icon} name="search" /><span class="hidden">Search</span>
    <input id="search" type="search" value=${text} placeholder=${placeholder} spellcheck=${false}
      onInput=${onInput} /></label>`;
}
