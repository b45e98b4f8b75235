#include "config/yaml_int.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* The tree is built from libfyaml's events, not from its documents: depth, aliases and absent values are then seen
 * before anything is built on them. Finished nodes wait in `pending` until the list or map around them ends. */

typedef struct open_node {
    jh_node node;  /* kind and position; items still missing */
    size_t  first; /* its first child in `pending`; keys and values alternate in a map */
} open_node;

typedef struct tree {
    jh_yaml    *yaml;
    const char *text;
    size_t      len;
    jihe_error *err;
    jh_buf      pending; /* of jh_node */
    open_node   open[JH_YAML_MAX_DEPTH];
    size_t      depth;
    size_t      documents;
    uint32_t    line, column; /* end of the last thing that has a position: where an absent value stands */
} tree;

static jh_node *pending_nodes(const tree *t)
{
    return (jh_node *)(void *)t->pending.bytes;
}

static size_t pending_count(const tree *t)
{
    return t->pending.len / sizeof(jh_node);
}

static jihe_status no_memory(tree *t)
{
    return jh_fail(t->err, JIHE_NO_MEMORY, "no memory to read '%s'", t->yaml->source);
}

static jihe_status refuse(tree *t, const jh_node *node, const char *what)
{
    return jh_fail_at(t->err, JIHE_CONFIG, t->yaml->source, node->line, node->column, "%s", what);
}

/* Marks count from 0; implicit tokens have none. */
static void place(jh_node *node, const tree *t, const struct fy_mark *mark)
{
    node->line = mark != NULL && mark->line >= 0 ? (uint32_t)mark->line + 1 : t->line;
    node->column = mark != NULL && mark->column >= 0 ? (uint32_t)mark->column + 1 : t->column;
}

static bool in_map(const tree *t)
{
    return t->depth != 0 && t->open[t->depth - 1].node.kind == JH_NODE_MAP;
}

static bool awaits_key(const tree *t)
{
    return in_map(t) && (pending_count(t) - t->open[t->depth - 1].first) % 2 == 0;
}

static jihe_status finish(tree *t, const jh_node *node)
{
    if (t->depth == 0) {
        jh_node *root = JH_NEW(&t->yaml->arena, jh_node, 1);
        if (root == NULL)
            return no_memory(t);
        *root = *node;
        t->yaml->root = root;
        return JIHE_OK;
    }
    jh_buf_put(&t->pending, node, sizeof *node);
    return t->pending.failed ? no_memory(t) : JIHE_OK;
}

static jihe_status open_container(tree *t, struct fy_event *event, jh_node_kind kind)
{
    open_node inner = {.node = {.kind = kind}, .first = pending_count(t)};

    place(&inner.node, t, fy_event_start_mark(event));
    if (awaits_key(t))
        return refuse(t, &inner.node, "found a list or a map as a key; a key is plain text");
    if (t->depth == JH_YAML_MAX_DEPTH)
        return refuse(t, &inner.node, "lists and maps are nested more than 32 deep");
    t->open[t->depth++] = inner;
    return JIHE_OK;
}

