"""Commands in every encoding that clients use, understood as meant, and errors that help.

The command here is ssid_regex (open) where the encoding is what matters, gps and channel elsewhere.
"""
import base64
import functools
import json
import urllib.parse

import msgpack
import pytest

PATH = "/phy/phy80211/ssid_regex.cmd"
COMMAND = {"essid": ["^single$", ".*foo$"]}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAMES = ["barfoo", "single"]


def names(answer):
    """SSIDs of the devices in an answer, whichever format it came in."""
    assert answer.status_code == 200, answer.text
    rows = answer.json() if "json" in answer.headers["Content-Type"] else msgpack.unpackb(
        answer.content)
    return sorted(row["kismet.device.base.name"] for row in rows)


def packed(**options):
    return base64.b64encode(msgpack.packb(COMMAND, **options)).decode()


def form(text):
    return FORM, ("msgpack=" + text).encode()


def send(street, body, headers=None):
    return street.post(PATH, data=body, headers=headers or FORM)


# the form field msgpack
def test_msgpack_in_a_form(street):
    assert names(street.command(PATH, COMMAND, login=False)) == NAMES


def with_plus():
    """A command whose base64 holds + and / (by an unknown key that makes it so)."""
    for number in range(1000):
        text = base64.b64encode(msgpack.packb({**COMMAND, "pad": b"\xfb\xef\xbe\xff" * 3,
                                               "n": "x" * (number % 4)})).decode()
        if "+" in text and "/" in text:
            return text
    raise AssertionError("no such text")


@pytest.mark.parametrize("change", [
    lambda text: text,
    urllib.parse.quote_plus,
    lambda text: text.rstrip("="),
    lambda text: text.replace("+", "-").replace("/", "_"),
    lambda text: text.replace("+", "-").replace("/", "_").rstrip("="),
    lambda text: "\n".join(text[at:at + 20] for at in range(0, len(text), 20)) + "\n",
    lambda text: urllib.parse.quote("\r\n".join(text[at:at + 20]
                                                for at in range(0, len(text), 20))),
    lambda text: "%" + "%".join(f"{ord(letter):02x}" for letter in text),
], ids=["bare + as curl sends it", "percent-encoded", "no padding", "URL alphabet",
        "URL alphabet, no padding", "line breaks", "CRLF encoded", "every letter encoded"])
def test_base64_however_it_is_written(street, change):
    headers, body = form(change(with_plus()))
    assert names(send(street, body, headers)) == NAMES


def test_base64_given_as_bytes_text_says_what_to_do(street):
    headers, body = form(urllib.parse.quote(str(packed().encode())))
    answer = send(street, body, headers)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request") and ".decode()" in answer.text


@pytest.mark.parametrize("options", [{}, {"use_bin_type": False}], ids=["today", "old raw type"])
def test_msgpack_of_both_ages(street, options):
    assert names(send(street, *form(packed(**options))[::-1])) == NAMES


def test_keys_and_texts_as_bin(street):
    command = {b"essid": [b"^single$", b".*foo$"]}
    text = base64.b64encode(msgpack.packb(command, use_bin_type=True)).decode()
    assert names(send(street, *form(text)[::-1])) == NAMES


def test_long_forms_of_msgpack(street):
    """str32, array32, map32: legal, if unusual."""
    pattern = b"\xdb\x00\x00\x00\x08^single$"
    body = b"\xdf\x00\x00\x00\x01\xd9\x05essid\xdd\x00\x00\x00\x01" + pattern
    assert names(send(street, *form(base64.b64encode(body).decode())[::-1])) == ["single"]


@pytest.mark.parametrize("extra", [
    {"unknown": 1}, {"unknown": {"deep": [{"er": None}]}}, {"": ""}, {"ESSID": 5}, {"x" * 300: 1},
    {"unknown": msgpack.ExtType(5, b"abc")}, {"unknown": msgpack.Timestamp(5, 6)},
    {"unknown": [msgpack.ExtType(1, b"")] * 3}, {"unknown": 2**63}, {"unknown": float("nan")},
    {"unknown": b"\xff\xfe"}, {"unknown": True}, {"unknown": functools.reduce(
        lambda inner, _: [{"x": inner}, 1], range(40), [])}])
