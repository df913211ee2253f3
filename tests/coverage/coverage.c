/* coverage.c - how often nominal 95 % intervals hold the truth, and how often tests at 5 % reject
 * it.
 *
 * coverage N_TRIALS N_THREADS OUT_DIR [TABLE [WORD]]
 *
 * Runs every case (of one table, whose names hold WORD) and writes OUT_DIR/TABLE.tsv. A trial has
 * its own random numbers, by the name of its case and its number: the first 500 of 10000 are those
 * of a run of 500, and threads do not matter.
 *
 * Among hundreds of settings of headlines some miss a bar by chance. So where a run of 1000 trials
 * or more finds a setting past one (BARS below), that setting is simulated anew, 10000 trials with
 * other random numbers: those are its row, and what was found first stands in its last two columns.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "coverage.h"
#include "stats/order.h"

enum { BLOCK = 100, MAX_TRIALS = 1000000, MAX_THREADS = 64, LEAST_TO_JUDGE = 1000, AGAIN = 10000 };

/* Of coverage, and of how often a true null hypothesis is rejected. */
static const struct { double low, high, rejected; } BARS = {0.93, 0.97, 0.055};

void cov_stop(const char *what, const char *why) {
    fprintf(stderr, "coverage: %s: %s\n", what, why);
    exit(1);
}

void cov_add(cov_list *l, const cov_case *c) {
    void *items = l->item;
    if (myo_grow(&items, &l->cap, l->n + 1, sizeof *l->item) != MYO_OK) {
        cov_stop("cases", "no memory");
    }
    l->item = items;
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->item[i].table, c->table) == 0 && strcmp(l->item[i].name, c->name) == 0 &&
            l->item[i].ratio == c->ratio && strcmp(l->item[i].method, c->method) == 0) {
            cov_stop(c->name, "two cases of this name");
        }
    }
    l->item[l->n++] = *c;
}

cov_trial cov_trial_of(double low, double high, double level, double p, double truth) {
    return (cov_trial){
        .made = !isnan(low) && !isnan(high),
        .below = truth<low, .above = truth> high,
        .tested = !isnan(p),
        .rejected = p <= 1.0 - COV_LEVEL + 1e-12,
        .level = level,
        .width = high / low,
    };
}

/* --- trials --- */

typedef struct run {
    const cov_list *list; /* shared */
    int n_trials, n_blocks;
    bool again;       /* with other random numbers */
    cov_trial *trial; /* n_trials of each case */
} run;

/* FNV-1a of the name: a case keeps its numbers whatever other cases there are. Ratios and methods
 * share them. */
static uint64_t seed_of(const cov_case *c) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (const char *s = c->name; *s; s++) {
        h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
    }
    return h;
}

static void run_block(void *user, int item) {
    const run *r = user;
    const size_t which = (size_t)(item / r->n_blocks);
    const cov_case *c = &r->list->item[which];
    const int from = item % r->n_blocks * BLOCK;
    if (!c->trial) {
        return;
    }
    for (int i = from; i < from + BLOCK && i < r->n_trials; i++) {
        myo_rng rng = cov_rng(r->again ? ~seed_of(c) : seed_of(c), i);
        r->trial[which * (size_t)r->n_trials + (size_t)i] = c->trial(c, &rng);
    }
}

static void run_all(run *r, int n_threads) {
    myo_pool *pool = NULL;
    r->n_blocks = (r->n_trials + BLOCK - 1) / BLOCK;
    r->trial = myo_alloc(r->list->n * (size_t)r->n_trials, sizeof *r->trial);
    if (!r->trial || myo_pool_new(&pool, n_threads) != MYO_OK) {
        cov_stop("trials", "no memory");
    }
    myo_pool_for(pool, (int)r->list->n * r->n_blocks, run_block, r);
    myo_pool_free(&pool);
}

/* --- rows --- */

static double share(int64_t k, int64_t n) {
    return n > 0 ? (double)k / (double)n : NAN;
}

static cov_row row_of(const cov_trial *trial, int n) {
    int64_t made = 0, widths = 0, below = 0, above = 0, tested = 0, rejected = 0, wide = 0,
            missed_wide = 0;
    double *width = myo_alloc((size_t)n + 1, sizeof *width), level = 0.0;
    if (!width) {
        cov_stop("rows", "no memory");
    }
    for (int i = 0; i < n; i++) {
        const cov_trial *t = &trial[i];
        tested += t->tested;
        rejected += t->tested && t->rejected;
        if (t->made) {
            below += t->below;
            above += t->above;
            wide += t->wide;
            missed_wide += t->wide && (t->below || t->above);
            level += t->level;
            made++;
            if (!isnan(t->width)) {
                width[widths++] = t->width;
            }
        }
    }
    const double covered = 1.0 - share(below + above, made);
    const cov_row row = {
        .trials = n,
        .failed = share(n - made, n),
        .coverage = covered,
        .se = sqrt(covered * (1.0 - covered) / (double)made),
        .below = share(below, made),
        .above = share(above, made),
        .rejected = share(rejected, tested),
        .level = level / (double)made,
        .width = widths ? myo_kth(width, (size_t)widths, (size_t)widths / 2) : NAN,
        .wide = share(wide, made),
        .covers_wide = 1.0 - share(missed_wide, wide),
        .covers_exact = 1.0 - share(below + above - missed_wide, made - wide),
    };
    myo_free(width);
    return row;
}

