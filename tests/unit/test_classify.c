/* test_classify.c - every rule: a clear case, a clear other, and a near miss. */
#include <math.h>
#include <stdlib.h>
#include <check.h>
#include <string.h>
#include "classify/rules.h"
#include "classify/trust.h"

static myo_params params;
static myo_verdict v;

/* A typical event of each class; a test changes what it is about. */
static myo_cand blank(myo_form form)
{
    myo_cand c = {.form = form, .n_bursts = 1};
    c.f[MYO_F_N] = 1.0f;
    c.f[MYO_F_CV] = 1.0f;
    c.f[MYO_F_DUTY] = 1.0f;
    c.f[MYO_F_SNR] = 15.0f;
    c.f[MYO_F_RISE] = c.f[MYO_F_FALL] = 15.0f;
    c.f[MYO_F_TURNS] = 10.0f;
    c.f[MYO_F_CREST] = 2.5f;
    c.f[MYO_F_MDF] = 100.0f;
    c.f[MYO_F_TEMPLATE] = 0.3f;
    c.f[MYO_F_SLOWER] = -60.0f;
    return c;
}

static void last(myo_cand *c, double ms, double burst_ms)
{
    c->f[MYO_F_DURATION] = (float)ms;
    c->f[MYO_F_BURST] = (float)burst_ms;
}

static myo_cand jerk(void)
{
    myo_cand c = blank(MYO_FORM_SINGLE);
    last(&c, 60.0, 60.0);
    return c;
}

static myo_cand contraction(double ms)
{
    myo_cand c = blank(MYO_FORM_SUSTAINED);
    last(&c, ms, fmin(ms, 2000.0));
    c.f[MYO_F_RISE] = 250.0f;
    return c;
}

static myo_cand train(double hz, int n, double burst_ms)
{
    myo_cand c = blank(MYO_FORM_TRAIN);
    last(&c, 1000.0 / hz * (n - 1) + burst_ms, burst_ms);
    c.n_bursts = n;
    c.f[MYO_F_N] = (float)n;
    c.f[MYO_F_RATE] = (float)hz;
    c.f[MYO_F_CV] = 0.08f;
    c.f[MYO_F_DUTY] = (float)(burst_ms * hz / 1000.0);
    c.f[MYO_F_COVER] = 0.9f;
    return c;
}

static myo_cand limb(double ms, double rise_ms, double hz)
{
    myo_cand c = blank(MYO_FORM_SINGLE);
    last(&c, ms, ms);
    c.f[MYO_F_RISE] = (float)rise_ms;
    c.f[MYO_F_MDF] = (float)hz;
    c.f[MYO_F_SNR] = 25.0f;
    c.f[MYO_F_SHARP] = (float)(0.6 * ms / 30.0);
    c.f[MYO_F_FLOOR] = 0.002f;
    c.f[MYO_F_PLAIN] = 10.0f;
    return c;
}

static myo_cand rhythm(void)
{
    myo_cand c = blank(MYO_FORM_RHYTHM);
    last(&c, 8000.0, 100.0);
    c.f[MYO_F_HEIGHT] = 20.0f;
    c.f[MYO_F_WIDTH] = 0.8f;
    c.f[MYO_F_COVER] = 1.0f;
    c.f[MYO_F_PEAK_HZ] = 5.0f;
    c.f[MYO_F_CYCLES] = 40.0f;
    return c;
}

static myo_cand unit(void)
{
    myo_cand c = blank(MYO_FORM_SINGLE);
    last(&c, 9.0, 9.0);
    c.f[MYO_F_TURNS] = 3.0f;
    c.f[MYO_F_TEMPLATE] = 0.95f;
    return c;
}

static myo_cand tetany(void)
{
    myo_cand c = train(6.0, 60, 30.0);
    c.f[MYO_F_MULTIPLET] = 0.9f;
    c.f[MYO_F_REPEAT] = 0.55f;
    return c;
}

static void judge(const myo_cand *c, myo_kind kind)
{
    myo_classify(&v, c, kind, &params);
}

#define is(c, kind, what, by)                                                                                       \
    do {                                                                                                            \
        judge(&(c), (kind));                                                                                        \
        ck_assert_msg(v.cls == (what) && strcmp(v.rule, (by)) == 0, "%s by %s, %.3f", myo_class_name(v.cls), v.rule, \
                      v.confidence);                                                                                \
    } while (0)

/* Not sure any more: under 0.9, indeterminate or another class. */
#define is_doubted(c, kind, what)                                                                                  \
    do {                                                                                                           \
        judge(&(c), (kind));                                                                                       \
        ck_assert_msg(v.cls != (what) || v.confidence < 0.9, "%s by %s, %.3f", myo_class_name(v.cls), v.rule,      \
                      v.confidence);                                                                               \
    } while (0)

/* ---- jerks ---- */

START_TEST(jerk_brief)
{
    myo_cand c = jerk();
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    ck_assert_double_gt(v.confidence, 0.9);
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 800.0f; /* a contraction */
    c.f[MYO_F_RISE] = 250.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-short");
    c = jerk();
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 280.0f; /* just too long */
    c.f[MYO_F_RISE] = 100.0f;
    is_doubted(c, MYO_KIND_EMG, MYO_JERK);
}
END_TEST

