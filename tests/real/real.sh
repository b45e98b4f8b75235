# Shared by the tests on real data. Usage in a test: . "$(dirname "$0")/real.sh"; real DATASET
# Environment: JIHE (the command), FACT (tests/real/fact), JIHE_SHARED. Exit 77 means skipped.
set -eu
LC_ALL=C; export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
failures=0

real() {
    data="${JIHE_SHARED:-$here/../../../shared}/data/$1"
    if [ ! -f "$data/facts.json" ]; then
        echo "skipped: no data at $data (set JIHE_SHARED)"
        exit 77
    fi
    # Hundreds of small snapshots are synced: on a memory file system where there is one.
    if [ -d /dev/shm ] && [ -w /dev/shm ]; then base=/dev/shm; else base=${TMPDIR:-/tmp}; fi
    work=$(mktemp -d "$base/jihe-real.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
}

fact() { "$FACT" "$data/facts.json" "$1"; }

# workspace NAME YAML [PERL-FREE SED EXPRESSION]: a new workspace $work/NAME with tests/real/YAML as jihe.yaml.
workspace() {
    ws="$work/$1"
    "$JIHE" init "$ws" --quiet
    sed "${3:-}" "$here/$2" >"$ws/jihe.yaml"
}

jihe() { "$JIHE" "$@" --workspace "$ws"; }

# same WHAT GOT WANTED
same() {
    if [ "$2" = "$3" ]; then
        echo "ok: $1: $2"
    else
        echo "FAILED: $1: got $2, the facts say $3"
        failures=$((failures + 1))
    fi
}

# same_file WHAT GOT WANTED: two files
same_file() {
    if cmp -s "$2" "$3"; then
        echo "ok: $1: $(wc -l <"$2") lines"
    else
        echo "FAILED: $1: (got <, facts >)"
        diff "$2" "$3" | head -n 10
        failures=$((failures + 1))
    fi
}

# selected RULE / frame RULE: of the run whose CSV is in $work/run.csv
selected() { awk -F, -v r="$1" '$1 == r { print $NF }' "$work/run.csv"; }
frame() { awk -F, -v r="$1" '$1 == r { print $(NF - 3) }' "$work/run.csv"; }

# run FROM TO: evaluates the workspace's rules; $id names the run, the second call finds it recorded
run() {
    id=$(jihe run --from "$1" --to "$2" --seed 0 --format json --quiet | sed 's/^{"run":"\([^"]*\)".*/\1/')
    jihe run --from "$1" --to "$2" --seed 0 --format csv --quiet >"$work/run.csv"
}

# thresholds COLUMN: writes rules over-T and least-T for every threshold of the facts
thresholds() {
    echo "rules:"
    fact amounts/thresholds | while read -r t; do
        echo "  - {id: over-$t, where: $1 > $t, draw: {count: 1}}"
        echo "  - {id: least-$t, where: $1 >= $t, draw: {count: 1}}"
    done
}

check_thresholds() {
    fact amounts/thresholds >"$work/thresholds"
    while read -r t; do
        same "over $t" "$(frame "over-$t")" "$(fact "amounts/thresholds/$t/over")"
        same "at least $t" "$(frame "least-$t")" "$(fact "amounts/thresholds/$t/at_least")"
    done <"$work/thresholds"
}

# sample_rules NAME BY-CLAUSE WHERE: rules NAME-0.01 ... for the four ratios
sample_rules() {
    for rate in 0.01 0.05 0.10 0.20; do
        echo "  - {id: $1-$rate, where: \"${3:-}\", draw: {rate: $rate$2}}"
    done
}

# check_samples NAME FACT-PATH
check_samples() {
    for rate in 0.01 0.05 0.10 0.20; do
        same "$1 at $rate" "$(selected "$1-$rate")" "$(fact "$2/sample_size/$rate/ceil")"
    done
}

# Dates, documents and totals (minor units) of the stored snapshots, as in facts_day.csv. $1 yes: with totals.
days() {
    jihe snapshot list --format csv | awk -F, -v money="$1" 'NR > 1 {
        sum = $6; sub(/^[^=]*=/, "", sum); sub(/\./, "", sum); sub(/^-0+/, "-", sum); sub(/^0+/, "", sum)
        if (sum == "") sum = "0"
        print $1 "," $3 "," (money == "yes" ? sum : "") }'
}

# The people that the last `run` flags.
flagged() { jihe flags "$id" --format csv | awk -F, '$4 == "flagged" { print $3 }' | sort; }

# jump_rule COLUMN MONTHS RATIO ABSENT: the workspace's only rule
jump_rule() {
    printf 'rules:\n  - {id: jump, flag: {jump: %s, test: ratio, baseline: %s months, ratio: %s, min_months: 3, absent: %s}, draw: {rate: 20%%, by: %s, at_least: 5}}\n' \
        "$1" "$2" "$3" "$4" "$1" >"$ws/rules/rules.yaml"
}

# check_jumps PERSON BASELINE FROM TO: all lists of the facts. The facts flag at count >= 2 x median; a rule flags above its
# ratio, so 1.999999 is the same for counts under a million, and 2 is the strict reading of facts_volume_jump.csv.
check_jumps() {
    jump_rule "$1" "$2" 1.999999 skip
    run "$3" "$4"
    flagged >"$work/got"
    fact volume_jump/flagged_active | sort >"$work/want"
    same_file "volume jumps, active months" "$work/got" "$work/want"
    jump_rule "$1" "$2" 1.999999 zero
    run "$3" "$4"
    flagged >"$work/got"
    fact volume_jump/flagged_zero_filled | sort >"$work/want"
    same_file "volume jumps, idle months as zero" "$work/got" "$work/want"
    jump_rule "$1" "$2" 2 skip
    run "$3" "$4"
    flagged >"$work/got"
    awk -F, 'NR > 1 && $3 >= 3 && $2 > $4 { print $1 }' "$data/facts_volume_jump.csv" | sort >"$work/want"
    same_file "volume jumps, strictly above" "$work/got" "$work/want"
}

finish() {
    if [ "$failures" -ne 0 ]; then
        echo "$failures facts disagree"
        exit 1
    fi
    echo "all facts agree"
}
