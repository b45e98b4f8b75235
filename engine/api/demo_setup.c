#include "api/demo_setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "base/file.h"
#include "base/hash.h"

static const char config[] =
    "# A made-up shared-service centre ('jihe demo'): what its documents look like.\n"
    "workspace: 1\n"
    "timezone: Asia/Shanghai\n"
    "columns:\n"
    "  - {name: doc_id,          source: 单据编号, type: id}\n"
    "  - {name: business_date,   source: 过账日期, type: date, format: \"%Y-%m-%d\", role: business_date}\n"
    "  - {name: processed_at,    source: 处理时间, type: time, format: \"%Y-%m-%d %H:%M:%S\"}\n"
    "  - {name: amount,          source: 金额, type: money, currency: CNY, scale: 2,\n"
    "     decimal: \".\", thousands: \",\", prefix: \"¥\", finer: reject}\n"
    "  - {name: doc_type,        source: 单据类型, type: category}\n"
    "  - {name: team,            source: 小组, type: category}\n"
    "  - {name: account,         source: 科目, type: category}\n"
    "  - {name: payee,           source: 供应商, type: category}\n"
    "  - {name: preparer,        source: 制单人, type: category, role: person}\n"
    "  - {name: reviewer,        source: 初审人, type: category, role: person}\n"
    "  - {name: second_reviewer, source: 复核人, type: category, role: person}\n"
    "  - {name: status,          source: 状态, type: category}\n"
    "  - {name: summary,         source: 摘要, type: text}\n"
    "csv: {encoding: auto, delimiter: \",\", quote: '\"', header: 1}\n"
    "missing: [\"\", \"NA\"]\n"
    "duplicates: reject\n";

static const char daily_rules[] =
    "# Run every day on the day before's documents. Every rule selects as if no other existed; a document hit by\n"
    "# several is one line of the work list.\n"
    "rules:\n"
    "  - id: daily-ratio\n"
    "    title: 内部比例稽核\n"
    "    schedule: daily\n"
    "    where: status = '已过账'\n"
    "    draw: {rate: 10%, by: team, at_least: 5, rates: {资金: 20%}}\n"
    "\n"
    "  - id: large-payment\n"
    "    title: 大额支付\n"
    "    schedule: daily\n"
    "    where: doc_type in ('供应商付款', '预付款') and amount >= 100000\n"
    "    draw: all\n"
    "\n"
    "  - id: key-accounts\n"
    "    title: 重点科目\n"
    "    schedule: daily\n"
    "    where: status = '已过账' and (account like '660203%' or account like '1221%' or account like '2241%')\n"
    "    draw: {rate: 30%, stream: own}\n"
    "\n"
    "  - id: self-review\n"
    "    title: 制单人自审\n"
    "    schedule: daily\n"
    "    where: preparer = reviewer\n"
    "    draw: all\n";

static const char monthly_rules[] = "# Run after the end of a month, on the whole month.\n"
                                    "rules:\n"
                                    "  - id: volume-jump\n"
                                    "    title: 业务量突增\n"
                                    "    schedule: monthly\n"
                                    "    where: status = '已过账'\n"
                                    "    flag: {jump: reviewer, baseline: 2 months, min_months: 2}\n"
                                    "    draw: {rate: 20%, by: reviewer, at_least: 20}\n";

static jihe_status write_text(const char *workspace, const char *name, const char *text, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, name);
    jh_outfile *file;
    jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "writing %s", name) : jh_outfile_open(&file, path, err);

    if (st == JIHE_OK) {
        jh_outfile_put(file, text, strlen(text));
        st = jh_outfile_commit(file, err);
    }
    free(path);
    return st;
}

static jihe_status write_secret(const char *workspace, uint64_t seed, jihe_error *err)
{
    char text[80];
    uint8_t sum[32];

    snprintf(text, sizeof text, "jihe demo secret\x1F%" PRIu64, seed);
    const jihe_status st = jh_sha256_bytes(text, strlen(text), sum, err);

    if (st != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, text);
    strcat(text, "\n");
    return write_text(workspace, "ledger/secret", text, err);
}

static jihe_status make_extracts_dir(const char *workspace, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, "extracts");
    const jihe_status st = path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "making extracts") : jh_file_mkdir(path, err);

    free(path);
    return st;
}

static jihe_status write_roster(const char *workspace, const jh_demo_centre *centre, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, "roster.csv");
    const jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "writing roster.csv") : jh_demo_write_roster(centre, path, err);

    free(path);
    return st;
}

jihe_status jh_demo_setup(const char *path, const jh_demo_centre *centre, jihe_error *err)
{
    jihe_status st;

    if ((st = jihe_workspace_init(path, err)) != JIHE_OK ||
        (st = write_text(path, "jihe.yaml", config, err)) != JIHE_OK ||
        (st = write_text(path, "rules/daily.yaml", daily_rules, err)) != JIHE_OK ||
        (st = write_text(path, "rules/monthly.yaml", monthly_rules, err)) != JIHE_OK ||
        (st = write_secret(path, centre->seed, err)) != JIHE_OK || (st = make_extracts_dir(path, err)) != JIHE_OK)
        return st;
    return write_roster(path, centre, err);
}
