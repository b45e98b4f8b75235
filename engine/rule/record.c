#include "rule/record.h"

#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"

static void pack_draw(jh_buf *out, const jh_draw *draw)
{
    const bool money = draw->kind == JH_DRAW_MONEY, method = draw->method != JH_METHOD_SMALLEST,
               period = draw->period != JH_PERIOD_RUN;

    jh_pack_map(out, (size_t)8 + money + method + period + draw->follow.present);
    jh_pack_text(out, "kind");
    jh_pack_u64(out, (uint64_t)draw->kind);
    jh_pack_text(out, "ppm");
    jh_pack_u64(out, draw->ppm);
    jh_pack_text(out, "count");
    jh_pack_u64(out, draw->count);
    jh_pack_text(out, "by");
    jh_pack_array(out, draw->by_count);
    for (size_t i = 0; i < draw->by_count; i++)
        jh_pack_text(out, draw->by[i].name);
    jh_pack_text(out, "rates");
    jh_pack_array(out, draw->rate_count);
    for (size_t i = 0; i < draw->rate_count; i++) {
        jh_pack_array(out, 2);
        jh_pack_text(out, draw->rates[i].value);
        jh_pack_u64(out, draw->rates[i].ppm);
    }
    jh_pack_text(out, "at_least");
    jh_pack_u64(out, draw->at_least);
    jh_pack_text(out, "at_most");
    jh_pack_u64(out, draw->at_most);
    jh_pack_text(out, "own_stream");
    jh_pack_bool(out, draw->own_stream);
    if (money) { /* keys that came later stand only where they say something: other rules keep their bytes */
        jh_pack_text(out, "money");
        jh_pack_text(out, draw->money.name);
    }
    if (method) {
        jh_pack_text(out, "method");
        jh_pack_u64(out, (uint64_t)draw->method);
    }
    if (period) {
        jh_pack_text(out, "period");
        jh_pack_u64(out, (uint64_t)draw->period);
    }
    if (draw->follow.present) {
        jh_pack_text(out, "follow");
        jh_pack_map(out, 3);
        jh_pack_text(out, "tightened");
        jh_pack_u64(out, draw->follow.tightened);
        jh_pack_text(out, "reduced");
        jh_pack_u64(out, draw->follow.reduced);
        jh_pack_text(out, "aql");
        jh_pack_u64(out, draw->follow.aql);
    }
}

void jh_rule_pack(jh_buf *out, const jh_rule *rule)
{
    const bool window = rule->window.kind != JH_WINDOW_DATE;

    jh_pack_map(out, 5u + window + rule->expect_none); /* the ids of runs without these stay what they were */
    jh_pack_text(out, "id");
    jh_pack_text(out, rule->id);
    jh_pack_text(out, "title");
    jh_pack_text(out, rule->title);
    jh_pack_text(out, "where");
    jh_pack_str(out, rule->where, rule->where_len);
    jh_pack_text(out, "flag");
    if (rule->flag.kind == NULL)
        jh_pack_nil(out);
    else
        rule->flag.kind->pack(out, &rule->flag);
    jh_pack_text(out, "draw");
    pack_draw(out, &rule->draw);
    if (window) {
        jh_pack_text(out, "window");
        jh_pack_array(out, 2u + rule->window.always);
        jh_pack_u64(out, (uint64_t)rule->window.kind);
        jh_pack_u64(out, rule->window.count);
        if (rule->window.always)
            jh_pack_bool(out, true);
    }
    if (rule->expect_none) {
        jh_pack_text(out, "finding");
        jh_pack_text(out, rule->clause);
    }
}

/* Keys that older runs do not have. */
static void unpack_added(const jh_unpack *map, jh_rule *rule, jh_arena *arena, bool *ok)
{
    jh_unpack in;

    rule->until = INT32_MIN;
    rule->clause = "";
    if (jh_unpack_find(map, "window", &in)) {
        const size_t items = jh_unpack_array(&in);
        const uint64_t kind = jh_unpack_u64(&in), count = jh_unpack_u64(&in);
        const bool always = items == 3 && jh_unpack_bool(&in);

        *ok =
            *ok && !in.failed && (items == 2 || items == 3) && kind <= JH_WINDOW_MONTHS && count <= JH_MAX_WINDOW_DAYS;
        rule->window = (jh_window){(jh_window_kind)kind, (uint32_t)count, always};
    }
    if (jh_unpack_find(map, "finding", &in)) {
        rule->clause = jh_field_text(map, "finding", arena, ok);
        rule->expect_none = true;
    }
}

