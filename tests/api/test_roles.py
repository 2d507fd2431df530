"""Every row of the program's own table of endpoints, with every login there can be: nobody is let
in where they do not belong. The table comes from the program (norn --print routes); who may pass is
worked out here. Placeholders stand for nothing, so that whoever is let in changes nothing.
"""
import re
import socket

import pytest

from support.norn import Server, run

KEYS = ("admin", "readonly", "datasource", "scanreport", "WEBGPS", "ADSB", "guest")
STRANGERS = {"nobody": "", "wrong token": "Cookie: KISMET=" + "0" * 32 + "\r\n",
             "empty token": "Cookie: KISMET=\r\n",
             "wrong password": "Authorization: Basic b3BlcmF0b3I6d3Jvbmc=\r\n",
             "empty login": "Authorization: Basic Og==\r\n", "no login": "Authorization: Basic\r\n"}
SCENE = ("--set", "gps=web:name=web")
REFUSED = (401, 403)
# By POST alone, and yet for readers: they look devices up.
LOOK_UPS = {"/devices/multimac/devices.json", "/devices/multikey/devices.json",
            "/devices/multikey/as-object/devices.json", "/phy/phy80211/ssid_regex.cmd",
            "/phy/phy80211/probe_regex.cmd"}
# Open, and yet more than a page or a file: they look at the login themselves.
OPEN = re.compile(r"/session/\w+(\.\w+)?|/system/user_status\.json")


def table():
    status, text, errors = run("--print", "routes")
    assert status == 0, errors
    return [(methods.split(", "), path, roles.split(" or "))
            for methods, path, roles in (line.split("\t") for line in text.splitlines())]


ROUTES = table()
CALLS = [(method, path, roles) for methods, path, roles in ROUTES for method in methods]


@pytest.fixture(scope="module")
def closed(street_file):
    """A server that asks everybody, and how each role shows its key."""
    cookies = {}
    with Server(*SCENE, "-c", street_file, "--set", "httpd_require_login=always") as server:
        for name in KEYS:
            answer = server.command("/auth/apikey/generate.cmd",
                                    {"name": name, "role": name, "duration": 0})
            cookies[name] = f"Cookie: KISMET={answer.text}\r\n"
        yield server, cookies


@pytest.fixture(scope="module")
def open_reads(street_file):
    with Server(*SCENE, "-c", street_file) as server:
        yield server


def call(server, method, path, login):
    """Status of a call; whatever the body is, only its beginning is read."""
    path = re.sub(r"\{[a-z]+\}", "nothing", path)
    upgrade = ("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") if method == "websocket" else ""
    length = "Content-Length: 0\r\n" if method == "POST" else ""
    text = (f"{'GET' if method == 'websocket' else method} {path} HTTP/1.1\r\nHost: localhost\r\n"
            f"{upgrade}{length}{login}\r\n")
    with socket.create_connection((server.host, server.port), 10) as line:
        line.sendall(text.encode())
        return int(line.recv(64).split(b" ")[1])


@pytest.mark.parametrize("method,path,roles", CALLS, ids=lambda value: str(value))
def test_only_those_who_belong_are_let_in(closed, method, path, roles):
    server, cookies = closed
    if "open" in roles:
        return
    allowed = set(KEYS) if "any" in roles else {"admin", *roles}
    wrong = []
    for name, cookie in cookies.items():
        status = call(server, method, path, cookie)
        if (status in REFUSED) == (name in allowed):
            wrong.append((name, status))
    for name, login in STRANGERS.items():
        status = call(server, method, path, login)
        if status not in REFUSED:
            wrong.append((name, status))
    assert not wrong


@pytest.mark.parametrize("method,path,roles", CALLS, ids=lambda value: str(value))
def test_open_reads_open_nothing_else(open_reads, method, path, roles):
    if "open" in roles:
        return
    is_refused = call(open_reads, method, path, "") in REFUSED
    assert is_refused == ("readonly" not in roles)


def test_what_changes_something_is_for_no_reader():
    for methods, path, roles in ROUTES:
        is_command = methods == ["POST"] or path.endswith(".cmd")
        if is_command and path not in LOOK_UPS and not OPEN.fullmatch(path):
            assert not {"readonly", "open", "any"} & set(roles), path
        assert "open" not in roles or methods == ["GET"] or OPEN.fullmatch(path), path


def test_the_table_names_no_role_that_has_no_key():
    assert {role for _, _, roles in ROUTES for role in roles} <= {"open", "any", *KEYS}
    assert len(ROUTES) > 90
