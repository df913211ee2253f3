/* words.c - parts of sentences: names, numbers, what was seen, what an interval leaves out. */
#include <ctype.h>
#include <string.h>
#include "base/base.h"
#include "compare/words.h"

/* To leave out a change of as many times says nothing. */
static const double TOO_FAR = 1000.0;
static const char PER_UNIT[] = "_per_unit";

static const myo_effect_words effects[] = {
    {"rate_ratio", "rate ratio", "", true, 1.0},
    {"duration_ratio", "ratio of durations", "", true, 1.0},
    {"peak_ratio", "ratio of amplitudes", "", true, 1.0},
    {"rate_difference", "difference", " per hour", false, 0.0},
    {"burden_difference", "difference", " s/h", false, 0.0},
    {"freq_difference", "difference", " Hz", false, 0.0},
    {"risk_ratio", "risk ratio", "", true, 1.0},
    {"hazard_ratio", "hazard ratio", "", true, 1.0},
    {"probability_superiority", "probability of a higher value", "", false, 0.5},
};

static const myo_metric_words metrics[] = {
    {"rate_per_h", "rate", "rate", "fewer", "more", MYO_BY_VALUE},
    {"burden_s_per_h", "burden", "burden", "less time in", "more time in", MYO_BY_VALUE},
    {"duration_ms_median", "duration", "duration", "shorter", "longer", MYO_BY_VALUE},
    {"peak_median", "amplitude", "amplitude", "smaller", "larger", MYO_BY_VALUE},
    {"freq_hz_median", "frequency", "frequency", "slower", "faster", MYO_BY_VALUE},
    {"incidence", "risk", "risk", "fewer people with", "more people with", MYO_BY_COUNT},
    {"grade", "grade", "share", "lower grades of", "higher grades of", MYO_BY_GRADE},
    {"onset_s", "onset", "chance of a first event at any moment", "later or fewer first",
     "sooner or more first", MYO_BY_ONSET},
};

/* Classes whose name is no noun that takes an s: as an adjective before "rate", and of several. */
static const struct {
    const char *type, *before, *many;
} nouns[] = {
    {"tremor", "tremor", "tremor episodes"},
    {"clonus", "clonus", "clonus episodes"},
    {"tetany", "tetany", "tetany episodes"},
    {"voluntary", "voluntary movement", "voluntary movements"},
    {"indeterminate", "indeterminate event", "indeterminate events"},
    {"leg_movement", "leg movement", "leg movements"},
    {"plm", "periodic leg movement", "periodic leg movements"},
    {"fragmentary_myoclonus", "fragmentary myoclonus", "fragmentary myoclonic potentials"},
};
enum { N_NOUNS = sizeof nouns / sizeof nouns[0] };

/* The name without what makes it a slope; the slope's step is said by who knows it. */
static size_t base_length(const char *name) {
    const size_t n = strlen(name), k = sizeof PER_UNIT - 1;
    return n > k && strcmp(name + n - k, PER_UNIT) == 0 ? n - k : n;
}

myo_effect_words myo_words_of_effect(const myo_cmp_row *r) {
    const char *name = r->effect_name ? r->effect_name : "";
    const size_t n = base_length(name);
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        if (strlen(effects[i].name) == n && strncmp(effects[i].name, name, n) == 0) {
            return effects[i];
        }
    }
    const bool ratio = n >= 5 && strncmp(name + n - 5, "ratio", 5) == 0;
    return (myo_effect_words){"", n ? name : "effect", "", ratio, ratio ? 1.0 : 0.0};
}

myo_metric_words myo_words_of_metric(const myo_cmp_row *r) {
    const char *name = r->metric ? r->metric : "outcome";
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        if (strcmp(metrics[i].metric, name) == 0) {
            return metrics[i];
        }
    }
    return (myo_metric_words){"", name, name, "less", "more", MYO_BY_VALUE};
}

/* --- numbers --- */

/* Decimals by size and `more`, and as many more as it takes not to be rounded onto a or b (NaN:
 * nothing). */
static void put_fixed(char s[MYO_WORD], double v, double a, double b, int more) {
    enum { DECIMALS_MAX = 6 };
    const double size = fabs(v), large = 1e6;
    const int least = size >= large ? DECIMALS_MAX + 1 : size >= 100.0 ? 0 : size >= 10.0 ? 1 : 2;
    for (int n = v == 0.0 ? 0 : least + more; n <= DECIMALS_MAX; n++) {
        double shown = NAN;
        myo_format_fixed(s, MYO_WORD, v, n);
        if (v == a || v == b || !myo_parse_f64(s, strlen(s), &shown) ||
            (shown != a && shown != b)) {
            return;
        }
    }
    myo_format_g(s, MYO_WORD, v, 2);
}

void myo_put_number(char s[MYO_WORD], double v, double null) {
    put_fixed(s, v, null, 0.0, 0);
}

