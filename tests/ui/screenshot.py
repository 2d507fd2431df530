"""Takes the README's picture of the page: `norn --demo` after it has played for a while.

usage: NORN_BINARY=build/release/norn /usr/bin/python3 tests/ui/screenshot.py FILE.png
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from browser import Browser  # noqa: E402
from support.norn import Server  # noqa: E402

PLAY_SECONDS = 12


def main():
    with Server("--demo", login=False) as server:
        browser = Browser()
        page = browser.page()
        time.sleep(PLAY_SECONDS)
        page.open(server.url + "/")
        page.wait_for("document.querySelectorAll('tbody tr').length > 10")
        page.screenshot(sys.argv[1])
        browser.close()


if __name__ == "__main__":
    main()
