#!/bin/sh
# Proves the set-up scripts where nothing is installed: makes a minimal Debian 12 root, copies this clone in (what git
# tracks or would track, as it stands now), and runs the two commands of the README there. Needs root and debootstrap.
# usage: sh tests/fresh_root.sh [setup|all]    setup: only the packages; all (the default): quickstart and tests too
# JIHE_MIRROR   the Debian mirror; else the one this machine's apt uses
# TMPDIR        where the root is made (about 2 GB; not on a file system mounted nodev); removed at the end
set -eu

suite=bookworm
home=$(cd "$(dirname "$0")/.." && pwd)

fail()
{
    echo "fresh_root: $*" >&2
    exit 1
}

case ${1-all} in
setup) steps='sh engine/setup.sh tests; sh engine/setup.sh tests' ;;
all) steps='sh engine/quickstart.sh; sh tests/run.sh' ;;
*) fail 'usage: sh tests/fresh_root.sh [setup|all]' ;;
esac
[ "$(id -u)" -eq 0 ] || fail 'must be root (chroot, mount)'
command -v debootstrap >/dev/null || fail 'debootstrap is not installed (apt-get install debootstrap)'

# shellcheck disable=SC2016 # the format is apt's, not the shell's
mirror=${JIHE_MIRROR:-$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$suite" '$1 == suite && $2 == "main" { print $3; exit }')}
[ -n "$mirror" ] || fail "apt has no source for $suite main here; name a mirror with JIHE_MIRROR=..."

work=$(mktemp -d "${TMPDIR:-/tmp}/jihe-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP
root=$work/root

echo "fresh_root: debootstrap $suite minbase"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 || {
    tail -n 20 "$work/debootstrap.log" >&2
    fail 'debootstrap failed'
}

clone="$root/srv/a clone"
mkdir -p "$clone" "$root/dev/shm"
git -C "$home" ls-files -z --cached --others --exclude-standard |
    tar -C "$home" --null --files-from=- --ignore-failed-read -cf - | tar -C "$clone" -xf -

# Private mounts: they vanish with the process, so that nothing outside can be removed by the trap above.
echo "fresh_root: $steps"
# shellcheck disable=SC2016 # expanded by the inner shell
unshare --mount --pid --fork --propagation private sh -euc '
    mount -t proc proc "$1/proc"
    mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
    exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        sh -exc "cd \"/srv/a clone\"; $2"
' sh "$root" "$steps"
echo 'fresh_root: done'
