#!/usr/bin/awk -f
# growth-figure.awk growth.tsv - four panels: nanoseconds a sample and MiB at the peak against duration, channels, events and
# recordings, logarithmic axes, as SVG.
function x_of(v) { return left + 150 * (log(v) - x_lo) / (x_hi > x_lo ? x_hi - x_lo : 1) }
function text(x, y, anchor, s) { printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, s }
function curve(of, top, most, colour,    i, path) {
    path = ""
    for (i = 1; i <= n; i++) {
        path = path sprintf("%s%.1f %.1f", i == 1 ? "M" : "L", x_of(value[i]), top + 90 * (1 - of[i] / most))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", x_of(value[i]), top + 90 * (1 - of[i] / most), colour
    }
    printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", path, colour
}
function box(top, most, label) {
    printf "<path d=\"M%.1f %.1fV%.1fH%.1f\" fill=\"none\" stroke=\"#777\"/>\n", left, top, top + 90, left + 155
    text(left - 4, top + 6, "end", sprintf("%.3g", most)); text(left - 4, top + 92, "end", "0")
    if (panel == 1) text(8, top - 8, "start", label)
}
function draw(    i, most_ns, most_mib) {
    if (n == 0) return
    left = 45 + 210 * (panel++); x_lo = log(value[1]); x_hi = log(value[n]); most_ns = most_mib = 0
    for (i = 1; i <= n; i++) {
        if (ns[i] > most_ns) most_ns = ns[i]
        if (mib[i] > most_mib) most_mib = mib[i]
    }
    box(30, most_ns, "ns a sample"); curve(ns, 30, most_ns, "#1b6ca8")
    box(150, most_mib, "MiB at the peak"); curve(mib, 150, most_mib, "#b5541c")
    for (i = 1; i <= n; i++) text(x_of(value[i]), 254, "middle", name[i])
    text(left + 75, 270, "middle", axis)
    n = 0
}
BEGIN {
    FS = "\t"
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 880 280\" font-family=\"sans-serif\" font-size=\"10\">"
    print "<rect width=\"880\" height=\"280\" fill=\"#fff\"/>"
}
NR == 1 { next }
$1 != last { draw(); last = $1 }
{
    axis = $1 == "duration" ? "hours of 8 channels" : $1 == "events" ? "jerks a minute and channel" : $1
    name[++n] = $1 == "duration" && $2 < 1 ? "1 min" : $2
    value[n] = $2 > 0 ? $2 : 0.3
    ns[n] = $6 / $4 * 1e9; mib[n] = $7 / 1024
}
END { draw(); print "</svg>" }
