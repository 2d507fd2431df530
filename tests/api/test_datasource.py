"""/datasource: sources with the members of both ages, types, sources in error, retries."""
import os
import time

import pytest

from support import street as scene
from api_names import RADIO_UUID
from support.norn import Server

OLD = ["source_name", "source_type", "source_interface", "source_uuid", "source_id",
       "source_channel_capable", "child_pid", "definition", "description", "channels", "running",
       "hopping", "hop_rate", "hop_channels", "ipc_bin", "ipc_errors", "last_report_time",
       "num_reports"]
TODAY = ["name", "uuid", "interface", "capture_interface", "definition", "hardware", "dlt",
         "running", "error", "error_reason", "warning", "num_packets", "num_error_packets",
         "packets_rrd", "packets_datasize_rrd", "channel", "channels", "hopping", "hop_channels",
         "hop_rate", "hop_offset", "hop_shuffle", "hop_split", "retry", "retry_attempts",
         "total_retry_attempts", "remote", "passive", "paused", "source_key", "source_number",
         "type_driver", "ipc_pid", "ipc_binary"]

NAME = "kismet.datasource.name"


def source(server, name):
    rows = server.msgpack("/datasource/all_sources.msgpack")
    return next(row for row in rows if row["kismet.datasource.name"] == name)


@pytest.mark.parametrize("name", OLD + TODAY)
def test_member_of_a_source(street, name):
    assert "kismet.datasource." + name in source(street, "street")


def test_source_values(street, street_file):
    row = source(street, "street")
    assert row["kismet.datasource.interface"] == street_file
    assert row["kismet.datasource.source_interface"] == street_file
    assert row["kismet.datasource.definition"] == f"{street_file}:name=street"
    assert row["kismet.datasource.uuid"] == row["kismet.datasource.source_uuid"]
    assert row["kismet.datasource.uuid"].startswith("4E1D07C3-0000-0000-0000-0000")
    assert row["kismet.datasource.dlt"] == 127
    assert row["kismet.datasource.num_packets"] == len(scene.street().records)
    assert row["kismet.datasource.num_error_packets"] == 0
    assert row["kismet.datasource.error"] == 0
    assert row["kismet.datasource.type_driver"]["kismet.datasource.driver.type"] == "pcapfile"


def test_sources_are_the_same_in_json(street):
    rows = street.json("/datasource/all_sources.json")
    assert rows[0].keys() == source(street, "street").keys()


def test_source_by_uuid(street):
    row = source(street, "street")
    path = f"/datasource/by-uuid/{row['kismet.datasource.uuid']}/source.json"
    answer = street.get(path)
    if answer.status_code == 200:
        assert answer.json()["kismet.datasource.name"] == "street"
    else:
        assert answer.status_code == 404  # belongs to a later document of the API


def test_a_given_uuid_is_kept(radio):
    assert source(radio, "radio")["kismet.datasource.uuid"] == RADIO_UUID


def test_a_source_that_can_be_tuned_lists_its_channels(radio):
    row = source(radio, "radio")
    assert row["kismet.datasource.source_channel_capable"] == 1
    assert {"1", "6", "11"} <= set(row["kismet.datasource.channels"])
    assert row["kismet.datasource.running"] == 1


def test_supported_sources_has_both_ages_of_members(street):
    rows = street.msgpack("/datasource/supported_sources.msgpack")
    types = {row["kismet.Datasourcetracker.protosource.type"]: row for row in rows}
    assert "pcapfile" in types and "linuxwifi" in types
    for name, row in types.items():
        assert row["kismet.datasource.driver.type"] == name
        assert row["kismet.Datasourcetracker.protosource.description"]
        assert row["kismet.datasource.driver.description"]
    assert street.json("/datasource/supported_sources.json") == rows


def test_sources_of_the_command_line_are_listed_from_the_first_answer(street_file):
    server = Server("-c", f"{street_file}:name=street", ready=False)
    try:
        def first_answer():
            try:
                return server.get("/packetsource/all_sources.json")
            except OSError:
                return None
        answer = server.wait_for(first_answer, 20, "answer")
        assert [row["kismet.oldsource.name"] for row in answer.json()] == ["street"]
    finally:
        server.stop()


# errors
def test_no_source_in_error_is_an_empty_list(street):
    assert street.msgpack("/datasource/error_sources.msgpack") == []


