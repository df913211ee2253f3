/* quasi.c - two rates where events come in clusters: quasi-Poisson (science.md 6.1, 6.2).
 *
 * A count that scatters F times as much as an independent one of the same mean tells as much as n /
 * F independent events in exposure t / F. On these effective numbers stands the score interval of
 * the binomial, with Student's t. Where few clusters make both n and F, F comes out small when n
 * does; so F of each side by itself is not enough, and F pooled over both is wrong if one side
 * clusters more. The wider end of the two is taken.
 *
 * How much counts scatter is looked at in windows as long as a fifth of the session (twelve minutes
 * of an hour), at every bin, the session's end joined to its beginning:
 *
 *   |..:...|.:.....|::...      a cluster that a bin's end would cut is whole in some windows, and
 *    \______/\______/           one that lasts longer than a bin shows at all; windows that overlap
 *       \______/                tell half as much again as those side by side
 *
 * In long sessions windows grow with the square root of the bins only, so that there are more of
 * them: 14 in eight hours. Trains that last minutes are cut by these windows too, the more the
 * shorter the session: if variance over mean still grows from windows of half the length, it goes
 * on growing beyond. Where windows are long against trains what is missing falls as one over their
 * length, so it is the last growth once more; in 20 minutes, with trains of two or three, nearly
 * twice that; and since growth is known as badly as the scatter itself, it is taken three times:
 * with twice, true null hypotheses of long trains are rejected in up to 6.7 %, with three times in
 * 5.5 %. Clusters that happen to come evenly fill all windows alike: so two thirds of what single
 * bins show is the least. Each window that fits beside the others gives 3.2 degrees of freedom, 16
 * for five, more than independent counts on a ring have (6.9), because growth below zero is not
 * taken.
 *
 * Tried before: bins of 180 s side by side (covered 88 to 93 % where clusters last minutes), three
 * tenths of the growth from single bins (91 to 97 %, short sessions of long trains worst), the
 * larger of several scales (97 to 98.5 %), permutation of blocks (to 99.6 %, half as wide again).
 * tests/coverage/one.tsv has the coverage of what is left, for one person. */
#include "base/base.h"
#include "stats/exact.h"
#include "stats/order.h"
#include "stats/stats.h"
#include "stats/tail.h"

/* One side: n events in exposure t scatter as n / f independent ones in t / f. */
typedef struct side {
    double n, t, f, df;
} side;

static const char *why_not(const side *s, double level) {
    return !(s->n >= 0.0)                    ? "a count below zero"
           : !(s->t > 0.0 && isfinite(s->t)) ? "no exposure"
           : !myo_level_ok(level)            ? myo_why_level
                                             : NULL;
}

static bool known(const side *s) {
    return isfinite(s->f) && s->df > 0.0;
}

/* What both sides say of the scatter; f by their own, or pooled in `both`. */
typedef struct pair {
    side ref, con;
    double both, df;
    const char *why;
} pair;

static pair pair_of(side ref, side con, double level) {
    pair p = {ref, con, NAN, 0.0, why_not(&ref, level)};
    p.why = p.why ? p.why : why_not(&con, level);
    if (p.why) {
        return p;
    }
    if (ref.n + con.n == 0.0) {
        p.why = "no event in either";
    } else if (!known(&ref) && !known(&con)) {
        p.why = "the scatter of counts is not known";
    } else {
        p.ref.f = known(&ref) ? ref.f : con.f;
        p.con.f = known(&con) ? con.f : ref.f;
        p.both = fmax(1.0, (p.ref.n * p.ref.f + p.con.n * p.con.f) / (ref.n + con.n));
        p.ref.f = fmax(1.0, p.ref.f);
        p.con.f = fmax(1.0, p.con.f);
        p.df = (known(&ref) ? ref.df : 0.0) + (known(&con) ? con.df : 0.0);
    }
    return p;
}

/* ln odds of the score limits of x of m = x + y, any numbers >= 0, deviate t. Wilson's upper limit
 * is (x + t^2/2 + half) / (m + t^2); the product of both limits gives the lower without
 * cancellation. */
static void score_odds(double x, double y, double t, double *lo, double *hi) {
    const double m = x + y, add = t * sqrt(x * y / m + 0.25 * t * t) + 0.5 * t * t;
    const double both = log1p(t * t / m) - log(x + add) - log(y + add);
    *lo = 2.0 * log(x) + both;
    *hi = -2.0 * log(y) - both;
}

/* Limits of the log rate ratio and the square of t at ratio 1, for given scatter. */
typedef struct score {
    double lo, hi, chi2;
} score;
static score score_of(const pair *p, double f_ref, double f_con, double t) {
    const double x = p->con.n / f_con, y = p->ref.n / f_ref;
    const double odds = p->con.t / f_con / (p->ref.t / f_ref);
    const double expected = (x + y) * odds / (1.0 + odds);
    score s;
    score_odds(x, y, t, &s.lo, &s.hi);
    s.lo -= log(odds);
    s.hi -= log(odds);
    s.chi2 = (x - expected) * (x - expected) / (expected / (1.0 + odds));
    return s;
}

myo_test myo_rate_ratio_quasi(int64_t n_ref, double t_ref, double f_ref, double df_ref,
                              int64_t n_con, double t_con, double f_con, double df_con,
                              double level) {
    const pair p = pair_of((side){(double)n_ref, t_ref, f_ref, df_ref},
                           (side){(double)n_con, t_con, f_con, df_con}, level);
    if (p.why) {
        return myo_test_none(p.why);
    }
    const double t = myo_t_quantile(level, p.df);
    const score pooled = score_of(&p, p.both, p.both, t);
    const score own = score_of(&p, p.ref.f, p.con.f, t);
    return (myo_test){
        .estimate = (p.con.n / t_con) / (p.ref.n / t_ref),
        .low = exp(fmin(pooled.lo, own.lo)),
        .high = exp(fmax(pooled.hi, own.hi)),
        .level = level,
        .p = myo_t_p(sqrt(fmin(pooled.chi2, own.chi2)), p.df),
        .statistic = p.both,
    };
}

