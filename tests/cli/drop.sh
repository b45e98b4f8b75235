#!/bin/sh
# Snapshots are dropped only when nothing refers to them, or by force; always with a ledger entry; an interrupted drop is
# finished by the next one.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

# events: the number of the last one in the ledger; its anchor has a line for each commit, in front the number.
events()
{
    tail -n 1 w/ledger/anchor | cut -d' ' -f1
}

extract 2026-01-05 1 100 >day.csv
extract 2026-01-05 1 101 >revised.csv
extract 2026-01-06 1 50 >next.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 ingest next.csv --date 2026-01-06 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 run list --format csv
run=$(sed -n 2p out | cut -d, -f1)
expect 0 hits "$run" --format csv
cp out hits
expect 0 ingest revised.csv --date 2026-01-05 --revise --quiet

# Without a run referring to it: gone, and recorded. The latest is meant when no revision is named.
expect 64 snapshot drop
expect 64 snapshot drop 2026-01-06 --as-of 2026-02-01
expect 64 snapshot drop --older-than-keep
expect 64 snapshot drop --older-than-keep --as-of 2026-02-01 --force
expect 66 snapshot drop 2026-01-09
expect 66 snapshot drop 2026-01-05 --revision 3
equal "$(events)" 1 'events of refused drops'
expect 0 snapshot drop 2026-01-05 --format csv
equal "$(head -n 1 out)" 'date,revision,outcome,runs,sha256' 'header of drop'
prints '2026-01-05,2,dropped,,'
expect 66 snapshot show 2026-01-05 --revision 2
equal "$(events)" 2 'events of one drop'
expect 0 snapshot drop 2026-01-06 --quiet
[ ! -e w/snapshots/2026-01-06 ] || fail 'the directory of a date without snapshots is there'
expect 0 verify --quiet

# With one: refused, then forced. The hits stay; list, replay and record say which snapshot is missing.
expect 77 snapshot drop 2026-01-05
says "1 recorded run refers to the snapshot of 2026-01-05 r1, $run among them"
expect 0 snapshot show 2026-01-05
expect 0 worklist "$run" --output list.csv --raw --quiet
sed -e 's/,,,,,,,,/,周莉,pass,,,,,,/' list.csv >filled.csv
expect 0 snapshot drop 2026-01-05 --revision 1 --force --format csv
prints "2026-01-05,1,dropped,$run,"
equal "$(events)" 4 'events of three drops'
expect 0 hits "$run" --format csv
same hits out 'hits of a run whose snapshot is dropped'
for command in "replay $run" "worklist $run" 'record filled.csv'; do
    # shellcheck disable=SC2086 # words
    expect 66 $command
    says 'the snapshot of 2026-01-05 r1 that the run used'
    says 'is gone'
done
expect 0 verify --format csv
prints 'snapshot,2026-01-05 r1,dropped,'
prints ', forced'
# The same extract brings it back; another one is not taken for it.
expect 0 ingest revised.csv --date 2026-01-05 --quiet
expect 1 replay "$run"
says 'is not the one the run used'
expect 0 snapshot drop 2026-01-05 --quiet
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 replay "$run"
expect 0 record filled.csv

# A snapshot that went without a drop is damage.
mv w/snapshots/2026-01-05/r1 away
expect 0 verify --quiet # an earlier drop of it is recorded
extract 2026-01-07 1 9 >third.csv
expect 0 ingest third.csv --date 2026-01-07 --quiet
expect 0 run --date 2026-01-07 --seed s --quiet
mv w/snapshots/2026-01-07 elsewhere
expect 76 verify --format csv
prints 'snapshot,2026-01-07 r1,damaged,"it is gone, no drop is recorded'
mv elsewhere w/snapshots/2026-01-07
mv away w/snapshots/2026-01-05/r1

# Interrupted: hidden and half deleted. It is no snapshot any more, and the next drop finishes it - and takes nothing else.
expect 0 ingest revised.csv --date 2026-01-05 --revise --quiet
before=$(events)
mv w/snapshots/2026-01-05/r2 w/snapshots/2026-01-05/.dropped-r2
rm w/snapshots/2026-01-05/.dropped-r2/manifest.json
expect 66 snapshot show 2026-01-05 --revision 2
expect 0 snapshot drop 2026-01-05 --format csv
prints '2026-01-05,2,finished,,'
equal "$(lines out)" 2 'rows of a finished drop'
[ ! -e w/snapshots/2026-01-05/.dropped-r2 ] || fail 'it is still there'
equal "$(events)" "$before" 'events of a finished drop'
expect 0 snapshot show 2026-01-05 --revision 1
# The number was used again meanwhile: both go.
expect 0 ingest revised.csv --date 2026-01-05 --revise --quiet
mkdir -m 700 w/snapshots/2026-01-05/.dropped-r2
expect 0 snapshot drop 2026-01-05 --revision 2 --format csv
equal "$(cut -d, -f2,3 out | tr '\n' ' ')" 'revision,outcome 2,finished 2,dropped ' 'an old and a new r2'

# By policy: what is older than `keep`, unless a run refers to it.
expect 78 snapshot drop --older-than-keep --as-of 2026-02-10
says 'keep: 400 days'
echo 'keep: 30 days' >>w/jihe.yaml
for day in 09 10 11; do
    extract 2026-01-$day 1 9 >d.csv
    expect 0 ingest d.csv --date 2026-01-$day --quiet
done
expect 0 snapshot drop --older-than-keep --as-of 2026-02-09 --format csv
equal "$(cut -d, -f1-3 out | tr '\n' ' ')" \
    'date,revision,outcome 2026-01-05,1,kept 2026-01-07,1,kept 2026-01-09,1,dropped ' 'what the policy did'
expect 0 snapshot list --format csv
equal "$(sed 1d out | cut -d, -f1 | tr '\n' ' ')" '2026-01-05 2026-01-07 2026-01-10 2026-01-11 ' 'what is kept'
expect 64 snapshot drop --older-than-keep --as-of tomorrow
sed -i 's/^keep: .*/keep: 1 days/' w/jihe.yaml
expect 0 snapshot drop --older-than-keep --as-of 2026-01-12 --quiet --format csv
prints '2026-01-10,1,dropped'
expect 0 replay "$run"
expect 0 verify --quiet
