/* dataset.c - the recordings of a BIDS dataset, by looking through its folders. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "study/dataset.h"
#include "study/study_in.h"

enum { SHOWN = 100, NAME_MAX_BYTES = 255 };

static const char *const entity_keys[MYO_N_ENTITY] = {"sub",      "ses",       "task", "acq",
                                                      "tracksys", "recording", "run"};

/* Where recordings lie, and how their names end. Depth is fixed: no link can lead in a circle. */
static const struct {
    const char *folder;
    const char *endings[3]; /* NULL-ended */
} kinds[] = {
    {"emg", {"_emg.edf", "_emg.bdf", NULL}},
    {"motion", {"_motion.tsv", NULL}},
};

static myo_err no_memory(myo_diag *d) {
    return myo_fail(d, MYO_ERR_NOMEM, "no memory for the list of a dataset");
}

/* --- folders --- */

typedef struct names {
    char **name;
    size_t n, cap;
} names;

static void clear_names(names *v) {
    for (size_t i = 0; i < v->n; i++) {
        myo_free(v->name[i]);
    }
    myo_free(v->name);
    *v = (names){0};
}

static myo_err add_name(names *v, const char *name) {
    void *grown = v->name;
    MYO_TRY(myo_grow(&grown, &v->cap, v->n + 1, sizeof *v->name));
    v->name = grown;
    v->name[v->n] = myo_strdup(name);
    return v->name[v->n] ? (v->n++, MYO_OK) : MYO_ERR_NOMEM;
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What stands in tables and messages must be text: no control character, no broken UTF-8. */
static bool is_text(const char *name) {
    char shown[4 * NAME_MAX_BYTES + 1];
    return strlen(name) <= NAME_MAX_BYTES &&
           strcmp(myo_printable(shown, sizeof shown, name), name) == 0;
}

/* Entries of dir/path that begin with `prefix`, in order; none where there is no such folder. */
static myo_err list(const myo_dataset *s, const char *path, const char *prefix, names *v,
                    myo_diag *d) {
    char *full = myo_join_path(s->dir, path);
    DIR *f = full ? opendir(full) : NULL;
    const int why = errno;
    myo_free(full);
    if (!f && full) {
        return why == ENOENT || why == ENOTDIR
                   ? MYO_OK
                   : myo_fail(d, MYO_ERR_MANIFEST, "%s: cannot be read (%s)",
                              path[0] ? path : "folder", strerror(why));
    }
    myo_err e = f ? MYO_OK : no_memory(d);
    for (const struct dirent *entry; e == MYO_OK && (entry = readdir(f)) != NULL;) {
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, prefix, strlen(prefix)) == 0) {
            e = add_name(v, entry->d_name) == MYO_OK ? MYO_OK : no_memory(d);
        }
    }
    if (f) {
        closedir(f);
    }
    if (v->n > 0) {
        qsort(v->name, v->n, sizeof *v->name, by_bytes);
    }
    return e;
}

typedef enum thing { NO_MEMORY, NOTHING, FOLDER, OTHER } thing;

/* A link counts as what it leads to. */
static thing look_up(const myo_dataset *s, const char *path) {
    char *full = myo_join_path(s->dir, path);
    struct stat st;
    const thing found = !full                  ? NO_MEMORY
                        : stat(full, &st) != 0 ? NOTHING
                        : S_ISDIR(st.st_mode)  ? FOLDER
                                               : OTHER;
    myo_free(full);
    return found;
}

/* --- names --- */

static bool ends_with(const char *s, const char *ending, bool any_case) {
    const size_t n = strlen(s), k = strlen(ending);
    return n >= k && (any_case ? strcasecmp : strcmp)(s + n - k, ending) == 0;
}

