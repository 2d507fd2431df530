"""Both _dt URIs in a real jQuery DataTable, and the page of docs/datatables.md as it stands there.

Input: Debian's libjs-jquery and libjs-jquery-datatables, `norn --demo`, a hostile capture. Output:
cells, compared with the very bytes the browser got; whatever DataTables warned of.
"""
import json
import os
import re
import time

import pytest

from hostile import hostile_scene, is_untouched
from support.air import AccessPoint, Scene, beacon
from support.norn import ROOT
from website import Site

JAVASCRIPT = "/usr/share/javascript"
WATCH = """
window.warnings = [];
$.fn.dataTable.ext.errMode = (settings, note, message) => warnings.push(message);
"""
PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script src="jquery/jquery.min.js"></script>
<script src="jquery-datatables/jquery.dataTables.min.js"></script>
<table id="table"></table><script>""" + WATCH + "</script>"


@pytest.fixture(autouse=True)
def libraries():
    if not os.path.exists(JAVASCRIPT + "/jquery-datatables/jquery.dataTables.min.js"):
        if os.environ.get("CI") == "true":
            pytest.fail("in CI DataTables must be there: libjs-jquery libjs-jquery-datatables")
        pytest.skip("needs Debian's libjs-jquery and libjs-jquery-datatables")


def escaped(name):
    return name.replace(".", "\\.")


def paths_of(value, path=()):
    """Every member that a column can show: scalars, at any depth, and lists of scalars."""
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from paths_of(inner, path + (name,))
        elif not isinstance(inner, list):
            yield path + (name,)
        elif not any(isinstance(item, (dict, list)) for item in inner):
            yield path + (name, "[,]")


def column(path):
    """The column of a path; only what lies inside a record may be lacking."""
    names = [name for name in path if name != "[,]"]
    data = ".".join(map(escaped, names)) + ("[,]" if path[-1] == "[,]" else "")
    lacking = {"defaultContent": ""} if len(names) > 1 else {}
    return {"title": names[-1], "data": data, **lacking}


def as_text(value):
    """A value as JavaScript prints it."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def expected(row, path):
    """Text of the cell; empty where the row lacks the record that the path goes into."""
    for name in path:
        if name == "[,]":
            return ",".join(map(as_text, row))
        if row == 0:
            return ""
        row = row[name]
    return as_text(row)


def load_table(page, path, columns):
    """Makes the table and waits until it has drawn what it loaded."""
    page.evaluate(f"""void (window.loaded = new Promise((done) => $("#table").DataTable({{
        ajax: {json.dumps(path)}, paging: false, order: [], initComplete: done,
        columns: {json.dumps(columns)},
        columnDefs: [{{ targets: "_all", render: $.fn.dataTable.render.text() }}] }})))""")
    page.evaluate("loaded.then(() => true)")


CELLS = """[...document.querySelectorAll("tbody tr")].map(
    (row) => [...row.cells].map((cell) => cell.textContent))"""


def check_table(page, path, least_rows):
    """Every member of every row of `path` is a cell; DataTables warned of nothing."""
    rows = page.evaluate(f"fetch({json.dumps(path)}).then((reply) => reply.json())")["aaData"]
    paths = max((list(paths_of(row)) for row in rows), key=len)
    load_table(page, path, [column(one) for one in paths])
    rows = json.loads(page.body_of(path + "?_="))["aaData"]
    assert len(rows) >= least_rows
    cells = page.evaluate(CELLS)
    assert cells == [[expected(row, one) for one in paths] for row in rows]
    assert page.evaluate("warnings") == []
    assert not page.faults and not page.dialogs
    return paths


@pytest.mark.parametrize("path,least_rows,least_columns", [
    ("/devices/all_devices_dt.json", 10, 30), ("/phy/all_phys_dt.json", 1, 8)])
def test_every_member_of_every_row_is_a_cell(page, demo, path, least_rows, least_columns):
    with Site({"/page.html": PAGE}, JAVASCRIPT, behind=demo) as site:
        page.open(site.url + "/page.html")
        paths = check_table(page, path, least_rows)
    assert len(paths) >= least_columns


def test_names_with_bare_dots_are_warned_of(page, demo):
    """What the documentation says happens, and that the watch above sees it."""
    with Site({"/page.html": PAGE}, JAVASCRIPT, behind=demo) as site:
        page.open(site.url + "/page.html")
        load_table(page, "/devices/all_devices_dt.json", [{"data": "kismet.device.base.key"}])
    warnings = page.evaluate("warnings")
    assert warnings and "unknown parameter 'kismet.device.base.key'" in warnings[0]


def test_a_server_without_devices_is_an_empty_table(page, serve):
    with Site({"/page.html": PAGE}, JAVASCRIPT, behind=serve()) as site:
        page.open(site.url + "/page.html")
        load_table(page, "/devices/all_devices_dt.json", [column(["kismet.device.base.key"])])
    assert page.evaluate(CELLS) == [["No data available in table"]]
    assert page.evaluate("warnings") == []


def documented_page():
    """The page in docs/datatables.md."""
    with open(os.path.join(ROOT, "docs", "datatables.md"), encoding="utf-8") as file:
        return re.search(r"^```html\n(.*?)^```$", file.read(), re.S | re.M).group(1)


