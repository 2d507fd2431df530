"""API keys: made, listed, revoked, expiring; roles; every way to show one."""
import json
import os
import re
import time

import pytest

from support.norn import PASSWORD, USER, new_home

MAKE, REVOKE, LIST = ("/auth/apikey/generate.cmd", "/auth/apikey/revoke.cmd",
                      "/auth/apikey/list.json")
GPS = "/gps/web/update.cmd"
HERE = {"lat": 47.4, "lon": 8.5}
ALL = ["--set", "httpd_require_login=always"]
NAME, ROLE = "kismet.httpd.auth.name", "kismet.httpd.auth.role"
TOKEN, EXPIRES = "kismet.httpd.auth.token", "kismet.httpd.auth.expiration"


def make(server, name, role, duration=0):
    answer = server.command(MAKE, {"name": name, "role": role, "duration": duration})
    assert answer.status_code == 200, answer.text
    assert re.fullmatch(r"[0-9A-F]{32}", answer.text), answer.text
    return answer.text


def keys(server):
    return {row[NAME]: row for row in server.json(LIST, login=True)}


def test_a_key_is_made_listed_used_and_revoked(serve):
    server = serve(*ALL)
    token = make(server, "dashboard", "readonly")
    row = keys(server)["dashboard"]
    assert (row[ROLE], row[TOKEN], row[EXPIRES]) == ("readonly", token, 0)
    assert server.get("/system/status.json").status_code == 401
    assert server.get("/system/status.json", cookies={"KISMET": token}).status_code == 200
    answer = server.command(REVOKE, {"name": "dashboard"})
    assert answer.status_code == 200
    assert server.get("/system/status.json", cookies={"KISMET": token}).status_code == 401
    assert server.command(REVOKE, {"name": "dashboard"}).status_code == 404
    assert keys(server) == {}


@pytest.mark.parametrize("show", [
    lambda token: {"cookies": {"KISMET": token}},
    lambda token: {"cookies": {"KISMET": token.lower()}},
    lambda token: {"params": {"KISMET": token}},
    lambda token: {"params": {"KISMET": token}, "cookies": {"other": "1"}},
    lambda token: {"headers": {"KISMET": token}},
    lambda token: {"headers": {"Authorization": "Bearer " + token}},
])
def test_every_way_to_show_a_key(serve, show):
    server = serve(*ALL)
    token = make(server, "any", "readonly")
    answer = server.get("/system/status.json", **show(token))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


# What each role may do: reading, commands of an admin, positions, any login.
@pytest.mark.parametrize("role, read, admin, gps", [
    ("admin", 200, 200, 200), ("readonly", 200, 401, 401), ("WEBGPS", 401, 401, 200),
    ("datasource", 401, 401, 401), ("scanreport", 401, 401, 401), ("ADSB", 401, 401, 401),
    ("my own", 401, 401, 401), ("webgps", 401, 401, 401), ("Admin", 401, 401, 401),
])
def test_roles_open_what_is_theirs(serve, role, read, admin, gps):
    server = serve(*ALL, "--set", "gps=web:name=gpsweb")
    cookies = {"KISMET": make(server, "key", role)}
    assert server.get("/system/status.json", cookies=cookies).status_code == read
    assert server.get("/devices/views/all/devices.json", cookies=cookies).status_code == read
    assert server.get(LIST, cookies=cookies).status_code == admin
    assert server.command(GPS, HERE, login=False, cookies=cookies).status_code == gps
    assert server.get("/session/check_session", cookies=cookies).status_code == 200
    assert server.get("/session/check_login", cookies=cookies).status_code == \
        (200 if role == "admin" else 401)
    again = server.command(MAKE, {"name": "mine", "role": "admin"}, login=False, cookies=cookies)
    assert again.status_code == admin


def test_a_key_of_another_role_says_which_it_needs(serve):
    server = serve(*ALL)
    token = make(server, "sensor", "datasource")
    answer = server.get("/system/status.json", cookies={"KISMET": token})
    assert answer.status_code == 401
    assert "sensor" in answer.text and "readonly" in answer.text and "admin" in answer.text


