// This browser's own position, sent to the server while the user wants it. Output: the signals
// `following` and `whyNot`; positions go to /gps/web/update.cmd.

import { signal } from "@preact/signals";

import { send } from "./feed.js";

export const following = signal(false);
export const whyNot = signal("");

let watch = 0;

const reasons = {
  1: "The browser may not tell: allow it in the settings of this site.",
  2: "The browser does not know where it is.",
  3: "The browser took too long to find out.",
};

async function tell({ coords }) {
  const { latitude: lat, longitude: lon, altitude, speed, accuracy } = coords;
  const position = { lat, lon, accuracy,
    ...(altitude === null ? {} : { alt: altitude }),
    ...(speed === null ? {} : { spd: speed * 3.6 }) };
  try {
    await send("gps/web/update.cmd", { method: "POST",
      body: new URLSearchParams({ json: JSON.stringify(position) }) });
    whyNot.value = "";
  } catch (error) {
    whyNot.value = error.message;
  }
}

export function followMe() {
  if (!navigator.geolocation || !isSecureContext) {
    whyNot.value = "Browsers tell their position to pages over HTTPS or of this machine only.";
    return;
  }
  whyNot.value = "";
  following.value = true;
  watch = navigator.geolocation.watchPosition(tell, ({ code }) => {
    whyNot.value = reasons[code];
    if (code === 1) stopFollowing();
  }, { enableHighAccuracy: true, maximumAge: 2000 });
}

export function stopFollowing() {
  navigator.geolocation?.clearWatch(watch);
  following.value = false;
}
