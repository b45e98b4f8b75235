#!/bin/sh
# Documents that belong together, over snapshots on both sides of a month's end: made-up documents with many coincidences,
# missing values and later versions, against SQLite, which looks at every pair.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
command -v sqlite3 >/dev/null || exit 77

pairs()
{
    cat <<'END'
rules:
  - id: exact
    where: team <> 'T9'
    flag: {duplicate: [payee, amount], within: 1 day}
    draw: all
  - id: near
    where: team <> 'T9'
    flag: {duplicate: [payee, amount], within: 2 days, tolerance: {amount: 0.03 or 0.5%}}
    draw: all
  - id: split
    where: team <> 'T9'
    flag: {split: amount, by: [payee, team], within: 1 day, limit: 30, at_least: 3}
    draw: all
  - id: wide # takes other days into the run, which the rules above do not look at
    window: 4 days
    draw: {rate: 1%}
END
}
"$program" init w --quiet || fail init
cat >w/jihe.yaml <<'END'
workspace: 1
timezone: UTC
columns:
  - {name: id,     type: id}
  - {name: day,    type: date, format: "%Y-%m-%d", role: business_date}
  - {name: payee,  type: category}
  - {name: team,   type: category}
  - {name: amount, type: money, currency: CNY, scale: 2}
missing: [""]
END
pairs >w/rules/rules.yaml
export JIHE_WORKSPACE="$T/w"

# Ids go round, so that a document comes again on a later day with other values: the last version counts.
awk 'BEGIN {
    srand(5)
    print "id,day,payee,team,amount"
    split("2026-04-28 2026-04-29 2026-04-30 2026-05-01 2026-05-02 2026-05-03 2026-05-04", days, " ")
    for (d = 1; d <= 7; d++)
        for (i = 1; i <= 25; i++)
            printf "D%d,%s,%s,%s,%s\n", d == 3 ? i * 10 : (d * 25 + i) % 110 + 1, days[d], maybe("P" int(rand() * 4)),
                rand() < 0.1 ? "T9" : maybe("T" int(rand() * 2)), maybe(sprintf("%.2f", 9.5 + int(rand() * 40) / 100))
}
function maybe(value) { return rand() < 0.05 ? "" : value }' >docs.csv
expect 0 ingest docs.csv --split --quiet

# groups FROM TO DAYS PAIRS: what SQLite finds, one line of ids for each group with a document of FROM..TO, those of so many
# days before among them. PAIRS selects who is linked with whom.
groups()
{
    sqlite3 :memory: <<END || fail sqlite3
.mode list
.import --csv docs.csv raw
create temp table doc as
select id, julianday(day) as day, payee, team, cast(round(amount * 100) as integer) as amount, day >= '$1' as own
from (select *, row_number() over (partition by id order by day desc) as version from raw
      where day between date('$1', '-$3 days') and '$2')
where version = 1 and team not in ('', 'T9') and payee <> '' and amount <> '';
create temp table linked as $4;
create temp table chain as
with recursive chain(a, b) as (select a, b from linked union select c.a, l.b from chain c join linked l on c.b = l.a)
select a, b from chain;
select group_concat(b, ' ') from (select a, b from chain order by a, b) group by a
having a = min(b) and max(b in (select id from doc where own));
END
}

# found RULE: the same of the last run.
found()
{
    expect 0 flags last --members --format csv
    awk -F, -v rule="$1" '$1 == rule {
            if ($2 != group && ids != "")
                print ids
            ids = ($2 == group && ids != "" ? ids " " : "") $4
            group = $2
        }
        END { if (ids != "") print ids }' out | while IFS= read -r line; do
        echo "$line" | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//'
        echo
    done | sort
}

near='abs(a.day - b.day) <= 2 and (abs(a.amount - b.amount) <= 3 or abs(a.amount - b.amount) * 1000 <= 5 * max(a.amount, b.amount))'
window='x.payee = w.payee and x.team = w.team and x.day between w.day and w.day + 1 and x.amount between 1 and 2999'
compare()
{
    groups "$1" "$2" 1 "select a.id as a, b.id as b from doc a join doc b using (payee, amount) where abs(a.day - b.day) <= 1
        and exists (select 1 from doc c where c.id <> a.id and c.payee = a.payee and c.amount = a.amount and abs(c.day - a.day) <= 1)" |
        sort >exact.sql
    groups "$1" "$2" 2 "select a.id as a, b.id as b from doc a join doc b using (payee) where $near
        and exists (select 1 from doc c where c.id <> a.id and c.payee = a.payee and $(echo "$near" | sed 's/b\./c./g'))" |
        sort >near.sql
    groups "$1" "$2" 1 "select a.id as a, b.id as b from doc w, doc a, doc b
        where $(echo "$window" | sed 's/x\./a./g') and $(echo "$window" | sed 's/x\./b./g') and w.amount between 1 and 2999
        and 3 <= (select count(*) from doc x where $window) and 3000 <= (select sum(x.amount) from doc x where $window)" |
        sort >split.sql
    for rule in exact near split; do
        found "$rule" >"$rule.jihe"
        same "$rule.sql" "$rule.jihe" "$1 to $2: the groups of $rule"
        [ "$(lines "$rule.sql")" -ge "$3" ] || fail "only $(lines "$rule.sql") groups of $rule"
    done
}

for threads in 1 3; do
    for day in 2026-04-28 2026-05-01 2026-05-02 2026-05-04; do
        expect 0 run --date "$day" --seed "$threads" --threads "$threads" --quiet
        compare "$day" "$day" 1
        expect 0 replay last
    done
    expect 0 run --from 2026-04-30 --to 2026-05-03 --seed "$threads" --threads "$threads" --quiet
    compare 2026-04-30 2026-05-03 5
done
expect 0 hits last --format csv
[ "$(grep -c '^near,' out)" -gt 20 ] || fail 'few hits'
sed 's/^    draw: all/    window: 3 days\n    draw: all/' w/rules/rules.yaml >windowed
cp windowed w/rules/rules.yaml
expect 0 run --date 2026-05-03 --quiet
compare 2026-05-01 2026-05-03 3
expect 0 replay last
expect 0 verify
expect 0 worklist last --format csv
prints ': 2 documents, D104 (2026-05-01), D12 (2026-05-01)'
grep -q 'split: P2 .*: [0-9]* documents within 1 day together [0-9]*\.[0-9][0-9], limit 30\.00' out || fail 'why split'

# What is found depends on the documents, not on the order in which they came.
expect 0 flags last --members --format csv
mv out as-it-was
"$program" init v --quiet || fail init
cp w/jihe.yaml v/ && cp w/rules/rules.yaml v/rules/
rm -f v/rules/daily.yaml
{ head -n 1 docs.csv && sed 1d docs.csv | sort -t, -k2,2 -k5,5r -k1,1r; } >shuffled.csv
export JIHE_WORKSPACE="$T/v"
expect 0 ingest shuffled.csv --split --quiet
expect 0 run --date 2026-05-03 --quiet
expect 0 flags last --members --format csv
same as-it-was out 'another order of documents gives other groups'
