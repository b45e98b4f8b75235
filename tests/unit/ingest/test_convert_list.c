#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/pcg.h"
#include "ingest/convert.h"
#include "ingest/quick.h"
#include "scratch.h"

/* Lists and amounts of several currencies, against slow references of their own. */

static const char yaml[] =
    "workspace: 1\n"
    "columns:\n"
    "  - {name: id, type: id}\n"
    "  - {name: amount, type: money, scale: 4, minor_units: {column: currency, A: 0, B: 1, C: 2, "
    "D: 4}}\n"
    "  - {name: rounded, type: money, scale: 4, finer: round, minor_units: "
    "{column: currency, A: 0, B: 1, C: 2, other: 4}}\n"
    "  - {name: tags, type: category, list: \", \"}\n"
    "  - {name: more, type: category, list: \";\"}\n"
    "  - {name: currency, type: category, optional: true}\n"
    "missing: [\"\", NA]\n";

enum { ID, AMOUNT, ROUNDED, TAGS, MORE, CURRENCY, COLUMNS };

/* Where the fields stand in a record. */
enum { ID_FIELD, AMOUNT_FIELD, ROUNDED_FIELD, TAGS_FIELD, MORE_FIELD, CURRENCY_FIELD, FIELDS };

typedef struct fixture {
    scratch dir;
    jh_workspace_config config;
    jh_binding binding;
    jh_converter converter;
    jh_field fields[FIELDS];
    jh_record record;
    jh_cell cells[COLUMNS];
} fixture;

static jh_field field_of(const char *text, size_t len)
{
    return (jh_field){.text = text, .len = (uint32_t)len, .line = 3, .column = 9};
}

static void fixture_init(fixture *f)
{
    static const char *const names[] = {"id", "amount", "rounded", "tags", "more", "currency"};
    jh_field header[FIELDS];
    const jh_record row = {.fields = header, .count = FIELDS, .line = 1};
    jihe_error err = {0};

    memset(f, 0, sizeof *f);
    f->dir = scratch_new();
    cr_assert_eq(jh_workspace_config_load(&f->config, scratch_text(&f->dir, "jihe.yaml", yaml), &err), JIHE_OK, "%s",
                 err.message);
    for (size_t i = 0; i < FIELDS; i++) {
        header[i] = field_of(names[i], strlen(names[i]));
        f->fields[i] = field_of("", 0);
    }
    f->fields[ID_FIELD] = field_of("1", 1);
    cr_assert_eq(jh_binding_init(&f->binding, &f->config.schema, "h", &row, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_converter_init(&f->converter, &f->config, &err), JIHE_OK);
    f->record = (jh_record){.fields = f->fields, .count = FIELDS};
}

static void fixture_deinit(fixture *f)
{
    jh_converter_deinit(&f->converter);
    jh_binding_deinit(&f->binding);
    jh_workspace_config_deinit(&f->config);
    scratch_remove(&f->dir);
}

static bool convert(fixture *f, jh_reject *why)
{
    *why = (jh_reject){0};
    return jh_convert_row(&f->converter, &f->binding, &f->record, f->cells, why);
}

/* ---- lists ---- */

static const char *const values[] = {"a", "b", "ab", "a ", "660201", "资金", "NA", "", ";", ",", " ", "A"};

enum { VALUES = sizeof values / sizeof values[0], MOST = 8 };

/* What is to be stored of these values: each once, none that says nothing. */
static size_t reference(const size_t *picks, size_t count, const char *mark, char *out)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        bool before = values[picks[i]][0] == '\0' || strcmp(values[picks[i]], "NA") == 0;

        for (size_t j = 0; j < i; j++)
            before = before || picks[j] == picks[i];
        if (!before)
            len += (size_t)sprintf(out + len, "%s%s", len > 0 ? mark : "", values[picks[i]]);
    }
    return len;
}

static size_t join(const size_t *picks, size_t count, const char *mark, size_t mark_len, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        memcpy(out + len, mark, i > 0 ? mark_len : 0);
        len += i > 0 ? mark_len : 0;
        memcpy(out + len, values[picks[i]], strlen(values[picks[i]]));
        len += strlen(values[picks[i]]);
    }
    return len;
}

static void expect_list(const jh_cell *cell, const char *want, size_t len)
{
    cr_assert_eq(cell->present, len > 0, "<%s>", want);
    cr_assert(len == 0 || (cell->len == len && memcmp(cell->text, want, len) == 0), "<%.*s>, expected <%s>",
              (int)cell->len, cell->text, want);
}

/* Two lists a row, one cut at its separator and one that comes as an array: the room of one is not that of the other.
 */
