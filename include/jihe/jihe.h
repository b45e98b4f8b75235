#ifndef JIHE_JIHE_H
#define JIHE_JIHE_H

/* Everything. Each header also stands alone. */
#include "jihe/demo.h"
#include "jihe/error.h"
#include "jihe/findings.h"
#include "jihe/ingest.h"
#include "jihe/note.h"
#include "jihe/proof.h"
#include "jihe/quality.h"
#include "jihe/rate.h"
#include "jihe/roster.h"
#include "jihe/rows.h"
#include "jihe/rule.h"
#include "jihe/run.h"
#include "jihe/snapshot.h"
#include "jihe/stats.h"
#include "jihe/version.h"
#include "jihe/workspace.h"

#endif
