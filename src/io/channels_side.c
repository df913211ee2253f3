/* channels_side.c - a recording's channels against the rows of its _channels.tsv, and its rates against
 * those that sidecars state. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "io/bids.h"
#include "io/channels_in.h"

/* --- which row is whose --- */

/* The k-th row of this name, from 1. */
static const myo_side_row *nth_row(const myo_sidecar *side, const char *name, size_t n, int64_t k) {
    for (size_t i = 0; i < side->n_row; i++) {
        const char *own = side->row[i].name;
        if (strncmp(own, name, n) == 0 && own[n] == '\0' && --k == 0) {
            return &side->row[i];
        }
    }
    return NULL;
}

const myo_side_row *myo_side_row_of(const myo_sidecar *side, const char *label) {
    const myo_side_row *row = nth_row(side, label, strlen(label), 1);
    const char *mark = strrchr(label, '#');
    int64_t k = 0;
    if (row == NULL && mark != NULL && myo_parse_i64(mark + 1, strlen(mark + 1), &k) && k >= 2) {
        row = nth_row(side, label, (size_t)(mark - label), k);
    }
    return row;
}

/* --- names in a message: the first of them stand for all --- */

typedef struct names {
    char text[160];
    size_t used;
    int n;
} names;

static void add_name(names *a, const char *name) {
    enum { SHOWN = 4, NAME = 32 };
    char shown[NAME];
    if (++a->n <= SHOWN) {
        const int len = snprintf(a->text + a->used, sizeof a->text - a->used, "%s%s", a->n > 1 ? ", " : "",
                                 myo_printable(shown, sizeof shown, name));
        a->used += len > 0 ? (size_t)len : 0;
    } else if (a->n == SHOWN + 1) {
        snprintf(a->text + a->used, sizeof a->text - a->used, ", ...");
    }
}

/* --- rows without a channel --- */

/* Two rows that describe one channel say the same where both say something. */
static bool contradict(const myo_side_row *a, const myo_side_row *b) {
    const bool rate = a->fs > 0 && b->fs > 0 && a->fs != b->fs;
    const char *const cells[][2] = {
        {a->type, b->type}, {a->units, b->units}, {a->muscle, b->muscle}, {a->point, b->point}};
    bool other = rate || a->bad != b->bad || (a->axis >= 0 && b->axis >= 0 && a->axis != b->axis);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        other |= cells[i][0][0] != '\0' && cells[i][1][0] != '\0' && strcmp(cells[i][0], cells[i][1]) != 0;
    }
    return other;
}

static const myo_side_row *first_of_name(const myo_reader *r, const myo_known *k, const char *name) {
    for (int c = 0; c < r->info->n_ch; c++) {
        if (k[c].row != NULL && strcmp(k[c].row->name, name) == 0) {
            return k[c].row;
        }
    }
    return NULL;
}

/* More rows of a name than channels. */
static myo_err judge_twice(const myo_reader *r, const myo_side_row *first, const myo_side_row *row) {
    if (contradict(first, row)) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "sidecar %s: line %" PRId64 ", column 1: '%s' comes twice and says something else than "
                        "in line %" PRId64,
                        r->side.tsv_name, row->line, row->name, first->line);
    }
    myo_warn(r->d, "sidecar %s: line %" PRId64 ": '%s' comes twice, with the same cells as in line %" PRId64,
             r->side.tsv_name, row->line, row->name, first->line);
    return MYO_OK;
}

/* Annotations are no channel here, and are one in some tables. */
static bool is_annotations(const char *name) {
    return strcmp(name, "EDF Annotations") == 0 || strcmp(name, "BDF Annotations") == 0;
}

/* Rows that no channel has taken: `taken` is one flag a row. */
static myo_err rest_of_rows(const myo_reader *r, const myo_known *k, const bool *taken, names *extra) {
    for (size_t i = 0; i < r->side.n_row; i++) {
        const myo_side_row *row = &r->side.row[i];
        if (taken[i] || row->apart || is_annotations(row->name)) {
            continue;
        }
        const myo_side_row *first = first_of_name(r, k, row->name);
        if (first != NULL) {
            MYO_TRY(judge_twice(r, first, row));
        } else {
            add_name(extra, row->name);
        }
    }
    return MYO_OK;
}

