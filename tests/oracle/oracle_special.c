#include "oracle.h"

#include "stats/beta.h"
#include "stats/binom.h"
#include "stats/gamma.h"
#include "stats/hyper.h"
#include "stats/nbinom.h"
#include "stats/normal.h"
#include "stats/poisson.h"

static void ibeta_reg(oracle_row *row)
{
    oracle_give(row, jh_beta_lower(oracle_double(row, "x"), oracle_double(row, "a"), oracle_double(row, "b")));
}

static void ibeta_reg_upper(oracle_row *row)
{
    oracle_give(row, jh_beta_upper(oracle_double(row, "x"), oracle_double(row, "a"), oracle_double(row, "b")));
}

static void qbeta(oracle_row *row)
{
    oracle_give(row, jh_beta_quantile_lower(oracle_double(row, "x"), oracle_double(row, "a"), oracle_double(row, "b")));
}

static void igamma_p(oracle_row *row)
{
    oracle_give(row, jh_gamma_lower(oracle_double(row, "a"), oracle_double(row, "x")));
}

static void igamma_q(oracle_row *row)
{
    oracle_give(row, jh_gamma_upper(oracle_double(row, "a"), oracle_double(row, "x")));
}

static void qgamma_rate1(oracle_row *row)
{
    oracle_give(row, jh_gamma_quantile_lower(oracle_double(row, "x"), oracle_double(row, "a")));
}

static void pnorm(oracle_row *row)
{
    oracle_give(row, jh_normal_lower(oracle_double(row, "x")));
}

static void qnorm(oracle_row *row)
{
    oracle_give(row, jh_normal_quantile_lower(oracle_double(row, "x")));
}

static void binom_cdf_le(oracle_row *row)
{
    oracle_give(row, jh_binom_at_most(oracle_count(row, "a"), oracle_count(row, "b"), oracle_double(row, "x")));
}

static void binom_tail_ge(oracle_row *row)
{
    oracle_give(row, jh_binom_at_least(oracle_count(row, "a"), oracle_count(row, "b"), oracle_double(row, "x")));
}

static void pois_cdf_le(oracle_row *row)
{
    oracle_give(row, jh_poisson_at_most(oracle_count(row, "a"), oracle_double(row, "x")));
}

static void pois_tail_ge(oracle_row *row)
{
    oracle_give(row, jh_poisson_at_least(oracle_count(row, "a"), oracle_double(row, "x")));
}

static jh_lot lot_of(oracle_row *row)
{
    return (jh_lot){oracle_count(row, "c"), oracle_count(row, "b"), oracle_count(row, "a")};
}

static void hyper_cdf_le(oracle_row *row)
{
    const jh_lot lot = lot_of(row);

    oracle_give(row, jh_hyper_at_most(oracle_count(row, "x"), &lot));
}

static void hyper_tail_ge(oracle_row *row)
{
    const jh_lot lot = lot_of(row);

    oracle_give(row, jh_hyper_at_least(oracle_count(row, "x"), &lot));
}

static void nbinom_tail_ge(oracle_row *row)
{
    oracle_give(row, jh_nbinom_at_least(oracle_double(row, "a"), oracle_double(row, "b"), oracle_double(row, "x")));
}

const oracle_function oracle_special[] = {
    {"ibeta_reg", ibeta_reg},
    {"ibeta_reg_upper", ibeta_reg_upper},
    {"qbeta", qbeta},
    {"igamma_p", igamma_p},
    {"igamma_q", igamma_q},
    {"qgamma_rate1", qgamma_rate1},
    {"pnorm", pnorm},
    {"qnorm", qnorm},
    {"binom_cdf_le", binom_cdf_le},
    {"binom_tail_ge", binom_tail_ge},
    {"pois_cdf_le", pois_cdf_le},
    {"pois_tail_ge", pois_tail_ge},
    {"hyper_cdf_le", hyper_cdf_le},
    {"hyper_tail_ge", hyper_tail_ge},
    {"nbinom_tail_ge", nbinom_tail_ge},
    {NULL, NULL},
};
