"""HTTPS: own and given certificates, renewal, clients that speak no TLS or stop in the middle."""
import concurrent.futures
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time

import pytest
import requests

from support.norn import PASSWORD, USER, new_home, run

SELF = ["--set", "httpd_ssl_self_signed=true"]


def start(serve, *arguments, home=None):
    home = home or new_home()
    server = serve(*SELF, *arguments, home=home, ready=False)
    server.wait_for(lambda: "https://localhost:" in server.console, 20, "the address")
    return server, os.path.join(home, "httpd_cert.pem")


def url(server, path):
    return f"https://localhost:{server.port}{path}"


def context(certificate):
    return ssl.create_default_context(cafile=certificate)


def connect(server, certificate):
    raw = socket.create_connection(("127.0.0.1", server.port), 10)
    return context(certificate).wrap_socket(raw, server_hostname="localhost")


def fingerprint(server):
    pem = ssl.get_server_certificate(("127.0.0.1", server.port))
    return ssl.PEM_cert_to_DER_cert(pem)


def test_a_certificate_is_made_and_kept(serve):
    server, certificate = start(serve)
    answer = requests.get(url(server, "/system/status.json"), verify=certificate, timeout=20)
    assert answer.status_code == 200 and answer.json()["kismet.system.version"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    key = os.path.join(server.home, "httpd_key.pem")
    assert os.stat(key).st_mode & 0o077 == 0
    before = fingerprint(server)
    home = new_home()
    for name in ("httpd_cert.pem", "httpd_key.pem"):
        shutil.copy(os.path.join(server.home, name), home)
    subprocess.run(["chmod", "-R", "a+rX", home], check=True)
    again, _ = start(serve, home=home)
    assert fingerprint(again) == before


def test_a_login_gives_a_secure_cookie(serve):
    server, certificate = start(serve)
    answer = requests.get(url(server, "/session/create_session"), auth=(USER, PASSWORD),
                          verify=certificate, timeout=20)
    assert answer.status_code == 200
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_only_current_versions(serve):
    server, certificate = start(serve)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        chosen = context(certificate)
        chosen.minimum_version = chosen.maximum_version = version
        with socket.create_connection(("127.0.0.1", server.port), 10) as raw, \
                chosen.wrap_socket(raw, server_hostname="localhost") as line:
            assert line.version() == version.name.replace("_", ".")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    with socket.create_connection(("127.0.0.1", server.port), 10) as raw, \
            pytest.raises(ssl.SSLError):
        old.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize("request_text, status, location", [
    ("GET /x?y=1 HTTP/1.1\r\nHost: example.org:2501\r\n\r\n", 308,
     "https://example.org:2501/x?y=1"),
    ("HEAD / HTTP/1.1\r\nhost:[::1]:80\r\n\r\n", 308, "https://[::1]:80/"),
    ("GET / HTTP/1.0\r\n\r\n", 400, None),
    ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 400, None),
    ("GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, None),
    ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, None),
    ("GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, None),
    ("GET /a\x01b HTTP/1.1\r\nHost: a\r\n\r\n", 400, None),
    ("nonsense\r\n\r\n", 400, None),
    ("GET /" + "a" * 5000, 400, None),
], ids=range(10))
def test_plain_http_is_told_where_to_go(serve, request_text, status, location):
    server, _ = start(serve)
    with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
        raw.sendall(request_text.encode("latin-1"))
        answer = http.client.HTTPResponse(raw, method=request_text.split(" ")[0])
        answer.begin()
        assert answer.status == status
        assert answer.getheader("Location") == location


@pytest.mark.parametrize("data", [
    b"", b"\x16", b"\x16\x03\x01\x00\x05hello", b"\x16" * 3000, b"\x80\x2e\x01\x00\x02",
    bytes(range(64)),
], ids=["nothing", "a byte", "no hello", "long", "SSL 2", "noise"])
def test_what_is_no_handshake_ends(serve, data):
    server, certificate = start(serve)
    with socket.create_connection(("127.0.0.1", server.port), 20) as raw:
        raw.sendall(data)
        raw.settimeout(20)
        began = time.monotonic()
        try:
            while raw.recv(4096):
                pass
        except ConnectionError:
            pass
        assert time.monotonic() - began < 15
    assert requests.get(url(server, "/system/status.json"), verify=certificate,
                        timeout=20).status_code == 200


def descriptors(server):
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in [server.process.pid])


def test_connections_cut_at_any_byte_leave_nothing(serve):
    server, certificate = start(serve)
    requests.get(url(server, "/system/status.json"), verify=certificate, timeout=20)
    time.sleep(0.5)
    before = descriptors(server)
    for turn in range(60):
        line = connect(server, certificate)
        line.sendall(b"GET /system/status.json HTTP/1.1\r\nHost: localhost\r\n\r\n"[:turn + 1])
        if turn % 3 == 0:
            line.close()
        else:
            raw = line.detach()
            os.close(raw)
    server.wait_for(lambda: descriptors(server) <= before + 1, 20, "the descriptors")
    assert requests.get(url(server, "/system/status.json"), verify=certificate,
                        timeout=20).status_code == 200


