/* test_report.c - the page: whole, well-formed, the same every time, safe whatever the tables hold, and plain about what
 * was not seen, not shown and not known. */
#include <math.h>
#include <sys/stat.h>
#include <time.h>
#include "report_kit.h"
#include "xml_check.h"

static int few(int i) {
    return 4 + i;
}
static int half(int i) {
    return (4 + i) / 2;
}
static int none(int i) {
    (void)i;
    return 0;
}

static void setup(void) {
    kit_make_dir();
}
static void teardown(void) {
    kit_remove_dir();
}

static void check_has(const char *what) {
    ck_assert_msg(strstr(kit_html.s, what) != NULL, "the page lacks \"%s\"", what);
}
static void check_lacks(const char *what) {
    ck_assert_msg(strstr(kit_html.s, what) == NULL, "the page has \"%s\"", what);
}

static void check_order(const char *first, const char *second) {
    const char *a = strstr(kit_html.s, first), *b = strstr(kit_html.s, second);
    ck_assert_msg(a != NULL && b != NULL && a < b, "\"%s\" is not before \"%s\"", first, second);
}

static int count(const char *what) {
    int n = 0;
    for (const char *s = kit_html.s; (s = strstr(s, what)) != NULL; s++) {
        n++;
    }
    return n;
}

/* ---- a study ---- */

START_TEST(study_page_has_every_section) {
    static const char *const sections[] = {"result", "people", "rates", "comparisons", "quality",
                                           "recordings", "method", "parameters", "provenance"};
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A sentence about jerks.");
    kit_report();
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        char id[64], link[64];
        snprintf(id, sizeof id, "<section id=\"%s\">", sections[i]);
        snprintf(link, sizeof link, "href=\"#%s\"", sections[i]);
        check_has(id);
        check_has(link);
    }
    check_has("A sentence about jerks.");
    check_has("nothing on this page is a diagnosis");
}
END_TEST

START_TEST(study_page_is_well_formed_and_asks_for_nothing) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A sentence.");
    const char *wrong = xml_check(kit_report());
    ck_assert_msg(wrong == NULL, "%s", wrong);
    check_lacks("<script");
    check_lacks("http:");
    check_lacks("https:");
    check_lacks("url(");
    check_lacks("@import");
    check_lacks(" src=");
    check_lacks(" style=");
    check_lacks("<link");
    ck_assert_int_eq(count(" href=\""), count(" href=\"#")); /* nothing but anchors of the page */
}
END_TEST

START_TEST(policy_forbids_everything_but_the_style) {
    kit_put_study(2, "P", few, half);
    kit_report();
    check_has("content=\"default-src 'none'; style-src 'sha256-");
    check_has("base-uri 'none'; form-action 'none'\"");
    check_order("Content-Security-Policy", "<style>");
}
END_TEST

/* The hash in the policy is that of the style as it stands in the page. */
START_TEST(policy_names_the_style) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[65], want[65] = "";
    kit_put_study(2, "P", few, half);
    kit_report();
    const char *style = strstr(kit_html.s, "<style>") + 7, *end = strstr(style, "</style>");
    myo_sha *sha = myo_sha_new();
    myo_sha_add(sha, style, (size_t)(end - style));
    myo_sha_hex(sha, hex);
    myo_sha_free(sha);
    const char *b64 = strstr(kit_html.s, "sha256-") + 7;
    unsigned bits = 0;
    int n = 0, at = 0;
    for (int i = 0; i < 43; i++) {
        bits = bits << 6 | (unsigned)(strchr(digits, b64[i]) - digits);
        for (n += 6; n >= 4 && at < 64; n -= 4) {
            snprintf(want + at, 2, "%x", bits >> (n - 4) & 15);
            at++;
        }
    }
    ck_assert_str_eq(hex, want);
    ck_assert_int_eq(b64[43], '=');
}
END_TEST

START_TEST(same_tables_give_the_same_bytes) {
    kit_put_study(5, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A sentence.");
    kit_report();
    myo_buf first = kit_html;
    kit_html = (myo_buf){0};
    kit_report();
    ck_assert_uint_eq(first.n, kit_html.n);
    ck_assert_int_eq(memcmp(first.s, kit_html.s, first.n), 0);
    check_lacks(kit_dir);
    myo_buf_clear(&first);
}
END_TEST

START_TEST(hostile_names_stay_text) {
    kit_put_study(3, "<script>alert('x')</script>&\"\xD7\x90", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "</p><script>alert(1)</script> & more");
    kit_put_run("rec-001_pre", "<img src=x onerror=y>.edf", "", "\"<b>warning</b> \\u001b[31m \\u202e\"");
    kit_put_channels("rec-001_pre", "<svg/onload=z>");
    kit_put_events("rec-001_pre", "<svg/onload=z>", 3);
    kit_report();
    const char *wrong = xml_check(kit_html.s);
    ck_assert_msg(wrong == NULL, "%s", wrong);
    check_lacks("<script");
    check_lacks("<img");
    check_lacks("<b>");
    check_lacks("<svg/");
    check_lacks("\x1B");
    check_lacks("\xE2\x80\xAE");
    check_has("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\xD7\x90" "1");
    check_has("\\x1B[31m");
}
END_TEST

START_TEST(interval_that_includes_no_change_says_so) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.9", "0.6", "1.4", "No change is shown.");
    kit_report();
    check_has("interval holds &quot;no change&quot;");
    check_lacks("interval leaves out &quot;no change&quot;");
    check_has("No change is shown.");
}
END_TEST