@pytest.mark.parametrize("definition", ["/nonexistent/gone.pcap:name=gone", "wlan77:name=gone",
                                        "/etc/hostname:name=gone,type=pcapfile"])
def test_a_source_that_cannot_open_never_stops_the_server(serve, definition):
    server = serve("-c", definition)
    row = server.wait_for(lambda: source(server, "gone")["kismet.datasource.error"]
                          and source(server, "gone"), 10, "source in error")
    assert row["kismet.datasource.error_reason"]
    assert row["kismet.datasource.running"] == 0
    assert row["kismet.datasource.definition"] == definition
    errors = server.msgpack("/datasource/error_sources.msgpack")
    assert [item["kismet.datasource.name"] for item in errors] == ["gone"]
    assert errors[0]["kismet.datasource.error_reason"] == row["kismet.datasource.error_reason"]
    old = server.msgpack("/packetsource/all_sources.msgpack")
    assert [item["kismet.oldsource.error"] for item in old] == [1]


def test_a_source_in_error_is_tried_again(serve, tmp_path):
    path = tmp_path / "late.pcap"
    server = serve("-c", f"{path}:name=late,type=pcapfile")
    server.wait_for(lambda: source(server, "late")["kismet.datasource.error"], 10, "error")
    scene.street().write_pcap(path)
    server.wait_for(lambda: source(server, "late")["kismet.datasource.num_packets"], 20,
                    "packets of the source that was opened again")
    assert server.msgpack("/datasource/error_sources.msgpack") == []
    assert source(server, "late")["kismet.datasource.total_retry_attempts"] >= 1


def test_a_source_told_not_to_retry_stays_in_error(serve, tmp_path):
    path = tmp_path / "late.pcap"
    server = serve("-c", f"{path}:name=late,type=pcapfile,retry=false")
    server.wait_for(lambda: source(server, "late")["kismet.datasource.error"], 10, "error")
    scene.street().write_pcap(path)
    time.sleep(6.5)
    assert source(server, "late")["kismet.datasource.num_packets"] == 0


def test_a_source_is_removed_and_comes_back(serve, street_file, tmp_path):
    server = serve("-c", f"{street_file}:name=street", "-c", f"{tmp_path}/later.pcap:name=later")
    server.wait_for(lambda: len(server.devices()) >= len(scene.EVERYONE), 30, "the street")
    uuids = {row[NAME]: row["kismet.datasource.uuid"] for row in server.sources()}
    for name, uuid in uuids.items():
        path = f"/datasource/by-uuid/{uuid}/remove_source.cmd"
        assert server.post(path).status_code == 401
        answer = server.post(path, login=True)
        assert answer.status_code == 200 and answer.json()[NAME] == name
        assert server.post(path, login=True).status_code == 404
        assert server.get(f"/datasource/by-uuid/{uuid}/source.json").status_code == 404
        for word in ("open", "close", "pause"):
            answer = server.post(path.replace("remove", word), login=True)
            assert answer.status_code == 404
    for path in ("datasource/all_sources", "datasource/error_sources", "packetsource/all_sources"):
        assert server.json(f"/{path}.json") == []
    assert server.json("/datasource/coverage.json")["norn.coverage.sources"] == []
    assert uuids["street"] not in server.get("/metrics").text
    seen = server.devices()[scene.LINKSYS.bssid.upper()]["kismet.device.base.seenby"]
    assert seen[0]["kismet.common.seenby.uuid"] == uuids["street"]
    answer = server.command("/datasource/add_source.cmd",
                            {"definition": f"{street_file}:name=street"})
    assert answer.json()["kismet.datasource.uuid"] == uuids["street"]
    assert [row[NAME] for row in server.sources()] == ["street"]


def test_one_bad_source_among_good_ones(serve, street_file):
    server = serve("-c", f"{street_file}:name=good", "-c", "/nonexistent.pcap:name=bad",
                   "-c", f"{street_file}:name=second,uuid={RADIO_UUID}")
    server.wait_replayed()
    assert source(server, "good")["kismet.datasource.num_packets"] == len(scene.street().records)
    assert source(server, "second")["kismet.datasource.num_packets"] == len(
        scene.street().records)
    assert [row["kismet.datasource.name"] for row in
            server.msgpack("/datasource/error_sources.msgpack")] == ["bad"]


