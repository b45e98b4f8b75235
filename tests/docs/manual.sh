#!/bin/sh
# Runs every example of rules/README.md in a workspace as 'jihe init' makes it:
#   ```yaml      the whole set of rules, in the file that its first line names; it must be right, unless a console block follows
#   ```csv       the documents of the conditions; a later one, of the blocks that follow; of people, a roster
#   ```text      a file of the workspace, named by its first line: a list, a calendar, a roster
#   ```yaml of jihe.yaml, with a ```csv behind it: other columns of the same names and their documents, for the next table
#   ```console   what 'jihe ...' prints in the workspace, messages and all
#   tables       by the first words of their heads: conditions and their documents, draws and their sizes, people and
#                their verdicts, mistakes and their messages
set -u
. "$(dirname "$0")/example.sh"
manual=$home/rules/README.md
tab=$(printf '\t')
seen=' '

# Blocks and tables as files in their order, block.LINE.KIND. Of a table: the line number and the cells, divided by tabs,
# without the backticks that stand around all of a cell.
split_manual()
{
    awk '
        /^```/ && fence == "" {
            fence = substr($0, 4)
            if (fence !~ /^(yaml|csv|text|console)$/) {
                print FILENAME ":" FNR ": a block of kind " fence > "/dev/stderr"
                exit 1
            }
            file = sprintf("block.%04d.%s", FNR, fence)
            printf "" > file
            next
        }
        /^```/ { fence = ""; close(file); next }
        fence != "" { print > file; next }
        !/^\|/ { table = ""; next }
        table == "" {
            table = $0 ~ /^\| where \| in words/ ? "where" : $0 ~ /^\| documents \| draw/ ? "draws" : \
                $0 ~ /^\| reviewer \|/ ? "jumps" : $0 ~ /^\| where \| jihe says/ ? "conditions" : \
                $0 ~ /^\| line \| jihe says/ ? "lines" : "other"
            file = sprintf("block.%04d.%s", FNR, table)
        }
        table != "other" && !/^\|---/ {
            count = split($0, cell, / *\| */)
            line = "line " FNR
            for (i = 2; i < count; i++) {
                if (cell[i] ~ /^`[^`]*`$/)
                    cell[i] = substr(cell[i], 2, length(cell[i]) - 2)
                line = line "\t" cell[i]
            }
            print line > file
        }' "$1"
}

# here ARGUMENT...: jihe called inside the workspace, as the reader does; output and messages go where this function's go.
here()
(
    cd w && unset JIHE_WORKSPACE && "$program" "$@" 2>&1
)

# follows BLOCK KIND: the next block is of that kind.
follows()
{
    set -- "$2" "$(printf '%s\n' block.* | grep -A1 -xF "$1" | tail -n 1)"
    [ "${2##*.}" = "$1" ]
}

check_yaml()
{
    name=$(sed -n '1s|^# rules/\([a-z]*\.yaml\)$|\1|p' "$1")
    [ -n "$name" ] || differs 'the first line of a yaml block is the name of its file: # rules/NAME.yaml'
    cp "$1" "${name:=mine.yaml}"
    only "$name"
    follows "$1" console || right "$(here rule check)" "$(grep -c '^  - id: ' "$1" |
        sed 's/$/ rules are right/; s/^1 rules are/1 rule is/')" 'rule check'
}

# Lists and calendars go where rules ask for them, a roster into the ledger.
check_text()
{
    name=$(sed -n '1s|^# \([a-z]*/\{0,1\}[a-z0-9]*\.[a-z]*\)$|\1|p' "$1")
    [ -n "$name" ] || differs 'the first line of a text block is the name of its file: # lists/NAME.txt'
    mkdir -p w/lists w/calendar
    sed 1d "$1" >"w/${name:=lists/unnamed.txt}"
    [ "$name" != roster.csv ] || expect 0 roster import w/roster.csv --quiet
}

# The lines of the block instead of those of the same columns, and the csv block behind it: for the next table of conditions.
check_declared()
{
    mv w w.kept
    mv documents.csv documents.kept
    example
    sed 1d "$1" >declared
    awk '
        function name_of(line) { return match(line, /[{]name: [^,]*/) ? substr(line, RSTART, RLENGTH) : "" }
        FILENAME == "declared" { if (name_of($0) != "") by[name_of($0)] = $0; next }
        name_of($0) in by && name_of($0) != "" { $0 = by[name_of($0)] }
        { print }' declared w.kept/jihe.yaml >w/jihe.yaml
    if cmp -s w/jihe.yaml w.kept/jihe.yaml; then differs 'jihe.yaml has no such column'; fi
    store "$(printf '%s\n' block.*.csv | awk -v at="$1" '{ split($0, mine, "."); split(at, its, ".") } mine[2] > its[2] { print; exit }')"
}

# Back to the documents of all other conditions.
check_back()
{
    [ -d w.kept ] || return 0
    rm -rf w
    mv w.kept w
    mv documents.kept documents.csv
    dates
}

# Other documents for the blocks that follow; people are imported into a workspace of their own.
check_csv()
{
    case $(head -n 1 "$1") in
    人员,* | person,*)
        expect 0 init people --quiet
        expect 0 roster import "$1" --workspace people --quiet
        rm -rf people
        ;;
    *)
        example
        store "$1"
        ;;
    esac
}

check_console()
{
    while IFS= read -r line; do
        case $line in
        '$ jihe '*)
            echo "$line"
            # shellcheck disable=SC2086 # words
            here ${line#'$ jihe '} || :
            ;;
        '$'*) differs "only jihe is run here: $line" ;;
        esac
    done <"$1" >console
    checked=$((checked + 1))
    diff "$1" console >differences || differs "console: '<' is written, '>' is so:
$(cat differences)"
}

check_where()
{
    sed 1d "$1" | awk -F '\t' '{ print $1 "\t" $2 "\t" $4 "\t" $5 }' >conditions
    wheres conditions
}

# NUMBER of documents | DRAW | SELECTED: the documents are those of a team of that size.
check_draws()
{
    example
    sed 1d "$1" | cut -f2 | sort -un | awk 'BEGIN { print "单据编号,过账日期,班组" }
        { for (i = 1; i <= $1; i++) printf "%s-%d,2026-11-02,T%s\n", $1, i, $1 }' >teams.csv
    store teams.csv
    sed 1d "$1" | awk -F '\t' 'BEGIN { print "rules:" }
        { printf "  - {id: r%d, where: team = '\''T%s'\'', draw: %s}\n", NR, $2, $3 }' >draws.yaml
    only draws.yaml
    selected
    sed 1d "$1" | cut -f4 >written
    right "$(awk -F, '{ print $NF }' run.csv | tr '\n' ' ')" "$(tr '\n' ' ' <written)" 'sizes of the draws'
    example # later blocks are about the eight documents again
    store "$(printf '%s\n' block.*.csv | head -n 1)"
}

# PERSON | documents in each month | CHANGE OF POST | EXPECTED | VERDICT and reason, by the rule of the last yaml block. The
# documents are those of the first week with a Monday in it.
check_jumps()
{
    cp w/rules/*.yaml jump.yaml
    example
    only jump.yaml
    for month in $(sed -n 1p "$1" | tr '\t' '\n' | grep '^20'); do
        echo "$month $(((8 - $(date -u -d "$month-01" +%u)) % 7 + 1))"
    done >mondays
    awk -F '\t' 'NR == FNR { split($0, at, " "); monday[at[1]] = at[2]; next }
    FNR == 1 { for (i = 3; $i ~ /^20/; i++) month[i] = $i; months = i; print "单据编号,过账日期,初审人,状态"; next } {
        for (i = 3; i < months; i++)
            for (n = 1; n <= $i; n++)
                printf "D-%d-%d-%d,%s-%02d,%s,已过账\n", FNR, i, n, month[i], monday[month[i]] + n % 5, $2
    }' mondays "$1" >months.csv
    store months.csv
    awk -F '\t' 'BEGIN { print "person,unit,post,from,to" }
        NR > 1 && $(NF - 2) != "" { printf "%s,组,初审,2025-01-01,\n%s,组,复核,%s,\n", $2, $2, $(NF - 2) }' "$1" >roster.csv
    expect 0 roster import roster.csv --quiet
    last_month=$(sed -n 1p "$1" | tr '\t' '\n' | grep '^20' | tail -n 1)
    expect 0 run --from "$last_month-01" --to "$last_month-31" --rule volume-jump --quiet
    expect 0 flags last --format csv
    sed 1d out | awk -F, '{ print $3 "," $6 "," $8 "," $4 ($5 == "" ? "" : ": " $5) }' | sort >got
    awk -F '\t' 'NR == 1 { for (i = 3; $i ~ /^20/; i++) last = i } NR > 1 { print $2 "," $last "," $(NF - 1) "," $NF }' "$1" |
        sort >written
    right "$(cat got)" "$(cat written)" 'verdicts'
}

# message FILE COLUMN: what 'rule check' says of the workspace's rules, without file, line and character.
message()
{
    here rule check | sed 's|^jihe: \./rules/[a-z]*\.yaml:[0-9]*:[0-9]*: ||'
}

check_conditions()
{
    sed 1d "$1" >mistakes
    while IFS=$tab read -r at condition says; do
        printf 'rules:\n  - id: x\n    where: |\n      %s\n    draw: all\n' "$condition" >mistake.yaml
        only mistake.yaml
        right "$(message)" "$says" "$at"
    done <mistakes
}

check_lines()
{
    sed 1d "$1" >mistakes
    while IFS=$tab read -r at line says; do
        case $line in
        draw*) printf 'rules:\n  - id: x\n    %s\n' "$line" ;;
        *) printf 'rules:\n  - id: x\n    %s\n    draw: all\n' "$line" ;;
        esac >mistake.yaml
        only mistake.yaml
        right "$(message)" "$says" "$at"
    done <mistakes
}

place=rules/README.md
split_manual "$manual" || fail "$place cannot be read"
example
first_block=$(printf '%s\n' block.*.csv | head -n 1)
store "$first_block"
declared=

for block in block.*; do
    kind=${block##*.}
    place=rules/README.md:$(echo "$block" | sed 's/^block\.0*//; s/\..*//')
    seen="$seen$kind "
    case $kind in
    yaml)
        if [ "$(head -n 1 "$block")" = '# jihe.yaml' ]; then check_declared "$block"; else check_yaml "$block"; fi
        ;;
    csv) [ "$block" = "$first_block" ] || [ -n "$declared" ] || check_csv "$block" ;;
    text) check_text "$block" ;;
    console) check_console "$block" ;;
    where)
        check_where "$block"
        check_back
        ;;
    draws) check_draws "$block" ;;
    jumps) check_jumps "$block" ;;
    conditions) check_conditions "$block" ;;
    lines) check_lines "$block" ;;
    esac
    declared=$(sed -n '1s/^# jihe.yaml$/yes/p' "$block") # the documents behind it are its own
done

# A table whose head was reworded would go unseen.
for kind in yaml csv text console where draws jumps conditions lines; do
    case $seen in
    *" $kind "*) ;;
    *) differs "no example of kind $kind" ;;
    esac
done
finish
