#include <stdlib.h>
#include <string.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "jihe/run.h"

/* What the flags of a run found: as it was kept, or, of runs recorded before that was so, found again. */

struct list {
    jh_recorded recorded;
    jh_run_flags flags;
    jh_evaluation again;        /* of a run that kept none */
    size_t rule, group, member; /* the next row */
    char figures[JH_FLAG_FIGURES][32], date[16];
};

static void list_free(void *self)
{
    struct list *list = self;

    jh_evaluation_deinit(&list->again);
    jh_run_flags_deinit(&list->flags);
    jh_recorded_deinit(&list->recorded);
    free(list);
}

static const char *verdict_text(jh_flag_verdict verdict)
{
    static const char *const texts[] = {"normal", "flagged", "not tested"};

    return texts[verdict];
}

static jh_out_cell text_or_none(const char *text)
{
    return text == NULL || text[0] == '\0' ? jh_cell_none() : jh_cell_text(text);
}

static jihe_status next_group(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct list *list = self;

    (void)err;
    for (; list->rule < list->flags.rule_count; list->rule++, list->group = 0) {
        const jh_rule *rule = &list->recorded.run->rules[list->rule];

        if (list->group == list->flags.rules[list->rule].count)
            continue;
        const jh_flag_group *group = &list->flags.rules[list->rule].groups[list->group++];

        *cells++ = jh_cell_text(rule->id);
        *cells++ = jh_cell_text(jh_flag_kind_name(&rule->flag));
        *cells++ = jh_cell_str(group->label, group->label_len);
        *cells++ = jh_cell_text(verdict_text(group->verdict));
        *cells++ = text_or_none(group->reason);
        *cells++ = jh_cell_uint(group->documents);
        for (int f = 0; f < JH_FLAG_FIGURES; f++) {
            jh_flag_figure_text(group->figures[f], list->figures[f]);
            *cells++ = list->figures[f][0] == '\0' ? jh_cell_none() : jh_cell_number(list->figures[f]);
        }
        *cells = text_or_none(group->note);
        return JIHE_OK;
    }
    return JIHE_NOT_FOUND;
}

static jihe_status next_member(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct list *list = self;

    (void)err;
    for (; list->rule < list->flags.rule_count; list->rule++, list->group = 0)
        for (; list->group < list->flags.rules[list->rule].count; list->group++, list->member = 0) {
            const jh_flag_group *group = &list->flags.rules[list->rule].groups[list->group];

            if (list->member == group->member_count)
                continue;
            const jh_flag_member *member = &group->members[list->member++];

            jh_days_text(member->date, list->date);
            cells[0] = jh_cell_text(list->recorded.run->rules[list->rule].id);
            cells[1] = jh_cell_str(group->label, group->label_len);
            cells[2] = jh_cell_text(list->date);
            cells[3] = jh_cell_str(member->id, member->id_len);
            return JIHE_OK;
        }
    return JIHE_NOT_FOUND;
}

/* A run that kept nothing: its snapshots, history and roster give the same again. */
static jihe_status find_again(struct list *list, const jihe_workspace *workspace, jihe_error *err)
{
    jh_recorded *recorded = &list->recorded;
    jh_run again;
    const jihe_status st =
        jh_reevaluate(&list->again, &again, recorded->run, workspace, recorded->ledger, &recorded->arena, err);

    if (st != JIHE_OK)
        return st;
    list->flags.rule_count = again.rule_count;
    list->flags.rules = JH_NEW(&recorded->arena, jh_rule_flags, again.rule_count + 1);
    if (list->flags.rules == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the flags of run %s", again.id);
    for (size_t r = 0; r < again.rule_count; r++) {
        const jh_flag_result *flag = &list->again.selection.rules[r].flag;

        list->flags.rules[r] = (jh_rule_flags){.groups = flag->groups, .count = flag->count};
    }
    return JIHE_OK;
}

static bool has_flags(const jh_run *run)
{
    for (size_t r = 0; r < run->rule_count; r++)
        if (run->rules[r].flag.kind != NULL)
            return true;
    return false;
}

static int order_groups(const void *a, const void *b)
{
    const jh_flag_group *x = a, *y = b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

/* Groups of documents are recorded in the order of these, and listed in that of their labels. */
static void sort_groups(jh_run_flags *flags)
{
    for (size_t r = 0; r < flags->rule_count; r++)
        if (flags->rules[r].count > 0 && flags->rules[r].groups[0].member_count > 0)
            qsort(flags->rules[r].groups, flags->rules[r].count, sizeof *flags->rules[r].groups, order_groups);
}

static jihe_status open_flags(struct list *list, const jihe_workspace *workspace, const char *name, jihe_error *err)
{
    jihe_status st = jh_recorded_find(&list->recorded, workspace, name, false, err);

    if (st != JIHE_OK || !has_flags(list->recorded.run))
        return st;
    st = list->recorded.run->keeps_flags
             ? jh_run_flags_load(&list->flags, list->recorded.ledger, list->recorded.run, SIZE_MAX, err)
             : find_again(list, workspace, err);
    if (st == JIHE_OK)
        sort_groups(&list->flags);
    return st;
}

static jihe_status open_list(jihe_rows **out, const jihe_workspace *workspace, const char *name, const jh_rows_ops *ops,
                             const jh_out_column *columns, size_t count, jihe_error *err)
{
    struct list *list = calloc(1, sizeof *list);
    jh_rows *rows;
    jihe_status st;

    *out = NULL;
    if (list == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the flags of a run");
    if ((st = open_flags(list, workspace, name, err)) != JIHE_OK) {
        list_free(list);
        return st;
    }
    if ((st = jh_rows_new(&rows, columns, count, ops, list, err)) != JIHE_OK)
        return st;
    return jh_rows_publish(out, rows, err);
}

jihe_status jihe_flags(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = next_group, .free = list_free};
    static const jh_out_column columns[] = {{"rule", "规则"},     {"kind", "类别"},          {"group", "对象"},
                                            {"verdict", "判定"},  {"reason", "原因"},        {"documents", "单据"},
                                            {"baseline", "基期"}, {"expected", "预期"},      {"observed", "实际"},
                                            {"ratio", "倍数"},    {"ratio_low", "下限"},     {"ratio_high", "上限"},
                                            {"p", "p值"},         {"p_adjusted", "校正p值"}, {"note", "说明"}};

    return open_list(out, workspace, name, &ops, columns, sizeof columns / sizeof columns[0], err);
}

jihe_status jihe_flag_members(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = next_member, .free = list_free};
    static const jh_out_column columns[] = {
        {"rule", "规则"}, {"group", "对象"}, {"date", "业务日期"}, {"doc_id", "单据编号"}};

    return open_list(out, workspace, name, &ops, columns, sizeof columns / sizeof columns[0], err);
}
