/* test_csv_quick.c - rows read at full speed against strtod() and against the thorough way, number by number. */
#include "text_kit.h"

enum { COLUMNS = 8, ROWS = 20000 };

/* --- numbers in all shapes --- */

/* A number in shape `kind`; some text that means none. */
static void print_number(char *dst, size_t cap, uint32_t kind, myo_rng *rng)
{
    static const char *const words[] = {"", "NaN", "n/a", "-", "0", "-0", "-0.000", "5.", ".5", "-.25", "+1.5", "007.50",
                                        "12345678", "-123456789012345", "9007199254740993", "1234567890123456789",
                                        "0.30000000000000004", "179769313486231570", "1e-320", "12345678.", "00000000."};
    const double v = myo_rng_normal(rng) * pow(10, (double)(myo_rng_u32(rng) % 7) - 3);
    const int digits = (int)(myo_rng_u32(rng) % 18);
    switch (kind) {
    case 0: case 1: case 2: case 3: case 4: case 5: case 6: case 7: case 8: case 9:
        snprintf(dst, cap, "%.*f", (int)kind, v);
        break;
    case 10: snprintf(dst, cap, "%.*g", 1 + digits, v); break;
    case 11: snprintf(dst, cap, "%.*e", digits, v * 1e-6); break;
    case 12: snprintf(dst, cap, "%d", (int)(v * 1000)); break;
    case 13: snprintf(dst, cap, "%.*f", digits, v * 1e9); break;
    default: snprintf(dst, cap, "%s", words[myo_rng_u32(rng) % (sizeof words / sizeof words[0])]);
    }
}

typedef struct dialect { const char *delim, *eol, *end; char point; } dialect;
static const dialect dialects[] = {
    {",", "\n", "", '.'}, {";", "\r\n", "", ','}, {"\t", "\n", "\t", '.'}, {", ", "\r\n", "", '.'},
    {"  ", "\n", " ", '.'}, {";", "\n", ";", '.'}, {" ,", "\n", ", ", '.'},
};
enum { N_DIALECTS = sizeof dialects / sizeof dialects[0] };

static float expected(const char *text)
{
    char *end;
    const double v = strtod(text, &end);
    return end > text && *end == '\0' ? (float)v : NAN;
}

static void put_number(myo_buf *b, const char *text, const dialect *d)
{
    for (; *text != '\0'; text++) {
        myo_buf_put(b, *text == '.' ? &d->point : text, 1);
    }
}

/* Every column in a shape of its own, one cell of thirty in any other. */
static void put_rows(myo_buf *b, float *want, const dialect *d, uint64_t stream)
{
    myo_rng rng;
    myo_rng_seed(&rng, 31, stream);
    uint32_t kind[COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        const int c = i % COLUMNS;
        if (i / COLUMNS % 1000 == 0) {
            kind[c] = myo_rng_u32(&rng) % 14;
        }
        char text[64];
        print_number(text, sizeof text, myo_rng_u32(&rng) % 30 == 0 ? myo_rng_u32(&rng) % 15 : kind[c], &rng);
        if (d->delim[0] == ' ' && d->delim[1] == ' ' && text[0] == '\0') {
            text[0] = '1', text[1] = '\0'; /* blanks delimit no missing field */
        }
        want[i] = expected(text);
        put_number(b, text, d);
        myo_buf_puts(b, c + 1 < COLUMNS ? d->delim : d->end);
        myo_buf_puts(b, c + 1 < COLUMNS ? "" : d->eol);
    }
}

START_TEST(numbers_of_all_shapes_equal_strtod)
{
    const dialect *d = &dialects[_i];
    static float want[ROWS * COLUMNS];
    myo_buf b = {0};
    for (int c = 1; c <= COLUMNS; c++) {
        myo_buf_printf(&b, "emg%d%s", c, c < COLUMNS ? d->delim : d->eol);
    }
    put_rows(&b, want, d, (uint64_t)_i);
    kit k = kit_text_n(b.s, b.n, &(myo_open_opts){.fs = 1000}, 0.7);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, COLUMNS);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        const float got = k.x[i % COLUMNS][i / COLUMNS];
        ck_assert_msg(memcmp(&got, &want[i], sizeof got) == 0 || (isnan(got) && isnan(want[i])),
                      "row %d, column %d: %a, strtod %a", i / COLUMNS, i % COLUMNS, (double)got, (double)want[i]);
    }
    ck_assert_int_eq(k.n[0], ROWS);
    kit_free(&k);
    myo_buf_clear(&b);
}
END_TEST

/* --- damage: the thorough way says the same --- */

enum { DAMAGED_ROWS = 40, ROUNDS = 300, ROW = 400 };

