#!/bin/sh
# The work list given to the inspectors of the roster: nobody their own documents, within their capacity, the rest listed
# with the reason and with what it does to the chances; second inspections that no list betrays.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 100 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
cp out plain
documents=$(($(lines plain) - 1)) # 25: 12 of the tenth, 21 from 8,001 or 9,000 on

# Without inspectors it says what to do; --capacity alone is no assignment.
expect 66 worklist last --assign
says 'nobody of the roster inspects on 2026-01-05'
says '(person,unit,post,from,to,capacity)'
expect 64 worklist last --capacity 5
says '--capacity goes with --assign'
expect 64 worklist last --assign --effect --inspector 张伟

# 张伟 and 李娜 inspect and handle documents; 周莉 handles none; 赵敏 does not inspect yet.
cat >roster.csv <<'CSV'
person,unit,post,from,to,capacity
周莉,稽核组,稽核,2025-01-01,,40
张伟,稽核组,稽核,2025-01-01,,40
李娜,稽核组,稽核,2025-01-01,,40
王芳,应付组,审核,2025-01-01,,
赵敏,稽核组,稽核,2026-02-01,,40
CSV
expect 0 roster import roster.csv --quiet

# column FILE NAME...: columns of a CSV without quoted cells, by name.
column()
{
    awk -F, -v names="$2" 'NR == 1 { count = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
        { line = ""; for (i = 1; i <= count; i++) line = line (i > 1 ? " " : "") $at[name[i]]; print line }' "$1"
}

expect 0 worklist last --assign --raw
says "$documents of $documents documents assigned to 3 inspectors with room for 120"
cp out all
equal "$(head -n 1 all)" "$(head -n 1 plain),unassigned" 'header'
column plain 'doc_id probability' >want
column all 'doc_id probability' >got
same want got 'the documents of the list'
column all 'inspector reviewer unassigned' >who
if grep -E '^(张伟 张伟|李娜 李娜|王芳|赵敏) ' who; then fail 'somebody may not inspect this'; fi
equal "$(grep -vcE '^(张伟|李娜|周莉) [^ ]+ $' who)" 0 'rows that nobody has'
equal "$(cut -d' ' -f1 who | sort | uniq -c | awk 'NR == 1 || $1 < low { low = $1 } $1 > high { high = $1 } END { print (high - low <= 1) }')" 1 \
    'loads that differ by more than one'

# The same again, also with the roster in another order; another seed, other inspectors.
expect 0 worklist last --assign --raw --threads 3
same all out 'the same assignment'
{ head -n 1 roster.csv && sed 1d roster.csv | sort -r; } >turned.csv
expect 0 roster import turned.csv --quiet
expect 0 worklist last --assign --raw
same all out 'the same roster in another order'

# Lists to hand out: together they are the whole, and none has a column that would tell anything.
for name in 周莉 张伟 李娜; do
    expect 0 worklist last --assign --raw --inspector "$name" --output "$name.csv" --quiet
    silent
    equal "$(head -n 1 "$name.csv")" "$(head -n 1 plain)" 'header of one list'
    sed 1d "$name.csv"
done | sort >parts
sed '1d; s/,$//' all | sort >whole
same whole parts 'the lists to hand out are not the whole list'
expect 66 worklist last --assign --inspector 赵敏
says "'赵敏' is none of the roster's 3 inspectors on 2026-01-05"
expect 0 worklist last --assign --date 2026-02-01 --inspector 赵敏 --quiet
# Who is on leave inspects nothing, on the first and the last day of it.
{ echo person,unit,post,from,to,capacity,kind && sed '1d; s/$/,/' roster.csv && echo 周莉,,,2026-01-05,2026-01-09,,leave; } >leave.csv
expect 0 roster import leave.csv --quiet
for day in 2026-01-04:4 2026-01-05:3 2026-01-09:3 2026-01-10:4; do
    expect 0 worklist last --assign --date "${day%:*}" --raw
    says "assigned to $((${day#*:} - 1)) inspectors"
done
expect 0 roster import roster.csv --quiet
# An assigned list that nobody filled in records nothing, a filled one goes back as it is.
expect 0 record all
prints "recorded 0 inspections"
sed '1!s/,,,,,,,,$/,pass,,,,,,,/' all >filled.csv
expect 0 record filled.csv
prints "recorded $documents inspections"
silent
# Who inspects their own documents all the same is counted.
head -n 1 plain >own.csv
grep ',张伟,' plain | sed 's/,,,,,,,,$/,张伟,pass,,,,,,/' >>own.csv
expect 0 record own.csv
says "inspections by somebody who handled the document: $(($(lines own.csv) - 1))"

