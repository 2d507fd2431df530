"""The page at / in a browser: what it shows, what it asks for, and that names stay names.

Input: `norn --demo`, a capture of hostile names, servers that want a login. Output: the page's
text, compared with the API's answers; console, policy breaches and requests must be clean.
"""
import re

import pytest

from hostile import NAMES, address, as_shown, hostile_scene, is_untouched, visible
from norn_page import (HAS_ROWS, ROWS, assert_clean, be_tall, click, element, faults_of, rows, send,
                       text_of, type_into, visit, wait_text, walk)
from support.norn import PASSWORD, USER, Server
from website import Site

VIEWS = ("devices", "networks", "channels", "map", "sources", "alerts", "alerts?tab=messages",
         "system")


# the watch itself
def test_the_watch_sees_what_it_is_for(page):
    """A page that does everything wrong: each wrong must show, or the tests below prove nothing."""
    bad = """<!doctype html><link rel="icon" href="data:,"><title>bad</title>
        <script nonce="a">console.error("said"); window.hacked = 1; alert("asked");
        setTimeout(() => { throw new Error("thrown"); });
        fetch("http://example.org/away").catch(() => 0);</script>
        <script>window.blocked = 1</script>"""
    with Site({"/": bad}, headers={"Content-Security-Policy": "script-src 'nonce-a'"}) as site:
        page.open(site.url + "/")
        page.wait_for("typeof hacked == 'number' && typeof blocked == 'undefined'")
    faults = "\n".join(page.faults)
    assert "thrown" in faults and "Content Security Policy" in faults
    assert ("error", "said") in page.console
    assert page.dialogs == ["asked"]
    assert "http://example.org/away" in page.requests
    with pytest.raises(AssertionError):
        is_untouched(page, "bad")


# the demo
def test_the_demo_loads_cleanly(page, demo):
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    assert page.evaluate("document.title") == "Devices · norn"
    wait_text(page, "Demo", ".top")
    assert page.evaluate("document.querySelector('dialog, .banner') == null")
    page.wait_for("document.querySelector('.connection.good') != null")
    assert_clean(page, demo.url)


def test_every_view_loads_cleanly(page, demo):
    visit(page, demo)
    for view in VIEWS:
        walk(page, view)
        page.wait_for("document.querySelector('main h1') != null")
        page.wait_for("!document.querySelector('main').innerText.includes('Loading')")
        assert "This view broke" not in text_of(page)
    assert_clean(page, demo.url)


def test_the_first_load_is_small(page, demo):
    """All that comes before the first question, as it goes over the line."""
    sizes = []
    for path in ("/", *(f"/page/{name}" for name in page_files(demo))):
        answer = demo.get(path, headers={"Accept-Encoding": "gzip"}, stream=True)
        sizes.append(len(answer.raw.read()))
    assert sum(sizes) < 100 * 1024  # the bar is 250 KB


def page_files(server):
    """Names of the parts that the page is made of, but for the licences."""
    words = server.get("/").text.split('"')
    return [word.split("/")[-1] for word in words if word.startswith("page/")
            and "licences" not in word]


def test_nothing_of_the_page_is_inline(demo):
    answer = demo.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "<script>" not in answer.text and "style=" not in answer.text


def is_named(row, device):
    """The row bears the name that the server has for its device, and the number of its alerts."""
    name = device["kismet.device.base.commonname"]
    return re.fullmatch(re.escape(name) + "( [0-9]+)?", row["Name"])


def same_names(page, server):
    """The rows that are shown and the server's devices, once all of them have the same names:
    between the two questions a name may be heard."""
    shown, known = rows(page), server.devices()
    return all(is_named(row, known[mac]) for mac, row in shown.items()) and (shown, known)


def test_the_demo_shows_its_devices(page, demo):
    be_tall(page)
    visit(page, demo)
    shown, known = demo.wait_for(lambda: same_names(page, demo), what="row named as its device is")
    assert len(shown) >= 10
    for mac, row in shown.items():
        assert row["Maker"] == known[mac]["kismet.device.base.manuf"]
    names = {known[mac]["kismet.device.base.commonname"] for mac in shown}
    assert {"linksys", "single", "barfoo"} <= names


def test_the_demo_goes_on_without_a_reload(page, demo):
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    before = page.evaluate(ROWS)
    page.evaluate("dispatchEvent(new Event('pointerdown'))")  # in use: asks often
    page.wait_for(f"JSON.stringify({ROWS}) != JSON.stringify({before!r})")
    assert_clean(page, demo.url)


