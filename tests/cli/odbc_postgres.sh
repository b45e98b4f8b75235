#!/bin/sh
# The rows of a database query from a real PostgreSQL server, which this test starts on a socket of its own: the same
# documents through CSV and through ODBC are the same snapshot; types, passwords, and what happens when it goes away.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
for bin in /usr/lib/postgresql/*/bin; do :; done
[ -x "$bin/initdb" ] || exit 77

# PostgreSQL refuses to run as root.
as_postgres()
{
    (cd "$server" && if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi)
}

server=$(mktemp -d)
trap 'stop immediate; rm -rf "$base" "$server"' EXIT
[ "$(id -u)" -ne 0 ] || chown postgres "$server"
stop()
{
    [ ! -e "$server/data/postmaster.pid" ] || as_postgres "$bin/pg_ctl" -D "$server/data" -m "$1" -w stop >/dev/null 2>&1
}

start()
{
    as_postgres "$bin/pg_ctl" -D "$server/data" -l "$server/log" -w start >/dev/null || fail 'the server does not start'
}

# Standard input is SQL; the working directory is not the other user's to read.
sql()
{
    as_postgres "$bin/psql" -qAtX -v ON_ERROR_STOP=1 -h "$server" -d 财务 -U boss "$@" || fail 'psql'
}

cd "$server" || exit 1
as_postgres "$bin/initdb" -D data -U boss -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null || fail initdb
as_postgres sh -c 'cat >>data/postgresql.conf' <<END
listen_addresses = ''
unix_socket_directories = '$server'
fsync = off
timezone = 'America/New_York'
datestyle = 'SQL, DMY'
END
as_postgres sh -c 'cat >data/pg_hba.conf' <<END
local all boss trust
local all all scram-sha-256
END
start
as_postgres "$bin/createdb" -h "$server" -U boss 财务 || fail createdb
cd "$T" || exit 1
db="DRIVER=PostgreSQL Unicode;Servername=$server;Database=财务;UID=boss"

workspace w rules
sed -i -e '$a csv: {encoding: utf-8}' -e '/name: summary/a \  - {name: processed_at, source: 处理时间, type: time, format: "%Y-%m-%d %H:%M:%S%f"}\
  - {name: urgent, source: 加急, type: flag}\
  - {name: lines, source: 行数, type: integer}' w/jihe.yaml
cp w/jihe.yaml kept.yaml
header="$header,处理时间,加急,行数"

# 100,000 rows over the borders of the arrays; a time with a zone arrives in the workspace's zone (here 8 hours later),
# whatever the server's is; an amount keeps its decimals; NULL is an empty cell.
{
    echo "$header"
    documents 2026-01-05 1 100000 | awk '{ printf "%s,2026-01-05 %02d:%02d:11.%03d,%d,%d\n", $0, i % 24, i % 60, i % 999 + 1, i % 2, i * 1000003; i++ }'
} | sed '5s/第.*笔//; 7s/,[^,]*,\([^,]*,[^,]*,[^,]*,[^,]*\)$/,,\1/' >many.csv
sql <<'END'
create table 单据 (单据编号 varchar(40), 过账日期 date, 金额 numeric(18,2), 班组 text, 初审人 varchar(10), 摘要 text,
    处理时间 timestamp, 加急 bool, 行数 bigint);
END
sql -c '\copy 单据 from stdin csv header' <many.csv
sql -c "alter table 单据 alter 处理时间 type timestamptz using 处理时间 at time zone 'Asia/Shanghai'"
expect 0 ingest many.csv --date 2026-01-05 --quiet
expect 0 ingest --odbc "$db" --query 'select * from 单据' --date 2026-01-05 --quiet --format csv
prints '2026-01-05,1,100000,true,'
"$program" init --quiet other || fail 'init other'
cp kept.yaml other/jihe.yaml
expect 0 ingest --workspace other --odbc "$db" --query 'select * from 单据' --split --quiet
same w/snapshots/2026-01-05/r1/data.mdb other/snapshots/2026-01-05/r1/data.mdb 'the snapshot from ODBC is another one'

# Values around the borders of what is bound (1,024 bytes, 511 units of UTF-16) and of the pieces of long ones (32,767 units),
# in many rows of one array.
{
    echo "$header"
    awk 'function text(unit, n,  s) { while (n-- > 0) s = s unit; return s }
        function row(team, summary) { printf "H-%d,2026-01-06,-%d.%d5,%s,张伟,%s,,,%d\n", ++i, i * i * 1000, i % 10, team, summary, i }
        BEGIN {
            row("资金", "\"一,\"\"二\"\"\n三\""); row("", ""); row("𠮷野家", "😀"); row("NA", "x")
            for (n = 509; n <= 513; n++) { row("a", text("长", n)); row("b", text("x", n - 1) "𠮷"); row("c", text("y", n)) }
            for (n = 1021; n <= 1025; n++) row("d", text("z", n))
            for (n = 32764; n <= 32768; n++) { row("e", text("x", n) "𠮷"); row("f", text("x", n)) }
            row(text("组", 341), text("长", 21845)); row("g", text("q", 65535)); row("h", "end")
        }'
} >hard.csv
sql -c 'truncate 单据'
sql -c '\copy 单据 from stdin csv header' <hard.csv
expect 0 ingest hard.csv --date 2026-01-06 --quiet --format csv
all='select * from 单据 order by 行数' # PostgreSQL puts a short row behind into a gap before
expect 0 ingest --odbc "$db" --query "$all" --date 2026-01-06 --quiet --format csv
prints ',true,'

# The driver for programs without Unicode gives the same; so does a query with characters of four bytes.
for driver in Unicode ANSI; do
    expect 0 ingest --odbc "DRIVER=PostgreSQL $driver;${db#*;}" --query "select *, '𠮷' as 𠮷 from 单据 where 摘要 <> '𠮷' or 摘要 is null order by 行数" \
        --date 2026-01-06 --quiet --format csv
    prints ',true,'
done

# A row that does not fit: which one of the query, and the value.
expect 0 ingest --odbc "$db" --date 2026-01-07 --max-rejects 2 --query "select 'R-' || i as 单据编号, date '2026-01-07' as 过账日期,
    case i when 1500 then 1.005 when 2500 then 'NaN' else 2.5::numeric end as 金额, 'a' as 班组, 'b' as 初审人, repeat('q', 300) as 摘要,
    null as 处理时间, true as 加急, 7 as 行数 from generate_series(1, 3000) i"
says 'rows read 3,000 = stored 2,998 + rejected 2'
equal "$(cut -d, -f1-5 w/out/2026-01-07/rejects.csv | sed 1d)" \
    "$(printf 'query,1500,3,money-finer,1.005\nquery,2500,3,money-malformed,NaN')" 'rejects'

# Wrong SQL, an error on the data, and a query that writes.
expect 64 ingest --odbc "$db" --query 'select 没有 from 单据' --date 2026-02-01
says '42703'
says '没有'
expect 65 ingest --odbc "$db" --query "select * from 单据 where 1 / (行数 - 1) > 5" --date 2026-02-01
says '22012'
expect 64 ingest --odbc "$db" --query "with gone as (delete from 单据 returning *) select * from gone" --date 2026-02-01
sql -c "create function wipe() returns int language sql as 'delete from 单据; select 1'"
expect 64 ingest --odbc "$db" --query 'select wipe()' --date 2026-02-01
says '25006'
expect 64 ingest --odbc "$db" --query 'delete from 单据' --date 2026-02-01
expect 64 ingest --odbc "$db" --query 'create table t (a int)' --date 2026-02-01
expect 64 ingest --odbc "$db" --query "select * from 单据 where false; $all" --date 2026-02-01
says 'more than one'
equal "$(sql -c 'select count(*) > 0 from 单据')" t 'rows that are still there'

# Passwords: from the environment, from the connection; in no message.
sql -c "create role audit login password 'ge;h}ei=m'" -c 'grant select on 单据 to audit'
audit="DRIVER=PostgreSQL Unicode;Servername=$server;Database=财务;UID=audit"
JIHE_ODBC_PASSWORD='ge;h}ei=m' "$program" ingest --odbc "$audit" --query "$all" --date 2026-01-06 --quiet --format csv >out 2>err ||
    fail 'the password from the environment'
prints ',true,'
expect 0 ingest --odbc "$audit;PWD={ge;h}}ei=m}" --query "$all" --date 2026-01-06 --quiet
JIHE_ODBC_PASSWORD=falsch
export JIHE_ODBC_PASSWORD
expect 69 ingest --odbc "$audit" --query "$all" --date 2026-02-01
says 'password authentication failed'
! grep -q falsch err || fail 'the password is in the message'
unset JIHE_ODBC_PASSWORD
expect 69 ingest --odbc "$audit;pwd = falsch" --query "$all" --date 2026-02-01
! grep -q falsch err || fail 'the password is in the message'
expect 69 ingest --odbc "$db;Port=1" --query "$all" --date 2026-02-01
says "$server/.s.PGSQL.1"
expect 64 ingest --odbc "$audit;PWD={ge;h}}ei=m}" --query 'select * from pg_authid' --date 2026-02-01
says '42501'

# The server goes away in the middle: nothing is stored, exit code 69. Rows flow slowly and without an end.
endless="select 'E-' || i as 单据编号, date '2026-02-02' as 过账日期, 1 as 金额, 'a' as 班组, 'b' as 初审人,
    case when i % 100 = 0 then pg_sleep(0.01)::text end as 摘要, null as 处理时间, null as 加急, null as 行数
    from (select generate_series(1, 100000000) i) g"
for end in terminate immediate kill; do
    "$program" ingest --odbc "$db" --query "$endless" --date 2026-02-02 >out 2>err &
    job=$!
    running="from pg_stat_activity where query ilike 'fetch%' and pid <> pg_backend_pid()"
    tries=0
    until [ -n "$(sql -c "select pid $running")" ]; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] && kill -0 $job || fail "$end: the query does not run"
        sleep 0.1
    done
    sleep 0.5
    case $end in
    terminate) sql -c "select pg_terminate_backend(pid) $running" >/dev/null ;;
    immediate) stop immediate ;;
    kill) kill -9 "$(sql -c "select pid $running")" ;;
    esac
    code=0
    wait $job || code=$?
    equal "$code" 69 "$end: exit code"
    says 'nothing was stored'
    [ ! -e w/snapshots/2026-02-02 ] || fail "$end: something was stored"
    equal "$(find w/snapshots -mindepth 1 -maxdepth 1 | wc -l)" 3 "$end: entries of snapshots/"
    [ $end != immediate ] || start
done
stop immediate
expect 69 ingest --odbc "$db" --query "$all" --date 2026-02-02
says 'Is the server running'
expect 0 verify --quiet
