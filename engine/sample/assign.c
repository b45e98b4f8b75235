#include "sample/assign.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/pcg.h"
#include "base/text.h"
#include "sample/keymap.h"

static const uint32_t NOBODY = JH_ASSIGN_NOBODY;
static const uint32_t NONE = UINT32_MAX; /* no document */

struct desk { /* of one inspector */
    uint64_t load;
    uint32_t first; /* head of the list of documents to inspect first, NONE at its end */
    uint32_t via;   /* in a search: the document that would come here */
    bool seen;      /* in a search */
    bool closed;    /* full, and no exchange can make room any more */
};

struct work {
    const jh_assign_input *in;
    jh_assigned *out;
    struct desk *desks;
    uint32_t *order;           /* documents in the order they are taken */
    uint32_t *next, *previous; /* per document: its inspector's list */
    uint32_t *queue, *unseen;  /* of a search */
    uint32_t unseen_count;
    jh_keymap pairs; /* documents of a person with an inspector */
    uint64_t room;   /* for first inspections, of all desks together */
};

/* --- order --- */

static int order_equals(const jh_assign_document *x, const jh_assign_document *y)
{
    const int order = jh_text_compare(x->id, x->id_len, y->id, y->id_len);

    return order != 0 ? order : (x->part > y->part) - (x->part < y->part);
}

static int order_first(const void *a, const void *b, void *context)
{
    const jh_assign_document *documents = context;
    const jh_assign_document *x = &documents[*(const uint32_t *)a], *y = &documents[*(const uint32_t *)b];

    if (x->certain != y->certain)
        return x->certain ? -1 : 1;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : order_equals(x, y);
}

static int order_second(const void *a, const void *b, void *context)
{
    const jh_assign_document *documents = context;
    const jh_assign_document *x = &documents[*(const uint32_t *)a], *y = &documents[*(const uint32_t *)b];

    return x->second != y->second ? (x->second < y->second ? -1 : 1) : order_equals(x, y);
}

/* --- whom a document may go to --- */

static bool is_allowed(const struct work *work, const jh_assign_document *document, uint32_t inspector)
{
    for (uint32_t p = 0; p < document->person_count; p++)
        if (work->in->persons[document->persons + p] == work->in->inspectors[inspector].person)
            return false;
    return true;
}

static bool is_full(const struct work *work, uint32_t inspector)
{
    return work->desks[inspector].load >= work->in->inspectors[inspector].capacity;
}

static uint64_t pair_key(uint64_t person, uint32_t inspector)
{
    return jh_pcg_draw(person, inspector) >> 1; /* never the map's reserved key; a mix-up would only touch a tie */
}

/* Of the document's persons, how many documents the inspector has. */
static uint64_t familiarity(const struct work *work, const jh_assign_document *document, uint32_t inspector)
{
    uint64_t sum = 0;

    for (uint32_t p = 0; p < document->person_count; p++) {
        const uint64_t *count =
            jh_keymap_find(&work->pairs, pair_key(work->in->persons[document->persons + p], inspector));

        sum += count == NULL ? 0 : *count;
    }
    return sum;
}

/* Does inspector a come before b, both being allowed and having room? */
static bool is_better(const struct work *work, const jh_assign_document *document, uint32_t a, uint32_t b)
{
    const jh_assign_inspector *x = &work->in->inspectors[a], *y = &work->in->inspectors[b];
    const uint64_t share_a = (work->desks[a].load + 1) * y->capacity; /* below 2^64: both are below 2^32 */
    const uint64_t share_b = (work->desks[b].load + 1) * x->capacity;

    if (share_a != share_b)
        return share_a < share_b;
    const uint64_t known_a = familiarity(work, document, a), known_b = familiarity(work, document, b);

    if (known_a != known_b)
        return known_a < known_b;
    const uint64_t turn_a = jh_pcg_draw(document->first, x->person), turn_b = jh_pcg_draw(document->first, y->person);

    return turn_a != turn_b ? turn_a < turn_b : x->person < y->person;
}

/* NOBODY: all who are allowed are full. `but` is not asked; *allowed: how many others are allowed, full or not. */
static uint32_t choose(const struct work *work, const jh_assign_document *document, uint32_t but, uint32_t *allowed)
{
    uint32_t best = NOBODY;

    *allowed = 0;
    for (uint32_t i = 0; i < work->in->inspector_count; i++) {
        if (i == but || work->in->inspectors[i].capacity == 0 || !is_allowed(work, document, i))
            continue;
        ++*allowed;
        if (!is_full(work, i) && (best == NOBODY || is_better(work, document, i, best)))
            best = i;
    }
    return best;
}

