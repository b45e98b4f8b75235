#include "snapshot/codes.h"

static inline __attribute__((always_inline)) void put(void *out, const int64_t *values, size_t count, uint64_t base,
                                                      unsigned width)
{
    const int64_t *restrict from = values;
    uint8_t *restrict out1 = out;
    uint16_t *restrict out2 = out;
    uint32_t *restrict out4 = out;
    uint64_t *restrict out8 = out;

    switch (width) {
    case 1:
        for (size_t i = 0; i < count; i++)
            out1[i] = (uint8_t)((uint64_t)from[i] - base);
        break;
    case 2:
        for (size_t i = 0; i < count; i++)
            out2[i] = (uint16_t)((uint64_t)from[i] - base);
        break;
    case 4:
        for (size_t i = 0; i < count; i++)
            out4[i] = (uint32_t)((uint64_t)from[i] - base);
        break;
    case 8:
        for (size_t i = 0; i < count; i++)
            out8[i] = (uint64_t)from[i] - base;
        break;
    default:
        break;
    }
}

void jh_codes_get_all(const void *codes, unsigned width, uint64_t base, size_t first, size_t count, int64_t *out)
{
    const uint8_t *restrict from1 = codes;
    const uint16_t *restrict from2 = codes;
    const uint32_t *restrict from4 = codes;
    const uint64_t *restrict from8 = codes;
    int64_t *restrict to = out;

    switch (width) {
    case 1:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)(base + from1[first + i]);
        break;
    case 2:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)(base + from2[first + i]);
        break;
    case 4:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)(base + from4[first + i]);
        break;
    case 8:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)(base + from8[first + i]);
        break;
    default:
        for (size_t i = 0; i < count; i++)
            to[i] = (int64_t)base;
        break;
    }
}

static inline __attribute__((always_inline)) uint64_t greatest(const void *codes, unsigned width, size_t count)
{
    uint64_t most8 = 0;
    uint32_t most4 = 0;
    uint16_t most2 = 0;
    uint8_t most1 = 0;

    switch (width) {
    case 1:
        for (const uint8_t *code = codes; code < (const uint8_t *)codes + count; code++)
            most1 = *code > most1 ? *code : most1;
        return most1;
    case 2:
        for (const uint16_t *code = codes; code < (const uint16_t *)codes + count; code++)
            most2 = *code > most2 ? *code : most2;
        return most2;
    case 4:
        for (const uint32_t *code = codes; code < (const uint32_t *)codes + count; code++)
            most4 = *code > most4 ? *code : most4;
        return most4;
    case 8:
        for (const uint64_t *code = codes; code < (const uint64_t *)codes + count; code++)
            most8 = *code > most8 ? *code : most8;
        return most8;
    default:
        return 0;
    }
}

#if defined(__x86_64__)

/* What every x86-64 processor has lacks most comparisons of unsigned numbers; with AVX2 this is as fast as memory. */
__attribute__((target("avx2"))) static uint64_t greatest_avx2(const void *codes, unsigned width, size_t count)
{
    return greatest(codes, width, count);
}

#if defined(__x86_64__)

/* The same loops, of which the compiler makes wider vectors. */
__attribute__((target("avx512f,avx512bw,avx512vl"))) static void put_avx512(void *out, const int64_t *values,
                                                                            size_t count, uint64_t base, unsigned width)
{
    put(out, values, count, base, width);
}

void jh_codes_put(void *out, const int64_t *values, size_t count, uint64_t base, unsigned width)
{
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        put_avx512(out, values, count, base, width);
    else
        put(out, values, count, base, width);
}

#else

void jh_codes_put(void *out, const int64_t *values, size_t count, uint64_t base, unsigned width)
{
    put(out, values, count, base, width);
}

#endif

uint64_t jh_codes_max(const void *codes, unsigned width, size_t count)
{
    return __builtin_cpu_supports("avx2") ? greatest_avx2(codes, width, count) : greatest(codes, width, count);
}

#else

uint64_t jh_codes_max(const void *codes, unsigned width, size_t count)
{
    return greatest(codes, width, count);
}

#endif
