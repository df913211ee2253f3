/* nbfit.c - the likelihood of NB2 counts, stable from kappa = 0 on. */
#include <float.h>
#include <math.h>
#include "stats/nbfit.h"
#include "stats/tail.h"

enum {
    HEAD = 64,        /* terms of a sum over 0 .. y-1 that are added one by one */
    NEWTON_MAX = 100, /* steps; 5 to 10 are usual, halving alone needs 60 */
    PER_DECADE = 2    /* places where the score of kappa is looked at */
};
#define KAPPA_MAX 1e4    /* SD 100 times the mean */
#define SETTLED 1e-9     /* a Newton step this small leaves an error of about its square */
#define SMALL_SHARE 1e-4 /* first kappa looked at: kappa times the mean count */

static double exposure_of(const myo_nb_data *d, size_t i) {
    return d->exposure ? d->exposure[i] : 1.0;
}

static int arm_of(const myo_nb_data *d, size_t i) {
    return d->arm ? d->arm[i] : 0;
}

void myo_nb_totals(const myo_nb_data *d, size_t rows[2], double events[2]) {
    rows[0] = rows[1] = 0;
    events[0] = events[1] = 0.0;
    for (size_t i = 0; i < d->n; i++) {
        if (exposure_of(d, i) > 0.0) {
            rows[arm_of(d, i)]++;
            events[arm_of(d, i)] += d->count[i];
        }
    }
}

/* ((1 + u) log(1 + u) - u) / u, which is u/2 - u^2/6 + ... */
static double entropy_share(double u) {
    return u < 1e-5 ? u * (0.5 - u * (1.0 / 6.0 - u / 12.0)) : (1.0 + u) * log1p(u) / u - 1.0;
}

/* (u - log(1 + u)) / u^2, which is 1/2 - u/3 + ... */
static double log_gap(double u) {
    if (u > 0.02) {
        return (u - log1p(u)) / (u * u);
    }
    double sum = 0.0;
    for (int k = 10; k >= 2; k--) {
        sum = 1.0 / k - u * sum;
    }
    return sum;
}

/* (log(1 + u) - u / (1 + u)) / u^2, which is 1/2 - 2u/3 + ... */
static double score_gap(double u) {
    return 1.0 / (1.0 + u) - log_gap(u);
}

/* Sum over j = 0 .. y-1 of log(1 + kappa j): log Gamma(y + 1/kappa) - log Gamma(1/kappa) + y log
 * kappa, without its cancellation. Euler and Maclaurin's formula after the first terms: under 1e-12
 * off. */
static double log_rising(double y, double kappa) {
    double sum = 0.0;
    for (int j = 1; j < HEAD && j < y; j++) {
        sum += log1p(kappa * j);
    }
    if (y <= HEAD) {
        return sum;
    }
    const double a = HEAD, da = kappa / (1.0 + kappa * a), dy = kappa / (1.0 + kappa * y);
    sum += y * entropy_share(kappa * y) - a * entropy_share(kappa * a);
    sum -= 0.5 * (log1p(kappa * y) - log1p(kappa * a));
    sum += (dy - da) / 12.0;
    sum -= 2.0 * (pow(dy, 3) - pow(da, 3)) / 720.0;
    return sum + 24.0 * (pow(dy, 5) - pow(da, 5)) / 30240.0;
}

/* Its derivative by kappa: sum of j / (1 + kappa j). */
static double rising_score(double y, double kappa) {
    double sum = 0.0;
    for (int j = 1; j < HEAD && j < y; j++) {
        sum += j / (1.0 + kappa * j);
    }
    if (y <= HEAD) {
        return sum;
    }
    const double a = HEAD, ra = 1.0 / (1.0 + kappa * a), ry = 1.0 / (1.0 + kappa * y);
    sum += y * y * log_gap(kappa * y) - a * a * log_gap(kappa * a);
    sum -= 0.5 * (y * ry - a * ra);
    sum += (ry * ry - ra * ra) / 12.0;
    sum -= 6.0 * kappa * kappa * (pow(ry, 4) - pow(ra, 4)) / 720.0;
    return sum + 120.0 * pow(kappa, 4) * (pow(ry, 6) - pow(ra, 6)) / 30240.0;
}

/* Rows of one stratum: one arm with its own rate, or both. */
typedef struct stratum {
    const myo_nb_model *m;
    int arm;     /* -1: both, */
    double lift; /* arm 1 with this many times the rate */
} stratum;

static stratum stratum_of(const myo_nb_model *m, int k) {
    return m->split ? (stratum){m, k, 1.0} : (stratum){m, -1, exp(m->beta)};
}

/* Expected count of row i at rate 1, 0 if the row is not of the stratum. */
static double unit_mean(const stratum *s, size_t i) {
    const myo_nb_data *d = s->m->data;
    const double t = exposure_of(d, i);
    const int arm = arm_of(d, i);
    if (!(t > 0.0) || (s->arm >= 0 && arm != s->arm)) {
        return 0.0;
    }
    return arm == 1 ? t * s->lift : t;
}

/* Score of the log rate, and minus its slope. */
static double rate_score(const stratum *s, double kappa, double rate, double *info) {
    double score = 0.0;
    *info = 0.0;
    for (size_t i = 0; i < s->m->data->n; i++) {
        const double mu = rate * unit_mean(s, i);
        if (mu > 0.0) {
            const double y = s->m->data->count[i], v = 1.0 + kappa * mu;
            score += (y - mu) / v;
            *info += mu * (1.0 + kappa * y) / (v * v);
        }
    }
    return score;
}