/* --- desks --- */

/* One more or one less of the document's persons with the inspector. False: no memory. */
static bool count_pairs(struct work *work, const jh_assign_document *document, uint32_t inspector, bool more)
{
    for (uint32_t p = 0; p < document->person_count; p++) {
        uint64_t *count = jh_keymap_at(&work->pairs, pair_key(work->in->persons[document->persons + p], inspector));

        if (count == NULL)
            return false;
        *count += more ? 1 : *count > 0 ? UINT64_MAX : 0;
    }
    return true;
}

static bool put(struct work *work, uint32_t d, uint32_t inspector)
{
    struct desk *desk = &work->desks[inspector];

    work->out[d] = (jh_assigned){.inspectors = {inspector, NOBODY}, .why = JH_ASSIGNED};
    work->next[d] = desk->first;
    work->previous[d] = NONE;
    if (desk->first != NONE)
        work->previous[desk->first] = d;
    desk->first = d;
    desk->load++;
    return count_pairs(work, &work->in->documents[d], inspector, true);
}

static bool take_away(struct work *work, uint32_t d)
{
    const uint32_t inspector = work->out[d].inspectors[0];
    struct desk *desk = &work->desks[inspector];

    if (work->previous[d] == NONE)
        desk->first = work->next[d];
    else
        work->next[work->previous[d]] = work->next[d];
    if (work->next[d] != NONE)
        work->previous[work->next[d]] = work->previous[d];
    desk->load--;
    return count_pairs(work, &work->in->documents[d], inspector, false);
}

/* --- exchanges --- */

/* Notes all unseen desks that document d may go to. Returns one of them that has room, or NOBODY. */
static uint32_t spread(struct work *work, uint32_t d, uint32_t *tail)
{
    uint32_t kept = 0, found = NOBODY;

    for (uint32_t u = 0; u < work->unseen_count; u++) {
        const uint32_t inspector = work->unseen[u];

        if (found != NOBODY || !is_allowed(work, &work->in->documents[d], inspector)) {
            work->unseen[kept++] = inspector;
            continue;
        }
        work->desks[inspector].seen = true;
        work->desks[inspector].via = d;
        work->queue[(*tail)++] = inspector;
        if (!is_full(work, inspector))
            found = inspector;
    }
    work->unseen_count = kept;
    return found;
}

/* Desks in order of their persons' numbers, so that a search does not depend on the order they were given in. */
static int order_desks(const void *a, const void *b, void *context)
{
    const jh_assign_inspector *inspectors = context;
    const uint64_t x = inspectors[*(const uint32_t *)a].person, y = inspectors[*(const uint32_t *)b].person;

    return (x > y) - (x < y);
}

/* Looks for a chain of documents that change desks, at whose end there is room. Returns that end, or NOBODY; then all
 * desks that were reached are closed for good: they are full, and so is every desk their documents could move to. */
static uint32_t search(struct work *work, uint32_t d)
{
    uint32_t head = 0, tail = 0;

    work->unseen_count = 0;
    for (uint32_t i = 0; i < work->in->inspector_count; i++) {
        work->desks[i].seen = false;
        if (!work->desks[i].closed && work->in->inspectors[i].capacity > 0)
            work->unseen[work->unseen_count++] = i;
    }
    qsort_r(work->unseen, work->unseen_count, sizeof *work->unseen, order_desks, (void *)work->in->inspectors);
    uint32_t end = spread(work, d, &tail);

    while (end == NOBODY && head < tail) {
        const struct desk *desk = &work->desks[work->queue[head++]];

        for (uint32_t other = desk->first; other != NONE && end == NOBODY && work->unseen_count > 0;
             other = work->next[other])
            end = spread(work, other, &tail);
    }
    for (uint32_t i = 0; end == NOBODY && i < tail; i++)
        work->desks[work->queue[i]].closed = true;
    return end;
}

/* Moves the documents of a chain one desk on; the last of them is d itself. */
static bool exchange(struct work *work, uint32_t d, uint32_t end)
{
    for (;;) {
        const uint32_t moved = work->desks[end].via;
        const uint32_t from = moved == d ? NOBODY : work->out[moved].inspectors[0];

        if ((from != NOBODY && !take_away(work, moved)) || !put(work, moved, end))
            return false;
        if (from == NOBODY)
            return true;
        end = from;
    }
}

