#!/bin/sh
# Travel claims: amounts with up to 17 digits, ids of two columns, timestamps with offsets.
. "$(dirname "$0")/real.sh"
real bpi2020_travel_claims

workspace main bpi2020_travel_claims.yaml
jihe ingest "$data/claims.csv.gz" --split --format csv --quiet >"$work/ingest.csv"
same "rows" "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$work/ingest.csv")" "$(fact rows/claims)"
days no >"$work/got"
awk 'NR > 1 { sub(/\r$/, ""); print }' "$data/facts_day.csv" >"$work/want"
same_file "claims per day" "$work/got" "$work/want"

# Cents rounded half even against the unrounded sum: each of the finer amounts is off by half a cent at most.
days yes | awk -F, -v want="$(fact amounts/sum)" -v n="$(fact amounts/finer_than_cents)" \
    '{ s += $3 } END { d = s / 100 - want; if (d < 0) d = -d; print (d <= n * 0.005 ? "near" : "far") }' >"$work/near"
same "money sum within rounding" "$(cat "$work/near")" near

# The facts compare unrounded amounts. In cents, an amount rounds up to a threshold when it lies half a cent or less below it.
thresholds amount >"$ws/rules/rules.yaml"
run 2017-01-01 2018-12-31
fact amounts/thresholds >"$work/thresholds"
while read -r t; do
    up=$(gzip -dc "$data/claims.csv.gz" | awk -F, -v t="$t" 'NR > 1 && $4 >= t - 0.005 && $4 < t { n++ } END { print n + 0 }')
    same "at least $t in cents" "$(frame "least-$t")" $(($(fact "amounts/thresholds/$t/at_least") + up))
done <"$work/thresholds"

# With six decimals the comparison is the unrounded one.
workspace fine bpi2020_travel_claims.yaml 's/finer: round/finer: round, scale: 6/'
jihe ingest "$data/claims.csv.gz" --split --quiet >/dev/null
thresholds amount >"$ws/rules/rules.yaml"
{
    echo "  - {id: zero, where: amount = 0, draw: {count: 1}}"
    echo "  - {id: unsubmitted, where: submitted is null, draw: {count: 1}}"
    echo "  - {id: rejected, where: rejections > 0, draw: {count: 1}}"
    fact findings/by_doc_type | while read -r t; do
        echo "  - {id: rejected-$t, where: rejections > 0 and doc_type = '$t', draw: {count: 1}}"
    done
} >>"$ws/rules/rules.yaml"
run 2017-01-01 2018-12-31
check_thresholds
same "zero" "$(frame zero)" "$(fact amounts/zero)"
same "never submitted" "$(frame unsubmitted)" "$(fact claims_without_submission_event)"
for t in $(fact findings/by_doc_type); do
    same "rejected $t" "$(frame "rejected-$t")" "$(fact "findings/by_doc_type/$t/with_rejection")"
done
{
    echo "rules:"
    sample_rules type ", by: doc_type"
    sample_rules whole ""
} >"$ws/rules/rules.yaml"
run 2018-12-01 2018-12-31
check_samples type sampling_2018_12/by_doc_type
check_samples whole sampling_2018_12/whole
jihe replay "$id"

workspace strict bpi2020_travel_claims.yaml 's/finer: round/finer: reject/; s/, role: business_date//'
if jihe ingest "$data/claims.csv.gz" --date 2018-12-31 --quiet >/dev/null 2>&1; then code=0; else code=$?; fi
same "finer amounts refused" "$code" 65
same "amounts finer than cents" "$(awk 'END { print NR - 1 }' "$ws/out/2018-12-31/rejects.csv")" "$(fact amounts/finer_than_cents)"

workspace numbers bpi2020_travel_claims.yaml 's/source: \[doc_type, case_id\]/source: doc_number/; s/, role: business_date//; s/name: doc_number, type: text/name: doc_no, source: doc_number, type: text/'
jihe ingest "$data/claims.csv.gz" --date 2018-12-31 --max-rejects 10000 --quiet >/dev/null 2>&1
same "surplus document numbers" "$(awk 'END { print NR - 1 }' "$ws/out/2018-12-31/rejects.csv")" \
    "$(fact duplicates/claims/doc_number/surplus_rows)"
finish
