/* score.h - how well found events agree with truth; recordings are pooled by adding their counts.
 */
#ifndef MYO_RUN_SCORE_H
#define MYO_RUN_SCORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "myotab/err.h"
#include "myotab/event.h"

/* Strata by the SNR of the true event (of a found one that has no partner: its own), lower bounds
 * in dB. */
enum {
    MYO_STRATUM_UNKNOWN,
    MYO_STRATUM_UNDER_3,
    MYO_STRATUM_3,
    MYO_STRATUM_6,
    MYO_STRATUM_10,
    MYO_STRATUM_20,
    MYO_N_STRATUM
};
const char *myo_stratum_name(int stratum); /* "n/a", "<3", "3-6", "6-10", "10-20", ">=20" */

/* Counts of one class (or sum of classes). True events that are faint, or indeterminate in the
 * truth, and the found ones they explain, are nowhere counted. */
typedef struct myo_score_count {
    int64_t n_truth;    /* true events of the class */
    int64_t n_detected; /* of these, paired with a found event of any class but artefact */
    int64_t n_found;    /* found events of the class */
    int64_t tp;         /* true events paired with a found one of the same class */
    int64_t n_split;    /* true events that were found in several parts */
    int64_t n_merge;    /* found events of the class that cover several true ones */
    int64_t n_iou50;    /* detected true events with IoU >= 0.5: whose duration may be believed */
    /* over the n_detected pairs, s: found less true */
    double onset_abs, onset_sum, offset_abs, duration_abs, duration_sum;
} myo_score_count;

typedef struct myo_score_conf {
    float p;
    bool right;
} myo_score_conf;

/* Told of every pair, missed true event (found NULL) and extra found one (truth NULL) that counts.
 */
struct myo_mark;
typedef void (*myo_score_seen_fn)(void *user, const char *channel, const struct myo_mark *truth,
                                  const struct myo_mark *found);

/* Zero-initialise; release with myo_score_clear(). */
typedef struct myo_score_result {
    myo_score_seen_fn seen; /* the caller's; NULL: nobody listens */
    void *user;
    myo_score_count c[MYO_N_STRATUM][MYO_N_CLASS];
    /* pairs, truth x found; the last row is extra (no truth), the last column missed */
    int64_t confusion[MYO_N_CLASS + 1][MYO_N_CLASS + 1];
    int64_t n_false;     /* found events of a movement class that no true movement is paired with */
    int64_t n_part;      /* of these, mostly inside a true movement: its pieces */
    int64_t n_set_aside; /* found artefacts and indeterminate events without a partner */
    int64_t n_ignored;   /* found events explained by free true events */
    int64_t n_free;      /* those true events */
    int n_recordings;
    int n_no_exposure;    /* recordings whose channels table is missing */
    double exposure_s;    /* usable time, summed over channels and recordings */
    myo_score_conf *conf; /* found events of movement classes that say how sure they are */
    size_t n_conf, cap_conf;
} myo_score_result;

/* Add one recording. Exposure comes from STEM_channels.tsv beside STEM_events.tsv, if it is there.
 * Columns needed: onset duration trial_type channel; used: faint snr_db (truth), confidence snr_db.
 * On failure r is as before. */
myo_err myo_score_add(myo_score_result *r, const char *truth_path, const char *events_path,
                      myo_diag *d);
void myo_score_clear(myo_score_result *r); /* seen and user too */

bool myo_is_movement(myo_class c); /* all but artefact and indeterminate */
void myo_score_sum(myo_score_count *into, const myo_score_count *c);
/* Sum over strata of one class. */
myo_score_count myo_score_of_class(const myo_score_result *r, myo_class c);
/* Sum over movement classes of one stratum, or of all (-1). */
myo_score_count myo_score_of_stratum(const myo_score_result *r, int stratum);

/* Rates; NaN where nothing was counted. Times in ms. */
typedef struct myo_score_rates {
    double detection, precision, recall, f1;
    double onset_mae, onset_bias, offset_mae, duration_mae, duration_bias;
} myo_score_rates;
myo_score_rates myo_score_rates_of(const myo_score_count *c);
/* Mean F1 over the movement classes present in the truth. */
double myo_score_macro_f1(const myo_score_result *r);
/* False alarms per hour of usable time of one channel; NaN if the exposure of a recording is
 * unknown. */
double myo_score_false_per_h(const myo_score_result *r);
/* Expected calibration error in 10 bins of equal mass, and mean squared error of the confidence.
 * Sorts r->conf. */
double myo_score_ece(myo_score_result *r);
double myo_score_brier(const myo_score_result *r);
/* The tables: classes, strata, overall, confusion; a blank line between. */
myo_err myo_score_print(myo_score_result *r, FILE *f, myo_diag *d);

#endif
