/* link.h - the second half of an analysis: candidates of all lanes in one order, seen together, classified, and written
 * as tables. */
#ifndef MYO_RUN_LINK_H
#define MYO_RUN_LINK_H

#include "base/base.h"
#include "myotab/table.h"
#include "run/plan.h"
#include "run/slow.h"
#include "run/store.h"
#include "run/usable.h"

/* What a lane left behind. */
typedef struct myo_lane_result {
    myo_store *cands;       /* myo_cand, numbered as the bursts' `event` */
    myo_store *bursts;      /* myo_burst, by onset */
    myo_slow *slow;         /* its slow signal, where something happened */
    myo_store *episodes;    /* myo_episode: tremor and other trains, by onset; empty until linked */
    myo_store *measured;    /* the same with frequency and axis */
    myo_store *tremor;      /* myo_tremor_row, by onset */
    myo_store *lapses;      /* myo_lapse, by onset */
    myo_lane_totals totals;
    myo_usable usable;      /* the stretches of totals.usable_s */
} myo_lane_result;

typedef struct myo_link_job {
    const myo_plan *plan;
    myo_lane_result *lane;  /* plan->n_lanes */
    const myo_params *params;
    const myo_recinfo *info;
    const char *stem_path;  /* folder/STEM, the tables append _events.tsv ... */
    bool explain;           /* with the table EXPLAIN, which only those have who ask */
    myo_pool *pool;
    myo_diag *d;
} myo_link_job;

/* The tables of a recording: T(ID, name) is STEM_name.tsv of myo_name_schema, filled by myo_link_name() in the order of rows.
 * The summary stays last: a study has its own dictionary of that name. */
#define MYO_LINK_TABLES     \
    T(EVENTS, events)       \
    T(BURSTS, bursts)       \
    T(CHANNELS, channels)   \
    T(SPREAD, spread)       \
    T(TREMOR, tremor)       \
    T(COHERENCE, coherence) \
    T(NEGATIVE, negative)   \
    T(EXPLAIN, explain)     \
    T(SUMMARY, summary)

enum {
#define T(id, name) MYO_TABLE_##id,
    MYO_LINK_TABLES
#undef T
    MYO_N_TABLES
};
extern const myo_schema *const myo_link_tables[MYO_N_TABLES];

/* Is it one of those that a result has only if asked for? */
static inline bool myo_link_optional(int table)
{
    return table == MYO_TABLE_EXPLAIN;
}

/* The tables, complete, for the caller to commit together; one that is not wanted stays as it was. On failure no file is
 * left. */
myo_err myo_link(const myo_link_job *job, myo_outfile file[MYO_N_TABLES]);

#endif
