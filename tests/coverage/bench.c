/* bench.c - a comparison without files: labels, a job, room for rows. */
#include "coverage.h"

void cov_bench_init(cov_bench *b, int n_people) {
    *b = (cov_bench){.dir = "", .label = {"clinician", "b"}};
    b->job = (myo_compare_job){.dirs = &b->dir, .n_dirs = 1, .seed = 1, .resamples = 999};
    const myo_labels one = {.name = b->label, .n = 1}, two = {.name = b->label, .n = 2};
    b->c = (myo_comparison){.job = &b->job,
                            .participants = one, /* names are not looked at */
                            .conditions = two,
                            .groups = two,
                            .channels = one,
                            .types = one,
                            .d = &b->d};
    b->c.participants.n = n_people;
}

void cov_bench_clear(cov_bench *b) {
    for (size_t i = 0; i < b->c.n_text; i++) {
        myo_free(b->c.text[i]);
    }
    myo_free(b->c.text);
    myo_free(b->c.row);
    myo_diag_clear(&b->d);
}
