"""/alerts: every row, GET and POST, in the formats that matter; define, raise; clients' habits."""
import json
import re
import time

import msgpack
import pytest
import requests

from attack_captures import deauths, phone
from support import typed
from support.norn import PASSWORD, USER

ALERT = "kismet.alert."
DEFINITION = "kismet.alert.definition."
FIELDS = {ALERT + name for name in (
    "device_key", "header", "class", "hash", "severity", "phy_id", "timestamp", "transmitter_mac",
    "source_mac", "dest_mac", "other_mac", "channel", "frequency", "text", "location")}


@pytest.fixture(scope="module")
def flooded(tmp_path_factory):
    """A server that has read a capture with two floods, and raises an alert at its start."""
    from support.norn import Server
    path = str(deauths(25).write_pcap(tmp_path_factory.mktemp("alerts") / "flood.pcap"))
    with Server("-c", path, "--set", "load_alert=WELCOME:good morning") as server:
        server.wait_replayed()
        server.wait_for(lambda: len(alerts(server)) == 3, 5, "alerts")
        yield server


@pytest.fixture(scope="module")
def desk():
    """A server without a source, to define and raise at."""
    from support.norn import Server
    with Server() as server:
        yield server


def alerts(server, path="all_alerts", **options):
    return server.json(f"/alerts/{path}.json", **options)


def floods(server):
    return [alert for alert in alerts(server) if alert[ALERT + "header"] == "DEAUTHFLOOD"]


def headers(server, path="all_alerts"):
    return [alert[ALERT + "header"] for alert in alerts(server, path)]


def post(server, path, command, login=True):
    return server.post(path, data={"json": json.dumps(command)}, login=login)


def define(server, name, login=True, **extra):
    command = {"name": name, "description": f"about {name}", "throttle": "100/min",
               "burst": "100/sec", **extra}
    return post(server, "/alerts/definitions/define_alert.cmd", command, login)


def throw(server, name, text="it happened", path="raise_alert", login=True, **extra):
    return post(server, f"/alerts/{path}.cmd", {"name": name, "text": text, **extra}, login)


def definition(server, name):
    return next((row for row in server.json("/alerts/definitions.json")
                 if row[DEFINITION + "header"] == name), None)


# what an alert is
def test_an_alert_has_every_member(flooded):
    alert, _ = floods(flooded)
    assert FIELDS <= set(alert)
    assert alert[ALERT + "class"] == "DENIAL" and alert[ALERT + "severity"] == 10
    assert alert[ALERT + "transmitter_mac"] == "00:13:10:00:00:01"
    assert alert[ALERT + "dest_mac"] == "3C:37:86:00:00:02"
    assert alert[ALERT + "channel"] == "6" and alert[ALERT + "frequency"] == 2437000
    assert alert[ALERT + "phy_id"] == 0
    assert "00:13:10:00:00:01" in alert[ALERT + "text"]
    assert abs(alert[ALERT + "timestamp"] - time.time()) < 60
    assert alert["norn.alert.packet_time"] == pytest.approx(1704067201.05)
    assert alert[ALERT + "location"]["kismet.common.location.geopoint"] == [0, 0]


def test_the_device_counts_its_alerts(flooded):
    key = floods(flooded)[-1][ALERT + "device_key"]
    device = flooded.json(f"/devices/by-key/{key}/device.json")
    assert device["kismet.device.base.macaddr"] == "00:13:10:00:00:01"
    assert device["kismet.device.base.num_alerts"] == 2


def test_an_alert_names_its_source(flooded):
    source, = flooded.sources()
    alert = flooded.wait_for(lambda: next((row for row in floods(flooded)
                                           if "norn.alert.datasource" in row), None), 5, "UUID")
    assert alert["norn.alert.datasource"] == source["kismet.datasource.uuid"]
    assert "norn.alert.coverage" not in alert  # a file has listened to nothing


