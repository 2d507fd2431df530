// The rows of a list that the server sorts, searches and pages. Input: a question without its
// window. Output: rows by number, how many there are, what went wrong. Rows of devices in sight
// change as soon as the device does; their order and number when the question is asked again.

import { useMemo, useReducer, useRef, useState } from "preact/hooks";

import { useAnswer } from "../feed.js";
import { useMonitor } from "../monitor.js";

const STEP = 40; // windows begin at multiples: scrolling a little asks nothing new
const LEAST = 80;
const MOST = 4000; // rows kept

function windowOf(first, count) {
  const start = Math.floor(first / STEP) * STEP;
  const end = Math.ceil((first + count) / STEP) * STEP;
  return { start, length: Math.max(LEAST, end - start) };
}

/**
 * { rowAt, total, all, error, isLoading, list, onWindow } of { path, command, variables }; rows are
 * devices where `isDevices`.
 */
export function useListing({ path, command, variables }, isDevices = false) {
  const [window, setWindow] = useState({ start: 0, length: LEAST });
  const known = useRef({ list: "", rows: new Map(), total: 0, all: 0 });
  const list = JSON.stringify([path, command, variables]);
  const question = useMemo(() => ({
    path, command, variables: { ...variables, datatable: true, ...window },
  }), [list, window]);
  const { answer, error, question: asked } = useAnswer(question);
  const answered = asked && JSON.stringify([asked.path, asked.command,
    { ...asked.variables, datatable: undefined, start: undefined, length: undefined }]);

  useMemo(() => {
    if (!answer) return;
    if (known.current.list !== answered) known.current = { list: answered, rows: new Map() };
    const { rows } = known.current;
    if (rows.size > MOST) rows.clear();
    const moved = new Set(answer.data.map(({ key }) => key));
    for (const [index, { key }] of rows) if (moved.has(key)) rows.delete(index);
    answer.data.forEach((row, index) => rows.set(asked.variables.start + index, row));
    known.current.total = answer.recordsFiltered;
    known.current.all = answer.recordsTotal;
  }, [answer]);

  const [, redraw] = useReducer((times) => times + 1, 0);
  const [sight, setSight] = useState([0, 0]);
  const keys = [];
  if (isDevices && answered === list) {
    for (let index = sight[0]; index < sight[0] + sight[1]; index++) {
      const key = known.current.rows.get(index)?.key;
      if (key) keys.push(key);
    }
  }
  useMonitor(keys.sort(), command.fields, (row) => {
    for (const [index, old] of known.current.rows)
      if (old.key === row.key && old.changed !== row.changed) known.current.rows.set(index, row);
    redraw();
  });

  function onWindow(first, count) {
    setSight([first, count]);
    const next = windowOf(first, count);
    if (next.start !== window.start || next.length !== window.length) setWindow(next);
  }
  const { rows, total = 0, all = 0 } = known.current;
  return { rowAt: (index) => rows.get(index), total, all, error, onWindow, list,
    isLoading: !answer && !error };
}
