#!/bin/sh
# Copies of bench/rules.yaml as one rule file: the constants of each copy are its own, what many rules of a centre say alike
# (status = 'posted', no condition at all) stays alike. The first copy is the original, but for its ids.
# usage: more_rules.sh COPIES      1 to 99; 11 make the 132 rules that the goals speak of
set -eu

copies=${1-}
case $copies in
[1-9] | [1-9][0-9]) ;;
*)
    echo 'usage: more_rules.sh COPIES      1 to 99' >&2
    exit 64
    ;;
esac

awk -v copies="$copies" '
    # All codes of the form HEAD and six digits, moved on.
    function moved(line, head, step, out) {
        while (match(line, "\047" head "[0-9][0-9][0-9][0-9][0-9][0-9]\047")) {
            out = out substr(line, 1, RSTART + length(head)) \
                sprintf("%06d", substr(line, RSTART + 1 + length(head), 6) + step)
            line = substr(line, RSTART + RLENGTH - 1)
        }
        return out line
    }
    # Six of the 40 types.
    function types(k, i, out) {
        for (i = 0; i < 6; i++)
            out = out (i > 0 ? ", " : "") "\047" family[(i + k) % 8 + 1] "-" ending[(2 * i + k) % 5 + 1] "\047"
        return out
    }
    /^ / { body[++lines] = $0 }
    END {
        split("LOAN KYC TAX FEE WIRE CLM CARD ACCT", family)
        split("STD EXT ADJ REV URG", ending)
        print "rules:"
        for (k = 0; k < copies; k++)
            for (i = 1; i <= lines; i++) {
                line = moved(moved(body[i], "EMP", 37 * k), "", 7 * k)
                if (line ~ /- id:/)
                    line = line sprintf("-%02d", k)
                sub(/amount >= 100000$/, "amount >= " (100000 + 5000 * k), line)
                sub(/amount >= 50000$/, "amount >= " (50000 + 1000 * k), line)
                sub(/between 8000 and/, "between " (8000 - 50 * k) " and", line)
                sub(/count: 1000/, "count: " (1000 + 10 * k), line)
                sub(/07:00:00/, sprintf("07:%02d:00", k % 60), line)
                if (line ~ /doc_type in/ && k > 0)
                    line = "    where: doc_type in (" types(k) ")"
                print line
            }
    }' "$(dirname "$0")/rules.yaml"
