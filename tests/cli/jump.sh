#!/bin/sh
# Volumes tested soundly: who is flagged, who cannot be tested and why, who is tested together with a colleague or an earlier
# id; the three windows; counts, amounts and types; what runs, work lists and replays make of it.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

columns()
{
    cat <<'END'
workspace: 1
timezone: Europe/Berlin # clocks change on 2026-03-29
columns:
  - {name: doc_id, type: id}
  - {name: business_date, type: date, format: "%Y-%m-%d", role: business_date}
  - {name: amount, type: money}
  - {name: kind, type: category, role: type}
  - {name: reviewer, type: category, role: person}
END
}
volumes()
{
    cat <<'END'
rules:
  - {id: jump, where: amount <> 3, flag: {jump: reviewer, baseline: 4 months}, draw: {count: 2, by: reviewer}}
  - {id: mix, flag: {jump: reviewer, of: mix, baseline: 4 months}, draw: all, enabled: false}
  - {id: kinds, flag: {jump: reviewer, by: type, baseline: 4 months}, draw: all, enabled: false}
  - {id: money, flag: {jump: reviewer, of: amount, baseline: 4 months}, draw: all, enabled: false}
  - {id: three, flag: {jump: reviewer, baseline: 3 months, trigger: 10 days, audit: 2 months}, draw: all, enabled: false}
  - {id: fewer, flag: {jump: reviewer, direction: down, baseline: 4 months}, draw: all, enabled: false}
  - {id: march, flag: {jump: reviewer, baseline: 2 months, min_months: 2}, draw: all, enabled: false}
END
}
workspace w volumes

# Six documents or so each working day from January to May, and on the holiday: see calendar. In May 'up' has twice as many,
# and so have others of whom the roster knows why; 'mixer' has only kind b; 'rich' has amounts three times as large.
awk 'BEGIN {
    print "doc_id,business_date,amount,kind,reviewer"
    split("31 28 31 30 31", length_of, " ")
    people = split("n01 n02 n03 n04 n05 n06 n07 n08 n09 n10 up moved fresh cover gone old merged into few mixer rich", person, " ")
    day = 2 # 2026-01-01 is a Thursday; 0 is Monday
    for (m = 1; m <= 5; m++)
        for (d = 1; d <= length_of[m]; d++) {
            if (++day % 7 > 4) continue
            for (p = 1; p <= people; p++) {
                who = person[p]; count = 6 + (p * 5 + day) % 3 - 1; kind = "ab"; amount = 1
                if (who == "up" && m == 5) count *= 2
                if (who == "moved" && m == 5) count *= 2
                if (who == "fresh") count = m < 4 ? 0 : m == 4 ? 6 : 12
                if (who == "cover" && m == 5 && d >= 4) count *= 2
                if (who == "gone" && m == 5 && d >= 4) count = 0
                if (who == "old" && (m == 5 || (m == 4 && d >= 15))) who = "new"
                if (who == "merged" && m >= 4) who = "into"
                if (who == "few" && m == 5 && d > 5) count = 0
                if (who == "mixer" && m == 5) kind = "bb"
                if (who == "rich" && m == 5) amount = 3
                for (i = 1; i <= count; i++)
                    printf "%s-%d-%02d-%d,2026-%02d-%02d,%d,%s,%s\n", person[p], m, d, i, m, d, amount * (i % 4 + 1), substr(kind, i % 2 + 1, 1), who
            }
        }
}' >documents.csv
mkdir w/calendar
printf 'date,kind\n2026-04-03,holiday\n2026-05-01,holiday\n' >w/calendar/2026.csv
expect 0 ingest documents.csv --split --quiet
cat >roster.csv <<'CSV'
person,unit,post,from,to,kind,other
moved,a,clerk,2025-01-01,2026-04-10,,
moved,a,lead,2026-04-11,,,
cover,a,clerk,2025-01-01,,,
gone,a,clerk,2025-01-01,,,
gone,,,2026-05-04,2026-05-31,leave,
cover,,,2026-05-04,2026-05-31,covers,gone
old,a,clerk,2025-01-01,,,
old,,,2026-04-15,,renamed,new
new,a,clerk,2026-04-15,,,
merged,a,clerk,2025-01-01,,,
merged,,,2026-04-01,,merged,into
into,a,clerk,2025-01-01,,,
CSV
expect 0 roster import roster.csv --quiet

# row GROUP FIELDS: the fields (cut -f) of the group's row in ./flags
row() { awk -F, -v group="$1" '$3 == group' flags | cut -d, -f"$2"; }
flags() { expect 0 flags last --format csv && cp out flags; }
flagged() { awk -F, '$4 == "flagged" { printf "%s ", $3 }' flags; }

