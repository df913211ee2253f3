/* link_in.h - the inside of linking, shared by link.c (index, rows, files), together.c (who fires with whom) and the tables
 * that have a file of their own. */
#ifndef MYO_RUN_LINK_IN_H
#define MYO_RUN_LINK_IN_H

#include "run/link.h"
#include "run/summary.h"

/* One candidate, as little as the comparison of lanes needs: 24 bytes. */
typedef struct myo_link_entry {
    double on;
    float length;       /* s */
    int32_t lane;
    int32_t event;      /* number in the lane */
} myo_link_entry;

typedef struct myo_linking {
    const myo_link_job *job;
    myo_link_entry *e;  /* all candidates by onset, then lane */
    int64_t n;
    int32_t **id;       /* id[lane][event]: number in the table, from 1 */
    uint8_t *cls, *form, *turns; /* of e[i], once the events are written: myo_class, myo_form, in a crowd */
    uint8_t *series, *excess; /* e[i] is of a periodic series; lies in a stretch of excessive fragmentary myoclonus */
    double longest;     /* longest event so far decides how far back overlaps reach */
    myo_table *table[MYO_N_TABLES];
    myo_summary *summary;
} myo_linking;

/* The tables' writers, run in this order. */
#define T(id, name) myo_err myo_link_##name(myo_linking *k);
MYO_LINK_TABLES
#undef T

/* With legs.on: fill series and excess from all candidates (linklegs.c). */
myo_err myo_link_series(myo_linking *k);
myo_err myo_link_excess(myo_linking *k);

static inline double myo_link_end(const myo_link_entry *e)
{
    return e->on + (double)e->length;
}

enum { MYO_CROWD_MIN = 4 }; /* so many muscles that take turns make a movement */

/* Who fires with an event. Zero-initialise; release `names`. */
typedef struct myo_company {
    myo_buf names;      /* "a;b" */
    int others, alike, crowd;
    double first_on;    /* earliest onset of those together, this one included */
} myo_company;

/* Event i with all that needs the other lanes, and what it is; the caller clears co->names. */
struct myo_verdict;
myo_err myo_link_judge(const myo_linking *k, int64_t i, bool *seen, myo_cand *c, struct myo_verdict *v, myo_company *co);

/* seen: a flag for each lane, for the function's own use. */
void myo_find_company(const myo_linking *k, int64_t i, bool *seen, myo_company *c);
void myo_find_crowd(const myo_linking *k, int64_t i, bool *seen, myo_company *c);

#endif
