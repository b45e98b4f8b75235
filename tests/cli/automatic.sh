#!/bin/sh
# What rules with `expect: none` come to: complete counts of their own, by any key, never among inspected documents.
# The expected figures are counted from the extracts with awk, which knows nothing of jihe.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

checks()
{
    cat <<'END'
rules:
  - {id: drawn, draw: {rate: 20%}}
  - {id: big-zhang, title: 张伟大额, expect: none, clause: 3.2.1, where: amount > 2000 and reviewer = '张伟', draw: all}
  - {id: odd, expect: none, clause: 4.1, where: summary like '%7%', draw: all}
  - {id: later, enabled: false, expect: none, clause: 9.9, where: amount < 100, draw: all}
END
}
workspace w checks
{
    echo "$header"
    documents 2026-01-30 1 40
    documents 2026-01-31 41 80
    documents 2026-02-02 81 120
} | awk -F, -v OFS=, 'NR % 10 == 5 { $5 = "" } NR % 9 == 4 { $4 = "" } { print }' >all.csv
expect 0 ingest all.csv --split --quiet
expect 0 rate --automatic --format csv
equal "$(cat out)" 'rule,clause,checked,findings,rate,undecided,of' 'automatic checks before any run'
expect 0 report --from 2026-01-01 --to 2026-02-28 --output none.html --quiet
grep -q 'Automatic checks' none.html && fail 'a section without checks'
for date in 2026-01-30 2026-01-31 2026-02-02; do
    expect 0 run --date $date --seed s --quiet
done

# counted GROUP FROM TO: "group checked findings undecided" of the first rule, in order of groups; group: an awk expression.
counted()
{
    awk -F, -v from="$2" -v to="$3" "NR > 1 && \$2 >= from && \$2 <= to {
        key = $1; amount = \$3 + 0; person = \$5; seen[key] = 1
        if (amount > 2000 && person == \"\") undecided[key]++
        else checked[key]++
        if (amount > 2000 && person == \"张伟\") findings[key]++
    } END { for (key in seen) print key \",\" checked[key] + 0 \",\" findings[key] + 0 \",\" undecided[key] + 0 }" all.csv |
        LC_ALL=C sort
}
# printed FIELDS: of the first rule, without its rate.
printed()
{
    awk -F, -v fields="$1" '/big-zhang/ { n = split(fields, f, " "); line = $f[1]
        for (i = 2; i <= n; i++) line = line "," $f[i]
        print line }' out | LC_ALL=C sort
}
expect 0 rate --automatic --format csv
equal "$(printed '1 3 4 6')" "$(counted '"big-zhang"' 2026-01-01 2026-12-31)" 'the whole'
prints 'documents the rule could decide'
equal "$(awk -F, '/^odd/ { print $3 "," $4 "," $6 }' out)" \
    "$(awk -F, 'NR > 1 { n++; k += $6 ~ /7/ } END { print n "," k ",0" }' all.csv)" 'a check that decides everything'
[ "$(awk -F, '/big-zhang/ { print int($5 * $3 + 0.5) == $4 }' out)" = 1 ] || fail 'the rate is not findings over checked'
expect 0 rate --automatic --by team --format csv
equal "$(printed '1 4 5 7')" "$(counted '$4' 2026-01-01 2026-12-31)" 'by team, missing ones too'
expect 0 rate --automatic --by reviewer,month --from 2026-01-31 --to 2026-02-02 --format csv
equal "$(printed '1 2 5 6 8')" "$(counted '$5 "," substr($2, 1, 7)' 2026-01-31 2026-02-02)" 'by person and month'
cp out keys
expect 0 rate --automatic --by rule,reviewer --by clause,month --from 2026-01-31 --to 2026-02-02 --format csv
same keys out 'rule and clause are there anyhow'

# The findings are those that the runs recorded, and inspected documents stay what they are.
total=0
for run in $("$program" run list --format csv | awk -F, 'NR > 1 { print $1 }'); do
    expect 0 findings "$run" --format csv
    total=$((total + $(lines out) - 1))
done
expect 0 rate --automatic --format csv
equal "$(awk -F, 'NR > 1 { k += $4 } END { print k }' out)" "$total" 'findings and jihe findings'
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
expect 0 rate --automatic --format csv
cp out before
expect 0 record filled.csv --quiet
expect 0 rate --automatic --format csv
same before out 'inspections change nothing about automatic checks'
expect 0 rate --by rule --format csv
grep -q '^big-zhang,[0-9]*,0,0,' out || fail 'an automatic finding among inspected documents'

# Of a date that several runs looked at, the last one counts, with its rule; a run of a period, each document once.
sed -i 's/amount > 2000 and/amount > 9000 and/' w/rules/rules.yaml
expect 0 run --from 2026-01-30 --to 2026-01-31 --seed s --quiet
expect 0 rate --automatic --format csv --to 2026-01-31
equal "$(awk -F, '/big-zhang/ { print $3, $4, $6 }' out)" '80 0 0' 'the last run of a date'
expect 0 rate --automatic --format csv --from 2026-02-01
prints "$(counted '"big-zhang,3.2.1"' 2026-02-01 2026-12-31 | cut -d, -f1-4)"

# The report has them in a section of their own, by month where there are several.
expect 0 report --from 2026-01-01 --to 2026-02-28 --output page.html --quiet
grep -q '<h2>Automatic checks</h2>' page.html || fail 'the report lacks the section'
grep -q 'class="quiet">2026-02<' page.html || fail 'the section lacks a month'
expect 0 report --from 2026-01-01 --to 2026-02-28 --lang zh --output page.html --quiet
grep -q '自动检查' page.html || fail 'the Chinese report lacks the section'

expect 64 rate --automatic --by inspector
says "automatic checks have no key 'inspector'"
expect 64 rate --automatic --by taem
says "did you mean 'team'?"
expect 64 rate --automatic --by team,team
says "'team' is given twice"
expect 64 rate --automatic --by summary
expect 0 rate --automatic --lang zh
prints '自动发现率'

# What a dropped snapshot would say is left out, and that is said.
expect 0 snapshot drop 2026-02-02 --force --quiet
expect 0 rate --automatic --format csv
says '2 checks of a date by a rule are not counted: their snapshots were dropped'
equal "$(awk -F, '/big-zhang/ { print $3 }' out)" 80 'without the dropped date'
expect 0 report --from 2026-01-01 --to 2026-02-28 --output page.html --quiet
grep -q 'their snapshots were dropped' page.html || fail 'the report does not say what was left out'