START_TEST(interval_that_excludes_no_change_says_so) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "Fewer.");
    kit_report();
    check_has("interval leaves out &quot;no change&quot;");
    check_lacks("interval holds &quot;no change&quot;");
}
END_TEST

START_TEST(missing_interval_makes_no_statement) {
    kit_put_study(1, "P", few, half);
    kit_put_primary("n/a", "n/a", "n/a", "n/a");
    kit_report();
    check_has("not tested: there is no interval");
    check_has("no estimate");
}
END_TEST

START_TEST(half_open_intervals_are_read_rightly) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("2", "1.2", "n/a", "More.");
    kit_report();
    check_has("interval leaves out &quot;no change&quot;");
    kit_put_primary("0", "0", "0.7", "Fewer.");
    kit_report();
    check_has("interval leaves out &quot;no change&quot;");
    kit_put_primary("2", "0.2", "n/a", "Who knows.");
    kit_report();
    check_has("interval holds &quot;no change&quot;");
}
END_TEST

START_TEST(no_event_is_a_result) {
    kit_put_study(3, "P", none, none);
    kit_report();
    check_has("No event of any type was found in any recording");
    check_has("jerk: 0 events");
    check_has("never seen");
    ck_assert_ptr_null(xml_check(kit_html.s));
}
END_TEST

START_TEST(study_without_comparison_says_so) {
    kit_put_study(3, "P", few, half);
    kit_report();
    check_has("Conditions have not been compared in this folder");
    check_has("2 people lower in post"); /* the first two conditions of the table */
}
END_TEST

START_TEST(comparison_without_primary_claims_nothing) {
    myo_buf b = {0};
    kit_put_study(3, "P", few, half);
    kit_cmp(&b, "paired", "jerk", "exploratory", "0.5", "0.3", "0.8", "n/a");
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
    kit_report();
    check_has("names no primary outcome");
    check_has("Exploratory: no claim follows from these");
}
END_TEST

START_TEST(roles_are_told_apart) {
    static const char *const roles[] = {"exploratory", "confirmatory", "supporting", "primary"};
    myo_buf b = {0};
    kit_put_study(3, "P", few, half);
    for (int i = 0; i < 4; i++) {
        kit_cmp(&b, "paired", i == 1 ? "tremor" : "jerk", roles[i], "0.5", "0.3", "0.8", "n/a");
    }
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
    kit_report();
    check_has("1 primary, 1 supporting, 1 confirmatory and 1 exploratory rows");
    ck_assert_int_eq(count("<tr class=\"expl\">"), 1);
    check_order(">Primary outcome</th>", ">Confirmatory family</th>");
    check_order(">Confirmatory family</th>", ">Exploratory: no claim");
}
END_TEST

START_TEST(people_are_counted_by_direction) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "n/a");
    kit_report();
    ck_assert_int_eq(count("3 people lower in post"), 2); /* a figure for each group */
    check_has("0 people the same in post");
    check_has("0 people higher in post");
    check_has(">placebo</text>");
    check_has(">drug</text>");
    ck_assert_ptr_null(xml_check(kit_html.s));
}
END_TEST

START_TEST(arms_are_drawn_for_a_parallel_design) {
    myo_buf b = {0};
    kit_put_study(8, "P", few, few);
    kit_cmp(&b, "parallel", "jerk", "primary", "0.5", "0.3", "0.8", "n/a");
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
    kit_report();
    check_has("placebo (n = 4)");
    check_has("drug (n = 4)");
    check_lacks("people lower in");
}
END_TEST

START_TEST(extreme_numbers_are_drawn) {
    static const char *const cases[][3] = {{"1e300", "1e-300", "1e308"}, {"1e-300", "0", "1e-299"}, {"0", "0", "0"},
                                           {"1", "1", "1"},              {"-5", "-1e308", "1e308"}, {"n/a", "0.1", "n/a"}};
    kit_put_study(3, "P", few, half);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kit_put_primary(cases[i][0], cases[i][1], cases[i][2], "n/a");
        kit_report();
        const char *wrong = xml_check(kit_html.s);
        ck_assert_msg(wrong == NULL, "%zu: %s", i, wrong);
        check_lacks(">nan");
        check_lacks("\"nan");
        check_lacks(">inf");
        check_lacks("\"inf");
    }
}
END_TEST

START_TEST(names_in_one_person_study) {
    kit_put_study(1, "Only", few, half);
    kit_put_primary("0.5", "0.1", "2", "n/a");
    kit_report();
    check_has("1 person lower in post");
    check_lacks("median: ");
}
END_TEST

/* ---- quality ---- */

