/* planes.c - planar blocks, and the checks that all binary readers share. */
#include <math.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/planes.h"

/* Endings that promise a content, ours or not; ".dat", ".bin" and the like promise nothing. */
static const char known_endings[] = "edf rec bdf wav wave rf64 w64 flac caf aif aiff aifc hea csv "
                                    "tsv gz zip xz bz2 7z h5 hdf5 nwb mat c3d "
                                    "abf vhdr vmrk cwa gt3x gdf json xml html htm pdf xls xlsx ods "
                                    "mp3 ogg m4a mp4 avi png jpg jpeg";

myo_err myo_planes_new(myo_planes *p, int n_ch, const size_t *cap) {
    size_t total = 0;
    for (int c = 0; c < n_ch; c++) {
        if (cap[c] > SIZE_MAX / 8 - total) {
            return MYO_ERR_NOMEM;
        }
        total += cap[c];
    }
    p->n_ch = n_ch;
    const size_t n = (size_t)n_ch;
    p->data = myo_alloc_room(total > 0 ? total : 1, sizeof *p->data);
    p->x = myo_alloc(n, sizeof *p->x);
    p->n = myo_alloc(n, sizeof *p->n);
    p->start = myo_alloc(n, sizeof *p->start);
    p->cap = myo_alloc(n, sizeof *p->cap);
    if (p->data == NULL || p->x == NULL || p->n == NULL || p->start == NULL || p->cap == NULL) {
        return MYO_ERR_NOMEM;
    }
    float *at = p->data;
    for (int c = 0; c < n_ch; c++) {
        p->x[c] = at;
        p->cap[c] = cap[c];
        at += cap[c];
    }
    return MYO_OK;
}

void myo_planes_free(myo_planes *p) {
    myo_free(p->data);
    myo_free(p->x);
    myo_free(p->n);
    myo_free(p->start);
    myo_free(p->cap);
    *p = (myo_planes){0};
}

void myo_planes_show(const myo_planes *p, bool gap, myo_block *b) {
    b->n_ch = p->n_ch;
    b->x = (const float *const *)p->x;
    b->n = p->n;
    b->start_s = p->start;
    b->gap = gap;
}

myo_err myo_rate_check(const myo_reader *r, double fs, int ch) {
    if (fs >= MYO_MIN_RATE && fs <= MYO_MAX_RATE) {
        return MYO_OK;
    }
    return myo_fail(r->d, MYO_ERR_RANGE,
                    "channel %d: sampling rate (found %.6g Hz, allowed %g to %g)", ch, fs,
                    MYO_MIN_RATE, MYO_MAX_RATE);
}

int64_t myo_frames_for(double max_s, double fs, int64_t most) {
    const double want = max_s * fs;
    if (!(want >= 1)) {
        return 1;
    }
    return want < (double)most ? (int64_t)want : most;
}

static const char *ending_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');
    return dot != NULL ? dot + 1 : "";
}

bool myo_name_ends(const char *path, const char *endings) {
    const char *ending = ending_of(path);
    const size_t n = strlen(ending);
    while (n > 0 && *endings != '\0') {
        const size_t len = strcspn(endings, " ");
        if (len == n && strncasecmp(endings, ending, n) == 0) {
            return true;
        }
        endings += len + strspn(endings + len, " ");
    }
    return false;
}

void myo_ending_check(const myo_reader *r, const char *endings, const char *found) {
    if (!myo_name_ends(r->path, endings) && myo_name_ends(r->path, known_endings)) {
        myo_warn(r->d, "the name ends in .%.16s, the content is %s: read by its content",
                 ending_of(r->path), found);
    }
}
