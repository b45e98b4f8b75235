#include "given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char yaml[] = "workspace: 1\n"
                           "timezone: Asia/Shanghai\n"
                           "missing: ['', NA]\n"
                           "columns:\n"
                           "- {name: doc_id, type: id, source: [id, head.no]}\n"
                           "- {name: day, type: date, role: business_date, format: '%Y-%m-%d'}\n"
                           "- {name: at, type: time, format: '%Y-%m-%d %H:%M:%S%f'}\n"
                           "- {name: amount, type: money, currency: CNY, prefix: '¥', thousands: ',', negative: "
                           "[parentheses, trailing, sign]}\n"
                           "- {name: paid, type: money, currency: CNY, scale: 2, source: head.paid, finer: round}\n"
                           "- {name: team, type: category, role: person, source: head.team}\n"
                           "- {name: pieces, type: integer, width: full}\n"
                           "- {name: urgent, type: flag}\n"
                           "- {name: '金额', type: money}\n"
                           "- {name: remark, type: text}\n"
                           "- {name: tags, type: category, list: ';', optional: true}\n"
                           "- {name: abroad, type: money, scale: 3, optional: true, finer: round, minor_units: {column: "
                           "currency, JPY: 0, CNY: 2, other: 3}}\n"
                           "- {name: currency, type: category, source_any: [currency, head.currency], optional: true}\n";

/* libfyaml 0.7.12 loses half a KiB or more over a text in single quotes with many doubled quotes side by side. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "fuzz: does not hold: %s\n", what);
    abort();
}

const char *as_file(const void *bytes, size_t len)
{
    static char path[48];
    static int file = -1;

    if (file < 0) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    must(ftruncate(file, 0) == 0 && (len == 0 || pwrite(file, bytes, len, 0) == (ssize_t)len), "the input is a file");
    return path;
}

const jh_workspace_config *given_workspace(void)
{
    static jh_workspace_config config;
    jihe_error err = {0};

    if (config.schema.count == 0 &&
        jh_workspace_config_load(&config, as_file(yaml, sizeof yaml - 1), &err) != JIHE_OK) {
        fprintf(stderr, "fuzz: %u:%u: %s\n", err.line, err.column, err.message);
        abort();
    }
    return &config;
}

void digest_number(fingerprint *print, uint64_t number)
{
    print->state = (print->state ^ number) * 0x9e3779b97f4a7c15u; /* odd: nothing is lost */
    print->state ^= print->state >> 32;
}

void digest_bytes(fingerprint *print, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    digest_number(print, len);
    for (size_t i = 0; i < len; i++)
        digest_number(print, at[i]);
}

void digest_text(fingerprint *print, const char *text)
{
    digest_number(print, text == NULL);
    if (text != NULL)
        digest_bytes(print, text, strlen(text));
}
