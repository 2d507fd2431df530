"""A page that stays open, for hours or through every view, keeps no more than at first.

Input: a street that is heard again and again, a tab whose clock runs fast. Output: the page's
memory before and after; the whole hour is a bar of `make bench BENCH=page`.
"""
import pytest

import lasting
from norn_page import HAS_ROWS, assert_clean, visit, wait_text, walk
from support import street as scene
from support.norn import Server

VIEWS = ("networks", "channels", "map", "sources", "alerts", "alerts?tab=messages", "system",
         "devices")
ROUNDS = 6
MOST = 0.1  # of itself


@pytest.fixture(scope="module", name="street")
def street_that_goes_on(street_file):
    with Server("-c", f"{street_file}:name=street,loop=true,realtime=true", login=False) as server:
        server.wait_for(lambda: len(server.devices()) >= len(scene.EVERYONE), 60, "the street")
        yield server


def test_minutes_of_news_leave_nothing_behind(page, street):
    lasting.hasten(page)
    visit(page, street)
    page.wait_for(HAS_ROWS)
    wait_text(page, "Live", ".connection")
    page.wait_for("news.rows > 0")
    lasting.live(page, 150)
    before = lasting.kept(page)
    came = lasting.live(page, 300)
    after = lasting.kept(page)
    print("came:", came, "before:", before, "after:", after)
    assert came["rows"] > 300 and came["answers"] > 20
    assert lasting.growth(before, after) < MOST
    assert_clean(page, street.url)


def test_walking_through_the_views_leaves_nothing_behind(page, street):
    key = next(iter(street.devices().values()))["kismet.device.base.key"]
    visit(page, street)
    page.wait_for(HAS_ROWS)
    rounds = []
    for _ in range(ROUNDS):
        for view in (f"device/{key}", f"hunt/{key}", *VIEWS):
            walk(page, view)
            page.wait_for("document.querySelector('main h1') != null")
            page.wait_for("!document.querySelector('main').innerText.includes('Loading')")
        page.wait_for(HAS_ROWS)
        rounds.append(lasting.kept(page))
    print(*rounds, sep="\n")
    assert lasting.growth(rounds[2], rounds[-1]) < MOST  # the first make the views ready