START_TEST(jerk_limb)
{
    myo_cand c = limb(300.0, 60.0, 5.0);
    is(c, MYO_KIND_ACC, MYO_JERK, "jerk-limb");
    c = limb(1500.0, 500.0, 1.5);
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-movement");
    c = limb(1000.0, 260.0, 2.4);
    is_doubted(c, MYO_KIND_ACC, MYO_JERK);
}
END_TEST

/* ---- fasciculations ---- */

START_TEST(fasciculation_unit)
{
    myo_cand c = unit();
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 15.0f;
    is(c, MYO_KIND_EMG, MYO_FASCICULATION, "fasciculation-unit");
    c.f[MYO_F_TURNS] = 12.0f; /* many units, another shape each time */
    c.f[MYO_F_TEMPLATE] = 0.2f;
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c = unit();
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 24.0f; /* near miss: a little long, a little less alike */
    c.f[MYO_F_TEMPLATE] = 0.76f;
    c.f[MYO_F_TURNS] = 5.0f;
    is_doubted(c, MYO_KIND_EMG, MYO_FASCICULATION);
}
END_TEST

START_TEST(fasciculation_brief)
{
    myo_cand c = unit();
    c.f[MYO_F_TEMPLATE] = 0.0f; /* the first of its kind */
    is(c, MYO_KIND_EMG, MYO_FASCICULATION, "fasciculation-brief");
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 30.0f;
    c.f[MYO_F_TURNS] = 8.0f;
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c = unit();
    c.f[MYO_F_TEMPLATE] = 0.0f;
    c.f[MYO_F_DURATION] = c.f[MYO_F_BURST] = 13.0f;
    is_doubted(c, MYO_KIND_EMG, MYO_FASCICULATION);
}
END_TEST

START_TEST(a_fasciculation_stays_in_its_muscle)
{
    myo_cand c = unit();
    judge(&c, MYO_KIND_EMG);
    const double alone = v.confidence;
    c.f[MYO_F_OTHERS] = 2.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert(v.best != MYO_FASCICULATION || v.confidence < alone);
}
END_TEST

/* ---- cramps, tetany ---- */

START_TEST(cramp_sustained)
{
    myo_cand c = contraction(30000.0);
    is(c, MYO_KIND_EMG, MYO_CRAMP, "cramp-sustained");
    c = contraction(2000.0);
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-short");
    c = contraction(5700.0); /* on the edge */
    is_doubted(c, MYO_KIND_EMG, MYO_CRAMP);
    c = contraction(30000.0);
    c.f[MYO_F_OTHERS] = 2.0f; /* other muscles hold too */
    is_doubted(c, MYO_KIND_EMG, MYO_CRAMP);
}
END_TEST

START_TEST(tetany_multiplets)
{
    myo_cand c = tetany();
    is(c, MYO_KIND_EMG, MYO_TETANY, "tetany-multiplets");
    c.f[MYO_F_REPEAT] = 0.2f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c.f[MYO_F_REPEAT] = 0.30f;
    is_doubted(c, MYO_KIND_EMG, MYO_TETANY);
}
END_TEST

START_TEST(tetany_same_shape)
{
    myo_cand c = train(6.0, 60, 30.0);
    c.f[MYO_F_SAME] = 0.95f;
    is(c, MYO_KIND_EMG, MYO_TETANY, "tetany-same-shape");
    c.f[MYO_F_SAME] = 0.4f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c.f[MYO_F_SAME] = 0.83f;
    is_doubted(c, MYO_KIND_EMG, MYO_TETANY);
}
END_TEST

/* ---- tremor ---- */

START_TEST(tremor_train)
{
    myo_cand c = train(5.0, 30, 70.0);
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c = train(1.5, 10, 150.0);
    c.f[MYO_F_COVER] = 0.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-stepping");
    c = train(2.7, 12, 70.0); /* between steps and tremor */
    c.f[MYO_F_COVER] = 0.4f;
    is_doubted(c, MYO_KIND_EMG, MYO_TREMOR);
}
END_TEST

/* Weak tremor: a beat here and there, the peak throughout. */
START_TEST(tremor_beats)
{
    myo_cand c = train(4.5, 20, 20.0); /* every second beat of 9 Hz */
    c.f[MYO_F_DUTY] = 0.08f;
    c.f[MYO_F_CV] = 0.35f;
    c.f[MYO_F_SNR] = 7.0f;
    c.f[MYO_F_PEAK_HZ] = 9.0f;
    c.f[MYO_F_HEIGHT] = 15.0f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-beats");
    c.f[MYO_F_HEIGHT] = 11.0f;
    c.f[MYO_F_TEMPLATE] = 0.98f; /* one unit, in its own rhythm */
    c.f[MYO_F_SAME] = 0.9f;
    c.f[MYO_F_BURST] = 12.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_ne(v.best, MYO_TREMOR);
    c.f[MYO_F_SAME] = 0.4f;
    c.f[MYO_F_BURST] = 20.0f;
    c.f[MYO_F_HEIGHT] = 12.5f;
    is_doubted(c, MYO_KIND_EMG, MYO_TREMOR);
}
END_TEST

