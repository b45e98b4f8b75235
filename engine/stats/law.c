#include "stats/law.h"

#include "base/num.h"
#include "stats/binom.h"
#include "stats/hyper.h"

uint64_t jh_ppm_ceil(uint64_t count, uint32_t ppm)
{
    return (uint64_t)(((jh_u128)count * ppm + 999999) / 1000000);
}

jh_law jh_law_reaching(uint32_t ppm, uint64_t population)
{
    return (jh_law){population, jh_ppm_ceil(population, ppm), ppm / 1e6};
}

jh_law jh_law_near(uint32_t ppm, uint64_t population)
{
    return (jh_law){population, (uint64_t)(((jh_u128)population * ppm + 500000) / 1000000), ppm / 1e6};
}

double jh_law_at_most(const jh_law *law, uint64_t errors, uint64_t sample)
{
    const jh_lot lot = {sample, law->wrong, law->population};

    return law->population > 0 ? jh_hyper_at_most(errors, &lot) : jh_binom_at_most(errors, sample, law->rate);
}

double jh_law_at_least(const jh_law *law, uint64_t errors, uint64_t sample)
{
    const jh_lot lot = {sample, law->wrong, law->population};

    return law->population > 0 ? jh_hyper_at_least(errors, &lot) : jh_binom_at_least(errors, sample, law->rate);
}

double jh_acceptance(uint64_t sample, uint64_t allowed, uint32_t ppm, uint64_t population)
{
    const jh_law law = jh_law_near(ppm, population);

    return jh_law_at_most(&law, allowed, sample);
}
