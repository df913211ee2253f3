#!/usr/bin/env Rscript
# Reference numbers for exact tests, risks, meta-analysis and adjusted p-values, by R (4.2, no
# packages beyond base). Run in this folder to write exact.tsv again:
#
#     Rscript make_exact.R
#
# Each row of exact.tsv: what is tested, the arguments as our function takes them, what R gives, and
# the R call that gave it. Where base R has no such function, the call names one of those below,
# which use another way than the C code (pbinom, phyper, dhyper, optimize, uniroot). The file is
# committed, so the tests need no R.
options(digits = 17, warn = 1)
set.seed(20240501)

# --- what base R has not ---

# Logs of tails that underflow are replaced, with a warning each, far from the root.
root <- function(f, lo, hi)
  suppressWarnings(uniroot(f, c(lo, hi), tol = 1e-15, maxiter = 10000, extendInt = "yes")$root)

midp.binom <- function(k, n, p) {
  upper <- pbinom(k, n, p, lower.tail = FALSE) + dbinom(k, n, p) / 2
  lower <- pbinom(k - 1, n, p) + dbinom(k, n, p) / 2
  min(1, 2 * min(upper, lower))
}
midp.limits <- function(k, n, level) {
  a <- (1 - level) / 2
  tail <- function(lower) function(theta) {
    p <- plogis(theta)
    log(pbinom(if (lower) k - 1 else k, n, p, lower.tail = lower) + dbinom(k, n, p) / 2) - log(a)
  }
  g <- qlogis((k + 0.5) / (n + 1))
  c(if (k == 0) 0 else plogis(root(tail(FALSE), g - 3, g)),
    if (k == n) 1 else plogis(root(tail(TRUE), g, g + 3)))
}
odds.ratio <- function(p) p / (1 - p)
midp.rates <- function(n0, t0, n1, t1, level) {
  ends <- odds.ratio(midp.limits(n1, n0 + n1, level)) * t0 / t1
  c((n1 / t1) / (n0 / t0), ends, midp.binom(n1, n0 + n1, t1 / (t0 + t1)))
}
poisson.rates <- function(n0, t0, n1, t1, level) {
  r <- poisson.test(c(n1, n0), c(t1, t0), conf.level = level)
  c(r$estimate, r$conf.int, r$p.value)
}
# Quasi-Poisson score limits: the ratios at which the deviate is t and -t.
quasi.side <- function(n0, t0, f0, n1, t1, f1, t) {
  x <- n1 / f1; y <- n0 / f0; s <- (t1 / f1) / (t0 / f0)
  dev <- function(theta) {
    p <- plogis(theta + log(s))
    (x - (x + y) * p) / sqrt((x + y) * p * (1 - p))
  }
  g <- log((x + 0.5) / (y + 0.5) / s)
  c(if (x == 0) 0 else exp(root(function(v) dev(v) - t, g - 5, g)),
    if (y == 0) Inf else exp(root(function(v) dev(v) + t, g, g + 5)), dev(0)^2)
}
quasi.rates <- function(n0, t0, f0, df0, n1, t1, f1, df1, level) {
  f <- max(1, (n0 * f0 + n1 * f1) / (n0 + n1)); t <- qt(1 - (1 - level) / 2, df0 + df1)
  a <- quasi.side(n0, t0, f, n1, t1, f, t)
  b <- quasi.side(n0, t0, max(1, f0), n1, t1, max(1, f1), t)
  p <- 2 * pt(-sqrt(min(a[3], b[3])), df0 + df1)
  c((n1 / t1) / (n0 / t0), min(a[1], b[1]), max(a[2], b[2]), p, f)
}
fisher.p <- function(a, n1, c, n0) fisher.test(matrix(c(a, n1 - a, c, n0 - c), 2))$p.value
fisher.all <- function(a, n1, c, n0, level) {
  r <- fisher.test(matrix(c(a, n1 - a, c, n0 - c), 2), conf.level = level)
  c(r$estimate, r$conf.int)
}
# The same equations as fisher.test, solved to 1e-15: fisher.test stops at 1e-4.
fisher.fine <- function(a, n1, c, n0, level) {
  m <- a + c; lo <- max(0, m - n0); hi <- min(n1, m); s <- lo:hi
  w <- dhyper(s, n1, n0, m, log = TRUE)
  law <- function(theta) { d <- w + theta * s; d <- exp(d - max(d)); d / sum(d) }
  alpha <- (1 - level) / 2
  g <- log((a + 0.5) * (n0 - c + 0.5) / ((n1 - a + 0.5) * (c + 0.5)))
  est <- function(v) sum(s * law(v)) - a
  low <- function(v) log(sum(law(v)[s >= a])) - log(alpha)
  high <- function(v) log(sum(law(v)[s <= a])) - log(alpha)
  c(if (a == lo) 0 else if (a == hi) Inf else exp(root(est, g - 1, g + 1)),
    if (a == lo) 0 else exp(root(low, g - 3, g)),
    if (a == hi) Inf else exp(root(high, g, g + 3)))
}
fisher.central <- function(a, n1, c, n0)
  min(1, 2 * min(phyper(a, n1, n0, a + c), phyper(a - 1, n1, n0, a + c, lower.tail = FALSE)))