START_TEST(tremor_envelope)
{
    myo_cand c = contraction(20000.0);
    c.f[MYO_F_COVER] = 0.95f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-envelope");
    c.f[MYO_F_COVER] = 0.0f;
    is(c, MYO_KIND_EMG, MYO_CRAMP, "cramp-sustained");
    c.f[MYO_F_COVER] = 0.52f;
    is_doubted(c, MYO_KIND_EMG, MYO_TREMOR);
    c = contraction(20000.0);
    c.f[MYO_F_COVER] = 0.95f;
    c.f[MYO_F_MDF] = 5.0f;
    is(c, MYO_KIND_ACC, MYO_TREMOR, "tremor-envelope");
}
END_TEST

START_TEST(tremor_peak)
{
    myo_cand c = rhythm();
    is(c, MYO_KIND_ACC, MYO_TREMOR, "tremor-peak");
    judge(&c, MYO_KIND_ACC);
    const double clear = v.confidence;
    c.f[MYO_F_MASKED] = 0.9f;
    c.f[MYO_F_HEIGHT] = 5.0f;
    is(c, MYO_KIND_ACC, MYO_ARTEFACT, "artefact-masked");
    c = rhythm();
    c.f[MYO_F_HEIGHT] = 6.0f;
    c.f[MYO_F_WIDTH] = 2.2f;
    c.f[MYO_F_MASKED] = 0.2f;
    judge(&c, MYO_KIND_ACC);
    ck_assert(v.cls != MYO_TREMOR || v.confidence < clear);
}
END_TEST

/* ---- voluntary ---- */

START_TEST(voluntary_short)
{
    myo_cand c = contraction(1500.0);
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-short");
    last(&c, 50.0, 50.0);
    c.form = MYO_FORM_SINGLE;
    c.f[MYO_F_RISE] = 10.0f;
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    last(&c, 255.0, 255.0);
    c.f[MYO_F_RISE] = 95.0f;
    is_doubted(c, MYO_KIND_EMG, MYO_VOLUNTARY);
}
END_TEST

START_TEST(voluntary_hold)
{
    myo_cand c = contraction(60000.0);
    c.f[MYO_F_CUT] = 1.0f; /* the file begins in it */
    c.f[MYO_F_OTHERS] = 3.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-hold");
    c.f[MYO_F_CUT] = 0.0f;
    c.f[MYO_F_OTHERS] = 0.0f;
    is(c, MYO_KIND_EMG, MYO_CRAMP, "cramp-sustained");
    c.f[MYO_F_OTHERS] = 1.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert(v.confidence < 0.99);
}
END_TEST

/* The long contraction rule stands behind the others (bias -3): it speaks where the duration is all that is known. */
START_TEST(voluntary_contraction)
{
    myo_cand c = contraction(9000.0);
    c.f[MYO_F_DUTY] = 0.3f;
    c.f[MYO_F_OTHERS] = 3.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_VOLUNTARY);
    ck_assert_str_eq(v.rule, "voluntary-contraction");
    c = contraction(9000.0);
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_CRAMP);
}
END_TEST

START_TEST(voluntary_stepping)
{
    myo_cand c = train(1.0, 8, 300.0);
    c.f[MYO_F_COVER] = 0.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-stepping");
    c = train(6.0, 40, 60.0);
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
}
END_TEST

START_TEST(voluntary_units)
{
    myo_cand c = train(9.0, 60, 10.0);
    c.f[MYO_F_TEMPLATE] = 0.95f;
    c.f[MYO_F_SAME] = 0.75f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-units");
    c = train(9.0, 60, 40.0);
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c = train(9.0, 60, 18.5);
    c.f[MYO_F_TEMPLATE] = 0.84f;
    is_doubted(c, MYO_KIND_EMG, MYO_TREMOR);
}
END_TEST

START_TEST(voluntary_ragged)
{
    myo_cand c = train(11.0, 19, 62.0);
    c.f[MYO_F_CV] = 0.30f;
    c.f[MYO_F_COVER] = 0.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-ragged");
    c.f[MYO_F_COVER] = 0.9f;
    c.f[MYO_F_CV] = 0.08f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c.f[MYO_F_COVER] = 0.2f;
    c.f[MYO_F_CV] = 0.26f;
    is_doubted(c, MYO_KIND_EMG, MYO_TREMOR);
}
END_TEST

START_TEST(voluntary_turns)
{
    myo_cand c = jerk();
    c.f[MYO_F_CROWD] = 6.0f;
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-turns");
    c.f[MYO_F_CROWD] = 1.0f;
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c.f[MYO_F_CROWD] = 3.5f; /* no whole number of muscles: between the two */
    is_doubted(c, MYO_KIND_EMG, MYO_JERK);
}
END_TEST

START_TEST(voluntary_movement)
{
    myo_cand c = limb(1500.0, 500.0, 1.5);
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-movement");
    c = limb(200.0, 40.0, 8.0);
    is(c, MYO_KIND_ACC, MYO_JERK, "jerk-limb");
    c = limb(800.0, 220.0, 2.5);
    is_doubted(c, MYO_KIND_ACC, MYO_VOLUNTARY);
}
END_TEST

