/* outcomes.c - what is asked of the data: one primary question, a confirmatory family, the rest. */
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"

/* What is primary if nothing is said: the first of these that the data have. */
static const char *const usual_primary[] = {"jerk:rate_per_h:all", "jerk:incidence:clinician"};
/* Channels where nothing is said. */
static const char *const usual_channel[] = {"all", MYO_CLINICIAN};
enum { N_USUAL = 2 };
/* What a treatment is not expected to act on, or what says how good the data are. */
static const char *const no_movement[] = {"voluntary", "artefact", "indeterminate"};

/* Which metrics a channel and class has anywhere: bits of myo_metric_id. */
static unsigned *find_metrics(const myo_comparison *c) {
    unsigned *has = myo_alloc((size_t)c->channels.n * (size_t)c->types.n + 1, sizeof *has);
    for (size_t i = 0; has && i < c->n_cells; i++) {
        const myo_pooled *p = &c->cell[i];
        unsigned *bits = &has[p->channel * c->types.n + p->type];
        *bits |= 1u << MYO_METRIC_RATE | 1u << MYO_METRIC_BURDEN;
        for (int m = MYO_METRIC_DURATION; m < MYO_N_SUMMARY_METRIC; m++) {
            *bits |= isnan(myo_pooled_value(p, (myo_metric_id)m)) ? 0 : 1u << m;
        }
    }
    for (int i = 0; has && i < c->n_extra; i++) {
        has[c->extra[i].channel * c->types.n + c->extra[i].type] |= 1u << c->extra[i].metric;
    }
    return has;
}

/* --- the primary outcome --- */

/* "TYPE:METRIC[:CHANNEL]" cut in place; the channel may hold colons. */
static bool cut_primary(char *s, const char **type, const char **metric, const char **channel) {
    char *colon = strchr(s, ':');
    if (!colon) {
        return false;
    }
    *colon = '\0';
    *type = s;
    *metric = colon + 1;
    colon = strchr(colon + 1, ':');
    *channel = colon ? colon + 1 : NULL;
    if (colon) {
        *colon = '\0';
    }
    return true;
}

static void list(myo_buf *b, const char *what, const char *const *name, int n) {
    enum { SHOWN = 12 };
    myo_buf_printf(b, "%s", what);
    for (int i = 0; i < n && i < SHOWN; i++) {
        myo_buf_printf(b, " %s", name[i]);
    }
    myo_buf_printf(b, "%s", n > SHOWN ? " ..." : "");
}

static myo_err no_primary(const myo_comparison *c, const char *wanted) {
    myo_buf b = {0};
    const int n_metrics = c->n_extra > 0 ? MYO_N_METRIC : MYO_N_SUMMARY_METRIC;
    const char *metric[MYO_N_METRIC];
    for (int i = 0; i < n_metrics; i++) {
        metric[i] = myo_metrics[i].name;
    }
    list(&b, "types", c->types.name, c->types.n);
    list(&b, "; metrics", metric, n_metrics);
    list(&b, "; channels", c->channels.name, c->channels.n);
    const myo_err e = b.failed
                          ? MYO_ERR_NOMEM
                          : myo_fail(c->d, MYO_ERR_USAGE,
                                     "--primary: no such outcome in the data (found %.80s, allowed "
                                     "TYPE:METRIC[:CHANNEL] with %s)",
                                     wanted, b.s);
    myo_buf_clear(&b);
    return e;
}

/* A metric of the summary may miss in all recordings (no event had one), but not where the table
 * never has it. */
static bool exists(const myo_comparison *c, const unsigned *has, const myo_outcome *o) {
    if (o->channel < 0 || o->type < 0 || (int)o->metric < 0) {
        return false;
    }
    const myo_metric_id sign = o->metric < MYO_N_SUMMARY_METRIC ? MYO_METRIC_RATE : o->metric;
    return (has[o->channel * c->types.n + o->type] & 1u << sign) &&
           !(o->metric == MYO_METRIC_PEAK && strcmp(c->channels.name[o->channel], "all") == 0);
}

static bool find_in_channels(const myo_comparison *c, const unsigned *has,
                             const char *const *channel, int n, myo_outcome *out) {
    for (int i = 0; i < n; i++) {
        out->channel = myo_labels_find(&c->channels, channel[i]);
        if (exists(c, has, out)) {
            return true;
        }
    }
    return false;
}

