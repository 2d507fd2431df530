// Round-robin histories of the API as series for charts. Input: a record kismet.common.rrd.*.
// Output: times and values, oldest first.

import { rrd, unroll } from "./wire.js";

/** The spans a history has: ring, seconds a slot, words. */
export const spans = {
  minute: { ring: "minute_vec", step: 1, label: "Minute", each: "each second" },
  hour: { ring: "hour_vec", step: 60, label: "Hour", each: "mean of each minute" },
  day: { ring: "day_vec", step: 3600, label: "Day", each: "mean of each hour" },
};

/** { times, values } of one span; values that stand for nothing are null where `gaps`. */
export function series(record, span, gaps = false) {
  const { ring, step } = spans[span];
  const end = record?.[rrd("serial_time")] ?? 0;
  const values = unroll(record?.[rrd(ring)], end, step);
  const newest = Math.floor(end / step) * step;
  const blank = record?.[rrd("blank_val")] ?? 0;
  return {
    times: values.map((_, index) => newest - (values.length - 1 - index) * step),
    values: gaps ? values.map((value) => (value === blank ? null : value)) : values,
  };
}
