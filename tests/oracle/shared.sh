#!/bin/sh
# shared.sh ORACLE_CHECK FILE...: these files of the shared oracle folder; skipped where there is none.
shared=${JIHE_SHARED:-$(dirname "$0")/../../../shared}
if [ ! -f "$shared/oracles/MANIFEST.csv" ]; then
    echo "skipped: no oracle files; set JIHE_SHARED to the folder that holds oracles/"
    exit 77
fi
check=$1
shift
exec "$check" "$shared/oracles" "$@"
