#!/bin/sh
# The demo is a whole workspace that checks out and tells its story, and the same seed makes the same bytes.
set -u
. "$(dirname "$0")/case.sh"

# files DEMO: the digest of every file. What is left out are locks: LMDB keeps a table of its readers there, and the
# workspace's lock names the process that held it.
files()
{
    (cd "$1" && find . -type f ! -name '*lock' | sort | tr '\n' '\0' | xargs -0 sha256sum)
}

# The page names the workspace, so both are called centre.
mkdir one two small
expect 0 demo one/centre
cp err story
expect 0 demo two/centre --documents-per-day=600 --seed=1 --threads 1 --quiet
silent
[ ! -s out ] || fail 'the quiet demo printed something'
files one/centre >one.files
files two/centre >two.files
[ "$(lines one.files)" -gt 200 ] || fail 'the demo has too few files for a comparison to mean anything'
same one.files two.files 'the same seed made other bytes'
equal "$(find one/centre -type d ! -perm 700 -o -type f ! -perm 600 ! -perm 400)" '' 'readable by others'

expect 73 demo one/centre
expect 64 demo three --documents-per-day 0
[ ! -e three ] || fail 'a demo in spite of wrong options'

export JIHE_WORKSPACE="$T/one/centre"
expect 0 verify --quiet
expect 0 rule check
expect 0 replay last
for command in 'snapshot list' 'run list' 'hits last' 'flags last' 'roster list' 'rate --by month,rule'; do
    # shellcheck disable=SC2086 # words
    expect 0 $command --format csv
    [ "$(lines out)" -ge 2 ] || fail "the demo has nothing under '$command'"
done

# The story: rates fall from month to month, one team is worse than the others, somebody's volume doubles and a change
# of post explains another's.
grep -q 'volume jumps: 66 people judged, 1 flagged, 1 explained by a change of post' story || fail 'other jumps'
expect 0 flags last --format csv
equal "$(grep -c ',flagged,' out)" 1 'people flagged'
equal "$(grep -c ',not tested,post changed 2026-08-17,' out)" 1 'the change of post'
expect 0 rate --by month --format csv
equal "$(awk -F, '$11 == "random" { print (n++ == 0 || $4 < last); last = $4 }' out | tr -d '\n')" 111 'falling rates'
expect 0 rate --by team --format csv
equal "$(awk -F, '$11 == "random" && $4 > most { most = $4; team = $1 } END { print team }' out)" 应付 'the worst team'
equal "$(awk -F, '$11 == "random" && $8 > most { most = $8; team = $1 } END { print team }' out)" 应付 'the unclear rule'
grep -q 'jump 1；另有 2 个因已登记的变动未检验' one/centre/out/report.html || fail 'the report does not tell of the jump'

# The rates are those that were planted, within their limits.
# within FILE: "inside" for each of the two rates of a demo's messages whose limits hold what was planted.
within()
{
    sed -n 's/.* errors: rate .* (95 %: \(.*\) to \(.*\)) .*planted: \(.*\)/\1 \2 \3/p' "$1" |
        awk '{ print ($1 <= $3 && $3 <= $2 ? "inside" : $0) }' | tr '\n' ' '
}
equal "$(within story)" 'inside inside ' 'what was planted and the limits'

# Work lists are for spreadsheets; those of the last two days are out and not back yet; a list recorded twice is
# recorded once.
equal "$(head -c 3 one/centre/out/2026-07-01/worklist.csv | od -An -tx1 | tr -d ' ')" efbbbf 'the byte order mark'
for day in 29 30; do
    [ -s "one/centre/out/2026-09-$day/worklist.csv" ] || fail "no work list of September $day"
    [ ! -e "one/centre/out/2026-09-$day/filled.csv" ] || fail "September $day is filled in already"
done
expect 0 record one/centre/out/2026-07-01/filled.csv
prints 'recorded 0 inspections with 0 findings; 96 already recorded'

# With one document a day every document is drawn: the rates are what was planted, exactly. Another seed is another
# centre.
unset JIHE_WORKSPACE
expect 0 demo small/centre --documents-per-day 1 --seed 18446744073709551615
equal "$(sed -n 's/.* errors: rate \(.*\) (.*planted: \(.*\)/\1 \2/p' err |
    awk '{ print ($1 == $2 && $1 > 0 ? "equal" : $0) }' | tr '\n' ' ')" 'equal equal ' 'rates of a census'
if cmp -s one/centre/roster.csv small/centre/roster.csv; then
    fail 'another seed has the same people'
fi
