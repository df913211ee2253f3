/* part.c - valleys between bursts, by hysteresis on the short-scale energy. */
#include <float.h>
#include "detect/part.h"

void myo_part_start(myo_part *s, int64_t on)
{
    *s = (myo_part){on, 0.0f, FLT_MAX, on};
}

static bool parts(const myo_part *s, const myo_part_rule *rule, float p)
{
    const float lower = s->peak < p ? s->peak : p;
    if (lower < rule->clear) {
        return false;
    }
    return lower >= rule->ratio * s->valley ||
           (s->valley <= rule->noise && lower >= rule->clear_ratio * s->valley);
}

bool myo_part_feed(myo_part *s, const myo_part_rule *rule, int64_t i, float p, int64_t *on, int64_t *off)
{
    if (p < s->valley) {
        s->valley = p;
        s->valley_at = i;
        return false;
    }
    const bool cut = parts(s, rule, p);
    if (cut) {
        *on = s->on;
        *off = s->valley_at;
        s->on = s->valley_at;
    }
    if (cut || p > s->peak) {
        s->peak = p;
        s->valley = p;
        s->valley_at = i;
    }
    return cut;
}

int64_t myo_part_pass(myo_part *s, const myo_part_rule *rule, int64_t i, const float *p, int64_t n)
{
    myo_part t = *s;
    int64_t k = 0;
    for (; k < n; k++) {
        if (p[k] < t.valley) {
            t.valley = p[k];
            t.valley_at = i + k;
        } else if (parts(&t, rule, p[k])) {
            break;
        } else if (p[k] > t.peak) {
            t.peak = t.valley = p[k];
            t.valley_at = i + k;
        }
    }
    *s = t;
    return k;
}
