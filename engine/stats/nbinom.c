#include "stats/nbinom.h"

#include "stats/beta.h"

double jh_nbinom_at_least(double count, double size, double probability)
{
    return count > 0 ? jh_beta_upper(probability, size, count) : 1;
}
