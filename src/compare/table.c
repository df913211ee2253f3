/* table.c - comparison.tsv and its column dictionary. */
#include <unistd.h>
#include "base/base.h"
#include "compare/compare.h"
#include "out/table_file.h"

static const char *role_name(myo_role role) {
    static const char *const names[MYO_N_ROLE] = {"primary", "confirmatory", "exploratory",
                                                  "supporting"};
    return names[role];
}

/* Cells in the order of contract.md 3.5, then our own. */
static myo_err put_row(myo_table *t, const myo_comparison *c, const myo_cmp_row *r) {
    const myo_cell cells[] = {
        {.text = c->design->name},
        {.text = r->trial_type},
        {.text = r->channel},
        {.text = r->metric},
        {.text = r->reference},
        {.text = r->contrast},
        {.i = r->n_reference},
        {.i = r->n_contrast},
        {.i = r->events_reference},
        {.i = r->events_contrast},
        {.num = r->exposure_reference_h},
        {.num = r->exposure_contrast_h},
        {.num = r->estimate_reference},
        {.num = r->estimate_contrast},
        {.num = r->effect},
        {.text = r->effect_name},
        {.num = r->low},
        {.num = r->high},
        {.num = r->level},
        {.num = r->p},
        {.num = r->p_adjusted},
        {.text = r->adjustment},
        {.text = r->test},
        {.i = r->has_seed ? (int64_t)c->job->seed : MYO_NO_INT},
        {.i = r->resamples},
        {.num = r->mdc},
        {.text = r->warning},
        {.text = role_name(r->role)},
        {.text = r->indeterminate_in ? "included" : "excluded"},
        {.text = r->participant},
        {.text = r->sentence},
        {.text = r->study},
    };
    return myo_table_row(t, cells);
}

static myo_err put_table(const myo_comparison *c, const char *path, myo_outfile *file) {
    myo_table *t = NULL;
    MYO_TRY(myo_table_open(&t, &myo_comparison_schema, path, c->d));
    for (size_t i = 0; i < c->n_rows; i++) {
        put_row(t, c, &c->row[i]);
    }
    return myo_table_hand_over(&t, file);
}

/* The table and its provenance, both or none. */
static myo_err put_both(myo_comparison *c, const char *tsv, const char *run) {
    myo_outfile file[2];
    MYO_TRY(put_table(c, tsv, &file[0]));
    const myo_err e = myo_compare_provenance(c, run, &file[1]);
    if (e != MYO_OK) {
        myo_outfile_abort(&file[0]);
        return e;
    }
    return myo_outfile_commit_all(file, 2, c->d);
}

/* The dictionary first, as its content never varies: a table is never without it. */
myo_err myo_compare_write(myo_comparison *c, const char *dir) {
    myo_buf json = {0}, tsv = {0}, run = {0};
    myo_buf_printf(&json, "%s/comparison.json", dir);
    myo_buf_printf(&tsv, "%s/comparison.tsv", dir);
    myo_buf_printf(&run, "%s/comparison_run.json", dir);
    myo_err e = json.failed || tsv.failed || run.failed ? MYO_ERR_NOMEM : MYO_OK;
    const bool had_json = e == MYO_OK && access(json.s, F_OK) == 0;
    e = e == MYO_OK ? myo_schema_write_json(&myo_comparison_schema, json.s, c->d) : e;
    const bool made_json = e == MYO_OK && !had_json;
    e = e == MYO_OK ? put_both(c, tsv.s, run.s) : e;
    if (e != MYO_OK && made_json) {
        unlink(json.s);
    }
    myo_buf_clear(&json);
    myo_buf_clear(&tsv);
    myo_buf_clear(&run);
    return e;
}
