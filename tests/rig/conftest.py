"""Fake radios and the norn that listens to them. Where there can be none, the tests say why."""
import os

import pytest

import radio as fake


@pytest.fixture(scope="session")
def radio_program(tmp_path_factory):
    missing = fake.what_is_missing()
    if missing and os.environ.get("CI") == "true" and os.geteuid() == 0:
        pytest.fail(f"as root in CI the fake radio must work, but it {missing}")
    if missing:
        pytest.skip(missing)
    return fake.build(tmp_path_factory.mktemp("radio"))


@pytest.fixture
def radio(radio_program):
    """Makes interfaces: radio(interface, *arguments)."""
    made = []

    def make(interface, *arguments):
        made.append(fake.Radio(radio_program, interface, *arguments))
        return made[-1]
    yield make
    for one in made:
        one.stop()


@pytest.fixture
def interface():
    """A name that no other run of these tests uses."""
    return f"wtap{os.getpid()}"


@pytest.fixture
def serve(radio_program, serve):
    """Starts servers: serve(*arguments). Asked for after `radio`, they end first."""
    return serve
