#include "oracle.h"

#include "stats/beta.h"

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

const oracle_function oracle_special[] = {
    {"ibeta_reg", ibeta_reg},
    {"ibeta_reg_upper", ibeta_reg_upper},
    {"qbeta", qbeta},
    {NULL, NULL},
};