static void put_failed_study(void) {
    kit_put_study(1, "P", few, half);
    kit_put("recordings.tsv",
            "path\tparticipant_id\tsession_id\tcondition\tgroup\tstem\tstatus\treason\n"
            "r0.edf\tP1\tpre\tpre\tn/a\trec-001_pre\tdone\tn/a\n"
            "r1.edf\tP1\tpost\tpost\tn/a\trec-001_post\tdone\tn/a\n"
            "r2.edf\tP2\tpre\tpre\tn/a\tx\tfailed\trecord 3: cut <short> & more\n"
            "r3.edf\tP2\tpost\tpost\tn/a\ty\tleft\tn/a\n");
}

START_TEST(failures_have_their_reasons) {
    put_failed_study();
    kit_report();
    check_has("4 recordings: 2 complete");
    check_has("1 failed");
    check_has("1 not analysed yet");
    check_has("record 3: cut &lt;short&gt; &amp; more");
    check_has("is in no number on this page");
}
END_TEST

START_TEST(missing_tables_are_told) {
    char path[256];
    kit_put_study(2, "P", few, half);
    kit_path(path, "rec-002_post_channels.tsv");
    ck_assert_int_eq(unlink(path), 0);
    kit_path(path, "rec-001_pre_run.json");
    ck_assert_int_eq(unlink(path), 0);
    kit_path(path, "rec-001_post_events.tsv");
    ck_assert_int_eq(unlink(path), 0);
    kit_report();
    check_has("not found: rec-002_post_channels.tsv");
    check_has("not found: rec-001_pre_run.json");
    check_has("tables of channels, events or bursts are not here");
}
END_TEST

START_TEST(warnings_and_flags_are_shown) {
    kit_put_study(1, "P", few, half);
    kit_put_run("rec-001_pre", "r.edf", "", "\"channel EMG1: clipped for 3 s\", \"second warning\"");
    kit_report();
    check_has("2 warnings");
    check_has("channel EMG1: clipped for 3 s");
    check_has("clipped; masked");
}
END_TEST

START_TEST(changed_parameters_come_first) {
    kit_put_study(2, "P", few, half);
    kit_put_run("rec-001_pre", "r.edf", "\"emg.band_lo\": 35.0, \"emg.band_hi\": 450.0", "");
    kit_put_run("rec-001_post", "r.edf", "\"emg.band_lo\": 20.0, \"emg.band_hi\": 450.0", "");
    kit_report();
    check_has("Changed from the default");
    check_has("<bdi>35</bdi> <span class=\"na\">(1 recording)</span>, <bdi>20</bdi>");
    check_order(">emg.band_lo<", ">emg.band_hi<");
    check_order(">emg.band_lo<", "Parameters at their defaults");
}
END_TEST

START_TEST(provenance_names_inputs_by_content) {
    kit_put_study(1, "P", few, half);
    kit_report();
    check_has(KIT_HASH);
    check_has("gcc");
    check_has(">GSL<");
}
END_TEST

/* ---- large studies ---- */

START_TEST(large_studies_give_a_page_of_sensible_size) {
    kit_put_study(250, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "n/a");
    kit_report();
    ck_assert_uint_lt(kit_html.n, 2u << 20);
    check_has("Shown are 12 of 500 recordings");
    check_has("Shown are the first 160 of 500 recordings");
    ck_assert_ptr_null(xml_check(kit_html.s));
}
END_TEST

START_TEST(long_comparisons_are_cut_and_told) {
    myo_buf b = {0};
    kit_put_study(2, "P", few, half);
    kit_cmp(&b, "paired", "jerk", "primary", "0.5", "0.3", "0.8", "n/a");
    for (int i = 0; i < 3000; i++) {
        kit_cmp(&b, "paired", "tremor", "exploratory", "0.5", "0.3", "0.8", "n/a");
    }
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
    kit_report();
    check_has("Shown are the first 600 of 3001 rows");
    check_has("more rows are in the table of all comparisons only");
    ck_assert_uint_lt(kit_html.n, 1u << 20);
}
END_TEST

/* ---- a folder that detect made ---- */

START_TEST(folder_of_recordings_has_a_page) {
    kit_put_recording("b", "b.edf", 7);
    kit_put_recording("a", "a.edf", 0);
    kit_report();
    check_has("Report of recordings");
    check_has("A recording that failed leaves no table and is not on this page.");
    check_lacks("None failed");
    check_has("a.edf: no event in 60 min");
    check_has("b.edf: 7 jerk in 60 min");
    check_order("a.edf: no", "b.edf: 7");
    check_has("no event of any class in any channel");
    check_lacks("id=\"result\"");
    check_lacks("id=\"people\"");
    ck_assert_ptr_null(xml_check(kit_html.s));
}
END_TEST

START_TEST(many_recordings_are_chosen_evenly) {
    for (int i = 0; i < 40; i++) {
        char stem[16];
        snprintf(stem, sizeof stem, "r%02d", i);
        kit_put_recording(stem, stem, i);
    }
    kit_report();
    check_has("Shown are 12 of 40 recordings");
    check_has("r00: no event");
    check_has("r39: 39 jerk");
    ck_assert_int_eq(count("<details>\n<summary><bdi>r"), 12);
}
END_TEST

