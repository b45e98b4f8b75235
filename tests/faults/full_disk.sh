#!/bin/sh
# No room: on a file system of one megabyte, above the process's file-size limit, on standard output. Never exit code 0
# with something missing; what was stored is unharmed; with room the same command finishes.
set -u
. "$(dirname "$0")/faults.sh"

workspace base rules
export JIHE_WORKSPACE="$T/base"
extract 2026-01-05 1 200 >day.csv
extract 2026-01-06 10001 70000 >large.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件/' out >filled.csv
export JIHE_WORKSPACE="$T/w"

# after_no_room ARGUMENT...: refused, unharmed.
after_no_room()
{
    refused 73 74
    cause=$called
    then_expect 0 verify --quiet
    then_expect 0 snapshot list --format csv
    equal "$(lines out)" 2 "$cause: lines of the snapshot list"
    then_expect 0 hits last
}

# finishes ARGUMENT...: with room, on ./w.
finishes()
{
    then_expect 0 "$@"
    then_expect 0 verify --quiet
}

# Standard output is checked before the end.
fresh base
for arguments in 'hits last' 'worklist last' 'run --date 2026-01-05 --seed u' 'record filled.csv' 'verify' 'help' \
    'snapshot dump 2026-01-05' 'rate --format csv' 'ingest day.csv --date 2026-01-05' 'run list' '--version'; do
    called="jihe $arguments >/dev/full" code=0
    # shellcheck disable=SC2086 # words
    "$program" $arguments >/dev/full 2>err || code=$?
    refused 74
done
then_expect 0 verify --quiet
then_expect 0 record filled.csv
grep -q '^recorded 0 ' out || fail 'a record whose output was lost is not there'

# A reader that goes away: no noise, no signal, not 0.
called='jihe hits last | false' code=0
expect 0 snapshot dump 2026-01-05
{ "$program" ingest large.csv --date 2026-01-06 --quiet && { "$program" snapshot dump 2026-01-06 || echo $? >code; } |
    head -n 1; } >out 2>err
equal "$(cat code)" 74 'exit code when the reader of a dump goes away'
[ ! -s err ] || fail 'messages when the reader of a dump goes away'

# limited BLOCKS SIGNAL ARGUMENT...: with a file-size limit in blocks of 512 bytes, the signal for it as it is by default
# or ignored. The messages go through a pipe, which has no such limit.
limited()
{
    called="jihe $3 $4 (ulimit -f $1, SIGXFSZ $2)"
    {
        (
            [ "$2" = default ] || trap '' XFSZ
            ulimit -f "$1"
            shift 2
            exec "$program" "$@"
        ) 2>&1
        echo $? >code
    } | cat >err
    code=$(cat code)
}
for blocks in 0 1 8 64 200 400 800; do
    for signal in default ignored; do
        fresh base
        limited $blocks $signal ingest large.csv --date 2026-01-06 --quiet
        after_no_room
    done
done
finishes ingest large.csv --date 2026-01-06 --quiet

fresh base
expect 0 record filled.csv
expect 0 rate --format csv
cp out rates
for blocks in 0 1 8 64 128; do
    fresh base
    limited $blocks default record filled.csv --quiet
    after_no_room
    finishes record filled.csv --quiet
    then_expect 0 rate --format csv
    same rates out "$called: other rates after the list was recorded again"
done

# A disk of one megabyte: the ingest does not fit; step by step less room for the ledger.
mkdir disk
if ! mount -t tmpfs -o size=1m,mode=0700 tmpfs disk 2>/dev/null; then
    echo 'part skipped: no small file system can be mounted here (it needs root)'
    exit 0
fi
trap 'cd / && umount "$T/disk"; rm -rf "$base"' EXIT
cp -R base/. disk
export JIHE_WORKSPACE="$T/disk"
called='jihe ingest large.csv on a disk of 1 MB' code=0
called_with ingest large.csv --date 2026-01-06 --quiet
after_no_room
[ -z "$(find disk/snapshots -name '.*')" ] || fail 'the refused ingest left its half'

kilobytes=0
while [ $kilobytes -le 400 ]; do
    rm -rf disk/* && cp -R base/. disk
    free=$(df -k disk | awk 'NR == 2 { print $4 }')
    [ "$free" -le $kilobytes ] || head -c $(((free - kilobytes) * 1024)) /dev/zero >disk/filler
    called="jihe record with $kilobytes KB free" code=0
    called_with record filled.csv
    if [ "$code" -eq 0 ]; then
        grep -q '^recorded ' out || fail "$called: code 0 and nothing said"
    else
        refused 73 74
        refusals=$kilobytes
    fi
    then_expect 0 verify --quiet
    rm -f disk/filler
    then_expect 0 record filled.csv --quiet
    then_expect 0 rate --format csv
    same rates out "$called: other rates after the list was recorded again"
    kilobytes=$((kilobytes + 20))
done
[ "${refusals-400}" -lt 400 ] || fail "the disk was never full, or always: ${refusals-}"
echo "record is refused below $((refusals + 20)) KB and works above"
