// Where the page begins: asks who is logged in, listens for events, draws.

import { render } from "preact";

import { html } from "./html.js";
import { listen } from "./live.js";
import { refresh } from "./session.js";
import { App } from "./app.js";
import "./settings.js";

refresh().catch(() => {}); // the shell says that the server does not answer
listen();
render(html`<${App} />`, document.body);
