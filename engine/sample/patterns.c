#include "sample/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "sample/chance.h"
#include "sample/keymap.h"

/* One worker's tree of patterns: each node is its parent's set and one stratum more. Node 0 is the empty set, node 1
 * stands for "taken for certain". */
struct node {
    uint32_t parent;
    jh_pattern_stratum added;
    uint64_t documents; /* whose pattern ends here */
    uint32_t pattern;   /* index in the united list, once there is one */
};

struct tree {
    struct node *nodes;
    uint32_t count, room;
    jh_keymap children; /* node * codes + code of the stratum -> node */
    jh_keymap known;    /* all strata of a document as one number -> node */
    jh_chance_reader *readers;
    uint32_t *strata; /* per rule, of the document at hand */
};

enum { NONE = 0, CERTAIN = 1 };

struct counting {
    jh_selection *selection;
    const jh_rule *const *rules;
    uint64_t *first_code; /* per rule: the code of its first stratum; [rule_count]: how many there are */
    bool *takes_all;      /* per rule: every document of its frame is certain */
    bool countable;       /* all strata of a document are one number below 2^63 */
    struct tree *trees;   /* per worker */
    uint32_t *workers;    /* per segment: whose tree the nodes of its selected documents are in */
};

static bool tree_add(struct tree *tree, uint32_t parent, jh_pattern_stratum added)
{
    if (tree->count == tree->room) {
        const uint32_t room = tree->room == 0 ? 64 : tree->room * 2;
        struct node *nodes = realloc(tree->nodes, room * sizeof *nodes);

        if (nodes == NULL)
            return false;
        tree->nodes = nodes;
        tree->room = room;
    }
    tree->nodes[tree->count++] = (struct node){.parent = parent, .added = added};
    return true;
}

/* The child of `node` for one stratum more. UINT32_MAX: no memory. */
static uint32_t child_of(struct tree *tree, uint32_t node, uint64_t code, uint64_t codes, jh_pattern_stratum added)
{
    uint64_t *child = jh_keymap_at(&tree->children, node * codes + code);

    if (child == NULL)
        return UINT32_MAX;
    if (*child == 0) {
        if (!tree_add(tree, node, added))
            return UINT32_MAX;
        *child = tree->count - 1;
    }
    return (uint32_t)*child;
}

/* The strata that may take one document, by rule, UINT32_MAX where none does; as one number, each rule a digit. False:
 * it is taken for certain. */
static bool strata_of(const struct counting *work, const struct tree *tree, uint32_t row, uint32_t *strata,
                      uint64_t *number)
{
    *number = 0;
    for (size_t r = 0; r < work->selection->rule_count; r++) {
        const jh_chance_reader *reader = &tree->readers[r];
        const uint64_t digits = work->first_code[r + 1] - work->first_code[r] + 1;

        strata[r] = UINT32_MAX;
        if ((reader->frame[row / 64] >> (row % 64) & 1) != 0) {
            const uint32_t s = jh_strata_of(&reader->strata, row);
            const jh_stratum *stratum = &reader->made->strata.strata[s];

            if (jh_chance_is_share(reader) ? stratum->quota == stratum->documents : jh_chance_of(reader, row) >= 1.0)
                return false;
            if (stratum->quota > 0)
                strata[r] = s;
        }
        *number = *number * digits + (strata[r] == UINT32_MAX ? 0 : strata[r] + (uint64_t)1);
    }
    return true;
}

/* The node of a set of strata, one by one. UINT32_MAX: no memory. */
static uint32_t node_of(const struct counting *work, struct tree *tree, const uint32_t *strata)
{
    const size_t rules = work->selection->rule_count;
    uint32_t node = NONE;

    for (size_t r = 0; r < rules && node != UINT32_MAX; r++)
        if (strata[r] != UINT32_MAX)
            node = child_of(tree, node, work->first_code[r] + strata[r], work->first_code[rules],
                            (jh_pattern_stratum){.rule = (uint32_t)r, .stratum = strata[r]});
    return node;
}

