/* law.c - binomial and Fisher's noncentral hypergeometric law: probabilities, tails, limits.
 *
 * A probability at one point comes from Loader's saddle-point form, which keeps its digits at any
 * n; sums run from that point away from the mode by the ratio of neighbours, so every term counts
 * and none cancels. */
#include "stats/law.h"
#include <float.h>
#include <math.h>
#include "stats/tail.h"

/* ln(n!) - ln(sqrt(2 pi n) (n/e)^n): factorials while they are exact, then Stirling's series. */
static double stirling_error(double n) {
    static const double half_ln_2pi = 0.91893853320467274178;
    if (n < 16.0) {
        double factorial = 1.0;
        for (double i = 2.0; i <= n; i += 1.0) {
            factorial *= i;
        }
        return log(factorial) - (half_ln_2pi + (n + 0.5) * log(n) - n);
    }
    const double r = 1.0 / (n * n);
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - r / 1188.0) * r) * r) * r) /
           n;
}

/* x ln(x / m) + m - x, without loss where x is near m (Loader 2000, section 3). */
static double deviance(double x, double m) {
    const double v = (x - m) / (x + m);
    if (fabs(v) >= 0.1) {
        return x * log(x / m) + m - x;
    }
    double sum = (x - m) * v, power = 2.0 * x * v;
    for (int j = 3; j < 60; j += 2) {
        power *= v * v;
        const double next = sum + power / j;
        if (next == sum) {
            break;
        }
        sum = next;
    }
    return sum;
}

/* ln P(k of n) with probability p = 1 - q. */
static double ln_binomial(int64_t k, int64_t n, double p, double q) {
    const double x = (double)k, y = (double)(n - k), t = (double)n;
    if (k == 0) {
        return n == 0 ? 0.0 : t * (p < 0.5 ? log1p(-p) : log(q));
    }
    if (k == n) {
        return t * (q < 0.5 ? log1p(-q) : log(p));
    }
    return stirling_error(t) - stirling_error(x) - stirling_error(y) - deviance(x, t * p) -
           deviance(y, t * q) + 0.5 * log(t / (2.0 * M_PI * x * y));
}

myo_law myo_law_binomial(int64_t n) {
    return (myo_law){0, n, n, 0, 0, true};
}

myo_law myo_law_fisher(int64_t n1, int64_t n0, int64_t m) {
    return (myo_law){m > n0 ? m - n0 : 0, m < n1 ? m : n1, n1, n0, m, false};
}

/* P(k + 1) / P(k), for lo <= k < hi. */
static double ratio(const myo_law *l, double odds, int64_t k) {
    const double r = (double)(l->n1 - k) / (double)(k + 1) * odds;
    return l->binomial ? r : r * (double)(l->m - k) / (double)(l->n0 - l->m + k + 1);
}

/* Success probability in the n1 trials: given, or such that both groups together expect m (the
 * saddle point, near which the weights below keep all their digits). *q0: odds in the n0 trials. */
static double success_odds(const myo_law *l, double odds, double *odds0) {
    *odds0 = 1.0;
    if (l->binomial) {
        return odds;
    }
    /* With w the odds of the n0: n1 odds w / (1 + odds w) + n0 w / (1 + w) = m. */
    const double n1 = (double)l->n1, n0 = (double)l->n0, m = (double)l->m;
    const double a = odds * (n1 + n0 - m), b = odds * (n1 - m) + n0 - m;
    const double root = sqrt(b * b + 4.0 * a * m);
    *odds0 = b > 0.0 ? 2.0 * m / (b + root) : (root - b) / (2.0 * a);
    return odds * *odds0;
}

/* ln of a weight proportional to P(k); of P(k) itself for the binomial. */
static double ln_weight(const myo_law *l, double odds, int64_t k) {
    double odds0;
    const double w = success_odds(l, odds, &odds0);
    const double p = w / (1.0 + w), q = 1.0 / (1.0 + w);
    const double own = ln_binomial(k, l->n1, p, q);
    return l->binomial
               ? own
               : own + ln_binomial(l->m - k, l->n0, odds0 / (1.0 + odds0), 1.0 / (1.0 + odds0));
}

static int64_t mode_of(const myo_law *l, double odds) {
    double odds0;
    const double w = success_odds(l, odds, &odds0);
    int64_t k = (int64_t)((double)l->n1 * (w / (1.0 + w)));
    k = k < l->lo ? l->lo : k > l->hi ? l->hi : k;
    while (k < l->hi && ratio(l, odds, k) > 1.0) {
        k++;
    }
    while (k > l->lo && ratio(l, odds, k - 1) < 1.0) {
        k--;
    }
    return k;
}

/* Sums over the outcomes beyond k, away from the mode, in units of P(k): of P, and of P times the
 * distance from k. */
typedef struct beyond {
    double sum, moment;
} beyond;
static beyond sum_beyond(const myo_law *l, double odds, int64_t k, bool below) {
    beyond b = {0.0, 0.0};
    double term = 1.0;
    for (int64_t i = k; below ? i > l->lo : i < l->hi; i += below ? -1 : 1) {
        term *= below ? 1.0 / ratio(l, odds, i - 1) : ratio(l, odds, i);
        b.sum += term;
        b.moment += term * fabs((double)(i - k) + (below ? -1.0 : 1.0));
        if (term < 1e-18 * b.sum) {
            break;
        }
    }
    return b;
}

