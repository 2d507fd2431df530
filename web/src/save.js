// Files that the browser saves: rows as CSV (RFC 4180) or JSON, any text. Input: rows, names.

const FORMULA = /^[=+\-@\t\r\n]/; // what a spreadsheet would take for one

function cell(value) {
  const isText = typeof value === "string";
  const text = value === null || value === undefined ? "" : isText ? value : JSON.stringify(value);
  const safe = isText && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(names, rows) {
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Has the browser save a text under a name. */
export function saveText(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves rows as "csv" or "json", named after what they are and when. */
export function saveRows(what, format, names, rows) {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const text = format === "csv" ? csv(names, rows) : JSON.stringify(rows, null, 1);
  saveText(`norn-${what}-${stamp}.${format}`, format === "csv" ? "text/csv" : "application/json",
    text);
}
