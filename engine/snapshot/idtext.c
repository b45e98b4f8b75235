#include "snapshot/idtext.h"

#include <inttypes.h>

#include "base/bits.h"
#include "snapshot/codes.h"

/* Where things lie in the payload: two counts, the patterns, their texts, zeros; from a multiple of 64 bytes on the
 * numbers, and where there are several patterns a byte per row that says which. */
struct layout {
    uint64_t texts, numbers, which, end; /* offsets in the payload */
};

struct counts {
    uint32_t patterns, text_bytes;
};

static struct layout lay_out(struct counts counts, uint32_t rows, unsigned width)
{
    const uint64_t padded = jh_bits_words(rows) * 64;
    struct layout out;

    out.texts = sizeof counts + (uint64_t)counts.patterns * sizeof(jh_id_pattern);
    out.numbers = (out.texts + counts.text_bytes + 63) / 64 * 64;
    out.which = out.numbers + padded * width;
    out.end = out.which + (counts.patterns > 1 ? padded : 0);
    return out;
}

/* --- writing --- */

/* Where the number of an id lies. */
struct run {
    uint32_t at, digits;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The end of a long run of digits: what comes before belongs to the text. */
static struct run at_most_18(uint32_t from, uint32_t to)
{
    const uint32_t digits = to - from < JH_ID_DIGITS ? to - from : JH_ID_DIGITS;

    return (struct run){to - digits, digits};
}

static struct run last_run(const char *id, uint32_t len)
{
    uint32_t from, to = len;

    while (to > 0 && !is_digit(id[to - 1]))
        to--;
    for (from = to; from > 0 && is_digit(id[from - 1]); from--)
        ;
    return at_most_18(from, to);
}

static struct run first_run(const char *id, uint32_t len)
{
    uint32_t from = 0, to;

    while (from < len && !is_digit(id[from]))
        from++;
    for (to = from; to < len && is_digit(id[to]); to++)
        ;
    return at_most_18(from, to);
}

/* The first of the longest. */
static struct run longest_run(const char *id, uint32_t len)
{
    struct run best = {len, 0};

