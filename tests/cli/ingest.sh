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
