#!/bin/sh
# Output that does not arrive is an error, and one that nobody reads any more is a quiet one.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 20000 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet

if [ -c /dev/full ]; then
    for arguments in help --version 'verify' 'hits last' 'worklist last' 'snapshot dump 2026-01-05' 'rule check' \
        'replay last' 'run --date 2026-01-05 --seed s --format json --quiet'; do
        code=0
        # shellcheck disable=SC2086 # words
        "$program" $arguments >/dev/full 2>err || code=$?
        equal "$code" 74 "exit code of '$arguments' on a full device"
        equal "$(wc -l <err | tr -d ' ')" 1 "lines of message of '$arguments'"
        grep -Eq 'No space left|disk is full' err || fail "'$arguments' does not say that the device is full"
    done
fi

# head goes away after a line: no message, no signal, 74.
{
    code=0
    "$program" snapshot dump 2026-01-05 2>err || code=$?
    echo "$code" >code
} | head -n 1 >out
equal "$(cat code)" 74 'exit code at a closed pipe'
called='snapshot dump into a closed pipe'
silent
equal "$(cat out)" 'doc_id,business_date,amount,team,reviewer,summary' 'what head got'

# Standard input closed: it is empty, and not whatever file is opened first.
code=0
"$program" ingest - --date 2026-01-06 <&- 2>err || code=$?
equal "$code" 65 'exit code without standard input'
called='ingest - without standard input'
says 'ends before the header'

# Standard output closed: an error, and nothing of it ends in the ledger's files.
code=0
"$program" run list >&- 2>err || code=$?
equal "$code" 74 'exit code without standard output'
code=0
"$program" run --date 2026-01-05 --seed u >&- 2>&- <&- || code=$?
equal "$code" 74 'exit code without any descriptor'
expect 0 verify --quiet
expect 0 run --date 2026-01-05 --seed u
says 'already recorded'

# Results go to standard output, messages to standard error, no control characters into either.
expect 0 run --date 2026-01-05 --seed s
equal "$(grep -c '^run ' out)" 0 'messages in the output'
if grep -q "$(printf '\033')" out err; then
    fail 'control characters although this is no terminal'
fi
