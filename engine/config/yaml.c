#include "config/yaml_int.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"

jihe_status jh_yaml_parse(jh_yaml *yaml, const char *source, const char *text, size_t len, jihe_error *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    jihe_status status;

    *yaml = (jh_yaml){0};
    if (len >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        len -= 3;
    }
    if ((status = jh_yaml_gate(source, text, len, err)) != JIHE_OK)
        return status;
    jh_arena_init(&yaml->arena, 0);
    yaml->source = jh_arena_text(&yaml->arena, source, strlen(source));
    status = yaml->source == NULL ? jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", source)
                                  : jh_yaml_tree(yaml, text, len, err);
    if (status != JIHE_OK)
        jh_yaml_deinit(yaml);
    return status;
}

jihe_status jh_yaml_load(jh_yaml *yaml, const char *path, jihe_error *err)
{
    jh_buf text = {0};
    jihe_status status = jh_file_read(path, JH_YAML_MAX_BYTES + 3, &text, err); /* 3: a byte order mark */

    *yaml = (jh_yaml){0};
    if (status == JIHE_DATA)
        status = jh_yaml_too_large(path, err);
    else if (status == JIHE_OK)
        status = jh_yaml_parse(yaml, path, jh_buf_text(&text), text.len, err);
    jh_buf_deinit(&text);
    return status;
}

void jh_yaml_deinit(jh_yaml *yaml)
{
    jh_arena_deinit(&yaml->arena);
    *yaml = (jh_yaml){0};
}
