#include "stats/agreement.h"

#include <math.h>

#include "base/num.h"

static const uint64_t largest = UINT64_C(1) << 53;

struct margins {
    uint64_t all, agreed;
    uint64_t rows[JH_MAX_JUDGEMENTS], columns[JH_MAX_JUDGEMENTS];
};

static jihe_status add_up(struct margins *m, const uint64_t *table, size_t kinds, jihe_error *err)
{
    *m = (struct margins){0};
    if (kinds < 2 || kinds > JH_MAX_JUDGEMENTS)
        return jh_fail(err, JIHE_USAGE, "%zu kinds of judgement; there must be 2 to %d", kinds, JH_MAX_JUDGEMENTS);
    for (size_t i = 0; i < kinds; i++)
        for (size_t j = 0; j < kinds; j++) {
            const uint64_t documents = table[i * kinds + j];

            if (documents > largest - m->all)
                return jh_fail(err, JIHE_USAGE, "more than 2^53 documents; give fewer");
            m->all += documents;
            m->agreed += i == j ? documents : 0;
            m->rows[i] += documents;
            m->columns[j] += documents;
        }
    if (m->all == 0)
        return jh_fail(err, JIHE_USAGE, "no document was judged by both inspectors");
    return JIHE_OK;
}

static double kappa_error(const struct margins *m, const uint64_t *table, size_t kinds, double kappa, double by_chance)
{
    const double n = (double)m->all, apart = 1 - kappa;
    double agreed = 0, differed = 0;

    for (size_t i = 0; i < kinds; i++)
        for (size_t j = 0; j < kinds; j++) {
            const double share = (double)table[i * kinds + j] / n;

            if (i == j) {
                const double part = 1 - (double)(m->rows[i] + m->columns[i]) / n * apart;
                agreed += share * part * part;
            } else {
                const double part = (double)(m->columns[i] + m->rows[j]) / n * apart;
                differed += share * part * part;
            }
        }
    const double center = kappa - by_chance * apart;
    const double variance = agreed + differed - center * center;

    return m->agreed == m->all ? 0 : sqrt(fmax(0, variance) / n) / (1 - by_chance);
}

jihe_status jh_agreement_make(jh_agreement *out, const uint64_t *table, size_t kinds, jihe_error *err)
{
    struct margins m;
    const jihe_status st = add_up(&m, table, kinds, err);
    jh_u128 products = 0, mixed = 0; /* agreement by chance times n^2: kappa's, and (kinds - 1) 4 times AC1's */

    if (st != JIHE_OK)
        return st;
    const jh_u128 all = m.all, square = all * all;

    for (size_t i = 0; i < kinds; i++) {
        const jh_u128 both = (jh_u128)m.rows[i] + m.columns[i];

        products += (jh_u128)m.rows[i] * m.columns[i];
        mixed += both * (2 * all - both);
    }
    const jh_i128 beyond_chance = (jh_i128)(all * m.agreed) - (jh_i128)products;
    const double chance = (double)mixed / 4 / (double)(kinds - 1) / (double)square;

    out->observed = (double)m.agreed / (double)m.all;
    out->kappa = square > products ? (double)beyond_chance / (double)(square - products) : NAN;
    out->kappa_se =
        square > products ? kappa_error(&m, table, kinds, out->kappa, (double)products / (double)square) : NAN;
    out->ac1 = (out->observed - chance) / (1 - chance);
    return JIHE_OK;
}