/* --- the two rounds --- */

/* Of all capacity, as much as leaves room for the second inspections of what is assigned: the largest A with
 * A + ceil(A x ppm / 10^6) not above it. */
static uint64_t room_for_first(const jh_assign_input *in)
{
    jh_u128 all = 0;

    for (uint32_t i = 0; i < in->inspector_count; i++)
        all += in->inspectors[i].capacity;
    const jh_u128 room = all * 1000000 / (1000000 + in->second_ppm);

    return room < UINT64_MAX ? (uint64_t)room : UINT64_MAX;
}

static bool assign_first(struct work *work)
{
    const jh_assign_input *in = work->in;
    bool ok = true;

    for (size_t k = 0; ok && k < in->document_count; k++) {
        const uint32_t d = work->order[k];
        uint32_t allowed;
        const uint32_t inspector = choose(work, &in->documents[d], NOBODY, &allowed);
        const uint32_t end = work->room > 0 && inspector == NOBODY && allowed > 0 ? search(work, d) : NOBODY;

        work->out[d] = (jh_assigned){.inspectors = {NOBODY, NOBODY},
                                     .why = allowed == 0 ? JH_ASSIGN_NOBODY_ALLOWED : JH_ASSIGN_NO_CAPACITY};
        if (work->room == 0 || (inspector == NOBODY && end == NOBODY))
            continue;
        ok = inspector != NOBODY ? put(work, d, inspector) : exchange(work, d, end);
        work->room--;
    }
    return ok;
}

static bool assign_second(struct work *work, uint64_t *wanted)
{
    const jh_assign_input *in = work->in;
    uint32_t count = 0;
    uint64_t made = 0;
    bool ok = true;

    for (uint32_t d = 0; d < in->document_count; d++)
        if (work->out[d].why == JH_ASSIGNED)
            work->order[count++] = d;
    *wanted = ((uint64_t)count * in->second_ppm + 999999) / 1000000;
    if (*wanted > 0)
        qsort_r(work->order, count, sizeof *work->order, order_second, (void *)in->documents);
    for (uint32_t k = 0; ok && k < count && made < *wanted; k++) {
        const uint32_t d = work->order[k];
        uint32_t allowed;
        const uint32_t inspector = choose(work, &in->documents[d], work->out[d].inspectors[0], &allowed);

        if (inspector == NOBODY)
            continue;
        work->out[d].inspectors[1] = inspector;
        work->desks[inspector].load++;
        ok = count_pairs(work, &in->documents[d], inspector, true);
        made++;
    }
    return ok;
}

static bool work_init(struct work *work, const jh_assign_input *in, jh_assigned *out)
{
    const size_t documents = in->document_count + 1, inspectors = (size_t)in->inspector_count + 1;

    *work = (struct work){.in = in, .out = out, .room = room_for_first(in)};
    work->desks = calloc(inspectors, sizeof *work->desks);
    work->queue = calloc(inspectors, sizeof *work->queue);
    work->unseen = calloc(inspectors, sizeof *work->unseen);
    work->order = calloc(documents, sizeof *work->order);
    work->next = calloc(documents, sizeof *work->next);
    work->previous = calloc(documents, sizeof *work->previous);
    if (work->desks == NULL || work->queue == NULL || work->unseen == NULL || work->order == NULL ||
        work->next == NULL || work->previous == NULL)
        return false;
    for (uint32_t i = 0; i < in->inspector_count; i++)
        work->desks[i].first = NONE;
    for (uint32_t d = 0; d < in->document_count; d++)
        work->order[d] = d;
    return true;
}

static void work_deinit(struct work *work)
{
    jh_keymap_deinit(&work->pairs);
    free(work->desks);
    free(work->queue);
    free(work->unseen);
    free(work->order);
    free(work->next);
    free(work->previous);
}

jihe_status jh_assign(jh_assigned *out, uint64_t *second_wanted, const jh_assign_input *input, jihe_error *err)
{
    struct work work;
    bool ok = work_init(&work, input, out);

    *second_wanted = 0;
    if (ok) {
        qsort_r(work.order, input->document_count, sizeof *work.order, order_first, (void *)input->documents);
        ok = assign_first(&work) && assign_second(&work, second_wanted);
    }
    work_deinit(&work);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "assigning a work list");
}