def open_documented_page(page, site, server):
    """The documented page, but for the server's port and a watch for warnings before the table."""
    text = documented_page()
    assert text.count("http://localhost:2501") == 1 and text.count("<script>\n") == 1
    site.pages["/devices.html"] = text.replace("http://localhost:2501", server.url).replace(
        "<script>\n", "<script>\n" + WATCH)
    page.open(site.url + "/devices.html")
    page.wait_for("document.querySelector('tbody td:nth-child(2)') != null")
    assert page.evaluate("warnings") == []


def allow(site):
    return ("--set", "httpd_allow_cors=true", "--set", f"httpd_allowed_origin={site.url}")


def test_the_documented_page_shows_the_devices(page, serve, street_file):
    with Site({"/favicon.ico": ""}, JAVASCRIPT) as site:
        server = serve("-c", f"{street_file}:name=street", *allow(site)).wait_replayed()
        open_documented_page(page, site, server)
        assert page.evaluate("$('#devices').DataTable().rows().count()") == len(server.devices())
        linksys = next(row for row in page.evaluate(CELLS) if row[0] == "linksys")
        assert not page.faults
    device = server.devices()[linksys[1]]
    assert linksys[2:5] == ["Wi-Fi AP", "Open", "6"]
    assert linksys[5] == str(device["kismet.device.base.signal"]
                             ["kismet.common.signal.last_signal"])
    assert linksys[6] == str(device["kismet.device.base.packets.total"])


def test_the_documented_page_is_refused_without_the_option(page, serve, street_file):
    with Site({"/favicon.ico": ""}, JAVASCRIPT) as site:
        server = serve("-c", f"{street_file}:name=street").wait_replayed()
        site.pages["/devices.html"] = documented_page().replace("http://localhost:2501",
                                                                server.url)
        page.open(site.url + "/devices.html")
        until = time.monotonic() + 30
        while not any("CORS" in fault for fault in page.faults) and time.monotonic() < until:
            time.sleep(0.05)
    assert any("blocked by CORS policy" in fault for fault in page.faults)
    assert page.evaluate("$('#devices').DataTable().rows().count()") == 0


def test_hostile_names_are_text_in_the_documented_page(page, serve, tmp_path):
    capture = hostile_scene().write_pcap(tmp_path / "hostile.pcap")
    with Site({"/favicon.ico": ""}, JAVASCRIPT) as site:
        server = serve("-c", f"{capture}:name=hostile", *allow(site)).wait_replayed()
        open_documented_page(page, site, server)
        page.evaluate("$('#devices').DataTable().page.len(-1).draw()")
        shown = {row[1]: row[0] for row in page.evaluate(CELLS)}
        names = {address: device["kismet.device.base.commonname"]
                 for address, device in server.devices().items()}
        assert shown == names
        assert page.evaluate("document.querySelectorAll('td *').length") == 0
        assert is_untouched(page, "Devices")


# norn sorts and searches
SETUP = """const norn = "", base = "kismet.device.base.";
const member = (name) => name.replaceAll(".", "\\\\.");"""


def documented_call():
    """The call of DataTable with serverSide in docs/datatables.md."""
    with open(os.path.join(ROOT, "docs", "datatables.md"), encoding="utf-8") as file:
        return next(block for block in re.findall(r"^```js\n(.*?)^```$", file.read(), re.S | re.M)
                    if "serverSide" in block)


def drawn(page, action):
    """The cells after something that makes the table draw anew."""
    page.evaluate(f"""void (window.drawn = new Promise((done) =>
        $("table").one("draw.dt", done) && {action}))""")
    page.evaluate("drawn.then(() => true)")
    return page.evaluate(CELLS)


def test_norn_sorts_and_searches_for_the_documented_call(page, serve, tmp_path):
    made = Scene()
    for number in range(23):
        ap = AccessPoint(f"00:13:10:00:00:{number:02x}", f"net {number:02}", 6)
        for _ in range(1 + number * 7 % 23):
            made.add(beacon(ap), 6, -90 + number)
    server = serve("-c", f"{made.write_pcap(tmp_path / 'nets.pcap')}:name=nets").wait_replayed()
    script = documented_call().replace("#devices", "#table")
    with Site({"/page.html": f"{PAGE}<script>{SETUP}{script}</script>"}, JAVASCRIPT,
              behind=server) as site:
        page.open(site.url + "/page.html")
        page.wait_for("document.querySelector('tbody td:nth-child(5)') != null")
        names = [row[0] for row in page.evaluate(CELLS)]
        assert names == [f"net {number:02}" for number in range(10)]
        rows = drawn(page, "$('#table').DataTable().page('next').draw('page')")
        assert [row[0] for row in rows] == [f"net {number:02}" for number in range(10, 20)]
        for column in (3, 4):
            for direction in ("asc", "desc"):
                rows = drawn(page, f"$('#table').DataTable().order([{column}, '{direction}'])"
                                   ".page.len(100).draw()")
                numbers = [int(row[column]) for row in rows]
                assert numbers == sorted(numbers, reverse=direction == "desc")
                assert len(set(numbers)) == 23
        rows = drawn(page, "$('#table').DataTable().search('NET 1').draw()")
        assert sorted(row[0] for row in rows) == [f"net {number}" for number in range(10, 20)]
        assert "filtered from 23" in page.evaluate("document.querySelector('.dataTables_info')"
                                                   ".textContent")
        rows = drawn(page, "$('#table').DataTable().search('no such net').draw()")
        assert rows == [["No matching records found"]]
        assert page.evaluate("warnings") == [] and not page.faults
