#!/bin/sh
# A shared library exports names that begin with jihe_, and no others.
# usage: exports.sh LIBRARY
set -eu

nm -D --defined-only "$1" | awk '
    { seen++ }
    $NF !~ /^jihe_/ { print "exported without the prefix jihe_: " $NF; bad = 1 }
    END {
        if (seen == 0)
            print "nothing is exported"
        exit bad || seen == 0
    }'
