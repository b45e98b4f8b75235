#!/bin/sh
# A replay is identical as long as snapshots, rules of the time and seed are; it is not fooled by a replaced snapshot.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 300 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet

expect 0 replay last
prints 'identical: '
silent
expect 0 replay last --threads 2 --quiet
[ ! -s out ] || fail 'replay --quiet printed something'

# Rules may change after the run: it is replayed with its own.
printf 'rules:\n  - {id: tenth, draw: all}\n' >w/rules/rules.yaml
expect 0 replay last

# The same date, sealed from other documents.
kept=$JIHE_WORKSPACE
workspace other rules
extract 2026-01-05 2 301 >other.csv
expect 0 ingest other.csv --date 2026-01-05 --quiet
JIHE_WORKSPACE=$kept
mv w/snapshots/2026-01-05 away
cp -R other/snapshots/2026-01-05 w/snapshots/2026-01-05
expect 1 replay last
says 2026-01-05
[ ! -s out ] || fail 'a replay that differs printed a result'

# Without the snapshot there is nothing to replay from.
rm -r w/snapshots/2026-01-05
expect 66 replay last
mv away w/snapshots/2026-01-05
expect 0 replay last
