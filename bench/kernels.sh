#!/bin/bash
# Conditions against a plain read of their columns, 12 rules against 132, and what a document costs as there are more of
# them (README.md).
# usage: bench/kernels.sh ROWS...      each 1 to 100000000, rising; the goals speak of 1000000 and 10000000
# JIHE_BENCH_ROUNDS   rounds (default: 5 of the runs, three times as many of the conditions)
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${JIHE_BENCH_ROUNDS-5}
[[ $# -gt 0 && $rounds =~ $rounds_form ]] || fail 'usage: bench/kernels.sh ROWS...      ROWS: 1 to 100000000'
for rows in "$@"; do
    [[ $rows =~ $rows_form ]] || fail "'$rows' is no number of rows"
done

# with_rules ROWS FILE STEP: a run with each number of threads in a ledger without runs.
with_rules()
{
    cp "$2" "$workspace/rules/rules.yaml"
    for threads in "${thread_counts[@]}"; do
        rm -rf "$workspace/ledger"
        cp -a "$scratch/ledger" "$workspace/ledger"
        timed_jihe "$3-$1" "$threads" run --date "$date" >/dev/null
    done
}

prepare kernels
mkdir "$scratch/many"
sh "$home/bench/more_rules.sh" 11 >"$scratch/many/rules.yaml"
for rows in "$@"; do
    documents "$rows"
    say "storing $rows documents"
    new_workspace
    "$jihe" ingest "$csv" --date "$date" --workspace "$workspace" --quiet >/dev/null
    rm -rf "$scratch/ledger"
    cp -a "$workspace/ledger" "$scratch/ledger"
    say "conditions over $rows documents"
    echo "$rows documents, ns a document, median of $((3 * rounds)) interleaved rounds"
    for threads in "${thread_counts[@]}"; do
        "$build/bench/kernels" "$workspace" "$date" "$threads" "$((3 * rounds))" "$workspace/rules" "$scratch/many"
    done
    for ((round = 1; round <= rounds; round++)); do
        say "runs over $rows documents, round $round of $rounds"
        with_rules "$rows" "$home/bench/rules.yaml" twelve
        with_rules "$rows" "$scratch/many/rules.yaml" many
    done
done

echo "jihe run, ns a document, median of $rounds interleaved rounds; goals: 132 rules at most 4 times 12, more documents at most 1.3"
printf '%-10s %7s %9s %9s %8s %10s\n' rows threads 12_rules 132_rules 132/12 more_docs
for threads in "${thread_counts[@]}"; do
    before=
    for rows in "$@"; do
        awk -v rows="$rows" -v threads="$threads" -v twelve="$(median "twelve-$rows" "$threads")" \
            -v many="$(median "many-$rows" "$threads")" -v before="$before" 'BEGIN {
                ns = twelve / rows * 1e9
                more = before == "" ? "-" : sprintf("%.2f", ns / before)
                printf "%-10d %7d %9.0f %9.0f %8.2f %10s\n", rows, threads, ns, many / rows * 1e9, many / twelve, more
            }'
        before=$(awk -v twelve="$(median "twelve-$rows" "$threads")" -v rows="$rows" 'BEGIN { print twelve / rows * 1e9 }')
    done
done
