#!/bin/sh
# kill -9, and refusals of the system, while a snapshot is taken away: it is there and whole, or gone and the ledger says
# so; never half there. The next drop finishes it.
set -u
. "$(dirname "$0")/faults.sh"

workspace base rules
export JIHE_WORKSPACE="$T/base"
{ extract 2026-01-05 1 40 && documents 2026-01-06 41 90; } >days.csv
expect 0 ingest days.csv --split --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
export JIHE_WORKSPACE="$T/w"

# The files but for the anchor: a drop that was recorded and not carried out is recorded by the next one again. The date's
# directory may stay, empty.
remaining()
{
    state | grep -v '^\./' | grep -v ' \./ledger/anchor$'
}

# gone: the snapshot is, and nothing else.
gone()
{
    then_expect 0 verify --quiet
    remaining >after
    same whole after "$called: not the state after an undisturbed drop"
}

fresh base
expect 0 snapshot dump 2026-01-06
cp out documents_before
expect 0 snapshot drop 2026-01-06 --quiet
expect 66 snapshot dump 2026-01-06
remaining >whole

# After a fault.
after()
{
    case $code in
    0) gone ;;
    137) ;;
    *) refused 73 74 ;;
    esac
    then_expect 0 verify --quiet
    called_with snapshot dump 2026-01-06
    case $code in
    0) same documents_before out "$called: other documents" ;;
    *) [ "$code" -eq 66 ] || fail "$called, then snapshot dump: exit code $code" ;;
    esac
    called_with "$@"
    [ "$code" -eq 0 ] || [ "$code" -eq 66 ] || fail "$called, then again: exit code $code"
    gone
    then_expect 0 hits last
}
for fault in kill tear EIO ENOSPC+; do
    each_call $fault after snapshot drop 2026-01-06 --quiet
done