def test_an_alert_of_the_configuration(flooded):
    alert = next(row for row in alerts(flooded) if row[ALERT + "header"] == "WELCOME")
    assert alert[ALERT + "text"] == "good morning"
    assert alert[ALERT + "class"] == "SYSTEM" and alert[ALERT + "severity"] == 20
    assert alert[ALERT + "phy_id"] == 4294967295
    assert "norn.alert.packet_time" not in alert


# lists
def test_all_alerts_by_get_and_post(flooded):
    assert sorted(headers(flooded)) == ["DEAUTHFLOOD", "DEAUTHFLOOD", "WELCOME"]
    assert post(flooded, "/alerts/all_alerts.json", {}, login=False).json() == alerts(flooded)
    times = [alert[ALERT + "timestamp"] for alert in alerts(flooded)]
    assert times == sorted(times) and len(set(times)) == 3


def test_newer_than_each_alert(flooded):
    """Strictly newer, to the microsecond: the time of an alert leaves out that alert itself."""
    whole = alerts(flooded)
    for index, alert in enumerate(whole):
        since = f"{alert[ALERT + 'timestamp']:.6f}"
        assert alerts(flooded, f"last-time/{since}/alerts") == whole[index + 1:]
        before = f"{alert[ALERT + 'timestamp'] - 0.000002:.6f}"
        assert alert in alerts(flooded, f"last-time/{before}/alerts")


@pytest.mark.parametrize("since,count", [("0", 3), ("0.0", 3), ("1000.000001", 3), ("-3600", 3),
                                         ("-3600.5", 3), ("99999999999", 0), ("-0.000001", 0)])
def test_times_with_and_without_decimals(flooded, since, count):
    assert len(alerts(flooded, f"last-time/{since}/alerts")) == count
    wrapped = alerts(flooded, f"wrapped/last-time/{since}/alerts")
    assert len(wrapped["kismet.alert.list"]) == count


@pytest.mark.parametrize("since", ["now", "1.2.3", "nan", "inf", "1e400", "%20"])
def test_a_time_that_is_none_is_400(flooded, since):
    for path in ("", "wrapped/"):
        assert flooded.get(f"/alerts/{path}last-time/{since}/alerts.json").status_code == 400


def test_wrapped(flooded):
    answer = alerts(flooded, "wrapped/last-time/0/alerts")
    assert set(answer) == {"kismet.alert.list", "kismet.alert.timestamp"}
    assert answer["kismet.alert.list"] == alerts(flooded)
    assert abs(answer["kismet.alert.timestamp"] - time.time()) < 5
    assert isinstance(answer["kismet.alert.timestamp"], float)
    again = alerts(flooded, f"wrapped/last-time/{answer['kismet.alert.timestamp']:.6f}/alerts")
    assert again["kismet.alert.list"] == []


def test_a_field_list_takes_members_of_the_wrapper(flooded):
    answer = post(flooded, "/alerts/wrapped/last-time/0/alerts.json",
                  {"fields": [["kismet.alert.timestamp", "now"]]}, login=False).json()
    assert set(answer) == {"now"}


def test_a_field_list_takes_members_of_each_alert(flooded):
    answer = post(flooded, "/alerts/all_alerts.json",
                  {"fields": ["kismet.alert.header", ["kismet.alert.location/"
                              "kismet.common.location.geopoint", "where"]]}, login=False).json()
    assert answer[0] == {"kismet.alert.header": alerts(flooded)[0][ALERT + "header"],
                         "where": [0, 0]}


def test_by_id(flooded):
    for alert in alerts(flooded):
        path = f"by-id/{alert[ALERT + 'hash']}/alert"
        assert alerts(flooded, path) == alert
        assert post(flooded, f"/alerts/{path}.json", {}, login=False).json() == alert


@pytest.mark.parametrize("number", ["1", "-1", "99999999999", "x"])
def test_by_id_of_nobody_is_404_with_a_dictionary(flooded, number):
    answer = flooded.get(f"/alerts/by-id/{number}/alert.json")
    assert answer.status_code == 404 and answer.json() == {}
    packed = flooded.get(f"/alerts/by-id/{number}/alert.msgpack")
    assert packed.status_code == 404 and msgpack.unpackb(packed.content) == {}


