#!/bin/sh
# Rates that follow quality: errors tighten the inspection of the team they are in, good lots relax it, the ledger says
# when and why, and a replay draws by the rates of its day.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

followed()
{
    cat <<'END'
rules:
  - id: follow
    draw: {rate: {base: 10%, follow: quality, aql: 1%}, by: team}
END
}
workspace w followed

# day NUMBER WRONG: a working day of 90 documents, the first WRONG of 资金 on the list are wrong.
day()
{
    date=$(printf '2026-01-%02d' "$1")
    extract "$date" $(($1 * 90 + 1)) $(($1 * 90 + 90)) >day.csv
    expect 0 ingest day.csv --date "$date" --quiet
    expect 0 run --date "$date" --seed "$1"
    cp err told
    expect 0 strata last --format csv
    sed -n "s/^follow,资金,[0-9]*,\([0-9]*\),$/$1 \1/p" out >>drawn
    expect 0 worklist last --raw
    awk -F, -v wrong="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
            print "doc_id,inspector,verdict,class,clause,code,responsible,severity,note"; next }
        { bad = $at["team"] == "资金" && n++ < wrong
          print $1 ",周莉," (bad ? "fail,in-rule,1.1,E,张伟,major,x" : "pass,,,,,,") }' out >filled.csv
    expect 0 record filled.csv --quiet
}

day 1 1
day 2 0
day 3 1
equal "$(tr '\n' ' ' <drawn)" '1 3 2 3 3 3 ' '10 % of 30 as long as nothing is known'
expect 0 quality --format csv --quiet
# One wrong of three is more than the 0 allowed, twice in three lots: tightened from now on.
equal "$(sed -n '/资金/p' out)" 'follow,资金,tightened,2026-01-03,3,0,0.2,3,0,0' 'the state of 资金'
equal "$(grep -c ',normal,2026-01-01,3,0,0.1,3,0,' out)" 2 'the state of the others'
expect 0 quality changes --format csv
equal "$(lines out)" 1 'nothing is recorded before a run'

day 4 0
grep -q '1 groups are inspected differently' told || fail 'the run does not say that a state changed'
expect 0 quality changes --format csv
prints 'follow,资金,2026-01-03,normal,tightened,"2 of 5 lots in a row were not accepted; last lot 2026-01-03: 1 of 3 wrong, 0 allowed"' ||
    prints 'follow,资金,2026-01-03,normal,tightened,2 of 5 lots in a row were not accepted; last lot 2026-01-03: 1 of 3 wrong'
for number in 5 6 7 8; do day "$number" 0; done
day 9 0
equal "$(sed -n '4,$p' drawn | tr '\n' ' ')" '4 6 5 6 6 6 7 6 8 6 9 3 ' 'tightened for five good lots'
expect 0 quality changes --format csv
equal "$(lines out)" 3 'both changes, each once'
prints 'tightened,normal,'
# Fifteen good lots of acceptance number 0 in a row: the others are reduced to 4 %.
for number in 10 11 12 13 14 15 16; do day "$number" 0; done
expect 0 strata last --format csv
prints 'follow,应付,30,2,'
expect 0 quality --error-rate 20% --format csv
says 'a group at 20% errors'
prints 'follow,应付,reduced,2026-01-15,'
expect 0 run list --format csv
sed 1d out | cut -d, -f1 >runs
while read -r run; do expect 0 replay "$run"; done <runs

# A lot that is not wholly inspected waits; a rerun of the last day draws as before.
extract 2026-01-20 5001 5090 >day.csv
expect 0 ingest day.csv --date 2026-01-20 --quiet
expect 0 run --date 2026-01-20 --seed 20 --quiet
expect 0 run --date 2026-01-20 --seed 20
says 'already recorded'
expect 0 quality --format csv --quiet
equal "$(cut -d, -f6 out | tr '\n' ' ')" 'waiting 1 1 1 ' 'lots that wait'
# A day drawn again, or extended, takes back nothing that was judged.
expect 0 quality changes --format csv
cp out changes
expect 0 quality --format csv --quiet
cp out states
expect 0 run --date 2026-01-03 --seed other --quiet
expect 0 run --extend "$(sed -n 5p runs)" --rate 50% --quiet
expect 0 run --date 2026-01-20 --seed 21 --quiet
expect 0 quality changes --format csv
same out changes 'a rerun changed what was judged'
expect 0 quality --format csv --quiet
same out states 'a rerun changed a state'
expect 64 quality --error-rate 0%
expect 0 verify --quiet

# Discontinued after five refused lots under tightened inspection: everything is inspected, good lots or not, until somebody
# says what was done. From the next run on it is sampled again, tightened; earlier runs come out the same.
workspace w2 followed
rm -f drawn
for number in 1 2 3 4 5 6 7; do day "$number" 9; done
day 8 0
day 9 0
equal "$(tr '\n' ' ' <drawn)" '1 3 2 3 3 6 4 6 5 6 6 6 7 6 8 30 9 30 ' 'everything of a discontinued group'
expect 0 quality --format csv --quiet
prints 'follow,资金,discontinued,2026-01-07,'
expect 64 quality resume follow 资金
says "needs --reason"
expect 64 quality resume follow 应付 --reason x
says "rule 'follow', group '应付': inspection is "
expect 66 quality resume follow 没有 --reason x
expect 66 quality resume nothing 资金 --reason x
expect 0 verify --quiet
expect 0 quality changes --format csv
before=$(lines out)
expect 0 quality resume follow 资金 --reason '付款复核已培训'
says "inspection of '资金' by rule 'follow' is taken up again, tightened"
expect 64 quality resume follow 资金 --reason again
says 'inspection is tightened, not discontinued'
expect 0 quality changes --format csv
equal "$(lines out)" $((before + 1)) 'one event'
prints 'follow,资金,2026-01-01,discontinued,tightened,付款复核已培训'
expect 0 quality --format csv --quiet
prints 'follow,资金,tightened,2026-01-01,9,0,0.2,'
day 10 0
equal "$(tail -n 1 drawn)" '10 6' 'sampled again'
expect 0 replay last
for number in 11 12 13 14; do day "$number" 0; done
expect 0 quality --format csv --quiet
prints 'follow,资金,normal,2026-01-14,'
expect 0 run list --format csv
sed 1d out | cut -d, -f1 >runs
while read -r run; do expect 0 replay "$run"; done <runs
expect 0 verify --quiet
