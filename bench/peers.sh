#!/bin/bash
# Times jihe against DuckDB and Polars on the same documents, in interleaved rounds (README.md).
# usage: bench/peers.sh ingest|rules ROWS [ROUNDS]      ROWS: 1 to 100000000; ROUNDS: default 5
# Needs node and npm; the peers are installed once, into build/bench/peers.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
what=${1-}
rows=${2-}
rounds=${3-5}
[[ $what =~ ^(ingest|rules)$ && $rows =~ $rows_form && $rounds =~ $rounds_form && $# -le 3 ]] ||
    fail 'usage: bench/peers.sh ingest|rules ROWS [ROUNDS]'

# shellcheck source=bench/node_peers.sh
source "$home/bench/node_peers.sh"

# timed_polars STEP THREADS MODE
timed_polars()
{
    POLARS_MAX_THREADS=$2 timed "$1" "$2" node "$statements/polars.js" "$3" "$csv" "$parquet"
}

ingest_round()
{
    new_workspace
    timed_jihe jihe "$1" ingest "$csv" --date "$date" >/dev/null
    store[jihe]=$(snapshot_bytes)
    rm -f "$database"
    timed_duckdb duckdb "$1" ingest.sql CSV="$csv"
    store[duckdb]=$(bytes "$database")
    for mode in whole stream; do
        rm -f "$parquet"
        timed_polars "polars-$mode" "$1" "$mode"
        store[polars-$mode]=$(bytes "$parquet")
    done
}

# The night's documents, once for all rounds; every run then finds a ledger without runs.
rules_prepare()
{
    say 'storing the documents'
    new_workspace
    "$jihe" ingest "$csv" --date "$date" --workspace "$workspace" --quiet >/dev/null
    cp -a "$workspace/ledger" "$scratch/ledger"
    rm -f "$database"
    duckdb 2 ingest.sql CSV="$csv"
    duckdb 2 prepare.sql
    cat "$database" >/dev/null
}

rules_round()
{
    rm -rf "$workspace/ledger"
    cp -a "$scratch/ledger" "$workspace/ledger"
    timed_jihe jihe-run "$1" run --date "$date" >/dev/null
    rm -f "$scratch/jihe.csv"
    timed_jihe jihe-worklist "$1" worklist last --raw --output "$scratch/jihe.csv"
    for form in natural tuned; do
        duckdb "$1" forget.sql
        timed_duckdb "duckdb-$form" "$1" "rules_$form.sql"
    done
    rm -f "$scratch/duckdb.csv"
    timed_duckdb duckdb-worklist "$1" worklist.sql WORKLIST="$scratch/duckdb.csv"
    timed_duckdb duckdb-start "$1" nothing.sql
}

# line STEP THREADS: a step's figures, beside those of jihe's step FIRST.
line()
{
    local wall
    wall=$(median "$1" "$2")
    awk -v step="$1" -v threads="$2" -v wall="$wall" -v cpu="$(cpu "$1" "$2")" -v first="$(median "$3" "$2")" \
        -v rows="$rows" -v peak="$(peak "$1" "$2")" 'BEGIN {
            printf "%-16s %7d %9.3f %9.3f %12.0f %8.2f %9d", step, threads, wall, cpu, rows / wall, wall / first, peak
        }'
}

ingest_table()
{
    printf '%-16s %7s %9s %9s %12s %8s %9s %9s %9s\n' step threads wall_s cpu_s rows/s /jihe peak_MiB store_MB /DuckDB
    for threads in "${thread_counts[@]}"; do
        for step in jihe duckdb polars-whole polars-stream; do
            line "$step" "$threads" jihe
            awk -v bytes="${store[$step]}" -v duckdb="${store[duckdb]}" \
                'BEGIN { printf " %9.1f %9.2f\n", bytes / 1e6, bytes / duckdb }'
        done
    done
}

rules_table()
{
    printf '%-16s %7s %9s %9s %12s %8s %9s\n' step threads wall_s cpu_s rows/s /run peak_MiB
    for threads in "${thread_counts[@]}"; do
        for step in jihe-run duckdb-tuned duckdb-natural jihe-worklist duckdb-worklist duckdb-start; do
            line "$step" "$threads" jihe-run
            echo
        done
        awk -v threads="$threads" -v run="$(median jihe-run "$threads")" -v list="$(median jihe-worklist "$threads")" \
            -v tuned="$(median duckdb-tuned "$threads")" -v natural="$(median duckdb-natural "$threads")" \
            -v export="$(median duckdb-worklist "$threads")" 'BEGIN {
                printf "DuckDB / jihe, %d threads: stored work list: tuned %.2f, natural %.2f; ", threads, tuned / run, natural / run
                printf "tuned against run and list written: %.2f; list written by both: %.2f\n", tuned / (run + list),
                    (tuned + export) / (run + list)
            }'
    done
    echo
    printf '%-18s %10s %10s %10s %s\n' rule jihe DuckDB common ''
    duckdb 2 agree.sql WORKLIST="$scratch/jihe.csv" | awk -F , '{ printf "%-18s %10d %10d %10s %s\n", $1, $2, $3, $4, $5 }'
}

install_peers
prepare peers
database=$scratch/docs.duckdb
parquet=$scratch/docs.parquet
documents "$rows"
declare -A store
[[ $what == ingest ]] || rules_prepare
for ((round = 1; round <= rounds; round++)); do
    for threads in "${thread_counts[@]}"; do
        say "round $round of $rounds, $threads threads"
        "${what}_round" "$threads"
    done
done
echo "$rows documents, $what, DuckDB $duckdb_version, Polars $polars_version, median of $rounds interleaved rounds"
"${what}_table"
