#!/bin/bash
# Times the flow on made-up documents: init, ingest, run, worklist, as a person runs them (README.md).
# usage: bench/run.sh ROWS [ROUNDS]      ROWS: 1 to 100000000; ROUNDS: default 5
# JIHE_BENCH_DIR   where the documents and the workspace go (default: build/bench/data); the documents stay for the next time
# JIHE_BENCH_THREADS   numbers of threads to compare (default: "1 2")
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rows=${1-}
rounds=${2-5}
build=$home/build/bench
data=${JIHE_BENCH_DIR:-$build/data}
read -r -a thread_counts <<<"${JIHE_BENCH_THREADS:-1 2}"
date=2026-01-05

fail()
{
    echo "bench: $*" >&2
    exit 1
}

[[ $rows =~ ^[1-9][0-9]{0,8}$ && $rounds =~ ^[1-9][0-9]{0,2}$ && $# -le 2 ]] || fail 'usage: bench/run.sh ROWS [ROUNDS]'

mkdir -p "$data"
{
    cmake --preset bench -S "$home" -B "$build" && cmake --build "$build"
} >"$build.log" 2>&1 || fail "the build failed; see $build.log"
jihe=$build/engine/cli/jihe
measure=$build/bench/measure

csv=$data/docs-$rows.csv
workspace=$data/workspace
figures=$data/figures
if [[ ! -e $csv ]]; then
    echo "bench: making $rows documents" >&2
    "$build/bench/gen_docs" --rows "$rows" --date "$date" --out "$csv.part"
    mv "$csv.part" "$csv"
fi
cat "$csv" >/dev/null # into the page cache, as far as it fits
rm -rf "$figures"
mkdir "$figures"

# timed STEP THREADS COMMAND...
timed()
{
    local step=$1 threads=$2
    shift 2
    "$measure" "$figures/$step.$threads" "$jihe" "$@" --workspace "$workspace" --threads "$threads" --quiet
}

# bytes STEP FILE: what MB/s of a step counts; the same in every round.
bytes()
{
    stat -c %s "$2" >"$figures/$1.bytes"
}

# one_round THREADS: the whole flow in a new workspace.
one_round()
{
    local run
    rm -rf "$workspace"
    "$jihe" init "$workspace" --quiet >/dev/null
    cp "$home/bench/jihe.yaml" "$workspace/jihe.yaml"
    rm -f "$workspace"/rules/*.yaml
    cp "$home/bench/rules.yaml" "$workspace/rules/"
    timed ingest "$1" ingest "$csv" --date "$date" >/dev/null
    timed run "$1" run --date "$date" --format json >"$figures/run.json"
    run=$(sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' "$figures/run.json" | head -n 1)
    [[ -n $run ]] || fail "no run id in $figures/run.json"
    timed worklist "$1" worklist "$run" >"$figures/worklist.csv"
    bytes ingest "$csv"
    bytes run "$(find "$workspace/snapshots" -name data.mdb)"
    bytes worklist "$figures/worklist.csv"
}

for ((round = 1; round <= rounds; round++)); do
    for threads in "${thread_counts[@]}"; do
        echo "bench: round $round of $rounds, $threads threads" >&2
        one_round "$threads"
    done
done
rm -rf "$workspace"

echo "$rows documents, median of $rounds interleaved rounds; MB are of the file read (ingest), the snapshot (run), the list written"
printf '%-9s %7s %9s %12s %9s %8s %8s %10s\n' step threads wall_s rows/s MB/s user_s sys_s peak_MiB
for step in ingest run worklist; do
    for threads in "${thread_counts[@]}"; do
        sort -n "$figures/$step.$threads" |
            awk -v step="$step" -v threads="$threads" -v rows="$rows" -v bytes="$(cat "$figures/$step.bytes")" '
                { wall[NR] = $1; user[NR] = $2; sys[NR] = $3; if ($4 > peak) peak = $4 }
                END {
                    m = int((NR + 1) / 2) # rounds in order of wall time; of an even number, the faster middle one
                    printf "%-9s %7d %9.3f %12.0f %9.1f %8.2f %8.2f %10.1f\n", step, threads, wall[m], rows / wall[m],
                        bytes / 1e6 / wall[m], user[m], sys[m], peak / 1024
                }'
    done
done
