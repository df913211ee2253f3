/* distinct.h - the values a setting had over many recordings, and how often. */
#ifndef MYO_REPORT_DISTINCT_H
#define MYO_REPORT_DISTINCT_H

#include "base/base.h"

enum { MYO_DISTINCT_VALUES = 4 }; /* more are counted, not kept */

typedef struct myo_distinct_item {
    char *group, *name;
    char *value[MYO_DISTINCT_VALUES]; /* in the order of their first appearance */
    size_t count[MYO_DISTINCT_VALUES];
    int n_values;
    size_t n_other;
} myo_distinct_item;

/* Zero-initialise; release with myo_distinct_clear(). */
typedef struct myo_distinct {
    myo_distinct_item *item; /* in the order of their first appearance */
    size_t n, cap;
} myo_distinct;

myo_err myo_distinct_add(myo_distinct *d, const char *group, const char *name, const char *value);
/* NULL if it never came. */
const myo_distinct_item *myo_distinct_find(const myo_distinct *d, const char *group,
                                           const char *name);
/* "20", or "20 (11 recordings), 30 (1 recording)": as HTML. */
void myo_distinct_put(myo_buf *b, const myo_distinct_item *item);
void myo_distinct_clear(myo_distinct *d);

#endif
