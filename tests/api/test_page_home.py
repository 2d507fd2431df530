"""httpd_home: a folder of the operator's own pages, beside the API and instead of ours."""
import os

import pytest

from support.norn import USER, PASSWORD


@pytest.fixture(name="folder")
def pages(tmp_path):
    """A page of somebody else's, with what must never be served in and beside it."""
    folder = tmp_path / "pages"
    (folder / "js").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>theirs</title>")
    (folder / "js" / "app.js").write_text("let a = 1;")
    (folder / "js" / "index.html").write_text("the folder's own")
    (folder / ".secret").write_text("hidden")
    (folder / "big.bin").write_bytes(bytes(16 * 1024 * 1024 + 1))
    (tmp_path / "outside").write_text("outside")
    (folder / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / "pipe")
    tmp_path.chmod(0o755)
    return folder


@pytest.fixture(name="theirs")
def server_with_their_page(serve, folder):
    return serve("--set", f"httpd_home={folder}", "--set", "httpd_require_login=always")


def test_their_page_is_served_without_a_login(theirs):
    for path in ("/", "/index.html"):
        answer = theirs.get(path)
        assert answer.status_code == 200 and "theirs" in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")
    script = theirs.get("/js/app.js")
    assert script.text == "let a = 1;" and "javascript" in script.headers["Content-Type"]
    assert theirs.get("/js/").text == "the folder's own"
    assert theirs.request("HEAD", "/js/app.js").headers["Content-Length"] == "10"
    again = theirs.get("/js/app.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304 and not again.content


def test_changes_show_at_once(theirs, folder):
    (folder / "js" / "app.js").write_text("let b = 2;")
    assert theirs.get("/js/app.js").text == "let b = 2;"


def test_the_api_goes_first_and_keeps_its_login(theirs, folder):
    (folder / "system").mkdir()
    (folder / "system" / "status.json").write_text("not the API")
    assert theirs.get("/system/status.json").status_code == 401
    answer = theirs.get("/system/status.json", auth=(USER, PASSWORD))
    assert "kismet.system.version" in answer.json()


@pytest.mark.parametrize("path", [
    "/.secret", "/../outside", "/%2e%2e/outside", "/..%2foutside", "/js/..%2f..%2foutside", "/link",
    "/pipe", "/js", "/none", "/js/app.js/", "/%2e/index.html", "//etc/passwd", "/etc/passwd"])
def test_nothing_else_is_served(theirs, path):
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = theirs.raw(request.encode())
    assert answer.split(b"\r\n")[0].split(b" ")[1] == b"404", answer[:300]
    assert b"outside" not in answer.split(b"\r\n\r\n", 1)[1].replace(path.encode(), b"")


def test_a_file_too_large_is_refused_in_words(theirs):
    answer = theirs.get("/big.bin")
    assert answer.status_code == 500 and "httpd_home" in answer.text


def test_only_reads_reach_it(theirs):
    assert theirs.post("/js/app.js").status_code == 404


def test_a_folder_that_is_not_there_leaves_our_page(serve, tmp_path):
    server = serve("--set", f"httpd_home={tmp_path}/none")
    assert "<title>norn</title>" in server.get("/").text
    assert server.get("/none.html").status_code == 404
    assert server.get("/icon.svg").status_code == 200
