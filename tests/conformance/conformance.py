#!/usr/bin/python3
"""Calls every endpoint of endpoints.txt on a norn of its own, in every method, role and format.

Input: endpoints.txt and records.tsv beside this file; NORN_BINARY as for the API tests; the table
of endpoints in the folder NORN_REFERENCE, where there is one, to prove that no row is missing here.
Output: a line for each endpoint and a total; the status says whether all of them conform.
usage: conformance.py [WORD...]      only endpoints that hold one of the words
"""
import collections
import csv
import itertools
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]

import msgpack  # noqa: E402

from scene import OUTSIDER, ROLES, Scene  # noqa: E402
from support.formats import undescribed  # noqa: E402
from support.norn import PASSWORD, ROOT, USER  # noqa: E402

ROWS = os.path.join(HERE, "endpoints.txt")
RECORDS = os.path.join(HERE, "records.tsv")
REFERENCE = os.environ.get("NORN_REFERENCE") or os.path.join(ROOT, "..", "shared", "reference")
FORMATS = ("json", "prettyjson", "tjson", "ekjson", "itjson", "msgpack")
LINES = ("ekjson", "itjson")  # a record a line
UNDERSCORED = ("tjson", "ekjson")
WRAPPED = ("device_list", "alert_list", "message_list")  # in LINES, and by field lists: the inside
ENCODINGS = ("form", "json", "msgpack")
SUFFIXED = {"cmd": "/devices/by-key/{key}/set_name", "jcmd": "/devices/by-key/{key}/set_name"}
ANY_SUFFIXED = "/alerts/definitions"
PCAP = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
PCAPNG = (b"\x0a\x0d\x0d\x0a",)
OTHER_NAMES = {"/ (static files)": "/", "(external helper URIs)": "(external helper)"}

Row = collections.namedtuple("Row", "path methods roles formats shape record body absent")


def read_rows(path=ROWS):
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.strip() or line.startswith("#"):
                continue
            name, rest = re.match(r"(\([^)]*\)\S*|\S+)\s+(.*)", line).groups()
            methods, roles, formats, shape, record, *more = rest.split(None, 5)
            more = more[0].strip() if more else ""
            absent = more[len("absent:"):].strip() if more.startswith("absent:") else ""
            body = json.loads(more) if more and not absent else {}
            rows.append(Row(name, methods.split(","), roles.split(","), formats,
                            shape, record, body, absent))
    return rows


