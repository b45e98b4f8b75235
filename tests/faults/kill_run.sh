#!/bin/sh
# kill -9 during run, at every call that changes files and in the middle of every write: the same run again has the same
# id and the same hits, byte by byte, and is recorded once.
set -u
. "$(dirname "$0")/faults.sh"

workspace base rules
export JIHE_WORKSPACE="$T/base"
{ extract 2026-01-05 1 120 && documents 2026-01-06 121 200; } >days.csv
expect 0 ingest days.csv --split --quiet
expect 0 run --date 2026-01-05 --quiet # the chain has begun
export JIHE_WORKSPACE="$T/w"
set -- run --from 2026-01-05 --to 2026-01-06 --format json

# result FILE: what the run gives, without the word for whether it was recorded already.
result()
{
    sed 's/,"outcome":"[a-z_]*"//' "$T/out" >"$1"
    then_expect 0 hits last --format csv
    cat out >>"$1"
}
fresh base
expect 0 "$@"
prints '"outcome":"recorded"'
state >whole
result hits
[ "$(lines hits)" -gt 150 ] || fail 'too few hits to be a test'

# After a kill: the same run again.
killed()
{
    equal "$code" 137 "$called: exit code"
    then_expect 0 verify --quiet
    then_expect 0 "$@"
    result again
    same hits again "$called: another run or other hits the second time"
    then_expect 0 run list --format csv
    equal "$(lines out)" 3 "$called: lines of the run list"
    whole
}
each_call kill killed "$@"
each_call tear killed "$@"
