/* csv_fit.c - the sampling rate behind a column of time stamps: rounded, jittered, with gaps. */
#include <inttypes.h>
#include <math.h>
#include "io/csv.h"
#include "io/units.h"

/* Quantile q of v[0 .. n), which is put in another order. Differences of infinite stamps count as infinite. */
static double quantile(double *v, size_t n, double q) {
    for (size_t i = 0; i < n; i++) {
        v[i] = isnan(v[i]) ? (double)INFINITY : v[i];
    }
    return myo_select_f64(v, n, (size_t)(q * (double)(n - 1) + 0.5));
}

/* Median over lags long enough that rounding averages out, short enough that few of them see a gap.
 */
static double lag_slope(const csv_stamps *s, double *scratch) {
    size_t lag = s->n / 8;
    lag = lag < 1 ? 1 : lag > 256 ? 256 : lag;
    const size_t n = s->n - lag;
    for (size_t i = 0; i < n; i++) {
        scratch[i] = (s->t[i + lag] - s->t[i]) / (double)lag;
    }
    return quantile(scratch, n, 0.5);
}

typedef struct fit {
    double dt;     /* in the column's unit, refined by regression */
    double error;  /* standard error of dt */
    double spread; /* largest spread of residuals in one stretch without a gap */
    size_t n_gaps, n_equal, n_back;
    bool coarse; /* equal stamps belong to the grid */
    double wild; /* 95 % of the steps differ less than this from dt */
} fit;

/* Sums of one stretch without a gap, for pooled regression of stamps on sample numbers. */
typedef struct stretch {
    double k, t, kk, kt;
    size_t n;
} stretch;

static void pool(const stretch *z, double *skk, double *skt) {
    const double n = (double)z->n;
    *skk += z->kk - z->k * z->k / n;
    *skt += z->kt - z->k * z->t / n;
}

/* Marks the sample after each gap; returns the number of gaps. */
static size_t find_gaps(const csv_stamps *s, double dt, double wild, unsigned char *gap) {
    const double tolerance = 0.5 * dt + 2 * wild;
    double expected = s->t[0] + dt;
    size_t n = 0;
    for (size_t i = 1; i < s->n; i++) {
        const double dev = s->t[i] - expected;
        gap[i] = dev > tolerance;
        n += gap[i];
        expected = (gap[i] ? s->t[i] : expected + dev / 16) + dt;
    }
    return n;
}

static void regress(const csv_stamps *s, const unsigned char *gap, fit *f) {
    double skk = 0, skt = 0;
    stretch z = {0};
    size_t start = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (gap[i]) {
            pool(&z, &skk, &skt);
            z = (stretch){0};
            start = i;
        }
        const double k = (double)(i - start), t = s->t[i] - s->t[start];
        z.k += k;
        z.t += t;
        z.kk += k * k;
        z.kt += k * t;
        z.n++;
    }
    pool(&z, &skk, &skt);
    f->dt = skk > 0 ? skt / skk : f->dt;
    f->error = skk > 0 ? 1 / sqrt(skk) : 1;
}

/* Spread of the stamps about the fitted grid; scales f->error to a standard error. */
static void residuals(const csv_stamps *s, const unsigned char *gap, fit *f) {
    double lo = 0, hi = 0, square = 0;
    size_t start = 0;
    for (size_t i = 0; i < s->n; i++) {
        start = gap[i] ? i : start;
        const double e = s->t[i] - s->t[start] - (double)(i - start) * f->dt;
        lo = i == start || e < lo ? e : lo;
        hi = i == start || e > hi ? e : hi;
        f->spread = hi - lo > f->spread ? hi - lo : f->spread;
        square += (e - (hi + lo) / 2) * (e - (hi + lo) / 2);
    }
    f->error *= sqrt(square / (double)s->n);
}

static void count_steps(const csv_stamps *s, fit *f) {
    for (size_t i = 1; i < s->n; i++) {
        f->n_equal += s->t[i] == s->t[i - 1];
        f->n_back += s->t[i] < s->t[i - 1];
    }
}

/* 95 % of the steps are nearer to dt than this. Where many stamps are equal, the steps between them
 * say how far apart they are allowed to be. */
static double wildness(const csv_stamps *s, const fit *f, double *scratch) {
    size_t n = 0;
    for (size_t i = 1; i < s->n; i++) {
        const double step = s->t[i] - s->t[i - 1];
        if (step != 0 || f->n_equal <= s->n / 50) {
            scratch[n++] = fabs(step - f->dt);
        }
    }
    return n > 0 ? quantile(scratch, n, 0.95) : 0;
}

