"""HTTP itself: connections, limits, paths, methods, caching; raw sockets where needed."""
import json
import socket
import threading
import time

import pytest

from support import street as scene
from support.air import device_key

KEY = device_key(scene.LINKSYS.bssid)
STATUS = "/system/status.json"


def head_of(answer):
    """Status number and headers (lower case) of raw bytes."""
    top = answer.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in top[1:] if ": " in line)
    return int(top[0].split()[1]), {name.lower(): value for name, value in fields.items()}


def ask(server, path, method="GET", headers="", body=b"", version="1.1", close=True):
    text = (f"{method} {path} HTTP/{version}\r\nHost: localhost\r\n{headers}"
            f"{'Connection: close' + chr(13) + chr(10) if close else ''}\r\n")
    return server.raw(text.encode("latin-1") + body)


# paths
@pytest.mark.parametrize("path", ["//system//status.json", "/system///status.json",
                                  "///system/status.json"])
def test_repeated_slashes_count_once(street, path):
    assert head_of(ask(street, path))[0] == 200


@pytest.mark.parametrize("path", ["/system/%73tatus.json", "/%73ystem/status%2Ejson",
                                  "/system/status.%6Ason"])
def test_paths_are_decoded(street, path):
    assert head_of(ask(street, path))[0] == 200


def test_paths_are_decoded_once(street):
    assert head_of(ask(street, "/system/%2573tatus.json"))[0] == 404


def test_an_encoded_slash_does_not_split_a_path(street):
    assert head_of(ask(street, "/system%2Fstatus.json"))[0] in (400, 404)


@pytest.mark.parametrize("path", ["/system/status.json%00", "/%00", "/system/%00/status.json",
                                  "/devices/by-mac/%00/devices.json",
                                  f"/devices/by-key/{KEY}%00/device.json"])
def test_a_nul_in_a_path_is_400(street, path):
    assert head_of(ask(street, path))[0] == 400


@pytest.mark.parametrize("path", ["/system/%zz", "/%", "/%4", "/system/status.json%"])
def test_a_broken_escape_is_no_server_error(street, path):
    assert head_of(ask(street, path))[0] in (400, 404)


@pytest.mark.parametrize("path", ["/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/etc/passwd",
                                  "/static/../../etc/passwd", "/.", "/..", "/system/../etc/passwd"])
def test_no_path_leads_out(street, path):
    answer = ask(street, path)
    assert head_of(answer)[0] in (200, 400, 404)
    assert b"root:" not in answer


def test_the_query_is_not_part_of_the_path(street):
    assert head_of(ask(street, STATUS + "?a=1&b=%00&c"))[0] in (200, 400)
    assert head_of(ask(street, STATUS + "?"))[0] == 200
    assert head_of(ask(street, STATUS + "?fields=x#frag"))[0] in (200, 400)


def test_an_endless_path_is_refused(street):
    for path in ("/" + "a" * 20000, "/a" * 10000, STATUS + "?" + "a=b&" * 20000):
        assert head_of(ask(street, path))[0] in (400, 404, 414, 431)


def test_endless_headers_are_refused(street):
    big = "X-Long: " + "a" * 200000 + "\r\n"
    many = "".join(f"X-{number}: y\r\n" for number in range(20000))
    for headers in (big, many):
        answer = ask(street, STATUS, headers=headers)
        assert not answer or head_of(answer)[0] in (400, 413, 431)


@pytest.mark.parametrize("line", ["GET", "GET /", "get / HTTP/1.1", "GET / HTTP/9.9",
                                  "\x00\x01\x02", "GET  / HTTP/1.1", "GET http://evil/ HTTP/1.1"])
