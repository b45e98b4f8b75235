#include "base/bits.h"
#include "expr/predicate.h"

/* Leaf to predicate, with everything looked up that one snapshot decides. */

static jihe_status no_memory(const jh_predicates *all)
{
    return jh_fail(all->err, JIHE_NO_MEMORY, "no memory to bind an expression");
}

static jihe_status slot_for(jh_predicates *all, size_t column, uint32_t *out)
{
    jh_slot *slot = &all->slots[all->slot_count];
    jihe_status st = JIHE_OK;

    if (all->slot_of[column] == 0) {
        slot->column = column;
        slot->type = all->expr->schema->columns[column].type;
        if (slot->type == JH_CATEGORY)
            st = jh_snapshot_dict(all->snapshot, column, &slot->dict, all->err);
        all->slot_of[column] = (uint16_t)++all->slot_count;
    }
    *out = all->slot_of[column] - 1u;
    return st;
}

/* A pass per run of codes costs 0.1 to 0.3 ns a row, a look-up 1.1. */
enum { MAX_RUNS = 4 };

/* The runs of codes whose bits are set. False: too many to be worth it. */
static bool runs_of(const uint64_t *members, uint32_t count, jh_rangeset *runs)
{
    bool inside = false;

    runs->count = 0;
    for (uint32_t code = 0; code < count; code++) {
        const bool member = jh_bits_test(members, code);

        if (member && !inside) {
            if (runs->count == MAX_RUNS)
                return false;
            runs->ranges[runs->count++].low = code;
        }
        if (member)
            runs->ranges[runs->count - 1].high = code;
        inside = member;
    }
    return true;
}

/* Asks the test once per dictionary entry. `unsure` gets the entries that a pattern has no answer for. */
static jihe_status ask_entries(jh_predicates *all, const jh_tree *tree, const jh_dict_view *dict, uint64_t *members,
                               uint64_t *unsure)
{
    jh_pattern_room *room = tree->kind == JH_TREE_MATCH ? jh_pattern_room_new() : NULL;
    jh_found found = JH_FOUND_NO;
    const bool list = all->expr->schema->columns[tree->column].list != NULL;
    jh_text_test test;

    if ((tree->kind == JH_TREE_MATCH && room == NULL) || !jh_text_test_init(&test, tree, all->arena))
        found = JH_FOUND_NO_MEMORY;
    for (uint32_t code = 0; code < dict->count && found != JH_FOUND_NO_MEMORY; code++) {
        const uint32_t from = dict->offsets[code], to = dict->offsets[code + 1];

        found = list ? jh_text_test_run_list(&test, room, dict->bytes + from, to - from)
                     : jh_text_test_run(&test, room, dict->bytes + from, to - from);
        if (found == JH_FOUND_YES || found == JH_FOUND_NO_ANSWER)
            jh_bits_set(found == JH_FOUND_YES ? members : unsure, code);
    }
    jh_pattern_room_free(room);
    return found == JH_FOUND_NO_MEMORY ? no_memory(all) : JIHE_OK;
}

static jihe_status bind_category(jh_predicates *all, const jh_tree *tree, jh_predicate *out)
{
    const jh_dict_view *dict = &all->slots[out->slot].dict;
    const size_t words = jh_bits_words((size_t)dict->count + 1);
    uint64_t *members = JH_NEW(all->arena, uint64_t, words), *unsure = JH_NEW(all->arena, uint64_t, words);
    jh_rangeset runs = {JH_NEW(all->arena, jh_range, MAX_RUNS), 0};
    jihe_status st;

    if (members == NULL || unsure == NULL || runs.ranges == NULL)
        return no_memory(all);
    if ((st = ask_entries(all, tree, dict, members, unsure)) != JIHE_OK)
        return st;
    if (runs_of(members, dict->count, &runs)) {
        out->kind = JH_PREDICATE_RANGES;
        out->as.ranges = runs;
    } else {
        out->kind = JH_PREDICATE_MEMBER;
        out->as.members = members;
    }
    if (jh_bits_count(unsure, dict->count) > 0)
        out->unsure = unsure;
    return JIHE_OK;
}

