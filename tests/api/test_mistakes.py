"""What clients get wrong in practice: each answer says what was meant, or is what was wanted."""
import json

import pytest

from support import street as scene

MAC = "kismet.device.base.macaddr"
VIEW = "/devices/views/all/devices.json"
FIELDS = {"fields": [MAC, "kismet.device.base.name"]}


# paths
@pytest.mark.parametrize("path,meant", [
    ("/devices/views/phydot11_accesspoints.json", "/devices/views/{view}/devices.json"),
    ("/phy/phyuav/devices.json", "/devices/views/phy-NAME/devices.json"),
    ("/devices/all_devices", "/devices/all_devices.json"),
    ("/devices/all_devices.xml", "/devices/all_devices.json"),
    ("/devices/all-devices.json", "/devices/all_devices.json"),
    ("/devices/last_time/-60/devices.json", "/devices/last-time/{time}/devices.json"),
    ("/devices/by-mac/00:11:22:33:44:55.json", "/devices/by-mac/{mac}/devices.json"),
    ("/phy/phy80211/ssids/view/ssids.json", "/phy/phy80211/ssids/views/ssids.json"),
    ("/sytem/status.json", "/system/status.json"),
    ("/session/check-setup-ok", "/session/check_setup_ok")])
def test_a_path_that_comes_near_is_named(street, path, meant):
    answer = street.get(path)
    assert answer.status_code == 404
    assert meant in answer.text


@pytest.mark.parametrize("path", ["/nothing/like/that.json", "/devices.json", "/%3Cscript%3E"])
def test_other_paths_are_plain_404(street, path):
    answer = street.get(path)
    assert (answer.status_code, answer.text) == (404, "there is nothing at this path\n")


# reads with a command in the query
def test_json_in_the_query_as_libraries_encode_it(street):
    """requests and URLSearchParams write a plus for each space."""
    rows = street.get(VIEW, params={"json": json.dumps(FIELDS)}).json()
    assert rows and all(set(row) == set(FIELDS["fields"]) for row in rows)
    pattern = {"fields": [MAC], "regex": [["kismet.device.base.name", "s+|x y"]]}
    rows = street.get(VIEW, params={"json": json.dumps(pattern)}).json()
    assert {row[MAC] for row in rows} == {scene.LINKSYS.bssid.upper(), scene.SINGLE.bssid.upper()}


def test_a_plus_that_is_meant_stays_one(street):
    text = json.dumps({"fields": [MAC], "regex": [["kismet.device.base.name", "ys+$"]]},
                      separators=(",", ":"))
    rows = street.get(f"{VIEW}?json={text}").json()
    assert [row[MAC] for row in rows] == [scene.LINKSYS.bssid.upper()]


def test_broken_json_in_the_query_is_400(street):
    for text in ('{"fields":', "fields=x", '["a"+"b"]'):
        answer = street.get(f"{VIEW}?json={text}")
        assert answer.status_code == 400 and "JSON" in answer.text


# commands
@pytest.mark.parametrize("command,word", [
    ({"fields": "kismet.device.base.name"}, "list"), ({"fields": {"a": "b"}}, "list"),
    ({"fields": [["a"]]}, "pair"), ({"fields": [["a", "b", "c"]]}, "pair"),
    ({"fields": [7]}, "path"), ({"regex": "x"}, "pairs"), ({"regex": ["a", "b"]}, "pair"),
    ({"regex": [["a", "b", "c"]]}, "pair"), ({"regex": {"a": "b"}}, "pairs"),
    ({"last_time": "yesterday"}, "seconds"), ({"page": 0}, "length"),
    ({"sort": MAC, "sort_dir": 5}, "asc")])
def test_members_of_another_shape_are_400_and_say_the_right_one(street, command, word):
    answer = street.post(VIEW, json=command)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid ") and word in answer.text


@pytest.mark.parametrize("content_type", [
    "application/json", "application/json; charset=utf-8", "text/json", "text/plain",
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"])
def test_json_as_the_whole_body_under_any_type(street, content_type):
    answer = street.post(VIEW, data=json.dumps(FIELDS), headers={"Content-Type": content_type})
    assert all(set(row) == set(FIELDS["fields"]) for row in answer.json())


def test_unknown_members_do_no_harm(street):
    answer = street.post(VIEW, json={**FIELDS, "nothing": [1], "Fields": 5, "limit": "x"})
    assert len(answer.json()) == len(scene.EVERYONE)
