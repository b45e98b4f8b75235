#!/bin/sh
# People who review much faster than before: found, with the documents they rushed; who is quick by nature, has easy work or
# changed post is not accused.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
here=$(cd "$(dirname "$0")" && pwd)
. "$here/case.sh"

pace()
{
    cat <<'END'
rules:
  - id: rush
    title: 审核过快
    schedule: monthly
    flag: {pace: reviewer, from: received_at, to: processed_at, by: doc_type}
    draw: all
  - id: gaps
    schedule: monthly
    window: month
    flag: {pace: reviewer, of: processed_at, by: doc_type}
    draw: all
END
}
workspace w pace
cat >w/jihe.yaml <<'END'
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: doc_id,        type: id}
  - {name: business_date, type: date, role: business_date}
  - {name: doc_type,      type: category, role: type}
  - {name: reviewer,      type: category, role: person}
  - {name: received_at,   type: time, format: "%Y-%m-%d %H:%M:%S"}
  - {name: processed_at,  type: time, format: "%Y-%m-%d %H:%M:%S"}
  - {name: amount,        type: integer}
missing: [""]
END

# 14 people, four months of 20 days with 10 documents each; simple ones take about a minute, difficult ones ten, twofold more or
# less. p03 is three times as fast as others, always. p11 does 60 % of the last month's difficult documents ten times faster,
# p12 as well, but has another post since then; p13 as well, but began in the month before; p14 had no month before.
# The column amount says 1 where a document was rushed. Documents of a type "rare" are too few to tell anything.
awk 'function uniform() { seed = (seed * 1103515245 + 12345) % 2147483648; return (seed + 0.5) / 2147483648 }
    function clock(s) { return sprintf("%02d:%02d:%02d", int(s / 3600), int(s / 60) % 60, s % 60) }
    BEGIN {
        seed = 7
        print "doc_id,business_date,doc_type,reviewer,received_at,processed_at,amount"
        for (m = 1; m <= 4; m++) for (d = 1; d <= 20; d++) for (p = 1; p <= 14; p++) {
            if (p == 13 && m < 3 || p == 14 && m < 4) continue
            now = 8 * 3600
            for (i = 1; i <= 10; i++) {
                type = uniform() < 0.7 ? "simple" : "difficult"
                if (p == 5 && i == 1 && d <= 2) type = "rare"
                took = (type == "difficult" ? 600 : 60) * exp(0.8 * (uniform() + uniform() + uniform() - 1.5))
                if (p == 3) took /= 3
                rushed = m == 4 && p >= 11 && uniform() < 0.6
                if (rushed) took /= 10
                took = int(took); start = now; now += took
                printf "D-%d-%02d-%02d-%02d,2026-%02d-%02d,%s,p%02d,2026-%02d-%02d %s,2026-%02d-%02d %s,%d\n",
                    m, d, p, i, m, d, type, p, m, d, clock(start), m, d, clock(now), rushed
            }
        }
        print "X-1,2026-04-20,simple,p11,2026-04-20 18:00:00,2026-04-20 17:00:00,0"
        print "X-2,2026-04-20,simple,p11,,2026-04-20 18:00:00,0"
        print "X-3,2026-04-20,simple,,2026-04-20 18:00:00,2026-04-20 18:00:01,0"
        print "X-4,2026-04-20,,p11,2026-04-20 18:00:00,2026-04-20 18:00:01,0"
        print "X-5,2026-04-20,simple,p01,,2026-04-20 18:00:00,0"
    }' >year.csv
expect 0 ingest year.csv --split --quiet
printf 'person,unit,post,from,to,capacity\np12,a,b,2025-01-01,2026-03-31,\np12,a,c,2026-04-01,,\n' >roster.csv
expect 0 roster import roster.csv --quiet
expect 0 run --date 2026-04-20 --seed s --rule rush --format csv
cp out rules.csv
expect 0 flags last --format csv
cp out flags
equal "$(awk -F, 'NR > 1 { print $3 " " $4 }' flags | grep -v normal | tr '\n' ';')" \
    'p11 flagged;p12 not tested;p13 not tested;p14 not tested;' 'verdicts'
