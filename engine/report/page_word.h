#ifndef JH_REPORT_PAGE_WORD_H
#define JH_REPORT_PAGE_WORD_H

#include <stdbool.h>

/* The page's own words in its two languages; one row each in page_word.c. They hold no character that HTML escapes. */
typedef enum jh_word {
    JH_WORD_LANG,
    JH_WORD_BRAND,
    JH_WORD_PERIOD,
    JH_WORD_WORKSPACE,
    JH_WORD_RATES,
    JH_WORD_TREND,
    JH_WORD_RULES,
    JH_WORD_FACTS,
    JH_WORD_KEY,
    JH_WORD_BASIS,
    JH_WORD_RANDOM,
    JH_WORD_TARGETED,
    JH_WORD_INSPECTED,
    JH_WORD_IN_RULE,
    JH_WORD_OUT_OF_RULE,
    JH_WORD_IN_RULE_RATE,
    JH_WORD_OUT_OF_RULE_RATE,
    JH_WORD_RATE,
    JH_WORD_ERRORS_OF,
    JH_WORD_INTERVAL,
    JH_WORD_DOCUMENTS_INSPECTED,
    JH_WORD_RATE_OF,
    JH_WORD_AMONG,
    JH_WORD_HOW_RATE,
    JH_WORD_HOW_CLASSES,
    JH_WORD_HOW_INTERVAL,
    JH_WORD_HOW_BASIS,
    JH_WORD_BEYOND,
    JH_WORD_WHISKERS,
    JH_WORD_MONTH,
    JH_WORD_NOTE,
    JH_WORD_CHART,
    JH_WORD_RULE,
    JH_WORD_TITLE,
    JH_WORD_FRAME,
    JH_WORD_UNDECIDED,
    JH_WORD_FLAGGED,
    JH_WORD_SELECTED,
    JH_WORD_HOW_RULES,
    JH_WORD_NOTHING,
    JH_WORD_FOOTER,
    JH_WORD_COUNT
} jh_word;

const char *jh_word_text(jh_word word, bool zh);

#endif
