/* accuracy.h - the held-out recordings, what was found in them, and the tables that say so. */
#ifndef ACCURACY_H
#define ACCURACY_H

#include "myotab/myotab.h"
#include "out/tsv.h"
#include "pairs.h"
#include "run/score.h"

enum { ACC_PATH_MAX = 1000, ACC_TEXT_MAX = 400, ACC_MAX_SETTINGS = 16, ACC_MAX_GROUPS = 32 };

/* A row of the list of recordings. */
typedef struct acc_recording {
    char table[64], scenario[64], rate[32], settings[ACC_TEXT_MAX];
    char name[96]; /* SCENARIO-SEED */
    uint64_t seed;
    const char *work_dir;
    bool explain; /* with the evidence */
    myo_err err; /* of making or analysing it */
    char why[MYO_MSG_MAX];
} acc_recording;

/* Message to stderr, exit status 1. */
_Noreturn void acc_stop(const char *what, const char *why);
void acc_read_table(myo_tsv *t, const char *path);
const char *acc_cell(const myo_tsv *t, size_t row, const char *column);
/* The list in a file; release with myo_free(). */
acc_recording *acc_read_list(const char *path, const char *work_dir, size_t *n);
/* Makes and analyses them all, two at a time. */
void acc_make_all(acc_recording *list, size_t n);
/* WORK_DIR/A NAME B */
const char *acc_path(char *buf, const acc_recording *r, const char *a, const char *b);

/* Bands of the jerks' SNR, dB: 10 dB is 8 to 12, 20 dB all from there up. */
enum { ACC_BAND_LOW, ACC_BAND_10, ACC_BAND_MID, ACC_BAND_20, ACC_BAND_FROM_10, ACC_N_BAND };

/* Everything of one table: all its recordings, and those of a scenario or sampling rate alone. */
typedef struct acc_group {
    const char *column, *name;
    myo_score_result score;
} acc_group;

typedef struct acc_table {
    const char *name;
    myo_score_result all;
    myo_score_count jerk[ACC_N_BAND];
    acc_group group[ACC_MAX_GROUPS];
    int n_groups;
    acc_pairs pairs;
    const char *recording; /* the one that is being counted */
    FILE *misses;          /* a line for everything wrong, missed or extra; NULL: not wanted */
} acc_table;

/* The score's listener: jerks by band, and the list of misses. */
void acc_seen(void *table, const char *channel, const struct myo_mark *t, const struct myo_mark *f);
void acc_misses_header(FILE *f);
/* A number of the block "overall" by its name; false if there is none. */
bool acc_metric(acc_table *t, const char *name, double *value);
/* The whole table; false if f could not be written. */
bool acc_print(acc_table *t, FILE *f);

#endif
