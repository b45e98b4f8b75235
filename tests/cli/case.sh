# Shared by the tests of the command, which begin with: . "$(dirname "$0")/case.sh"
# Their first argument is the program, as an absolute path. A test ends with 0, or with 1 after a line that says what
# was wrong.
# shellcheck shell=sh

program=$1
unset JIHE_WORKSPACE LANGUAGE LC_ALL LC_MESSAGES LANG
export LC_ALL=C SOURCE_DATE_EPOCH=1767225600 # 2026-01-01, noted in the ledger instead of now

# A name with a space and Chinese letters, because people have such directories.
# Snapshots and ledgers are synced: on a memory file system where there is one.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then TMPDIR=/dev/shm; export TMPDIR; fi
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
trap 'exit 1' HUP INT TERM
T=$base/"稽核 cases"
mkdir "$T"
cd "$T" || exit 1

fail()
{
    echo "FAILED: $*" >&2
    for file in "$T/out" "$T/err"; do
        [ ! -s "$file" ] || { echo "--- ${file##*/}" && head -n 30 "$file"; } >&2
    done
    exit 1
}

# expect CODE ARGUMENT...: runs jihe with its output in ./out and its messages in ./err.
expect()
{
    due=$1
    shift
    called="jihe $*" code=0
    "$program" "$@" >"$T/out" 2>"$T/err" || code=$?
    [ "$code" -eq "$due" ] || fail "$called: exit code $code, expected $due"
    # A failure is one line on standard error.
    [ "$due" -eq 0 ] || [ "$(grep -c '^jihe: ' "$T/err")" -eq 1 ] || fail "$called: not one line 'jihe: ...'"
}

# The last call's messages (says) or output (prints) hold the text; silent: no messages at all.
says()
{
    grep -qF -- "$1" "$T/err" || fail "$called: the messages lack '$1'"
}

prints()
{
    grep -qF -- "$1" "$T/out" || fail "$called: the output lacks '$1'"
}

silent()
{
    [ ! -s "$T/err" ] || fail "$called: it was not silent"
}

# same FILE FILE WHAT
same()
{
    cmp -s "$1" "$2" || {
        diff "$1" "$2" | head -n 20 >&2
        fail "$3"
    }
}

# equal GOT WANTED WHAT
equal()
{
    [ "$1" = "$2" ] || fail "$3: '$1', expected '$2'"
}

# lines FILE: how many.
lines()
{
    awk 'END { print NR }' "$1"
}

# The columns of a small centre, as its extracts have them.
columns()
{
    cat <<'END'
workspace: 1
timezone: Asia/Shanghai
columns:
  - {name: doc_id,        source: 单据编号, type: id}
  - {name: business_date, source: 过账日期, type: date, format: "%Y-%m-%d", role: business_date}
  - {name: amount,        source: 金额, type: money, scale: 2, decimal: ".", thousands: ",", prefix: "¥", finer: reject}
  - {name: team,          source: 班组, type: category}
  - {name: reviewer,      source: 初审人, type: category, role: person}
  - {name: summary,       source: 摘要, type: text}
missing: ["", "NA"]
duplicates: reject
END
}

header='单据编号,过账日期,金额,班组,初审人,摘要'

# documents DATE FIRST LAST: rows without a header. Ids are DOC-<number>, the amount is 100 times the number, teams and
# persons go round.
documents()
{
    awk -v date="$1" -v first="$2" -v last="$3" 'BEGIN {
        split("资金 应付 应收", team, " ")
        split("张伟 李娜 王芳 刘洋", person, " ")
        for (i = first; i <= last; i++)
            printf "DOC-%05d,%s,%d.00,%s,%s,第%d笔\n", i, date, i * 100, team[i % 3 + 1], person[i % 4 + 1], i
    }'
}

# extract DATE FIRST LAST: the same as a file.
extract()
{
    echo "$header"
    documents "$1" "$2" "$3"
}

# workspace DIR RULES: a new workspace of the small centre, with the rules that the function RULES prints.
workspace()
{
    "$program" init "$1" --quiet || fail "init $1"
    columns >"$1/jihe.yaml"
    "$2" >"$1/rules/rules.yaml"
    export JIHE_WORKSPACE="$T/$1"
}

# Three rules that agree on some documents.
rules()
{
    cat <<'END'
rules:
  - id: tenth
    title: 每组一成
    draw: {rate: 10%, by: team}
  - id: large
    title: 大额
    where: amount >= 9000
    draw: all
  - id: funds
    title: 资金组大额
    where: team = '资金' and amount > 8000
    draw: all
END
}

# get FIELD: the member of the JSON object in ./out, for numbers and plain texts.
get()
{
    sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" "$T/out" | head -n 1
}
