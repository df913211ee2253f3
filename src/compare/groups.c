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

static const char *counted(myo_comparison *c, const myo_cmp_row *r, bool agreed, const char *but) {
    const char *says = numbers(c, r);
    if (agreed) {
        return myo_compare_text(c, "%s: %s.", myo_say_capital(c, says), myo_say_direction(c, r));
    }
    return r->level < MYO_SAY_FEW
               ? myo_compare_text(c, "Too few people to say: %s.", says)
               : myo_compare_text(c, "No difference shown: %s%s%s.", says, but,
                                  myo_say_incompatible(c, r));
}

static const char *too_few(myo_comparison *c, const myo_cmp_row *r) {
    return myo_compare_text(c,
                            "Too few people to say whether %s differs under %s from %s: %s, %s "
                            "(%s).",
                            myo_say_subject(c, r), r->contrast, r->reference, myo_say_effect(c, r),
                            myo_say_interval(c, r), myo_say_basis(c, r));
}

const char *myo_say_groups(myo_comparison *c, const myo_cmp_row *r) {
    const double null = myo_words_of_effect(r).null;
    const bool bare = myo_has_no_interval(r), clear = r->low > null || r->high < null;
    const bool small = !(r->p_adjusted > 1.0 - MYO_SAY_LEVEL);
    const bool by_value = myo_words_of_metric(r).told == MYO_BY_VALUE;
    const bool agreed = small && (clear || (bare && !by_value));
    const char *but = bare ? "" : myo_say_doubt(c, r, clear);
    if (!by_value) {
        return counted(c, r, agreed, but);
    }
    if (r->level < MYO_SAY_LEVEL - 1e-9 && !agreed) {
        return too_few(c, r);
    }
    return agreed ? myo_say_shown(c, r) : myo_say_not_shown(c, r, but);
}