/* The node of one document's pattern. UINT32_MAX: no memory. `strata` has room for all rules. */
static uint32_t pattern_of(const struct counting *work, struct tree *tree, uint32_t row, uint32_t *strata)
{
    uint64_t number;

    if (!strata_of(work, tree, row, strata, &number))
        return CERTAIN;
    if (!work->countable)
        return node_of(work, tree, strata);
    uint64_t *known = jh_keymap_at(&tree->known, number);

    if (known == NULL)
        return UINT32_MAX;
    if (*known == 0) { /* a node and 1, so that none is 0 */
        const uint32_t node = node_of(work, tree, strata);

        if (node == UINT32_MAX)
            return node;
        *known = node + (uint64_t)1;
    }
    return (uint32_t)(*known - 1);
}

static jihe_status read_segment(const struct counting *work, struct tree *tree, uint64_t segment, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < work->selection->rule_count; r++)
        st = jh_chance_read(&tree->readers[r], work->selection, work->rules[r], r, segment, err);
    return st;
}

static jihe_status count_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct counting *work = context;
    struct tree *tree = &work->trees[worker];
    const jihe_status st = read_segment(work, tree, index, err);

    if (st != JIHE_OK)
        return st;
    const uint64_t word = work->selection->pass.segments[index].word;

    work->workers[index] = worker;
    for (uint32_t w = 0; w * 64 < work->selection->pass.segments[index].rows; w++) {
        jh_selected *selected = work->selection->documents + work->selection->rank[word + w];
        uint64_t any = 0, certain = 0;

        for (size_t r = 0; r < work->selection->rule_count; r++) {
            any |= tree->readers[r].frame[w];
            certain |= work->takes_all[r] ? tree->readers[r].frame[w] : 0;
        }
        for (; any != 0; any &= any - 1) {
            const uint32_t node = (certain & any & -any) != 0
                                      ? CERTAIN
                                      : pattern_of(work, tree, w * 64 + (uint32_t)__builtin_ctzll(any), tree->strata);

            if (node == UINT32_MAX)
                return jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
            tree->nodes[node].documents++;
            if ((work->selection->chosen[word + w] & any & -any) != 0)
                (selected++)->pattern = node; /* until the trees are one */
        }
    }
    return JIHE_OK;
}

/* --- bringing the workers' trees together --- */

struct leaf {
    jh_pattern pattern;
    struct node *node;
};

static int order_patterns(const jh_pattern *x, const jh_pattern *y)
{
    for (size_t i = 0; i < x->count && i < y->count; i++) {
        if (x->strata[i].rule != y->strata[i].rule)
            return x->strata[i].rule < y->strata[i].rule ? -1 : 1;
        if (x->strata[i].stratum != y->strata[i].stratum)
            return x->strata[i].stratum < y->strata[i].stratum ? -1 : 1;
    }
    return (x->count > y->count) - (x->count < y->count);
}

static int order_leaves(const void *a, const void *b)
{
    return order_patterns(&((const struct leaf *)a)->pattern, &((const struct leaf *)b)->pattern);
}

/* The set that a node stands for, first rule first. */
static bool spell(struct leaf *leaf, const struct tree *tree, struct node *node, jh_arena *arena)
{
    size_t count = 0;

    *leaf = (struct leaf){.node = node, .pattern.documents = node->documents};
    if (node == &tree->nodes[CERTAIN])
        return true;
    for (const struct node *at = node; at != &tree->nodes[NONE]; at = &tree->nodes[at->parent])
        count++;
    jh_pattern_stratum *strata = JH_NEW(arena, jh_pattern_stratum, count + 1);

    leaf->pattern.strata = strata;
    leaf->pattern.count = count;
    for (const struct node *at = node; strata != NULL && at != &tree->nodes[NONE]; at = &tree->nodes[at->parent])
        strata[--count] = at->added;
    return strata != NULL;
}

