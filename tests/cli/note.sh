#!/bin/sh
# Dated notes on the business: recorded, listed, withdrawn, kept by the runs that asked them, and marked in reports.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

jump_and_tenth()
{
    cat <<'END'
rules:
  - id: jump
    flag: {jump: reviewer, baseline: 2 months, ratio: 1.8, min_months: 2}
    draw: {rate: 20%, by: reviewer}
  - id: tenth
    where: amount >= 0
    draw: {rate: 10%}
END
}
workspace w jump_and_tenth
expect 0 note list --format csv
equal "$(cat out)" 'note,from,to,scope,of,excuses,text,recorded,withdrawn' 'no notes'
expect 0 note add 新子公司上线 --from 2026-05-04 --unit 应付
equal "$(cat out)" 'note 1' 'the first note'
expect 0 note add 新子公司上线 --from 2026-05-04 --unit 应付
equal "$(cat out)" 'note 1 says this already: nothing new was written' 'the same again'
expect 0 note add '"旧系统" import' --from 2026-05-06 --to 2026-05-08 --type 预付款 --quiet
[ ! -s out ] || fail 'a quiet note said something'
expect 0 note add 换办公室 --from 2026-05-08 --mark-only
expect 0 note add 借调 --from 2026-05-09 --person 李娜
cat >want <<'CSV'
note,from,to,scope,of,excuses,text,recorded,withdrawn
1,2026-05-04,,unit,应付,true,新子公司上线,2026-01-01,
2,2026-05-06,2026-05-08,type,预付款,true,"""旧系统"" import",2026-01-01,
3,2026-05-08,,all,,false,换办公室,2026-01-01,
4,2026-05-09,,person,李娜,true,借调,2026-01-01,
CSV
expect 0 note list --format csv
same want out 'the notes'

expect 64 note add 没有日期
says '--from DATE is needed'
expect 64 note add 日期不对 --from 2026-02-30
says "'2026-02-30' is not a date"
expect 64 note add 倒了 --from 2026-05-04 --to 2026-05-03
expect 64 note add '' --from 2026-05-04
expect 64 note add 两样 --from 2026-05-04 --unit 应付 --person 李娜
says 'a unit or a person, not both'
expect 64 note withdraw 1
says '--reason TEXT is needed'
expect 64 note withdraw first --reason x
says "'first' is no number of a note"
expect 66 note withdraw 9 --reason x
says 'there is no note 9'
expect 0 note list --format csv
same want out 'what was refused changed the notes'

expect 0 note withdraw 2 --reason 推迟到六月
equal "$(cat out)" 'note 2 is withdrawn' 'a withdrawal'
expect 66 note withdraw 2 --reason 推迟到六月
says 'note 2 is withdrawn already, by event 5'
expect 0 note list --format csv
prints ',2026-01-01,5'
expect 0 note add '"旧系统" import' --from 2026-05-06 --to 2026-05-08 --type 预付款
equal "$(cat out)" 'note 6' 'a note again that was withdrawn'

# A run with a flag keeps the notes it asked: a later one makes another run, and the first still comes out the same.
{
    echo "$header"
    awk 'BEGIN { for (m = 3; m <= 5; m++) for (i = 1; i <= (m < 5 ? 30 : 60); i++)
        printf "D-%d-%02d,2026-%02d-%02d,1,资金,张伟,x\n", m, i, m, i % 20 + 5 }'
} >spring.csv
expect 0 ingest spring.csv --split --quiet
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
first=$(sed 's/.*"run":"\([^"]*\)".*/\1/' out)
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
prints "\"run\":\"$first\""
prints '"outcome":"already_recorded"'
expect 0 note withdraw 1 --reason 记错了
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
second=$(sed 's/.*"run":"\([^"]*\)".*/\1/' out)
[ "$first" != "$second" ] || fail 'a run after a withdrawal is the run before'
expect 0 replay "$first"
expect 0 replay "$second"

# Reports mark the months.
expect 0 worklist "$second" --raw
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { $at["inspector"] = "张三"; $at["verdict"] = "pass" }
    { print }' out >filled.csv
expect 0 record filled.csv --quiet
expect 0 report --from 2026-05-01 --to 2026-05-31 --output report.html --quiet
for text in '&quot;旧系统&quot; import' 换办公室; do
    grep -qF "$text" report.html || fail "the report lacks '$text'"
done
if grep -qF 新子公司上线 report.html; then fail 'a withdrawn note is in the report'; fi
expect 0 verify
