/* sentence.c - the primary outcome in plain words that say no more than the interval allows.
 *
 * A difference is claimed only where the interval keeps clear of "no change" and p agrees. Nothing
 * is said about causes. */
#include <ctype.h>
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"
#include "stats/claim.h"

enum { WORD = 40 };
/* From here on a ratio reads as so many times, not as per cent more. */
static const double TIMES = 2.0;

/* What is known of an effect's name: how it reads, and whether it is a ratio. */
typedef struct effect_words {
    const char *name, *words, *unit;
    bool ratio;
    double null; /* its value where nothing differs */
} effect_words;
static const effect_words known[] = {
    {"rate_ratio", "rate ratio", "", true, 1.0},
    {"duration_ratio", "ratio of durations", "", true, 1.0},
    {"peak_ratio", "ratio of amplitudes", "", true, 1.0},
    {"rate_difference", "difference", " per hour", false, 0.0},
    {"burden_difference", "difference", " s/h", false, 0.0},
    {"freq_difference", "difference", " Hz", false, 0.0},
    {"rate_ratio_per_unit", "rate ratio per unit", "", true, 1.0},
    {"duration_ratio_per_unit", "ratio of durations per unit", "", true, 1.0},
    {"peak_ratio_per_unit", "ratio of amplitudes per unit", "", true, 1.0},
    {"burden_difference_per_unit", "difference per unit", " s/h", false, 0.0},
    {"freq_difference_per_unit", "difference per unit", " Hz", false, 0.0},
    {"risk_ratio", "risk ratio", "", true, 1.0},
    {"hazard_ratio", "hazard ratio", "", true, 1.0},
    {"probability_superiority", "probability of a higher value", "", false, 0.5},
};

/* By metric: what the sentence is about, and how less and more of it read. */
typedef struct metric_words {
    const char *metric, *about, *less, *more;
    const char *(*says)(myo_comparison *c,
                        const myo_cmp_row *r); /* of people in groups: the numbers */
} metric_words;
static const char *say_risk(myo_comparison *c, const myo_cmp_row *r);
static const char *say_grade(myo_comparison *c, const myo_cmp_row *r);
static const metric_words about[] = {
    {"rate_per_h", "rate", "fewer", "more", NULL},
    {"burden_s_per_h", "burden", "less time in", "more time in", NULL},
    {"duration_ms_median", "duration", "shorter", "longer", NULL},
    {"peak_median", "amplitude", "smaller", "larger", NULL},
    {"freq_hz_median", "frequency", "slower", "faster", NULL},
    {"incidence", "risk", "fewer people with", "more people with", say_risk},
    {"grade", "grade", "lower grades of", "higher grades of", say_grade},
    {"onset_s", "hazard", "later or fewer first", "sooner or more first", say_risk},
};

static effect_words words_of(const myo_cmp_row *r) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, r->effect_name ? r->effect_name : "") == 0) {
            return known[i];
        }
    }
    const size_t n = r->effect_name ? strlen(r->effect_name) : 0;
    const bool ratio = n >= 5 && strcmp(r->effect_name + n - 5, "ratio") == 0;
    return (effect_words){"", n ? r->effect_name : "effect", "", ratio, ratio ? 1.0 : 0.0};
}

static metric_words about_of(const myo_cmp_row *r) {
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++) {
        if (strcmp(about[i].metric, r->metric ? r->metric : "") == 0) {
            return about[i];
        }
    }
    return (metric_words){"", r->metric ? r->metric : "outcome", "less", "more", NULL};
}

static myo_claim claim_of(const myo_comparison *c, const myo_cmp_row *r) {
    return (myo_claim){.kind = myo_claim_kind_of(c->design->name, r->reference),
                       .none = words_of(r).null,
                       .low = r->low,
                       .high = r->high,
                       .level = r->level,
                       .p = r->p,
                       .p_adjusted = r->p_adjusted,
                       .exact = myo_claim_is_exact(r->metric)};
}

/* --- numbers as words --- */

/* Decimals by size, and as many more as it takes not to be rounded onto a or b (NaN: nothing). */
static void put_fixed(char s[WORD], double v, double a, double b) {
    enum { DECIMALS_MAX = 6 };
    const double size = fabs(v);
    for (int n = size >= 100.0 ? 0 : size >= 10.0 ? 1 : 2; n <= DECIMALS_MAX; n++) {
        double shown = NAN;
        myo_format_fixed(s, WORD, v, n);
        if (v == a || v == b || !myo_parse_f64(s, strlen(s), &shown) ||
            (shown != a && shown != b)) {
            return;
        }
    }
    myo_format_g(s, WORD, v, 2);
}