def test_an_idle_page_asks_seldom(page, demo):
    """Under six requests a minute: half a minute has at most the first round and one more."""
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    page.evaluate("new Promise((done) => setTimeout(done, 3000))")
    count = len(page.requests)
    page.evaluate("new Promise((done) => setTimeout(done, 30000))")
    asked = [url for url in page.requests[count:] if ".ws" not in url]
    assert len(asked) <= 3, asked


def test_search_and_sorting(page, demo):
    be_tall(page)
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    click(page, "Address", "[role=columnheader] button")
    page.wait_for("document.querySelector('[aria-sort=ascending]')?.innerText.includes('Address')")
    page.wait_for(f"((all) => all.every((one, index) => !index || one >= all[index - 1]))("
                  f"{ROWS}.map((row) => row.at(-1)))")
    count = len(rows(page))
    type_into(page, "#search", "LINKsys")
    page.wait_for(f"{ROWS}.length < {count} && {ROWS}.length > 0")
    assert all("linksys" in " ".join(row).lower() for row in page.evaluate(ROWS))
    type_into(page, "#search", "no such device")
    wait_text(page, "Nothing is like that")


# The pointer goes down on one row and comes up on another, as when the list was sorted meanwhile.
PRESS = """void (([down, up]) => {{
    const links = [...document.querySelectorAll(".line a")];
    links[down].dispatchEvent(new PointerEvent("pointerdown", {{ bubbles: true }}));
    links[up].dispatchEvent(new MouseEvent("click", {{ bubbles: true, cancelable: true,
        detail: 1 }}));
}})({})"""


def test_a_click_opens_only_the_row_that_was_pressed(page, hostile):
    visit(page, hostile, "devices?sort=mac&order=up")
    page.wait_for(HAS_ROWS)
    page.evaluate(PRESS.format([0, 1]))
    assert page.evaluate("location.hash").startswith("#/devices")
    page.evaluate(PRESS.format([1, 1]))
    page.wait_for("location.hash.startsWith('#/device/')")


def test_filters_narrow_the_list_and_stand_in_the_address(page, demo):
    be_tall(page)
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    click(page, "Filter")
    type_into(page, "select[name=kind]", "ap")
    page.wait_for(f"{ROWS}.every((row) => /AP|Mesh/.test(row[1]))")
    type_into(page, "select[name=security]", "wpa3")
    page.wait_for(f"{ROWS}.every((row) => row[2].includes('WPA3')) && {ROWS}.length > 0")
    assert "security=wpa3" in page.evaluate("location.hash")
    click(page, "Clear")
    type_into(page, "input[name=maker]", "cisco-")
    page.wait_for(f"{ROWS}.length > 0 && {ROWS}.every((row) => row.includes('Cisco-Linksys'))")
    click(page, "Clear")
    page.wait_for(f"{ROWS}.some((row) => row[1] == 'Client')")


def test_the_fields_page_loads_cleanly(page, demo):
    page.open(demo.url + "/system/tracked_fields.html")
    assert "kismet.device.base.key" in page.evaluate("document.body.innerText")
    faults = [fault for fault in page.faults if "favicon.ico" not in fault]
    assert faults == [] and page.console == []


# names off the air
@pytest.fixture(scope="module", name="hostile")
def hostile_server(tmp_path_factory):
    capture = hostile_scene().write_pcap(tmp_path_factory.mktemp("captures") / "hostile.pcap")
    with Server("-c", f"{capture}:name=hostile", "--silent") as server:
        yield server.wait_replayed()


def test_hostile_names_are_shown_as_text(page, hostile):
    be_tall(page)
    visit(page, hostile, "devices?sort=mac&order=up")
    shown, known = rows(page), hostile.devices()
    assert {mac: row["Name"] for mac, row in shown.items()} == {
        mac: visible(device["kismet.device.base.commonname"]) for mac, device in known.items()}
    for index, name in enumerate(NAMES):
        row = shown[address(index).upper()]
        assert row["Kind"] == "AP" and row["Maker"] == "Cisco-Linksys", name
        assert row["Name"] == visible(as_shown(name))
    assert is_untouched(page, "Devices · norn")
    assert_clean(page, hostile.url)


