# The peers that run in node: installed once, into build/bench/peers; DuckDB's statements. Sourced after common.sh.
# JIHE_BENCH_PEERS   where they are installed (default: build/bench/peers)
# shellcheck shell=bash disable=SC2034,SC2154 # the scripts use what is set here, and set what is used

statements=$home/bench/peers
packages=${JIHE_BENCH_PEERS:-$build/peers}
duckdb_version=1.5.6-r.1
polars_version=0.26.1
export NODE_PATH=$packages/node_modules

# The compiled part of Polars is named outright: npm leaves it out without a word where node is older than it asks for.
install_peers()
{
    local cpu
    [[ -e $packages/$duckdb_version+$polars_version ]] && return
    command -v npm >/dev/null || fail 'npm is not installed'
    cpu=$(node -p process.arch)
    say "installing DuckDB $duckdb_version and Polars $polars_version"
    rm -rf "$packages"
    mkdir -p "$packages"
    npm install --prefix "$packages" --no-audit --no-fund --loglevel error "@duckdb/node-api@$duckdb_version" \
        "nodejs-polars@$polars_version" "nodejs-polars-linux-$cpu-gnu@$polars_version" >&2
    touch "$packages/$duckdb_version+$polars_version"
}

# duckdb THREADS FILE.sql [NAME=VALUE...]: statements on the database, in a process of their own.
duckdb()
{
    node "$statements/duckdb.js" "$database" "$1" "$statements/$2" "${@:3}"
}

# timed_duckdb STEP THREADS FILE.sql [NAME=VALUE...]
timed_duckdb()
{
    timed "$1" "$2" node "$statements/duckdb.js" "$database" "$2" "$statements/$3" "${@:4}" >/dev/null
}
