#!/bin/sh
# The kinds of draw from outside: sizes, groups, probabilities, what earlier runs and inspections decide, and that a
# replay knows the same.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

# --- money units ---

money()
{
    cat <<'END'
rules:
  - id: sieve
    draw: {money: amount, count: 10}
  - id: interval
    draw: {money: amount, count: 10, method: interval, by: team}
  - id: cell
    draw: {money: amount, count: 10, method: cell, stream: own}
END
}
workspace money money
{
    extract 2026-01-05 1 40
    printf '%s\n' 'N-1,2026-01-05,-1000.50,资金,张伟,' 'N-2,2026-01-05,0,资金,张伟,' 'N-3,2026-01-05,,资金,张伟,' \
        'BIG-1,2026-01-05,"50,000.00",资金,张伟,' 'BIG-2,2026-01-05,"20,000.00",应付,张伟,'
} >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --format csv
says '6 documents have an amount of zero or less'
equal "$(cut -d, -f1,3,4 out)" "$(printf '%s\n' rule,frame,undecided sieve,42,1 interval,42,1 cell,42,1)" 'frames'
equal "$(sed -n 's/^sieve,.*,//p' out)" 10 'documents by the sieve'

# 152,000 yuan: the interval is 15,200, so both large ones are certain; the rest is 82,000 for 8.
expect 0 hits last --format csv
cp out hits
equal "$(grep '^sieve,.*BIG' hits | cut -d, -f5 | sort -u)" 1 'large documents are certain'
grep '^sieve,' hits | grep -v BIG | awk -F, '{
    split($3, id, "-")
    p = id[2] * 100 * 8 / 82000
    if (p - $5 > 1e-8 || $5 - p > 1e-8) print $3 ": " $5 ", due " p }' >wrong
equal "$(cat wrong)" '' 'probabilities by the sieve'
grep '^interval,' hits | cut -d, -f1,3,5 | grep -q 'interval,BIG-1,1' || fail 'the interval passed over BIG-1'

expect 0 strata last --format csv
equal "$(grep -c '(zero or negative),2,0,-1000.50$' out)" 3 'the groups apart'
equal "$(grep '^sieve,,' out)" 'sieve,,42,10,' 'the stratum of the sieve'
expect 0 replay last
expect 0 rule list --format csv
prints '10 money units of amount; method cell; own stream'

# --- periods ---

periods()
{
    cat <<'END'
rules:
  - id: month
    draw: {rate: 10%, by: team, period: month}
  - id: each
    draw: {each: 31, by: reviewer, period: month}
END
}
workspace periods periods
# Nine documents a day, three of each team; the rate alone would draw one of each team on every day.
first=1
for day in 01 02 03 04 05 06 07 08 09 10; do
    extract "2026-01-$day" "$first" $((first + 8)) >day.csv
    first=$((first + 9))
    expect 0 ingest day.csv --date "2026-01-$day" --quiet
    expect 0 run --date "2026-01-$day" --format csv --quiet
    sed -n "s/^month,.*,/$day /p" out >>drawn
    expect 0 replay last
done
equal "$(awk '{ n += $2 } END { print n }' drawn)" 9 'ten per cent of 30 documents of each team'
equal "$(cut -d' ' -f2 drawn | tr '\n' ' ')" '3 0 0 3 0 0 3 0 0 0 ' 'day by day'
# Each reviewer is due one a day of 31; nine documents a day are two or three of each.
expect 0 strata last --format csv
equal "$(sed -n 's/^each,[^,]*,[0-9]*,//p' out | sort -u)" 1, 'one each on the tenth'
# The same run again finds the same past; a day done anew counts once; another month begins anew.
expect 0 run --date 2026-01-10
says 'already recorded'
expect 0 run --date 2026-01-01 --seed again --quiet
expect 0 run --date 2026-01-10 --seed again --format csv --quiet
equal "$(sed -n 's/^month,.*,//p' out)" 0 'the tenth after the first was done again'
extract 2026-02-01 1 9 >day.csv
expect 0 ingest day.csv --date 2026-02-01 --quiet
expect 0 run --date 2026-02-01 --format csv --quiet
equal "$(sed -n 's/^month,.*,//p' out)" 3 'the first of the next month'

# --- shares ---

shares()
{
    cat <<'END'
rules:
  - id: even
    draw: {share: 12, by: team}
  - id: past
    draw: {share: 12, by: team, method: neyman}
END
}
workspace shares shares
extract 2026-01-05 1 90 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 strata last --format csv
equal "$(cut -d, -f4 out | tr '\n' ' ')" 'selected 4 4 4 4 4 4 ' 'nothing is known: even'
# Half of what was inspected of 资金 is wrong, nothing of the others: they get less, and the next run knows it.
expect 0 worklist last --raw
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "doc_id,inspector,verdict,class,clause,code,responsible,severity,note"; next }
    { bad = $at["team"] == "资金" && n++ % 2
      print $1 ",周莉," (bad ? "fail,in-rule,1.1,E,张伟,major,x" : "pass,,,,,,") }' out >filled.csv
expect 0 record filled.csv --quiet
extract 2026-01-06 101 190 >day.csv
expect 0 ingest day.csv --date 2026-01-06 --quiet
expect 0 run --date 2026-01-06 --seed s --quiet
expect 0 strata last --format csv
funds=$(sed -n 's/^past,资金,[0-9]*,\([0-9]*\),$/\1/p' out)
[ "$funds" -gt 4 ] || fail "资金 got $funds of 12"
equal "$(awk -F, '$1 == "past" { n += $4 } END { print n }' out)" 12 'the total'
expect 0 replay last

# --- eligibility ---

eligible()
{
    rules
    echo "  - {id: half, where: amount >= 5000, draw: {rate: 50%, stream: own}}"
}
workspace eligible eligible
extract 2026-01-05 1 100 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 patterns last --format csv
# 90..100 are certain, 81 and 84 and 87 are of 资金 above 8,000.
equal "$(sed -n 2p out)" '(certain),14,14' 'the certain ones'
equal "$(awk -F, 'NR > 1 { n += $2; m += $3 } END { print n, m }' out)" "100 $("$program" worklist last --raw | sed 1d | awk 'END { print NR }')" 'all documents, all listed'
prints 'tenth: 应付; half,'
prints 'tenth: 资金,'

# --- rates for values that no document has ---

misspelt()
{
    cat <<'END'
rules:
  - id: typo
    draw: {rate: 10%, by: team, rates: {资金组: 50%, 应付: 20%}}
  - id: pair
    draw: {rate: 10%, by: [team, reviewer], rates: {资金 / 李娜: 50%, 资金 / 李: 20%}}
END
}
workspace misspelt misspelt
extract 2026-01-05 1 40 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s
equal "$(grep -c 'has a rate for' err)" 2 'rates that are not used'
says "rule typo has a rate for '资金组', and no document of its frame has that value"
says "rule pair has a rate for '资金 / 李',"
expect 0 run --date 2026-01-05 --seed t --quiet
silent
