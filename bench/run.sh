#!/bin/bash
# Times the flow on made-up documents: init, ingest, run, worklist, as a person runs them (README.md).
# usage: bench/run.sh ROWS [ROUNDS]      ROWS: 1 to 100000000; ROUNDS: default 5
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1-}
rounds=${2-5}
[[ $rows =~ $rows_form && $rounds =~ $rounds_form && $# -le 2 ]] || fail 'usage: bench/run.sh ROWS [ROUNDS]'

prepare run
documents "$rows"

# one_round THREADS: the whole flow in a new workspace.
one_round()
{
    local run
    new_workspace
    timed_jihe ingest "$1" ingest "$csv" --date "$date" >/dev/null
    timed_jihe run "$1" run --date "$date" --format json >"$scratch/run.json"
    run=$(sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' "$scratch/run.json" | head -n 1)
    [[ -n $run ]] || fail "no run id in the output of jihe run"
    timed_jihe worklist "$1" worklist "$run" >"$scratch/worklist.csv"
}

for ((round = 1; round <= rounds; round++)); do
    for threads in "${thread_counts[@]}"; do
        say "round $round of $rounds, $threads threads"
        one_round "$threads"
    done
done
declare -A step_bytes=([ingest]=$(bytes "$csv") [run]=$(snapshot_bytes) [worklist]=$(bytes "$scratch/worklist.csv"))

echo "$rows documents, median of $rounds interleaved rounds; MB are of the file read (ingest), the snapshot (run), the list written"
printf '%-9s %7s %9s %12s %9s %8s %8s %10s\n' step threads wall_s rows/s MB/s user_s sys_s peak_MiB
for step in ingest run worklist; do
    for threads in "${thread_counts[@]}"; do
        sort -n "$figures/$step.$threads" |
            awk -v step="$step" -v threads="$threads" -v rows="$rows" -v bytes="${step_bytes[$step]}" '
                { wall[NR] = $1; user[NR] = $2; sys[NR] = $3; if ($4 > peak) peak = $4 }
                END {
                    m = int((NR + 1) / 2) # rounds in order of wall time; of an even number, the faster middle one
                    printf "%-9s %7d %9.3f %12.0f %9.1f %8.2f %8.2f %10.1f\n", step, threads, wall[m], rows / wall[m],
                        bytes / 1e6 / wall[m], user[m], sys[m], peak / 1024
                }'
    done
done
