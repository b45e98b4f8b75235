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

# Leading digits of each vendor's payments against Benford's law: chi-square, mean deviation and verdict of every vendor with 1,000
# of them, computed here from the file.
printf 'rules:\n  - {id: first, flag: {digits: amount, by: vendor}, draw: all}\n' >"$ws/rules/rules.yaml"
run 2010-01-01 2010-12-31
jihe flags "$id" --format csv | grep -v 'not tested' | sed 's/^first,digits,//; s/,,,.*"\(chi-square [0-9.]*, mean deviation [0-9.]* of which chance gives [0-9.]*\).*/,\1/' |
    sed 1d | sort >"$work/got"
gzip -dc "$data/payments.csv.gz" | tr -d '\r' | awk -F, '
    NR > 1 {
        all[$2]++; digits = $NF; gsub(/[-.]/, "", digits); sub(/^0*/, "", digits)
        if (digits != "") { n[$2]++; count[$2, substr(digits, 1, 1)]++ }
    }
    END {
        pi = atan2(0, -1)
        for (v in n) {
            if (n[v] < 1000) continue
            chisq = mad = chance = 0
            for (d = 1; d <= 9; d++) {
                share = log(1 + 1 / d) / log(10); apart = count[v, d] - n[v] * share
                chisq += apart * apart / (n[v] * share); mad += (apart < 0 ? -apart : apart) / n[v] / 9
                chance += sqrt(2 * share * (1 - share) / pi / n[v]) / 9
            }
            # 15.507 is the 95 % quantile of chi-square with 8 degrees of freedom: whoever deviates by 0.015 is far beyond it
            printf "%s,%s,,%d,chi-square %s, mean deviation %.4f of which chance gives %.4f\n", v,
                (mad - chance > 0.015 && chisq > 50 ? "flagged" : "normal"), all[v], sprintf((chisq < 100 ? "%.1f" : "%.0f"), chisq), mad, chance
        }
    }' | sort >"$work/want"
same_file "leading digits by vendor" "$work/got" "$work/want"
same "vendors tested" "$(awk 'END { print NR }' "$work/got")" 22
jihe replay "$id"

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