@pytest.mark.parametrize("suffix", ["itjson", "ekjson"])
def test_lines(flooded, suffix):
    for path in ("all_alerts", "last-time/0.0/alerts"):
        lines = flooded.get(f"/alerts/{path}.{suffix}").text.splitlines()
        names = [json.loads(line)[ALERT.replace(".", "_") + "header" if suffix == "ekjson"
                                  else ALERT + "header"] for line in lines]
        assert names == headers(flooded)
    assert flooded.get(f"/alerts/last-time/99999999999.5/alerts.{suffix}").content == b""


def test_msgpack_plain_and_typed(flooded):
    assert flooded.msgpack("/alerts/all_alerts.msgpack") == alerts(flooded)
    answer = flooded.get("/alerts/wrapped/last-time/0/alerts.msgpack?msgpack=typed")
    wrapped = typed.decode(answer.content)
    assert [row[ALERT + "header"] for row in wrapped["kismet.alert.list"]] == headers(flooded)


# definitions
STOCK = {
    "DEAUTHFLOOD": ("DENIAL", 10, 5, 1, 2, 0), "BCASTDISCON": ("DENIAL", 10, 5, 1, 2, 0),
    "APSPOOF": ("SPOOF", 15, 10, 1, 1, 0), "SSIDCANARY": ("SPOOF", 15, 5, 1, 1, 0),
    "CRYPTODROP": ("SPOOF", 15, 5, 1, 1, 0), "CHANCHANGE": ("SPOOF", 5, 5, 1, 1, 0),
    "DEVICEFOUND": ("SYSTEM", 15, 10, 1, 1, 0), "DEVICELOST": ("SYSTEM", 15, 10, 1, 1, 0),
    "SOURCEERROR": ("SYSTEM", 15, 10, 1, 1, 0), "ROOTUSER": ("SYSTEM", 15, 1, 0, 1, 0),
}


@pytest.mark.parametrize("name", STOCK)
def test_stock_definitions(flooded, name):
    row = definition(flooded, name)
    members = ("class", "severity", "limit_rate", "limit_unit", "limit_burst", "burst_unit")
    assert tuple(row[DEFINITION + member] for member in members) == STOCK[name]
    assert len(row[DEFINITION + "description"]) > 40
    assert row[DEFINITION + "phyid"] == (-1 if STOCK[name][0] == "SYSTEM" else 0)


def test_definitions_show_what_was_sent(flooded):
    row = definition(flooded, "DEAUTHFLOOD")
    assert row[DEFINITION + "total_sent"] == 2 and row[DEFINITION + "burst_sent"] >= 1
    assert row[DEFINITION + "time_last"] == floods(flooded)[-1][ALERT + "timestamp"]
    assert definition(flooded, "APSPOOF")[DEFINITION + "time_last"] == 0
    assert post(flooded, "/alerts/definitions.json",
                {"fields": [DEFINITION + "header"]}, login=False).json()[0].keys() == {
                    DEFINITION + "header"}


def test_rates_of_the_configuration(serve):
    server = serve("--set", "alert=BCASTDISCON,7/hour,3/min", "--set", "alert=LATER,9/day,9/day",
                   "--set", "alert=WRONG,often")
    row = definition(server, "BCASTDISCON")
    assert [row[DEFINITION + member] for member in
            ("limit_rate", "limit_unit", "limit_burst", "burst_unit")] == [7, 2, 3, 1]
    assert define(server, "later").status_code == 200
    assert definition(server, "LATER")[DEFINITION + "limit_unit"] == 3
    assert "alert=WRONG,often: 'often' is no rate" in server.console
    assert "CONFIGERROR" in headers(server)


# define
def test_define(desk):
    answer = define(desk, "custom", **{"class": "exploit"}, severity=20, phyname="IEEE802.11",
                    throttle="3/hour", burst="2/min")
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Content-Type"].startswith("text/plain")
    row = definition(desk, "CUSTOM")
    assert row == {DEFINITION + name: value for name, value in {
        "header": "CUSTOM", "class": "EXPLOIT", "severity": 20, "description": "about custom",
        "phyid": 0, "limit_rate": 3, "limit_unit": 2, "limit_burst": 2, "burst_unit": 1,
        "burst_sent": 0, "total_sent": 0, "time_last": 0}.items()}


