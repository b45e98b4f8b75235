#!/bin/sh
# Builds and runs every test: all of them in a release build with warnings as errors, then the unit tests, the lints
# and the tests of the command (but for the slowest) under the address and undefined-behaviour sanitizers.
# usage: sh tests/run.sh [quick]      quick: only the first part
# The last line printed is 'N passed, N failed, N skipped'; the exit code is 0 only if nothing failed.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
JIHE_SHARED=${JIHE_SHARED-$home/../shared} # oracles and real data; tests that want them are skipped where it is not there
export JIHE_SHARED
passed=0 failed=0 skipped=0

case $#,${1-} in
0, | 1,quick) ;;
*)
    echo 'usage: sh tests/run.sh [quick]' >&2
    exit 64
    ;;
esac

# build PRESET DIR OPTION...: configures and builds, showing the output only of a failure.
build()
{
    preset=$1 dir=$2
    shift 2
    echo "building $dir"
    {
        cmake --preset "$preset" -S "$home" -B "$dir" "$@" && cmake --build "$dir"
    } >"$dir.log" 2>&1 || {
        cat "$dir.log" >&2
        return 1
    }
}

# run DIR OPTION...: runs CTest and adds its counts, taken from the summary that ends its log.
run()
{
    dir=$1
    shift
    : >"$dir/ctest.log"
    ctest --test-dir "$dir" -j2 --output-on-failure --no-tests=error --output-log "$dir/ctest.log" "$@" || broken=1
    counts=$(awk '
        / tests passed, [0-9]+ tests failed out of [0-9]+$/ { bad = $4; all = $NF; skipped = off = 0 }
        /^\t *[0-9]+ - .* \(Skipped\)$/ { skipped++ } # within "all"
        /^\t *[0-9]+ - .* \(Disabled\)$/ { off++ }    # not within it
        END { print all - bad - skipped, bad + 0, skipped + off }' "$dir/ctest.log")
    # shellcheck disable=SC2086 # three numbers
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

broken=0
sh "$home/engine/setup.sh" tests
mkdir -p "$home/build"

# The benchmarks are built too, so that they cannot rot.
if build release "$home/build/tests" -DJIHE_STRICT=ON -DJIHE_TESTS=ON -DJIHE_BENCH=ON; then
    run "$home/build/tests"
    if [ "${1-}" = quick ]; then
        :
    elif build asan "$home/build/tests-asan"; then
        run "$home/build/tests-asan" -E '^(cli\.demo|faults\.|real\.|bench\.)'
    else
        failed=$((failed + 1))
    fi
else
    failed=1
fi

[ "$failed" -gt 0 ] || failed=$broken # a CTest that failed without a failed test is a failure all the same
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