static void fit_once(const csv_stamps *s, double *scratch, unsigned char *gap, fit *f) {
    *f = (fit){0};
    memset(gap, 0, s->n);
    count_steps(s, f);
    f->dt = lag_slope(s, scratch);
    f->wild = wildness(s, f, scratch);
    if (f->dt > 0) {
        f->n_gaps = find_gaps(s, f->dt, f->wild, gap);
        regress(s, gap, f);
        residuals(s, gap, f);
    }
}

/* Equal stamps are how a coarse clock shows even samples: many of them, or some that all lie within
 * one step of the clock about the grid. Others are rows that come twice. */
static bool is_coarse(const csv_stamps *s, const fit *f) {
    return f->n_equal > s->n / 50 ||
           (f->n_equal >= 4 && s->quantum > 0.9 * f->dt && f->spread <= 1.2 * s->quantum);
}

static void drop_equal(csv_stamps *s) {
    size_t n = 1;
    for (size_t i = 1; i < s->n; i++) {
        if (s->t[i] != s->t[i - 1]) {
            s->row[n] = s->row[i];
            s->t[n++] = s->t[i];
        }
    }
    s->n = n;
}

static myo_err fit_grid(csv_stamps *s, const myo_reader *r, fit *f) {
    double *scratch = myo_alloc(s->n, sizeof *scratch);
    unsigned char *gap = myo_alloc(s->n, 1);
    myo_err err = MYO_OK;
    if (scratch == NULL || gap == NULL) {
        err = myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu time stamps", s->n);
    } else {
        fit_once(s, scratch, gap, f);
        f->coarse = is_coarse(s, f);
        if (f->n_equal > 0 && !f->coarse) {
            drop_equal(s);
            fit_once(s, scratch, gap, f);
        }
    }
    myo_free(gap);
    myo_free(scratch);
    return err;
}

/* --- units --- */

/* The unit under which the steps give the rate that is known from elsewhere, 0 if none does. */
static double unit_for_rate(double dt, double fs) {
    static const double units[] = {1, 1e-3, 1e-6, 1e-9, 60, 3600};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (fabs(dt * units[i] * fs - 1) < 0.02) {
            return units[i];
        }
    }
    return 0;
}

/* Stamps of our time count from 1970; a step in seconds is at most 0.2 s (5 Hz) for the signals
 * meant here. */
static double unit_by_size(double first, double dt) {
    static const struct {
        double epoch, step, unit;
    } rows[] = {{1e8, 0.2, 1}, {1e11, 200, 1e-3}, {1e14, 2e5, 1e-6}, {1e17, 2e8, 1e-9}};
    for (size_t i = 4; i-- > 0;) {
        if (first >= rows[i].epoch) {
            return rows[i].unit;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        if (dt <= rows[i].step) {
            return rows[i].unit;
        }
    }
    return 0;
}

static const char *unit_name(double unit) {
    return unit == 1 ? "s" : unit == 1e-3 ? "ms" : unit == 1e-6 ? "us" : "ns";
}

/* "line 1, column 1": the place of the column's name. */
static const char *place_of(char dst[64], const csv_stamps *s) {
    if (s->names > 0) {
        snprintf(dst, 64, "line %" PRId64 ", column %zu", s->names, s->column);
    } else {
        snprintf(dst, 64, "column %zu", s->column);
    }
    return dst;
}

#define TIME_UNITS "ns, us, ms, s, min, h, d"

static myo_err complain_unit(const csv_stamps *s, const myo_reader *r) {
    char place[64], unit[64];
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "%s: unit of the time column (found '%s', allowed " TIME_UNITS
                    "; with --fs the column is not needed)",
                    place_of(place, s), myo_printable(unit, sizeof unit, s->unit));
}

static void tell_guess(const csv_stamps *s, double dt, double unit, myo_diag *d) {
    char rate[32], place[64], stated[64];
    myo_format_g(rate, sizeof rate, 1 / (dt * unit), 6);
    if (s->unit != NULL) {
        myo_warn(d, "%s: unit of the time column not known (found '%s', allowed " TIME_UNITS
                 "): taken as %s (%s Hz)", place_of(place, s), myo_printable(stated, sizeof stated, s->unit),
                 unit_name(unit), rate);
    } else if (unit != 1 || s->first >= 1e8) {
        myo_warn(d, "time column names no unit: taken as %s (%s Hz)", unit_name(unit), rate);
    }
}

