#include "api/roster_file.h"

#include <stdlib.h>
#include <string.h>

#include "api/table_file.h"
#include "base/days.h"
#include "base/num.h"
#include "base/text.h"

enum { MAX_CAPACITY = 1000000, MAX_TYPES = 256 };

struct reading {
    jh_roster_rows *rows;
    size_t posting_room, spell_room;
    jh_arena *arena;
    jihe_error *err;
};

static jihe_status refuse(const struct reading *reading, const jh_field *field, const char *expected)
{
    char quoted[64];

    jh_text_quote(field->text, field->len, quoted, sizeof quoted);
    return jh_fail_at(reading->err, JIHE_DATA, reading->rows->path, field->line, field->column, "'%s': %s", quoted,
                      expected);
}

static jihe_status no_memory(const struct reading *reading)
{
    return jh_fail(reading->err, JIHE_NO_MEMORY, "reading %s", reading->rows->path);
}

static bool is_text(const jh_field *field, const char *text)
{
    return field->len == strlen(text) && memcmp(field->text, text, field->len) == 0;
}

/* --- single fields --- */

static jihe_status read_days(const struct reading *reading, const jh_field *fields, int32_t *from, int32_t *to)
{
    *to = INT32_MAX;
    if (!jh_days_parse(fields[JH_ROSTER_FROM].text, fields[JH_ROSTER_FROM].len, from))
        return refuse(reading, &fields[JH_ROSTER_FROM], "from: expected a date like 2026-01-31");
    if (fields[JH_ROSTER_TO].len > 0 && !jh_days_parse(fields[JH_ROSTER_TO].text, fields[JH_ROSTER_TO].len, to))
        return refuse(reading, &fields[JH_ROSTER_TO], "to: expected a date like 2026-01-31, or nothing");
    if (*to < *from)
        return refuse(reading, &fields[JH_ROSTER_TO], "to: ends before it begins");
    return JIHE_OK;
}

static jihe_status read_capacity(const struct reading *reading, const jh_field *field, jh_posting *posting)
{
    uint64_t capacity = 0;

    if (field->len > 0 && (!jh_num_u64(field->text, field->len, &capacity) || capacity > MAX_CAPACITY))
        return refuse(reading, field,
                      "capacity: expected the documents that the person can inspect a day, 0 to 1000000, or nothing");
    posting->capacity = (uint32_t)capacity;
    return JIHE_OK;
}

static int order_types(const void *a, const void *b)
{
    const jh_field *x = a, *y = b;

    return jh_text_compare(x->text, x->len, y->text, y->len);
}

/* Bytes up to the next of ; ； | and those of the separator. */
static size_t cut_type(const char *text, size_t len, size_t *separator)
{
    static const char wide[] = "；";

    for (size_t i = 0; i < len; i++) {
        *separator = text[i] == ';' || text[i] == '|'                                             ? 1
                     : len - i >= sizeof wide - 1 && memcmp(text + i, wide, sizeof wide - 1) == 0 ? sizeof wide - 1
                                                                                                  : 0;
        if (*separator > 0)
            return i;
    }
    *separator = 0;
    return len;
}

/* "a; b" as "a;b": sorted, each once. */
static jihe_status read_types(const struct reading *reading, const jh_field *field, jh_posting *posting)
{
    jh_field types[MAX_TYPES];
    char *joined = JH_NEW(reading->arena, char, field->len + 1);
    size_t count = 0, used = 0;

    if (joined == NULL)
        return no_memory(reading);
    for (size_t at = 0, separator; at < field->len; at += separator) {
        const char *begin = field->text + at;
        size_t len = cut_type(begin, field->len - at, &separator);

        at += len;
        for (; len > 0 && *begin == ' '; len--)
            begin++;
        while (len > 0 && begin[len - 1] == ' ')
            len--;
        if (len > 0 && count == MAX_TYPES)
            return refuse(reading, field, "types: more than 256 document types");
        if (len > 0)
            types[count++] = (jh_field){.text = begin, .len = (uint32_t)len};
    }
    qsort(types, count, sizeof *types, order_types);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && order_types(&types[i - 1], &types[i]) == 0)
            continue;
        if (used > 0)
            joined[used++] = ';';
        memcpy(joined + used, types[i].text, types[i].len);
        used += types[i].len;
    }
    joined[used] = '\0';
    posting->types = joined;
    return JIHE_OK;
}

