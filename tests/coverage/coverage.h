/* coverage.h - simulated studies, and how often an interval holds the truth. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/base.h"
#include "compare/compare.h"

#define COV_LEVEL 0.95

/* --- how events come (laws.c) --- */

typedef enum cov_law {
    COV_POISSON,   /* each for itself: F = 1 */
    COV_GEOMETRIC, /* clusters of geometric size, mean 2, within a second or so: F = 3 */
    COV_FIXED,     /* clusters of three, within a second or so: F = 3 */
    COV_SECONDS,   /* as geometric, but one event every 5 s on average: trains of some seconds */
    COV_MINUTES,   /* as geometric, but one event a minute on average: trains of minutes */
    COV_N_LAW
} cov_law;
extern const char *const cov_law_name[COV_N_LAW];
double cov_law_fano(cov_law law); /* variance over mean of counts in long spans */

/* The random numbers of one trial of a case. */
myo_rng cov_rng(uint64_t seed, int64_t trial);
int64_t cov_poisson(myo_rng *r, double mean);
/* How many events come in a session that holds `mean` of them on average (clusters not cut by its
 * ends). */
int64_t cov_count(myo_rng *r, cov_law law, double mean);
/* Onsets within 0..length_s, of a process that has been going on before; at most `cap` of them, in
 * order. */
size_t cov_onsets(myo_rng *r, cov_law law, double mean, double length_s, double *onset, size_t cap);

/* --- cases --- */

/* One study of a case, as its headline reports it. */
typedef struct cov_trial {
    bool made;             /* there is an interval */
    bool below, above;     /* the truth is below its low end, above its high end */
    bool tested, rejected; /* there is p; it is at most 0.05 */
    bool wide;             /* one person: the interval that allows for clusters */
    double level;          /* as reported */
    double width;          /* high / low; NaN: not looked for */
} cov_trial;
/* From the test itself, ratios. */
cov_trial cov_trial_of(double low, double high, double level, double p, double truth);

/* What a case's trials say together. NaN: not known. */
typedef struct cov_row {
    int64_t trials; /* 0: all outcomes, each with its probability */
    double failed;  /* share without an interval */
    double coverage, se, below, above, rejected, level, width, wide;
    double covers_wide, covers_exact;      /* coverage of wide intervals, of the others */
    double first_coverage, first_rejected; /* of fewer trials that had this case simulated again */
} cov_row;

/* A case: settings, and how to make one trial of it. Unused settings are 0. */
typedef struct cov_case {
    const char *table, *method;
    char name[72];        /* unique in its table */
    cov_law law, law_ref; /* of the contrast, of the reference */
    double n_ref, n_con;  /* people, or expected events in the reference and the contrast */
    double ratio;         /* contrast over reference: the truth */
    double hours_ref, hours_con;
    double mean;              /* expected events of a person in the reference session */
    double sd_rate, sd_ratio; /* between people, of the logarithms */
    double risk_ref;
    bool unequal;    /* exposures differ between people */
    bool tells_wide; /* the headline is one of two intervals */
    bool supports;   /* not a headline: no bar */
    cov_trial (*trial)(const struct cov_case *c, myo_rng *r);
    /* Instead of trials: by all outcomes. */
    void (*exactly)(const struct cov_case *c, struct cov_row *row);
} cov_case;

/* --- a comparison without files (bench.c) --- */

/* Names for one channel and class, conditions or groups 0 and 1. The class's rate is exploratory:
 * its headline alone is made. */
typedef struct cov_bench {
    myo_diag d;
    const char *dir;
    myo_study_row recording;
    myo_compare_job job;
    myo_comparison c;
} cov_bench;
void cov_bench_init(cov_bench *b, const char *channel);
void cov_bench_clear(cov_bench *b);
/* The first row of that metric, as a trial; all rows are taken away. */
cov_trial cov_bench_take(cov_bench *b, myo_metric_id metric, double truth);

/* n events of a person (or session) in so many hours. */
myo_pooled cov_cell(int who, int condition, int64_t n, double hours, double fano);
/* As summary.tsv has it: variance over mean of counts in whole minutes; NaN under two minutes. */
double cov_fano(const double *onset, size_t n, double length_s);

/* --- the list --- */

/* Cases to be run. */
typedef struct cov_list {
    cov_case *item;
    size_t n, cap;
} cov_list;
void cov_add(cov_list *l, const cov_case *c);

void cov_cases_one(cov_list *l);   /* one.c: one person, two sessions */
void cov_cases_pairs(cov_list *l); /* pairs.c: the same people twice */
void cov_cases_risks(cov_list *l); /* risks.c: who had the event, in two arms */
void cov_cases_arms(cov_list *l);  /* arms.c: counts of people in two arms */

_Noreturn void cov_stop(const char *what, const char *why);

#endif
