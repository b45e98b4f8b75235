#!/bin/sh
# The rule packs fit the jihe.yaml that 'jihe init' writes, alone and together.
set -u
. "$(dirname "$0")/example.sh"
example
cp -R "$home/rules/lists" w/ # what some packs ask

for pack in "$home"/rules/*.yaml; do
    place=${pack#"$home"/}
    only "$pack"
    expect 0 rule check
    expect 0 rule list --format csv
    right "$(sed 1d out | cut -d, -f2 | grep -c .)" "$(grep -c '^  - id: ' "$pack")" 'rules with a title'
    right "$(grep -c '^    title: .*[^ -~]' "$pack")" "$(grep -c '^  - id: ' "$pack")" 'titles in Chinese'
done

place=rules
cp "$home"/rules/*.yaml w/rules/
expect 0 rule check
right "$(cat out)" "$(cat "$home"/rules/*.yaml | grep -c '^  - id: ') rules are right" 'all packs together'
finish