/* The rate with kappa = 0, and the largest rate of a row: the one sought lies below that. */
static double pooled_rate(const stratum *s, double *highest) {
    double events = 0.0, time = 0.0;
    *highest = 0.0;
    for (size_t i = 0; i < s->m->data->n; i++) {
        const double t = unit_mean(s, i), y = s->m->data->count[i];
        if (t > 0.0) {
            events += y;
            time += t;
            *highest = fmax(*highest, y / t);
        }
    }
    return events > 0.0 ? events / time : 0.0;
}

/* The score falls from the number of events at rate 0: one zero. Newton's steps on the log scale,
 * kept within what is known to hold it. */
static double log_rate_of(const stratum *s, double kappa) {
    double highest;
    const double start = pooled_rate(s, &highest);
    if (!(start > 0.0)) {
        return -INFINITY;
    }
    double x = log(start), low = -INFINITY, high = log(highest) + 1e-9;
    for (int i = 0; i < NEWTON_MAX && kappa > 0.0; i++) {
        double info;
        const double score = rate_score(s, kappa, exp(x), &info);
        if (score == 0.0) {
            break;
        }
        *(score > 0.0 ? &low : &high) = x;
        double next = x + score / info;
        const bool newton = next > low && next < high;
        if (!newton) {
            next = isinf(low) ? x - 1.0 : 0.5 * (low + high);
        }
        const double moved = fabs(next - x) / fmax(1.0, fabs(x));
        x = next;
        if (moved <= (newton ? SETTLED : DBL_EPSILON)) {
            break;
        }
    }
    return x;
}

/* Add the log likelihood and the information of the rows of one stratum. */
static void add_rows(myo_nb_fit *f, const stratum *s, double log_rate) {
    for (size_t i = 0; i < s->m->data->n; i++) {
        const double unit = unit_mean(s, i), mu = exp(log_rate) * unit;
        if (!(mu > 0.0)) {
            continue; /* nothing expected, nothing seen: no part in the likelihood */
        }
        const double y = s->m->data->count[i], u = f->kappa * mu;
        const double log_v = log1p(u), waste = u > 0.0 ? mu * (log_v / u) : mu;
        f->loglik += log_rising(y, f->kappa) + (y > 0.0 ? y * log(mu) : 0.0) - y * log_v - waste;
        f->weight[arm_of(s->m->data, i)] += mu / (1.0 + u);
    }
}

myo_nb_fit myo_nb_at(const myo_nb_model *m, double kappa) {
    myo_nb_fit f = {.kappa = kappa};
    for (int k = 0; k < (m->split ? 2 : 1); k++) {
        const stratum s = stratum_of(m, k);
        f.log_rate[k] = log_rate_of(&s, kappa);
        add_rows(&f, &s, f.log_rate[k]);
    }
    if (!m->split) {
        f.log_rate[1] = f.log_rate[0] + m->beta;
    }
    return f;
}

/* Slope of the likelihood by kappa with the rates at their best, where they have none. */
static double kappa_score(double kappa, const void *model) {
    const myo_nb_model *m = model;
    double score = 0.0;
    for (int k = 0; k < (m->split ? 2 : 1); k++) {
        const stratum s = stratum_of(m, k);
        const double rate = exp(log_rate_of(&s, kappa));
        for (size_t i = 0; i < m->data->n; i++) {
            const double mu = rate * unit_mean(&s, i), y = m->data->count[i], u = kappa * mu;
            if (mu > 0.0) {
                score += rising_score(y, kappa) + mu * mu * score_gap(u) - y * mu / (1.0 + u);
            }
        }
    }
    return score;
}

static double mean_count(const myo_nb_data *d) {
    size_t rows[2];
    double events[2];
    myo_nb_totals(d, rows, events);
    return (events[0] + events[1]) / (double)(rows[0] + rows[1]);
}

/* The likelihood may have more than one top: each fall of the score through zero is one, and so is
 * kappa = 0 where the score begins below, and the last kappa where it ends above. */
myo_nb_fit myo_nb_maximum(const myo_nb_model *m) {
    double last = 0.0, score = kappa_score(0.0, m);
    bool found = !(score > 0.0);
    myo_nb_fit best = found ? myo_nb_at(m, 0.0) : (myo_nb_fit){.loglik = -INFINITY};
    const double factor = pow(10.0, 1.0 / PER_DECADE);
    double kappa = SMALL_SHARE / fmax(1.0, mean_count(m->data));
    for (; kappa < KAPPA_MAX * factor; kappa *= factor) {
        const double last_score = score;
        score = kappa_score(kappa, m);
        if (last_score > 0.0 && score <= 0.0) {
            const myo_nb_fit top = myo_nb_at(m, myo_root(kappa_score, m, last, kappa));
            best = !found || top.loglik > best.loglik ? top : best;
            found = true;
        }
        last = kappa;
    }
    const myo_nb_fit end = score > 0.0 ? myo_nb_at(m, last) : best;
    if (score > 0.0 && (!found || end.loglik > best.loglik)) {
        best = end;
        best.at_edge = true;
    }
    return best;
}
