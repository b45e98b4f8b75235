#!/bin/sh
# The same documents give the same hits, byte for byte: in any order, from any number of files, with one thread or two.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

drawing()
{
    cat <<'END'
rules:
  - {id: tenth, draw: {rate: 10%, by: team}}
  - {id: own, draw: {rate: 3%, by: [team, reviewer], at_least: 2, stream: own}}
  - {id: forty, where: amount >= 5000, draw: {count: 40}}
  - {id: large, where: amount >= 6990000, draw: all}
END
}

# hits_of NAME OPTION FILE...: the hits of a workspace of its own, with OPTION for the run.
hits_of()
{
    name=$1 option=$2
    shift 2
    workspace "$name" drawing
    expect 0 ingest "$@" --date 2026-01-05 --quiet
    # shellcheck disable=SC2086 # words
    expect 0 run --date 2026-01-05 --seed night $option --quiet
    expect 0 hits last --format csv
    cp out "hits.$name"
}

# Over one segment (65,536), so that merging happens.
extract 2026-01-05 1 70000 >plain.csv
{ echo "$header" && documents 2026-01-05 1 70000 | sort -t, -k6,6 -k1,1r; } >shuffled.csv
{ echo "$header" && documents 2026-01-05 40001 70000; } >part1.csv
{ echo "$header" && documents 2026-01-05 1 40000; } >part2.csv
cmp -s plain.csv shuffled.csv && fail 'the shuffled extract is in the same order'

hits_of plain '--threads 1' plain.csv
hits_of threads '--threads 2' plain.csv
hits_of shuffled '--threads 2' shuffled.csv
hits_of split '--threads 1' part1.csv part2.csv
for other in threads shuffled split; do
    same hits.plain "hits.$other" "the hits of '$other' differ"
done

# 23,333 or 23,334 a team: 2,334 each. Of twelve groups, four have 5,834 documents and eight have
# 5,833; 3 % of them are 176 and 175.
equal "$(grep -c '^tenth,' hits.plain)" 7002 'hits of the 10 % rule'
equal "$(grep -c '^forty,' hits.plain)" 40 'hits of the count rule'
equal "$(grep -c '^large,' hits.plain)" 101 'hits of the rule without a draw'
equal "$(grep -c '^own,' hits.plain)" 2104 'hits of the 3 % rule'

# A larger ratio only adds documents.
cut -d, -f1-3 hits.plain | grep '^tenth,' | sort >ten
sed -i 's/rate: 10%/rate: 12%/' split/rules/rules.yaml
expect 0 run --date 2026-01-05 --seed night --rule tenth --quiet
expect 0 hits last --format csv
cut -d, -f1-3 out | grep '^tenth,' | sort >twelve
equal "$(comm -23 ten twelve | wc -l | tr -d ' ')" 0 'documents that a larger ratio dropped'