Test(convert_list, agrees_with_a_slow_reference)
{
    fixture f;
    jh_pcg64 rng;
    char text[256], array[256], want_text[256], want_array[256];

    fixture_init(&f);
    jh_pcg64_seed(&rng, 5, 1);
    for (int n = 0; n < 20000; n++) {
        size_t left[MOST], right[MOST];
        const size_t left_count = (size_t)jh_pcg64_below(&rng, MOST), right_count = (size_t)jh_pcg64_below(&rng, MOST);
        jh_reject why;

        for (size_t i = 0; i < MOST; i++) {
            left[i] = (size_t)jh_pcg64_below(&rng, VALUES);
            right[i] = (size_t)jh_pcg64_below(&rng, VALUES);
            if (values[left[i]][0] == ' ' || strchr(values[left[i]], ',') != NULL) /* would make another separator */
                left[i] = 0;
            if (values[right[i]][0] == ';')
                right[i] = 1;
        }
        f.fields[TAGS_FIELD] = field_of(text, join(left, left_count, ", ", 2, text));
        f.fields[MORE_FIELD] = field_of(array, join(right, right_count, "", 1, array));
        f.fields[MORE_FIELD].list = true;
        const size_t text_len = reference(left, left_count, "\x1f", want_text);
        const size_t array_len = reference(right, right_count, "\x1f", want_array);

        cr_assert(convert(&f, &why), "%s", why.message);
        expect_list(&f.cells[TAGS], want_text, text_len);
        expect_list(&f.cells[MORE], want_array, array_len);
    }
    fixture_deinit(&f);
}

Test(convert_list, limits)
{
    static char text[JH_LIST_MAX + 1];
    fixture f;
    jh_reject why;
    size_t len = 0;

    fixture_init(&f);
    memset(text, ';', sizeof text); /* nothing but separators */
    f.fields[MORE_FIELD] = field_of(text, JH_LIST_MAX);
    cr_assert(convert(&f, &why) && !f.cells[MORE].present);
    f.fields[MORE_FIELD].len++;
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "list-too-long") == 0);
    cr_assert(why.line == 3 && why.column == 9);
    for (int i = 0; i < JH_LIST_VALUES; i++)
        len += (size_t)sprintf(text + len, "%d;", i);
    len += (size_t)sprintf(text + len, "0;0;");
    f.fields[MORE_FIELD] = field_of(text, len);
    cr_assert(convert(&f, &why), "%s", why.message);
    len += (size_t)sprintf(text + len, "x");
    f.fields[MORE_FIELD].len = (uint32_t)len;
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "list-too-long") == 0);
    memset(text, 'x', JH_CATEGORY_MAX + 1);
    f.fields[MORE_FIELD].len = JH_CATEGORY_MAX;
    cr_assert(convert(&f, &why), "%s", why.message);
    f.fields[MORE_FIELD].len++;
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "category-too-long") == 0);
    f.fields[MORE_FIELD] = field_of("a;b\x1f", 4);
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "list-control") == 0);
    f.fields[MORE_FIELD] = field_of("a;\xee\x80\x80", 5);
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "private-use") == 0);
    f.fields[MORE_FIELD] = field_of("a\0b;c", 5);
    f.fields[MORE_FIELD].list = true;
    cr_assert(!convert(&f, &why) && strcmp(why.reason, "list-separator") == 0);
    fixture_deinit(&f);
}

/* ---- the quick way ---- */

enum { ROWS = 4000 };

/* Rows of one field, made of pieces that make good lists, bad ones and none. */
static void write_rows(jh_pcg64 *rng, jh_buf *text, uint32_t ends[ROWS], uint32_t first[ROWS])
{
    static const char *const pieces[] = {"a", "b", ";", ";", "NA", "660201", "资金", "\x01", "\xee\x80\x80"};

    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint64_t n = jh_pcg64_below(rng, 9); n > 0; n--)
            jh_buf_puts(text, pieces[jh_pcg64_below(rng, jh_pcg64_below(rng, 8) == 0 ? 9 : 7)]);
        first[row] = row;
        ends[row] = (uint32_t)text->len;
        jh_buf_putc(text, '\n');
    }
    for (int i = 0; i < 64; i++)
        jh_buf_putc(text, 'x');
}

