#!/bin/sh
# While one command changes the workspace another one gets 75, changes nothing, and can be run again afterwards.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 50 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet

# An ingest that waits for its standard input holds the lock; its process id is in the lock file.
mkfifo pipe
exec 9<>pipe
"$program" ingest - --date 2026-01-06 --quiet <pipe >ingested 2>&1 9>&- &
holder=$!
tries=0
until [ "$(cat w/ledger/lock 2>/dev/null)" = "$holder" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || fail 'the ingest does not take the lock'
    sleep 0.1
done

expect 75 run --date 2026-01-05 --seed t
says "held by process $holder"
expect 75 ingest day.csv --date 2026-01-05
# Reading needs no lock.
expect 0 hits last
expect 0 verify --quiet

extract 2026-01-06 51 60 >&9
exec 9>&-
wait "$holder" || fail "the waiting ingest failed: $(cat ingested)"
expect 0 snapshot dump 2026-01-06
equal "$(lines out)" 11 'lines of what came through the pipe'
expect 0 run --date 2026-01-05 --seed t
says 'to inspect'
expect 0 run list --format csv
equal "$(lines out)" 3 'lines of the run list'
