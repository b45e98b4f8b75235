#!/bin/sh
# Certificates: right ones pass here and in the script that shares nothing with the engine; a forged number, a swapped
# document, another digest and a seed that came late are seen by both.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
command -v python3 >/dev/null || { echo 'skipped: no python3' && exit 77; }
verify=$(cd "$(dirname "$0")/.." && pwd)/verify_certificate.py
[ "$(lines "$verify")" -le 100 ] || fail "$(lines "$verify") lines: the script should be readable at one sitting"

proved()
{
    rules
    echo "  - {id: own, draw: {count: 3, stream: own}}"
    echo "  - {id: each, draw: {each: 1, by: [team, reviewer]}}"
    echo "  - {id: money, draw: {money: amount, count: 3}}"
}
workspace w proved
# Ids of all lengths that hash differently, and one with backslashes in it.
long=$(awk 'BEGIN { for (i = 0; i < 30; i++) printf "abcdefgh" }')
{
    extract 2026-01-05 1 100
    for length in 1 2 3 4 5 8 9 15 16 17 31 32 33 64 65 96 97 128 129 143 144 160 239 240; do
        echo "$(echo "$long" | cut -c1-$length),2026-01-05,500.00,资金,张伟,x"
    done
    printf '%s\n' 'B\t\s,2026-01-05,500.00,资金,张伟,x'
} >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet

# --- promises ---

expect 0 seed commit --from 2026-01-05 --days 3 --format csv
cp out promised
equal "$(cut -d, -f1,3 promised | tr '\n' ' ')" 'date,event 2026-01-05,1 2026-01-06,1 2026-01-07,1 ' 'the promises'
expect 0 seed commit --from 2026-01-05 --days 3 --format csv
same out promised 'a promise was made anew'
expect 0 seed commit --days 1 --format csv
equal "$(sed -n 2p out | cut -d, -f1,3)" '2026-01-08,2' 'the day after the last promised'
expect 0 seed list --format csv
equal "$(lines out)" 5 'the list'
expect 0 run --date 2026-01-05 --format json
seed=$(get seed)
equal "$(get promised)" 1 'the event of the promise'
says "its seed $seed is the one promised in event 1"
equal "$(printf %s "$seed" | sha256sum | cut -d' ' -f1)" "$(sed -n 's/^2026-01-05,\(.*\),1$/\1/p' promised)" 'the seed keeps the promise'

# --- right ones ---

expect 0 prove last --output whole.txt
expect 0 prove --check whole.txt
says 'the ledger knows the certificate'
prints 'right: '
digest=$(sed -n 's/^digest //p' out)
python3 "$verify" whole.txt "$digest" >out 2>err || fail 'the script refuses a right certificate'
prints "digest $digest"
equal "$(grep -c '^line' whole.txt)" "$(grep '^stratum' whole.txt | awk -F '\t' '{ n += $3 + ($3 < $2) } END { print n }')" \
    'the lines of the certificate'
expect 0 prove last --output again.txt
same whole.txt again.txt 'the same run, another certificate'

# One document, for somebody who sees no other. All lengths of ids hash as they should in the script too.
for document in DOC-00050 'B\t\s' $(cut -d, -f1 day.csv | grep '^a'); do
    expect 0 prove last --document "$document" --output own.txt --quiet
    equal "$(grep -c '^line' own.txt)" 3 "lines of $document"
    equal "$(grep '^line' own.txt | cut -f4 | sort -u | wc -l | tr -d ' ')" 1 'ids in a certificate of one document'
    expect 0 prove --check own.txt --quiet
    prints "digest $digest"
    python3 "$verify" own.txt "$digest" >out 2>err || fail "the script refuses the line of $document"
done
expect 66 prove last --document NOBODY
says "no rule of run"

# --- wrong ones ---