START_TEST(voluntary_turned)
{
    myo_cand c = limb(500.0, 120.0, 5.0); /* quick, but it ends elsewhere */
    c.f[MYO_F_TURN] = 0.6f;
    c.f[MYO_F_BEND] = 0.9f;
    c.f[MYO_F_PLAIN] = 0.3f;
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-turned");
    c.f[MYO_F_BEND] = 0.02f;
    is(c, MYO_KIND_ACC, MYO_JERK, "jerk-limb");
    c.f[MYO_F_BEND] = 0.30f;
    is_doubted(c, MYO_KIND_ACC, MYO_VOLUNTARY);
}
END_TEST

START_TEST(voluntary_busy)
{
    myo_cand c = limb(300.0, 60.0, 5.0); /* like a jerk, but one of many movements */
    c.f[MYO_F_FLOOR] = 0.1f;
    c.f[MYO_F_SNR] = 8.0f;
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-busy");
    c.f[MYO_F_SNR] = 30.0f; /* a gross jerk stands out */
    is(c, MYO_KIND_ACC, MYO_JERK, "jerk-limb");
    c.f[MYO_F_SNR] = 13.5f;
    is_doubted(c, MYO_KIND_ACC, MYO_VOLUNTARY);
}
END_TEST

START_TEST(what_no_rule_describes_is_indeterminate)
{
    myo_cand c = limb(400.0, 60.0, 20.0); /* too long for a knock, too quick for a limb */
    judge(&c, MYO_KIND_ACC);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert_int_eq(v.best, MYO_JERK);
    ck_assert_double_lt(v.confidence, 0.5);
}
END_TEST

/* ---- artefacts ---- */

START_TEST(artefact_masked)
{
    myo_cand c = contraction(150.0);
    c.f[MYO_F_MASKED] = 1.0f;
    c.f[MYO_F_TURNS] = 3.0f;
    c.f[MYO_F_RISE] = 120.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-masked");
    c = jerk();
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c.f[MYO_F_MASKED] = 0.30f;
    is_doubted(c, MYO_KIND_EMG, MYO_JERK);
}
END_TEST

START_TEST(artefact_slow)
{
    myo_cand c = jerk();
    c.f[MYO_F_LOW] = 0.8f;
    c.f[MYO_F_MDF] = 30.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-slow");
    c.f[MYO_F_MDF] = 90.0f; /* muscle over a wandering baseline */
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c.f[MYO_F_MDF] = 55.0f;
    c.f[MYO_F_LOW] = 0.38f;
    is_doubted(c, MYO_KIND_EMG, MYO_ARTEFACT);
}
END_TEST

START_TEST(artefact_again)
{
    myo_cand c = contraction(10000.0);
    c.f[MYO_F_AGAIN] = 0.3f; /* as muscle by chance */
    c.f[MYO_F_CREST] = 3.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_ne(v.best, MYO_ARTEFACT);
    c.f[MYO_F_AGAIN] = 0.99f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-again");
}
END_TEST

START_TEST(artefact_step)
{
    myo_cand c = jerk();
    c.f[MYO_F_STEP] = 0.7f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-step");
    c.f[MYO_F_STEP] = 0.35f; /* as far as potentials go */
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_JERK);
    c = contraction(1500.0);
    c.f[MYO_F_STEP] = 0.7f; /* a long one may hold a step */
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_VOLUNTARY);
}
END_TEST

START_TEST(artefact_jump)
{
    myo_cand c = jerk();
    c.f[MYO_F_ONEWAY] = 0.6f;
    c.f[MYO_F_BURST] = c.f[MYO_F_DURATION] = 30.0f;
    c.f[MYO_F_MDF] = 56.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-jump");
    c.f[MYO_F_MDF] = 80.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_JERK);
    c.f[MYO_F_MDF] = 56.0f;
    c.f[MYO_F_ONEWAY] = 0.4f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_JERK);
}
END_TEST

START_TEST(artefact_brink)
{
    myo_cand c = jerk();
    c.f[MYO_F_BRINK] = 0.9f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-brink");
    c.f[MYO_F_BRINK] = 0.4f; /* 24 ms away */
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_JERK);
    c = contraction(1500.0);
    c.f[MYO_F_BRINK] = 1.0f; /* cut short by a dropout */
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_VOLUNTARY);
}
END_TEST

START_TEST(artefact_spike)
{
    myo_cand c = jerk();
    last(&c, 9.0, 9.0);
    c.f[MYO_F_SPIKE] = 0.99f;
    c.f[MYO_F_MDF] = 235.0f;
    c.f[MYO_F_SNR] = 25.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-spike");
    c.f[MYO_F_SPIKE] = 0.6f; /* a sharp potential */
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_ne(v.best, MYO_ARTEFACT);
    c.f[MYO_F_SPIKE] = 0.99f;
    c.f[MYO_F_MDF] = 130.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_ne(v.best, MYO_ARTEFACT);
}
END_TEST

START_TEST(artefact_hiss)
{
    myo_cand c = contraction(60000.0);
    c.form = MYO_FORM_SUSTAINED;
    c.f[MYO_F_MDF] = 225.0f;
    c.f[MYO_F_CREST] = 3.7f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-hiss");
    c.f[MYO_F_MDF] = 150.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.best, MYO_CRAMP);
}
END_TEST