grep -q '^rush,pace,p12,not tested,post changed 2026-04-01,' flags || fail 'the gate of p12'
grep -q '^rush,pace,p13,not tested,"documents in 1 month before, 3 needed",200,' flags || fail 'p13'
grep -q '^rush,pace,p14,not tested,"documents in 0 months before, 3 needed",200,' flags || fail 'p14'
grep '^rush,pace,p03,normal' flags | awk -F, '{ exit !($9 < 15) }' || fail 'p03 is quick by nature'
grep '^rush,pace,p05' flags | grep -q '2 of types with too few documents' || fail 'a rare type'
grep '^rush,pace,p11' flags | grep -q '; 1 ended before they began' || fail 'a negative duration'
grep '^rush,pace,p11' flags | grep -q ', median [0-9.]* s after [0-9]* s' || fail 'the medians'
# X-2 and X-4 are of a flagged person, X-3 of nobody.
equal "$(awk -F, '/^rush/ { print $4, $5 }' rules.csv)" '3 1' 'undecided and flagged'

# Most of what stays was rushed, and most of what was rushed stays.
expect 0 worklist last --raw
awk -F, '$2 ~ /^2026/ { n++; rushed += $11 } END { exit !(rushed > 0.9 * n && n > 60) }' out || fail 'what stays was not rushed'
prints 'rush: p11 reviewed '
prints ' documents very fast, '
equal "$(awk -F, 'NR > 1 { print $8 }' out | sort -u)" p11 'whose documents stay'
expect 0 replay last
expect 0 flags last --format csv --threads 1
same flags out 'flags with one thread'

# What inspections find afterwards: of the first 40, every fourth has an in-rule error. A rule of another kind names the same
# person in the same run.
cat >w/rules/more.yaml <<'END'
rules:
  - {id: jump, flag: {jump: reviewer, test: ratio, baseline: 3 months, ratio: 1.001}, draw: {count: 1}}
END
expect 0 run --date 2026-04-20 --seed s --rule rush --rule jump --quiet
expect 0 flags last --outcome --format csv
equal "$(awk -F, '/^rush/ { print $3, $5, $6, $7 }' out)" 'p11 0 0 ' 'an outcome before any inspection'
expect 0 worklist last --raw
tr -d '\r' <out | awk -v OFS= 'NR == 1 || NR > 41 || !/rush: p11/ { if (NR == 1) print; next }
    { why = $0; sub(/,,,,,,,,.*/, "", $0); print $0, NR % 4 == 0 ? ",周莉,fail,in-rule,3.2,,,,," : ",周莉,pass,,,,,,," }' >filled.csv
inspected=$(($(lines filled.csv) - 1))
wrong=$(grep -c in-rule filled.csv)
expect 0 record filled.csv --quiet
expect 0 flags last --outcome --format csv
awk -F, -v n="$inspected" -v k="$wrong" '/^rush,pace,p11,/ { exit !($5 == n && $6 == k && $8 < $7 && $7 < $9 && $10 == 0) }' out ||
    fail "the outcome of $inspected inspections with $wrong errors"
equal "$(awk -F, '/^rush/ { print $14 }' out)" "$("$program" flags last --format csv | awk -F, '$1 == "jump" && $3 == "p11" && $4 == "flagged" { print "jump" }')" 'the other flag'
expect 64 flags last --outcome --members
rm w/rules/more.yaml
expect 0 run --date 2026-04-20 --seed s --rule rush --quiet

# Counts of everybody by a program that shares nothing with this one.
python3 "$here/pace_counts.py" year.csv >counted
sed 's/"documents in \([0-9]\) months* before, 3 needed"/\1/' flags |
    awk -F, 'NR > 1 { line = $3 " " $6 " " $7 " " $9; sub(/ +$/, "", line); print line }' >got
