#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "expr/expr_term.h"
#include "expr/regexp.h"

/* The oracle: one document at a time, straight from the tree. It shares nothing with the steps but the tree: numbers
 * are compared as the digits people see, patterns by filling a table, texts from the dictionary each time. */

/* 0 false, 1 undecided, 2 true: `and` takes the smaller, `or` the larger. */
enum { NO = 0, UNDECIDED = 1, YES = 2 };

typedef struct walker {
    const jh_expr *expr;
    const jh_snapshot *snapshot;
    uint32_t segment, row;
    jh_col_room *rooms; /* by column */
    jihe_error *err;
} walker;

typedef struct cell {
    bool present;
    int64_t number;
    char digits[48]; /* of a number */
    const char *text;
    size_t len;
} cell;

static jihe_status read_cell(const walker *w, size_t column, cell *out)
{
    const jh_column *c = &w->expr->schema->columns[column];
    jh_col_view view;
    jh_dict_view dict;
    uint32_t row;
    jihe_status st;

    memset(out, 0, sizeof *out);
    if ((st = jh_snapshot_row(w->snapshot, w->segment, w->row, column, &w->rooms[column], &view, &row, w->err)) !=
        JIHE_OK)
        return st;
    out->present = jh_col_present(&view, row) != 0;
    if (!out->present)
        return JIHE_OK;
    if (c->type == JH_ID || c->type == JH_TEXT) {
        out->text = view.bytes + view.offsets[row];
        out->len = view.offsets[row + 1] - view.offsets[row];
        return JIHE_OK;
    }
    out->number = jh_col_number(&view, row);
    jh_money_text(out->number, c->type == JH_MONEY ? c->money.scale : 0, out->digits);
    if (c->type != JH_CATEGORY)
        return JIHE_OK;
    if ((st = jh_snapshot_dict(w->snapshot, column, &dict, w->err)) != JIHE_OK)
        return st;
    if (out->number < 0 || out->number >= (int64_t)dict.count)
        return jh_fail(w->err, JIHE_CORRUPT, "segment %u, column %zu: code outside of the dictionary", w->segment,
                       column);
    out->text = dict.bytes + dict.offsets[out->number];
    out->len = dict.offsets[out->number + 1] - dict.offsets[out->number];
    return JIHE_OK;
}

/* Order of two decimals without sign: the longer whole part is larger, then digit by digit, missing decimals being 0.
 */
static int compare_magnitudes(const char *a, const char *b)
{
    size_t a_whole, b_whole;

    for (; a[0] == '0' && a[1] != '\0' && a[1] != '.'; a++)
        ;
    for (; b[0] == '0' && b[1] != '\0' && b[1] != '.'; b++)
        ;
    a_whole = strcspn(a, ".");
    b_whole = strcspn(b, ".");
    if (a_whole != b_whole)
        return a_whole < b_whole ? -1 : 1;
    while (*a != '\0' || *b != '\0') {
        const char x = *a == '\0' ? '0' : *a, y = *b == '\0' ? '0' : *b;

        if (x != y && x != '.' && y != '.')
            return x < y ? -1 : 1;
        a += *a != '\0';
        b += *b != '\0';
    }
    return 0;
}

static bool is_zero(const char *digits)
{
    return digits[strspn(digits, "-0.")] == '\0';
}

