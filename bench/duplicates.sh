#!/bin/bash
# Times the search for documents with the same values against DuckDB's group by, in interleaved rounds (README.md).
# usage: bench/duplicates.sh ROWS [ROUNDS]      ROWS: 1 to 100000000; ROUNDS: default 5
# Needs node and npm; DuckDB is installed once, as for bench/peers.sh.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=bench/node_peers.sh
source "$home/bench/node_peers.sh"
rows=${1-}
rounds=${2-5}
[[ $rows =~ $rows_form && $rounds =~ $rounds_form && $# -le 2 ]] || fail 'usage: bench/duplicates.sh ROWS [ROUNDS]'
rules=(rare often)

# round THREADS: every run finds a ledger without runs.
round()
{
    for rule in "${rules[@]}"; do
        rm -rf "$workspace/ledger"
        cp -a "$scratch/ledger" "$workspace/ledger"
        timed_jihe "jihe-$rule" "$1" run --date "$date" --rule "$rule" >/dev/null
        "$jihe" flags last --members --format csv --workspace "$workspace" --quiet >"$scratch/$rule.csv"
        timed_duckdb "duckdb-$rule" "$1" "duplicates_$rule.sql"
        timed_duckdb "duckdb-$rule-count" "$1" "duplicates_${rule}_count.sql"
    done
    timed_duckdb duckdb-start "$1" nothing.sql
}

# line STEP THREADS FIRST: a step's figures, beside those of step FIRST.
line()
{
    awk -v step="$1" -v threads="$2" -v wall="$(median "$1" "$2")" -v cpu="$(cpu "$1" "$2")" \
        -v first="$(median "$3" "$2")" -v first_cpu="$(cpu "$3" "$2")" -v peak="$(peak "$1" "$2")" 'BEGIN {
            printf "%-20s %7d %9.3f %9.3f %8.1f %8.1f %9d\n", step, threads, wall, cpu, wall / first, cpu / first_cpu, peak
        }'
}

install_peers
prepare duplicates
database=$scratch/docs.duckdb
documents "$rows"
say 'storing the documents'
new_workspace
rm -f "$workspace"/rules/*.yaml
cp "$home/bench/duplicates.rules.yaml" "$workspace/rules/"
"$jihe" ingest "$csv" --date "$date" --workspace "$workspace" --quiet >/dev/null
cp -a "$workspace/ledger" "$scratch/ledger"
rm -f "$database"
duckdb 2 ingest.sql CSV="$csv"
cat "$database" >/dev/null
for ((round = 1; round <= rounds; round++)); do
    for threads in "${thread_counts[@]}"; do
        say "round $round of $rounds, $threads threads"
        round "$threads"
    done
done
echo "$rows documents, duplicates, DuckDB $duckdb_version, median of $rounds interleaved rounds"
printf '%-20s %7s %9s %9s %8s %8s %9s\n' step threads wall_s cpu_s /wall /cpu peak_MiB
for threads in "${thread_counts[@]}"; do
    for rule in "${rules[@]}"; do
        for step in "jihe-$rule" "duckdb-$rule" "duckdb-$rule-count"; do
            line "$step" "$threads" "jihe-$rule"
        done
    done
    line duckdb-start "$threads" duckdb-start
done
echo
printf '%-8s %10s %10s %10s\n' rule jihe DuckDB common
for rule in "${rules[@]}"; do
    duckdb 2 duplicates_agree.sql RULE="$rule" MEMBERS="$scratch/$rule.csv" |
        awk -F , '{ printf "%-8s %10d %10d %10d %s\n", $1, $2, $3, $4, $5 }'
done