same counted got 'fast documents of everybody'

# Another trigger: the last two weeks, a part of whose documents is drawn from. The baseline is January to March as before.
cat >w/rules/more.yaml <<'END'
rules:
  - {id: fortnight, draw: all, flag: {pace: reviewer, from: received_at, to: processed_at, by: doc_type, trigger: 14 days, audit: 2 days}}
END
expect 0 run --from 2026-04-19 --to 2026-04-20 --seed s --rule fortnight --quiet
expect 0 flags last --format csv
awk -F, '$3 == "p11" { exit !($4 == "flagged" && $6 == 140 && $7 == 21) }' out || fail 'a trigger of 14 days'
awk -F, 'NR > 1 && $6 > 140 { exit 1 }' out || fail 'documents of 14 days'
equal "$("$program" hits last --format csv | awk -F, 'NR > 1 { print $6 }' | sort -u | tr '\n' ' ')" '2026-04-19 2026-04-20 ' 'audited dates'
expect 0 replay last
rm w/rules/more.yaml

# With one column of time: the time since the person's review before. In these data that is the same time, but for the first
# document of a day, and X-2 and X-4, which now have one.
expect 0 run --date 2026-04-20 --seed s --rule gaps --quiet
expect 0 flags last --format csv
equal "$(awk -F, 'NR > 1 && $4 == "flagged" { print $3 }' out)" p11 'by gaps'
grep '^gaps,pace,p01' out | grep -q '20 without a review before them' || fail 'first reviews of days'
expect 0 replay last

# Everything at one moment is waved through: p02 confirms the whole of 20 April at 18:00:00.
sed '/^D-4-20-02/s/2026-04-20 [0-9:]*,[01]$/2026-04-20 18:00:00,1/' year.csv >batch.csv
expect 0 ingest batch.csv --split --revise --quiet
expect 0 run --date 2026-04-20 --seed s --rule gaps --quiet
expect 0 flags last --format csv
awk -F, 'NR == FNR { if ($3 == "p02") before = $9; next } $3 == "p02" { exit !($9 == before + 10 || $9 >= before + 9) }' \
    flags out || fail 'documents of one moment are not fast'

# Mistakes have their place and a way out.
refused()
{
    printf 'rules:\n  - {id: a, draw: all, flag: {%s}}\n' "$1" >w/rules/rules.yaml
    expect 78 rule check
    says "rules.yaml:2:$2: "
    says "$3"
}
refused 'pace: reviewer, by: doc_type' 30 'the flag does not say how long a review took; add from: COLUMN and to: COLUMN, or of: COLUMN'
refused 'pace: reviewer, from: received_at, by: doc_type' 30 'how long a review took'
refused 'pace: reviewer, from: received_at, to: processed_at' 30 'add by: COLUMN'
refused 'pace: reviewer, from: received_at, to: processed_at, of: processed_at, by: doc_type' 84 "'of' is for one time column"
refused 'pace: reviwer, of: processed_at, by: doc_type' 37 "did you mean 'reviewer'?"
refused 'pace: reviewer, of: business_date, by: doc_type' 51 "column 'business_date' has type date; how long a review took is told by columns of type time"
refused 'pace: reviewer, of: processed_at, by: doc_type, baseline: 1 month' 89 '1 month does not show how much'
refused 'pace: reviewer, of: processed_at, by: doc_type, fastest: 60%' 88 '60%'
refused 'pace: reviewer, of: processed_at, by: doc_type, ratio: 0.5' 86 'expected a ratio from 1 to 1000'
refused 'pace: reviewer, of: processed_at, by: doc_type, fastest: 20%, ratio: 6' 30 'nobody could be flagged'
refused 'pace: reviewer, of: processed_at, by: doc_type, trigger: 3 years' 88 '3 years'
refused 'pace: reviewer, of: processed_at, by: doc_type, baselin: 3 months' 79 "did you mean 'baseline'?"
