#!/bin/sh
# Error rates against numbers worked out by hand. Limits: Clopper-Pearson, 95 %, by bisection of the binomial
# distribution in Python (3 of 20: 0.032070937 to 0.378926827; 4 of 20: 0.057333997 to 0.436614003; 1 of 5: 0.005050763
# to 0.716417936; 0 of 5: 0 to 0.521823750; 0 of 10: 0 to 0.308497108).
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

both()
{
    cat <<'END'
rules:
  - {id: half, where: amount <= 4000, draw: {rate: 50%}}
  - {id: large, where: amount > 4000, draw: all}
END
}
workspace w both
{ extract 2026-01-05 1 45 && documents 2026-02-05 101 110; } >year.csv
expect 0 ingest year.csv --split --quiet
expect 0 rate --format csv
equal "$(lines out)" 1 'rates before any inspection'
expect 0 rate --by team --format csv

# January: of the 20 documents drawn from 40, three have an error in-rule and four out-of-rule, one of them both; of the
# five large ones, one in-rule. February: ten large ones, all right.
for month in 01 02; do
    expect 0 run --date 2026-$month-05 --seed s --quiet
    expect 0 worklist last --raw
    tr -d '\r' <out | awk -F, -v OFS=, '
        function put(verdict, class, clause) { print line ",赵敏," verdict "," class "," clause ",,,," }
        NR == 1 { print; next }
        {
            line = $0
            sub(/,,,,,,,,$/, "", line)
            drawn = $4 == "half" ? ++count : 0
        }
        drawn == 1 || drawn == 2 { put("fail", "in-rule", "3.2.1"); next }
        drawn >= 3 && drawn <= 5 { put("fail", "out-of-rule", ""); next }
        drawn == 6 { put("fail", "in-rule", "3.2.2"); put("fail", "out-of-rule", ""); next }
        $1 == "DOC-00045" { put("fail", "in-rule", "3.2.1"); next }
        { put("pass", "", "") }' >filled.csv
    expect 0 record filled.csv
done

january='20,3,0.15,0.032071,0.378927,4,0.2,0.057334,0.436614,random,40,clopper-pearson'
large='5,1,0.2,0.005051,0.716418,0,0,0,0.521824,targeted,5,clopper-pearson'
february='10,0,0,0,0.308497,0,0,0,0.308497,targeted,10,clopper-pearson'
figures=inspected,in_rule,in_rule_rate,in_rule_low,in_rule_high
figures=$figures,out_of_rule,out_of_rule_rate,out_of_rule_low,out_of_rule_high,basis,represents,method

# rates WANTED OPTION...: the whole CSV.
rates()
{
    table=$1
    shift
    expect 0 rate --format csv "$@"
    equal "$(cat out)" "$table" "rate $*"
}
rates "$(printf '%s\n' "$figures" "$january" "$large")" --from 2026-01-01 --to 2026-01-31
rates "$(printf '%s\n' "month,$figures" "2026-01,$january" "2026-01,$large" "2026-02,$february")" --by month
rates "$(printf '%s\n' "rule,month,$figures" "half,2026-01,$january" "large,2026-01,$large" \
    "large,2026-02,$february")" --by rule,month
rates "$(printf '%s\n' "inspector,$figures" "赵敏,$february")" --by inspector --from 2026-02-01
rates "$figures" --from 2027-01-01

# Groups by team add up, and two options are as good as a list.
expect 0 rate --by team --by month --format csv
cp out split
expect 0 rate --by team,month --format csv
same split out '--by twice and a list'
equal "$(awk -F, 'NR > 1 { all += $3; in_rule += $4; other += $8 } END { print all, in_rule, other }' out)" '35 4 4' \
    'sums over the teams'

expect 64 rate --by taem
says team
expect 64 rate --by team --by month,team
says "'team' is given twice"
expect 64 rate --from yesterday
expect 64 rate --from 2026-02-01 --to 2026-01-01
expect 0 rate --lang zh

# A later inspection of a document counts instead of the earlier one.
printf 'doc_id,inspector,verdict,class,clause,code,responsible,severity,note\nDOC-00045,孙丽,pass,,,,,,\n' >again.csv
expect 0 record again.csv
expect 0 rate --from 2026-01-01 --to 2026-01-31 --format csv
prints '5,0,0,0,0.521824,0,0,0,0.521824,targeted,5,clopper-pearson'
