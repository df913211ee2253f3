/* page.h - the page: one HTML file without script or request, written section by section.
 *
 * It is well-formed XML as well (every element closed, every attribute quoted), so that a checker
 * can prove that no text from a file became markup. Nothing of it depends on the day, the place or
 * the machine. */
#ifndef MYO_REPORT_PAGE_H
#define MYO_REPORT_PAGE_H

#include "base/base.h"

typedef struct myo_page {
    myo_buf b; /* what is not written yet: figures and text go here */
    myo_outfile out;
    int n_ids; /* of figures, given out so far */
    myo_diag *d;
} myo_page;

/* Opens the file beside `path`; nothing is visible before myo_page_close. */
/* MYO_ERR_USAGE where something else than an earlier page has the name. */
myo_err myo_page_may_replace(const char *path, myo_diag *d);
myo_err myo_page_open(myo_page *p, const char *path, myo_diag *d);
myo_err myo_page_close(myo_page *p); /* whole, or not there */
void myo_page_abort(myo_page *p);    /* after a failure; fine after close, and when never opened */
/* Hands what has gathered to the file, so that the page's length costs no memory. */
myo_err myo_page_flush(myo_page *p);

void myo_page_head(myo_page *p, const char *title);
void myo_page_foot(myo_page *p);
/* A section, with an anchor if id is not NULL; `level` 2 or 3. */
void myo_page_section(myo_page *p, const char *id, int level, const char *heading);
void myo_page_section_end(myo_page *p);
/* Text that opens on demand (and in print). */
void myo_page_fold(myo_page *p, const char *summary);
void myo_page_fold_end(myo_page *p);

/* A paragraph of class `cls` ("" for none): ready text, or one gathered in p->b between the two. */
void myo_page_para(myo_page *p, const char *cls, const char *text);
void myo_page_para_begin(myo_page *p, const char *cls);
void myo_page_para_end(myo_page *p);
/* Escaped text. NULL gives nothing. */
void myo_page_text(myo_page *p, const char *text);
/* A name from a file: its direction of writing stays its own. */
void myo_page_name(myo_page *p, const char *name);

/* A figure: begin, the SVG, then the caption (escaped by who writes it), end. */
void myo_page_figure(myo_page *p);
void myo_page_caption(myo_page *p);
void myo_page_figure_end(myo_page *p);

/* A table. Headings that begin with '#' are of columns with numbers. */
void myo_page_table(myo_page *p, const char *caption, const char *const *heads, int n);
void myo_page_row(myo_page *p, const char *cls);
void myo_page_row_end(myo_page *p);
void myo_page_table_end(myo_page *p);
/* Cells; "" and NULL and NaN are n/a. */
void myo_page_th(myo_page *p, const char *text);
void myo_page_td(myo_page *p, const char *text);
void myo_page_num(myo_page *p, double v, int digits);
void myo_page_int(myo_page *p, double v);
/* "low to high", in one cell. */
void myo_page_limits(myo_page *p, double low, double high, int digits);
/* A cell that the caller fills; cls "n" for numbers. */
void myo_page_cell(myo_page *p, const char *cls);
void myo_page_cell_end(myo_page *p);

/* The style of the page (style.c). */
void myo_style_text(myo_buf *b);

#endif
