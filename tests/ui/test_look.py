"""How every view looks: nothing overflows, nothing is cut, anybody can read and reach it; and
axe-core, where it is there, has no serious finding.

Input: the demo, a tab as wide as a desk's or as narrow as a phone's, light and dark. Output: with
NORN_SCREENSHOTS=1 a picture of each in docs/screenshots, to be looked at by a person.
"""
import os
import pathlib
import time

import pytest

from norn_page import HAS_ROWS, be_phone, log_in, press, text_of, visit, walk
from support.norn import ROOT, Server
from website import Site

PICTURES = pathlib.Path(ROOT, "docs", "screenshots")
FITNESS = pathlib.Path(__file__).with_name("fitness.js").read_text(encoding="utf-8")
AXE = pathlib.Path(ROOT, "web", "node_modules", "axe-core", "axe.min.js")
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
PLAY_SECONDS = 75  # until the ledger of listening has a whole minute
WALK = [(47.3768 + step / 4000, 8.5417 + (step % 3) / 3000) for step in range(8)]
# Elements that reach over the edge of the window, or of a box that does not scroll.
CUT = """[...document.querySelectorAll("main *, .top *, .places *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && one.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1)
        && !one.closest(".scroll, .table, .hidden, .skip, .plane");
}).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module", name="lived")
def demo_that_played():
    """A demo that has heard enough to show, from several places."""
    is_long = os.environ.get("NORN_SCREENSHOTS")
    with Server("--demo") as server:
        for latitude, longitude in WALK:
            answer = server.post("/gps/web/update.cmd", login=True,
                                 json={"lat": latitude, "lon": longitude, "alt": 408})
            assert answer.status_code == 200, answer.text
            time.sleep(PLAY_SECONDS / len(WALK) if is_long else 0.5)
        server.wait_for(lambda: any(name(device) == "linksys" for device in devices(server)))
        yield server


def devices(server):
    return server.devices().values()


def name(device):
    return device["kismet.device.base.name"]


def places(server):
    """Each view, by the name of its picture."""
    key = next(device for device in devices(server) if name(device) == "linksys")[
        "kismet.device.base.key"]
    groups = server.json("/phy/phy80211/ssids/views/ssids.json")
    group = next(one for one in groups if one["dot11.ssidgroup.ssid"] == "linksys")
    return {"devices": "devices", "device": f"device/{key}", "networks": "networks",
            "network": f"network/{group['dot11.ssidgroup.hash']}", "channels": "channels",
            "map": "map", "sources": "sources", "alerts": "alerts",
            "messages": "alerts?tab=messages", "system": "system", "hunt": f"hunt/{key}"}


def settle(page):
    page.wait_for("document.querySelector('main h1') != null")
    page.wait_for("!document.querySelector('main').innerText.includes('Loading')")
    page.evaluate("new Promise((done) => setTimeout(done, 250))")


def open_as(page, server, size, theme):
    width, height = SIZES[size]
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
              deviceScaleFactor=1, mobile=size == "phone")
    page.call("Emulation.setEmulatedMedia",
              features=[{"name": "prefers-color-scheme", "value": theme}])
    log_in(page, server)
    visit(page, server)
    page.wait_for(HAS_ROWS)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_cut(page, lived, size, theme):
    open_as(page, lived, size, theme)
    for picture, place in places(lived).items():
        walk(page, place)
        settle(page)
        assert "This view broke" not in text_of(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), picture
        assert page.evaluate(CUT) == [], picture
        if os.environ.get("NORN_SCREENSHOTS"):
            take_picture(page, PICTURES / f"{picture}-{size}-{theme}.webp", size)


def take_picture(page, path, size):
    """Of what is in sight on a phone; of the whole view, however long, at a desk."""
    width, height = SIZES[size]
    if size == "wide":
        beyond = page.evaluate("((main) => main.scrollHeight - main.clientHeight)("
                               "document.querySelector('main'))")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height + beyond,
                  deviceScaleFactor=1, mobile=False)
        page.evaluate("new Promise((done) => setTimeout(done, 250))")
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path, format="webp", quality=70)
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
              deviceScaleFactor=1, mobile=size == "phone")


@pytest.mark.skipif(not AXE.exists(), reason="needs web/node_modules/axe-core: make page")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_has_no_serious_finding(page, lived, theme):
    open_as(page, lived, "wide", theme)
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    for picture, place in places(lived).items():
        walk(page, place)
        settle(page)
        found = page.evaluate("""axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] })
            .then(({ violations, passes }) => (passes.length < 5 ? ["few rules ran"] : [])
                .concat(violations.filter(({ impact }) => /serious|critical/.test(impact))
                    .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])))""")
        assert found == [], (picture, found)


# A fault of each kind, and the words of its finding.
UNFIT = {
    "no name": "<button type='button'><svg aria-hidden='true'></svg></button>",
    "no label": "<input name='x'>",
    "no text instead": "<canvas width='9' height='9'></canvas>",
    "not one main": "<main>two</main>",
    "2 headings h1": "<h1>Another</h1>",
    "twice the id x": "<p id='x'>a</p><p id='x'>b</p>",
    "a level of headings left out": "<h4>Deep</h4>",
    "contrast: <p": "<p class='pale'>pale</p>",
    "contrast of the placeholder": "<input aria-label='x' placeholder='pale' class='held'>",
    "target": "<p><button type='button' class='tiny'>a</button>"
              "<button type='button' class='tiny'>b</button></p>",
}
UNFIT_PAGE = """<!doctype html><html lang="en"><title>unfit</title><link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width">
    <style>.pale, .held::placeholder {{ color: #999 }}
    .tiny {{ width: 12px; height: 12px; padding: 0 }}</style>
    <header>a</header><nav>b</nav><main><h1>Unfit</h1></main>{}</html>"""


def test_the_check_of_fitness_sees_what_it_is_for(page):
    """Each fault is found, and nothing where there is none: or the tests below prove nothing."""
    names = [*UNFIT, ""]
    pages = {f"/{at}": UNFIT_PAGE.format(UNFIT.get(name, "")) for at, name in enumerate(names)}
    be_phone(page)
    with Site(pages) as site:
        for at, name in enumerate(names):
            page.open(f"{site.url}/{at}")
            findings = page.evaluate(FITNESS)["findings"]
            assert bool(findings) == bool(name) and name in "".join(findings), (name, findings)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
def test_anybody_can_use_it(page, lived, size, theme):
    """Contrast, names, labels, landmarks, targets: needs nothing but the browser."""
    open_as(page, lived, size, theme)
    found = {}
    for picture, place in places(lived).items():
        walk(page, place)
        settle(page)
        fitness = page.evaluate(FITNESS)
        assert fitness["texts"] > 15, picture
        if fitness["findings"]:
            found[picture] = fitness["findings"]
    assert found == {}, "\n".join(f"{view}: {one}" for view, all in found.items() for one in all)


# The element that has the focus: where it stands in the document, and what is wrong with it.
FOCUSED = """((one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0
        && box.left < innerWidth;
    return { at: [...document.querySelectorAll("*")].indexOf(one),
        isOver: one === document.body, markup: one.outerHTML.slice(0, 90),
        wrong: [ring || "no ring", inSight || "out of sight", one.tabIndex < 1 || "own order"]
            .filter((text) => text !== true).join() };
})(document.activeElement)"""
STOPS_MOST = 60


def test_the_focus_is_seen_and_goes_in_order(page, lived):
    open_as(page, lived, "wide", "light")
    for picture, place in places(lived).items():
        visit(page, lived, place)
        settle(page)
        stops = []
        while len(stops) < STOPS_MOST:
            press(page, "Tab")
            stop = page.evaluate(FOCUSED)
            if stop["isOver"] or (stops and stop["at"] <= stops[0]["at"]):
                break
            stops.append(stop)
        wrong = [(stop["wrong"], stop["markup"]) for stop in stops if stop["wrong"]]
        assert wrong == [], picture
        assert len(stops) > 10, picture
        order = [stop["at"] for stop in stops]
        assert order == sorted(order), picture