Test(convert_list, the_quick_way_comes_to_the_same)
{
    static uint32_t ends[ROWS], first[ROWS], numbers[ROWS];
    static uint8_t odd[ROWS];
    fixture f;
    jh_pcg64 rng;
    jh_buf text = {0};
    jh_words words;
    jh_quick_column quick;
    jh_batch_column out = {.words = numbers};
    jh_quick_fields fields = {.ends = ends, .first = first, .rows = ROWS, .last = true, .quote = '"'};
    jihe_error err = {0};
    size_t rejected = 0;

    fixture_init(&f);
    jh_pcg64_seed(&rng, 3, 3);
    write_rows(&rng, &text, ends, first);
    fields.text = (const char *)text.bytes;
    cr_assert_eq(jh_words_init(&words, &err), JIHE_OK);
    cr_assert_eq(jh_quick_init(&quick, &f.config.schema.columns[MORE], &f.config, &err), JIHE_OK);
    cr_assert_eq(jh_quick_read(&quick, &fields, &words, &out, NULL, odd, &err), JIHE_OK, "%s", err.message);
    for (uint32_t row = 0; row < ROWS; row++) {
        const uint32_t start = row == 0 ? 0 : ends[row - 1] + 1;
        const jh_cell *cell = &f.cells[MORE];
        jh_reject why;

        f.fields[MORE_FIELD] = field_of(fields.text + start, ends[row] - start);
        cr_assert_eq(convert(&f, &why), odd[row] == 0, "row %u: %s", row, why.message);
        rejected += odd[row];
        if (odd[row] != 0)
            continue;
        cr_assert_eq(cell->present, numbers[row] != JH_WORD_NONE, "row %u", row);
        if (cell->present) {
            const uint32_t from = words.dict.offsets[numbers[row]], to = words.dict.offsets[numbers[row] + 1];
            cr_assert(to - from == cell->len && memcmp(words.dict.bytes.bytes + from, cell->text, cell->len) == 0);
        }
    }
    cr_assert(rejected > 100 && rejected < ROWS / 2, "%zu", rejected);
    fields.at = JH_BINDING_ABSENT;
    cr_assert_eq(jh_quick_read(&quick, &fields, &words, &out, NULL, odd, &err), JIHE_OK);
    for (uint32_t row = 0; row < ROWS; row++)
        cr_assert_eq(numbers[row], JH_WORD_NONE, "the header has no such column");
    jh_quick_deinit(&quick);
    jh_words_deinit(&words);
    jh_buf_deinit(&text);
    fixture_deinit(&f);
}

/* ---- amounts ---- */

/* number / 10^places in units of 10^-4, of a currency with `digits` decimals; false: finer than those. */
static bool scaled(int64_t number, unsigned places, unsigned digits, bool round, int64_t *out)
{
    jh_i128 units = number, divisor = 1, rest;

    for (unsigned i = 0; i < places; i++)
        divisor *= 10;
    for (unsigned i = 0; i < digits; i++)
        units *= 10;
    rest = units % divisor < 0 ? -(units % divisor) : units % divisor;
    units /= divisor;
    if (rest != 0 && !round)
        return false;
    if (2 * rest > divisor || (2 * rest == divisor && units % 2 != 0))
        units += number < 0 ? -1 : 1;
    for (unsigned i = digits; i < 4; i++)
        units *= 10;
    *out = (int64_t)units;
    return true;
}

/* number / 10^places as people write it. */
static void write_amount(int64_t number, unsigned places, char text[64])
{
    const long long size = number < 0 ? -number : number;
    long long power = 1;

    for (unsigned i = 0; i < places; i++)
        power *= 10;
    if (places == 0)
        snprintf(text, 64, "%lld", (long long)number);
    else
        snprintf(text, 64, "%s%lld.%0*lld", number < 0 ? "-" : "", size / power, (int)places, size % power);
}

static bool convert_amount(fixture *f, size_t field, const char *text, jh_reject *why)
{
    f->fields[AMOUNT_FIELD] = f->fields[ROUNDED_FIELD] = field_of("", 0);
    f->fields[field] = field_of(text, strlen(text));
    return convert(f, why);
}

Test(convert_list, amounts_agree_with_a_slow_reference)
{
    static const char *const currencies[] = {"A", "B", "C", "D"};
    static const unsigned digits[] = {0, 1, 2, 4};
    fixture f;
    jh_pcg64 rng;
    size_t taken = 0;

    fixture_init(&f);
    jh_pcg64_seed(&rng, 6, 1);
    for (int n = 0; n < 40000; n++) {
        const unsigned places = (unsigned)jh_pcg64_below(&rng, 7), which = (unsigned)jh_pcg64_below(&rng, 4);
        int64_t number = (int64_t)jh_pcg64_below(&rng, n % 2 == 0 ? 400 : 2000000) - 200, want = 0;
        char text[64];
        jh_reject why;
        bool exact;

        if (n % 3 == 0) /* many that are exact, and many halves */
            number *= n % 9 == 0 ? 5 : 1000;
        write_amount(number, places, text);
        f.fields[CURRENCY_FIELD] = field_of(currencies[which], 1);
        exact = scaled(number, places, digits[which], false, &want);
        cr_assert_eq(convert_amount(&f, AMOUNT_FIELD, text, &why), exact, "%s %s: %s", text, currencies[which],
                     why.message);
        cr_assert(exact ? f.cells[AMOUNT].number == want : strcmp(why.reason, "money-finer") == 0, "%s %s", text,
                  currencies[which]);
        taken += exact;
        scaled(number, places, digits[which], true, &want);
        cr_assert(convert_amount(&f, ROUNDED_FIELD, text, &why), "%s %s: %s", text, currencies[which], why.message);
        cr_assert_eq(f.cells[ROUNDED].number, want, "%s %s", text, currencies[which]);
    }
    cr_assert(taken > 8000 && taken < 32000, "%zu exact", taken);
    fixture_deinit(&f);
}
