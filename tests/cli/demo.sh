#!/bin/sh
# The demo is a whole workspace that checks out, and the same seed makes the same one.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

# The page names the workspace, so both are called centre.
mkdir one two
expect 0 demo one/centre --documents-per-day 40 --seed 7
[ -s err ] || fail 'the demo says nothing of what it does'
expect 0 demo two/centre --documents-per-day=40 --seed=7 --threads 1 --quiet
silent
[ ! -s out ] || fail 'the quiet demo printed something'
expect 73 demo one/centre
expect 64 demo three --documents-per-day 0
[ ! -e three ] || fail 'a demo in spite of wrong options'

for demo in one two; do
    export JIHE_WORKSPACE="$T/$demo/centre"
    for command in 'snapshot list' 'run list' 'hits last' 'flags last' 'roster list' 'rate --by month,rule'; do
        # shellcheck disable=SC2086 # words
        expect 0 $command --format csv
        [ "$(lines out)" -ge 2 ] || fail "the demo has nothing under '$command'"
        cat out
    done >"$demo.text"
done
same one.text two.text 'the same seed made another centre'
same one/centre/out/report.html two/centre/out/report.html 'the same seed made another report'

export JIHE_WORKSPACE="$T/one/centre"
expect 0 verify --quiet
expect 0 replay last
expect 0 rule check
[ -s one/centre/out/report.html ] || fail 'there is no report'

# Somebody's volume doubles, and there are errors of both classes.
grep -q ',flagged,' one.text || fail 'nobody stands out'
expect 0 rate --format csv
equal "$(awk -F, 'NR > 1 && $10 == "random" { print ($2 > 0) ($6 > 0) }' out)" 11 'errors in-rule and out-of-rule'