def test_a_key_expires(serve):
    server = serve(*ALL)
    token = make(server, "brief", "readonly", 2)
    assert server.get("/system/status.json", cookies={"KISMET": token}).status_code == 200
    assert abs(keys(server)["brief"][EXPIRES] - time.time() - 2) < 3
    time.sleep(2.2)
    assert server.get("/system/status.json", cookies={"KISMET": token}).status_code == 401
    assert keys(server) == {}
    make(server, "brief", "readonly")


@pytest.mark.parametrize("command", [
    {}, {"name": "x"}, {"role": "admin"}, {"name": "", "role": "admin"},
    {"name": "x", "role": ""}, {"name": "x" * 65, "role": "admin"},
    {"name": "x\n", "role": "admin"}, {"name": "web logon", "role": "admin"},
    {"name": 5, "role": "admin"}, {"name": "x", "role": "admin", "duration": -1},
    {"name": "x", "role": "admin", "duration": "soon"}, {"name": "x", "role": "r" * 33},
    {"name": "x\0y", "role": "admin"},
])
def test_what_is_no_key(serve, command):
    server = serve()
    answer = server.command(MAKE, command)
    assert answer.status_code == 400, answer.text
    assert keys(server) == {}


def test_a_name_is_taken_once(serve):
    server = serve()
    make(server, "one", "readonly")
    answer = server.command(MAKE, {"name": "one", "role": "admin"})
    assert answer.status_code == 400 and "one" in answer.text
    assert server.command(REVOKE, {"name": "web logon"}).status_code == 400


def test_keys_outlive_the_server(serve):
    home = new_home()
    server = serve(home=home)
    token = make(server, "lasting", "readonly")
    path = os.path.join(home, "session.db")
    assert os.stat(path).st_mode & 0o077 == 0
    record = json.load(open(path))[0]
    assert set(record) == {"token", "name", "role", "created", "accessed", "expires"}
    server.stop()
    again = serve(*ALL, home=home)
    assert again.get("/system/status.json", cookies={"KISMET": token}).status_code == 200
    assert keys(again)["lasting"][TOKEN] == token


def test_a_file_of_kismet_is_read_and_a_broken_one_told(serve):
    home = new_home()
    good = {"token": "ab" * 16, "name": "old", "role": "readonly", "created": 1.0,
            "accessed": 1, "expires": 0}
    bad = [{}, 7, {**good, "name": "b", "token": "short"}, {**good, "name": "web logon"},
           {**good, "name": "c", "role": 1}, good]
    with open(os.path.join(home, "session.db"), "w") as file:
        json.dump([good] + bad, file)
    server = serve(*ALL, home=home)
    assert server.get("/system/status.json", cookies={"KISMET": "AB" * 16}).status_code == 200
    assert list(keys(server)) == ["old"]
    assert f"{len(bad)} API keys" in server.console
    server.stop()
    with open(os.path.join(home, "session.db"), "w") as file:
        file.write("{nonsense")
    server = serve(home=home)
    server.wait_for(lambda: "no list of keys" in server.console, 10, "the complaint")


def test_making_and_showing_can_be_switched_off(serve):
    server = serve("--set", "httpd_allow_auth_creation=false")
    assert server.command(MAKE, {"name": "x", "role": "admin"}).status_code == 403
    server = serve("--set", "httpd_allow_auth_view=false")
    make(server, "hidden", "readonly")
    assert TOKEN not in keys(server)["hidden"]


def test_only_so_many_keys(serve):
    server = serve()
    made = 0
    session = {"auth": (USER, PASSWORD)}
    while made < 300:
        answer = server.post(MAKE, data={"json": json.dumps({"name": f"k{made}", "role": "r"})},
                             **session)
        if answer.status_code != 200:
            break
        made += 1
    assert made == 256 and answer.status_code == 507 and "revoke" in answer.text
