#!/bin/sh
# People over time: what a roster may say, what it may not, who is what on a day, and that older ones stay readable.
set -u
# shellcheck source=case.sh source-path=SCRIPTDIR
. "$(dirname "$0")/case.sh"

jump()
{
    cat <<'END'
rules:
  - id: jump
    flag: {jump: reviewer, baseline: 4 months, ratio: 1.8}
    draw: {rate: 20%, by: reviewer}
END
}
workspace w jump

cat >roster.csv <<'CSV'
person,unit,post,from,to,capacity,types,calendar,kind,other
王芳,应付,初审,2025-01-01,2026-03-31,,差旅报销;供应商付款,,,
王芳,应付,复核,2026-04-01,,,供应商付款; 差旅报销;差旅报销,,post,
李娜,应付,初审,2025-01-01,,,,,,
张伟,应付,初审,2025-01-01,,,,123456,岗位,
李娜,,,2026-05-06,2026-05-20,,,,leave,
张伟,,,2026-05-06,2026-05-20,,,,代岗,李娜
E1001,资金,初审,2025-01-01,,,,,,
E2001,资金,初审,2026-04-15,,,,,,
E1001,,,2026-04-15,,,,,更名,E2001
刘洋,资金,初审,2025-01-01,2026-02-28,,,,,
赵敏,资金,初审,2025-01-01,,,,,,
刘洋,,,2026-03-01,,,,,merged,赵敏
周莉,稽核组,稽核,2025-01-01,,40,,,,
CSV
expect 0 roster import roster.csv
equal "$(cat out)" 'roster of 9 postings and 4 other rows' 'what was imported'

# The same content writes nothing: in another encoding, in another order, under Chinese names, as it was listed.
expect 0 roster list --format csv
cp out listed
for copy in gb turned chinese listed; do
    case $copy in
    gb) iconv -f UTF-8 -t GB18030 roster.csv >copy.csv ;;
    turned) { head -n 1 roster.csv && sed 1d roster.csv | sort -r; } >copy.csv ;;
    chinese) { echo '人员,单位,岗位,自,至,日稽核量,单据类型,日历,类别,对方' && sed 1d roster.csv; } >copy.csv ;;
    listed) cp listed copy.csv ;;
    esac
    expect 0 roster import copy.csv
    prints 'nothing new was written'
done
expect 0 roster versions --format csv
equal "$(cut -d, -f1,3,4 out)" "$(printf 'event,postings,others\n1,9,4')" 'one version'

# Types are sorted, each once; the old id's post ended when it became another.
prints_line()
{
    grep -qxF "$1" out || fail "no line '$1' in: $(cat out)"
}
cp listed out
prints_line '王芳,应付,复核,2026-04-01,,,供应商付款;差旅报销,,post,'
prints_line 'E1001,资金,初审,2025-01-01,2026-04-14,,,,post,'
prints_line '张伟,应付,初审,2025-01-01,,,,123456,post,'
prints_line '张伟,,,2026-05-06,2026-05-20,,,,covers,李娜'

# On a day: leave, covering, what became of ids.
expect 0 roster list --at 2026-05-06 --format csv
equal "$(head -n 1 out)" \
    'person,unit,post,from,to,capacity,types,calendar,leave_from,leave_to,covers,covered_by,id,id_other,id_since' 'header of a day'
prints_line '李娜,应付,初审,2025-01-01,,,,,2026-05-06,2026-05-20,,张伟,,,'
prints_line '张伟,应付,初审,2025-01-01,,,,123456,,,李娜,,,,'
prints_line 'E1001,,,,,,,,,,,,renamed,E2001,2026-04-15'
prints_line '刘洋,,,,,,,,,,,,merged,赵敏,2026-03-01'
equal "$(lines out)" 9 'lines of a day'
expect 0 roster list --at 2026-05-21 --format csv
prints_line '李娜,应付,初审,2025-01-01,,,,,,,,,,,'
expect 0 roster list --at 2026-02-28 --format csv
prints_line '刘洋,资金,初审,2025-01-01,2026-02-28,,,,,,,,,,'
if grep -q E2001 out; then fail 'an id before its time'; fi
expect 64 roster list --at 2026-02-29
expect 0 roster history 李娜 --format csv
equal "$(sed 1d out | cut -d, -f1,9 | tr '\n' ' ')" '张伟,covers 李娜,post 李娜,leave ' 'the history of one'
expect 66 roster history E1002
says "did you mean 'E1001'?"