static void unpack_flag(const jh_unpack *rule, jh_flag *flag, jh_arena *arena, bool *ok)
{
    const jh_unpack map = jh_field_at(rule, "flag", ok);
    jh_unpack found;

    if (!*ok || jh_unpack_is_nil(&map))
        return;
    for (size_t k = 0; flag->kind == NULL && jh_flag_kind_at(k) != NULL; k++)
        if (jh_unpack_find(&map, jh_flag_kind_at(k)->name, &found))
            flag->kind = jh_flag_kind_at(k);
    *ok = flag->kind != NULL;
    if (*ok)
        flag->kind->unpack(&map, flag, arena, ok);
}

static void unpack_by(const jh_unpack *map, jh_draw *draw, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(map, "by", ok);
    const size_t count = *ok ? jh_unpack_array(&in) : 0;
    jh_column_name *by = count > JH_MAX_BY ? NULL : JH_NEW(arena, jh_column_name, count + 1);

    *ok = *ok && !in.failed && by != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        by[i].name = jh_next_text(&in, arena, ok);
        *ok = *ok && by[i].name != NULL;
    }
    draw->by = by;
    draw->by_count = *ok ? count : 0;
}

static void unpack_rates(const jh_unpack *map, jh_draw *draw, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(map, "rates", ok);
    const size_t count = *ok ? jh_unpack_array(&in) : 0;
    jh_stratum_rate *rates = in.failed ? NULL : JH_NEW(arena, jh_stratum_rate, count + 1);

    *ok = *ok && rates != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        *ok = jh_unpack_array(&in) == 2;
        rates[i].value = jh_next_text(&in, arena, ok);
        const uint64_t ppm = jh_unpack_u64(&in);

        rates[i].ppm = (uint32_t)ppm;
        *ok = *ok && !in.failed && ppm <= 1000000 && rates[i].value != NULL;
    }
    draw->rates = rates;
    draw->rate_count = *ok ? count : 0;
}

static void unpack_draw(const jh_unpack *rule, jh_draw *draw, jh_arena *arena, bool *ok)
{
    const jh_unpack map = jh_field_at(rule, "draw", ok);

    if (!*ok)
        return;
    jh_unpack found;

    draw->kind = (jh_draw_kind)jh_field_u64(&map, "kind", JH_DRAW_EACH, ok);
    draw->ppm = (uint32_t)jh_field_u64(&map, "ppm", 1000000, ok);
    draw->count = jh_field_u64(&map, "count", UINT64_MAX, ok);
    unpack_by(&map, draw, arena, ok);
    unpack_rates(&map, draw, arena, ok);
    draw->at_least = jh_field_u64(&map, "at_least", UINT64_MAX, ok);
    draw->at_most = jh_field_u64(&map, "at_most", UINT64_MAX, ok);
    draw->own_stream = jh_field_bool(&map, "own_stream", ok);
    if (draw->kind == JH_DRAW_MONEY)
        draw->money.name = jh_field_text(&map, "money", arena, ok);
    if (jh_unpack_find(&map, "method", &found))
        draw->method = (jh_draw_method)jh_field_u64(&map, "method", JH_METHOD_NEYMAN, ok);
    if (jh_unpack_find(&map, "period", &found))
        draw->period = (jh_period)jh_field_u64(&map, "period", JH_PERIOD_YEAR, ok);
    if (jh_unpack_find(&map, "follow", &found)) {
        draw->follow.present = true;
        draw->follow.tightened = (uint32_t)jh_field_u64(&found, "tightened", 1000000, ok);
        draw->follow.reduced = (uint32_t)jh_field_u64(&found, "reduced", 1000000, ok);
        draw->follow.aql = (uint32_t)jh_field_u64(&found, "aql", 1000000, ok);
    }
}

jihe_status jh_rule_unpack(jh_unpack *in, jh_rule *rule, jh_arena *arena, jihe_error *err)
{
    const jh_unpack map = *in;
    bool ok = true;

    *rule = (jh_rule){.enabled = true};
    rule->id = jh_field_text(&map, "id", arena, &ok);
    rule->title = jh_field_text(&map, "title", arena, &ok);
    rule->where = jh_field_text(&map, "where", arena, &ok);
    rule->where_len = strlen(rule->where);
    rule->where_place = (jh_place){.source = rule->id, .line = 1, .column = 1};
    unpack_flag(&map, &rule->flag, arena, &ok);
    unpack_draw(&map, &rule->draw, arena, &ok);
    unpack_added(&map, rule, arena, &ok);
    jh_unpack_skip(in);
    if (!ok || in->failed)
        return jh_fail(err, JIHE_CORRUPT, "a stored rule cannot be read");
    return JIHE_OK;
}
