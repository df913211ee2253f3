/* svg.c - figures as SVG text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/esc.h"
#include "report/svg.h"

static const double FAR = 99999.0; /* no figure is as large: larger coordinates are cut */

static long tenths(double v) {
    if (!isfinite(v)) {
        return 0;
    }
    return lround(10.0 * (v > FAR ? FAR : v < -FAR ? -FAR : v));
}

/* The shortest form: "12", "12.5", "-.3". */
static void put_tenths(myo_buf *b, long v) {
    const long whole = labs(v) / 10, rest = labs(v) % 10;
    myo_buf_puts(b, v < 0 ? "-" : "");
    if (whole > 0 || rest == 0) {
        myo_buf_printf(b, "%ld", whole);
    }
    if (rest > 0) {
        myo_buf_printf(b, ".%ld", rest);
    }
}

static void attribute(myo_buf *b, const char *name, double v) {
    myo_buf_printf(b, " %s=\"", name);
    put_tenths(b, tenths(v));
    myo_buf_puts(b, "\"");
}

static void class_of(myo_buf *b, const char *cls) {
    if (cls && cls[0]) {
        myo_buf_printf(b, " class=\"%s\"", cls);
    }
}

void myo_svg_begin(myo_buf *b, const myo_svg_head *h) {
    myo_buf_printf(b, "<svg role=\"img\" aria-labelledby=\"t%d d%d\" viewBox=\"0 0 ", h->id, h->id);
    put_tenths(b, tenths(h->width));
    myo_buf_puts(b, " ");
    put_tenths(b, tenths(h->height));
    myo_buf_puts(b, "\"");
    attribute(b, "width", h->width);
    attribute(b, "height", h->height);
    myo_buf_printf(b, ">\n<title id=\"t%d\">", h->id);
    myo_esc_text(b, h->title);
    myo_buf_printf(b, "</title>\n<desc id=\"d%d\">", h->id);
    myo_esc_text(b, h->desc);
    myo_buf_puts(b, "</desc>\n");
}

void myo_svg_end(myo_buf *b) {
    myo_buf_puts(b, "</svg>\n");
}

void myo_svg_group(myo_buf *b, const char *cls) {
    myo_buf_puts(b, "<g");
    class_of(b, cls);
    myo_buf_puts(b, ">");
}

void myo_svg_group_end(myo_buf *b) {
    myo_buf_puts(b, "</g>\n");
}

void myo_svg_tip(myo_buf *b, const char *text) {
    myo_buf_puts(b, "<title>");
    myo_esc_text(b, text);
    myo_buf_puts(b, "</title>");
}

void myo_svg_line(myo_buf *b, const char *cls, double x1, double y1, double x2, double y2) {
    myo_buf_puts(b, "<line");
    class_of(b, cls);
    attribute(b, "x1", x1);
    attribute(b, "y1", y1);
    attribute(b, "x2", x2);
    attribute(b, "y2", y2);
    myo_buf_puts(b, "/>\n");
}

void myo_svg_rect(myo_buf *b, const char *cls, double x, double y, double w, double h) {
    myo_buf_puts(b, "<rect");
    class_of(b, cls);
    attribute(b, "x", x);
    attribute(b, "y", y);
    attribute(b, "width", fmax(w, 0.0));
    attribute(b, "height", fmax(h, 0.0));
    myo_buf_puts(b, "/>\n");
}

static void diamond(myo_buf *b, const char *cls, double x, double y, double r) {
    myo_svg_path p;
    myo_svg_path_start(&p, b, cls);
    myo_svg_path_move(&p, x - r, y);
    myo_svg_path_line(&p, x, y - r);
    myo_svg_path_line(&p, x + r, y);
    myo_svg_path_line(&p, x, y + r);
    myo_svg_path_line(&p, x - r, y);
    myo_svg_path_end(&p);
}

void myo_svg_mark(myo_buf *b, const char *cls, myo_shape shape, double x, double y, double r) {
    switch (shape) {
    case MYO_CIRCLE:
        myo_buf_puts(b, "<circle");
        class_of(b, cls);
        attribute(b, "cx", x);
        attribute(b, "cy", y);
        attribute(b, "r", r);
        myo_buf_puts(b, "/>\n");
        break;
    case MYO_SQUARE:
        myo_svg_rect(b, cls, x - r, y - r, 2.0 * r, 2.0 * r);
        break;
    case MYO_DIAMOND:
        diamond(b, cls, x, y, r);
        break;
    }
}