def test_define_with_the_least(desk):
    assert post(desk, "/alerts/definitions/define_alert.cmd",
                {"name": "LEAST", "description": "x"}).status_code == 200
    row = definition(desk, "LEAST")
    assert [row[DEFINITION + member] for member in
            ("class", "severity", "phyid", "limit_rate", "limit_burst")] == [
                "OTHER", 0, -1, 10, 1]


def test_define_in_every_encoding(desk):
    command = {"name": "ENCODED", "description": "x"}
    path = "/alerts/definitions/define_alert.cmd"
    assert desk.command(path, command).status_code == 200
    assert desk.post(path, json={**command, "name": "ENCODED2"}, login=True).status_code == 200
    assert desk.post(path.replace(".cmd", ".jcmd"), json={**command, "name": "ENCODED3"},
                     login=True).status_code == 200


def test_define_twice_is_503(desk):
    assert define(desk, "TWICE").status_code == 200
    for name in ("TWICE", "twice", "DEAUTHFLOOD"):
        assert define(desk, name).status_code == 503


@pytest.mark.parametrize("extra", [
    {"name": ""}, {"name": "with space"}, {"name": "x" * 48}, {"name": "a,b"}, {"name": None},
    {"name": ["x"]}, {"severity": 3}, {"severity": "high"}, {"severity": -5}, {"severity": 265},
    {"throttle": "often"}, {"throttle": "1/week"}, {"burst": "-1/sec"}, {"phyname": "nobody"},
    {"class": "two words"}, {"description": {}}])
def test_define_what_cannot_be_is_400(desk, extra):
    before = len(desk.json("/alerts/definitions.json"))
    answer = post(desk, "/alerts/definitions/define_alert.cmd",
                  {"name": "REFUSED", "description": "x", **extra})
    assert answer.status_code == 400, answer.text
    assert len(desk.json("/alerts/definitions.json")) == before


def test_too_many_definitions_are_504(serve):
    server = serve()
    for number in range(1100):
        answer = define(server, f"MANY{number}")
        if answer.status_code != 200:
            break
    assert answer.status_code == 504 and 900 < number < 1100
    assert len(server.json("/alerts/definitions.json")) == 1024


# raise
def test_raise_under_both_names(desk):
    define(desk, "RAISED", severity=15)
    for path in ("raise_alert", "raise_alerts"):
        answer = throw(desk, "raised", f"by {path}", path, bssid="00:11:22:33:44:55",
                       source="001122334466", dest="00-11-22-33-44-77", other="AA:BB:CC:DD:EE:FF",
                       channel=11)
        assert (answer.status_code, answer.text) == (200, "Alert raised\n")
    first, second = alerts(desk)[-2:]
    assert first[ALERT + "text"] == "by raise_alert" and second[ALERT + "text"] == "by raise_alerts"
    assert first[ALERT + "header"] == "RAISED" and first[ALERT + "severity"] == 15
    assert first[ALERT + "transmitter_mac"] == "00:11:22:33:44:55"
    assert first[ALERT + "source_mac"] == "00:11:22:33:44:66"
    assert first[ALERT + "dest_mac"] == "00:11:22:33:44:77"
    assert first[ALERT + "other_mac"] == "AA:BB:CC:DD:EE:FF"
    assert first[ALERT + "channel"] == "11"


def test_raise_with_the_least(desk):
    define(desk, "BARE")
    assert throw(desk, "BARE", bssid="", channel="").status_code == 200
    assert alerts(desk)[-1][ALERT + "transmitter_mac"] == "00:00:00:00:00:00"
    assert alerts(desk)[-1][ALERT + "device_key"] == "0_0"


