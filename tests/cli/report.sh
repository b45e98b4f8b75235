#!/bin/sh
# The report is one HTML file that needs nothing else, private, and the same for the same ledger.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 100 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,fail,in-rule,3.2.1,,<b>甲<\/b>,,/' out >filled.csv
expect 0 record filled.csv --quiet

umask 000
expect 0 report --from 2026-01-01 --to 2026-01-31 --lang zh --output zh.html
umask 077
says 'wrote zh.html'
equal "$(stat -c %a zh.html)" 600 'mode of the report'
grep -q '每组一成' zh.html || fail 'a title is missing'
grep -qi '<html' zh.html || fail 'not a page'
if grep -Eqi '(src|href)="?(https?:)?//|@import|url\(http' zh.html; then
    fail 'the page loads something'
fi
grep -q '<b>甲' zh.html && fail 'a text got into the page as markup'
expect 0 report --from 2026-01-01 --to 2026-01-31 --lang zh --output again.html --quiet
silent
same zh.html again.html 'two reports about the same'
expect 0 report --from 2026-01-01 --to 2026-01-31 --lang en --output en.html
cmp -s zh.html en.html && fail 'the languages do not differ'

expect 64 report --from 2026-01-01 --to tomorrow --output x.html
expect 64 report --from 2026-02-01 --to 2026-01-31 --output x.html
says '2026-02-01 is after 2026-01-31'
expect 73 report --from 2026-01-01 --to 2026-01-31 --output nowhere/x.html
ln -s zh.html link.html
expect 73 report --from 2026-01-01 --to 2026-01-31 --output link.html
says 'not a regular file'
[ -L link.html ] || fail 'a report replaced a link'
expect 0 report --from 2027-01-01 --to 2027-01-31 --output empty.html
[ ! -e x.html ] || fail 'a report in spite of wrong dates'
