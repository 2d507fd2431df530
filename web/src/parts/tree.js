// A whole record as a tree that can be searched, with what each field means. Input: an answer in
// the format prettyjson, where "description.X" stands beside each member X.

import { useMemo, useState } from "preact/hooks";

import { html } from "../html.js";
import { visible } from "../format.js";

const PREFIX = "description.";
const MANY = 200; // entries of one list or map that are drawn

// { name, meaning, value, children } of a member.
function nodeOf(name, value, meaning = "") {
  if (value === null || typeof value !== "object") return { name, meaning, value };
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return { name, meaning, value: value.join(", ") };
  const children = Object.entries(value).filter(([key]) => !key.startsWith(PREFIX))
    .map(([key, one]) => nodeOf(key, one, value[PREFIX + key]));
  return { name, meaning, children };
}

// The part of a tree where a word is in name, meaning or value; null where it is nowhere.
function sift(node, words) {
  const text = `${node.name} ${node.meaning} ${node.value ?? ""}`.toLowerCase();
  if (words.every((word) => text.includes(word))) return node;
  const children = node.children?.map((one) => sift(one, words)).filter(Boolean) ?? [];
  return children.length ? { ...node, children } : null;
}

function Leaf({ node }) {
  return html`<div class="leaf"><span class="code name">${visible(node.name)}</span>
    <span class="value"><bdi>${visible(node.value) || html`<i class="faint">empty</i>`}</bdi></span>
    <span class="faint meaning">${visible(node.meaning)}</span></div>`;
}

function Branch({ node, open }) {
  const [isOpen, setOpen] = useState(open);
  const { children } = node;
  return html`<details open=${open || isOpen} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><span class="code">${visible(node.name)}</span>
      <span class="faint"> ${children.length} · ${visible(node.meaning)}</span></summary>
    ${(open || isOpen) && html`<div class="inner">${children.slice(0, MANY).map((one) => html`
      <${Node} key=${one.name} node=${one} open=${open} />`)}
      ${children.length > MANY && html`<p class="faint">… and ${children.length - MANY} more</p>`}
      </div>`}</details>`;
}

function Node({ node, open }) {
  return node.children ? html`<${Branch} node=${node} open=${open} />` : html`<${Leaf} node=${node}
    />`;
}

export function Tree({ record }) {
  const [search, setSearch] = useState("");
  const whole = useMemo(() => nodeOf("record", record), [record]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? sift(whole, words) : whole;
  return html`<div class="tree"><label class="search wide">
    <span class="hidden">Search the record</span>
    <input type="search" value=${search} placeholder="Field, meaning or value …" spellcheck=${false}
      onInput=${({ currentTarget }) => setSearch(currentTarget.value)} /></label>
    ${found ? found.children.map((one) => html`<${Node} key=${one.name} node=${one}
      open=${words.length > 0} />`)
    : html`<p class="faint">Nothing in the record is like that.</p>`}
    </div>`;
}