def test_unknown_keys_do_no_harm(street, extra):
    known = street.command(PATH, COMMAND, login=False)
    assert street.command(PATH, {**extra, **COMMAND}, login=False).content == known.content
    assert street.command(PATH, {**COMMAND, **extra}, login=False).content == known.content


def test_keys_that_are_no_text_do_no_harm(street):
    body = b"\x82\x05\x01\xa5essid\x91\xa8^single$"
    assert names(send(street, *form(base64.b64encode(body).decode())[::-1])) == ["single"]


# json
def test_json_in_a_form(street):
    answer = street.post(PATH, data={"json": json.dumps(COMMAND)})
    assert names(answer) == NAMES
    assert answer.headers["Content-Type"].startswith("application/json")


def test_raw_json(street):
    assert names(street.post(PATH, json=COMMAND)) == NAMES


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8",
                                  "Application/JSON;charset=UTF-8", "application/json ;x=y"])
def test_raw_json_under_any_spelling_of_its_type(street, kind):
    assert names(send(street, json.dumps(COMMAND).encode(), {"Content-Type": kind})) == NAMES


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded; charset=UTF-8",
                                  "Application/X-WWW-Form-Urlencoded",
                                  "application/x-www-form-urlencoded;charset=iso-8859-1"])
def test_form_under_any_spelling_of_its_type(street, kind):
    body = "json=" + urllib.parse.quote(json.dumps(COMMAND))
    assert names(send(street, body.encode(), {"Content-Type": kind})) == NAMES


def test_json_with_an_encoded_ampersand(street):
    command = {"essid": ["^single$"], "note": "a&b=c%41"}
    assert names(street.post(PATH, data={"json": json.dumps(command)})) == ["single"]


def test_json_with_a_space_written_as_plus(street):
    body = b'json={"essid":+["^single$"]}'
    assert names(send(street, body)) == ["single"]


def test_bare_json_under_the_form_type(street):
    """As jQuery posts it when given a string."""
    assert names(send(street, json.dumps(COMMAND).encode())) == NAMES


@pytest.mark.parametrize("extra", ['"unknown":1', '"u":{"v":[null,true,1e3]}', '"":""', '"É":"é"',
                                   '"u":"\\ud83d\\ude00"', '"u":12345678901234567890',
                                   '"u":NaN', '"u":[-Infinity,1e999]', '"u":"\\u0000"',
                                   '"\\u0000":1', '"u":"\\ud800"', '"\\udfff":{"\\ud800":0}',
                                   '"u":' + "[" * 500 + "]" * 500])
def test_unknown_keys_in_json_do_no_harm(street, extra):
    body = '{%s,"essid":["^single$"]}' % extra
    assert names(send(street, body.encode(), {"Content-Type": "application/json"})) == ["single"]


# multipart
def test_multipart_forms(street):
    assert names(street.post(PATH, files={"msgpack": (None, packed())})) == NAMES
    assert names(street.post(PATH, files={"json": (None, json.dumps(COMMAND))})) == NAMES


def test_multipart_among_other_parts(street):
    files = {"first": (None, "x"), "json": (None, json.dumps(COMMAND)),
             "file": ("a.bin", b"\0\r\n--\xff", "application/octet-stream")}
    assert names(street.post(PATH, files=files)) == NAMES


def test_raw_msgpack(street):
    answer = send(street, msgpack.packb(COMMAND), {"Content-Type": "application/msgpack"})
    assert names(answer) == NAMES


# what the answer looks like
def test_msgpack_command_gets_msgpack_and_json_gets_json(street):
    answer = street.command(PATH, COMMAND, login=False)
    assert answer.headers["Content-Type"] == "application/msgpack"
    assert street.post(PATH, json=COMMAND).json()


