/* labels.h - names numbered in order of first appearance. */
#ifndef MYO_COMPARE_LABELS_H
#define MYO_COMPARE_LABELS_H

#include <stddef.h>
#include "myotab/err.h"

/* Names are borrowed. Zero-initialise; release with myo_labels_clear(). */
typedef struct myo_labels {
    const char **name;
    int n;
    size_t cap;
    int *slot; /* hash table of index + 1; 0: empty */
    size_t n_slots;
} myo_labels;

/* The name's number, new or old. */
myo_err myo_labels_add(myo_labels *l, const char *name, int *index);
int myo_labels_find(const myo_labels *l, const char *name); /* -1: not there */
void myo_labels_clear(myo_labels *l);

#endif