def test_a_directory_is_no_capture(serve, tmp_path):
    server = serve("-c", f"{tmp_path}:name=folder,type=pcapfile")
    server.wait_for(lambda: source(server, "folder")["kismet.datasource.error"], 10, "error")


# kinds of files
def test_an_unsupported_link_type_is_named_and_counted(serve, tmp_path):
    import struct
    path = tmp_path / "ethernet.pcap"
    record = struct.pack("<IIII", 1, 0, 60, 60) + bytes(60)
    path.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + record * 7)
    server = serve("-c", f"{path}:name=wire").wait_replayed()
    row = source(server, "wire")
    assert row["kismet.datasource.dlt"] == 1
    assert "1" in row["kismet.datasource.warning"] and row["kismet.datasource.warning"]
    assert row["norn.datasource.unsupported_packets"] == 7
    assert row["kismet.datasource.num_packets"] == 7
    assert server.devices() == {}


def test_a_cut_off_file_gives_every_whole_record(serve, tmp_path):
    path = tmp_path / "cut.pcap"
    path.write_bytes(scene.street().pcap()[:-9])
    server = serve("-c", f"{path}:name=cut").wait_replayed()
    row = source(server, "cut")
    assert row["kismet.datasource.num_packets"] == len(scene.street().records) - 1
    text = (row["kismet.datasource.warning"] + row["kismet.datasource.error_reason"]
            + server.console).lower()
    assert "cut" in text or "truncated" in text or "ends" in text


def test_bad_checksums_touch_no_device(serve, tmp_path):
    from support import air
    made = air.Scene()
    made.add(air.beacon(scene.LINKSYS), good=True)
    made.add(air.beacon(scene.SINGLE), good=False)
    path = made.write_pcap(tmp_path / "fcs.pcap")
    server = serve("-c", f"{path}:name=fcs").wait_replayed()
    assert set(server.devices()) == {scene.LINKSYS.bssid.upper()}
    row = source(server, "fcs")
    assert row["kismet.datasource.num_packets"] == 2
    assert row["kismet.datasource.num_error_packets"] == 1
    wifi = next(row for row in server.json("/phy/all_phys.json")
                if row["kismet.phy.name"] == "IEEE802.11")
    assert wifi["kismet.phy.packets.error"] == 1


def test_bad_checksums_are_taken_where_asked_for(serve, tmp_path):
    from support import air
    path = air.Scene().add(air.beacon(scene.SINGLE), good=False).write_pcap(tmp_path / "fcs.pcap")
    server = serve("-c", f"{path}:name=fcs,validatefcs=false").wait_replayed()
    assert set(server.devices()) == {scene.SINGLE.bssid.upper()}


def test_a_pipe_is_read_as_it_comes(serve, tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    server = serve("-c", f"{path}:name=pipe,type=pcapfile")
    with open(path, "wb") as pipe:
        data = scene.street().pcap()
        pipe.write(data[:1000])
        pipe.flush()
        server.wait_for(server.devices, 10, "devices from the first part")
        pipe.write(data[1000:])
    server.wait_replayed()
    assert len(server.devices()) == len(scene.EVERYONE)


@pytest.mark.parametrize("kind", ["pcap.gz", "pcap.zst", "pcapng", "big-endian", "nanoseconds",
                                  "pcapng.gz", "big-endian pcapng"])
def test_every_container_gives_the_same_devices(serve, tmp_path, kind):
    import gzip
    import shutil
    import subprocess
    made = scene.street()
    data = {"pcapng": made.pcapng, "pcapng.gz": made.pcapng,
            "big-endian": lambda: made.pcap(">"), "big-endian pcapng": lambda: made.pcapng(">"),
            "nanoseconds": lambda: made.pcap(nanoseconds=True)}.get(kind, made.pcap)()
    path = tmp_path / "capture"
    if kind.endswith(".gz"):
        data = gzip.compress(data)
    if kind.endswith(".zst"):
        if not shutil.which("zstd"):
            pytest.skip("no zstd program here")
        data = subprocess.run(["zstd", "-c"], input=data, capture_output=True, check=True).stdout
    path.write_bytes(data)
    server = serve("-c", f"{path}:name=any,type=pcapfile").wait_replayed()
    devices = server.devices()
    assert set(devices) == {mac.upper() for mac in scene.EVERYONE}
    assert devices[scene.PROBER.upper()]["kismet.device.base.last_time"] == 1704067203
