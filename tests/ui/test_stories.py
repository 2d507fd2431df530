"""What people do with the page, from beginning to end, with the server's word on the result.

Input: servers of their own with captures as sources (a null tuner pretends to be a radio that can
be tuned). Output: what the page says, and what the API says then.
"""
import csv
import io
import json

import pytest

from norn_page import (HAS_ROWS, ROWS, assert_clean, be_phone, click, faults_of, log_in, press,
                       send, text_of, type_into, visit, wait_text, walk)
from support import air
from support import street as scene
from support.norn import PASSWORD, USER, Server

BASE = "kismet.device.base."
SOURCE = "kismet.datasource."


@pytest.fixture(name="street")
def street_server(serve, street_file):
    """A street that was heard by a radio which can be tuned, and is played again and again."""
    server = serve("-c", f'{street_file}:name=street,tuner=null,loop=true,realtime=true,'
                   'channels="1,6,11,36"', "--set", "gps=web:name=webgps")
    server.wait_for(lambda: len(server.devices()) >= len(scene.EVERYONE), 60, "the street")
    return server


def key_of(server, address):
    return server.devices()[address.upper()][BASE + "key"]


def source(server):
    return server.sources()[0]


def test_find_a_network_and_see_its_clients(page, street):
    visit(page, street)
    click(page, "Networks")
    wait_text(page, "Networks", "h1")
    type_into(page, "#search", "linksys")
    page.wait_for(f"{ROWS}.length == 1")
    click(page, "linksys", ".line a")
    page.wait_for("document.querySelector('main h1')?.textContent == 'linksys'")
    wait_text(page, "Clients (")
    wait_text(page, scene.OPEN_CLIENT.upper())
    click(page, scene.OPEN_CLIENT.upper(), "main a")
    wait_text(page, "Identity")
    wait_text(page, scene.OPEN_CLIENT.upper(), "main h1")
    assert_clean(page, street.url)


def test_name_and_tag_a_device(page, street):
    key = key_of(street, scene.OPEN_CLIENT)
    log_in(page, street)
    visit(page, street, f"device/{key}")
    click(page, "Name")
    type_into(page, "dialog [name=username]", "the printer")
    click(page, "Save", "dialog button")
    wait_text(page, "the printer", "main h1")
    click(page, "Tag")
    type_into(page, "dialog [name=tagname]", "owner")
    type_into(page, "dialog [name=tagvalue]", "Ada")
    click(page, "Add", "dialog button")
    wait_text(page, "owner: Ada")
    device = street.devices()[scene.OPEN_CLIENT.upper()]
    assert device[BASE + "username"] == "the printer"
    assert device[BASE + "tags"] == {"owner": "Ada"}
    click(page, "Remove the tag owner")
    street.wait_for(lambda: not street.devices()[scene.OPEN_CLIENT.upper()].get(BASE + "tags"))
    assert_clean(page, street.url)


def test_the_record_can_be_searched(page, street):
    visit(page, street, f"device/{key_of(street, scene.LINKSYS.bssid)}")
    click(page, "Show all fields")
    type_into(page, ".tree input", "when it was first heard")
    wait_text(page, "kismet.device.base.first_time", ".tree")
    assert "kismet.device.base.macaddr" not in text_of(page, ".tree")


def test_lock_a_radio_and_let_it_hop_again(page, street):
    log_in(page, street)
    visit(page, street, "sources")
    wait_text(page, "Hops")
    click(page, "Tune")
    type_into(page, "dialog [name=channel]", "6")
    click(page, "Lock", "dialog button")
    wait_text(page, "Locked")
    wait_text(page, "stays on 6")
    assert source(street)[SOURCE + "channel"] == "6" and not source(street)[SOURCE + "hopping"]
    click(page, "Tune")
    page.evaluate("void document.querySelector('[name=\"band-5\"]').click()")  # 2.4 GHz only
    type_into(page, "dialog [name=rate]", "8")
    click(page, "Hop", "dialog button")
    wait_text(page, "hops over 3 channels, 8 a second")
    assert sorted(source(street)[SOURCE + "hop_channels"]) == ["1", "11", "6"]
    click(page, "Pause")
    wait_text(page, "Paused")
    click(page, "Resume")
    wait_text(page, "Hops")
    click(page, "Close")
    wait_text(page, "Closed")
    assert source(street)[SOURCE + "running"] == 0
    click(page, "Open again")
    wait_text(page, "Hops")
    assert_clean(page, street.url)