def test_hostile_names_are_text_on_every_view(page, hostile):
    be_tall(page)
    known = hostile.devices()
    visit(page, hostile)
    for index in (0, 1, 2, 13, 16, 17):
        key = known[address(index).upper()]["kismet.device.base.key"]
        name = visible(as_shown(NAMES[index]))
        walk(page, f"device/{key}")
        page.wait_for(f"document.querySelector('main h1')?.textContent == {name!r}")
        click(page, "Show all fields")
        page.wait_for("document.querySelector('.tree .leaf') != null")
        walk(page, f"hunt/{key}")
        page.wait_for(f"document.querySelector('.meter') != null")
    walk(page, "networks")
    page.wait_for(f"{ROWS}.length >= {len(NAMES)}")
    names = {row[0] for row in page.evaluate(ROWS)}
    assert {visible(as_shown(name)) for name in NAMES} <= names
    walk(page, "map")
    page.wait_for("document.querySelector('canvas') != null")
    assert is_untouched(page, "Map · norn")
    assert_clean(page, hostile.url)


def test_hostile_words_of_an_operator_are_text(page, serve, street_file):
    """Names, tags and alerts come from people with a login, and are text all the same."""
    server = serve("-c", f"{street_file}:name=<img src=x onerror=hacked=1>").wait_replayed()
    key = next(iter(server.devices().values()))["kismet.device.base.key"]
    words = "<svg/onload=hacked=1>\u202e{{hacked=1}}"
    for path, body in ((f"/devices/by-key/{key}/set_name.cmd", {"username": words}),
                       (f"/devices/by-key/{key}/set_tag.cmd",
                        {"tagname": "<b>tag</b>", "tagvalue": words})):
        assert server.post(path, login=True, json=body).status_code == 200
    visit(page, server, f"device/{key}")
    page.wait_for(f"document.querySelector('main h1')?.textContent == {visible(words)!r}")
    wait_text(page, "<b>tag</b>")
    for view, title in (("sources", "Sources"), ("devices", "Devices"),
                        ("alerts?tab=messages", "Alerts")):
        walk(page, view)
        wait_text(page, "<")
        assert is_untouched(page, f"{title} · norn")
    assert_clean(page, server.url)


# Every text under a name like these is 100 KB long, whatever the server said.
LENGTHEN = """(() => {
    const ask = fetch, long = "<img src=x onerror=hacked=1>\u202e".repeat(3600);
    const named = /name|maker|manuf|ssid|text|reason|definition|interface|description/i;
    window.fetch = async (...all) => {
        const reply = await ask(...all);
        if (!reply.ok || !/json/.test(reply.headers.get("Content-Type"))) return reply;
        const longer = JSON.parse(await reply.text(), (key, value) =>
            (typeof value === "string" && named.test(key) ? long : value));
        return new Response(JSON.stringify(longer), { status: reply.status });
    };
})()"""


def test_texts_of_100_kilobytes_are_borne(page, hostile):
    """A server that has lost its mind, or is none: each view stands and stays as it is wide."""
    page.call("Page.addScriptToEvaluateOnNewDocument", source=LENGTHEN)
    key = next(iter(hostile.devices().values()))["kismet.device.base.key"]
    visit(page, hostile)
    page.wait_for(HAS_ROWS)
    for view in (*VIEWS, f"device/{key}", f"hunt/{key}"):
        walk(page, view)
        page.wait_for("document.querySelector('main h1') != null")
        page.wait_for("!document.querySelector('main').innerText.includes('Loading')")
        assert "This view broke" not in text_of(page), view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    assert is_untouched(page, page.evaluate("document.title"))
    assert page.evaluate("document.title.length") < 3000
    walk(page, "devices")
    page.wait_for(HAS_ROWS)
    heights = page.evaluate("[...document.querySelectorAll('.line')].map((o) => o.offsetHeight)")
    assert set(heights) == {34}
    assert_clean(page, hostile.url)


def test_nothing_runs_while_hostile_rows_are_touched(page, hostile):
    """Pointer, focus and search over every row."""
    visit(page, hostile)
    page.wait_for(HAS_ROWS)
    page.evaluate("""void document.querySelectorAll(".line, .line *").forEach((one) => {
        for (const kind of ["mouseover", "focus", "error", "load"])
            one.dispatchEvent(new Event(kind, { bubbles: true })); })""")
    for text in ("<script>", "\"><b", "javascript:", "\\", "__proto__"):
        type_into(page, "#search", text)
        page.wait_for(f"location.hash.includes('search=' + new URLSearchParams(["
                      f"['', {text!r}]]).toString().slice(1))")
    assert is_untouched(page, "Devices · norn")
    assert_clean(page, hostile.url)


def test_direction_marks_stay_in_their_cell(page, hostile):
    """A right-to-left override in a name turns nothing around: it is shown, not obeyed."""
    be_tall(page)
    visit(page, hostile)
    shown = {row["Name"] for row in rows(page).values()}
    assert "‹202E›gnp.exe‹202D›" in shown
    assert not any(mark in name for name in shown for mark in "\u202e\u202d\u2066\u2067\u200b")


