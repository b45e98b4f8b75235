#!/bin/sh
# Keeps the folder order of DESIGN section 7: reads every #include of engine/ and include/.
# usage: include_order.sh ROOT
set -eu

find "$1/engine" "$1/include" -name '*.[ch]' -exec awk -v root="$1" '
BEGIN {
    count = split("base stats store codec config ingest snapshot expr rule sample ledger rate report api", order, " ")
    for (i = 1; i <= count; i++)
        rank[order[i]] = i
    rank["cli"] = count + 1

    # Libraries that one folder hides from all others.
    owner["lmdb.h"] = "store"
    owner["msgpack.h"] = "codec"
    owner["msgpack"] = "codec" # <msgpack/...>
    owner["libfyaml.h"] = "config"
    owner["libfyaml"] = "config"

    count = split("stdarg.h stdbool.h stddef.h stdint.h inttypes.h limits.h", standard, " ")
    for (i = 1; i <= count; i++)
        plain[standard[i]] = 1 # what a public header may take from the system
    count = split("jansson.h utf8proc.h xxhash.h zlib.h openssl", library, " ")
    for (i = 1; i <= count; i++)
        third_party[library[i]] = 1
}

FNR == 1 {
    path = substr(FILENAME, length(root) + 2)
    split(path, part, "/")
    from = part[1] == "include" ? "include" : part[2]
    if (from != "include" && !(from in rank))
        complain("engine/" from " has no place in the order; add it to tests/lint/include_order.sh")
}

/^[ \t]*#[ \t]*include/ {
    name = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
    mark = substr(name, 1, 1)
    name = substr(name, 2)
    sub(/[>"].*/, "", name)
    to = name
    sub(/\/.*/, "", to) # the folder, or the whole name where there is none

    if (mark != "<" && mark != "\"" || name ~ /\.\./)
        complain("an include is written \"folder/name.h\" or <name.h>, plainly")
    else if (to in owner && from != owner[to])
        complain("only engine/" owner[to] " may include " name)
    else if (to == "jihe")
        ;
    else if (to in rank && to != name)
        engine_folder()
    else if (mark == "\"")
        complain("\"" name "\" names no folder; write \"" from "/" name "\"")
    else if (from == "include" && !(name in plain))
        complain("a public header may not include <" name ">")
    else if (from == "cli" && to in third_party)
        complain("engine/cli sees only include/jihe, not " name)
}

# An include of a folder of engine/. ingest may use the snapshot writer, so snapshot may not use ingest.
function engine_folder()
{
    if (from == "include")
        complain("a public header may not include " name)
    else if (from == "cli" && to != "cli")
        complain("engine/cli sees only include/jihe, not " name)
    else if (from == "snapshot" && to == "ingest" || rank[to] > rank[from] && !(from == "ingest" && to == "snapshot"))
        complain("engine/" from " may not include " name ": engine/" to " does not stand above it")
}

function complain(what)
{
    print path ":" FNR ": " what
    bad = 1
}

END { exit bad }
' {} +
