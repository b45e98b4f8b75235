#!/bin/sh
# kill -9 during init: half a workspace is none, and the same command again finishes it.
set -u
. "$(dirname "$0")/faults.sh"

expect 0 init whole
(cd whole && find . | sort) >parts

# After a kill.
killed()
{
    equal "$code" 137 "$called: exit code"
    [ -f w/jihe.yaml ] || then_expect 66 verify --workspace w
    if [ -f w/jihe.yaml ]; then then_expect 73 init w; else then_expect 0 init w; fi
    then_expect 0 verify --workspace w
    (cd w && find . | sort) >found
    same parts found "$called: not the parts of a workspace"
    equal "$(wc -c <w/ledger/secret)" 65 "$called: length of the secret"
}
each_call kill killed init w
each_call tear killed init w

# What is not an interrupted init is left alone.
mkdir other
echo mine >other/file
expect 73 init other
equal "$(ls other)" file 'the directory of somebody else'
