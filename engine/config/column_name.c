#include "config/workspace_int.h"

#include <string.h>

/* The where language could not tell these from its own words. */
static const char *const language_words[] = {"and",     "or",   "not", "in",   "between",
                                             "like",    "is",   "null", "true", "false"};

/* Headers that the work list puts beside the columns, and that `record` looks for in the filled list. */
static const char *const work_list_words[] = {"run",   "snapshot_date", "rules", "probability", "inspector", "verdict",
                                              "class", "clause",        "code",  "responsible", "severity",  "note"};

static bool is_letter(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

const char *jh_column_name_fault(const char *name, size_t len)
{
    if (len == 0 || !is_letter((unsigned char)name[0]))
        return "a column name begins with a letter or '_'";
    if (len > JH_MAX_NAME)
        return "a column name has at most 64 bytes";
    for (size_t i = 1; i < len; i++)
        if (!is_letter((unsigned char)name[i]) && (name[i] < '0' || name[i] > '9'))
            return "a column name has letters, digits and '_' only";
    for (size_t i = 0; i < sizeof language_words / sizeof language_words[0]; i++)
        if (same_but_for_case(name, language_words[i]))
            return "it is a word of the where language; choose another name";
    for (size_t i = 0; i < sizeof work_list_words / sizeof work_list_words[0]; i++)
        if (strcmp(name, work_list_words[i]) == 0)
            return "the work list and its filled-in form use that header; choose another name";
    return NULL;
}
