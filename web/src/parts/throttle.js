// Calls that come faster than they should be acted on. Input: an act, the milliseconds between two.
// Output: a function to call instead: it acts at once, and of the calls that come too soon after
// that on the last one.

import { useEffect, useRef } from "preact/hooks";

export function useThrottle(act, ms) {
  const state = useRef({ timer: 0, next: 0 }).current;
  state.act = act; // of the newest drawing, also for a call that waits
  useEffect(() => () => clearTimeout(state.timer), []);
  return (...values) => {
    const run = () => {
      state.next = performance.now() + ms;
      state.act(...values);
    };
    clearTimeout(state.timer);
    const wait = state.next - performance.now();
    if (wait <= 0) run();
    else state.timer = setTimeout(run, wait);
  };
}
