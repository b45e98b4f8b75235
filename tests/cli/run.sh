#!/bin/sh
# A run draws exactly, is recorded once, and every format tells the same. No rule limits another: a document hit by
# three rules is three hits and one line.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

agreeing()
{
    rules
    echo "  - {id: everything, draw: {rate: 100%}}"
}
workspace w agreeing
{ extract 2026-01-05 1 100 && echo 'DOC-00101,2026-01-05,,应付,张伟,无金额'; } >day.csv
expect 66 run --date 2026-01-05
says 2026-01-05
expect 0 ingest day.csv --date 2026-01-05 --quiet

# 101 documents in teams of 33, 35 and 33 (the last one without an amount): ceil(10 %) of each is 4. Above 9,000: 11.
expect 0 run --date 2026-01-05 --seed s --format csv
says '101 documents looked at, 101 to inspect, 131 hits'
equal "$(cut -d, -f1,3,4,6 out)" "$(printf '%s\n' rule,frame,undecided,selected tenth,101,0,12 large,11,1,11 \
    funds,7,0,7 everything,101,0,101)" 'the rules of the run'
first=$(sed -n 's/^run \([^:]*\):.*/\1/p' err)

expect 0 run --date 2026-01-05 --seed s --format json
says 'already recorded: nothing new was written'
equal "$(get run)" "$first" 'the run of the second call'
equal "$(get date) $(get seed) $(get documents) $(get hits)" '2026-01-05 s 101 131' 'the JSON object'
prints '{"rule":"large","frame":11,"undecided":1,"flagged":0,"selected":11'
expect 0 run --date 2026-01-05 --seed s --quiet
silent
expect 0 run list --format csv
equal "$(lines out)" 2 'lines of the run list after three equal calls'
equal "$(sed -n 2p out)" "$first,2026-01-05,2026-01-05,4,101,131,$(TZ=Asia/Shanghai date -d "@$SOURCE_DATE_EPOCH" "+%Y-%m-%d %H:%M:%S")" 'the recorded run'

# Hits: header, order, and the probabilities of 4 in 34.
expect 0 hits last --format csv
cp out hits
equal "$(head -n 1 hits)" 'rule,stratum,doc_id,draw_number,probability,date' 'header of the hits'
equal "$(sed 1d hits | cut -d, -f1 | sort | uniq -c | awk '{ print $2 $1 }' | tr '\n' ' ')" \
    'everything101 funds7 large11 tenth12 ' 'hits by rule'
equal "$(sed 1d hits | grep '^tenth,资金,' | cut -d, -f5 | sort -u)" 0.121212121 'probability of 4 in 33'
equal "$(grep '^tenth,' hits | cut -d, -f2,4 | sort -t, -k1,1 -k2,2n)" "$(grep '^tenth,' hits | cut -d, -f2,4)" \
    'order of the hits'

# One line per document, with all its rules; 3 x 33 > 9,000: DOC-00090, 93, 96 and 99 are hit by three rules at least.
expect 0 worklist last --raw
equal "$(sed 1d out | cut -d, -f1 | sort | uniq -d)" '' 'documents with two lines'
equal "$(lines out)" 102 'lines of the work list'
for document in DOC-00090 DOC-00093 DOC-00096 DOC-00099; do
    case $(grep "^$document," out | cut -d, -f4) in
    'large;funds;everything' | 'tenth;large;funds;everything') ;;
    *) fail "$document does not show its three rules: $(grep "^$document," out)" ;;
    esac
done

# A rule alone selects what it selects among others.
expect 0 run --date 2026-01-05 --seed s --rule tenth --quiet
expect 0 hits last --format csv
grep '^tenth,' hits >wanted
sed 1d out >got
same wanted got 'a rule alone selects other documents'
expect 0 run --date 2026-01-05 --seed s --rule large --rule=funds --format csv --quiet
equal "$(cut -d, -f1 out | tr '\n' ' ')" 'rule large funds ' 'two rules'

# Another seed draws others; 0 is a seed; without one the workspace has its own, which stays.
expect 0 run --date 2026-01-05 --seed 0 --quiet
expect 0 hits last --format csv
grep '^tenth,' out >zero
cmp -s zero wanted && fail 'seed 0 draws what seed s draws'
expect 0 run --date 2026-01-05 --format json
equal "$(get seed | tr -d '0-9a-f')" '' 'the seed of its own is hex'
equal "$(get seed | wc -c | tr -d ' ')" 65 'length of the seed of its own'
expect 0 run --date 2026-01-05
says 'nothing new was written'

# A period, its runs, and names of runs.
extract 2026-01-06 201 250 >next.csv
expect 0 ingest next.csv --split --quiet
expect 0 run --from 2026-01-05 --to 2026-01-07 --seed s
says '151 documents looked at'
expect 0 run list --format csv
equal "$(head -n 1 out)" 'run,from,to,rules,documents,hits,recorded' 'header of the run list'
expect 0 hits "$first" --format csv
same hits out 'a run by its id'
expect 64 hits 2026-01-05
says 'several runs'
expect 66 hits nothing
says nothing
for command in worklist flags replay; do
    expect 66 $command nothing
done
expect 66 run --date 2026-01-05 --rule nothing
says "nothing"
expect 0 verify --quiet

# The formats of one result agree.
expect 0 hits "$first" --format ndjson
equal "$(lines out)" 131 'lines of NDJSON'
equal "$(head -n 1 out | sed 's/.*"doc_id":"\([^"]*\)".*/\1/')" "$(sed -n 2p hits | cut -d, -f3)" 'the first document'
expect 0 hits "$first" --format json
equal "$(grep -o '"doc_id"' out | wc -l | tr -d ' ')" 131 'objects of JSON'
expect 0 hits "$first"
equal "$(lines out)" 133 'lines of the table'