# seal FILE: as somebody would who knows the format, digest and last line fit again.
seal()
{
    sed -i '/^digest/,$d' "$1"
    printf 'digest\t%s\n' "$(grep -E '^(rule|stratum)' "$1" | sha256sum | cut -d' ' -f1)" >>"$1"
    printf 'end\t%s\n' "$(sha256sum <"$1" | cut -d' ' -f1)" >>"$1"
}

# refused FILE WORDS WORDS: by the command, for this reason; and by the script.
refused()
{
    (cd / && JIHE_WORKSPACE=/nowhere "$program" prove --check "$T/$1") >out 2>err && fail "$1 passes"
    called="prove --check $1"
    says "$2"
    python3 "$verify" "$1" "$digest" >out 2>err && fail "the script passes $1"
    called="verify $1"
    says "$3"
}

cp whole.txt forged.txt # a smaller number for the first document
sed -i "0,/^line	0	[0-9]*/s//line	0	17/" forged.txt
refused forged.txt 'the file was changed' 'the file was changed'
seal forged.txt
refused forged.txt 'does not come from its id and the seed' 'has another number'

# A document of the frame in the place of a selected one: its number is its own, but it is not in this place.
first=$(grep -n '^line' whole.txt | head -n 1 | cut -d: -f1)
other=$(awk -F '\t' '/^line/ { last = $3 "\t" $4; next } last != "" { exit } END { print last }' whole.txt)
awk -v at="$first" -v other="$other" 'NR == at { print "line\t0\t" other; next } { print }' whole.txt >swapped.txt
seal swapped.txt
refused swapped.txt 'smaller number than the one before' 'out of order'
awk -F '\t' -v OFS='\t' '/^stratum/ && !done { $3 = 0; done = 1; print; cut = 1; next }
    /^line/ && cut && $2 == 0 { print; next } /^line/ && cut { next } /^(stratum|rule)/ { cut = 0 } { print }' whole.txt >swapped.txt
seal swapped.txt
refused swapped.txt 'do not belong to its root' ''
# One document for another of the frame, with its hash: the tree of the stratum is another one.
sed "0,/^rest	..../s//rest	0000/" whole.txt >swapped.txt
seal swapped.txt
refused swapped.txt 'a document or a hash was swapped' 'a document or a hash was swapped'

expect 0 prove last --document DOC-00050 --output own.txt --quiet
# A whole tree of one's own has another digest than the published one, and the ledger does not know it.
sed 's/^\(stratum	.*	\)资金$/\1费用/' own.txt >invented.txt
grep -v '^line\|^rest' invented.txt >out
cp out invented.txt
seal invented.txt
(cd / && JIHE_WORKSPACE=/nowhere "$program" prove --check "$T/invented.txt") >out 2>err || fail 'a certificate of one document need not show every stratum'
python3 "$verify" invented.txt "$digest" >out 2>err && fail 'the script passes another digest'
expect 1 prove --check invented.txt
says 'knows no such certificate'

# A seed that was promised after the run, and one that never was.
extract 2026-01-09 1 50 >day.csv
expect 0 ingest day.csv --date 2026-01-09 --quiet
expect 0 run --date 2026-01-09 --quiet
expect 0 seed commit --from 2026-01-09 --days 1 --quiet
expect 0 prove last --output late.txt --quiet
digest=
refused late.txt 'the seed was promised too late' 'promised after the run'
event=$(sed -n 's/^run	.*	//p' late.txt)
sed -i "s/^\(promise	.*	\).*/\1$((event - 1))/" late.txt
seal late.txt
expect 1 prove --check late.txt
says 'knows no such certificate'
expect 0 run --date 2026-01-09 --seed chosen --quiet
expect 0 prove last --output chosen.txt --quiet
refused chosen.txt 'the seed was not promised in advance' 'the seed is not one that was promised'

# What is no certificate.
printf 'jihe-certificate\t1\twhole\n' >short.txt
expect 65 prove --check short.txt
says 'no certificate'
expect 66 prove --check nothing.txt
expect 64 prove
expect 64 prove last --check whole.txt
says 'say either RUN, or --check FILE'
expect 0 verify --quiet
