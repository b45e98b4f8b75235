#!/bin/sh
# A filled work list goes into the ledger whole or not at all, as a spreadsheet saves it: UTF-8 with a mark or GB18030.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

everything()
{
    echo 'rules:'
    echo '  - {id: all, draw: all}'
}
workspace w everything
extract 2026-01-05 1 6 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --output list.csv --quiet

# fill DOCUMENT CELLS: what the inspector wrote in the last eight columns.
fill()
{
    sed "s/^\($1,.*\),,,,,,,,\(.\{0,1\}\)\$/\1,$2\2/" list.csv >list.tmp && mv list.tmp list.csv
}

expect 0 record list.csv
equal "$(cat out)" 'recorded 0 inspections with 0 findings; 0 already recorded, 6 rows not filled in' 'an empty list'
fill DOC-00001 '赵敏,pass,,,,,,'
fill DOC-00002 '赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件'
expect 0 record list.csv
equal "$(cat out)" 'recorded 2 inspections with 1 finding; 0 already recorded, 4 rows not filled in' 'a list in UTF-8'
expect 0 record list.csv
equal "$(cat out)" 'recorded 0 inspections with 0 findings; 2 already recorded, 4 rows not filled in' 'the list again'

# A document with two errors has two lines; the words may be Chinese and the file GB18030.
fill DOC-00003 '赵敏,不通过,细则外,,E2,,,'
fill DOC-00004 '赵敏,通过,,,,,,'
sed '/^DOC-00003/{p;s/细则外,,E2/细则内,3.2.2,E3/;}' list.csv >list.tmp && mv list.tmp list.csv
tail -c +4 list.csv | iconv -f UTF-8 -t GB18030 >list.gb.csv
expect 0 record list.gb.csv
equal "$(cat out)" 'recorded 2 inspections with 2 findings; 2 already recorded, 2 rows not filled in' 'in GB18030'
tail -c +4 list.csv >list.plain.csv
expect 0 record list.plain.csv --quiet
silent
[ ! -s out ] || fail 'record --quiet printed something'
expect 0 rate --format csv
cp out before

# The short form of the file: nine columns, no more.
words='doc_id,inspector,verdict,class,clause,code,responsible,severity,note'
printf '%s\nDOC-00005,孙丽,pass,,,,,,\n' "$words" >short.csv
expect 0 record short.csv
prints 'recorded 1 inspection with 0 findings'
expect 0 rate --format csv
cp out after

# wrong LINE POSITION TEXT: the file is refused there, and the good line before it is not recorded either.
wrong()
{
    printf '%s\nDOC-00006,孙丽,pass,,,,,,\n%s\n' "$words" "$1" >wrong.csv
    expect 65 record wrong.csv
    says "wrong.csv:3:$2: "
    says "$3"
    expect 0 rate --format csv
    same after out 'a refused file changed the rates'
}
wrong 'DOC-00001,孙丽,maybe,,,,,,' 14 "'maybe'"
wrong 'DOC-00001,孙丽,fail,,,,,,' 19 'in-rule or out-of-rule'
wrong 'DOC-00001,孙丽,fail,in-rule,,,,,' 27 clause
wrong 'DOC-00001,孙丽,,,,E-1,,,' 14 'pass or fail'
wrong 'DOC-99999,孙丽,pass,,,,,,' 1 DOC-99999
wrong 'DOC-00001,,pass,,,,,,' 11 inspector
cmp -s before after && fail 'the short file did not count'

# Long notes: much more than an inspection usually says.
{ echo "$words" && awk 'BEGIN { note = sprintf("%4000s", "x"); for (i = 0; i < 6000; i++)
    print "DOC-00001,孙丽,fail,out-of-rule,,,,," note }'; } >long.csv
expect 0 record long.csv
prints 'recorded 1 inspection with 6,000 findings'

printf 'doc_id,verdict\nDOC-00001,pass\n' >narrow.csv
expect 65 record narrow.csv
says "'inspector'"
: >empty.csv
expect 65 record empty.csv
expect 66 record nothing.csv
says nothing.csv
expect 0 verify --quiet
