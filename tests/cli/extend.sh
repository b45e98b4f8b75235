#!/bin/sh
# A run can be extended: the larger sample holds the smaller, the list has what is added, rates know the larger chance.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

extended()
{
    cat <<'END'
rules:
  - id: tenth
    draw: {rate: 10%, by: team, rates: {资金: 40%}, stream: own}
  - id: large
    where: amount >= 9000
    draw: all
  - id: month
    draw: {rate: 1%, period: month}
END
}
workspace w extended
extract 2026-01-05 1 90 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --format json --quiet
base=$(get run)
expect 0 worklist "$base" --raw
sed 1d out | cut -d, -f1 | sort >listed

expect 0 run --extend "$base" --rate 20% --format json
more=$(get run) documents=$(get documents) added=$(get added)
[ "$more" != "$base" ] || fail 'the extension has the name of its run'
equal "$(get extends)" "$base" 'the run it extends'
equal "$documents" $(($(lines listed) + added)) 'documents are those before and those added'
says "it extends run $base: $(lines listed) of the documents are on its work list already, $added are added"
# 30 of each team: 3 become 6 in two teams, 12 of 资金 stay; the month's rate stays.
expect 0 strata "$more" --format csv
equal "$(sed -n 's/^tenth,\(.*\),$/\1/p' out | tr '\n' ' ')" '应付,30,6 应收,30,6 资金,30,12 ' 'the strata of the larger sample'
equal "$(sed -n 's/^month,.*,\(.*\),$/\1/p' out)" 1 'a rate with a period is left'
# The whole sample is in the run, what is new on its list.
expect 0 hits "$more" --format csv
sed 1d out | cut -d, -f3 | sort -u >all
expect 0 worklist "$more" --raw
sed 1d out | cut -d, -f1 | sort >new
equal "$(comm -12 listed new | wc -l | tr -d ' ')" 0 'documents on both lists'
sort listed new >both
same both all 'the two lists are not the larger sample'
expect 0 replay "$more"

# Spares are the documents that an extension would add, in its order.
expect 0 spares "$base" --count 3 --format csv
equal "$(sed -n 's/^tenth,应付,\([0-9]*\),.*/\1/p' out | tr '\n' ' ')" '1 2 3 ' 'the spares of a team'
sed -n 's/^tenth,\(..*\),[0-9]*,\(DOC.*\),.*,\(.*\)/\1 \2/p' out | grep '应' | sort >spares
expect 0 hits "$base" --format csv
sed -n 's/^tenth,\(.*\),\(DOC[^,]*\),.*/\1 \2/p' out | sort >drawn
expect 0 hits "$more" --format csv
sed -n 's/^tenth,\(.*\),\(DOC[^,]*\),.*/\1 \2/p' out | grep '应' | sort >larger
grep '应' drawn | sort - spares >both
same both larger 'the spares are not what a larger sample adds'
expect 64 spares last --count 0

# Again: the same run; and on from there.
expect 0 run --extend "$base" --rate 0.2
says 'already recorded'
expect 0 run --extend "$more" --rate 100% --rule tenth --format json --quiet
equal "$(get documents)" 90 'all of them'
equal "$(get added)" $((90 - documents)) 'the rest'

# A document inspected under the first run counts with the chance of the last.
expect 0 worklist "$base" --raw
awk -F, 'NR == 1 { print "doc_id,inspector,verdict,class,clause,code,responsible,severity,note"; next } { print $1 ",周莉,pass,,,,,," }' out >filled.csv
expect 0 record filled.csv --quiet
expect 0 rate --from 2026-01-05 --to 2026-01-05 --format json
equal "$(tr '{' '\n' <out | grep '"random"' | sed 's/.*"represents": *\([0-9.]*\).*/\1/')" "$(awk 'END { print NR }' listed)" \
    'what the inspected stand for'

expect 64 run --extend "$more" --rate 5%
says 'there is nothing to extend'
expect 64 run --extend last --rate 101%
says 'expected one above 0'
expect 64 run --extend last
says '--extend RUN and --rate RATE go together'
expect 64 run --extend last --rate 20% --date 2026-01-05
says 'leave them out'
expect 66 run --extend last --rate 20% --rule nothing
says "has no rule 'nothing'"
expect 64 run --extend last --rate 20% --rule month
says "rule 'month' does not draw by a rate"
expect 66 run --extend nothing --rate 20%
