"""Rules for one C file: who may include whom, sizes, nesting, banned calls, foreign bytes.

Works on lines whose comments and strings are blanked, and leans on the enforced layout: a
function's braces stand in column 0 and each level of nesting is four columns.
"""
import os
import re

MAY_INCLUDE = {
    "util": {"util"},
    "schema": {"util", "schema"},
    "protocol": {"util", "protocol"},
    "capture": {"util", "schema", "protocol", "capture"},
    "dissect": {"util", "schema", "dissect"},
    "geo": {"util", "schema", "geo"},
    "track": {"util", "schema", "track"},
    "alert": {"util", "schema", "track", "alert"},
    "phy": {"util", "schema", "dissect", "track", "alert", "phy"},
    "log": {"util", "schema", "track", "log"},
    "publish": {"util", "schema", "track", "publish"},
    "serve": {"util", "schema", "protocol", "capture", "geo", "track", "alert", "phy", "log",
              "publish", "serve"},
    "tools": {"util", "protocol", "tools"},
}
PURE = {"dissect", "schema", "track", "phy", "alert"}

FILE_LINES = {".c": 800, ".h": 300}
FUNCTION_LINES = 100
NESTING_COLUMNS = 4 * 3

# Word of a call -> what to use.
BANNED = {
    "gets": "use a bounded read", "alloca": "use a bounded array or the heap",
    "tmpnam": "use mkstemp", "mktemp": "use mkstemp",
    "setjmp": "return an error", "longjmp": "return an error",
}
# The same, where input is foreign: not in tests.
BANNED_IN_PROGRAMS = {
    "system": "start programs through the launcher, without a shell",
    "popen": "start programs through the launcher, without a shell",
    "strcpy": "use memcpy with a known length, or a buffer", "stpcpy": "use a buffer",
    "strcat": "use a buffer", "strncat": "use a buffer", "strncpy": "use memcpy or a buffer",
    "sprintf": "use snprintf or buffer_printf", "vsprintf": "use vsnprintf",
    "atoi": "use text_parse_i64", "atol": "use text_parse_i64",
    "atof": "use text_parse_double", "strtok": "use strchr or strtok_r",
    "gmtime": "use gmtime_r", "localtime": "use localtime_r", "rand": "use hash_keyed or getrandom",
    "srand": "use getrandom",
}
PRINTERS = {"printf", "fprintf", "snprintf", "vsnprintf", "vfprintf", "dprintf", "puts", "fputs",
            "buffer_printf"}
CLOCKS = {"time", "clock_gettime", "gettimeofday", "clock", "clock_read_ns", "clock_wall_ns",
          "clock_monotonic_ns", "clock_coarse_ns", "clock_boot_ns"}
HEAP = {"malloc", "calloc", "realloc", "strdup", "strndup"}
# Libraries never write to the console: only the program, its parts that talk, and tools do.
MAY_TALK = ("src/main.c", "src/serve/", "src/tools/", "src/util/launcher", "tests/", "fuzz/",
            "bench/")

CALL = re.compile(r"(?<![\w.>])([a-z_0-9]+)\s*\(")
POINTER = re.compile(r"\bconst\s+uint8_t\s*\*\s*(?:const\s+)?(\w+)")
CONTROL = re.compile(r"( *)(if|for|while|do|switch)\b")


def blank(text):
    """The text with comments and the insides of strings turned to spaces, line by line."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check(path, text, report):
    code = blank(text).split("\n")
    folder = path.split("/")[1] if path.startswith("src/") and path.count("/") > 1 else ""
    check_includes(path, folder, text.split("\n"), report)
    tables = re.findall(r"// clang-format off\n.*?// clang-format on\n", text, re.S)
    check_sizes(path, code, sum(table.count("\n") for table in tables), report)
    check_calls(path, folder, code, report)
    for number, line in enumerate(code, 1):
        if re.search(r"\btypedef\s+(struct|union|enum)\b", line):
            report(path, number, "typedef", "write `struct x`: the kind of a thing stays visible")
    if folder == "dissect":
        check_foreign_bytes(path, code, report)


def check_includes(path, folder, lines, report):
    if not folder:
        return
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        target = match.group(1)
        if "/" not in target:
            made_by_build = not os.path.exists(os.path.join(os.path.dirname(path), target))
            if not made_by_build:
                report(path, number, "include", f'name the folder: "{folder}/{target}"?')
        elif target.split("/")[0] not in MAY_INCLUDE.get(folder, set()):
            report(path, number, "include",
                   f"{folder} may not include {target.split('/')[0]}; it may: "
                   + ", ".join(sorted(MAY_INCLUDE.get(folder, set()))))


def check_sizes(path, code, table_lines, report):
    limit = FILE_LINES[path[-2:] if path.startswith("src/") else ".c"]
    lines = len(code) - 1 - table_lines
    if lines > limit:
        report(path, 1, "file-size", f"{lines} lines, at most {limit}: split by noun", lines)
    began = 0
    for number, line in enumerate(code, 1):
        if line.startswith("{"):
            began = number
        elif line.startswith("}") and began:
            length = number - began - 1
            if length > FUNCTION_LINES:
                report(path, began, "function-size",
                       f"{length} lines, at most {FUNCTION_LINES}: split by step", length)
            began = 0
        elif began and line.strip():
            match = CONTROL.match(line)
            if match and len(match.group(1)) > NESTING_COLUMNS:
                report(path, number, "nesting", "more than 3 deep: return early or split", 0)


def check_calls(path, folder, code, report):
    talks = path.startswith(MAY_TALK)
    banned = BANNED if path.startswith("tests/") else {**BANNED, **BANNED_IN_PROGRAMS}
    for number, line in enumerate(code, 1):
        if line.lstrip().startswith("#"):
            continue
        for match in CALL.finditer(line):
            word = match.group(1)
            if word in banned:
                report(path, number, "banned-call", f"{word}(): {banned[word]}")
            elif folder in PURE and word in CLOCKS:
                report(path, number, "clock", f"{word}(): time comes in as a parameter here")
            elif folder == "dissect" and word in PRINTERS:
                report(path, number, "printing", f"{word}(): dissectors give facts, not text")
            elif folder == "dissect" and word in HEAP:
                report(path, number, "heap", f"{word}(): dissectors do not allocate")
            elif not talks and word in ("printf", "fprintf", "puts", "perror"):
                report(path, number, "printing", f"{word}(): libraries never log; return an error")


def check_foreign_bytes(path, code, report):
    """Heuristic: no indexing, stepping or dereferencing of const uint8_t pointers in dissect/."""
    began = 0
    for number, line in enumerate(code, 1):
        if line.startswith("}") or number == len(code):
            check_foreign_run(path, began, code[began:number], report)
            began = number


def check_foreign_run(path, began, run, report):
    """One function with what stands before it; `began` lines come before the run."""
    names = {name for line in run for name in POINTER.findall(line)} or {"bytes"}
    either = "|".join(sorted(map(re.escape, names)))
    raw = re.compile(rf"(?:->|\.)data\s*\[|(?<![\w.>])(?:{either})\s*(?:\[|\+\+|\+=)|"
                     rf"(?:^|[=(,&|!?:+-])\s*\*\s*\(?(?:{either})\b")
    for number, line in enumerate(run, began + 1):
        if POINTER.search(line) and "=" not in line:
            continue  # a declaration or a parameter
        found = raw.search(POINTER.sub(" ", line))
        if found:
            report(path, number, "foreign-bytes",
                   f"`{found.group().strip()}`: read through struct reader (util/bytes.h)")