/* One edit of row[from .. n): a byte changed, taken out, put in, the end cut or the row doubled. */
static size_t damage(char *row, size_t from, size_t n, myo_rng *rng)
{
    static const char bytes[] = ",;\t \"\n\r#-+.eE0019\xFF";
    const size_t at = from + myo_rng_u32(rng) % (n - from + 1);
    const char byte = bytes[myo_rng_u32(rng) % (sizeof bytes)]; /* the last one is NUL */
    switch (myo_rng_u32(rng) % 5) {
    case 0:
        row[at] = byte;
        return at == n ? n + 1 : n;
    case 1:
        memmove(row + at, row + at + 1, n - at);
        return at < n ? n - 1 : n;
    case 2:
        memmove(row + at + 1, row + at, n - at);
        row[at] = byte;
        return n + 1;
    case 3:
        return at;
    default:
        memcpy(row + n, row, at);
        return n + at;
    }
}

/* Rows of a time and three samples, one of them damaged behind the time; the same with the time in quotes, which only the
 * thorough way reads. Maybe cut behind the damage. */
static void put_damaged(myo_buf plain[2], const dialect *d, myo_rng *rng)
{
    const int victim = 2 + (int)(myo_rng_u32(rng) % (DAMAGED_ROWS - 2));
    const bool cut = myo_rng_u32(rng) % 3 == 0;
    for (int i = 0; i < DAMAGED_ROWS; i++) {
        char row[ROW], time[32];
        size_t n = 0;
        snprintf(time, sizeof time, "%.3f", i / 100.0);
        for (char *p = strchr(time, '.'); p != NULL; p = NULL) {
            *p = d->point;
        }
        for (int c = 0; c < 3; c++) {
            char text[64];
            print_number(text, sizeof text, 3, rng);
            *strchr(text, '.') = d->point;
            n += (size_t)snprintf(row + n, sizeof row - n, "%s%s", d->delim, text);
        }
        n += (size_t)snprintf(row + n, sizeof row - n, "%s", d->end);
        n = i == victim ? damage(row, strlen(d->delim), n, rng) : n;
        myo_buf_puts(&plain[0], time);
        myo_buf_printf(&plain[1], "\"%s\"", time);
        for (int k = 0; k < 2; k++) {
            myo_buf_put(&plain[k], row, n);
            myo_buf_puts(&plain[k], i == victim && cut ? "" : d->eol);
        }
        if (i == victim && cut) {
            return;
        }
    }
}

static void same_outcome(const kit *a, const kit *b)
{
    ck_assert_msg(a->err == b->err, "'%s' but '%s'", a->d.message, b->d.message);
    const char *byte = strstr(a->d.message, " at byte"); /* the quotes move it */
    const size_t n = byte != NULL ? (size_t)(byte - a->d.message) : strlen(a->d.message);
    ck_assert_msg(strncmp(a->d.message, b->d.message, n) == 0, "'%s' but '%s'", a->d.message, b->d.message);
    ck_assert_int_eq(a->n_ch, b->n_ch);
    ck_assert_int_eq(a->d.n_warnings, b->d.n_warnings);
    for (int i = 0; i < a->d.n_warnings; i++) {
        ck_assert_str_eq(a->d.warnings[i], b->d.warnings[i]);
    }
    for (int c = 0; c < a->n_ch; c++) {
        ck_assert_int_eq(a->n[c], b->n[c]);
        for (int64_t i = 0; i < a->n[c]; i++) {
            ck_assert(memcmp(&a->x[c][i], &b->x[c][i], sizeof **a->x) == 0 || (isnan(a->x[c][i]) && isnan(b->x[c][i])));
        }
    }
}

START_TEST(damage_is_told_as_the_thorough_way_does)
{
    const dialect *d = &dialects[_i];
    myo_rng rng;
    myo_rng_seed(&rng, 77, (uint64_t)_i);
    for (int round = 0; round < ROUNDS; round++) {
        myo_buf text[2] = {{0}};
        for (int i = 0; i < 2; i++) {
            myo_buf_printf(&text[i], "time%semg1%semg2%semg3%s", d->delim, d->delim, d->delim, d->eol);
        }
        put_damaged(text, d, &rng);
        kit a = kit_text_n(text[0].s, text[0].n, NULL, 0.13), b = kit_text_n(text[1].s, text[1].n, NULL, 0.13);
        same_outcome(&a, &b);
        kit_free(&a);
        kit_free(&b);
        myo_buf_clear(&text[0]);
        myo_buf_clear(&text[1]);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("csv quick");
    TCase *t = tcase_create("rows");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, numbers_of_all_shapes_equal_strtod, 0, N_DIALECTS);
    tcase_add_loop_test(t, damage_is_told_as_the_thorough_way_does, 0, N_DIALECTS);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
