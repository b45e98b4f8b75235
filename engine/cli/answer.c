#include "cli/answer.h"

#include <string.h>

#include "cli/message.h"
#include "cli/output.h"

static jihe_status needed(const cli_call *call, cli_option option, const char **text, const char *absent,
                          jihe_error *err)
{
    *text = cli_value(call, option);
    if (*text == NULL)
        *text = absent;
    if (*text == NULL)
        return cli_fault(err, JIHE_USAGE, "'%s' needs --%s", call->command->name, cli_option_name(option));
    return JIHE_OK;
}

/* Puts the option's name in front of what is wrong with its value. */
static jihe_status name_option(jihe_error *err, jihe_status st, cli_option option)
{
    jihe_error plain;

    if (st == JIHE_OK)
        return st;
    plain = *err;
    return cli_fault(err, st, "--%s: %s", cli_option_name(option), plain.message);
}

jihe_status cli_rate_option(uint32_t *ppm, const cli_call *call, cli_option option, const char *absent, jihe_error *err)
{
    const char *text;
    const jihe_status st = needed(call, option, &text, absent, err);

    return st != JIHE_OK ? st : name_option(err, jihe_rate_of(ppm, text, err), option);
}

jihe_status cli_amount_option(uint64_t *amount, const cli_call *call, cli_option option, const char *absent,
                              jihe_error *err)
{
    const char *text;
    const jihe_status st = needed(call, option, &text, absent, err);

    return st != JIHE_OK ? st : name_option(err, jihe_amount_of(amount, text, err), option);
}

jihe_status cli_confidence(double *out, const cli_call *call, jihe_error *err)
{
    uint32_t ppm = 0;
    const jihe_status st = cli_rate_option(&ppm, call, CLI_CONFIDENCE, "95%", err);

    *out = ppm / 1e6;
    return st;
}

jihe_status cli_population(uint64_t *out, const cli_call *call, jihe_error *err)
{
    return cli_number(out, call, CLI_POPULATION, 0, 1, UINT64_C(1000000000000), err);
}

unsigned cli_sentence_flags(const cli_call *call)
{
    return call->format == JIHE_TABLE ? 0 : JIHE_SENTENCES;
}

/* In lines, broken at spaces. Chinese has none to break at: the terminal does it. */
static void print_sentence(const char *text, bool broken)
{
    enum { LINE = 100 };
    size_t used = 0;

    while (*text != '\0' && broken) {
        const size_t len = strcspn(text, " ");

        if (used > 0)
            putchar(used + 1 + len > LINE ? '\n' : ' ');
        used = used + 1 + len > LINE ? len : used + len + (used > 0);
        fwrite(text, 1, len, stdout);
        text += len + strspn(text + len, " ");
    }
    puts(text);
}

jihe_status cli_print_figures(const cli_call *call, jihe_rows *rows, const char *const *sentences, jihe_error *err)
{
    const jihe_status st = cli_print_rows(call, rows, 0, err);

    for (; st == JIHE_OK && call->format == JIHE_TABLE && *sentences != NULL; sentences++)
        print_sentence(*sentences, strcmp(call->lang, "zh") != 0);
    return st;
}
