/* agree.c - weighted kappa, intraclass correlation, measurement error. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include "base/base.h"
#include "stats/agree.h"
#include "stats/tail.h"

enum { MAX_GRADES = 64 };
#define COUNT_MAX 1e12

/* --- weighted kappa --- */

typedef struct ratings {
    const int64_t *n;
    int k;
    double total;
    double row[MAX_GRADES], col[MAX_GRADES]; /* shares */
    bool quadratic;
} ratings;

static double weight(const ratings *r, int a, int b) {
    const double d = (double)abs(a - b) / (double)(r->k - 1);
    return 1.0 - (r->quadratic ? d * d : d);
}

static const char *gather(ratings *r, const int64_t *table, int k, myo_kappa_weight w) {
    *r = (ratings){.n = table, .k = k, .quadratic = w == MYO_KAPPA_QUADRATIC};
    if (k < 2 || k > MAX_GRADES) {
        return "fewer than 2 or more than 64 grades";
    }
    for (int i = 0; i < k * k; i++) {
        if (!(table[i] >= 0 && (double)table[i] <= COUNT_MAX)) {
            return "a number of people is out of range";
        }
        r->total += (double)table[i];
        r->row[i / k] += (double)table[i];
        r->col[i % k] += (double)table[i];
    }
    for (int g = 0; g < k && r->total > 0.0; g++) {
        r->row[g] /= r->total;
        r->col[g] /= r->total;
    }
    return r->total >= 2.0 ? NULL : "fewer than two people graded by both";
}

/* Mean weight of grade g given by one, over what the other gives. */
static double mean_weight(const ratings *r, int g, const double *other) {
    double sum = 0.0;
    for (int b = 0; b < r->k; b++) {
        sum += other[b] * weight(r, g, b);
    }
    return sum;
}

/* Fleiss, Cohen, Everitt 1969: variances of kappa, without and with independence, times n. */
static void kappa_variances(const ratings *r, double po, double pe, double *free, double *null) {
    double of_row[MAX_GRADES], of_col[MAX_GRADES], a = 0.0, b = 0.0;
    for (int g = 0; g < r->k; g++) {
        of_row[g] = mean_weight(r, g, r->col);
        of_col[g] = mean_weight(r, g, r->row);
    }
    for (int i = 0; i < r->k; i++) {
        for (int j = 0; j < r->k; j++) {
            const double w = weight(r, i, j), mean = of_row[i] + of_col[j];
            const double x = w * (1.0 - pe) - mean * (1.0 - po), y = w - mean;
            a += (double)r->n[i * r->k + j] / r->total * x * x;
            b += r->row[i] * r->col[j] * y * y;
        }
    }
    const double c = po * pe - 2.0 * pe + po, q = 1.0 - pe;
    *free = fmax(0.0, a - c * c) / (q * q * q * q);
    *null = fmax(0.0, b - pe * pe) / (q * q);
}

static myo_test kappa_of(const ratings *r, double level) {
    double po = 0.0, pe = 0.0, disagree = 0.0;
    for (int i = 0; i < r->k; i++) {
        for (int j = 0; j < r->k; j++) {
            const double w = weight(r, i, j), share = (double)r->n[i * r->k + j] / r->total;
            po += w * share;
            pe += w * r->row[i] * r->col[j];
            disagree += i == j ? 0.0 : share;
        }
    }
    if (!(1.0 - pe > 1e-14)) {
        return myo_test_none("both graders gave everybody the same grade");
    }
    double free, null;
    kappa_variances(r, po, pe, &free, &null);
    const double kappa = (po - pe) / (1.0 - pe), z = kappa / sqrt(null / r->total);
    const double half = myo_z_quantile(level) * sqrt(free / r->total);
    const bool perfect = !(disagree > 0.0), exact = perfect || !(free > 1e-13);
    return (myo_test){.estimate = perfect ? 1.0 : kappa,
                      .low = exact ? NAN : fmax(-1.0, kappa - half),
                      .high = exact ? NAN : fmin(1.0, kappa + half),
                      .level = level,
                      .p = myo_z_p(z),
                      .statistic = z};
}

myo_test myo_weighted_kappa(const int64_t *table, int k, myo_kappa_weight w, double level) {
    ratings r;
    const char *wrong = gather(&r, table, k, w);
    if (!wrong && !(level > 0.0 && level < 1.0)) {
        wrong = "the level is not between 0 and 1";
    }
    return wrong ? myo_test_none(wrong) : kappa_of(&r, level);
}

/* --- repeated measurements --- */

static myo_reliability unreliable(const char *why) {
    return (myo_reliability){
        .icc = myo_test_none(why), .mean = NAN, .sem = NAN, .mdc = NAN, .why = why};
}

