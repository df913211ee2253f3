/* csv_comma.c - what the cells of the first rows tell: commas that may be decimal marks, row
 * numbers in front. */
#include <inttypes.h>
#include "io/csv.h"

/* What the rows in sight hold in one column. */
typedef struct cells {
    bool whole;      /* nothing but whole numbers, without quotes */
    bool sign;       /* with one somewhere */
    bool minus_zero; /* -0, which only the whole part of a number is */
    bool apart;      /* a blank before one: behind a delimiter, surely */
    bool padded;     /* a zero before other digits */
    bool round;      /* a zero behind other digits */
    bool low, high;  /* the first digit is 0 somewhere, 5 to 9 somewhere */
    bool zero;       /* nothing but zeros */
    bool rising;
    size_t least, most; /* digits */
    int64_t last;
    int moves, rows; /* changes of the digits from one row to the next */
    csv_field before;
} cells;

typedef enum verdict {
    PAIR_NEVER, /* two cells */
    PAIR_MUTE,  /* nothing speaks for or against one number */
    PAIR_MAYBE, /* both readings are whole */
    PAIR_LIKELY /* whole numbers are not written like this */
} verdict;

/* In so many unlike numbers with decimals the first one is 0 nearly surely: 0.9^30 = 4 %. */
enum { ENOUGH_MOVES = 30 };

static void note_digits(cells *c, csv_field d) {
    size_t zeros = 0;
    for (size_t i = 0; i < d.n; i++) {
        zeros += d.s[i] == '0';
    }
    c->padded = c->padded || (d.n > 1 && d.s[0] == '0');
    c->round = c->round || (d.n > 1 && d.s[d.n - 1] == '0');
    c->low = c->low || d.s[0] == '0';
    c->high = c->high || d.s[0] >= '5';
    c->zero = c->zero && zeros == d.n;
    c->least = d.n < c->least ? d.n : c->least;
    c->most = d.n > c->most ? d.n : c->most;
    c->moves += c->rows > 0 && (d.n != c->before.n || memcmp(d.s, c->before.s, d.n) != 0);
    c->before = d;
}

static void note_cell(cells *c, csv_field f, const char *line) {
    const size_t sign = f.n > 0 && (f.s[0] == '-' || f.s[0] == '+');
    const csv_field d = {f.s + sign, f.n - sign};
    const char before = f.s > line ? f.s[-1] : ',';
    int64_t v;
    for (size_t i = 0; i < d.n; i++) {
        c->whole = c->whole && d.s[i] >= '0' && d.s[i] <= '9';
    }
    c->whole = c->whole && d.n > 0 && before != '"';
    if (!c->whole) {
        return;
    }
    c->sign = c->sign || sign > 0;
    c->apart = c->apart || before != ',';
    note_digits(c, d);
    const bool read = myo_parse_i64(f.s, f.n, &v);
    c->minus_zero = c->minus_zero || (read && v == 0 && f.s[0] == '-');
    c->rising = c->rising && read && (c->rows == 0 || v > c->last);
    c->last = read ? v : 0;
    c->rows++;
}

static myo_err note_rows(cells *c, const csv_layout *l, const csv_head *h, const myo_reader *r) {
    csv_fields f = {0};
    myo_diag quiet = {0};
    myo_reader silent = *r;
    silent.d = &quiet;
    for (size_t i = 0; i < l->n_col; i++) {
        c[i] = (cells){.whole = true, .zero = true, .rising = true, .least = SIZE_MAX};
    }
    myo_err err = MYO_OK;
    for (size_t i = h->first_data; i < h->n && err != MYO_ERR_NOMEM; i++) {
        const csv_line *line = &h->line[i];
        err = csv_content(line) ? csv_split(&silent, line, ',', &f) : MYO_ERR_DAMAGED;
        for (size_t k = 0; err == MYO_OK && f.n >= l->n_col && k < l->n_col; k++) {
            note_cell(&c[k], f.f[k], line->s); /* rows that are too short are told later */
        }
    }
    csv_fields_free(&f);
    myo_diag_clear(&quiet);
    return err == MYO_ERR_NOMEM ? myo_fail(r->d, err, "no memory for the first rows") : MYO_OK;
}

/* May cells of column a and of b, its neighbour, be the two halves of numbers with decimal commas?
 * Decimals have no sign, a fixed count of digits or no zeros at their end; where the numbers move,
 * every tenth decimal begins with 0 and half of them with 5 or more. */
