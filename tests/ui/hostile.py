"""Networks whose names try to be more than text, and how to tell that they were not.

Output: a scene of beacons with these names (32 bytes at most, as the standard has it), one of them
with a hostile WPS description too.
"""
import re
import struct

from support import air

NAMES = [
    b"<script>hacked=1</script>",
    b"<img src=x onerror=hacked=1>",
    b"<svg/onload=hacked=1>",
    b"</td></table><script>hacked=1//",
    b"\"><b onmouseover=hacked=1>x</b>",
    b"' onfocus=hacked=1 autofocus='",
    b"javascript:hacked=1",
    b"{{hacked=1}}${hacked=1}",
    b"<base href=//127.0.0.1:9/>",
    b"<style>*{display:none}</style>",
    b"<iframe src=//example.org>",
    b"&lt;b&gt;&amp;&#60;i&#62;",
    b"</script><script>alert(1)",
    "\u202egnp.exe\u202d".encode(),             # right-to-left override
    "\u2066\u2067isolates\u2069".encode(),
    "\u200b\ufeff\u00ad".encode(),              # nothing to see
    b"a\x00b\x07c\x08d\x1b[31me\x7f\r\nf\tg",  # control bytes, with a terminal's escape
    b"\xc2\x85\xc2\x9b31m",                     # controls of the second kind
    b"\xff\xfe\xfa",                            # no UTF-8
    b"cut \xe2\x82",                            # a character without its end
    b"over \xc0\xbcscript\xc0\xbe",             # the < of another length
    b"\xed\xa0\xbd\xed\xb8\x80",                # surrogates
    b"\xf4\x90\x80\x80 beyond",
    "\u2028\u2029\U0001f600".encode(),
    b"A" * 32,
    b"\xff" * 32,
    "\u00e9".encode() * 16,
    b"   ",
    b"__proto__",
    b"constructor",
    b"%3Cb%3Ehacked=1%3C/b%3E",
    b"\\\" \\u003cb\\u003e \\x3cb\\x3e",
]
WPS = b"<img src=x onerror=hacked=1>"


def address(index):
    return f"00:13:10:66:00:{index:02x}"


def wps(text):
    """A WPS element that calls the device, its model and its maker `text`."""
    def attribute(number, body):
        return struct.pack(">HH", number, len(body)) + body
    body = attribute(0x104a, b"\x10") + b"".join(
        attribute(number, text) for number in (0x1021, 0x1023, 0x1024, 0x1011, 0x1042))
    return air.element(221, b"\x00\x50\xf2\x04" + body)


def as_shown(name):
    """Text of a name in the records: what is no printable UTF-8 in octal, a backslash twice."""
    def shown(character):
        if character == "\\":
            return "\\\\"
        printable = character >= " " and not "\x7f" <= character <= "\x9f"
        if printable and not "\udc80" <= character <= "\udcff":
            return character
        return "".join(f"\\{byte:03o}" for byte in character.encode(errors="surrogateescape"))
    return "".join(map(shown, name.decode(errors="surrogateescape")))


UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f"
                    "\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb"
                    "\\U000e0000-\\U000e0fff]")


def visible(text):
    """A text of the records as the page shows it: nothing in it hides or turns others around."""
    text = UNSEEN.sub(lambda one: f"‹{ord(one.group()):04X}›", text)
    inner = text.strip(" ")
    begin = len(text) - len(text.lstrip(" ")) if inner else len(text)
    return "␣" * begin + inner + "␣" * (len(text) - begin - len(inner))


def hostile_scene():
    scene = air.Scene()
    for index, name in enumerate(NAMES):
        assert len(name) <= 32, name
        extra = wps(WPS) if index == 0 else b""
        ap = air.AccessPoint(address(index), name, 6, extra=extra)
        scene.add(air.beacon(ap), 6)
        scene.add(air.probe_request(f"00:1a:1e:66:00:{index:02x}", name), 6)
    return scene


def is_untouched(page, title):
    """Nothing of the names ran or was asked for: no global, no other title, no dialog."""
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.evaluate("document.title") == title
    assert page.dialogs == []
    assert page.evaluate("document.querySelectorAll('iframe, base, td script, td img').length") == 0
    return True
