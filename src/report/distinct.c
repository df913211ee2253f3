/* distinct.c - the values a setting had over many recordings. */
#include <string.h>
#include "report/distinct.h"
#include "report/esc.h"

static myo_distinct_item *find(const myo_distinct *d, const char *group, const char *name) {
    for (size_t i = 0; i < d->n; i++) {
        if (strcmp(d->item[i].name, name) == 0 && strcmp(d->item[i].group, group) == 0) {
            return &d->item[i];
        }
    }
    return NULL;
}

const myo_distinct_item *myo_distinct_find(const myo_distinct *d, const char *group,
                                           const char *name) {
    return find(d, group, name);
}

static myo_distinct_item *add_item(myo_distinct *d, const char *group, const char *name) {
    void *items = d->item;
    if (myo_grow(&items, &d->cap, d->n + 1, sizeof *d->item) != MYO_OK) {
        return NULL;
    }
    d->item = items;
    myo_distinct_item new = {.group = myo_strdup(group), .name = myo_strdup(name)};
    if (!new.group || !new.name) {
        myo_free(new.group);
        myo_free(new.name);
        return NULL;
    }
    d->item[d->n] = new;
    return &d->item[d->n++];
}

static myo_err add_value(myo_distinct_item *item, const char *value) {
    for (int i = 0; i < item->n_values; i++) {
        if (strcmp(item->value[i], value) == 0) {
            item->count[i]++;
            return MYO_OK;
        }
    }
    if (item->n_values == MYO_DISTINCT_VALUES) {
        item->n_other++;
        return MYO_OK;
    }
    char *copy = myo_strdup(value);
    if (!copy) {
        return MYO_ERR_NOMEM;
    }
    item->value[item->n_values] = copy;
    item->count[item->n_values++] = 1;
    return MYO_OK;
}

myo_err myo_distinct_add(myo_distinct *d, const char *group, const char *name, const char *value) {
    myo_distinct_item *item = find(d, group, name);
    if (!item) {
        item = add_item(d, group, name);
    }
    return item ? add_value(item, value) : MYO_ERR_NOMEM;
}

static void put_count(myo_buf *b, size_t n) {
    myo_buf_printf(b, " <span class=\"na\">(%zu recording%s)</span>", n, n == 1 ? "" : "s");
}

void myo_distinct_put(myo_buf *b, const myo_distinct_item *item) {
    for (int i = 0; i < item->n_values; i++) {
        myo_buf_puts(b, i > 0 ? ", <bdi>" : "<bdi>");
        myo_esc_text(b, item->value[i]);
        myo_buf_puts(b, "</bdi>");
        if (item->n_values > 1) {
            put_count(b, item->count[i]);
        }
    }
    if (item->n_other > 0) {
        myo_buf_puts(b, ", and others");
        put_count(b, item->n_other);
    }
}

void myo_distinct_clear(myo_distinct *d) {
    for (size_t i = 0; i < d->n; i++) {
        myo_free(d->item[i].group);
        myo_free(d->item[i].name);
        for (int k = 0; k < d->item[i].n_values; k++) {
            myo_free(d->item[i].value[k]);
        }
    }
    myo_free(d->item);
    *d = (myo_distinct){0};
}
