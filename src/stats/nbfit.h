/* nbfit.h - maximum likelihood of NB2 counts (Var = mu + kappa mu^2) with a rate for each stratum.
 *
 * For a fixed kappa the rate of a stratum is the one zero of a falling function, and kappa's own
 * score is then a function of one variable: nothing here can run away. Rows whose exposure is not
 * > 0 are left out; the caller has checked the others. */
#ifndef MYO_STATS_NBFIT_H
#define MYO_STATS_NBFIT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct myo_nb_data {
    const double *count;
    const double *exposure; /* NULL: all 1 */
    const int *arm;         /* 0 or 1; NULL: all 0 */
    size_t n;
} myo_nb_data;

/* split: each arm has its own rate. Else arm 1 has the rate of arm 0 times exp(beta). */
typedef struct myo_nb_model {
    const myo_nb_data *data;
    bool split;
    double beta;
} myo_nb_model;

typedef struct myo_nb_fit {
    double kappa;       /* 0: Poisson */
    bool at_edge;       /* the likelihood still rises at the largest kappa tried, which this is */
    double log_rate[2]; /* -INFINITY: no event */
    double loglik;      /* without log y! */
    double weight[2];   /* sum of mu / (1 + kappa mu) over each arm: information of its log rate */
} myo_nb_fit;

/* The rates at this kappa, and what else holds there. */
myo_nb_fit myo_nb_at(const myo_nb_model *m, double kappa);
myo_nb_fit myo_nb_maximum(const myo_nb_model *m);

/* Rows used, in each arm, and their events. */
void myo_nb_totals(const myo_nb_data *d, size_t rows[2], double events[2]);

#endif
