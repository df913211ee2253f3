/* groups.c - sentences about people in groups: exact tests have p where there may be no interval, or
 * no finite ratio. */
#include "base/base.h"
#include "compare/words.h"

static const char *say_grades(myo_comparison *c, const myo_cmp_row *r) {
    char s[MYO_WORD], level[MYO_WORD], lo[MYO_WORD], hi[MYO_WORD];
    myo_put_percent(s, r->effect);
    myo_put_percent(lo, r->low);
    myo_put_percent(hi, r->high);
    myo_format_g(level, MYO_WORD, 100.0 * r->level, 3);
    return myo_compare_text(
        c,
        "in %s %% of pairs the person under %s has a higher grade of %s than the one under %s, "
        "equal ones counted by half (%s %% interval %s to %s %%, %s)",
        s, r->contrast, myo_say_events(c, r->trial_type), r->reference, level, lo, hi,
        myo_say_basis(c, r));
}

/* The numbers, whatever comes of them. */
static const char *numbers(myo_comparison *c, const myo_cmp_row *r) {
    return myo_words_of_metric(r).told == MYO_BY_GRADE
               ? say_grades(c, r)
               : myo_compare_text(c, "%s: %s (%s)", myo_say_risks(c, r), myo_say_effect(c, r),
                                  myo_say_interval(c, r));
}

static const char *counted(myo_comparison *c, const myo_cmp_row *r, myo_reading reading,
                           const char *but) {
    const char *says = numbers(c, r);
    switch (reading) {
    case MYO_READING_SHOWN:
        return myo_compare_text(c, "%s: %s.", myo_say_capital(c, says), myo_say_direction(c, r));
    case MYO_READING_FEW:
        return myo_compare_text(c, "Too few people to say: %s.", says);
    default:
        return myo_compare_text(c, "No difference shown: %s%s%s.", says, but,
                                myo_say_incompatible(c, r));
    }
}

static const char *too_few(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c,
                            "Too few people to say whether %s differs under %s from %s: %s, %s "
                            "(%s).",
                            myo_say_subject(c, r), r->contrast, r->reference, myo_say_effect(c, r),
                            myo_say_interval(c, r), myo_say_basis(c, r));
}

const char *myo_say_groups(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q) {
    const myo_reading reading = myo_claim_read(q);
    const char *but = myo_claim_has_interval(q) ? myo_say_doubt(c, r, q) : "";
    if (q->exact) {
        return counted(c, r, reading, but);
    }
    if (reading == MYO_READING_FEW) {
        return too_few(c, r);
    }
    return reading == MYO_READING_SHOWN ? myo_say_shown(c, r) : myo_say_not_shown(c, r, but);
}
