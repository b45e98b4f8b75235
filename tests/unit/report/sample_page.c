#include "sample_page.h"

/* Clopper-Pearson limits, 95 %, in ppm, found by bisection of the binomial distribution in Python and rounded. */
#define SHARE(p)                                                                                                       \
    {                                                                                                                  \
        .ppm = (p)                                                                                                     \
    }
#define RATE(e, r, l, h)                                                                                               \
    {                                                                                                                  \
        .errors = (e), .rate = SHARE(r), .low = SHARE(l), .high = SHARE(h)                                             \
    }
#define COUNTS(n, in, out)                                                                                             \
    {                                                                                                                  \
        .inspected = (n), .in_rule = in, .out_of_rule = out                                                            \
    }

static const jh_page_rate_row rates_zh[] = {
    {"全部随机", "已过账单据 50,214 张，按小组抽 10%", JH_BASIS_RANDOM, true,
     COUNTS(5024, RATE(42, 8360, 6032, 11283), RATE(23, 4578, 2904, 6861))},
    {"应付一组", NULL, JH_BASIS_RANDOM, false, COUNTS(1310, RATE(14, 10687, 5855, 17866), RATE(4, 3053, 833, 7799))},
    {"应付二组", NULL, JH_BASIS_RANDOM, false, COUNTS(1188, RATE(6, 5051, 1856, 10960), RATE(9, 7576, 3470, 14332))},
    {"费用报销组", NULL, JH_BASIS_RANDOM, false, COUNTS(1502, RATE(15, 9987, 5600, 16418), RATE(6, 3995, 1467, 8674))},
    {"资金组", "资金单据 3,905 张，抽 20%", JH_BASIS_RANDOM, false,
     COUNTS(781, RATE(3, 3841, 793, 11184), RATE(2, 2561, 310, 9220))},
    {"税务组", NULL, JH_BASIS_RANDOM, false, COUNTS(243, RATE(4, 16461, 4503, 41608), RATE(2, 8230, 998, 29413))},
    {"档案组", NULL, JH_BASIS_RANDOM, false, {0}},
    {"大额支付 large-payment", "金额不低于 100,000 的付款与预付，全查", JH_BASIS_TARGETED, false,
     COUNTS(612, RATE(25, 40850, 26607, 59714), RATE(11, 17974, 9006, 31932))},
    {"业务量突增 volume-jump", "标记到的 1 人的单据", JH_BASIS_TARGETED, false,
     COUNTS(50, RATE(9, 180000, 85762, 314369), RATE(1, 20000, 506, 106470))},
};

static const jh_page_rate_row rates_en[] = {
    {"All random", "posted documents, 50,214, 10% by team", JH_BASIS_RANDOM, true,
     COUNTS(5024, RATE(42, 8360, 6032, 11283), RATE(23, 4578, 2904, 6861))},
    {"Payables 1", NULL, JH_BASIS_RANDOM, false, COUNTS(1310, RATE(14, 10687, 5855, 17866), RATE(4, 3053, 833, 7799))},
    {"Treasury", "treasury documents, 3,905, 20%", JH_BASIS_RANDOM, false,
     COUNTS(781, RATE(3, 3841, 793, 11184), RATE(2, 2561, 310, 9220))},
    {"large-payment", "payments and prepayments of at least 100,000, all", JH_BASIS_TARGETED, false,
     COUNTS(612, RATE(25, 40850, 26607, 59714), RATE(11, 17974, 9006, 31932))},
};

static const jh_page_month months_zh[] = {
    {"2024-06", NULL, COUNTS(1602, RATE(33, 20599, 14221, 28808), RATE(19, 11860, 7155, 18459))},
    {"2024-07", NULL, COUNTS(1640, RATE(30, 18293, 12375, 26012), RATE(21, 12805, 7943, 19507))},
    {"2024-08", NULL, COUNTS(1588, RATE(26, 16373, 10722, 23898), RATE(14, 8816, 4828, 14748))},
    {"2024-09", "二部两名复核员调岗", COUNTS(1611, RATE(29, 18001, 12088, 25751), RATE(16, 9932, 5687, 16079))},
    {"2024-10", NULL, COUNTS(1450, RATE(22, 15172, 9532, 22882), RATE(13, 8966, 4782, 15283))},
    {"2024-11", NULL, {0}},
    {"2024-12", NULL, COUNTS(1702, RATE(19, 11163, 6734, 17378), RATE(12, 7051, 3648, 12283))},
    {"2025-01", "新业务：境外付款", COUNTS(1633, RATE(24, 14697, 9439, 21789), RATE(20, 12247, 7497, 18852))},
    {"2025-02", NULL, COUNTS(61, RATE(1, 16393, 415, 87988), RATE(0, 0, 0, 58681))},
    {"2025-03", NULL, COUNTS(1689, RATE(14, 8289, 4539, 13868), RATE(8, 4737, 2047, 9311))},
    {"2025-04", NULL, COUNTS(1672, RATE(15, 8971, 5030, 14754), RATE(8, 4785, 2068, 9406))},
    {"2025-05", NULL, COUNTS(1663, RATE(13, 7817, 4169, 13331), RATE(7, 4209, 1694, 8653))},
};

