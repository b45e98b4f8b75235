#ifndef TEST_INGEST_LOADING_H
#define TEST_INGEST_LOADING_H

#include "config/workspace.h"

/* One CSV file loaded twice: by jh_loader_text as one parcel, and record by record. False: they differ, and `why` says in
 * what. Nothing of the test framework here: the fuzzer asks too. */
bool loading_agrees(const char *path, const jh_workspace_config *config, bool split, char *why, size_t why_len);

#endif
