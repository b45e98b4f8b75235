#!/bin/sh
# Runs rules/cases/*.case: rules and documents, and what must come of them. The README there has the format.
set -u
. "$(dirname "$0")/example.sh"

# section NAME: the file of that section, as split_case left it.
section()
{
    echo "section.$1"
}

# split_case FILE: one file for each section, with its arguments in a file of its own; comments and blank lines are only
# kept in rules. In front of every other line stands where it is from.
split_case()
{
    rm -f section.*
    awk '
        /^== / {
            name = "section." $2
            if ($2 !~ /^(rules|documents|roster|list|calendar|where|selected|flags)$/) {
                print FILENAME ":" FNR ": unknown section " $2 > "/dev/stderr"
                exit 1
            }
            printf "" > name
            print $3, $4 > (name ".argument")
            close(name ".argument")
            next
        }
        name == "" || name != "section.rules" && /^(#|[ \t]*$)/ { next }
        { print (name ~ /rules|documents|roster|list|calendar/ ? "" : FNR "\t") $0 > name }' "$1"
}

# The lines "EXPRESSION -> IDS; undecided IDS".
check_where()
{
    awk -F '\t' '{
        at = 0
        for (from = 1; (found = index(substr($2, from), " ->")) > 0; from += found)
            at = from + found - 1
        told = substr($2, at + 3)
        undecided = told
        if (!sub(/^.*; *undecided */, "", undecided))
            undecided = ""
        sub(/; *undecided.*/, "", told)
        gsub(/^ +| +$/, "", told)
        gsub(/^ +| +$/, "", undecided)
        expression = substr($2, 1, at - 1)
        sub(/ +$/, "", expression)
        print "line " $1 "\t" expression "\t" told "\t" undecided
    }' "$(section where)" >wheres.txt
    wheres wheres.txt
}

# The lines "RULE FRAME UNDECIDED FLAGGED SELECTED [IDS]", - where a rule has no flag.
check_selected()
{
    while IFS=$tab read -r at line; do
        # shellcheck disable=SC2086 # words
        set -- $line
        rule=$1
        shift
        figures=$(awk -F, -v rule="$rule" '$1 == rule { print $(NF - 3), $(NF - 2), $(NF - 1) == "" ? "-" : $(NF - 1), $NF }' \
            run.csv)
        right "$rule $figures" "$rule $1 $2 $3 $4" "line $at"
        shift 4
        [ $# -eq 0 ] || right "$(ids_of "$rule")" "$(printf '%s\n' "$@" | sort | tr '\n' ' ')" "line $at: documents"
    done <"$(section selected)"
}

ids_of()
{
    awk -F, -v rule="$1" '$1 == rule { print $3 }' hits.csv | sort | tr '\n' ' '
}

# The lines of 'jihe flags last' as CSV, in its order, without the name of the rule.
check_flags()
{
    expect 0 flags last --format csv
    right "$(sed '1d; s/^[^,]*,//' out)" "$(cut -f2 "$(section flags)")" 'flags'
}

# argument SECTION NUMBER: a word behind the section's name, empty when there is none.
argument()
{
    cut -d' ' -f"$2" "$(section "$1").argument"
}

# The rules named in the section "selected" run over the dates of the documents, or those that the section names.
check_rules()
{
    pack=$(argument rules 1)
    cp "${pack:+$home/rules/}${pack:-$(section rules)}" rules.yaml
    only rules.yaml
    first=$(argument selected 1)
    last=$(argument selected 2)
    [ -n "$first" ] || dates
    set --
    while IFS=$tab read -r at line; do
        set -- "$@" --rule "${line%% *}"
    done <"$(section selected)"
    selected "$@"
    check_selected
    [ ! -e "$(section flags)" ] || check_flags
}

tab=$(printf '\t')
for file in "$home"/rules/cases/*.case; do
    place=${file#"$home"/}
    split_case "$file" || fail "$place cannot be read"
    example
    store "$(section documents)"
    [ ! -e "$(section roster)" ] || expect 0 roster import "$(section roster)" --quiet
    mkdir w/lists w/calendar
    [ ! -e "$(section list)" ] || cp "$(section list)" "w/lists/$(argument list 1).txt"
    [ ! -e "$(section calendar)" ] || cp "$(section calendar)" w/calendar/calendar.csv
    [ ! -e "$(section where)" ] || check_where
    [ ! -e "$(section rules)" ] || check_rules
    [ -e "$(section where)" ] || [ -e "$(section rules)" ] || differs 'it has neither rules nor where'
done
[ "$checked" -ge 50 ] || fail "only $checked things were checked"
finish
