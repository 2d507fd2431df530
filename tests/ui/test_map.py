"""The map on tiles of the server's archive: pictures, vectors in the colours of the page, names."""
import math

import pytest

from norn_page import assert_clean, click, log_in, visit, wait_text
from support import tiles

HERE = (47.4, 8.55)
DEEPEST = 12
# Red, green and blue of one place of the map, read from a copy of it.
PIXEL = """((map) => { const copy = document.createElement("canvas");
    const pen = copy.getContext("2d", { willReadFrequently: true });
    if (map?.width) pen.drawImage(map, 90, 200, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).join(); })(
    document.querySelector(".plane canvas"))"""


def around(zoom, content, latitude=HERE[0], longitude=HERE[1]):
    """The tile of a place and its neighbours, all with that content."""
    side = 2 ** zoom
    column = int((longitude + 180) / 360 * side)
    row = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)
    return {(zoom, x, y): content for x in range(column - 1, column + 2)
            for y in range(row - 1, row + 2) if 0 <= x < side and 0 <= y < side}


@pytest.fixture(name="show")
def map_with(serve, page, tmp_path):
    """Opens the map of a server that has this archive and knows where it is."""
    def show(content):
        file = tmp_path / "map.pmtiles"
        file.write_bytes(content)
        tmp_path.chmod(0o755)
        server = serve("--set", f"httpd_tiles={file}", "--set", "gps=web:name=webgps")
        server.command("/gps/web/update.cmd", {"lat": HERE[0], "lon": HERE[1]})
        log_in(page, server)
        return server, visit(page, server, "map")
    return show


def test_pictures_are_drawn_below_the_devices(show):
    content = tiles.archive({**around(0, tiles.png(200, 40, 10)),
                             **around(DEEPEST, tiles.png(10, 120, 200))},
                            attribution='<a href="https://example.org/">&copy; Somebody</a>')
    server, page = show(content)
    page.wait_for(f"{PIXEL} == '10,120,200'")
    wait_text(page, "© Somebody")
    assert page.evaluate("document.querySelector('.attribution a')") is None
    for _ in range(14):
        click(page, "Farther")
    page.wait_for(f"{PIXEL} != '10,120,200'")
    assert_clean(page, server.url)


def test_vectors_take_the_colours_of_the_page(show):
    whole = [(-100, -100), (4200, -100), (4200, 4200), (-100, 4200)]
    content = tiles.archive(around(DEEPEST, tiles.layer("water", 3, whole, kind="lake")
                                   + tiles.layer("roads", 2, [(0, 0), (4096, 4096)], kind="minor")
                                   + tiles.layer("places", 1, [(2000, 2000)], kind="city",
                                                 name="Lakeside")), kind=tiles.MVT)
    server, page = show(content)
    page.wait_for(f"{PIXEL} == '185,216,227'")
    click(page, "Switch to dark")
    page.wait_for(f"{PIXEL} == '16,48,59'")
    assert_clean(page, server.url)


@pytest.mark.parametrize("content, words", [
    (b"no archive at all", "tiles of the map cannot be read"),
    (tiles.archive({(0, 0, 0): b"?"}, kind=9), "of another kind")])
def test_an_archive_that_cannot_be_read_leaves_the_grid(show, content, words):
    _, page = show(content)
    wait_text(page, words)
    assert page.evaluate("document.querySelector('.plane canvas').ariaLabel") == (
        "Devices on a grid of distances")
    assert page.faults == []


def test_tiles_that_are_broken_leave_the_rest(show):
    good, bad = around(DEEPEST, tiles.png(10, 120, 200)), around(DEEPEST - 1, b"no picture")
    server, page = show(tiles.archive({**good, **bad}))
    page.wait_for(f"{PIXEL} == '10,120,200'")
    for _ in range(13):  # where the tiles of the level above would be drawn
        click(page, "Farther")
    page.wait_for(f"{PIXEL} != '10,120,200'")
    for _ in range(8):
        click(page, "Closer")
    page.wait_for(f"{PIXEL} == '10,120,200'")
    assert_clean(page, server.url)
