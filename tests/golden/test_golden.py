"""Our own captures against the records kept beside them: one case for each feature or old fault.

A difference that is meant: `make_captures.py --expect`, then read what changed before it is kept.
"""
import json
import os

import pytest

from golden_records import CAPTURES, capture_names, expected_path, records_of
from scenes import SCENES


@pytest.mark.parametrize("name", capture_names())
def test_records(name):
    with open(expected_path(name), encoding="utf-8") as file:
        assert records_of(name) == json.load(file)


@pytest.mark.parametrize("make", SCENES, ids=lambda make: make.__name__)
def test_capture_is_the_scene(make):
    with open(os.path.join(CAPTURES, make.__name__ + ".pcap"), "rb") as file:
        assert file.read() == make().pcap(), "run make_captures.py"


def test_every_expectation_has_its_capture():
    kept = {name.removesuffix(".json") for name in os.listdir(os.path.dirname(expected_path("x")))}
    assert kept == set(capture_names())