def test_add_a_capture(page, serve, street_file):
    server = serve()
    log_in(page, server)
    visit(page, server, "sources")
    wait_text(page, "No sources")
    click(page, "Add a source", "main button")
    type_into(page, "dialog [name=definition]", f'{street_file}:name="open')
    wait_text(page, "A quotation mark is open", "dialog")
    type_into(page, "dialog [name=definition]", "/not/there.pcap:name=x")
    click(page, "Add", "dialog button")
    page.wait_for("document.querySelector('dialog .problem[role=alert]').textContent")
    type_into(page, "dialog [name=definition]", f"{street_file}:name=walk")
    wait_text(page, "name walk", "dialog")
    click(page, "Add", "dialog button")
    page.wait_for("document.querySelector('dialog') == null")
    wait_text(page, "walk")
    server.wait_for(lambda: len(server.devices()) >= len(scene.EVERYONE), 30, "the street")
    walk(page, "devices")
    page.wait_for(HAS_ROWS)


def test_remove_a_source(page, street):
    log_in(page, street)
    visit(page, street, "sources")
    click(page, "Remove")
    wait_text(page, "what it heard stays", "dialog")
    click(page, "Keep it")
    page.wait_for("document.querySelector('dialog') == null")
    assert street.sources()
    click(page, "Remove")
    click(page, "Remove it")
    wait_text(page, "No sources")
    page.wait_for("document.querySelector('dialog') == null")
    assert street.sources() == []
    walk(page, "devices")
    page.wait_for(HAS_ROWS)
    assert_clean(page, street.url)


def test_hunt_on_a_phone(page, street):
    be_phone(page)
    log_in(page, street)
    visit(page, street, f"device/{key_of(street, scene.LINKSYS.bssid)}")
    click(page, "Hunt")
    page.wait_for("Number(document.querySelector('.meter')?.ariaValueNow) < 0")
    click(page, "Lock street on channel 6")
    click(page, "Let street hop again")
    street.wait_for(lambda: source(street)[SOURCE + "hopping"] == 1)
    box = page.evaluate("""(({ width, height, bottom }) => ({ width, height, bottom }))(
        document.querySelector(".meter").getBoundingClientRect())""")
    assert box["width"] > 300 and box["height"] > 200 and box["bottom"] < 844
    click(page, "Sound off")
    wait_text(page, "Sound on")
    assert_clean(page, street.url)


def test_set_the_position_and_see_it_on_the_map(page, street):
    log_in(page, street)
    visit(page, street, "map")
    wait_text(page, "Nothing has a place yet")
    walk(page, "system")
    click(page, "Set the position by hand")
    send(page, "position", lat="47.4", lon="8.55")
    wait_text(page, "47.40000°, 8.55000°")
    street.wait_for(lambda: any(device.get(BASE + "location")
                                for device in street.devices().values()), 30, "a place")
    walk(page, "map")
    page.wait_for("/[1-9]\\d* devices? with a place/.test(document.body.innerText)")
    assert "Nothing has a place yet" not in text_of(page)
    assert_clean(page, street.url)


def flood():
    """Many disconnects of one client in a few seconds."""
    attack = air.Scene().add(air.beacon(scene.LINKSYS))
    for _ in range(40):
        attack.add(air.disconnect(scene.LINKSYS.bssid, scene.OPEN_CLIENT, scene.LINKSYS.bssid, 7),
                   step=0.1)
    return attack


