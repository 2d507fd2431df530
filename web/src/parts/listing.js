// The rows of a list that the server sorts, searches and pages. Input: a question without its
// window. Output: rows by number, how many there are, what went wrong. Rows of devices in sight
// change as soon as the device does; their order and number when the question is asked again.

import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";

import { useAnswer } from "../feed.js";
import { useMonitor } from "../monitor.js";
import { useThrottle } from "./throttle.js";

const STEP = 20; // windows begin at multiples: scrolling a little asks nothing new
const LEAST = 60;
const MOST = 4000; // rows kept
const ASK_MS = 100; // between two windows that are asked for while one scrolls

function windowOf({ first, count }) {
  const start = Math.floor(first / STEP) * STEP;
  const end = Math.ceil((first + count) / STEP) * STEP;
  return { start, length: Math.max(LEAST, end - start) };
}

// A row as it is now, with how often it was seen to change, and when last.
function renewed(row, old) {
  const isNews = old && old.changed !== row.changed;
  return { ...row, fresh: (old?.fresh ?? 0) + (isNews ? 1 : 0),
    freshAt: isNews ? performance.now() : old?.freshAt };
}

// The rows of an answer take the place of those that were known.
function takeIn(known, answer, { list, variables: { start } }) {
  const { rows } = known;
  if (known.list !== list || rows.size > MOST) rows.clear();
  const old = new Map();
  for (const row of rows.values()) old.set(row.key, row);
  const moved = new Set(answer.data.map(({ key }) => key));
  for (const [index, { key }] of rows) if (moved.has(key)) rows.delete(index);
  answer.data.forEach((row, index) => rows.set(start + index, renewed(row, old.get(row.key))));
  Object.assign(known, { list, total: answer.recordsFiltered, all: answer.recordsTotal });
}

// Has the component drawn again, once for all that changes before the next frame.
function useRedraw() {
  const [, redraw] = useReducer((times) => times + 1, 0);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(redraw);
  };
}

/**
 * { rowAt, total, all, error, isLoading, list, onWindow } of { path, command, variables }; rows are
 * devices where `isDevices`.
 */
export function useListing({ path, command, variables }, isDevices = false) {
  const list = JSON.stringify([path, command, variables]);
  const [sight, setSight] = useState({ list, first: 0, count: LEAST });
  const { start, length } = windowOf(sight.list === list ? sight : { ...sight, first: 0 });
  const question = useMemo(() => ({
    path, command, variables: { ...variables, datatable: true, start, length }, list,
  }), [list, start, length]);
  const { answer, error, question: asked } = useAnswer(question);
  const known = useRef({ list: "", rows: new Map(), total: 0, all: 0 }).current;
  useMemo(() => { if (answer) takeIn(known, answer, asked); }, [answer]);

  const { rows, total, all } = known;
  const keys = [];
  for (let index = sight.first; isDevices && index < sight.first + sight.count; index += 1)
    if (rows.has(index)) keys.push(rows.get(index).key);
  const redraw = useRedraw();
  useMonitor(keys.sort(), command.fields, (row) => {
    for (const [index, old] of rows)
      if (old.key === row.key && old.changed !== row.changed) rows.set(index, renewed(row, old));
    redraw();
  });
  const onWindow = useThrottle((first, count) => setSight({ list, first, count }), ASK_MS);
  return { rowAt: (index) => rows.get(index), total, all, error, onWindow, list,
    isLoading: !answer && !error };
}