void myo_svg_arrow(myo_buf *b, const char *cls, double x, double y, int direction) {
    const double length = 7.0, half = 4.0;
    myo_svg_path p;
    myo_svg_path_start(&p, b, cls);
    myo_svg_path_move(&p, x, y);
    myo_svg_path_line(&p, x - direction * length, y - half);
    myo_svg_path_line(&p, x - direction * length, y + half);
    myo_svg_path_line(&p, x, y);
    myo_svg_path_end(&p);
}

/* ---- text ---- */

static void text_open(myo_buf *b, const char *cls, myo_anchor a, double x, double y) {
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    myo_buf_puts(b, "<text");
    class_of(b, cls);
    attribute(b, "x", x);
    attribute(b, "y", y);
    myo_buf_puts(b, anchors[a]);
    myo_buf_puts(b, ">");
}

void myo_svg_text(myo_buf *b, const char *cls, myo_anchor a, double x, double y, const char *text) {
    text_open(b, cls, a, x, y);
    myo_esc_text(b, text);
    myo_buf_puts(b, "</text>\n");
}

/* Advance of a character in ems: the widths of common sans-serif fonts, rounded up. */
static double advance(const char *s, size_t n) {
    const unsigned char c = (unsigned char)s[0];
    if (c >= 0xE1) {
        return 1.0; /* three bytes and more: East Asian scripts and symbols are the widest */
    }
    if (n > 1) {
        return 0.65;
    }
    if (strchr("iljtfr.,:;'|!()[] ", c)) {
        return 0.36;
    }
    if (strchr("mwMW@%", c)) {
        return 0.95;
    }
    return c >= 'A' && c <= 'Z' ? 0.72 : 0.6;
}

double myo_svg_text_width(const char *text, double size) {
    double ems = 0.0;
    for (size_t n; (n = myo_esc_char(text)) > 0; text += n) {
        ems += advance(text, n);
    }
    return size * ems;
}

/* Characters that fit, the ellipsis among them. */
static size_t fitting(const char *s, double max_w, double size) {
    double w = size; /* the ellipsis */
    size_t count = 0;
    for (size_t n; (n = myo_esc_char(s)) > 0; s += n, count++) {
        w += size * advance(s, n);
        if (w > max_w) {
            break;
        }
    }
    return count + 1;
}

void myo_svg_fit(myo_buf *b, const char *cls, myo_anchor a, double x, double y, double max_w,
                 double size, const char *text) {
    if (myo_svg_text_width(text, size) <= max_w) {
        myo_svg_text(b, cls, a, x, y, text);
        return;
    }
    text_open(b, cls, a, x, y);
    myo_svg_tip(b, text);
    myo_esc_cut(b, text, fitting(text, max_w, size));
    myo_buf_puts(b, "</text>\n");
}

void myo_svg_fit_buf(myo_buf *b, const char *cls, myo_anchor a, double x, double y, double max_w,
                     double size, myo_buf *text) {
    b->failed = b->failed || text->failed;
    myo_svg_fit(b, cls, a, x, y, max_w, size, text->s ? text->s : "");
    myo_buf_clear(text);
}

/* ---- paths ---- */

void myo_svg_path_start(myo_svg_path *p, myo_buf *b, const char *cls) {
    *p = (myo_svg_path){.b = b};
    myo_buf_puts(b, "<path");
    class_of(b, cls);
    myo_buf_puts(b, " d=\"");
}

static void point(myo_svg_path *p, char letter, long x, long y) {
    const long dx = x - p->x, dy = y - p->y;
    if (letter == 'l' && dx == 0) {
        myo_buf_puts(p->b, "v");
        put_tenths(p->b, dy);
    } else if (letter == 'l' && dy == 0) {
        myo_buf_puts(p->b, "h");
        put_tenths(p->b, dx);
    } else {
        myo_buf_put(p->b, &letter, 1);
        put_tenths(p->b, dx);
        myo_buf_puts(p->b, dy < 0 ? "" : " ");
        put_tenths(p->b, dy);
    }
    p->x = x;
    p->y = y;
}

void myo_svg_path_move(myo_svg_path *p, double x, double y) {
    point(p, p->any ? 'm' : 'M', tenths(x), tenths(y));
    p->any = true;
}

void myo_svg_path_line(myo_svg_path *p, double x, double y) {
    const long ix = tenths(x), iy = tenths(y);
    if (!p->any) {
        myo_svg_path_move(p, x, y);
    } else if (ix != p->x || iy != p->y) {
        point(p, 'l', ix, iy);
    }
}

void myo_svg_path_end(myo_svg_path *p) {
    myo_buf_puts(p->b, "\"/>\n");
}
