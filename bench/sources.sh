#!/bin/bash
# Times jihe ingest on the same documents as every kind of extract, and checks that all make the same snapshot (README.md).
# usage: bench/sources.sh ROWS [ROUNDS]      ROWS: 1 to 100000000; ROUNDS: default 5
# JIHE_BENCH_ODBC   an ODBC connection whose table docs has the documents (default: an SQLite file, if its driver is there)
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rows=${1-}
rounds=${2-5}
[[ $rows =~ $rows_form && $rounds =~ $rounds_form && $# -le 2 ]] || fail 'usage: bench/sources.sh ROWS [ROUNDS]'

declare -A arguments sealed # of a kind: what ingest is given; the snapshot's digest

make_extracts()
{
    local extract=$scratch/docs
    say "making the extracts of $rows documents"
    iconv -f UTF-8 -t GB18030 <"$csv" >"$extract-gb18030.csv"
    gzip -6 <"$csv" >"$extract.csv.gz"
    zstd -3 -q <"$csv" >"$extract.csv.zst"
    "$build/bench/csv_to" ndjson <"$csv" >"$extract.ndjson"
    "$build/bench/csv_to" msgpack <"$csv" >"$extract.msgpack"
    kinds=(csv csv-gb18030 csv.gz csv.zst ndjson msgpack)
    arguments=([csv]=$csv [csv-gb18030]=$extract-gb18030.csv [csv.gz]=$extract.csv.gz [csv.zst]=$extract.csv.zst
        [ndjson]=$extract.ndjson [msgpack]=$extract.msgpack)
}

# ODBC is left out where this jihe or this machine has none.
make_odbc()
{
    local connection=${JIHE_BENCH_ODBC-}
    "$jihe" ingest --help | grep -q -e '--odbc' || return 0
    if [[ -z $connection ]]; then
        odbcinst -q -d -n SQLite3 >/dev/null 2>&1 && command -v sqlite3 >/dev/null || return 0
        sqlite3 "$scratch/docs.sqlite" ".import --csv '$csv' docs"
        connection="Driver=SQLite3;Database=$scratch/docs.sqlite"
    fi
    kinds+=(odbc)
    arguments[odbc]=$connection
}

# one_ingest KIND THREADS
one_ingest()
{
    local source=("${arguments[$1]}")
    [[ $1 != odbc ]] || source=(--odbc "${arguments[odbc]}" --query 'select * from docs')
    new_workspace
    [[ $1 != csv-gb18030 ]] || sed -i 's/encoding: auto/encoding: gb18030/' "$workspace/jihe.yaml"
    timed_jihe "$1" "$2" ingest "${source[@]}" --date "$date" --format csv >"$scratch/sealed.csv"
    sealed[$1]=$(tail -n 1 "$scratch/sealed.csv" | cut -d , -f 5)
}

prepare sources
documents "$rows"
make_extracts
make_odbc
for ((round = 1; round <= rounds; round++)); do
    for threads in "${thread_counts[@]}"; do
        say "round $round of $rounds, $threads threads"
        for kind in "${kinds[@]}"; do
            one_ingest "$kind" "$threads"
        done
    done
done

echo "$rows documents, ingest by kind of extract, median of $rounds interleaved rounds; MB are of the extract as it lies there"
printf '%-12s %7s %9s %12s %9s %10s %s\n' kind threads wall_s rows/s MB/s peak_MiB snapshot
for kind in "${kinds[@]}"; do
    size=0 # of ODBC nobody knows
    [[ ! -e ${arguments[$kind]} ]] || size=$(bytes "${arguments[$kind]}")
    same=differs
    [[ ${sealed[$kind]} != "${sealed[csv]}" ]] || same=same
    for threads in "${thread_counts[@]}"; do
        awk -v kind="$kind" -v threads="$threads" -v rows="$rows" -v wall="$(median "$kind" "$threads")" -v bytes="$size" \
            -v peak="$(peak "$kind" "$threads")" -v same="$same" 'BEGIN {
                speed = bytes ? sprintf("%.1f", bytes / 1e6 / wall) : "-"
                printf "%-12s %7d %9.3f %12.0f %9s %10d %s\n", kind, threads, wall, rows / wall, speed, peak, same
            }'
    done
done
