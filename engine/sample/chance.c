#include "sample/chance.h"

#include "base/bits.h"
#include "sample/amounts.h"
#include "sample/sieve.h"

bool jh_draw_is_shared(const jh_draw *draw)
{
    return !draw->own_stream && draw->method != JH_METHOD_INTERVAL && draw->method != JH_METHOD_CELL;
}

jihe_status jh_chance_read(jh_chance_reader *out, const jh_selection *selection, const jh_rule *rule, size_t r,
                           uint64_t segment, jihe_error *err)
{
    const jh_pass_segment *at = &selection->pass.segments[segment];
    const jihe_status st = jh_strata_read(&out->strata, &selection->rules[r].strata, &selection->pass, at, err);

    out->made = &selection->rules[r];
    out->draw = &rule->draw;
    out->frame = selection->pass.frames[r].bits + at->word;
    out->segment = segment;
    if (st != JIHE_OK || rule->draw.kind != JH_DRAW_MONEY)
        return st;
    return jh_amounts_read(&out->amounts, out->draw, &selection->pass, at, err);
}

bool jh_chance_is_share(const jh_chance_reader *reader)
{
    return reader->draw->kind != JH_DRAW_MONEY && reader->made->list == NULL;
}

double jh_chance_of(const jh_chance_reader *reader, uint32_t row)
{
    if (!jh_bits_test(reader->frame, row))
        return 0.0;
    if (reader->made->list != NULL)
        return jh_listing_chance(reader->made->list, reader->made->listed, reader->segment, row);
    const jh_stratum *stratum = &reader->made->strata.strata[jh_strata_of(&reader->strata, row)];

    if (reader->draw->kind == JH_DRAW_MONEY)
        return jh_sieve_chance(stratum, (uint64_t)jh_col_number(&reader->amounts, row));
    return (double)stratum->quota / (double)stratum->documents;
}

jihe_status jh_chance_of_pick(double *out, const jh_selection *selection, const jh_rule *rule, size_t r,
                              const jh_pick *pick, jihe_error *err)
{
    const jh_rule_selection *made = &selection->rules[r];
    const jh_stratum *stratum = &made->strata.strata[pick->stratum];
    jh_col_view amounts;
    jihe_status st = JIHE_OK;

    if (made->list != NULL)
        *out = jh_listing_chance(made->list, made->listed, pick->segment, pick->row);
    else if (rule->draw.kind != JH_DRAW_MONEY)
        *out = (double)stratum->quota / (double)stratum->documents;
    else if ((st = jh_amounts_read(&amounts, &rule->draw, &selection->pass, &selection->pass.segments[pick->segment],
                                   err)) == JIHE_OK)
        *out = jh_sieve_chance(stratum, (uint64_t)jh_col_number(&amounts, pick->row));
    return st;
}