def test_keep_alive_and_pipelining(serve):
    server, certificate = start(serve)
    with connect(server, certificate) as line:
        one = b"GET /system/timestamp.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        line.sendall(one * 5)
        data = b""
        while data.count(b"HTTP/1.1 200") < 5 or not data.rstrip().endswith(b"}"):
            more = line.recv(65536)
            assert more
            data += more
    with requests.Session() as session:
        for _ in range(20):
            assert session.get(url(server, "/system/timestamp.json"), verify=certificate,
                               timeout=20).status_code == 200


def test_a_large_body_and_many_at_once(serve):
    server, certificate = start(serve)

    def ask(number):
        body = {"json": '{"fields":["kismet.system.version"],"pad":"' + "x" * 900000 + '"}'}
        answer = requests.post(url(server, "/system/status.json"), data=body, verify=certificate,
                               timeout=60)
        return answer.status_code, list(answer.json())

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for status, names in pool.map(ask, range(48)):
            assert status == 200 and names == ["kismet.system.version"]


def test_a_server_waits_for_a_slow_reader_of_a_large_page(serve):
    server, certificate = start(serve)
    whole = requests.get(url(server, "/system/tracked_fields.html"), verify=certificate,
                         timeout=20).content
    with connect(server, certificate) as line:
        line.sendall(b"GET /system/tracked_fields.html HTTP/1.1\r\nHost: localhost\r\n"
                     b"Connection: close\r\n\r\n")
        data = b""
        while True:
            time.sleep(0.002)
            more = line.recv(2048)
            if not more:
                break
            data += more
    assert data.endswith(whole[-1000:]) and len(data) > len(whole)


def make_pair(folder, name):
    chain, key = str(folder / f"{name}.crt"), str(folder / f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-out", chain,
                    "-keyout", key], check=True, capture_output=True)
    os.chmod(key, 0o644)
    os.chmod(folder, 0o755)
    return chain, key


def test_given_files_are_read_again_on_hangup(serve, tmp_path):
    for parent in list(tmp_path.parents)[:3]:
        os.chmod(parent, os.stat(parent).st_mode | 0o755)
    first, second = make_pair(tmp_path, "first"), make_pair(tmp_path, "second")
    chain, key = str(tmp_path / "live.crt"), str(tmp_path / "live.key")
    shutil.copy(first[0], chain), shutil.copy(first[1], key)
    os.chmod(key, 0o644)
    server = serve("--set", f"httpd_ssl_cert={chain}", "--set", f"httpd_ssl_key={key}",
                   ready=False)
    server.wait_for(lambda: "https://localhost:" in server.console, 20, "the address")
    with connect(server, first[0]) as old:
        shutil.copy(second[0], chain), shutil.copy(second[1], key)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for(lambda: "certificate was read again" in server.console, 10, "the renewal")
        old.sendall(b"GET /system/timestamp.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert old.recv(4096).startswith(b"HTTP/1.1 200")
    assert requests.get(url(server, "/system/status.json"), verify=second[0],
                        timeout=20).status_code == 200
    with open(chain, "w") as file:
        file.write("broken")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for(lambda: "cannot be used" in server.console, 10, "the complaint")
    assert requests.get(url(server, "/system/status.json"), verify=second[0],
                        timeout=20).status_code == 200


@pytest.mark.parametrize("options, words", [
    (["httpd_ssl_cert=/nowhere.pem", "httpd_ssl_key=/nowhere.key"], "/nowhere.pem"),
    (["httpd_ssl_cert=/nowhere.pem"], "/nowhere.pem"),
    (["httpd_ssl_key=/nowhere.key"], "httpd_ssl_cert"),
])
def test_without_its_certificate_it_does_not_start(options, words):
    arguments = [part for option in options for part in ("--set", option)]
    status, _, errors = run("--port", "0", *arguments)
    assert status == 1 and words in errors


def test_the_transfer_is_quick(serve):
    """200 MB: a reply of many megabytes, asked for again and again on one connection."""
    server, certificate = start(serve)
    line = connect(server, certificate)
    request = b"GET /system/tracked_fields.html HTTP/1.1\r\nHost: localhost\r\n\r\n"
    goal, received, asked = 200 * 1000 * 1000, 0, 0
    began = time.monotonic()
    while received < goal:
        while asked - received < 4 * 1000 * 1000:
            line.sendall(request * 8)
            asked += 8 * 30000
        more = line.recv(1 << 20)
        assert more
        received += len(more)
    seconds = time.monotonic() - began
    line.close()
    assert seconds < 120, f"{received / seconds / 1e6:.0f} MB/s"