static jihe_status read_weekdays(const struct reading *reading, const jh_field *field, jh_posting *posting)
{
    for (size_t i = 0; i < field->len; i++) {
        const unsigned day = (unsigned)(unsigned char)field->text[i] - '1';

        if (day > 6 || (posting->weekdays >> day & 1) != 0)
            return refuse(reading, field,
                          "calendar: expected the weekdays worked, like 123456 for Monday to Saturday, or nothing for "
                          "the workspace's calendar");
        posting->weekdays |= (uint8_t)(1u << day);
    }
    return JIHE_OK;
}

const char *jh_weekdays_text(uint8_t weekdays, char out[8])
{
    size_t used = 0;

    for (int day = 0; day < 7; day++)
        if ((weekdays >> day & 1) != 0)
            out[used++] = (char)('1' + day);
    out[used] = '\0';
    return out;
}

/* --- rows --- */

static jh_roster_place place_of(const jh_field *fields)
{
    jh_roster_place place = {.line = fields[JH_ROSTER_PERSON].line};

    for (size_t c = 0; c < JH_ROSTER_COLUMNS; c++)
        place.columns[c] = fields[c].column;
    return place;
}

static jihe_status read_posting(struct reading *reading, const jh_field *fields)
{
    jh_roster_rows *rows = reading->rows;
    jihe_status st;

    if (fields[JH_ROSTER_OTHER].len > 0)
        return refuse(reading, &fields[JH_ROSTER_OTHER], "other: a post has none; is the kind missing?");
    jh_posting_row *postings = jh_arena_list(reading->arena, rows->postings, rows->posting_count,
                                             &reading->posting_room, sizeof *rows->postings);

    if (postings == NULL)
        return no_memory(reading);
    rows->postings = postings;
    jh_posting_row *row = &postings[rows->posting_count++];
    jh_posting *posting = &row->posting;

    *row = (jh_posting_row){.place = place_of(fields)};
    posting->person = jh_arena_text(reading->arena, fields[JH_ROSTER_PERSON].text, fields[JH_ROSTER_PERSON].len);
    posting->unit = jh_arena_text(reading->arena, fields[JH_ROSTER_UNIT].text, fields[JH_ROSTER_UNIT].len);
    posting->post = jh_arena_text(reading->arena, fields[JH_ROSTER_POST].text, fields[JH_ROSTER_POST].len);
    if (posting->person == NULL || posting->unit == NULL || posting->post == NULL)
        return no_memory(reading);
    if ((st = read_days(reading, fields, &posting->from, &posting->to)) != JIHE_OK ||
        (st = read_capacity(reading, &fields[JH_ROSTER_CAPACITY], posting)) != JIHE_OK ||
        (st = read_types(reading, &fields[JH_ROSTER_TYPES], posting)) != JIHE_OK)
        return st;
    return read_weekdays(reading, &fields[JH_ROSTER_CALENDAR], posting);
}

