#!/bin/sh
# Vendor payments: negative and zero amounts, real duplicates; the vendor stands for the person.
. "$(dirname "$0")/real.sh"
real corp_payments_2010

workspace main corp_payments_2010.yaml
jihe ingest "$data/payments.csv.gz" --split --format csv --quiet >"$work/ingest.csv"
same "rows" "$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$work/ingest.csv")" "$(fact rows)"
days yes >"$work/got"
awk 'NR > 1 { sub(/\r$/, ""); print }' "$data/facts_day.csv" >"$work/want"
same_file "documents and amounts per day" "$work/got" "$work/want"
same "sum in cents" "$(awk -F, '{ n += $3 } END { printf "%.0f\n", n }' "$work/got")" "$(fact amounts/sum | tr -d .)"

thresholds amount >"$ws/rules/rules.yaml"
{
    echo "  - {id: negative, where: amount < 0, draw: all}"
    echo "  - {id: zero, where: amount = 0.00, draw: all}"
} >>"$ws/rules/rules.yaml"
run 2010-01-01 2010-12-31
check_thresholds
same "negative" "$(selected negative)" "$(fact amounts/negative)"
same "zero" "$(selected zero)" "$(fact amounts/zero)"
{
    echo "rules:"
    sample_rules vendor ", by: vendor"
    sample_rules whole ""
} >"$ws/rules/rules.yaml"
run 2010-12-01 2010-12-31
check_samples vendor sampling_december/by_vendor
check_samples whole sampling_december/whole
jihe replay "$id"
check_jumps vendor 11 2010-12-01 2010-12-31

# Duplicates: ids made of the columns in question, all in one snapshot.
for key in VendorNum+Date+InvNum+Amount VendorNum+InvNum VendorNum+InvNum+Amount InvNum; do
    workspace "dup-$key" corp_payments_2010.yaml "s/source: ROW_NO/source: [$(echo "$key" | sed 's/+/, /g')]/; s/, role: business_date//"
    jihe ingest "$data/payments.csv.gz" --date 2010-12-31 --max-rejects 200000 --quiet >/dev/null 2>&1
    same "surplus rows of $key" "$(awk 'END { print NR - 1 }' "$ws/out/2010-12-31/rejects.csv")" "$(fact "duplicates/$key/surplus_rows")"
    printf 'duplicates: number\n' >>"$ws/jihe.yaml"
    ! jihe ingest "$data/payments.csv.gz" --date 2010-12-31 --quiet >/dev/null 2>"$work/refused" || same "a sealed date is refused" no yes
    jihe ingest "$data/payments.csv.gz" --date 2010-12-30 --quiet --format csv >"$work/ingest.csv"
    same "rows when numbered" "$(awk -F, 'NR > 1 { print $3 }' "$work/ingest.csv")" "$(fact rows)"
done
finish
