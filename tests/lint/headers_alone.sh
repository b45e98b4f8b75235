#!/bin/sh
# Every public header compiles alone, and twice in a row, as C11 and as C++11; every header of engine/ as C11.
# usage: headers_alone.sh ROOT C-COMPILER C++-COMPILER
set -eu

root=$(cd "$1" && pwd) cc=$2 cxx=$3

# check FOLDER COMPILER OPTION...: compiles every header below FOLDER; false when one fails or there is none. The
# declaration keeps a unit from being empty, which -Wpedantic refuses.
check()
(
    cd "$1"
    shift
    find . -name '*.h' | sed 's|^\./||' | sort | {
        seen=0 bad=0
        while IFS= read -r header; do
            seen=$((seen + 1))
            printf '#include "%s"\n#include "%s"\nextern int alone;\n' "$header" "$header" |
                "$@" -fsyntax-only -Wall -Wextra -Wpedantic -Werror - || {
                echo "$header does not compile alone"
                bad=1
            }
        done
        echo "$seen headers: $*"
        [ "$seen" -gt 0 ] && [ "$bad" -eq 0 ]
    }
)

bad=0
check "$root/include" "$cc" -x c -std=c11 -I"$root/include" || bad=1
check "$root/include" "$cxx" -x c++ -std=c++11 -I"$root/include" || bad=1
check "$root/engine" "$cc" -x c -std=c11 -D_GNU_SOURCE -I"$root/engine" -I"$root/include" || bad=1
exit "$bad"
