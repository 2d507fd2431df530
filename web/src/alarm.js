// New alerts wherever one is in the page: how many, and a notification of the browser's where the
// user wants them. Input: the newest alerts. Output: the signals `latest` and `unseen`.

import { computed, effect, signal } from "@preact/signals";

import { visible } from "./format.js";
import { onEvent } from "./live.js";
import { kept } from "./memory.js";
import { notify } from "./settings.js";

const stamp = (alert) => alert["kismet.alert.timestamp"];

/** The newest alerts, newest first. */
export const latest = signal([]);

/** Time of the newest alert that was looked at. */
export const seenUntil = kept("alerts.seen", 0, (value) => typeof value === "number");

export const unseen = computed(() => latest.value.filter(
  (alert) => stamp(alert) > seenUntil.value).length);

/** They were looked at. */
export function markSeen() {
  const newest = Math.max(seenUntil.value, ...latest.value.map(stamp));
  if (newest !== seenUntil.value) seenUntil.value = newest;
}

let announced = Infinity; // time of the newest alert that was there, or announced

effect(() => {
  const newest = latest.value[0];
  if (!newest) return;
  const isNew = stamp(newest) > announced;
  announced = stamp(newest);
  if (!isNew || !notify.value || globalThis.Notification?.permission !== "granted") return;
  const { "kismet.alert.header": header, "kismet.alert.text": text } = newest;
  new Notification(`norn: ${header}`, { body: visible(text), tag: header, icon: "icon.svg" });
});

onEvent((topic, alert) => {
  if (topic === "ALERT") latest.value = [alert, ...latest.value].slice(0, 100);
});
