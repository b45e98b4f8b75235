#!/bin/sh
# kill -9 during an ingest of several dates: what is visible afterwards is sealed and complete, and the same command
# again ends where an undisturbed one ends. At every call that changes files and in the middle of every write; then at
# instants that fall between.
set -u
. "$(dirname "$0")/faults.sh"

# After a kill: the snapshots that are listed are whole, and the rest comes with the second call.
killed()
{
    equal "$code" 137 "$called: exit code"
    then_expect 0 snapshot list --format csv
    ! grep -qvxF -f list out || fail "$called: a snapshot that is none of the extract's"
    then_expect 0 verify --quiet
    then_expect 0 "$@"
    whole
}

# undisturbed ARGUMENT...: the ingest as it should be, for comparison.
undisturbed()
{
    fresh base
    expect 0 "$@"
    state >whole
    expect 0 snapshot list --format csv
    cp out list
}

workspace base rules
export JIHE_WORKSPACE="$T/w"
{ extract 2026-01-05 1 40 && documents 2026-01-06 41 90 && documents 2026-01-07 91 95; } >three.csv
echo 'DOC-00096,2026-01-07,12.345,资金,张伟,太细' >>three.csv
set -- ingest three.csv --split --max-rejects 1 --format csv
undisturbed "$@"
equal "$(lines list)" 4 'lines of the snapshot list'
each_call kill killed "$@"
each_call tear killed "$@"

# A date sealed again with other content.
"$program" ingest three.csv --split --max-rejects 1 --quiet --workspace base >out 2>err || fail 'ingest into base'
{ extract 2026-01-06 41 89 && echo 'DOC-00090,2026-01-06,1.00,资金,张伟,更正'; } >again.csv
set -- ingest again.csv --date 2026-01-06 --revise --quiet
undisturbed "$@"
equal "$(lines list)" 5 'lines of the snapshot list with a second revision'
each_call kill killed "$@"

# Several segments, written while rows are still read.
{ extract 2026-02-05 10001 95000 && documents 2026-02-06 10001 20000; } >large.csv
set -- ingest large.csv --split --quiet
undisturbed "$@"
kills=0 milliseconds=3 code=137
while [ "$code" -ne 0 ] && [ $milliseconds -lt 999 ]; do
    fresh base
    called="jihe $* (killed after $milliseconds ms)" code=0
    timeout -s KILL "0.$(printf %03d $milliseconds)" "$program" "$@" >out 2>err || code=$?
    [ "$code" -eq 0 ] || { killed "$@" && kills=$((kills + 1)) code=137; }
    milliseconds=$((milliseconds * 5 / 4 + 7))
done
[ $kills -gt 3 ] || fail "only $kills kills"
echo "$kills kills: jihe $*"
