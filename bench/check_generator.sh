#!/bin/sh
# The generator's bytes for a seed never change, so that figures taken years apart are of the same documents; measure
# passes exit codes on and sees the memory of what it runs; csv_to keeps the cells.
# usage: check_generator.sh GEN_DOCS MEASURE CSV_TO
set -eu

gen_docs=$1 measure=$2 csv_to=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "check_generator: $*" >&2
    exit 1
}

digest()
{
    "$gen_docs" "$@" | sha256sum | cut -d ' ' -f 1
}

expect=dc1723fc09a50c1f03632124c78a741b09c3fe63782e33a5338169add80895c5
found=$(digest --rows 20000 --seed 1)
[ "$found" = "$expect" ] || fail "20,000 rows of seed 1 have the digest $found, not $expect: old figures lose their data"
[ "$(digest --rows 20000 --seed 2)" != "$found" ] || fail 'seed 2 makes the rows of seed 1'

"$gen_docs" --rows 5000 --from 2025-12-30 --days 5 --out "$work/days.csv"
[ "$(wc -l <"$work/days.csv")" -eq 5001 ] || fail 'not one line per row and a header'
[ "$(cut -d , -f 1 "$work/days.csv" | sort -u | wc -l)" -eq 5001 ] || fail 'an id was used twice'
days=$(tail -n +2 "$work/days.csv" | cut -d , -f 2 | uniq -c | tr -s ' \n' ' ')
[ "$days" = ' 1000 2025-12-30 1000 2025-12-31 1000 2026-01-01 1000 2026-01-02 1000 2026-01-03 ' ] ||
    fail "rows are not spread evenly over the days:$days"
for wrong in '--rows 0' '--rows 100000001' '--rows 1x' '--rows' '--date 2026-02-30' '--shape round'; do
    code=0
    # shellcheck disable=SC2086 # two words
    "$gen_docs" $wrong >"$work/out" 2>&1 || code=$?
    [ "$code" -eq 64 ] || fail "'$wrong' ended with exit code $code, not 64"
done

code=0
"$measure" "$work/figures" sh -c 'exit 7' || code=$?
[ "$code" -eq 7 ] || fail "measure ended with exit code $code, not that of its command, 7"
"$measure" "$work/figures" awk 'BEGIN { for (i = 0; i < 400000; i++) kept[i] = i "" }'
awk 'NR == 1 && $5 != 7 { exit 1 } NR == 2 && ($4 < 10000 || $1 <= 0 || $5 != 0) { exit 1 } END { exit NR != 2 }' \
    "$work/figures" || fail "figures look wrong: $(cat "$work/figures")"

printf 'id,a,b\n1,"x, ""y""",\n2,\\,"""z"""\n' >"$work/cells.csv"
cat >"$work/expect" <<'END'
{"id":"1","a":"x, \"y\"","b":null}
{"id":"2","a":"\\","b":"\"z\""}
END
"$csv_to" ndjson <"$work/cells.csv" >"$work/found"
cmp "$work/expect" "$work/found" || fail "csv_to wrote other objects: $(cat "$work/found")"
found=$("$csv_to" msgpack <"$work/cells.csv" | od -An -v -tx1 | tr -d ' \n')
expect=83a26964a131a161a6782c20227922a162c083a26964a132a161a15ca162a3227a22
[ "$found" = "$expect" ] || fail "csv_to wrote the maps $found, not $expect"