static int compare_decimals(const char *a, const char *b)
{
    const bool a_minus = a[0] == '-' && !is_zero(a), b_minus = b[0] == '-' && !is_zero(b);

    if (a_minus != b_minus)
        return a_minus ? -1 : 1;
    a += a[0] == '-';
    b += b[0] == '-';
    return a_minus ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

/* -1, 0, 1: the cell lies below, in or above what the constant covers. */
static int compare_literal(const cell *c, jh_type type, const jh_literal *literal)
{
    if (jh_type_is_text(type))
        return jh_text_compare(c->text, c->len, literal->text, literal->len);
    if (type == JH_DATE || type == JH_TIME)
        return c->number < literal->first ? -1 : c->number > literal->last ? 1 : 0;
    return compare_decimals(c->digits, literal->text);
}

static bool holds(jh_cmp cmp, int order)
{
    const bool allowed[6][3] = {{0, 1, 0}, {1, 0, 1}, {1, 0, 0},
                                {1, 1, 0}, {0, 0, 1}, {0, 1, 1}}; /* below, in, above */

    return allowed[cmp][order < 0 ? 0 : order == 0 ? 1 : 2];
}

static size_t next_code_point(const char *text, size_t at, size_t len)
{
    for (at++; at < len && ((unsigned char)text[at] & 0xC0) == 0x80; at++)
        ;
    return at;
}

/* `reach[i]` says whether the pattern read so far takes exactly the first i bytes; one sweep per pattern character. */
static bool like_sweep(const char *pattern, size_t pattern_len, const char *text, size_t len, bool *reach)
{
    memset(reach, 0, len + 1);
    reach[0] = true;
    for (size_t p = 0; p < pattern_len; p++) {
        const bool any = pattern[p] == '%', one = pattern[p] == '_';
        bool carried = reach[0];

        p += pattern[p] == '\\';
        reach[0] = any && reach[0];
        for (size_t at = 0; at < len;) {
            const size_t next = any || one ? next_code_point(text, at, len) : at + 1;
            const bool before = reach[next];

            reach[next] = any ? before || reach[at] : carried && (one || text[at] == pattern[p]);
            for (size_t inside = at + 1; inside < next; inside++)
                reach[inside] = false;
            carried = before;
            at = next;
        }
    }
    return reach[len];
}

static jihe_status like_holds(const walker *w, const cell *c, const jh_literal *pattern, bool *out)
{
    jh_arena arena;
    bool *reach;

    jh_arena_init(&arena, 0);
    reach = JH_NEW(&arena, bool, c->len + 1);
    if (reach != NULL)
        *out = like_sweep(pattern->text, pattern->len, c->text, c->len, reach);
    jh_arena_deinit(&arena);
    return reach == NULL ? jh_fail(w->err, JIHE_NO_MEMORY, "no memory to match a pattern") : JIHE_OK;
}

static jihe_status walk_columns(const walker *w, const jh_tree *tree, const cell *left, int *verdict)
{
    const jh_type type = w->expr->schema->columns[tree->column].type;
    cell right;
    jihe_status st = read_cell(w, tree->other, &right);
    int order;

    if (st != JIHE_OK || !right.present) {
        *verdict = UNDECIDED;
        return st;
    }
    if (jh_type_is_text(type))
        order = jh_text_compare(left->text, left->len, right.text, right.len);
    else
        order = compare_decimals(left->digits, right.digits);
    *verdict = holds(tree->cmp, order) ? YES : NO;
    return JIHE_OK;
}

/* Any value of the list, in whatever order it is. */
static bool is_listed(const cell *c, const jh_value_list *list)
{
    bool found = false;

    for (size_t i = 0; i < list->count && !found; i++)
        found = jh_text_compare(c->text, c->len, list->values[i].text, list->values[i].len) == 0;
    return found;
}

static jihe_status match_holds(const walker *w, const cell *c, const jh_literal *pattern, int *verdict)
{
    static const int verdicts[] = {
        [JH_FOUND_NO] = NO, [JH_FOUND_YES] = YES, [JH_FOUND_NO_ANSWER] = UNDECIDED, [JH_FOUND_NO_MEMORY] = UNDECIDED};
    const jh_found found = jh_pattern_find_plain(pattern->text, pattern->len, c->text, c->len);

    *verdict = verdicts[found];
    return found == JH_FOUND_NO_MEMORY ? jh_fail(w->err, JIHE_NO_MEMORY, "no memory to search a text") : JIHE_OK;
}

/* A computed value against constants or another one: as the digits people see. */
static jihe_status walk_computed(const walker *w, const jh_tree *tree, int *verdict)
{
    const jh_term_row at = {w->expr, w->snapshot, w->rooms, w->segment, w->row};
    const jh_unit unit = tree->term->unit;
    const jh_type type = unit == JH_UNIT_DATE || unit == JH_UNIT_DURATION ? JH_DATE
                         : unit == JH_UNIT_TIME                           ? JH_TIME
                                                                          : JH_INTEGER;
    cell left = {0}, right = {0};
    bool yes = false;
    jihe_status st = jh_term_walk(&at, tree->term, &left.present, &left.number, w->err);

    *verdict = UNDECIDED;
    if (st == JIHE_OK && tree->kind == JH_TREE_TERMS)
        st = jh_term_walk(&at, tree->other_term, &right.present, &right.number, w->err);
    if (st != JIHE_OK || !left.present || (tree->kind == JH_TREE_TERMS && !right.present))
        return st;
    jh_money_text(left.number, tree->term->scale, left.digits);
    if (tree->kind == JH_TREE_TERMS) {
        jh_money_text(right.number, tree->other_term->scale, right.digits);
        yes = holds(tree->cmp, compare_decimals(left.digits, right.digits));
    } else if (tree->kind == JH_TREE_VALUE) {
        yes = left.number == 1;
    } else if (tree->kind == JH_TREE_COMPARE) {
        yes = holds(tree->cmp, compare_literal(&left, type, tree->literals));
    } else if (tree->kind == JH_TREE_BETWEEN) {
        yes = compare_literal(&left, type, tree->literals) >= 0 &&
              compare_literal(&left, type, tree->literals->next) <= 0;
    } else {
        for (const jh_literal *literal = tree->literals; literal != NULL && !yes; literal = literal->next)
            yes = compare_literal(&left, type, literal) == 0;
    }
    *verdict = yes ? YES : NO;
    return JIHE_OK;
}

/* One present value against constants. */
static jihe_status walk_value(const walker *w, const jh_tree *tree, const cell *c, bool *yes)
{
    const jh_type type = w->expr->schema->columns[tree->column].type;
    const jh_literal *literal = tree->literals;

    *yes = false;
    if (tree->kind == JH_TREE_COMPARE)
        *yes = holds(tree->cmp, compare_literal(c, type, literal));
    else if (tree->kind == JH_TREE_BETWEEN)
        *yes = compare_literal(c, type, literal) >= 0 && compare_literal(c, type, literal->next) <= 0;
    else if (tree->list != NULL && jh_type_is_text(type))
        *yes = is_listed(c, tree->list);
    else if (tree->kind == JH_TREE_LIKE)
        return like_holds(w, c, literal, yes);
    else
        for (; literal != NULL && !*yes; literal = literal->next)
            *yes = compare_literal(c, type, literal) == 0;
    return JIHE_OK;
}

/* Any value; for `<>`, which is `not =`, no equal one. */
static jihe_status walk_list(const walker *w, const jh_tree *tree, const cell *list, bool *yes)
{
    jh_tree positive = *tree;
    const bool negated = tree->kind == JH_TREE_COMPARE && tree->cmp == JH_CMP_NE;
    bool any = false;
    jihe_status st = JIHE_OK;

    positive.cmp = negated ? JH_CMP_EQ : tree->cmp;
    for (size_t from = 0, to = 0; to <= list->len && st == JIHE_OK; to++) {
        const cell value = {.present = true, .text = list->text + from, .len = to - from};
        bool one = false;

        if (to < list->len && list->text[to] != JH_LIST_MARK)
            continue;
        st = walk_value(w, &positive, &value, &one);
        any = any || one;
        from = to + 1;
    }
    *yes = any != negated;
    return st;
}

/* The value, or any of a list. */
static jihe_status walk_match(const walker *w, const jh_tree *tree, const cell *c, int *verdict)
{
    const bool list = w->expr->schema->columns[tree->column].list != NULL;
    jihe_status st = JIHE_OK;
    int one = NO;

    *verdict = NO;
    for (size_t from = 0, to = 0; to <= c->len && st == JIHE_OK; to++) {
        if (to < c->len && (!list || c->text[to] != JH_LIST_MARK))
            continue;
        const cell value = {.present = true, .text = c->text + from, .len = to - from};

        st = match_holds(w, &value, tree->literals, &one);
        *verdict = one > *verdict ? one : *verdict;
        from = to + 1;
    }
    return st;
}

static jihe_status walk_test(const walker *w, const jh_tree *tree, int *verdict)
{
    cell c;
    jihe_status st = read_cell(w, tree->column, &c);
    bool yes = false;

    *verdict = UNDECIDED;
    if (st != JIHE_OK || (!c.present && tree->kind != JH_TREE_NULL))
        return st;
    if (tree->kind == JH_TREE_COLUMNS)
        return walk_columns(w, tree, &c, verdict);
    if (tree->kind == JH_TREE_MATCH)
        return walk_match(w, tree, &c, verdict);
    if (tree->kind == JH_TREE_NULL)
        yes = !c.present;
    else if (tree->kind == JH_TREE_COLUMN)
        yes = c.number == 1;
    else if (w->expr->schema->columns[tree->column].list != NULL)
        st = walk_list(w, tree, &c, &yes);
    else
        st = walk_value(w, tree, &c, &yes);
    *verdict = yes ? YES : NO;
    return st;
}

static jihe_status walk(const walker *w, const jh_tree *tree, int *verdict)
{
    jihe_status st = JIHE_OK;
    int value = NO;

    if (tree->kind == JH_TREE_LITERAL) {
        *verdict = tree->literals->truth ? YES : NO;
        return JIHE_OK;
    }
    if (tree->first == NULL)
        return tree->term != NULL ? walk_computed(w, tree, verdict) : walk_test(w, tree, verdict);
    *verdict = tree->kind == JH_TREE_OR ? NO : YES;
    for (const jh_tree *child = tree->first; child != NULL && st == JIHE_OK; child = child->next) {
        st = walk(w, child, &value);
        if (tree->kind == JH_TREE_NOT)
            *verdict = YES - value;
        else if (tree->kind == JH_TREE_OR ? value > *verdict : value < *verdict)
            *verdict = value;
    }
    return st;
}

jihe_status jh_expr_walk(const jh_expr *expr, const jh_snapshot *snapshot, uint32_t segment, uint32_t row,
                         jh_col_room *rooms, int *verdict, jihe_error *err)
{
    const walker w = {expr, snapshot, segment, row, rooms, err};
    int value = UNDECIDED;
    const jihe_status st = walk(&w, expr->root, &value);

    *verdict = value == YES ? 1 : value == NO ? 0 : -1;
    return st;
}