# Too little capacity: 2 each for two days. The certain ones come first (more than 12), so nothing that was drawn fits.
expect 0 worklist last --assign --capacity 2 --days 2 --raw
says "12 of $documents documents assigned to 3 inspectors with room for 12, 4 to 4 each; 0 second inspections"
says "not assigned, no capacity: $((documents - 12)); the chance of the "
says " drawn documents to be inspected is their probability times 0.000000"
says 'nobody_allowed'
cp out short
equal "$(($(lines short) - 1))" "$documents" 'rows of a list that does not fit'
equal "$(column short 'inspector unassigned' | grep -c '^ no capacity$')" $((documents - 12)) 'rows without an inspector'
equal "$(column short 'probability inspector' | grep -c '^1 [^ ]')" 12 'certain documents first'
expect 0 worklist last --assign --capacity 2 --days 2 --effect --format csv --raw
equal "$(head -n 1 out)" 'rule,stratum,chance,hits,assigned,no_capacity,nobody_allowed,factor' 'header of the effect'
prints 'large,,certain,11,'
equal "$(grep '^tenth,.*,drawn,' out | cut -d, -f5,8 | sort -u)" '0,0' 'drawn documents that fit'
expect 0 worklist last --assign --capacity 2 --days 2 --effect --format json
prints '"chance":"certain","hits":11,'
# Half of the drawn ones fit: hits are assigned or not, for a reason; the factor is their share.
expect 0 worklist last --assign --capacity 7 --effect --format csv --raw
sed 1d out | awk -F, '$4 != $5 + $6 + $7 || ($8 - $5 / $4) ^ 2 > 1e-12 { bad = 1 } END { exit bad + 0 }' ||
    fail 'counts of the effect'

# Nobody allowed: only 张伟 inspects, documents of 张伟 are left, whatever the capacity.
printf 'person,unit,post,from,to,capacity\n张伟,稽核组,稽核,2025-01-01,,4000\n' >one.csv
expect 0 roster import one.csv --quiet
expect 0 worklist last --assign --raw
own=$(column plain reviewer | grep -c '^张伟$')
[ "$own" -ge 1 ] || fail 'the list has no document of 张伟'
says "not assigned, nobody allowed: $own; all inspectors handled them"
equal "$(column out 'reviewer inspector unassigned' | grep -c '^张伟  nobody allowed$')" "$own" 'rows nobody may inspect'
expect 0 worklist last --assign --second 50% --raw
says 'second inspections that nobody can make: '

# Second inspections: 20 % rounded up, two rows each with two inspectors, in order of names; the lists do not tell which.
expect 0 roster import roster.csv --quiet
expect 0 worklist last --assign --second 20% --raw
second=$(((documents * 20 + 99) / 100))
says "; $second second inspections"
equal "$(($(lines out) - 1))" $((documents + second)) 'rows with second inspections'
column out 'doc_id inspector' >rows
sort -C rows || fail 'the two rows of a document are not in order of the names'
equal "$(uniq -d rows | wc -l | tr -d ' ')" 0 'the same inspector twice'
equal "$(cut -d' ' -f1 rows | uniq -d | wc -l | tr -d ' ')" "$second" 'documents with two inspectors'
equal "$(column out 'inspector reviewer' | grep -cE '^(张伟 张伟|李娜 李娜)$')" 0 'own documents'
expect 64 worklist last --assign --second 200%
expect 64 worklist last --assign --capacity 0

# Columns without the role: nobody can be kept from anything, and that is said.
"$program" init blind --quiet || fail 'init blind'
columns | sed 's/, role: person//' >blind/jihe.yaml
rules >blind/rules/rules.yaml
JIHE_WORKSPACE="$T/blind"
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 roster import roster.csv --quiet
expect 0 worklist last --assign --raw
says 'no column has role: person'

# A table of very many groups is not for the terminal: 50 teams, one document of each is drawn, 15 fit.
teams()
{
    echo 'rules:'
    echo '  - {id: each, draw: {count: 1, by: team}}'
}
workspace many teams
{ echo "$header" && awk 'BEGIN { for (i = 1; i <= 100; i++) printf "D-%d,2026-01-05,1,T%d,周杰,x\n", i, i % 50 }'; } >teams.csv
expect 0 ingest teams.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 roster import roster.csv --quiet
expect 0 worklist last --assign --capacity 5 --raw
says '15 of 50 documents assigned'
says '--effect shows what that does to the chances of 50 groups'
equal "$(lines err)" 3 'lines of messages'
expect 0 worklist last --assign --capacity 5 --effect --format csv --raw
equal "$(lines out)" 51 'lines of the effect'
equal "$(awk -F, 'NR > 1 { hits += $4; assigned += $5 } END { print hits, assigned }' out)" '50 15' 'sums of the effect'