static int by_text_then_place(const void *left, const void *right)
{
    const jh_node *a = *(const jh_node *const *)left, *b = *(const jh_node *const *)right;
    const int order = jh_text_compare(a->text, a->len, b->text, b->len);

    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static jihe_status refuse_duplicate_keys(tree *t, const jh_node *map)
{
    const jh_node **order = JH_NEW(&t->yaml->arena, const jh_node *, map->count);
    const jh_node *again = NULL, *before = NULL;
    char shown[64];

    if (order == NULL)
        return no_memory(t);
    for (size_t i = 0; i < map->count; i++)
        order[i] = &map->keys[i];
    qsort(order, map->count, sizeof *order, by_text_then_place);
    for (size_t i = 1; i < map->count; i++) {
        const bool same = jh_text_compare(order[i - 1]->text, order[i - 1]->len, order[i]->text, order[i]->len) == 0;
        if (same && (again == NULL || order[i] < again)) {
            again = order[i];
            before = order[i - 1];
        }
    }
    if (again == NULL)
        return JIHE_OK;
    return jh_fail_at(t->err, JIHE_CONFIG, t->yaml->source, again->line, again->column,
                      "key '%s' is already given in line %u, column %u; keep one of them",
                      jh_text_quote(again->text, again->len, shown, sizeof shown), before->line, before->column);
}

/* The innermost container takes its children out of `pending` and becomes a child itself. */
static jihe_status close_container(tree *t)
{
    const open_node *inner = &t->open[--t->depth];
    const jh_node *pending = pending_nodes(t); /* NULL when there has been no child at all */
    const size_t step = inner->node.kind == JH_NODE_MAP ? 2 : 1;
    const size_t count = (pending_count(t) - inner->first) / step;
    jh_node *items = JH_NEW(&t->yaml->arena, jh_node, count);
    jh_node *keys = step == 2 ? JH_NEW(&t->yaml->arena, jh_node, count) : NULL;
    jh_node node = inner->node;
    jihe_status status;

    if (items == NULL || (step == 2 && keys == NULL))
        return no_memory(t);
    for (size_t i = 0; i < count; i++) {
        const jh_node *child = &pending[inner->first + i * step];

        if (keys != NULL)
            keys[i] = child[0];
        items[i] = child[step - 1];
    }
    node.items = items;
    node.keys = keys;
    node.count = count;
    t->pending.len = inner->first * sizeof(jh_node);
    if (keys != NULL && (status = refuse_duplicate_keys(t, &node)) != JIHE_OK)
        return status;
    return finish(t, &node);
}

/* libfyaml points a block scalar at column 1 of its first line: move on to the first character of the content. */
static void skip_indentation(const tree *t, jh_node *node, const struct fy_mark *mark)
{
    size_t spaces = 0, kept = 0;

    while (mark->input_pos + spaces < t->len && t->text[mark->input_pos + spaces] == ' ')
        spaces++;
    while (kept < node->len && node->text[kept] == ' ')
        kept++;
    node->column += (uint32_t)(spaces - (kept < spaces ? kept : spaces));
}

static bool find_breaks(const tree *t, enum fy_scalar_style style, const struct fy_mark *mark, jh_node *node)
{
    const bool block = style == FYSS_LITERAL || style == FYSS_FOLDED;
    const char quote = style == FYSS_SINGLE_QUOTED ? '\'' : style == FYSS_DOUBLE_QUOTED ? '"' : '\0';
    size_t from = mark == NULL ? t->len : mark->input_pos;

    if (from >= t->len)
        return true;
    if (quote != '\0' && t->text[from] == quote)
        from++;
    while (block && from < t->len && t->text[from] == ' ' && node->text[0] != ' ')
        from++;
    return jh_yaml_breaks(&t->yaml->arena, t->text, t->len, from, quote, node);
}

static jihe_status scalar_content(tree *t, struct fy_token *token, jh_node *node)
{
    const enum fy_scalar_style style = fy_token_scalar_style(token);
    size_t len = 0;
    const char *text = fy_token_get_text(token, &len);

    if (text == NULL)
        return no_memory(t);
    if (jh_text_utf8_valid(text, len) != len || memchr(text, '\0', len) != NULL)
        return refuse(t, node, "the text has an escape that is not a character; remove it");
    node->quoted = style != FYSS_PLAIN;
    node->text = jh_arena_text(&t->yaml->arena, text, len);
    node->len = len;
    if (node->text == NULL)
        return no_memory(t);
    if (style == FYSS_LITERAL || style == FYSS_FOLDED)
        skip_indentation(t, node, fy_token_start_mark(token));
    return find_breaks(t, style, fy_token_start_mark(token), node) ? JIHE_OK : no_memory(t);
}

static jihe_status refuse_key(tree *t, const jh_node *node, struct fy_token *token)
{
    const enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;

    if (style == FYSS_LITERAL || style == FYSS_FOLDED)
        return refuse(t, node, "found a block of text as a key; a key is plain text on one line");
    if (node->len == 0)
        return refuse(t, node, "found an empty key; expected a name before ':'");
    if (!node->quoted && strcmp(node->text, "<<") == 0)
        return refuse(t, node, "merge keys ('<<') are not used here; write the keys out");
    return JIHE_OK;
}

static jihe_status add_scalar(tree *t, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    jh_node node = {.kind = JH_NODE_SCALAR, .text = ""};
    const bool is_key = awaits_key(t);
    jihe_status status;

    place(&node, t, fy_event_start_mark(event));
    if (token == NULL && in_map(t) && !is_key) { /* "key:" with nothing behind it stands where its key does */
        node.line = pending_nodes(t)[pending_count(t) - 1].line;
        node.column = pending_nodes(t)[pending_count(t) - 1].column;
    }
    if (token != NULL && (status = scalar_content(t, token, &node)) != JIHE_OK)
        return status;
    if (is_key && (status = refuse_key(t, &node, token)) != JIHE_OK)
        return status;
    return finish(t, &node);
}

static jihe_status refuse_marked(tree *t, struct fy_token *token, const char *what)
{
    jh_node node = {0};

    place(&node, t, fy_token_start_mark(token));
    return refuse(t, &node, what);
}

/* The mark of an anchor or alias is behind its '&' or '*'. */
static jihe_status refuse_name(tree *t, struct fy_token *token, const char *what)
{
    jh_node node = {0};

    place(&node, t, fy_token_start_mark(token));
    node.column -= node.column > 1;
    return refuse(t, &node, what);
}

static jihe_status start_document(tree *t, struct fy_event *event)
{
    if (t->documents++ == 0)
        return JIHE_OK;
    return refuse_marked(t, event->document_start.document_start,
                         "found a second YAML document; one file holds one document");
}

static jihe_status take_event(tree *t, struct fy_event *event)
{
    struct fy_token *anchor = fy_event_get_anchor_token(event), *tag = fy_event_get_tag_token(event);

    if (event->type == FYET_ALIAS)
        return refuse_name(t, event->alias.anchor, "aliases ('*name') are not used here; write the value out");
    if (anchor != NULL)
        return refuse_name(t, anchor, "anchors ('&name') are not used here; quote the text if it begins with '&'");
    if (tag != NULL)
        return refuse_marked(t, tag, "tags ('!name') are not used here; quote the text if it begins with '!'");
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return start_document(t, event);
    case FYET_MAPPING_START:
        return open_container(t, event, JH_NODE_MAP);
    case FYET_SEQUENCE_START:
        return open_container(t, event, JH_NODE_LIST);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_container(t);
    case FYET_SCALAR:
        return add_scalar(t, event);
    default:
        return JIHE_OK;
    }
}

