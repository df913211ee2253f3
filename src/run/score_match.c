/* score_match.c - pairing of true and found events: windows by an interval tree, then an exact
 * minimum-cost assignment on the sparse graph of allowed pairs. */
#include <math.h>
#include <stdlib.h>
#include "base/base.h"
#include "run/score_match.h"

/* Costs are whole numbers, so that sums are exact and equal on every machine. Leaving a true event
 * alone costs ALONE; a pair costs ALONE less its likeness in millionths. */
enum { ALONE = 2000000, SAME_CLASS = 1000, PAIRS_MAX = 1 << 24 };

static const double EPISODE_S = 0.5, EPISODE_SLACK_S = 0.5;
static const double SHORT_SLACK_S = 0.015, SHORT_SLACK_SHARE = 0.3, SHORT_IOU = 0.2;

typedef struct edge {
    int64_t cost;
    size_t found;
} edge;

typedef struct matcher {
    myo_mark *truth, *found;
    size_t n_truth, n_found;
    double *latest; /* interval tree: latest end within each node of a heap over found */
    size_t leaves;
    edge *e; /* allowed pairs, those of truth i at first[i] .. first[i + 1] */
    size_t *first, n_edges, cap;
    int64_t *u, *v;  /* dual prices of truth and found */
    int64_t *dist;   /* of found, in the running search */
    size_t *from;    /* found: the truth it was reached from */
    ptrdiff_t *seen; /* found: number of the search that reached it, -1 - that when it is final */
    size_t *reached; /* found, in the order of reaching */
    myo_diag *d;
} matcher;

static int compare_marks(const void *a, const void *b) {
    const myo_mark *x = a, *y = b;
    if (x->channel != y->channel) {
        return x->channel < y->channel ? -1 : 1;
    }
    if (x->on != y->on) {
        return x->on < y->on ? -1 : 1;
    }
    if (x->off != y->off) {
        return x->off < y->off ? -1 : 1;
    }
    return (x->cls > y->cls) - (x->cls < y->cls);
}

bool myo_mark_is_episode(const myo_mark *t) {
    return t->cls != MYO_JERK && t->cls != MYO_FASCICULATION && t->off - t->on >= EPISODE_S;
}

double myo_mark_iou(const myo_mark *a, const myo_mark *b) {
    const double common = fmin(a->off, b->off) - fmax(a->on, b->on);
    const double all = fmax(a->off, b->off) - fmin(a->on, b->on);
    return common > 0.0 && all > 0.0 ? common / all : 0.0;
}

static double slack(const myo_mark *t) {
    return myo_mark_is_episode(t) ? EPISODE_SLACK_S
                                  : fmax(SHORT_SLACK_S, SHORT_SLACK_SHARE * (t->off - t->on));
}

/* 0 to 1; negative if the two may not be paired. */
static double likeness(const myo_mark *t, const myo_mark *f) {
    const double iou = myo_mark_iou(t, f), wide = slack(t);
    if (myo_mark_is_episode(t)) {
        const bool meet = f->on <= t->off + wide && f->off >= t->on - wide;
        return meet ? fmax(iou, 0.01) : -1.0;
    }
    const double apart = fabs(f->on - t->on);
    if (apart <= wide) {
        return fmax(iou, SHORT_IOU * (1.0 - 0.99 * apart / wide));
    }
    return iou >= SHORT_IOU ? iou : -1.0;
}

/* --- interval tree --- */

static void build_tree(matcher *m) {
    for (size_t i = 0; i < 2 * m->leaves; i++) {
        m->latest[i] = -INFINITY;
    }
    for (size_t i = 0; i < m->n_found; i++) {
        m->latest[m->leaves + i] = m->found[i].off;
    }
    for (size_t i = m->leaves - 1; i > 0; i--) {
        m->latest[i] = fmax(m->latest[2 * i], m->latest[2 * i + 1]);
    }
}

/* First found at or after i, before end, that ends at or after lo; end if there is none. */
static size_t next_found(const matcher *m, size_t i, size_t end, double lo) {
    if (i >= end) {
        return end;
    }
    size_t node = m->leaves + i;
    while (m->latest[node] < lo) { /* climb to the next subtree on the right that holds one */
        while (node & 1) {
            if (node == 1 || (node & (node + 1)) == 0) { /* the right edge of the tree */
                return end;
            }
            node >>= 1;
        }
        node++;
    }
    while (node < m->leaves) { /* and down to its first */
        node = m->latest[2 * node] >= lo ? 2 * node : 2 * node + 1;
    }
    return node - m->leaves < end ? node - m->leaves : end;
}