/* --- table and recording --- */

static void warn_missing(const myo_reader *r, const names *bare, const names *extra, int n_taken) {
    const char *table = r->side.tsv_name;
    if (n_taken == 0 && bare->n > 0 && extra->n > 0) {
        myo_warn(r->d, "sidecar %s: not used: it describes other channels (%s; the recording has %s)", table,
                 extra->text, bare->text);
        return;
    }
    if (bare->n > 0) {
        myo_warn(r->d, "sidecar %s: no row for %d channel%s of the recording: %s", table, bare->n,
                 bare->n > 1 ? "s" : "", bare->text);
    }
    if (extra->n > 0) {
        myo_warn(r->d, "sidecar %s: %d row%s of no channel of the recording: %s", table, extra->n,
                 extra->n > 1 ? "s" : "", extra->text);
    }
}

myo_err myo_channels_rows(const myo_reader *r, myo_known *k) {
    const myo_sidecar *side = &r->side;
    names bare = {.n = 0}, extra = {.n = 0};
    int n_taken = 0;
    if (side->n_row == 0) {
        return MYO_OK;
    }
    bool *taken = myo_alloc(side->n_row, sizeof *taken);
    if (taken == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for the sidecar");
    }
    for (int c = 0; c < r->info->n_ch; c++) {
        k[c].row = myo_side_row_of(side, r->info->ch[c].label);
        if (k[c].row != NULL) {
            taken[k[c].row - side->row] = true;
            n_taken++;
        } else if (r->info->ch[c].kind != MYO_KIND_OTHER) { /* what its reader knows as no signal needs none */
            add_name(&bare, r->info->ch[c].label);
        }
    }
    const myo_err err = rest_of_rows(r, k, taken, &extra);
    if (err == MYO_OK) {
        warn_missing(r, &bare, &extra, n_taken);
    }
    myo_free(taken);
    return err;
}

/* --- rates --- */

static bool differ(double a, double b) {
    return fabs(a / b - 1) > 0.01;
}

/* The rate that `k` (its row) or, if that is NULL, the JSON states; 0: none. */
static double stated(const myo_reader *r, const myo_known *k) {
    return k == NULL ? r->side.fs : k->row != NULL ? k->row->fs : 0;
}

/* One warning for all channels of one pair of rates; k NULL: the JSON's rate. */
static void warn_rates(const myo_reader *r, const myo_known *k, const char *where, const char *name) {
    for (int c = 0; c < r->info->n_ch; c++) {
        const double own = r->info->ch[c].fs, other = stated(r, k != NULL ? &k[c] : NULL);
        int same = 0, before = 0;
        if (!(other > 0) || !differ(own, other)) {
            continue;
        }
        for (int i = 0; i < r->info->n_ch && before == 0; i++) {
            const bool alike = r->info->ch[i].fs == own && stated(r, k != NULL ? &k[i] : NULL) == other;
            before += alike && i < c;
            same += alike && i > c;
        }
        if (before == 0) {
            char more[32] = "";
            if (same > 0) {
                snprintf(more, sizeof more, " and %d more", same);
            }
            myo_warn(r->d, "channel '%s'%s: sampling rates differ: %g Hz in %s, %g Hz in %s",
                     r->info->ch[c].label, more, own, where, other, name);
        }
    }
}

/* An audio header knows whole rates only; the sidecar's is the true one. Other formats state theirs exactly. */
static void refine_audio(const myo_reader *r) {
    const double fs = myo_sidecar_rate(&r->side);
    if (strstr(r->ops->endings, "wav") == NULL || !(fs > 0)) {
        return;
    }
    for (int c = 0; c < r->info->n_ch; c++) {
        myo_channel *ch = &r->info->ch[c];
        ch->fs = differ(ch->fs, fs) ? ch->fs : fs;
    }
}

void myo_channels_rates(const myo_reader *r, const myo_known *k) {
    const myo_sidecar *side = &r->side;
    if (r->opts->fs > 0) {
        return;
    }
    warn_rates(r, NULL, "the file", side->json_name);
    warn_rates(r, k, side->gave_fs && side->fs > 0 ? side->json_name : "the file", side->tsv_name);
    refine_audio(r);
}
