#!/bin/sh
# The n-th allocation finds no memory, alone or with all later ones, for n from 1 on: no signal, exit code 74 and one line,
# or all that was asked is done; nothing is lost, and the same command again finishes.
set -u
. "$(dirname "$0")/faults.sh"

# without_memory NUMBER ARGUMENT...: runs jihe and sets $code; false when there were not so many allocations.
without_memory()
{
    called="no memory at allocation $1" number=$1
    shift
    rm -f "$T/struck"
    export OOM_AT="$number" OOM_NOTE="$T/struck" LD_PRELOAD="$mallocs"
    called_with "$@"
    unset OOM_AT OOM_NOTE LD_PRELOAD
    called="jihe $* ($called)"
    [ -f "$T/struck" ]
}

# each_allocation STRIDE LAST ARGUMENT...: the first allocation, and every STRIDE-th after it up to the last one or LAST.
each_allocation()
{
    stride=$1 last=$2 at=1 times=0
    shift 2
    fresh base
    expect 0 "$@"
    state >whole
    fresh base
    while [ $at -le "$last" ] && without_memory $at "$@"; do
        times=$((times + 1)) at=$((at + stride))
        if [ "$code" -eq 0 ]; then
            whole
        else
            refused 74
        fi
        # What a refused command left is what the next one finds; now and then it is looked at, finished, begun afresh.
        if [ "$code" -eq 0 ] || [ $((times % 10)) -eq 0 ]; then
            then_expect 0 verify --quiet
            then_expect 0 "$@"
            whole
            fresh base
        fi
    done
    [ $at -gt "$last" ] || [ "$code" -eq 0 ] || fail "jihe $*: exit code $code with all its memory"
    [ $times -gt 20 ] || fail "jihe $*: only $times allocations were seen"
    echo "no memory${OOM_AND_AFTER+ any more}, $times times: jihe $*"
}

workspace base rules
export JIHE_WORKSPACE="$T/base"
extract 2026-01-05 1 60 >day.csv
extract 2026-01-06 61 90 >next.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件/' out >filled.csv
printf '%s\n' person,unit,post,from,to,kind,other 李娜,应收,审核,2025-06-01,,, 张伟,应收,审核,2025-06-01,,, \
    李娜,,,2025-07-01,2025-07-31,leave, 张伟,,,2025-07-01,2025-07-31,covers,李娜 E1,,,2025-06-01,,renamed,李娜 >roster.csv
export JIHE_WORKSPACE="$T/w"

# Jansson reads figures wrongly without memory and does not tell; the engine sees to it beforehand that there is some.
export OOM_SKIP=libjansson
each_allocation 1 200 run --date 2026-01-05 --seed t --quiet
each_allocation 1 200 record filled.csv --quiet

# OpenSSL makes thousands when it begins; all others one by one.
export OOM_SKIP='libjansson libcrypto'
each_allocation 1 99999 run --date 2026-01-05 --seed t --quiet
each_allocation 1 99999 record filled.csv --quiet
each_allocation 1 99999 ingest next.csv --date 2026-01-06 --quiet
each_allocation 1 99999 roster import roster.csv --quiet
each_allocation 1 99999 note add 新子公司上线 --from 2026-01-05 --quiet
each_allocation 1 99999 worklist last --output w/list.csv --quiet
each_allocation 3 99999 report --from 2026-01-01 --to 2026-01-31 --output w/page --quiet
export OOM_AND_AFTER=1
each_allocation 7 99999 run --date 2026-01-05 --seed t --quiet
each_allocation 7 99999 record filled.csv --quiet
each_allocation 7 99999 ingest next.csv --date 2026-01-06 --quiet
