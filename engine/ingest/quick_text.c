#include "base/hash.h"
#include "base/text.h"
#include "ingest/convert.h"
#include "ingest/quick_int.h"

/* Ids and texts: pieces of the block, or copies in the arena where doubled quotes are made one. */

static bool undouble(const jh_quick_fields *fields, jh_quick_field *field)
{
    char *copy = jh_arena_get(fields->arena, field->len + 1, 1);
    uint32_t len = 0;

    if (copy == NULL)
        return false;
    for (uint32_t i = 0; i < field->len; i++) {
        copy[len++] = field->text[i];
        i += field->text[i] == fields->quote;
    }
    field->text = copy;
    field->len = len;
    return true;
}

static bool usual_text(const jh_quick_fields *fields, const jh_quick_field *field)
{
    return field->len <= JH_INGEST_TEXT_MAX &&
           !(fields->may_be_private && jh_text_private_use(field->text, field->len) < field->len);
}

jihe_status jh_quick_read_texts(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                                uint8_t *odd, jihe_error *err)
{
    for (uint32_t row = 0; row < fields->rows; row++) {
        jh_quick_field field = jh_quick_field_at(fields, row);

        if (jh_quick_doubled(fields, &field) && !undouble(fields, &field))
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for the texts of column '%s'", quick->column->name);
        odd[row] |= !usual_text(fields, &field);
        out->pieces[row] = (jh_piece){field.text, field.len};
        if (jh_quick_missing(quick, field.text, field.len))
            out->pieces[row] = (jh_piece){NULL, 0};
    }
    return JIHE_OK;
}

/* Any byte below 0x20: eight at a time; the block goes on beyond the field. */
static bool has_control(const char *text, uint32_t len)
{
    const uint64_t each = UINT64_C(0x0101010101010101), top = each << 7;
    uint64_t found = 0;

    for (uint32_t at = 0; at < len; at += 8) {
        uint64_t word, live = ~UINT64_C(0);

        memcpy(&word, text + at, sizeof word);
        if (len - at < 8)
            live = (UINT64_C(1) << (len - at) * 8) - 1;
        found |= ~(((word & ~top) + each * 0x60) | word) & top & live; /* 7 bits + 0x60 reach 0x80 from 0x20 on */
    }
    return found != 0;
}

/* An id, or a part of one. */
static bool usual_id(const jh_quick_column *quick, const jh_quick_fields *fields, const jh_quick_field *field)
{
    return field->len > 0 && field->len <= JH_ID_MAX && !jh_quick_doubled(fields, field) &&
           !has_control(field->text, field->len) && !jh_quick_missing(quick, field->text, field->len) &&
           !(fields->may_be_private && jh_text_private_use(field->text, field->len) < field->len);
}

/* The sources of a row's id with '|' between them. False: convert.h reads it. */
static bool join(const jh_quick_column *quick, const jh_quick_fields *fields, uint32_t row, jh_piece *out)
{
    char id[JH_ID_MAX];
    jh_quick_fields part = *fields;
    uint32_t len = 0;

    for (size_t i = 0; i < quick->column->source_count; i++) {
        jh_quick_field field;

        part.at = fields->sources[i];
        part.last = part.at + 1 == fields->field_count;
        field = jh_quick_field_at(&part, row);
        if (!usual_id(quick, &part, &field) || len + (i > 0) + field.len > JH_ID_MAX)
            return false;
        if (i > 0)
            id[len++] = '|';
        memcpy(id + len, field.text, field.len);
        len += field.len;
    }
    *out = (jh_piece){jh_arena_text(fields->arena, id, len), len};
    return out->text != NULL;
}

void jh_quick_read_ids(const jh_quick_column *quick, const jh_quick_fields *fields, jh_batch_column *out,
                       uint64_t *hashes, uint8_t *odd)
{
    for (uint32_t row = 0; row < fields->rows; row++) {
        const jh_quick_field field = jh_quick_field_at(fields, row);
        jh_piece *piece = &out->pieces[row];

        *piece = (jh_piece){field.text, field.len};
        if (quick->column->source_count > 1 ? !join(quick, fields, row, piece) : !usual_id(quick, fields, &field))
            odd[row] = 1;
        else
            hashes[row] = jh_hash64(piece->text, piece->len);
    }
}
