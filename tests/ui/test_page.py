"""The page at / in a browser: what it shows, what it asks for, and that names stay names.

Input: `norn --demo`, a capture of hostile names, servers that want a login. Output: the page's
text, compared with the API's answers; console, policy breaches and requests must be clean.
"""
import pytest

from hostile import NAMES, address, as_shown, hostile_scene, is_untouched
from support.norn import PASSWORD, USER, Server
from website import Site

ROWS = """[...document.querySelectorAll("tbody tr")].map(
    (row) => [...row.cells].map((cell) => cell.textContent))"""
HEADINGS = """[...document.querySelectorAll("thead th")].map((cell) => cell.textContent)"""
HAS_ROWS = "document.querySelector('tbody tr') != null"
VISIBLE = "document.getElementById('{}').checkVisibility()"


def rows(page):
    """What the table shows, by address: heading -> text."""
    headings = page.evaluate(HEADINGS)
    shown = [dict(zip(headings, cells)) for cells in page.evaluate(ROWS)]
    return {row["Address"]: row for row in shown}


def assert_clean(page, *origins):
    """No fault, nothing printed, and nobody asked but the server."""
    assert page.faults == []
    assert page.console == []
    assert page.dialogs == []
    foreign = [url for url in page.requests
               if not url.startswith(tuple(origin + "/" for origin in origins))]
    assert foreign == []


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
    page.open(demo.url + "/")
    page.wait_for(HAS_ROWS)
    assert page.evaluate("document.title") == "norn"
    assert page.evaluate(VISIBLE.format("demo"))
    assert "demo" in page.evaluate("document.getElementById('demo').textContent")
    for hidden in ("login", "setup", "trouble"):
        assert not page.evaluate(VISIBLE.format(hidden)), hidden
    page.wait_for("document.getElementById('status').textContent.includes('devices')")
    assert_clean(page, demo.url)


def test_the_demo_shows_its_devices(page, demo):
    page.open(demo.url + "/")
    page.wait_for(HAS_ROWS)
    shown, known = rows(page), demo.devices()
    assert len(shown) >= 10
    for mac, row in shown.items():
        device = known[mac]
        assert row["Name"] == device["kismet.device.base.commonname"]
        assert row["Manufacturer"] == device["kismet.device.base.manuf"]
    assert {"linksys", "single", "barfoo"} <= {row["Name"] for row in shown.values()}


def test_the_demo_goes_on_without_a_reload(page, demo):
    """The table is refreshed by last-time queries that send back the server's timestamp."""
    page.open(demo.url + "/")
    page.wait_for(HAS_ROWS)
    before = page.evaluate(ROWS)
    count = len(page.requests)
    page.wait_for(f"JSON.stringify({ROWS}) != {before!r}")
    page.wait_for("document.querySelector('tr.fresh') != null")
    later = [url for url in page.requests[count:] if "/devices/last-time/" in url]
    assert later and not any("/last-time/0/" in url for url in later[:1])
    assert_clean(page, demo.url)


def test_search_and_sorting(page, demo):
    page.open(demo.url + "/")
    page.wait_for(HAS_ROWS)
    page.evaluate("""void [...document.querySelectorAll("thead button")].find(
        (button) => button.textContent == "Address").click()""")
    addresses = [row[-1] for row in page.evaluate(ROWS)]
    assert len(addresses) > 3 and addresses in (sorted(addresses), sorted(addresses, reverse=True))
    page.evaluate("""void ((box) => { box.value = "LINKsys";
        box.dispatchEvent(new Event("input")); })(document.getElementById("search"))""")
    found = page.evaluate(ROWS)
    assert found and all("linksys" in " ".join(row).lower() for row in found)
    assert len(found) < len(addresses)


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
    page.open(hostile.url + "/")
    page.wait_for(HAS_ROWS)
    shown, known = rows(page), hostile.devices()
    assert {mac: row["Name"] for mac, row in shown.items()} == {
        mac: device["kismet.device.base.commonname"] for mac, device in known.items()}
    for index, name in enumerate(NAMES):
        row = shown[address(index).upper()]
        assert row["Type"] == "Wi-Fi AP" and row["Manufacturer"] == "Cisco-Linksys", name
        assert row["Name"] == as_shown(name)
    assert page.evaluate("document.querySelectorAll('td *').length") == 0
    assert is_untouched(page, "norn")
    assert_clean(page, hostile.url)


def test_nothing_runs_while_hostile_rows_are_touched(page, hostile):
    """Pointer, focus and search over every row."""
    page.open(hostile.url + "/")
    page.wait_for(HAS_ROWS)
    page.evaluate("""void document.querySelectorAll("td, tr").forEach((one) => {
        for (const kind of ["mouseover", "focus", "click", "error", "load"])
            one.dispatchEvent(new Event(kind, { bubbles: true })); })""")
    for text in ("<script>", "\"><b", "javascript:", "\\", "__proto__"):
        page.evaluate(f"""void ((box) => {{ box.value = {text!r};
            box.dispatchEvent(new Event("input")); }})(document.getElementById("search"))""")
    assert is_untouched(page, "norn")
    assert_clean(page, hostile.url)


def test_direction_marks_stay_in_their_cell(page, hostile):
    """A right-to-left override in a name turns no other cell around."""
    page.open(hostile.url + "/")
    page.wait_for(HAS_ROWS)
    directions = page.evaluate("""[...document.querySelectorAll("tbody tr")].map((row) => {
        const word = row.cells[1].firstChild, range = document.createRange();
        const left = (at) => {
            range.setStart(word, at);
            range.setEnd(word, at + 1);
            return range.getBoundingClientRect().left;
        };
        return left(word.length - 1) > left(0); })""")
    assert len(directions) >= len(NAMES) and all(directions)


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
def fill(page, form, **values):
    """Types into a form and sends it."""
    for name, value in values.items():
        page.evaluate(f"void (document.forms.{form}.elements.{name}.value = {value!r})")
    page.evaluate(f"document.forms.{form}.requestSubmit()")


def test_first_password_is_set_on_the_page(page, serve, street_file):
    server = serve("-c", f"{street_file}:name=street", login=False)
    page.open(server.url + "/")
    page.wait_for(VISIBLE.format("setup"))
    fill(page, "setup", username=USER, password="one thing", again="another")
    page.wait_for("document.querySelector('#setup .answer').textContent.includes('differ')")
    fill(page, "setup", username=USER, password=PASSWORD, again=PASSWORD)
    page.wait_for("!" + VISIBLE.format("setup"))
    page.wait_for(HAS_ROWS)
    assert server.get("/session/check_login", login=True).status_code == 200
    faults = [fault for fault in page.faults if "check_setup_ok" not in fault]
    assert faults == []  # a 500 from check_setup_ok is how that address says "not set up"


def test_login_on_the_page(page, serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "httpd_require_login=always")
    page.open(server.url + "/")
    page.wait_for(VISIBLE.format("login"))
    assert not page.evaluate(HAS_ROWS)
    fill(page, "login", username=USER, password="wrong")
    page.wait_for("document.querySelector('#login .answer').textContent")
    assert page.evaluate(VISIBLE.format("login"))
    fill(page, "login", username=USER, password=PASSWORD)
    page.wait_for(HAS_ROWS)
    assert len(rows(page)) == len(server.devices())
    assert all(url.startswith(server.url + "/") for url in page.requests)
