#!/bin/sh
# Installs the Debian packages that jihe needs.
# usage: sh engine/setup.sh [tests|fuzz]      with "tests", also what the tests need; with "fuzz", what the fuzzers need
set -eu

build='gcc g++ cmake ninja-build pkg-config liblmdb-dev libmsgpack-dev libfyaml-dev libjansson-dev libxxhash-dev
    libssl-dev libutf8proc-dev zlib1g-dev libzstd-dev unixodbc-dev
    libpcre2-dev tzdata'
tests='libcriterion-dev libpcg-cpp-dev lmdb-utils strace gzip binutils postgresql odbc-postgresql
    libsqliteodbc sqlite3 python3'
fuzz='clang libclang-rt-14-dev'

case $#,${1-} in
0,) wanted=$build ;;
1,tests) wanted="$build $tests" ;;
1,fuzz) wanted="$build $fuzz" ;;
*)
    echo 'usage: sh engine/setup.sh [tests|fuzz]' >&2
    exit 64
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo 'setup: this system has no apt-get (Debian 12 is the one we test on); install the like of these by hand:' \
        "$(echo "$wanted" | tr -s ' \n' ' ')" >&2
    exit 69
fi

missing=
for package in $wanted; do
    # shellcheck disable=SC2016 # the format is dpkg-query's, not the shell's
    state=$(dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null) || state=
    case $state in
    installed*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: cannot install packages: not root and no sudo here; as root, run: apt-get install$missing" >&2
        exit 77
    fi
    as_root=sudo
fi

install()
{
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
        -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

echo "setup: installing$missing"
install update
# shellcheck disable=SC2086 # a list of words
install --no-install-recommends install $missing
