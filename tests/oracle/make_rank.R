#!/usr/bin/env Rscript
# Reference numbers for rank tests, trends and permutation tests, by R (4.2, base packages only). Run
# in this folder to write signed_rank.tsv rank_sum.tsv ks.tsv correlation.tsv slope.tsv
# prop_trend.tsv permutation.tsv again, the same bytes each time:
#
#     Rscript make_rank.R
#
# The column "call" names what made a row's numbers: R's own function, or one of those below, which
# go through all arrangements one by one where the C code counts them. Slopes with ties and of many
# points are in slope_scipy.tsv (make_slope.py). The files are committed, so the tests need no R.
options(digits = 17, warn = -1)
set.seed(20240502)

num <- function(x) ifelse(is.na(x), "n/a", sprintf("%.17g", x))
cell <- function(x) if (is.character(x)) x else paste(num(x), collapse = " ")
rows <- list()
row <- function(...) rows[[length(rows) + 1]] <<- vapply(list(...), cell, "")
write_rows <- function(name, header) {
  stopifnot(all(lengths(rows) == length(header)))
  f <- file(name, "wb")
  writeLines(c(paste(header, collapse = "\t"), vapply(rows, paste, "", collapse = "\t")), f)
  close(f)
  cat(name, length(rows), "\n")
  rows <<- list()
}
two_sided <- function(stats, seen, slack = 1e-9) {
  min(1, 2 * min(mean(stats <= seen + slack), mean(stats >= seen - slack)))
}
med <- function(x) median(x)

# --- signed ranks ---

walsh <- function(d) sort(outer(d, d, "+")[lower.tri(diag(length(d)), diag = TRUE)] / 2)
flips <- function(n) as.matrix(expand.grid(rep(list(0:1), n)))
brute_signed_rank <- function(d) { # p by all 2^n signs of the midranks
  d <- d[d != 0]
  r <- rank(abs(d))
  two_sided(drop(flips(length(d)) %*% r), sum(r[d > 0]))
}
signed_rank_limits <- function(d, level) { # as R's conf.int = TRUE, by qsignrank
  d <- d[d != 0]
  n <- length(d)
  w <- walsh(d)
  k <- max(qsignrank((1 - level) / 2, n), 1)
  c(w[k], w[length(w) + 1 - k], 1 - 2 * psignrank(k - 1, n))
}
signed_rank_limits_normal <- function(d, level) {
  d <- d[d != 0]
  n <- length(d)
  w <- walsh(d)
  mu <- n * (n + 1) / 4
  sd <- sqrt(n * (n + 1) * (2 * n + 1) / 24)
  k <- floor(mu + 0.5 + qnorm((1 - level) / 2) * sd)
  c(w[k], w[length(w) + 1 - k], 1 - 2 * pnorm((k - 0.5 - mu) / sd))
}
signed_rank_row <- function(call, d, level, p, limits) {
  used <- d[d != 0]
  v <- sum(rank(abs(used))[used > 0])
  row(call, d, level, med(walsh(used)), limits[1:2], limits[3], p, v, sum(d == 0))
}
for (n in c(2:12, 15, 20, 30, 49, 60, 120, 200)) {
  d <- rnorm(n, 0.3)
  level <- if (n %% 3 == 0) 0.9 else 0.95
  w <- wilcox.test(d, exact = TRUE, conf.int = TRUE, conf.level = level)
  limits <- signed_rank_limits(d, level)
  stopifnot(all.equal(as.numeric(w$conf.int), limits[1:2]),
            all.equal(as.numeric(w$estimate), med(walsh(d))))
  signed_rank_row("wilcox.test(d, exact = TRUE, conf.int = TRUE)", d, level, w$p.value,
                  c(w$conf.int, limits[3]))
}
for (i in 1:16) { # ties and zeros
  n <- 3 + i %% 11
  d <- round(rnorm(n, 0.5, 1.5))
  if (sum(d != 0) < 2) d[1:2] <- c(1, -2)
  signed_rank_row("brute_signed_rank(d)", d, 0.95, brute_signed_rank(d),
                  signed_rank_limits(d, 0.95))
}
signed_rank_row("brute_signed_rank(d)", rep(1, 8), 0.95, brute_signed_rank(rep(1, 8)),
                signed_rank_limits(rep(1, 8), 0.95))
