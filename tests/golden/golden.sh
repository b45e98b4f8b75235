#!/bin/sh
# Snapshots that earlier programs sealed still open, verify and give their documents; what this program makes of the
# same extract is the newest of them, byte for byte.
# usage: golden.sh PROGRAM; with --write after it, the newest is made anew: only when its format is new too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../cli/case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/../cli/case.sh"
newest=v3
write=${2:-}

gzip -dc "$here/documents.csv.gz" >documents.csv
export JIHE_WORKSPACE="$T/made"
expect 0 init made --quiet
cp "$here/$newest/jihe.yaml" made/jihe.yaml
expect 0 ingest documents.csv --date 2026-01-31 --threads 1 --quiet
made=made/snapshots/2026-01-31/r1
[ "$write" != --write ] || cp "$made/data.mdb" "$made/manifest.json" "$here/$newest/"
same "$here/$newest/data.mdb" "$made/data.mdb" "the extract gives other bytes than $newest"

# stored VERSION: a workspace with the golden snapshot in it.
stored()
{
    rm -rf "$T/stored"
    expect 0 init stored --quiet
    cp "$here/$1/jihe.yaml" stored/jihe.yaml
    mkdir -p stored/snapshots/2026-01-31/r1
    cp "$here/$1/data.mdb" "$here/$1/manifest.json" stored/snapshots/2026-01-31/r1/
    chmod -R go= stored/snapshots
}

export JIHE_WORKSPACE="$T/stored"
for version in v1 v2 v3; do
    stored $version
    expect 0 snapshot verify 2026-01-31
    expect 0 snapshot dump 2026-01-31
    same documents.csv out "the documents of $version"
    expect 0 snapshot list --format csv
    prints 'amount=15490146.63;fee=124054.5'
    # Rules see the same documents in each: ids and texts, row by row and in one go.
    cat >stored/rules/golden.yaml <<'END'
rules:
  - {id: text, where: "summary like '%差旅费%' and doc_id like 'PAY-%7'", draw: all}
  - {id: drawn, where: amount >= 5000, draw: {rate: 5%, by: kind}}
END
    expect 0 run --date 2026-01-31 --seed golden --quiet
    expect 0 worklist last --format csv
    cut -d, -f1,3- out >"list.$version"
    expect 0 replay last
done
# The digest cannot tell whether the extract is what an earlier format holds.
for format in 1 2; do
    stored v$format
    expect 65 ingest documents.csv --date 2026-01-31 --quiet
    says "sealed in format $format"
    expect 0 ingest documents.csv --date 2026-01-31 --revise --quiet
done
stored v3
expect 0 ingest documents.csv --date 2026-01-31
prints 'true'

same list.v1 list.v2 'the work lists of formats 1 and 2'
same list.v2 list.v3 'the work lists of formats 2 and 3'
[ "$(lines list.v1)" -gt 100 ] || fail 'the work list is short'

# Cut or changed anywhere, it is refused with 76 or gives what it should; never a signal.
store=stored/snapshots/2026-01-31/r1/data.mdb size=$(wc -c <"$here/$newest/data.mdb")
at=0
while [ "$at" -lt "$size" ]; do
    stored $newest
    head -c "$at" "$here/$newest/data.mdb" >"$store"
    expect 76 snapshot verify 2026-01-31
    cp "$here/$newest/data.mdb" "$store"
    printf '\125' | dd of="$store" bs=1 seek="$at" conv=notrunc 2>/dev/null
    cmp -s "$here/$newest/data.mdb" "$store" || expect 76 snapshot verify 2026-01-31
    called="dump with byte $at changed" code=0
    "$program" snapshot dump 2026-01-31 >out 2>err || code=$?
    [ "$code" -eq 76 ] || { [ "$code" -eq 0 ] && same documents.csv out "$called"; } || fail "$called: exit code $code"
    at=$((at + 3001))
done
