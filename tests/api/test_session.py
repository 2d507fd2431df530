"""Logins and sessions: create, check, what counts as a login, throttling, first-run set-up."""
import base64
import os
import re
import signal
import stat
import time

import msgpack
import pytest
import requests

from support.norn import PASSWORD, USER, write_login

COOKIE = re.compile(r"KISMET=([0-9A-F]{32});.*Path=/", re.I)
UPDATE = "/gps/web/update.cmd"
HERE = {"lat": 47.4, "lon": 8.5}


def log_in(server, user=USER, password=PASSWORD):
    answer = server.get("/session/create_session", auth=(user, password))
    assert answer.status_code == 200, answer.text
    return answer.cookies["KISMET"]


# create_session
def test_create_session_sets_the_cookie(street):
    answer = street.get("/session/create_session", auth=(USER, PASSWORD))
    assert answer.status_code == 200
    header = answer.headers["Set-Cookie"]
    assert re.fullmatch(r"[0-9A-F]{32}", answer.cookies["KISMET"])
    assert COOKIE.search(header)
    assert "HttpOnly" in header and "SameSite" in header
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.strip()


def test_create_session_with_a_valid_cookie_sets_no_new_one(street):
    token = log_in(street)
    answer = street.get("/session/create_session", cookies={"KISMET": token})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.text.strip()


@pytest.mark.parametrize("auth", [None, (USER, "wrong"), ("someone", PASSWORD), ("", ""),
                                  (USER, ""), (USER.upper(), PASSWORD), (USER, PASSWORD + " ")])
def test_create_session_without_the_right_login_is_401(street, auth):
    answer = street.get("/session/create_session", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Kismet Admin"'
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic OjpH", "Bearer x", "Digest a=b",
                                    "Basic " + "A" * 3000, "basic b3BlcmF0b3I="])
def test_malformed_authorization_is_401(street, header):
    answer = street.get("/session/create_session", headers={"Authorization": header})
    assert answer.status_code == 401


# check_session, check_login
def test_check_session_with_a_cookie(street):
    token = log_in(street)
    answer = street.get("/session/check_session", cookies={"KISMET": token})
    assert answer.status_code == 200
    assert "Valid session" in answer.text


def test_check_session_with_basic_sets_a_cookie(street):
    answer = street.get("/session/check_session", auth=(USER, PASSWORD))
    assert answer.status_code == 200
    token = answer.cookies["KISMET"]
    assert street.get("/session/check_session", cookies={"KISMET": token}).status_code == 200


@pytest.mark.parametrize("cookie", ["", "0" * 32, "nonsense", "F" * 31, "F" * 33, "../../etc"])
def test_check_session_without_one_is_401(street, cookie):
    answer = street.get("/session/check_session", cookies={"KISMET": cookie} if cookie else None)
    assert answer.status_code == 401
    assert "No session" in answer.text


def test_check_login(street):
    assert street.get("/session/check_login", login=True).status_code == 200
    assert street.get("/session/check_login").status_code == 401


# what counts as a login
def test_a_cookie_logs_in(street):
    token = log_in(street)
    answer = street.command(UPDATE, HERE, login=False, cookies={"KISMET": token})
    assert answer.status_code == 200


def test_a_cookie_among_others_logs_in(street):
    token = log_in(street)
    answer = street.command(UPDATE, HERE, login=False, headers={
        "Cookie": f"theme=dark; KISMET={token}; other=1"})
    assert answer.status_code == 200


def test_a_token_in_the_query_logs_in(street):
    token = log_in(street)
    assert street.command(f"{UPDATE}?KISMET={token}", HERE, login=False).status_code == 200


def test_user_and_password_in_the_query_log_in(street):
    query = requests.compat.urlencode({"user": USER, "password": PASSWORD}).replace("+", "%20")
    assert street.command(f"{UPDATE}?{query}", HERE, login=False).status_code == 200
    assert street.command(f"{UPDATE}?user={USER}&password=no", HERE, login=False
                          ).status_code == 401


def test_basic_on_a_command_logs_in(street):
    answer = street.command(UPDATE, HERE)
    assert answer.status_code == 200


def test_basic_beside_a_stale_cookie_logs_in(street):
    answer = street.command(UPDATE, HERE, cookies={"KISMET": "0" * 32})
    assert answer.status_code == 200


def test_a_stale_cookie_alone_does_not(street):
    answer = street.command(UPDATE, HERE, login=False, cookies={"KISMET": "0" * 32})
    assert answer.status_code == 401


def test_the_401_of_a_command_says_login_required(street):
    answer = street.command(UPDATE, HERE, login=False)
    assert "login" in answer.text.lower()


