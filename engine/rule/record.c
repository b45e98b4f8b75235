#include "rule/record.h"

#include "base/error.h"
#include "codec/pack.h"

static void pack_flag(jh_buf *out, const jh_flag *flag)
{
    if (!flag->present) {
        jh_pack_nil(out);
        return;
    }
    jh_pack_map(out, 5);
    jh_pack_text(out, "jump");
    jh_pack_text(out, flag->jump.name);
    jh_pack_text(out, "baseline_months");
    jh_pack_u64(out, flag->baseline_months);
    jh_pack_text(out, "ratio_ppm");
    jh_pack_u64(out, flag->ratio_ppm);
    jh_pack_text(out, "min_months");
    jh_pack_u64(out, flag->min_months);
    jh_pack_text(out, "absent_zero");
    jh_pack_bool(out, flag->absent_zero);
}

static void pack_draw(jh_buf *out, const jh_draw *draw)
{
    jh_pack_map(out, 8);
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
}

void jh_rule_pack(jh_buf *out, const jh_rule *rule)
{
    jh_pack_map(out, 5);
    jh_pack_text(out, "id");
    jh_pack_text(out, rule->id);
    jh_pack_text(out, "title");
    jh_pack_text(out, rule->title);
    jh_pack_text(out, "where");
    jh_pack_str(out, rule->where, rule->where_len);
    jh_pack_text(out, "flag");
    pack_flag(out, &rule->flag);
    jh_pack_text(out, "draw");
    pack_draw(out, &rule->draw);
}

/* Reads the value of `key` in the map at `map` as text; any trouble sets *ok to false. */
static const char *text_of(const jh_unpack *map, const char *key, jh_arena *arena, size_t *len, bool *ok)
{
    jh_unpack value;
    size_t n = 0;

    if (!jh_unpack_find(map, key, &value)) {
        *ok = false;
        return "";
    }
    const char *text = jh_unpack_str(&value, &n);
    const char *copy = jh_arena_text(arena, text == NULL ? "" : text, n);

    *ok = *ok && !value.failed && copy != NULL;
    if (len != NULL)
        *len = n;
    return copy == NULL ? "" : copy;
}

static uint64_t u64_of(const jh_unpack *map, const char *key, uint64_t max, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, key, &value)) {
        *ok = false;
        return 0;
    }
    const uint64_t number = jh_unpack_u64(&value);

    *ok = *ok && !value.failed && number <= max;
    return number;
}

static bool bool_of(const jh_unpack *map, const char *key, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, key, &value)) {
        *ok = false;
        return false;
    }
    const bool answer = jh_unpack_bool(&value);

    *ok = *ok && !value.failed;
    return answer;
}

static void unpack_flag(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, "flag", &value)) {
        *ok = false;
        return;
    }
    if (jh_unpack_is_nil(&value))
        return;
    flag->present = true;
    flag->jump.name = text_of(&value, "jump", arena, NULL, ok);
    flag->baseline_months = (uint32_t)u64_of(&value, "baseline_months", 36, ok);
    flag->ratio_ppm = u64_of(&value, "ratio_ppm", INT64_MAX, ok);
    flag->min_months = (uint32_t)u64_of(&value, "min_months", 36, ok);
    flag->absent_zero = bool_of(&value, "absent_zero", ok);
}

static void unpack_by(const jh_unpack *map, jh_draw *draw, jh_arena *arena, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, "by", &value)) {
        *ok = false;
        return;
    }
    const size_t count = jh_unpack_array(&value);
    jh_column_name *by = JH_NEW(arena, jh_column_name, count + 1);

    *ok = *ok && count <= JH_MAX_BY && by != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        size_t len = 0;
        const char *name = jh_unpack_str(&value, &len);

        by[i].name = jh_arena_text(arena, name == NULL ? "" : name, len);
        *ok = !value.failed && by[i].name != NULL;
    }
    draw->by = by;
    draw->by_count = count;
}

static void unpack_rates(const jh_unpack *map, jh_draw *draw, jh_arena *arena, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, "rates", &value)) {
        *ok = false;
        return;
    }
    const size_t count = jh_unpack_array(&value);
    jh_stratum_rate *rates = JH_NEW(arena, jh_stratum_rate, count + 1);

    *ok = *ok && rates != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        size_t len = 0;
        const size_t pair = jh_unpack_array(&value);
        const char *name = jh_unpack_str(&value, &len);
        const uint64_t ppm = jh_unpack_u64(&value);

        rates[i].value = jh_arena_text(arena, name == NULL ? "" : name, len);
        rates[i].ppm = (uint32_t)ppm;
        *ok = !value.failed && pair == 2 && ppm <= 1000000 && rates[i].value != NULL;
    }
    draw->rates = rates;
    draw->rate_count = count;
}

static void unpack_draw(const jh_unpack *map, jh_draw *draw, jh_arena *arena, bool *ok)
{
    jh_unpack value;

    if (!jh_unpack_find(map, "draw", &value)) {
        *ok = false;
        return;
    }
    draw->kind = (jh_draw_kind)u64_of(&value, "kind", JH_DRAW_COUNT, ok);
    draw->ppm = (uint32_t)u64_of(&value, "ppm", 1000000, ok);
    draw->count = u64_of(&value, "count", UINT64_MAX, ok);
    unpack_by(&value, draw, arena, ok);
    unpack_rates(&value, draw, arena, ok);
    draw->at_least = u64_of(&value, "at_least", UINT64_MAX, ok);
    draw->at_most = u64_of(&value, "at_most", UINT64_MAX, ok);
    draw->own_stream = bool_of(&value, "own_stream", ok);
}

jihe_status jh_rule_unpack(jh_unpack *in, jh_rule *rule, jh_arena *arena, jihe_error *err)
{
    const jh_unpack map = *in;
    bool ok = true;

    *rule = (jh_rule){.enabled = true};
    rule->id = text_of(&map, "id", arena, NULL, &ok);
    rule->title = text_of(&map, "title", arena, NULL, &ok);
    rule->where = text_of(&map, "where", arena, &rule->where_len, &ok);
    rule->where_place = (jh_place){.source = rule->id, .line = 1, .column = 1};
    unpack_flag(&map, &rule->flag, arena, &ok);
    unpack_draw(&map, &rule->draw, arena, &ok);
    jh_unpack_skip(in);
    if (!ok || in->failed)
        return jh_fail(err, JIHE_CORRUPT, "a stored rule cannot be read");
    return JIHE_OK;
}
