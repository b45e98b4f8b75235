#!/bin/sh
# A period sees each document once, in its latest version.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

# 200 documents on the first day; 50 of them again on the second, larger, with 10 new ones; 20 of these on the third.
extract 2026-01-05 1 200 >one.csv
{ echo "$header" && documents 2026-01-06 151 210 | sed 's/00\.00,/99.00,/'; } >two.csv
extract 2026-01-07 191 200 >three.csv
expect 0 ingest one.csv two.csv three.csv --split --quiet
printf 'rules:\n  - {id: every, draw: all}\n  - {id: large, where: amount >= 19000, draw: all}\n' >w/rules/rules.yaml
expect 0 run --from 2026-01-05 --to 2026-01-07 --seed s
says '270 documents looked at, 210 to inspect'
says '60 of the documents looked at are superseded'
prints 'every           210          0'
expect 0 run --from 2026-01-05 --to 2026-01-07 --seed s --format json
equal "$(get superseded)" 60 'superseded in the JSON'
prints '"outcome":"already_recorded","superseded":60,'
expect 0 worklist last --raw --output list.csv --quiet
# id, date: each once; 1..150 of the first day, 191..200 of the third, the others of the second
sed 1d list.csv | awk -F, '{ print $1, $3 }' | sort >got
awk 'BEGIN { for (i = 1; i <= 210; i++)
    printf "DOC-%05d 2026-01-0%d\n", i, (i <= 150 ? 5 : (i > 190 && i <= 200) ? 7 : 6) }' >wanted
same wanted got 'the documents of a period'
expect 0 replay last --threads 2
expect 0 verify --quiet

# One date alone is looked at whole, and says nothing of it.
expect 0 run --date 2026-01-05 --seed s
says '200 documents looked at, 200 to inspect'
grep -q superseded err && fail 'one date has nothing superseded'
expect 0 run --date 2026-01-05 --seed s --format json
equal "$(get superseded)" 0 'superseded of one date'