    for (uint32_t from = 0, to; from < len; from = to + 1) {
        for (to = from; to < len && is_digit(id[to]); to++)
            ;
        if (to - from > best.digits)
            best = (struct run){from, to - from};
    }
    return at_most_18(best.at, best.at + best.digits);
}

/* A pattern while it is collected: the texts are those of the id it was first seen in. */
struct seen {
    const char *id;
    uint32_t len;
    struct run run;
};

enum { INDEX_SLOTS = 1024 }; /* a power of two, four times the patterns */

struct collection {
    struct seen seen[JH_ID_PATTERNS];
    uint32_t count, last;        /* last: the pattern of the row before */
    uint16_t index[INDEX_SLOTS]; /* pattern + 1; 0 is free */
};

/* Eight bytes from `at` on, or fewer with zeros above them. */
static inline uint64_t load_up_to_8(const char *at, uint32_t len)
{
    uint64_t word = 0;

    if (len >= 8) {
        memcpy(&word, at, 8);
        return word;
    }
    for (uint32_t i = 0; i < len; i++)
        word |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return word;
}

/* memcmp for a few bytes; the last eight may be looked at twice. */
static inline bool same_bytes(const char *a, const char *b, uint32_t len)
{
    uint64_t differ = 0;

    if (len < 8)
        return load_up_to_8(a, len) == load_up_to_8(b, len);
    for (uint32_t at = 0; at + 8 < len; at += 8)
        differ |= load_up_to_8(a + at, 8) ^ load_up_to_8(b + at, 8);
    return (differ | (load_up_to_8(a + len - 8, 8) ^ load_up_to_8(b + len - 8, 8))) == 0;
}

/* Does the id consist of this pattern's texts and as many characters as it has digits? */
static bool texts_fit(const struct seen *pattern, const char *id, uint32_t len)
{
    const uint32_t after = pattern->run.at + pattern->run.digits;

    return len == pattern->len && same_bytes(id, pattern->id, pattern->run.at) &&
           same_bytes(id + after, pattern->id + after, len - after);
}

/* False: not all of them are digits. */
static bool read_number(const char *at, uint32_t digits, int64_t *number)
{
    uint64_t value = 0;
    unsigned odd = 0;

    for (uint32_t i = 0; i < digits; i++) {
        const unsigned digit = (unsigned)(unsigned char)at[i] - '0';

        odd |= digit > 9;
        value = value * 10 + digit;
    }
    *number = (int64_t)value;
    return odd == 0;
}

static uint64_t mix(uint64_t hash, const char *at, uint32_t len)
{
    for (; len > 0; at += 8, len -= len < 8 ? len : 8) {
        hash = (hash ^ load_up_to_8(at, len)) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

static uint32_t slot_of(const char *id, uint32_t len, struct run run)
{
    const uint32_t after = run.at + run.digits;
    const uint64_t hash = mix(mix((uint64_t)run.digits << 32 | len, id, run.at), id + after, len - after);

    return (uint32_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> 54); /* of 1,024 */
}

/* The pattern of an id whose number lies at `run`, a new one where there is none; false when there are too many. */
static bool find_pattern(struct collection *all, const char *id, uint32_t len, struct run run, uint32_t *pattern)
{
    uint32_t slot = slot_of(id, len, run);

    for (; all->index[slot] != 0; slot = (slot + 1) & (INDEX_SLOTS - 1)) {
        const struct seen *there = &all->seen[all->index[slot] - 1];

        if (there->run.at == run.at && there->run.digits == run.digits && texts_fit(there, id, len)) {
            *pattern = (uint32_t)all->index[slot] - 1;
            return true;
        }
    }
    if (all->count == JH_ID_PATTERNS)
        return false;
    *pattern = all->count++;
    all->seen[*pattern] = (struct seen){id, len, run};
    all->index[slot] = (uint16_t)all->count;
    return true;
}

/* Splits every id; ids that follow each other mostly have one pattern, which is tried first. */
static bool collect(struct collection *all, const jh_col_view *ids, struct run (*choose)(const char *, uint32_t),
                    int64_t *numbers, uint8_t *which)
{
    memset(all, 0, sizeof *all);
    for (uint32_t row = 0; row < ids->rows; row++) {
        const char *id = ids->bytes + ids->offsets[row];
        const uint32_t len = ids->offsets[row + 1] - ids->offsets[row];
        const struct seen *before = &all->seen[all->last];
        struct run run;

        if (all->count == 0 || !texts_fit(before, id, len) ||
            !read_number(id + before->run.at, before->run.digits, &numbers[row])) {
            run = choose(id, len);
            if (!find_pattern(all, id, len, run, &all->last))
                return false;
            read_number(id + run.at, run.digits, &numbers[row]);
        }
        which[row] = (uint8_t)all->last;
    }
    return true;
}

static struct counts counts_of(const struct collection *all)
{
    struct counts counts = {all->count, 0};

    for (uint32_t i = 0; i < all->count; i++)
        counts.text_bytes += all->seen[i].len - all->seen[i].run.digits;
    return counts;
}

static void put_patterns(const struct collection *all, char *payload, struct counts counts)
{
    jh_id_pattern *patterns = (jh_id_pattern *)(void *)(payload + sizeof counts);
    char *texts = (char *)(patterns + counts.patterns);
    uint32_t end = 0;

    memcpy(payload, &counts, sizeof counts);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct seen *pattern = &all->seen[i];
        const uint32_t after = pattern->run.at + pattern->run.digits;

        memcpy(texts + end, pattern->id, pattern->run.at);
        memcpy(texts + end + pattern->run.at, pattern->id + after, pattern->len - after);
        end += pattern->len - pattern->run.digits;
        patterns[i] = (jh_id_pattern){end, pattern->run.at, pattern->run.digits, 0};
    }
}

static void find_range(const int64_t *numbers, uint32_t rows, jh_stored *header)
{
    int64_t least = numbers[0], most = numbers[0];

    for (uint32_t row = 1; row < rows; row++) {
        least = numbers[row] < least ? numbers[row] : least;
        most = numbers[row] > most ? numbers[row] : most;
    }
    header->base = least;
    header->max = most;
    header->width = (uint8_t)jh_stored_width((uint64_t)most - (uint64_t)least);
}

static void put_payload(const struct collection *all, const int64_t *numbers, const uint8_t *which,
                        const jh_stored *header, struct layout at, char *payload)
{
    memset(payload, 0, (size_t)at.end);
    put_patterns(all, payload, counts_of(all));
    jh_codes_put(payload + at.numbers, numbers, header->rows, (uint64_t)header->base, header->width);
    if (at.end > at.which)
        memcpy(payload + at.which, which, header->rows);
}

/* One of the ways to split ids, with its patterns on the stack: no state is left behind. */
static jihe_status try_choice(struct run (*choose)(const char *, uint32_t), jh_packer *packer, const jh_col_view *ids,
                              jh_stored *header, jh_buf *out, bool *done, jihe_error *err)
{
    int64_t *numbers = (int64_t *)(void *)packer->numbers.bytes;
    uint8_t *which = packer->patterns.bytes;
    struct collection all;
    struct layout at;
    char *payload;

    if (!collect(&all, ids, choose, numbers, which))
        return JIHE_OK;
    find_range(numbers, ids->rows, header);
    at = lay_out(counts_of(&all), ids->rows, header->width);
    if (at.end >= jh_stored_heap_payload(ids->rows, ids->offsets[ids->rows], false))
        return JIHE_OK;
    if ((payload = jh_buf_extend(out, (size_t)at.end)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " ids", ids->rows);
    put_payload(&all, numbers, which, header, at, payload);
    header->encoding = JH_ENC_IDS;
    *done = true;
    return JIHE_OK;
}

jihe_status jh_idtext_put(jh_packer *packer, const jh_col_view *ids, jh_stored *header, jh_buf *out, bool *done,
                          jihe_error *err)
{
    struct run (*const choices[])(const char *, uint32_t) = {last_run, longest_run, first_run};
    jihe_status st = JIHE_OK;

    *done = false;
    jh_buf_clear(&packer->numbers);
    jh_buf_clear(&packer->patterns);
    if (!jh_buf_reserve(&packer->numbers, ids->rows * sizeof(int64_t)) || !jh_buf_reserve(&packer->patterns, ids->rows))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " ids", ids->rows);
    for (size_t i = 0; i < sizeof choices / sizeof choices[0] && st == JIHE_OK && !*done; i++)
        st = try_choice(choices[i], packer, ids, header, out, done, err);
    if (!*done) {
        header->base = header->max = 0;
        header->width = 0;
    }
    return st;
}

/* --- reading --- */

struct reading {
    struct counts counts;
    struct layout at;
    const char *payload;
    const jh_id_pattern *patterns;
    const uint8_t *which; /* NULL: one pattern */
};

static struct reading reading_of(const jh_stored *header)
{
    struct reading in = {.payload = (const char *)(header + 1)};

    memcpy(&in.counts, in.payload, sizeof in.counts);
    in.at = lay_out(in.counts, header->rows, header->width);
    in.patterns = (const jh_id_pattern *)(const void *)(in.payload + sizeof in.counts);
    in.which = in.counts.patterns > 1 ? (const uint8_t *)in.payload + in.at.which : NULL;
    return in;
}

static uint32_t which_of(const struct reading *in, uint32_t row)
{
    return in->which != NULL ? in->which[row] : 0;
}

static uint32_t texts_from(const struct reading *in, uint32_t pattern)
{
    return pattern == 0 ? 0 : in->patterns[pattern - 1].end;
}

static uint32_t pattern_len(const struct reading *in, uint32_t pattern)
{
    return in->patterns[pattern].end - texts_from(in, pattern) + in->patterns[pattern].digits;
}

static uint64_t number_of(const struct reading *in, const jh_stored *header, uint32_t row)
{
    return (uint64_t)header->base + jh_codes_get(in->payload + in->at.numbers, header->width, row);
}

static uint64_t ten_to(uint32_t digits)
{
    uint64_t out = 1;

    for (; digits > 0; digits--)
        out *= 10;
    return out;
}

static jihe_status check_patterns(const struct reading *in, jihe_error *err)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < in->counts.patterns; i++) {
        const jh_id_pattern *pattern = &in->patterns[i];
        const uint32_t texts = pattern->end - from;

        if (pattern->end < from || pattern->end > in->counts.text_bytes || pattern->prefix > texts ||
            pattern->digits > JH_ID_DIGITS || pattern->zero != 0 || texts + pattern->digits == 0 ||
            texts + pattern->digits > JH_TEXT_MAX)
            return jh_fail(err, JIHE_CORRUPT, "pattern %" PRIu32 " of %" PRIu32 " cannot stand here", i,
                           in->counts.patterns);
        from = pattern->end;
    }
    if (from != in->counts.text_bytes)
        return jh_fail(err, JIHE_CORRUPT, "the patterns' texts end at %" PRIu32 " of %" PRIu32 " bytes", from,
                       in->counts.text_bytes);
    return JIHE_OK;
}

