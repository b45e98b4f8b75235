#include "expr/kernels.h"

#include "expr/kernel_compare.h"
#include "expr/kernel_find.h"
#include "expr/kernel_member.h"
#include "expr/kernel_range.h"

static const jh_kernels plain = {
    .name = "plain",
    .range_u8 = jh_range_u8,
    .range_u16 = jh_range_u16,
    .range_u32 = jh_range_u32,
    .range_u64 = jh_range_u64,
    .member_u8 = jh_member_u8,
    .member_u16 = jh_member_u16,
    .member_u32 = jh_member_u32,
    .numbers_equal = jh_numbers_equal,
    .numbers_less = jh_numbers_less,
    .ranks_equal = jh_ranks_equal,
    .ranks_less = jh_ranks_less,
    .find = jh_find_rows,
};

#if defined(__x86_64__)

const jh_kernels *jh_kernels_of(unsigned kind)
{
    const bool wide =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");

    switch (kind) {
    case 0:
        return &plain;
    case 1:
        return __builtin_cpu_supports("avx2") ? jh_kernels_avx2() : NULL;
    default:
        return wide ? jh_kernels_avx512() : NULL;
    }
}

#else

const jh_kernels *jh_kernels_of(unsigned kind)
{
    return kind == 0 ? &plain : NULL;
}

#endif

const jh_kernels *jh_kernels_best(void)
{
    unsigned kind = JH_KERNEL_KINDS - 1;

    while (jh_kernels_of(kind) == NULL)
        kind--;
    return jh_kernels_of(kind);
}
