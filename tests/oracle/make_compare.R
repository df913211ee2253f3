# Expected numbers of `myotab compare` on small studies, by R. Run in this folder to write
# compare_expected.tsv again:
#
#     Rscript make_compare.R
#
# The same counts stand in tests/unit/test_compare_paired.c and test_compare_rates.c. The file is
# committed, so the tests need no R.

# What a number is, and by which of R's tests or fits it was made.
describe <- function(e, frame) {
  text <- paste(deparse(e, width.cutoff = 500), collapse = " ")
  for (v in all.vars(e)) {
    x <- get0(v, frame)
    made <- if (inherits(x, "htest")) paste(x$method, "of", paste(x$data.name, collapse = " "))
      else if (is.list(x) && !is.null(x$call)) paste(trimws(deparse(x$call, 500)), collapse = " ")
    if (!is.null(made)) text <- paste0(text, "; ", v, ": ", made)
  }
  text
}
out <- list()
how <- list()
put <- function(key, value) {
  how[[key]] <<- describe(substitute(value), parent.frame())
  out[[key]] <<- value
}

# --- paired: 12 people, events and hours under pre and post ---
n_pre <- c(40, 25, 61, 18, 33, 52, 9, 71, 28, 45, 15, 37)
n_post <- c(22, 14, 25, 13, 20, 21, 7, 30, 31, 19, 4, 18)
h_pre <- c(1, 1.1, 0.9, 1, 1.2, 1, 0.8, 1, 1, 1.05, 0.95, 1)
h_post <- c(1.02, 1, 1, 1.1, 0.98, 1, 1, 0.97, 1, 1, 1, 1.03)
d <- log((n_post + 0.5) / h_post) - log((n_pre + 0.5) / h_pre)
w <- wilcox.test(d, conf.int = TRUE, exact = TRUE)
put("paired.effect", exp(w$estimate))
put("paired.low", exp(w$conf.int[1]))
put("paired.high", exp(w$conf.int[2]))
put("paired.p", w$p.value)
put("paired.level", 1 - 2 * psignrank(qsignrank(0.025, 12) - 1, 12))
put("paired.median_pre", median(n_pre / h_pre))
put("paired.median_post", median(n_post / h_post))
put("paired.mean", exp(mean(d)))
flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), 12)))
means <- as.vector(flips %*% abs(d)) / 12
obs <- mean(d)
put("paired.flip_p", min(1, 2 * min(mean(means <= obs + 1e-12), mean(means >= obs - 1e-12))))

# Indeterminate events counted in: 3 more under pre, 5 under post, for everybody.
di <- log((n_post + 5.5) / h_post) - log((n_pre + 3.5) / h_pre)
w <- wilcox.test(di, conf.int = TRUE, exact = TRUE)
put("paired.in_effect", exp(w$estimate))
put("paired.in_p", w$p.value)

# The first five people only: 95 % cannot be had.
w <- wilcox.test(d[1:5], conf.int = TRUE, exact = TRUE, conf.level = 0.9375)
put("five.effect", exp(w$estimate))
put("five.low", exp(w$conf.int[1]))
put("five.high", exp(w$conf.int[2]))
put("five.p", w$p.value)

# Crossover: the odd ones had pre first, the even ones post.
first <- d[seq(1, 12, 2)]
second <- d[seq(2, 12, 2)]
t <- t.test(first, -second, var.equal = TRUE)
put("crossover.effect", exp((mean(first) + mean(second)) / 2))
put("crossover.low", exp(t$conf.int[1] / 2))
put("crossover.high", exp(t$conf.int[2] / 2))
put("crossover.p", t$p.value)

# Burden (s/h): differences, one of them zero, which is not ranked.
b_pre <- c(12, 8, 20, 5, 10, 16, 3, 22, 9, 14, 4, 11)
b_post <- c(7, 5, 9, 4, 6.5, 7, 3, 10, 9.6, 6.2, 1.1, 5.3)
db <- b_post - b_pre
w <- wilcox.test(db[db != 0], conf.int = TRUE, exact = TRUE)
# estimate and interval over all 12, the zero among them; wilcox.test would leave it out
walsh <- outer(db, db, "+") / 2
walsh <- sort(walsh[upper.tri(walsh, diag = TRUE)])
k <- qsignrank(0.025, length(db))
put("burden.effect", median(walsh))
put("burden.low", walsh[k])
put("burden.high", walsh[length(walsh) + 1 - k])
put("burden.p", w$p.value)

# Repeated baselines: the first six have a second pre session.
# Their scatter is never taken for less than that of counts.
h_pre2 <- c(1, 1, 1, 1.1, 1, 0.9)
mdc_rate <- function(n_pre2) {
    a <- log((n_pre[1:6] + 0.5) / h_pre[1:6])
    b <- log((n_pre2 + 0.5) / h_pre2)
    sem <- sqrt(max(mean((a - b)^2 / 2), mean(1 / (c(n_pre, n_pre2) + 0.5))))
    100 * (1 - exp(-1.96 * sqrt(2) * sem))
}
put("mdc.rate", mdc_rate(c(88, 10, 66, 12, 60, 23)))
put("mdc.alike", mdc_rate(c(44, 21, 66, 25, 30, 47)))

# --- rates: one person ---
p <- poisson.test(c(63, 120), c(2.01, 1.98))
put("rates.effect", p$estimate)
put("rates.low", p$conf.int[1])
put("rates.high", p$conf.int[2])
put("rates.p", p$p.value)
p <- poisson.test(c(0, 7), c(1, 1))
put("none.high", p$conf.int[2])
put("none.p", p$p.value)
p <- poisson.test(c(7, 0), c(1, 1))
put("first.low", p$conf.int[1])

# Events of one person: durations (ms), peaks (uV), frequencies (Hz).
dur_pre <- c(31, 44, 52, 38, 61, 47, 35, 58)
dur_post <- c(41, 66, 72, 55, 49, 80, 63)
w <- wilcox.test(log(dur_post), log(dur_pre), conf.int = TRUE, exact = TRUE)
put("duration.effect", exp(w$estimate))
put("duration.low", exp(w$conf.int[1]))
put("duration.high", exp(w$conf.int[2]))
put("duration.p", w$p.value)
k <- ks.test(dur_pre, dur_post, exact = TRUE)
put("duration.ks", k$statistic)
put("duration.ks_p", k$p.value)
put("duration.median_pre", median(dur_pre))
put("duration.median_post", median(dur_post))

# --- families: raw p, then Holm and Benjamini-Hochberg ---
p <- c(0.01, 0.04, 0.03, 0.2)
put("holm.2", p.adjust(p, "holm")[2])
put("bh.2", p.adjust(p, "BH")[2])

lines <- sprintf("%s\t%.17g\t%s", names(out), unlist(out), unlist(how))
writeLines(c("key\tvalue\tR", lines), "compare_expected.tsv")
