#!/bin/sh
# The rows of a database query, over the SQLite driver of Debian (libsqliteodbc): the same documents through CSV and through
# ODBC are the same snapshot; long and Chinese values, NULL, rejects by row, and what is said when it does not work.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
command -v sqlite3 >/dev/null || exit 77
workspace w rules
cp w/jihe.yaml kept.yaml
db="DRIVER=SQLite3;Database=$T/财务.db"

# load FILE: the extract as the table 单据; an empty cell is NULL.
load()
{
    rm -f 财务.db
    sqlite3 财务.db <<END || fail "sqlite3 with $1"
create table 单据 (单据编号 varchar(40), 过账日期 date, 金额 numeric(18,2), 班组 text, 初审人 varchar(10), 摘要 text);
.import --csv --skip 1 $1 单据
update 单据 set 金额 = nullif(金额, ''), 班组 = nullif(班组, ''), 初审人 = nullif(初审人, ''), 摘要 = nullif(摘要, '');
END
}

# twice DATE: hard.csv and the table of it are the same snapshot.
twice()
{
    load "$1.csv"
    expect 0 ingest "$1.csv" --date "$2" --quiet --format csv
    prints "$2,1,"
    expect 0 ingest --odbc "$db" --query 'select * from 单据' --date "$2" --quiet --format csv
    prints ',true,'
    # From nothing, too: byte for byte.
    "$program" init --quiet other || fail 'init other'
    cp kept.yaml other/jihe.yaml
    expect 0 ingest --workspace other --odbc "$db" --query 'select * from 单据' --date "$2" --quiet
    same "w/snapshots/$2/r1/data.mdb" "other/snapshots/$2/r1/data.mdb" "$1: the snapshot from ODBC is another one"
    rm -rf other
}

extract 2026-01-05 1 20000 >many.csv
twice many 2026-01-05

# Values around the borders of what is bound (1,024 bytes, 511 units of UTF-16) and of the pieces of long ones (32,767
# units), where a pair must not break; quotes, line ends, NULL.
{
    echo "$header"
    awk 'function text(unit, n,  s) { while (n-- > 0) s = s unit; return s }
        function row(team, summary) { printf "H-%d,2026-01-06,%d.%d5,%s,张伟,%s\n", ++i, i * i * 1000, i % 10, team, summary }
        BEGIN {
            row("资金", "\"一,\"\"二\"\"\n三\""); row("", ""); row("𠮷野家", "😀"); row("NA", "x")
            for (n = 509; n <= 513; n++) { row("a", text("长", n)); row("b", text("x", n - 1) "𠮷"); row("c", text("y", n)) }
            for (n = 1021; n <= 1025; n++) row("d", text("z", n))
            for (n = 32764; n <= 32768; n++) { row("e", text("x", n) "𠮷"); row("f", text("x", n)) }
            row(text("组", 341), text("长", 21845)); row("g", text("q", 65535))
        }'
} >hard.csv
twice hard 2026-01-06

# One byte more than a text may have: rejected by both, with the row.
awk -v n=65536 'BEGIN { while (n-- > 0) s = s "q"; print s }' >long.txt
sqlite3 财务.db "insert into 单据 values ('L-1', '2026-01-07', 1, 'a', 'b', trim(readfile('long.txt'), char(10)))"
expect 65 ingest --odbc "$db" --query "select * from 单据 where 单据编号 in ('H-1', 'L-1') order by 1" --split
says "query:2:6: 'qqqq"
equal "$(cut -d, -f1-4 w/out/ingest-rejects.csv | sed 1d)" 'query,2,6,text-too-long' 'reject of a long text'
grep -q '(at 摘要)' w/out/ingest-rejects.csv || fail 'the reject file does not say the column'

# NULL is missing whatever jihe.yaml says; an empty text is one only where it says so.
sed 's/^missing:.*/missing: []/' kept.yaml >w/jihe.yaml
sqlite3 财务.db "insert into 单据 values ('N-1', '2026-01-08', null, null, '', null)"
expect 0 ingest --odbc "$db" --query "select * from 单据 where 单据编号 = 'N-1'" --date 2026-01-08
expect 0 snapshot dump 2026-01-08 --format ndjson
prints '"amount":null,"team":null,"reviewer":"","summary":null'
cp kept.yaml w/jihe.yaml

# What a cell cannot be: a text in a column of numbers, another date, bytes that are no text.
sqlite3 财务.db "insert into 单据 values ('B-1', '2026-01-09', 'N/A', 'a', 'b', 'c'), ('B-2', '05.01.2026', 5, 'a', 'b', 'c'),
    ('B-3', '2026-01-09', 7, 'a', 'b', 'c'), ('B-4', '2026-01-09', 7, 'a', 'b', cast(x'61ff62' as text))"
