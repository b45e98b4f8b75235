#include "codec/unpack.h"

#include <string.h>

#include "base/text.h"

/* An own cursor because msgpack_unpack allocates what a header promises (six bytes can ask for 96 GB) and copies. Every
 * reader goes through read_head, which checks against `end`, so that even a cursor used wrongly stays inside its bytes.
 */

enum { MAX_DEPTH = 16 }; /* nested arrays and maps; our own records use 4, msgpack-c stops at 32 */

enum kind { BAD, NIL, FALSE_, TRUE_, UINT, SINT, FLOAT, STR, BIN, EXT, ARRAY, MAP };

/* A value's header: what it is, and its number, length in bytes, or count of items or pairs. */
struct head {
    enum kind kind;
    uint64_t number; /* SINT: the two's complement */
};

/* The first bytes 0xc0 to 0xdf: kind, and how many bytes of number follow. EXT bodies carry one type byte more;
 * d4 to d8 have no number, their lengths are 1, 2, 4, 8, 16. */
static const struct lead {
    uint8_t kind;
    uint8_t bytes;
} leads[32] = {
    {NIL, 0},  {BAD, 0},  {FALSE_, 0}, {TRUE_, 0}, {BIN, 1},   {BIN, 2},   {BIN, 4},  {EXT, 1},  // c0
    {EXT, 2},  {EXT, 4},  {FLOAT, 4},  {FLOAT, 8}, {UINT, 1},  {UINT, 2},  {UINT, 4}, {UINT, 8}, // c8
    {SINT, 1}, {SINT, 2}, {SINT, 4},   {SINT, 8},  {EXT, 0},   {EXT, 0},   {EXT, 0},  {EXT, 0},  // d0
    {EXT, 0},  {STR, 1},  {STR, 2},    {STR, 4},   {ARRAY, 2}, {ARRAY, 4}, {MAP, 2},  {MAP, 4},  // d8
};

/* The number behind the first byte; the caller has checked that the bytes are there. */
static uint64_t big_endian(const uint8_t *at, size_t bytes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | at[i];
    return n;
}

static uint64_t sign_extend(uint64_t number, size_t bytes)
{
    const unsigned shift = (unsigned)(64 - 8 * bytes);
    const uint64_t top = UINT64_C(1) << 63 >> shift;

    return (number ^ top) - top;
}

/* 0xc0 to 0xdf: moves over the first byte and its number. */
static struct head wide_head(jh_unpack *in, uint8_t first)
{
    const struct lead lead = leads[first - 0xc0];
    struct head head = {(enum kind)lead.kind, 0};

    if ((size_t)(in->end - in->at) < 1u + lead.bytes)
        return (struct head){BAD, 0};
    head.number = big_endian(in->at + 1, lead.bytes);
    if (head.kind == SINT)
        head.number = sign_extend(head.number, lead.bytes);
    if (head.kind == EXT && lead.bytes == 0)
        head.number = UINT64_C(1) << (first - 0xd4);
    in->at += 1u + lead.bytes;
    return head;
}

static struct head any_head(jh_unpack *in)
{
    const uint8_t first = *in->at;

    if (first >= 0xc0 && first <= 0xdf)
        return wide_head(in, first);
    in->at++;
    if (first < 0x80)
        return (struct head){UINT, first};
    if (first < 0x90)
        return (struct head){MAP, first & 0x0fu};
    if (first < 0xa0)
        return (struct head){ARRAY, first & 0x0fu};
    if (first < 0xc0)
        return (struct head){STR, first & 0x1fu};
    return (struct head){SINT, (uint64_t)(int64_t)(int8_t)first};
}

/* Moves over one header. BAD (and the cursor failed) unless the whole body, or at least one byte for each item, is
 * there. After STR, BIN and EXT the cursor stands at the body, whose length is `number`. */
static struct head read_head(jh_unpack *in)
{
    struct head head = {BAD, 0};
    uint64_t need = 0;

    if (!in->failed && in->at < in->end)
        head = any_head(in);
    if (head.kind == EXT)
        head.number++; /* the type byte */
    if (head.kind == STR || head.kind == BIN || head.kind == EXT || head.kind == ARRAY)
        need = head.number;
    else if (head.kind == MAP)
        need = 2 * head.number; /* a 32-bit count: no overflow */
    if (need > (uint64_t)(in->end - in->at))
        head.kind = BAD;
    if (head.kind == BAD)
        in->failed = true;
    return head;
}

