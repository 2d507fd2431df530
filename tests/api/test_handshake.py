"""Handshakes and PMKIDs as pcap files that tools for them can read."""
import pytest

from support import air, capture_file, corpus, street

PCAP = "application/vnd.tcpdump.pcap"
PMKID = b"\xdd\x14\x00\x0f\xac\x04" + b"PMKIDPMKIDPMKID!"


def key_of(server, address):
    return server.devices()[address.upper()]["kismet.device.base.key"]


def handshake(server, bssid, client):
    return server.get(f"/phy/phy80211/by-key/{key_of(server, bssid)}/device/{client}"
                      "/pcap/handshake.pcap")


def pmkid(server, bssid):
    return server.get(f"/phy/phy80211/by-key/{key_of(server, bssid)}/pcap/handshake-pmkid.pcap")


def read(answer):
    """Link type and frames of a pcap: (seconds, bytes)."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == PCAP
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].endswith('.pcap"')
    magic, link_type = answer.content[:4], int.from_bytes(answer.content[20:24], "little")
    assert magic == b"\xd4\xc3\xb2\xa1" and link_type == air.DLT_80211
    at, frames = 24, []
    while at < len(answer.content):
        seconds, micros, length, original = (
            int.from_bytes(answer.content[at + i:at + i + 4], "little") for i in (0, 4, 8, 12))
        assert length == original
        frames.append((seconds + micros / 1e6, answer.content[at + 16:at + 16 + length]))
        at += 16 + length
    return frames


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The street, and a first message with a PMKID from an access point that hides its name."""
    from support.norn import Server
    scene = street.street()
    message = air.eapol_key(1)
    length = int.from_bytes(message[10:12], "big") + len(PMKID)
    message = (message[:10] + length.to_bytes(2, "big") + message[12:-2] +
               len(PMKID).to_bytes(2, "big") + PMKID)
    hidden = street.HIDDEN.bssid
    scene.add(air.data(hidden, hidden, street.GIVEAWAY_CLIENT, message, True), 6, -47)
    path = str(scene.write_pcap(tmp_path_factory.mktemp("keys") / "keys.pcap"))
    with Server("-c", f"{path}:name=keys") as server:
        yield server.wait_replayed()


def test_a_handshake_begins_with_a_beacon_and_has_every_message(keys):
    frames = read(handshake(keys, street.SINGLE.bssid, street.HANDSHAKE_CLIENT))
    assert frames[0][1] == air.beacon(street.SINGLE)
    messages = [frame[24:] for _, frame in frames[1:]]
    assert messages == [air.eapol_key(number, 1 + (number > 2)) for number in (1, 2, 3, 4)]
    times = [time for time, _ in frames]
    assert times == sorted(times) and times[0] >= air.START


def test_a_pmkid_comes_with_a_beacon(keys):
    """And, where the beacon hides the name, with a request to join that gives it."""
    frames = read(pmkid(keys, street.HIDDEN.bssid))
    assert len(frames) == 3
    assert frames[0][1] == air.beacon(street.HIDDEN)
    assert frames[1][1] == air.association_request(street.GIVEAWAY_CLIENT, street.HIDDEN)
    assert frames[2][1].endswith(PMKID)
    assert frames == sorted(frames, key=lambda frame: frame[0])


def test_records_show_the_kept_frames(keys):
    dot11 = keys.devices()[street.HIDDEN.bssid.upper()]["dot11.device"]
    assert dot11["dot11.device.pmkid_packet"]["kismet.packet.data"].endswith(PMKID.hex().upper())
    beacon = dot11["dot11.device.ssid_beacon_packet"]
    assert bytes.fromhex(beacon["kismet.packet.data"]) == air.beacon(street.HIDDEN)
    without = keys.devices()[street.BARFOO.bssid.upper()]["dot11.device"]
    assert "dot11.device.ssid_beacon_packet" not in without
    assert "dot11.device.pmkid_packet" not in without


@pytest.mark.parametrize("path, status, word", [
    ("4202770D00000000_1/device/00:11:22:33:44:55/pcap/handshake.pcap", 404, "key"),
    ("nonsense/device/00:11:22:33:44:55/pcap/handshake.pcap", 400, "key"),
    ("4202770D00000000_1/device/nonsense/pcap/handshake.pcap", 400, "MAC"),
    ("4202770D00000000_1/pcap/handshake-pmkid.pcap", 404, "key"),
])
def test_what_cannot_be(keys, path, status, word):
    answer = keys.get("/phy/phy80211/by-key/" + path)
    assert answer.status_code == status and word in answer.text


def test_what_was_not_heard(keys):
    answer = handshake(keys, street.SINGLE.bssid, street.OPEN_CLIENT)
    assert answer.status_code == 404 and "key messages" in answer.text
    answer = pmkid(keys, street.SINGLE.bssid)
    assert answer.status_code == 404 and "PMKID" in answer.text


def test_nothing_is_kept_where_the_option_says_so(serve, street_file):
    server = serve("-c", street_file, "--set", "dot11_keep_eapol=false").wait_replayed()
    assert handshake(server, street.SINGLE.bssid, street.HANDSHAKE_CLIENT).status_code == 404


@pytest.mark.skipif(not corpus.present(), reason="corpus: not here (set NORN_CAPTURES)")
def test_the_pmkid_of_a_real_access_point(serve):
    path = corpus.path("dot11", "aircrack__test-pmkid.pcap")
    server = serve("-c", path).wait_replayed()
    wanted = [data for _, data, _ in capture_file.records(capture_file.open_bytes(path))]
    assert [frame for _, frame in read(pmkid(server, "00:12:bf:77:16:2d"))] == wanted
    assert [frame for _, frame in read(handshake(server, "00:12:bf:77:16:2d",
                                                 "00:21:e9:24:a5:e7"))] == wanted
