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
finish
