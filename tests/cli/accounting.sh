#!/bin/sh
# Rows and totals that the sender gives must agree, or nothing is stored; rejects are counted by reason.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

# 1 to 10: 55 hundreds.
extract 2026-01-05 1 10 >day.csv
expect 65 ingest day.csv --date 2026-01-05 --expect-rows 11
says '11 rows expected, 10 read (10 good, 0 rejected); nothing was stored'
expect 65 ingest day.csv --date 2026-01-05 --expect-rows 10 --expect-total amount=5500.01
says "total of 'amount' expected 5500.01, of the documents to store 5500.00 (0.01 less); nothing was stored"
expect 65 ingest day.csv --date 2026-01-05 --expect-rows 9 --expect-total amount=-5500
says '9 rows expected, 10 read'
says "expected -5500.00, of the documents to store 5500.00 (11000.00 more)"
expect 66 snapshot show 2026-01-05
[ -z "$(find w/snapshots -name 'r*')" ] || fail 'something was stored'
expect 0 ingest day.csv --date 2026-01-05 --expect-rows 10 --expect-total amount=5500
prints '2026-01-05'
# It is asked of a date that is there already, too.
expect 65 ingest day.csv --date 2026-01-05 --expect-rows 11
expect 0 ingest day.csv --date 2026-01-05 --expect-rows 10 --quiet --format csv
prints ',true,'

# A control file beside the extract; over all dates of a split; together with options that say other things.
{ extract 2026-02-02 1 4 && documents 2026-02-03 5 10; } >two.csv
printf 'key,value\r\nrows,10\r\ntotal.amount,5500.00\r\n' >two.ctl
printf 'rows=10\ntotal.amount=5501\n' >wrong.ctl
expect 65 ingest two.csv --split --control wrong.ctl
says 'expected 5501.00'
expect 0 ingest two.csv --split --control two.ctl --quiet
silent
printf 'total.amount=5500.00\n' >total.ctl
expect 0 ingest two.csv --split --control total.ctl --expect-rows 10 --quiet
expect 64 ingest two.csv --split --expect-rows ten
expect 64 ingest two.csv --split --expect-rows 10 --expect-total team=3
says "column 'team' has type category"
expect 64 ingest two.csv --split --expect-total 5500
says 'write it like amount=1234.50'
expect 64 ingest two.csv --split --expect-total amount=1 --expect-total amount=1
says 'given twice'
expect 65 ingest two.csv --split --control two.ctl --expect-rows 10
says 'two.ctl:2'
expect 66 ingest two.csv --split --control nothing.ctl
printf 'rows=10\nlines=10\n' >odd.ctl
expect 65 ingest two.csv --split --control odd.ctl
says 'odd.ctl:2'

# Rejected rows are rows that were read; their amounts are in no total. They are counted by reason.
{ extract 2026-03-02 1 3 && echo 'DOC-00004,2026-03-02,12.345,资金,张伟,太细' &&
    echo 'DOC-00002,2026-03-02,5,资金,张伟,重复' && echo 'DOC-00003,2026-03-02,6,资金,张伟,重复' &&
    documents 2026-03-02 6 7; } >bad.csv
expect 65 ingest bad.csv --date 2026-03-02 --quiet
says 'rejected by reason: money-finer 1, duplicate-id 2'
expect 65 ingest bad.csv --date 2026-03-02 --max-rejects 3 --expect-rows 5 --quiet
says '5 rows expected, 8 read (5 good, 3 rejected)'
expect 65 ingest bad.csv --date 2026-03-02 --max-rejects 3 --expect-total amount=1911 --quiet
says '(11.00 less, rejected rows are not in it)'
says 'rows read 8 = good 5 + rejected 3; nothing was stored'
expect 0 ingest bad.csv --date 2026-03-02 --max-rejects 3 --expect-rows 8 --expect-total amount=1900 --quiet
says 'rejected by reason: money-finer 1, duplicate-id 2'
expect 0 verify --quiet
