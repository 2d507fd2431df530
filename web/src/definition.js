// Definitions of sources as they are typed: interface:option=value,option="a,b". Input: a text.
// Output: its parts, or what is wrong, in words; the server judges in the end.

const PART = /^([a-z_][a-z0-9_]*)=("[^"]*"|[^",]*)(,|$)/i;

/** { interface, options: [[name, value]], fault }. */
export function readDefinition(text) {
  const colon = text.indexOf(":");
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  let rest = colon < 0 ? "" : text.slice(colon + 1);
  const options = [];
  if (!name) return { interface: "", options, fault: "Begin with an interface or a file." };
  while (rest) {
    const found = PART.exec(rest);
    if (!found) return { interface: name, options, fault: faultOf(rest) };
    options.push([found[1], found[2].replace(/^"|"$/g, "")]);
    rest = rest.slice(found[0].length);
  }
  return { interface: name, options, fault: "" };
}

function faultOf(rest) {
  if ((rest.match(/"/g)?.length ?? 0) % 2) return "A quotation mark is open.";
  if (!rest.includes("=")) return `“${rest}”: an option is name=value.`;
  return `“${rest}”: options are name=value with commas between; a value with commas stands in `
    + "quotation marks.";
}
