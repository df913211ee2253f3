/* page.c - the page. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include "myotab/myotab.h"
#include "report/esc.h"
#include "report/page.h"

enum { FLUSH_AT = 1 << 16 };

/* ---- the file ---- */

/* How every page begins, and by which it is known again. */
#define BEGINNING                                                                                  \
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"                    \
    "<meta name=\"generator\" content=\"myotab "

/* A slip of the hand must not cost a recording. */
myo_err myo_page_may_replace(const char *path, myo_diag *d) {
    return myo_file_owned(path, BEGINNING, "a page that myotab made", d);
}

myo_err myo_page_open(myo_page *p, const char *path, myo_diag *d) {
    *p = (myo_page){.d = d};
    MYO_TRY(myo_page_may_replace(path, d));
    return myo_outfile_open(&p->out, path, d);
}

static myo_err write_out(myo_page *p) {
    if (p->b.failed) {
        return myo_fail(p->d, MYO_ERR_NOMEM, "not enough memory for the page");
    }
    errno = 0;
    if (p->b.n > 0 && fwrite(p->b.s, 1, p->b.n, p->out.f) != p->b.n) {
        const int why = errno;
        return myo_fail(p->d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", p->out.path,
                        strerror(why ? why : EIO));
    }
    p->b.n = 0;
    return MYO_OK;
}

myo_err myo_page_flush(myo_page *p) {
    if (myo_stop_requested()) {
        return myo_fail(p->d, MYO_ERR_STOPPED, "stopped by a signal");
    }
    return p->b.failed || p->b.n >= FLUSH_AT ? write_out(p) : MYO_OK;
}

myo_err myo_page_close(myo_page *p) {
    const myo_err e = write_out(p);
    myo_buf_clear(&p->b);
    if (e != MYO_OK) {
        myo_outfile_abort(&p->out);
        return e;
    }
    return myo_outfile_commit(&p->out, p->d);
}

void myo_page_abort(myo_page *p) {
    myo_buf_clear(&p->b);
    myo_outfile_abort(&p->out);
}

/* ---- head and foot ---- */