/* Score limits of one rate from effective counts. */
static void rate_limits(const side *s, double f, double t, double *lo, double *hi) {
    const double x = s->n / f, tt = 0.5 * t * t, half = t * sqrt(x + 0.25 * t * t);
    *hi = (x + tt + half) * f / s->t;
    *lo = x * x / (x + tt + half) * f / s->t;
}

myo_test myo_rate_difference(int64_t n_ref, double t_ref, double f_ref, double df_ref,
                             int64_t n_con, double t_con, double f_con, double df_con,
                             double level) {
    const pair p = pair_of((side){(double)n_ref, t_ref, f_ref, df_ref},
                           (side){(double)n_con, t_con, f_con, df_con}, level);
    if (p.why) {
        return myo_test_none(p.why);
    }
    const double t = myo_t_quantile(level, p.df);
    const double ref = p.ref.n / t_ref, con = p.con.n / t_con;
    double below = 0.0, above = 0.0;
    for (int own = 0; own < 2; own++) {
        double ref_lo, ref_hi, con_lo, con_hi;
        rate_limits(&p.ref, own ? p.ref.f : p.both, t, &ref_lo, &ref_hi);
        rate_limits(&p.con, own ? p.con.f : p.both, t, &con_lo, &con_hi);
        below = fmax(below, hypot(con - con_lo, ref_hi - ref));
        above = fmax(above, hypot(con_hi - con, ref - ref_lo));
    }
    return (myo_test){
        .estimate = con - ref,
        .low = con - ref - below,
        .high = con - ref + above,
        .level = level,
        .p = NAN,
        .statistic = p.both,
    };
}

/* --- how much counts scatter --- */

static double exposure_of(const double *exposure, size_t i) {
    return exposure ? exposure[i] : 1.0;
}

static size_t n_exposed(const double *exposure, size_t n) {
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        used += exposure_of(exposure, i) > 0.0;
    }
    return used;
}

/* Bins of a window, of n. */
static size_t window_of(size_t n) {
    const double bins = (double)n;
    return (size_t)fmax(1.0, round(fmin(0.2 * bins, sqrt(3.2 * bins))));
}

/* Bins with exposure, as a ring. */
typedef struct ring {
    double *count, *time;
    size_t n;
} ring;

static ring ring_of(const double *count, const double *exposure, size_t n, double *room) {
    ring r = {room, room + n, 0};
    for (size_t i = 0; i < n; i++) {
        if (exposure_of(exposure, i) > 0.0) {
            r.count[r.n] = count[i];
            r.time[r.n++] = exposure_of(exposure, i);
        }
    }
    return r;
}

static double sum_of(const double *v, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += v[i];
    }
    return sum;
}

/* Variance over mean in the n windows of w bins; the rate being fitted to them, their squared
 * distances from expectation come out short by 1 - w / n. With w = 1: myo_fano. */
static double scatter_in(const ring *r, size_t w) {
    const double rate = sum_of(r->count, r->n) / sum_of(r->time, r->n);
    double sum = 0.0, y = sum_of(r->count, w), t = sum_of(r->time, w);
    for (size_t i = 0; i < r->n; i++) {
        sum += (y - rate * t) * (y - rate * t) / (rate * t);
        y += r->count[(i + w) % r->n] - r->count[i];
        t += r->time[(i + w) % r->n] - r->time[i];
    }
    return sum / (double)(r->n - w);
}

static myo_scatter scatter_of(const ring *r) {
    const size_t w = window_of(r->n);
    const double bins = (double)r->n, windows = bins / (double)w;
    myo_scatter s = {NAN, fmin(3.2 * windows, bins - 1.0), NAN, fmin(1.38 * windows, bins - 1.0)};
    if (sum_of(r->count, r->n) > 0.0) {
        const double wide = scatter_in(r, w), growth = wide - scatter_in(r, w > 1 ? w / 2 : 1);
        const double least = 2.0 / 3.0 * scatter_in(r, 1);
        s.seen = fmax(wide, least);
        s.f = fmax(wide + 3.0 * fmax(0.0, growth), least);
    }
    return s;
}

myo_err myo_scatter_of(const double *count, const double *exposure, size_t n, myo_scatter *out) {
    double *room = myo_alloc(2 * n + 1, sizeof *room);
    if (!room) {
        return MYO_ERR_NOMEM;
    }
    const ring r = ring_of(count, exposure, n, room);
    *out = (myo_scatter){NAN, 0.0, NAN, 0.0};
    if (r.n > 1) {
        *out = scatter_of(&r);
    }
    myo_free(room);
    return MYO_OK;
}

myo_test myo_dispersion(const double *count, const double *exposure, size_t n) {
    const size_t used = n_exposed(exposure, n);
    if (used < 2) {
        return myo_test_none("fewer than two bins");
    }
    const double fano = myo_fano(count, exposure, n), df = (double)(used - 1);
    if (isnan(fano)) {
        return myo_test_none("no event");
    }
    return (myo_test){
        .estimate = fano,
        .low = NAN,
        .high = NAN,
        .level = NAN,
        .p = myo_chi2_p(fano * df, df),
        .statistic = fano * df,
    };
}