def test_a_plain_ok_is_text(street):
    answer = street.command("/gps/web/update.cmd", {"lat": 1, "lon": 2})
    assert (answer.status_code, answer.text.strip()) == (200, "OK")
    assert answer.headers["Content-Type"].startswith("text/plain")


# keys are case sensitive
@pytest.mark.parametrize("key", ["ESSID", "Essid", "essid ", " essid", "essid\0"])
def test_keys_mind_their_case(street, key):
    answer = street.command(PATH, {key: [".*"]}, login=False)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request") and "essid" in answer.text


def test_a_text_is_not_cut_at_a_nul(street):
    answer = street.command("/packetsource/config/channel.cmd", {
        "cmd": "lock\0x", "uuid": street.sources()[0]["kismet.datasource.uuid"], "channel": "6"})
    assert answer.status_code == 400 and "cmd" in answer.text


# what cannot be understood
BROKEN = {
    "not base64": "msgpack=!!!!",
    "base64 of nothing": "msgpack=",
    "base64 of half a map": "msgpack=" + base64.b64encode(b"\x82\xa5essid").decode(),
    "a list, not a map": "msgpack=" + base64.b64encode(msgpack.packb([1, 2])).decode(),
    "a number": "msgpack=" + base64.b64encode(b"\x05").decode(),
    "reserved byte": "msgpack=" + base64.b64encode(b"\xc1").decode(),
    "huge map": "msgpack=" + base64.b64encode(b"\xdf\xff\xff\xff\xff").decode(),
    "huge text": "msgpack=" + base64.b64encode(b"\x81\xa5essid\xdb\xff\xff\xff\xffx").decode(),
    "huge array": "msgpack=" + base64.b64encode(b"\x81\xa5essid\xdd\x7f\xff\xff\xff").decode(),
    "deep nest": "msgpack=" + base64.b64encode(b"\x81\xa5essid" + b"\x91" * 3000).decode(),
    "deep map": "msgpack=" + base64.b64encode(b"\x81\xa1a" * 3000).decode(),
    "json cut short": 'json={"essid":["x"',
    "json of nothing": "json=",
    "json that is a list": "json=[1]",
    "json that is a text": 'json="essid"',
    "json that is null": "json=null",
    "json nested deeply": "json=" + "[" * 5000,
    "json with a lone surrogate": 'json={"essid":["\\ud800"]}',
    "json, not UTF-8": b'json={"essid":["\xff"]}',
    "another field": "command=" + packed(),
    "nothing": "",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_understood_is_a_400_that_says_why(street, body):
    answer = send(street, body if isinstance(body, bytes) else body.encode())
    assert answer.status_code == 400, answer.text
    assert answer.text.startswith("Invalid request")
    assert len(answer.text.strip()) > len("Invalid request")


@pytest.mark.parametrize("essid", [None, "text", 5, {}, [1], [None], [["x"]], True])
def test_wrong_types_are_400(street, essid):
    answer = street.command(PATH, {"essid": essid}, login=False)
    if essid == "text":  # one text alone may count as a list of one
        assert answer.status_code in (200, 400)
    else:
        assert answer.status_code == 400
        assert answer.text.startswith("Invalid request")


def test_a_type_nobody_knows_is_400(street):
    answer = send(street, json.dumps(COMMAND).encode(), {"Content-Type": "text/x-unknown"})
    assert answer.status_code in (400, 415) or names(answer) == NAMES


def test_errors_are_plain_text(street):
    answer = street.command(PATH, {"essid": "<b>("}, login=False)
    assert not answer.headers["Content-Type"].startswith("text/html")


def test_jcmd_is_taken_too(street):
    assert names(street.command(PATH.replace(".cmd", ".jcmd"), COMMAND, login=False)) == NAMES


def test_a_repeated_key_takes_the_last(street):
    body = b'{"essid":["^linksys$"],"essid":["^single$"]}'
    assert names(send(street, body, {"Content-Type": "application/json"})) == ["single"]
