/* store.h - records of one size, written in order, read by number; few live in memory, many in an unlinked temporary
 * file of the output folder, so that a day of events costs no memory. */
#ifndef MYO_RUN_STORE_H
#define MYO_RUN_STORE_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

typedef struct myo_store myo_store;
myo_err myo_store_new(myo_store **out, const char *dir, size_t record_size);
myo_err myo_store_add(myo_store *s, const void *record, myo_diag *d);
int64_t myo_store_count(const myo_store *s);
/* Record i of 0 .. count-1; cheap where i follows the last one read. */
myo_err myo_store_get(myo_store *s, int64_t i, void *record, myo_diag *d);
void myo_store_free(myo_store **s);

#endif
