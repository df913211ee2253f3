/* report.h - from a folder of results to one page: what its parts share.
 *
 *   tables of the folder --> myo_rep --> sections (sections.c), each with its figures (figs.c) -->
 * page
 *
 * A section is one file with one function and one row in sections.c; a figure likewise in figs.c.
 */
#ifndef MYO_REPORT_REPORT_H
#define MYO_REPORT_REPORT_H

#include "myotab/event.h"
#include "report/distinct.h"
#include "report/page.h"
#include "stats/claim.h"
#include "study/study.h"

/* One recording of the folder. Texts are owned by the report (myo_rep_keep) or its tables; "" where
 * unknown. */
typedef struct myo_rep_rec {
    const char *stem;
    const char *name; /* for people: "P01, pre", or the file's name */
    const char *participant, *session, *condition, *group; /* of a study */
    const char *path;                                      /* below the folder of the recordings */
    myo_row_status status;
    const char *reason; /* of a failure; what is missing among its tables */
    /* from STEM_channels.tsv, over its channels */
    int n_channels;
    double usable_least_s, usable_most_s, masked_most_s, gap_most_s; /* NaN: no table */
    const char *flags; /* every flag once, "; " between */
    /* from STEM_run.json */
    bool has_run;
    const char *file, *format, *sha256, *channels_opt, *unit_opt;
    double size;              /* bytes; NaN unknown */
    double fs_opt, scale_opt; /* 0: as the file says */
    bool salvage;
    double start_s, end_s;           /* NaN: its start, its end */
    double rest_start_s, rest_end_s; /* NaN: none */
    const char *sidecars;            /* SHA-256 of each file read beside it, a blank behind each */
    const char *const *warnings;
    int n_warnings, n_suppressed;
    size_t first_sum; /* where its rows of the summary begin */
    bool damaged;     /* a table of it could not be read; the reason says which */
    size_t person;    /* number of its participant, in the order of their first recordings */
    size_t next;      /* the participant's next recording; SIZE_MAX: none */
} myo_rep_rec;

/* A row of a summary table. */
typedef struct myo_rep_sum {
    size_t rec;
    const char *channel, *unit;
    int type; /* myo_class */
    double n, n_indeterminate, exposure_s, rate, low, high, fano, burden;
    double duration, peak, freq; /* medians */
} myo_rep_sum;

typedef enum myo_rep_role {
    MYO_REP_PRIMARY,
    MYO_REP_SUPPORTING,
    MYO_REP_CONFIRMATORY,
    MYO_REP_EXPLORATORY,
    MYO_REP_N_ROLE
} myo_rep_role;

/* A row of comparison.tsv; NaN and "" where it says n/a. */
typedef struct myo_rep_cmp {
    const char *design, *type, *channel, *metric, *reference, *contrast;
    double n_reference, n_contrast, events_reference, events_contrast;
    double exposure_reference_h, exposure_contrast_h, estimate_reference, estimate_contrast;
    double effect, low, high, level, p, p_adjusted, seed, resamples, mdc;
    const char *effect_name, *adjustment, *test, *warning;
    const char *indeterminate, *participant, *sentence, *study; /* "" without the column */
    myo_rep_role role;
} myo_rep_cmp;

/* What the comparison was made from. */
typedef enum myo_rep_origin {
    MYO_REP_ORIGIN_UNKNOWN, /* not said: tables made by hand */
    MYO_REP_ORIGIN_HERE,    /* these results */
    MYO_REP_ORIGIN_OTHER    /* other results, or a provenance that cannot be read */
} myo_rep_origin;

typedef struct myo_rep {
    const myo_report_job *job;
    bool is_study;
    bool is_comparison; /* a comparison alone, its results elsewhere: several studies together */
    bool counts_only;   /* a study whose table of people is all there is: no recordings */
    myo_results results; /* of a study */
    myo_tsv comparison;  /* n_cols 0: none */
    myo_rep_origin origin; /* of the comparison; OTHER: it was not read */
    bool unfinished;
    const char *progress;  /* of a study that is unfinished, in words */
    size_t n_all, n_left;  /* its recordings */
    size_t n_damaged;      /* recordings with a table that cannot be read */
    size_t n_people;
    myo_tsv *summary;    /* one each recording, without a study */
    myo_rep_rec *rec;
    size_t n_recs, cap_recs;
    myo_rep_sum *sum; /* by recording */
    size_t n_sums, cap_sums;
    myo_rep_cmp *cmp; /* by role, then as in the table */
    size_t n_cmps;
    myo_distinct settings; /* values of parameters, versions and libraries met, and how often */
    char **text;
    size_t n_text, cap_text;
    myo_page page;
    myo_diag *d;
} myo_rep;