/* One column against constants. */
static jihe_status bind_test(jh_predicates *all, const jh_tree *tree, jh_predicate *out)
{
    const jh_column *column = &all->expr->schema->columns[tree->column];
    const jihe_status st = slot_for(all, tree->column, &out->slot);

    out->kind = JH_PREDICATE_NULL;
    if (st != JIHE_OK || tree->kind == JH_TREE_NULL)
        return st;
    if (column->type == JH_CATEGORY)
        return bind_category(all, tree, out);
    if (jh_type_is_text(column->type)) {
        out->kind = JH_PREDICATE_TEXT;
        return jh_text_test_init(&out->as.test, tree, all->arena) ? JIHE_OK : no_memory(all);
    }
    out->kind = JH_PREDICATE_RANGES;
    return jh_rangeset_init(&out->as.ranges, tree, column->type == JH_MONEY ? column->money.scale : 0, all->arena)
               ? JIHE_OK
               : no_memory(all);
}

static jihe_status slots_for(jh_predicates *all, const jh_term *term)
{
    jihe_status st = JIHE_OK;
    uint32_t slot;

    if (term->kind == JH_TERM_COLUMN)
        return slot_for(all, term->column, &slot);
    if (term->left != NULL)
        st = slots_for(all, term->left);
    return st == JIHE_OK && term->right != NULL ? slots_for(all, term->right) : st;
}

static jihe_status bind_value(jh_predicates *all, const jh_term *term, const jh_value **out)
{
    const jihe_status st = slots_for(all, term);

    if (st != JIHE_OK)
        return st;
    return jh_value_bind(out, term, all->expr->facts, all->snapshot, all->slots, all->slot_of, all->arena, all->err);
}

/* A computed value against constants or another one. */
static jihe_status bind_compute(jh_predicates *all, const jh_tree *tree, jh_predicate *out)
{
    jh_compute *compute = &out->as.compute;
    uint32_t scale = tree->term->scale, other;
    jihe_status st = bind_value(all, tree->term, &compute->value);

    out->kind = tree->other_term == NULL ? JH_PREDICATE_VALUE : JH_PREDICATE_VALUES;
    if (st != JIHE_OK)
        return st;
    if (tree->other_term == NULL)
        return jh_rangeset_init(&compute->ranges, tree, scale, all->arena) ? JIHE_OK : no_memory(all);
    other = tree->other_term->scale;
    compute->cmp = tree->cmp;
    compute->times = jh_power_of_ten(other > scale ? other - scale : 0);
    compute->other_times = jh_power_of_ten(scale > other ? scale - other : 0);
    return bind_value(all, tree->other_term, &compute->other);
}

static jihe_status bind_columns(jh_predicates *all, const jh_tree *tree, jh_predicate *out)
{
    const jh_column *columns = all->expr->schema->columns, *left = &columns[tree->column];
    const jh_column *right = &columns[tree->other];
    jh_pair *pair = &out->as.pair;
    jihe_status st;

    out->kind = JH_PREDICATE_PAIR;
    pair->cmp = tree->cmp;
    if ((st = slot_for(all, tree->column, &out->slot)) != JIHE_OK ||
        (st = slot_for(all, tree->other, &pair->other)) != JIHE_OK)
        return st;
    if (left->type == JH_CATEGORY && right->type == JH_CATEGORY) {
        pair->kind = JH_PAIR_RANKS;
        return jh_pair_ranks(pair, &all->slots[out->slot].dict, &all->slots[pair->other].dict, all->arena, all->err);
    }
    if (jh_type_is_text(left->type)) {
        pair->kind = JH_PAIR_TEXTS;
    } else if (left->type == JH_MONEY && left->money.scale != right->money.scale) {
        pair->kind = JH_PAIR_SCALED; /* scales end at 6 */
        pair->times =
            right->money.scale > left->money.scale ? jh_power_of_ten(right->money.scale - left->money.scale) : 1;
        pair->other_times =
            left->money.scale > right->money.scale ? jh_power_of_ten(left->money.scale - right->money.scale) : 1;
    }
    return JIHE_OK;
}