/* Over the body of a string, binary or ext value, or over nothing. */
static void skip_body(jh_unpack *in, struct head head)
{
    if (head.kind == STR || head.kind == BIN || head.kind == EXT)
        in->at += head.number;
}

static bool body_valid(const jh_unpack *in, struct head head)
{
    return head.kind != STR || jh_text_utf8_valid((const char *)in->at, (size_t)head.number) == head.number;
}

/* Over one whole value: true when it is complete, not too deep, and its strings are UTF-8. No recursion: left[d] is the
 * number of values still to come inside the container at depth d. */
static bool walk(jh_unpack *in)
{
    uint64_t left[MAX_DEPTH + 1] = {1};
    size_t depth = 0;

    for (;;) {
        const struct head head = read_head(in);

        if (head.kind == BAD || !body_valid(in, head))
            return false;
        skip_body(in, head);
        left[depth]--;
        if (head.kind == ARRAY || head.kind == MAP) {
            if (depth == MAX_DEPTH)
                return false;
            left[++depth] = head.kind == MAP ? 2 * head.number : head.number;
        }
        while (left[depth] == 0) {
            if (depth == 0)
                return true;
            depth--;
        }
    }
}

/* Over one header and, of a text and the like, its body: WHOLE, or why not. `head` is then set. */
static jh_unpack_extent measure_head(jh_unpack *in, const uint8_t *start, size_t most, struct head *head)
{
    uint64_t body = 0, items = 0;

    if (in->at == in->end)
        return JH_UNPACK_SHORT;
    if (*in->at == 0xc1) /* the one byte that begins nothing */
        return JH_UNPACK_BROKEN;
    *head = any_head(in);
    if (head->kind == BAD)
        return JH_UNPACK_SHORT;
    if (head->kind == STR || head->kind == BIN)
        body = head->number;
    else if (head->kind == EXT)
        body = head->number + 1; /* the type byte */
    else if (head->kind == ARRAY || head->kind == MAP)
        items = head->number * (head->kind == MAP ? 2 : 1); /* a byte each at least */
    if (body + items > most - (size_t)(in->at - start))
        return JH_UNPACK_LONG;
    if (body > (uint64_t)(in->end - in->at))
        return JH_UNPACK_SHORT;
    in->at += body;
    head->number = items;
    return JH_UNPACK_WHOLE;
}

jh_unpack_extent jh_unpack_measure(const void *bytes, size_t len, size_t most, size_t *value_len)
{
    const uint8_t *start = bytes;
    jh_unpack in = {start, start + (len < most ? len : most), false};
    uint64_t left[MAX_DEPTH + 1] = {1};
    size_t depth = 0;

    for (;;) {
        struct head head = {BAD, 0};
        const jh_unpack_extent extent = measure_head(&in, start, most, &head);

        if (extent == JH_UNPACK_SHORT && len >= most)
            return JH_UNPACK_LONG;
        if (extent != JH_UNPACK_WHOLE)
            return extent;
        left[depth]--;
        if (head.kind == ARRAY || head.kind == MAP) {
            if (depth == MAX_DEPTH)
                return JH_UNPACK_BROKEN;
            left[++depth] = head.number;
        }
        while (left[depth] == 0) {
            if (depth == 0) {
                *value_len = (size_t)(in.at - start);
                return JH_UNPACK_WHOLE;
            }
            depth--;
        }
    }
}

jh_unpack_kind jh_unpack_next(const jh_unpack *in)
{
    static const jh_unpack_kind kinds[] = {
        [BAD] = JH_UNPACK_NONE,  [NIL] = JH_UNPACK_NIL, [FALSE_] = JH_UNPACK_BOOL, [TRUE_] = JH_UNPACK_BOOL,
        [UINT] = JH_UNPACK_UINT, [FLOAT] = JH_UNPACK_FLOAT, [STR] = JH_UNPACK_STR, [BIN] = JH_UNPACK_BIN,
        [EXT] = JH_UNPACK_EXT,   [ARRAY] = JH_UNPACK_ARRAY, [MAP] = JH_UNPACK_MAP,
    };
    jh_unpack look = *in;
    const struct head head = read_head(&look);

    if (head.kind == SINT)
        return head.number > INT64_MAX ? JH_UNPACK_SINT : JH_UNPACK_UINT;
    return kinds[head.kind];
}

