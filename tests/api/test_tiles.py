"""/tiles/map.pmtiles: the operator's archive of map tiles, read by ranges (RFC 9110, 14)."""
import os

import pytest

from support import tiles
from support.norn import PASSWORD, USER

PATH = "/tiles/map.pmtiles"
PART = 4 * 1024 * 1024


@pytest.fixture(name="file")
def archive_file(tmp_path):
    path = tmp_path / "map.pmtiles"
    path.write_bytes(tiles.archive({(0, 0, 0): tiles.png(200, 0, 0)}, padding=5 * 1024 * 1024))
    tmp_path.chmod(0o755)
    return path


@pytest.fixture(name="server")
def server_with_tiles(serve, file):
    return serve("--set", f"httpd_tiles={file}")


@pytest.mark.parametrize("text, first, end", [
    ("bytes=0-126", 0, 127), ("bytes=7-7", 7, 8), ("bytes=-16", -16, None),
    ("bytes=100-", 100, 100 + PART), ("bytes=0-999999999999", 0, PART)])
def test_a_part_is_given(server, file, text, first, end):
    content = file.read_bytes()
    answer = server.get(PATH, headers={"Range": text})
    assert answer.status_code == 206
    assert answer.content == content[first:end]
    assert answer.headers["Content-Type"] == "application/vnd.pmtiles"
    at = first % len(content)
    assert answer.headers["Content-Range"] == (
        f"bytes {at}-{at + len(answer.content) - 1}/{len(content)}")
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_the_whole_is_given_to_who_asks_for_it(server, file):
    answer = server.get(PATH)
    assert answer.status_code == 200 and answer.content == file.read_bytes()
    assert answer.headers["Accept-Ranges"] == "bytes"
    for odd in ("bytes=0-1,5-6", "bytes=9-3", "lines=1-2"):
        assert server.get(PATH, headers={"Range": odd}).status_code == 200
    head = server.request("HEAD", PATH)
    assert head.status_code == 200 and not head.content


def test_a_part_that_is_not_there(server, file):
    size = file.stat().st_size
    answer = server.get(PATH, headers={"Range": f"bytes={size}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_a_part_holds_for_the_file_that_is_known(server, file):
    part = {"Range": "bytes=0-6"}
    etag = server.get(PATH, headers=part).headers["ETag"]
    assert server.get(PATH, headers={**part, "If-Range": etag}).status_code == 206
    assert server.get(PATH, headers={**part, "If-None-Match": etag}).status_code == 304
    file.write_bytes(tiles.archive({(0, 0, 0): tiles.png(0, 200, 0)}))
    changed = server.get(PATH, headers={**part, "If-Range": etag})
    assert changed.status_code == 200 and changed.content == file.read_bytes()
    assert changed.headers["ETag"] != etag


def test_the_status_says_whether_there_are_tiles(serve, server):
    member = "norn.system.tiles"
    assert server.get("/system/status.json").json()[member] == 1
    plain = serve()
    assert plain.get("/system/status.json").json()[member] == 0
    assert plain.get(PATH).status_code == 404


def test_it_is_read_by_whom_reads_are_open_to(serve, file):
    server = serve("--set", f"httpd_tiles={file}", "--set", "httpd_require_login=always")
    assert server.get(PATH).status_code == 401
    part = {"Range": "bytes=0-6"}
    assert server.get(PATH, headers=part, auth=(USER, PASSWORD)).content == b"PMTiles"


def test_a_file_that_cannot_be_opened_is_named(serve, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path / "pipe", tmp_path):
        answer = serve("--set", f"httpd_tiles={path}").get(PATH)
        assert answer.status_code == 404 and "httpd_tiles" in answer.text
