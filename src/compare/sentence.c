/* sentence.c - the primary outcome in plain words that say no more than the interval allows.
 *
 * A difference is claimed only where the interval keeps clear of "no change" and p agrees. Nothing
 * is said about causes. */
#include <string.h>
#include "base/base.h"
#include "compare/words.h"

/* --- the same people, or one person --- */

/* The side whose rate is zero; NULL: neither's. */
static const char *empty_side(const myo_cmp_row *r) {
    const bool rate = r->metric && strcmp(r->metric, "rate_per_h") == 0;
    return rate && r->events_contrast == 0     ? r->contrast
           : rate && r->events_reference == 0 ? r->reference
                                               : NULL;
}

/* "48 % lower under post than pre", "3.20 times as high under post as pre" */
static const char *size(myo_comparison *c, const myo_cmp_row *r) {
    const myo_effect_words w = myo_words_of_effect(r);
    const char *how = (isnan(r->effect) ? r->high : r->effect) < w.null ? "lower" : "higher";
    const char *empty = empty_side(r);
    char s[MYO_WORD];
    if (empty) {
        return myo_compare_text(c, "zero under %s and not under %s", empty,
                                empty == r->contrast ? r->reference : r->contrast);
    }
    if (isnan(r->effect)) {
        return myo_compare_text(c, "%s under %s than %s", how, r->contrast, r->reference);
    }
    if (w.ratio && r->effect >= MYO_SAY_TIMES) {
        myo_put_number(s, r->effect, 1.0);
        return myo_compare_text(c, "%s times as high under %s as %s", s, r->contrast, r->reference);
    }
    if (w.ratio) {
        myo_put_percent(s, fabs(r->effect - 1.0));
    } else {
        myo_put_number(s, fabs(r->effect), 0.0);
    }
    return myo_compare_text(c, "%s%s %s under %s than %s", s, w.ratio ? " %" : w.unit, how,
                            r->contrast, r->reference);
}

const char *myo_say_shown(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c, "%s was %s (%s, %s, %s): %s.%s",
                            myo_say_capital(c, myo_say_subject(c, r)), size(c, r),
                            myo_say_effect(c, r), myo_say_interval(c, r), myo_say_basis(c, r),
                            myo_say_direction(c, r), myo_say_caveat(c, r));
}

const char *myo_say_not_shown(myo_comparison *c, const myo_cmp_row *r, const char *but) {
    return myo_compare_text(c, "No difference shown in %s, %s against %s: %s, %s%s (%s)%s.%s",
                            myo_say_subject(c, r), r->contrast, r->reference, myo_say_effect(c, r),
                            myo_say_interval(c, r), but, myo_say_basis(c, r),
                            myo_say_incompatible(c, r), myo_say_caveat(c, r));
}

static const char *too_few(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(
        c,
        "Too few people to say whether %s differs under %s from %s: %s, and the "
        "widest interval that %s can give is the %s (%s).",
        myo_say_subject(c, r), r->contrast, r->reference, myo_say_effect(c, r),
        myo_say_people(c, r->n_people), myo_say_interval(c, r), myo_say_basis(c, r));
}

static const char *too_few_events(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(
        c, "Too few events to say whether %s differs under %s from %s: %s, %s (%s).",
        myo_say_subject(c, r), r->contrast, r->reference, myo_say_effect(c, r),
        myo_say_interval(c, r), myo_say_basis(c, r));
}

const char *myo_say_doubt(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q) {
    char p[MYO_WORD];
    myo_put_p(p, r->p_adjusted);
    const char *holm = r->p_adjusted > r->p ? " adjusted for the other contrasts (Holm)" : "";
    if (myo_claim_is_clear(q)) {
        return myo_compare_text(c, ", but p %s%s", p, holm);
    }
    const bool small = q->exact && r->p_adjusted <= 1.0 - myo_claim_level;
    return small ? myo_compare_text(c, ", though p is %s%s", p, holm) : "";
}

/* --- nothing to test --- */

static bool is_watched(double hours) {
    return isnan(hours) || hours > 0.0;
}

/* Both sides were watched, and neither had an event. */
static bool has_no_event(const myo_cmp_row *r) {
    return isnan(r->p) && r->reference && r->contrast && r->events_reference == 0 &&
           r->events_contrast == 0 && r->n_reference > 0 && r->n_contrast > 0 &&
           is_watched(r->exposure_reference_h) && is_watched(r->exposure_contrast_h) &&
           myo_words_of_metric(r).told != MYO_BY_GRADE;
}

