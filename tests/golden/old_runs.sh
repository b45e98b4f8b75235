#!/bin/sh
# Runs that an earlier program recorded, when what flags found was not kept with them: they replay, and tell it again.
# usage: old_runs.sh PROGRAM
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../cli/case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/../cli/case.sh"

gzip -dc "$here/run_with_flags.tar.gz" | tar -xf -
export JIHE_WORKSPACE="$T/small"

expect 0 replay 2026-05-31
expect 0 replay 2026-05-12
expect 0 flags 2026-05-31 --format csv
equal "$(cut -d, -f1,3-8,10 out)" 'rule,group,verdict,reason,documents,baseline,expected,ratio
jump,ann,flagged,,18,10,10,1.8
jump,bob,not tested,post changed 2026-04-11,18,10,10,1.8
jump,cid,normal,,17,10,10,1.7
jump,dan,flagged,,29,10,10,2.9
jump,eve,not tested,too few months,38,,,
zero,ann,flagged,,18,10,10,1.8
zero,bob,not tested,post changed 2026-04-11,18,10,10,1.8
zero,cid,flagged,,17,10,10,1.7
zero,dan,flagged,,29,10,10,2.9
zero,eve,flagged,,38,19,19,2' 'what its flags found'
expect 0 worklist 2026-05-31 --format csv --raw
equal "$(head -n 1 out | sed 's/.*,//')" note 'the last column of its work list'
equal "$(lines out)" 99 'its documents'
expect 0 verify

# The same inputs are the same run: it is not recorded again, and its rule of that time is what is now written as a ratio test.
sed 's/jump: reviewer/jump: reviewer, test: ratio/' small/rules/rules.yaml >rules.yaml
cp rules.yaml small/rules/rules.yaml
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
prints '"outcome":"already_recorded"'
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed other --format json
prints '"outcome":"recorded"'
expect 0 flags last --format csv
equal "$(grep -c ',flagged,' out)" 6 'people flagged'
expect 0 replay last
expect 0 verify
