#include <criterion/criterion.h>
#include <string.h>

#include "base/bits.h"
#include "base/pcg.h"
#include "expr/kernel_logic.h"
#include "expr/kernel_member.h"
#include "expr/kernel_range.h"
#include "expr/kernels.h"

/* Every length around the word edges, for every kind of processor that this one can be: the kernel must equal its
 * reference bit for bit, keep the bits that were there (or replace them, where it says so), and leave the padding 0. */

enum { MAX = 260, WORDS = (MAX + 63) / 64, ROOM = WORDS * 64 };

typedef struct desk {
    _Alignas(64) uint64_t room[ROOM + 1]; /* read in the width of the kernel; padding filled like the rest */
    uint64_t *codes;                      /* in it, at an odd place now and then */
    uint64_t before[WORDS], want[WORDS], got[WORDS];
    jh_pcg64 rng;
} desk;

/* `set` holds old bits: of the used rows only. */
static void prepare(desk *d, size_t rows, size_t width)
{
    d->codes = (uint64_t *)(void *)((char *)d->room + (rows % 2 == 1 ? width : 0));
    for (size_t i = 0; i <= ROOM; i++)
        d->room[i] = jh_pcg64_next(&d->rng);
    for (size_t w = 0; w < WORDS; w++) {
        d->before[w] = w < jh_bits_words(rows) && rows % 3 == 0 ? jh_pcg64_next(&d->rng) & jh_pcg64_next(&d->rng) : 0;
        if (w == rows / 64)
            d->before[w] &= jh_bits_tail(rows) | (rows % 64 == 0 ? ~UINT64_C(0) : 0);
    }
    memcpy(d->want, d->before, sizeof d->want);
    memcpy(d->got, d->before, sizeof d->got);
}

static void again(desk *d)
{
    memcpy(d->got, d->before, sizeof d->got);
}

static void expect_same(const desk *d, const jh_kernels *kernels, const char *kernel, size_t rows)
{
    cr_assert(memcmp(d->want, d->got, sizeof d->want) == 0, "%s, %s: differs at %zu rows", kernels->name, kernel, rows);
}

/* The kinds there are; at least the plain one. */
static size_t kinds(const jh_kernels *all[JH_KERNEL_KINDS])
{
    size_t count = 0;

    for (unsigned kind = 0; kind < JH_KERNEL_KINDS; kind++)
        if (jh_kernels_of(kind) != NULL)
            all[count++] = jh_kernels_of(kind);
    cr_assert(count > 0 && all[0] == jh_kernels_of(0));
    cr_assert(all[count - 1] == jh_kernels_best());
    return count;
}

/* Two bounds in order, often at the ends of the width. */
static void bounds(desk *d, uint64_t max, uint64_t *low, uint64_t *high)
{
    const uint64_t a = jh_pcg64_next(&d->rng) & max, b = jh_pcg64_next(&d->rng) & max;

    *low = jh_pcg64_below(&d->rng, 4) == 0 ? 0 : a < b ? a : b;
    *high = jh_pcg64_below(&d->rng, 4) == 0 ? max : a < b ? b : a;
}

static void check_ranges(desk *d, const jh_kernels *const *all, size_t count, size_t rows)
{
    uint64_t low, high;

    prepare(d, rows, 1);
    bounds(d, UINT8_MAX, &low, &high);
    jh_range_u8_ref((uint8_t *)d->codes, (uint8_t)low, (uint8_t)high, rows, d->want);
    for (size_t k = 0; k < count; k++, again(d)) {
        all[k]->range_u8((uint8_t *)d->codes, (uint8_t)low, (uint8_t)high, rows, d->got);
        expect_same(d, all[k], "range u8", rows);
    }
    prepare(d, rows, 2);
    bounds(d, UINT16_MAX, &low, &high);
    jh_range_u16_ref((uint16_t *)d->codes, (uint16_t)low, (uint16_t)high, rows, d->want);
    for (size_t k = 0; k < count; k++, again(d)) {
        all[k]->range_u16((uint16_t *)d->codes, (uint16_t)low, (uint16_t)high, rows, d->got);
        expect_same(d, all[k], "range u16", rows);
    }
    prepare(d, rows, 4);
    bounds(d, UINT32_MAX, &low, &high);
    jh_range_u32_ref((uint32_t *)d->codes, (uint32_t)low, (uint32_t)high, rows, d->want);
    for (size_t k = 0; k < count; k++, again(d)) {
        all[k]->range_u32((uint32_t *)d->codes, (uint32_t)low, (uint32_t)high, rows, d->got);
        expect_same(d, all[k], "range u32", rows);
    }
    prepare(d, rows, 8);
    bounds(d, UINT64_MAX, &low, &high);
    jh_range_u64_ref(d->codes, low, high, rows, d->want);
    for (size_t k = 0; k < count; k++, again(d)) {
        all[k]->range_u64(d->codes, low, high, rows, d->got);
        expect_same(d, all[k], "range u64", rows);
    }
}

