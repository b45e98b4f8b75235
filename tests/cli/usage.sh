#!/bin/sh
# Wrong usage is 64 and says what to look up; help and version work without a workspace.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

expect 64
says "name a command (see 'jihe help')"
expect 64 rnu
says "did you mean 'run'?"
expect 64 frobnicate
says "there is no command 'frobnicate'"
expect 64 snapshot
says "list, show, verify, dump"
expect 64 snapshot lsit
says "there is no command 'snapshot lsit'"

expect 64 ingest a.csv --splt
says "unknown option '--splt'; did you mean '--split'? (see 'jihe help ingest')"
expect 64 --wrkspace=x verify
says "did you mean '--workspace'?"
expect 64 verify -x
says "unknown option '-x'"
expect 64 hits last --date 2026-01-05
says "'hits' takes no option --date"
expect 64 init new --format json
expect 64 run --date
says "option --date needs a value"
expect 64 run --date --quiet
says "option --date needs a value"
expect 64 run --date 2026-01-05 --date=2026-01-06
says "option --date is given twice"
expect 64 verify --quiet=yes
says "option --quiet takes no value"
expect 64 verify --format xml
says "'xml' is none of table, csv, json, ndjson"
expect 64 verify --lang fr
says "'fr' is neither zh nor en"
for threads in 0 -1 two 1025 18446744073709551617; do
    expect 64 verify --threads="$threads"
    says "is not a whole number from 1 to 1024"
done

# Operands: too few, too many, empty.
for command in init demo hits strata patterns worklist spares flags replay record 'roster import' 'roster history' 'note add' 'note withdraw' 'snapshot show' 'snapshot dump' \
    'snapshot verify' ingest; do
    # shellcheck disable=SC2086 # one or two words
    expect 64 $command
    says "usage: jihe $command"
done
expect 64 hits a b
says "unexpected 'b'"
expect 64 verify all
expect 64 hits ''
expect 64 report --from 2026-01-01 --to 2026-01-31
says "--output FILE"

expect 64 ingest a.csv
says "say either --date D"
expect 64 ingest a.csv --date 2026-01-05 --split
expect 64 run
expect 64 run --from 2026-01-05
expect 64 run --date 2026-01-05 --from 2026-01-05 --to 2026-01-06
says "say either --date D"

workspace w rules
expect 64 ingest a.csv --split --max-rejects many
expect 64 ingest a.csv --date 05.01.2026
says "'05.01.2026' is not a date"
expect 64 run --date 2026-02-30
expect 64 rate --by team,,month
says "--by has an empty item"
expect 64 worklist last --output ''
says 'option --output needs a value'
unset JIHE_WORKSPACE

# What is quoted cannot move the cursor of a terminal, nor break the line.
expect 64 "$(printf 'x\033[2J\ny\302\233z')"
says "there is no command 'x?[2J y?z'"

# After "--" everything is an operand.
expect 66 hits --workspace w -- --date
says "--date"

expect 0 --version
silent
grep -Eqx 'jihe [0-9]+\.[0-9]+\.[0-9]+' out || fail 'the version is not one'
expect 0 help
silent
for command in init demo ingest 'snapshot list' 'snapshot show' 'snapshot verify' 'snapshot dump' 'rule list' \
    'rule check' run 'run list' hits strata patterns worklist spares flags replay quality 'quality changes' 'seed commit' 'seed list' prove 'roster import' 'roster list' 'roster history' 'roster versions' 'note add' 'note list' 'note withdraw' record rate report verify \
    help; do
    expect 0 help
    prints "  $command "
    # shellcheck disable=SC2086 # one or two words
    expect 0 help $command
    prints "usage: jihe $command"
    prints 'example:'
    cp out help
    # shellcheck disable=SC2086
    expect 0 $command --help
    same help out "'jihe $command --help' and 'jihe help $command' differ"
    [ "$(awk '{ if (length($0) > longest) longest = length($0) } END { print longest }' out)" -le 120 ] ||
        fail "the help of '$command' has a line over 120 characters"
done
expect 0 help snapshot
prints 'usage: jihe snapshot dump DATE'
prints 'usage: jihe snapshot list'
expect 64 help nothing
says "there is no command 'nothing'"
