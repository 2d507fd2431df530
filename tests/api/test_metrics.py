"""/metrics, read by a parser of the text format 0.0.4 written from its description."""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)?\}})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$")
HEAD = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)$")


def parse(text):
    """{(name, labels): value}; checks what the format asks for."""
    assert text.endswith("\n") and "\r" not in text
    samples, heads, order = {}, {}, []
    for line in text[:-1].split("\n"):
        head = HEAD.match(line)
        if head:
            word, name, rest = head.groups()
            assert (name, word) not in heads, line
            heads[name, word] = rest
            assert word == "HELP" or rest in ("counter", "gauge"), line
            continue
        name, labels, value = SAMPLE.match(line).groups()
        assert (name, labels) not in samples, line
        samples[name, labels] = float(value)
        assert (name, "TYPE") in heads and (name, "HELP") in heads, line
        assert heads[name, "TYPE"] != "counter" or name.endswith("_total"), line
        if not order or order[-1] != name:
            order.append(name)
    assert len(order) == len(set(order)), "samples of one metric stand apart"
    return samples


def read(server, **options):
    answer = server.get("/metrics", **options)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parse(answer.text)


def of_source(samples, name, source):
    return next(value for (each, labels), value in samples.items()
                if each == name and f'source="{source}"' in (labels or ""))


def test_what_is_counted_is_what_the_records_say(street):
    samples = read(street)
    status = street.json("/system/status.json")
    source = street.sources()[0]
    assert samples["norn_devices", None] == status["kismet.system.devices.count"] > 0
    assert samples["norn_start_time_seconds", None] == status["kismet.system.timestamp.start_sec"]
    assert samples["norn_packets_total", None] == source["kismet.datasource.num_packets"] > 0
    assert of_source(samples, "norn_source_packets_total", "street") == \
        source["kismet.datasource.num_packets"]
    assert samples["norn_resident_memory_bytes", None] > 1e6
    assert samples["norn_build_info", f'version="{status["kismet.system.version"]}"'] == 1
    assert samples["norn_http_connections", None] >= 1


def test_requests_and_alerts_are_counted(serve):
    server = serve()
    before = read(server)
    server.command("/alerts/raise_alert.cmd", {"name": "CHANCHANGE", "text": "raised"})
    after = read(server)
    assert after["norn_alerts_total", None] == before["norn_alerts_total", None] + 1
    assert after["norn_http_requests_total", None] == before["norn_http_requests_total", None] + 2
    server.get("/nothing")
    last = read(server)
    for status, more in (("good", 1), ("rejected", 1), ("failed", 0)):
        name = "norn_http_replies_total", f'status="{status}"'
        assert last[name] == after[name] + more


def test_names_of_sources_cannot_break_a_line(serve, street_file):
    server = serve("-c", f"{street_file}:name=a\\b{{d}}\u00e9").wait_replayed()
    named = server.sources()[0]["kismet.datasource.name"]
    escaped = named.replace("\\", "\\\\").replace('"', '\\"')
    assert of_source(read(server), "norn_source_packets_total", escaped) > 0


def test_it_is_for_readers(serve):
    server = serve("--set", "httpd_require_login=always")
    assert server.get("/metrics").status_code == 401
    assert read(server, login=True)
    key = server.command("/auth/apikey/generate.cmd",
                         {"name": "prometheus", "role": "readonly", "duration": 0}).text
    assert read(server, headers={"Authorization": "Bearer " + key})
    assert server.post("/metrics", login=True).status_code == 405
