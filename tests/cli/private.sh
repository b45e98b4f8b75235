#!/bin/sh
# Whatever the umask, directories are 0700 and files 0600.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
umask 000
workspace w rules
chmod 600 w/jihe.yaml w/rules/rules.yaml # the two that this test wrote itself
{ extract 2026-01-05 1 50 && echo 'DOC-1,2026-01-05,zu viel,资金,张伟,x'; } >day.csv
printf 'person,unit,post,from,to\n李娜,资金组,审核,2025-01-01,\n' >roster.csv
expect 0 ingest day.csv --date 2026-01-05 --max-rejects 1 --quiet
expect 0 roster import roster.csv --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --output w/out/list.csv --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
expect 0 record filled.csv --quiet
expect 0 report --from 2026-01-01 --to 2026-01-31 --output w/out/report.html --quiet
expect 0 verify --quiet

open=$(find w -type d ! -perm 700 -o -type f ! -perm 600 ! -perm 400)
equal "$open" '' 'readable by others'
[ "$(find w -type f | wc -l)" -ge 8 ] || fail 'the workspace has too few files for this test to mean anything'
