/* planes.h - the planar float block that a binary reader hands out, and checks that all readers
 * share. */
#ifndef MYO_IO_PLANES_H
#define MYO_IO_PLANES_H

#include "io/readers.h"

#define MYO_MIN_RATE 1e-4                  /* Hz; slower is a broken header, not a slow sensor */
#define MYO_MAX_SAMPLES ((int64_t)1 << 40) /* in all channels together, reliability.md 4 */

/* n_ch rows of floats in one allocation, with the arrays that myo_block points to. */
typedef struct myo_planes {
    int n_ch;
    float *data;
    float **x; /* x[c] has cap[c] samples of room */
    int64_t *n;
    double *start;
    size_t *cap;
} myo_planes;

/* Room for cap[c] samples in channel c. Zero-initialise p before; myo_planes_free() after, also on
 * failure. */
myo_err myo_planes_new(myo_planes *p, int n_ch, const size_t *cap);
void myo_planes_free(myo_planes *p);
/* Let b show p. */
void myo_planes_show(const myo_planes *p, bool gap, myo_block *b);

/* MYO_MIN_RATE..MYO_MAX_RATE, else MYO_ERR_RANGE naming channel `ch` (1-based). */
myo_err myo_rate_check(const myo_reader *r, double fs, int ch);

/* Whole frames for about max_s seconds at fs Hz: 1..most. */
int64_t myo_frames_for(double max_s, double fs, int64_t most);

/* Does the file name end in one of the blank-separated `endings` (any case)? */
bool myo_name_ends(const char *path, const char *endings);

/* Warn if the name's ending belongs to a format, but not to one of `endings`; `found` names the
 * content. */
void myo_ending_check(const myo_reader *r, const char *endings, const char *found);

#endif
