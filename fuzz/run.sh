#!/usr/bin/env bash
# Builds the fuzzers, replays every corpus file, then lets all fuzzers share FUZZ_SECONDS.
# Input: fuzz/INPUT/fuzz_NAME.c with fuzz/INPUT/corpus (and dictionary, where there is one).
# Output: new inputs in build/fuzz-corpus/NAME, findings in build/fuzz-findings (status 1), told
# at the end with their bytes: put a finding into fuzz/INPUT/corpus with the mend, so that it is
# replayed for ever. With FUZZ_SEED the same inputs are tried again, as far as the time goes: it
# begins with the tree's corpus alone and keeps no new inputs.
# usage: [FUZZ_SECONDS=120] [FUZZ_SEED=1] fuzz/run.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-120}
jobs=$(nproc)
fuzzers=()
for source in fuzz/*/fuzz_*.c; do
    name=$(basename "$source" .c)
    if [ $# -eq 0 ] || [[ " $* " == *" $name "* || " $* " == *" ${name#fuzz_} "* ]]; then
        fuzzers+=("$source")
    fi
done
if [ ${#fuzzers[@]} -eq 0 ]; then
    echo "fuzz: no fuzzer of that name; there are: $(basename -s .c fuzz/*/fuzz_*.c | tr '\n' ' ')"
    exit 2
fi

[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
mapfile -t targets < <(basename -s .c "${fuzzers[@]}")
cmake --build build/fuzz --target "${targets[@]}" >build/fuzz/build.log 2>&1 ||
    { cat build/fuzz/build.log && exit 1; }

# Seconds for each fuzzer: all of them together use `seconds` of processor time.
each=$((seconds / ${#fuzzers[@]}))
[ "$each" -ge 1 ] || each=1
findings=build/fuzz-findings
mkdir -p "$findings"
rm -f "$findings"/*.failed

# fuzz_one SOURCE: replay, then fuzz; its log beside its findings.
fuzz_one() {
    local source=$1 name folder log list
    name=$(basename "$source" .c)
    folder=$(dirname "$source")
    log="$findings/$name.log"
    list="$findings/$name.list"
    local corpora=()
    [ -d "$folder/corpus" ] && corpora+=("$folder/corpus")
    [ -d "$folder/corpus_${name#fuzz_}" ] && corpora+=("$folder/corpus_${name#fuzz_}")
    local options=(-timeout=10 -rss_limit_mb=1024 "-artifact_prefix=$findings/$name-")
    [ -f "$folder/dictionary" ] && options+=("-dict=$folder/dictionary")
    local begin=() fuzzer="build/fuzz/$name"
    if [ -n "${FUZZ_SEED:-}" ]; then
        # One order of files and one place in memory, so that the seed decides everything.
        find "${corpora[@]}" -type f | LC_ALL=C sort | paste -sd, | tr -d '\n' >"$list"
        begin=("-seed=$FUZZ_SEED" "-seed_inputs=@$list")
    else
        mkdir -p "build/fuzz-corpus/$name"
        corpora=("build/fuzz-corpus/$name" "${corpora[@]}")
        begin=("${corpora[@]}")
    fi
    if "$fuzzer" "${options[@]}" -runs=0 "${corpora[@]}" >"$log" 2>&1 &&
        setarch -R "$fuzzer" "${options[@]}" -max_total_time="$each" "${begin[@]}" \
            >>"$log" 2>&1; then
        printf 'fuzz: %-28s %s\n' "$name" "$(grep -E '^Done|DONE' "$log" | tail -n 1)"
    else
        tail -n 60 "$log"
        touch "$findings/$name.failed"
    fi
}
export -f fuzz_one
export each findings

# tell NAME: what its log says of the fault, and the input, which may be all that is kept of a run.
tell() {
    local input
    echo "fuzz: $1 FAILED, seed ${FUZZ_SEED:-any}; again: build/fuzz/$1 FILE"
    grep -E '^(require:|SUMMARY:|==.*ERROR)|runtime error' "$findings/$1.log" | head -n 4 || true
    input=$(sed -n 's/.*Test unit written to //p' "$findings/$1.log" | tail -n 1)
    [ ! -f "$input" ] || printf '%s, base64: %s\n' "$input" "$(base64 -w 0 "$input" | head -c 4000)"
}

printf '%s\n' "${fuzzers[@]}" | xargs -P "$jobs" -I{} bash -c 'fuzz_one "$1"' _ {}
if compgen -G "$findings/*.failed" >/dev/null; then
    for failed in "$findings"/*.failed; do
        tell "$(basename "$failed" .failed)"
    done
    exit 1
fi
echo "fuzz: ${#fuzzers[@]} fuzzers, $each s each, seed ${FUZZ_SEED:-any}, nothing found"
