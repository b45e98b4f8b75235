#!/bin/sh
# A date ingested again: unchanged, refused, or with --revise its next revision; runs stay with theirs.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 300 >one.csv
extract 2026-01-05 1 301 >two.csv
extract 2026-01-05 2 301 >three.csv
expect 0 ingest one.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 run list --format csv
first=$(sed -n 2p out | cut -d, -f1)
expect 0 hits "$first" --format csv
cp out first.hits

# --revise of the same content changes nothing; other content without it is refused, and the message says what to do.
expect 0 ingest one.csv --date 2026-01-05 --revise --quiet --format csv
prints '2026-01-05,1,300,true,'
expect 65 ingest two.csv --date 2026-01-05
says 'already sealed with other content (r1'
says 'store this as r2, say --revise'
expect 0 snapshot list --format csv
equal "$(sed 1d out | cut -d, -f1-3)" '2026-01-05,1,300' 'after a refusal'

expect 0 ingest two.csv --date 2026-01-05 --revise --format csv
prints '2026-01-05,2,301,false,'
expect 0 ingest three.csv --date 2026-01-05 --revise --quiet --format csv
prints '2026-01-05,3,300,false,'
expect 0 ingest three.csv --date 2026-01-05 --quiet --format csv
prints '2026-01-05,3,300,true,'
# The content of an earlier revision is other content than the latest.
expect 65 ingest one.csv --date 2026-01-05
says '(r3'
expect 0 snapshot list --format csv
equal "$(sed 1d out | cut -d, -f1-3 | tr '\n' ' ')" '2026-01-05,1,300 2026-01-05,2,301 2026-01-05,3,300 ' 'three revisions'
expect 0 snapshot dump 2026-01-05 --revision 1
equal "$(sed -n 2p out | cut -d, -f1)" 'DOC-00001' 'revision 1'
expect 0 snapshot dump 2026-01-05
equal "$(sed -n 2p out | cut -d, -f1)" 'DOC-00002' 'the latest revision'

# The first run is replayed, listed and inspected on revision 1; a new run is another one, on revision 3.
expect 0 replay "$first"
expect 0 hits "$first" --format csv
same first.hits out 'hits after a revision'
expect 0 worklist "$first" --output list.csv --raw --quiet
expect 0 run --date 2026-01-05 --seed s --format json
prints '"revision":3,'
equal "$(get outcome)" recorded 'a run on the new revision'
[ "$(get run)" != "$first" ] || fail 'a run on another revision has the same name'
# One revision a date: a period sees no document twice because its date was revised.
equal "$(get superseded)" 0 'superseded by a revision'
expect 0 replay last
expect 0 replay "$first" --threads 2
expect 0 verify --quiet

# A split revises the dates that differ and leaves the others.
{ extract 2026-02-02 1 5 && documents 2026-02-03 6 9; } >both.csv
expect 0 ingest both.csv --split --quiet
{ extract 2026-02-02 1 5 && documents 2026-02-03 6 10; } >changed.csv
expect 65 ingest changed.csv --split
says '2026-02-03'
expect 0 ingest changed.csv --split --revise --quiet --format csv
prints '2026-02-02,1,5,true,'
prints '2026-02-03,2,5,false,'
