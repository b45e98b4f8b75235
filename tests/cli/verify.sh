#!/bin/sh
# Damage to what is stored is found, named and never repaired: 76.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
extract 2026-01-05 1 50 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
expect 0 record filled.csv --quiet

expect 0 verify --format csv
silent
equal "$(head -n 1 out)" 'what,name,result,detail' 'header'
equal "$(cut -d, -f1,3 out | sort)" "$(printf 'ledger,ok\nrun,ok\nsnapshot,ok\nwhat,result')" 'what was checked'
cp -R w/ledger kept

# damaged WHAT: verify says so in its table and in one line; afterwards the ledger is as it was.
damaged()
{
    expect 76 verify --format csv
    grep -q "^$1,.*,damaged," out || fail "verify does not call the $1 damaged"
    rm -r w/ledger
    cp -R kept w/ledger
    expect 0 verify --quiet
}

# change FILE TEXT: the text's first byte becomes a Q in every place.
change()
{
    places=$(grep -obUa "$2" "$1" | cut -d: -f1)
    [ -n "$places" ] || fail "no '$2' in $1"
    for place in $places; do
        printf Q | dd of="$1" bs=1 seek="$place" conv=notrunc 2>/dev/null
    done
}

change w/ledger/ledger.mdb 赵敏
damaged ledger
: >w/ledger/anchor
damaged ledger
rm w/ledger/anchor
damaged ledger
sed -i 's/[0-9a-f]$/x/' w/ledger/anchor
damaged ledger

# An older copy of the store: the anchor knows more than it.
expect 0 run --date 2026-01-05 --seed t --quiet
cp kept/ledger.mdb w/ledger/ledger.mdb
expect 76 verify
prints damaged
expect 76 hits last
expect 76 run --date 2026-01-05 --seed u