static void put_number(char s[WORD], double v, double null) {
    put_fixed(s, v, null, 0.0);
}

/* Share in per cent, never rounded to 0 or 100 unless it is. */
static void put_percent(char s[WORD], double share) {
    const double v = 100.0 * share;
    put_fixed(s, v >= 10.0 && v < 99.5 ? floor(v + 0.5) : v, 0.0, 100.0);
    char *dot = strchr(s, '.');
    if (dot && v >= 10.0 && v < 99.5) {
        *dot = '\0';
    }
}

/* --- parts --- */

/* "jerk rate of p01 in channel biceps" */
static const char *subject(myo_comparison *c, const myo_cmp_row *r) {
    const bool all = !r->channel || strcmp(r->channel, "all") == 0;
    const char *where = all ? "" : myo_compare_text(c, " in channel %s", r->channel);
    const char *whose = r->participant ? myo_compare_text(c, " of %s", r->participant) : "";
    return myo_compare_text(c, "%s %s%s%s", r->trial_type ? r->trial_type : "event",
                            about_of(r).about, whose, where);
}

static const char *capital(myo_comparison *c, const char *s) {
    return myo_compare_text(c, "%c%s", toupper((unsigned char)s[0]), s[0] ? s + 1 : "");
}

static void put_hours(char s[WORD], double h) {
    if (h < 1.0) {
        myo_format_g(s, WORD, h, 3);
    } else {
        put_number(s, h, NAN);
    }
}

/* "12 people, 11.8 h and 12.1 h", "120 and 63 events in ...", "25 and 24 people, ..." */
static const char *exposure(myo_comparison *c, const myo_cmp_row *r) {
    char a[WORD], b[WORD];
    const long long n = (long long)r->n_reference;
    put_hours(a, r->exposure_reference_h);
    put_hours(b, r->exposure_contrast_h);
    if (r->n_people != MYO_NO_INT) {
        const char *some = r->n_people < r->n_reference
                               ? myo_compare_text(c, ", %lld of them with an event or value",
                                                  (long long)r->n_people)
                               : "";
        return myo_compare_text(c, "%lld %s%s, %s h and %s h", n, n == 1 ? "person" : "people",
                                some, a, b);
    }
    const char *people =
        r->participant ? ""
                       : myo_compare_text(c, "%lld and %lld people", n, (long long)r->n_contrast);
    if (isnan(r->exposure_reference_h) || isnan(r->exposure_contrast_h)) {
        return people;
    }
    return myo_compare_text(c, "%s%s%lld and %lld events in %s h and %s h", people,
                            people[0] ? ", " : "", (long long)r->events_reference,
                            (long long)r->events_contrast, a, b);
}

static bool has_no_interval(const myo_cmp_row *r) {
    return isnan(r->level) || (isnan(r->low) && isnan(r->high));
}

/* "95 % interval 0.41 to 0.66"; an open side is said. */
static const char *interval(myo_comparison *c, const myo_cmp_row *r) {
    const effect_words w = words_of(r);
    const double null = w.null;
    char level[WORD], lo[WORD], hi[WORD];
    if (has_no_interval(r)) {
        myo_format_g(level, WORD, r->p, 2);
        return myo_compare_text(c, "p %s, no interval", level);
    }
    myo_format_g(level, WORD, 100.0 * r->level, 3);
    put_number(lo, r->low, null);
    put_number(hi, r->high, null);
    if (isfinite(r->low) && isfinite(r->high)) {
        return myo_compare_text(c, "%s %% interval %s to %s%s", level, lo, hi, w.unit);
    }
    return myo_compare_text(c, "%s %% interval %s %s%s", level, isfinite(r->low) ? "from" : "up to",
                            isfinite(r->low) ? lo : hi, w.unit);
}

static const char *effect(myo_comparison *c, const myo_cmp_row *r) {
    const effect_words w = words_of(r);
    char s[WORD];
    if (isnan(r->effect)) {
        return myo_compare_text(c, "no finite %s", w.words);
    }
    put_number(s, r->effect, w.null);
    return myo_compare_text(c, "%s %s%s", w.words, s, w.unit);
}

