#include "sample/numbers.h"

#include "base/pcg.h"

void jh_draw_numbers_ref(const uint64_t *hashes, size_t count, uint64_t key, uint64_t *numbers)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = jh_pcg_draw(hashes[i], key);
}

#if defined(__x86_64__)

/* The same loop, made into vectors by the compiler: AVX-512 multiplies 64-bit numbers, eight at a time. AVX2 does not,
 * and gains nothing. */
__attribute__((target("avx512f,avx512dq"))) static void
draw_numbers_avx512(const uint64_t *restrict hashes, size_t count, uint64_t key, uint64_t *restrict numbers)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = jh_pcg_draw(hashes[i], key);
}

void jh_draw_numbers(const uint64_t *hashes, size_t count, uint64_t key, uint64_t *numbers)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        draw_numbers_avx512(hashes, count, key, numbers);
    else
        jh_draw_numbers_ref(hashes, count, key, numbers);
}

#else

void jh_draw_numbers(const uint64_t *hashes, size_t count, uint64_t key, uint64_t *numbers)
{
    jh_draw_numbers_ref(hashes, count, key, numbers);
}

#endif