static bool all_zero(const char *at, const char *end)
{
    while (at < end && *at == 0)
        at++;
    return at == end;
}

/* Every number within the digits of its pattern, and all ids together no more than a heap may hold. */
static jihe_status check_rows(const struct reading *in, const jh_stored *header, jihe_error *err)
{
    const size_t padded = jh_bits_words(header->rows) * 64;
    uint64_t above[JH_ID_PATTERNS], lens[JH_ID_PATTERNS], bytes = 0;

    for (uint32_t i = 0; i < in->counts.patterns; i++) {
        above[i] = ten_to(in->patterns[i].digits);
        lens[i] = pattern_len(in, i);
    }
    for (uint32_t row = 0; row < header->rows; row++) {
        const uint32_t which = which_of(in, row);

        if (which >= in->counts.patterns || number_of(in, header, row) >= above[which])
            return jh_fail(err, JIHE_CORRUPT, "row %" PRIu32 ": no such pattern, or a number too long for it", row);
        bytes += lens[which];
    }
    if (bytes > JH_HEAP_MAX)
        return jh_fail(err, JIHE_CORRUPT, "ids of %" PRIu64 " bytes, at most %d are stored", bytes, JH_HEAP_MAX);
    if (!all_zero(in->payload + in->at.numbers + (size_t)header->rows * header->width, in->payload + in->at.which) ||
        (in->which != NULL && !all_zero((const char *)in->which + header->rows, (const char *)in->which + padded)))
        return jh_fail(err, JIHE_CORRUPT, "a code behind the last row");
    return JIHE_OK;
}

