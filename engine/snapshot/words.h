#ifndef JH_SNAPSHOT_WORDS_H
#define JH_SNAPSHOT_WORDS_H

#include <pthread.h>

#include "snapshot/dict.h"

/* The values of one category column as one reader of extracts meets them, numbered from 0 in order of appearance there.
 * Each reader has its own, so that readers need not wait for each other; the writer of a snapshot gives each number
 * its code (batch.h). One thread adds; the writer's thread may look a text up at the same time. */
typedef struct jh_words {
    pthread_mutex_t lock; /* held while a value is added, and while another thread looks */
    jh_dict dict;
} jh_words;

#define JH_WORD_NONE UINT32_MAX /* the number of a missing value */

jihe_status jh_words_init(jh_words *words, jihe_error *err);
void jh_words_deinit(jh_words *words);

/* The number of a value, new or not. JIHE_DATA as jh_dict_code. */
jihe_status jh_words_number(jh_words *words, const char *text, uint32_t len, uint32_t *number, jihe_error *err);

/* Its code in `dict`, which gets the value when it is not there yet. */
jihe_status jh_words_code(jh_words *words, uint32_t number, jh_dict *dict, uint32_t *code, jihe_error *err);

#endif