for (n in c(201, 300, 400)) for (digits in c(8, 1, 0)) { # normal; 1 and 0 make ties and zeros
  d <- round(rnorm(n, 0.1), digits)
  w <- wilcox.test(d, exact = FALSE, correct = TRUE)
  if (sum(d != 0) > 200) {
    signed_rank_row("wilcox.test(d, exact = FALSE, correct = TRUE)", d, 0.95, w$p.value,
                    signed_rank_limits_normal(d, 0.95))
  }
}
d <- rnorm(1000, 0.05)
signed_rank_row("wilcox.test(d, exact = FALSE, correct = TRUE)", d, 0.99,
                wilcox.test(d, exact = FALSE, correct = TRUE)$p.value,
                signed_rank_limits_normal(d, 0.99))
write_rows("signed_rank.tsv",
           c("call", "d", "level", "estimate", "limits", "attained", "p", "v", "zeros"))

# --- rank sums ---

shifts <- function(x, y) sort(outer(y, x, "-"))
brute_rank_sum <- function(x, y) { # p by all choices of the midranks
  r <- rank(c(x, y))
  two_sided(combn(length(r), length(y), function(k) sum(r[k])), sum(r[-seq_along(x)]))
}
rank_sum_limits <- function(x, y, level) { # as R's conf.int = TRUE, by qwilcox
  s <- shifts(x, y)
  k <- max(qwilcox((1 - level) / 2, length(x), length(y)), 1)
  c(s[k], s[length(s) + 1 - k], 1 - 2 * pwilcox(k - 1, length(x), length(y)))
}
rank_sum_limits_normal <- function(x, y, level) {
  s <- shifts(x, y)
  m <- length(s)
  sd <- sqrt(m / 12 * (length(x) + length(y) + 1))
  k <- floor(m / 2 + 0.5 + qnorm((1 - level) / 2) * sd)
  c(s[k], s[m + 1 - k], 1 - 2 * pnorm((k - 0.5 - m / 2) / sd))
}
newcombe5 <- function(x, y, level) { # P(x < y) + P(=) / 2, Newcombe 2006, method 5
  theta <- mean((sign(outer(y, x, "-")) + 1) / 2)
  m <- length(x)
  n <- length(y)
  star <- (m + n) / 2 - 1
  z <- qnorm((1 + level) / 2)
  off <- function(t) {
    v <- t * (1 - t) * (1 + star * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)
    abs(theta - t) - z * sqrt(v)
  }
  limit <- function(end) {
    if (theta == end) return(end)
    near <- theta + (end - theta) * 1e-9
    uniroot(off, sort(c(near, end)), tol = 1e-15, maxiter = 1000)$root
  }
  c(theta, limit(0), limit(1))
}
rank_sum_row <- function(call, x, y, level, p, limits) {
  u <- sum((sign(outer(y, x, "-")) + 1) / 2)
  row(call, x, y, level, med(shifts(x, y)), limits[1:2], limits[3], p, u,
      newcombe5(x, y, level))
}
for (s in list(c(1, 2), c(2, 1), c(2, 2), c(1, 9), c(3, 4), c(5, 5), c(4, 9), c(12, 7), c(10, 10),
               c(25, 25), c(49, 49), c(3, 60), c(50, 50), c(1, 80))) {
  x <- rnorm(s[1])
  y <- rnorm(s[2], 0.6)
  level <- if (s[1] %% 2 == 0) 0.95 else 0.9
  w <- wilcox.test(y, x, exact = TRUE, conf.int = TRUE, conf.level = level)
  limits <- rank_sum_limits(x, y, level)
  stopifnot(all.equal(as.numeric(w$conf.int), limits[1:2]))
  rank_sum_row("wilcox.test(y, x, exact = TRUE, conf.int = TRUE)", x, y, level, w$p.value,
               c(w$conf.int, limits[3]))
}
for (i in 1:18) { # ties, as in grades 0-3
  x <- sample(0:3, 2 + i %% 8, TRUE)
  y <- sample(0:3, 2 + (i * 3) %% 7, TRUE, c(4, 3, 2, 1))
  rank_sum_row("brute_rank_sum(x, y)", x, y, 0.95, brute_rank_sum(x, y),
               rank_sum_limits(x, y, 0.95))
}
rank_sum_row("brute_rank_sum(x, y)", rep(2, 4), rep(2, 5), 0.95, 1,
             rank_sum_limits(rep(2, 4), rep(2, 5), 0.95))
