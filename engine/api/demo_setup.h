#ifndef JH_API_DEMO_SETUP_H
#define JH_API_DEMO_SETUP_H

#include "api/demo_centre.h"

/* Makes the demo's workspace at `path`: as jihe_workspace_init does, with the made-up centre's jihe.yaml and rules, an
 * extracts directory, and a secret that follows from the seed (so that its draws are the same everywhere). */
jihe_status jh_demo_setup(const char *path, const jh_demo_centre *centre, jihe_error *err);

#endif
