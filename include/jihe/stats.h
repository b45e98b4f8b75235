#ifndef JIHE_STATS_H
#define JIHE_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "jihe/error.h"
#include "jihe/rows.h"

JIHE_BEGIN

/** The auditor's calculator: how many documents to inspect, and what the errors found say. Plain functions of numbers;
 *  they need no workspace and are safe to call from any thread.
 *
 *  Rates that decide are whole parts per million: 50000 is 5 %. A confidence is a probability: 0.95. A population of 0
 *  means very large, or not known; a known one makes the answer exact for documents drawn without replacement. Texts
 *  are UTF-8 in the language asked for, "zh", or NULL and anything else for English. JIHE_USAGE when an argument makes
 *  no sense, with a message that quotes it. */

/** "5%", "0.05" or "1" as parts per million. @retval JIHE_USAGE  not a rate of 0 to 1, or finer than a millionth */
JIHE_API jihe_status jihe_rate_of(uint32_t *ppm, const char *text, jihe_error *err);

/** "1234.5" as ten-thousandths: 12345000. @retval JIHE_USAGE  negative, finer, or above 9 x 10^14 */
JIHE_API jihe_status jihe_amount_of(uint64_t *amount, const char *text, jihe_error *err);

typedef enum jihe_plan_kind {
    JIHE_PLAN_ATTRIBUTE = 0, /**< few errors in the sample show a rate below the tolerable one */
    JIHE_PLAN_MONEY     = 1, /**< the same of misstated money, in money-units */
    JIHE_PLAN_PRECISION = 2, /**< the rate is to be known within a half width */
    JIHE_PLAN_TWO_POINT = 3, /**< good work is to be accepted, bad work refused */
    JIHE_PLAN_DETECT    = 4  /**< at least one document of a kind is to be seen */
} jihe_plan_kind;

typedef struct jihe_plan {
    jihe_plan_kind kind;
    uint64_t       population;  /**< as given; 0: very large */
    uint64_t       sample;      /**< documents, or money-units, to inspect */
    uint64_t       allowed;     /**< errors up to which the sample is accepted; 0 for money and precision */
    double         risk;        /**< the chance of acceptance, or of seeing none, at the bad rate; 0 for precision */
    double         factor;      /**< money: the confidence factor; else 0 */
    double         interval;    /**< money: book value per unit drawn, in the unit of the arguments; else 0 */
    uint32_t       good, bad;   /**< rates the plan is about: expected and tolerable, good and bad */
    char           method[32];  /**< the law: binomial, hypergeometric, poisson, normal */
    char           promise[512];/**< what the plan promises, one sentence */
    char           limits[512]; /**< what it does not */
} jihe_plan;

/** The smallest sample in which ceil(sample x expected) errors still show, with this confidence, a rate below
 *  `tolerable`.
 *  @param expected  below `tolerable`; 0: not one error is allowed
 *  @retval JIHE_USAGE  also when no sample of up to 10^9 documents will do */
JIHE_API jihe_status jihe_plan_attribute(jihe_plan *out, double confidence, uint32_t tolerable, uint32_t expected,
                                         uint64_t population, const char *lang, jihe_error *err);

/** Money-units to draw from a book value; all three amounts in one unit. `expected` is the misstatement that may be
 *  found without upsetting the conclusion. */
JIHE_API jihe_status jihe_plan_money(jihe_plan *out, double confidence, uint64_t tolerable, uint64_t expected,
                                     uint64_t book, const char *lang, jihe_error *err);

/** Documents for a rate known within `half_width` on either side, when it is about `expected` (500000 when nothing is
 *  known). */
JIHE_API jihe_status jihe_plan_precision(jihe_plan *out, double confidence, uint32_t half_width, uint32_t expected,
                                         uint64_t population, const char *lang, jihe_error *err);

/** The smallest sample that refuses work at the good rate with a probability of `good_risk` at most, and accepts work
 *  at the bad rate with a probability of `bad_risk` at most. */
JIHE_API jihe_status jihe_plan_two_point(jihe_plan *out, uint32_t good, double good_risk, uint32_t bad, double bad_risk,
                                         uint64_t population, const char *lang, jihe_error *err);

/** Documents to inspect to see at least one of a kind of which the population holds `kind`, or, where `kind` is 0, of
 *  which it holds the share `rate`. */
JIHE_API jihe_status jihe_plan_detect(jihe_plan *out, double confidence, uint64_t kind, uint32_t rate,
                                      uint64_t population, const char *lang, jihe_error *err);

enum { JIHE_SENTENCES = 1 }; /**< with the columns of sentences, which make a table wide */

/** One row: kind, sample, allowed, risk, population, factor, interval, method; with JIHE_SENTENCES promise and limits.
 *  `interval` is printed as of amounts in ten-thousandths (jihe_amount_of). */
JIHE_API jihe_status jihe_plan_rows(jihe_rows **out, const jihe_plan *plan, unsigned flags, jihe_error *err);

