#!/bin/sh
# kill -9 during record, at every call that changes files and in the middle of every write: what was acknowledged is
# there, and the same list again records exactly what is missing.
set -u
. "$(dirname "$0")/faults.sh"

# No document is in both, so that the rates' inspected documents add up to the inspections recorded.
apart()
{
    echo 'rules:'
    echo '  - {id: third, where: amount < 9000, draw: {rate: 30%, by: team}}'
    echo '  - {id: large, where: amount >= 9000, draw: all}'
}
workspace base apart
export JIHE_WORKSPACE="$T/base"
extract 2026-01-05 1 120 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件/' out >filled.csv
sed -n '1,9p' filled.csv >first.csv
rows=$(($(lines filled.csv) - 1))
# Some of the list is recorded already: the second event of a chain is not like the first.
expect 0 record first.csv --quiet

export JIHE_WORKSPACE="$T/w"
fresh base
expect 0 record filled.csv
equal "$(cat out)" "recorded $((rows - 8)) inspections with $((rows - 8)) findings; 8 already recorded, 0 rows not filled in" \
    'the undisturbed record'
state >whole
expect 0 rate --by team --format csv
cp out rates

# recorded: how many inspections the ledger holds.
recorded()
{
    then_expect 0 rate --format csv
    awk -F, 'NR > 1 { sum += $1 } END { print sum + 0 }' out
}

# After a kill: the same list again.
killed()
{
    equal "$code" 137 "$called: exit code"
    then_expect 0 verify --quiet
    before=$(recorded)
    then_expect 0 "$@"
    said=$(sed 's/^recorded \([0-9]*\) .*; \([0-9]*\) already.*/\1 \2/' "$T/out")
    equal "$said" "$((rows - before)) $before" "$called, then the list again"
    then_expect 0 rate --by team --format csv
    same rates out "$called: the rates differ from those of an undisturbed run"
    whole
}
each_call kill killed record filled.csv
each_call tear killed record filled.csv