/* "48 % lower under post than", "3.20 times as high under post as", "4.10 s/h higher under ..." */
static const char *size(myo_comparison *c, const myo_cmp_row *r) {
    const effect_words w = words_of(r);
    const bool lower = r->effect < w.null;
    char s[WORD];
    if (w.ratio && r->effect >= TIMES) {
        put_number(s, r->effect, 1.0);
        return myo_compare_text(c, "%s times as high under %s as", s, r->contrast);
    }
    if (w.ratio) {
        put_percent(s, fabs(r->effect - 1.0));
    } else {
        put_number(s, fabs(r->effect), 0.0);
    }
    return myo_compare_text(c, "%s%s %s under %s than", s, w.ratio ? " %" : w.unit,
                            lower ? "lower" : "higher", r->contrast);
}

/* --- sentences --- */

static const char *plural(myo_comparison *c, const char *type) {
    static const char *const episodes[] = {"tremor", "tetany"};
    static const char *const adjectives[] = {"voluntary", "indeterminate"};
    for (size_t i = 0; i < 2; i++) {
        if (type && strcmp(type, episodes[i]) == 0) {
            return myo_compare_text(c, "%s episodes", type);
        }
        if (type && strcmp(type, adjectives[i]) == 0) {
            return myo_compare_text(c, "%s events", type);
        }
    }
    return myo_compare_text(c, "%ss", type ? type : "event");
}

static const char *direction(myo_comparison *c, const myo_cmp_row *r) {
    const metric_words w = about_of(r);
    const char *word = r->effect < words_of(r).null ? w.less : w.more;
    return myo_compare_text(c, "%s %s", word, plural(c, r->trial_type));
}

static const char *shown(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(
        c, "%s was %s %s (%s, %s, %s): %s.%s", capital(c, subject(c, r)), size(c, r), r->reference,
        effect(c, r), interval(c, r), exposure(c, r), direction(c, r),
        r->below_mdc ? " The change is smaller than what two sessions can show." : "");
}

/* What the interval leaves out on the side of less (or more); "" if it leaves out nothing. */
static const char *excluded(myo_comparison *c, const myo_cmp_row *r, bool less) {
    const effect_words w = words_of(r);
    const double limit = less ? r->low : r->high, null = w.null;
    char s[WORD];
    if (!isfinite(limit) || (w.ratio && less && limit <= 0.0) ||
        (less ? limit >= null : limit <= null)) {
        return "";
    }
    if (w.ratio && limit >= TIMES) {
        put_number(s, limit, 1.0);
        return myo_compare_text(c, "a rise to more than %s times", s);
    }
    if (w.ratio) {
        put_percent(s, fabs(limit - 1.0));
    } else {
        put_number(s, fabs(limit), 0.0);
    }
    return myo_compare_text(c, "a %s of more than %s%s", less ? "fall" : "rise", s,
                            w.ratio ? " %" : w.unit);
}

static const char *not_shown(myo_comparison *c, const myo_cmp_row *r, const char *but) {
    const char *fall = excluded(c, r, true), *rise = excluded(c, r, false);
    const char *tail = "";
    if (fall[0] || rise[0]) {
        tail = myo_compare_text(c, "; %s%s%s is not compatible with these data", fall,
                                fall[0] && rise[0] ? " or " : "", rise);
    }
    return myo_compare_text(c, "No difference shown in %s, %s against %s: %s, %s%s (%s)%s.",
                            subject(c, r), r->contrast, r->reference, effect(c, r), interval(c, r),
                            but, exposure(c, r), tail);
}

/* No finite effect, as one side has no event, but an interval that keeps clear of no change. */
static const char *boundless(myo_comparison *c, const myo_cmp_row *r, double null) {
    const metric_words w = about_of(r);
    const bool more = r->low > null;
    return myo_compare_text(c, "%s was %s under %s than %s (%s, %s): %s %s.", capital(c, subject(c, r)),
                            more ? "higher" : "lower", r->contrast, r->reference, interval(c, r),
                            exposure(c, r), more ? w.more : w.less, plural(c, r->trial_type));
}

static const char *too_few(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(
        c,
        "Too few people to say whether %s differs under %s from %s: %s, and the "
        "widest interval that %lld people can give is the %s (%s).",
        subject(c, r), r->contrast, r->reference, effect(c, r), (long long)r->n_people,
        interval(c, r), exposure(c, r));
}