static double ln_total(const myo_law *l, double odds, int64_t mode) {
    if (l->binomial) {
        return 0.0;
    }
    return ln_weight(l, odds, mode) +
           log(1.0 + sum_beyond(l, odds, mode, true).sum + sum_beyond(l, odds, mode, false).sum);
}

double myo_law_ln_tail(const myo_law *law, double theta, int64_t k, double weight, bool below) {
    if (k < law->lo || k > law->hi) {
        return (k < law->lo) == below ? -INFINITY : 0.0;
    }
    const double odds = exp(theta);
    const int64_t mode = mode_of(law, odds);
    const double ln_k = ln_weight(law, odds, k) - ln_total(law, odds, mode);
    if (below ? k <= mode : k >= mode) {
        return ln_k + log(weight + sum_beyond(law, odds, k, below).sum);
    }
    const double rest = exp(ln_k) * (1.0 - weight + sum_beyond(law, odds, k, !below).sum);
    return rest < 1.0 ? log1p(-rest) : -INFINITY;
}

double myo_law_mean(const myo_law *law, double theta) {
    const double odds = exp(theta);
    const int64_t mode = mode_of(law, odds);
    const beyond lower = sum_beyond(law, odds, mode, true);
    const beyond upper = sum_beyond(law, odds, mode, false);
    return (double)mode + (upper.moment - lower.moment) / (1.0 + lower.sum + upper.sum);
}

double myo_law_minlike(const myo_law *law, double theta, int64_t k) {
    static const double slack = 1e-7;
    const double odds = exp(theta);
    const int64_t mode = mode_of(law, odds);
    const double most = ln_weight(law, odds, k) + log1p(slack);
    if (most >= ln_weight(law, odds, mode)) {
        return 1.0;
    }
    /* The first outcome across the mode that is no likelier. */
    const bool across_below = k > mode;
    int64_t near = mode, far = across_below ? law->lo : law->hi;
    if (ln_weight(law, odds, far) > most) {
        return exp(myo_law_ln_tail(law, theta, k, 1.0, !across_below));
    }
    while (far - near > 1 || near - far > 1) {
        const int64_t mid = near + (far - near) / 2;
        if (ln_weight(law, odds, mid) > most) {
            near = mid;
        } else {
            far = mid;
        }
    }
    const double p = exp(myo_law_ln_tail(law, theta, k, 1.0, !across_below)) +
                     exp(myo_law_ln_tail(law, theta, far, 1.0, across_below));
    return p < 1.0 ? p : 1.0;
}

double myo_law_midp(const myo_law *law, double theta, int64_t k) {
    const double upper = exp(myo_law_ln_tail(law, theta, k, 0.5, false));
    const double lower = exp(myo_law_ln_tail(law, theta, k, 0.5, true));
    return fmin(1.0, 2.0 * fmin(upper, lower));
}

/* --- theta for a given tail or mean --- */

typedef struct target {
    const myo_law *law;
    int64_t k;
    double weight, ln_tail;
    bool below, mean;
} target;

static double excess(double theta, const void *user) {
    const target *t = user;
    if (t->mean) {
        return myo_law_mean(t->law, theta) - (double)t->k;
    }
    return myo_law_ln_tail(t->law, theta, t->k, t->weight, t->below) - t->ln_tail;
}

/* ln odds ratio of the table (or odds of the proportion), 1/2 added to each cell. */
static double first_guess(const myo_law *l, int64_t k) {
    const double own = log(((double)k + 0.5) / ((double)(l->n1 - k) + 0.5));
    if (l->binomial) {
        return own;
    }
    return own - log(((double)(l->m - k) + 0.5) / ((double)(l->n0 - l->m + k) + 0.5));
}

/* Widen from the guess until the sign changes. Odds stay far from overflow. */
static double solve(const target *t) {
    const double start = first_guess(t->law, t->k);
    double lo = start - 0.5, hi = start + 0.5;
    for (double step = 0.5; step < 600.0; step *= 2.0) {
        const bool at_lo = excess(lo, t) < 0.0, at_hi = excess(hi, t) < 0.0;
        if (at_lo != at_hi) {
            return myo_root(excess, t, lo, hi);
        }
        lo -= step;
        hi += step;
    }
    return NAN;
}

void myo_law_limits(const myo_law *law, int64_t k, double level, double weight, double *lo,
                    double *hi) {
    target t = {law, k, weight, log(0.5 * (1.0 - level)), false, false};
    *lo = k == law->lo ? -INFINITY : solve(&t);
    t.below = true;
    *hi = k == law->hi ? INFINITY : solve(&t);
}

double myo_law_estimate(const myo_law *law, int64_t k) {
    if (k == law->lo || k == law->hi) {
        return k == law->lo ? -INFINITY : INFINITY;
    }
    const target t = {law, k, 1.0, 0.0, false, true};
    return solve(&t);
}
