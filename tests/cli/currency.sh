#!/bin/sh
# Amounts of one column in several currencies, each with its own decimals, and amounts that come in minor units.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules
echo 'rules: [{id: all, draw: all}]' >w/rules/rules.yaml

# amounts KEYS: a workspace whose amounts are declared with KEYS beside type and scale.
amounts()
{
    cat >w/jihe.yaml <<END
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: doc_id, type: id}
  - {name: amount, type: money, scale: 3, thousands: ",", $1}
  - {name: currency, type: category, optional: true}
END
}
units='column: currency, CNY: 2, JPY: 0, KWD: 3, 人民币: 2'
cat >day.csv <<'END'
doc_id,amount,currency
C-1,"1,234.5",CNY
C-2,1234,JPY
C-3,-0.001,KWD
C-4,12.340,人民币
C-5,5.00,JPY
C-6,,AAA
END
amounts "minor_units: {$units}"
expect 0 ingest day.csv --date 2026-01-05 --quiet --expect-total amount=2485.839
expect 0 snapshot dump 2026-01-05 --format csv
equal "$(sed 1d out | cut -d, -f2 | tr '\n' ' ')" '1234.500 1234.000 -0.001 12.340 5.000  ' 'amounts with the scale of the column'

# Finer than the currency, another currency, none.
cat >bad.csv <<'END'
doc_id,amount,currency
C-1,0.005,CNY
C-2,0.015,CNY
C-3,2.5,JPY
C-4,3.5,JPY
C-5,1.0005,KWD
C-6,1,USD
C-7,1,
C-8,9223372036854776,JPY
END
expect 65 ingest bad.csv --date 2026-01-06 --max-rejects 7
equal "$(sed 1d w/out/2026-01-06/rejects.csv | cut -d, -f2-5 | tr '\n' ' ')" \
    '2,5,money-finer,0.005 3,5,money-finer,0.015 4,5,money-finer,2.5 5,5,money-finer,3.5 6,5,money-finer,1.0005 7,5,currency-unknown,1 8,5,currency-missing,1 9,5,money-too-large,9223372036854776 ' \
    'rejected amounts'
grep -qF "'2.5' has more than 0 decimals, which is what 'JPY' has" w/out/2026-01-06/rejects.csv || fail 'the reason names the currency'
amounts "finer: round, minor_units: {$units, other: 2}"
expect 0 ingest bad.csv --date 2026-01-06 --max-rejects 1 --quiet
expect 0 snapshot dump 2026-01-06 --format csv
equal "$(sed 1d out | cut -d, -f2 | tr '\n' ' ')" '0.000 0.020 2.000 4.000 1.000 1.000 1.000 ' 'half even to the unit of the currency'
printf 'doc_id,amount\nC-1,1.25\n' >bare.csv
expect 0 ingest bare.csv --date 2026-01-07 --quiet
amounts "minor_units: {$units, other: refuse}"
expect 65 ingest bare.csv --date 2026-01-08
says "the amount has no currency; column 'currency' needs one"

# Whole numbers of the minor unit, with and without currencies; numbers of NDJSON too.
cat >minor.ndjson <<'END'
{"doc_id":"M-1","amount":12345,"currency":"JPY"}
{"doc_id":"M-2","amount":"-12,345","currency":"CNY"}
{"doc_id":"M-3","amount":12345,"currency":"KWD"}
{"doc_id":"M-4","amount":1.5,"currency":"CNY"}
END
amounts "in: minor, minor_units: {$units}"
expect 0 ingest minor.ndjson --date 2026-01-09 --max-rejects 1 --quiet
grep -qF "'1.5' is not a whole number of minor units" w/out/2026-01-09/rejects.csv || fail 'a part of a minor unit'
expect 0 snapshot dump 2026-01-09 --format csv
equal "$(sed 1d out | cut -d, -f2 | tr '\n' ' ')" '12345.000 -123.450 12.345 ' 'amounts from minor units'
amounts 'in: minor'
expect 0 ingest minor.ndjson --date 2026-01-10 --max-rejects 1 --quiet
expect 0 snapshot dump 2026-01-10 --format csv
equal "$(sed 1d out | cut -d, -f2 | tr '\n' ' ')" '12.345 -12.345 12.345 ' 'minor units of the scale'

refused()
{
    amounts "$1"
    expect 78 rule check
    says "$2"
}
refused 'minor_units: {CNY: 2}' 'add column: NAME'
refused 'minor_units: {column: money, CNY: 2}' "there is no column 'money'"
refused 'minor_units: {column: doc_id, CNY: 2}' "column 'doc_id' is id; a currency comes from a category column"
refused 'minor_units: {column: currency}' 'names no currency'
refused 'minor_units: {column: currency, CNY: 4}' "4 decimals do not fit column 'amount', which keeps 3; raise its scale"
refused 'minor_units: {column: currency, CNY: two}' 'expected a whole number from 0 to 6'
refused 'minor_units: {column: currency, CNY: 2, other: many}' 'expected refuse, or how many decimals'
refused 'currency: CNY, minor_units: {column: currency, CNY: 2}' 'one currency and minor_units for several'
refused 'minor_units: 2' 'expected {column: currency, CNY: 2, JPY: 0}'
refused 'in: cents' 'expected one of: major, minor'
