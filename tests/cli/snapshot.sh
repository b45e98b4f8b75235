#!/bin/sh
# What is stored can be listed, described, checked and given back.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

{ extract 2026-01-05 1 9 && echo 'DOC-X,2026-01-05,"¥1,234.50",,NA,"引号""和,逗号"' &&
    echo '=DOC-Y,2026-01-05,-0.05,资金,张伟,=1+1'; } >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet

# The documents come back under our names; this is raw data, so a formula stays one.
{ echo 'doc_id,business_date,amount,team,reviewer,summary' && documents 2026-01-05 1 9 &&
    echo 'DOC-X,2026-01-05,1234.50,,,"引号""和,逗号"' && echo '=DOC-Y,2026-01-05,-0.05,资金,张伟,=1+1'; } >wanted
expect 0 snapshot dump 2026-01-05
silent
same wanted out 'the dump is not what went in'
expect 0 snapshot dump 2026-01-05 --format ndjson
equal "$(sed -n 10p out)" \
    '{"doc_id":"DOC-X","business_date":"2026-01-05","amount":1234.50,"team":null,"reviewer":null,"summary":"引号\"和,逗号"}' \
    'a document as JSON'

expect 0 snapshot show 2026-01-05 --format csv
equal "$(head -n 1 out)" 'column,type,roles,present,missing,distinct,smallest,largest,total' 'header of show'
prints 'amount,money,,11,0,,-0.05,1234.50,5734.45'
prints 'team,category,,10,1,3,'
prints 'reviewer,category,person,10,1,4,'

extract 2026-01-06 1 2 >next.csv
expect 0 ingest next.csv --date 2026-01-06 --quiet
expect 0 snapshot dump 2026-01-06
equal "$(lines out)" 3 'another date'
expect 0 snapshot dump 2026-01-05 --revision 1
same wanted out 'revision 1'
expect 66 snapshot dump 2026-01-05 --revision 2
expect 64 snapshot dump 2026-01-05 --revision 0
expect 66 snapshot dump 2026-01-07
says 2026-01-07

expect 0 snapshot list --format csv
equal "$(head -n 1 out)" 'date,revision,rows,segments,bytes,totals,sha256' 'header of the list'
equal "$(cut -d, -f1-4 out | sed 1d)" "$(printf '2026-01-05,1,11,1\n2026-01-06,1,2,1')" 'the list'
expect 0 snapshot list --lang zh
prints 单据数
LANG=zh_CN.UTF-8 LC_ALL='' expect 0 snapshot list
prints 单据数
LANGUAGE=en LC_ALL=zh_CN.UTF-8 expect 0 snapshot list
prints segments

expect 0 snapshot verify 2026-01-05
says 'are right'
expect 0 snapshot verify 2026-01-05 --revision 1 --quiet
silent

# One byte of the stored amounts is changed.
store=$(find w/snapshots -name '*.mdb' -size +1 | grep -v lock | sort | head -n 1)
cp "$store" kept
at=$(LC_ALL=C grep -obUa 'DOC-00005' "$store" | head -n 1 | cut -d: -f1)
[ -n "$at" ] || fail "no document in $store"
chmod u+w "$store"
printf Q | dd of="$store" bs=1 seek="$at" conv=notrunc 2>/dev/null
expect 76 snapshot verify 2026-01-05 --revision 1
expect 76 verify
prints damaged
cp kept "$store"
expect 0 verify --quiet
