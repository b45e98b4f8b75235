#include "snapshot/words.h"

#include "base/hash.h"

jihe_status jh_words_init(jh_words *words, jihe_error *err)
{
    *words = (jh_words){0};
    return pthread_mutex_init(&words->lock, NULL) == 0 ? JIHE_OK
                                                       : jh_fail(err, JIHE_NO_MEMORY, "no memory for a dictionary");
}

void jh_words_deinit(jh_words *words)
{
    pthread_mutex_destroy(&words->lock);
    jh_dict_deinit(&words->dict);
}

jihe_status jh_words_number(jh_words *words, const char *text, uint32_t len, uint32_t *number, jihe_error *err)
{
    const uint64_t hash = jh_hash64(text, len);
    jihe_status st;

    if (jh_dict_find(&words->dict, hash, text, len, number))
        return JIHE_OK;
    pthread_mutex_lock(&words->lock);
    st = jh_dict_add(&words->dict, hash, text, len, number, err);
    pthread_mutex_unlock(&words->lock);
    return st;
}

jihe_status jh_words_code(jh_words *words, uint32_t number, jh_dict *dict, uint32_t *code, jihe_error *err)
{
    const char *text;
    uint32_t len;
    jihe_status st;

    pthread_mutex_lock(&words->lock);
    text = jh_dict_text(&words->dict, number, &len);
    st = jh_dict_code(dict, text, len, code, err);
    pthread_mutex_unlock(&words->lock);
    return st;
}