START_TEST(artefact_everywhere)
{
    myo_cand c = jerk();
    last(&c, 8.0, 8.0);
    c.f[MYO_F_ALIKE] = 5.0f;
    c.f[MYO_F_OTHERS] = 5.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-everywhere");
    c = jerk();
    c.f[MYO_F_OTHERS] = 5.0f; /* a whole body's jerk: together, but not to the millisecond */
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c.f[MYO_F_ALIKE] = 2.0f;
    is_doubted(c, MYO_KIND_EMG, MYO_ARTEFACT);
}
END_TEST

START_TEST(artefact_knock)
{
    myo_cand c = limb(20.0, 40.0, 15.0);
    is(c, MYO_KIND_ACC, MYO_ARTEFACT, "artefact-knock");
    c = limb(300.0, 60.0, 5.0);
    is(c, MYO_KIND_ACC, MYO_JERK, "jerk-limb");
    c.f[MYO_F_SHARP] = 1.22f;
    is_doubted(c, MYO_KIND_ACC, MYO_JERK);
}
END_TEST

START_TEST(artefact_turn)
{
    myo_cand c = limb(1500.0, 500.0, 1.5);
    c.f[MYO_F_TURN] = c.f[MYO_F_BEND] = 0.8f;
    c.f[MYO_F_PLAIN] = 0.01f;
    c.f[MYO_F_STAY] = 1.0f;
    is(c, MYO_KIND_ACC, MYO_ARTEFACT, "artefact-turn");
    c.f[MYO_F_PLAIN] = 0.2f; /* a limb that is led leaves the sphere */
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-turned");
    c.f[MYO_F_PLAIN] = 0.01f;
    c.f[MYO_F_STAY] = 0.1f; /* and comes back */
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-movement");
    c.f[MYO_F_STAY] = 0.45f;
    is_doubted(c, MYO_KIND_ACC, MYO_ARTEFACT);
}
END_TEST

START_TEST(artefact_vibration)
{
    myo_cand c = limb(8000.0, 900.0, 13.0);
    c.form = MYO_FORM_SUSTAINED;
    is(c, MYO_KIND_ACC, MYO_ARTEFACT, "artefact-vibration");
    c.f[MYO_F_MDF] = 1.6f;
    is(c, MYO_KIND_ACC, MYO_VOLUNTARY, "voluntary-movement");
    c.f[MYO_F_MDF] = 7.0f;
    is_doubted(c, MYO_KIND_ACC, MYO_ARTEFACT);
}
END_TEST

/* A rhythm that only the legs of one who stands can have, or a machine: nobody knows from this alone. */
START_TEST(artefact_hum)
{
    myo_cand c = rhythm();
    c.f[MYO_F_PEAK_HZ] = 15.0f;
    judge(&c, MYO_KIND_ACC);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert(v.second == MYO_TREMOR || v.best == MYO_TREMOR);
    c.f[MYO_F_PEAK_HZ] = 10.0f;
    is(c, MYO_KIND_ACC, MYO_TREMOR, "tremor-peak");
    c.f[MYO_F_PEAK_HZ] = 12.4f;
    is_doubted(c, MYO_KIND_ACC, MYO_TREMOR);
}
END_TEST

START_TEST(artefact_walking)
{
    myo_cand c = blank(MYO_FORM_GAIT);
    last(&c, 12000.0, 2000.0);
    c.f[MYO_F_STEPS] = 1.9f;
    is(c, MYO_KIND_ACC, MYO_ARTEFACT, "artefact-walking");
    c.f[MYO_F_DURATION] = 1000.0f; /* not three steps */
    judge(&c, MYO_KIND_ACC);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    c.f[MYO_F_DURATION] = 1700.0f;
    is_doubted(c, MYO_KIND_ACC, MYO_ARTEFACT);
}
END_TEST

START_TEST(artefact_heart)
{
    myo_cand c = blank(MYO_FORM_HEART);
    last(&c, 9000.0, 60.0);
    c.f[MYO_F_N] = 12.0f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-heart");
    ck_assert_double_eq(v.confidence, 1.0); /* no other class may be a heart */
}
END_TEST

/* ---- presets, single units ---- */

START_TEST(clonus_train)
{
    myo_cand c = train(5.5, 40, 60.0);
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train"); /* without its preset there is none */
    params.clonus_on = 1;
    is(c, MYO_KIND_EMG, MYO_CLONUS, "clonus-train");
    c.f[MYO_F_CV] = 0.25f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c = train(11.0, 40, 40.0);
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
    c = train(5.5, 40, 60.0);
    c.f[MYO_F_CV] = 0.17f; /* near miss */
    is_doubted(c, MYO_KIND_EMG, MYO_CLONUS);
    c = jerk();
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    myo_params_defaults(&params);
}
END_TEST

START_TEST(fragmentary_myoclonus_burst)
{
    myo_cand c = jerk();
    last(&c, 105.0, 105.0);
    c.f[MYO_F_PEAK] = 90.0f;
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    params.legs_on = 1;
    is(c, MYO_KIND_EMG, MYO_FRAGMENTARY, "fragmentary_myoclonus-burst");
    c.f[MYO_F_PEAK] = 35.0f; /* too weak */
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    c.f[MYO_F_PEAK] = 90.0f;
    last(&c, 45.0, 45.0); /* too short */
    is(c, MYO_KIND_EMG, MYO_JERK, "jerk-brief");
    last(&c, 72.0, 72.0); /* near miss */
    is_doubted(c, MYO_KIND_EMG, MYO_FRAGMENTARY);
    myo_params_defaults(&params);
}
END_TEST