@pytest.mark.parametrize("path", [
    "/devices/all_devices.json", "/devices/all_devices.prettyjson", "/devices/all_devices.ekjson",
    "/devices/all_devices_dt.json", "/system/status.prettyjson"])
def test_answers_opened_in_the_browser_run_nothing(page, hostile, path):
    page.open(hostile.url + path)
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.evaluate("document.querySelectorAll('body *:not(pre)').length") <= 2
    assert not page.dialogs


@pytest.mark.parametrize("path", [
    "/<script>hacked=1</script>", "/%3Cscript%3Ehacked=1%3C/script%3E",
    "/devices/by-key/<img src=x onerror=hacked=1>/device.json",
    "/devices/all_devices.json?json={\"fields\":[\"<img src=x onerror=hacked=1>\"]}",
    "/devices/by-mac/\"'><svg onload=hacked=1>/devices.json",
    "/devices/last-time/<svg onload=hacked=1>/devices.json"])
def test_errors_that_quote_the_address_run_nothing(page, hostile, path):
    page.open(hostile.url + path)
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.evaluate("document.querySelectorAll('script, img, svg').length") == 0
    assert not page.dialogs


# logins
def test_first_password_is_set_on_the_page(page, serve, street_file):
    server = serve("-c", f"{street_file}:name=street", login=False)
    visit(page, server)
    page.wait_for(HAS_ROWS)
    click(page, "Set a password")
    send(page, "setup", username=USER, password="one thing", again="another")
    wait_text(page, "differ", "dialog")
    send(page, "setup", username=USER, password=PASSWORD, again=PASSWORD)
    page.wait_for("document.querySelector('dialog') == null")
    wait_text(page, USER, ".top")
    assert server.get("/session/check_login", login=True).status_code == 200
    assert_clean(page, server.url)


def test_login_and_logout_on_the_page(page, serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "httpd_require_login=always")
    visit(page, server)
    wait_text(page, "This server asks for a login")
    assert not page.evaluate(HAS_ROWS)
    click(page, "Log in", "main button")
    send(page, "login", username=USER, password="wrong")
    page.wait_for("document.querySelector('dialog .problem').textContent")
    send(page, "login", username=USER, password=PASSWORD)
    be_tall(page)
    assert len(rows(page)) == len(server.devices())
    walk(page, "system")
    click(page, "Log out", "main button")
    wait_text(page, "This server asks for a login")
    assert "asks for a login" in text_of(page)
    refused = [fault for fault in faults_of(page) if "401" not in fault]
    assert refused == []  # the browser notes every 401


def test_a_key_that_may_only_read_shows_no_controls(page, serve, street_file):
    server = serve("-c", f"{street_file}:name=street,tuner=null").wait_replayed()
    key = server.post("/auth/apikey/generate.cmd", login=True,
                      json={"name": "wall", "role": "readonly", "duration": 0}).text.strip(' "\n')
    visit(page, server)
    click(page, "Log in")
    click(page, "With an API key instead")
    send(page, "login", key=key)
    wait_text(page, "wall", ".top")
    device = next(iter(server.devices().values()))["kismet.device.base.key"]
    for view, words in (("sources", ("Add a source", "Pause", "Close", "Tune")),
                        (f"device/{device}", ("Name", "Tag")),
                        ("system", ("Make one", "Set the position by hand", "Send my position"))):
        walk(page, view)
        page.wait_for("document.querySelector('main .panel') != null")
        for word in words:
            assert page.evaluate(f"{element(word)} == null"), (view, word)
    uuid = server.sources()[0]["kismet.datasource.uuid"]
    forged = page.evaluate(f"""fetch("datasource/by-uuid/{uuid}/close_source.cmd",
        {{ method: "POST", credentials: "same-origin" }}).then(({{ status }}) => status)""")
    assert forged == 401


# events
def test_rows_change_without_being_asked_for(page, demo):
    """By the websockets: many changes, hardly a request."""
    if demo.get("/eventbus/events.ws").status_code == 404:
        pytest.skip("this server has no event bus")
    visit(page, demo)
    page.wait_for(HAS_ROWS)
    wait_text(page, "Live", ".top")
    page.evaluate("new Promise((done) => setTimeout(done, 2000))")
    count = len(page.requests)
    before = page.evaluate(ROWS)
    for _ in range(5):
        page.wait_for(f"JSON.stringify({ROWS}) != JSON.stringify({before!r})")
        before = page.evaluate(ROWS)
    assert len(page.requests) - count <= 3
    assert_clean(page, demo.url)
