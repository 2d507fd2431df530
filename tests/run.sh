#!/usr/bin/env bash
# Runs every test in order, cheapest answer first, and stops at the first step that fails.
# Input: the tree; NORN_CAPTURES (the corpus), NORN_TRANSCRIPTS (a stock capture tool's bytes),
# NORN_REFERENCE (a foreign table of endpoints), NORN_RIG (the fake radio), FUZZ_SECONDS, FUZZ_SEED.
# Output: a line and a time for each step, a summary, and build/test-counts for CI ("N passed,
# N failed, N skipped").
# usage: tests/run.sh [STEP...]       a step whose inputs are not in the tree does not exist
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PYTHON=/usr/bin/python3
readonly LOGS=build/test-logs
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}"
export PYTHONDONTWRITEBYTECODE=1
export FUZZ_SECONDS="${FUZZ_SECONDS:-120}"
readonly pytest_options=(-q -p no:cacheprovider --timeout 300)
jobs=$(nproc)

# shared NAME PATH: where NAME says nothing, what lies beside the project is taken, if it does.
shared() {
    if [ -z "${!1:-}" ] && [ -e "../shared/$2" ]; then
        printf -v "$1" '%s' "$(cd .. && pwd)/shared/$2"
    fi
    export "$1=${!1:-}"
}
shared NORN_AIRGEN tools/airgen.c
shared NORN_RIG rig
shared NORN_TRANSCRIPTS reference/transcripts
shared NORN_CAPTURES captures
shared NORN_REFERENCE reference
if [ "${CI:-}" = true ] && [ ! -d "$NORN_CAPTURES" ]; then
    echo "test: in CI the capture corpus must be there: set NORN_CAPTURES to its directory."
    exit 1
fi

passed=0
failed=0
skipped=0
summary=""

# configure PRESET: once, and again when the build's own description is newer.
configure() {
    [ -f "build/$1/build.ninja" ] || cmake --preset "$1"
}

# exists PATTERN...: true when a file matches.
exists() {
    compgen -G "$1" >/dev/null
}

count_ctest() { # the line "100% tests passed, 0 tests failed out of 12"
    local out_of fails
    out_of=$(sed -n 's/.*tests failed out of \([0-9]*\).*/\1/p' "$1" | tail -n 1)
    fails=$(sed -n 's/.* \([0-9]*\) tests failed out of.*/\1/p' "$1" | tail -n 1)
    passed=$((passed + ${out_of:-0} - ${fails:-0}))
    failed=$((failed + ${fails:-0}))
}

count_pytest() { # the line "3 failed, 40 passed, 2 skipped in 9.1s"
    local last
    last=$(grep -E '^=* ?[0-9]+ [a-z]+.* in [0-9.]+s' "$1" | tail -n 1 || true)
    passed=$((passed + $(number_before passed "$last")))
    failed=$((failed + $(number_before failed "$last") + $(number_before error "$last")))
    skipped=$((skipped + $(number_before skipped "$last")))
}