/* ---- what is wrong is told in one line, and no page is left ---- */

static void check_refused(const char *file, const char *what) {
    const myo_err e = kit_report_to(kit_page, NULL);
    ck_assert_msg(e == MYO_ERR_DAMAGED || e == MYO_ERR_PARAM, "%s: %d %s", file, e, kit_said);
    ck_assert_msg(strstr(kit_said, file) != NULL, "\"%s\" does not name %s", kit_said, file);
    ck_assert_msg(strstr(kit_said, what) != NULL, "\"%s\" does not say %s", kit_said, what);
    ck_assert_int_ne(access(kit_page, F_OK), 0);
}

START_TEST(damaged_comparison_is_refused) {
    kit_put_study(2, "P", few, half);
    kit_put("comparison.tsv", KIT_CMP_HEAD "paired\tjerk\n");
    check_refused("comparison.tsv", "ragged");
    kit_put_primary("abc", "0.3", "0.8", "n/a");
    check_refused("comparison.tsv", "effect");
    kit_put("comparison.tsv", "design\ttrial_type\npaired\tjerk\n");
    check_refused("comparison.tsv", "no column");
    kit_put("comparison.tsv", "%s", "");
    check_refused("comparison.tsv", "empty");
}
END_TEST

START_TEST(damaged_summary_is_refused) {
    kit_put_study(1, "P", few, half);
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD
                           "P1\tpre\tpre\tn/a\trec-001_pre\tall\tsneeze\t1\t1\t1\t1\t1\t1\t1\t1\t1\tuV\t1\t0\n");
    check_refused("summary.tsv", "sneeze");
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD
                           "P1\tpre\tpre\tn/a\tnobody\tall\tjerk\t1\t1\t1\t1\t1\t1\t1\t1\t1\tuV\t1\t0\n");
    check_refused("summary.tsv", "nobody");
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD
                           "P1\tpre\tpre\tn/a\trec-001_pre\tall\tjerk\t-1\t1\t1\t1\t1\t1\t1\t1\t1\tuV\t1\t0\n");
    check_refused("summary.tsv", "allowed a whole number >= 0");
}
END_TEST

/* The page is made, says which file and why, and the exit status is 1. */
static void check_tolerated(const char *file, const char *what) {
    const myo_err e = kit_report_to(kit_page, NULL);
    ck_assert_msg(e == MYO_ERR_DAMAGED, "%s: %d %s", file, e, kit_said);
    ck_assert_int_eq(myo_err_exit(e), 1);
    ck_assert_ptr_nonnull(strstr(kit_said, "page written, but 1 of "));
    ck_assert_msg(strstr(kit_warned, file) && strstr(kit_warned, what), "\"%s\" lacks %s or %s", kit_warned, file,
                  what);
    myo_buf_clear(&kit_html);
    ck_assert_int_eq(myo_slurp(kit_page, (size_t)64 << 20, &kit_html, NULL), MYO_OK);
    ck_assert_ptr_null(xml_check(kit_html.s));
    char reason[200];
    snprintf(reason, sizeof reason, "not readable: %s: ", file);
    check_has(reason);
    check_lacks(kit_dir);
}

START_TEST(damaged_events_cost_one_recording) {
    kit_put_recording("a", "a.edf", 3);
    kit_put_recording("b", "b.edf", 5);
    kit_put("a_events.tsv", "onset\tduration\ttrial_type\tchannel\tevent_id\tconfidence\n1\t-2\tjerk\tEMG1\t1\t1\n");
    check_tolerated("a_events.tsv", "duration");
    check_has("b.edf: 5 jerk in 60 min");
    kit_put("a_events.tsv", "onset\tduration\ttrial_type\tchannel\tevent_id\tconfidence\n1\t2\tjerk\tEMG9\t1\t1\n");
    check_tolerated("a_events.tsv", "EMG9");
    kit_put("a_events.tsv", "onset\tduration\ttrial_type\tchannel\tevent_id\tconfidence\n1\t2\tlaugh\tEMG1\t1\t1\n");
    check_tolerated("a_events.tsv", "laugh");
}
END_TEST

START_TEST(damaged_bursts_and_channels_cost_one_recording) {
    kit_put_recording("a", "a.edf", 3);
    kit_put_recording("b", "b.edf", 5);
    kit_put("a_bursts.tsv", "onset\tduration\tchannel\nx\t1\tEMG1\n");
    check_tolerated("a_bursts.tsv", "onset");
    kit_put("a_channels.tsv", "channel\tkind\n");
    check_tolerated("a_channels.tsv", "no column");
    kit_put_recording("a", "a.edf", 3);
    kit_put("a_summary.tsv", "channel\ttrial_type\n");
    check_tolerated("a_summary.tsv", "no column");
    check_has("b.edf: 5 jerk in 60 min");
}
END_TEST