jihe_status jh_idtext_check(const jh_stored *header, jihe_error *err)
{
    const uint64_t span = (uint64_t)header->max - (uint64_t)header->base;
    struct reading in;
    jihe_status st;

    if (header->base < 0 || header->max < header->base || header->width != jh_stored_width(span))
        return jh_fail(err, JIHE_CORRUPT, "numbers from %" PRIi64 " to %" PRIi64 " in %u bytes", header->base,
                       header->max, header->width);
    if (header->payload < sizeof in.counts)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes do not hold ids", header->payload);
    in = reading_of(header);
    if (in.counts.patterns == 0 || in.counts.patterns > JH_ID_PATTERNS || header->payload != in.at.end)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes do not hold %" PRIu32 " patterns and %" PRIu32 " ids",
                       header->payload, in.counts.patterns, header->rows);
    if ((st = check_patterns(&in, err)) != JIHE_OK)
        return st;
    if (!all_zero(in.payload + in.at.texts + in.counts.text_bytes, in.payload + in.at.numbers))
        return jh_fail(err, JIHE_CORRUPT, "something other than zeros stands before the numbers");
    if (jh_codes_max(in.payload + in.at.numbers, header->width, header->rows) != span)
        return jh_fail(err, JIHE_CORRUPT, "the largest number is not %" PRIi64, header->max);
    return check_rows(&in, header, err);
}