def test_the_client_of_2016_logs_in_after_a_401(street):
    """Its rule: POST; on 401 create a session with Basic, then the same POST once more."""
    client = requests.Session()
    post = {"msgpack": base64.b64encode(msgpack.packb(HERE))}
    assert client.post(street.url + UPDATE, data=post, timeout=10).status_code == 401
    answer = client.get(street.url + "/session/create_session", auth=(USER, PASSWORD), timeout=10)
    assert answer.status_code == 200
    assert client.post(street.url + UPDATE, data=post, timeout=10).status_code == 200


def test_tokens_are_all_different(street):
    tokens = set()
    for number in range(5):
        answer = street.get("/session/create_session", auth=(USER, PASSWORD))
        tokens.add(answer.cookies.get("KISMET", number))
    fresh = {token for token in tokens if isinstance(token, str)}
    assert fresh and all(len(set(token)) > 4 for token in fresh)


def test_no_secret_is_shown(street):
    token = log_in(street)
    for path in ("/system/status.json", "/datasource/all_sources.json", "/session/check_session"):
        text = street.get(path, login=True).text
        assert PASSWORD not in text and token not in text
    assert PASSWORD not in street.console and token not in street.console


def test_reads_are_open_without_a_login(street):
    assert street.get("/system/status.json").status_code == 200


# throttling
def test_throttling_never_turns_away_a_valid_cookie(serve):
    server = serve()
    token = log_in(server)
    codes = [server.get("/session/create_session", auth=(USER, f"guess {number}")).status_code
             for number in range(60)]
    assert set(codes) <= {401, 429}
    refused = server.get("/session/create_session", auth=("other", "never right"))
    assert refused.status_code in (401, 429)
    answer = server.get("/session/check_session", cookies={"KISMET": token})
    assert answer.status_code == 200
    answer = server.get("/session/check_session", cookies={"KISMET": token},
                        auth=(USER, "guess again"))
    assert answer.status_code == 200


def test_guessing_is_slowed_down(serve):
    server = serve()
    codes = [server.get("/session/create_session", auth=(USER, f"guess {number}")).status_code
             for number in range(60)]
    assert 429 in codes or len([code for code in codes if code == 401]) == 60
    assert server.get("/session/create_session", auth=(USER, "guess 999")).status_code in (401, 429)
    began = time.monotonic()
    while server.get("/session/create_session", auth=(USER, PASSWORD)).status_code != 200:
        assert time.monotonic() - began < 30, "the right password is locked out for long"
        time.sleep(0.5)


# passwords as they are kept
def test_a_hashed_password_logs_in(serve, tmp_path):
    import crypt
    secret = crypt.crypt("tower of song", "$y$j9T$abcdefghijklmnop$")
    if not secret or not secret.startswith("$y$"):
        pytest.skip("this libcrypt makes no yescrypt")
    home = tmp_path / "home"
    home.mkdir()
    write_login(str(home), "keeper", secret)
    server = serve(login=False, home=str(home))
    assert server.get("/session/create_session", auth=("keeper", "tower of song")
                      ).status_code == 200
    assert server.get("/session/create_session", auth=("keeper", secret)).status_code == 401


