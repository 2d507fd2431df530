"""The corpus of other people's captures and what tshark says about them.

Input: NORN_CAPTURES, else ../shared/captures beside the repository. Where it is missing the tests
that need it say how many they leave out; in CI (CI=true) it has to be there.
"""
import os

from support.norn import ROOT

FOLDER = os.environ.get("NORN_CAPTURES") or os.path.join(ROOT, "..", "shared", "captures")


def present():
    """Whether the corpus is here; its absence in CI is an error."""
    found = os.path.isdir(os.path.join(FOLDER, "files"))
    if not found and os.environ.get("CI") == "true":
        raise FileNotFoundError(f"in CI the corpus must be at NORN_CAPTURES ({FOLDER})")
    return found


def files(kind):
    """Names of the captures of one kind, sorted."""
    folder = os.path.join(FOLDER, "files", kind)
    return sorted(os.listdir(folder)) if present() and os.path.isdir(folder) else []


def kinds():
    return sorted(os.listdir(os.path.join(FOLDER, "files"))) if present() else []


def path(kind, name):
    return os.path.join(FOLDER, "files", kind, name)


def unescape(text):
    r"""A name of the truth (\xNN for what is not plain ASCII) as bytes; '-' when there is none."""
    result, at = bytearray(), 0
    while at < len(text):
        if text.startswith("\\x", at):
            result.append(int(text[at + 2:at + 4], 16))
            at += 4
        else:
            result += text[at].encode()
            at += 1
    return bytes(result)


class Truth:
    """The rows of one truth file, by their kind."""

    def __init__(self, kind, name):
        self.rows = {}
        with open(os.path.join(FOLDER, "truth", kind, name + ".tsv"), encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("#"):
                    key, *columns = line.rstrip("\n").split("\t")
                    self.rows.setdefault(key, []).append(columns)

    def __getitem__(self, key):
        return self.rows.get(key, [])

    def number(self, key):
        return int(self[key][0][0]) if self[key] else 0


def shown(name):
    """An SSID the way norn shows it: UTF-8 where it is that, other bytes as octal escapes."""
    result, at = "", 0
    while at < len(name):
        for size in (4, 3, 2, 1):
            try:
                letter = name[at:at + size].decode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(letter) == 1:
                break
        else:
            letter, size = None, 1
        if letter and letter.isprintable():
            result += letter
        else:
            result += "".join("\\%03o" % byte for byte in name[at:at + size])
        at += size
    return result