half <- function(a, n1, c, n0) {
  h <- if (a == 0 || c == 0 || a == n1 || c == n0) 0.5 else 0
  c(a + h, n1 + 2 * h, c + h, n0 + 2 * h)
}
log.ratio <- function(a, n1, c, n0) {
  v <- half(a, n1, c, n0)
  c(log(v[1] / v[2] / (v[3] / v[4])), sqrt(1 / v[1] - 1 / v[2] + 1 / v[3] - 1 / v[4]))
}
katz <- function(a, n1, c, n0, level) {
  r <- log.ratio(a, n1, c, n0)
  c(exp(r[1]), exp(r[1] + c(-1, 1) * qnorm((1 + level) / 2) * r[2]), 2 * pnorm(-abs(r[1] / r[2])))
}
# Score interval: the likelihood under the ratio is maximised numerically.
score.chi2 <- function(a, n1, c, n0, ratio) {
  top <- min(1, 1 / ratio)
  # maximum where the derivative is zero; it falls from +Inf to -Inf (or the end is the maximum)
  dl <- function(q) (a + c) / q - (n1 - a) * ratio / (1 - ratio * q) - (n0 - c) / (1 - q)
  end <- top * (1 - 1e-15)
  q <- if (dl(end) > 0) top else uniroot(dl, c(top * 1e-12, end), tol = 1e-18)$root
  p1 <- ratio * q
  part <- function(k, n, p) if (n * p == k) 0 else (k - n * p)^2 / (n * p * (1 - p))
  part(a, n1, p1) + part(c, n0, q)
}
score.ratio <- function(a, n1, c, n0, level) {
  z2 <- qchisq(level, 1)
  at <- if (a == 0 || c == 0) log.ratio(a, n1, c, n0)[1] else log(a / n1 / (c / n0))
  f <- function(v) score.chi2(a, n1, c, n0, exp(v)) - z2
  low <- if (a == 0) 0 else exp(uniroot(f, c(at - 12, at), tol = 1e-14)$root)
  high <- if (c == 0) Inf else exp(uniroot(f, c(at, at + 12), tol = 1e-14)$root)
  p <- suppressWarnings(prop.test(c(a, c), c(n1, n0), correct = FALSE)$p.value)
  c((a / n1) / (c / n0), low, high, if (is.nan(p)) 1 else p)
}
wilson <- function(k, n, level)
  suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE)$conf.int)