static verdict judge(const cells *a, const cells *b) {
    if (!a->whole || !b->whole || a->rows == 0 || b->sign || b->apart || a->padded ||
        (b->least != b->most && b->round)) {
        return PAIR_NEVER;
    }
    if (a->rising && a->rows > 2) {
        return PAIR_MUTE; /* row numbers or whole times, or a time with decimals */
    }
    if (b->padded) {
        return PAIR_LIKELY;
    }
    if (b->zero) {
        return PAIR_MUTE; /* a dead channel, or decimals that say nothing */
    }
    if (a->moves >= ENOUGH_MOVES && !(b->low && b->high)) {
        return PAIR_NEVER;
    }
    return a->minus_zero ? PAIR_LIKELY : PAIR_MAYBE;
}

/* The first column of a pair for which `least` holds, n if there is none. */
static size_t first_pair(const cells *c, size_t n, verdict least) {
    for (size_t i = 0; i + 1 < n; i++) {
        if (judge(&c[i], &c[i + 1]) >= least) {
            return i;
        }
    }
    return n;
}

/* Without names: all pairs, behind one column of whole numbers if their count is odd; or one pair
 * that speaks for itself. */
static size_t nameless(const cells *c, size_t n) {
    const size_t likely = first_pair(c, n, PAIR_LIKELY);
    if (likely < n || (n % 2 == 1 && !c[0].whole)) {
        return likely;
    }
    size_t found = n;
    for (size_t i = n % 2; i < n; i += 2) {
        const verdict v = judge(&c[i], &c[i + 1]);
        if (v == PAIR_NEVER) {
            return n;
        }
        found = v == PAIR_MAYBE && found == n ? i : found;
    }
    return found;
}

/* With fewer names than cells: as many pairs as names are missing. */
static size_t short_of_names(const cells *c, size_t n, size_t missing) {
    size_t pairs = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (judge(&c[i], &c[i + 1]) > PAIR_NEVER) {
            pairs++;
            i++;
        }
    }
    return pairs >= missing ? first_pair(c, n, PAIR_MAYBE) : n;
}

static myo_err ambiguous(const csv_layout *l, const csv_head *h, size_t column, size_t names,
                         const myo_reader *r) {
    const csv_line *line = &h->line[h->first_data];
    const char *p = line->s;
    csv_field a = {p, 0}, b = {p, 0};
    for (size_t i = 0; i <= column && p != NULL; i++) {
        csv_field_next(&p, line->s + line->n, ',', &a);
    }
    if (p != NULL) {
        csv_field_next(&p, line->s + line->n, ',', &b);
    }
    char what[224], count[64] = "";
    if (names > 0) {
        snprintf(count, sizeof count, " (%zu name%s, %zu values)", names, names > 1 ? "s" : "",
                 l->n_col);
    }
    snprintf(what, sizeof what,
             "ambiguous comma, decimal mark or delimiter%s: put ; or tab between columns, or name each "
             "of them in a header",
             count);
    const size_t n = b.n > 0 ? (size_t)(b.s + b.n - a.s) : a.n;
    return csv_damaged(r, line, column + 1, what, (csv_field){a.s, n});
}

myo_err csv_comma_check(const csv_layout *l, const csv_head *h, size_t names, const myo_reader *r) {
    if (l->dialect.delim != ',' || l->told_delim || names >= l->n_col) {
        return MYO_OK;
    }
    cells *c = myo_alloc(l->n_col, sizeof *c);
    if (c == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", l->n_col);
    }
    myo_err err = note_rows(c, l, h, r);
    if (err == MYO_OK) {
        const size_t at =
            names == 0 ? nameless(c, l->n_col) : short_of_names(c, l->n_col, l->n_col - names);
        err = at < l->n_col ? ambiguous(l, h, at, names, r) : MYO_OK;
    }
    myo_free(c);
    return err;
}

csv_order csv_first_column(const csv_layout *l, const csv_head *h) {
    int64_t last = 0, rows = 0;
    csv_order order = CSV_ORDER_COUNTS;
    for (size_t i = h->first_data; i < h->n; i++) {
        const char *p = h->line[i].s;
        csv_field f;
        int64_t v;
        if (!csv_content(&h->line[i])) {
            continue;
        }
        if (!csv_field_next(&p, p + h->line[i].n, l->dialect.delim, &f) ||
            !myo_parse_i64(f.s, f.n, &v) || (rows > 0 && v <= last)) {
            return CSV_ORDER_NONE;
        }
        if (rows++ == 0 ? v != 0 && v != 1 : v != last + 1) {
            order = CSV_ORDER_RISES;
        }
        last = v;
    }
    return rows > 1 ? order : CSV_ORDER_NONE;
}
