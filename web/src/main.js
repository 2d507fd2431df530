// Where the page begins: listens for events, draws.

import { render } from "preact";

import { html } from "./html.js";
import { listen } from "./live.js";
import { App } from "./app.js";
import "./parts/menu.js";
import "./settings.js";

listen();
render(html`<${App} />`, document.body);
