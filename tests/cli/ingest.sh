#!/bin/sh
# Extracts become snapshots: by one date or split, gzip, standard input, several files; rows read = stored + rejected.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

extract 2026-01-05 1 1500 >day.csv
expect 0 ingest day.csv --date 2026-01-05
says 'rows read 1,500 = stored 1,500 + rejected 0'
prints 2026-01-05
expect 0 ingest day.csv --date 2026-01-05 --quiet --format csv
silent
equal "$(sed 's/,[0-9a-f]*$//' out)" "$(printf 'date,revision,rows,unchanged,sha256\n2026-01-05,1,1500,true' |
    sed 's/,[0-9a-f]*$//')" 'the same extract again'

# gzip and standard input give the same snapshot as the plain file; other content is refused.
gzip -k day.csv
expect 0 ingest day.csv.gz --date 2026-01-05 --quiet --format csv
prints '2026-01-05,1,1500,true,'
"$program" ingest - --date 2026-01-05 --format ndjson --quiet <day.csv >out || fail 'ingest from standard input'
prints '"unchanged":true'
extract 2026-01-05 1 1499 >other.csv
expect 65 ingest other.csv --date 2026-01-05
says '2026-01-05 is already sealed with other content'
expect 0 snapshot list --format csv
equal "$(lines out)" 2 'lines of the snapshot list'

# Split: one snapshot per date found, over several files.
{ extract 2026-02-02 1 10 && documents 2026-02-03 11 15; } >one.csv
{ extract 2026-02-03 16 20 && documents 2026-02-04 21 21; } >two.csv
expect 0 ingest one.csv two.csv --split --format csv
says 'rows read 21 = stored 21 + rejected 0'
equal "$(cut -d, -f1-3 out)" "$(printf 'date,revision,rows\n2026-02-02,1,10\n2026-02-03,1,10\n2026-02-04,1,1')" 'split'

# The same documents as NDJSON (numbers and texts; nested and from standard input) and in GB18030.
sed 1d day.csv | sed 's/^\([^,]*\),\([^,]*\),\([^,]*\),\([^,]*\),\([^,]*\),\(.*\)$/{"单据编号":"\1","过账日期":"\2","金额":\3,"班组":"\4","初审人":"\5","摘要":"\6"}/' >day.ndjson
expect 0 ingest day.ndjson --date 2026-01-05 --quiet --format csv
prints '2026-01-05,1,1500,true,'
cp w/jihe.yaml kept.yaml
sed 's/"班组":\("[^"]*"\),/"组":{"名":\1},/' day.ndjson >nested
workspace nest rules
sed -e 's/source: 班组/source: 组.名/' -e '$a source: {format: ndjson}' kept.yaml >nest/jihe.yaml
"$program" ingest - --date 2026-01-05 --format ndjson --quiet <nested >out || fail 'NDJSON from standard input'
prints '"rows":1500'
expect 65 ingest day.ndjson --date 2026-01-05
says "no record has the declared '组.名'"
export JIHE_WORKSPACE="$T/w"
if command -v iconv >/dev/null; then
    sed -e '$a csv: {encoding: gb18030}' kept.yaml >w/jihe.yaml
    iconv -f UTF-8 -t GB18030 day.csv >gb.csv
    expect 0 ingest gb.csv --date 2026-01-05 --quiet --format csv
    prints '2026-01-05,1,1500,true,'
    cp kept.yaml w/jihe.yaml
    expect 65 ingest gb.csv --date 2026-01-05
    says 'gb18030'
fi

# A MessagePack map per document; the amount is a whole number, the reviewer nil.
sed -e 's/source: [^,]*, type/type/' kept.yaml >w/jihe.yaml
printf '\206\246doc_id\243M-1\255business_date\2522026-01-06\246amount\014\244team\241a\250reviewer\300\247summary\240' >one.mpk
expect 0 ingest one.mpk one.mpk --date 2026-01-06 --max-rejects 1
says 'rows read 2 = stored 1 + rejected 1'
grep -q '^one.mpk,1,9,duplicate-id,M-1,' w/out/2026-01-06/rejects.csv || fail 'the second document M-1'
head -c 40 one.mpk >cut.mpk
expect 65 ingest cut.mpk --date 2026-01-06
says 'cut.mpk:1'
says 'ends too early'
cp kept.yaml w/jihe.yaml

