"""Hands and eyes on the page of norn: what a person would click, type and read.

Input: a tab of browser.py, a server. Output: rows as they are shown, texts, waits.
"""
import json

ROWS = """[...document.querySelectorAll("[role=grid] .line")].sort(
    (a, b) => a.ariaRowIndex - b.ariaRowIndex).map(
    (row) => [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent.trim()))"""
HEADINGS = """[...document.querySelectorAll("[role=grid] [role=columnheader] .label")].map(
    (cell) => cell.textContent)"""
HAS_ROWS = "document.querySelector('[role=grid] .line a') != null"
ARE_KNOWN = HAS_ROWS + " && !document.querySelector('[role=grid] .line > .faint:only-child')"
# Once the new place is drawn, and what the page does after that is done (its title).
WALK = """new Promise((there) => {{
    const before = location.href;
    location.hash = {place};
    if (location.href === before)
        return there();
    addEventListener("hashchange", () => requestAnimationFrame(() => requestAnimationFrame(
        () => setTimeout(there))), {{ once: true }});
}})"""
BY_TEXT = """(() => {{ const wanted = {text};
    return [...document.querySelectorAll({selector})].filter((one) => one.checkVisibility()
        && (one.ariaLabel ?? one.textContent).replace(/\\s+/g, " ").trim() == wanted)[0]; }})()"""


def visit(page, server, place=""):
    """Opens a place of the page, such as devices?search=x, from the beginning."""
    page.open("about:blank")
    page.open(f"{server.url}/#/{place}")
    return page


def walk(page, place):
    """Goes to a place of a page that is open, as a link does, and waits until it is there."""
    page.evaluate(WALK.format(place=json.dumps("#/" + place)))


def element(text, selector="button, a, summary, label, option"):
    """The expression of the visible element whose whole text, or label, is this."""
    return BY_TEXT.format(text=json.dumps(text), selector=json.dumps(selector))


def click(page, text, selector="button, a, summary, label"):
    page.wait_for(f"{element(text, selector)} != null")
    page.wait_for(f"!{element(text, selector)}.disabled")
    page.call("Runtime.evaluate", expression=f"{element(text, selector)}.click()", userGesture=True)


def type_into(page, selector, text):
    """Sets a field as typing does; lists and boxes too."""
    page.wait_for(f"document.querySelector({json.dumps(selector)}) != null")
    page.evaluate(f"""void ((field) => {{ field.value = {json.dumps(text)};
        for (const kind of ["input", "change"])
            field.dispatchEvent(new Event(kind, {{ bubbles: true }})); }})(
        document.querySelector({json.dumps(selector)}))""")


def send(page, form, **values):
    """Fills a form of that name and sends it."""
    for name, value in values.items():
        type_into(page, f"form[name={form}] [name={name}]", value)
    page.evaluate(f"document.forms.{form}.requestSubmit()")


def press(page, key):
    """A key that goes down and up again."""
    code = {"Tab": 9, "ArrowDown": 40, "Enter": 13}[key]
    for kind in ("rawKeyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                  windowsVirtualKeyCode=code)


def text_of(page, selector="main"):
    return page.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")


def wait_text(page, text, selector="main"):
    page.wait_for(f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').includes("
                  f"{json.dumps(text)})")


def rows(page, key="Address"):
    """What the table shows, by the value of one column: heading -> text."""
    page.wait_for(ARE_KNOWN)
    headings = page.evaluate(HEADINGS)
    shown = [dict(zip(headings, cells)) for cells in page.evaluate(ROWS)]
    return {row[key]: row for row in shown if key in row}


def be_tall(page, height=2600):
    """Makes the window so high that short lists are there whole."""
    page.call("Emulation.setDeviceMetricsOverride", width=1280, height=height,
              deviceScaleFactor=1, mobile=False)


def be_phone(page):
    page.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1,
              mobile=True)


def log_in(page, server):
    """Gives the tab the session of the operator, before a page is opened."""
    token = server.get("/session/create_session", login=True).cookies["KISMET"]
    set_token(page, server, token)


def set_token(page, server, token):
    page.call("Network.setCookie", name="KISMET", value=token, url=server.url + "/")


def faults_of(page):
    """What the browser complained of, but for a test that reads pixels more than once."""
    return [fault for fault in page.faults if "willReadFrequently" not in fault]


def assert_clean(page, *origins):
    """No fault, nothing printed, and nobody asked but the server."""
    assert faults_of(page) == [], faults_of(page)
    assert page.console == []
    assert page.dialogs == []
    allowed = tuple(origin + "/" for origin in origins)
    allowed += tuple(origin.replace("http", "ws", 1) for origin in allowed)
    foreign = [url for url in page.requests if not url.startswith((*allowed, "data:", "blob:"))]
    assert foreign == []