/** The plan's operating characteristic as an SVG picture: the chance that the sample is accepted, over the rate of the
 *  population. @retval JIHE_USAGE  a plan of money or precision has none */
JIHE_API jihe_status jihe_plan_curve(const jihe_plan *plan, const char *lang, jihe_put put, void *context,
                                     jihe_error *err);

/** The chance that `sample` documents show at most `allowed` errors when the population's rate is `rate`. */
JIHE_API jihe_status jihe_acceptance(double *out, uint64_t sample, uint64_t allowed, uint32_t rate, uint64_t population,
                                     jihe_error *err);

typedef enum jihe_side {
    JIHE_BOTH  = 0, /**< two limits that together hold with the confidence */
    JIHE_UPPER = 1, /**< the upper one alone: "not above" */
    JIHE_LOWER = 2  /**< the lower one alone: "at least" */
} jihe_side;

/** What a sample says: lower <= estimate <= upper. Limits that were not asked for are 0 and 1 (of a known population,
 *  the least and the most it can hold). One limit alone takes a confidence above one half. */
typedef struct jihe_evaluation {
    uint64_t errors, sample, population; /**< population 0: very large */
    double   confidence;
    double   estimate, lower, upper;     /**< shares of documents, or of the book value */
    int      has_whole;                  /**< is it known what they are shares of? */
    double   low, high;                  /**< then the limits in documents, exact whole numbers, or in money */
    char     method[32];                 /**< clopper-pearson, hypergeometric, garwood, korn-graubard, stringer */
    char     reason[512];                /**< why this method */
} jihe_evaluation;

/** Errors found in a simple random sample. Of a known population the limits are whole numbers of documents, exact for
 *  sampling without replacement (as shares, never past the estimate: 98 errors in 99 of 100 documents leave 98 or 99,
 *  and 99 of 100 is above 98 of 99); else Clopper-Pearson. */
JIHE_API jihe_status jihe_evaluate(jihe_evaluation *out, uint64_t errors, uint64_t sample, uint64_t population,
                                   double confidence, jihe_side side, const char *lang, jihe_error *err);

/** Findings where one document may have several: Garwood's limits of findings per document. `population` and the limits
 *  in documents are left out. */
JIHE_API jihe_status jihe_evaluate_findings(jihe_evaluation *out, uint64_t findings, uint64_t sample, double confidence,
                                            jihe_side side, const char *lang, jihe_error *err);

typedef struct jihe_stratum {
    uint64_t population, sample, errors;
} jihe_stratum;

/** A population of strata that were sampled separately, weighted by their size, with Korn and Graubard's limits.
 *  @retval JIHE_USAGE  also for a stratum of which one document, but not all, was inspected */
JIHE_API jihe_status jihe_evaluate_strata(jihe_evaluation *out, const jihe_stratum *strata, size_t count,
                                          double confidence, jihe_side side, const char *lang, jihe_error *err);

/** A sampled item: its book value, what it should have been, and how many of the drawn money-units fell on it. */
typedef struct jihe_money_item {
    double   book, audited; /**< book above 0 */
    uint64_t hits;
} jihe_money_item;

/** Overstatement of a book value from a monetary-unit sample: the likely share and Stringer's upper limit. Understated
 *  items count as correct, and the reason says how many there were.
 *  @param items   all hit items, or only the misstated ones
 *  @param sample  money-units drawn; 0: the sum of the hits
 *  @param total   book value of the population, 0 when not known */
JIHE_API jihe_status jihe_evaluate_money(jihe_evaluation *out, const jihe_money_item *items, size_t count,
                                         uint64_t sample,
                                         double total, double confidence, const char *lang, jihe_error *err);

/** One row: stratum (empty), errors, sample, population, estimate, lower, upper, low, high, confidence, method; with
 *  JIHE_SENTENCES reason. `low` and `high` are documents, or amounts; empty when the population is not known. */
JIHE_API jihe_status jihe_evaluation_rows(jihe_rows **out, const jihe_evaluation *evaluation, unsigned flags,
                                          jihe_error *err);

/** The same from a CSV file with the columns population, inspected and errors, and perhaps stratum: a row for each
 *  stratum with exact limits of its own, then the whole, which *whole holds too.
 *  @retval JIHE_DATA  the file cannot be used; position and reason in *err */
JIHE_API jihe_status jihe_evaluate_strata_file(jihe_rows **out, jihe_evaluation *whole, const char *path,
                                               double confidence,
                                               jihe_side side, unsigned flags, const char *lang, jihe_error *err);

/** The same from a CSV file of money-units with the columns book and audited, and perhaps hits (1 when absent). */
JIHE_API jihe_status jihe_evaluate_money_file(jihe_rows **out, jihe_evaluation *whole, const char *path,
                                              uint64_t sample,
                                              uint64_t total, double confidence, unsigned flags, const char *lang,
                                              jihe_error *err);

JIHE_END

#endif