/* Limits of an interval: told apart where they are not the same. */
static void put_limits(char lo[MYO_WORD], char hi[MYO_WORD], const myo_cmp_row *r, double null) {
    enum { MORE_MAX = 4 };
    int more = 0;
    do {
        put_fixed(lo, r->low, null, 0.0, more);
        put_fixed(hi, r->high, null, 0.0, more);
    } while (r->low < r->high && strcmp(lo, hi) == 0 && more++ < MORE_MAX);
}

void myo_put_p(char s[MYO_WORD], double p) {
    enum { DIGITS = 2, DIGITS_MAX = 6 };
    const double line = 1.0 - myo_claim_level;
    double shown = NAN;
    for (int n = DIGITS; n <= DIGITS_MAX; n++) {
        myo_format_g(s, MYO_WORD, p, n);
        if (!myo_parse_f64(s, strlen(s), &shown) || (shown > line + 1e-9) == (p > line)) {
            return;
        }
    }
}

void myo_put_percent(char s[MYO_WORD], double share) {
    const double v = 100.0 * share;
    put_fixed(s, v >= 10.0 && v < 99.5 ? floor(v + 0.5) : v, 0.0, 100.0, 0);
    char *dot = strchr(s, '.');
    if (dot && v >= 10.0 && v < 99.5) {
        *dot = '\0';
    }
}

static void put_hours(char s[MYO_WORD], double h) {
    if (h < 1.0) {
        myo_format_g(s, MYO_WORD, h, 3);
    } else {
        myo_put_number(s, h, NAN);
    }
}

const char *myo_say_count(myo_comparison *c, int64_t n, const char *one, const char *many) {
    return myo_compare_text(c, "%lld %s", (long long)n, n == 1 ? one : many);
}

const char *myo_say_people(myo_comparison *c, int64_t n) {
    return myo_say_count(c, n, "person", "people");
}

/* --- names --- */

static int noun_of(const char *type) {
    int i = 0;
    while (i < N_NOUNS && strcmp(nouns[i].type, type) != 0) {
        i++;
    }
    return i;
}

/* As before "rate" or after "first". */
static const char *one_of(const myo_cmp_row *r) {
    const char *type = r->trial_type ? r->trial_type : "event";
    const int i = noun_of(type);
    return i < N_NOUNS ? nouns[i].before : type;
}

const char *myo_say_events(myo_comparison *c, const char *type) {
    const int i = noun_of(type ? type : "event");
    return i < N_NOUNS ? nouns[i].many : myo_compare_text(c, "%ss", type ? type : "event");
}

const char *myo_say_where(myo_comparison *c, const myo_cmp_row *r) {
    const bool all = !r->channel || strcmp(r->channel, "all") == 0;
    const char *where = all ? ""
                        : strcmp(r->channel, MYO_CLINICIAN) == 0
                            ? " seen by the clinician"
                            : myo_compare_text(c, " in channel %s", r->channel);
    const char *whose = r->participant ? myo_compare_text(c, " of %s", r->participant) : "";
    return myo_compare_text(c, "%s%s", whose, where);
}

const char *myo_say_subject(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c, "%s %s%s", one_of(r), myo_words_of_metric(r).about,
                            myo_say_where(c, r));
}

const char *myo_say_capital(myo_comparison *c, const char *s) {
    return myo_compare_text(c, "%c%s", toupper((unsigned char)s[0]), s[0] ? s + 1 : "");
}

/* --- what was seen --- */

/* "40 events of 10 people in 12.0 h under pre"; MYO_NO_INT, NaN: not said. */
static const char *side(myo_comparison *c, const char *name, int64_t events, int64_t people,
                        double hours) {
    char h[MYO_WORD];
    put_hours(h, hours);
    const char *who = people == MYO_NO_INT ? "" : myo_say_people(c, people);
    const char *what = events == MYO_NO_INT ? who : myo_say_count(c, events, "event", "events");
    return myo_compare_text(c, "%s%s%s%s under %s", what, what != who && who[0] ? " of " : "",
                            what != who ? who : "",
                            isnan(hours) ? "" : myo_compare_text(c, " in %s h", h), name);
}

const char *myo_say_basis(myo_comparison *c, const myo_cmp_row *r) {
    const bool graded = myo_words_of_metric(r).told == MYO_BY_GRADE;
    const bool groups = !r->participant && r->n_people == MYO_NO_INT;
    const char *both = "";
    if (r->n_people != MYO_NO_INT) {
        both = myo_compare_text(c, "%s%s, ", myo_say_people(c, r->n_reference),
                                r->n_people > 0 && r->n_people < r->n_reference
                                    ? myo_compare_text(c, ", %lld of them with an event or value",
                                                       (long long)r->n_people)
                                    : "");
    }
    return myo_compare_text(c, "%s%s, %s", both,
                            side(c, r->reference, graded ? MYO_NO_INT : r->events_reference,
                                 groups ? r->n_reference : MYO_NO_INT,
                                 graded ? NAN : r->exposure_reference_h),
                            side(c, r->contrast, graded ? MYO_NO_INT : r->events_contrast,
                                 groups ? r->n_contrast : MYO_NO_INT,
                                 graded ? NAN : r->exposure_contrast_h));
}

