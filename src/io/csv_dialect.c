/* csv_dialect.c - which delimiter and decimal mark make rows of numbers out of the lines. */
#include "io/csv.h"

enum { PROBE_LINES = 40 }; /* lines that are asked */

bool csv_content(const csv_line *line) {
    return !csv_blank(line) && !csv_comment(line);
}

bool csv_numeric_field(csv_field f, char point, bool *value) {
    double v;
    int64_t day;
    int decimals;
    bool has_date;
    const csv_class c = csv_value(f, point, &v, NULL);
    if (c == CSV_TEXT && !csv_iso(f, &day, &v, &decimals, &has_date)) {
        return false;
    }
    *value = *value || c != CSV_MISSING;
    return true;
}

/* Fields of the line if all of them are numbers, times or missing, and not all missing; else 0. */
size_t csv_numeric_width(const csv_line *line, csv_dialect dialect) {
    const char *p = line->s;
    size_t n = 0;
    bool value = false;
    csv_field f = {0};
    for (; p != NULL; n++) {
        if (n == CSV_COLUMNS_MAX || !csv_field_next(&p, line->s + line->n, dialect.delim, &f) ||
            !csv_numeric_field(f, dialect.point, &value)) {
            return 0;
        }
    }
    return value ? n : 0;
}

typedef struct vote {
    size_t width; /* columns that most probe lines have */
    int lines;    /* how many */
} vote;

static vote ask(const csv_head *h, size_t first, size_t last, csv_dialect dialect) {
    size_t width[PROBE_LINES];
    int n = 0;
    for (size_t i = first; i < last && n < PROBE_LINES; i++) {
        if (csv_content(&h->line[i])) {
            width[n++] = csv_numeric_width(&h->line[i], dialect);
        }
    }
    vote best = {0, 0};
    for (int i = 0; i < n; i++) {
        int same = 0;
        for (int k = 0; k < n; k++) {
            same += width[k] == width[i];
        }
        if (width[i] > 0 && same > best.lines) {
            best = (vote){width[i], same};
        }
    }
    return best;
}

/* The dialect under which most lines are rows of numbers; several columns beat one. */
size_t csv_choose_dialect(const csv_head *h, csv_dialect *out, char given) {
    static const csv_dialect rows[] = {{'\t', '.'}, {';', '.'}, {',', '.'}, {' ', '.'},
                                       {'\t', ','}, {';', ','}, {' ', ','}};
    const size_t window = h->n < 400 ? h->n : 400;
    size_t first = window;
    for (int n = 0; first > 0 && n < PROBE_LINES; n += csv_content(&h->line[first])) {
        first--;
    }
    vote best = {0, 0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (given != '\0' && rows[i].delim != given) {
            continue;
        }
        const vote v = ask(h, first, window, rows[i]);
        if (v.lines > best.lines ||
            (v.lines > 0 && v.lines == best.lines && v.width > 1 && best.width == 1)) {
            best = v;
            *out = rows[i];
        }
    }
    return best.width;
}
