#include "cli/answer.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/target.h"

static jihe_status draw_curve(const cli_call *call, const jihe_plan *plan, const char *path, jihe_error *err)
{
    cli_target target;
    jihe_status st = cli_target_open(&target, path, err);

    if (st == JIHE_OK)
        st = cli_target_close(&target, jihe_plan_curve(plan, call->lang, cli_put, target.file, err), err);
    if (st == JIHE_OK && !call->quiet)
        cli_say("wrote %s", path);
    return st;
}

/* The curve first: a plan that has none says so before anything is printed. */
static jihe_status print_plan(const cli_call *call, const jihe_plan *plan, jihe_error *err)
{
    const char *const sentences[] = {plan->promise, plan->limits, NULL};
    const char *path = cli_value(call, CLI_OC);
    jihe_rows *rows;
    jihe_status st = path != NULL ? draw_curve(call, plan, path, err) : JIHE_OK;

    if (st == JIHE_OK)
        st = jihe_plan_rows(&rows, plan, cli_sentence_flags(call), err);
    return st == JIHE_OK ? cli_print_figures(call, rows, sentences, err) : st;
}

static jihe_status plan_attribute(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    double confidence;
    uint32_t tolerable, expected;
    uint64_t population;
    jihe_plan plan;
    jihe_status st;

    (void)workspace;
    if ((st = cli_confidence(&confidence, call, err)) != JIHE_OK ||
        (st = cli_rate_option(&tolerable, call, CLI_TOLERABLE, NULL, err)) != JIHE_OK ||
        (st = cli_rate_option(&expected, call, CLI_EXPECTED, "0%", err)) != JIHE_OK ||
        (st = cli_population(&population, call, err)) != JIHE_OK ||
        (st = jihe_plan_attribute(&plan, confidence, tolerable, expected, population, call->lang, err)) != JIHE_OK)
        return st;
    return print_plan(call, &plan, err);
}

static jihe_status plan_money(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    double confidence;
    uint64_t tolerable, expected, book;
    jihe_plan plan;
    jihe_status st;

    (void)workspace;
    if ((st = cli_confidence(&confidence, call, err)) != JIHE_OK ||
        (st = cli_amount_option(&book, call, CLI_BOOK, NULL, err)) != JIHE_OK ||
        (st = cli_amount_option(&tolerable, call, CLI_TOLERABLE, NULL, err)) != JIHE_OK ||
        (st = cli_amount_option(&expected, call, CLI_EXPECTED, "0", err)) != JIHE_OK ||
        (st = jihe_plan_money(&plan, confidence, tolerable, expected, book, call->lang, err)) != JIHE_OK)
        return st;
    return print_plan(call, &plan, err);
}

static jihe_status plan_precision(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    double confidence;
    uint32_t within, expected;
    uint64_t population;
    jihe_plan plan;
    jihe_status st;

    (void)workspace;
    if ((st = cli_confidence(&confidence, call, err)) != JIHE_OK ||
        (st = cli_rate_option(&within, call, CLI_WITHIN, NULL, err)) != JIHE_OK ||
        (st = cli_rate_option(&expected, call, CLI_EXPECTED, "50%", err)) != JIHE_OK ||
        (st = cli_population(&population, call, err)) != JIHE_OK ||
        (st = jihe_plan_precision(&plan, confidence, within, expected, population, call->lang, err)) != JIHE_OK)
        return st;
    return print_plan(call, &plan, err);
}

static jihe_status plan_two_point(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint32_t good, good_risk, bad, bad_risk;
    uint64_t population;
    jihe_plan plan;
    jihe_status st;

    (void)workspace;
    if ((st = cli_rate_option(&good, call, CLI_GOOD, NULL, err)) != JIHE_OK ||
        (st = cli_rate_option(&good_risk, call, CLI_GOOD_RISK, "5%", err)) != JIHE_OK ||
        (st = cli_rate_option(&bad, call, CLI_BAD, NULL, err)) != JIHE_OK ||
        (st = cli_rate_option(&bad_risk, call, CLI_BAD_RISK, "10%", err)) != JIHE_OK ||
        (st = cli_population(&population, call, err)) != JIHE_OK ||
        (st = jihe_plan_two_point(&plan, good, good_risk / 1e6, bad, bad_risk / 1e6, population, call->lang, err)) !=
            JIHE_OK)
        return st;
    return print_plan(call, &plan, err);
}

static jihe_status plan_detect(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    double confidence;
    uint32_t rate;
    uint64_t kind, population;
    jihe_plan plan;
    jihe_status st;

    (void)workspace;
    if (cli_is_given(call, CLI_KIND) == cli_is_given(call, CLI_TOLERABLE))
        return cli_fault(err, JIHE_USAGE, "'plan detect' needs either --kind N or --tolerable RATE");
    if (cli_is_given(call, CLI_KIND) && !cli_is_given(call, CLI_POPULATION))
        return cli_fault(err, JIHE_USAGE, "--kind needs --population: so many of how many");
    if ((st = cli_confidence(&confidence, call, err)) != JIHE_OK ||
        (st = cli_number(&kind, call, CLI_KIND, 0, 1, UINT64_C(1000000000000), err)) != JIHE_OK ||
        (st = cli_rate_option(&rate, call, CLI_TOLERABLE, "0%", err)) != JIHE_OK ||
        (st = cli_population(&population, call, err)) != JIHE_OK ||
        (st = jihe_plan_detect(&plan, confidence, kind, rate, population, call->lang, err)) != JIHE_OK)
        return st;
    return print_plan(call, &plan, err);
}

