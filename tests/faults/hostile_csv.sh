#!/bin/sh
# Hostile extracts through a pipe: each is refused with 65 and one line that says where and what, in bounded memory, and
# nothing is stored. Then what only looks hostile.
set -u
. "$(dirname "$0")/faults.sh"

most_memory=65536 # KiB resident; 100 MB fields must not fit
workspace w rules
extract 2026-01-05 1 50 >day.csv
expect 0 ingest day.csv --date 2026-01-05 --quiet
expect 0 run --date 2026-01-05 --seed s --quiet
good=$(extract 2026-03-01 1 1)

# ingest_stdin WHAT: what comes from standard input, with little memory; sets $code.
ingest_stdin()
{
    called="jihe ingest - ($1)" code=0
    (
        # shellcheck disable=SC3045 # dash and bash have it
        ulimit -v 600000
        exec "$peak" memory "$program" ingest - --date 2026-03-01
    ) >out 2>err || code=$?
    [ "$(cat memory)" -lt $most_memory ] || fail "$called: took $(cat memory) KiB of memory"
}

# stored: the snapshots, runs and events; not the reject files.
stored()
{
    state | grep -v '\./out'
}
stored >before

# hostile POSITION TEXT: standard input is refused there (LINE:COLUMN, or LINE alone) and the message has the text.
hostile()
{
    ingest_stdin "$2"
    refused 65
    grep -qF -- "jihe: standard input:$1: " err || fail "$called: not at $1"
    says "$2"
    stored >after
    same before after "$called: something was stored"
    rm -rf w/out/2026-03-01
}

# broken POSITION TEXT LINE...: the header, a good row and these lines, as printf writes them.
broken()
{
    position=$1 text=$2
    shift 2
    # shellcheck disable=SC2059 # the lines are formats, for the bytes that cannot be typed
    { echo "$good" && printf "$@" && documents 2026-03-01 3 4; } | hostile "$position" "$text" || exit 1
}
broken 3:1 'never closed' '"DOC-2,2026-03-01,1,资金,张伟,x\n'
broken 3:26 'never closed' 'DOC-2,2026-03-01,1,资金,张伟,"x\n'
broken 3:8 'behind a closing quote' '"DOC-2"x,2026-03-01,1,资金,张伟,x\n'
broken 3:3 'a quote inside a field' 'DO"C-2,2026-03-01,1,资金,张伟,x\n'
broken 3:23 '5 fields, the header has 6' 'DOC-2,2026-03-01,1,资金,张伟\n'
broken 3:28 '7 fields, the header has 6' 'DOC-2,2026-03-01,1,资金,张伟,x,y\n'
broken 3:21 'a NUL byte' 'DOC-2,2026-03-01,1,资\000金,张伟,x\n'
broken 3:27 'a carriage return without a line feed' 'DOC-2,2026-03-01,1,资金,张伟,x\ry\n'
broken 3:24 'not UTF-8' 'DOC-2,2026-03-01,1,资金,张\377伟,x\n'
broken 3:24 'not UTF-8' 'DOC-2,2026-03-01,1,资金,张\300\257伟,x\n'
broken 3:24 'not UTF-8' 'DOC-2,2026-03-01,1,资金,张\355\240\200伟,x\n'
broken 3:6 'is not a date' "$header\n"
broken 3:18 '1e3' 'DOC-2,2026-03-01,1e3,资金,张伟,x\n'
broken 3:18 '99999999999999999999' 'DOC-2,2026-03-01,99999999999999999999,资金,张伟,x\n'
broken 3:1 'DOC-00001' 'DOC-00001,2026-03-01,1,资金,张伟,x\n'
broken 3:7 '2026-03-02' 'DOC-2,2026-03-02,1,资金,张伟,x\n'

# No rows can be taken from these.
hostile 1:1 'ends before the header' </dev/null
printf '\357\273\277' | hostile 1:1 'ends before the header' || exit 1
printf '\n\n\n' | hostile 1:1 'header' || exit 1
printf '\000\000\000\000' | hostile 1:1 'NUL' || exit 1
extract 2026-03-01 1 9 | tr '\n' '\r' | hostile 1:23 'carriage return' || exit 1
{ printf '\377\376' && extract 2026-03-01 1 9 | iconv -f UTF-8 -t UTF-16LE; } | hostile 1:1 'UTF-16' || exit 1
{ printf '\357\273\277' && extract 2026-03-01 1 9 | iconv -f UTF-8 -t GB18030; } | hostile 1:1 'GB18030' || exit 1
{ echo "$header,金额" && documents 2026-03-01 1 9 | sed 's/$/,1/'; } | hostile 1:24 "twice" || exit 1
extract 2026-03-01 1 9 | cut -d, -f1,2,4- | hostile 1:1 '金额' || exit 1
# What the compressed data give before they break is read: the line is the one in which they break.
extract 2026-03-01 1 3000 | gzip -c | head -c 4000 >short.gz
whole=$(python3 -c 'import zlib; print(zlib.decompressobj(31).decompress(open("short.gz", "rb").read()).count(b"\n"))')
hostile $((whole + 1)) 'gzip data end too early' <short.gz || exit 1
columns=$(awk 'BEGIN { for (i = 1; i <= 5000; i++) printf ",c%d", i }')
{ echo "$header$columns" && documents 2026-03-01 1 9 | sed "s/\$/$columns/"; } | hostile 1:23457 'more than 4096 fields' || exit 1

