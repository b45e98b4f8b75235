#include "rule/note.h"

const char *jh_note_scope_word(jh_note_scope scope)
{
    static const char *const words[JH_NOTE_SCOPES] = {"all", "unit", "person", "type"};

    return words[scope];
}