START_TEST(leg_movements_by_their_series)
{
    myo_cand c = blank(MYO_FORM_LEG);
    last(&c, 2000.0, 700.0);
    params.legs_on = 1;
    is(c, MYO_KIND_EMG, MYO_LEG_MOVEMENT, "leg_movement-single");
    c.f[MYO_F_SERIES] = 1.0f;
    is(c, MYO_KIND_EMG, MYO_PLM, "plm-series");
    c.f[MYO_F_MASKED] = 0.8f;
    is(c, MYO_KIND_EMG, MYO_ARTEFACT, "artefact-masked");
    myo_params_defaults(&params);
}
END_TEST

START_TEST(indeterminate_unit)
{
    myo_cand c = train(7.0, 60, 12.0);
    c.f[MYO_F_CV] = 0.035f;
    c.f[MYO_F_TEMPLATE] = 0.98f;
    c.f[MYO_F_SAME] = 0.98f * sqrtf(sqrtf(12.0f / 25.0f));
    c.f[MYO_F_TURNS] = 3.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert_str_eq(v.rule, "indeterminate-unit");
    c.f[MYO_F_CV] = 0.18f; /* a unit of a steady contraction */
    is(c, MYO_KIND_EMG, MYO_VOLUNTARY, "voluntary-units");
    c = train(7.0, 60, 45.0); /* tremor as regular as that */
    c.f[MYO_F_CV] = 0.035f;
    is(c, MYO_KIND_EMG, MYO_TREMOR, "tremor-train");
}
END_TEST

/* ---- the machinery ---- */

static const myo_rule *const tables[] = {myo_artefact_rules, myo_cramp_rules, myo_tetany_rules, myo_tremor_rules,
                                         myo_fasciculation_rules, myo_jerk_rules, myo_voluntary_rules, myo_clonus_rules,
                                         myo_unit_rules, myo_legs_rules};
enum { N_TABLES = (int)(sizeof tables / sizeof tables[0]) };

static double score_of(const myo_rule *r, const myo_cand *c)
{
    double s = r->bias;
    for (int i = 0; i < r->n_terms; i++) {
        const myo_term *t = &r->terms[i];
        const bool logs = t->cmp == MYO_LOG_ABOVE || t->cmp == MYO_LOG_BELOW;
        const double x = (double)c->f[t->feat], d = logs ? log(fmax(x, 1e-9) / t->at) : x - t->at;
        const double up = t->cmp == MYO_ABOVE || t->cmp == MYO_LOG_ABOVE ? d : -d;
        s += t->weight * log(1.0 / (1.0 + exp(-up / t->soft)) + 0.01);
    }
    return s;
}

/* The softmax written anew: shares of all classes sum to 1, the verdict tells the two largest, and its probabilities are
 * never more. */
static void check_verdict(const myo_cand *c, myo_kind kind)
{
    double p[MYO_N_CLASS] = {0.0}, total = 0.0, best = 0.0, second = 0.0, sum = 0.0;
    for (int t = 0; t < N_TABLES; t++) {
        for (const myo_rule *r = tables[t]; r->name; r++) {
            if (r->kinds >> kind & 1 && r->forms >> c->form & 1 && myo_class_shown(r->cls, kind, &params)) {
                p[r->cls] += exp(score_of(r, c));
                total += exp(score_of(r, c));
            }
        }
    }
    if (kind == MYO_KIND_ACC) { /* nothing of all this */
        p[MYO_INDETERMINATE] += exp(-4.0);
        total += exp(-4.0);
    }
    for (int k = 0; k < MYO_N_CLASS; k++) {
        const double q = p[k] / total;
        sum += q;
        if (k == MYO_INDETERMINATE) {
            continue;
        }
        second = q > best ? best : fmax(second, q);
        best = fmax(best, q);
    }
    judge(c, kind);
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    ck_assert_double_eq_tol(v.share, best, 1e-9);
    ck_assert_double_eq_tol(v.second_share, second, 1e-9);
    ck_assert_double_le(v.confidence, v.share);
    ck_assert_double_le(v.second_confidence, v.confidence);
    ck_assert_double_le(v.confidence + v.second_confidence, 1.0 + 1e-12);
    ck_assert(v.cls == v.best || v.cls == MYO_INDETERMINATE);
    ck_assert(v.cls == v.best || v.confidence < params.score_reject_p ||
              v.confidence - v.second_confidence < params.score_margin ||
              v.share < p[MYO_INDETERMINATE] / total);
    ck_assert(myo_class_in_kind(v.best, kind));
    ck_assert(v.second == MYO_INDETERMINATE || myo_class_in_kind(v.second, kind));
}

