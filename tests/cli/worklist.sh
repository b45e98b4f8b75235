#!/bin/sh
# The work list as people get it: for spreadsheets, in a file of their own, without a cell that could start a formula.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

everything()
{
    echo 'rules:'
    echo '  - {id: all, draw: all}'
}
workspace w everything
{ echo "$header" && echo 'D-1,2026-01-05,-5.00,资金,张伟,"=HYPERLINK(""http://x"")"' &&
    echo '+D-2,2026-01-05,1,@组,-王,＝1+1' && echo 'D-3,2026-01-05,2,资金,"李,娜",平常'; } >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet

expect 0 worklist last
silent
equal "$(head -c 3 out | od -An -tx1 | tr -d ' ')" efbbbf 'byte order mark'
equal "$(tr -cd '\r' <out | wc -c | tr -d ' ')" 4 'lines that end with CRLF'
equal "$(tail -c +4 out | head -n 1 | tr -d '\r')" "doc_id,run,snapshot_date,rules,probability,business_date,\
amount,team,reviewer,summary,inspector,verdict,class,clause,code,responsible,severity,note" 'header'
prints "'+D-2,"
prints ",1.00,'@组,'-王,'＝1+1,"
prints ",-5.00,资金,张伟,\"'=HYPERLINK(\"\"http://x\"\")\","
prints ',2.00,资金,"李,娜",平常,,,,,,,,'
cp out guarded

expect 0 worklist last --raw
prints '+D-2,'
prints ',1.00,@组,-王,＝1+1,,,,,,,,'
equal "$(tr -cd '\r' <out | wc -c | tr -d ' ')" 0 'carriage returns of the raw list'
expect 0 worklist last --format json
prints '"summary":"=HYPERLINK(\"http://x\")"'
prints '"rules":["all"]'
expect 0 worklist last --format table

# Into a file: whole, 0600 under any umask, replacing a file and nothing else.
umask 000
expect 0 worklist last --output list.csv
umask 077
says 'wrote list.csv'
[ ! -s out ] || fail 'the list was printed as well'
same guarded list.csv 'the file is not what is printed'
equal "$(stat -c %a list.csv)" 600 'mode of the file'
[ ! -e list.csv.tmp ] || fail 'list.csv.tmp is left'
echo old >other.csv
chmod 644 other.csv
echo left >other.csv.tmp
expect 0 worklist last --output=other.csv --quiet
silent
same guarded other.csv 'an old file was not replaced'
equal "$(stat -c %a other.csv)" 600 'mode of the replaced file'
expect 0 worklist last --output -
same guarded out 'the file "-" is not standard output'

expect 73 worklist last --output nowhere/list.csv
mkdir directory
expect 73 worklist last --output directory
ln -s list.csv link.csv
expect 73 worklist last --output link.csv
[ -L link.csv ] || fail 'a link was replaced'
expect 73 worklist last --output /dev/null
[ -c /dev/null ] || fail '/dev/null was replaced'
expect 66 worklist nothing --output never.csv
[ ! -e never.csv ] || fail 'a file without a run'

# A disk that fills up leaves the old file as it was. (POSIX: the unit of ulimit -f is 512 bytes.)
extract 2026-01-06 1 2000 >big.csv
expect 0 ingest big.csv --date 2026-01-06 --quiet
expect 0 run --date 2026-01-06 --seed s --quiet
run=$("$program" run list --format csv | sed -n 's/^\(2026-01-06-[^,]*\),.*/\1/p')
code=0
(ulimit -f 16 && exec "$program" worklist "$run" --output list.csv >out 2>err) || code=$?
equal "$code" 74 'exit code at the file size limit'
same guarded list.csv 'the old file at the file size limit'
[ ! -e list.csv.tmp ] || fail 'list.csv.tmp is left after a failure'