expect 0 ingest --odbc "$db" --query "select * from 单据 where 单据编号 glob 'B-*' order by 1" --date 2026-01-09 --max-rejects 3
says 'rows read 4 = stored 1 + rejected 3'
equal "$(cut -d, -f1-5 w/out/2026-01-09/rejects.csv | sed 1d)" \
    "$(printf 'query,1,3,money-malformed,N/A\nquery,2,2,date-malformed,05.01.2026\nquery,4,6,odbc-encoding,')" 'rejects'
grep -q 'B-1|2026-01-09|N/A|a|b|c' w/out/2026-01-09/rejects.csv || fail 'the row is not in the reject file'

# No rows are a date without documents, as a header without rows is; other columns are ignored and counted; a query from
# a file; names of the query's own.
expect 0 ingest --odbc "$db" --query 'select *, 1 as 备注 from 单据 where 0' --date 2026-01-10 --format csv
prints '2026-01-10,1,0,false,'
says 'does not name: 1'
echo "select 'Q-1' 单据编号, '2026-01-11' 过账日期, 12.5 金额, 'a' 班组, '𠮷' 初审人, '' 摘要 -- 注释" >'夜间 query.sql'
expect 0 ingest --odbc "$db" --query '@夜间 query.sql' --split --format csv
prints '2026-01-11,1,1,false,'
expect 0 snapshot dump 2026-01-11
prints 𠮷
expect 65 ingest --odbc "$db" --query 'select 单据编号, 过账日期, 金额 as 金额2, 班组, 初审人, 摘要 from 单据' --split
says "lacks the declared '金额' (nearest: '金额2')"
expect 65 ingest --odbc "$db" --query 'select *, 1 as 金额 from 单据' --split
says "'金额' twice"
expect 65 ingest --odbc "$db" --query "select * from 单据 where 单据编号 = 'H-1'" --date 2026-01-06 --expect-rows 2
says 'expected'

# A data source by name, and the program's own locale.
printf '[fin]\nDriver=SQLite3\nDatabase=%s/财务.db\n' "$T" >odbc.ini
ODBCINI=$T/odbc.ini LC_ALL=POSIX "$program" ingest --odbc fin --query 'select * from 单据 where 0' --date 2026-01-10 \
    --format csv --quiet >out 2>err || fail 'a data source by name'
prints '2026-01-10,1,0,true,'

# Wrong usage and wrong SQL: 64, with what the database says; it is only read.
expect 64 ingest --odbc "$db" --date 2026-02-01
says 'belong together'
expect 64 ingest --query 'select 1' --date 2026-02-01
says 'belong together'
expect 64 ingest many.csv --odbc "$db" --query 'select 1' --date 2026-02-01
says 'say either FILE... or --odbc'
expect 66 ingest --odbc "$db" --query @nothing.sql --date 2026-02-01
expect 64 ingest --odbc "$db" --query 'selec 1' --date 2026-02-01
says 'syntax error'
expect 64 ingest --odbc "$db" --query 'select * from 没有' --date 2026-02-01
says 'no such table: 没有'
expect 64 ingest --odbc "$db" --query ' ' --date 2026-02-01
says 'the query is empty'
before=$(sha256sum <财务.db)
for sql in 'delete from 单据' 'drop table 单据' 'create table t (a)' 'select 1; delete from 单据' 'begin'; do
    code=0
    "$program" ingest --odbc "$db" --query "$sql" --date 2026-02-01 >out 2>err || code=$?
    case $code in 64 | 65) ;; *) fail "'$sql' exits $code" ;; esac
done
equal "$(sha256sum <财务.db)" "$before" 'the database was written'

# No driver, no such data source, no such file: 69, and what to do.
expect 69 ingest --odbc 'DRIVER=sqlite9;Database=x' --query 'select 1' --date 2026-02-01
says 'is the Debian package libsqliteodbc installed'
expect 69 ingest --odbc nowhere --query 'select 1' --date 2026-02-01
says 'odbc.ini'
expect 69 ingest --odbc "DRIVER=SQLite3;Database=$T/none.db;PWD=geheim" --query 'select 1' --date 2026-02-01
! grep -q geheim err || fail 'the password is in the message'
[ ! -e none.db ] || fail 'a database was made'
expect 66 snapshot show 2026-02-01
expect 0 verify --quiet