/* What libfyaml had to say first. */
static jihe_status syntax_error(tree *t, struct fy_diag *diag)
{
    const struct fy_diag_error *found = NULL;
    void *at = NULL;

    do
        found = fy_diag_errors_iterate(diag, &at);
    while (found != NULL && found->type != FYET_ERROR);
    if (found == NULL)
        return jh_fail_at(t->err, JIHE_CONFIG, t->yaml->source, t->line, t->column, "not valid YAML");
    return jh_fail_at(t->err, JIHE_CONFIG, t->yaml->source, found->line > 0 ? (uint32_t)found->line : 0,
                      found->column > 0 ? (uint32_t)found->column : 0, "not valid YAML: %s", found->msg);
}

static jihe_status take_events(tree *t, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    jihe_status status = JIHE_OK;

    /* Without memory libfyaml makes empty tokens, or stops and names no error: errno is the only trace. */
    errno = 0;
    while (status == JIHE_OK && (event = fy_parser_parse(parser)) != NULL) {
        const bool last = event->type == FYET_STREAM_END;
        const struct fy_mark *end = fy_event_end_mark(event);

        status = take_event(t, event);
        if (errno == ENOMEM)
            status = no_memory(t);
        if (end != NULL && end->line >= 0 && end->column >= 0) {
            t->line = (uint32_t)end->line + 1;
            t->column = (uint32_t)end->column + 1;
        }
        fy_parser_event_free(parser, event);
        if (last)
            return status;
    }
    if (status == JIHE_OK)
        status = errno == ENOMEM ? no_memory(t) : syntax_error(t, diag);
    return status;
}

static struct fy_diag *silent_diag(void)
{
    struct fy_diag_cfg cfg;
    struct fy_diag *diag;

    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;
    cfg.colorize = false;
    diag = fy_diag_create(&cfg);
    if (diag != NULL)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

jihe_status jh_yaml_tree(jh_yaml *yaml, const char *text, size_t len, jihe_error *err)
{
    static const jh_node empty = {.kind = JH_NODE_SCALAR, .line = 1, .column = 1, .text = ""};
    tree t = {.yaml = yaml, .text = text, .len = len, .err = err, .line = 1, .column = 1};
    struct fy_diag *diag = silent_diag();
    const struct fy_parse_cfg cfg = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE, .diag = diag};
    struct fy_parser *parser = diag != NULL ? fy_parser_create(&cfg) : NULL;
    jihe_status status;

    yaml->root = &empty; /* a file of comments only has no document */
    /* fy_parser_set_string dies where it finds no memory (libfyaml 0.7.12). */
    if (parser == NULL || !jh_memory_reserve() || fy_parser_set_string(parser, text, len) != 0)
        status = no_memory(&t);
    else
        status = take_events(&t, parser, diag);
    jh_buf_deinit(&t.pending);
    if (parser != NULL)
        fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return status;
}