Test(expr_kernel, range_equals_reference)
{
    const jh_kernels *all[JH_KERNEL_KINDS];
    const size_t count = kinds(all);
    desk d;

    jh_pcg64_seed(&d.rng, 11, 1);
    for (size_t round = 0; round < 20; round++)
        for (size_t rows = 0; rows <= MAX; rows++)
            check_ranges(&d, all, count, rows);
}

/* The exact edges, which random codes of 32 and 64 bits never hit. */
Test(expr_kernel, range_edges_are_inside)
{
    _Alignas(64) uint64_t codes[64] = {0, 1, 9, 10, 11, 19, 20, 21, UINT64_MAX - 1, UINT64_MAX};
    _Alignas(64) uint32_t narrow[64] = {0, 1, 9, 10, 11, 19, 20, 21, UINT32_MAX - 1, UINT32_MAX};
    const jh_kernels *all[JH_KERNEL_KINDS];
    const size_t count = kinds(all);

    for (size_t k = 0; k < count; k++) {
        uint64_t sets[4] = {0};

        all[k]->range_u64(codes, 10, 20, 10, &sets[0]);
        all[k]->range_u64(codes, UINT64_MAX, UINT64_MAX, 10, &sets[1]);
        all[k]->range_u32(narrow, 10, 20, 10, &sets[2]);
        all[k]->range_u32(narrow, UINT32_MAX, UINT32_MAX, 10, &sets[3]);
        cr_assert_eq(sets[0], 0x78u);
        cr_assert_eq(sets[1], 0x200u);
        cr_assert_eq(sets[2], 0x78u);
        cr_assert_eq(sets[3], 0x200u);
    }
}

typedef struct asked { /* of a member kernel */
    const uint64_t *members;
    uint32_t base, count;
} asked;

static void check_members(desk *d, const jh_kernels *const *all, size_t kind_count, const asked *a, size_t rows)
{
    prepare(d, rows, 1);
    jh_member_u8_ref((uint8_t *)d->codes, a->base, a->members, a->count, rows, d->want);
    for (size_t k = 0; k < kind_count; k++, again(d)) {
        all[k]->member_u8((uint8_t *)d->codes, a->base, a->members, a->count, rows, d->got);
        expect_same(d, all[k], "member u8", rows);
    }
    prepare(d, rows, 2);
    for (size_t i = 0; i < ROOM && rows % 4 < 2; i++)
        ((uint16_t *)d->codes)[i] &= 2047;
    jh_member_u16_ref((uint16_t *)d->codes, a->base, a->members, a->count, rows, d->want);
    for (size_t k = 0; k < kind_count; k++, again(d)) {
        all[k]->member_u16((uint16_t *)d->codes, a->base, a->members, a->count, rows, d->got);
        expect_same(d, all[k], "member u16", rows);
    }
    prepare(d, rows, 4);
    for (size_t i = 0; i < ROOM; i++)
        ((uint32_t *)d->codes)[i] %= rows % 4 < 2 ? UINT32_MAX : a->count + 2;
    jh_member_u32_ref((uint32_t *)d->codes, a->base, a->members, a->count, rows, d->want);
    for (size_t k = 0; k < kind_count; k++, again(d)) {
        all[k]->member_u32((uint32_t *)d->codes, a->base, a->members, a->count, rows, d->got);
        expect_same(d, all[k], "member u32", rows);
    }
}