static const char *too_few_events(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c, "Too few events to say whether %s differs under %s from %s: %s, %s (%s).",
                            subject(c, r), r->contrast, r->reference, effect(c, r), interval(c, r),
                            exposure(c, r));
}

static const char *too_few_in_groups(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c,
                            "Too few people to say whether %s differs under %s from %s: %s, %s "
                            "(%s).",
                            subject(c, r), r->contrast, r->reference, effect(c, r),
                            interval(c, r), exposure(c, r));
}

static const char *untested(myo_comparison *c, const myo_cmp_row *r) {
    const char *why = r->warning ? r->warning : "no interval";
    const char *against = r->reference && r->contrast
                              ? myo_compare_text(c, ", %s against %s", r->contrast, r->reference)
                              : "";
    if (isnan(r->effect)) {
        return myo_compare_text(c, "Not tested: %s%s (%s).", subject(c, r), against, why);
    }
    return myo_compare_text(c, "Not tested: %s%s: %s, described only (%s).", subject(c, r), against,
                            effect(c, r), why);
}

/* --- people in groups --- */

/* " in 10.0 h" where the sides were not watched alike */
static const char *watched(myo_comparison *c, const myo_cmp_row *r, double hours) {
    char h[WORD];
    put_hours(h, hours);
    return r->unequal_watch ? myo_compare_text(c, " in %s h", h) : "";
}

/* "6 of 25 people under A against 18 of 25 under B: risk ratio 0.33 (95 % interval ...)" */
static const char *say_risk(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c,
                            "%lld of %lld people under %s%s against %lld of %lld under %s%s: %s (%s)",
                            (long long)r->events_contrast, (long long)r->n_contrast, r->contrast,
                            watched(c, r, r->exposure_contrast_h),
                            (long long)r->events_reference, (long long)r->n_reference, r->reference,
                            watched(c, r, r->exposure_reference_h), effect(c, r), interval(c, r));
}

static const char *say_grade(myo_comparison *c, const myo_cmp_row *r) {
    char s[WORD], level[WORD], lo[WORD], hi[WORD];
    put_percent(s, r->effect);
    put_percent(lo, r->low);
    put_percent(hi, r->high);
    myo_format_g(level, WORD, 100.0 * r->level, 3);
    return myo_compare_text(
        c,
        "in %s %% of pairs the person under %s has a higher grade of %s than the one under %s, "
        "equal ones counted by half (%s %% interval %s to %s %%, %lld and %lld people)",
        s, r->contrast, plural(c, r->trial_type), r->reference, level, lo, hi,
        (long long)r->n_reference, (long long)r->n_contrast);
}

/* What the interval leaves out, in words about one person's risk; "" if nothing. */
static const char *left_out(myo_comparison *c, const myo_cmp_row *r, bool less) {
    const effect_words w = words_of(r);
    const double limit = less ? r->low : r->high;
    char s[WORD];
    if (!isfinite(limit) || (less ? limit <= 0.0 || limit >= w.null : limit <= w.null)) {
        return "";
    }
    if (!w.ratio) {
        put_percent(s, limit);
        return myo_compare_text(c, "of %s than %s %%", less ? "less" : "more", s);
    }
    if (limit >= TIMES) {
        put_number(s, limit, w.null);
        return myo_compare_text(c, "more than %s times as high", s);
    }
    put_percent(s, fabs(limit - 1.0));
    return myo_compare_text(c, "%s by more than %s %%", less ? "lower" : "higher", s);
}

static const char *groups(myo_comparison *c, const myo_cmp_row *r, bool agreed, const char *but) {
    const metric_words m = about_of(r);
    const char *says = m.says(c, r);
    if (agreed) {
        return myo_compare_text(c, "%s: %s.", capital(c, says), direction(c, r));
    }
    const char *low = left_out(c, r, true), *high = left_out(c, r, false);
    const char *tail = "";
    if (low[0] || high[0]) {
        tail = myo_compare_text(c, "; a %s %s%s%s is not compatible with these data",
                                words_of(r).ratio ? m.about : "share", low,
                                low[0] && high[0] ? " or " : "", high);
    }
    return myo_compare_text(c, "No difference shown: %s%s%s.", says, but, tail);
}

