#!/bin/sh
# Stored files that were changed, cut or put back from an older copy: verify says so with 76, and so does every command
# that needs what is damaged, unless what it gives is right all the same (the change hit bytes that it does not use).
# Never a signal, whatever was changed.
set -u
. "$(dirname "$0")/faults.sh"

workspace base rules
export JIHE_WORKSPACE="$T/base"
{ extract 2026-01-05 1 300 && documents 2026-01-06 301 340; } >days.csv
expect 0 ingest days.csv --split --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,fail,in-rule,3.2.1,E1,李娜,重,少附件/' out >filled.csv
head -n 20 filled.csv >first.csv
cp -R base/ledger before
expect 0 record first.csv --quiet
cp -R base/ledger middle
expect 0 record filled.csv --quiet
export JIHE_WORKSPACE="$T/w"

# What the commands give that read the store, one per line.
cat >commands <<'END'
hits last --format csv
snapshot dump 2026-01-05
rate --by team --format csv
run list --format csv
replay last
END
fresh base
answer=0
while read -r command; do
    answer=$((answer + 1))
    # shellcheck disable=SC2086 # words
    expect 0 $command
    cp out answer_$answer
done <commands

# answers: every command ends with 76 or gives the right answer. A replay may also find that the snapshot is another one.
answers()
{
    answer=0
    while read -r command; do
        answer=$((answer + 1)) called="jihe $command ($what)"
        # shellcheck disable=SC2086 # words
        called_with $command
        if [ "$code" -eq 0 ]; then
            same answer_$answer out "$called: exit code 0 and a wrong answer"
        elif [ "$command" = 'replay last' ]; then
            refused 1 76
        else
            refused 76
        fi
    done <commands
}

# harmed WHAT CODE...: after the change called WHAT, verify ends with one of the codes; then all other commands.
harmed()
{
    what=$1 called="jihe verify ($1)"
    shift
    called_with verify --format csv
    case " $* " in
    *" $code "*) ;;
    *) fail "$called: exit code $code, expected $*" ;;
    esac
    [ "$code" -eq 0 ] || refused 76
    changes=$((changes + 1)) found=$((found + (code != 0)))
    answers
}
changes=0 found=0

# told WHAT
told()
{
    echo "$1: verify calls $found of $changes changes damage; the others hit nothing that is used"
    changes=0 found=0
}
size()
{
    wc -c <"$1"
}

# sweep FILE BYTES STEP CODE...: one bit here and there in the first BYTES of the file.
sweep()
{
    file=$1 bytes=$2 step=$3 offset=0
    shift 3
    fresh base
    while [ $offset -lt "$bytes" ]; do
        "$damage" flip "w/$file" $offset $((offset / step)) || fail "damage flip $file"
        harmed "$file: bit $((offset / step % 8)) of byte $offset flipped" "$@"
        cp "base/$file" "w/$file"
        offset=$((offset + step))
    done
    told "$file, bits"
}
data=snapshots/2026-01-05/r1/data.mdb manifest=snapshots/2026-01-05/r1/manifest.json ledger=ledger/ledger.mdb
sweep $data "$(size base/$data)" 1499 76
# The name of the program that wrote it is a note and vouched for by nothing.
sweep $manifest "$(grep -ob '  "program"' base/$manifest | cut -d: -f1)" 23 76
sweep $ledger "$(size base/$ledger)" 2503 0 76
sweep ledger/anchor "$(size base/ledger/anchor)" 11 76

# pages FILE CODE...: whole pages of zeros and of ones.
pages()
{
    file=$1 page=0 bytes=$(size "base/$1")
    shift
    while [ $((page * 4096)) -lt "$bytes" ]; do
        for byte in 0 255; do
            "$damage" fill "w/$file" $((page * 4096)) 4096 $byte || fail "damage fill $file"
            harmed "$file: page $page filled with $byte" "$@"
            cp "base/$file" "w/$file"
        done
        page=$((page + 1))
    done
    told "$file, pages"
}
pages $data 76
pages $ledger 0 76

# cuts FILE
cuts()
{
    file=$1 bytes=$(size "base/$1")
    for keep in 0 1 100 $((bytes / 3)) $((bytes / 2 / 4096 * 4096)) $((bytes - 4096)) $((bytes - 1)); do
        [ $keep -ge 0 ] || continue
        head -c $keep "base/$file" >"w/$file"
        harmed "$file: cut to $keep of $bytes bytes" 76
        cp "base/$file" "w/$file"
    done
    rm "w/$file"
    harmed "$file: removed" 76
    cp "base/$file" "w/$file"
    told "$file, cut"
}
cuts $data
cuts $manifest
cuts $ledger

# Older copies and lines taken out of the anchor. That the last line alone is missing is what a crash between the commit
# and the line leaves: it is put right by the next command that writes.
fresh base
cp before/ledger.mdb w/$ledger
harmed 'the store as it was two commits ago' 76
cp middle/ledger.mdb w/$ledger
harmed 'the store as it was one commit ago' 76
cp base/$ledger w/$ledger
cp before/anchor w/ledger/anchor
harmed 'the anchor as it was two commits ago' 76
# An earlier line says nothing that a later one does not: each names the hash of the whole chain up to it.
sed 1d base/ledger/anchor >w/ledger/anchor
harmed 'the first line of the anchor removed' 0 76
sed 2d base/ledger/anchor >w/ledger/anchor
harmed 'the second line of the anchor removed' 0 76
sed '1{h;d};2G' base/ledger/anchor >w/ledger/anchor
harmed 'two lines of the anchor exchanged' 76
sed p base/ledger/anchor >w/ledger/anchor
harmed 'every line of the anchor twice' 76
told 'older copies and lines'
rm w/$ledger w/ledger/anchor
for command in verify 'hits last' 'run --date 2026-01-05 --seed x' 'record filled.csv'; do
    # shellcheck disable=SC2086 # words
    called_with $command
    called="jihe $command (the ledger removed)"
    refused 66 76
    [ ! -f w/$ledger ] || fail "$called: made a new ledger"
done

fresh base
for torn in '' '9' '999 0123456789abcdef'; do
    cp middle/anchor w/ledger/anchor
    printf %s "$torn" >>w/ledger/anchor
    harmed "the last line of the anchor torn to '$torn'" 0
    expect 0 record filled.csv --quiet
    same base/ledger/anchor w/ledger/anchor 'the anchor is not put right'
done

# A snapshot under another date's name; other documents sealed under this one's.
fresh base
rm -r w/snapshots/2026-01-05
cp -R w/snapshots/2026-01-06 w/snapshots/2026-01-05
harmed 'the snapshot of another date' 76
rm -r w/snapshots/2026-01-05
extract 2026-01-05 1 299 >other.csv
expect 0 ingest other.csv --date 2026-01-05 --quiet
expect 76 verify
prints 'is not the one the run used'
expect 1 replay last
rm -r w/snapshots/2026-01-05
expect 76 verify
prints '2026-01-05'
expect 0 hits last
