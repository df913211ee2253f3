/* labels.c - names numbered in order of first appearance. */
#include <string.h>
#include "base/base.h"
#include "compare/labels.h"

/* FNV-1a. */
static size_t hash(const char *s) {
    uint64_t h = 14695981039346656037u;
    for (; *s; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    }
    return (size_t)h;
}

/* The slot that holds the name, or the empty one where it belongs. */
static size_t place(const myo_labels *l, const char *name) {
    size_t i = hash(name) & (l->n_slots - 1);
    while (l->slot[i] != 0 && strcmp(l->name[l->slot[i] - 1], name) != 0) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return i;
}

int myo_labels_find(const myo_labels *l, const char *name) {
    return l->n_slots == 0 ? -1 : l->slot[place(l, name)] - 1;
}

/* Never more than half full. */
static myo_err widen(myo_labels *l) {
    const size_t n = l->n_slots ? 2 * l->n_slots : 32;
    int *slot = myo_alloc(n, sizeof *slot);
    if (!slot) {
        return MYO_ERR_NOMEM;
    }
    myo_free(l->slot);
    l->slot = slot;
    l->n_slots = n;
    for (int i = 0; i < l->n; i++) {
        slot[place(l, l->name[i])] = i + 1;
    }
    return MYO_OK;
}

myo_err myo_labels_add(myo_labels *l, const char *name, int *index) {
    const int old = myo_labels_find(l, name);
    if (old >= 0) {
        *index = old;
        return MYO_OK;
    }
    if (2 * ((size_t)l->n + 1) > l->n_slots) {
        MYO_TRY(widen(l));
    }
    void *names = l->name;
    MYO_TRY(myo_grow(&names, &l->cap, (size_t)l->n + 1, sizeof *l->name));
    l->name = names;
    l->name[l->n] = name;
    l->slot[place(l, name)] = l->n + 1;
    *index = l->n++;
    return MYO_OK;
}

void myo_labels_clear(myo_labels *l) {
    myo_free(l->name);
    myo_free(l->slot);
    *l = (myo_labels){0};
}
