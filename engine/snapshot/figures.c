#include "snapshot/figures.h"

uint64_t jh_figures_documents(const jh_figures *tally, uint32_t row)
{
    return (uint64_t)jh_col_number(&tally->figures[0], row);
}

uint64_t jh_figures_present(const jh_figures *tally, uint32_t money, uint32_t row)
{
    return (uint64_t)jh_col_number(&tally->figures[1 + 3 * money], row);
}

jh_i128 jh_figures_sum(const jh_figures *tally, uint32_t money, uint32_t row)
{
    const uint64_t low = (uint64_t)jh_col_number(&tally->figures[2 + 3 * money], row);
    const uint64_t high = (uint64_t)jh_col_number(&tally->figures[3 + 3 * money], row);

    return (jh_i128)((jh_u128)high << 64 | low);
}
