#!/bin/sh
# Paths of this repository that the documents name in backticks exist. A path is a word that begins with one of the top
# folders; patterns (*, <folder>, NAME, ...) are not looked up.
# usage: doc_paths.sh ROOT
set -eu

cd "$1"
# shellcheck disable=SC2016 # backticks of Markdown
find . \( -name .git -o -path ./build \) -prune -o -name '*.md' -print | sort | tr '\n' '\0' | xargs -0 awk '
    {
        count = split($0, piece, "`")
        for (i = 2; i <= count; i += 2) {
            words = split(piece[i], word, " ")
            for (w = 1; w <= words; w++)
                if (word[w] ~ /^(engine|tests|rules|include|bench|\.ci)\//)
                    print FILENAME ":" FNR "\t" word[w]
        }
    }' /dev/null | {
    bad=0
    tab=$(printf '\t')
    while IFS=$tab read -r place path; do
        path=$(printf '%s\n' "$path" | sed 's/[,;:.)]*$//; s/:[0-9]*$//')
        case $path in
        *[*\<\>{}\$]* | *...* | *NAME* | *FOLDER*) continue ;;
        esac
        if [ ! -e "$path" ]; then
            echo "$place: $path does not exist"
            bad=1
        fi
    done
    exit "$bad"
}