static size_t count_columns(const jh_term *term)
{
    return term == NULL ? 0 : (term->kind == JH_TERM_COLUMN) + count_columns(term->left) + count_columns(term->right);
}

static void list_columns(const jh_predicates *all, const jh_term *term, uint32_t *slots, size_t *count)
{
    if (term == NULL)
        return;
    if (term->kind == JH_TERM_COLUMN)
        slots[(*count)++] = all->slot_of[term->column] - 1u;
    list_columns(all, term->left, slots, count);
    list_columns(all, term->right, slots, count);
}

/* The slots it reads; a column that stands there twice is listed twice. */
static jihe_status list_slots(const jh_predicates *all, const jh_tree *tree, jh_predicate *out)
{
    uint32_t *slots = JH_NEW(all->arena, uint32_t, count_columns(tree->term) + count_columns(tree->other_term) + 2);

    if (slots == NULL)
        return no_memory(all);
    if (tree->term == NULL)
        slots[out->slot_count++] = out->slot;
    if (tree->kind == JH_TREE_COLUMNS)
        slots[out->slot_count++] = out->as.pair.other;
    list_columns(all, tree->term, slots, &out->slot_count);
    list_columns(all, tree->other_term, slots, &out->slot_count);
    out->slots = slots;
    return JIHE_OK;
}

jihe_status jh_predicate_bind(jh_predicates *all, const jh_tree *leaf, jh_predicate *out)
{
    jihe_status st;

    *out = (jh_predicate){0};
    if (leaf->kind == JH_TREE_COLUMNS)
        st = bind_columns(all, leaf, out);
    else if (leaf->term != NULL)
        st = bind_compute(all, leaf, out);
    else
        st = bind_test(all, leaf, out);
    return st == JIHE_OK ? list_slots(all, leaf, out) : st;
}

/* --- cost --- */

/* Ascending; a text has to be unpacked, a pattern may take a hundred thousand steps. */
enum { COST_CODES, COST_PAIR, COST_SUM, COST_CALL, COST_TEXT, COST_PATTERN };

static unsigned term_cost(const jh_schema *schema, const jh_term *term)
{
    unsigned left, right, own = COST_SUM;

    if (term == NULL)
        return COST_CODES;
    if (term->kind == JH_TERM_LENGTH || term->kind == JH_TERM_TENURE)
        return schema->columns[term->left->column].type == JH_CATEGORY ? COST_SUM : COST_TEXT;
    if (term->kind >= JH_TERM_YEAR && term->kind <= JH_TERM_WORKDAY)
        own = COST_CALL;
    left = term_cost(schema, term->left);
    right = term_cost(schema, term->right);
    own = left > own ? left : own;
    return right > own ? right : own;
}

unsigned jh_predicate_cost(const jh_schema *schema, const jh_tree *leaf)
{
    const jh_type type = schema->columns[leaf->column].type;
    unsigned left, right;

    if (leaf->term != NULL) {
        left = term_cost(schema, leaf->term);
        right = term_cost(schema, leaf->other_term);
        return left > right ? left : right;
    }
    if (leaf->kind == JH_TREE_LITERAL || leaf->kind == JH_TREE_NULL)
        return COST_CODES;
    if (leaf->kind == JH_TREE_COLUMNS)
        return type == JH_CATEGORY && schema->columns[leaf->other].type == JH_CATEGORY ? COST_PAIR
               : jh_type_is_text(type)                                                 ? COST_TEXT
                                                                                       : COST_PAIR;
    if (type == JH_CATEGORY || !jh_type_is_text(type))
        return COST_CODES;
    return leaf->kind == JH_TREE_MATCH ? COST_PATTERN : COST_TEXT;
}
