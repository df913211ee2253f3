/* words.h - parts of the sentences about a primary outcome: one helper for each kind of phrase. */
#ifndef MYO_COMPARE_WORDS_H
#define MYO_COMPARE_WORDS_H

#include "compare/compare.h"
#include "stats/claim.h"

enum { MYO_WORD = 40 };
/* From here on a ratio reads as so many times, not as per cent more. */
#define MYO_SAY_TIMES 2.0

/* How an effect's name reads, and whether it is a ratio. */
typedef struct myo_effect_words {
    const char *name, *words, *unit;
    bool ratio;
    double null; /* its value where nothing differs */
} myo_effect_words;

/* What is said of people in groups instead of an effect of a rate or value. */
typedef enum myo_told_by { MYO_BY_VALUE, MYO_BY_COUNT, MYO_BY_ONSET, MYO_BY_GRADE } myo_told_by;

/* By metric: what the sentence is about, what a limit is of, how less and more of it read. */
typedef struct myo_metric_words {
    const char *metric, *about, *limit_of, *less, *more;
    myo_told_by told;
} myo_metric_words;

myo_effect_words myo_words_of_effect(const myo_cmp_row *r);
myo_metric_words myo_words_of_metric(const myo_cmp_row *r);

/* --- numbers --- */

/* Decimals by size, and as many more as it takes not to be rounded onto `null` or 0. */
void myo_put_number(char s[MYO_WORD], double v, double null);
/* Share in per cent, never rounded to 0 or 100 unless it is. */
void myo_put_percent(char s[MYO_WORD], double share);
/* Two digits, and more where these would put it on the other side of 0.05. */
void myo_put_p(char s[MYO_WORD], double p);
/* "1 person", "12 people" */
const char *myo_say_count(myo_comparison *c, int64_t n, const char *one, const char *many);
const char *myo_say_people(myo_comparison *c, int64_t n);

/* --- names --- */

/* "jerks", "tremor episodes" */
const char *myo_say_events(myo_comparison *c, const char *type);
/* " of p01 in channel biceps" */
const char *myo_say_where(myo_comparison *c, const myo_cmp_row *r);
/* "jerk rate of p01 in channel biceps" */
const char *myo_say_subject(myo_comparison *c, const myo_cmp_row *r);
const char *myo_say_capital(myo_comparison *c, const char *s);

/* --- what was seen --- */

/* "12 people, 120 events in 11.8 h under pre, 63 events in 12.1 h under post" */
const char *myo_say_basis(myo_comparison *c, const myo_cmp_row *r);
/* "6 of 25 people under A against 18 of 25 under B" */
const char *myo_say_risks(myo_comparison *c, const myo_cmp_row *r);
/* "95 % interval 0.41 to 0.66"; an open side is said; p where there is none. */
const char *myo_say_interval(myo_comparison *c, const myo_cmp_row *r);
/* "rate ratio 0.53" */
const char *myo_say_effect(myo_comparison *c, const myo_cmp_row *r);
/* "fewer jerks" */
const char *myo_say_direction(myo_comparison *c, const myo_cmp_row *r);
/* "; a rate lower by more than 10 % or higher by more than 38 % is not compatible with these
 * data", or "" */
const char *myo_say_incompatible(myo_comparison *c, const myo_cmp_row *r);
/* " Everybody had pre first ...": what the row must not be read without, or "" */
const char *myo_say_caveat(myo_comparison *c, const myo_cmp_row *r);

/* --- sentences by kind of outcome --- */

/* People in groups (groups.c). */
const char *myo_say_groups(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q);
/* Sessions ordered by a column of the manifest (follows.c). */
const char *myo_say_trend(myo_comparison *c, const myo_cmp_row *r, myo_reading reading);
/* Design trend: recordings and their hours, in all of which there was no event; 0: there were some. */
int64_t myo_trend_without_event(const myo_comparison *c, const myo_cmp_row *r, double *hours);
/* Studies put together: never more than exploratory. */
const char *myo_say_studies(myo_comparison *c, const myo_cmp_row *r, myo_reading reading);
/* People or sessions one by one: a claim, or none. but: what p says otherwise. */
const char *myo_say_shown(myo_comparison *c, const myo_cmp_row *r);
const char *myo_say_not_shown(myo_comparison *c, const myo_cmp_row *r, const char *but);
/* What p says where it does not say the same as the interval. */
const char *myo_say_doubt(myo_comparison *c, const myo_cmp_row *r, const myo_claim *q);

#endif