/* --- tables --- */

static void put(FILE *f, double value, int digits) {
    if (isfinite(value)) {
        fprintf(f, "\t%.*f", digits, value);
    } else {
        fputs("\tn/a", f);
    }
}

static void put_row(FILE *f, const cov_case *c, const cov_row *r) {
    fprintf(f, "%s\t%s", c->name, c->method);
    put(f, c->ratio, 2);
    fprintf(f, "\t%lld", (long long)r->trials);
    put(f, r->coverage, 4);
    put(f, r->se, 4);
    put(f, r->below, 4);
    put(f, r->above, 4);
    put(f, r->rejected, 4);
    put(f, r->failed, 4);
    put(f, r->level, 4);
    put(f, r->width, 2);
    put(f, c->tells_wide ? r->wide : NAN, 4);
    put(f, c->tells_wide ? r->covers_wide : NAN, 4);
    put(f, c->tells_wide ? r->covers_exact : NAN, 4);
    put(f, r->first_coverage, 4);
    put(f, r->first_rejected, 4);
    fputc('\n', f);
}

static bool is_past_a_bar(const cov_case *c, const cov_row *r) {
    return r->coverage < BARS.low || r->coverage > BARS.high ||
           (c->ratio == 1.0 && r->rejected > BARS.rejected);
}

static cov_row row_again(const cov_case *c, int n_threads) {
    cov_case one = *c;
    const cov_list list = {&one, 1, 1};
    run r = {.list = &list, .n_trials = AGAIN, .again = true};
    run_all(&r, n_threads);
    const cov_row row = row_of(r.trial, AGAIN);
    myo_free(r.trial);
    return row;
}

static cov_row find_row(const run *r, size_t i, int n_threads) {
    const cov_case *c = &r->list->item[i];
    cov_row row = row_of(r->trial + i * (size_t)r->n_trials, r->n_trials);
    row.first_coverage = row.first_rejected = NAN;
    if (c->exactly) {
        c->exactly(c, &row);
    } else if (!c->supports && r->n_trials >= LEAST_TO_JUDGE && is_past_a_bar(c, &row)) {
        const cov_row first = row;
        row = row_again(c, n_threads);
        row.first_coverage = first.coverage;
        row.first_rejected = first.rejected;
    }
    return row;
}

static void write_table(const run *r, int n_threads, const char *dir, const char *table) {
    char path[1000];
    snprintf(path, sizeof path, "%s/%s.tsv", dir, table);
    FILE *f = fopen(path, "w");
    if (!f) {
        cov_stop(path, "cannot be written");
    }
    fputs("case\tmethod\tratio\ttrials\tcoverage\tse\ttruth_below\ttruth_above\trejected\tfailed\t"
          "ci_level\twidth\tclustered\tcoverage_clustered\tcoverage_exact\t"
          "first_coverage\tfirst_rejected\n",
          f);
    for (size_t i = 0; i < r->list->n; i++) {
        const cov_case *c = &r->list->item[i];
        if (strcmp(c->table, table) == 0) {
            const cov_row row = find_row(r, i, n_threads);
            put_row(f, c, &row);
        }
    }
    if (fclose(f) != 0) {
        cov_stop(path, "cannot be written");
    }
}

static void write_tables(const run *r, int n_threads, const char *dir) {
    for (size_t i = 0; i < r->list->n; i++) {
        if (i == 0 || strcmp(r->list->item[i].table, r->list->item[i - 1].table) != 0) {
            write_table(r, n_threads, dir, r->list->item[i].table);
        }
    }
}

/* --- */

static void keep(cov_list *l, const char *table, const char *word) {
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if ((!table || strcmp(l->item[i].table, table) == 0) &&
            (!word || strstr(l->item[i].name, word))) {
            l->item[n++] = l->item[i];
        }
    }
    l->n = n;
}

static int number(const char *text, int most) {
    int64_t v = 0;
    if (!myo_parse_i64(text, strlen(text), &v) || v < 1 || v > most) {
        cov_stop(text, "not a number in range");
    }
    return (int)v;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        cov_stop("usage", "coverage N_TRIALS N_THREADS OUT_DIR [TABLE [WORD]]");
    }
    cov_list list = {0};
    cov_cases_one(&list);
    cov_cases_pairs(&list);
    cov_cases_risks(&list);
    cov_cases_arms(&list);
    keep(&list, argc > 4 ? argv[4] : NULL, argc > 5 ? argv[5] : NULL);
    run r = {.list = &list, .n_trials = number(argv[1], MAX_TRIALS)};
    const int n_threads = number(argv[2], MAX_THREADS);
    run_all(&r, n_threads);
    write_tables(&r, n_threads, argv[3]);
    myo_free(r.trial);
    myo_free(list.item);
    return 0;
}
