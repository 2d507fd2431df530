"""Rules for any text file: head comments, line length, unfinished work, names of places.

The patterns of forbidden words are written so that they do not match themselves.
"""
import re

COLUMNS = 100
HEAD_LINES = 10
LONG_LINES = (".md", ".1", ".tsv", ".txt", ".json", ".csv", ".svg", ".html", ".css", ".lock",
              "LICENSE")
# Word -> what to do, in code and tests.
UNFINISHED = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK|not implement[e]d|"
                        r"unimplement[e]d|stub[b]ed)\b", re.I)
UNFINISHED_PLACES = ("src/", "tests/", "fuzz/", "bench/", "packaging/", "CMakeLists.txt",
                     "Makefile")
FORBIDDEN = re.compile(r"/wor[k]/|\.librar[y]/|farm-(bench|studi[o])|/tm[p]/b-|\bclaud[e]\b", re.I)
EMPTY_TEST = re.compile(r"assert_true\([1]\)|assert Tru[e]$|assert_true\(tru[e]\)")
# Workers that collect tests side by side must all find the same names.
CLOCK_IN_A_NAME = re.compile(r"\bparametriz[e]\(.*\b(time|random|uuid|secrets|datetime)\.\w+\(")


def check(path, text, report):
    lines = text.split("\n")
    check_head(path, lines, report)
    if text and not text.endswith("\n"):
        report(path, len(lines), "layout", "end the file with a line end")
    in_table = False  # tables of data are laid out by hand, a row a line
    for number, line in enumerate(lines, 1):
        if "clang-format o" in line and path.endswith((".c", ".h")):
            in_table = "clang-format off" in line
        if FORBIDDEN.search(line):
            report(path, number, "place", "names a place or a tool of one machine: take it out")
        if path.startswith(UNFINISHED_PLACES) and UNFINISHED.search(line):
            report(path, number, "unfinished", "finish it or leave it out")
        if path.startswith("tests/") and EMPTY_TEST.search(line):
            report(path, number, "empty-test", "asserts nothing")
        if path.startswith("tests/") and CLOCK_IN_A_NAME.search(line):
            report(path, number, "test-name", "another name each time: take a fixed value")
        if len(line) > COLUMNS and not in_table and not path.endswith(LONG_LINES):
            report(path, number, "columns", f"{len(line)} columns, at most {COLUMNS}")
        if line != line.rstrip() and not path.endswith(LONG_LINES):
            report(path, number, "layout", "spaces at the end of the line")


def check_head(path, lines, report):
    """Every source begins by saying what it is."""
    if path.endswith((".c", ".h")):
        check_c_head(path, lines, report)
    elif path.endswith(".py"):
        first = next((line for line in lines if line and not line.startswith("#!")), "")
        if lines != [""] and not first.startswith('"""'):
            report(path, 1, "head", "begin with a docstring: what it does, input, output")
    elif path.endswith((".sh", "CMakeLists.txt", "Makefile")) or path == ".ci/run":
        second = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if not second.startswith("# "):
            report(path, 1, "head", "begin with a comment: what it does, input, output")


def check_c_head(path, lines, report):
    if not lines[0].startswith("/*"):
        report(path, 1, "head", "begin with a comment: what it does, input, output, clause")
        return
    length = next((number for number, line in enumerate(lines, 1) if "*/" in line), len(lines))
    if path.startswith("src/") and length > HEAD_LINES:
        report(path, 1, "head", f"{length} lines: say it in 3 to 8")
