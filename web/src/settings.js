// What the one at this browser has chosen. Output: signals, the attribute data-theme of the page.

import { computed, effect, signal } from "@preact/signals";

import { kept } from "./memory.js";

export const themes = { auto: "As the system has it", light: "Light", dark: "Dark" };
export const units = { metric: "Metres", imperial: "Feet" };
export const paces = {
  auto: "While in use every 4 s, else every 40 s",
  fast: "Every 2 s",
  slow: "Every minute",
};

const oneOf = (choices) => (value) => Object.hasOwn(choices, value);

export const theme = kept("theme", "auto", oneOf(themes));
export const unit = kept("unit", "metric", oneOf(units));
export const pace = kept("pace", "auto", oneOf(paces));
export const notify = kept("notify", false, (value) => typeof value === "boolean");

function media(query) {
  const list = matchMedia(query);
  const value = signal(list.matches);
  list.addEventListener("change", () => { value.value = list.matches; });
  return value;
}

const systemDark = media("(prefers-color-scheme: dark)");

/** True on screens as narrow as a phone's: lists have two lines a row there. */
export const narrow = media("(max-width: 44rem)");

export const dark = computed(() => (theme.value === "auto" ? systemDark.value
  : theme.value === "dark"));

effect(() => { document.documentElement.dataset.theme = dark.value ? "dark" : "light"; });