bool jh_unpack_begin(jh_unpack *in, const void *bytes, size_t len)
{
    static const uint8_t none = 0;
    const uint8_t *start = bytes == NULL ? &none : bytes;
    jh_unpack probe = {start, start + (bytes == NULL ? 0 : len), false};

    *in = probe;
    in->failed = !walk(&probe) || probe.at != probe.end;
    return !in->failed;
}

/* One header of the wanted kind, or the cursor fails and stands where it was. */
static bool expect(jh_unpack *in, enum kind kind, uint64_t *number)
{
    jh_unpack next = *in;
    const struct head head = read_head(&next);

    if (head.kind != kind) {
        in->failed = true;
        return false;
    }
    *in = next;
    *number = head.number;
    return true;
}

size_t jh_unpack_map(jh_unpack *in)
{
    uint64_t pairs = 0;

    return expect(in, MAP, &pairs) ? (size_t)pairs : 0;
}

size_t jh_unpack_array(jh_unpack *in)
{
    uint64_t items = 0;

    return expect(in, ARRAY, &items) ? (size_t)items : 0;
}

/* The body of a string or binary value; nil gives NULL; another kind gives "". */
static const uint8_t *body(jh_unpack *in, enum kind kind, size_t *len)
{
    const uint8_t *at;
    uint64_t number = 0;

    *len = 0;
    if (jh_unpack_is_nil(in)) {
        in->at++;
        return NULL;
    }
    if (!expect(in, kind, &number))
        return (const uint8_t *)"";
    at = in->at;
    in->at += number;
    *len = (size_t)number;
    return at;
}

const char *jh_unpack_str(jh_unpack *in, size_t *len)
{
    return (const char *)body(in, STR, len);
}

const void *jh_unpack_bin(jh_unpack *in, size_t *len)
{
    return body(in, BIN, len);
}

/* Either kind of integer is read where its value fits: what a writer calls signed is no property of a number. */
uint64_t jh_unpack_u64(jh_unpack *in)
{
    jh_unpack next = *in;
    const struct head head = read_head(&next);

    if (head.kind != UINT && (head.kind != SINT || head.number > INT64_MAX)) {
        in->failed = true;
        return 0;
    }
    *in = next;
    return head.number;
}

int64_t jh_unpack_i64(jh_unpack *in)
{
    jh_unpack next = *in;
    const struct head head = read_head(&next);

    if (head.kind != SINT && (head.kind != UINT || head.number > INT64_MAX)) {
        in->failed = true;
        return 0;
    }
    *in = next;
    return (int64_t)head.number;
}

bool jh_unpack_bool(jh_unpack *in)
{
    jh_unpack next = *in;
    const struct head head = read_head(&next);

    if (head.kind != TRUE_ && head.kind != FALSE_) {
        in->failed = true;
        return false;
    }
    *in = next;
    return head.kind == TRUE_;
}

void jh_unpack_skip(jh_unpack *in)
{
    jh_unpack next = *in;

    if (walk(&next))
        *in = next;
    else
        in->failed = true;
}

bool jh_unpack_is_nil(const jh_unpack *in)
{
    return !in->failed && in->at < in->end && *in->at == 0xc0;
}

bool jh_unpack_find(const jh_unpack *in, const char *key, jh_unpack *value)
{
    const size_t want = strlen(key);
    jh_unpack at = *in;
    size_t pairs = jh_unpack_map(&at);

    for (; pairs > 0 && !at.failed; pairs--) {
        jh_unpack name = at;
        size_t len = 0;
        const char *text = jh_unpack_str(&name, &len);

        jh_unpack_skip(&at); /* the key, of whatever kind it is */
        if (!name.failed && text != NULL && len == want && memcmp(text, key, want) == 0) {
            *value = at;
            return !at.failed;
        }
        jh_unpack_skip(&at);
    }
    return false;
}
