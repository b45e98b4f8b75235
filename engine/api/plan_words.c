#include "api/plan_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"

bool jh_is_zh(const char *lang)
{
    return lang != NULL && strcmp(lang, "zh") == 0;
}

const char *jh_ppm_text(uint32_t ppm, char *out)
{
    jh_share_text(ppm / 1e4, 4, out);
    strcat(out, "%");
    return out;
}

const char *jh_percent_text(double share, char *out)
{
    if (share > 0 && share < 0.0001)
        return strcpy(out, "<0.01%");
    if (share < 1 && share > 0.9999)
        return strcpy(out, ">99.99%");
    jh_share_text(share * 100, 2, out);
    strcat(out, "%");
    return out;
}

const char *jh_ten_thousandths_text(double amount, char *out)
{
    jh_share_text(amount / 1e4, 4, out);
    return out;
}

static void promise_attribute(jihe_plan *plan, double confidence, bool zh)
{
    char tolerable[32], sure[32], risk[32], shown[64];

    jh_ppm_text(plan->bad, tolerable);
    jh_percent_text(confidence, sure);
    jh_percent_text(plan->risk, risk);
    if (plan->allowed == 0)
        snprintf(shown, sizeof shown, "%s", zh ? "没有差错" : "If none");
    else
        snprintf(shown, sizeof shown, zh ? "差错不超过 %" PRIu64 " 张" : "If at most %" PRIu64, plan->allowed);
    if (zh)
        snprintf(plan->promise, sizeof plan->promise,
                 "随机抽取的 %" PRIu64 " 张单据中%s时，可以 %s 的置信度认为总体差错率低于 %s："
                 "差错率达到该水平的总体最多只有 %s 的机会通过。",
                 plan->sample, shown, sure, tolerable, risk);
    else
        snprintf(plan->promise, sizeof plan->promise,
                 "%s of %" PRIu64
                 " documents drawn at random is wrong, the error rate of the population is below %s with %s "
                 "confidence: one that is not would pass with a chance of %s at most.",
                 shown, plan->sample, tolerable, sure, risk);
}

void jh_say_attribute(jihe_plan *plan, double confidence, uint32_t rate, double refused, bool zh)
{
    char at[32], chance[32];

    jh_ppm_text(rate, at);
    jh_percent_text(refused, chance);
    promise_attribute(plan, confidence, zh);
    snprintf(plan->limits, sizeof plan->limits,
             zh ? "它不保证能够得出结论：差错率为 %s 时，仍有 %s 的机会发现更多差错而不能下结论；"
                  "也不说明差错率究竟是多少，不适用于个别人员、类型或月份，不适用于挑选、替换或漏查的单据。"
                : "It does not promise that answer: at a rate of %s more errors turn up with a chance of %s, and then "
                  "nothing is "
                  "shown. It does not say what the rate is, nor anything of single persons, types or months, nor of "
                  "documents "
                  "that were chosen, replaced or left out.",
             at, chance);
}

void jh_say_two_point(jihe_plan *plan, double accepted_when_good, bool zh)
{
    char good[32], bad[32], accepted[32], risk[32];

    jh_ppm_text(plan->good, good);
    jh_ppm_text(plan->bad, bad);
    jh_percent_text(accepted_when_good, accepted);
    jh_percent_text(plan->risk, risk);
    snprintf(plan->promise, sizeof plan->promise,
             zh ? "%" PRIu64 " 张单据中差错不超过 %" PRIu64
                  " 张即接受：差错率 %s 的工作有 %s 的机会被接受，差错率 %s 的只有 %s。"
                : "Accepted when %" PRIu64 " documents show at most %" PRIu64
                  " errors: work with %s errors is accepted with a "
                  "chance of %s, work with %s with a chance of %s.",
             plan->sample, plan->allowed, good, accepted, bad, risk);
    snprintf(plan->limits, sizeof plan->limits,
             zh ? "差错率介于 %s 与 %s 之间时，结果取决于机会；被接受不等于差错率就是 %s，被拒绝也不等于达到 %s。"
                : "Between %s and %s the answer is a matter of chance. Accepted does not mean that the rate is %s, "
                  "refused does "
                  "not mean that it is %s.",
             good, bad, good, bad);
}

