"""/devices/views: which there are, what they hold, pages, DataTables, sorting, searching."""
import json
import time

import msgpack
import pytest

from support import street as scene
from support.air import device_key

ALL = "/devices/views/all/devices.json"
NAME = "kismet.device.base.name"
MAC = "kismet.device.base.macaddr"
SIGNAL = "kismet.device.base.signal/kismet.common.signal.last_signal"
FIELDS = [NAME, MAC, ["kismet.device.base.packets.total", "packets"], [SIGNAL, "signal"]]
POINTS = sorted(ap.bssid.upper() for ap in scene.ACCESS_POINTS)
EVERYONE = sorted(mac.upper() for mac in scene.EVERYONE)


def post(server, path, command=None, **variables):
    answer = server.post(path, data={"json": json.dumps(command or {"fields": FIELDS}),
                                     **variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


def addresses(rows):
    return [row[MAC] for row in rows]


@pytest.fixture
def uuid(street):
    return street.sources()[0]["kismet.datasource.uuid"]


# which views there are
def test_views_are_listed_with_their_sizes(street, uuid):
    views = {view["kismet.devices.view.id"]: view
             for view in street.json("/devices/views/all_views.json")}
    assert {name: view["kismet.devices.view.size"] for name, view in views.items()} == {
        "all": len(EVERYONE), "phydot11_accesspoints": len(POINTS),
        "phy-IEEE802.11": len(EVERYONE), "phy-Bluetooth": 0, "phy-BTLE": 0,
        "seenby-" + uuid: len(EVERYONE)}
    assert all(view["kismet.devices.view.description"] for view in views.values())
    assert all(view["kismet.devices.view.indexed"] == 1 for view in views.values())


def test_listed_views_take_fields_and_post(street):
    rows = post(street, "/devices/views/all_views.json",
                {"fields": [["kismet.devices.view.id", "id"]]})
    assert {"id": "all"} in rows


def test_every_listed_view_has_as_many_devices_as_it_says(street):
    for view in street.json("/devices/views/all_views.json"):
        name, size = view["kismet.devices.view.id"], view["kismet.devices.view.size"]
        assert len(street.json(f"/devices/views/{name}/devices.json")) == size


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["all/devices", "phy-IEEE802.11/devices", "phy/IEEE802.11/devices",
                                  "all/last-time/1/devices", "phy/IEEE802.11/last-time/1/devices",
                                  "phy-IEEE802.11/last-time/-100000/devices"])
def test_views_of_everyone(street, method, path):
    answer = street.request(method, f"/devices/views/{path}.json")
    assert sorted(addresses(answer.json())) == EVERYONE
    assert "dot11.device" in answer.json()[0]


def test_view_of_access_points(street):
    assert sorted(addresses(street.json(
        "/devices/views/phydot11_accesspoints/devices.json"))) == POINTS


@pytest.mark.parametrize("case", ["upper", "lower"])
def test_views_of_a_source(street, uuid, case):
    named = getattr(uuid, case)()
    for path in (f"seenby-{named}/devices", f"seenby-uuid/{named}/devices",
                 f"seenby-uuid/{named}/last-time/1/devices"):
        assert sorted(addresses(street.json(f"/devices/views/{path}.json"))) == EVERYONE


def test_views_tell_sources_apart(serve, tmp_path, street_file):
    from support.air import Scene, probe_request
    lone = "02:00:00:00:00:01"
    path = Scene().add(probe_request(lone)).write_pcap(tmp_path / "lone.pcap")
    server = serve("-c", f"{street_file}:name=first", "-c", f"{path}:name=second").wait_replayed()
    uuids = {source["kismet.datasource.name"]: source["kismet.datasource.uuid"]
             for source in server.sources()}
    assert addresses(server.json(
        f"/devices/views/seenby-{uuids['second']}/devices.json")) == [lone.upper()]
    assert sorted(addresses(server.json(
        f"/devices/views/seenby-{uuids['first']}/devices.json"))) == EVERYONE


def test_old_name_of_the_view_of_all(street):
    assert sorted(addresses(street.json("/devices/summary/devices.json"))) == EVERYONE
    page = post(street, "/devices/summary/devices.json", page=0, length=3)
    assert len(page["data"]) == 3 and page["total_row"] == len(EVERYONE)


@pytest.mark.parametrize("path", ["nothing", "phy-nothing", "phy-", "seenby-nothing", "All",
                                  "phy/nothing", "seenby-uuid/nothing",
                                  "seenby-00000000-0000-0000-0000-000000000000"])
def test_unknown_views_are_404_and_say_where_to_look(street, path):
    answer = street.get(f"/devices/views/{path}/devices.json")
    assert answer.status_code == 404
    assert ".json" in answer.text


def test_views_may_be_switched_off(serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "track_device_seenby_views=false",
                   "--set", "track_device_phy_views=false", "--set",
                   "dot11_view_accesspoints=false").wait_replayed()
    views = server.json("/devices/views/all_views.json")
    assert [view["kismet.devices.view.id"] for view in views] == ["all"]
    for path in ("phy-IEEE802.11", "phy/IEEE802.11", "phydot11_accesspoints",
                 "seenby-" + server.sources()[0]["kismet.datasource.uuid"]):
        assert server.get(f"/devices/views/{path}/devices.json").status_code == 404


# time
def test_last_time_takes_the_very_second(street):
    device = max(street.devices().values(), key=lambda one: one["kismet.device.base.mod_time"])
    newest = device["kismet.device.base.mod_time"]
    for path, command in ((f"/devices/views/all/last-time/{newest}/devices.json", {}),
                          (ALL, {"last_time": newest})):
        assert device[MAC] in addresses(post(street, path, command))
    for path, command in ((f"/devices/views/all/last-time/{newest + 1}/devices.json", {}),
                          (ALL, {"last_time": newest + 1})):
        assert post(street, path, command) == []


def test_negative_last_time_counts_back_from_now(serve, street_file):
    server = serve("-c", f"{street_file}:name=once").wait_replayed()
    assert len(post(server, ALL, {"last_time": -60})) == len(EVERYONE)
    server.wait_for(lambda: post(server, ALL, {"last_time": -1}) == [], 10, "two seconds to pass")
    page = post(server, ALL, {"last_time": -1}, page=0, length=5)
    assert page == {"data": [], "last_page": 0, "last_row": 0, "total_row": len(EVERYONE)}


@pytest.mark.parametrize("last_time", ["soon", 1.5, [1], {"a": 1}])
def test_last_time_of_another_kind_is_400(street, last_time):
    answer = street.post(ALL, json={"last_time": last_time})
    assert answer.status_code == 400 and "last_time" in answer.text


# pages
@pytest.mark.parametrize("name", ["length", "size"])
def test_pages_hold_everyone_once(street, name):
    seen, number = [], 0
    while True:
        page = post(street, ALL, page=number, **{name: 4})
        assert set(page) == {"data", "last_page", "last_row", "total_row"}
        assert (page["last_page"], page["last_row"], page["total_row"]) == (3, 10, 10)
        seen += addresses(page["data"])
        number += 1
        if number == page["last_page"]:
            break
    assert sorted(seen) == EVERYONE


def test_pages_by_get_and_query(street):
    page = street.json(ALL + "?page=1&length=8")
    assert len(page["data"]) == 2 and "dot11.device" in page["data"][0]


def test_pages_by_members_of_the_command(street):
    page = post(street, ALL, {"fields": FIELDS, "page": 0, "size": 4, "sort": NAME})
    assert len(page["data"]) == 4


def test_length_0_goes_to_the_end(street):
    page = post(street, ALL, page=0, length=0)
    assert len(page["data"]) == len(EVERYONE) and page["last_page"] == 1


@pytest.mark.parametrize("number", [3, 1000, 4294967295, 2**62])
def test_a_page_past_the_end_is_the_first(street, number):
    assert post(street, ALL, page=number, length=4) == post(street, ALL, page=0, length=4)


def test_pages_of_msgpack_and_lines(street):
    command = {"json": json.dumps({"fields": [MAC]}), "page": 1, "length": 4}
    page = msgpack.unpackb(street.post(ALL.replace("json", "msgpack"), data=command).content)
    assert len(page["data"]) == 4 and page["last_page"] == 3
    lines = street.post(ALL.replace("json", "itjson"), data=command).text.splitlines()
    assert [json.loads(line) for line in lines] == page["data"]


@pytest.mark.parametrize("variables", [{"page": "x"}, {"page": -1, "length": 5},
                                       {"page": 0, "length": "many"}, {"page": 0, "length": -1},
                                       {"page": 0}, {"page": "1.5", "size": 5},
                                       {"sort": NAME, "sort_dir": "up"},
                                       {"sort": NAME, "order": "asc"},
                                       {"draw": 1, "start": -4}, {"draw": "<b>"},
                                       {"search": "x" * 300, "page": 0, "length": 1}])
def test_bad_pages_are_400_with_a_reason(street, variables):
    answer = street.post(ALL, data={"json": json.dumps({"fields": [MAC]}), **variables})
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request: ") and len(answer.text) > 30


# sorting
def test_order_says_what_it_means(street):
    for path, name in ((NAME, NAME), ("kismet.device.base.packets.total", "packets"),
                       (SIGNAL, "signal"), (MAC, MAC)):
        rows = post(street, ALL, sort=path, order="ascending")
        values = [row[name] for row in rows]
        assert values == sorted(values)
        rows = post(street, ALL, sort=path, order="descending")
        values = [row[name] for row in rows]
        assert values == sorted(values, reverse=True)


def test_sort_dir_is_kismets_where_asc_puts_the_larger_first(street):
    packets = [row["packets"] for row in post(
        street, ALL, sort="kismet.device.base.packets.total", sort_dir="asc")]
    assert packets == sorted(packets, reverse=True)
    packets = [row["packets"] for row in post(
        street, ALL, sort="kismet.device.base.packets.total", sort_dir="desc")]
    assert packets == sorted(packets)
    assert post(street, ALL, sort=MAC) == post(street, ALL, sort=MAC, order="ascending")


def test_sorted_pages_are_parts_of_the_sorted_list(street):
    whole = post(street, ALL, sort=MAC, order="descending")
    parts = [post(street, ALL, sort=MAC, order="descending", page=number, length=3)["data"]
             for number in range(4)]
    assert sum(parts, []) == whole


def test_records_without_the_field_come_first_or_last(street):
    ssid = "dot11.device/dot11.device.last_beaconed_ssid"
    rows = post(street, ALL, {"fields": [[ssid, "ssid"]]}, sort=ssid, order="ascending")
    ssids = [row["ssid"] for row in rows]
    assert ssids[:5] == [0] * 5 and ssids[5:] == sorted(ssids[5:])
    rows = post(street, ALL, {"fields": [[ssid, "ssid"]]}, sort=ssid, order="descending")
    assert [row["ssid"] for row in rows][5:] == [0] * 5


@pytest.mark.parametrize("path", ["no.such.field", "dot11.device", "a/b/c", "/",
                                  "dot11.device/dot11.device.advertised_ssid_map"])
def test_sorting_by_what_has_no_order_keeps_the_lists_own(street, path):
    assert post(street, ALL, sort=path) == post(street, ALL)


# searching
@pytest.mark.parametrize("term,names", [("LINK", ["linksys"]), ("foo", ["barfoo", "foobar"]),
                                        ("nothing like that", []), ("f09fc2", ["barfoo"]),
                                        ("F0:9F", ["barfoo"]), ("c2:aa", ["barfoo"])])
def test_search_in_the_fields_asked_for(street, term, names):
    rows = post(street, ALL, search=term)
    assert sorted(row[NAME] for row in rows) == names


def test_search_looks_at_nothing_else(street):
    assert post(street, ALL, {"fields": [MAC]}, search="linksys") == []
    assert len(street.json(ALL + "?search=linksys")) == len(EVERYONE)  # no fields: no search


def test_search_counts_in_pages(street):
    page = post(street, ALL, search="foo", page=0, length=1, sort=NAME)
    assert [row[NAME] for row in page["data"]] == ["barfoo"]
    assert (page["last_page"], page["last_row"], page["total_row"]) == (2, 2, 10)


def test_search_regex_time_sort_and_page_together(street):
    command = {"fields": FIELDS, "last_time": 1, "regex": [[NAME, "^(bar|link)"]]}
    page = post(street, ALL, command, search="f0:9f", sort=NAME, page=0, length=5)
    assert [row[NAME] for row in page["data"]] == ["barfoo"]
    assert (page["last_row"], page["total_row"]) == (1, 10)


def test_a_single_device_is_not_chosen_by_patterns(street):
    path = f"/devices/by-key/{device_key(scene.LINKSYS.bssid)}/device.json"
    device = street.post(path, json={"fields": [NAME], "regex": [[NAME, "nothing"]]})
    assert device.json() == {NAME: "linksys"}


def test_bad_regex_says_where(street):
    answer = street.post(ALL, json={"regex": [[NAME, "ab[c"]]})
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid regex: ") and "offset 4" in answer.text
    answer = street.post(ALL, json={"regex": [NAME, "x"]})
    assert answer.status_code == 400 and answer.text.startswith("Invalid regex: ")


# DataTables
TABLE = {"datatable": True, "fields": FIELDS, "colmap": {
    "0": NAME, "1": [MAC], "2": [["kismet.device.base.packets.total", "packets"]]}}


def test_datatables_answer(street):
    answer = post(street, ALL, TABLE, draw=7, start=2, length=3)
    assert set(answer) == {"draw", "data", "recordsTotal", "recordsFiltered"}
    assert (answer["draw"], answer["recordsTotal"], answer["recordsFiltered"]) == (7, 10, 10)
    assert len(answer["data"]) == 3 and set(answer["data"][0]) == {NAME, MAC, "packets", "signal"}


@pytest.mark.parametrize("column,key", [("0", NAME), ("1", MAC), ("2", "packets")])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_datatables_order_is_datatables_own(street, column, key, direction):
    rows = post(street, ALL, TABLE, **{"order[0][column]": column,
                                       "order[0][dir]": direction})["data"]
    values = [row[key] for row in rows]
    assert values == sorted(values, reverse=direction == "desc")


def test_datatables_search(street):
    answer = post(street, ALL, TABLE, **{"search[value]": "FOO", "draw": 2})
    assert sorted(row[NAME] for row in answer["data"]) == ["barfoo", "foobar"]
    assert (answer["draw"], answer["recordsTotal"], answer["recordsFiltered"]) == (2, 10, 2)


def test_datatables_length_is_capped(serve, tmp_path):
    from support.air import Scene, probe_request
    crowd = Scene()
    for number in range(600):
        crowd.add(probe_request("02:00:00:00:%02x:%02x" % divmod(number, 256)), step=0.001)
    server = serve("-c", f"{crowd.write_pcap(tmp_path / 'crowd.pcap')}:name=crowd").wait_replayed()
    for length in (600, -1, 0, 10**9):
        answer = post(server, ALL, {"datatable": True, "fields": [MAC]}, length=length)
        assert len(answer["data"]) == 500
        assert answer["recordsFiltered"] == 600
    assert len(post(server, ALL, {"fields": [MAC]}, page=0, length=600)["data"]) == 600


def test_datatables_start_past_the_end_is_the_beginning(street):
    first = post(street, ALL, TABLE, start=0, length=2)
    assert post(street, ALL, TABLE, start=5000, length=2) == first


def test_datatables_without_the_command_is_known_by_draw_and_its_columns(street):
    """What DataTables sends by itself: names with escaped dots, in order of the columns."""
    columns = {"columns[0][data]": MAC.replace(".", "\\."),
               "columns[1][data]": NAME.replace(".", "\\."),
               "columns[2][data]": "kismet\\.device\\.base\\.signal.kismet\\.common\\.signal"
                                   "\\.last_signal"}
    answer = street.get(ALL, params={**columns, "draw": 1, "start": 0, "length": 4,
                                     "order[0][column]": 2, "order[0][dir]": "desc"}).json()
    signals = [row["kismet.device.base.signal"]["kismet.common.signal.last_signal"]
               for row in answer["data"]]
    assert answer["draw"] == 1 and signals == sorted(signals, reverse=True)
    answer = street.get(ALL, params={**columns, "draw": 2, "search[value]": "linksys"}).json()
    assert [row[NAME] for row in answer["data"]] == ["linksys"]
    answer = street.get(ALL, params={**columns, "draw": 3, "search[value]": "maker"}).json()
    assert answer["recordsFiltered"] == 0  # only what the columns show


def test_datatables_of_many_columns(street):
    variables = {f"columns[{number}][{name}]": "x" for number in range(60)
                 for name in ("data", "name", "searchable", "orderable", "search][value",
                              "search][regex")}
    assert street.post(ALL, data={**variables, "draw": 1}).json()["draw"] == 1


def test_no_mode_is_a_bare_array(street):
    assert isinstance(street.json(ALL), list)
    assert isinstance(post(street, ALL, {"datatable": False, "fields": [MAC]}), list)
    assert isinstance(post(street, ALL, sort=MAC, search="foo"), list)


def test_many_at_once_get_the_same_page(street):
    """Concurrent questions share one answer; it must be the answer to theirs."""
    from concurrent.futures import ThreadPoolExecutor

    def ask(number):
        path, order = ((MAC, "ascending"), (NAME, "descending"))[number % 2]
        return number % 2, post(street, ALL, sort=path, order=order, page=0, length=3)["data"]
    expected = {number % 2: ask(number)[1] for number in (0, 1)}
    with ThreadPoolExecutor(16) as pool:
        for which, rows in pool.map(ask, range(200)):
            assert rows == expected[which]


# by-mac and multimac, multikey
@pytest.mark.parametrize("mask,names", [("FF:FF:FF:FF:FF:FF", ["linksys"]),
                                        ("FF:FF:FF:00:00:00", ["linksys"]),
                                        ("00:00:00:00:00:00", None),
                                        ("00:00:00:FF:00:00", None)])
def test_by_mac_with_a_mask(street, mask, names):
    rows = street.json(f"/devices/by-mac/{scene.LINKSYS.bssid}%2F{mask}/devices.json")
    if names:
        assert [row[NAME] for row in rows] == names
    else:
        wanted = EVERYONE if mask.startswith("00:00:00:00") else [
            mac for mac in EVERYONE if mac[9:11] == "AA"]
        assert sorted(addresses(rows)) == wanted


@pytest.mark.parametrize("mask", ["", "FF", "GG:FF:FF:FF:FF:FF", "FF:FF:FF:00:00:00:00"])
def test_bad_masks_are_400(street, mask):
    answer = street.get(f"/devices/by-mac/{scene.LINKSYS.bssid}%2F{mask}/devices.json")
    assert answer.status_code == 400 and "MAC" in answer.text


def test_multimac(street):
    devices = [scene.LINKSYS.bssid, "f0:9f:c2:00:00:00/ff:ff:ff:00:00:00", "00:00:5e:00:53:01"]
    rows = post(street, "/devices/multimac/devices.json", {"devices": devices, "fields": FIELDS})
    assert sorted(row[NAME] for row in rows) == ["barfoo", "linksys"]
    everything = ["00:00:00:00:00:00/00:00:00:00:00:00"]
    assert len(post(street, "/devices/multimac/devices.json", {"devices": everything})) == 10


def test_multikey_and_as_object(street):
    keys = [device_key(mac) for mac in (scene.LINKSYS.bssid, scene.PROBER, "00:00:5e:00:53:01")]
    command = {"devices": keys, "fields": [MAC]}
    rows = post(street, "/devices/multikey/devices.json", command)
    assert sorted(addresses(rows)) == sorted([scene.LINKSYS.bssid.upper(), scene.PROBER.upper()])
    found = post(street, "/devices/multikey/as-object/devices.json", command)
    assert found == {keys[0]: {MAC: scene.LINKSYS.bssid.upper()},
                     keys[1]: {MAC: scene.PROBER.upper()}}


@pytest.mark.parametrize("path", ["multimac", "multikey", "multikey/as-object"])
@pytest.mark.parametrize("command", [{}, {"devices": 5}, {"devices": [5]}, {"devices": None},
                                     {"devices": ["nonsense"]}, {"device": ["x"]},
                                     {"devices": {"a": "b"}}])
def test_lists_of_devices_that_are_none_are_400(street, path, command):
    answer = street.post(f"/devices/{path}/devices.json", json=command)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request: ") and len(answer.text) > 40
    assert street.get(f"/devices/{path}/devices.json").status_code == 405
