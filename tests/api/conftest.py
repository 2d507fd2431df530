"""Servers for the API tests: each fixture is a norn of its own kind, ended and checked at the end.

street  a small capture, read to its end: answers no longer change; a web GPS
radio   the same capture played for ever by a source that can be tuned (tuner=null)
demo    norn --demo, as `make run` starts it
"""
import pytest

from api_names import RADIO_UUID
from support.norn import Server


@pytest.fixture(scope="session")
def street(street_file):
    with Server("-c", f"{street_file}:name=street", "--set", "gps=web:name=webgps") as server:
        yield server.wait_replayed()


@pytest.fixture(scope="module")
def radio(street_file):
    definition = f"{street_file}:name=radio,uuid={RADIO_UUID.lower()},tuner=null"
    with Server("-c", definition + ",realtime=true,loop=true") as server:
        server.wait_for(lambda: server.sources()[0]["kismet.datasource.running"],
                        what="running source")
        yield server


@pytest.fixture(scope="session")
def demo():
    with Server("--demo", login=False) as server:
        yield server