Test(expr_kernel, member_equals_reference)
{
    enum { CODES = 70000 };
    static uint64_t members[CODES / 64 + 1];
    static const uint32_t counts[] = {0,   1,    63,   64,   65,    255,
                                      300, 3069, 3070, 3071, 65536, CODES}; /* 2/3 of 3070: 2047 */
    const jh_kernels *all[JH_KERNEL_KINDS];
    const size_t kind_count = kinds(all);
    desk d;

    jh_pcg64_seed(&d.rng, 12, 1);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        const asked a = {members, counts[c] / 3, counts[c]};

        for (size_t w = 0; w < sizeof members / sizeof members[0]; w++)
            members[w] = jh_pcg64_next(&d.rng);
        members[a.count / 64] &= ~(UINT64_C(1) << a.count % 64); /* the promise of the header */
        for (size_t rows = 0; rows <= MAX; rows++)
            check_members(&d, all, kind_count, &a, rows);
    }
}

/* --- two columns --- */

typedef struct columns {
    _Alignas(64) uint64_t left[ROOM], right[ROOM];
    uint32_t ranks[ROOM];
} columns;

static uint64_t code_of(const uint64_t *codes, unsigned width, size_t row)
{
    uint64_t code = 0;

    memcpy(&code, (const char *)codes + row * width, width); /* little-endian, as kernel_pack.h asserts */
    return code;
}

/* Few different values, so that equal ones are met; now and then the ends of the width. */
static void fill(jh_pcg64 *rng, uint64_t *codes, unsigned width)
{
    for (size_t row = 0; row < ROOM && width > 0; row++) {
        const uint64_t code = jh_pcg64_below(rng, 10) == 0 ? jh_pcg64_next(rng) : jh_pcg64_below(rng, 4);

        memcpy((char *)codes + row * width, &code, width);
    }
}

static void put(uint64_t *set, size_t row, bool value)
{
    set[row / 64] |= (uint64_t)value << row % 64;
}

static void expect_words(const uint64_t *want, const uint64_t *got, const jh_kernels *kernels, const char *kernel,
                         size_t rows)
{
    cr_assert(memcmp(want, got, jh_bits_words(rows) * 8) == 0, "%s, %s: differs at %zu rows", kernels->name, kernel,
              rows);
}

static void check_numbers(const jh_kernels *kernels, jh_numbers left, jh_numbers right, size_t rows)
{
    uint64_t equal[WORDS] = {0}, less[WORDS] = {0}, got[WORDS];

    for (size_t row = 0; row < rows; row++) {
        const int64_t a = (int64_t)((uint64_t)left.base + code_of(left.codes, left.width, row));
        const int64_t b = (int64_t)((uint64_t)right.base + code_of(right.codes, right.width, row));

        put(equal, row, a == b);
        put(less, row, a < b);
    }
    memset(got, 0xA5, sizeof got);
    kernels->numbers_equal(left, right, rows, got);
    expect_words(equal, got, kernels, "numbers equal", rows);
    memset(got, 0xA5, sizeof got);
    kernels->numbers_less(left, right, rows, got);
    expect_words(less, got, kernels, "numbers less", rows);
}

static uint32_t rank_of(const jh_ranked *ranked, size_t row)
{
    const uint64_t code = ranked->base + code_of(ranked->codes, ranked->width, row);
    const uint32_t known = code < ranked->count ? (uint32_t)code : ranked->count;

    return ranked->ranks == NULL ? known : ranked->ranks[known];
}

static void check_ranks(const jh_kernels *kernels, jh_ranked left, jh_ranked right, size_t rows)
{
    uint64_t equal[WORDS] = {0}, less[WORDS] = {0}, got[WORDS];

    for (size_t row = 0; row < rows; row++) {
        put(equal, row, rank_of(&left, row) == rank_of(&right, row));
        put(less, row, rank_of(&left, row) < rank_of(&right, row));
    }
    memset(got, 0xA5, sizeof got);
    kernels->ranks_equal(left, right, rows, got);
    expect_words(equal, got, kernels, "ranks equal", rows);
    memset(got, 0xA5, sizeof got);
    kernels->ranks_less(left, right, rows, got);
    expect_words(less, got, kernels, "ranks less", rows);
}