static jihe_status check_spell(const struct reading *reading, const jh_field *fields, const jh_spell *spell)
{
    static const enum roster_column of_posts[] = {JH_ROSTER_UNIT, JH_ROSTER_POST, JH_ROSTER_CAPACITY, JH_ROSTER_TYPES,
                                                  JH_ROSTER_CALENDAR};
    const bool needs_other =
        spell->kind == JH_SPELL_COVERS || spell->kind == JH_SPELL_RENAMED || spell->kind == JH_SPELL_MERGED;
    const bool for_good =
        spell->kind == JH_SPELL_RENAMED || spell->kind == JH_SPELL_MERGED || spell->kind == JH_SPELL_SPLIT;

    for (size_t i = 0; i < sizeof of_posts / sizeof of_posts[0]; i++)
        if (fields[of_posts[i]].len > 0)
            return refuse(reading, &fields[of_posts[i]], "only rows of kind post have this; leave it empty");
    if (needs_other && spell->other[0] == '\0')
        return refuse(reading, &fields[JH_ROSTER_OTHER],
                      spell->kind == JH_SPELL_COVERS ? "other: expected the absent colleague"
                                                     : "other: expected the id "
                                                       "that goes on");
    if (spell->kind == JH_SPELL_LEAVE && spell->other[0] != '\0')
        return refuse(reading, &fields[JH_ROSTER_OTHER],
                      "other: a leave has none; who stands in has a row of kind covers");
    if (strcmp(spell->person, spell->other) == 0)
        return refuse(reading, &fields[JH_ROSTER_OTHER], "other: the same as person");
    if (for_good && spell->to != INT32_MAX)
        return refuse(reading, &fields[JH_ROSTER_TO], "to: what becomes of an id has no end; leave it empty");
    return JIHE_OK;
}

static jihe_status read_spell(struct reading *reading, const jh_field *fields, jh_spell_kind kind)
{
    jh_roster_rows *rows = reading->rows;
    jh_spell_row *spells =
        jh_arena_list(reading->arena, rows->spells, rows->spell_count, &reading->spell_room, sizeof *rows->spells);

    if (spells == NULL)
        return no_memory(reading);
    rows->spells = spells;
    jh_spell_row *row = &spells[rows->spell_count++];

    *row = (jh_spell_row){.place = place_of(fields), .spell = {.kind = kind}};
    row->spell.person = jh_arena_text(reading->arena, fields[JH_ROSTER_PERSON].text, fields[JH_ROSTER_PERSON].len);
    row->spell.other = jh_arena_text(reading->arena, fields[JH_ROSTER_OTHER].text, fields[JH_ROSTER_OTHER].len);
    if (row->spell.person == NULL || row->spell.other == NULL)
        return no_memory(reading);
    const jihe_status st = read_days(reading, fields, &row->spell.from, &row->spell.to);

    return st != JIHE_OK ? st : check_spell(reading, fields, &row->spell);
}

static jihe_status read_row(struct reading *reading, const jh_field *fields)
{
    const jh_field *kind = &fields[JH_ROSTER_KIND];

    if (fields[JH_ROSTER_PERSON].len == 0)
        return jh_fail_at(reading->err, JIHE_DATA, reading->rows->path, fields[JH_ROSTER_PERSON].line,
                          fields[JH_ROSTER_PERSON].column, "a posting needs its person");
    if (kind->len == 0 || is_text(kind, "post") || is_text(kind, "岗位"))
        return read_posting(reading, fields);
    for (jh_spell_kind k = 0; k < JH_SPELL_KINDS; k++)
        if (is_text(kind, jh_spell_word(k)) || is_text(kind, jh_spell_word_zh(k)))
            return read_spell(reading, fields, k);
    return refuse(
        reading, kind,
        "kind: expected post (岗位), leave (休假), covers (代岗), renamed (更名), merged (合并), split (拆分), "
        "shared (共用), or nothing for a post");
}

jihe_status jh_roster_read(jh_roster_rows *out, const char *path, jh_arena *arena, jihe_error *err)
{
    static const char *const names[JH_ROSTER_COLUMNS] = {
        "person|人员",       "unit|单位",      "post|岗位",     "from|自",   "to|至",
        "capacity|日稽核量", "types|单据类型", "calendar|日历", "kind|类别", "other|对方"};
    struct reading reading = {.rows = out, .arena = arena, .err = err};
    jh_field fields[JH_TABLE_MAX_COLUMNS];
    jh_table_file table;

    *out = (jh_roster_rows){.path = path};
    jihe_status st = jh_table_open(&table, path, names, JH_ROSTER_COLUMNS, JH_ROSTER_REQUIRED, err);

    if (st != JIHE_OK)
        return st;
    memcpy(out->sha256, table.sha256, sizeof out->sha256);
    while ((st = jh_table_next(&table, fields, err)) == JIHE_OK)
        if ((st = read_row(&reading, fields)) != JIHE_OK)
            break;
    jh_table_close(&table);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}