number_before() { # the number that stands before the word $1 in the text $2, else 0
    if [[ $2 =~ ([0-9]+)\ $1 ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

step_lint() {
    "$PYTHON" tests/lint/lint.py
    "$PYTHON" -m pytest -q -p no:cacheprovider tests/lint
}

step_asan_build() {
    configure asan
    cmake --build build/asan
}

step_unit() {
    ctest --test-dir build/asan --output-on-failure --parallel "$jobs" --timeout 300
}

step_release_build() {
    configure release
    cmake --build build/release
}

step_docs() {
    packaging/docs.sh --check
    mandoc -T lint -W warning docs/*.1
}

# Most of these tests wait for something.
step_api() {
    configure debug # the hooks of test_sandbox.py, without what sanitizers are allowed
    cmake --build build/debug --target norn
    NORN_BINARY="$PWD/build/asan/norn" "$PYTHON" -m pytest "${pytest_options[@]}" \
        --numprocesses $((jobs + 1)) --dist loadfile --durations 10 "${api_tests[@]}"
}

# Capture tools as programs, with a scripted server at the other end.
step_tools() {
    configure debug # test_confinement.py, without what sanitizers are allowed
    cmake --build build/debug --target tools
    NORN_BINARY="$PWD/build/asan/norn" "$PYTHON" -m pytest "${pytest_options[@]}" -rs \
        --numprocesses "$jobs" --durations 5 tests/tools
}

# Pages in a real browser.
step_ui() {
    NORN_BINARY="$PWD/build/asan/norn" "$PYTHON" -m pytest "${pytest_options[@]}" -rs \
        --numprocesses "$jobs" --dist loadfile --durations 5 tests/ui
}

# Interfaces of a real kernel, one test after the other: they are about packets a second.
step_rig() {
    NORN_BINARY="$PWD/build/asan/norn" "$PYTHON" -m pytest "${pytest_options[@]}" -rs \
        --durations 5 tests/rig
}

step_tsan() {
    configure tsan
    cmake --build build/tsan --target threaded_tests
    # Address randomisation off: ThreadSanitizer wants its shadow where it expects it.
    setarch -R ctest --test-dir build/tsan -L threaded --output-on-failure --parallel "$jobs" \
        --timeout 300
    if exists 'tests/api/test_concurrent*.py'; then
        cmake --build build/tsan --target norn
        # But for the one that measures memory, of which ThreadSanitizer takes a share of its own.
        NORN_BINARY="$PWD/build/tsan/norn" setarch -R "$PYTHON" -m pytest "${pytest_options[@]}" \
            -k 'not never_read' tests/api/test_concurrent*.py
    fi
}

step_clang_build() {
    configure fuzz
    cmake --build build/fuzz
}

# The seed is the tree's, so that a commit that passes passes again, and the next tries others.
step_fuzz() {
    local tree
    tree=$(git rev-parse --short=7 'HEAD^{tree}' 2>/dev/null || echo 1)
    FUZZ_SEED=${FUZZ_SEED:-$((16#${tree:0:7}))} fuzz/run.sh
}

# The steps that this tree has, in order.
steps=(lint asan_build)
api_tests=()
for folder in tests/api tests/conformance tests/golden tests/docs tests/packaging; do
    exists "$folder/*_test.py" || exists "$folder/test_*.py" && api_tests+=("$folder")
done
exists 'tests/unit/*/*_test.c' && steps+=(unit)
[ -f src/main.c ] && steps+=(release_build)
[ -f src/main.c ] && [ -f packaging/docs.sh ] && [ -f docs/norn.1 ] && steps+=(docs)
[ -f src/main.c ] && [ ${#api_tests[@]} -gt 0 ] && steps+=(api)
exists 'tests/tools/test_*.py' && steps+=(tools)
exists 'tests/ui/test_*.py' && steps+=(ui)
exists 'tests/rig/test_*.py' && steps+=(rig)
exists 'tests/unit/*/*_test.c' && steps+=(tsan)
steps+=(clang_build)
exists 'fuzz/*/fuzz_*.c' && steps+=(fuzz)

if [ "${1:-}" = --step ]; then
    "step_$2"
    exit
fi
if [ $# -gt 0 ]; then
    for wanted in "$@"; do
        case " ${steps[*]} " in
        *" $wanted "*) ;;
        *) echo "test: no step '$wanted' here; the steps are: ${steps[*]}" && exit 2 ;;
        esac
    done
    steps=("$@")
fi

# run_step NAME: its output goes to a log, shown when it fails. The step runs in a shell of its
# own: in the condition of an `||`, even of a subshell, bash would not stop at its first failure.
run_step() {
    local name=$1 log="$LOGS/$1.log" began=$SECONDS status=0
    printf '%s\n' "--- $name"
    tests/run.sh --step "$name" </dev/null >"$log" 2>&1 || status=$?
    case "$name" in
    unit) count_ctest "$log" ;;
    tsan) count_ctest "$log" && count_pytest "$log" ;;
    api | tools | ui | rig) count_pytest "$log" ;;
    esac
    if [ "$status" -ne 0 ]; then
        tail -n 300 "$log"
        [ "$failed" -gt 0 ] || failed=1
        printf '%s\n' "--- $name FAILED after $((SECONDS - began)) s (all of it: $log)" \
            "    only this step again: make test STEPS=$name"
        return 1
    fi
    case "$name" in
    unit | tsan | api | tools | ui | rig)
        grep -E 'tests passed|passed.* in |^corpus:|^SKIPPED|\(Skipped\)' "$log" || true
        ;;
    fuzz | lint | docs)
        passed=$((passed + 1))
        tail -n 3 "$log"
        ;;
    *) passed=$((passed + 1)) ;;
    esac
    printf '    %s s\n' "$((SECONDS - began))"
    summary+=$(printf '%-14s %5s s' "$name" "$((SECONDS - began))")$'\n'
}

mkdir -p "$LOGS"
status=0
for name in "${steps[@]}"; do
    run_step "$name" || { status=1 && break; }
done
printf '\n%s%-14s %5s s\n' "$summary" total "$SECONDS"
echo "$passed passed, $failed failed, $skipped skipped" | tee build/test-counts
exit "$status"