bool myo_compare_unmoved(const myo_comparison *c, const myo_cmp_row *r) {
    double hours;
    return r->all_alike || has_no_event(r) || myo_trend_without_event(c, r, &hours) > 0;
}

/* Sessions along a column, without an event in any. */
static const char *empty_trend(myo_comparison *c, const myo_cmp_row *r) {
    char h[MYO_WORD];
    double hours;
    const int64_t n = myo_trend_without_event(c, r, &hours);
    myo_put_number(h, hours, NAN);
    return myo_compare_text(c, "No %s%s in any session: 0 events in %s of %s h (nothing to test).",
                            myo_say_events(c, r->trial_type), myo_say_where(c, r),
                            myo_say_count(c, n, "recording", "recordings"), h);
}

/* Nothing happened: that is an answer, though there is nothing to test. */
static const char *unmoved(myo_comparison *c, const myo_cmp_row *r) {
    const myo_told_by told = myo_words_of_metric(r).told;
    char grade[MYO_WORD];
    if (!r->reference) {
        return empty_trend(c, r);
    }
    if (told == MYO_BY_GRADE) {
        myo_format_g(grade, MYO_WORD, r->estimate_reference, 3);
        return myo_compare_text(c, "Everybody has the same grade of %s, %s: %s.",
                                myo_say_events(c, r->trial_type), grade, myo_say_basis(c, r));
    }
    if (!has_no_event(r)) {
        return myo_compare_text(c,
                                "Nobody changed in %s, %s against %s: %s (nothing to test, as all "
                                "differences are zero).%s",
                                myo_say_subject(c, r), r->contrast, r->reference,
                                myo_say_basis(c, r), myo_say_caveat(c, r));
    }
    return myo_compare_text(c, "No %s%s on either side: %s (nothing to test).",
                            myo_say_events(c, r->trial_type), myo_say_where(c, r),
                            told == MYO_BY_VALUE ? myo_say_basis(c, r) : myo_say_risks(c, r));
}

static const char *untested(myo_comparison *c, const myo_cmp_row *r) {
    const char *why = r->warning ? r->warning : "no interval";
    const char *against = r->reference && r->contrast
                              ? myo_compare_text(c, ", %s against %s", r->contrast, r->reference)
                              : "";
    if (isnan(r->effect)) {
        return myo_compare_text(c, "Not tested: %s%s (%s).", myo_say_subject(c, r), against, why);
    }
    const char *basis = against[0] && r->n_contrast != MYO_NO_INT
                            ? myo_compare_text(c, "%s; ", myo_say_basis(c, r))
                            : "";
    return myo_compare_text(c, "Not tested: %s%s: %s, described only (%s%s).",
                            myo_say_subject(c, r), against, myo_say_effect(c, r), basis, why);
}

/* --- which sentence --- */

static myo_claim claim_of(const myo_comparison *c, const myo_cmp_row *r) {
    return (myo_claim){.kind = myo_claim_kind_of(c->design->name, r->reference),
                       .none = myo_words_of_effect(r).null,
                       .low = r->low,
                       .high = r->high,
                       .level = r->level,
                       .p = r->p,
                       .p_adjusted = r->p_adjusted,
                       .exact = myo_claim_is_exact(r->metric),
                       .least_p = myo_claim_least_p((double)r->n_reference, (double)r->n_contrast)};
}

/* The same people, or one person, on both sides. */
static const char *sides(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q) {
    switch (myo_claim_read(q)) {
    case MYO_READING_FEW:
        return r->participant ? too_few_events(c, r) : too_few(c, r);
    case MYO_READING_SHOWN:
        return myo_say_shown(c, r);
    default:
        return myo_say_not_shown(c, r, myo_say_doubt(c, r, q));
    }
}

const char *myo_compare_sentence(myo_comparison *c, const myo_cmp_row *r) {
    const myo_claim q = claim_of(c, r);
    const myo_reading reading = myo_claim_read(&q);
    if (myo_compare_unmoved(c, r)) {
        return unmoved(c, r);
    }
    if (!r->contrast || reading == MYO_READING_NONE) {
        return untested(c, r);
    }
    switch (q.kind) {
    case MYO_CLAIM_GROUPS:
        return myo_say_groups(c, r, &q);
    case MYO_CLAIM_TREND:
        return myo_say_trend(c, r, reading);
    case MYO_CLAIM_STUDIES:
        return myo_say_studies(c, r, reading);
    default:
        return sides(c, r, &q);
    }
}
