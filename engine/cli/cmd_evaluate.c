#include <string.h>

#include "cli/answer.h"
#include "cli/message.h"

static jihe_status check(const cli_call *call, jihe_error *err)
{
    static const cli_option ways[] = {CLI_ERRORS, CLI_FINDINGS, CLI_STRATA, CLI_MONEY_UNITS};
    int given = 0;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        given += cli_is_given(call, ways[i]);
    if (given != 1)
        return cli_fault(err, JIHE_USAGE,
                         "usage: jihe evaluate --errors K --sample N, or --findings K --sample N, or --strata FILE, or "
                         "--money-units FILE");
    if ((cli_is_given(call, CLI_ERRORS) || cli_is_given(call, CLI_FINDINGS)) && !cli_is_given(call, CLI_SAMPLE))
        return cli_fault(err, JIHE_USAGE, "--errors and --findings need --sample: so many of how many inspected");
    if (cli_is_given(call, CLI_FINDINGS) && cli_is_given(call, CLI_POPULATION))
        return cli_fault(err, JIHE_USAGE, "--findings gives findings per document; --population does not go with it");
    if (cli_is_given(call, CLI_STRATA) && (cli_is_given(call, CLI_SAMPLE) || cli_is_given(call, CLI_POPULATION)))
        return cli_fault(
            err, JIHE_USAGE,
            "--strata FILE says what was inspected of how many; --sample and --population do not go with it");
    if (cli_is_given(call, CLI_MONEY_UNITS) && (cli_is_given(call, CLI_SIDE) || cli_is_given(call, CLI_POPULATION)))
        return cli_fault(err, JIHE_USAGE,
                         "--money-units gives an upper limit of an amount; --side and --population do not go with it");
    if (!cli_is_given(call, CLI_MONEY_UNITS) && cli_is_given(call, CLI_BOOK))
        return cli_fault(err, JIHE_USAGE, "--book goes with --money-units");
    return JIHE_OK;
}

static jihe_status side_of(jihe_side *out, const cli_call *call, jihe_error *err)
{
    static const char *const names[] = {"both", "upper", "lower"};
    const char *side = cli_value(call, CLI_SIDE);

    *out = JIHE_BOTH;
    for (int i = 0; side != NULL && i < 3; i++)
        if (strcmp(side, names[i]) == 0) {
            *out = (jihe_side)i;
            return JIHE_OK;
        }
    return side == NULL ? JIHE_OK : cli_fault(err, JIHE_USAGE, "--side '%s' is none of both, upper and lower", side);
}

static jihe_status evaluate(const cli_call *call, jihe_rows **rows, jihe_evaluation *whole, jihe_error *err)
{
    const char *strata = cli_value(call, CLI_STRATA), *units = cli_value(call, CLI_MONEY_UNITS);
    const unsigned flags = cli_sentence_flags(call);
    const uint64_t most = UINT64_C(1000000000000);
    uint64_t errors, findings, sample, population, book;
    double confidence;
    jihe_side side;
    jihe_status st;

    if ((st = cli_confidence(&confidence, call, err)) != JIHE_OK || (st = side_of(&side, call, err)) != JIHE_OK ||
        (st = cli_number(&errors, call, CLI_ERRORS, 0, 0, most, err)) != JIHE_OK ||
        (st = cli_number(&findings, call, CLI_FINDINGS, 0, 0, most, err)) != JIHE_OK ||
        (st = cli_number(&sample, call, CLI_SAMPLE, 0, 1, most, err)) != JIHE_OK ||
        (st = cli_population(&population, call, err)) != JIHE_OK ||
        (st = cli_amount_option(&book, call, CLI_BOOK, "0", err)) != JIHE_OK)
        return st;
    if (strata != NULL)
        return jihe_evaluate_strata_file(rows, whole, strata, confidence, side, flags, call->lang, err);
    if (units != NULL)
        return jihe_evaluate_money_file(rows, whole, units, sample, book, confidence, flags, call->lang, err);
    st = cli_is_given(call, CLI_FINDINGS)
             ? jihe_evaluate_findings(whole, findings, sample, confidence, side, call->lang, err)
             : jihe_evaluate(whole, errors, sample, population, confidence, side, call->lang, err);
    return st == JIHE_OK ? jihe_evaluation_rows(rows, whole, flags, err) : st;
}

/* "The answer is no" is worth an exit code to scripts. */
static jihe_status judge(const cli_call *call, const jihe_evaluation *whole, uint32_t tolerable, jihe_error *err)
{
    if (!cli_is_given(call, CLI_TOLERABLE) || whole->upper < tolerable / 1e6)
        return JIHE_OK;
    return cli_fault(err, JIHE_DIFFERS, "not shown: the upper limit %.6g is not below the tolerable %.6g", whole->upper,
                     tolerable / 1e6);
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_evaluation whole;
    jihe_rows *rows;
    uint32_t tolerable;
    jihe_status st;

    (void)workspace;
    if ((st = cli_rate_option(&tolerable, call, CLI_TOLERABLE, "0%", err)) != JIHE_OK ||
        (st = evaluate(call, &rows, &whole, err)) != JIHE_OK)
        return st;
    const char *const sentences[] = {whole.reason, NULL};
    st = cli_print_figures(call, rows, sentences, err);
    return st == JIHE_OK ? judge(call, &whole, tolerable, err) : st;
}

static const cli_takes takes[] = {
    {CLI_ERRORS, "documents found wrong"},
    {CLI_FINDINGS, "findings instead, where a document may have several"},
    {CLI_SAMPLE, "documents inspected (with --money-units: units drawn, default: as many as the file has)"},
    {CLI_POPULATION, "documents they were drawn from (default: very many)"},
    {CLI_STRATA, "a CSV of strata instead: population, inspected, errors, and perhaps stratum"},
    {CLI_MONEY_UNITS, "a CSV of drawn items instead: book, audited, and perhaps hits"},
    {CLI_BOOK, "with --money-units: the book value of the population, for limits as amounts"},
    {CLI_CONFIDENCE, "of the limits (default: 95%)"},
    {CLI_SIDE, "both, upper (\"not above\") or lower (\"at least\"); default: both"},
    {CLI_TOLERABLE, "exit with 1 when the upper limit is not below this rate"},
    {CLI_END, NULL},
};

const cli_command cli_evaluate = {
    .name = "evaluate",
    .operands = "--errors K --sample N",
    .summary = "what errors found in a sample say about the population",
    .about = "Prints the estimated rate and its limits, with the method and why it was chosen: hypergeometric when\n"
             "the population is known, else Clopper-Pearson; Garwood for findings, Korn-Graubard for strata, Stringer\n"
             "for money-units. It is about documents drawn at random; documents that were picked say nothing about\n"
             "the others.",
    .example = "  jihe evaluate --errors 1 --sample 93 --population 1200\n"
               "  jihe evaluate --errors 0 --sample 59 --side upper --tolerable 5%\n"
               "  jihe evaluate --money-units found.csv --sample 60 --book 10000000",
    .takes = takes,
    .prints_rows = true,
    .check = check,
    .run = run,
};
