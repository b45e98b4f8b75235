#!/bin/sh
# The system refuses a call that changes files, at every such call of every command that writes: a failing disk (EIO
# once), a full one (ENOSPC from then on), a write that is cut short. The command says so in one line and ends with 73 or
# 74, or it did all that was asked; what was stored is unharmed, and the same command again finishes.
set -u
. "$(dirname "$0")/faults.sh"

# After a refusal. The page that was there is there still, or the new one; never half of one.
met()
{
    if [ "$code" -eq 0 ]; then
        whole
    else
        refused 73 74
        cmp -s base/page w/page || same page w/page "$called: half a page"
    fi
    then_expect 0 verify --quiet
    then_expect 0 "$@"
    whole
}

# every_fault ARGUMENT...: all of this for one command on a copy of ./base.
every_fault()
{
    fresh base
    expect 0 "$@"
    state >whole
    cp w/page page
    for fault in EIO ENOSPC+ short; do
        each_call $fault met "$@"
    done
}

workspace base rules
export JIHE_WORKSPACE="$T/base"
extract 2026-01-05 1 120 >day.csv
{ extract 2026-01-06 121 150 && documents 2026-01-07 151 160 && echo 'DOC-1,2026-01-07,1.234,资金,张伟,太细'; } >days.csv
extract 2026-01-05 1 119 >again.csv
printf '%s\n' person,unit,post,from,to,kind 李娜,应收,审核,2025-06-01,, 李娜,,,2025-07-01,,leave >roster.csv
export JIHE_WORKSPACE="$T/base"
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
echo 'the page of yesterday' >base/page
export JIHE_WORKSPACE="$T/w"

every_fault ingest days.csv --split --max-rejects 1 --quiet
every_fault ingest again.csv --date 2026-01-05 --revise --quiet
every_fault run --date 2026-01-05 --seed t --quiet
every_fault record filled.csv --quiet
every_fault roster import roster.csv --quiet
every_fault note add 新子公司上线 --from 2026-01-05 --quiet
every_fault worklist last --output w/page --quiet
every_fault report --from 2026-01-01 --to 2026-01-31 --output w/page --quiet
