# Shared by the fault tests, which begin with: . "$(dirname "$0")/faults.sh"
# Their arguments: the program, then what CMakeLists.txt builds here: failing_calls, failing_malloc, peak, damage.
# shellcheck shell=sh

# Thousands of syncs, hundreds of copies: in memory where there is room for it.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
    TMPDIR=/dev/shm
    export TMPDIR
fi
. "$(dirname "$0")/../cli/case.sh"
peak=$4 damage=$5
# The loader takes a space in LD_PRELOAD for the next name: the libraries get names without one.
calls=$base/failing_calls.so mallocs=$base/failing_malloc.so
ln -s "$2" "$calls"
ln -s "$3" "$mallocs"

# called_with ARGUMENT...: runs jihe like expect, sets $code, and leaves $called as it is.
called_with()
{
    code=0
    { "$program" "$@" >"$T/out" 2>"$T/err"; } 2>/dev/null || code=$?
}

# then_expect CODE ARGUMENT...: what has to work after the fault; a failure names the call with the fault too.
then_expect()
{
    cause=$called wanted=$1
    shift
    called_with "$@"
    [ "$code" -eq "$wanted" ] || fail "$cause, then jihe $*: exit code $code, expected $wanted"
}

# refused CODE...: the last call ended with one of these and said so in one line.
refused()
{
    for wanted in "$@"; do
        [ "$code" -ne "$wanted" ] || break
    done
    [ "$code" -eq "$wanted" ] || fail "$called: exit code $code, expected one of $*"
    [ "$(grep -c '^jihe: ' "$T/err")" -eq 1 ] || fail "$called: not one line 'jihe: ...'"
}

# fresh NAME: ./w becomes a copy of the workspace ./NAME, or is gone when there is none.
fresh()
{
    rm -rf "$T/w"
    [ ! -d "$T/$1" ] || cp -pR "$T/$1" "$T/w"
}

# under FAULT NUMBER ARGUMENT...: runs jihe with this fault in its NUMBER-th call that changes files (failing_calls.c) and
# sets $code; false when there were not so many calls.
under()
{
    called="$1 at call $2" fault=$1 number=$2
    shift 2
    rm -f "$T/struck"
    export FAULT="$fault" FAULT_AT="$number" FAULT_NOTE="$T/struck" LD_PRELOAD="$calls"
    called_with "$@"
    unset FAULT FAULT_AT FAULT_NOTE LD_PRELOAD
    [ -f "$T/struck" ] || return 1
    called="jihe $* ($called, $(head -n 1 "$T/struck"))"
}

# each_call FAULT AFTER ARGUMENT...: runs jihe on a fresh copy of ./base with this fault in its first call that changes
# files, then in its second, and so on until there is no such call; each time the function AFTER looks at what is left.
# A fault that ends with '+' stays from that call on.
each_call()
{
    kind=${1%+} more=${1#"${1%+}"} after=$2 call=1
    shift 2
    while fresh base && under "$kind" "$call$more" "$@"; do
        "$after" "$@"
        call=$((call + 1))
    done
    [ "$code" -eq 0 ] || fail "jihe $*: exit code $code without a fault"
    [ "$call" -gt 5 ] || fail "jihe $*: only $call calls were seen"
    echo "$kind$more at each of $((call - 1)) calls: jihe $*"
}

# The directories of ./w, and its files with their digests: what two histories of the same commands have in common. The
# pages of ledger.mdb may lie in another order; its content is in its chain, which verify compares with the anchor.
state()
{
    (cd "$T/w" && find . -type d && find . -type f ! -name 'ledger.mdb*' ! -name lock -exec sha256sum {} +) | sort -k 2
}

# whole: ./w passes its check and is what an undisturbed command left behind (the file ./whole).
whole()
{
    then_expect 0 verify --quiet
    state >"$T/state"
    same "$T/whole" "$T/state" "$called: not the state of an undisturbed run"
}
