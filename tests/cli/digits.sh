#!/bin/sh
# Leading digits per account against Benford's law: exact digits, who is flagged and who has too few amounts, which documents
# stay.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

digits()
{
    cat <<'END'
rules:
  - id: first
    title: 首位数字
    flag: {digits: amount, by: team}
    draw: {rate: 10%, by: team}
  - id: over
    where: summary is not null
    flag: {digits: amount, by: team, keep: over}
    draw: all
  - id: two
    flag: {digits: amount, by: team, first: 2}
    draw: all
END
}
workspace w digits

# 甲: 1,200 amounts evenly spread in their logarithm, as the law has it. 乙: the same, but a third of them lie just below 10,000.
# 丙: the same as 乙, but 990 of them. One document has no team, two of 乙 no amount and one of 乙 is of 0; 40 of 甲 are negative.
{
    echo "$header"
    awk 'BEGIN {
        split("甲 乙 丙", team, " "); split("1200 1200 990", size, " ")
        for (t = 1; t <= 3; t++)
            for (i = 0; i < size[t]; i++) {
                amount = exp(log(10) * 4 * (i + 0.5) / size[t])
                if (t > 1 && i % 3 == 0) amount = 9000 + i % 999
                sign = t == 1 && i % 30 == 0 ? "-" : ""
                printf "D-%d-%04d,2026-01-05,%s%.2f,%s,张伟,x\n", t, i, sign, amount, team[t]
            }
        print "E-1,2026-01-05,9500.00,,张伟,x"
        print "E-2,2026-01-05,,乙,张伟,x"
        print "E-3,2026-01-05,,乙,张伟,x"
        print "E-4,2026-01-05,0.00,乙,张伟,x"
    }'
} >day.csv
nines=$(awk -F, '$4 == "乙" && $3 != "" { gsub(/[.0]*/, "", $3); n += $3 ~ /^9/ } END { print n }' day.csv)
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 rule check
expect 0 run --date 2026-01-05 --seed s --format csv
equal "$(cut -d, -f1,3-5 out | tr '\n' ' ')" "rule,frame,undecided,flagged first,1203,1,1 over,$nines,3,1 two,1203,1,1 " 'frames'
expect 0 flags last --format csv
cp out flags
grep '^first,digits,甲,normal,,1200,,,1200,' flags | grep -q ',"\{0,1\}chi-square .*; 40 negative' || fail '甲 is not normal'
grep -q '^first,digits,乙,flagged,,1203,,,1200,,,,[^,]*,[^,]*,.*; too frequent: 9 (36.[0-9]%, 4.6% expected); 1 of 0; 2 without amount' flags ||
    fail '乙 is not flagged'
grep -q '^first,digits,丙,not tested,"990 amounts, 1,000 needed",990,,,990,' flags || fail '丙 was tested'
awk -F, '/^first,digits,乙/ { exit !($13 + 0 < 1e-15) }' flags || fail 'the p value of 乙'
grep -q '^two,digits,乙,flagged,.*too frequent: 9[0-9] (' flags || fail 'first two digits of 乙'

# What stays: all documents of the group, or only those that begin with the digit that is too frequent.
equal "$("$program" hits last --format csv | awk -F, '/^over/ { print substr($3, 1, 3) }' | sort | uniq -c | tr -s ' ')" " $nines D-2" 'keep: over'
expect 0 hits last --format csv
equal "$(grep -c '^two,' out)" 1203 'keep: all'
expect 0 worklist last --raw
prints 'over: 乙: leading digits of 1,200 amounts, chi-square'
for threads in 1 3; do
    expect 0 replay last --threads $threads
    expect 0 flags last --format csv --threads $threads
    same flags out "flags with $threads threads"
done
expect 0 rule list --format csv
prints 'first,首位数字'
expect 0 rule try first --date 2026-01-05
expect 0 rule explain over

# The whole way from an amount as it is written to its digits, on the published and hand-made rows.
oracle=${JIHE_SHARED:-/nonexistent}/oracles/leading_digits.csv
if [ -f "$oracle" ]; then
    rows()
    {
        cat <<'END'
rules:
  - {id: first, flag: {digits: amount, by: team, min_documents: 1000}, draw: all}
  - {id: two, flag: {digits: amount, by: team, first: 2}, draw: all}
END
    }
    workspace oracle rows
    {
        echo "$header"
        awk -F, 'NR > 1 {
            sign = $3 ~ /^-/ ? "-" : ""; digits = $3; sub(/^-/, "", digits)
            while (length(digits) < 3) digits = "0" digits
            amount = sign substr(digits, 1, length(digits) - 2) "." substr(digits, length(digits) - 1)
            for (i = 0; i < 1000; i++) printf "%s/%d,2026-01-05,%s,%s,张伟,x\n", $1, i, amount, $1
        }' "$oracle"
    } >oracle.csv
    expect 0 ingest oracle.csv --date 2026-01-05 --quiet
    expect 0 run --date 2026-01-05 --seed s --quiet
    expect 0 flags last --format csv
    awk -F, '/flagged/ { split($0, note, "too frequent: "); split(note[2], digit, " "); print $3 "," $1 "," digit[1] }
        /not tested/ { print $3 "," $1 "," 0 }' out | sort >got
    awk -F, 'NR > 1 { split($4, digit, ";"); print $1 ",first," digit[1]; print $1 ",two," digit[2] }' "$oracle" | sort >due
    same got due 'leading digits'
    equal "$(lines due)" "$((2 * ($(lines "$oracle") - 1)))" 'oracle rows'
fi

# Mistakes have their place and a way out.
export JIHE_WORKSPACE="$T/w"
refused()
{
    printf 'rules:\n  - {id: a, draw: all, flag: {%s}}\n' "$1" >w/rules/rules.yaml
    expect 78 rule check
    says "rules.yaml:2:$2: "
    says "$3"
}
refused 'digits: amount' 30 'the flag does not say whose digits; add by: COLUMN'
refused 'digits: amuont, by: team' 39 "unknown column 'amuont', did you mean 'amount'?"
refused 'digits: summary, by: team' 39 "column 'summary' has type text; leading digits are those of a money or integer column"
refused 'digits: amount, by: summary' 51 "column 'summary' has type text"
refused 'digits: amount, by: team, first: 3' 64 '3'
refused 'digits: amount, by: team, min_documents: 50' 72 '50'
refused 'digits: amount, by: team, first: 2, min_documents: 500' 82 '500'
refused 'digits: amount, by: team, mad: 2' 62 'expected a mean deviation of shares from 0 to 1'
refused 'digits: amount, by: team, keep: under' 63 'under'
refused 'digits: amount, by: team, frist: 2' 57 "did you mean 'first'?"
refused 'digits: amount, by: team, jump: reviewer' 57 'a flag is of one kind'