@pytest.mark.parametrize("extra", [
    {"name": "NOBODY"}, {"name": None}, {"text": None}, {"text": {}}, {"bssid": "x"},
    {"source": "00:11"}, {"dest": "00:11:22:33:44:55:66:77:88"}, {"other": 5}, {"channel": []}])
def test_raise_what_cannot_be_is_400(desk, extra):
    define(desk, "REFUSING")
    before = len(alerts(desk))
    assert throw(desk, **{"name": "REFUSING", "text": "x", **extra}).status_code == 400
    assert len(alerts(desk)) == before


def test_raise_too_often_is_400(desk):
    define(desk, "SELDOM", throttle="2/day", burst="10/sec")
    assert [throw(desk, "SELDOM").status_code for _ in range(4)] == [200, 200, 400, 400]
    define(desk, "MUTE", throttle="0/min", burst="1/sec")
    assert throw(desk, "MUTE").status_code == 400


def test_texts_are_made_printable(desk):
    define(desk, "ODD")
    assert throw(desk, "ODD", "a\nb\x1bc \u20ac <&>\"").status_code == 200
    assert alerts(desk)[-1][ALERT + "text"] == "a?b?c \u20ac <&>\""
    assert throw(desk, "ODD", "\u20ac" * 1000).status_code == 200
    assert alerts(desk)[-1][ALERT + "text"].startswith("\u20ac" * 100)
    command = {"name": "ODD", "text": b"\xff\xc3\xa9\x00", "channel": b"\xe2\x82"}
    assert desk.command("/alerts/raise_alert.cmd", command).status_code == 200
    assert alerts(desk)[-1][ALERT + "text"] == "?\u00e9"
    assert alerts(desk)[-1][ALERT + "channel"] == "??"
    assert define(desk, "ODDER", description="\x07\u20ac").status_code == 200
    assert definition(desk, "ODDER")[DEFINITION + "description"] == "?\u20ac"
    desk.wait_for(lambda: "alert: ODD: a?b?c" in desk.console, 5, "alert on the console")


def test_raised_alerts_say_where_norn_is(serve):
    server = serve("--set", "gps=virtual:lat=47.4,lon=8.5")
    define(server, "PLACED")
    throw(server, "PLACED")
    place = alerts(server)[-1][ALERT + "location"]
    assert place["kismet.common.location.geopoint"] == [8.5, 47.4]


def test_commands_need_a_login(desk):
    assert define(desk, "INTRUDER", login=False).status_code == 401
    assert throw(desk, "DEAUTHFLOOD", login=False).status_code == 401
    assert definition(desk, "INTRUDER") is None
    for path in ("definitions/define_alert", "raise_alert", "raise_alerts"):
        assert desk.get(f"/alerts/{path}.cmd", login=True).status_code == 405


# backlog and view
@pytest.fixture(scope="module")
def shelf():
    """Sixty alerts raised, of which 20 are kept."""
    from support.norn import Server
    with Server("--set", "alertbacklog=20") as server:
        for name, severity in (("ONE", 5), ("TWO", 20)):
            define(server, name, severity=severity, throttle="1000/min", burst="1000/sec")
        for number in range(30):
            throw(server, "ONE", f"number {number}", source=f"00:00:00:00:00:{number:02x}")
            throw(server, "TWO", f"number {number}")
        yield server


def view(server, suffix="json", **variables):
    return server.get(f"/alerts/alerts_view.{suffix}", params=variables).json()


def test_the_backlog_keeps_the_newest(shelf):
    assert [alert[ALERT + "text"] for alert in alerts(shelf)] == [
        f"number {number}" for number in range(20, 30) for _ in range(2)]


def test_the_backlog_is_fifty_as_a_rule(desk):
    define(desk, "FIFTY", throttle="1000/min", burst="1000/sec")
    for _ in range(60):
        throw(desk, "FIFTY")
    assert headers(desk) == ["FIFTY"] * 50


def test_the_view_without_variables_is_the_list(shelf):
    assert view(shelf) == alerts(shelf)
    assert shelf.post("/alerts/alerts_view.json", data={"json": "{}"}).json() == alerts(shelf)


