# What the scripts of this folder share: the build, the documents, timed commands and their medians. Sourced, not run.
# JIHE_BENCH_DIR   where documents, workspaces and figures go (default: build/bench/data); documents stay for the next time
# JIHE_BENCH_THREADS   numbers of threads to compare (default: "1 2")
# shellcheck shell=bash disable=SC2034 # the scripts use what is set here

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$home/build/bench
data=${JIHE_BENCH_DIR:-$build/data}
jihe=$build/engine/cli/jihe
date=2026-01-05 # of all documents, and what bench/rules.yaml is written for
rows_form='^[1-9][0-9]{0,8}$' # 1 to 999,999,999; gen_docs stops at 100,000,000
rounds_form='^[1-9][0-9]{0,2}$'
read -r -a thread_counts <<<"${JIHE_BENCH_THREADS:-1 2}"

fail()
{
    echo "bench: $*" >&2
    exit 1
}

say()
{
    echo "bench: $*" >&2
}

# prepare NAME: builds; figures go to a new folder NAME, removed when the script ends.
prepare()
{
    mkdir -p "$data" "$(dirname "$build")"
    {
        cmake --preset bench -S "$home" -B "$build" && cmake --build "$build"
    } >"$build.log" 2>&1 || fail "the build failed; see $build.log"
    scratch=$data/$1
    workspace=$scratch/workspace
    figures=$scratch/figures
    rm -rf "$scratch"
    mkdir -p "$figures"
    trap 'rm -rf "$scratch"' EXIT
}

# documents ROWS: makes the documents unless they are there, and reads them into the page cache, as far as they fit.
documents()
{
    csv=$data/docs-$1.csv
    if [[ ! -e $csv ]]; then
        say "making $1 documents"
        "$build/bench/gen_docs" --rows "$1" --date "$date" --out "$csv.part"
        mv "$csv.part" "$csv"
    fi
    cat "$csv" >/dev/null
}

# A workspace as bench/jihe.yaml and bench/rules.yaml describe it, in place of any other.
new_workspace()
{
    rm -rf "$workspace"
    "$jihe" init "$workspace" --quiet >/dev/null
    cp "$home/bench/jihe.yaml" "$workspace/jihe.yaml"
    rm -f "$workspace"/rules/*.yaml
    cp "$home/bench/rules.yaml" "$workspace/rules/"
}

# timed STEP THREADS COMMAND...: one more line in the figures of STEP with THREADS. What others have written is synced
# first, so that nobody waits for another's bytes.
timed()
{
    local figure=$figures/$1.$2
    shift 2
    sync
    "$build/bench/measure" "$figure" "$@"
}

# timed_jihe STEP THREADS ARGUMENT...: a command of jihe in the workspace.
timed_jihe()
{
    timed "$1" "$2" "$jihe" "${@:3}" --workspace "$workspace" --threads "$2" --quiet
}

# The median of a step's wall seconds; of an even number of rounds, the faster middle one.
median()
{
    sort -n "$figures/$1.$2" | awk '{ wall[NR] = $1 } END { print wall[int((NR + 1) / 2)] }'
}

# The median of a step's user and system seconds together: steadier than wall time where others use the machine.
cpu()
{
    awk '{ print $2 + $3 }' "$figures/$1.$2" | sort -n | awk '{ used[NR] = $1 } END { print used[int((NR + 1) / 2)] }'
}

# The largest peak of anonymous memory of all rounds, in MiB.
peak()
{
    awk '$4 > peak { peak = $4 } END { printf "%.0f\n", peak / 1024 }' "$figures/$1.$2"
}

# Bytes of all files named, links followed.
bytes()
{
    stat -L -c %s "$@" | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# The bytes of the sealed snapshots of the workspace.
snapshot_bytes()
{
    find "$workspace/snapshots" -name data.mdb -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}