/* " in 10.0 h" where the sides were not watched alike */
static const char *watched(myo_comparison *c, const myo_cmp_row *r, double hours) {
    char h[MYO_WORD];
    put_hours(h, hours);
    return r->unequal_watch ? myo_compare_text(c, " in %s h", h) : "";
}

/* " (first jerk: median 7.33 s)" of those who had one */
static const char *first_at(myo_comparison *c, const myo_cmp_row *r, int64_t events,
                            double median_s) {
    char s[MYO_WORD];
    if (myo_words_of_metric(r).told != MYO_BY_ONSET || events == 0) {
        return "";
    }
    myo_put_number(s, median_s, NAN);
    return myo_compare_text(c, " (first %s: median %s)", one_of(r),
                            isnan(median_s) ? "not reached" : myo_compare_text(c, "%s s", s));
}

const char *myo_say_risks(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c, "%lld of %s under %s%s%s against %lld of %lld under %s%s%s",
                            (long long)r->events_contrast, myo_say_people(c, r->n_contrast),
                            r->contrast, watched(c, r, r->exposure_contrast_h),
                            first_at(c, r, r->events_contrast, r->estimate_contrast),
                            (long long)r->events_reference, (long long)r->n_reference,
                            r->reference, watched(c, r, r->exposure_reference_h),
                            first_at(c, r, r->events_reference, r->estimate_reference));
}

const char *myo_say_interval(myo_comparison *c, const myo_cmp_row *r) {
    const myo_effect_words w = myo_words_of_effect(r);
    char level[MYO_WORD], lo[MYO_WORD], hi[MYO_WORD];
    if (isnan(r->level) || (isnan(r->low) && isnan(r->high))) {
        myo_put_p(level, r->p);
        return myo_compare_text(c, "p %s, no interval", level);
    }
    myo_format_g(level, MYO_WORD, 100.0 * r->level, 3);
    put_limits(lo, hi, r, w.null);
    if (isfinite(r->low) && isfinite(r->high)) {
        return myo_compare_text(c, "%s %% interval %s to %s%s", level, lo, hi, w.unit);
    }
    return myo_compare_text(c, "%s %% interval %s %s%s", level, isfinite(r->low) ? "from" : "up to",
                            isfinite(r->low) ? lo : hi, w.unit);
}

const char *myo_say_effect(myo_comparison *c, const myo_cmp_row *r) {
    const myo_effect_words w = myo_words_of_effect(r);
    char s[MYO_WORD];
    if (isnan(r->effect)) {
        return myo_compare_text(c, "no finite %s", w.words);
    }
    myo_put_number(s, r->effect, w.null);
    return myo_compare_text(c, "%s %s%s", w.words, s, w.unit);
}

/* Without a finite effect one side has nothing: the interval tells which. */
const char *myo_say_direction(myo_comparison *c, const myo_cmp_row *r) {
    const myo_metric_words w = myo_words_of_metric(r);
    const double null = myo_words_of_effect(r).null;
    const bool less = isnan(r->effect) ? r->high < null : r->effect < null;
    return myo_compare_text(c, "%s %s", less ? w.less : w.more, myo_say_events(c, r->trial_type));
}

/* What the interval leaves out on the side of less (or more); "" if nothing. */
static const char *left_out(myo_comparison *c, const myo_cmp_row *r, bool less) {
    const myo_effect_words w = myo_words_of_effect(r);
    const bool share = myo_words_of_metric(r).told == MYO_BY_GRADE;
    const double limit = less ? r->low : r->high;
    char s[MYO_WORD];
    if (!isfinite(limit) || (less ? limit >= w.null : limit <= w.null) ||
        (w.ratio && (limit < 1.0 / TOO_FAR || limit > TOO_FAR)) || (less && share && limit <= 0.0)) {
        return "";
    }
    if (share) {
        myo_put_percent(s, limit);
        return myo_compare_text(c, "of %s than %s %%", less ? "less" : "more", s);
    }
    if (w.ratio && limit >= MYO_SAY_TIMES) {
        myo_put_number(s, limit, w.null);
        return myo_compare_text(c, "more than %s times as high", s);
    }
    if (w.ratio) {
        myo_put_percent(s, fabs(limit - 1.0));
    } else {
        myo_put_number(s, fabs(limit), 0.0);
    }
    return myo_compare_text(c, "%s by more than %s%s", less ? "lower" : "higher", s,
                            w.ratio ? " %" : w.unit);
}

const char *myo_say_incompatible(myo_comparison *c, const myo_cmp_row *r) {
    const char *low = left_out(c, r, true), *high = left_out(c, r, false);
    const char *of = myo_words_of_metric(r).limit_of;
    if (!low[0] && !high[0]) {
        return "";
    }
    return myo_compare_text(c, "; %s %s %s%s%s is not compatible with these data",
                            strchr("aeiou", of[0]) ? "an" : "a", of, low,
                            low[0] && high[0] ? " or " : "", high);
}

const char *myo_say_caveat(myo_comparison *c, const myo_cmp_row *r) {
    return r->caveat ? myo_compare_text(c, " %s", r->caveat) : "";
}