/* Studies put together differ in more than chance: never more than exploratory. */
static const char *studies(myo_comparison *c, const myo_cmp_row *r, bool agreed) {
    const char *says = myo_compare_text(c, "%d %s together, %s against %s: %s, %s", c->job->n_dirs,
                                        c->job->n_dirs == 1 ? "study" : "studies",
                                        r->contrast, r->reference, effect(c, r), interval(c, r));
    if (agreed) {
        return myo_compare_text(c, "%s: %s (exploratory).", says, direction(c, r));
    }
    const char *low = left_out(c, r, true), *high = left_out(c, r, false);
    return myo_compare_text(c, "%s: no difference shown%s%s%s%s%s (exploratory).", says,
                            low[0] || high[0] ? "; " : "", low, low[0] && high[0] ? " or " : "", high,
                            low[0] || high[0] ? " is not compatible with these data" : "");
}

/* Sessions ordered by a column of the manifest: there is a contrast, but no reference. */
static const char *trend(myo_comparison *c, const myo_cmp_row *r, myo_reading reading) {
    char h[WORD];
    put_number(h, r->exposure_contrast_h, 0.0);
    const char *basis = myo_compare_text(c, "%s, %s, %lld %s, %s h", effect(c, r), interval(c, r),
                                         (long long)r->n_contrast,
                                         r->n_people == MYO_NO_INT ? "sessions" : "people", h);
    if (reading == MYO_READING_FEW) {
        return myo_compare_text(c, "Too few %s to say whether %s follows %s (%s).",
                                r->n_people == MYO_NO_INT ? "sessions" : "people", subject(c, r),
                                r->contrast, basis);
    }
    if (reading != MYO_READING_SHOWN) {
        return myo_compare_text(c, "No trend shown of %s with %s (%s).", subject(c, r), r->contrast,
                                basis);
    }
    const bool falls = r->effect < words_of(r).null;
    return myo_compare_text(c, "%s %s with %s (%s).", capital(c, subject(c, r)),
                            falls ? "falls" : "rises", r->contrast, basis);
}

/* What p says where it does not say the same as the interval. */
static const char *doubt(myo_comparison *c, const myo_cmp_row *r, bool clear) {
    char p[WORD];
    myo_format_g(p, WORD, r->p_adjusted, 2);
    const char *holm = r->p_adjusted > r->p ? " adjusted for the other contrasts (Holm)" : "";
    if (clear) {
        return myo_compare_text(c, ", but p %s%s", p, holm);
    }
    const bool small = about_of(r).says && r->p_adjusted <= 1.0 - myo_claim_level;
    return small ? myo_compare_text(c, ", though p is %s%s", p, holm) : "";
}

/* People in groups: exact tests have p where there may be no interval, or no finite ratio. */
static const char *arms(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q,
                        myo_reading reading) {
    const bool agreed = reading == MYO_READING_SHOWN;
    if (reading == MYO_READING_FEW) {
        return too_few_in_groups(c, r);
    }
    const char *but = myo_claim_has_interval(q) ? doubt(c, r, myo_claim_is_clear(q)) : "";
    if (about_of(r).says) {
        return groups(c, r, agreed, but);
    }
    if (agreed && isnan(r->effect)) {
        return boundless(c, r, q->none);
    }
    return agreed ? shown(c, r) : not_shown(c, r, but);
}

/* The same people, or one person, on both sides. */
static const char *sides(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q,
                         myo_reading reading) {
    if (reading == MYO_READING_FEW) {
        return r->participant ? too_few_events(c, r) : too_few(c, r);
    }
    if (reading == MYO_READING_SHOWN) {
        return isnan(r->effect) ? boundless(c, r, q->none) : shown(c, r);
    }
    return not_shown(c, r, doubt(c, r, myo_claim_is_clear(q)));
}

const char *myo_compare_sentence(myo_comparison *c, const myo_cmp_row *r) {
    const myo_claim q = claim_of(c, r);
    const myo_reading reading = myo_claim_read(&q);
    if (!r->contrast || reading == MYO_READING_NONE) {
        return untested(c, r);
    }
    switch (q.kind) {
    case MYO_CLAIM_GROUPS:
        return arms(c, r, &q, reading);
    case MYO_CLAIM_TREND:
        return trend(c, r, reading);
    case MYO_CLAIM_STUDIES:
        return studies(c, r, reading == MYO_READING_SHOWN);
    default:
        return sides(c, r, &q, reading);
    }
}