/* A copy that lives as long as the report; "" without memory, which the report then fails with. */
const char *myo_rep_keep(myo_rep *r, const char *s);
/* DIR/STEM + ending, or DIR/ending with stem NULL. */
myo_err myo_rep_path(const myo_rep *r, const char *stem, const char *ending, myo_buf *path);
bool myo_rep_exists(const char *path);
/* The folder has a file of that name; false without memory, which the report then fails with. */
bool myo_rep_has_file(myo_rep *r, const char *name);
/* MYO_ERR_STOPPED once a signal has asked for it: for loops over everything. */
myo_err myo_rep_go_on(const myo_rep *r);
/* Reads a table of the folder; *found false (and MYO_OK) if there is none. Errors name the file. */
myo_err myo_rep_table(myo_rep *r, myo_tsv *t, const char *stem, const char *ending, bool *found);
/* Forwards what is wrong with a table, and clears it. */
myo_err myo_rep_blame(myo_rep *r, const char *stem, const char *ending, myo_err e, myo_diag *why);

/* Everything but the events (read.c). */
myo_err myo_rep_read(myo_rep *r);
void myo_rep_clear(myo_rep *r);
/* Its pieces. */
myo_err myo_rep_read_comparison(myo_rep *r); /* cmp.c */
myo_err myo_rep_find_origin(const myo_rep *r, myo_rep_origin *origin); /* origin.c */
myo_err myo_rep_read_progress(myo_rep *r);                             /* progress.c */
myo_err myo_rep_index_people(myo_rep *r);                              /* who.c */
/* One recording's error is not the page's: MYO_OK, a warning and the recording's reason; what
 * concerns the whole run (no memory, stopped) stays an error. `own` is where it was told; cleared. */
myo_err myo_rep_tolerate(myo_rep *r, size_t rec, myo_err e, myo_diag *own); /* damage.c */
/* Reads the tables of the recordings that will be shown close up once, so that their damage is known
 * before the page begins. */
myo_err myo_rep_try_shown(myo_rep *r); /* damage.c */
myo_err myo_rep_read_summary(myo_rep *r, const myo_tsv *t,
                             size_t rec); /* sums.c; rec SIZE_MAX: by the column stem */
myo_err myo_rep_index_sums(myo_rep *r);   /* sums.c; after the last one */
myo_err myo_rep_read_run(myo_rep *r, myo_rep_rec *rec); /* run.c */
/* The recording's parameters, read anew: they are large, and few recordings are drawn. */
myo_err myo_rep_read_params(myo_rep *r, const myo_rep_rec *rec, myo_params *p);

/* The summary's row, or NULL. */
const myo_rep_sum *myo_rep_sum_of(const myo_rep *r, size_t rec, const char *channel, int type);

/* p was adjusted for other tests: the contrasts of one question, or a family. */
bool myo_cmp_is_adjusted(const myo_rep_cmp *c);
/* What the row allows to be said, by the rule of its sentence. */
myo_claim myo_cmp_claim(const myo_rep_cmp *c);

/* The primary outcome's row; NULL without a comparison. */
const myo_rep_cmp *myo_rep_primary(const myo_rep *r);
/* What is shown of people: that of the primary outcome, jerks per hour in all channels else. */
typedef struct myo_rep_outcome {
    int type; /* myo_class */
    const char *channel, *metric;
} myo_rep_outcome;
myo_rep_outcome myo_rep_outcome_of(const myo_rep *r);

/* --- words (words.c) --- */
/* Of a column of 3.3: "rate", "per hour"; the column's own name and "" for others. */
const char *myo_metric_word(const char *metric);
const char *myo_metric_unit(const char *metric);
/* Of an effect: "rate ratio" for "rate_ratio". dst has 64 bytes. */
const char *myo_effect_word(const char *effect_name, char dst[64]);
bool myo_effect_is_ratio(const char *effect_name);
bool myo_effect_is_per_unit(const char *effect_name); /* a slope */
/* The value of no effect: 1 for ratios, 0 for differences ...; NaN where there is none. */
double myo_effect_none(const char *effect_name);
const char *myo_role_word(myo_rep_role role);

/* --- sections and figures --- */
typedef struct myo_rep_section {
    const char *id, *heading;
    bool (*has)(myo_rep *r);      /* NULL: always there */
    myo_err (*write)(myo_rep *r); /* what stands under the heading */
} myo_rep_section;
extern const myo_rep_section myo_sec_result, myo_sec_people, myo_sec_rates, myo_sec_comparisons,
    myo_sec_quality, myo_sec_recordings, myo_sec_method, myo_sec_parameters, myo_sec_provenance;
/* The sections in order, and a list of them to jump to. */
myo_err myo_rep_write_sections(myo_rep *r);

typedef struct myo_rep_figure {
    const char *section;     /* drawn where it asks for its figures, in the order of figs.c */
    bool (*has)(myo_rep *r); /* something to show? */
    void (*draw)(const myo_rep *r, myo_page *p);
} myo_rep_figure;
/* Every figure of a section. */
void myo_rep_draw(myo_rep *r, const char *section);
bool myo_rep_has_figure(myo_rep *r, const char *section);

#endif