def read_records(path=RECORDS):
    """Members that every record of a name has."""
    records = collections.defaultdict(list)
    with open(path, encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["when"] == "always":
                records[row["record"]].append(row["member"])
    return records


def targets(row):
    """(format, path) of each way to write the row's path; placeholders stand."""
    if row.formats == "data":
        return [(ending, f"{row.path}.{ending}") for ending in FORMATS]
    ending = row.path.rsplit(".", 1)[-1]
    path = row.path.replace("(suffix)", SUFFIXED.get(ending, ANY_SUFFIXED))
    parts = [part[1:-1].split("|") if part.startswith("(") else [part]
             for part in re.split(r"(\([^)]*\))", path)]
    paths = ["".join(each) for each in itertools.product(*parts)]
    return [(format_of(path), path) for path in paths]


def ways(row):
    """(method, format, path) of each way to call the row's endpoint."""
    return [(method, *target) for method in row.methods for target in targets(row)]


def format_of(path):
    found = re.findall(r"\.(\w+)(?=/|$)", path)
    return next((ending for ending in found if ending in FORMATS), "json")


# What an answer holds. Each of these gives what is wrong, or None.
def decode(answer, ending):
    if ending == "msgpack":
        return msgpack.unpackb(answer.content, strict_map_key=False)
    if ending in LINES:
        return [json.loads(line) for line in answer.content.split(b"\n") if line]
    value = json.loads(answer.content)
    return undescribed(value) if ending == "prettyjson" else value


def type_fault(answer, wanted):
    kind = answer.headers.get("Content-Type", "none").split(";")[0]
    return None if kind == wanted else f"its type is {kind}, not {wanted}"


def elements(row, ending, value):
    """The records of an answer."""
    shape = row.shape.rstrip("?")
    if shape == "table":
        return value["aaData"]
    if ending in LINES and shape == "map" and len(value) == 1:  # else its values, a line each
        inner = list(value[0].values())
        return inner if all(isinstance(each, dict) for each in inner) else value
    if ending in LINES or shape in ("list", "packed"):
        assert isinstance(value, list), f"it is a {type(value).__name__}, not a list"
        return value
    assert isinstance(value, dict), f"it is a {type(value).__name__}, not a record or map"
    return list(value.values()) if shape == "map" else [value]


def data_fault(answer, row, ending, records):
    kind = "msgpack" if ending == "msgpack" else "json"
    fault = type_fault(answer, "application/" + kind)
    if fault:
        return fault
    found = elements(row, ending, decode(answer, ending))
    if not found and not row.shape.endswith("?"):
        return "it is empty"
    if ending in LINES and row.record in WRAPPED:
        return None
    wanted = records.get(row.record, [])
    if ending in UNDERSCORED:
        wanted = [name.replace(".", "_") for name in wanted]
    lacking = sorted({name for record in found for name in wanted if name not in record})
    return f"no {', '.join(lacking)}" if lacking else None


def packed_fault(answer, row, _, records):
    """Msgpack for a command in msgpack, else JSON."""
    kind = answer.headers.get("Content-Type", "")
    return data_fault(answer, row, "msgpack" if "msgpack" in kind else "json", records)


def texts_fault(answer, row, ending, _):
    found = decode(answer, ending)
    if not found and not row.shape.endswith("?"):
        return "it is empty"
    return None if all(isinstance(text, str) for text in found) else "not all are texts"


def value_fault(answer, row, ending, _):
    return None if isinstance(decode(answer, ending), str) else "it is no bare value"


def text_fault(answer, *_):
    return type_fault(answer, "text/plain")


def html_fault(answer, *_):
    return type_fault(answer, "text/html") or (None if "<html" in answer.text else "no page")


def script_fault(answer, *_):
    return type_fault(answer, "application/javascript")


def login_fault(answer, *_):
    return None if "KISMET" in answer.cookies else "no cookie KISMET"


SHAPES = {
    "record": data_fault, "list": data_fault, "map": data_fault, "table": data_fault,
    "packed": packed_fault, "texts": texts_fault, "value": value_fault, "text": text_fault,
    "form": text_fault, "html": html_fault, "script": script_fault, "login": login_fault,
}
STREAMS = {"pcap": PCAP, "pcapng": PCAPNG}  # by their first bytes


class Judge:
    """Calls the row's endpoint in every way and collects what is wrong."""

    def __init__(self, scene, records):
        self.scene, self.records, self.calls, self.faults = scene, records, 0, []

    def judge(self, row):
        self.faults = []
        calls = ways(row)
        for method, _, path in calls:
            self.judge_strangers(row, method, path)
        roles = self.roles_of(row)
        for number, (method, ending, path) in enumerate(calls):
            self.judge_answer(row, method, ending, path, roles[0], ENCODINGS[number % 3])
        for role in roles[1:]:
            self.judge_answer(row, *calls[0], role, "form")
        self.judge_fields(row, roles[0])
        self.judge_methods(row, calls[0][2], roles[0])
        return self.faults

    @staticmethod
    def roles_of(row):
        """Who is let in, by the names of their keys; None shows no login."""
        if "open" in row.roles:
            return [None] if row.shape == "login" else [None, OUTSIDER]
        if "any" in row.roles:
            return list(ROLES)
        names = {"read": "readonly", "command": "admin"}
        return list(dict.fromkeys([names.get(role, role) for role in row.roles] + ["admin"]))

    def ask(self, row, method, path, role, encoding="form", **options):
        self.calls += 1
        if method == "WS":
            return self.scene.knock(self.scene.fill(path, "GET"), role), None
        body = json.loads(self.scene.fill(json.dumps(row.body), method))
        path = self.scene.fill(path, method)
        if row.shape == "form":
            encoding = "variables"
        if row.shape in STREAMS and method == "GET":
            answer, start = self.scene.first_bytes(path, role, 4)
            return answer.status_code, start
        if row.shape == "login":
            options["auth"] = (USER, PASSWORD)
        answer = self.scene.ask(method, path, role, body, encoding, **options)
        return answer.status_code, answer

    def judge_strangers(self, row, method, path):
        """Nobody without a login gets in, and nobody with a role that is not named."""
        if "open" in row.roles:
            return
        for role in [None] if "any" in row.roles else [None, OUTSIDER]:
            status, _ = self.ask(row, method, path, role)
            if status not in (401, 403):
                self.faults.append(f"{method} {path}: {status} for {role or 'no login'}")

    def judge_answer(self, row, method, ending, path, role, encoding):
        status, answer = self.ask(row, method, path, role, encoding)
        fault = None
        if status != (101 if method == "WS" else 200):
            fault = f"status {status}" + (f" ({answer.text[:100].strip()})"
                                          if hasattr(answer, "text") else "")
        elif row.shape in STREAMS:
            start = answer if isinstance(answer, bytes) else answer.content[:4]
            fault = None if start in STREAMS[row.shape] else f"no {row.shape}: {start!r}"
        elif method != "WS":
            try:
                fault = SHAPES[row.shape.rstrip("?")](answer, row, ending, self.records)
            except (ValueError, KeyError, IndexError, TypeError, AssertionError) as error:
                fault = f"{type(error).__name__}: {error}"
        if fault:
            self.faults.append(f"{method} {path} as {role or 'nobody'}, {encoding}: {fault}")

    def judge_fields(self, row, role):
        """A field list leaves nothing but its fields."""
        wanted = self.records.get(row.record, [])
        if row.formats != "data" or "POST" not in row.methods or not wanted or \
                row.record in WRAPPED:
            return
        path = f"{row.path}.json"
        only = row._replace(body={**row.body, "fields": [wanted[0], [wanted[-1], "renamed"]]})
        _, answer = self.ask(only, "POST", path, role)
        try:
            found = elements(row, "json", decode(answer, "json"))
            odd = [record for record in found if set(record) != {wanted[0], "renamed"}]
        except (ValueError, TypeError, AssertionError) as error:
            odd = [error]
        if odd:
            self.faults.append(f"POST {path} with fields: {str(odd[0])[:100]}")

    def judge_methods(self, row, path, role):
        is_command = row.methods == ["POST"] and path.endswith(".cmd")
        refused = {"PUT", "DELETE"} | ({"GET"} if is_command else set())
        for method in sorted(refused) if "WS" not in row.methods else []:
            status = self.scene.ask(method, self.scene.fill(path), role).status_code
            if status != 405:
                self.faults.append(f"{method} {path}: {status}, not 405")


# The reference
def normal(path):
    """A path without the names of its placeholders."""
    return re.sub(r"\[[^]]*\]|\{[^}]*\}", "{}", OTHER_NAMES.get(path, path)).replace(" ", "")


def missing_rows(rows, reference=None):
    """Rows of the reference that have no row here, or not all methods; None without a reference."""
    path = reference or os.path.join(REFERENCE, "endpoints.tsv")
    if not os.path.exists(path):
        return None
    own = collections.defaultdict(set)
    for row in rows:
        own[normal(row.path)].update(row.methods)
    missing = []
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            wanted = set(re.findall(r"\b(?:GET|POST|WS)\b", row["methods"]))
            methods = own[normal(row["uri"])]
            if not methods or not wanted <= methods:
                missing.append(f"{row['uri']} ({row['methods']})")
    return missing


def main():
    rows, words = read_rows(), sys.argv[1:]
    chosen = [row for row in rows if not words or any(word in row.path for word in words)]
    counts = collections.Counter()
    with Scene() as scene:
        judge = Judge(scene, read_records())
        for row in chosen:
            faults = [] if row.absent else judge.judge(row)
            verdict = "absent" if row.absent else "FAIL" if faults else "ok"
            counts[verdict] += 1
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            detail = f": {row.absent or faults[0] + more}" if row.absent or faults else ""
            print(f"{verdict:7}{','.join(row.methods):9}{row.path}{detail}", flush=True)
        calls = judge.calls
    missing = missing_rows(rows)
    for each in missing or []:
        print(f"FAIL   no row for {each}")
    proof = "no reference to compare with" if missing is None else \
        f"{len(missing)} rows of the reference missing"
    print(f"conformance: {counts['ok']} of {len(chosen)} endpoints conform, {counts['FAIL']} do "
          f"not, {counts['absent']} are absent for a reason; {calls} calls; {proof}")
    return 1 if counts["FAIL"] or missing else 0


if __name__ == "__main__":
    sys.exit(main())