double myo_mdc_of(double sem) {
    return 1.96 * M_SQRT2 * sem; /* the constant of the definition, not the quantile */
}

double myo_mdc_percent(double mdc_log) {
    return mdc_log >= 0.0 ? -100.0 * expm1(-mdc_log) : NAN;
}

static double mean_of(const double *x, size_t n, size_t step) {
    double sum = 0.0, rest = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i * step];
    }
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        rest += x[i * step] - mean;
    }
    return mean + rest / (double)n;
}

/* Mean squares of a complete table: people, sessions, and what is left. */
typedef struct squares {
    double mean, people, sessions, rest;
    double n, k;
} squares;

/* A mean square, or 0 if it is no more than what rounding leaves of equal values. */
static double beyond_rounding(double mean_square, double largest) {
    return sqrt(mean_square) > 8.0 * DBL_EPSILON * largest ? mean_square : 0.0;
}

static double largest_of(const double *x, size_t n) {
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(x[i]));
    }
    return largest;
}

static squares squares_of(const double *x, size_t n, size_t k) {
    squares s = {.mean = mean_of(x, n * k, 1), .n = (double)n, .k = (double)k};
    for (size_t i = 0; i < n; i++) {
        const double d = mean_of(x + i * k, k, 1) - s.mean;
        s.people += s.k * d * d / (s.n - 1.0);
    }
    for (size_t j = 0; j < k; j++) {
        const double session = mean_of(x + j, n, k);
        s.sessions += s.n * (session - s.mean) * (session - s.mean) / (s.k - 1.0);
        for (size_t i = 0; i < n; i++) {
            const double d = x[i * k + j] - mean_of(x + i * k, k, 1) - session + s.mean;
            s.rest += d * d / ((s.n - 1.0) * (s.k - 1.0));
        }
    }
    const double largest = largest_of(x, n * k);
    s.people = beyond_rounding(s.people, largest);
    s.sessions = beyond_rounding(s.sessions, largest);
    s.rest = beyond_rounding(s.rest, largest);
    return s;
}

/* McGraw and Wong 1996, table 7, ICC(A,1); degrees of freedom after Satterthwaite. */
static void agreement_limits(const squares *s, double icc, myo_test *t) {
    const double n = s->n, k = s->k, tail = 0.5 * (1.0 + t->level);
    const double a = k * icc / (n * (1.0 - icc)), b = 1.0 + k * icc * (n - 1.0) / (n * (1.0 - icc));
    const double c = a * s->sessions, e = b * s->rest;
    const double df = (c + e) * (c + e) / (c * c / (k - 1.0) + e * e / ((n - 1.0) * (k - 1.0)));
    const double f1 = myo_f_quantile(tail, n - 1.0, df), f2 = myo_f_quantile(tail, df, n - 1.0);
    const double error = k * s->sessions + (k * n - k - n) * s->rest;
    t->low = n * (s->people - f1 * s->rest) / (f1 * error + n * s->people);
    t->high = n * (f2 * s->people - s->rest) / (error + n * f2 * s->people);
}

static myo_test agreement_of(const squares *s, double level) {
    const double n = s->n, k = s->k;
    const double all = s->people + (k - 1.0) * s->rest + k / n * (s->sessions - s->rest);
    if (!(all > 0.0)) {
        return myo_test_none("the values do not differ between people");
    }
    myo_test t = {.estimate = (s->people - s->rest) / all,
                  .low = NAN,
                  .high = NAN,
                  .level = level,
                  .p = 0.0,
                  .statistic = INFINITY};
    if (s->rest > 0.0) {
        t.statistic = s->people / s->rest;
        t.p = myo_f_p(t.statistic, n - 1.0, (n - 1.0) * (k - 1.0));
        agreement_limits(s, t.estimate, &t);
    }
    return t;
}

static bool all_finite(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return false;
        }
    }
    return true;
}

myo_reliability myo_icc_agreement(const double *x, size_t n_subjects, size_t n_sessions,
                                  double level) {
    if (n_subjects < 2 || n_sessions < 2) {
        return unreliable("fewer than two people or two sessions");
    }
    if (!all_finite(x, n_subjects * n_sessions)) {
        return unreliable("a value is missing or not finite");
    }
    if (!(level > 0.0 && level < 1.0)) {
        return unreliable("the level is not between 0 and 1");
    }
    const squares s = squares_of(x, n_subjects, n_sessions);
    const double session_variance = fmax(0.0, (s.sessions - s.rest) / s.n);
    const double sem = sqrt(s.rest + session_variance);
    if (!isfinite(sem) || !isfinite(s.people)) {
        return unreliable("the values are too large to reckon with");
    }
    return (myo_reliability){.icc = agreement_of(&s, level),
                             .mean = s.mean,
                             .sem = sem,
                             .mdc = myo_mdc_of(sem),
                             .n_subjects = n_subjects,
                             .n_sessions = n_sessions};
}