/* The same shape, so the same share of the rules; but less and less likely to be a jerk of its own. */
START_TEST(faint_and_crowded_bursts_are_doubted)
{
    myo_cand c = jerk();
    c.f[MYO_F_SNR] = 12.0f;
    judge(&c, MYO_KIND_EMG);
    const double clear = v.confidence, share = v.share;
    c.f[MYO_F_SNR] = 25.0f; /* stronger is no surer */
    judge(&c, MYO_KIND_EMG);
    ck_assert_double_eq(v.confidence, clear);
    c.f[MYO_F_SNR] = 5.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_double_eq(v.share, share);
    ck_assert_double_lt(v.confidence, 0.95);
    ck_assert_int_eq(v.cls, MYO_JERK);
    const double faint = v.confidence;
    c.f[MYO_F_NEAR] = 2.0f; /* pieces of something weak and long */
    judge(&c, MYO_KIND_EMG);
    ck_assert_double_lt(v.confidence, 0.7 * faint);
    c.f[MYO_F_SNR] = 3.0f;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert_int_eq(v.best, MYO_JERK);
}
END_TEST

/* Weights of calibration.def may move; what each doubt does may not. */
START_TEST(every_doubt_takes_away)
{
    for (int kind = MYO_KIND_EMG; kind <= MYO_KIND_ACC; kind++) {
        ck_assert_double_gt(myo_trust_weight((myo_kind)kind, MYO_TRUST_MARGIN), 0.5);
        ck_assert_double_ge(myo_trust_weight((myo_kind)kind, MYO_TRUST_FIT), 0.0);
        ck_assert_double_le(myo_trust_weight((myo_kind)kind, MYO_TRUST_FAINT), 0.0);
        ck_assert_double_le(myo_trust_weight((myo_kind)kind, MYO_TRUST_NEAR), 0.0);
        ck_assert_double_le(myo_trust_weight((myo_kind)kind, MYO_TRUST_AROUND), 0.0);
    }
    myo_cand c = jerk();
    double x[MYO_N_TRUST];
    c.f[MYO_F_SNR] = 7.0f;
    c.f[MYO_F_NEAR] = 1.0f;
    c.f[MYO_F_AROUND] = 0.25f;
    myo_trust_look(x, &c, 0.9999, -20.0);
    ck_assert_double_eq_tol(x[MYO_TRUST_AROUND], 0.25, 1e-6);
    c.f[MYO_F_SNR] = 12.0f; /* so strong it is a piece of little */
    myo_trust_look(x, &c, 0.9999, -20.0);
    ck_assert_double_eq_tol(x[MYO_TRUST_AROUND], 0.125, 1e-6);
    c.f[MYO_F_SNR] = 20.0f;
    c.f[MYO_F_AROUND] = 9.0f;
    myo_trust_look(x, &c, 0.9999, -20.0);
    ck_assert_double_eq(x[MYO_TRUST_AROUND], 0.0);
    c.f[MYO_F_SNR] = 7.0f;
    myo_trust_look(x, &c, 0.9999, -20.0);
    ck_assert_double_eq(x[MYO_TRUST_AROUND], 0.5);
    ck_assert_double_eq(x[MYO_TRUST_MARGIN], 3.0);
    ck_assert_double_eq(x[MYO_TRUST_FIT], -8.0);
    ck_assert_double_eq(x[MYO_TRUST_FAINT], 5.0);
    ck_assert_double_eq_tol(x[MYO_TRUST_NEAR], log(2.0), 1e-12);
    ck_assert_double_eq(x[MYO_TRUST_EPISODE], 0.0);
    myo_trust_look(x, &c, 0.5, 0.0);
    ck_assert_double_eq_tol(x[MYO_TRUST_MARGIN], 0.0, 1e-12);
    double log_odds = 0.0;
    for (int i = 0; i < MYO_N_TRUST; i++) {
        log_odds += myo_trust_weight(MYO_KIND_EMG, (myo_trust_id)i) * x[i];
    }
    ck_assert_double_eq_tol(myo_trust(x, MYO_KIND_EMG), 1.0 / (1.0 + exp(-log_odds)), 1e-12);
}
END_TEST

/* Features over their whole range, nonsense included. */
START_TEST(any_features_give_probabilities)
{
    static const float span[] = {0.0f, 0.3f, 1.0f, 3.0f, 10.0f, 60.0f, 300.0f, 1e4f, 1e9f, -60.0f};
    unsigned seed = 12345u + (unsigned)_i;
    for (int n = 0; n < 2000; n++) {
        myo_cand c = {.form = (myo_form)(n % 6)};
        for (int k = 0; k < MYO_N_FEAT; k++) {
            seed = seed * 1664525u + 1013904223u;
            c.f[k] = span[(seed >> 16) % 10u];
        }
        if (c.form != MYO_FORM_HEART && (_i == 1 || (c.form != MYO_FORM_RHYTHM && c.form != MYO_FORM_GAIT))) {
            check_verdict(&c, _i == 0 ? MYO_KIND_EMG : c.form == MYO_FORM_TRAIN ? MYO_KIND_EMG : MYO_KIND_ACC);
        }
    }
}
END_TEST

START_TEST(weak_evidence_is_indeterminate)
{
    myo_cand c = jerk();
    last(&c, 262.0, 262.0); /* between a jerk and a contraction */
    c.f[MYO_F_RISE] = 105.0f;
    params.score_reject_p = 0.95;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert(v.best == MYO_JERK || v.best == MYO_VOLUNTARY);
    ck_assert_double_gt(v.confidence, 0.0);
    params.score_reject_p = 0.0;
    params.score_margin = 0.0;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.cls, v.best);
}
END_TEST