static myo_err find_one(const myo_comparison *c, const unsigned *has, const char *wanted,
                        bool *found, myo_outcome *out) {
    const char *type = NULL, *metric = NULL, *channel = NULL;
    char *copy = myo_strdup(wanted);
    *found = false;
    if (!copy) {
        return MYO_ERR_NOMEM;
    }
    if (cut_primary(copy, &type, &metric, &channel)) {
        *out = (myo_outcome){-1, myo_labels_find(&c->types, type),
                             (myo_metric_id)myo_metric_find(metric), MYO_PRIMARY};
        *found = find_in_channels(c, has, channel ? &channel : usual_channel, channel ? 1 : N_USUAL,
                                  out);
    }
    myo_free(copy);
    return MYO_OK;
}

/* Nobody asked for anything, and the usual is not there: the first rate of a movement is. */
static bool first_rate(const myo_comparison *c, const unsigned *has, myo_outcome *out) {
    const int all = myo_labels_find(&c->channels, "all");
    for (int type = 0; type < c->types.n; type++) {
        *out = (myo_outcome){all, type, MYO_METRIC_RATE, MYO_PRIMARY};
        if (myo_compare_movement(c->types.name[type]) && exists(c, has, out)) {
            myo_warn(c->d, "no jerks in the data: %s:rate_per_h:all is taken as primary",
                     c->types.name[type]);
            return true;
        }
    }
    return false;
}

static myo_err find_primary(const myo_comparison *c, const unsigned *has, myo_outcome *out) {
    const char *const *wanted = c->job->primary ? &c->job->primary : usual_primary;
    const int n = c->job->primary ? 1 : N_USUAL;
    for (int i = 0; i < n; i++) {
        bool found = false;
        MYO_TRY(find_one(c, has, wanted[i], &found, out));
        if (found) {
            return MYO_OK;
        }
    }
    return !c->job->primary && first_rate(c, has, out) ? MYO_OK : no_primary(c, wanted[0]);
}

/* --- the others --- */

static bool same(const myo_outcome *a, const myo_outcome *b) {
    return a->channel == b->channel && a->type == b->type && a->metric == b->metric;
}

bool myo_compare_movement(const char *type) {
    for (size_t i = 0; i < sizeof no_movement / sizeof no_movement[0]; i++) {
        if (strcmp(type, no_movement[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* The only channel beside `all` says the same again, but for the peaks that `all` has not. */
static bool is_repeated(const myo_comparison *c, const myo_outcome *o) {
    return c->channels.n == 2 && myo_labels_find(&c->channels, "all") >= 0 &&
           o->metric != MYO_METRIC_PEAK && o->metric < MYO_N_SUMMARY_METRIC &&
           strcmp(c->channels.name[o->channel], "all") != 0;
}

static myo_role role_of(const myo_comparison *c, const myo_outcome *o) {
    if (is_repeated(c, o)) {
        return MYO_SUPPORTING;
    }
    const char *in = myo_metrics[o->metric].confirmed_in;
    const bool confirmatory = in && strcmp(c->channels.name[o->channel], in) == 0 &&
                              myo_compare_movement(c->types.name[o->type]);
    return confirmatory ? MYO_CONFIRMATORY : MYO_EXPLORATORY;
}

static void add_role(myo_comparison *c, const unsigned *has, int channel, myo_role role) {
    for (int type = 0; type < c->types.n; type++) {
        for (int m = 0; m < MYO_N_METRIC; m++) {
            myo_outcome o = {channel, type, (myo_metric_id)m, role};
            if ((has[channel * c->types.n + type] & 1u << m) && !same(&o, &c->outcome[0]) &&
                role_of(c, &o) == role) {
                c->outcome[c->n_outcomes++] = o;
            }
        }
    }
}

myo_err myo_compare_outcomes(myo_comparison *c) {
    const size_t most = (size_t)c->channels.n * (size_t)c->types.n * MYO_N_METRIC;
    unsigned *has = find_metrics(c);
    c->outcome = myo_alloc(most + 1, sizeof *c->outcome);
    c->n_outcomes = 0;
    myo_err e = has && c->outcome ? MYO_OK : MYO_ERR_NOMEM;
    e = e == MYO_OK ? find_primary(c, has, &c->outcome[0]) : e;
    if (e == MYO_OK) {
        c->n_outcomes = 1;
        const int all = myo_labels_find(&c->channels, "all");
        for (int role = MYO_CONFIRMATORY; role <= MYO_SUPPORTING; role++) {
            if (all >= 0) {
                add_role(c, has, all, (myo_role)role);
            }
            for (int channel = 0; channel < c->channels.n; channel++) {
                if (channel != all) {
                    add_role(c, has, channel, (myo_role)role);
                }
            }
        }
    }
    myo_free(has);
    return e;
}
