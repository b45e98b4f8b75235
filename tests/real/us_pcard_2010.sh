#!/bin/sh
# Purchase-card transactions: amounts in European style, one snapshot per day of a year.
. "$(dirname "$0")/real.sh"
real us_pcard_2010

workspace main us_pcard_2010.yaml
jihe ingest "$data/transactions.csv.gz" --split --format csv 2>"$work/ingest.txt" >"$work/ingest.csv"
same "rows" "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$work/ingest.csv")" "$(fact rows)"
same "days" "$(awk 'NR > 1' "$work/ingest.csv" | wc -l)" "$(fact days/days)"
days yes >"$work/got"
awk 'NR > 1 { sub(/\r$/, ""); print }' "$data/facts_day.csv" >"$work/want"
same_file "documents and amounts per day" "$work/got" "$work/want"
same "sum in cents" "$(awk -F, '{ n += $3 } END { printf "%.0f\n", n }' "$work/got")" "$(fact amounts/sum | tr -d .)"

thresholds amount >"$ws/rules/rules.yaml"
{
    fact transtype | while read -r kind; do echo "  - {id: kind-$kind, where: kind = '$kind', draw: {count: 1}}"; done
    echo "  - {id: no-merchant, where: merchant_no is null, draw: {count: 1}}"
} >>"$ws/rules/rules.yaml"
run 2010-01-01 2010-12-31
check_thresholds
for kind in $(fact transtype); do same "type $kind" "$(frame "kind-$kind")" "$(fact "transtype/$kind")"; done
same "no merchant number" "$(frame no-merchant)" "$(fact ids/MERCHNUM_empty)"

{
    echo "rules:"
    sample_rules card ", by: card"
    sample_rules state ", by: state"
    sample_rules whole ""
} >"$ws/rules/rules.yaml"
run 2010-12-01 2010-12-31
check_samples card sampling_december/by_card
check_samples state sampling_december/by_merchant_state
check_samples whole sampling_december/whole
jihe replay "$id"

check_jumps card 11 2010-12-01 2010-12-31
jump_rule card 11 1.999999 skip
for month in $(fact volume_jump/flagged_by_target_month); do
    last=$(jihe snapshot list --format csv | awk -F, -v m="$month" 'substr($1, 1, 7) == m { d = $1 } END { print d }')
    run "$month-01" "$last"
    same "jumps of $month" "$(flagged | wc -l)" "$(fact "volume_jump/flagged_by_target_month/$month")"
done

# Equal rows: the id made of all their columns, so that a repeated row is a duplicate id. An empty cell is a value here.
workspace repeated us_pcard_2010.yaml \
    's/source: ROW_NO/source: [CARDNUM, DATE, MERCHNUM, MERCHDESCRIPTION, MERCHSTATE, MERCHZIP, TRANSTYPE, AMOUNT]/'
echo 'missing: []' >>"$ws/jihe.yaml"
jihe ingest "$data/transactions.csv.gz" --split --max-rejects 100000 --quiet >/dev/null 2>&1
same "surplus equal rows" "$(awk 'END { print NR - 1 }' "$ws/out/ingest-rejects.csv")" \
    "$(fact "duplicates/CARDNUM+DATE+MERCHNUM+MERCHDESCRIPTION+MERCHSTATE+MERCHZIP+TRANSTYPE+AMOUNT/surplus_rows")"
finish
