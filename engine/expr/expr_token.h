#ifndef JH_EXPR_EXPR_TOKEN_H
#define JH_EXPR_EXPR_TOKEN_H

#include "expr/expr_tree.h"

/* The words of the where language. */

typedef enum jh_token_kind {
    JH_TOKEN_END,
    JH_TOKEN_NAME, /* a column name, bare or in "double quotes" */
    JH_TOKEN_TEXT, /* 'text' */
    JH_TOKEN_NUMBER, /* without a sign */
    JH_TOKEN_CMP,
    JH_TOKEN_OPEN,
    JH_TOKEN_CLOSE,
    JH_TOKEN_COMMA,
    JH_TOKEN_DOT,
    JH_TOKEN_PLUS,
    JH_TOKEN_MINUS,
    JH_TOKEN_TIMES,
    JH_TOKEN_OVER,
    JH_TOKEN_REST, /* % */
    JH_TOKEN_MATCH,
    JH_TOKEN_AND,
    JH_TOKEN_OR,
    JH_TOKEN_NOT,
    JH_TOKEN_IN,
    JH_TOKEN_BETWEEN,
    JH_TOKEN_LIKE,
    JH_TOKEN_IS,
    JH_TOKEN_NULL,
    JH_TOKEN_TRUE,
    JH_TOKEN_FALSE
} jh_token_kind;

typedef struct jh_token {
    jh_token_kind kind;
    jh_cmp cmp;
    uint32_t at, end; /* bytes of the source */
    const char *text; /* NAME, TEXT: the value without quotes; NUMBER: as written */
    uint32_t text_len;
} jh_token;

/* Reads the token at or after byte `from`. */
jihe_status jh_token_read(const jh_expr_source *source, uint32_t from, jh_token *out);

/* Can this column name stand without double quotes? */
bool jh_token_bare(const char *name, size_t len);

#endif
