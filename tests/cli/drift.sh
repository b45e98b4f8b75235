#!/bin/sh
# Extracts whose columns change: reordered, more, fewer, renamed. engine/ARCHITECTURE.md has the table.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
cp w/jihe.yaml kept.yaml
extract 2026-01-05 1 300 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet --format csv
sha=$(sed -n '2s/.*,//p' out)
cp w/snapshots/2026-01-05/r1/data.mdb first.mdb

# unchanged FILE: the extract gives the snapshot of the first one, byte by byte.
unchanged()
{
    expect 0 ingest "$1" --date 2026-01-05 --format csv
    sed -n '2p' out | grep -q "^2026-01-05,1,300,true,$sha\$" || fail "$called: another snapshot"
    mv w w.other
    workspace w rules
    cp w.other/jihe.yaml w/jihe.yaml
    "$program" ingest "$1" --date 2026-01-05 --quiet >/dev/null 2>&1 || fail "$1 in a new workspace"
    same w/snapshots/2026-01-05/r1/data.mdb first.mdb "$1: the bytes of the snapshot"
    rm -rf w && mv w.other w
}

# Reordered.
awk -F, -v OFS=, '{ print $6, $3, $1, $5, $2, $4 }' day.csv >reordered.csv
unchanged reordered.csv
sed 1d day.csv | sed 's/^\([^,]*\),\([^,]*\),\([^,]*\),\([^,]*\),\([^,]*\),\(.*\)$/{"摘要":"\6","金额":\3,"单据编号":"\1","班组":"\4","初审人":"\5","过账日期":"\2"}/' >reordered.ndjson
unchanged reordered.ndjson

# Unknown: ignored, counted, named; of many the first sixteen.
awk -F, -v OFS=, '{ print "审批人", $0, (NR == 1 ? "备注\001" : "x") }' day.csv >unknown.csv
expect 0 ingest unknown.csv --date 2026-01-05
says 'columns of the extract that jihe.yaml does not name: 2 (审批人, 备注?)'
unchanged unknown.csv
sed 's/}$/,"备注":"x","更":{"多":1,"少":[{"x":1},2]}}/' reordered.ndjson >unknown.ndjson
expect 0 ingest unknown.ndjson --date 2026-01-05
says 'does not name: 3 (备注, 更.多, 更.少)'
expect 0 ingest unknown.ndjson day.csv unknown.csv --split --max-rejects 1000
says 'does not name: 3 (备注, 更.多, 更.少)'
awk 'BEGIN { for (i = 1; i <= 20; i++) more = more ",c" i } { print $0 more }' day.csv >many.csv
expect 0 ingest many.csv --date 2026-01-05
says 'does not name: 20 (c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, ...)'
expect 0 ingest many.csv --date 2026-01-05 --quiet
silent

# Missing, and renamed, which looks the same: refused, with the nearest name that nothing declares.
cut -d, -f1-4,6 day.csv >missing.csv
expect 65 ingest missing.csv --date 2026-01-06
says "missing.csv:1:1: the header of 5 fields lacks the declared '初审人'"
if grep -q nearest err; then fail 'no header is near, and none is free'; fi
sed '1s/金额/金额（元）/' day.csv >renamed.csv
expect 65 ingest renamed.csv --date 2026-01-06
says "lacks the declared '金额' (nearest: '金额（元）'); if it has a new name, write source: 金额（元） for column 'amount', or source_any with both"
sed 's/"金额"/"金额（元）"/' reordered.ndjson >renamed.ndjson
expect 65 ingest renamed.ndjson --date 2026-01-06
says "no record has the declared '金额' (nearest: '金额（元）')"

# source_any: the old name or the new one, and never both.
sed 's/source: 金额/source_any: [金额, 金额（元）, Betrag]/' kept.yaml >w/jihe.yaml
unchanged day.csv
unchanged renamed.csv
unchanged reordered.ndjson
unchanged renamed.ndjson
head -n 100 reordered.ndjson >mixed.ndjson
sed -n '101,$p' renamed.ndjson >>mixed.ndjson
unchanged mixed.ndjson
awk -F, -v OFS=, '{ print $0, NR == 1 ? "Betrag" : "1" }' day.csv >both.csv
expect 65 ingest both.csv --date 2026-01-06
says "both.csv:1:24: the header has more than one of the names in source_any of column 'amount'"
sed '1s/金额/总额/' day.csv >none.csv
expect 65 ingest none.csv --date 2026-01-06
says "lacks the declared '金额' or '金额（元）' or 'Betrag'"
echo '{"单据编号":"X","过账日期":"2026-01-06","金额":1,"Betrag":2,"班组":"a","初审人":null,"摘要":""}' >both.ndjson
expect 65 ingest both.ndjson --date 2026-01-06
says 'both.ndjson:1'
says 'a name for the second time'

echo '{"单据编号":"X","过账日期":"2026-01-06","Betrag":"x","班组":"a","初审人":null,"摘要":""}' >betrag.ndjson
expect 65 ingest betrag.ndjson --date 2026-01-06
grep -qF '(at Betrag)' w/out/2026-01-06/rejects.csv || fail 'the name that was found is not in the reject file'

# optional: absent is missing everywhere; there, it is read.
sed 's/source: 初审人,/source: 初审人, optional: true,/' kept.yaml >w/jihe.yaml
unchanged day.csv
sed 's/2026-01-05/2026-01-06/' missing.csv >optional.csv
sed 's/2026-01-05/2026-01-06/; s/"初审人":"[^"]*",//' reordered.ndjson >optional.ndjson
expect 0 ingest optional.csv --date 2026-01-06 --quiet
says "column 'reviewer' has no value at all on 2026-01-06; on 2026-01-05 300 of 300 documents had one: has the extract lost it?"
equal "$(lines err)" 1 'messages about columns without values'
expect 0 snapshot show 2026-01-06 --format csv
prints 'reviewer,category,person,0,300,0,'
expect 0 ingest optional.ndjson --date 2026-01-06 --quiet --format csv
prints '2026-01-06,1,300,true,'

sed -e 's/2026-01-05/2026-01-07/; 2,$s/,[^,]*$/,/' -e '11,$d' day.csv >few.csv
expect 0 ingest few.csv --date 2026-01-07 --quiet
silent # nine documents may be without by chance
sed -e 's/2026-01-05/2026-01-07/; 2,$s/,[^,]*$/,/' -e '12,$d' day.csv >ten.csv
expect 0 ingest ten.csv --date 2026-01-07 --revise --quiet
says "column 'summary' has no value at all on 2026-01-07; on 2026-01-06 300 of 300"
expect 0 ingest optional.csv --date 2026-01-06 --quiet
silent

refused()
{
    sed "$1" kept.yaml >w/jihe.yaml
    expect 78 rule check
    says "$2"
}
refused 's/source: 单据编号/source: 单据编号, optional: true/' "column 'doc_id' is the id; no document is without"
refused 's/role: business_date/role: business_date, optional: true/' 'is the business date; no document is without'
refused 's/source: 金额/source: 金额, source_any: [a, b]/' 'write all names in source_any'
refused 's/source: 金额/source_any: [a]/' 'expected 2 to 16 headers; found 1'
refused 's/source: 金额/source_any: [a, a]/' "header 'a' is given twice"
refused 's/source: 金额/source_any: [a, 摘要]/' "header '摘要' is a source of column 'summary' too"
refused 's/source: 金额/source_any: 金额/' 'expected a list of headers'
refused 's/source: 金额/source: [a, b]/' 'write them as source_any'