/* First found that sorts at or after (channel, on). */
static size_t lower_bound(const matcher *m, int channel, double on) {
    size_t lo = 0, hi = m->n_found;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        const myo_mark *f = &m->found[mid];
        if (f->channel < channel || (f->channel == channel && f->on < on)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* --- allowed pairs --- */

static myo_err add_edge(matcher *m, size_t i, size_t j, double like) {
    if (m->n_edges >= PAIRS_MAX) {
        return myo_fail(m->d, MYO_ERR_RANGE, "too many overlapping events (allowed %d pairs)",
                        (int)PAIRS_MAX);
    }
    void *p = m->e;
    if (myo_grow(&p, &m->cap, m->n_edges + 1, sizeof *m->e) != MYO_OK) {
        return MYO_ERR_NOMEM;
    }
    m->e = p;
    const int64_t bonus = m->truth[i].cls == m->found[j].cls ? SAME_CLASS : 0;
    m->e[m->n_edges++] = (edge){ALONE - llrint(like * 1e6) - bonus, j};
    m->found[j].near_free = m->found[j].near_free || m->truth[i].free;
    return MYO_OK;
}

static myo_err find_edges(matcher *m) {
    for (size_t i = 0; i < m->n_truth; i++) {
        const myo_mark *t = &m->truth[i];
        const double wide = slack(t);
        const size_t begin = lower_bound(m, t->channel, -INFINITY);
        const size_t end = lower_bound(m, t->channel, nextafter(t->off + wide, INFINITY));
        m->first[i] = m->n_edges;
        for (size_t j = next_found(m, begin, end, t->on - wide); j < end;
             j = next_found(m, j + 1, end, t->on - wide)) {
            const double like = likeness(t, &m->found[j]);
            if (like >= 0.0) {
                MYO_TRY(add_edge(m, i, j, like));
            }
        }
    }
    m->first[m->n_truth] = m->n_edges;
    return MYO_OK;
}

/* --- assignment: Jonker and Volgenant 1987, sparse, a private "alone" column for every truth ---
 */

typedef struct search {
    ptrdiff_t number;
    size_t n_reached;
    int64_t alone_dist; /* shortest way to leave a truth alone, and that truth */
    size_t alone_row;
} search;

static bool is_final(const matcher *m, const search *s, size_t j) {
    return m->seen[j] == -1 - s->number;
}

static void relax(matcher *m, search *s, size_t row, int64_t base) {
    const int64_t alone = base + ALONE - m->u[row];
    if (alone < s->alone_dist) {
        s->alone_dist = alone;
        s->alone_row = row;
    }
    for (size_t k = m->first[row]; k < m->first[row + 1]; k++) {
        const size_t j = m->e[k].found;
        const int64_t way = base + m->e[k].cost - m->u[row] - m->v[j];
        if (is_final(m, s, j)) {
            continue;
        }
        if (m->seen[j] != s->number) {
            m->seen[j] = s->number;
            m->reached[s->n_reached++] = j;
        } else if (way >= m->dist[j]) {
            continue;
        }
        m->dist[j] = way;
        m->from[j] = row;
    }
}

/* The nearest reached column that is not final; n_found if leaving a truth alone is nearer. */
static size_t nearest(const matcher *m, const search *s) {
    size_t best = m->n_found;
    int64_t least = s->alone_dist;
    for (size_t k = 0; k < s->n_reached; k++) {
        const size_t j = m->reached[k];
        if (!is_final(m, s, j) && m->dist[j] < least) {
            least = m->dist[j];
            best = j;
        }
    }
    return best;
}

/* Prices that make every edge of the way cost nothing and no edge less. */
static void update_prices(matcher *m, const search *s, size_t root, int64_t total) {
    m->u[root] += total;
    for (size_t k = 0; k < s->n_reached; k++) {
        const size_t j = m->reached[k];
        if (is_final(m, s, j)) {
            m->v[j] -= total - m->dist[j];
            m->u[m->found[j].partner] += total - m->dist[j];
        }
    }
}

/* Turn the pairs round along the way back to the root; j is the column that its end gives away. */
static void augment(matcher *m, size_t root, ptrdiff_t j) {
    while (j >= 0) {
        const size_t row = m->from[j];
        const ptrdiff_t left = m->truth[row].partner;
        m->truth[row].partner = j;
        m->found[j].partner = (ptrdiff_t)row;
        j = row == root ? -1 : left;
    }
}

static void place(matcher *m, size_t root) {
    search s = {(ptrdiff_t)root, 0, INT64_MAX, root};
    size_t row = root, j;
    int64_t base = 0;
    for (;;) {
        relax(m, &s, row, base);
        j = nearest(m, &s);
        if (j == m->n_found || m->found[j].partner < 0) {
            break;
        }
        m->seen[j] = -1 - s.number;
        row = (size_t)m->found[j].partner;
        base = m->dist[j];
    }
    if (j < m->n_found) {
        update_prices(m, &s, root, m->dist[j]);
        augment(m, root, (ptrdiff_t)j);
        return;
    }
    update_prices(m, &s, root, s.alone_dist);
    const ptrdiff_t freed = m->truth[s.alone_row].partner;
    m->truth[s.alone_row].partner = -1;
    augment(m, root, s.alone_row == root ? -1 : freed);
}

/* --- parts and covers --- */

static double common_time(const myo_mark *a, const myo_mark *b) {
    return fmin(a->off, b->off) - fmax(a->on, b->on);
}

/* Unpaired found events mostly inside a true one are its parts; unpaired true ones mostly inside a
 * found one are covered by it. What was called an artefact is no part of a movement. */
static void count_inside(matcher *m) {
    for (size_t i = 0; i < m->n_truth; i++) {
        myo_mark *t = &m->truth[i];
        const size_t begin = lower_bound(m, t->channel, -INFINITY);
        const size_t end = lower_bound(m, t->channel, t->off);
        for (size_t j = next_found(m, begin, end, t->on); j < end;
             j = next_found(m, j + 1, end, t->on)) {
            myo_mark *f = &m->found[j];
            const double both = common_time(t, f);
            const bool piece = f->partner < 0 && 2.0 * both > f->off - f->on;
            t->inside += piece && f->cls != MYO_ARTEFACT;
            f->part = f->part || (piece && t->cls != MYO_ARTEFACT);
            f->inside += t->partner < 0 && !t->free && 2.0 * both > t->off - t->on;
        }
    }
}

static myo_err allocate(matcher *m) {
    m->leaves = 1;
    while (m->leaves < m->n_found) {
        m->leaves *= 2;
    }
    m->latest = myo_alloc(2 * m->leaves, sizeof *m->latest);
    m->first = myo_alloc(m->n_truth + 1, sizeof *m->first);
    m->u = myo_alloc(m->n_truth, sizeof *m->u);
    m->v = myo_alloc(m->n_found, sizeof *m->v);
    m->dist = myo_alloc(m->n_found, sizeof *m->dist);
    m->from = myo_alloc(m->n_found, sizeof *m->from);
    m->seen = myo_alloc(m->n_found, sizeof *m->seen);
    m->reached = myo_alloc(m->n_found, sizeof *m->reached);
    return m->latest && m->first && m->u && m->v && m->dist && m->from && m->seen && m->reached
               ? MYO_OK
               : MYO_ERR_NOMEM;
}

static void release(matcher *m) {
    void *all[] = {m->latest, m->first, m->u, m->v, m->dist, m->from, m->seen, m->reached, m->e};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        myo_free(all[i]);
    }
}

static void reset(myo_mark *marks, size_t n) {
    for (size_t i = 0; i < n; i++) {
        marks[i].partner = -1;
        marks[i].near_free = false;
        marks[i].inside = 0;
        marks[i].part = false;
    }
    if (n > 1) {
        qsort(marks, n, sizeof *marks, compare_marks);
    }
}

myo_err myo_score_match(myo_mark *truth, size_t n_truth, myo_mark *found, size_t n_found,
                        myo_diag *d) {
    matcher m = {.truth = truth, .found = found, .n_truth = n_truth, .n_found = n_found, .d = d};
    reset(truth, n_truth);
    reset(found, n_found);
    myo_err e = allocate(&m);
    if (e == MYO_OK) {
        build_tree(&m);
        for (size_t j = 0; j < n_found; j++) {
            m.seen[j] = PTRDIFF_MAX;
        }
        e = find_edges(&m);
    }
    for (size_t i = 0; e == MYO_OK && i < n_truth; i++) {
        place(&m, i);
    }
    if (e == MYO_OK) {
        count_inside(&m);
    }
    release(&m);
    return e == MYO_ERR_NOMEM
               ? myo_fail(d, e, "no memory to pair %zu events with %zu", n_truth, n_found)
               : e;
}