static int hex_value(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The hash of the style in the form the policy wants it: base64 (RFC 4648) of 32 bytes. */
static void put_base64(myo_buf *b, const char hex[65]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    int n = 0;
    for (int i = 0; i < 64; i++) { /* four bits at a time; six make a digit */
        bits = bits << 4 | (unsigned)hex_value(hex[i]);
        for (n += 4; n >= 6; n -= 6) {
            myo_buf_put(b, &digits[bits >> (n - 6) & 63], 1);
        }
    }
    myo_buf_put(b, &digits[bits << (6 - n) & 63], 1); /* 256 bits are 42 digits and four bits */
    myo_buf_puts(b, "=");
}

static void put_policy(myo_buf *b, const myo_buf *style) {
    char hex[65];
    myo_sha *sha = myo_sha_new();
    if (!sha) {
        b->failed = true;
        return;
    }
    myo_sha_add(sha, style->s, style->n);
    myo_sha_hex(sha, hex);
    myo_sha_free(sha);
    myo_buf_puts(b, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'sha256-");
    put_base64(b, hex);
    myo_buf_puts(b, "'; base-uri 'none'; form-action 'none'\"/>\n");
}

void myo_page_head(myo_page *p, const char *title) {
    myo_buf style = {0};
    myo_style_text(&style);
    if (style.failed) {
        p->b.failed = true;
        myo_buf_clear(&style);
        return;
    }
    myo_buf_puts(&p->b, BEGINNING MYO_VERSION "\"/>\n");
    put_policy(&p->b, &style);
    myo_buf_puts(&p->b,
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                 "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                 "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>");
    myo_page_text(p, title);
    myo_buf_puts(&p->b, "</title>\n<style>");
    myo_buf_put(&p->b, style.s, style.n);
    myo_buf_puts(&p->b, "</style>\n</head>\n<body>\n");
    myo_buf_clear(&style);
}

void myo_page_foot(myo_page *p) {
    myo_buf_puts(&p->b, "</main>\n<footer>Made by myotab " MYO_VERSION
                        ". For research; it makes no diagnosis.</footer>\n</body>\n</html>\n");
}

void myo_page_section(myo_page *p, const char *id, int level, const char *heading) {
    if (id) {
        myo_buf_printf(&p->b, "<section id=\"%s\">\n<h%d>", id, level);
    } else {
        myo_buf_printf(&p->b, "<section>\n<h%d>", level);
    }
    myo_page_name(p, heading);
    myo_buf_printf(&p->b, "</h%d>\n", level);
}

void myo_page_section_end(myo_page *p) {
    myo_buf_puts(&p->b, "</section>\n");
}

void myo_page_fold(myo_page *p, const char *summary) {
    myo_buf_puts(&p->b, "<details>\n<summary>");
    myo_page_name(p, summary);
    myo_buf_puts(&p->b, "</summary>\n");
}

void myo_page_fold_end(myo_page *p) {
    myo_buf_puts(&p->b, "</details>\n");
}

/* ---- text ---- */

void myo_page_text(myo_page *p, const char *text) {
    myo_esc_text(&p->b, text);
}

void myo_page_name(myo_page *p, const char *name) {
    myo_buf_puts(&p->b, "<bdi>");
    myo_esc_text(&p->b, name);
    myo_buf_puts(&p->b, "</bdi>");
}

void myo_page_para_begin(myo_page *p, const char *cls) {
    if (cls[0]) {
        myo_buf_printf(&p->b, "<p class=\"%s\">", cls);
    } else {
        myo_buf_puts(&p->b, "<p>");
    }
}

void myo_page_para_end(myo_page *p) {
    myo_buf_puts(&p->b, "</p>\n");
}

void myo_page_para(myo_page *p, const char *cls, const char *text) {
    myo_page_para_begin(p, cls);
    myo_page_text(p, text);
    myo_page_para_end(p);
}

void myo_page_figure(myo_page *p) {
    myo_buf_puts(
        &p->b,
        "<figure>\n<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"Figure\">\n");
    p->n_ids++;
}

void myo_page_caption(myo_page *p) {
    myo_buf_puts(&p->b, "</div>\n<figcaption>");
}

void myo_page_figure_end(myo_page *p) {
    myo_buf_puts(&p->b, "</figcaption>\n</figure>\n");
}

/* ---- tables ---- */

/* A wide table scrolls inside its own box, which the keyboard can reach. */
void myo_page_table(myo_page *p, const char *caption, const char *const *heads, int n) {
    myo_buf_puts(&p->b, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    myo_page_text(p, caption);
    myo_buf_puts(&p->b, "\">\n<table>\n<caption>");
    myo_page_text(p, caption);
    myo_buf_puts(&p->b, "</caption>\n<thead><tr>");
    for (int i = 0; i < n; i++) {
        const bool number = heads[i][0] == '#';
        myo_buf_puts(&p->b, number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        myo_page_text(p, heads[i] + number);
        myo_buf_puts(&p->b, "</th>");
    }
    myo_buf_puts(&p->b, "</tr></thead>\n<tbody>\n");
}

void myo_page_table_end(myo_page *p) {
    myo_buf_puts(&p->b, "</tbody>\n</table>\n</div>\n");
}

void myo_page_row(myo_page *p, const char *cls) {
    if (cls && cls[0]) {
        myo_buf_printf(&p->b, "<tr class=\"%s\">", cls);
    } else {
        myo_buf_puts(&p->b, "<tr>");
    }
}

void myo_page_row_end(myo_page *p) {
    myo_buf_puts(&p->b, "</tr>\n");
}

static bool is_missing(const char *s) {
    return !s || !s[0] || strcmp(s, "n/a") == 0;
}

static void put_missing(myo_page *p) {
    myo_buf_puts(&p->b, "<span class=\"na\">n/a</span>");
}

void myo_page_cell(myo_page *p, const char *cls) {
    if (cls[0]) {
        myo_buf_printf(&p->b, "<td class=\"%s\">", cls);
    } else {
        myo_buf_puts(&p->b, "<td>");
    }
}

void myo_page_cell_end(myo_page *p) {
    myo_buf_puts(&p->b, "</td>");
}

void myo_page_th(myo_page *p, const char *text) {
    myo_buf_puts(&p->b, "<th scope=\"row\">");
    if (is_missing(text)) {
        put_missing(p);
    } else {
        myo_page_name(p, text);
    }
    myo_buf_puts(&p->b, "</th>");
}

void myo_page_td(myo_page *p, const char *text) {
    myo_page_cell(p, "");
    if (is_missing(text)) {
        put_missing(p);
    } else {
        myo_page_name(p, text);
    }
    myo_page_cell_end(p);
}

void myo_page_num(myo_page *p, double v, int digits) {
    myo_page_cell(p, "n");
    if (isfinite(v)) {
        myo_esc_g(&p->b, v, digits);
    } else {
        put_missing(p);
    }
    myo_page_cell_end(p);
}

void myo_page_int(myo_page *p, double v) {
    myo_page_cell(p, "n");
    if (isfinite(v)) {
        myo_esc_fixed(&p->b, v, 0);
    } else {
        put_missing(p);
    }
    myo_page_cell_end(p);
}

void myo_page_limits(myo_page *p, double low, double high, int digits) {
    myo_page_cell(p, "n");
    if (isfinite(low) || isfinite(high)) {
        myo_esc_g(&p->b, low, digits);
        myo_buf_puts(&p->b, " to ");
        myo_esc_g(&p->b, high, digits);
    } else {
        put_missing(p);
    }
    myo_page_cell_end(p);
}