for (s in list(c(51, 50), c(60, 70), c(20, 200), c(150, 150))) for (digits in c(8, 1, 0)) {
  x <- round(rnorm(s[1]), digits)
  y <- round(rnorm(s[2], 0.25), digits)
  w <- wilcox.test(y, x, exact = FALSE, correct = TRUE)
  rank_sum_row("wilcox.test(y, x, exact = FALSE, correct = TRUE)", x, y, 0.95, w$p.value,
               rank_sum_limits_normal(x, y, 0.95))
}
write_rows("rank_sum.tsv", c("call", "ref", "con", "level", "shift", "limits", "attained", "p", "u",
                             "superiority"))

# --- Kolmogorov and Smirnov ---

for (s in list(c(1, 1), c(2, 3), c(5, 5), c(8, 12), c(20, 20), c(37, 55), c(100, 90))) {
  for (digits in c(8, 0)) {
    x <- round(rnorm(s[1]), digits)
    y <- round(rnorm(s[2], 0.5, 1.3), digits)
    k <- ks.test(x, y, exact = TRUE)
    row("ks.test(x, y, exact = TRUE)", x, y, k$statistic, k$p.value)
  }
}
row("ks.test(x, y, exact = TRUE)", 1:6, 7:15, 1, ks.test(1:6, 7:15, exact = TRUE)$p.value)
for (shift in c(0, 0.3)) {
  x <- rpois(2001, 3)
  y <- rpois(2000, 3 + shift)
  k <- ks.test(x, y, exact = FALSE)
  row("ks.test(x, y, exact = FALSE)", x, y, k$statistic, k$p.value)
}
write_rows("ks.tsv", c("call", "x", "y", "d", "p"))

# --- correlations ---

permutations <- function(n) {
  if (n == 1) return(matrix(1L))
  p <- permutations(n - 1)
  do.call(rbind, lapply(1:n, function(k) cbind(k, ifelse(p >= k, p + 1L, p))))
}
brute_spearman <- function(x, y) {
  x <- rank(x)
  y <- rank(y)
  two_sided(apply(permutations(length(x)), 1, function(k) sum(x * y[k])), sum(x * y))
}
kendall_s <- function(x, y) sum(sign(outer(x, x, "-")) * sign(outer(y, y, "-"))) / 2
brute_kendall <- function(x, y) {
  two_sided(apply(permutations(length(x)), 1, function(k) kendall_s(x, y[k])), kendall_s(x, y))
}
bonett_wright <- function(rho, n, level) {
  half <- qnorm((1 + level) / 2) * sqrt((1 + rho^2 / 2) / (n - 3))
  tanh(atanh(rho) + c(-half, half))
}
correlation_row <- function(spearman_call, kendall_call, x, y, rho_p, tau_p) {
  n <- length(x)
  rho <- cor(x, y, method = "spearman")
  row(spearman_call, kendall_call, x, y, rho, rho_p,
      if (n < 10) c(NA, NA) else bonett_wright(rho, n, 0.95), cor(x, y, method = "kendall"),
      kendall_s(x, y), tau_p)
}
rho_exact <- function(x, y) cor.test(x, y, method = "spearman", exact = TRUE)$p.value
rho_t <- function(x, y) cor.test(x, y, method = "spearman", exact = FALSE)$p.value
tau_exact <- function(x, y) cor.test(x, y, method = "kendall", exact = TRUE)$p.value
tau_normal <- function(x, y) {
  cor.test(x, y, method = "kendall", exact = FALSE, continuity = TRUE)$p.value
}
for (n in c(3:9, 9)) {
  x <- rnorm(n)
  y <- x + rnorm(n)
  correlation_row("cor.test(x, y, method = 'spearman', exact = TRUE)",
                  "cor.test(x, y, method = 'kendall', exact = TRUE)", x, y, rho_exact(x, y),
                  tau_exact(x, y))
}
for (n in c(3, 4, 5, 5, 6, 6, 7, 7, 8)) {
  repeat {
    x <- if (n == 6) 1:6 else sample(1:4, n, TRUE)
    y <- sample(0:3, n, TRUE)
    if (sd(x) > 0 && sd(y) > 0 && anyDuplicated(y)) break
  }
  correlation_row("brute_spearman(x, y)", "brute_kendall(x, y)", x, y, brute_spearman(x, y),
                  brute_kendall(x, y))
}
for (n in c(10, 15, 30, 50)) {
  x <- rnorm(n)
  y <- 0.4 * x + rnorm(n)
  correlation_row("cor.test(x, y, method = 'spearman', exact = FALSE)",
                  "cor.test(x, y, method = 'kendall', exact = TRUE)", x, y, rho_t(x, y),
                  tau_exact(x, y))
}
for (n in c(10, 12, 25, 51, 80, 200)) for (digits in c(0, 1)) {
  x <- if (digits == 1) 1:n else round(rnorm(n, 0, 2))
  y <- round(0.1 * x + rnorm(n), if (n > 50) 8 * digits else digits)
  if (n <= 50 && !anyDuplicated(y)) y[2] <- y[1]
  correlation_row("cor.test(x, y, method = 'spearman', exact = FALSE)",
                  "cor.test(x, y, method = 'kendall', exact = FALSE, continuity = TRUE)", x, y,
                  rho_t(x, y), tau_normal(x, y))
}
write_rows("correlation.tsv", c("spearman", "kendall", "x", "y", "rho", "rho_p", "rho_limits",
                                "tau", "s", "tau_p"))

