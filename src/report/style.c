/* style.c - the page's one style: light, dark where the reader's system is, plain ink in print. */
#include "report/page.h"
#include "report/paint.h"

#define FONTS "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

static const char light[] =
    ":root{--bg:#fff;--fg:#1b1f24;--soft:#59636e;--line:#d0d7de;--grid:#e8ecf0;--panel:#f6f8fa;"
    "--bad:#a40e26;--up:#b35900;--down:#0b5cad;--same:#6e7781}\n";
static const char dark[] =
    ":root{--bg:#14171a;--fg:#e4e8ec;--soft:#a3adb8;--line:#3d444d;--grid:#2a3037;--panel:#1c2126;"
    "--bad:#ff8f8f;--up:#f0a050;--down:#6cb2f5;--same:#9aa4ae}\n";

static const char text[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:1rem/1.5 " FONTS "}\n"
    "header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}\n"
    "header{padding-top:2rem}\n"
    "footer{padding:2rem 1.25rem;color:var(--soft);font-size:.875rem}\n"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}\n"
    "h2{font-size:1.3rem;margin:2.75rem 0 .75rem;padding-top:.5rem;"
    "border-top:1px solid var(--line)}\n"
    "h3{font-size:1.05rem;margin:2rem 0 .5rem}\n"
    "p{margin:.5rem 0;max-width:48rem}\n"
    "ol{margin:.5rem 0;padding-left:1.5rem;max-width:48rem}\n"
    "bdi{overflow-wrap:anywhere}\n"
    "a{color:var(--down)}\n"
    ".note{color:var(--soft);font-size:.9rem}\n"
    ".use{border-left:4px solid var(--line);padding:.35rem .9rem;margin:1rem 0;"
    "color:var(--soft);font-size:.9rem}\n"
    ".answer{font-size:1.15rem;line-height:1.45;padding:.9rem 1.1rem;background:var(--panel);"
    "border-left:4px solid var(--down);max-width:none}\n"
    ".bad{color:var(--bad);font-weight:600}\n"
    ".skip{position:absolute;left:-99rem}\n"
    ".skip:focus{position:static}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;padding:0;"
    "margin:.75rem 0}\n"
    "figure{margin:1.25rem 0}\n"
    "figcaption{color:var(--soft);font-size:.9rem;max-width:52rem;margin-top:.4rem}\n"
    ".wide{overflow-x:auto}\n"
    "svg{display:block;max-width:none}\n"
    "table{border-collapse:collapse;font-size:.84rem;margin:.75rem 0 1.25rem}\n"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
    "th,td{padding:.28rem .65rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--grid)}\n"
    "th bdi,td bdi{display:inline-block;max-width:30rem;overflow-wrap:break-word}\n"
    "thead th{border-bottom:1px solid var(--soft);font-weight:600;vertical-align:bottom}\n"
    "tbody th{font-weight:500}\n"
    "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".na{color:var(--soft);font-weight:400}\n"
    "td.notes{min-width:14rem}\n"
    "td.read{min-width:8rem}\n"
    "th.group{padding-top:1rem;font-weight:600}\n"
    ".expl{color:var(--soft)}\n"
    ".hash{font:.75rem ui-monospace,monospace;overflow-wrap:anywhere}\n"
    "details{margin:.75rem 0;border:1px solid var(--line);border-radius:4px;padding:.35rem .9rem}\n"
    "summary{cursor:pointer;font-weight:600;padding:.2rem 0}\n";

static const char figures[] =
    "svg text{font:12px " FONTS ";fill:var(--fg);unicode-bidi:isolate}\n"
    "svg .tk{font-size:11px;fill:var(--soft)}\n"
    "svg .s{font-size:11px}\n"
    "svg .so{fill:var(--soft)}\n"
    "svg .b{font-weight:600}\n"
    "svg .h{font-size:13px;font-weight:600}\n"
    ".ax{stroke:var(--soft);fill:none}\n"
    ".gr{stroke:var(--grid);fill:none}\n"
    ".nul{stroke:var(--fg);stroke-dasharray:4 3}\n"
    ".sep{stroke:var(--line)}\n"
    ".band{fill:var(--panel)}\n"
    ".wh{stroke:var(--fg);stroke-width:1.5;fill:none}\n"
    ".pt,.ar{fill:var(--fg)}\n"
    ".lead .wh{stroke:var(--down);stroke-width:2.5}\n"
    ".lead .pt,.lead .ar{fill:var(--down)}\n"
    ".expl .wh{stroke:var(--same)}\n"
    ".expl .pt,.expl .ar{fill:var(--same)}\n"
    ".expl text{fill:var(--soft)}\n"
    ".k .wh{stroke:var(--k)}\n"
    ".k .pt,.k .ar,.k .ev{fill:var(--k)}\n"
    ".k .ho{fill:var(--bg);stroke:var(--k);stroke-width:1.5}\n"
    ".k .sh{fill:var(--k);opacity:.16}\n"
    ".up line{stroke:var(--up);stroke-dasharray:5 3}\n"
    ".down line{stroke:var(--down)}\n"
    ".same line{stroke:var(--same);stroke-dasharray:1.5 3}\n"
    ".up line,.down line,.same line{stroke-width:1.4;fill:none}\n"
    ".up circle{fill:var(--up)}\n"
    ".down circle{fill:var(--down)}\n"
    ".same circle{fill:var(--same)}\n"
    ".dot circle{fill-opacity:.8;stroke:var(--bg);stroke-width:.8}\n"
    ".same .join{fill:none;stroke:var(--same)}\n"
    ".gl circle{fill:none;stroke:var(--soft)}\n"
    ".med{stroke:var(--fg);stroke-width:3;fill:none}\n"
    ".strip{stroke:var(--same);stroke-width:.9;fill:none}\n"
    ".raw{stroke:var(--same);stroke-width:.8;fill:none}\n"
    ".fil{stroke:var(--fg);stroke-width:.9;fill:none}\n"
    ".env{stroke:var(--down);stroke-width:1.4;fill:none}\n"
    ".thr{stroke:var(--up);stroke-width:1.2;stroke-dasharray:4 2;fill:none}\n";

static const char print_rules[] = "body{font-size:10pt}\n"
                                  "header,main,footer{max-width:none;padding:0}\n"
                                  "nav,.skip{display:none}\n"
                                  "figure,tr,svg{break-inside:avoid}\n"
                                  "h2,h3{break-after:avoid}\n"
                                  ".wide{overflow:visible}\n"
                                  "svg{max-width:100%;height:auto}\n"
                                  "details{border:0;padding:0}\n"
                                  "details::details-content{content-visibility:visible}\n"
                                  "table{font-size:8pt}\n"
                                  "td.notes,td.read{min-width:0}\n"
                                  "th,td{padding:.15rem .35rem}\n";

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
