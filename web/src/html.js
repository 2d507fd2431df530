// Markup as tagged templates: htm bound to Preact. Whatever is put into a template becomes text or
// an attribute's value, never markup.

import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);