# --- slopes without ties ---

kendall_cum <- function(q, n) .Call(stats:::C_pKendall, q, n)
theil_sen <- function(x, y, level) {
  pairs <- combn(length(x), 2)
  slope <- sort((y[pairs[1, ]] - y[pairs[2, ]]) / (x[pairs[1, ]] - x[pairs[2, ]]))
  m <- length(slope)
  cum <- kendall_cum(0:m, length(x))
  k <- max(sum(cum <= (1 - level) / 2), 1)
  c(med(slope), slope[k], slope[m + 1 - k], 1 - 2 * cum[k])
}
for (n in c(3:10, 14, 20, 35, 50)) {
  x <- if (n %% 2) seq_len(n) else cumsum(rexp(n))
  y <- 0.2 * x + rnorm(n)
  level <- if (n %% 3) 0.95 else 0.9
  row("theil_sen(x, y, level)", x, y, level, theil_sen(x, y, level), tau_exact(x, y))
}
write_rows("slope.tsv", c("call", "x", "y", "level", "slope", "p"))

# --- trend of proportions ---

brute_prop_trend <- function(x, n, score) { # all tables with the same margins
  tables <- as.matrix(expand.grid(lapply(n, function(k) 0:k)))
  tables <- tables[rowSums(tables) == sum(x), , drop = FALSE]
  weight <- apply(tables, 1, function(t) prod(choose(n, t)))
  stat <- drop(tables %*% score)
  seen <- sum(x * score)
  min(1, 2 * min(sum(weight[stat <= seen + 1e-9]), sum(weight[stat >= seen - 1e-9])) / sum(weight))
}
for (i in 1:14) {
  k <- 2 + i %% 4
  n <- sample(3:12, k, TRUE)
  x <- rbinom(k, n, seq(0.2, 0.7, length.out = k))
  if (sum(x) == 0) x[k] <- 1
  score <- if (i %% 2) seq_len(k) else cumsum(round(runif(k, 0.5, 3), 2))
  t <- prop.trend.test(x, n, score)
  p <- sum(x) / sum(n)
  slope <- coef(lm(x / n ~ score, weights = n))[[2]]
  row("prop.trend.test(x, n, score)", x, n, score, slope, t$statistic, t$p.value,
      "brute_prop_trend(x, n, score)", brute_prop_trend(x, n, score))
}
for (s in list(list(c(6, 12, 18), c(25, 25, 25)), list(c(83, 86, 136, 82), c(86, 93, 136, 82)))) {
  t <- prop.trend.test(s[[1]], s[[2]])
  score <- seq_along(s[[1]])
  row("prop.trend.test(x, n, score)", s[[1]], s[[2]], score,
      coef(lm(s[[1]] / s[[2]] ~ score, weights = s[[2]]))[[2]], t$statistic, t$p.value, "none", NA)
}
write_rows("prop_trend.tsv", c("call", "events", "n", "score", "slope", "chi2", "p", "exact_call",
                               "exact_p"))

