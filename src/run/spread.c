/* spread.c - extent, sides and direction of a jerk from the muscles that show it. */
#include <math.h>
#include <stddef.h>
#include "run/spread.h"

/* ---- extent ---- */

enum { HEAD, NECK, TRUNK, ARM_L, ARM_R, LEG_L, LEG_R, N_REGIONS };

/* Regions of the body that touch: what lies in contiguous ones is segmental (as dystonia's terms have it). */
static const int beside[N_REGIONS] = {
    [HEAD] = 1 << NECK | 1 << ARM_L | 1 << ARM_R,
    [NECK] = 1 << HEAD | 1 << TRUNK | 1 << ARM_L | 1 << ARM_R,
    [TRUNK] = 1 << NECK | 1 << ARM_L | 1 << ARM_R | 1 << LEG_L | 1 << LEG_R,
    [ARM_L] = 1 << HEAD | 1 << NECK | 1 << TRUNK | 1 << ARM_R,
    [ARM_R] = 1 << HEAD | 1 << NECK | 1 << TRUNK | 1 << ARM_L,
    [LEG_L] = 1 << TRUNK | 1 << LEG_R,
    [LEG_R] = 1 << TRUNK | 1 << LEG_L,
};

/* A limb of unknown side is the left one: two of them may be one limb, so the smaller extent is said. */
static int region_of(const myo_bodypart *b)
{
    const bool right = b->side == MYO_SIDE_RIGHT;
    switch (b->part) {
    case MYO_PART_HEAD: return HEAD;
    case MYO_PART_NECK: return NECK;
    case MYO_PART_TRUNK: return TRUNK;
    case MYO_PART_ARM: return right ? ARM_R : ARM_L;
    case MYO_PART_LEG: return right ? LEG_R : LEG_L;
    case MYO_PART_NONE: break;
    }
    return -1;
}

static int count_bits(int set)
{
    int n = 0;
    for (; set; set &= set - 1) {
        n++;
    }
    return n;
}

/* Do the regions hang together? */
static bool is_contiguous(int set)
{
    int reached = set & -set;
    for (int k = 0; k < N_REGIONS; k++) {
        for (int r = 0; r < N_REGIONS; r++) {
            reached |= reached & (1 << r) ? beside[r] & set : 0;
        }
    }
    return reached == set;
}

static const char *by_regions(int set)
{
    const int upper = set & (1 << HEAD | 1 << NECK | 1 << ARM_L | 1 << ARM_R), lower = set & (1 << LEG_L | 1 << LEG_R);
    const int n = count_bits(set);
    if (n <= 1) {
        return "focal";
    }
    if (n >= 3 && upper && lower) {
        return "generalised";
    }
    return is_contiguous(set) ? "segmental" : "multifocal";
}

const char *myo_spread_extent(const myo_spread_site *s, int n, int n_usable, bool *named)
{
    int set = 0;
    *named = true;
    for (int i = 0; i < n; i++) {
        const int region = region_of(&s[i].body);
        *named = *named && region >= 0;
        set |= region >= 0 ? 1 << region : 0;
    }
    if (n_usable < 2 || n < 1) {
        return NULL;
    }
    if (*named) {
        return by_regions(set);
    }
    return n == 1 ? "focal" : n >= 4 && 4 * n >= 3 * n_usable ? "generalised" : "segmental";
}

const char *myo_spread_sides(const myo_spread_site *s, int n)
{
    bool side[3] = {false, false, false};
    for (int i = 0; i < n; i++) {
        side[s[i].body.side] = true;
    }
    if (side[MYO_SIDE_LEFT] && side[MYO_SIDE_RIGHT]) {
        return "both";
    }
    return side[MYO_SIDE_NONE] || n == 0 ? NULL : side[MYO_SIDE_LEFT] ? "left" : "right";
}

/* ---- direction ---- */

/* 1: b later than a for sure; -1: earlier; 0: no difference that the errors allow. */
static int later(const myo_spread_site *a, const myo_spread_site *b)
{
    const double d_ms = (b->on - a->on) * 1000.0, sd = sqrt(a->sd_ms * a->sd_ms + b->sd_ms * b->sd_ms);
    const double least = fmax(1.0, 1.96 * sd);
    return d_ms > least ? 1 : d_ms < -least ? -1 : 0;
}

static const myo_spread_site *first_of(const myo_spread_site *s, int n)
{
    const myo_spread_site *lead = NULL;
    for (int i = 0; i < n; i++) {
        if (s[i].body.level > 0 && (!lead || s[i].on < lead->on)) {
            lead = &s[i];
        }
    }
    return lead;
}

typedef struct votes {
    int levels;         /* pairs of different levels */
    int down, up;       /* pairs of which the lower, the upper one is later */
    int inward;         /* pairs on one side of the lead of which the one nearer to it is later */
    bool above, below;  /* the lead has muscles on both sides */
} votes;

static void vote(votes *v, const myo_spread_site *lead, const myo_spread_site *a, const myo_spread_site *b)
{
    if (a->body.level >= b->body.level || a->body.level == 0) {
        return; /* each pair once: a above b */
    }
    const int way = later(a, b), top = lead->body.level;
    v->levels++;
    v->down += way > 0;
    v->up += way < 0;
    v->inward += (a->body.level >= top && way < 0) || (b->body.level <= top && way > 0);
}

const char *myo_spread_order(const myo_spread_site *s, int n)
{
    const myo_spread_site *lead = first_of(s, n);
    votes v = {0};
    for (int i = 0; lead && i < n; i++) {
        v.above = v.above || (s[i].body.level > 0 && s[i].body.level < lead->body.level);
        v.below = v.below || s[i].body.level > lead->body.level;
        for (int j = 0; j < n; j++) {
            vote(&v, lead, &s[i], &s[j]);
        }
    }
    if (v.levels == 0) {
        return NULL;
    }
    if (v.down == 0 && v.up == 0) {
        return "together";
    }
    if (v.up == 0) {
        return "rostro_caudal";
    }
    if (v.down == 0) {
        return "caudo_rostral";
    }
    return v.above && v.below && v.inward == 0 ? "outward" : "mixed";
}
