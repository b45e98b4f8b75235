#!/bin/sh
# A category with several values a document: the same lists from CSV, NDJSON and MessagePack, rules that ask for any of
# them, and how they are shown.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

list_rules()
{
    cat <<'END'
rules:
  - {id: travel, where: "account like '6602%'", draw: all}
  - {id: exact, where: "account = '1122'", draw: all}
  - {id: other, where: "account <> '1122'", draw: all}
  - {id: none, where: "account not in ('1122', '660201')", draw: all}
  - {id: between, where: "account between '2' and '3'", draw: all}
  - {id: absent, where: account is null, draw: all}
END
}
workspace w list_rules
cat >w/jihe.yaml <<'END'
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: doc_id, type: id}
  - {name: account, type: category, list: ";"}
  - {name: team, type: category}
missing: ["", "NA"]
END
cat >day.csv <<'END'
doc_id,account,team
L-1,660201;1122,资金
L-2,1122;2202;1122,资金
L-3,;660201;;NA,费用
L-4,,费用
L-5,;NA;,费用
L-6,2202,
L-7,660201;1122,应收
END
expect 0 ingest day.csv --date 2026-01-05 --quiet --format csv
sha=$(sed -n '2s/.*,//p' out)
cp w/snapshots/2026-01-05/r1/data.mdb csv.mdb

# The same lists from NDJSON, as arrays and as texts, and from MessagePack.
cat >day.ndjson <<'END'
{"doc_id":"L-1","account":["660201","1122"],"team":"资金"}
{"account":[ "1122" , "22\u00302", "1122" ],"team":"资金","doc_id":"L-2"}
{"doc_id":"L-3","account":["",660201,null,"NA"],"team":"费用"}
{"doc_id":"L-4","account":[],"team":"费用"}
{"doc_id":"L-5","account":null,"team":"费用"}
{"doc_id":"L-6","account":"2202"}
{"doc_id":"L-7","account":"660201;1122","team":"应收"}
END
expect 0 ingest day.ndjson --date 2026-01-05 --quiet --format csv
prints "2026-01-05,1,7,true,$sha"
expect 0 snapshot drop 2026-01-05 --quiet
expect 0 ingest day.ndjson --date 2026-01-05 --quiet
same w/snapshots/2026-01-05/r1/data.mdb csv.mdb 'the snapshot of the NDJSON'

# {"doc_id": ..., "account": VALUE, "team": ...}; octal, because printf knows no more.
# shellcheck disable=SC2059 # the arguments are formats
pack() { printf "\\203\\246doc_id\\243$1\\247account$2\\244team$3"; }
team_funds='\246资金' team_costs='\246费用'
{
    pack L-1 '\222\246660201\2441122' "$team_funds"
    pack L-2 '\223\2441122\315\010\232\2441122' "$team_funds"
    pack L-3 '\223\240\246660201\300' "$team_costs"
    pack L-4 '\220' "$team_costs"
    pack L-5 '\300' "$team_costs"
    pack L-6 '\2442202' '\300'
    pack L-7 '\253660201;1122' '\246应收'
} >day.mpk
expect 0 ingest day.mpk --date 2026-01-05 --quiet --format csv
prints "2026-01-05,1,7,true,$sha"

# Any value for a test, no value for its negation; a document without accounts is undecided.
expect 0 run --date 2026-01-05 --seed 1 --format csv --quiet
equal "$(sed 1d out | cut -d, -f1,3,4 | tr '\n' ' ')" \
    'travel,3,2 exact,3,2 other,2,2 none,1,2 between,2,2 absent,2,0 ' 'frames and undecided'
expect 0 hits last --format csv
hits() { grep "^$1," out | cut -d, -f3 | sort | tr '\n' ' '; }
equal "$(hits travel)|$(hits exact)|$(hits other)|$(hits none)|$(hits between)|$(hits absent)" \
    'L-1 L-3 L-7 |L-1 L-2 L-7 |L-3 L-6 |L-6 |L-2 L-6 |L-4 L-5 ' 'the documents of the rules'
expect 0 replay last

