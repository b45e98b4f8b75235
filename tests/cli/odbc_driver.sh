#!/bin/sh
# Drivers that keep values back, lie, or fail in the middle (odbc_stub.c): a value is stored whole or not at all.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"
stub=$2
workspace w rules

# stub CASE CODE [ARGUMENT...]
stub()
{
    letter=$1 code=$2
    shift 2
    expect "$code" ingest --odbc "DRIVER=$stub;CASE=$letter;PWD=geheim" --query 'select 摘要' --date 2026-04-01 "$@"
    ! grep -q geheim err || fail 'the password is in the message'
}

# A value of 40,000 units where 11 were announced, and more than is fetched at a time: with its length, and without.
{
    echo "$header"
    for i in 1 2 3 4 5; do
        awk -v i=$i 'BEGIN {
            text = i
            if (i == 3) {
                text = ""
                for (n = 0; n < 40000; n++)
                    text = text (n % 1000 == 7 ? sprintf("%c%c%c", 228, 184, 128 + n / 1000) : sprintf("%c", 97 + n % 26))
            }
            printf "S-%d,2026-04-01,%d,%d,%d,%s\n", i, i, i, i, text
        }'
    done
} >whole.csv
expect 0 ingest whole.csv --date 2026-04-01 --quiet
for letter in a b; do
    stub $letter 0 --format csv --quiet
    prints ',5,true,'
done

# Drivers that cannot give it again, with its length and without; one that gives another; one that has no long value.
for letter in c j; do
    stub $letter 65
    says "row 3 of the query: the value of '摘要' is cut by the driver"
done
stub e 65
says 'another length'
stub d 65
says 'already sealed with other content'

# Half of a surrogate pair is no text; an error within the rows; a failure between them, with and without a connection.
stub f 65
equal "$(cut -d, -f1-4 w/out/2026-04-01/rejects.csv | sed 1d)" 'query,2,6,odbc-encoding' 'reject of half a pair'
stub g 65
says 'fetching row 4 of the query'
stub h 69
says '08S01'
says 'PWD ***'
stub i 65
stub k 69
stub z 69
expect 64 ingest --odbc "DRIVER=$stub;CASE=a" --query 'select 摘 要' --date 2026-04-01
equal "$(ls w/snapshots)" 2026-04-01 'snapshots'
equal "$(ls w/snapshots/2026-04-01)" r1 'revisions'
