#!/usr/bin/env bash
# Line coverage of the unit and API tests, by folder and in all, from gcov's own counters.
# Output: one row for each folder of src/, then the total. A confined server could not write its
# counters: it runs without a sandbox here, so what is said of the sandbox is left out. Where its
# account may not enter this folder, the lines that only it runs do not count.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -f build/coverage/build.ninja ] || cmake --preset coverage >/dev/null
logs=build/coverage/logs
mkdir -p "$logs"
cmake --build build/coverage >"$logs/build" 2>&1 || { cat "$logs/build" && exit 1; }
find build/coverage -name '*.gcda' -delete
ctest --test-dir build/coverage --output-on-failure --parallel "$(nproc)" --timeout 300 \
    >"$logs/ctest" 2>&1 || { cat "$logs/ctest" && exit 1; }
if [ -x build/coverage/norn ] && [ -d tests/api ]; then
    build/coverage/norn --version >"$logs/version" # makes files of counters
    chmod -R a+rwX build/coverage                  # for the account that the server changes to
    folders=(tests/api)
    [ -d tests/golden ] && folders+=(tests/golden)
    [ -d tests/tools ] && folders+=(tests/tools)
    for folder in "${folders[@]}"; do # apart: files of two folders may have the same name
        NORN_BINARY="$PWD/build/coverage/norn" NORN_ARGUMENTS="--set sandbox=off" \
            /usr/bin/python3 -m pytest -q -p no:cacheprovider --ignore tests/api/test_sandbox.py \
            --numprocesses "$(($(nproc) + 1))" --dist loadfile "$folder" \
            >"$logs/pytest" 2>&1 || { cat "$logs/pytest" && exit 1; }
    done
fi
/usr/bin/python3 tests/coverage.py build/coverage