START_TEST(the_margin_alone_may_reject)
{
    myo_cand c = jerk();
    params.score_reject_p = 0.0;
    params.score_margin = 0.999;
    judge(&c, MYO_KIND_EMG);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
    ck_assert_int_eq(v.best, MYO_JERK);
}
END_TEST

/* A rhythm in EMG has only the masked rule; nothing at all applies to other kinds. */
START_TEST(kinds_and_forms_restrict)
{
    myo_cand c = tetany();
    for (int form = 0; form < 5; form++) {
        c.form = (myo_form)form;
        judge(&c, MYO_KIND_ACC);
        ck_assert(v.best == MYO_INDETERMINATE || myo_class_in_kind(v.best, MYO_KIND_ACC));
        judge(&c, MYO_KIND_OTHER);
        ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
        ck_assert_str_eq(v.rule, "none applies");
        ck_assert_double_eq(v.confidence, 0.0);
    }
}
END_TEST

START_TEST(a_feature_that_is_no_number_is_no_class)
{
    myo_cand c = jerk();
    c.f[MYO_F_TURNS] = NAN;
    judge(&c, MYO_KIND_EMG);
    ck_assert_double_eq(v.confidence, 0.0);
    ck_assert_int_eq(v.cls, MYO_INDETERMINATE);
}
END_TEST

/* Each rule names its own class and kinds the contract allows; every threshold and width is sound. */
START_TEST(the_tables_are_sound)
{
    int n = 0;
    for (int t = 0; t < N_TABLES; t++) {
        for (const myo_rule *r = tables[t]; r->name; r++, n++) {
            ck_assert_int_eq(strncmp(r->name, myo_class_name(r->cls), strlen(myo_class_name(r->cls))), 0);
            ck_assert(!(r->kinds & MYO_ON_EMG) || myo_class_in_kind(r->cls, MYO_KIND_EMG));
            ck_assert(!(r->kinds & MYO_ON_ACC) || myo_class_in_kind(r->cls, MYO_KIND_ACC));
            ck_assert_int_gt(r->n_terms, 0);
            for (int i = 0; i < r->n_terms; i++) {
                const myo_term *m = &r->terms[i];
                ck_assert_double_gt(m->soft, 0.0);
                ck_assert_double_gt(m->weight, 0.0);
                ck_assert(m->at > 0.0 || m->cmp == MYO_ABOVE || m->cmp == MYO_BELOW);
            }
        }
    }
    ck_assert_int_ge(n, 22);
}
END_TEST

static void setup(void)
{
    myo_params_defaults(&params);
}

static Suite *suite(void)
{
    Suite *s = suite_create("classify");
    TCase *c = tcase_create("classify");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, jerk_brief);
    tcase_add_test(c, jerk_limb);
    tcase_add_test(c, fasciculation_unit);
    tcase_add_test(c, fasciculation_brief);
    tcase_add_test(c, a_fasciculation_stays_in_its_muscle);
    tcase_add_test(c, cramp_sustained);
    tcase_add_test(c, tetany_multiplets);
    tcase_add_test(c, tetany_same_shape);
    tcase_add_test(c, tremor_train);
    tcase_add_test(c, tremor_beats);
    tcase_add_test(c, tremor_envelope);
    tcase_add_test(c, tremor_peak);
    tcase_add_test(c, voluntary_short);
    tcase_add_test(c, voluntary_hold);
    tcase_add_test(c, voluntary_contraction);
    tcase_add_test(c, voluntary_stepping);
    tcase_add_test(c, voluntary_units);
    tcase_add_test(c, clonus_train);
    tcase_add_test(c, fragmentary_myoclonus_burst);
    tcase_add_test(c, leg_movements_by_their_series);
    tcase_add_test(c, indeterminate_unit);
    tcase_add_test(c, voluntary_ragged);
    tcase_add_test(c, voluntary_turns);
    tcase_add_test(c, voluntary_movement);
    tcase_add_test(c, artefact_masked);
    tcase_add_test(c, artefact_slow);
    tcase_add_test(c, artefact_again);
    tcase_add_test(c, artefact_step);
    tcase_add_test(c, artefact_jump);
    tcase_add_test(c, artefact_brink);
    tcase_add_test(c, artefact_spike);
    tcase_add_test(c, artefact_hiss);
    tcase_add_test(c, artefact_everywhere);
    tcase_add_test(c, artefact_knock);
    tcase_add_test(c, artefact_turn);
    tcase_add_test(c, artefact_vibration);
    tcase_add_test(c, artefact_hum);
    tcase_add_test(c, artefact_walking);
    tcase_add_test(c, voluntary_turned);
    tcase_add_test(c, voluntary_busy);
    tcase_add_test(c, what_no_rule_describes_is_indeterminate);
    tcase_add_test(c, artefact_heart);
    tcase_add_test(c, faint_and_crowded_bursts_are_doubted);
    tcase_add_test(c, every_doubt_takes_away);
    tcase_add_loop_test(c, any_features_give_probabilities, 0, 2);
    tcase_add_test(c, weak_evidence_is_indeterminate);
    tcase_add_test(c, the_margin_alone_may_reject);
    tcase_add_test(c, kinds_and_forms_restrict);
    tcase_add_test(c, a_feature_that_is_no_number_is_no_class);
    tcase_add_test(c, the_tables_are_sound);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
