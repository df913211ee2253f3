/* test_kern.c - every kernel on every instruction set against the reference, bit for bit (style.md 3.9). */
#include "kern/kern.h"
#include "sig.h"

enum { MAX_N = 400, SHIFTS = 16, BORDER = 16, ROOM = 2 * MAX_N + SHIFTS + 2 * BORDER };
typedef enum data_kind { RANDOM, ZERO, INFINITE, NOT_A_NUMBER, DENORMAL, MIXED, N_DATA } data_kind;

static const myo_kernels *isa[8];
static int n_isa;

static float odd_value(data_kind kind, myo_rng *r)
{
    const float v = (float)myo_rng_normal(r), sign = v < 0.0f ? -1.0f : 1.0f;
    switch (kind) {
    case ZERO: return sign * 0.0f;
    case INFINITE: return sign * INFINITY;
    case NOT_A_NUMBER: return NAN;
    case DENORMAL: return sign * 1e-41f * (float)(1 + myo_rng_u32(r) % 100);
    default: return v;
    }
}

/* RANDOM: normal; MIXED: a quarter odd values; else every fifth value is of the kind. */
static void fill(float *x, int n, data_kind kind, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 11);
    for (int i = 0; i < n; i++) {
        const uint32_t dice = myo_rng_u32(&r) % 20;
        const data_kind k = kind == MIXED ? (dice < 5 ? (data_kind)dice : RANDOM)
                                          : (kind == ZERO || kind == DENORMAL || dice < 4 ? kind : RANDOM);
        x[i] = odd_value(k, &r);
    }
}

