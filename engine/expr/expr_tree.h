#ifndef JH_EXPR_EXPR_TREE_H
#define JH_EXPR_EXPR_TREE_H

#include "expr/expr.h"

/* The tree of an expression and what its makers share. For the .c files of engine/expr only. */

/* Limits of one expression. The length also bounds the number of nodes and of list entries (two bytes each), so that a
 * hostile one costs a few MiB. The depth bounds every recursion over the tree; chains of `and` and of `or` are flat
 * lists and do not count. */
enum {
    JH_EXPR_MAX_BYTES = 64 * 1024,
    JH_EXPR_MAX_DEPTH = 64,
    JH_EXPR_MAX_PATTERN = 4096 /* bytes; like takes at most pattern x text steps, ~ what regexp.h says */
};

typedef enum jh_cmp { JH_CMP_EQ, JH_CMP_NE, JH_CMP_LT, JH_CMP_LE, JH_CMP_GT, JH_CMP_GE } jh_cmp;

typedef enum jh_literal_kind {
    JH_LITERAL_TEXT,
    JH_LITERAL_NUMBER,
    JH_LITERAL_FLAG,
    JH_LITERAL_DURATION
} jh_literal_kind;

typedef struct jh_literal jh_literal;
struct jh_literal {
    jh_literal_kind kind;
    uint32_t at; /* where it stands: byte offset in the expression */
    uint32_t len;
    const char *text;    /* TEXT: the value; NUMBER: settled digits like -12.5 (expr_literal.h) */
    bool truth;          /* FLAG */
    int64_t first, last; /* against a date or time: the days or UTC ms that the text covers; DURATION: ms, both */
    jh_literal *next;    /* of a list, or the upper bound of `between` */
};

/* `x not in (...)` is NOT over IN, and so on: Kleene's logic makes them the same. */
typedef enum jh_tree_kind {
    JH_TREE_AND,     /* children, two or more, none of them AND */
    JH_TREE_OR,      /* likewise */
    JH_TREE_NOT,     /* one child */
    JH_TREE_LITERAL, /* a constant alone; once checked: true or false */
    JH_TREE_COLUMN,  /* a column alone; once checked: a flag */
    JH_TREE_NULL,    /* column is null */
    JH_TREE_COMPARE, /* column cmp literal */
    JH_TREE_COLUMNS, /* column cmp other */
    JH_TREE_IN,      /* column in (literals) */
    JH_TREE_BETWEEN, /* column between literal and its next */
    JH_TREE_LIKE,    /* column like literal */
    JH_TREE_MATCH,   /* column ~ literal */
    JH_TREE_TERMS,   /* term cmp other_term */
    JH_TREE_VALUE    /* a computed value alone; once checked: a truth value, as of workday(day) */
} jh_tree_kind;

typedef struct jh_term jh_term; /* expr_term.h */

typedef struct jh_tree jh_tree;
struct jh_tree {
    jh_tree_kind kind;
    jh_cmp cmp;
    uint32_t at;          /* byte offset of its first token */
    uint32_t other_at;    /* of the other column */
    size_t column, other; /* indexes into the schema */
    const jh_term *term, *other_term; /* COMPARE, IN, BETWEEN: what is tested instead of the column, NULL for a column;
                                         TERMS, VALUE */
    jh_literal *literals;
    const jh_value_list *list; /* IN: the named list asked; its texts stay there, its numbers are in literals */
    jh_tree *first, *last;     /* children */
    jh_tree *next;         /* sibling */
};

struct jh_expr {
    const jh_tree *root;
    const jh_schema *schema;
    const jh_facts *facts;
    uint64_t used[JH_MAX_COLUMNS / 64];
    jh_facts_used asked;
};

/* One expression while it is read and checked. */
typedef struct jh_expr_source {
    const char *text;
    uint32_t len;
    jh_place place; /* of text[0] */
    const jh_schema *schema;
    const jh_facts *facts;
    jh_arena *arena;
    jihe_error *err;
} jh_expr_source;

/* JIHE_CONFIG at byte `at` of the expression. */
__attribute__((format(printf, 3, 4))) jihe_status jh_expr_fail(const jh_expr_source *source, uint32_t at,
                                                               const char *fmt, ...);
jihe_status jh_expr_no_memory(const jh_expr_source *source);

jihe_status jh_expr_parse(const jh_expr_source *source, jh_tree **out); /* names resolved, types not yet looked at */
jihe_status jh_expr_check(const jh_expr_source *source, jh_tree *tree); /* types; settles literals */

jihe_status jh_expr_check_currency(const jh_expr_source *source, const jh_tree *tree); /* of a checked tree */

/* Parts of the canonical text. */
void jh_expr_print_column(const jh_expr *expr, size_t column, jh_buf *out);
void jh_expr_print_term(const jh_expr *expr, const jh_term *term, jh_buf *out);
void jh_expr_print_tree(const jh_expr *expr, const jh_tree *tree, jh_buf *out);

static inline bool jh_type_is_text(jh_type type)
{
    return type == JH_ID || type == JH_CATEGORY || type == JH_TEXT;
}

#endif
