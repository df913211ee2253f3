/* columns.c - the columns of a study's tables, and what they mean. */
#include <string.h>
#include "study/columns.h"

/* What contract.md 3.4 knows; others mean what the manifest's author meant. */
static const myo_column known[] = {
    {"path", MYO_COL_GIVEN, "", "recording, as a path from the manifest's folder"},
    {"participant_id", MYO_COL_GIVEN, "", "person the recording is of"},
    {"session_id", MYO_COL_GIVEN, "", "session of that person"},
    {"condition", MYO_COL_GIVEN, "", "what the recording was made under, as pre or post"},
    {"group", MYO_COL_GIVEN, "", "arm of the study"},
    {"task", MYO_COL_GIVEN, "", "what the person was asked to do"},
    {"run", MYO_COL_GIVEN, "", "number of the recording within its session"},
    {"preset", MYO_COL_GIVEN, "", "preset of parameters the recording was analysed with"},
    {"channels", MYO_COL_GIVEN, "", "channels to use, as label=KIND[:unit[:muscle]]"},
    {"fs", MYO_COL_GIVEN, "Hz", "sampling rate, where the file has none or a wrong one"},
    {"unit", MYO_COL_GIVEN, "", "unit of the samples, where the file has none or a wrong one"},
    {"scale", MYO_COL_GIVEN, "", "factor from the file's values to that unit"},
    {"start_s", MYO_COL_GIVEN, "s", "begin of the part that was analysed"},
    {"end_s", MYO_COL_GIVEN, "s", "end of the part that was analysed"},
    {"rest_start_s", MYO_COL_GIVEN, "s", "begin of a span of rest"},
    {"rest_end_s", MYO_COL_GIVEN, "s", "end of a span of rest"},
    {"dose_mmol", MYO_COL_GIVEN, "mmol", "dose of magnesium"},
    {"dose_form", MYO_COL_GIVEN, "", "salt or preparation of the dose"},
    {"route", MYO_COL_GIVEN, "", "way the dose was given"},
    {"serum_mg_mmol_l", MYO_COL_GIVEN, "mmol/L", "magnesium in serum"},
    {"minutes_from_dose", MYO_COL_GIVEN, "min", "time from the dose to the recording"},
    {"grade", MYO_COL_GIVEN, "", "severity as a clinician graded it"},
    {"note", MYO_COL_GIVEN, "", "remark"},
};

static const myo_column unknown = {"", MYO_COL_GIVEN, "", "as in the manifest"};

void myo_columns_add(myo_columns *c, const myo_column *col) {
    void *cols = c->col, *names = c->name;
    const size_t need = (size_t)c->n + 1;
    char *name = myo_strdup(col->name);
    c->failed =
        c->failed || name == NULL || myo_grow(&cols, &c->cap_col, need, sizeof *c->col) != MYO_OK;
    c->col = cols;
    c->failed = c->failed || myo_grow(&names, &c->cap_name, need, sizeof *c->name) != MYO_OK;
    c->name = names;
    if (c->failed) {
        myo_free(name);
        return;
    }
    c->col[c->n] = *col;
    c->col[c->n].name = name;
    c->name[c->n++] = name;
}

static bool is_ours(const myo_columns *c, const char *name) {
    for (int i = 0; i < c->n_ours; i++) {
        if (strcmp(c->ours[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void myo_columns_pass_on(myo_columns *c, const char *name, const myo_tsv *t) {
    const myo_column *what = &unknown;
    myo_buf full = {0};
    myo_buf_puts(&full, name);
    while (!full.failed &&
           (is_ours(c, full.s) || (full.n > strlen(name) && myo_tsv_find(t, full.s) >= 0))) {
        myo_buf longer = {0};
        myo_buf_printf(&longer, "manifest_%s", full.s);
        myo_buf_clear(&full);
        full = longer;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        what = strcmp(known[i].name, name) == 0 ? &known[i] : what;
    }
    if (!full.failed) {
        const myo_column col = {full.s, what->type, what->unit, what->help};
        myo_columns_add(c, &col);
    }
    c->failed = c->failed || full.failed;
    myo_buf_clear(&full);
}

myo_schema myo_columns_schema(const myo_columns *c, const char *name, const char *help) {
    return (myo_schema){.name = name, .help = help, .cols = c->col, .n_cols = c->n};
}

void myo_columns_clear(myo_columns *c) {
    for (int i = 0; i < c->n; i++) {
        myo_free(c->name[i]);
    }
    myo_free(c->name);
    myo_free(c->col);
    *c = (myo_columns){.ours = NULL};
}
