#!/bin/sh
# jump.sh [PEOPLE] [MONTHS]: what a volume jump over months of tallies costs a run (20,000 people, 24 months of baseline and the
# month under test by default): the same run with the flag and without, best of five each.
# usage: BUILD=<build directory> sh bench/jump.sh
set -eu
people=${1:-20000} months=${2:-24}
jihe=$(cd "${BUILD:?say where jihe is built: BUILD=DIRECTORY}" && pwd)/engine/cli/jihe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$jihe" init w --quiet
cat >w/jihe.yaml <<'END'
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: doc_id, source: id, type: id}
  - {name: business_date, source: date, type: date, format: "%Y-%m-%d", role: business_date}
  - {name: reviewer, source: who, type: category, role: person}
END
# 21 days a month; each person a document or two a day, in an order of its own each day; every thousandth twice as many in the end.
awk -v people="$people" -v months=$((months + 1)) 'BEGIN {
    print "id,date,who"
    for (m = 0; m < months; m++)
        for (d = 1; d <= 21; d++) {
            day++
            step = 7919 + 2 * day
            while (gcd(step, people) > 1) step++
            for (i = 0; i < people; i++) {
                p = (i * step + day) % people
                count = 1 + ((p * 31 + day * 17) % 7 < 2)
                if (m == months - 1 && p % 1000 == 7) count *= 3
                for (n = 0; n < count; n++)
                    printf "%d-%d-%d,%04d-%02d-%02d,员工%05d\n", day, p, n, 2024 + int(m / 12), m % 12 + 1, d, p
            }
        }
}
function gcd(a, b) { return b == 0 ? a : gcd(b, a % b) }' | JIHE_WORKSPACE=w "$jihe" ingest - --split --quiet >list.txt
last=$(tail -n 1 list.txt | cut -d' ' -f1)
echo "$(sed '1,2d' list.txt | wc -l) snapshots, $(awk 'NR > 2 { n += $3 } END { print n }' list.txt) documents, $people people, until $last"
cat >w/rules/rules.yaml <<END
rules:
  - {id: plain, draw: {rate: 1%}, window: month}
  - {id: jump, flag: {jump: reviewer, baseline: $months months}, draw: {rate: 20%, by: reviewer}}
END
# best RULE: the shortest of five runs, in milliseconds
best()
{
    for i in 1 2 3 4 5; do
        begun=$(date +%s%N)
        JIHE_WORKSPACE=w "$jihe" run --date "$last" --rule "$1" --seed "$1$i" --quiet >/dev/null
        echo $((($(date +%s%N) - begun) / 1000000))
    done | sort -n | head -n 1
}
plain=$(best plain) jump=$(best jump)
echo "a run without the flag $plain ms, with it $jump ms: the flag $((jump - plain)) ms"
JIHE_WORKSPACE=w "$jihe" flags last --format csv | cut -d, -f4 | sort | uniq -c