uint32_t jh_idtext_len(const jh_stored *header, uint32_t row)
{
    const struct reading in = reading_of(header);

    return pattern_len(&in, which_of(&in, row));
}

/* Two digits at a time, from the end. */
static void write_digits(char *to, uint32_t digits, uint64_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142"
                                "43444546474849505152535455565758596061626364656667686970717273747576777879808182838485"
                                "8687888990919293949596979899";

    for (; digits >= 2; digits -= 2, number /= 100)
        memcpy(to + digits - 2, pairs + number % 100 * 2, 2);
    if (digits == 1)
        to[0] = (char)('0' + number % 10);
}

static char *write_row(const struct reading *in, const jh_stored *header, uint32_t row, char *to)
{
    const uint32_t which = which_of(in, row), from = texts_from(in, which);
    const jh_id_pattern *pattern = &in->patterns[which];
    const char *text = in->payload + in->at.texts + from;
    const uint32_t rest = pattern->end - from - pattern->prefix;

    memcpy(to, text, pattern->prefix);
    write_digits(to + pattern->prefix, pattern->digits, number_of(in, header, row));
    memcpy(to + pattern->prefix + pattern->digits, text + pattern->prefix, rest);
    return to + pattern->prefix + pattern->digits + rest;
}

void jh_idtext_write(const jh_stored *header, uint32_t row, char *to)
{
    const struct reading in = reading_of(header);

    write_row(&in, header, row, to);
}

size_t jh_idtext_bytes(const jh_stored *header)
{
    const struct reading in = reading_of(header);
    size_t bytes = 0;

    for (uint32_t row = 0; row < header->rows; row++)
        bytes += pattern_len(&in, which_of(&in, row));
    return bytes;
}

void jh_idtext_offsets(const jh_stored *header, uint32_t *offsets)
{
    const struct reading in = reading_of(header);
    uint32_t lens[JH_ID_PATTERNS], at = 0;

    for (uint32_t i = 0; i < in.counts.patterns; i++)
        lens[i] = pattern_len(&in, i);
    offsets[0] = 0;
    for (uint32_t row = 0; row < header->rows; row++)
        offsets[row + 1] = at += lens[which_of(&in, row)];
}

void jh_idtext_write_all(const jh_stored *header, char *to)
{
    const struct reading in = reading_of(header);

    for (uint32_t row = 0; row < header->rows; row++)
        to = write_row(&in, header, row, to);
}

void jh_idtext_offsets_of(const jh_stored *header, const uint64_t *rows, uint32_t *offsets)
{
    const struct reading in = reading_of(header);
    uint32_t lens[JH_ID_PATTERNS], at = 0;

    for (uint32_t i = 0; i < in.counts.patterns; i++)
        lens[i] = pattern_len(&in, i);
    offsets[0] = 0;
    for (uint32_t row = 0; row < header->rows; row++)
        offsets[row + 1] = at += lens[which_of(&in, row)] * (uint32_t)jh_bits_test(rows, row);
}

void jh_idtext_write_of(const jh_stored *header, const uint64_t *rows, char *to)
{
    const struct reading in = reading_of(header);

    for (uint32_t w = 0; w * 64 < header->rows; w++)
        for (uint64_t left = rows[w]; left != 0; left &= left - 1)
            to = write_row(&in, header, w * 64 + (uint32_t)__builtin_ctzll(left), to);
}