static const cli_takes attribute_takes[] = {
    {CLI_CONFIDENCE, "how sure the answer must be (default: 95%)"},
    {CLI_TOLERABLE, "the error rate that must not be reached, for example 5%"},
    {CLI_EXPECTED, "the error rate that is expected (default: 0%)"},
    {CLI_POPULATION, "documents in the population (default: very many)"},
    {CLI_OC, "draw the chance of acceptance over the rate into this SVG file"},
    {CLI_END, NULL},
};

static const cli_takes money_takes[] = {
    {CLI_CONFIDENCE, "how sure the answer must be (default: 95%)"},
    {CLI_BOOK, "the book value of the population"},
    {CLI_TOLERABLE, "the overstatement that must not be reached, an amount"},
    {CLI_EXPECTED, "the overstatement that is expected, an amount (default: 0)"},
    {CLI_END, NULL},
};

static const cli_takes precision_takes[] = {
    {CLI_CONFIDENCE, "how sure the answer must be (default: 95%)"},
    {CLI_WITHIN, "how far the estimate may be off, for example 1%"},
    {CLI_EXPECTED, "the error rate that is expected (default: 50%, the most careful)"},
    {CLI_POPULATION, "documents in the population (default: very many)"},
    {CLI_END, NULL},
};

static const cli_takes two_point_takes[] = {
    {CLI_GOOD, "a rate that is to be accepted"},
    {CLI_GOOD_RISK, "the chance of refusing it (default: 5%)"},
    {CLI_BAD, "a rate that is to be refused"},
    {CLI_BAD_RISK, "the chance of accepting it (default: 10%)"},
    {CLI_POPULATION, "documents in the population (default: very many)"},
    {CLI_OC, "draw the chance of acceptance over the rate into this SVG file"},
    {CLI_END, NULL},
};

static const cli_takes detect_takes[] = {
    {CLI_CONFIDENCE, "how sure the answer must be (default: 95%)"},
    {CLI_KIND, "how many documents of the kind there are"},
    {CLI_TOLERABLE, "or what share of all documents they are"},
    {CLI_POPULATION, "documents in the population (default: very many)"},
    {CLI_OC, "draw the chance of acceptance over the rate into this SVG file"},
    {CLI_END, NULL},
};

const cli_command cli_plan_attribute = {
    .name = "plan attribute",
    .operands = "--tolerable RATE",
    .summary = "documents to inspect to show that a rate is below a tolerable one",
    .about = "Prints the smallest sample, and how many errors it may show, that keeps the risk of calling a rate\n"
             "tolerable that is not at 1 - confidence. Exact: binomial, or hypergeometric when the population is\n"
             "given. What the plan promises and what it does not is said below.",
    .example = "  jihe plan attribute --confidence 95% --tolerable 5% --expected 1%\n"
               "  jihe plan attribute --tolerable 5% --population 1200 --oc plan.svg",
    .takes = attribute_takes,
    .prints_rows = true,
    .run = plan_attribute,
};

const cli_command cli_plan_money = {
    .name = "plan money",
    .operands = "--book X --tolerable X",
    .summary = "money-units to draw from a book value",
    .about = "Prints how many money-units to draw (draw: {money: ...}), at what interval, for an upper limit of\n"
             "overstatement below the tolerable one when no more than the expected is found. Poisson, as in the\n"
             "audit guides' tables.",
    .example = "  jihe plan money --book 10000000 --tolerable 500000 --expected 50000",
    .takes = money_takes,
    .prints_rows = true,
    .run = plan_money,
};

const cli_command cli_plan_precision = {
    .name = "plan precision",
    .operands = "--within RATE",
    .summary = "documents to inspect to know a rate well enough",
    .about = "Prints how many documents to inspect for an estimate that is off by no more than --within, with the\n"
             "normal law and the finite-population correction.",
    .example = "  jihe plan precision --within 1% --expected 3% --population 40000",
    .takes = precision_takes,
    .prints_rows = true,
    .run = plan_precision,
};

const cli_command cli_plan_two_point = {
    .name = "plan two-point",
    .operands = "--good RATE --bad RATE",
    .summary = "documents to inspect to tell good work from bad",
    .about = "Prints the smallest sample, and how many errors it may show, that refuses good work and accepts bad\n"
             "work with no more than the two risks.",
    .example = "  jihe plan two-point --good 1% --bad 6% --oc plan.svg",
    .takes = two_point_takes,
    .prints_rows = true,
    .run = plan_two_point,
};

const cli_command cli_plan_detect = {
    .name = "plan detect",
    .operands = "--kind N | --tolerable R",
    .summary = "documents to inspect to see at least one of a kind",
    .about = "Prints how many documents to draw at random to see at least one of a kind of which there are so many\n"
             "(--kind, with --population) or such a share (--tolerable).",
    .example = "  jihe plan detect --kind 5 --population 10000\n  jihe plan detect --tolerable 0.1% --confidence 99%",
    .takes = detect_takes,
    .prints_rows = true,
    .run = plan_detect,
};
