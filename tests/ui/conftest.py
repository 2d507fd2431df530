"""A browser for all tests of pages, a fresh tab for each, and the servers they look at."""
import os

import pytest

import browser as chromium
from support.norn import Server


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