newcombe <- function(a, n1, c, n0, level) {
  w1 <- wilson(a, n1, level); w0 <- wilson(c, n0, level); p1 <- a / n1; p0 <- c / n0; d <- p1 - p0
  c(d, d - sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), d + sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2))
}
coverage <- function(n1, p1, n0, p0, level, interval) {
  g <- expand.grid(a = 0:n1, c = 0:n0); g <- g[g$a + g$c > 0, ]
  w <- dbinom(g$a, n1, p1) * dbinom(g$c, n0, p0)
  holds <- function(a, c) {
    r <- interval(a, n1, c, n0, level)
    r[2] <= p1 / p0 && p1 / p0 <= r[3]
  }
  held <- mapply(holds, g$a, g$c)
  sum(w[held]) / sum(w)
}
difference <- function(n0, t0, n1, t1, level) {
  z <- qnorm((1 + level) / 2)
  lim <- function(n, t) sapply(c(-1, 1), function(s) (n + z^2 / 2 + s * z * sqrt(n + z^2 / 4)) / t)
  a <- lim(n1, t1); b <- lim(n0, t0); r1 <- n1 / t1; r0 <- n0 / t0; d <- r1 - r0
  c(d, d - sqrt((r1 - a[1])^2 + (b[2] - r0)^2), d + sqrt((a[2] - r1)^2 + (r0 - b[1])^2))
}
# Scatter: a quasi-Poisson fit with the exposures as offset.
dispersion <- function(y, t) {
  m <- glm(y ~ 1 + offset(log(t)), family = poisson, control = list(epsilon = 1e-14, maxit = 100))
  d <- sum(residuals(m, "pearson")^2)
  c(d / m$df.residual, d, pchisq(d, m$df.residual, lower.tail = FALSE))
}
# Inverse variance by weighted least squares; tau2 by the moment equation, solved for.
iv <- function(y, s, level, safe) {
  k <- length(y); z <- qnorm((1 + level) / 2)
  fit <- function(t2) lm(y ~ 1, weights = 1 / (s^2 + t2))
  q <- function(t2) sum(weights(fit(t2)) * residuals(fit(t2))^2)
  w <- 1 / s^2; q0 <- q(0)
  t2 <- max(0, (q0 - (k - 1)) / (sum(w) - sum(w^2) / sum(w)))
  m0 <- coef(fit(0)); m1 <- coef(fit(t2))
  se0 <- 1 / sqrt(sum(w)); se1 <- 1 / sqrt(sum(1 / (s^2 + t2)))
  # lm's own standard error is Hartung and Knapp's
  hk <- summary(fit(t2))$coefficients[1, 2]; if (safe) hk <- max(hk, se1)
  i2 <- max(0, 1 - (k - 1) / q0); h <- sqrt(q0 / (k - 1))
  sh <- if (k < 3) NaN
    else if (q0 > k) 0.5 * (log(q0) - log(k - 1)) / (sqrt(2 * q0) - sqrt(2 * k - 3))
    else sqrt(1 / (2 * (k - 2)) * (1 - 1 / (3 * (k - 2)^2)))
  hl <- exp(log(h) + c(-1, 1) * z * sh)
  il <- if (k < 3) c(NaN, NaN) else pmax(0, (hl^2 - 1) / hl^2)
  c(exp(m0), exp(m0 + c(-1, 1) * z * se0), 2 * pnorm(-abs(m0 / se0)),
    exp(m1), exp(m1 + c(-1, 1) * z * se1), 2 * pnorm(-abs(m1 / se1)),
    exp(m1 + c(-1, 1) * qt((1 + level) / 2, k - 1) * hk), 2 * pt(-abs(m1 / hk), k - 1),
    q0, pchisq(q0, k - 1, lower.tail = FALSE), t2, i2, il)
}
# Mantel-Haenszel risk ratio; variance as in Rothman, Greenland and Lash.
mh <- function(a, n1, c, n0, level) {
  n <- n1 + n0; r <- sum(a * n0 / n) / sum(c * n1 / n)
  v <- sum(((a + c) * n1 * n0 - a * c * n) / n^2) / (sum(a * n0 / n) * sum(c * n1 / n))
  c(r, exp(log(r) + c(-1, 1) * qnorm((1 + level) / 2) * sqrt(v)), 2 * pnorm(-abs(log(r)) / sqrt(v)))
}
tables <- function(a, n1, c, n0, level, safe) {
  use <- a + c > 0
  l <- mapply(log.ratio, a, n1, c, n0)[, use, drop = FALSE]
  c(mh(a, n1, c, n0, level), iv(l[1, ], l[2, ], level, safe)[-(1:4)])
}

# --- the file ---

digits <- function(x) { # the fewest that read back as the same number
  s <- sprintf("%.15g", x)
  ifelse(is.nan(x) | as.numeric(s) == x, s, sprintf("%.17g", x))
}
num <- function(x) paste(sprintf("%.17g", x), collapse = " ")
rows <- character()
add <- function(what, args, call) {
  value <- eval(parse(text = call), globalenv())
  rows[[length(rows) + 1]] <<-
    paste(what, paste(digits(args), collapse = " "), num(as.vector(value)), call, sep = "\t")
}
txt <- function(x) {
  s <- digits(x)
  if (length(s) == 1) s else sprintf("c(%s)", paste(s, collapse = ", "))
}
fill <- function(fmt, ...) do.call(sprintf, c(list(fmt), lapply(list(...), txt)))

kn <- list(c(0, 1), c(1, 1), c(0, 10), c(10, 10), c(1, 10), c(5, 10), c(3, 7), c(11, 13),
           c(24, 25), c(1, 40), c(0, 1000), c(17, 1000), c(500, 1000), c(999, 1000), c(4, 1e5),
           c(31234, 1e5), c(0, 1e6), c(1, 1e6), c(499000, 1e6), c(500000, 1e6), c(999999, 1e6))