static const jh_page_month months_en[] = {
    {"2024-06", NULL, COUNTS(1602, RATE(33, 20599, 14221, 28808), RATE(19, 11860, 7155, 18459))},
    {"2024-07", NULL, COUNTS(1640, RATE(30, 18293, 12375, 26012), RATE(21, 12805, 7943, 19507))},
    {"2024-08", NULL, COUNTS(1588, RATE(26, 16373, 10722, 23898), RATE(14, 8816, 4828, 14748))},
    {"2024-09", "two reviewers changed post", COUNTS(1611, RATE(29, 18001, 12088, 25751), RATE(16, 9932, 5687, 16079))},
    {"2024-10", NULL, COUNTS(1450, RATE(22, 15172, 9532, 22882), RATE(13, 8966, 4782, 15283))},
    {"2024-11", NULL, {0}},
    {"2024-12", NULL, COUNTS(1702, RATE(19, 11163, 6734, 17378), RATE(12, 7051, 3648, 12283))},
    {"2025-01", "new business: payments abroad",
     COUNTS(1633, RATE(24, 14697, 9439, 21789), RATE(20, 12247, 7497, 18852))},
    {"2025-02", NULL, COUNTS(61, RATE(1, 16393, 415, 87988), RATE(0, 0, 0, 58681))},
    {"2025-03", NULL, COUNTS(1689, RATE(14, 8289, 4539, 13868), RATE(8, 4737, 2047, 9311))},
    {"2025-04", NULL, COUNTS(1672, RATE(15, 8971, 5030, 14754), RATE(8, 4785, 2068, 9406))},
    {"2025-05", NULL, COUNTS(1663, RATE(13, 7817, 4169, 13331), RATE(7, 4209, 1694, 8653))},
};

static const jh_page_rule rules[] = {
    {"daily-ratio", "内部比例稽核", 50214, 0, 5024, 0, false},
    {"large-payment", "大额支付", 618, 37, 612, 0, false},
    {"key-accounts", NULL, 1840, 12, 552, 0, false},
    {"volume-jump", "业务量突增", 249, 0, 50, 1, true},
};

static const jh_page_automatic automatic[] = {
    {"self-review", "制单人自审", "3.2.1", NULL, 100394, 41, 37},
    {"self-review", NULL, "3.2.1", "2025-04", 50180, 30, 12},
    {"self-review", NULL, "3.2.1", "2025-05", 50214, 11, 25},
    {"no-summary", NULL, "2.1", NULL, 0, 0, 4},
};

static const jh_page_fact facts_zh[] = {
    {"快照", "62 个，2025-04-01 至 2025-05-31，单据 100,431 张", false},
    {"运行", "20250531-4f1d09c2ab77", true},
    {"种子", "9b1c74a6d09e4f7788f3a1c3b5d7e90212fedcba98765432100123456789abcd", true},
    {"账本头", "1,204 · 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", true},
    {"程序", "jihe 0.1.0", false},
};

static const jh_page_fact facts_en[] = {
    {"Snapshots", "62, 2025-04-01 to 2025-05-31, 100,431 documents", false},
    {"Run", "20250531-4f1d09c2ab77", true},
    {"Ledger head", "1,204 · 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", true},
};

#define LIST(a) (a), sizeof(a) / sizeof((a)[0])

static const jh_page_section sections_zh[] = {
    {.kind = JH_SECTION_RATES, .is.rates = {"小组", NULL, LIST(rates_zh)}},
    {.kind = JH_SECTION_TREND, .is.trend = {NULL, "当月已过账单据，每日随机抽 10%", LIST(months_zh)}},
    {.kind = JH_SECTION_AUTOMATIC, .is.automatic = {LIST(automatic)}},
    {.kind = JH_SECTION_RULES, .is.rules = {LIST(rules)}},
    {.kind = JH_SECTION_FACTS, .is.facts = {LIST(facts_zh)}},
};

static const jh_page_section sections_en[] = {
    {.kind = JH_SECTION_RATES, .note = "May 2025, all channels.", .is.rates = {"Team", NULL, LIST(rates_en)}},
    {.kind = JH_SECTION_TREND, .is.trend = {NULL, "documents posted in the month, 10% drawn daily", LIST(months_en)}},
    {.kind = JH_SECTION_AUTOMATIC, .is.automatic = {LIST(automatic)}},
    {.kind = JH_SECTION_RULES, .is.rules = {LIST(rules)}},
    {.kind = JH_SECTION_FACTS, .is.facts = {LIST(facts_en)}},
};

const jh_page *sample_page(bool zh)
{
    static const jh_page chinese = {"2025 年 5 月差错率报告", "zh", "华东共享中心", "2025-05-01 至 2025-05-31",
                                    LIST(sections_zh)};
    static const jh_page english = {"Error rates, May 2025", "en", "East China centre", "2025-05-01 to 2025-05-31",
                                    LIST(sections_en)};

    return zh ? &chinese : &english;
}