void jh_say_detect(jihe_plan *plan, uint64_t kind, bool zh)
{
    char risk[32], many[48];

    jh_percent_text(plan->risk, risk);
    if (kind > 0)
        snprintf(many, sizeof many, zh ? "%" PRIu64 " 张" : "%" PRIu64, kind);
    else
        jh_ppm_text(plan->bad, many);
    snprintf(plan->promise, sizeof plan->promise,
             zh ? "总体中若有 %s 或更多的单据属于此类，随机抽取 %" PRIu64 " 张时一张也未碰到的机会不超过 %s。"
                : "If %s or more of the documents are of the kind, %" PRIu64
                  " drawn at random miss them all with a chance of %s at "
                  "most.",
             many, plan->sample, risk);
    snprintf(plan->limits, sizeof plan->limits,
             zh ? "一张也未发现，不等于没有此类单据，只说明很可能少于 %s；发现一张，也不说明共有多少。"
                : "Seeing none does not mean that there are none, only that they are probably fewer than %s; seeing "
                  "one does not "
                  "tell how many there are.",
             many);
}

void jh_say_precision(jihe_plan *plan, double confidence, uint32_t half_width, bool zh)
{
    char width[32], expected[32], sure[32];

    jh_ppm_text(half_width, width);
    jh_ppm_text(plan->good, expected);
    jh_percent_text(confidence, sure);
    snprintf(plan->promise, sizeof plan->promise,
             zh ? "总体差错率若约为 %s，%" PRIu64 " 张随机单据得出的估计与其相差不超过 %s 的可能性约为 %s。"
                : "If the error rate is about %s, the estimate from %" PRIu64
                  " documents drawn at random lies within %s of it, "
                  "with a chance of about %s.",
             expected, plan->sample, width, sure);
    snprintf(plan->limits, sizeof plan->limits,
             zh ? "差错率更接近 50%% 时估计没有这么准；它不说明差错率低于任何界限，差错很少（不足 5 "
                  "张左右）时按正态近似偏小。"
                  "界限要在稽核之后由 jihe evaluate 算出。"
                : "A rate nearer to 50%% is estimated less precisely. It does not show a rate below anything, and by "
                  "the normal "
                  "law it is too small where fewer than about 5 errors turn up; the limits come afterwards, from jihe "
                  "evaluate.");
}

void jh_say_money(jihe_plan *plan, double confidence, uint64_t tolerable, uint64_t expected, uint64_t book, bool zh)
{
    char sure[32], most[32], allowed[32], value[32], every[32];

    jh_percent_text(confidence, sure);
    jh_ten_thousandths_text((double)tolerable, most);
    jh_ten_thousandths_text((double)expected, allowed);
    jh_ten_thousandths_text((double)book, value);
    jh_ten_thousandths_text(plan->interval, every);
    snprintf(plan->promise, sizeof plan->promise,
             zh ? "抽取 %" PRIu64
                  " 个货币单位（每 %s 一个），推算的错报不超过 %s 时，可以 %s 的置信度认为账面金额 %s 的高估低于 %s。"
                : "With %" PRIu64
                  " money-units, one in every %s, that show no more than %s of misstatement, it is %s certain that "
                  "the book value of %s is overstated by less than %s.",
             plan->sample, every, allowed, sure, value, most);
    snprintf(
        plan->limits, sizeof plan->limits,
        zh ? "它针对高估：零金额和负数金额的单据不会被抽到，低估的单据很少被抽到；它不说明有多少张单据有差错。"
             "发现的错报须用 jihe evaluate --money-units 评价。"
           : "It looks for overstatement: items of zero or negative value are never drawn, understated ones too "
             "rarely. It "
             "does not say how many documents are wrong. What is found is evaluated with jihe evaluate --money-units.");
}