static bool same_bits(float a, float b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static bool same_all(const float *a, const float *b, int n)
{
    if (memcmp(a, b, sizeof *a * (size_t)n) == 0) {
        return true;
    }
    for (int i = 0; i < n; i++) {
        if (!same_bits(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

/* One call of a kernel: in and second are inputs; io is input and output. */
typedef struct call {
    float io[ROOM], in[ROOM], second[ROOM];
    uint8_t mark[ROOM];
    float result;
} call;
typedef void (*run_fn)(const myo_kernels *k, call *c, int at, int n);

static void run_zip(const myo_kernels *k, call *c, int at, int n)
{
    k->zip(c->io + at, c->in + at, c->second + at + 1, n);
}
static void run_unzip(const myo_kernels *k, call *c, int at, int n)
{
    k->unzip(c->io + at, c->io + at + n, c->in + at, n);
}
static void run_multiply(const myo_kernels *k, call *c, int at, int n) { k->multiply(c->io + at, c->in + at, n); }
static void run_present(const myo_kernels *k, call *c, int at, int n) { c->result = (float)k->present(c->in + at, n); }
/* Looks at a fixed number of samples: the last of n must lie that far before the room's end. */
static void run_watch(const myo_kernels *k, call *c, int at, int n)
{
    const float limit[4] = {-1.9f, 2.1f, 2.9f, n % 3 == 0 ? 3.0f : 0.02f};
    int moved[2];
    const int odd = k->watch(c->in + at + n % 200, 1 + n % 7, limit, moved);
    c->result = (float)(odd * 100000 + moved[0] * 100 + moved[1]);
}
static void run_energy(const myo_kernels *k, call *c, int at, int n) { k->energy(c->io + at, c->in + at, 0.7f, n); }
static void run_energy_add(const myo_kernels *k, call *c, int at, int n)
{
    k->energy_add(c->io + at, c->in + at, 1.3f, n);
}
static void run_add(const myo_kernels *k, call *c, int at, int n)
{
    k->add_shifted(c->io + at, c->in + at, c->second + at + 1, n);
}
static void run_mark(const myo_kernels *k, call *c, int at, int n)
{
    k->mark_above(c->mark + at, c->in + at, 0.9f, 0.1f, n);
}
static void run_sum(const myo_kernels *k, call *c, int at, int n) { c->result = k->sum(c->in + at, n); }
static void run_sumsq(const myo_kernels *k, call *c, int at, int n) { c->result = k->sumsq(c->in + at, n); }
static void run_sumabs(const myo_kernels *k, call *c, int at, int n) { c->result = k->sumabs(c->in + at, n); }
static void run_dot(const myo_kernels *k, call *c, int at, int n)
{
    c->result = k->dot(c->in + at, c->second + at + 1, n);
}
static void run_rotate(const myo_kernels *k, call *c, int at, int n)
{
    const float amp[4] = {0.5f, -0.01f, 1.25f, 0.003f};
    k->sub_rotating(c->io + at, c->in + at, c->second + at + 1, amp, n);
}

static void compare(run_fn run, const myo_kernels *other, data_kind kind)
{
    static call start, a, b;
    fill(start.io, ROOM, kind, 1);
    fill(start.in, ROOM, kind, 2);
    fill(start.second, ROOM, kind, 3);
    for (int i = 0; i < ROOM; i++) {
        start.mark[i] = (uint8_t)(i % 4);
    }
    for (int shift = 0; shift < SHIFTS; shift++) {
        for (int n = 0; n <= MAX_N; n++) {
            a = b = start;
            run(&myo_kernels_ref, &a, BORDER + shift, n);
            run(other, &b, BORDER + shift, n);
            if (!same_bits(a.result, b.result) || !same_all(a.io, b.io, ROOM) || memcmp(a.mark, b.mark, ROOM) != 0) {
                ck_abort_msg("%s differs from ref: n %d, shift %d, data %d", other->isa, n, shift, (int)kind);
            }
        }
    }
}

/* Nothing outside [at, at + width n) may change, whatever the instruction set. */
static void borders(run_fn run, int width)
{
    static call c;
    fill(c.in, ROOM, RANDOM, 5);
    fill(c.second, ROOM, RANDOM, 6);
    for (int k = 0; k < n_isa; k++) {
        for (int n = 0; n <= MAX_N; n++) {
            for (int i = 0; i < ROOM; i++) {
                c.io[i] = 7.25f;
                c.mark[i] = 8;
            }
            run(isa[k], &c, BORDER, n);
            for (int i = 0; i < ROOM; i++) {
                const bool inside = i >= BORDER && i < BORDER + width * n;
                if (!inside && (c.io[i] != 7.25f || c.mark[i] != 8)) {
                    ck_abort_msg("%s wrote at %d, n %d", isa[k]->isa, i - BORDER, n);
                }
            }
        }
    }
}

#define KERNEL_TESTS(name, width)                                  \
    START_TEST(name##_same_bits)                                   \
    {                                                              \
        for (int k = 1; k < n_isa; k++) {                          \
            compare(run_##name, isa[k], (data_kind)_i);            \
        }                                                          \
    }                                                              \
    END_TEST                                                       \
    START_TEST(name##_keeps_borders)                               \
    {                                                              \
        borders(run_##name, width);                                \
    }                                                              \
    END_TEST

KERNEL_TESTS(zip, 2)
KERNEL_TESTS(unzip, 2)
KERNEL_TESTS(multiply, 1)
KERNEL_TESTS(present, 0)
KERNEL_TESTS(watch, 0)
KERNEL_TESTS(energy, 1)
KERNEL_TESTS(energy_add, 1)
KERNEL_TESTS(add, 1)
KERNEL_TESTS(mark, 1)
KERNEL_TESTS(sum, 0)
KERNEL_TESTS(sumsq, 0)
KERNEL_TESTS(sumabs, 0)
KERNEL_TESTS(dot, 0)
KERNEL_TESTS(rotate, 1)

/* ---- the reference itself ---- */

START_TEST(reference_reductions_are_sums)
{
    static float x[MAX_N + 1], y[MAX_N + 1];
    fill(x, MAX_N, RANDOM, 21);
    fill(y, MAX_N, RANDOM, 22);
    for (int n = 0; n <= MAX_N; n++) {
        double s = 0.0, ss = 0.0, sa = 0.0, xy = 0.0;
        for (int i = 0; i < n; i++) {
            s += x[i];
            ss += (double)x[i] * x[i];
            sa += fabs((double)x[i]);
            xy += (double)x[i] * y[i];
        }
        const double tol = 1e-6 * (1.0 + sa);
        ck_assert_double_eq_tol(myo_kernels_ref.sum(x, n), s, tol);
        ck_assert_double_eq_tol(myo_kernels_ref.sumsq(x, n), ss, 1e-6 * (1.0 + ss));
        ck_assert_double_eq_tol(myo_kernels_ref.sumabs(x, n), sa, tol);
        ck_assert_double_eq_tol(myo_kernels_ref.dot(x, y, n), xy, 1e-6 * (1.0 + ss));
    }
}
END_TEST

START_TEST(reference_zips_and_multiplies)
{
    const float a[2] = {1.0f, 2.0f}, b[2] = {-3.0f, 0.5f}, want[4] = {1.0f, -3.0f, 2.0f, 0.5f};
    float z[4], c[2], d[2];
    myo_kernels_ref.zip(z, a, b, 2);
    ck_assert_mem_eq(z, want, sizeof z);
    myo_kernels_ref.unzip(c, d, z, 2);
    ck_assert_mem_eq(c, a, sizeof c);
    ck_assert_mem_eq(d, b, sizeof d);
    myo_kernels_ref.multiply(c, b, 2);
    ck_assert_float_eq(c[0], -3.0f);
    ck_assert_float_eq(c[1], 1.0f);
}
END_TEST

START_TEST(reference_counts_what_is_present)
{
    float x[150] = {0.0f};
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 150);
    x[149] = NAN;
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 149);
    x[70] = NAN;
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 70);
    ck_assert_int_eq(myo_kernels_ref.present(x, 70), 70);
    ck_assert_int_eq(myo_kernels_ref.present(x + 70, 5), 0);
}
END_TEST

START_TEST(reference_watches)
{
    float x[80] = {0.0f};
    const float limit[4] = {-5.0f, 5.0f, 3.0f, 0.5f};
    int moved[2];
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 0);
    ck_assert_int_eq(moved[0], MYO_WATCH);
    ck_assert_int_eq(moved[1], -1);
    x[11] = 2.0f; /* up and down again: samples 10 and 11 of the watched differ from the ones before */
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 0);
    ck_assert_int_eq(moved[0], 10);
    ck_assert_int_eq(moved[1], 11);
    x[11] = 4.0f;
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 1); /* a step */
    x[11] = 0.0f;
    x[1] = x[2] = x[3] = x[4] = x[5] = x[0] = -5.0f;
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 1); /* a rail */
}
END_TEST

START_TEST(reference_marks_strictly_above)
{
    uint8_t mark[5] = {0, 0, 0, 4, 0};
    const float s[5] = {1.0f, 1.5f, 2.0f, 2.5f, NAN};
    myo_kernels_ref.mark_above(mark, s, 2.0f, 1.0f, 5);
    const uint8_t want[5] = {0, 1, 1, 7, 0};
    ck_assert_mem_eq(mark, want, 5);
}
END_TEST

START_TEST(reference_subtracts_a_turning_line)
{
    float x[3] = {10.0f, 10.0f, 10.0f};
    const float c[3] = {1.0f, 0.0f, -1.0f}, s[3] = {0.0f, 1.0f, 0.0f}, amp[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    myo_kernels_ref.sub_rotating(x, c, s, amp, 3);
    ck_assert_float_eq(x[0], 9.0f);        /* 10 - 1 */
    ck_assert_float_eq(x[1], 3.0f);        /* 10 - (3 + 4) */
    ck_assert_float_eq(x[2], 15.0f);       /* 10 + (1 + 4) */
}
END_TEST

START_TEST(reference_energies)
{
    float u[2] = {0.0f, 0.0f};
    const float x[2] = {3.0f, -2.0f};
    myo_kernels_ref.energy(u, x, 0.5f, 2);
    ck_assert_float_eq(u[0], 4.5f);
    ck_assert_float_eq(u[1], 2.0f);
    myo_kernels_ref.energy_add(u, x, 2.0f, 2);
    ck_assert_float_eq(u[0], 22.5f);
    ck_assert_float_eq(u[1], 10.0f);
}
END_TEST

/* ---- the choice ---- */

START_TEST(limit_chooses_each_set)
{
    for (int k = 0; k < n_isa; k++) {
        ck_assert_int_eq(myo_kern_limit(isa[k]->isa), MYO_OK);
        ck_assert_ptr_eq(myo_kern(), isa[k]);
    }
    ck_assert_int_eq(myo_kern_limit("auto"), MYO_OK);
    ck_assert_ptr_eq(myo_kern(), isa[n_isa - 1]);
}
END_TEST

START_TEST(unknown_set_is_refused_and_changes_nothing)
{
    ck_assert_int_eq(myo_kern_limit("ref"), MYO_OK);
    ck_assert_int_eq(myo_kern_limit("mmx"), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_kern_limit(""), MYO_ERR_PARAM);
    ck_assert_ptr_eq(myo_kern(), &myo_kernels_ref);
}
END_TEST

START_TEST(list_starts_with_the_reference_and_obeys_its_length)
{
    const myo_kernels *one[2] = {NULL, NULL};
    ck_assert_int_eq(myo_kern_all(one, 1), 1);
    ck_assert_ptr_eq(one[0], &myo_kernels_ref);
    ck_assert_ptr_null(one[1]);
    ck_assert_int_ge(n_isa, 1);
}
END_TEST

START_TEST(default_is_the_best_set)
{
    ck_assert_ptr_eq(myo_kern(), isa[n_isa - 1]);
}
END_TEST

#define ADD(c, name)                                          \
    tcase_add_loop_test(c, name##_same_bits, 0, N_DATA);      \
    tcase_add_test(c, name##_keeps_borders)

int main(void)
{
    n_isa = myo_kern_all(isa, 8);
    Suite *s = suite_create("kern");
    TCase *c = tcase_create("kernels");
    tcase_set_timeout(c, 60);
    ADD(c, zip);
    ADD(c, unzip);
    ADD(c, multiply);
    ADD(c, present);
    ADD(c, watch);
    ADD(c, energy);
    ADD(c, energy_add);
    ADD(c, add);
    ADD(c, mark);
    ADD(c, sum);
    ADD(c, sumsq);
    ADD(c, sumabs);
    ADD(c, dot);
    ADD(c, rotate);
    tcase_add_test(c, reference_reductions_are_sums);
    tcase_add_test(c, reference_zips_and_multiplies);
    tcase_add_test(c, reference_counts_what_is_present);
    tcase_add_test(c, reference_watches);
    tcase_add_test(c, reference_marks_strictly_above);
    tcase_add_test(c, reference_subtracts_a_turning_line);
    tcase_add_test(c, reference_energies);
    tcase_add_test(c, limit_chooses_each_set);
    tcase_add_test(c, unknown_set_is_refused_and_changes_nothing);
    tcase_add_test(c, list_starts_with_the_reference_and_obeys_its_length);
    tcase_add_test(c, default_is_the_best_set);
    suite_add_tcase(s, c);
    return sig_main(s);
}
