#!/bin/sh
# Small rules on names and words: file names are unique across engine/; no reminders left in the text; no gt() in C
# tests (Criterion 2.4.1 compiles it and compares wrongly).
# usage: words.sh ROOT
set -eu

cd "$1"
bad=0

twice=$(find engine -name '*.[ch]' -o -name '*.def' | sed 's|.*/||' | sort | uniq -d)
if [ -n "$twice" ]; then
    echo "file names used more than once in engine/: $(echo "$twice" | tr '\n' ' ')"
    bad=1
fi

# The brackets keep these lines from finding themselves. grep exits 0 when it found something.
if find . \( -name .git -o -path ./build \) -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.md' -o -name '*.yaml' -o -name CMakeLists.txt \) -print |
    sort | tr '\n' '\0' | xargs -0 grep -nwE 'TOD[O]|FIXM[E]|XX[X]|HAC[K]' /dev/null; then
    echo 'reminders: do it, or write an issue'
    bad=1
fi

if find tests -name '*.c' | sort | tr '\n' '\0' | xargs -0 grep -nE '(^|[^[:alnum:]_])g[t]\(' /dev/null; then
    echo 'gt() does not work in Criterion 2.4.1: compare with > inside cr_assert'
    bad=1
fi
exit "$bad"
