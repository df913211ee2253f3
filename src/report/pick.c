/* pick.c - which recordings are shown close up: from the quietest person to the busiest, evenly, so
 * that neither the striking nor the dull ones are chosen. */
#include "report/pick.h"

typedef struct person {
    size_t first;  /* their first recording */
    size_t n;      /* complete recordings */
    double events; /* of the outcome's class */
} person;

static int by_events(const void *a, const void *b) {
    const person *p = a, *q = b;
    if (p->events != q->events) {
        return p->events < q->events ? -1 : 1;
    }
    return (p->first > q->first) - (p->first < q->first);
}

static bool can_show(const myo_rep_rec *rec) {
    return rec->status == MYO_ROW_DONE && rec->n_channels > 0;
}

static double events_of(const myo_rep *r, size_t rec, int type) {
    const myo_rep_sum *s = myo_rep_sum_of(r, rec, "all", type);
    return s ? s->n : 0.0;
}

/* at: where each person stands among the people so far, one more; 0: nowhere yet. */
static size_t find_people(const myo_rep *r, person *people, size_t *at) {
    const int type = myo_rep_outcome_of(r).type;
    size_t n = 0;
    for (size_t i = 0; i < r->n_recs; i++) {
        if (!can_show(&r->rec[i])) {
            continue;
        }
        size_t *k = &at[r->rec[i].person];
        if (*k == 0) {
            people[n] = (person){.first = i};
            *k = ++n;
        }
        people[*k - 1].n++;
        people[*k - 1].events += events_of(r, i, type);
    }
    return n;
}

/* Place of the k-th of m chosen among n sorted ones: both ends in. */
static size_t place(size_t k, size_t m, size_t n) {
    return m > 1 ? k * (n - 1) / (m - 1) : n / 2;
}

/* As many people as have no more than MYO_PICK_MOST recordings together, one at least. */
static size_t how_many(const person *people, size_t n) {
    size_t m = n < MYO_PICK_MOST ? n : MYO_PICK_MOST;
    for (; m > 1; m--) {
        size_t sum = 0;
        for (size_t k = 0; k < m; k++) {
            sum += people[place(k, m, n)].n;
        }
        if (sum <= MYO_PICK_MOST) {
            break;
        }
    }
    return m;
}

static size_t mark(const myo_rep *r, const person *who, bool *shown, size_t room) {
    size_t n = 0;
    for (size_t i = who->first; i != SIZE_MAX && n < room; i = r->rec[i].next) {
        if (can_show(&r->rec[i])) {
            shown[i] = true;
            n++;
        }
    }
    return n;
}

static void pick_people(const myo_rep *r, person *people, size_t *at, bool *shown,
                        size_t *n_shown) {
    const size_t n = find_people(r, people, at);
    myo_sort_in_place(people, n, sizeof *people, by_events);
    const size_t m = how_many(people, n);
    *n_shown = 0;
    for (size_t k = 0; k < m; k++) {
        *n_shown += mark(r, &people[place(k, m, n)], shown, MYO_PICK_MOST - *n_shown);
    }
}

myo_err myo_pick(const myo_rep *r, bool *shown, size_t *n_shown) {
    person *people = myo_alloc(r->n_people + 1, sizeof *people);
    size_t *at = myo_alloc(r->n_people + 1, sizeof *at);
    const bool room = people && at;
    if (room) {
        pick_people(r, people, at, shown, n_shown);
    }
    myo_free(people);
    myo_free(at);
    return room ? MYO_OK : MYO_ERR_NOMEM;
}
