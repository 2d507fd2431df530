"""What conformance.py finds, as tests: one for each endpoint, from the last of the table to the
first, for none may need another."""
import re

import pytest

import conformance
from scene import Scene

ROWS = conformance.read_rows()
RECORDS = conformance.read_records()
PRESENT = [row for row in reversed(ROWS) if not row.absent]


@pytest.fixture(scope="module")
def judge():
    with Scene() as scene:
        yield conformance.Judge(scene, RECORDS)


@pytest.mark.parametrize("row", PRESENT, ids=lambda row: f"{','.join(row.methods)} {row.path}")
def test_endpoint_conforms(judge, row):
    assert judge.judge(row) == []


def test_no_row_of_the_reference_is_missing():
    missing = conformance.missing_rows(ROWS)
    if missing is None:
        pytest.skip("the reference is not here; set NORN_REFERENCE")
    assert missing == []


def test_the_judge_sees_what_is_wrong(judge):
    """Rows that are wrong on purpose: each must be found out."""
    row = next(row for row in ROWS if row.path == "/system/timestamp")
    for change, word in (({"shape": "list"}, "not a list"),
                         ({"record": "message"}, "no kismet.messagebus"),
                         ({"path": "/system/nothing"}, "status 404"),
                         ({"roles": ["open"]}, "status 401"),
                         ({"path": "/system/user_status"}, "200 for guest"),
                         ({"formats": "plain", "shape": "html"}, "status 404")):
        faults = judge.judge(row._replace(**change))
        assert any(word in fault for fault in faults), (change, faults)


def test_the_tables_fit_each_other():
    names = {row.record for row in PRESENT} - {"-"}
    assert names <= RECORDS.keys(), names - RECORDS.keys()
    for row in ROWS:
        assert row.absent or row.shape.rstrip("?") in {*conformance.SHAPES, *conformance.STREAMS,
                                                       "socket"}, row
        assert set(row.methods) <= {"GET", "POST", "WS"}, row
        assert len(re.findall(r"[{(]", row.path)) == len(re.findall(r"[})]", row.path)), row