static jihe_status unite(struct counting *work, uint32_t threads, jihe_error *err)
{
    jh_patterns *out = &work->selection->patterns;
    size_t count = 0, total = 0;
    bool ok = true;

    for (uint32_t t = 0; t < threads; t++)
        total += work->trees[t].count;
    struct leaf *leaves = calloc(total + 1, sizeof *leaves);

    out->patterns = JH_NEW(&work->selection->arena, jh_pattern, total + 1);
    ok = leaves != NULL && out->patterns != NULL;
    for (uint32_t t = 0; ok && t < threads; t++)
        for (uint32_t n = CERTAIN; ok && n < work->trees[t].count; n++)
            if (work->trees[t].nodes[n].documents > 0)
                ok = spell(&leaves[count++], &work->trees[t], &work->trees[t].nodes[n], &work->selection->arena);
    if (ok && count > 0)
        qsort(leaves, count, sizeof *leaves, order_leaves);
    for (size_t i = 0; ok && i < count; i++) {
        if (i == 0 || order_leaves(&leaves[i - 1], &leaves[i]) != 0)
            out->patterns[out->count++] =
                (jh_pattern){.strata = leaves[i].pattern.strata, .count = leaves[i].pattern.count};
        out->patterns[out->count - 1].documents += leaves[i].pattern.documents;
        leaves[i].node->pattern = (uint32_t)out->count - 1;
    }
    free(leaves);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
}

/* The selected documents' patterns: so far they name nodes of their worker's tree. */
static void assign(struct counting *work)
{
    for (size_t i = 0; i < work->selection->document_count; i++) {
        jh_selected *document = &work->selection->documents[i];

        document->pattern = work->trees[work->workers[document->segment]].nodes[document->pattern].pattern;
    }
}

static bool plant(struct tree *tree, size_t rules)
{
    tree->readers = calloc(rules + 1, sizeof *tree->readers);
    tree->strata = calloc(rules + 1, sizeof *tree->strata);
    return tree->readers != NULL && tree->strata != NULL && tree_add(tree, 0, (jh_pattern_stratum){0}) &&
           tree_add(tree, 0, (jh_pattern_stratum){0});
}

static jihe_status count_all(struct counting *work, uint32_t threads, jihe_error *err)
{
    const size_t rules = work->selection->rule_count;
    jh_u128 numbers = 1;
    jihe_status st = JIHE_OK;

    work->countable = true;
    work->first_code = calloc(rules + 1, sizeof *work->first_code);
    work->trees = calloc(threads, sizeof *work->trees);
    work->workers = calloc(work->selection->pass.segment_count + 1, sizeof *work->workers);
    work->takes_all = calloc(rules + 1, sizeof *work->takes_all);
    if (work->first_code == NULL || work->trees == NULL || work->workers == NULL || work->takes_all == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
    for (size_t r = 0; r < rules; r++) {
        const jh_rule_selection *made = &work->selection->rules[r];

        work->first_code[r + 1] = work->first_code[r] + made->strata.count;
        work->takes_all[r] = jh_strata_take_all(&made->strata, &work->rules[r]->draw);
        numbers *= made->strata.count + (jh_u128)1;
        work->countable = work->countable && (numbers >> 63) == 0;
    }
    for (uint32_t t = 0; st == JIHE_OK && t < threads; t++)
        if (!plant(&work->trees[t], rules))
            st = jh_fail(err, JIHE_NO_MEMORY, "counting eligibility patterns");
    if (st == JIHE_OK)
        st = jh_parallel(threads, work->selection->pass.segment_count, count_segment, work, err);
    if (st == JIHE_OK && (st = unite(work, threads, err)) == JIHE_OK)
        assign(work);
    return st;
}

jihe_status jh_patterns_count(jh_selection *selection, const jh_rule *const *rules, uint32_t threads, jihe_error *err)
{
    struct counting work = {.selection = selection, .rules = rules};
    const jihe_status st = count_all(&work, threads, err);

    for (uint32_t t = 0; work.trees != NULL && t < threads; t++) {
        jh_keymap_deinit(&work.trees[t].children);
        free(work.trees[t].nodes);
        jh_keymap_deinit(&work.trees[t].known);
        free(work.trees[t].readers);
        free(work.trees[t].strata);
    }
    free(work.trees);
    free(work.first_code);
    free(work.workers);
    free(work.takes_all);
    return st;
}