Test(expr_kernel, columns_compare_as_numbers_do)
{
    static const unsigned widths[] = {0, 1, 2, 4, 8};
    static const int64_t bases[] = {0, -2, 3, INT64_MIN, INT64_MAX - 3};
    const jh_kernels *all[JH_KERNEL_KINDS];
    const size_t count = kinds(all);
    jh_pcg64 rng;
    columns c;

    jh_pcg64_seed(&rng, 14, 1);
    for (size_t i = 0; i < ROOM; i++)
        c.ranks[i] = (uint32_t)jh_pcg64_below(&rng, 5);
    for (size_t pair = 0; pair < 25; pair++) {
        const unsigned a = widths[pair / 5], b = widths[pair % 5];

        fill(&rng, c.left, a);
        fill(&rng, c.right, b);
        for (size_t rows = 0; rows <= MAX; rows++)
            for (size_t k = 0; k < count; k++) {
                const jh_numbers left = {c.left, a, bases[rows % 5]}, right = {c.right, b, bases[rows % 3]};
                const jh_ranked one = {c.left, a, (uint32_t)(rows % 4), 9, rows % 5 == 0 ? NULL : c.ranks};
                const jh_ranked other = {c.right, b, (uint32_t)(rows % 3), 7, c.ranks + 20};

                check_numbers(all[k], left, right, rows);
                if (a <= 4 && b <= 4)
                    check_ranks(all[k], one, other, rows);
            }
    }
}

typedef struct pair { /* one operand, twice */
    uint64_t yes[2][WORDS], undecided[2][WORDS];
} pair;

static void random_verdicts(jh_pcg64 *rng, pair *p, size_t rows)
{
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < rows; i++) {
        const uint64_t value = jh_pcg64_below(rng, 3);

        if (value != 0)
            jh_bits_set(value == 1 ? p->yes[0] : p->undecided[0], i);
    }
    memcpy(p->yes[1], p->yes[0], sizeof p->yes[0]);
    memcpy(p->undecided[1], p->undecided[0], sizeof p->undecided[0]);
}

static void expect_equal(const pair *p, const char *kernel, size_t rows)
{
    cr_assert(memcmp(p->yes[0], p->yes[1], sizeof p->yes[0]) == 0, "%s: true differs at %zu rows", kernel, rows);
    cr_assert(memcmp(p->undecided[0], p->undecided[1], sizeof p->yes[0]) == 0, "%s: undecided differs at %zu rows",
              kernel, rows);
}

Test(expr_kernel, logic_equals_reference)
{
    pair a, b;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 13, 1);
    for (size_t rows = 0; rows <= MAX; rows++) {
        const jh_verdicts left[2] = {{a.yes[0], a.undecided[0]}, {a.yes[1], a.undecided[1]}};
        const jh_verdicts right = {b.yes[0], b.undecided[0]};

        random_verdicts(&rng, &b, rows);
        random_verdicts(&rng, &a, rows);
        jh_logic_and_ref(left[0], right, rows);
        jh_logic_and(left[1], right, rows);
        expect_equal(&a, "and", rows);
        random_verdicts(&rng, &a, rows);
        jh_logic_or_ref(left[0], right, rows);
        jh_logic_or(left[1], right, rows);
        expect_equal(&a, "or", rows);
        random_verdicts(&rng, &a, rows);
        jh_logic_not_ref(left[0], rows);
        jh_logic_not(left[1], rows);
        expect_equal(&a, "not", rows);
    }
}

/* Kleene's tables, written out: rows are false, undecided, true. */
Test(expr_kernel, logic_is_kleene)
{
    static const int and_table[3][3] = {{0, 0, 0}, {0, 1, 1}, {0, 1, 2}};
    static const int or_table[3][3] = {{0, 1, 2}, {1, 1, 2}, {2, 2, 2}};
    static const int not_table[3] = {2, 1, 0};

    for (int x = 0; x < 3; x++)
        for (int y = 0; y < 3; y++) {
            uint64_t yes[2] = {x == 2, y == 2}, undecided[2] = {x == 1, y == 1};
            const jh_verdicts a = {&yes[0], &undecided[0]}, b = {&yes[1], &undecided[1]};

            jh_logic_and_ref(a, b, 1);
            cr_assert_eq(yes[0] * 2 + undecided[0], (uint64_t)and_table[x][y]);
            yes[0] = x == 2;
            undecided[0] = x == 1;
            jh_logic_or_ref(a, b, 1);
            cr_assert_eq(yes[0] * 2 + undecided[0], (uint64_t)or_table[x][y]);
            yes[0] = x == 2;
            undecided[0] = x == 1;
            jh_logic_not_ref(a, 1);
            cr_assert_eq(yes[0] * 2 + undecided[0], (uint64_t)not_table[x]);
        }
}
