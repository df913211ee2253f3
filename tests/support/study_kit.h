/* study_kit.h - results of a study written by hand, compared, and the table read back. */
#ifndef MYO_TEST_STUDY_KIT_H
#define MYO_TEST_STUDY_KIT_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include "myotab/study.h"
#include "tsv.h"

static char kit_dir[64];      /* the study's result folder */
static char kit_said[65536];  /* what was told: "L file: text\n", L one of E, W, I */
static FILE *kit_recordings, *kit_summary;

static inline FILE *kit_file(const char *name, const char *header)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", kit_dir, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(header, f);
    return f;
}

/* columns: more manifest columns, "\tgroup\torder", or "". */
static inline void kit_begin(const char *columns)
{
    strcpy(kit_dir, "/tmp/myotab-compare-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(kit_dir));
    kit_said[0] = '\0';
    kit_recordings = kit_file("recordings.tsv", "path\tparticipant_id\tsession_id\tcondition");
    fprintf(kit_recordings, "%s\tstem\tstatus\treason\n", columns);
    kit_summary = kit_file("summary.tsv", "participant_id\tstem\tchannel\ttrial_type\tn\texposure_s\tburden_s_per_h\tfano\t"
                                          "duration_ms_median\tpeak_median\tunit\tfreq_hz_median\tn_indeterminate\n");
}

/* cells: of the columns given to kit_begin, "\tA\t1", or "". The stem is PARTICIPANT-SESSION. */
static inline void kit_recording(const char *who, const char *session, const char *condition, const char *cells,
                                 const char *status)
{
    fprintf(kit_recordings, "%s_%s.edf\t%s\t%s\t%s%s\t%s-%s\t%s\tn/a\n", who, session, who, session, condition, cells, who,
            session, status);
}

typedef struct kit_row {
    const char *channel, *type;
    int n;
    double hours, burden, fano, duration, peak, freq; /* 0: n/a but for hours and burden */
    const char *unit;
    int n_indeterminate;
} kit_row;

static inline void kit_number(double v, const char *end)
{
    if (v == 0.0) {
        fprintf(kit_summary, "n/a%s", end);
    } else {
        fprintf(kit_summary, "%.17g%s", v, end);
    }
}

static inline void kit_sum(const char *who, const char *session, kit_row r)
{
    fprintf(kit_summary, "%s\t%s-%s\t%s\t%s\t%d\t%.17g\t%.17g\t", who, who, session, r.channel ? r.channel : "all",
            r.type ? r.type : "jerk", r.n, r.hours * 3600.0, r.burden);
    kit_number(r.fano, "\t");
    kit_number(r.duration, "\t");
    kit_number(r.peak, "\t");
    fprintf(kit_summary, "%s\t", r.unit ? r.unit : "n/a");
    kit_number(r.freq, "\t");
    fprintf(kit_summary, "%d\n", r.n_indeterminate);
}

static inline void kit_end(void)
{
    fclose(kit_recordings);
    fclose(kit_summary);
}

static inline void kit_say(void *user, myo_level level, const char *file, const char *text)
{
    (void)user;
    const size_t n = strlen(kit_said);
    snprintf(kit_said + n, sizeof kit_said - n, "%c %s: %s\n", "EWNI"[level], file ? file : "", text);
}

static const char *const *kit_dirs(void)
{
    static const char *dirs[1];
    dirs[0] = kit_dir;
    return dirs;
}

static inline myo_compare_job kit_job(void)
{
    return (myo_compare_job){.dirs = kit_dirs(), .n_dirs = 1, .out_dir = kit_dir, .seed = 1, .say = kit_say};
}

/* Compare, and read the table. */
static inline tsv *kit_compare(const myo_compare_job *job)
{
    char path[256];
    const myo_err e = myo_compare(job);
    ck_assert_msg(e == MYO_OK, "compare failed: %s", kit_said);
    snprintf(path, sizeof path, "%s/comparison.tsv", job->out_dir);
    return tsv_read(path);
}

static inline void kit_clear(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", kit_dir);
    ck_assert_int_eq(system(command), 0);
}

/* The nth row (from 0) that has these texts; NULL: any. 0 if there is none. */
static inline int kit_find(const tsv *t, const char *type, const char *metric, const char *channel, const char *role,
                           int nth)
{
    for (int i = 1; i < t->n_rows; i++) {
        if ((!type || strcmp(tsv_text(t, i, "trial_type"), type) == 0) &&
            (!metric || strcmp(tsv_text(t, i, "metric"), metric) == 0) &&
            (!channel || strcmp(tsv_text(t, i, "channel"), channel) == 0) &&
            (!role || strcmp(tsv_text(t, i, "role"), role) == 0) && nth-- == 0) {
            return i;
        }
    }
    return 0;
}

static inline int kit_primary(const tsv *t)
{
    const int row = kit_find(t, NULL, NULL, NULL, "primary", 0);
    ck_assert_int_gt(row, 0);
    return row;
}

#define kit_text(t, row, name, expected) ck_assert_str_eq(tsv_text(t, row, name), expected)
#define kit_holds(t, row, name, part) \
    ck_assert_msg(strstr(tsv_text(t, row, name), part) != NULL, "%s: \"%s\" lacks \"%s\"", name, tsv_text(t, row, name), part)
/* Tables print six significant digits. */
#define kit_near(t, row, name, value) \
    do { \
        const double kit_v = (value); \
        ck_assert_str_ne(tsv_text(t, row, name), "n/a"); \
        ck_assert_double_eq_tol(tsv_number(t, row, name), kit_v, 6e-6 * fabs(kit_v) + 1e-12); \
    } while (0)

/* A number of a table of tests/oracle, by R; one table in a program. */
static inline double kit_expected_in(const char *path, const char *key)
{
    static tsv *t;
    if (!t) {
        t = tsv_read(path);
    }
    for (int i = 1; i < t->n_rows; i++) {
        if (strcmp(t->cell[i][0], key) == 0) {
            return strtod(t->cell[i][1], NULL);
        }
    }
    ck_abort_msg("no expected %s", key);
    return NAN;
}

static inline double kit_expected(const char *key)
{
    return kit_expected_in(MYO_SOURCE_DIR "/tests/oracle/compare_expected.tsv", key);
}

#endif