def test_malformed_requests_leave_the_server_alive(street, line):
    street.raw(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"), 3)
    assert street.get(STATUS).status_code == 200


# methods
def test_head_has_the_headers_and_no_body(street):
    answer = ask(street, STATUS, "HEAD")
    status, headers = head_of(answer)
    assert status == 200 and headers["content-type"].startswith("application/json")
    assert answer.endswith(b"\r\n\r\n")


def test_unknown_methods_are_405(street):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
        assert head_of(ask(street, STATUS, method))[0] == 405


# connections
def receive(connection):
    """What comes next; the connection was to stay open."""
    part = connection.recv(65536)
    assert part, "the connection was closed"
    return part


def read_answer(connection):
    """One whole answer with a length, from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(connection)
    head, rest = data.split(b"\r\n\r\n", 1)
    status, headers = head_of(data)
    if "content-length" in headers:
        while len(rest) < int(headers["content-length"]):
            rest += receive(connection)
    else:
        assert headers["transfer-encoding"] == "chunked", head
        while not rest.endswith(b"0\r\n\r\n"):
            rest += receive(connection)
    return status, headers, rest


def test_connections_are_kept(street):
    with socket.create_connection(("127.0.0.1", street.port), 10) as connection:
        for path in (STATUS, "/devices/all_devices.json", "/none", "/phy/all_phys.msgpack"):
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status, _, body = read_answer(connection)
            assert status == (404 if path == "/none" else 200) and body


def test_requests_may_be_pipelined(street):
    with socket.create_connection(("127.0.0.1", street.port), 10) as connection:
        connection.sendall(b"GET /phy/all_phys.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3
                           + b"GET /phy/all_phys.json HTTP/1.1\r\nHost: localhost\r\n"
                             b"Connection: close\r\n\r\n")
        data = b""
        while part := connection.recv(65536):
            data += part
    assert data.count(b"HTTP/1.1 200") == 4


def test_a_post_on_a_kept_connection(street):
    body = json.dumps({"essid": ["^single$"]}).encode()
    with socket.create_connection(("127.0.0.1", street.port), 10) as connection:
        for _ in range(3):
            connection.sendall(
                b"POST /phy/phy80211/ssid_regex.cmd HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            status, _, answer = read_answer(connection)
            assert status == 200 and b"single" in answer


def test_close_closes(street):
    status, headers = head_of(ask(street, STATUS))
    assert status == 200 and headers["connection"].lower() == "close"


def test_http_1_0(street):
    answer = ask(street, "/devices/all_devices.json", version="1.0", close=False)
    status, headers = head_of(answer)
    assert status == 200 and "transfer-encoding" not in headers
    assert len(json.loads(answer.split(b"\r\n\r\n", 1)[1])) == len(scene.EVERYONE)


def test_expect_100_continue(street):
    body = b'{"essid":["^single$"]}'
    answer = street.raw(
        b"POST /phy/phy80211/ssid_regex.cmd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
        % len(body) + body)
    assert b"200 OK" in answer and b"single" in answer


def test_chunked_bodies(street):
    body = b'5\r\n{"ess\r\n11\r\nid":["^single$"]}\r\n0\r\n\r\n'
    answer = ask(street, "/phy/phy80211/ssid_regex.cmd", "POST",
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", body)
    assert head_of(answer)[0] == 200 and b"single" in answer


def test_bodies_come_in_pieces(street):
    body = b"json=" + json.dumps({"essid": ["^single$"], "pad": "x" * 200000}).encode()
    top = (b"POST /phy/phy80211/ssid_regex.cmd HTTP/1.1\r\nHost: localhost\r\n"
           b"Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
           b"Content-Length: %d\r\n\r\n" % len(body))
    with socket.create_connection(("127.0.0.1", street.port), 10) as connection:
        connection.sendall(top[:30])
        time.sleep(0.1)
        connection.sendall(top[30:])
        for at in range(0, len(body), 30000):
            connection.sendall(body[at:at + 30000])
            time.sleep(0.02)
        data = b""
        while part := connection.recv(65536):
            data += part
    assert head_of(data)[0] == 200 and b"single" in data


# limits
def test_a_large_body_is_taken(street):
    command = {"essid": ["^single$"], "pad": "x" * 1_000_000}
    answer = street.post("/phy/phy80211/ssid_regex.cmd", json=command)
    assert answer.status_code == 200 and len(answer.json()) == 1


@pytest.mark.parametrize("path", ["/phy/phy80211/ssid_regex.cmd", STATUS, "/none"])
def test_a_body_over_1_mib_is_413(street, path):
    body = b'{"pad":"' + b"x" * (1024 * 1024) + b'"}'
    answer = ask(street, path, "POST", "Content-Type: application/json\r\n"
                 f"Content-Length: {len(body)}\r\n", body)
    assert head_of(answer)[0] in ((404, 413) if path == "/none" else (413,))


def test_a_chunked_body_over_1_mib_is_413(street):
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    answer = ask(street, "/phy/phy80211/ssid_regex.cmd", "POST",
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                 chunk * 20 + b"0\r\n\r\n")
    assert head_of(answer)[0] == 413


@pytest.mark.parametrize("length", ["-1", "x", "99999999999999999999", "1048577"])
def test_a_length_that_cannot_be_is_refused_at_once(street, length):
    answer = street.raw(f"POST {STATUS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
                        .encode() + b"{}", 5)
    assert answer and head_of(answer)[0] in (400, 413)


@pytest.mark.parametrize("headers", ["Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                                     "Content-Length: 5\r\nContent-Length: 4\r\n",
                                     "Content-Length: 5\r\nHost: evil.example\r\n"])
def test_what_a_proxy_may_read_otherwise_is_refused(street, headers):
    answer = ask(street, STATUS, "POST", headers,
                 b"0\r\n\r\nGET /none HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert head_of(answer)[0] == 400 and b"one Host" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


# slow and silent clients
def test_silent_clients_do_not_hold_up_others(street):
    idle = [socket.create_connection(("127.0.0.1", street.port), 5) for _ in range(100)]
    for number, connection in enumerate(idle):
        connection.sendall((b"GET / HT", b"", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n")[
            number % 3])
    began = time.monotonic()
    assert street.get(STATUS).status_code == 200
    assert time.monotonic() - began < 2
    for connection in idle:
        connection.close()


def test_clients_that_go_away_early_do_no_harm(street):
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", street.port), 5)
        connection.sendall(b"GET /devices/last-time/1/devices.json HTTP/1.1\r\n"
                           b"Host: localhost\r\n\r\n")
        connection.close()
    assert street.get(STATUS).status_code == 200


def test_many_requests_at_once(street):
    failures = []

    def client():
        for _ in range(10):
            answer = street.get("/devices/all_devices.json")
            if answer.status_code != 200 or len(answer.json()) != len(scene.EVERYONE):
                failures.append(answer.status_code)
    threads = [threading.Thread(target=client) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_connections_are_counted_down_again(serve):
    server = serve()  # whose only connections are those of this test

    def is_counted(wanted):
        """Whether there are so many connections beside the one that asks."""
        return server.json(STATUS)["kismet.system.num_http_connections"] == wanted + 1
    server.wait_for(lambda: is_counted(0), what="those of the start to be closed")
    idle = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(20)]
    server.wait_for(lambda: is_counted(20), what="20 connections")
    for connection in idle:
        connection.close()
    server.wait_for(lambda: is_counted(0), what="connections to be closed")


# encodings and caches
def test_no_gzip_on_loopback(street):
    answer = street.get("/devices/all_devices.json", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_answers_are_not_cached(street):
    headers = street.get(STATUS).headers
    assert "no-cache" in headers["Cache-Control"] or "no-store" in headers["Cache-Control"]


def test_bodies_have_a_length_or_chunks(street):
    for path in (STATUS, "/devices/all_devices.json", "/none", "/session/check_session", "/"):
        headers = street.get(path).headers
        assert ("Content-Length" in headers) != (headers.get("Transfer-Encoding") == "chunked")


def test_the_page(street):
    answer = street.get("/")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert '<script type="module"' in answer.text
    assert "system/status.json" in answer.text  # without a script the API still works


def test_the_page_has_an_etag(street):
    first = street.get("/")
    tag = first.headers["ETag"]
    again = street.get("/", headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["ETag"] == tag
    assert street.get("/", headers={"If-None-Match": '"another"'}).status_code == 200


def test_pages_and_data_tell_browsers_not_to_guess(street):
    for path in ("/", STATUS):
        assert street.get(path).headers.get("X-Content-Type-Options") == "nosniff"


def test_no_version_of_a_library_is_told(street):
    assert "microhttpd" not in street.get(STATUS).headers.get("Server", "").lower()
