# Shared by the tests of rules/, which begin with: . "$(dirname "$0")/example.sh"; for what the command does, see case.sh.
# shellcheck shell=sh

home=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/cli/case.sh
. "$home/tests/cli/case.sh"
place= # where the example stands, for messages
wrong=0 checked=0

# differs TEXT...: one example is not as written; goes on to the next.
differs()
{
    echo "FAILED: $place: $*" >&2
    wrong=1
}

# right RESULT WRITTEN WHAT: one more thing checked.
right()
{
    checked=$((checked + 1))
    [ "$1" = "$2" ] || differs "$3: it is '$1', written is '$2'"
}

# example: a new workspace as 'jihe init' leaves it, in ./w; the command works on it from then on.
example()
{
    rm -rf w
    expect 0 init w --quiet
    export JIHE_WORKSPACE=w
}

# store FILE: takes documents into the workspace, one snapshot for each date. Columns of jihe.yaml that the file does not
# have are empty; a row with {1-60} in its id is sixty rows.
store()
{
    sed -n 's/^  - {.* source: \([^,}]*\),.*/\1/p' w/jihe.yaml >headers
    grep -v -e '^#' -e '^ *$' "$1" | awk '
        NR == FNR { header[NR] = $0; count = NR; next }
        FNR == 1 {
            for (i = 1; i <= count; i++)
                if (index("," $0 ",", "," header[i] ",") == 0) {
                    names = names "," header[i]
                    blank = blank ","
                }
            print $0 names
            next
        }
        match($0, /[{][0-9]+-[0-9]+[}]/) {
            split(substr($0, RSTART + 1, RLENGTH - 2), bound, "-")
            for (i = bound[1] + 0; i <= bound[2] + 0; i++)
                print substr($0, 1, RSTART - 1) i substr($0, RSTART + RLENGTH) blank
            next
        }
        { print $0 blank }' headers - >documents.csv
    expect 0 ingest documents.csv --split --quiet
    dates
}

# dates: sets $first and $last to those of the documents stored.
dates()
{
    expect 0 snapshot list --format csv
    first=$(sed -n 2p out | cut -d, -f1) last=$(sed -n '$p' out | cut -d, -f1)
}

# only FILE: makes it the workspace's only file of rules.
only()
{
    rm -f w/rules/*.yaml
    cp "$1" w/rules/
}

# selected OPTION...: evaluates the rules from $first to $last; ./run.csv has a line for each rule, ./hits.csv for each hit.
# shellcheck disable=SC2120 # options are passed by cases.sh
selected()
{
    expect 0 run --from "$first" --to "$last" --seed example --format csv --quiet "$@"
    sed 1d out >run.csv
    expect 0 hits last --format csv
    sed 1d out >hits.csv
}

# wheres FILE: each line is NAME, EXPRESSION, the documents it is true for and those it is undecided for, divided by tabs.
# Every expression is asked twice, as it is and denied: a document in neither frame is undecided.
wheres()
{
    awk -F '\t' 'BEGIN { print "rules:" } {
        printf "  - id: yes%d\n    where: |\n      %s\n    draw: all\n", NR, $2
        printf "  - id: no%d\n    where: |\n      not (%s)\n    draw: all\n", NR, $2
    }' "$1" >wheres.yaml
    only wheres.yaml
    # shellcheck disable=SC2119
    selected
    sed '1d; s/,.*//' documents.csv >ids
    awk '
        FILENAME == "ids" { id[++count] = $0; next }
        FILENAME == "hits.csv" { split($0, field, ","); hit[field[1], field[3]] = 1; next }
        FILENAME == "run.csv" { last = split($0, field, ","); undecided[field[1]] = field[last - 2]; next }
        {
            split($0, cell, "\t")
            n++
            check("true", list("yes" n, ""), cell[3])
            check("undecided", list("yes" n, "no" n), cell[4])
            check("number undecided", undecided["yes" n], split(cell[4], word, " "))
        }
        # The documents that rule a selects; where b is named, those that neither a nor b selects.
        function list(a, b,    i, text) {
            for (i = 1; i <= count; i++)
                if (b == "" ? (a, id[i]) in hit : !((a, id[i]) in hit) && !((b, id[i]) in hit))
                    text = text (text == "" ? "" : " ") id[i]
            return text
        }
        function check(what, got, written) {
            if (got != written)
                print cell[1] ": " cell[2] ": " what " is \"" got "\", written is \"" written "\""
        }' ids hits.csv run.csv "$1" >differences
    while IFS= read -r line; do
        differs "$line"
    done <differences
    checked=$((checked + $(lines "$1")))
}

finish()
{
    echo "$checked checked"
    exit "$wrong"
}
