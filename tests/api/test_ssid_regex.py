"""/phy/phy80211/ssid_regex.cmd, the seed's own examples among others; and /phy/all_phys."""
import json

import msgpack
import pytest

from support import street as scene

PATH = "/phy/phy80211/ssid_regex.cmd"
NAME = "kismet.device.base.name"


def search(street, *patterns):
    answer = street.command(PATH, {"essid": list(patterns)}, login=False)
    assert answer.status_code == 200, answer.text
    return msgpack.unpackb(answer.content)


def found(street, *patterns):
    return sorted(row[NAME] for row in search(street, *patterns))


def test_the_seeds_single_ssid(street):
    assert found(street, "^linksys$") == ["linksys"]


def test_the_seeds_single_or_ending_in_foo(street):
    assert found(street, "^single$", ".*foo$") == ["barfoo", "single"]


def test_each_device_stands_once(street):
    assert found(street, "link", "sys", "^linksys$", ".*") == [
        "barfoo", "cellar", "foobar", "linksys", "single"]


def test_answers_are_summaries(street):
    row = search(street, "^linksys$")[0]
    assert row["kismet.device.base.macaddr"] == scene.LINKSYS.bssid.upper()
    assert "kismet.device.base.packets.total" in row
    assert "dot11.device" not in row


def test_no_match_is_an_empty_list(street):
    assert search(street, "^nothing$") == []


def test_an_unhidden_ssid_is_found(street):
    assert found(street, "^cellar$") == ["cellar"]


def test_probed_ssids_do_not_count(serve, tmp_path):
    from support import air
    path = air.Scene().add(air.probe_request("02:00:00:00:00:01", "wanted")).write_pcap(
        tmp_path / "probe.pcap")
    server = serve("-c", f"{path}:name=probe").wait_replayed()
    assert search(server, "wanted") == []


def test_patterns_mind_case_and_take_options(street):
    assert found(street, "LINKSYS") == []
    assert found(street, "(?i)LINKSYS") == ["linksys"]


def test_no_pattern_matches_nothing(street):
    answer = street.command(PATH, {"essid": []}, login=False)
    assert answer.status_code == 400 or msgpack.unpackb(answer.content) == []


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?P<x", "a{2,1}"])
def test_a_bad_pattern_is_400_with_message_and_offset(street, pattern):
    answer = street.command(PATH, {"essid": ["^fine$", pattern]}, login=False)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request")
    assert any(letter.isdigit() for letter in answer.text), "no offset"


def test_json_gets_json(street):
    rows = street.post(PATH, data={"json": json.dumps({"essid": ["^single$"]})}).json()
    assert [row[NAME] for row in rows] == ["single"]


def test_fields_simplify_the_answer(street):
    answer = street.post(PATH, json={"essid": ["^single$"], "fields": [NAME]})
    assert answer.json() == [{NAME: "single"}]


# all_phys
PHY = ["kismet.phy.id", "kismet.phy.name", "kismet.phy.devices", "kismet.phy.packets",
       "kismet.phy.packets.data", "kismet.phy.packets.crypt", "kismet.phy.packets.error",
       "kismet.phy.packets.filtered", "kismet.phy.phy_id", "kismet.phy.phy_name",
       "kismet.phy.device_count", "kismet.phy.packet_count"]


def test_all_phys_rows_have_both_ages_of_members(street):
    rows = street.json("/phy/all_phys.json")
    assert rows
    for row in rows:
        assert set(PHY) <= set(row)
        assert row["kismet.phy.id"] == row["kismet.phy.phy_id"]
        assert row["kismet.phy.name"] == row["kismet.phy.phy_name"]
        assert row["kismet.phy.devices"] == row["kismet.phy.device_count"]
        assert row["kismet.phy.packets"] == row["kismet.phy.packet_count"]
    assert street.msgpack("/phy/all_phys.msgpack") == rows


def test_all_phys_counts(street):
    wifi = next(row for row in street.json("/phy/all_phys.json")
                if row["kismet.phy.name"] == "IEEE802.11")
    frames = len(scene.street().records)
    assert wifi["kismet.phy.devices"] == len(scene.EVERYONE)
    assert wifi["kismet.phy.packets"] == frames
    assert wifi["kismet.phy.packets.error"] == 0


def test_all_phys_has_no_row_of_totals(street):
    names = [row["kismet.phy.name"] for row in street.json("/phy/all_phys.json")]
    assert len(names) == len(set(names))
    assert not [name for name in names if name.lower() in ("any", "all", "total", "")]


def test_all_phys_for_datatables(street):
    answer = street.json("/phy/all_phys_dt.json")
    assert list(answer) == ["aaData"]
    assert answer["aaData"] == street.json("/phy/all_phys.json")
    assert len({tuple(sorted(row)) for row in answer["aaData"]}) == 1


# channels
def test_channels_by_name_and_by_frequency(street):
    record = street.json("/channels/channels.json")
    by_name = record["kismet.channeltracker.channel_map"]
    by_frequency = record["kismet.channeltracker.frequency_map"]
    assert set(by_name) == {"1", "6", "11", "36"}
    assert set(by_frequency) == {"2412000", "2437000", "2462000", "5180000"}
    for key, row in by_frequency.items():
        assert row["kismet.channelrec.frequency"] == int(key)
        for name in ("channel", "packets_rrd", "data_rrd", "device_rrd", "signal"):
            assert "kismet.channelrec." + name in row
    assert by_name["6"]["kismet.channelrec.channel"] == "6"


def test_channel_history_has_its_rings(street):
    row = street.json("/channels/channels.json")["kismet.channeltracker.channel_map"]["6"]
    rrd = row["kismet.channelrec.packets_rrd"]
    for name, count in (("minute_vec", 60), ("hour_vec", 60), ("day_vec", 24)):
        assert len(rrd["kismet.common.rrd." + name]) == count
    signal = row["kismet.channelrec.signal"]
    assert signal["kismet.common.signal.max_signal"] == -40
