/* test_mark.c - marks made where they can be give the activities of marks made everywhere. */
#include "detect/mark.h"
#include "detect/runs.h"
#include "kern/kern.h"
#include "kern/scan.h"
#include "sig.h"

enum { N = 40000, PAD = 8192, MOST = 4000 };

typedef struct list {
    myo_activity a[MOST];
    int n;
} list;

static void keep(void *user, myo_activity a)
{
    list *l = user;
    ck_assert_int_lt(l->n, MOST);
    l->a[l->n++] = a;
}

/* Energy of noise over itself, with bursts from far under the thresholds to far above, short and long, lone and in trains. */
static float *energies(uint64_t seed, int64_t n)
{
    myo_rng r;
    float *u = sig_new(PAD + n);
    myo_rng_seed(&r, seed, 8);
    sig_const(u, PAD, 1.0);
    double gain = 1.0;
    int64_t until = 0;
    for (int64_t i = 0; i < n; i++) {
        if (i >= until) {
            const bool burst = gain == 1.0 && myo_rng_uniform(&r) < 0.7;
            gain = burst ? exp(4.0 * myo_rng_uniform(&r) * myo_rng_uniform(&r)) : 1.0;
            until = i + 3 + (int64_t)(exp((burst ? 7.0 : 8.0) * myo_rng_uniform(&r)));
        }
        const double x = myo_rng_normal(&r);
        u[PAD + i] = (float)(gain * x * x);
    }
    return u;
}

typedef struct shape {
    int n_scales, w[4];
    int64_t gap;
} shape;
static const shape shapes[] = {
    {4, {16, 48, 144, 432}, 60}, {4, {80, 240, 720, 2160}, 300}, {1, {32}, 0},  {3, {8, 24, 72}, 10},
    {2, {67, 500}, 1000},        {4, {4, 12, 36, 108}, 15},      {1, {64}, 130}, {2, {100, 4000}, 64},
};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

static myo_msce rule_of(const shape *s, double on_z)
{
    myo_msce m = {.n_scales = s->n_scales};
    for (int i = 0; i < s->n_scales; i++) {
        const double sd = sqrt(2.0 / s->w[i]);
        m.w[i] = s->w[i];
        m.on[i] = (float)(s->w[i] * (1.0 + on_z * sd));
        m.off[i] = (float)(s->w[i] * (1.0 + fmin(on_z, 2.0) * sd));
        m.w_max = s->w[i];
    }
    return m;
}

static list found(const uint64_t *on, const uint64_t *off, int64_t n, int64_t gap)
{
    list l = {.n = 0};
    myo_runs r = {0};
    const myo_marks m = {.on = (uint64_t *)on, .off = (uint64_t *)off, .n_words = (size_t)(n + 63) / 64};
    myo_runs_feed(&r, &m, 0, n, gap, keep, &l);
    myo_runs_finish(&r, keep, &l);
    return l;
}

static uint64_t *words_of(int64_t n)
{
    uint64_t *w = myo_alloc((size_t)(n / 64 + 2), sizeof *w);
    ck_assert_ptr_nonnull(w);
    return w;
}

static list everywhere(const myo_msce *m, const float *u, int64_t n, int64_t gap)
{
    myo_scan s;
    uint64_t *on = words_of(n), *off = words_of(n);
    ck_assert_int_eq(myo_scan_init(&s, m->n_scales, m->w, m->on, m->off), MYO_OK);
    myo_kern()->scan(&s, &(myo_scan_in){.x = {u}, .n = n}, on, off);
    const list l = found(on, off, n, gap);
    myo_scan_free(&s);
    myo_free(on);
    myo_free(off);
    return l;
}

/* In calls of `step` frames. */
static list where_needed(myo_marker *k, const float *u, int64_t n, int64_t step, int64_t gap)
{
    uint64_t *on = words_of(n), *off = words_of(n);
    myo_marker_reset(k);
    for (int64_t i = 0; i < n; i += step) {
        ck_assert_int_eq(myo_marker_feed(k, u + i, n - i < step ? n - i : step, on + i / 64, off + i / 64), MYO_OK);
    }
    const list l = found(on, off, n, gap);
    myo_free(on);
    myo_free(off);
    return l;
}

START_TEST(activities_are_those_of_a_scan_of_everything)
{
    static const int64_t steps[] = {64, 640, 19968, N + 64};
    const shape *s = &shapes[_i];
    int total = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const int64_t n = N - 64 * (int64_t)(seed % 3) - (int64_t)(seed % 5) * 17;
        const myo_msce m = rule_of(s, seed % 2 == 0 ? 5.0 : 2.5);
        float *u = energies(seed, n);
        myo_marker *k = NULL;
        ck_assert_int_eq(myo_marker_new(&k, &m, s->gap), MYO_OK);
        const list want = everywhere(&m, u + PAD, n, s->gap);
        for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++) {
            const list got = where_needed(k, u + PAD, n, steps[j], s->gap);
            ck_assert_msg(got.n == want.n && memcmp(got.a, want.a, sizeof *got.a * (size_t)got.n) == 0,
                          "seed %d, step %lld: %d activities, wanted %d", (int)seed, (long long)steps[j], got.n, want.n);
        }
        total += want.n;
        myo_marker_free(&k);
        myo_free(u);
    }
    ck_assert_int_gt(total, 24);
}
END_TEST

/* A sample that is no number hides nothing beside it. */
START_TEST(no_number_hides_nothing)
{
    const myo_msce m = rule_of(&shapes[0], 5.0);
    float *u = energies(3, N);
    myo_marker *k = NULL;
    for (int i = 1000; i < N; i += 5000) {
        u[PAD + i] = NAN;
    }
    ck_assert_int_eq(myo_marker_new(&k, &m, 60), MYO_OK);
    const list want = everywhere(&m, u + PAD, N, 60), got = where_needed(k, u + PAD, N, 6400, 60);
    ck_assert_int_eq(got.n, want.n);
    ck_assert_mem_eq(got.a, want.a, sizeof *got.a * (size_t)got.n);
    myo_marker_free(&k);
    myo_free(u);
}
END_TEST

START_TEST(no_memory_is_told)
{
    const myo_msce m = rule_of(&shapes[0], 5.0);
    for (int at = 1;; at++) {
        myo_marker *k = NULL;
        myo_mem_fail_at(at);
        const myo_err err = myo_marker_new(&k, &m, 60);
        myo_mem_fail_at(0);
        if (err == MYO_OK) {
            ck_assert_int_gt(at, 3);
            myo_marker_free(&k);
            return;
        }
        ck_assert(err == MYO_ERR_NOMEM && k == NULL);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mark");
    TCase *t = tcase_create("mark");
    tcase_add_loop_test(t, activities_are_those_of_a_scan_of_everything, 0, N_SHAPES);
    tcase_add_test(t, no_number_hides_nothing);
    tcase_add_test(t, no_memory_is_told);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
