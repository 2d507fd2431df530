"""Tests of the lint rules: each rule finds its fault, and leaves good lines alone."""
import hashlib
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, __file__.rsplit("/", 1)[0])
import c_rules  # noqa: E402
import lint  # noqa: E402
import text_rules  # noqa: E402
import tree_rules  # noqa: E402

HEAD = "/* A file.\n * More.\n */\n"


def c_faults(path, code):
    faults = []
    c_rules.check(path, HEAD + code, lambda *fault: faults.append(fault))
    return [fault[2] for fault in faults]


def text_faults(path, text):
    faults = []
    text_rules.check(path, text, lambda *fault: faults.append(fault))
    return [fault[2] for fault in faults]


def test_include_rules():
    assert c_faults("src/util/a.c", '#include "track/device.h"\n') == ["include"]
    assert c_faults("src/serve/a.c", '#include "dissect/dot11.h"\n') == ["include"]
    assert c_faults("src/phy/a.c", '#include "dissect/dot11.h"\n') == []
    assert c_faults("src/util/a.c", '#include "bytes.h"\n') == ["include"]
    assert c_faults("src/track/a.c", '#include "oui_table.h"\n') == []  # made by the build
    assert c_faults("src/main.c", '#include "dissect/dot11.h"\n') == []


def test_sizes():
    long_function = "int f(void)\n{\n" + "    g();\n" * 101 + "}\n"
    assert c_faults("src/util/a.c", long_function) == ["function-size"]
    assert c_faults("src/util/a.h", "int a;\n" * 298) == ["file-size"]
    table = "// clang-format off\n" + "int a;\n" * 900 + "// clang-format on\n"
    assert c_faults("src/util/a.c", table) == []


def test_nesting():
    code = "int f(void)\n{\n            if (a)\n                b();\n}\n"
    assert c_faults("src/util/a.c", code) == []
    code = "int f(void)\n{\n                if (a)\n                    b();\n}\n"
    assert c_faults("src/util/a.c", code) == ["nesting"]


def test_banned_calls():
    assert c_faults("src/util/a.c", "    strcpy(a, b);\n") == ["banned-call"]
    assert c_faults("tests/unit/a.c", "    strcpy(a, b);\n") == []
    assert c_faults("tests/unit/a.c", "    gets(a);\n") == ["banned-call"]
    assert c_faults("src/util/a.c", '    say("strcpy(a)"); /* strcpy(b) */\n') == []
    assert c_faults("src/util/a.c", "    source->system(a);\n") == []
    assert c_faults("src/track/a.c", "    now = time(NULL);\n") == ["clock"]
    assert c_faults("src/dissect/a.c", "    snprintf(a, 1, b);\n") == ["printing"]
    assert c_faults("src/dissect/a.c", "    a = malloc(1);\n") == ["heap"]
    assert c_faults("src/util/a.c", "    printf(a);\n") == ["printing"]
    assert c_faults("src/util/a.h", "typedef struct a b;\n") == ["typedef"]


def test_foreign_bytes():
    declared = "static int f(const uint8_t *body, size_t count)\n"
    for line in ("    a = body[0];", "    a = reader->data[1];", "    a = *body;", "    body++;",
                 "    const uint8_t *p = reader_bytes(r, 2); a = p[1];"):
        assert c_faults("src/dissect/a.c", declared + line + "\n") == ["foreign-bytes"], line
    for line in ("    a = load_le16(body);", "    a = mac.octet[1];", "    a = count * 2;",
                 "    const uint8_t *p = reader_bytes(r, 2);", "    reader_copy(r, body, 2);"):
        assert c_faults("src/dissect/a.c", declared + line + "\n") == [], line
    assert c_faults("src/dissect/a.c", "    uint16_t data[6]; a = data[1]; *ret_code = 1;\n") == []
    assert c_faults("src/capture/a.c", declared + "    a = body[0];\n") == []


def test_text_rules():
    assert text_faults("src/a.c", HEAD + "int a; // TO" + "DO\n") == ["unfinished"]
    assert text_faults("docs/a.md", "see /wor" + "k/main\n") == ["place"]
    assert text_faults("src/a.c", "int a;\n") == ["head"]
    assert text_faults("src/a.c", HEAD + "int " + "a" * 100 + ";\n") == ["columns"]
    assert text_faults("tests/unit/a.c", HEAD + "assert_true(" + "1);\n") == ["empty-test"]
    assert text_faults("src/a.c", HEAD + "int a; \n") == ["layout"]
    assert text_faults("tests/api/test_a.py", '"""A."""\n@pytest.mark.parametriz' +
                       'e("t", [0, int(time.time()) + 9])\n') == ["test-name"]
    assert text_faults("tests/api/test_a.py", '"""A."""\n@pytest.mark.parametriz' +
                       'e("t", [0, 9])\n') == []


def test_stems():
    faults = []
    tree_rules.check_stems(["src/util/a.c", "src/util/a.h", "src/track/a.h"],
                           lambda *fault: faults.append(fault[2]))
    assert faults == ["stem"]


def test_exceptions_only_shrink():
    fault = lint.Fault("src/a.c", 1, "file-size", "", 900)
    looked_at = {"src/a.c"}
    assert lint.apply_exceptions([fault], {("src/a.c", "file-size"): (900, "", 1)}, looked_at) == []
    for limit, found in ((850, [fault]), (950, None)):
        left = lint.apply_exceptions([fault], {("src/a.c", "file-size"): (limit, "", 1)}, looked_at)
        assert left == found if found else left[0].rule == "exception"
    left = lint.apply_exceptions([], {("src/a.c", "file-size"): (900, "", 1)}, looked_at)
    assert left[0].rule == "exception"


def page_faults(root):
    paths = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    faults = []
    tree_rules.check_page(str(root), paths, lambda *fault: faults.append(fault))
    return [fault[3] for fault in faults]


def test_the_bundle_is_the_sources(tmp_path):
    dist = tmp_path / "web" / "dist"
    dist.mkdir(parents=True)
    assert page_faults(tmp_path) == []
    (tmp_path / "web" / "b.js").write_text("two")
    (tmp_path / "web" / "a.js").write_text("one")
    (dist / "page.js").write_text("bundle")
    digest = hashlib.sha256(b"a.js\0oneb.js\0two").hexdigest()
    (dist / "files.txt").write_text(f"# sources {digest}\npage.js\n")
    assert page_faults(tmp_path) == []
    (tmp_path / "web" / "b.js").write_text("changed")
    assert page_faults(tmp_path) == ["is behind its sources: make page"]
    (tmp_path / "web" / "b.js").write_text("two")
    (dist / "more.js").write_text("")
    assert "other files" in page_faults(tmp_path)[0]


@pytest.mark.skipif(not os.path.isdir(os.path.join(lint.ROOT, "web", "node_modules", "esbuild")),
                    reason="bundling needs web/node_modules: make page")
def test_the_bundle_is_made_again_byte_for_byte(tmp_path):
    web = os.path.join(lint.ROOT, "web")
    subprocess.run(["node", "build.mjs", str(tmp_path / "dist")], cwd=web, check=True)
    made, kept = ({path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}
                  for folder in (tmp_path / "dist", os.path.join(web, "dist")))
    assert made == kept