expect 0 rule check
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed s --format json
prints '"flagged":1,'
flags
equal "$(flagged)" 'up ' 'who is flagged'
equal "$(sed -n 2p flags | cut -d, -f3)" up 'who stands first'
equal "$(row n01 4,5)" 'normal,' 'an ordinary person'
equal "$(row n01 15 | cut -d';' -f1)" '4 months with 85 days' 'days present, without the holiday in April'
equal "$(row moved 4,5)" 'not tested,post changed 2026-04-11' 'a change of post'
equal "$(row fresh 4,5)" 'not tested,too few months: 1 of 3' 'somebody new'
equal "$(row cover 4)" normal 'who covers a colleague'
equal "$(row cover 15 | sed 's/.*; //')" 'with gone' 'with whom'
equal "$(row gone 4,5)" 'not tested,covered by cover 2026-05-04' 'the colleague'
equal "$(row new 4)" normal 'a new id'
equal "$(row new 15 | sed 's/.*; //')" 'before as old' 'the earlier id'
equal "$(row into 4,5)" 'not tested,id merged with merged 2026-04-01' 'a merged id'
equal "$(row few 4,5)" 'not tested,present fewer than 5 working days' 'who was hardly there'
equal "$(row up 6)" "$(grep -c '^up-5' documents.csv)" 'documents of the month'
equal "$(row up 10 | awk '{ print ($1 > 1.8 && $1 < 2.2) }')" 1 'the ratio'
equal "$(awk -F, '$4 == "normal" && ($10 < 0.8 || $10 > 1.25 || $11 > $10 || $12 < $10 || $13 < 0.05)' flags)" '' 'ratios of others'
expect 0 replay last
cp flags flags.first

# Drawn from: up's documents of the month. Said: why.
expect 0 hits last --format csv
equal "$(sed 1d out | cut -d, -f2,3 | cut -d- -f1,2 | sort -u)" 'up,up-5' 'of whom and when'
expect 0 worklist last --format csv --raw
equal "$(sed -n 2p out | sed 's/.*,"jump: up \([0-9]*\) documents, \([0-9]*\) expected, ratio \([0-9.]*\) (\([0-9.]*\) to \([0-9.]*\))"$/\1 \3/')" \
    "$(row up 6) $(row up 10 | awk '{ printf "%.3g", $1 }')" 'why'
expect 0 worklist last --format table
prints 'jump: up '

# Threads and the way to say the month play no part.
expect 0 run --from 2026-05-01 --to 2026-05-31 --seed t --threads 1 --quiet
flags
same flags.first flags 'the flags of one thread'
expect 0 run --date 2026-05-29 --seed s --format json
prints '"flagged":1,'
frame=$(grep '^up-5' documents.csv | awk -F, '$3 != 3' | wc -l)
prints "\"frame\":$frame,"
flags
same flags.first flags 'the flags of the last day'

expect 0 run --date 2026-05-29 --rule mix --seed s --quiet
flags
equal "$(flagged)" 'mixer / b ' 'whose mix changed'
expect 0 hits last --format csv
equal "$(sed 1d out | cut -d, -f3 | cut -d- -f1,2 | sort | uniq -c | awk '{ print $1, $2 }')" "$(grep -c '^mixer-5' documents.csv) mixer-5" 'their documents'
expect 0 run --date 2026-05-29 --rule kinds --seed s --quiet
flags
equal "$(flagged | tr ' ' '\n' | grep -v '^/*$' | sort | tr '\n' ' ')" 'a b b mixer up up ' 'whose kinds jumped'
expect 0 run --date 2026-05-29 --rule money --seed s --quiet
flags
equal "$(flagged | tr ' ' '\n' | sort | tr '\n' ' ')" 'rich up ' 'whose amounts jumped'
equal "$(row rich 9)" "$(grep '^rich-5' documents.csv | awk -F, '{ n += $3 } END { print n }')" 'amounts'
expect 0 run --date 2026-05-29 --rule fewer --seed s --quiet
flags
equal "$(flagged)" '' 'nobody has less without a reason'
equal "$(row few 4,5)" 'not tested,present fewer than 5 working days' 'who was hardly there'

# Ten days tested against February to April, documents of April and May drawn from, also in a run of a week.
expect 0 run --from 2026-05-25 --to 2026-05-31 --rule three --seed s --format json
prints "\"frame\":$(grep -c '^up-[45]' documents.csv),"
flags
equal "$(flagged)" 'up ' 'who is flagged'
equal "$(row up 6)" "$(grep '^up-5' documents.csv | awk -F, '$2 >= "2026-05-22"' | wc -l)" 'documents of ten days'
equal "$(row up 15 | cut -d';' -f1)" '3 months with 63 days' 'the baseline'
expect 0 replay last

# A month in which the clocks change, and one of 28 days in its baseline: 22 days against 22 and 20.
expect 0 run --date 2026-03-31 --rule march --seed s --quiet
flags
equal "$(flagged)" '' 'who jumped in March'
equal "$(awk -F, '$4 == "normal" && ($10 < 0.85 || $10 > 1.15)' flags)" '' 'ratios in March'
equal "$(grep -c ',normal,' flags)" 20 'people tested in March'

# What it says of itself; trying records nothing.
expect 0 rule explain jump
prints 'jump of reviewer, at least 1.5 times what 4 months before lead to expect, and beyond 1.2 by more than chance (false flags at most 5%), over 1 month'
expect 0 rule try jump --date 2026-05-29
prints flagged
printf 'rules:\n  - {id: j, flag: {jump: kind, baseline: 4 months}, draw: all}\n' >w/rules/rules.yaml
expect 78 rule check
says "rules.yaml:2:26: flag: jump: column 'kind' is not tallied"
printf 'rules:\n  - {id: j, flag: {jump: reviewer, of: kind, baseline: 4 months}, draw: all}\n' >w/rules/rules.yaml
expect 78 rule check
says "rules.yaml:2:40: flag: of: column 'kind' has type category, not money"