def test_pages_of_the_view(shelf):
    first = view(shelf, page=0, length=8)
    assert {name: first[name] for name in ("last_page", "last_row", "total_row")} == {
        "last_page": 3, "last_row": 20, "total_row": 20}
    pages = [view(shelf, page=number, size=8)["data"] for number in range(3)]
    assert [len(page) for page in pages] == [8, 8, 4] and sum(pages, []) == alerts(shelf)
    assert view(shelf, page=9, length=8)["data"] == pages[0]  # past the end: from the beginning
    posted = shelf.post("/alerts/alerts_view.json", data={"page": "1", "length": "8"}).json()
    assert posted["data"] == pages[1]


def test_sorting_the_view(shelf):
    newest = view(shelf, sort="kismet.alert.timestamp", sort_dir="asc", page=0, length=3)["data"]
    assert newest == alerts(shelf)[:-4:-1]
    oldest = view(shelf, sort="kismet.alert.timestamp", sort_dir="desc")
    assert oldest == alerts(shelf)
    assert view(shelf, sort="kismet.alert.severity")[0][ALERT + "severity"] == 20
    assert view(shelf, sort="no.such.field") == alerts(shelf)


@pytest.mark.parametrize("term,count", [("one", 10), ("25", 2), ("critical", 10),
                                        ("00:00:00:00:00:1A", 1), ("nothing", 0), ("", 20)])
def test_searching_the_view(shelf, term, count):
    found = view(shelf, search=term, page=0)
    assert len(found["data"]) == found["last_row"] == count and found["total_row"] == 20


def test_the_view_in_other_formats(shelf):
    lines = shelf.get("/alerts/alerts_view.itjson?page=1&length=8").text.splitlines()
    assert [json.loads(line) for line in lines] == alerts(shelf)[8:16]
    packed = shelf.msgpack("/alerts/alerts_view.msgpack?page=1&length=8")
    assert packed == view(shelf, page=1, length=8)


