/* bids.h - sidecars: what lies beside a recording and describes it. */
#ifndef MYO_IO_BIDS_H
#define MYO_IO_BIDS_H

#include "myotab/rec.h"

/* One row of _channels.tsv. */
typedef struct myo_side_row {
    char *name, *type, *units; /* never NULL; the name as a channel's label is shown */
    int64_t line;              /* where it stands, from 1 */
    char muscle[64];           /* target_muscle */
    char point[MYO_LABEL_MAX]; /* tracked_point */
    int axis;                  /* component: 0 x, 1 y, 2 z; -1 none */
    bool bad;                  /* status */
    double fs;                 /* sampling_frequency, 0 if not said */
    bool apart;                /* names a column that is no signal */
} myo_side_row;

typedef struct myo_sidecar {
    double fs;               /* SamplingFrequency (or SamplingFrequencyEffective), 0 if not said */
    char unit[MYO_UNIT_MAX]; /* Units of a plain STEM.json, "" if not said */
    double scale;            /* Scale of a plain STEM.json, 0 if not said */
    myo_side_row *row;
    size_t n_row;
    double rows_fs;          /* the first sampling_frequency of the rows, 0 if none says one, */
    size_t fs_row, odd_row;  /* which row says it, and the first that says another; 0: none does */
    bool gave_fs;            /* the recording's rate came from here */
    char *json_name, *tsv_name; /* file names, for messages; NULL if there is none */
    myo_sidecar_file used[2];   /* what was read */
    int n_used;
    bool loaded;
} myo_sidecar;

/* Load, once, what belongs to the recording `path`: STEM.json, and for BIDS names *_channels.tsv and the
 * sidecars inherited from up to four folders above. Absent files are no error; broken ones are.
 * Zero-initialise; what is loaded stays. Release always. */
myo_err myo_sidecar_load(myo_sidecar *s, const char *path, myo_diag *d);
void myo_sidecar_free(myo_sidecar *s);
/* The rate that the JSON states, or all the rows that state one; 0 if these differ. */
double myo_sidecar_rate(const myo_sidecar *s);

#endif