def test_read_and_filter_alerts(page, serve, tmp_path):
    capture = flood().write_pcap(tmp_path / "attack.pcap")
    server = serve("-c", f"{capture}:name=attack")
    server.wait_for(lambda: server.json("/alerts/all_alerts.json", login=True), 30, "an alert")
    visit(page, server)
    page.wait_for("/^\\(\\d+\\) /.test(document.title)")
    click(page, "Alerts", ".places span")
    page.wait_for("document.querySelector('.alert') != null")
    header = server.json("/alerts/all_alerts.json", login=True)[-1]["kismet.alert.header"]
    wait_text(page, header)
    page.wait_for("document.title == 'Alerts · norn'")  # they are seen now
    page.evaluate("void document.querySelector('.alert summary').click()")
    click(page, "Acknowledge", ".evidence button")
    page.wait_for("document.querySelectorAll('.alert').length < "
                  f"{len(server.json('/alerts/all_alerts.json', login=True))}")
    page.evaluate("void (location.hash = '#/alerts?severity=20')")
    wait_text(page, "none meets the search")
    walk(page, "alerts?tab=messages")
    wait_text(page, "source attack")
    assert_clean(page, server.url)


def test_keys_are_made_shown_and_ended(page, street):
    log_in(page, street)
    visit(page, street, "system")
    click(page, "Make one")
    send(page, "key", name="wall", role="readonly")
    page.wait_for("/^[0-9A-F]{32}$/.test(document.querySelector('.key-shown')?.textContent)")
    key = text_of(page, ".key-shown")
    assert street.get("/session/check_session", cookies={"KISMET": key}).status_code == 200
    click(page, "Done")
    wait_text(page, "wall")
    click(page, "End")
    street.wait_for(lambda: street.get("/session/check_session",
                                       cookies={"KISMET": key}).status_code == 401)


def test_change_the_password(page, serve):
    server = serve()
    log_in(page, server)
    visit(page, server, "system")
    click(page, "Change the password")
    send(page, "password", password="something else", again="something other")
    wait_text(page, "differ")
    send(page, "password", password="something else", again="something else")
    wait_text(page, "It is changed")
    assert server.get("/session/check_login", auth=(USER, "something else")).status_code == 200
    click(page, "Make one")  # still logged in
    assert_clean(page, server.url)


def test_lose_and_regain_the_server(page, street_file):
    with Server("-c", f"{street_file}:name=street") as first:
        visit(page, first)
        page.wait_for(HAS_ROWS)
        port = first.port
    page.evaluate("dispatchEvent(new Event('pointerdown'))")
    wait_text(page, "The server does not answer")
    assert page.evaluate(HAS_ROWS)  # what was known stays
    wait_text(page, "No connection", ".top")
    with Server("-c", f"{street_file}:name=street", port=port):
        page.wait_for("document.querySelector('.banner') == null", 30)
        page.wait_for("/Connected|Live/.test(document.querySelector('.top').innerText)")


def test_columns_and_colours_are_remembered(page, street):
    visit(page, street)
    page.wait_for(HAS_ROWS)
    click(page, "Columns")
    click(page, "Data", "dialog label")
    click(page, "Close", "dialog button")
    page.wait_for("document.querySelector('[role=grid]').innerText.includes('Data')")
    click(page, "Switch to dark")
    page.wait_for("document.documentElement.dataset.theme == 'dark'")
    visit(page, street)
    page.wait_for(HAS_ROWS)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "Data" in text_of(page, "[role=grid] .head")


def test_lists_are_exported(page, street):
    """The file that the browser would save, as text."""
    visit(page, street, "devices?kind=ap")
    page.wait_for(HAS_ROWS)
    page.evaluate("""void (saved = [], URL.createObjectURL = (blob) => (saved.push(blob),
        "about:blank"), HTMLAnchorElement.prototype.click = () => {})""")
    click(page, "Export")
    for number, name in enumerate(("CSV", "JSON")):
        click(page, name)
        page.wait_for(f"saved.length == {number + 1}")
    comma, listed = (page.evaluate(f"saved[{number}].text()") for number in (0, 1))
    head, *lines = comma.strip().split("\r\n")
    assert head.startswith("key,mac,name") and len(lines) == len(scene.ACCESS_POINTS)
    assert {row["mac"] for row in json.loads(listed)} == {
        ap.bssid.upper() for ap in scene.ACCESS_POINTS}


FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "=cmd|' /C calc'!A0", 'a,"b"', "'=quoted", "-"]


def test_a_saved_list_holds_no_formulas(page, serve, tmp_path):
    """Names off the air that a spreadsheet would compute come into the file with a mark before."""
    cells = air.Scene()
    for index, name in enumerate(FORMULAS):
        cells.add(air.beacon(air.AccessPoint(f"00:13:10:77:00:{index:02x}", name, 6)), 3)
    server = serve("-c", f"{cells.write_pcap(tmp_path / 'cells.pcap')}:name=cells").wait_replayed()
    visit(page, server, "devices?kind=ap")
    page.wait_for(HAS_ROWS)
    page.evaluate("""void (saved = [], URL.createObjectURL = (blob) => (saved.push(blob),
        "about:blank"), HTMLAnchorElement.prototype.click = () => {})""")
    click(page, "Export")
    click(page, "CSV")
    page.wait_for("saved.length == 1")
    lines = list(csv.DictReader(io.StringIO(page.evaluate("saved[0].text()"), newline="")))
    assert {line["name"] for line in lines} == {
        f"'{name}" if name[0] in "=+-@" else name for name in FORMULAS}
    assert not [cell for line in lines for cell in line.values()
                if cell[:1] in ("=", "+", "@", "\t", "\r", "\n")]


def test_events_come_in_under_a_login(page, serve, street_file):
    """Where reads need a login, so do the websockets: they open once there is one."""
    server = serve("-c", f"{street_file}:name=street,loop=true,realtime=true",
                   "--set", "httpd_require_login=always")
    server.wait_for(lambda: server.json("/devices/all_devices.json", login=True), 60, "the street")
    visit(page, server)
    click(page, "Log in", "main button")
    send(page, "login", username=USER, password=PASSWORD)
    page.wait_for(HAS_ROWS)
    wait_text(page, "Live", ".connection")
    page.wait_for(HAS_ROWS)
    server.wait_for(lambda: {url.split("/", 3)[3] for url in page.requests
                             if url.startswith("ws")} == {"eventbus/events.ws",
                                                          "devices/monitor.ws"}, 30, "both")
    walk(page, "sources")
    wait_text(page, "Pause")
    uuid = server.json("/datasource/all_sources.json", login=True)[0][SOURCE + "uuid"]
    server.post(f"/datasource/by-uuid/{uuid}/pause_source.cmd", login=True)
    wait_text(page, "Resume")


def test_everything_is_reached_by_keys(page, street):
    """Tab leads through the places, the tools and the table; arrows and Enter open a row."""
    visit(page, street)
    page.wait_for(HAS_ROWS)
    path = []
    for _ in range(30):
        press(page, "Tab")
        focus = page.evaluate("""((one) => (one.ariaLabel ?? one.placeholder ?? one.textContent)
            .replace(/\\s+/g, " ").trim())(document.activeElement)""")
        path.append(focus)
        if page.evaluate("document.activeElement.role == 'grid'"):
            break
    print("keyboard path:", " → ".join(path))
    assert path[0] == "To the content"
    assert [word for word in path if word in ("Devices", "Networks", "Channels", "Map", "Sources",
                                              "Alerts", "System")][:7]
    assert {"Filter", "Columns", "Export"} <= set(path) and path[-1] == "Devices"
    for _ in range(3):
        press(page, "ArrowDown")
    page.wait_for("document.querySelector('.line.active')?.ariaRowIndex == 4")
    press(page, "Enter")
    page.wait_for("location.hash.startsWith('#/device/')")
    assert faults_of(page) == []


def test_the_ledger_of_listening_is_shown(page, street):
    """A whole minute must have passed for the heat map; before that the page says so."""
    visit(page, street, "channels")
    wait_text(page, "Where we listened")
    wait_text(page, "2.4 GHz")
    assert "No whole minute yet" in text_of(page) or page.evaluate(
        "document.querySelectorAll('.strip').length > 0")
    click(page, "Hour", "main button")
    page.wait_for("location.hash.includes('span=hour')")
    assert_clean(page, street.url)
