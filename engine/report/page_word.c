#include "report/page_word.h"

#include <assert.h>

static const struct {
    const char *zh, *en;
} words[] = {
    [JH_WORD_LANG] = {"zh-CN", "en"},
    [JH_WORD_BRAND] = {"稽核报告", "Audit report"},
    [JH_WORD_PERIOD] = {"期间", "Period"},
    [JH_WORD_WORKSPACE] = {"工作区", "Workspace"},
    [JH_WORD_RATES] = {"差错率", "Error rates"},
    [JH_WORD_TREND] = {"月度趋势", "Monthly trend"},
    [JH_WORD_RULES] = {"规则与抽样", "Rules and samples"},
    [JH_WORD_FACTS] = {"数据依据", "Where the figures come from"},
    [JH_WORD_KEY] = {"对象", "Group"},
    [JH_WORD_BASIS] = {"抽样方式", "Basis"},
    [JH_WORD_RANDOM] = {"随机", "random"},
    [JH_WORD_TARGETED] = {"专项", "targeted"},
    [JH_WORD_INSPECTED] = {"被检单据", "Inspected"},
    [JH_WORD_IN_RULE] = {"细则内", "In-rule"},
    [JH_WORD_OUT_OF_RULE] = {"细则外", "Out-of-rule"},
    [JH_WORD_IN_RULE_RATE] = {"细则内差错率", "In-rule error rate"},
    [JH_WORD_OUT_OF_RULE_RATE] = {"细则外差错率", "Out-of-rule error rate"},
    [JH_WORD_RATE] = {"差错率", "Rate"},
    [JH_WORD_ERRORS_OF] = {"有错 / 被检", "errors / inspected"},
    [JH_WORD_INTERVAL] = {"区间", "interval"},
    [JH_WORD_DOCUMENTS_INSPECTED] = {"有错单据 / 被检单据", "documents with an error / documents inspected"},
    [JH_WORD_RATE_OF] = {"总体：", "Rate of: "},
    [JH_WORD_AMONG] = {"范围：", "Among: "},
    [JH_WORD_HOW_RATE] =
        {"差错率 = 有该类差错的单据数 ÷ 被检单据数，两数列在比率之下；入样概率不一的，按其倒数加权（标为“加权”）。",
         "Error rate = documents with an error of that class ÷ documents inspected; both counts stand "
         "under the rate. Where documents had unequal chances of being drawn, each counts with the inverse "
         "of its chance (marked weighted)."},
    [JH_WORD_HOW_CLASSES] =
        {"细则内：细则写明而未照办，计入个人。细则外：细则缺失、含糊或变更未告知，计入制度。",
         "In-rule: the written rule is clear and was missed. Out-of-rule: the rule is absent, unclear "
         "or was changed without notice."},
    [JH_WORD_HOW_INTERVAL] = {"横条为区间，圆点或菱形为差错率本身；被检单据越少，区间越宽。",
                              "Bars show the interval, the dot or diamond the rate itself; the fewer documents were "
                              "inspected, the wider the interval."},
    [JH_WORD_HOW_BASIS] = {"随机抽样可以推断总体；专项只说明被查的那些单据。两者分开列示，从不相加。",
                           "Random samples speak for the whole; targeted checks only for the documents they looked at. "
                           "The two are never pooled."},
    [JH_WORD_BEYOND] = {"箭头表示区间超出图的刻度。", "An arrow means that the interval goes beyond the scale."},
    [JH_WORD_WHISKERS] = {"以竖线表示。", " drawn as vertical lines. "},
    [JH_WORD_MONTH] = {"月份", "Month"},
    [JH_WORD_NOTE] = {"说明", "Note"},
    [JH_WORD_CHART] = {"每月细则内与细则外差错率及其区间",
                       "In-rule and out-of-rule error rates per month with intervals"},
    [JH_WORD_RULE] = {"规则", "Rule"},
    [JH_WORD_TITLE] = {"名称", "Title"},
    [JH_WORD_FRAME] = {"抽样框", "Frame"},
    [JH_WORD_UNDECIDED] = {"无法判定", "Undecided"},
    [JH_WORD_FLAGGED] = {"标记组", "Flagged"},
    [JH_WORD_SELECTED] = {"抽中", "Selected"},
    [JH_WORD_HOW_RULES] = {"每条规则都从全部单据中独立抽取，一张单据可被多条规则抽中。抽样框：符合规则条件的单据；"
                           "无法判定：因缺少字段而不能判断的单据，不算通过；标记组：异常突出的组。",
                           "Every rule selects from all documents, as if no other rule existed; a document may be "
                           "selected by several. Frame: the documents the rule applies to. Undecided: documents it "
                           "could not judge because a field is missing; they do not count as passed. Flagged: groups "
                           "that stand out."},
    [JH_WORD_AUTOMATIC] = {"自动检查", "Automatic checks"},
    [JH_WORD_CLAUSE] = {"条款", "Clause"},
    [JH_WORD_CHECKED] = {"已检查", "Checked"},
    [JH_WORD_AUTOMATIC_FINDINGS] = {"自动发现", "Found"},
    [JH_WORD_HOW_AUTOMATIC] =
        {"由规则自行判定的细则内差错，未经人工稽核，不与上面的差错率合并。已检查：规则能够判定的"
         "全部单据（带标记的规则：符合其条件的单据）；这是全数清点，没有区间。",
         "In-rule findings that rules made by themselves. Nobody inspected these documents, and they "
         "are in none of the rates above. Checked: all documents the rule could decide (with a "
         "flag: those that meet its condition); a complete count, so there is no interval."},
    [JH_WORD_NOTHING] = {"本期没有数据。", "Nothing in this period."},
    [JH_WORD_FOOTER] = {"由 jihe 生成。本页自成一体，不含脚本，不访问网络。",
                        "Made by jihe. This page is complete in itself: no scripts, nothing is fetched."},
};

static_assert(sizeof words / sizeof words[0] == JH_WORD_COUNT, "every word has a row");

const char *jh_word_text(jh_word word, bool zh)
{
    return zh ? words[word].zh : words[word].en;
}