for (v in kn) for (level in c(0.9, 0.95, 0.999))
  add("binom_limits", c(v, level),
      fill("binom.test(%s, %s, conf.level = %s)$conf.int", v[1], v[2], level))
# binom.test takes gigabytes for its p here
add("binom_limits", c(123, 1e9, 0.95), "qbeta(c(0.025, 0.975), c(123, 124), 1e9 - c(122, 123))")
for (v in kn[1:19]) {
  add("binom_midp_limits", c(v, 0.95), fill("midp.limits(%s, %s, 0.95)", v[1], v[2]))
  add("wilson_limits", c(v, 0.95), fill("wilson(%s, %s, 0.95)", v[1], v[2]))
}
for (v in kn[1:19]) for (p in c(0.5, 0.3, 0.01, v[1] / v[2])) {
  add("binom_p", c(v, p), fill("binom.test(%s, %s, %s)$p.value", v[1], v[2], p))
  add("binom_midp", c(v, p), fill("midp.binom(%s, %s, %s)", v[1], v[2], p))
}
# n_ref t_ref n_con t_con: equal, zeros, unequal exposure, tied likelihoods, tiny, large
rates <- list(c(0, 1, 1, 1), c(1, 1, 0, 1), c(0, 1, 5, 2), c(7, 1, 0, 3), c(1, 1, 1, 1),
              c(3, 1, 3, 1), c(10, 1, 5, 1), c(20, 1, 10, 1), c(40, 1, 20, 1), c(10, 2, 5, 1),
              c(12, 0.37, 31, 0.81), c(100, 24, 60, 8),
              c(2, 1e-3, 900, 1), c(17, 3600, 4, 5400), c(1000, 1, 1100, 1), c(1e5, 10, 1e5, 10.1),
              c(1e6, 5, 999000, 5), c(1e6, 1, 20, 1), c(1e6, 1, 0, 1), c(3e5, 1, 1e6, 3.3))
for (v in rates) for (level in c(0.95, 0.8)) {
  a5 <- fill("%s, %s, %s, %s, %s", v[1], v[2], v[3], v[4], level)
  add("rate_ratio", c(v, level), sprintf("poisson.rates(%s)", a5))
  if (level == 0.95) add("rate_ratio_midp", c(v, level), sprintf("midp.rates(%s)", a5))
  add("rate_difference", c(v, level), sprintf("difference(%s)", a5))
}
for (v in rates[1:15]) {
  s <- c(round(runif(1, 0.6, 4), 2), sample(5:60, 1), round(runif(1, 0.6, 4), 2), sample(5:60, 1))
  add("rate_ratio_quasi", c(v[1:2], s[1:2], v[3:4], s[3:4], 0.95),
      fill("quasi.rates(%s, %s, %s, %s, %s, %s, %s, %s, 0.95)",
           v[1], v[2], s[1], s[2], v[3], v[4], s[3], s[4]))
}
for (i in 1:8) {
  n <- c(2, 3, 10, 30, 60, 60, 240, 2000)[i]
  t <- if (i %% 2) rep(1, n) else round(runif(n, 0.2, 1), 3)
  y <- rnbinom(n, mu = 2 * t, size = c(1, 100)[1 + i %% 2]); y[1] <- y[1] + 1
  add("dispersion", c(y, t), fill("dispersion(%s, %s)", y, t))
}
# a of n1, c of n0; the first three are Gueler 2005, Rashdi 2013 and Mullick 2018 (control, priming)
arms <- list(c(6, 25, 18, 25), c(16, 25, 15, 25), c(38, 63, 53, 63),
             c(0, 10, 5, 10), c(5, 10, 0, 10), c(10, 10, 4, 10), c(4, 10, 10, 10),
             c(1, 1, 0, 1), c(1, 2, 1, 2), c(3, 4, 1, 4), c(12, 25, 12, 25), c(7, 31, 19, 44),
             c(2, 71, 9, 68), c(61, 71, 30, 71), c(1, 300, 9, 310), c(150, 300, 100, 200),
             c(1, 1000, 0, 1000), c(0, 5, 3, 900), c(9, 9, 8, 9), c(480, 1000, 520, 1000),
             c(20, 40, 20, 40), c(5, 17, 10, 34), c(2000, 20000, 2100, 20000),
             c(49000, 1e5, 50000, 1e5), c(30, 1e5, 60, 1e5), c(499000, 1e6, 501000, 1e6))
