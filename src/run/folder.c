/* folder.c - the folder that results go to. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "out/table_file.h"
#include "run/folder.h"
#include "run/link.h"

/* ---- before the first recording ---- */

/* The folder of a path as the file system knows it. */
static bool folder_of(const char *path, struct stat *st) {
    char *copy = myo_strdup(path);
    if (copy == NULL) {
        return false;
    }
    char *slash = strrchr(copy, '/');
    if (slash != NULL) {
        slash[slash == copy ? 1 : 0] = '\0';
    }
    const bool ok = stat(slash != NULL ? copy : ".", st) == 0;
    myo_free(copy);
    return ok;
}

bool myo_folder_holds(const char *dir, const char *path) {
    struct stat out, in;
    return stat(dir, &out) == 0 && folder_of(path, &in) && in.st_dev == out.st_dev &&
           in.st_ino == out.st_ino;
}

/* Links lead to the recording too. */
myo_err myo_folder_refuse(const char *dir, const char *input, myo_diag *d) {
    char target[PATH_MAX];
    if (myo_folder_holds(dir, input) ||
        (realpath(input, target) != NULL && myo_folder_holds(dir, target))) {
        return myo_fail(d, MYO_ERR_USAGE,
                        "-o %s holds the input %s; choose another folder or one below it", dir,
                        input);
    }
    return MYO_OK;
}

myo_err myo_folder_make(const char *dir, bool *made, myo_diag *d) {
    char *path = myo_strdup(dir);
    if (path == NULL) {
        return MYO_ERR_NOMEM;
    }
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777); /* if it fails, the last one below says why */
        *slash = '/';
    }
    myo_free(path);
    *made = mkdir(dir, 0777) == 0;
    return *made || errno == EEXIST ? MYO_OK
                                    : myo_fail(d, MYO_ERR_OUTPUT, "%s: %s", dir, strerror(errno));
}

static myo_err check_folder(const char *dir, myo_diag *d) {
    struct stat st;
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: not a folder", dir);
    }
    if (access(dir, W_OK | X_OK) != 0) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: %s", dir, strerror(errno));
    }
    return MYO_OK;
}

myo_err myo_folder_open(myo_lock *l, bool *made, const char *dir, const myo_rows *rows, int64_t a,
                        int64_t b, myo_diag *d) {
    MYO_TRY(myo_folder_make(dir, made, d));
    MYO_TRY(check_folder(dir, d));
    return myo_lock_take(l, dir, rows, a, b, d);
}

static myo_err open_dictionary(const char *dir, const myo_schema *s, myo_outfile *file, myo_diag *d) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s.json", dir, s->name);
    myo_err err = path.failed ? MYO_ERR_NOMEM : myo_schema_open_json(s, path.s, file, d);
    err = err == MYO_OK ? myo_outfile_park(file, d) : err;
    myo_buf_clear(&path);
    return err;
}

/* Put in place together: the disk is waited for once. */
myo_err myo_folder_dictionaries(const char *dir, int n, myo_diag *d) {
    myo_outfile file[MYO_N_TABLES] = {0};
    myo_err err = MYO_OK;
    int n_open = 0;
    for (int i = 0; i < n && err == MYO_OK; i++) {
        if (!myo_link_optional(i)) { /* else it comes with the first such table */
            err = open_dictionary(dir, myo_link_tables[i], &file[n_open++], d);
        }
    }
    if (err == MYO_OK) {
        return myo_outfile_commit_all(file, n_open, d);
    }
    for (int i = 0; i < n_open; i++) {
        myo_outfile_abort(&file[i]);
    }
    return err;
}

/* ---- what dead runs left ---- */

/* file.c cuts the names of temporary files to this. */
enum { TEMP_NAME_MAX = 200 };

bool myo_folder_is_result(const char *name, const char *stem, bool cut) {
    const size_t n = strlen(stem);
    const size_t head = cut && n > TEMP_NAME_MAX ? TEMP_NAME_MAX : n;
    if (strncmp(name, stem, head) != 0) {
        return false;
    }
    for (int i = 0; i <= MYO_N_TABLES; i++) {
        char tail[64];
        snprintf(tail, sizeof tail, "_%s%s", i < MYO_N_TABLES ? myo_link_tables[i]->name : "run",
                 i < MYO_N_TABLES ? ".tsv" : ".json");
        const char *end = name + head;
        const bool was_cut =
            cut && strlen(name) == TEMP_NAME_MAX && n + strlen(tail) > TEMP_NAME_MAX;
        if (strcmp(end, tail) == 0 || (was_cut && strncmp(end, tail, strlen(end)) == 0)) {
            return true;
        }
    }
    return false;
}

/* Cuts ".PID.N.tmp" and the dot in front off; false for other names. */
static bool cut_temp_name(char *name) {
    size_t n = strlen(name);
    if (n < 9 || name[0] != '.' || strcmp(name + n - 4, ".tmp") != 0) {
        return false;
    }
    n -= 4;
    for (int part = 0; part < 2; part++) {
        const size_t end = n;
        while (n > 1 && name[n - 1] >= '0' && name[n - 1] <= '9') {
            n--;
        }
        if (n == end || n < 3 || name[n - 1] != '.') {
            return false;
        }
        n--;
    }
    name[n] = '\0';
    return true;
}

void myo_folder_tidy(const char *dir, bool (*ours)(void *user, const char *name), void *user) {
    DIR *list = opendir(dir);
    if (list == NULL) {
        return; /* then nothing can be made here either, and that is told */
    }
    for (struct dirent *e; (e = readdir(list)) != NULL;) {
        char name[sizeof e->d_name];
        strcpy(name, e->d_name);
        if (cut_temp_name(name) && ours(user, name + 1)) {
            unlinkat(dirfd(list), e->d_name, 0);
        }
    }
    closedir(list);
}
