#!/bin/sh
# From a fresh clone to a demo: installs what is missing, builds the command, makes up a centre and audits it.
# usage: sh engine/quickstart.sh [DIR]      DIR: where the demo goes (default: build/demo-centre in the clone)
# A demo this script made earlier is replaced; any other directory is left alone.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
build=$home/build/quickstart
log=$build.log
ours=$home/build/demo-centre
demo=${1:-$ours}
mark=.made-by-quickstart # in a demo: this script may replace it

fail()
{
    echo "quickstart: $*" >&2
    exit 1
}

# quietly COMMAND...: its output goes to the log, and to the screen only if it fails.
quietly()
{
    "$@" >>"$log" 2>&1 || {
        cat "$log" >&2
        fail "'$*' failed; its output is above and in $log"
    }
}

[ $# -le 1 ] || fail 'usage: sh engine/quickstart.sh [DIR]'
case $demo in
/*) ;;
*) demo=$(pwd)/$demo ;;
esac
if [ -e "$demo" ] && [ "$demo" != "$ours" ] && [ ! -e "$demo/$mark" ]; then
    fail "$demo exists and was not made by this script; name another directory, or remove it yourself"
fi

echo '1/3 packages'
sh "$home/engine/setup.sh"

echo '2/3 build'
mkdir -p "$home/build" "$(dirname "$demo")"
: >"$log"
quietly cmake --preset release -S "$home" -B "$build" -DJIHE_TESTS=OFF
quietly cmake --build "$build"
jihe=$build/engine/cli/jihe

echo '3/3 demo'
rm -rf "$demo"
made=0
"$jihe" demo "$demo" || made=$?
[ ! -d "$demo" ] || (umask 077 && : >"$demo/$mark")
[ "$made" -eq 0 ] || fail "'jihe demo' ended with exit code $made"
[ -s "$demo/out/report.html" ] || fail "the demo left no $demo/out/report.html"

cat <<END

The report: $demo/out/report.html

Try next:
  alias jihe='$jihe'; export JIHE_WORKSPACE='$demo'
  jihe snapshot list    what is stored, day by day
  jihe rule list        the rules; they are text in $demo/rules
  jihe verify           every checksum, and the ledger from end to end
END