for (v in arms) {
  a4 <- fill("%s, %s, %s, %s", v[1], v[2], v[3], v[4])
  big <- v[2] > 5e5
  add("fisher_p", v, sprintf("fisher.p(%s)", a4))
  add("fisher_central", v, sprintf("fisher.central(%s)", a4))
  if (!big) add("fisher", c(v, 0.95), sprintf("fisher.all(%s, 0.95)", a4))
  if (!big) add("fisher_fine", c(v, 0.95), sprintf("fisher.fine(%s, 0.95)", a4))
  add("katz", c(v, 0.95), sprintf("katz(%s, 0.95)", a4))
  add("score", c(v, 0.95), sprintf("score.ratio(%s, 0.95)", a4))
  add("newcombe", c(v, 0.95), sprintf("newcombe(%s, 0.95)", a4))
}
for (i in 1:40) {
  n <- sample(2:60, 2); v <- c(rbinom(1, n[1], runif(1)), n[1], rbinom(1, n[2], runif(1)), n[2])
  if (v[1] + v[3] == 0 || v[1] + v[3] == sum(n)) next
  a4 <- fill("%s, %s, %s, %s", v[1], v[2], v[3], v[4])
  add("fisher_p", v, sprintf("fisher.p(%s)", a4))
  add("fisher_fine", c(v, 0.9), sprintf("fisher.fine(%s, 0.9)", a4))
  add("score", c(v, 0.99), sprintf("score.ratio(%s, 0.99)", a4))
}
for (v in list(c(10, 0.3, 10, 0.3), c(25, 0.24, 25, 0.72), c(12, 0.5, 30, 0.1),
               c(40, 0.9, 20, 0.8))) {
  a4 <- fill("%s, %s, %s, %s", v[1], v[2], v[3], v[4])
  add("katz_coverage", c(v, 0.95), sprintf("coverage(%s, 0.95, katz)", a4))
}
add("score_coverage", c(10, 0.3, 12, 0.4, 0.95), "coverage(10, 0.3, 12, 0.4, 0.95, score.ratio)")
add("score_coverage", c(9, 0.7, 15, 0.9, 0.9), "coverage(9, 0.7, 15, 0.9, 0.9, score.ratio)")

studies <- list(
  list(c(6, 16, 38), c(25, 25, 63), c(18, 15, 53), c(25, 25, 63)),
  list(c(6, 16), c(25, 25), c(18, 15), c(25, 25)),
  list(c(0, 3, 5, 0, 12), c(20, 30, 25, 22, 60), c(4, 6, 9, 0, 15), c(21, 30, 26, 20, 58)),
  list(c(10, 10, 5), c(10, 20, 40), c(8, 14, 9), c(10, 20, 41)),
  list(c(4, 9, 16, 33), c(40, 80, 160, 320), c(8, 16, 32, 64), c(40, 80, 160, 320)),
  list(rbinom(30, 50, 0.3), rep(50, 30), rbinom(30, 60, 0.35), rep(60, 30)),
  list(c(1, 2, 30), c(400, 900, 100), c(9, 8, 28), c(380, 1000, 104)))
for (s in studies) for (safe in 0:1)
  add("meta_tables", c(safe, s[[1]], s[[2]], s[[3]], s[[4]]),
      fill("tables(%s, %s, %s, %s, 0.95, %s == 1)", s[[1]], s[[2]], s[[3]], s[[4]], safe))
for (k in c(2, 3, 5, 12, 40)) for (safe in 0:1) {
  s <- round(runif(k, 0.1, 0.6), 3); y <- round(rnorm(k, -0.5, sqrt(s^2 + 0.1 * (k %% 2))), 4)
  add("meta_effects", c(safe, y, s), fill("iv(%s, %s, 0.95, %s == 1)", y, s, safe))
}
families <- list(0.04, c(0.01, 0.02, 0.03), c(0.03, 0.03, 0.03, 0.5), c(1, 1, 0),
                 c(0.9, 0.4, 1e-300, 1e-9, 0.04), c(NaN, 0.01, NaN, 0.04), c(NaN, NaN),
                 round(runif(20), 4), round(runif(100)^4, 6), rep(c(0.001, 0.2), 15),
                 10^-(1:12), c(0.05, 0.05, 0.05), c(0.5, 0.25))
for (p in families) {
  add("holm", p, fill("p.adjust(%s, \"holm\")", p))
  add("bh", p, fill("p.adjust(%s, \"BH\")", p))
}
writeLines(c("what\targuments\texpected\tR", rows), "exact.tsv")
cat(length(rows), "cases\n")
