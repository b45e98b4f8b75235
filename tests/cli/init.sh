#!/bin/sh
# A workspace is made once, found through --workspace, JIHE_WORKSPACE or the current directory, and refused when it is
# not one, not ours alone, or wrongly described.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

expect 0 init new
says 'made the workspace new'
for part in jihe.yaml rules ledger snapshots out; do
    [ -e "new/$part" ] || fail "init made no $part"
done
expect 0 rule check --workspace new
expect 0 verify --workspace=new --quiet
silent

expect 73 init new
says 'not empty'
expect 73 init new/jihe.yaml
mkdir empty
expect 0 init empty --quiet
silent

expect 66 verify
says "no workspace at ."
expect 66 verify --workspace nowhere
says "no workspace at nowhere"
expect 64 verify --workspace ''
JIHE_WORKSPACE=new expect 0 verify
JIHE_WORKSPACE=nowhere expect 0 verify --workspace new
JIHE_WORKSPACE='' expect 66 verify
cd new || exit 1
expect 0 verify
cd .. || exit 1

# Others may not be able to change what is a document here.
chmod o+w new/jihe.yaml
expect 77 verify --workspace new
says 'chmod go-w'
chmod o-w new/jihe.yaml
chmod g+w new
expect 77 verify --workspace new
chmod g-w new

printf 'workspace: 1\ntimezone: UTC\ncolumns:\n  - {name: doc_id, type: id}\n  - {name: amount, type: mony}\n' >new/jihe.yaml
expect 78 verify --workspace new
says 'jihe.yaml:5:26: '
says "'mony'"
printf 'workspace: 1\ncolumns: [\n' >new/jihe.yaml
expect 78 verify --workspace new
grep -Eq 'jihe\.yaml:[0-9]+:[0-9]+: ' err || fail 'no position in the message about a broken jihe.yaml'
