/* style.c - the page's one style: light, dark where the reader's system is, plain ink in print. */
#include "report/page.h"
#include "report/paint.h"

static const char light[] =
    ":root{--bg:#fff;--fg:#1b1f24;--soft:#59636e;--line:#d0d7de;--grid:#e8ecf0;"
    "--panel:#f6f8fa;--warn:#8a4b00;--bad:#a40e26;--up:#b35900;--down:#0b5cad;--same:#6e7781}\n";
static const char dark[] =
    ":root{--bg:#14171a;--fg:#e4e8ec;--soft:#a3adb8;--line:#3d444d;--grid:#2a3037;"
    "--panel:#1c2126;--warn:#f0b060;--bad:#ff8f8f;--up:#f0a050;--down:#6cb2f5;--same:#9aa4ae}\n";

static const char text[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:1rem/1.5 "
    "system-ui,-apple-system,'Segoe UI',"
    "Roboto,'Helvetica Neue',Arial,sans-serif}\n"
    "header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}\n"
    "header{padding-top:2rem}footer{padding:2rem 1.25rem;color:var(--soft);font-size:.875rem}\n"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}\n"
    "h2{font-size:1.3rem;margin:2.75rem 0 .75rem;padding-top:.5rem;border-top:1px solid "
    "var(--line)}\n"
    "h3{font-size:1.05rem;margin:2rem 0 .5rem}\n"
    "p{margin:.5rem 0;max-width:48rem}ul{margin:.5rem 0;padding-left:1.25rem;max-width:48rem}\n"
    "bdi{overflow-wrap:anywhere}a{color:var(--down)}\n"
    ".note{color:var(--soft);font-size:.9rem}.use{border-left:4px solid var(--line);padding:.35rem "
    ".9rem;"
    "margin:1rem 0;color:var(--soft);font-size:.9rem}\n"
    ".answer{font-size:1.15rem;line-height:1.45;padding:.9rem 1.1rem;background:var(--panel);"
    "border-left:4px solid var(--down);max-width:none}\n"
    ".warn{color:var(--warn)}.bad{color:var(--bad);font-weight:600}.skip{position:absolute;left:-"
    "99rem}\n"
    ".skip:focus{position:static}nav ul{display:flex;flex-wrap:wrap;gap:.25rem "
    "1.1rem;list-style:none;padding:0;"
    "margin:.75rem 0;max-width:none}\n"
    "figure{margin:1.25rem "
    "0}figcaption{color:var(--soft);font-size:.9rem;max-width:52rem;margin-top:.4rem}\n"
    ".wide{overflow-x:auto}svg{display:block;max-width:none}\n"
    "table{border-collapse:collapse;font-size:.84rem;margin:.75rem 0 1.25rem}\n"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
    "th,td{padding:.28rem .65rem;text-align:left;vertical-align:top;border-bottom:1px solid "
    "var(--grid)}\n"
    "th bdi,td bdi{display:inline-block;max-width:22rem;overflow-wrap:anywhere}\n"
    "thead th{border-bottom:1px solid var(--soft);font-weight:600;vertical-align:bottom}\n"
    "tbody "
    "th{font-weight:500}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".na{color:var(--soft)}.lead{font-weight:600}.expl{color:var(--soft)}\n"
    ".hash{font:.75rem ui-monospace,monospace;overflow-wrap:anywhere}\n"
    "details{margin:.75rem 0;border:1px solid var(--line);border-radius:4px;padding:.35rem .9rem}\n"
    "summary{cursor:pointer;font-weight:600;padding:.2rem 0}\n";

static const char figures[] =
    "svg text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica "
    "Neue',Arial,sans-serif;fill:var(--fg);"
    "unicode-bidi:isolate}\n"
    "svg .tk{font-size:11px;fill:var(--soft)}svg .an{font-size:12px;fill:var(--fg)}svg "
    ".s{font-size:11px}\n"
    "svg .so{fill:var(--soft)}svg .b{font-weight:600}svg .h{font-size:13px;font-weight:600}\n"
    ".ax{stroke:var(--soft);stroke-width:1;fill:none}.gr{stroke:var(--grid);stroke-width:1;fill:"
    "none}\n"
    ".nul{stroke:var(--fg);stroke-width:1;stroke-dasharray:4 3}.sep{stroke:var(--line)}\n"
    ".band{fill:var(--panel)}.box{fill:none;stroke:var(--line)}\n"
    ".wh{stroke:var(--fg);stroke-width:1.5;fill:none}.pt{fill:var(--fg)}.ar{fill:var(--fg)}\n"
    ".lead .wh{stroke:var(--down);stroke-width:2.5}.lead .pt,.lead .ar{fill:var(--down)}\n"
    ".expl .wh{stroke:var(--same)}.expl .pt,.expl .ar{fill:var(--same)}.expl "
    "text{fill:var(--soft)}\n"
    ".k .wh{stroke:var(--k)}.k .pt{fill:var(--k)}.k "
    ".ho{fill:var(--bg);stroke:var(--k);stroke-width:1.5}\n"
    ".k .ar{fill:var(--k)}.k .ev{fill:var(--k)}.k .sh{fill:var(--k);opacity:.16}\n"
    ".k .edge{stroke:var(--k);stroke-width:1}\n"
    ".up path,.up line{stroke:var(--up);stroke-dasharray:5 3}.down line,.down "
    "path{stroke:var(--down)}\n"
    ".same line,.same path{stroke:var(--same);stroke-dasharray:1.5 3}\n"
    ".up line,.down line,.same line{stroke-width:1.4;fill:none}\n"
    ".up circle{fill:var(--up)}.down circle{fill:var(--down)}.same circle{fill:var(--same)}\n"
    ".dot circle{fill-opacity:.8;stroke:var(--bg);stroke-width:.8}.gl "
    "circle{fill:none;stroke:var(--soft)}\n"
    ".med{stroke:var(--fg);stroke-width:3;fill:none}\n"
    ".raw{stroke:var(--same);stroke-width:.8;fill:none}.sig{fill:var(--same);stroke:none;opacity:."
    "75}\n"
    ".fil{stroke:var(--fg);stroke-width:.9;fill:none}.env{stroke:var(--down);stroke-width:1.4;fill:"
    "none}\n"
    ".thr{stroke:var(--up);stroke-width:1.2;stroke-dasharray:4 2;fill:none}\n";

static const char print_rules[] =
    "body{font-size:10pt}header,main,footer{max-width:none;padding:0}nav,.skip{display:none}\n"
    "figure,tr,svg{break-inside:avoid}h2,h3{break-after:avoid}.wide{overflow:visible}\n"
    "svg{max-width:100%;height:auto}details{border:0;padding:0}details::details-content{content-"
    "visibility:visible}\n"
    "table{font-size:8pt}th,td{padding:.15rem .35rem}\n";

void myo_style_text(myo_buf *b) {
    myo_buf_puts(b, "\n");
    myo_buf_puts(b, light);
    myo_paint_rules(b, false);
    myo_buf_puts(b, "@media screen and (prefers-color-scheme:dark){\n");
    myo_buf_puts(b, dark);
    myo_paint_rules(b, true);
    myo_buf_puts(b, "}\n");
    myo_buf_puts(b, text);
    myo_buf_puts(b, figures);
    myo_buf_puts(b, "@media print{\n");
    myo_buf_puts(b, print_rules);
    myo_buf_puts(b, "}\n");
}
