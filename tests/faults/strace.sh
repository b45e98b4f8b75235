#!/bin/sh
# The kernel's view, through strace: the preloaded counting of calls misses none, and kill -9 or a refusal at each call of
# record, with the lines on standard output among them, loses nothing that was acknowledged.
set -u
. "$(dirname "$0")/faults.sh"

if ! strace -f -o /dev/null -e trace=write -e inject=write:error=EIO:when=99 true 2>/dev/null; then
    echo 'skipped: strace is not here or may not trace (it needs ptrace)'
    exit 77
fi
workspace base rules
export JIHE_WORKSPACE="$T/base"
extract 2026-01-05 1 60 >day.csv
{ extract 2026-01-06 61 90 && documents 2026-01-07 91 95; } >days.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
rows=$(($(lines filled.csv) - 1))
export JIHE_WORKSPACE="$T/w"

# All that changes files or makes them last, but descriptors 1 and 2 and what is opened to read. (sync_file_range is neither:
# it only lets the disk begin with what fsync makes sure of.)
changing=write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,msync,ftruncate,truncate,fallocate,rename
changing=$changing,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,symlinkat,chmod,fchmod
changing=$changing,fchmodat,sendfile,copy_file_range,open,openat,creat
for command in 'ingest days.csv --split' 'record filled.csv' 'run --date 2026-01-05 --seed t'; do
    fresh base
    # shellcheck disable=SC2086 # words
    strace -f -qq -o trace -e "trace=$changing" "$program" $command >out 2>err || fail "jihe $command under strace"
    seen=$(grep -v ' +++\| ---\|write([12], \|resumed>' trace | awk '!/open(at)?\(/ || /O_CREAT/' | wc -l)
    fresh base
    # shellcheck disable=SC2086 # words
    under none 1+ $command
    [ "$code" -eq 0 ] || fail "$called: exit code $code"
    equal "$(lines struck)" "$seen" "calls of 'jihe $command' that change files, counted by failing_calls and by the kernel"
    echo "$seen calls change files: jihe $command"
done

# after_strace FAULT: what was said is there; the list again records the rest.
after_strace()
{
    acknowledged=$(sed -n 's/^recorded \([0-9]*\) .*/\1/p' out)
    then_expect 0 verify --quiet
    then_expect 0 record filled.csv
    again=$(sed -n 's/^recorded \([0-9]*\) .*/\1/p' out)
    case ${acknowledged:-none}/$again in
    "$rows/0" | "none/0" | "none/$rows") ;;
    *) fail "$called: acknowledged ${acknowledged:-none}, recorded $again the second time, of $rows" ;;
    esac
}
times=0
for call in write pwrite64 writev fsync fdatasync ftruncate; do
    for fault in signal=KILL error=EIO error=ENOSPC; do
        n=0
        while
            n=$((n + 1)) code=0
            fresh base
            called="jihe record (strace $call:$fault:when=$n)"
            strace -f -o /dev/null -e "trace=$call" -e "inject=$call:$fault:when=$n" \
                "$program" record filled.csv >out 2>err || code=$?
            [ "$code" -ne 0 ]
        do
            times=$((times + 1))
            case $fault,$code in
            signal=KILL,137 | error=*,7[34]) ;;
            *) fail "$called: exit code $code" ;;
            esac
            after_strace
        done
        after_strace
    done
done
[ $times -gt 20 ] || fail "only $times faults"
echo "$times faults in jihe record"