/* s per unit; 0 for a counter. */
static myo_err choose_unit(const csv_stamps *s, double dt, const myo_reader *r, double *unit) {
    const bool counts = s->integer && fabs(dt - 1) < 1e-9 && s->first < 1e8;
    const bool no_time = s->unit != NULL && myo_is_no_time(s->unit);
    *unit = s->unit_s;
    if (*unit > 0) {
        return MYO_OK;
    }
    if (s->told_fs > 0 && !(no_time && counts)) {
        *unit = unit_for_rate(dt, s->told_fs);
        if (*unit > 0 && !(counts && !s->named)) {
            return MYO_OK;
        }
    }
    *unit = 0;
    if (counts && (!s->named || s->told_fs > 0 || no_time)) {
        return MYO_OK;
    }
    if (no_time) {
        return complain_unit(s, r);
    }
    *unit = unit_by_size(s->first, dt);
    if (*unit > 0) {
        tell_guess(s, dt, *unit, r->d);
    }
    return MYO_OK;
}

/* A rate that is whole, or as told, within the error of the fit is meant so. */
static double snap(double fs, double relative_error, double told) {
    double tolerance = 4 * relative_error;
    tolerance = tolerance < 2e-7 ? 2e-7 : tolerance > 5e-4 ? 5e-4 : tolerance;
    const double whole = round(fs);
    if (told > 0 && fabs(fs - told) <= tolerance * told) {
        return told;
    }
    return whole >= 1 && fabs(fs - whole) <= tolerance * whole ? whole : fs;
}

static myo_err complain_back(const csv_stamps *s, const myo_reader *r) {
    size_t i = 1;
    while (i < s->n && s->t[i] >= s->t[i - 1]) {
        i++;
    }
    /* One stamp far ahead of its neighbours is itself the damage, not the one behind it. */
    const bool ahead = i >= 2 && s->t[i] >= s->t[i - 2];
    i -= ahead;
    char a[32], b[32];
    myo_format_g(a, sizeof a, s->first + s->t[i - 1], 15);
    myo_format_g(b, sizeof b, s->first + s->t[i], 15);
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "line %" PRId64 ", column %zu: time %s (found %s after %s)", s->row[i],
                    s->column, ahead ? "jumps ahead of the rows behind it" : "goes back", b, a);
}

static myo_err complain_uneven(const csv_stamps *s, const myo_reader *r, const fit *f) {
    char a[32];
    myo_format_g(a, sizeof a, s->first, 15);
    if (!(f->dt > 0)) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64
                        ", column %zu: time does not advance (found %s again and again)",
                        s->row[1], s->column, a);
    }
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "line %" PRId64
                    ", column %zu: time stamps follow no sampling rate (found %zu gaps in "
                    "%zu rows); give the rate with --fs to ignore them",
                    s->row[0], s->column, f->n_gaps, s->n);
}

static bool even(const csv_stamps *s, const fit *f) {
    return f->dt > 0 && f->n_gaps <= s->n / 20 + 1 && f->wild <= 200 * f->dt;
}

/* Only the most regular column of an unnamed table is taken for time. */
static bool surely_time(const csv_stamps *s, const fit *f) {
    return even(s, f) && s->n >= 4 && f->n_back <= s->n / 100 && f->n_gaps <= s->n / 100 &&
           f->wild <= fmax(0.5 * f->dt, 1.1 * s->quantum) &&
           f->spread <= fmax(2 * f->dt, 2.2 * s->quantum);
}

myo_err csv_time_fit(csv_time *t, csv_stamps *s, const myo_reader *r, csv_fit *what) {
    *what = CSV_FIT_NONE;
    if (s->n < 2) {
        return s->named ? myo_fail(r->d, MYO_ERR_TOO_SHORT, "too short: %zu row%s of data", s->n,
                                   s->n == 1 ? "" : "s")
                        : MYO_OK;
    }
    fit f;
    MYO_TRY(fit_grid(s, r, &f));
    if (!s->named && !surely_time(s, &f)) {
        return MYO_OK;
    }
    if (f.n_back > 0) {
        return complain_back(s, r);
    }
    if (!even(s, &f)) {
        return complain_uneven(s, r, &f);
    }
    double unit;
    MYO_TRY(choose_unit(s, f.dt, r, &unit));
    *what = unit > 0 ? CSV_FIT_TIME : CSV_FIT_COUNTER;
    if (unit > 0) {
        t->quantum = s->quantum * unit;
        t->unit = unit;
        t->dt = 1 / snap(1 / (f.dt * unit), f.error / f.dt, s->told_fs);
        t->jitter = f.spread * unit;
        t->coarse = f.coarse;
        if (f.coarse) {
            myo_warn(r->d, "time stamps are coarser than the samples; short gaps cannot be seen");
        }
    }
    return MYO_OK;
}
