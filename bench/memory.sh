#!/bin/bash
# Peaks of anonymous memory of ingest, run and worklist as the number of documents grows, against the goals (README.md).
# usage: bench/memory.sh ROWS      measures ROWS / 25, ROWS / 5 and ROWS documents; 50000000 is what the goals speak of
# Documents of more than 10 million rows are removed again: 50 million are 11 GB.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1-}
[[ $rows =~ $rows_form && $rows -ge 25 && $# -eq 1 ]] || fail 'usage: bench/memory.sh ROWS      ROWS: 25 to 100000000'

# measured ROWS: one flow with each number of threads.
measured()
{
    local had=
    [[ ! -e $data/docs-$1.csv ]] || had=1
    documents "$1"
    for threads in "${thread_counts[@]}"; do
        say "$1 documents, $threads threads"
        rm -rf "$figures"
        mkdir "$figures"
        new_workspace
        timed_jihe ingest "$threads" ingest "$csv" --date "$date" >/dev/null
        timed_jihe run "$threads" run --date "$date" >/dev/null
        timed_jihe worklist "$threads" worklist last --raw --output "$scratch/worklist.csv"
        rm -f "$scratch/worklist.csv"
        line "$1" ingest 160
        line "$1" run "$((100 + 12 * $1 / 1000000))"
        line "$1" worklist "$((100 + 12 * $1 / 1000000))"
    done
    [[ -n $had ]] || (($1 <= 10000000)) || rm -f "$csv"
}

# line ROWS STEP GOAL: the goal in MB of 10^6 bytes, as the peak.
line()
{
    awk -v rows="$1" -v step="$2" -v threads="$threads" -v goal="$3" '{
        peak = $4 * 1024 / 1e6
        printf "%-10d %-9s %7d %9.2f %9.1f %9d %s\n", rows, step, threads, $1, peak, goal, peak <= goal ? "met" : "over"
    }' "$figures/$2.$threads"
}

prepare memory
printf '%-10s %-9s %7s %9s %9s %9s %s\n' rows step threads wall_s peak_MB goal_MB ''
for part in 25 5 1; do
    measured "$((rows / part))"
done
