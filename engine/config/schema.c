#include "config/schema.h"

#include <string.h>

/* By jh_type; 0 is no type. */
static const char *const type_names[] = {"", "id", "category", "money", "integer", "date", "time", "text", "flag"};

enum { TYPES = sizeof type_names / sizeof type_names[0] };

const char *jh_type_name(jh_type type)
{
    return (size_t)type < TYPES ? type_names[type] : "";
}

bool jh_type_parse(const char *name, jh_type *out)
{
    for (size_t i = 1; i < TYPES; i++) {
        if (strcmp(type_names[i], name) == 0) {
            *out = (jh_type)i;
            return true;
        }
    }
    return false;
}

size_t jh_schema_role(const jh_schema *schema, uint32_t role)
{
    for (size_t i = 0; i < schema->count; i++)
        if ((schema->columns[i].roles & role) != 0)
            return i;
    return SIZE_MAX;
}

size_t jh_schema_find(const jh_schema *schema, const char *name, size_t len)
{
    for (size_t i = 0; i < schema->count; i++) {
        const char *have = schema->columns[i].name;
        if (strlen(have) == len && memcmp(have, name, len) == 0)
            return i;
    }
    return SIZE_MAX;
}
