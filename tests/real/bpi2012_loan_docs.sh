#!/bin/sh
# Loan applications and the employees who handled them.
. "$(dirname "$0")/real.sh"
real bpi2012_loan_docs

workspace applications bpi2012_applications.yaml
jihe ingest "$data/applications.csv.gz" --split --format csv --quiet >"$work/ingest.csv"
same "applications" "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$work/ingest.csv")" "$(fact rows/applications)"
days yes >"$work/got"
awk 'NR > 1 { sub(/\r$/, ""); print }' "$data/facts_day.csv" >"$work/want"
same_file "applications and amounts per day" "$work/got" "$work/want"
same "sum in euros" "$(awk -F, '{ n += $3 } END { printf "%.0f\n", n / 100 }' "$work/got")" "$(fact amounts/sum)"
thresholds amount >"$ws/rules/rules.yaml"
run 2011-10-01 2012-02-29
check_thresholds

workspace events bpi2012_loan_docs.yaml
jihe ingest "$data/events.csv.gz" --split --format csv --quiet >"$work/ingest.csv"
same "events" "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$work/ingest.csv")" "$(fact rows/events)"
{
    echo "rules:"
    fact lifecycle | while read -r state; do echo "  - {id: is-$state, where: lifecycle = '$state', draw: {count: 1}}"; done
    echo "  - {id: nobody, where: resource is null, draw: {count: 1}}"
    sample_rules resource ", by: resource" "lifecycle = 'COMPLETE' and resource is not null"
} >"$ws/rules/rules.yaml"
run 2011-10-01 2012-03-31
for state in $(fact lifecycle); do same "$state" "$(frame "is-$state")" "$(fact "lifecycle/$state")"; done
same "events of nobody" "$(frame nobody)" "$(fact events_without_resource)"
run 2012-02-01 2012-02-29
check_samples resource sampling_2012_02_completed_events/by_resource
jihe replay "$id"

# The facts count completed steps with an employee; tallies count what was ingested, so only those go in.
workspace completed bpi2012_loan_docs.yaml
gzip -dc "$data/events.csv.gz" | awk -F, 'NR == 1 || $5 == "COMPLETE"' >"$work/completed.csv"
jihe ingest "$work/completed.csv" --split --quiet >/dev/null
check_jumps resource 4 2012-02-01 2012-02-29

# Paces: nobody's February was rushed; then every other step of 11122 is of the moment of the one before it.
pace_rule="  - {id: pace, flag: {pace: resource, of: at, by: activity}, draw: all}"
printf 'rules:\n%s\n' "$pace_rule" >"$ws/rules/rules.yaml"
run 2012-02-29 2012-02-29
jihe flags "$id" --format csv >"$work/paces"
same "people whose pace is tested" "$(awk -F, '$4 == "normal" { n++ } END { print (n >= 30 ? "many" : n) }' "$work/paces")" many
same "people flagged as they were" "$(awk -F, '$4 == "flagged" { print $3 }' "$work/paces" | tr '\n' ' ')" ""
awk -F, '$6 ~ /^11122\r?$/ && $3 ~ /^2012-02/ { print $3 "," $1 "," $2 }' "$work/completed.csv" | sort |
    awk -F, 'NR % 2 == 0 { print $2 "," $3 "," before } { before = $1 }' >"$work/moved"
awk -F, -v OFS=, 'NR == FNR { at[$1 "," $2] = $3; next } ($1 "," $2) in at { $3 = at[$1 "," $2] } { print }' \
    "$work/moved" "$work/completed.csv" >"$work/rushed.csv"
workspace rushed bpi2012_loan_docs.yaml
jihe ingest "$work/rushed.csv" --split --quiet >/dev/null
printf 'rules:\n%s\n' "$pace_rule" >"$ws/rules/rules.yaml"
run 2012-02-29 2012-02-29
same "people flagged with one who rushes" "$(jihe flags "$id" --format csv | awk -F, '$4 == "flagged" { print $3 }' | tr '\n' ' ')" "11122 "
jihe replay "$id"
finish
