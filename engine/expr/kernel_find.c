#include "expr/kernel_find.h"

#include <string.h>

#include "base/bits.h"

void jh_find_rows(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (memmem(bytes + offsets[i], offsets[i + 1] - offsets[i], word, len) != NULL)
            jh_bits_set(set, i);
}