# A bad value in NDJSON: line, column and path in the reject file.
printf '{"单据编号":"X","过账日期":"2026-01-08","金额":1e2,"班组":"a","初审人":null,"摘要":""}\n{"单据编号"}\n' >bad.jsonl
expect 65 ingest bad.jsonl --date 2026-01-08
equal "$(cut -d, -f1-5 w/out/2026-01-08/rejects.csv | sed 1d)" \
    "$(printf 'bad.jsonl,1,38,money-malformed,1e2\nbad.jsonl,2,8,ndjson-syntax,')" 'rejects of NDJSON'
grep -qF '(at 金额)' w/out/2026-01-08/rejects.csv || fail 'the path is not in the reject file'

# Two lines above the header, a decimal comma for all amounts, and a footer.
sed -e '/金额/s/, scale.*}/}/' -e '$a csv: {header: 3, delimiter: ";", decimal: ",", footer: 合计}' kept.yaml >w/jihe.yaml
printf '报表\n\n%s\nQ-1;2026-01-07;1234,50;a;b;c\n合计;;1234,50\n制表人 "张\n' "$(echo "$header" | tr , ';')" >report.csv
expect 0 ingest report.csv --date 2026-01-07
says 'rows read 1 = stored 1 + rejected 0'
cp kept.yaml w/jihe.yaml

# Columns that jihe.yaml does not name are counted.
printf '%s,备注\nDOC-1,2026-02-05,1,资金,张伟,一,x\n' "$header" >more.csv
expect 0 ingest more.csv --date 2026-02-05
says 'does not name: 1'

# Rejected rows: nothing is stored unless allowed, the file says where and why, and --quiet does not hide it.
{ extract 2026-03-02 1 3 && echo 'DOC-00004,2026-03-02,12.345,资金,张伟,太细' &&
    echo 'DOC-00002,2026-03-02,5,资金,张伟,重复' && documents 2026-03-02 6 7; } >bad.csv
expect 65 ingest bad.csv --date 2026-03-02 --quiet
says 'rows read 7 = good 5 + rejected 2; nothing was stored'
rejects=$(sed -n 's/^rejected rows with line, column and reason: //p' err)
[ -f "$rejects" ] || fail "no reject file '$rejects'"
equal "$(head -n 1 "$rejects")" 'file,line,column,reason,found,message,row' 'header of the reject file'
equal "$(cut -d, -f1-5 "$rejects" | sed 1d)" \
    "$(printf 'bad.csv,5,22,money-finer,12.345\nbad.csv,6,1,duplicate-id,DOC-00002')" 'what the reject file says'
expect 64 snapshot show 2026-03-99
expect 66 snapshot show 2026-03-02
expect 65 ingest bad.csv --date 2026-03-02 --max-rejects 1
expect 0 ingest bad.csv --date 2026-03-02 --max-rejects 2 --quiet --format csv
says 'rows read 7 = stored 5 + rejected 2'
prints '2026-03-02,1,5,false,'

# Input that is not there, not an extract, or not what jihe.yaml says.
expect 66 ingest nothing.csv --date 2026-03-03
says nothing.csv
: >empty.csv
expect 65 ingest empty.csv --date 2026-03-03
says empty.csv
printf '单据编号,过账日期\nD,2026-03-03\n' >narrow.csv
expect 65 ingest narrow.csv --date 2026-03-03
says narrow.csv:1
says 金额
printf '%s\n"DOC-1,2026-03-03,1,资金,张伟,x\n' "$header" >open.csv
expect 65 ingest open.csv --date 2026-03-03
expect 65 ingest day.csv bad.csv --date 2026-03-03
expect 66 snapshot show 2026-03-03
expect 0 verify --quiet
