#include "rule/flag.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "rule/flag_kind.h"

/* The table of kinds. */
static const jh_flag_kind *const kinds[] = {&jh_flag_jump, &jh_flag_pace, &jh_flag_duplicate, &jh_flag_split,
                                            &jh_flag_digits};

enum { KINDS = sizeof kinds / sizeof kinds[0], PLACES = 6 /* of a millionth */, SIGNIFICANT = 6, DECIMALS = 20 };

const jh_flag_kind *jh_flag_kind_at(size_t index)
{
    return index < KINDS ? kinds[index] : NULL;
}

const jh_flag_kind *jh_flag_kind_find(const char *name)
{
    for (size_t k = 0; k < KINDS; k++)
        if (strcmp(kinds[k]->name, name) == 0)
            return kinds[k];
    return NULL;
}

const char *jh_flag_kind_name(const jh_flag *flag)
{
    return flag->kind->name;
}

jihe_status jh_flag_check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    jh_facts_used ignored = {0};

    return flag->kind->check(flag, schema, used == NULL ? &ignored : used, err);
}

int32_t jh_flag_reach(const jh_flag *flag, int32_t first, int32_t last)
{
    return flag->kind->reach(flag, first, last);
}

void jh_flag_describe(jh_buf *out, const jh_flag *flag)
{
    if (flag->kind != NULL)
        flag->kind->describe(out, flag);
}

void jh_flag_why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    flag->kind->why(out, flag, group);
}

jihe_status jh_flag_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    *out = (jh_flag_result){0};
    return input->rule->flag.kind->judge(out, input, err);
}

/* --- figures in words --- */

void jh_flag_figure_text(double figure, char out[32])
{
    const double size = fabs(figure), least = 1e-20;

    out[0] = '\0';
    if (!(size < 1e18))
        return;
    if (figure == rint(figure) || size >= 1e6) {
        snprintf(out, 32, "%.0f", figure == 0 ? 0.0 : figure);
        return;
    }
    const double shown = size < least ? copysign(least, figure) : figure;
    const int whole = (int)floor(log10(fabs(shown))) + 1; /* digits before the point; below 0: zeros behind it */
    int len = snprintf(out, 32, "%.*f", whole >= SIGNIFICANT - DECIMALS ? SIGNIFICANT - whole : DECIMALS, shown);

    while (len > 0 && out[len - 1] == '0')
        len--;
    out[out[len - 1] == '.' ? len - 1 : len] = '\0';
}

void jh_flag_put_ppm(jh_buf *out, uint64_t ppm)
{
    char fraction[8];
    int len = snprintf(fraction, sizeof fraction, "%0*" PRIu64, PLACES, ppm % 1000000);

    while (len > 0 && fraction[len - 1] == '0')
        len--;
    fraction[len] = '\0';
    jh_buf_printf(out, "%" PRIu64 "%s%s", ppm / 1000000, len > 0 ? "." : "", fraction);
}

void jh_flag_put_count(jh_buf *out, uint64_t count)
{
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            jh_buf_putc(out, ',');
        jh_buf_putc(out, digits[i]);
    }
}

void jh_flag_put_figure(jh_buf *out, double figure)
{
    if (!isfinite(figure) || figure < 0 || figure >= 1e18)
        jh_buf_puts(out, "?");
    else if (figure >= 100 || figure == rint(figure))
        jh_flag_put_count(out, (uint64_t)rint(figure));
    else
        jh_buf_printf(out, "%.3g", figure);
}
