/* test_result.c - the five files of a recording as one: fingerprint, mark, and what makes a result stale. */
#include <jansson.h>
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/analyse.h"
#include "run/link.h"

static myo_params params;
static myo_pool *pool;
static char stem[512];

/* 6 s of noise with three bursts, at 1000 Hz. */
static void write_recording(const char *name, int first)
{
    bytes b = {0};
    myo_rng r;
    char line[64];
    myo_rng_seed(&r, 3, 1);
    for (int i = 0; i < 6000; i++) {
        const double sd = i % 2000 > 900 && i % 2000 < 1000 ? 60.0 : 3.0;
        const double v = i == 0 ? (double)first : sd * myo_rng_normal(&r);
        snprintf(line, sizeof line, "%.3f\n", v);
        put_text(&b, line);
    }
    save(&b, name);
    free(b.p);
}

static void fresh(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    write_recording("rec.txt", 0);
    snprintf(stem, sizeof stem, "%s/out/rec", folder);
    myo_params_defaults(&params);
    ck_assert_int_eq(myo_pool_new(&pool, 1), MYO_OK);
}

static void done(void)
{
    myo_pool_free(&pool);
}

static const myo_open_opts as_emg = {.fs = 1000.0, .channels = "1=EMG:uV"};

static myo_analyse_job usual(void)
{
    static char input[512], out[512];
    snprintf(input, sizeof input, "%s/rec.txt", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    return (myo_analyse_job){.input = input, .stem_path = stem, .dir = out, .params = &params, .open = &as_emg,
                             .pool = pool};
}

static void analyse(const myo_analyse_job *job)
{
    myo_diag d = {0};
    const myo_err err = myo_analyse(job, &d);
    ck_assert_msg(err == MYO_OK, "%s", d.message);
    myo_diag_clear(&d);
}

static const char *fingerprint(const myo_analyse_job *job)
{
    static char hex[16][65];
    static int at;
    myo_diag d = {0};
    at = (at + 1) % 16;
    const myo_err err = myo_fingerprint(job, hex[at], &d);
    ck_assert_msg(err == MYO_OK, "%s", d.message);
    myo_diag_clear(&d);
    return hex[at];
}

static json_t *mark(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s_run.json", stem);
    json_t *root = json_load_file(path, 0, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

START_TEST(a_result_knows_its_fingerprint)
{
    const myo_analyse_job job = usual();
    const char *hex = fingerprint(&job);
    ck_assert(!myo_result_current(stem, hex));
    analyse(&job);
    ck_assert(myo_result_current(stem, hex));
    json_t *root = mark();
    ck_assert_str_eq(json_string_value(json_object_get(root, "fingerprint")), hex);
    json_decref(root);
    ck_assert(!myo_result_current(stem, ""));
    ck_assert(!myo_result_current("/nowhere/at/all", hex));
}
END_TEST

static const char *const table_name[] = {
#define T(id, table) #table,
    MYO_LINK_TABLES
#undef T
};

START_TEST(the_mark_names_the_hash_of_every_table)
{
    myo_analyse_job job = usual();
    job.explain = true;
    analyse(&job);
    json_t *root = mark();
    const json_t *outputs = json_object_get(root, "outputs");
    ck_assert_uint_eq(json_object_size(outputs), MYO_N_TABLES);
    for (size_t i = 0; i < MYO_N_TABLES; i++) {
        char path[600], hex[65];
        snprintf(path, sizeof path, "%s_%s.tsv", stem, table_name[i]);
        ck_assert_int_eq(myo_file_sha256(path, hex, NULL), MYO_OK);
        ck_assert_str_eq(json_string_value(json_object_get(outputs, table_name[i])), hex);
    }
    json_decref(root);
}
END_TEST

START_TEST(a_changed_or_missing_table_is_not_current)
{
    myo_analyse_job job = usual();
    job.explain = true;
    const char *hex = fingerprint(&job);
    for (int way = 0; way < 2; way++) {
        for (size_t i = 0; i < MYO_N_TABLES; i++) {
            char path[600];
            analyse(&job);
            ck_assert(myo_result_current(stem, hex));
            snprintf(path, sizeof path, "%s_%s.tsv", stem, table_name[i]);
            if (way == 0) {
                ck_assert_int_eq(unlink(path), 0);
            } else {
                FILE *f = fopen(path, "r+");
                ck_assert_ptr_nonnull(f);
                ck_assert_int_eq(fputc('X', f), 'X');
                ck_assert_int_eq(fclose(f), 0);
            }
            ck_assert_msg(!myo_result_current(stem, hex), "%s", table_name[i]);
        }
    }
}
END_TEST

/* With and without the evidence are two results: each is current for its own fingerprint alone, and the table goes when
 * nobody asks for it any more. */
START_TEST(an_optional_table_is_there_for_those_who_ask)
{
    const myo_analyse_job plain = usual();
    myo_analyse_job explained = usual();
    char path[600];
    explained.explain = true;
    const char *without = fingerprint(&plain), *with = fingerprint(&explained);
    ck_assert_str_ne(without, with);
    snprintf(path, sizeof path, "%s_explain.tsv", stem);
    analyse(&plain);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(myo_result_current(stem, without) && !myo_result_current(stem, with));
    analyse(&explained);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert(myo_result_current(stem, with) && !myo_result_current(stem, without));
    analyse(&plain);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(myo_result_current(stem, without));
}
END_TEST

START_TEST(a_broken_mark_is_not_current)
{
    const myo_analyse_job job = usual();
    const char *hex = fingerprint(&job);
    char text[200];
    analyse(&job);
    save_text("{", "out/rec_run.json");
    ck_assert(!myo_result_current(stem, hex));
    save_text("[1]", "out/rec_run.json");
    ck_assert(!myo_result_current(stem, hex));
    snprintf(text, sizeof text, "{\"fingerprint\": \"%s\", \"outputs\": {\"events\": 7}}", hex);
    save_text(text, "out/rec_run.json");
    ck_assert(!myo_result_current(stem, hex));
    snprintf(text, sizeof text, "{\"fingerprint\": \"%s\"}", hex);
    save_text(text, "out/rec_run.json");
    ck_assert(!myo_result_current(stem, hex));
}
END_TEST

START_TEST(everything_a_result_follows_from_counts)
{
    const myo_analyse_job job = usual();
    const char *first = fingerprint(&job);
    const struct { const char *what; myo_analyse_job job; } other[] = {
        {"start", (myo_analyse_job){.start_s = 1.0}}, {"end", (myo_analyse_job){.end_s = 5.0}},
        {"rest", (myo_analyse_job){.rest_start_s = 0.0, .rest_end_s = 2.0}}, {"preset", (myo_analyse_job){.preset = "emg"}},
    };
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        myo_analyse_job j = other[i].job;
        j.input = job.input;
        j.params = job.params;
        j.open = job.open;
        ck_assert_msg(strcmp(fingerprint(&j), first) != 0, "%s", other[i].what);
    }
    myo_analyse_job j = job;
    const myo_open_opts scaled = {.fs = 1000.0, .channels = "1=EMG:uV", .scale = 2.0};
    j.open = &scaled;
    ck_assert_str_ne(fingerprint(&j), first);
    params.group_gap_s += 0.5;
    ck_assert_str_ne(fingerprint(&job), first);
    myo_params_defaults(&params);
    write_recording("rec.txt", 1);
    ck_assert_str_ne(fingerprint(&job), first);
    write_recording("rec.txt", 0);
    ck_assert_str_eq(fingerprint(&job), first);
}
END_TEST

START_TEST(what_cannot_change_a_result_does_not_count)
{
    const myo_analyse_job job = usual();
    const char *first = fingerprint(&job);
    params.run_chunk_s = 0.25;
    ck_assert_str_eq(fingerprint(&job), first);
    myo_analyse_job j = job;
    j.stem_path = "elsewhere/other";
    j.dir = "elsewhere";
    j.pool = NULL;
    j.start_s = j.end_s = j.rest_start_s = j.rest_end_s = NAN;
    ck_assert_str_eq(fingerprint(&j), first);
}
END_TEST

START_TEST(sidecars_are_told_and_count)
{
    const myo_analyse_job job = usual();
    char hex[65];
    const char *without = fingerprint(&job);
    save_text("{\"Scale\": 2}", "rec.json");
    const char *with = fingerprint(&job);
    ck_assert_str_ne(with, without);
    analyse(&job);
    ck_assert(myo_result_current(stem, with));
    json_t *root = mark();
    const json_t *list = json_object_get(root, "sidecars"), *one = json_array_get(list, 0);
    ck_assert_uint_eq(json_array_size(list), 1);
    ck_assert_str_eq(json_string_value(json_object_get(one, "file")), "rec.json");
    ck_assert_int_eq(myo_file_sha256(in_folder("rec.json"), hex, NULL), MYO_OK);
    ck_assert_str_eq(json_string_value(json_object_get(one, "sha256")), hex);
    json_decref(root);
    save_text("{\"Scale\":  2}", "rec.json");
    ck_assert_str_ne(fingerprint(&job), with);
    ck_assert_int_eq(unlink(in_folder("rec.json")), 0);
    ck_assert_str_eq(fingerprint(&job), without);
}
END_TEST

START_TEST(a_missing_input_has_no_fingerprint)
{
    myo_analyse_job job = usual();
    myo_diag d = {0};
    char hex[65] = "as before";
    job.input = "/nowhere/at/all.edf";
    ck_assert_int_eq(myo_fingerprint(&job, hex, &d), MYO_ERR_INPUT);
    ck_assert_str_eq(hex, "as before");
    myo_diag_clear(&d);
}
END_TEST

/* A table's name is taken by a folder only after its temporary file was opened: nothing of the run may stay. */
START_TEST(files_come_together_or_not_at_all)
{
    char a[600], b[600], c[600];
    myo_outfile file[3];
    snprintf(a, sizeof a, "%s/out/a", folder);
    snprintf(b, sizeof b, "%s/out/b", folder);
    snprintf(c, sizeof c, "%s/out/mark", folder);
    save_text("old", "out/mark");
    const char *const path[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(myo_outfile_open(&file[i], path[i], NULL), MYO_OK);
        ck_assert_int_ge(fputs("text", file[i].f), 0);
    }
    ck_assert_int_eq(mkdir(b, 0777), 0);
    ck_assert_int_eq(myo_outfile_commit_all(file, 3, NULL), MYO_ERR_OUTPUT);
    ck_assert_int_ne(access(a, F_OK), 0);
    ck_assert_int_eq(access(c, F_OK), 0); /* nothing was replaced: the old mark is still of what is there */
    ck_assert_int_eq(unlink(c), 0);
    ck_assert_int_eq(rmdir(b), 0);
    char out[600];
    snprintf(out, sizeof out, "%s/out", folder);
    ck_assert_int_eq(rmdir(out), 0); /* no temporary file either */
}
END_TEST

START_TEST(the_hash_is_of_what_was_written)
{
    myo_outfile file;
    char hex[65], again[65];
    ck_assert_int_eq(myo_outfile_open(&file, in_folder("out/a"), NULL), MYO_OK);
    ck_assert_int_ge(fputs("abc", file.f), 0);
    ck_assert_int_eq(myo_outfile_sha256(&file, hex, NULL), MYO_OK);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2, B.1 */
    ck_assert_int_ge(fputs("abc", file.f), 0);
    ck_assert_int_eq(myo_outfile_sha256(&file, hex, NULL), MYO_OK);
    ck_assert_int_eq(myo_outfile_commit(&file, NULL), MYO_OK);
    ck_assert_int_eq(myo_file_sha256(in_folder("out/a"), again, NULL), MYO_OK);
    ck_assert_str_eq(hex, again);
    ck_assert_int_eq(myo_file_sha256(in_folder("out"), again, NULL), MYO_ERR_INPUT);
    ck_assert_int_eq(myo_file_sha256(in_folder("none"), again, NULL), MYO_ERR_INPUT);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("result");
    TCase *t = tcase_create("mark");
    tcase_add_checked_fixture(t, fresh, done);
    tcase_add_test(t, a_result_knows_its_fingerprint);
    tcase_add_test(t, the_mark_names_the_hash_of_every_table);
    tcase_add_test(t, a_changed_or_missing_table_is_not_current);
    tcase_add_test(t, an_optional_table_is_there_for_those_who_ask);
    tcase_add_test(t, a_broken_mark_is_not_current);
    tcase_add_test(t, everything_a_result_follows_from_counts);
    tcase_add_test(t, what_cannot_change_a_result_does_not_count);
    tcase_add_test(t, sidecars_are_told_and_count);
    tcase_add_test(t, a_missing_input_has_no_fingerprint);
    tcase_add_test(t, files_come_together_or_not_at_all);
    tcase_add_test(t, the_hash_is_of_what_was_written);
    suite_add_tcase(s, t);
    return run_tests(s);
}
