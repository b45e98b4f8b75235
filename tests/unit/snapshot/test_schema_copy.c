#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "codec/pack.h"
#include "snapshot/schema_copy.h"

static void same_text(const char *a, const char *b)
{
    cr_assert_str_eq(a == NULL ? "" : a, b == NULL ? "" : b);
}

Test(snapshot_schema, comes_back_whole)
{
    const jh_schema *in = documents_schema();
    jh_arena arena;
    jh_buf packed = {0};
    uint32_t format;
    jh_schema out;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    jh_schema_pack(&packed, in);
    must(jh_schema_unpack(&out, &arena, packed.bytes, packed.len, &format, &err));
    cr_assert_eq(out.count, in->count);
    cr_assert_eq(out.id, in->id);
    cr_assert_eq(out.business_date, in->business_date);
    for (size_t i = 0; i < in->count; i++) {
        const jh_column *a = &in->columns[i], *b = &out.columns[i];

        same_text(a->name, b->name);
        cr_assert(a->type == b->type && a->roles == b->roles && a->source_count == b->source_count);
        for (size_t j = 0; j < a->source_count; j++)
            same_text(a->sources[j], b->sources[j]);
        cr_assert_eq(a->format == NULL, b->format == NULL);
        same_text(a->format, b->format);
        same_text(a->currency, b->currency);
        cr_assert(a->money.scale == b->money.scale && a->money.round_finer == b->money.round_finer);
        same_text(a->money.prefix, b->money.prefix);
        same_text(a->money.thousands, b->money.thousands);
        same_text(a->money.decimal, b->money.decimal);
        cr_assert(b->line == 0 && b->column == 0);
    }
    jh_buf_deinit(&packed);
    jh_arena_deinit(&arena);
}

/* The key is there for lists only: snapshots without them have the bytes they always had. */
Test(snapshot_schema, a_list_has_its_separator)
{
    jh_column columns[] = {{.name = "id", .type = JH_ID}, {.name = "x", .type = JH_CATEGORY}};
    const jh_schema in = {columns, 2, 0, SIZE_MAX};
    jh_arena arena;
    jh_buf plain = {0}, listed = {0};
    jh_schema out;
    uint32_t format;
    jihe_error err = {0};

    jh_arena_init(&arena, 0);
    jh_schema_pack(&plain, &in);
    columns[1].list = " ／ ";
    jh_schema_pack(&listed, &in);
    cr_assert_eq(listed.len, plain.len + 1 + strlen("list") + 1 + strlen(" ／ "));
    must(jh_schema_unpack(&out, &arena, plain.bytes, plain.len, &format, &err));
    cr_assert_null(out.columns[1].list);
    must(jh_schema_unpack(&out, &arena, listed.bytes, listed.len, &format, &err));
    cr_assert_null(out.columns[0].list);
    cr_assert_str_eq(out.columns[1].list, " ／ ");
    jh_buf_deinit(&plain);
    jh_buf_deinit(&listed);
    jh_arena_deinit(&arena);
}

static jihe_status unpack_again(const jh_schema *schema)
{
    jh_arena arena;
    jh_buf packed = {0};
    uint32_t format;
    jh_schema out;
    jihe_status st;

    jh_arena_init(&arena, 0);
    jh_schema_pack(&packed, schema);
    st = jh_schema_unpack(&out, &arena, packed.bytes, packed.len, &format, NULL);
    jh_buf_deinit(&packed);
    jh_arena_deinit(&arena);
    return st;
}

/* What a reader relies on: each schema breaks one rule. */
Test(snapshot_schema, refuses_what_readers_could_not_use)
{
    const jh_column id = {.name = "id", .type = JH_ID};
    jh_column two[2] = {id, {.name = "x", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON}};
    const jh_schema schema = {two, 2, 0, SIZE_MAX};

    cr_assert_eq(unpack_again(&schema), JIHE_OK);
    two[1].type = JH_TEXT;
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a person that is no category");
    two[1] = (jh_column){.name = "x", .type = JH_TIME, .roles = JH_ROLE_BUSINESS_DATE};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a business date that is no date");
    two[1] = (jh_column){.name = "id", .type = JH_TEXT};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "the same name twice");
    two[1] = (jh_column){.name = "x", .type = JH_ID};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "two ids");
    two[1] = (jh_column){.name = "x", .type = (jh_type)9};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "an unknown type");
    two[1] = (jh_column){.name = "x", .type = (jh_type)0};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "no type");
    two[1] = (jh_column){.name = "", .type = JH_TEXT};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "no name");
    two[1] = (jh_column){.name = "a\033[2J", .type = JH_TEXT};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a name for a terminal");
    two[1] = (jh_column){.name = "x", .type = JH_MONEY, .money = {.scale = 7}};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a scale of 7");
    two[1] = (jh_column){.name = "x", .type = JH_CATEGORY, .list = "; "};
    cr_assert_eq(unpack_again(&schema), JIHE_OK);
    two[1].list = "";
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a list without a separator");
    two[1].list = "123456789";
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a separator of nine bytes");
    two[1].list = "\x1f";
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "the separator of the stored values");
    two[1] = (jh_column){.name = "x", .type = JH_TEXT, .list = ";"};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a list that is no category");
    two[1] = (jh_column){.name = "x", .type = JH_CATEGORY, .list = ";", .roles = JH_ROLE_PERSON};
    cr_assert_eq(unpack_again(&schema), JIHE_CORRUPT, "a list of persons");
    cr_assert_eq(unpack_again(&(jh_schema){two + 1, 1, 0, SIZE_MAX}), JIHE_CORRUPT, "no id");
    cr_assert_eq(unpack_again(&(jh_schema){two, 0, 0, SIZE_MAX}), JIHE_CORRUPT, "no columns");
}

/* Any bytes: an answer, no crash, nothing read outside (the copy has its exact length). */
Test(snapshot_schema, damaged_bytes)
{
    jh_buf packed = {0};
    uint64_t r = 1;

    jh_schema_pack(&packed, documents_schema());
    for (size_t trial = 0; trial < 20000; trial++) {
        const size_t len = trial % 4 == 0 ? trial / 4 % packed.len : packed.len;
        uint8_t *bytes = malloc(len + 1);
        jh_arena arena;
        uint32_t format;
        jh_schema out;

        memcpy(bytes, packed.bytes, len);
        for (int change = 0; len > 0 && change < 2; change++) {
            r = r * UINT64_C(6364136223846793005) + 1;
            bytes[(r >> 33) % len] = (uint8_t)(r >> 24);
        }
        jh_arena_init(&arena, 0);
        if (jh_schema_unpack(&out, &arena, bytes, len, &format, NULL) == JIHE_OK)
            cr_assert(out.count >= 1 && out.count <= JH_MAX_COLUMNS && out.id < out.count);
        jh_arena_deinit(&arena);
        free(bytes);
    }
    jh_buf_deinit(&packed);
}