def test_sighup_reads_the_login_again(serve, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    write_login(str(home), USER, "before")
    server = serve(login=False, home=str(home))
    token = log_in(server, USER, "before")
    write_login(str(home), USER, "after")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for(lambda: server.get("/session/check_session", auth=(USER, "after")
                                       ).status_code == 200, 15, "new password")
    assert server.get("/session/check_session", auth=(USER, "before")).status_code == 401
    assert server.get("/session/check_session", cookies={"KISMET": token}).status_code == 401


# first run
@pytest.fixture
def fresh(serve, tmp_path):
    home = tmp_path / "fresh"
    home.mkdir()
    return serve("--set", "gps=web:name=webgps", login=False, home=str(home))


def test_nothing_configured_refuses_every_login(fresh):
    assert fresh.get("/session/check_setup_ok").status_code == 500
    for auth in (None, ("", ""), ("kismet", "kismet"), ("admin", "")):
        assert fresh.get("/session/create_session", auth=auth).status_code == 401
        assert fresh.command(UPDATE, HERE, login=False, auth=auth).status_code == 401
    answer = fresh.command(UPDATE, HERE, login=False)
    assert "password" in answer.text.lower()


def test_nothing_configured_is_said_on_the_console(fresh):
    fresh.wait_for(lambda: "password" in fresh.console.lower(), what="notice on the console")


def set_password(server, user="walker", password="long night out", **options):
    return server.post("/session/set_password", data={"username": user, "password": password},
                       **options)


def test_first_password_can_be_set_from_this_machine(fresh):
    assert set_password(fresh).status_code == 200
    assert fresh.get("/session/check_setup_ok").status_code == 200
    assert fresh.get("/session/create_session", auth=("walker", "long night out")
                     ).status_code == 200
    path = os.path.join(fresh.home, "kismet_httpd.conf")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "long night out" not in text and "$y$" in text and "walker" in text
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_password_that_is_set_needs_a_login_to_change(fresh):
    assert set_password(fresh).status_code == 200
    assert set_password(fresh, "intruder", "let me in please").status_code in (401, 403)
    answer = set_password(fresh, "walker", "another night out", auth=("walker", "long night out"))
    assert answer.status_code == 200
    assert fresh.get("/session/check_login", auth=("walker", "another night out")
                     ).status_code == 200
    assert fresh.get("/session/check_login", auth=("walker", "long night out")).status_code == 401


def test_a_password_that_is_set_lasts(serve, tmp_path):
    home = tmp_path / "kept"
    home.mkdir()
    first = serve(login=False, home=str(home))
    assert set_password(first).status_code == 200
    first.stop()
    second = serve(login=False, home=str(home))
    assert second.get("/session/check_setup_ok").status_code == 200
    assert second.get("/session/check_login", auth=("walker", "long night out")).status_code == 200


@pytest.mark.parametrize("form", [{}, {"username": "walker"}, {"password": "long night out"},
                                  {"username": "", "password": "long night out"},
                                  {"username": "walker", "password": ""}])
def test_set_password_without_both_is_400(fresh, form):
    assert fresh.post("/session/set_password", data=form).status_code == 400
    assert fresh.get("/session/check_setup_ok").status_code == 500


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_forwarded_request_cannot_set_the_first_password(fresh, header):
    value = "for=192.0.2.7" if header == "Forwarded" else "192.0.2.7"
    assert set_password(fresh, headers={header: value}).status_code in (401, 403)
    assert fresh.get("/session/check_setup_ok").status_code == 500


def test_a_page_of_another_site_cannot_set_the_first_password(fresh):
    answer = set_password(fresh, headers={"Origin": "http://evil.example"})
    assert answer.status_code in (400, 401, 403)
    assert fresh.get("/session/check_setup_ok").status_code == 500


def test_a_login_in_the_systems_files_is_fixed(serve, tmp_path):
    conf = tmp_path / "conf"
    conf.mkdir()
    write_login(str(conf))
    home = tmp_path / "home"
    home.mkdir()
    server = serve("--confdir", conf, login=False, home=str(home))
    assert server.get("/session/check_setup_ok").status_code == 406
    assert server.get("/session/check_login", login=True).status_code == 200
    assert set_password(server).status_code == 403
    assert set_password(server, auth=(USER, PASSWORD)).status_code == 403


# status and end, as the page asks
def status(server, **options):
    answer = server.json("/session/status.json", **options)
    return {name.removeprefix("norn.session."): value for name, value in answer.items()}


def test_status_says_who_is_asking(street):
    nobody = status(street)
    assert nobody == {"user": "", "role": "", "setup": "done", "reads_open": 1, "needs_code": 0}
    token = log_in(street)
    assert status(street, cookies={"KISMET": token}) == {**nobody, "user": USER, "role": "admin"}


def test_status_names_the_role_of_an_api_key(street):
    for name, role, shown in (("reader", "readonly", "readonly"), ("thing", "of-its-own", "other")):
        answer = street.post("/auth/apikey/generate.cmd", login=True, data={
            "json": f'{{"name": "{name}", "role": "{role}", "duration": 0}}'})
        assert answer.status_code == 200, answer.text
        key = re.search("[0-9A-F]{32}", answer.text).group()
        answer = status(street, cookies={"KISMET": key})
        assert (answer["user"], answer["role"]) == (name, shown)


def test_status_before_there_is_a_login(serve):
    server = serve(login=False)
    assert status(server)["setup"] == "needed"
    assert status(server, headers={"X-Forwarded-For": "192.0.2.1"}) == {
        "user": "", "role": "", "setup": "needed", "reads_open": 0, "needs_code": 1}


def test_a_key_shown_as_bearer_becomes_the_cookie(street):
    token = log_in(street)
    answer = street.get("/session/create_session", headers={"Authorization": "Bearer " + token})
    assert answer.cookies["KISMET"] == token and "HttpOnly" in answer.headers["Set-Cookie"]


def test_end_session_ends_it_and_clears_the_cookie(street):
    token = log_in(street)
    assert street.get("/session/end_session", cookies={"KISMET": token}).status_code == 405
    answer = street.post("/session/end_session", cookies={"KISMET": token})
    assert answer.status_code == 200
    header = answer.headers["Set-Cookie"]
    assert "KISMET=;" in header and "Max-Age=0" in header
    assert street.get("/session/check_session", cookies={"KISMET": token}).status_code == 401
    assert street.post("/session/end_session").status_code == 200