START_TEST(damaged_provenance_costs_one_recording) {
    kit_put_recording("a", "a.edf", 3);
    kit_put_recording("b", "b.edf", 5);
    kit_put("a_run.json", "{\"program\": \"myotab\",");
    check_tolerated("a_run.json", "line 1");
    kit_put("a_run.json", "[]");
    check_tolerated("a_run.json", "program");
    kit_put("a_run.json", "{\"program\": \"other\"}");
    check_tolerated("a_run.json", "program");
    kit_put_run("a", "a.edf", "\"emg.band_lo\": \"wide\"", "");
    check_tolerated("a_run.json", "emg.band_lo");
    kit_put_run("a", "a.edf", "\"emg.band_lo\": 1e99", "");
    check_tolerated("a_run.json", "emg.band_lo");
    check_lacks("1e+99 <"); /* and is nobody's setting */
    kit_put("a_run.json", "{\"program\": \"myotab\", \"program\": \"myotab\"}");
    check_tolerated("a_run.json", "duplicate");
}
END_TEST

START_TEST(damage_in_a_study_costs_one_recording) {
    kit_put_study(3, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A sentence.");
    kit_put("rec-002_pre_run.json", "{");
    check_tolerated("rec-002_pre_run.json", "line 1");
    check_has("A sentence.");
    check_has(">not readable<");
}
END_TEST

/* ---- numbers of the summary ---- */

START_TEST(senseless_numbers_of_a_summary_are_refused) {
    static const char *const rows[][2] = {{"1.5\t1\t1", "n"}, {"2000000000\t1\t1", "n"}, {"1\t1e300\t1", "exposure_s"},
                                          {"1\t-1\t1", "exposure_s"}};
    kit_put_study(1, "P", few, half);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD
                "P1\tpre\tpre\tn/a\trec-001_pre\tall\tjerk\t%s\t1\t1\t1\t1\t1\t1\tuV\t1\t0\n", rows[i][0]);
        check_refused("summary.tsv", rows[i][1]);
        check_refused(kit_dir, "allowed a ");
    }
}
END_TEST

/* ---- a comparison of other results ---- */

static void put_origin(bool with_summary) {
    char rec[65], sum[65], path[256];
    kit_path(path, "recordings.tsv");
    ck_assert_int_eq(myo_file_sha256(path, rec, NULL), MYO_OK);
    kit_path(path, "summary.tsv");
    ck_assert_int_eq(myo_file_sha256(path, sum, NULL), MYO_OK);
    kit_put("comparison_run.json", "{\"program\": \"myotab\", \"inputs\": [{\"recordings.tsv\": \"%s\"%s%s%s}]}\n", rec,
            with_summary ? ", \"summary.tsv\": \"" : "", with_summary ? sum : "", with_summary ? "\"" : "");
}

static void check_stale(void) {
    kit_report();
    check_has("comparison.tsv was made from other results: run compare again");
    ck_assert_ptr_nonnull(strstr(kit_warned, "comparison.tsv was made from other results: run compare again"));
    check_lacks("An old headline");
    check_lacks("id=\"comparisons\"");
    check_lacks("Effects with their intervals");
}

START_TEST(comparison_of_these_results_is_shown) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A headline.");
    put_origin(true);
    kit_report();
    check_has("A headline.");
    check_lacks("origin of comparison.tsv is unknown");
    ck_assert_str_eq(kit_warned, "");
}
END_TEST

START_TEST(comparison_of_other_results_is_not_shown) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "An old headline.");
    put_origin(true);
    kit_put_study(6, "P", few, few);
    check_stale();
    kit_put_study(6, "P", few, half);
    put_origin(false);
    check_stale();
    kit_put("comparison_run.json", "{");
    check_stale();
    kit_put("comparison_run.json", "{\"inputs\": []}");
    check_stale();
}
END_TEST

