#!/bin/sh
# Rules are listed as written and refused with file, line and column.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
workspace w rules

expect 0 rule check
equal "$(cat out)" '3 rules are right' 'rule check'
expect 0 rule check --quiet
[ ! -s out ] || fail 'rule check --quiet printed something'
expect 0 rule list --format csv
equal "$(cut -d, -f1,2 out)" "$(printf 'rule,title\ntenth,每组一成\nlarge,大额\nfunds,资金组大额')" 'rule list'

# refused RULE POSITION TEXT: a rule file of one rule is wrong there, and says so; nothing else reads it either.
refused()
{
    printf 'rules:\n%s\n' "$1" >w/rules/rules.yaml
    expect 78 rule check
    says "rules.yaml:$2: "
    says "$3"
    expect 78 run --date 2026-01-05
}
extract 2026-01-05 1 9 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet

refused '  - {id: a, where: amonut > 1, draw: all}' 2:20 amount
refused "  - {id: a, where: 'amount >', draw: all}" 2:29 expected
refused '  - {id: a, where: team > 1, draw: all}' 2:27 team

# Conditions over several lines, folded, quoted, with escapes: messages count in the file.
refused "$(printf '  - id: a\n    where: >\n      amount > 1\n\n        and amonut > 2\n      and team = 1\n    draw: all')" 6:13 amount
refused "$(printf '  - id: a\n    where: >-\n      amount > 1\n      and   amonut > 2\n    draw: all')" 5:13 amount
refused "$(printf '  - id: a\n    where: amount > 1\n      and amonut > 2\n    draw: all')" 4:11 amount
refused "$(printf "  - id: a\n    where: 'team = ''x'' and\n      amonut > 2'\n    draw: all")" 4:7 amount
refused "$(printf '  - id: a\n    where: "team = '"'"'\\u8d44'"'"' and amonut > 2"\n    draw: all')" 3:33 amount
refused "$(printf '  - id: a\n    where: |\n      amount > 1\n        and amonut > 2\n    draw: all')" 5:13 amount

# Conditions that come out in one way only.
refused '  - {id: a, where: amount > 5 and amount < 3, draw: all}' 2:35 'can never be true'
refused '  - {id: a, where: amount > 5 or amount <= 6, draw: all}' 2:34 'always true'
refused '  - {id: a, where: amount between 5 and 3, draw: all}' 2:20 'the smaller one comes first'
refused '  - {id: a, draw: {rate: 0%}}' 2:26 "'0%'"
refused '  - {id: a, draw: {rate: 10%, by: taem}}' 2:35 team
refused '  - {id: a, draw: some}' 2:19 some
refused '  - {id: a, whree: amount > 1, draw: all}' 2:13 where
refused '  - {id: a}' 2:10 draw
printf 'rules:\n  - {id: a, draw: all}\n  - {id: a, draw: all}\n' >w/rules/rules.yaml
expect 78 rule check
says 'rules.yaml:3:10: '
