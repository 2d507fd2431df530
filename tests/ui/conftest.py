"""A browser for all tests of pages, a fresh tab for each, and the servers they look at."""
import os

import pytest

import browser as chromium
from support.norn import Server
from support.street import street as street_scene


@pytest.fixture(scope="session", name="browser")
def shared_browser():
    if not chromium.chromium():
        if os.environ.get("CI") == "true":
            pytest.fail("in CI the browser must be there: Debian's package chromium")
        pytest.skip("needs Debian's package chromium")
    one = chromium.Browser()
    yield one
    one.close()


@pytest.fixture
def page(browser):
    tab = browser.page()
    yield tab
    tab.close()


@pytest.fixture(scope="session")
def demo():
    """The demo, as `make run` starts it, with the networks of the first API document heard."""
    with Server("--demo", login=False) as server:
        server.wait_for(lambda: b'"linksys"' in server.get("/devices/all_devices.json").content,
                        30, "networks")
        yield server


@pytest.fixture(scope="session")
def street_file(tmp_path_factory):
    return str(street_scene().write_pcap(tmp_path_factory.mktemp("captures") / "street.pcap"))


@pytest.fixture
def serve():
    """Starts servers that a test needs for itself: serve(*arguments, **options)."""
    servers = []

    def start(*arguments, **options):
        servers.append(Server(*arguments, **options))
        return servers[-1]
    yield start
    for server in servers:
        server.stop()
