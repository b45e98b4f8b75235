// Our C implementation of PCG against the author's C++ headers (Debian: libpcg-cpp-dev).

#include <cstdint>
#include <cstdio>
#include <random>

#include <pcg_random.hpp>

extern "C" {
#include "base/pcg.h"
}

static long passed, failed;

static void check(bool good, const char *what, uint64_t a, uint64_t b)
{
    if (good) {
        passed++;
    } else if (failed++ < 10) {
        std::printf("mismatch: %s for %#llx, %#llx\n", what, (unsigned long long)a, (unsigned long long)b);
    }
}

static void check_draw(uint64_t state, uint64_t seq)
{
    pcg_engines::setseq_rxs_m_xs_64_64 reference(state, seq);

    check(reference() == jh_pcg_draw(state, seq), "draw number", state, seq);
}

static void draws(std::mt19937_64 &random)
{
    const uint64_t edges[] = {0, 1, 2, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX - 1, UINT64_MAX};

    for (uint64_t state : edges)
        for (uint64_t seq : edges)
            check_draw(state, seq);
    for (int i = 0; i < 1000000; i++) {
        const uint64_t state = random(), seq = random();
        check_draw(state, seq);
    }
}

static jh_u128 wide(std::mt19937_64 &random)
{
    const uint64_t high = random();

    return (jh_u128)high << 64 | random();
}

static void check_stream(jh_u128 state, jh_u128 seq, jh_u128 jump)
{
    pcg64 reference(state, seq);
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, state, seq);
    for (int i = 0; i < 100; i++)
        check(reference() == jh_pcg64_next(&rng), "pcg64 draw", (uint64_t)state, (uint64_t)seq);
    reference.advance(jump);
    jh_pcg64_advance(&rng, jump);
    for (int i = 0; i < 10; i++)
        check(reference() == jh_pcg64_next(&rng), "pcg64 after advance", (uint64_t)state, (uint64_t)jump);
}

static void streams(std::mt19937_64 &random)
{
    const jh_u128 ones = ~(jh_u128)0;

    check_stream(0, 0, 0);
    check_stream(ones, ones, ones);
    check_stream(42, 54, 1);
    for (int i = 0; i < 2000; i++) {
        const jh_u128 state = wide(random), seq = wide(random);
        check_stream(state, seq, wide(random));
    }
}

// Of 3 * 2^62 values every third would come twice as often as the others without the rejection.
static void bounded()
{
    const uint64_t bound = (uint64_t)3 << 62;
    const long draws = 300000;
    long counts[3] = {0, 0, 0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 7, 11);
    for (long i = 0; i < draws; i++) {
        const uint64_t value = jh_pcg64_below(&rng, bound);
        check(value < bound, "below its bound", value, bound);
        counts[value % 3]++;
    }
    for (long count : counts) // five standard deviations of a binomial with p = 1/3
        check(count > draws / 3 - 1300 && count < draws / 3 + 1300, "uniform", (uint64_t)count, bound);
    check(jh_pcg64_below(&rng, 1) == 0, "bound 1", 1, 0);
}

// A value that pcg-c's own expected-output file prints for seed 42, stream 54.
static void published()
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 42, 54);
    check(jh_pcg64_next(&rng) == UINT64_C(0x86b1da1d72062b68), "first published value", 42, 54);
    check(jh_pcg64_next(&rng) == UINT64_C(0x1304aa46c9853d39), "second published value", 42, 54);
}

int main()
{
    std::mt19937_64 random(20260131);

    draws(random);
    streams(random);
    bounded();
    published();
    std::printf("%ld passed, %ld failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
