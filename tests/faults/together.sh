#!/bin/sh
# Many processes at once on one workspace: each either does what it was asked or ends with 75, having changed nothing; no
# acknowledgement is lost. Also when some are killed in the middle of it.
set -u
. "$(dirname "$0")/faults.sh"

workers=8
workspace w rules
extract 2026-01-05 1 240 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
everything()
{
    echo 'rules:'
    echo '  - {id: all, draw: all}'
}
everything >w/rules/rules.yaml
expect 0 run --date 2026-01-05 --seed s --quiet
expect 0 worklist last --raw
sed '1!s/,,,,,,,,$/,赵敏,pass,,,,,,/' out >filled.csv
worker=1
while [ $worker -le $workers ]; do
    { head -n 1 filled.csv && awk -v w=$worker 'NR > 1 && NR % 8 == w % 8' filled.csv; } >list$worker.csv
    extract 2026-02-0$worker ${worker}001 ${worker}050 >day$worker.csv
    worker=$((worker + 1))
done

# until_done NAME ARGUMENT...: again and again while the workspace is busy; the codes go to NAME.codes, one per line.
until_done()
{
    name=$1 code=75 tries=0
    shift
    while [ "$code" -eq 75 ] && [ $tries -lt 1000 ]; do
        code=0 tries=$((tries + 1))
        "$program" "$@" >"$name.out" 2>"$name.err" || code=$?
        echo "$code" >>"$name.codes"
    done
}

# work WORKER: a list recorded, a run made, a date sealed.
work()
{
    until_done "record$1" record "list$1.csv"
    until_done "run$1" run --date 2026-01-05 --seed "seed $1" --format json
    until_done "ingest$1" ingest "day$1.csv" --date "2026-02-0$1" --format csv
}

# check_work: what everyone was told is so.
check_work()
{
    for file in *.codes; do
        last=$(tail -n 1 "$file")
        ! grep -qvx '0\|75' "$file" || fail "$file: $(sort "$file" | uniq -c | tr '\n' ' ')"
        [ "$last" -eq 0 ] || fail "$file: ended with $last"
        ! grep -qx 75 "$file" || busy=$((busy + 1))
    done
    expect 0 verify --quiet
    expect 0 rate --format csv
    equal "$(awk -F, 'NR > 1 { sum += $1 } END { print sum }' out)" 240 'inspections in the ledger'
    expect 0 run list --format csv
    equal "$(lines out)" $((workers + 2)) 'lines of the run list'
    expect 0 snapshot list --format csv
    equal "$(lines out)" $((workers + 2)) 'lines of the snapshot list'
}

cp -R w untouched
busy=0 worker=1
while [ $worker -le $workers ]; do
    work $worker &
    worker=$((worker + 1))
done
wait
cat record*.out >acknowledged
equal "$(sed 's/^recorded \([0-9]*\) .*/\1/' acknowledged | sort -u)" 30 'inspections acknowledged to each'
check_work
echo "$busy of $((3 * workers)) commands met a busy workspace and came through"
[ $busy -gt 0 ] || fail 'nobody met another: the processes did not run at the same time'

# The same with every third command killed at one of its first calls that change files: the lock goes with its holder.
rm -rf w ./*.codes
mv untouched w
export FAULT=kill FAULT_NOTE="$T/struck"
for worker in 1 2 3 4 5 6 7 8; do
    (
        for at in 3 7 11 5; do
            FAULT_AT=$at LD_PRELOAD=$calls "$program" record list$worker.csv
            FAULT_AT=$((at * 5)) LD_PRELOAD=$calls "$program" ingest day$worker.csv --date 2026-02-0$worker
        done >killed$worker.out 2>&1
        work $worker
    ) 2>/dev/null &
done
wait
unset FAULT FAULT_NOTE
check_work
echo "and so they do beside $(lines "$T/struck") killed ones"
