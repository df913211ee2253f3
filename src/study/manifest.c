/* manifest.c - a study read: the manifest of contract.md 3.4, or a BIDS dataset in its place. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "io/readers.h"
#include "study/dataset.h"
#include "study/study_in.h"

void myo_study_clear(myo_study *s) {
    for (size_t i = 0; i < s->n_rows; i++) {
        myo_free(s->row[i].file);
    }
    myo_free(s->row);
    myo_free(s->folder);
    myo_tsv_clear(&s->table);
    *s = (myo_study){0};
}

char *myo_join_path(const char *a, const char *b) {
    const size_t n = strlen(a) + strlen(b) + 2;
    const bool slash = a[0] && a[strlen(a) - 1] != '/';
    char *path = myo_alloc(n, 1);
    if (path) {
        snprintf(path, n, "%s%s%s", a, slash ? "/" : "", b);
    }
    return path;
}

/* The folder part of a path with its slash, "" for the working folder. */
static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const size_t n = slash ? (size_t)(slash - path) + 1 : 0;
    char *folder = myo_alloc(n + 1, 1);
    if (folder) {
        memcpy(folder, path, n);
    }
    return folder;
}

/* Of the bytes a file begins with: a recording, or no text? A table is text to the CSV reader, too. */
static bool is_recording(const myo_probe *p) {
    for (int i = 0; myo_readers[i]; i++) {
        if (strcmp(myo_readers[i]->name, "CSV") != 0 && myo_readers[i]->probe(p) > 0) {
            return true;
        }
    }
    const bool utf16 = p->n >= 2 && (memcmp(p->head, "\xFF\xFE", 2) == 0 ||
                                     memcmp(p->head, "\xFE\xFF", 2) == 0);
    const unsigned char *line_end = memchr(p->head, '\n', p->n);
    const size_t line = line_end ? (size_t)(line_end - p->head) : p->n;
    /* UTF-16 has a message of its own, and a NUL further down its place. */
    return !utf16 && memchr(p->head, '\0', line) != NULL;
}

/* A slip of the hand, said before the file is taken for a wrong table, or for one too large. */
static myo_err refuse_recording(const char *path, myo_diag *d) {
    unsigned char head[MYO_PROBE_BYTES];
    const char *slash = strrchr(path, '/');
    struct stat st;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return MYO_OK; /* told when it is read */
    }
    const bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    const ssize_t n = regular ? pread(fd, head, sizeof head, 0) : 0;
    close(fd);
    if (n <= 0) {
        return MYO_OK;
    }
    const myo_probe p = {head, (size_t)n, slash ? slash + 1 : path, (int64_t)st.st_size};
    return is_recording(&p)
               ? myo_fail(d, MYO_ERR_MANIFEST,
                          "looks like a recording, not a manifest (a table with a row per "
                          "recording; for recordings themselves: myotab detect)")
               : MYO_OK;
}

static myo_err read_manifest(myo_study *s, const char *path, bool allow_outside, myo_diag *d) {
    MYO_TRY(refuse_recording(path, d));
    s->folder = folder_of(path);
    if (!s->folder) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the study");
    }
    myo_buf text = {0};
    MYO_TRY(myo_slurp(path, MYO_STUDY_BYTES, &text, d));
    MYO_TRY(myo_tsv_cut(&s->table, &text, MYO_STUDY_ROWS, d));
    return myo_study_fill(s, MYO_FORM_MANIFEST, allow_outside, d);
}

static myo_err read_dataset(myo_study *s, const char *dir, myo_diag *d) {
    s->is_bids = true;
    s->folder = myo_join_path(dir, "");
    if (!s->folder) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the study");
    }
    myo_buf text = {0};
    MYO_TRY(myo_dataset_table(dir, &text, d));
    MYO_TRY(myo_tsv_cut(&s->table, &text, MYO_STUDY_ROWS, d));
    return myo_study_fill(s, MYO_FORM_DATASET, false, d);
}

static myo_err read_study(myo_study *s, const char *path, bool allow_outside, myo_diag *d) {
    struct stat st;
    if (stat(path, &st) != 0) {
        return myo_fail(d, MYO_ERR_MANIFEST, "cannot be read (%s)", strerror(errno));
    }
    MYO_TRY(S_ISDIR(st.st_mode) ? read_dataset(s, path, d)
                                : read_manifest(s, path, allow_outside, d));
    MYO_TRY(myo_study_check_ids(s, d));
    return myo_study_check_twice(s, d);
}

/* Whatever is wrong is wrong with the manifest, but for memory. */
static myo_err tell(myo_diag *d, const myo_diag *own, myo_err e) {
    for (int i = 0; i < own->n_warnings; i++) {
        myo_warn(d, "%s", own->warnings[i]);
    }
    if (e == MYO_OK || e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED) {
        return e == MYO_OK ? e : myo_fail(d, e, "%s", own->message);
    }
    return myo_fail(d, MYO_ERR_MANIFEST, "%s", own->message);
}

myo_err myo_study_read(myo_study *s, const char *path, bool allow_outside, myo_diag *d) {
    myo_study new = {0};
    myo_diag own = {0};
    const myo_err e = tell(d, &own, read_study(&new, path, allow_outside, &own));
    myo_diag_clear(&own);
    if (e != MYO_OK) {
        myo_study_clear(&new);
        return e;
    }
    *s = new;
    return MYO_OK;
}
