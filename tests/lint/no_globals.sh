#!/bin/sh
# No object of the engine keeps process-wide state: nothing writable at file scope, in a function's statics, or per thread.
# usage: no_globals.sh ARCHIVE
set -eu

objdump -t "$1" | awk '
    /:[ \t]+file format / { object = $1; objects++ }
    # address flags section, tab, size name; the flag "d" marks the section itself
    /\t/ {
        split($0, half, "\t")
        words = split(half[1], word, " ")
        section = word[words]
        if (section ~ /^(\.t?bss|\.t?data|\*COM\*)/ && section !~ /^\.data\.rel\.ro/ && word[words - 1] != "d") {
            print object " writable data: " $NF
            bad = 1
        }
    }
    END {
        if (objects == 0)
            print "no objects in the archive"
        exit bad || objects == 0
    }'