static myo_err take_entity(myo_bids_file *f, char *part, myo_diag *d) {
    char *value = strchr(part, '-');
    if (!value || value == part || value[1] == '\0') {
        return myo_fail(d, MYO_ERR_MANIFEST,
                        "%s: not a BIDS name (found \"%.*s\", allowed entity-label)", f->path,
                        SHOWN, part);
    }
    *value++ = '\0';
    for (int i = 0; i < MYO_N_ENTITY; i++) {
        if (strcmp(part, entity_keys[i]) == 0) {
            if (f->entity[i][0]) {
                return myo_fail(d, MYO_ERR_MANIFEST, "%s: entity %s found twice", f->path, part);
            }
            f->entity[i] = value;
            return MYO_OK;
        }
    }
    myo_warn(d, "%s: entity \"%.*s\" is not used", f->path, SHOWN, part);
    return MYO_OK;
}

/* The folder's label must be the name's. */
static myo_err check_entity(const myo_bids_file *f, myo_entity i, const char *folder, myo_diag *d) {
    return strcmp(f->entity[i], folder) == 0
               ? MYO_OK
               : myo_fail(d, MYO_ERR_MANIFEST,
                          "%s: name and folder disagree (found %s \"%.*s\", allowed \"%.*s\")",
                          f->path, entity_keys[i], SHOWN, f->entity[i], SHOWN, folder);
}

/* "sub-01_ses-a_task-x_emg.edf" into its entities; the last part is the suffix. */
static myo_err take_name(myo_bids_file *f, const char *sub, const char *ses, myo_diag *d) {
    for (int i = 0; i < MYO_N_ENTITY; i++) {
        f->entity[i] = "";
    }
    char *bar;
    for (char *part = f->name; (bar = strchr(part, '_')) != NULL; part = bar + 1) {
        *bar = '\0';
        MYO_TRY(take_entity(f, part, d));
    }
    MYO_TRY(check_entity(f, MYO_SUB, sub, d));
    return check_entity(f, MYO_SES, ses, d);
}

/* --- recordings --- */

static myo_err add_file(myo_dataset *s, const char *folder, const char *name, const char *sub,
                        const char *ses, myo_diag *d) {
    void *grown = s->file;
    if (s->n == MYO_STUDY_ROWS) {
        return myo_fail(d, MYO_ERR_MANIFEST, "too many recordings (allowed %d)",
                        (int)MYO_STUDY_ROWS);
    }
    if (myo_grow(&grown, &s->cap, s->n + 1, sizeof *s->file) != MYO_OK) {
        return no_memory(d);
    }
    s->file = grown;
    myo_bids_file *f = &s->file[s->n++];
    *f = (myo_bids_file){.path = myo_join_path(folder, name), .name = myo_strdup(name)};
    return f->path && f->name ? take_name(f, sub, ses, d) : no_memory(d);
}

/* Files that look like recordings but are named otherwise are told, not taken. */
static bool is_near_miss(const char *name, const char *ending) {
    char packed[32];
    snprintf(packed, sizeof packed, "%s.gz", ending);
    return ends_with(name, ending, true) || ends_with(name, packed, true);
}

static myo_err look_at(myo_dataset *s, const char *folder, const char *name, size_t kind,
                       const char *const id[2], myo_diag *d) {
    for (const char *const *ending = kinds[kind].endings; *ending; ending++) {
        if (!is_near_miss(name, *ending)) {
            continue;
        }
        if (!is_text(name)) {
            return myo_fail(d, MYO_ERR_MANIFEST,
                            "%s/%.*s: not a BIDS name (found characters that "
                            "are no text)",
                            folder, SHOWN, name);
        }
        if (ends_with(name, *ending, false)) {
            return add_file(s, folder, name, id[0], id[1], d);
        }
        myo_warn(d, "%s/%s: not read (BIDS wants the ending %s)", folder, name, *ending);
    }
    return MYO_OK;
}