# what other programs do
class Client:
    """Asks as kismet_rest does: forms with one field json, streams split on line ends, decimals in
    the path, only 200 is good."""

    def __init__(self, server):
        self.url, self.session = server.url, requests.Session()
        self.session.auth = (USER, PASSWORD)

    def call(self, path, payload=None):
        answer = self.session.post(f"{self.url}/{path}", data={"json": json.dumps(payload or {})},
                                   timeout=30)
        if answer.status_code in (401, 500):
            raise PermissionError(answer.text)
        if answer.status_code != 200:
            raise ValueError(answer.text)
        return answer

    def all(self, ts_sec=0, ts_usec=0):
        answer = self.call(f"alerts/last-time/{ts_sec}.{ts_usec}/alerts.itjson")
        for line in re.split(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", answer.text):
            if line:
                yield json.loads(line)

    def define(self, name, description, rate="10/min", burst="1/sec", phyname=None):
        command = {"name": name, "description": description, "throttle": rate, "burst": burst}
        if phyname is not None:
            command["phyname"] = phyname
        return self.call("alerts/definitions/define_alert.cmd", command).status_code == 200

    def raise_alert(self, name, text, **extra):
        return self.call("alerts/raise_alert.cmd",
                         {"name": name, "text": text, **extra}).status_code == 200


def test_the_official_client(desk):
    client = Client(desk)
    began = time.time()
    assert client.define("LOLALERT", "This is a test", rate="100/min", burst="50/sec")
    assert client.raise_alert("LOLALERT", "Raised by a client", bssid="aa:bb:cc:dd:ee:ff",
                              source="11:22:33:44:55:66", channel="6")
    with pytest.raises(ValueError):
        client.define("LOLALERT", "again")
    with pytest.raises(ValueError):
        client.raise_alert("LULALERT", "there is none")
    seconds, fraction = f"{began:.6f}".split(".")
    found = list(client.all(seconds, fraction))
    assert [alert[ALERT + "text"] for alert in found] == ["Raised by a client"]
    assert list(client.all(int(time.time()) + 10)) == []
    last = f"{found[-1][ALERT + 'timestamp']:.6f}".split(".")
    assert list(client.all(*last)) == []  # a poller is told of nothing twice


def test_a_poller_misses_nothing_and_hears_nothing_twice(desk):
    """As the web interface polls: the wrapper's time goes back into the next path."""
    define(desk, "POLLED", throttle="1000/min", burst="1000/sec")
    since, heard = f"{time.time():.6f}", []
    for number in range(40):
        throw(desk, "POLLED", str(number))
        if number % 3 == 0:
            answer = alerts(desk, f"wrapped/last-time/{since}/alerts")
            heard += [alert[ALERT + "text"] for alert in answer["kismet.alert.list"]]
            since = f"{answer['kismet.alert.timestamp']:.6f}"
    assert heard == [str(number) for number in range(40)]


# sources
def test_a_source_that_fails(serve):
    server = serve("-c", "/nowhere/air.pcap:name=gone")
    alert = server.wait_for(lambda: next((row for row in alerts(server)
                                          if "norn.alert.datasource" in row), None), 10,
                            "SOURCEERROR")
    assert alert[ALERT + "header"] == "SOURCEERROR"
    assert alert[ALERT + "severity"] == 20 and alert[ALERT + "class"] == "SYSTEM"
    assert alert[ALERT + "text"].startswith("source gone: ")
    assert alert["norn.alert.datasource"] == server.sources()[0]["kismet.datasource.uuid"]
    time.sleep(0.5)
    assert headers(server).count("SOURCEERROR") == 1


def test_a_source_that_comes_back(serve, tmp_path):
    path = tmp_path / "late.pcap"
    server = serve("-c", f"{path}:name=late")
    server.wait_for(lambda: "SOURCEERROR" in headers(server), 10, "SOURCEERROR")
    path.write_bytes(deauths(1).pcap())
    server.wait_for(lambda: "SOURCEOPEN" in headers(server), 15, "SOURCEOPEN")
    assert "source late: open again after an error" in [row[ALERT + "text"]
                                                        for row in alerts(server)]


def test_a_login_for_everybody_to_see(serve, tmp_path):
    conf = tmp_path / "system.conf"
    conf.write_text("httpd_username=everybody\nhttpd_password=knows\n", encoding="utf-8")
    server = serve("-f", str(conf), login=False)
    assert "GLOBALHTTPDUSER" in headers(server)
    assert "GLOBALHTTPDUSER" not in headers(serve())


# coverage
def test_an_alert_says_how_much_its_channel_was_listened_to(serve, tmp_path):
    capture = deauths(25).write_pcap(tmp_path / "loop.pcap")
    server = serve("-c", f"{capture}:name=radio,tuner=null,channel=6,hop=false,realtime=true,"
                   "loop=true")
    alert = server.wait_for(lambda: next((row for row in alerts(server)
                                          if "norn.alert.coverage" in row), None), 20, "coverage")
    assert 0 <= alert["norn.alert.coverage"] <= 1
    assert alert[ALERT + "channel"] == "6"


def test_devices_that_are_watched(serve, tmp_path):
    capture = phone().write_pcap(tmp_path / "phone.pcap")
    server = serve("-c", str(capture), "--set", "devicefound=F4:F5:D8:00:00:05",
                   "--set", "devicelost=F4:F5:D8:00:00:00/FF:FF:FF:00:00:00")
    server.wait_replayed()
    found, lost, again = alerts(server)
    assert [alert[ALERT + "header"] for alert in (found, lost, again)] == [
        "DEVICEFOUND", "DEVICELOST", "DEVICEFOUND"]
    assert found[ALERT + "source_mac"] == "F4:F5:D8:00:00:05" and found[ALERT + "channel"] == "6"
    assert "first time" in found[ALERT + "text"]
    assert "not heard for 120 s" in lost[ALERT + "text"]
    assert "again after 120 s" in again[ALERT + "text"]
    device = server.json(f"/devices/by-key/{found[ALERT + 'device_key']}/device.json")
    assert device["kismet.device.base.num_alerts"] == 3