# Shown with the declared separator; the dump is an extract again.
expect 0 worklist last --format csv
grep '^L-2,' out | grep -qF ',1122;2202,' || fail 'the list in the work list'
expect 0 snapshot dump 2026-01-05 --format csv
mv out dump.csv
grep -qx 'L-2,1122;2202,资金' dump.csv || fail 'the list in the dump'
expect 0 ingest dump.csv --date 2026-01-05 --quiet --format csv
prints "2026-01-05,1,7,true,$sha"
expect 0 snapshot dump 2026-01-05 --format ndjson
mv out dump.ndjson
grep -qF '"account":"1122;2202"' dump.ndjson || fail 'the list in the NDJSON dump'
expect 0 verify --quiet

# Where there would be several strata, persons or sides.
try()
{
    printf 'rules:\n  - {id: x, %s, draw: %s}\n' "$1" "$2" >w/rules/rules.yaml
    expect 78 rule check
    says "$3"
}
try "where: team = '资金'" '{rate: 10%, by: account}' "column 'account' is a list; a document would be in several strata"
try 'where: team = account' all "column 'account' is a list, which does not compare with another column"
try 'where: account <> team' all "rules.yaml:2:20: column 'account' is a list"
list_rules >w/rules/rules.yaml
cp w/jihe.yaml kept.yaml
declare_account()
{
    sed "s/^  - {name: account.*/  - {name: account, $1}/" kept.yaml >w/jihe.yaml
    expect 78 rule check
    says "$2"
}
declare_account 'type: category, list: ""' 'the separator has 0 bytes, expected 1 to 8'
declare_account 'type: category, list: "123456789"' 'the separator has 9 bytes, expected 1 to 8'
declare_account 'type: category, list: [a]' 'expected a text; found a list'
declare_account 'type: text, list: ";"' "'list' is only for columns of type category"
declare_account 'type: category, role: person, list: ";"' 'a list cannot have that role'
cp kept.yaml w/jihe.yaml

# What no list holds: control characters, the separator inside a value, too much; an array in a column that is no list.
cat >bad.ndjson <<'END'
{"doc_id":"B-1","account":["a\u001fb"],"team":null}
{"doc_id":"B-2","account":["a","b;c"]}
{"doc_id":"B-3","account":[["a"]]}
{"doc_id":"B-4","account":["a"],"team":["b"]}
{"doc_id":"B-5","account":["a",1e2,"a"],"team":"c"}
{"doc_id":"B-6","account":["a","account":"b"]}
END
{
    printf '{"doc_id":"B-7","account":['
    awk 'BEGIN { for (i = 0; i < 600; i++) printf "%d,", i }'
    printf '0]}\n{"doc_id":"B-8","account":["'
    awk 'BEGIN { for (i = 0; i < 1030; i++) printf "x" }'
    printf '"]}\n'
} >>bad.ndjson
expect 0 ingest bad.ndjson --date 2026-01-06 --max-rejects 9 --quiet
says 'rows read 8 = stored 1 + rejected 7'
equal "$(sed 1d w/out/2026-01-06/rejects.csv | cut -d, -f2-4 | tr '\n' ' ')" \
    '1,27,list-control 2,27,list-separator 3,28,ndjson-shape 4,40,ndjson-shape 6,41,ndjson-syntax 7,27,list-too-long 8,27,category-too-long ' \
    'rejected lists'
expect 0 snapshot dump 2026-01-06 --format csv
prints 'B-5,a;1e2,c'
printf 'doc_id,account,team\nB-1,a;b\001,x\n' >control.csv
expect 65 ingest control.csv --date 2026-01-07
says "the value 'b?' of a list holds a control character"

# Any text of up to eight bytes separates, a line break too.
sed 's/list: ";"/list: "\\n"/' kept.yaml >w/jihe.yaml
printf 'doc_id,account,team\nN-1,"1122\n6602",x\n' >lines.csv
expect 0 ingest lines.csv --date 2026-01-08 --quiet
sed 's/list: ";"/list: " ／ "/' kept.yaml >w/jihe.yaml
printf 'doc_id,account,team\nN-1,1122 ／ 6602 ／ ／,x\n' >wide.csv
expect 0 ingest wide.csv --date 2026-01-09 --quiet
list_rules >w/rules/rules.yaml
expect 0 run --from 2026-01-08 --to 2026-01-09 --rule travel --format csv --quiet
prints 'travel,,1,'
expect 0 snapshot dump 2026-01-09 --format csv
prints 'N-1,1122 ／ 6602 ／ ／,x'
