/* who.c - whose recording is whose: found once, so that nothing on the page searches for people again. */
#include <string.h>
#include "report/report.h"

typedef struct ref {
    const char *id;
    size_t rec;
} ref;

static int by_id(const void *a, const void *b) {
    const ref *p = a, *q = b;
    const int order = strcmp(p->id, q->id);
    return order != 0 ? order : (p->rec > q->rec) - (p->rec < q->rec);
}

/* Each recording's next one of the same person; `first` marks those without one before. */
static void link_up(myo_rep *r, const ref *refs, bool *first) {
    for (size_t i = 0; i < r->n_recs; i++) {
        const bool same = i + 1 < r->n_recs && strcmp(refs[i].id, refs[i + 1].id) == 0;
        const bool again = i > 0 && strcmp(refs[i].id, refs[i - 1].id) == 0;
        r->rec[refs[i].rec].next = same ? refs[i + 1].rec : SIZE_MAX;
        first[refs[i].rec] = !again;
    }
}

static void number(myo_rep *r, const bool *first) {
    for (size_t i = 0; i < r->n_recs; i++) {
        if (first[i]) {
            for (size_t k = i; k != SIZE_MAX; k = r->rec[k].next) {
                r->rec[k].person = r->n_people;
            }
            r->n_people++;
        }
    }
}

/* Without a study every recording stands for itself. */
static void number_each(myo_rep *r) {
    for (size_t i = 0; i < r->n_recs; i++) {
        r->rec[i].person = i;
        r->rec[i].next = SIZE_MAX;
    }
    r->n_people = r->n_recs;
}

static void find_people(myo_rep *r, ref *refs, bool *first) {
    for (size_t i = 0; i < r->n_recs; i++) {
        refs[i] = (ref){r->rec[i].participant, i};
    }
    myo_sort_in_place(refs, r->n_recs, sizeof *refs, by_id);
    link_up(r, refs, first);
    number(r, first);
}

myo_err myo_rep_index_people(myo_rep *r) {
    if (!r->is_study) {
        number_each(r);
        return MYO_OK;
    }
    ref *refs = myo_alloc(r->n_recs + 1, sizeof *refs);
    bool *first = myo_alloc(r->n_recs + 1, sizeof *first);
    const bool room = refs && first;
    if (room) {
        find_people(r, refs, first);
    }
    myo_free(refs);
    myo_free(first);
    return room ? MYO_OK : MYO_ERR_NOMEM;
}
