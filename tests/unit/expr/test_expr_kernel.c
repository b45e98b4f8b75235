#include <criterion/criterion.h>
#include <string.h>

#include "base/bits.h"
#include "base/pcg.h"
#include "expr/kernel_logic.h"
#include "expr/kernel_member.h"
#include "expr/kernel_range.h"

/* Every length around the word edges: the kernel must equal its reference bit for bit, keep the bits that were there,
 * and leave the padding 0. */

enum { MAX = 260, WORDS = (MAX + 63) / 64, ROOM = WORDS * 64 };

typedef struct desk {
    _Alignas(64) uint64_t codes[ROOM]; /* read in the width of the kernel; padding filled like the rest */
    uint64_t want[WORDS], got[WORDS];
    jh_pcg64 rng;
} desk;

/* `set` holds old bits: of the used rows only. */
static void prepare(desk *d, size_t rows)
{
    for (size_t i = 0; i < ROOM; i++)
        d->codes[i] = jh_pcg64_next(&d->rng);
    for (size_t w = 0; w < WORDS; w++) {
        d->want[w] = w < jh_bits_words(rows) && rows % 3 == 0 ? jh_pcg64_next(&d->rng) & jh_pcg64_next(&d->rng) : 0;
        if (w == rows / 64)
            d->want[w] &= jh_bits_tail(rows) | (rows % 64 == 0 ? ~UINT64_C(0) : 0);
    }
    memcpy(d->got, d->want, sizeof d->got);
}

static void expect_same(const desk *d, const char *kernel, size_t rows)
{
    cr_assert(memcmp(d->want, d->got, sizeof d->want) == 0, "%s differs at %zu rows", kernel, rows);
}

/* Two bounds in order, often at the ends of the width. */
static void bounds(desk *d, uint64_t max, uint64_t *low, uint64_t *high)
{
    const uint64_t a = jh_pcg64_next(&d->rng) & max, b = jh_pcg64_next(&d->rng) & max;

    *low = jh_pcg64_below(&d->rng, 4) == 0 ? 0 : a < b ? a : b;
    *high = jh_pcg64_below(&d->rng, 4) == 0 ? max : a < b ? b : a;
}

Test(expr_kernel, range_equals_reference)
{
    desk d;
    uint64_t low, high;

    jh_pcg64_seed(&d.rng, 11, 1);
    for (size_t round = 0; round < 20; round++)
        for (size_t rows = 0; rows <= MAX; rows++) {
            prepare(&d, rows);
            bounds(&d, UINT8_MAX, &low, &high);
            jh_range_u8_ref((uint8_t *)d.codes, (uint8_t)low, (uint8_t)high, rows, d.want);
            jh_range_u8((uint8_t *)d.codes, (uint8_t)low, (uint8_t)high, rows, d.got);
            expect_same(&d, "u8", rows);
            bounds(&d, UINT16_MAX, &low, &high);
            jh_range_u16_ref((uint16_t *)d.codes, (uint16_t)low, (uint16_t)high, rows, d.want);
            jh_range_u16((uint16_t *)d.codes, (uint16_t)low, (uint16_t)high, rows, d.got);
            expect_same(&d, "u16", rows);
            bounds(&d, UINT32_MAX, &low, &high);
            jh_range_u32_ref((uint32_t *)d.codes, (uint32_t)low, (uint32_t)high, rows, d.want);
            jh_range_u32((uint32_t *)d.codes, (uint32_t)low, (uint32_t)high, rows, d.got);
            expect_same(&d, "u32", rows);
            prepare(&d, rows);
            bounds(&d, UINT64_MAX, &low, &high);
            jh_range_u64_ref(d.codes, low, high, rows, d.want);
            jh_range_u64(d.codes, low, high, rows, d.got);
            expect_same(&d, "u64", rows);
        }
}

/* The exact edges, which random codes of 32 and 64 bits never hit. */
Test(expr_kernel, range_edges_are_inside)
{
    _Alignas(64) uint64_t codes[64] = {0, 1, 9, 10, 11, 19, 20, 21, UINT64_MAX - 1, UINT64_MAX};
    _Alignas(64) uint32_t narrow[64] = {0, 1, 9, 10, 11, 19, 20, 21, UINT32_MAX - 1, UINT32_MAX};
    uint64_t set = 0;

    jh_range_u64(codes, 10, 20, 10, &set);
    cr_assert_eq(set, 0x78u);
    set = 0;
    jh_range_u64(codes, UINT64_MAX, UINT64_MAX, 10, &set);
    cr_assert_eq(set, 0x200u);
    set = 0;
    jh_range_u32(narrow, 10, 20, 10, &set);
    cr_assert_eq(set, 0x78u);
    set = 0;
    jh_range_u32(narrow, UINT32_MAX, UINT32_MAX, 10, &set);
    cr_assert_eq(set, 0x200u);
}

Test(expr_kernel, member_equals_reference)
{
    enum { CODES = 70000 };
    static uint64_t members[CODES / 64 + 1];
    static const uint32_t counts[] = {0, 1, 63, 64, 65, 255, 300, 65536, CODES};
    desk d;

    jh_pcg64_seed(&d.rng, 12, 1);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        const uint32_t count = counts[c], base = count / 3;

        for (size_t w = 0; w < sizeof members / sizeof members[0]; w++)
            members[w] = jh_pcg64_next(&d.rng);
        members[count / 64] &= ~(UINT64_C(1) << count % 64); /* the promise of the header */
        for (size_t rows = 0; rows <= MAX; rows++) {
            prepare(&d, rows);
            jh_member_u8_ref((uint8_t *)d.codes, base, members, count, rows, d.want);
            jh_member_u8((uint8_t *)d.codes, base, members, count, rows, d.got);
            expect_same(&d, "u8", rows);
            jh_member_u16_ref((uint16_t *)d.codes, base, members, count, rows, d.want);
            jh_member_u16((uint16_t *)d.codes, base, members, count, rows, d.got);
            expect_same(&d, "u16", rows);
            for (size_t i = 0; i < ROOM; i++)
                ((uint32_t *)d.codes)[i] %= rows % 2 == 0 ? UINT32_MAX : count + 2;
            jh_member_u32_ref((uint32_t *)d.codes, base, members, count, rows, d.want);
            jh_member_u32((uint32_t *)d.codes, base, members, count, rows, d.got);
            expect_same(&d, "u32", rows);
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
