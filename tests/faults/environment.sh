#!/bin/sh
# The time zone, the locale and the umask of whoever calls change nothing: same store, same outputs. The time noted is
# that of SOURCE_DATE_EPOCH.
set -u
. "$(dirname "$0")/faults.sh"

workspace base rules
sed -i 's/^missing:/  - {name: processed_at, source: 处理时间, type: time, format: "%Y-%m-%d %H:%M:%S"}\nmissing:/' base/jihe.yaml
{ extract 2026-01-05 1 90 && documents 2026-01-06 91 140; } |
    awk -v OFS=, 'NR == 1 { print $0, "处理时间"; next } { printf "%s,2026-01-%02d %02d:%02d:59\n", $0, 4 + NR % 3, NR % 24, NR % 60 }' \
        >days.csv
echo 'DOC-1,2026-01-06,"1,234.5",资金,张伟,"-1,5 =x",2026-03-29 02:30:00' >>days.csv

# flow DIR: the whole flow on ./w with every output in DIR.
flow()
{
    fresh base
    mkdir "$1"
    for command in 'ingest days.csv --split --format csv' 'run --from 2026-01-05 --to 2026-01-06 --seed s --format json' \
        'hits last --format csv' 'worklist last' 'snapshot dump 2026-01-06' 'snapshot show 2026-01-05' 'replay last'; do
        # shellcheck disable=SC2086 # words
        expect 0 $command
        cp out "$1/${command%% --*}"
        cp err "$1/${command%% --*}.messages"
    done
    sed '1!s/,,,,,,,,\(.\{0,1\}\)$/,赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件\1/' "$1/worklist last" >filled.csv
    for command in 'record filled.csv' 'rate --by team,month --format csv' 'verify' 'run list' \
        'report --from 2026-01-01 --to 2026-01-31 --output w/page.html'; do
        # shellcheck disable=SC2086 # words
        expect 0 $command
        cp out "$1/${command%% --*}"
    done
    mv w/page.html "$1"
    state >"$1/state"
    find w -type d ! -perm 700 ! -name rules >out
    find w -type f ! -perm 600 ! -path 'w/rules/*' ! -name jihe.yaml >>out
    [ ! -s out ] || fail 'not private'
}

export JIHE_WORKSPACE="$T/w"
flow plain
equal "$(sed -n 's/.*\(处理时间\|processed_at\).*/\1/p' 'plain/snapshot dump 2026-01-06' | head -n 1)" processed_at 'a column of times'

# under_which NAME VARIABLE=VALUE...: the same flow there.
under_which()
{
    name=$1
    shift
    (
        # shellcheck disable=SC2163 # VARIABLE=VALUE
        for setting in "$@"; do export "$setting"; done
        flow "$name"
    ) || exit 1
    diff -r plain "$name" >different || {
        head -n 10 different >&2
        fail "other outputs with $*"
    }
}
under_which newyork TZ=America/New_York
under_which shanghai TZ=Asia/Shanghai
under_which odd TZ=:/nonexistent/../zone LC_ALL=xx_YY.nonsense
# A locale with a decimal comma is made here (in Latin-1, which takes a second where GB18030 takes twelve); the other one
# counts where it is installed.
if command -v localedef >/dev/null && mkdir locales && localedef -i de_DE -f ISO-8859-1 locales/de_DE >/dev/null 2>&1; then
    under_which german LOCPATH="$T/locales" LC_ALL=de_DE
else
    echo 'part skipped: there is no localedef to make a German locale with'
fi
under_which chinese LC_ALL=zh_CN.GB18030 LANGUAGE=en
for mask in 000 027 077; do
    (umask $mask && under_which "mask$mask") || exit 1
done

# The clock: two different ones with the same SOURCE_DATE_EPOCH give the same anchor, another SOURCE_DATE_EPOCH another.
grep -q '2026-01-01' 'plain/run list' || fail 'the run list does not show the time of SOURCE_DATE_EPOCH'
(export SOURCE_DATE_EPOCH=1767312000 && flow later) || exit 1
grep -q '2026-01-02' 'later/run list' || fail 'the run list does not show the time of another SOURCE_DATE_EPOCH'
cmp -s plain/state later/state && fail 'SOURCE_DATE_EPOCH is not in the ledger'
same 'plain/hits last' 'later/hits last' 'the time decides which documents are drawn'
