#!/bin/sh
# Runs the README's tour: every block "```sh tour" in order, in one directory, and compares what it prints with the block
# "```text tour" behind it. usage: readme.sh [--write]: with --write the README's text blocks are replaced by what was printed.
# Environment: JIHE, the command.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
readme=$here/../../README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/bin" "$work/tour"
ln -s "$JIHE" "$work/bin/jihe"
PATH=$work/bin:$PATH LC_ALL=C.UTF-8 LANG=C.UTF-8
export PATH LC_ALL LANG
unset LANGUAGE

# The blocks as files: 01.sh, 01.txt, 02.sh ...
awk -v dir="$work" '
    /^```sh tour$/ { n++; out = sprintf("%s/%02d.sh", dir, n); next }
    /^```text tour$/ { out = sprintf("%s/%02d.txt", dir, n); printf "" >out; next }
    /^```$/ { out = ""; next }
    out != "" { print >out }' "$readme"

cat "$work"/*.sh >/dev/null # there must be some
cd "$work/tour"
unset JIHE_WORKSPACE
for block in "$work"/??.sh; do
    name=${block%.sh}
    if ! (. "$block") >"$name.got" 2>&1; then
        echo "the block failed:"
        cat "$block" "$name.got"
        exit 1
    fi
    if grep -q '^export JIHE_WORKSPACE=' "$block"; then # blocks share the shell a reader has
        eval "$(grep '^export JIHE_WORKSPACE=' "$block")"
    fi
done

if [ "${1-}" = --write ]; then
    awk -v dir="$work" '
        /^```sh tour$/ { n++ }
        /^```text tour$/ { print; file = sprintf("%s/%02d.got", dir, n); while ((getline line <file) > 0) print line; skip = 1; next }
        /^```$/ { skip = 0 }
        !skip { print }' "$readme" >"$work/README.md"
    cat "$work/README.md" >"$readme"
    exit 0
fi

failures=0
for want in "$work"/??.txt; do
    if ! diff -u "$want" "${want%.txt}.got"; then
        failures=$((failures + 1))
    fi
done
echo "$(ls "$work"/??.txt | wc -l) blocks compared, $failures differ"
[ "$failures" -eq 0 ]