# What cannot be, with its line. refused TEXT ROW...
refused()
{
    text=$1
    shift
    printf '%s\n' person,unit,post,from,to,types,calendar,kind,other "$@" >wrong.csv
    expect 65 roster import wrong.csv
    says "$text"
}
a='甲,应付,初审,2025-01-01,,,,,'
b='乙,应付,初审,2025-01-01,,,,,'
c='丙,应付,初审,2025-01-01,,,,,'
refused 'wrong.csv:3:9: 甲 would hold two posts on 2026-03-31' '甲,应付,初审,2025-01-01,2026-03-31,,,,' '甲,资金,初审,2026-03-31,,,,,'
refused 'wrong.csv:3:9: 甲 would hold two posts on 2025-01-01' "$a" '甲,资金,初审,2025-01-01,,,,,'
refused "wrong.csv:2:20: '2024-12-31': to: ends before it begins" '甲,应付,初审,2025-01-01,2024-12-31,,,,'
refused "wrong.csv:2:9: '2025-02-29': from: expected a date" '甲,应付,初审,2025-02-29,,,,,'
refused "wrong.csv:2:22: '128': calendar: expected the weekdays" '甲,应付,初审,2025-01-01,,,128,,'
refused "wrong.csv:2:23: 'holiday': kind: expected post" '甲,应付,初审,2025-01-01,,,,holiday,'
refused 'wrong.csv:2:1: a posting needs its person' ',应付,初审,2025-01-01,,,,,'
refused 'other: a post has none' '甲,应付,初审,2025-01-01,,,,,乙'
refused 'wrong.csv:3:5: leave: 甲 holds no post on 2024-12-31' "$a" '甲,,,2024-12-31,2025-01-31,,,leave,'
refused 'wrong.csv:3:16: leave: 甲 holds no post on 2025-07-01' '甲,应付,初审,2025-01-01,2025-06-30,,,,' '甲,,,2025-06-01,2025-07-01,,,leave,'
refused "wrong.csv:3:3: '应付': only rows of kind post" "$a" '甲,应付,,2025-02-01,2025-02-02,,,leave,'
refused 'a leave has none' "$a" '甲,,,2025-02-01,2025-02-02,,,leave,乙'
refused "wrong.csv:3:26: '甲': other: the same as person" "$a" '甲,,,2025-02-01,,,,covers,甲'
refused 'other: expected the absent colleague' "$a" '甲,,,2025-02-01,,,,covers,'
refused "nobody of this file holds a post as '王晓芳'; did you mean '王小芳'?" "$a" '王小芳,应付,初审,2025-01-01,,,,,' '甲,,,2025-02-01,,,,covers,王晓芳'
refused 'wrong.csv:5:5: 乙 covers 甲, who covers 乙 on the same days' "$a" "$b" '甲,,,2025-02-01,,,,covers,乙' '乙,,,2025-03-01,,,,covers,甲'
refused 'wrong.csv:4:5: 甲 covers 乙 while 甲 is on leave' "$a" "$b" '甲,,,2025-02-01,2025-02-10,,,covers,乙' '甲,,,2025-02-10,,,,leave,'
refused "'乙' holds a post before 2025-02-01, when it took over" "$a" "$b" '甲,,,2025-02-01,,,,renamed,乙'
refused 'to: what becomes of an id has no end' "$a" '乙,应付,初审,2025-02-01,,,,,' '甲,,,2025-02-01,2026-01-01,,,renamed,乙'
refused 'holds a post after that day' "$a" '甲,应付,复核,2025-03-01,,,,,' "$b" '甲,,,2025-02-01,,,,merged,乙'
refused "wrong.csv:6:1: '甲' has been merged already (line 5)" "$a" "$b" "$c" '甲,,,2025-02-01,,,,merged,乙' '甲,,,2025-03-01,,,,merged,丙'
refused 'an id that is gone cannot take over' "$a" "$b" '甲,,,2025-02-01,,,,merged,乙' '乙,,,2025-03-01,,,,merged,甲'
refused "'乙' has been merged itself since 2025-02-01 (line 6)" "$a" "$b" "$c" '甲,,,2025-03-01,,,,merged,乙' '乙,,,2025-02-01,,,,merged,丙'
refused "wrong.csv:4:27: another id was renamed to '丙' too (line 3)" '丙,应付,初审,2025-02-01,,,,,' '甲,,,2025-02-01,,,,renamed,丙' '乙,,,2025-02-01,,,,renamed,丙'
expect 0 roster list --format csv
same listed out 'a refused file changed the roster'

# Open posts are ended by the next one; a row twice is one.
{ echo 'person,unit,post,from,to' && printf '%s\n' '甲,应付,初审,2025-01-01,' '甲,应付,复核,2026-04-01,' '甲,应付,复核,2026-04-01,'; } >open.csv
expect 0 roster import open.csv
prints 'roster of 2 postings'
expect 0 roster list --format csv
prints_line '甲,应付,初审,2025-01-01,2026-03-31,,,,post,'

# Older versions stay readable, and runs keep theirs.
expect 0 roster versions --format csv
equal "$(sed 1d out | cut -d, -f1,3,4 | tr '\n' ' ')" '1,9,4 2,2,0 ' 'two versions'
expect 0 roster list --event 1 --format csv
same listed out 'an older roster'
expect 0 roster list --event 1 --at 2026-05-06 --format csv
prints '李娜,应付'
expect 66 roster list --event 3
says 'event 3 is no roster'
