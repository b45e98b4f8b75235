#!/bin/sh
# Every lint finds what it is for: a small clean tree passes, and each planted fault fails with a message that names it.
# usage: selftest.sh C-COMPILER C++-COMPILER
set -eu

lint=$(cd "$(dirname "$0")" && pwd)
cc=$1 cxx=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree="$work/a tree"
bad=0 checks=0

# clean: a tree with which every lint is content.
clean()
{
    rm -rf "$tree"
    mkdir -p "$tree/include/jihe" "$tree/engine/base" "$tree/engine/store" "$tree/engine/codec" "$tree/engine/ingest" \
        "$tree/engine/snapshot" "$tree/engine/cli" "$tree/tests"
    printf '#include <stdint.h>\n#include "jihe/b.h"\n' >"$tree/include/jihe/a.h"
    printf '#define B 1\n' >"$tree/include/jihe/b.h"
    printf '#include <stdio.h>\n#include "jihe/a.h"\n' >"$tree/engine/base/text.h"
    printf '#include <lmdb.h>\n#include "base/text.h"\n' >"$tree/engine/store/env.c"
    printf '#include "snapshot/writer.h"\n' >"$tree/engine/ingest/rows.c"
    printf '#include "store/env.h"\n' >"$tree/engine/snapshot/writer.c"
    printf '#include <stdio.h>\n#include "cli/table.h"\n#include "jihe/a.h"\n' >"$tree/engine/cli/main.c"
    printf 'int main(void) { return target(1) || gt_(2); }\n' >"$tree/tests/test_a.c"
    # shellcheck disable=SC2016 # backticks of Markdown
    printf 'See `engine/base/text.h:3`, `sh engine/setup.sh`; not `tests/unit/<folder>` or engine/none.\n' \
        >"$tree/README.md"
    : >"$tree/engine/setup.sh"
}

# plant FILE TEXT: adds a line to a file of a fresh clean tree.
plant()
{
    clean
    printf '%s\n' "$2" >>"$tree/$1"
}

# finds PATTERN LINT ARGUMENT...: the lint fails and says something that matches.
finds()
{
    pattern=$1 script=$2
    shift 2
    checks=$((checks + 1))
    said=0
    sh "$lint/$script" "$@" >"$work/said" 2>&1 || said=$?
    if [ "$said" -eq 0 ] || ! grep -q -e "$pattern" "$work/said"; then
        echo "$script: expected a failure that says '$pattern', got exit code $said and:"
        sed 's/^/    /' "$work/said"
        bad=1
    fi
}

# passes LINT ARGUMENT...
passes()
{
    script=$1
    shift
    checks=$((checks + 1))
    sh "$lint/$script" "$@" >"$work/said" 2>&1 || {
        echo "$script: expected to pass, but it says:"
        sed 's/^/    /' "$work/said"
        bad=1
    }
}

order()
{
    plant "$1" "$2"
    finds "$3" include_order.sh "$tree"
}

clean
passes include_order.sh "$tree"
order engine/base/text.h '#include "store/env.h"' 'engine/base may not include store/env.h'
order engine/base/text.h ' #  include <codec/pack.h>' 'engine/base may not include codec/pack.h'
order engine/store/env.c '#include "../codec/pack.h"' 'plainly'
order engine/store/env.c '#include PACK_H' 'plainly'
order engine/store/env.c '#include "env.h"' 'names no folder'
order engine/snapshot/writer.c '#include "ingest/rows.h"' 'engine/snapshot may not include ingest/rows.h'
order engine/base/text.h '#include <lmdb.h>' 'only engine/store may include lmdb.h'
order engine/store/env.c '#include <msgpack.h>' 'only engine/codec may include msgpack.h'
order engine/store/env.c '#include <msgpack/pack.h>' 'only engine/codec may include msgpack/pack.h'
order engine/base/text.h '#include <libfyaml.h>' 'only engine/config may include libfyaml.h'
order engine/cli/main.c '#include "base/text.h"' 'engine/cli sees only include/jihe'
order engine/cli/main.c '#include <jansson.h>' 'engine/cli sees only include/jihe'
order include/jihe/a.h '#include <jansson.h>' 'a public header may not include <jansson.h>'
order include/jihe/a.h '#include "base/text.h"' 'a public header may not include base/text.h'
mkdir "$tree/engine/util"
echo 'int x;' >"$tree/engine/util/x.c"
finds 'engine/util has no place' include_order.sh "$tree"

clean
passes headers_alone.sh "$tree" "$cc" "$cxx"
plant include/jihe/a.h 'uint64_t a(size_t n, FILE *file);'
finds 'jihe/a.h does not compile alone' headers_alone.sh "$tree" "$cc" "$cxx"
plant include/jihe/b.h 'int b(int *restrict p);' # C11, but not C++11
finds 'jihe/b.h does not compile alone' headers_alone.sh "$tree" "$cc" "$cxx"
plant include/jihe/b.h 'struct b { int x; };' # not twice: no guard
finds 'jihe/b.h does not compile alone' headers_alone.sh "$tree" "$cc" "$cxx"
plant engine/base/text.h 'struct y *jh_x(jh_buf *out);'
finds 'base/text.h does not compile alone' headers_alone.sh "$tree" "$cc" "$cxx"

clean
passes words.sh "$tree"
plant engine/store/text.h '/* a second text.h */'
finds 'more than once in engine/: text.h' words.sh "$tree"
plant engine/base/text.h '/* TO''DO: later */'
finds 'engine/base/text.h:3:' words.sh "$tree"
plant README.md 'FIX''ME'
finds 'README.md:2:' words.sh "$tree"
plant tests/test_a.c 'cr_assert(g''t(int, 2, 1));'
finds 'tests/test_a.c:2:' words.sh "$tree"

clean
passes doc_paths.sh "$tree"
# shellcheck disable=SC2016 # backticks of Markdown
plant README.md 'run `sh tests/none.sh` (`engine/nothing.c:7`)'
finds 'README.md:2: tests/none.sh does not exist' doc_paths.sh "$tree"
finds 'README.md:2: engine/nothing.c does not exist' doc_paths.sh "$tree"

# object C-TEXT: makes $work/part.o of it, with a table of constants that holds pointers beside it.
object()
{
    printf '%s\n' 'static const int one = 1; const int *const table[] = { &one, &one };' "$1" |
        "$cc" -x c -std=c11 -fPIC -c -o "$work/part.o" -
    rm -f "$work/part.a"
    ar rcs "$work/part.a" "$work/part.o"
}

object 'int f(void); int f(void) { return *table[0]; }'
passes no_globals.sh "$work/part.a"
for global in 'int counter;' 'static int flag = 1; int *g(void) { return &flag; }' '_Thread_local int last;' \
    'int h(void) { static int calls; return ++calls; }' 'const char *name = "x";'; do
    object "$global"
    finds 'part.o: writable data' no_globals.sh "$work/part.a"
done

# library C-TEXT: makes $work/part.so of it.
library()
{
    printf '%s\n' "$1" | "$cc" -x c -std=c11 -fPIC -shared -o "$work/part.so" -
}

library 'int jihe_a(void); int jihe_a(void) { return 1; }'
passes exports.sh "$work/part.so"
library 'int jihe_a(void) { return 1; } int jh_b(void) { return 2; }'
finds 'jh_b' exports.sh "$work/part.so"
library 'static int a(void) { return 1; } __attribute__((visibility("hidden"))) int b(void) { return a(); }'
finds 'nothing is exported' exports.sh "$work/part.so"

echo "$checks checks of lints"
exit "$bad"
