#!/bin/sh
# Documents that belong together where amounts have several currencies; hours on a clock; values written in several ways; and
# what is said where documents cannot be compared.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

"$program" init w --quiet || fail init
rm -f w/rules/*.yaml
cat >w/jihe.yaml <<'END'
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: id,       type: id}
  - {name: day,      type: date, format: "%Y-%m-%d", role: business_date}
  - {name: at,       type: time, format: "%Y-%m-%d %H:%M"}
  - {name: payee,    type: category}
  - {name: currency, type: category, role: currency}
  - {name: amount,   type: money, scale: 2}
  - {name: tags,     type: category, list: ";"}
missing: [""]
END
export JIHE_WORKSPACE="$T/w"
cat >docs.csv <<'END'
id,day,at,payee,currency,amount,tags
A1,2026-04-30,2026-04-30 20:00,甲公司,CNY,60000.00,x
A2,2026-05-01,2026-05-01 01:59,（甲）公司,CNY,50000.00,y
A3,2026-05-01,2026-05-01 01:59,甲公司,USD,60000.00,y
A4,2026-05-01,2026-05-01 02:00,甲公司,USD,60000.00,y
A5,2026-05-01,2026-05-01 08:00,甲公司,,60000.00,y
A6,2026-05-01,,甲公司,CNY,60000.00,y
A7,2026-05-01,2026-05-01 07:59,甲公司,CNY,40000.00,y
END
expect 0 ingest docs.csv --split --quiet

# run FLAG FRAME UNDECIDED MEMBERS: one rule on 1 May.
run()
{
    printf 'rules:\n  - id: r\n    flag: {%s}\n    draw: all\n' "$1" >w/rules/r.yaml
    expect 0 run --date 2026-05-01 --format csv --quiet
    equal "$(sed 1d out | cut -d, -f3,4)" "$2,$3" "$1: frame and undecided"
    expect 0 flags last --members --format csv
    equal "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" "$4" "$1"
    expect 0 replay last
}

# A3 and A4 are dollars, A1 and A6 yuan; nobody knows of A5.
run 'duplicate: [payee, amount], within: 1 day' 3 1 'A1 A6 A3 A4 '
expect 0 flags last --format csv
prints ',甲公司 / 60000.00 / CNY,'
run 'duplicate: [payee, amount], within: 0 days' 2 1 'A3 A4 '
run 'split: amount, by: payee, within: 1 day, limit: 100000, currency: CNY' 2 1 'A1 A6 A7 '
run 'split: amount, by: payee, within: 1 day, limit: 100000, currency: CNY, normalise: payee' 3 1 'A1 A2 A6 A7 '
run 'split: amount, by: payee, within: 1 day, limit: 100000, currency: USD' 2 1 'A3 A4 '
run 'split: amount, by: payee, within: 1 day, limit: 100000, currency: EUR' 0 1 ''
# 20:00 to 01:59 is within six hours, to 07:59 it is not; A6 has no time.
run 'split: amount, by: payee, within: 6 hours, at: at, limit: 100000, currency: CNY, normalise: payee' 1 2 'A1 A2 '
run 'split: amount, by: payee, within: 12 hours, at: at, limit: 100000, currency: CNY, normalise: payee' 2 2 'A1 A2 A7 '
run 'split: amount, by: payee, within: 11 hours, at: at, limit: 150000, currency: CNY, normalise: payee' 0 2 ''
run 'split: amount, by: payee, within: 12 hours, at: at, limit: 150000, at_least: 3, currency: CNY, normalise: payee' 2 2 'A1 A2 A7 '

# described FLAG TEXT: what 'rule list' says of it.
described()
{
    printf 'rules:\n  - id: r\n    flag: {%s}\n    draw: all\n' "$1" >w/rules/r.yaml
    expect 0 rule list --format csv
    prints "$2"
}
described 'duplicate: [payee, amount], within: 2 weeks, tolerance: {amount: 1.50 or 0.25%}, normalise: payee' \
    'same payee (normalised), amount within 14 days, amount off by up to 1.5 or 0.25%'
described 'split: amount, by: payee, within: 1 hour, at: at, limit: 9999.5, currency: CNY' \
    'amount split by payee within 1 hour, limit 9999.5'

# wrong FLAG SAYS
wrong()
{
    printf 'rules:\n  - id: r\n    flag: {%s}\n    draw: all\n' "$1" >w/rules/r.yaml
    expect 78 rule check
    says "$2"
}
wrong 'split: amount, by: payee, within: 1 day, limit: 100000' 'r.yaml:3:19: split: amounts of several currencies would be added up'
wrong 'split: payee, by: payee, within: 1 day, limit: 100000' "flag: split: column 'payee' has type category, not money"
wrong 'split: amount, by: payee, within: 1 day, at: at, limit: 9' "r.yaml:3:53: 'at' is for hours"
wrong 'split: amount, by: payee, within: 6 hours, at: day, limit: 9, currency: CNY' "flag: at: column 'day' has type date, not time"
wrong 'split: amount, by: payee, within: 1 day, limit: 0' "expected an amount above 0 like 100000 or 9999.50; found '0'"
wrong 'split: amount, by: payee, within: 1 day, limit: 9, at_least: 1' '1'
wrong 'duplicate: [payee, tags], within: 1 day' "r.yaml:3:31: flag: duplicate: column 'tags' is a list"
wrong 'duplicate: [payee, payee], within: 1 day' "column 'payee' is named twice"
wrong 'duplicate: [], within: 1 day' 'expected 1 to 8 columns'
wrong 'duplicate: [payee], within: 1101 days' "at most 1100 days; found '1101 days'"
wrong 'duplicate: [payee], within: 1 day, normalise: [paye]' "normalise: 'paye' is none of the columns that must agree, did you mean 'payee'?"
wrong 'duplicate: [payee, amount], within: 1 day, tolerance: {amunt: 1}' "tolerance: 'amunt' is none of the columns that must agree, did you mean 'amount'?"
wrong 'duplicate: [payee, amount], within: 1 day, tolerance: {payee: 1}' "tolerance: column 'payee' has type category"
wrong 'duplicate: [payee, amount], within: 1 day, tolerance: {amount: 100%}' 'expected a tolerance above 0'
wrong 'duplicate: [payee], within: 1 day, tolerence: {amount: 1}' "did you mean 'tolerance'?"
wrong 'duplicate: [payee], jump: payee, within: 1 day' 'a flag is of one kind'

# A column that came later: the days before cannot be compared, and the message says which.
sed 's/^missing/  - {name: invoice, type: category}\n&/' w/jihe.yaml >with && cp with w/jihe.yaml
printf 'id,day,at,payee,currency,amount,tags,invoice\nB1,2026-05-02,2026-05-02 09:00,甲公司,CNY,1,x,1\n' >later.csv
expect 0 ingest later.csv --split --quiet
printf 'rules:\n  - id: r\n    flag: {duplicate: [payee, invoice], within: 1 day}\n    draw: all\n' >w/rules/r.yaml
expect 78 run --date 2026-05-02 --quiet
says "the snapshot of 2026-05-01 has no column 'invoice'"
sed 's/1 day}/0 days}/' w/rules/r.yaml >shorter && cp shorter w/rules/r.yaml
expect 0 run --date 2026-05-02 --quiet
