#!/bin/sh
# A person whose month is above the ratio times the median of the months before is flagged, unless the post changed.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

jump()
{
    cat <<'END'
rules:
  - id: jump
    flag: {jump: reviewer, baseline: 4 months, ratio: 1.8, test: ratio}
    draw: {rate: 20%, by: reviewer}
END
}
workspace w jump

# Four months before May. 张伟: 10 each, then 19 (over 1.8 x 10). 李娜: the same, but her post changes. 王芳: 18, not over.
# 刘洋: 10 9 11 10, then 30, over. 陈静: new in April, too short to tell.
{
    echo "$header"
    awk 'BEGIN {
        people = split("张伟 李娜 王芳 刘洋 陈静", person, " ")
        split("10 10 10 10 19,10 10 10 10 19,10 10 10 10 18,10 9 11 10 30,0 0 0 20 40", counts, ",")
        for (p = 1; p <= people; p++) {
            split(counts[p], month, " ")
            for (m = 1; m <= 5; m++)
                for (i = 1; i <= month[m]; i++)
                    printf "D-%d-%d-%02d,2026-%02d-%02d,1,资金,%s,x\n", p, m, i, m, (i % 20) + 5, person[p]
        }
    }'
} >year.csv
expect 0 ingest year.csv --split --quiet

expect 0 roster list --format csv
equal "$(cat out)" 'person,unit,post,from,to,capacity,types,calendar,kind,other' 'an empty roster'
printf 'person,unit,post,from,to,capacity\n李娜,资金组,审核,2025-01-01,2026-04-10,\n李娜,资金组,主管,2026-04-11,,30\n' >roster.csv
expect 0 roster import roster.csv
prints 'roster of 2 postings'
expect 0 roster import roster.csv
prints 'nothing new was written'
iconv -f UTF-8 -t GB18030 roster.csv >roster.gb.csv
expect 0 roster import roster.gb.csv --quiet
expect 0 roster list --format csv
cut -d, -f1-6 out >listed
same roster.csv listed 'the roster is not what was imported'
printf 'person,unit,post,from,to\n李娜,资金组,审核,2026-13-01,\n' >wrong.csv
expect 65 roster import wrong.csv
says wrong.csv:2:
printf 'person,unit,post,from,to,capacity\n李娜,资金组,审核,2026-01-01,,viel\n' >wrong.csv
expect 65 roster import wrong.csv
says "wrong.csv:2:23: 'viel': capacity: expected the documents"
printf 'person,unit,post\n李娜,资金组,审核\n' >narrow.csv
expect 65 roster import narrow.csv
expect 66 roster import nothing.csv
expect 0 roster list --format csv
cut -d, -f1-6 out >listed
same roster.csv listed 'a refused file changed the roster'

expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
prints '"flagged":2,'
expect 0 flags last --format csv
equal "$(head -n 1 out)" 'rule,kind,group,verdict,reason,documents,baseline,expected,observed,ratio,ratio_low,ratio_high,p,p_adjusted,note' 'header of flags'
prints 'jump,jump,张伟,flagged,,19,10,10,19,1.9,,,,,median of 4 months'
prints 'jump,jump,刘洋,flagged,,30,10,10,30,3,,,,,median of 4 months'
prints 'jump,jump,王芳,normal,,18,10,10,18,1.8,,,,,median of 4 months'
prints 'jump,jump,李娜,not tested,post changed 2026-04-11,19,10,10,19,1.9,,,,,median of 4 months'
prints 'jump,jump,陈静,not tested,too few months,40,,,40,,,,,,median of 1 month'

# 20 % of their documents in May: 4 of 19 and 6 of 30.
expect 0 hits last --format csv
equal "$(sed 1d out | cut -d, -f2 | sort | uniq -c | awk '{ print $2 $1 }' | tr '\n' ' ')" '刘洋6 张伟4 ' 'hits by person'
equal "$(sed 1d out | cut -d, -f6 | cut -d- -f2 | sort -u)" 05 'months of the hits'
expect 0 replay last

# The work list says why, in its last column, and can be recorded as it is when filled in.
expect 0 worklist last --format csv --raw
equal "$(head -n 1 out | sed 's/.*,note,//')" why 'the last column'
prints 'jump: 张伟 19 documents, 10 expected, ratio 1.9'
expect 0 worklist last --format json
prints '"why":"jump: 刘洋 30 documents, 10 expected, ratio 3"'
expect 0 worklist last --output filled.csv --quiet
expect 0 record filled.csv --quiet

# What was found is kept: no snapshot and no history is needed to tell it again.
expect 0 flags last --format csv
cp out flags.before
mv w/snapshots away
expect 0 flags last --format csv
same flags.before out 'flags without the snapshots'
expect 0 flags last --members --format csv
equal "$(cat out)" 'rule,group,date,doc_id' 'members of people'
mv away w/snapshots

# The run keeps the roster it used.
printf 'person,unit,post,from,to\n' >none.csv
expect 0 roster import none.csv --quiet
expect 0 replay last
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
prints '"flagged":3,'