START_TEST(comparison_of_unknown_origin_says_so) {
    kit_put_study(6, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A headline.");
    kit_report();
    check_has("A headline.");
    check_has("The origin of comparison.tsv is unknown");
}
END_TEST

START_TEST(folder_of_recordings_has_no_comparison) {
    kit_put_recording("a", "a.edf", 3);
    kit_put("comparison.tsv", "%s", "nothing of the kind\n");
    kit_report();
    check_lacks("id=\"comparisons\"");
}
END_TEST

/* ---- the figure of effects ---- */

/* Rows of three contrasts; what supports tremor stands under tremor, not under the primary outcome. */
START_TEST(supporting_rows_stand_under_their_own_outcome) {
    myo_buf b = {0};
    kit_put_study(3, "P", few, half);
    kit_cmp(&b, "paired", "jerk", "primary", "0.5", "0.3", "0.8", "n/a");
    kit_cmp(&b, "paired", "jerk", "supporting", "0.5", "0.3", "0.8", "n/a");
    kit_cmp(&b, "paired", "tremor", "confirmatory", "0.5", "0.3", "0.8", "n/a");
    kit_cmp(&b, "paired", "tremor", "supporting", "0.5", "0.3", "0.8", "n/a");
    kit_cmp(&b, "paired", "cramp", "supporting", "0.5", "0.3", "0.8", "n/a");
    kit_put("comparison.tsv", KIT_CMP_HEAD "%s", b.s);
    myo_buf_clear(&b);
    kit_report();
    ck_assert_int_eq(count(">Wilcoxon</text>"), 2);
    check_order(">Same outcome, other method</text>", ">Other outcomes, confirmatory</text>");
    check_order(">Other outcomes, confirmatory</text>", ">tremor \xC2\xB7 rate</text>");
    const char *heading = strstr(kit_html.s, ">Other outcomes, confirmatory</text>");
    ck_assert_ptr_nonnull(strstr(heading, ">Wilcoxon</text>"));
    check_lacks("cramp \xC2\xB7 rate");
    check_has("less in post");
}
END_TEST

START_TEST(rows_of_several_contrasts_name_theirs) {
    kit_put_study(3, "P", few, half);
    kit_put("comparison.tsv", KIT_CMP_HEAD
            "paired\tjerk\tall\trate_per_h\t1\t2\t6\t6\t60\t30\t6\t6\t1680\t111000\t0.5\trate_ratio\t0.3\t0.8\t0.95\t"
            "0.03\tn/a\tnone\tWilcoxon\t1\t1000\tn/a\tn/a\tprimary\texcluded\tn/a\tn/a\n"
            "paired\tjerk\tall\trate_per_h\t1\t3\t6\t6\t60\t30\t6\t6\t1680\t5\t0.5\trate_ratio\t0.3\t0.8\t0.95\t"
            "0.03\tn/a\tnone\tWilcoxon\t1\t1000\tn/a\tn/a\tconfirmatory\texcluded\tn/a\tn/a\n"
            "paired\tjerk\tall\tinterval_s\t1\t3\t6\t6\t60\t30\t6\t6\t10\t5\t0.5\tlargest_distance\t0.3\t0.8\t0.95\t"
            "0.03\tn/a\tnone\tKolmogorov-Smirnov\t1\t1000\tn/a\tn/a\tconfirmatory\texcluded\tn/a\tn/a\n");
    kit_report();
    check_has(">2 vs 1: jerk \xC2\xB7 rate</text>");
    check_has(">3 vs 1: jerk \xC2\xB7 rate</text>");
    check_lacks("less in 2");
    check_has("less than in the reference");
    check_lacks("largest distance of distributions; dashed"); /* in the table only */
    check_has("<strong>1680</strong>");
    check_has("<strong>111000</strong>");
    check_lacks("e+0");
}
END_TEST

START_TEST(every_condition_has_its_column) {
    myo_buf rows = {0}, sums = {0};
    for (int i = 0; i < 3; i++) {
        for (int s = 1; s <= 3; s++) {
            char before[80];
            myo_buf_printf(&rows, "r.edf\tP%d\t%d\tweek%d\tr%d_%d\tdone\tn/a\n", i, s, s, i, s);
            snprintf(before, sizeof before, "P%d\t%d\tweek%d\tr%d_%d\t", i, s, s, i, s);
            kit_sum(&sums, before, "EMG1", 9 - 2 * s);
        }
    }
    kit_put("recordings.tsv", "path\tparticipant_id\tsession_id\tcondition\tstem\tstatus\treason\n%s", rows.s);
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tstem\t" KIT_SUM_HEAD "%s", sums.s);
    myo_buf_clear(&rows);
    myo_buf_clear(&sums);
    kit_report();
    for (int s = 1; s <= 3; s++) {
        char label[32];
        snprintf(label, sizeof label, ">week%d</text>", s);
        check_has(label);
    }
    check_has("3 people lower in week3 than in week1");
    check_has("<title>P0: 7.2, then 5.143, then 3.086</title>");
    ck_assert_ptr_null(xml_check(kit_html.s));
}
END_TEST

/* ---- unfinished studies ---- */

START_TEST(rows_left_head_the_page) {
    put_failed_study();
    kit_report();
    check_has("unfinished: 1 of 4 recordings left");
    check_order("unfinished: 1 of 4", "<section id=\"result\">");
    ck_assert_ptr_nonnull(strstr(kit_warned, "unfinished: 1 of 4 recordings left"));
}
END_TEST

START_TEST(study_under_way_is_unfinished) {
    kit_put_study(2, "P", few, half);
    kit_report();
    check_lacks("unfinished");
    kit_put(".myotab-study", "%s", "myotab-study 1\n");
    kit_report();
    check_has("unfinished: ");
    ck_assert_ptr_nonnull(strstr(kit_warned, "unfinished: "));
}
END_TEST

/* ---- size, and what a killed report leaves ---- */

/* People in an order that helps no search: 40,000 of them in two conditions. */
START_TEST(large_studies_take_no_quadratic_time) {
    enum { PEOPLE = 40000 };
    myo_buf rows = {0}, sums = {0};
    for (int s = 0; s < 2; s++) {
        for (int i = 0; i < PEOPLE; i++) {
            const char *session = s ? "post" : "pre";
            myo_buf_printf(&rows, "r.edf\tP%d\t%s\t%s\tn/a\tr%d%s\tdone\tn/a\n", i, session, session, i, session);
            myo_buf_printf(&sums, "P%d\t%s\t%s\tn/a\tr%d%s\tall\tjerk\t%d\t3500\t1\t1\t2\tn/a\t1\t5\t3\tuV\tn/a\t0\n",
                           i, session, session, i, session, i % 50);
        }
    }
    kit_put("recordings.tsv", "path\tparticipant_id\tsession_id\tcondition\tgroup\tstem\tstatus\treason\n%s", rows.s);
    kit_put("summary.tsv", "participant_id\tsession_id\tcondition\tgroup\tstem\t" KIT_SUM_HEAD "%s", sums.s);
    myo_buf_clear(&rows);
    myo_buf_clear(&sums);
    const clock_t begin = clock();
    kit_report();
    const double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
    ck_assert_msg(took < 8.0, "%.1f s", took);
    check_has("40000 people");
}
END_TEST

START_TEST(temporary_files_of_a_killed_report_go) {
    char page[256], path[256];
    kit_put_recording("a", "a.edf", 3);
    kit_put(".page.html.123.4.tmp", "%s", "half a page");
    kit_put(".other.html.123.4.tmp", "%s", "not ours");
    kit_path(page, "page.html");
    ck_assert_int_eq(kit_report_to(page, NULL), MYO_OK);
    kit_path(path, ".page.html.123.4.tmp");
    ck_assert_int_ne(access(path, F_OK), 0);
    kit_path(path, ".other.html.123.4.tmp");
    ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(folder_without_results_is_refused) {
    ck_assert_int_eq(kit_report_to(kit_page, NULL), MYO_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(kit_said, "no results here"));
    ck_assert_int_ne(access(kit_page, F_OK), 0);
}
END_TEST

START_TEST(missing_folder_is_refused) {
    const myo_report_job job = {.dir = "/nowhere/at/all", .out = kit_page, .say = kit_say};
    ck_assert_int_eq(myo_report(&job), MYO_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(kit_said, "/nowhere/at/all"));
}
END_TEST

START_TEST(unwritable_page_is_an_error_of_the_surroundings) {
    kit_put_recording("a", "a.edf", 3);
    const myo_err e = kit_report_to("/nowhere/page.html", NULL);
    ck_assert_int_eq(e, MYO_ERR_OUTPUT);
    ck_assert_int_eq(myo_err_exit(e), 3);
    ck_assert_ptr_nonnull(strstr(kit_said, "/nowhere/page.html"));
}
END_TEST

START_TEST(page_in_the_folder_of_results_is_fine) {
    char page[256];
    kit_put_recording("a", "a.edf", 3);
    kit_path(page, "report.html");
    ck_assert_int_eq(kit_report_to(page, NULL), MYO_OK);
    ck_assert_int_eq(kit_report_to(page, NULL), MYO_OK);
    ck_assert_int_eq(access(page, F_OK), 0);
}
END_TEST

static void expect_kept(const char *path) {
    myo_buf before = {0}, after = {0};
    ck_assert_int_eq(myo_slurp(path, 1 << 20, &before, NULL), MYO_OK);
    ck_assert_int_eq(kit_report_to(path, NULL), MYO_ERR_USAGE);
    ck_assert_msg(strstr(kit_said, "not replaced") != NULL, "%s", kit_said);
    ck_assert_int_eq(myo_slurp(path, 1 << 20, &after, NULL), MYO_OK);
    ck_assert_uint_eq(before.n, after.n);
    ck_assert_int_eq(memcmp(before.s, after.s, after.n), 0);
    myo_buf_clear(&before);
    myo_buf_clear(&after);
}

START_TEST(other_files_are_not_replaced) {
    char path[256];
    kit_put_recording("a", "a.edf", 3);
    kit_put("empty.html", "%s", "");
    kit_put("mine.html", "%s", "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>Mine</title>");
    kit_path(path, "a_events.tsv");
    expect_kept(path);
    kit_path(path, "empty.html");
    expect_kept(path);
    kit_path(path, "mine.html");
    expect_kept(path);
}
END_TEST

START_TEST(links_and_devices_are_not_replaced) {
    char page[256], link[256];
    kit_put_recording("a", "a.edf", 3);
    kit_path(page, "page.html");
    kit_path(link, "link.html");
    ck_assert_int_eq(kit_report_to(page, NULL), MYO_OK);
    ck_assert_int_eq(symlink("page.html", link), 0);
    expect_kept(link);
    struct stat st;
    ck_assert_int_eq(lstat(link, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    unlink(link);
    ck_assert_int_eq(mkfifo(link, 0600), 0);
    ck_assert_int_eq(kit_report_to(link, NULL), MYO_ERR_USAGE);
    ck_assert_int_eq(lstat(link, &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert_int_eq(kit_report_to("/dev/full", NULL), MYO_ERR_USAGE);
    ck_assert_int_eq(kit_report_to(kit_dir, NULL), MYO_ERR_USAGE);
}
END_TEST

START_TEST(stop_leaves_no_page) {
    kit_put_study(2, "P", few, half);
    myo_stop_request(15);
    const myo_err e = kit_report_to(kit_page, NULL);
    myo_stop_request(0);
    ck_assert_int_eq(e, MYO_ERR_STOPPED);
    ck_assert_int_ne(access(kit_page, F_OK), 0);
}
END_TEST

/* Every allocation of a small study fails once: the run fails, or its page is the same. */
START_TEST(no_memory_is_an_error_and_never_another_page) {
    int64_t n = 1;
    kit_put_study(2, "P", few, half);
    kit_put_primary("0.5", "0.3", "0.8", "A sentence.");
    kit_report();
    myo_buf whole = kit_html;
    kit_html = (myo_buf){0};
    for (int failures = 1; failures > 0; n += 1 + n / 60) { /* each flushes the disk: later ones by leaps */
        unlink(kit_page);
        myo_mem_fail_at(n);
        const myo_err e = kit_report_to(kit_page, NULL);
        myo_mem_fail_at(0);
        failures = e != MYO_OK || n < 50;
        if (e == MYO_OK) {
            myo_buf_clear(&kit_html);
            ck_assert_int_eq(myo_slurp(kit_page, (size_t)64 << 20, &kit_html, NULL), MYO_OK);
            ck_assert_msg(kit_html.n == whole.n && memcmp(kit_html.s, whole.s, whole.n) == 0,
                          "allocation %lld failed, exit 0, another page", (long long)n);
        } else {
            ck_assert_int_ne(access(kit_page, F_OK), 0);
            ck_assert_int_gt((int)strlen(kit_said), 0);
        }
    }
    ck_assert_int_gt(n, 100);
    myo_buf_clear(&whole);
}
END_TEST

int main(void) {
    Suite *s = suite_create("report");
    TCase *t = tcase_create("report");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, study_page_has_every_section);
    tcase_add_test(t, study_page_is_well_formed_and_asks_for_nothing);
    tcase_add_test(t, policy_forbids_everything_but_the_style);
    tcase_add_test(t, policy_names_the_style);
    tcase_add_test(t, same_tables_give_the_same_bytes);
    tcase_add_test(t, hostile_names_stay_text);
    tcase_add_test(t, interval_that_includes_no_change_says_so);
    tcase_add_test(t, interval_that_excludes_no_change_says_so);
    tcase_add_test(t, missing_interval_makes_no_statement);
    tcase_add_test(t, half_open_intervals_are_read_rightly);
    tcase_add_test(t, no_event_is_a_result);
    tcase_add_test(t, study_without_comparison_says_so);
    tcase_add_test(t, comparison_without_primary_claims_nothing);
    tcase_add_test(t, roles_are_told_apart);
    tcase_add_test(t, people_are_counted_by_direction);
    tcase_add_test(t, arms_are_drawn_for_a_parallel_design);
    tcase_add_test(t, extreme_numbers_are_drawn);
    tcase_add_test(t, names_in_one_person_study);
    tcase_add_test(t, failures_have_their_reasons);
    tcase_add_test(t, missing_tables_are_told);
    tcase_add_test(t, warnings_and_flags_are_shown);
    tcase_add_test(t, changed_parameters_come_first);
    tcase_add_test(t, provenance_names_inputs_by_content);
    tcase_add_test(t, large_studies_give_a_page_of_sensible_size);
    tcase_add_test(t, long_comparisons_are_cut_and_told);
    tcase_add_test(t, folder_of_recordings_has_a_page);
    tcase_add_test(t, many_recordings_are_chosen_evenly);
    tcase_add_test(t, damaged_comparison_is_refused);
    tcase_add_test(t, damaged_summary_is_refused);
    tcase_add_test(t, damaged_events_cost_one_recording);
    tcase_add_test(t, damaged_bursts_and_channels_cost_one_recording);
    tcase_add_test(t, damaged_provenance_costs_one_recording);
    tcase_add_test(t, damage_in_a_study_costs_one_recording);
    tcase_add_test(t, senseless_numbers_of_a_summary_are_refused);
    tcase_add_test(t, comparison_of_these_results_is_shown);
    tcase_add_test(t, comparison_of_other_results_is_not_shown);
    tcase_add_test(t, comparison_of_unknown_origin_says_so);
    tcase_add_test(t, folder_of_recordings_has_no_comparison);
    tcase_add_test(t, supporting_rows_stand_under_their_own_outcome);
    tcase_add_test(t, rows_of_several_contrasts_name_theirs);
    tcase_add_test(t, every_condition_has_its_column);
    tcase_add_test(t, rows_left_head_the_page);
    tcase_add_test(t, study_under_way_is_unfinished);
    tcase_add_test(t, large_studies_take_no_quadratic_time);
    tcase_add_test(t, temporary_files_of_a_killed_report_go);
    tcase_add_test(t, folder_without_results_is_refused);
    tcase_add_test(t, missing_folder_is_refused);
    tcase_add_test(t, unwritable_page_is_an_error_of_the_surroundings);
    tcase_add_test(t, page_in_the_folder_of_results_is_fine);
    tcase_add_test(t, other_files_are_not_replaced);
    tcase_add_test(t, links_and_devices_are_not_replaced);
    tcase_add_test(t, stop_leaves_no_page);
    tcase_add_test(t, no_memory_is_an_error_and_never_another_page);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