# --- permutations, all of them ---

order_limits <- function(thresholds, level) { # of a test with thresholds + 1 arrangements
  all <- length(thresholds) + 1
  k <- max(floor((1 - level) / 2 * all * (1 + 1e-12)), 1)
  s <- sort(thresholds)
  c(s[k], s[length(s) + 1 - k], 1 - 2 * k / all)
}
sign_flip <- function(d, level) {
  f <- flips(length(d))
  total <- drop(f %*% d)
  c(mean(d), order_limits((total / rowSums(f))[rowSums(f) > 0], level),
    two_sided(sum(d) - 2 * total, sum(d)))
}
permute_means <- function(x, y, level) {
  v <- c(x, y)
  chosen <- combn(length(v), length(y))
  stat <- apply(chosen, 2, function(k) mean(v[k]) - mean(v[-k]))
  threshold <- apply(chosen, 2, function(k) {
    come <- k[k <= length(x)]
    gone <- setdiff(length(x) + seq_along(y), k)
    if (length(come)) mean(v[gone]) - mean(v[come]) else NA
  })
  seen <- mean(y) - mean(x)
  c(seen, order_limits(threshold[!is.na(threshold)], level), two_sided(stat, seen))
}
student <- function(x, tx, y, ty) { # log rate ratio over its standard error
  v <- function(x, t) {
    n <- length(x)
    max(n / (n - 1) * sum((x - sum(x) / sum(t) * t)^2), sum(x) + 0.5) / (sum(x) + 0.5)^2
  }
  effect <- log((sum(y) + 0.5) / sum(ty)) - log((sum(x) + 0.5) / sum(tx))
  se <- sqrt(v(x, tx) + v(y, ty))
  c(effect / se, se)
}
permute_rates <- function(x, tx, y, ty, level) {
  v <- c(x, y)
  t <- c(tx, ty)
  stat <- combn(length(v), length(y), function(k) student(v[-k], t[-k], v[k], t[k])[1])
  seen <- student(x, tx, y, ty)
  add <- if (sum(x) > 0 && sum(y) > 0) 0 else 0.5
  ratio <- log((sum(y) + add) / sum(ty)) - log((sum(x) + add) / sum(tx))
  k <- floor((1 - level) / 2 * length(stat) * (1 + 1e-12))
  s <- sort(stat)
  attained <- min(level, 1 - 2 * max(k, 1) / length(stat))
  c(exp(ratio), exp(ratio - seen[2] * c(s[length(s) - k], s[k + 1])), attained, two_sided(stat, seen[1]))
}
for (n in c(2:12, 14)) {
  d <- if (n %% 3) rnorm(n, 0.5) else round(rnorm(n, 0.5, 2))
  if (all(d == 0)) d[1] <- 1
  level <- if (n %% 2) 0.9 else 0.95
  row("sign_flip(a, level)", d, "n/a", "n/a", "n/a", level, sign_flip(d, level))
}
for (s in list(c(1, 2), c(3, 3), c(2, 6), c(4, 5), c(5, 5), c(6, 6), c(9, 3), c(7, 7), c(1, 30))) {
  x <- rnorm(s[1])
  y <- if (s[1] %% 2) rnorm(s[2], 1) else round(rnorm(s[2], 1))
  level <- if (s[1] %% 3) 0.95 else 0.8
  row("permute_means(a, b, level)", x, y, "n/a", "n/a", level, permute_means(x, y, level))
}
for (s in list(c(2, 2), c(3, 3), c(4, 4), c(5, 4), c(3, 8), c(6, 6), c(7, 5), c(7, 7))) {
  tx <- round(runif(s[1], 0.5, 2), 3)
  ty <- round(runif(s[2], 0.5, 2), 3)
  x <- rnbinom(s[1], size = 1.2, mu = 8 * tx)
  y <- if (s[1] == 4) rep(0, s[2]) else rnbinom(s[2], size = 1.2, mu = 4 * ty)
  row("permute_rates(a, ta, b, tb, level)", x, y, tx, ty, 0.95,
      permute_rates(x, tx, y, ty, 0.95))
}
write_rows("permutation.tsv", c("call", "a", "b", "ta", "tb", "level", "numbers"))
