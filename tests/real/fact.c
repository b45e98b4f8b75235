/* fact FILE PATH: prints a value of a facts.json, '/' between the names. A scalar is one line; an array, a line per
 * item; an object, a line per key. Exit 1 when there is no such value. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const json_t *descend(const json_t *at, char *path)
{
    char *save = NULL;

    for (const char *name = strtok_r(path, "/", &save); at != NULL && name != NULL; name = strtok_r(NULL, "/", &save))
        at = json_object_get(at, name);
    return at;
}

static void print_scalar(const json_t *value)
{
    if (json_is_string(value))
        puts(json_string_value(value));
    else if (json_is_integer(value))
        printf("%" JSON_INTEGER_FORMAT "\n", json_integer_value(value));
    else
        puts(json_is_true(value) ? "true" : json_is_false(value) ? "false" : "?");
}

int main(int argc, char **argv)
{
    json_error_t err;
    json_t *root = argc == 3 ? json_load_file(argv[1], 0, &err) : NULL;
    const json_t *value = root == NULL ? NULL : descend(root, argv[2]);
    const char *key;
    json_t *item;
    size_t i;

    if (value == NULL) {
        fprintf(stderr, "fact: no value at %s\n", argc == 3 ? argv[2] : "(usage: fact FILE PATH)");
        return 1;
    }
    if (json_is_object(value))
        json_object_foreach((json_t *)value, key, item) puts(key);
    else if (json_is_array(value))
        json_array_foreach((json_t *)value, i, item) print_scalar(item);
    else
        print_scalar(value);
    json_decref(root);
    return 0;
}
