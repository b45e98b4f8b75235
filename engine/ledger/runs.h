#ifndef JH_LEDGER_RUNS_H
#define JH_LEDGER_RUNS_H

#include "base/arena.h"
#include "ledger/flag_parts.h"
#include "ledger/hits.h"
#include "ledger/ledger.h"
#include "rule/rulefile.h"

/* Recorded runs: everything that decided them (so that a replay needs nothing else than the snapshots) and what came
 * out. */

typedef struct jh_run_snapshot {
    int32_t  date;
    uint32_t revision;
    char     sha256[65];
} jh_run_snapshot;

typedef struct jh_run_file { /* a value list or calendar that the rules ask */
    const char *name;       /* below the workspace: lists/NAME.txt */
    char        sha256[65];
} jh_run_file;

typedef struct jh_run_result { /* of one rule */
    uint64_t frame;     /* documents the draw was made from */
    uint64_t undecided;
    uint64_t flagged;   /* groups that stand out; 0 without a flag */
    uint64_t gated;     /* groups above the ratio whose change of post explains it */
    uint64_t selected;
    jh_apart apart;     /* of a money draw: documents without a positive amount */
} jh_run_result;

typedef struct jh_run {
    uint64_t         sequence; /* ledger event; 0 while not recorded */
    int64_t          at;       /* unix seconds, a note */
    char             id[32];   /* LASTDATE-xxxxxxxxxx: from the digest of everything below up to rules */
    int32_t          from, to;
    const char      *seed;
    const char      *timezone;
    jh_run_snapshot *snapshots; /* in order of date */
    size_t           snapshot_count;
    bool             latest;    /* of a document in several snapshots only the latest version was looked at; runs over
                                 * periods recorded before that was so are replayed as they were made */
    jh_run_snapshot *history;   /* snapshots whose tallies flags read; none without flags */
    size_t           history_count;
    uint64_t         roster;    /* event number of the roster flags and rules asked; 0 none */
    uint64_t         notes;     /* the last event about notes when flags asked them; 0 none */
    jh_run_file     *files;     /* in order of name; none in runs whose rules ask no list and no calendar */
    size_t           file_count;
    jh_rule         *rules;
    size_t           rule_count;
    jh_past         *past;      /* per rule; NULL: no rule asks for one */
    const char      *extends;   /* id of the run whose sample this one extends; "" none */
    jh_run_result   *results;   /* per rule */
    uint64_t         documents, hits;
    uint64_t         superseded; /* documents left because a later snapshot has them again */
    uint32_t         layout;     /* of the hits (hits.h) */
    uint32_t         document_parts, hit_parts;
    char             digest[65]; /* of the hits */
    bool             keeps_flags; /* what its flags found lies beside the hits; not in runs without flags, and in those
                                   * recorded before that was kept */
    uint32_t         flag_parts;
    char             flags_digest[65];
} jh_run;

/* The id of a run from its inputs (snapshots, history, roster, rules, past, seed, zone, dates, extended run). */
jihe_status jh_run_identify(jh_run *run, jihe_error *err);

/* The event's body: what is compared byte for byte by a replay. */
void jh_run_pack(jh_buf *out, const jh_run *run);

/* Records a run with its hits and what its flags found, durable on return; sets run->sequence. The caller holds the
 * workspace lock. */
jihe_status jh_run_save(jh_ledger *ledger, jh_run *run, const jh_hit_parts *parts, const jh_flag_parts *flags,
                        jihe_error *err);

/* All runs in order of recording; texts live in the arena. */
typedef struct jh_runs {
    jh_run *runs;
    size_t  count;
} jh_runs;
jihe_status jh_runs_load(jh_runs *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* By id, by an unambiguous beginning of an id, or "last". JIHE_NOT_FOUND / JIHE_USAGE (ambiguous). */
jihe_status jh_runs_find(const jh_runs *runs, const char *name, const jh_run **out, jihe_error *err);

/* The hits of a recorded run; their digest is checked. */
jihe_status jh_run_parts(jh_hit_parts *out, jh_ledger *ledger, const jh_run *run, jihe_error *err);
/* The documents and hits of a recorded run in layout 3, a part at a time: memory for the stored parts and for one of
 * them unpacked. */
typedef struct jh_run_stream {
    const jh_run *run;
    jh_hit_parts  parts;
    uint64_t     *keys;
    size_t        next;
    jh_hits       hits; /* of the part at hand; none before the first */
} jh_run_stream;
jihe_status jh_run_stream_open(jh_run_stream *out, jh_ledger *ledger, const jh_run *run, jihe_error *err);
jihe_status jh_run_stream_next(jh_run_stream *stream, jihe_error *err); /* JIHE_NOT_FOUND, without a message: no more */
void        jh_run_stream_close(jh_run_stream *stream);                 /* a zeroed one is fine */

jihe_status jh_run_hits(jh_hits *out, jh_ledger *ledger, const jh_run *run, jihe_error *err);

/* What the flags of a run that keeps them found; their digest is checked. */
jihe_status jh_run_flag_parts(jh_flag_parts *out, jh_ledger *ledger, const jh_run *run, jihe_error *err);
jihe_status jh_run_flags_load(jh_run_flags *out, jh_ledger *ledger, const jh_run *run, size_t members,
                              jihe_error *err);

/* Which documents of a run its work list holds: added[d] for document d of `hits`. All of them, or, where the run extends
 * another, those that the other one did not have. *count: how many. Owned by the caller (free). */
jihe_status jh_run_added(bool **added, uint64_t *count, const jh_run *run, const jh_hits *hits, const jh_runs *runs,
                         jh_ledger *ledger, jihe_error *err);

#endif
