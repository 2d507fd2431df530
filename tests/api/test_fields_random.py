"""Random field lists on every kind of record: whatever is asked for, the answer is valid JSON with
just the members that were asked for, msgpack holds the same ones, and no memory is left behind
(under AddressSanitizer the server tells at its end).
"""
import json
import random
import re

import msgpack
import pytest

from support.norn import Server, run

PATHS = ["/devices/views/phydot11_accesspoints/devices", "/datasource/all_sources",
         "/phy/phy80211/ssids/views/ssids", "/alerts/definitions", "/alerts/all_alerts",
         "/channels/channels", "/gps/all_gps", "/phy/all_phys", "/system/status",
         "/messagebus/all_messages", "/devices/views/all_views"]
LISTS = 60
ODD = ["", ".", "/", "//", "\u00e9\u4e2d\U0001f4e1", "a\"b", "back\\slash", "new\nline", "\x00",
       "\x7f", "kismet", "0", "-1", "kismet.device.base", "x" * 300, "%s%n", "</script>", "'",
       "\u2028", " "]


def field_names():
    _, text, _ = run("--print", "fields")
    return re.findall(r"^\| `([^`]+)`", text, re.M)


NAMES = field_names()


@pytest.fixture(scope="module")
def server(street_file):
    with Server("-c", f"{street_file}:name=street", "--set", "gps=web:name=web") as started:
        started.wait_replayed()
        started.command("/alerts/raise_alert.cmd", {"name": "CHANCHANGE", "text": "raised"})
        yield started


def random_path(chance, top):
    """Names that the record has, names that others have, and what is no name at all."""
    names = [chance.choice(chance.choice([top, top, NAMES, ODD]))
             for _ in range(chance.choice([1, 1, 1, 2, 3, 6]))]
    return "/".join(names)


def random_list(chance, top):
    entries = []
    for _ in range(chance.randint(1, 20)):
        path = random_path(chance, top)
        entries.append([path, chance.choice(ODD + NAMES)] if chance.random() < 0.4 else path)
    return entries


def wanted_names(entries):
    """The members that a list asks for; None when an entry asks for nothing, which is refused."""
    names = set()
    for entry in entries:
        path, name = entry if isinstance(entry, list) else (entry, None)
        parts = [part for part in path.split("/") if part]
        if not parts or "\x00" in path + (name or ""):
            return None
        names.add(name or parts[-1])
    return names


def no_member_twice(pairs):
    record = dict(pairs)
    assert len(record) == len(pairs), "a member stands twice"
    return record


def records(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("path", PATHS)
def test_random_lists(server, path):
    chance = random.Random(path)
    first = records(server.json(path + ".json"))
    top = sorted({name for record in first for name in record})
    taken = 0
    for _ in range(LISTS):
        entries = random_list(chance, top)
        answer = server.post(path + ".json", json={"fields": entries})
        wanted = wanted_names(entries)
        if answer.status_code == 400:
            assert answer.text.startswith("Invalid") and wanted is None, (entries, answer.text)
            continue
        assert answer.status_code == 200, (entries, answer.text)
        found = records(json.loads(answer.content, object_pairs_hook=no_member_twice))
        assert len(found) == len(first)
        packed = server.post(path + ".msgpack", json={"fields": entries})
        for record, other in zip(found, records(msgpack.unpackb(packed.content))):
            assert wanted is None or set(record) == wanted, entries
            assert set(other) == set(record), entries
        taken += 1
    assert taken > LISTS // 4


def test_what_is_no_list_is_refused(server):
    for fields in ("x", 1, {"a": 1}, [1], [[]], [["a"]], [["a", "b", "c"]], [["a", 1]], [None],
                   [["a", ["b"]]], [{"a": "b"}]):
        answer = server.post(PATHS[0] + ".json", json={"fields": fields})
        assert answer.status_code == 400, (fields, answer.text[:200])
    for fields in (None, []):
        whole = server.post(PATHS[0] + ".json", json={"fields": fields}).json()
        assert set(whole[0]) == set(server.json(PATHS[0] + ".json")[0])