# A hundred megabytes at once: a field, a quoted field over many lines, a row, a flood of NULs, a gzip bomb.
flood=100000000
{ echo "$good" && head -c $flood /dev/zero | tr '\0' x; } | hostile 3:1 'field that begins here is longer than' || exit 1
{ echo "$good" && printf 'DOC-2,"' && head -c $flood /dev/zero | tr '\0' '\n'; } | hostile 3:7 'open quote' || exit 1
{ echo "$good" && head -c $flood /dev/zero | tr '\0' ,; } | hostile 3:1 'record that begins here is longer than' || exit 1
{ echo "$good" && head -c $flood /dev/zero; } | hostile 3:1 'longer than' || exit 1
{ echo "$good" && head -c $flood /dev/zero; } | gzip -1 | hostile 3:1 'longer than' || exit 1

# Bytes of a program, from several places: whatever is said, it is one line, 65, and nothing stored.
for skip in 0 1000 4096 9999 30000; do
    tail -c +$skip "$program" >bytes
    ingest_stdin "bytes of a program from $skip on" <bytes
    refused 65
done
stored >after
same before after 'something was stored of a program'

# Tolerated by number: the good rows, and every bad one in the reject file.
{ echo "$good" && printf 'DOC-2,2026-03-01\nDOC-3,2026-03-01,1,资\000金,张伟,x\nDOC-4,2026-03-01,1,资金,张伟,x\ry\n' &&
    documents 2026-03-01 5 9; } >mixed.csv
expect 65 ingest mixed.csv --date 2026-03-01 --max-rejects 2
says 'mixed.csv:3:7: '
expect 0 ingest mixed.csv --date 2026-03-01 --max-rejects 3
says 'rows read 9 = stored 6 + rejected 3'
equal "$(cut -d, -f1-4 w/out/2026-03-01/rejects.csv | tr '\n' ' ')" \
    'file,line,column,reason mixed.csv,3,7,field-count mixed.csv,4,21,csv-nul mixed.csv,5,27,csv-line-end ' 'the rejects'

# Not hostile: a UTF-8 mark, no line end at the end, CRLF, all of it quoted, empty lines. One content, one snapshot.
extract 2026-03-02 1 9 >plain.csv
expect 0 ingest plain.csv --date 2026-03-02 --quiet
{ printf '\357\273\277' && cat plain.csv; } >mark.csv
printf %s "$(cat plain.csv)" >no_end.csv
sed 's/$/\r/' plain.csv >crlf.csv
sed 's/,/","/g; s/^/"/; s/$/"/' plain.csv >quoted.csv
sed 's/$/\n/' plain.csv >empty_lines.csv
iconv -f UTF-8 -t GB18030 plain.csv >gb.csv
for file in mark no_end crlf quoted empty_lines; do
    expect 0 ingest $file.csv --date 2026-03-02 --quiet --format ndjson
    prints '"unchanged":true'
done
# GB18030 is never guessed; once declared it is the same snapshot.
expect 65 ingest gb.csv --date 2026-03-02
says 'gb.csv:1:1: '
cp w/jihe.yaml jihe.yaml
echo 'csv: {encoding: gb18030}' >>w/jihe.yaml
expect 0 ingest gb.csv --date 2026-03-02 --quiet --format ndjson
prints '"unchanged":true'
cp jihe.yaml w/jihe.yaml

# A header without rows is an extract without documents, and says so.
echo "$header" >header.csv
expect 0 ingest header.csv --date 2026-03-03
says 'rows read 0 = stored 0 + rejected 0'

# A filled list is read by the same reader.
expect 0 rate --format csv
cp out rates
list='doc_id,inspector,verdict,class,clause,code,responsible,severity,note\nDOC-00050,赵敏,pass,,,,,,\n'
for line in '"DOC-00049,赵敏,pass,,,,,,\n' 'DOC-00049,赵敏,pass\n' 'DOC-00049,赵\000敏,pass,,,,,,\n' 'DOC-00049,赵敏,pass,,,,,,x\ry\n' \
    'DOC-00049,赵\377敏,pass,,,,,,\n'; do
    # shellcheck disable=SC2059
    printf "$list$line" >list.csv
    expect 65 record list.csv
    says 'list.csv:3:'
    expect 0 rate --format csv
    same rates out "a broken list with $line changed the rates"
done
expect 0 verify --quiet
