#!/bin/sh
# Rules explained, tried and compared without a trace; windows, rests and schedules of runs; lists and calendars that a run
# keeps; findings of automatic checks.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

trial_rules()
{
    cat <<'END'
rules:
  - id: large
    where: amount >= 5000
    draw: all
  - id: all-of-three
    window: 3 days
    draw: all
  - id: month
    window: month
    schedule: monthly
    where: amount < 300
    draw: all
  - id: asleep
    until: 2026-03-03
    where: amount > 9000
    draw: all
  - id: check
    enabled: false
    expect: none
    clause: 4.1
    where: reviewer in lists.watch and workday(business_date)
    draw: all
END
}
workspace w trial_rules
mkdir w/lists w/calendar
printf '李娜\n' >w/lists/watch.txt
printf 'date,kind\n2026-01-01,holiday\n' >w/calendar/2026.csv
for day in 27 28; do
    extract "2026-02-$day" 1 10 >day.csv
    expect 0 ingest day.csv --date "2026-02-$day" --quiet
done
for day in 01 02 03 04; do # ids of their own, but for DOC-00001
    { extract "2026-03-$day" 1 1; documents "2026-03-$day" "${day}10" "${day}60"; } >day.csv
    expect 0 ingest day.csv --date "2026-03-$day" --quiet
done

# Explained: the tree with types, the steps, what is read.
expect 0 rule explain check --format csv
prints 'frame,reviewer in lists.watch and workday(business_date)'
prints 'tree,    reviewer: category'
prints 'finding,4.1'
grep -q '^step,r0 = r0 and r1$' out || fail 'rule explain: no steps'
grep -q '^reads,"business_date: date, ' out || fail 'rule explain: no bytes'
expect 66 rule explain nobody

# Tried: nothing is recorded.
expect 0 rule try large --from 2026-03-01 --to 2026-03-04 --inspectors 10 --format csv
equal "$(grep -E '^(frame|undecided|selected|on|"each[^,]*, on the busiest day"),' out)" 'frame,,204
undecided,,0
selected,,204
on,2026-03-01,51
on,2026-03-02,51
on,2026-03-03,51
on,2026-03-04,51
"each inspector, on the busiest day",,6' 'rule try'
prints 'also selected by,all-of-three,204'
prints 'less than 5% below,amount >= 5000,0'
expect 0 run list --format csv
equal "$(lines out)" 1 'runs recorded by a trial'

# Compared: a stored rule with a changed one in a file.
sed 's/5000/11050/' w/rules/rules.yaml >changed.yaml
expect 0 rule diff large changed.yaml:large --date 2026-03-01 --format csv
equal "$(sed 1d out | sort)" "$(printf 'A,large,DOC-00110,2026-03-01,not in its frame')" 'rule diff'
says 'frame 51'
expect 0 rule diff large large --date 2026-03-01 --format csv
equal "$(lines out)" 1 'a rule against itself'

# Windows: of one date each rule looks at its own; a period is a period. A document counts once, in its latest version.
figures()
{
    sed 1d out | awk -F, '{ printf "%s %s  ", $1, $3 }'
}
expect 0 run --date 2026-03-03 --seed s --format csv --quiet
equal "$(figures)" 'large 51  all-of-three 154  month 1  ' 'windows on 3 March'
expect 0 replay last --quiet
expect 0 run --date 2026-03-04 --seed s --format csv --quiet
equal "$(figures)" 'large 51  all-of-three 154  month 1  asleep 51  ' 'windows on 4 March, one rule awake'
expect 0 run --from 2026-02-27 --to 2026-03-04 --rule month --rule all-of-three --format csv --quiet
equal "$(figures)" 'all-of-three 214  month 2  ' 'a period'
expect 0 run --date 2026-03-04 --schedule monthly --format csv --quiet
equal "$(figures)" 'month 1  ' 'one schedule'
expect 64 run --date 2026-03-04 --schedule nightly
expect 66 run --date 2026-03-05 --rule month

# What a run asked stays with it: lists may change, replays do not.
expect 0 run --date 2026-03-03 --rule check --seed s --format csv --quiet
equal "$(figures)" 'check 13  ' 'an automatic check'
expect 0 findings last --format csv
equal "$(sed 1d out | cut -d, -f3,4,5 | sort -u)" 'in-rule,4.1,check' 'findings'
equal "$(lines out)" 14 'findings'
expect 0 run list --format csv
first=$(tail -n 1 out | cut -d, -f1)
printf '张伟\n' >>w/lists/watch.txt
expect 0 replay "$first" --quiet
expect 0 run --date 2026-03-03 --rule check --seed s --format csv --quiet
equal "$(figures)" 'check 26  ' 'the check with a longer list'
expect 0 replay "$first" --quiet
for file in w/ledger/kept/*; do
    printf x >>"$file"
done
expect 1 replay "$first"
says 'is not what it was'
expect 76 verify --format csv
prints 'is not what it was'
rm w/ledger/kept/*
expect 66 replay "$first"
says 'is gone'
expect 0 run --date 2026-03-02 --rule large --quiet
expect 0 replay last --quiet

# A list that nobody wrote, a list that cannot be read, a year without a calendar.
rm w/lists/watch.txt
expect 78 rule check
says "no list 'watch'; put its values into lists/watch.txt"
printf 'a\n\377\n' >w/lists/watch.txt
expect 78 rule check
says 'lists/watch.txt:2: '
printf '李娜\n' >w/lists/watch.txt
printf 'date,kind\n2025-01-01,holiday\n' >w/calendar/2026.csv
expect 0 run --date 2026-03-03 --rule check --format csv --quiet
equal "$(sed 1d out | cut -d, -f3,4)" '0,13' 'a year of which nothing is known'
rm w/calendar/2026.csv
expect 78 rule check
says 'no calendar says which days are worked'

# Amounts of several currencies meet constants only where the rule says which one it means.
sed -i 's/name: team,          source: 班组, type: category/&, role: currency/' w/jihe.yaml
printf 'rules:\n  - {id: a, where: amount > 5, draw: all}\n' >w/rules/rules.yaml
expect 78 rule check
says "say which one is meant: team = 'CNY' and ..."
for where in "team = '资金' and amount > 5" "amount < 0" "(amount > 5 or amount = 1) and team in ('资金')" 'amount > -amount'; do
    printf 'rules:\n  - {id: a, where: "%s", draw: all}\n' "$where" >w/rules/rules.yaml
    expect 0 rule check
done
for where in "team = '资金' or amount > 5" "team in ('资金', '应付') and amount > 5" "amount * 2 > 5" "amount + 1 > amount"; do
    printf 'rules:\n  - {id: a, where: "%s", draw: all}\n' "$where" >w/rules/rules.yaml
    expect 78 rule check
    says 'say which one is meant'
done