static myo_err walk_kind(myo_dataset *s, const char *folder, size_t kind, const char *const id[2],
                         myo_diag *d) {
    names v = {0};
    char *inner = myo_join_path(folder, kinds[kind].folder);
    myo_err e = inner ? list(s, inner, "", &v, d) : no_memory(d);
    for (size_t i = 0; e == MYO_OK && i < v.n; i++) {
        e = look_at(s, inner, v.name[i], kind, id, d);
    }
    clear_names(&v);
    myo_free(inner);
    return e;
}

static myo_err walk_kinds(myo_dataset *s, const char *folder, const char *const id[2],
                          myo_diag *d) {
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        MYO_TRY(walk_kind(s, folder, k, id, d));
    }
    return MYO_OK;
}

typedef myo_err (*visit_fn)(myo_dataset *s, const char *folder, const char *const id[2],
                            myo_diag *d);

static myo_err visit_folder(myo_dataset *s, const char *folder, const char *const id[2],
                            visit_fn visit, myo_diag *d) {
    const thing found = folder ? look_up(s, folder) : NO_MEMORY;
    if (found != FOLDER) {
        return found == NO_MEMORY ? no_memory(d) : MYO_OK;
    }
    const char *label = strchr(strrchr(folder, '/') ? strrchr(folder, '/') : folder, '-') + 1;
    if (!label[0] || !is_text(label)) {
        return myo_fail(d, MYO_ERR_MANIFEST, "%.*s: not a BIDS name (found %s, allowed a label)",
                        2 * SHOWN, folder, label[0] ? "characters that are no text" : "nothing");
    }
    return visit(s, folder, id, d);
}

/* Folders in `path` named PREFIX-LABEL, each visited with its label; sub NULL: it is the label. */
static myo_err visit_each(myo_dataset *s, const char *path, const char *prefix, const char *sub,
                          visit_fn visit, myo_diag *d) {
    names v = {0};
    myo_err e = list(s, path, prefix, &v, d);
    for (size_t i = 0; e == MYO_OK && i < v.n; i++) {
        char *folder = myo_join_path(path, v.name[i]);
        const char *label = v.name[i] + strlen(prefix);
        const char *const id[2] = {sub ? sub : label, sub ? label : ""};
        e = visit_folder(s, folder, id, visit, d);
        myo_free(folder);
    }
    clear_names(&v);
    return e;
}

static myo_err walk_participant(myo_dataset *s, const char *folder, const char *const id[2],
                                myo_diag *d) {
    MYO_TRY(walk_kinds(s, folder, id, d));
    return visit_each(s, folder, "ses-", id[0], walk_kinds, d);
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const myo_bids_file *)a)->path, ((const myo_bids_file *)b)->path);
}

static myo_err check_top(const myo_dataset *s, myo_diag *d) {
    const thing manifest = look_up(s, "manifest.tsv");
    const thing description = look_up(s, "dataset_description.json");
    if (manifest == NO_MEMORY || description == NO_MEMORY) {
        return no_memory(d);
    }
    if (s->n == 0) {
        return myo_fail(d, MYO_ERR_MANIFEST,
                        "no recordings of a BIDS dataset (found no sub-*/[ses-*/]emg/*_emg.edf, "
                        ".bdf or motion/*_motion.tsv)%s",
                        manifest != NOTHING ? "; the folder has a manifest.tsv" : "");
    }
    if (description == NOTHING) {
        myo_warn(d, "no dataset_description.json: perhaps not the top of a BIDS dataset");
    }
    return MYO_OK;
}

myo_err myo_dataset_walk(myo_dataset *s, myo_diag *d) {
    MYO_TRY(visit_each(s, "", "sub-", NULL, walk_participant, d));
    MYO_TRY(check_top(s, d));
    qsort(s->file, s->n, sizeof *s->file, by_path);
    return MYO_OK;
}

void myo_dataset_clear(myo_dataset *s) {
    for (size_t i = 0; i < s->n; i++) {
        myo_free(s->file[i].path);
        myo_free(s->file[i].name);
    }
    myo_free(s->file);
    *s = (myo_dataset){0};
}