/* --- baselines in unequal numbers --- */

typedef struct measured {
    double value;
    int subject;
} measured;

static int by_subject(const void *a, const void *b) {
    const measured *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    return (x->value > y->value) - (x->value < y->value);
}

/* One-way sums over people with two values or more. */
typedef struct one_way {
    double people, values, squared_sizes; /* numbers of them; sum of values per person squared */
    double mean;
    double within, between; /* sums of squares */
} one_way;

static size_t run_length(const measured *m, size_t i, size_t n) {
    size_t j = i + 1;
    while (j < n && m[j].subject == m[i].subject) {
        j++;
    }
    return j - i;
}

static void add_people(one_way *w, const measured *m, size_t n) {
    double sum = 0.0;
    for (size_t i = 0, len; i < n; i += len) {
        len = run_length(m, i, n);
        for (size_t j = 0; len > 1 && j < len; j++) {
            sum += m[i + j].value;
            w->values += 1.0;
        }
        w->people += len > 1;
    }
    w->mean = sum / w->values;
    for (size_t i = 0, len; i < n; i += len) {
        len = run_length(m, i, n);
        if (len < 2) {
            continue;
        }
        double own = 0.0;
        for (size_t j = 0; j < len; j++) {
            own += (m[i + j].value - w->mean) / (double)len; /* from the mean: no cancellation */
        }
        for (size_t j = 0; j < len; j++) {
            const double d = m[i + j].value - w->mean - own;
            w->within += d * d;
        }
        w->between += (double)len * own * own;
        w->squared_sizes += (double)len * (double)len;
    }
}

static myo_test one_way_icc(const one_way *w, double level) {
    const double df1 = w->people - 1.0, df2 = w->values - w->people;
    if (df1 < 1.0) {
        return myo_test_none("one person only");
    }
    const double n0 = (w->values - w->squared_sizes / w->values) / df1;
    const double between = w->between / df1, within = w->within / df2;
    if (!(between + (n0 - 1.0) * within > 0.0)) {
        return myo_test_none("the values do not differ between people");
    }
    myo_test t = {.estimate = (between - within) / (between + (n0 - 1.0) * within),
                  .low = NAN,
                  .high = NAN,
                  .level = level,
                  .p = 0.0,
                  .statistic = INFINITY};
    if (within > 0.0) {
        t.statistic = between / within;
        t.p = myo_f_p(t.statistic, df1, df2);
    }
    if (within > 0.0 && between > 0.0) { /* without either, F tells no limits */
        const double tail = 0.5 * (1.0 + level);
        const double low = t.statistic / myo_f_quantile(tail, df1, df2);
        const double high = t.statistic * myo_f_quantile(tail, df2, df1);
        t.low = (low - 1.0) / (low + n0 - 1.0);
        t.high = (high - 1.0) / (high + n0 - 1.0);
    }
    return t;
}

static myo_reliability baselines_of(const measured *m, size_t n, double level) {
    one_way w = {0};
    add_people(&w, m, n);
    if (!(w.people > 0.0)) {
        return unreliable("nobody has two baselines");
    }
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(m[i].value));
    }
    w.within = beyond_rounding(w.within, largest);
    w.between = beyond_rounding(w.between, largest);
    const double sem = sqrt(w.within / (w.values - w.people));
    if (!isfinite(sem) || !isfinite(w.between)) {
        return unreliable("the values are too large to reckon with");
    }
    const bool equal = w.squared_sizes * w.people == w.values * w.values;
    return (myo_reliability){.icc = one_way_icc(&w, level),
                             .mean = w.mean,
                             .sem = sem,
                             .mdc = myo_mdc_of(sem),
                             .n_subjects = (size_t)w.people,
                             .n_sessions = equal ? (size_t)(w.values / w.people) : 0};
}

myo_err myo_reliability_baselines(myo_reliability *out, const double *value, const int *subject,
                                  size_t n, double level) {
    if (n == 0 || !all_finite(value, n) || !(level > 0.0 && level < 1.0)) {
        *out = unreliable(n == 0                  ? "no baseline"
                          : !all_finite(value, n) ? "a value is missing or not finite"
                                                  : "the level is not between 0 and 1");
        return MYO_OK;
    }
    measured *m = myo_alloc(n, sizeof *m);
    if (!m) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        m[i] = (measured){value[i], subject[i]};
    }
    myo_sort_in_place(m, n, sizeof *m, by_subject);
    *out = baselines_of(m, n, level);
    myo_free(m);
    return MYO_OK;
}
