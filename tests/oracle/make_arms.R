# Expected numbers of `myotab compare --design parallel` on a small trial, by R. Run in this folder to
# write arms_expected.tsv again:
#
#     Rscript make_arms.R
#
# The same people stand in tests/unit/test_compare_arms.c. The file is committed, so the tests need no
# R.
library(MASS)
library(survival)

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
  out[[key]] <<- unname(value)
}

# --- ten people an arm ---
n_ref <- c(12, 7, 20, 3, 9, 15, 0, 22, 5, 11)
n_con <- c(4, 0, 9, 2, 6, 0, 3, 10, 1, 5)
h_ref <- c(1, 0.9, 1.1, 1, 1, 1.2, 0.8, 1, 1, 1)
h_con <- c(1, 1, 0.95, 1.05, 1, 1, 1, 1.1, 0.9, 1)
b_ref <- c(12.5, 8.1, 20.3, 5.2, 10.4, 16.6, 3.7, 22.8, 9.9, 14.05)
b_con <- c(7.3, 5.45, 9.2, 4.1, 6.5, 7.7, 3.05, 10.8, 9.65, 6.25)
d_ref <- c(41, 52, 63, 38, 47, 59, NA, 71, 44, 55.5)
d_con <- c(35, NA, 45.5, 29, 37, NA, 33, 50, 28, 36.5)
g_ref <- c(2, 1, 3, 1, 2, 3, 0, 3, 1, 2)
g_con <- c(1, 0, 2, 0, 1, 0, 1, 2, 0, 1)
t_ref <- c(12, 30, 8, 75, 22, 9, 180, 5, 60, 18)
t_con <- c(55, 180, 25, 120, 40, 180, 90, 20, 150, 48)
e_ref <- t_ref < 180
e_con <- t_con < 180
arm <- rep(0:1, each = 10)

# --- rates ---
f <- glm.nb(c(n_ref, n_con) ~ arm + offset(log(c(h_ref, h_con))),
            control = glm.control(epsilon = 1e-14, maxit = 500))
put("rate.effect", exp(coef(f)[2]))
put("rate.reference", exp(coef(f)[1]))
put("rate.contrast", exp(sum(coef(f))))
f <- glm.nb(c(n_ref + 1, n_con + 2) ~ arm + offset(log(c(h_ref, h_con))),
            control = glm.control(epsilon = 1e-14, maxit = 500))
put("rate.in_effect", exp(coef(f)[2]))

# --- ranks ---
w <- wilcox.test(b_con, b_ref, conf.int = TRUE, exact = TRUE)
put("burden.effect", w$estimate)
put("burden.low", w$conf.int[1])
put("burden.high", w$conf.int[2])
put("burden.p", w$p.value)
w <- wilcox.test(log(na.omit(d_con)), log(na.omit(d_ref)), conf.int = TRUE, exact = TRUE)
put("duration.effect", exp(w$estimate))
put("duration.low", exp(w$conf.int[1]))
put("duration.high", exp(w$conf.int[2]))
put("duration.p", w$p.value)
put("duration.median_ref", median(d_ref, na.rm = TRUE))
put("duration.median_con", median(d_con, na.rm = TRUE))

# --- incidence: by the signal 9 of 10 and 8 of 10; by the clinician 9 and 6 ---
katz <- function(a, n1, c, n0) {
  rr <- (a / n1) / (c / n0)
  se <- sqrt(1 / a - 1 / n1 + 1 / c - 1 / n0)
  c(rr, rr * exp(-qnorm(0.975) * se), rr * exp(qnorm(0.975) * se))
}
newcombe <- function(a, n1, c, n0) {
  w1 <- suppressWarnings(prop.test(a, n1, correct = FALSE))$conf.int
  w0 <- suppressWarnings(prop.test(c, n0, correct = FALSE))$conf.int
  d <- a / n1 - c / n0
  c(d, d - sqrt((a / n1 - w1[1])^2 + (w0[2] - c / n0)^2),
    d + sqrt((w1[2] - a / n1)^2 + (c / n0 - w0[1])^2))
}
risk <- function(key, a, n1, c, n0) {
  put(paste0(key, ".effect"), katz(a, n1, c, n0)[1])
  put(paste0(key, ".low"), katz(a, n1, c, n0)[2])
  put(paste0(key, ".high"), katz(a, n1, c, n0)[3])
  put(paste0(key, ".p"), fisher.test(matrix(c(a, n1 - a, c, n0 - c), 2))$p.value)
  put(paste0(key, ".score_p"), suppressWarnings(prop.test(c(a, c), c(n1, n0), correct = FALSE)$p.value))
  put(paste0(key, ".difference"), newcombe(a, n1, c, n0)[1])
  put(paste0(key, ".difference_low"), newcombe(a, n1, c, n0)[2])
  put(paste0(key, ".difference_high"), newcombe(a, n1, c, n0)[3])
  put(paste0(key, ".nnt"), -1 / newcombe(a, n1, c, n0)[1])
  put(paste0(key, ".harm"), -1 / newcombe(a, n1, c, n0)[3])
  put(paste0(key, ".benefit"), -1 / newcombe(a, n1, c, n0)[2])
}
risk("signal", 8, 10, 9, 10)
risk("clinician", 6, 10, 9, 10)
risk("guler", 6, 25, 18, 25)
# The score interval (Koopman 1984): the ratios at which the likeliest risks under that ratio are not
# refused. Where an arm has nobody or everybody, and with few people, it is the headline.
deviate <- function(a, n1, c, n0, ratio) {
  A <- ratio * (n1 + n0); B <- -(ratio * (n1 + c) + a + n0); C <- a + c
  q0 <- (-B - sqrt(max(0, B^2 - 4 * A * C))) / (2 * A)
  q1 <- ratio * q0
  d <- a / n1 - ratio * c / n0
  if (d == 0) 0 else d / sqrt(q1 * max(0, 1 - q1) / n1 + ratio^2 * q0 * max(0, 1 - q0) / n0)
}
z <- qnorm(0.975)
limit <- function(a, n1, c, n0, at, from, to)
  exp(uniroot(function(x) deviate(a, n1, c, n0, exp(x)) - at, c(from, to), tol = 1e-14)$root)
put("zero.high", limit(0, 10, 5, 10, -z, -8, 3))
put("everybody.low", limit(25, 25, 25, 25, z, -3, 0))
put("everybody.high", limit(25, 25, 25, 25, -z, 0, 3))
put("signal.score_low", limit(8, 10, 9, 10, z, -3, 0))
put("signal.score_high", limit(8, 10, 9, 10, -z, -0.1, 3))
put("few.low", limit(1, 5, 1, 5, z, -6, 0))
put("few.high", limit(1, 5, 1, 5, -z, 0, 6))
# What the score interval covers at risks pulled off 0 and 1 by half a person, by all tables.
covers <- function(a, n1, c, n0) {
  p1 <- (a + 0.5) / (n1 + 1); p0 <- (c + 0.5) / (n0 + 1)
  sum <- 0; none <- 0
  for (x in 0:n1) for (y in 0:n0) {
    p <- dbinom(x, n1, p1) * dbinom(y, n0, p0)
    if (x + y == 0) { none <- p; next }
    sum <- sum + p * (abs(deviate(x, n1, y, n0, p1 / p0)) <= z)
  }
  min(0.95, floor(1000 * sum / (1 - none)) / 1000)
}
put("zero.level", covers(0, 10, 5, 10))
put("few.level", covers(1, 5, 1, 5))
put("everybody.level", covers(25, 25, 25, 25))
put("signal.level", covers(8, 10, 9, 10))
put("clinician.level", covers(6, 10, 9, 10))

# --- grades ---
w <- suppressWarnings(wilcox.test(g_con, g_ref, conf.int = FALSE, exact = FALSE))
put("grade.u", w$statistic / 100)
ties <- c(g_ref, g_con)
all <- combn(20, 10)
u <- apply(all, 2, function(i) sum(rank(ties)[i])) - 55
put("grade.p", min(1, 2 * min(mean(u <= w$statistic + 1e-9), mean(u >= w$statistic - 1e-9))))
f <- polr(factor(c(g_ref, g_con)) ~ arm, method = "logistic", control = list(reltol = 1e-15))
put("grade.odds", exp(coef(f)[1]))
null <- polr(factor(c(g_ref, g_con)) ~ 1, method = "logistic", control = list(reltol = 1e-15))
put("grade.odds_p", pchisq(deviance(null) - deviance(f), 1, lower.tail = FALSE))
k <- table(factor(c(g_ref, g_con), 0:3), arm)
put("grade.trend_p", suppressWarnings(prop.trend.test(k[, 2], rowSums(k), score = 0:3))$p.value)

# --- onset ---
s <- Surv(c(t_ref, t_con), c(e_ref, e_con))
d <- survdiff(s ~ arm)
put("onset.chisq_p", pchisq(d$chisq, 1, lower.tail = FALSE))
# All groupings of the log-rank scores (event, less the cumulated hazard until then).
t_all <- c(t_ref, t_con); e_all <- c(e_ref, e_con)
hazard <- sapply(t_all, function(x) sum(sapply(unique(t_all[t_all <= x]), function(u)
  sum(e_all[t_all == u]) / sum(t_all >= u))))
score <- e_all - hazard
sums <- combn(20, 10, function(i) sum(score[i]))
seen <- sum(score[11:20])
stopifnot(abs(seen - (d$obs[2] - d$exp[2])) < 1e-9)
put("onset.p", min(1, 2 * min(mean(sums <= seen + 1e-9), mean(sums >= seen - 1e-9))))
f <- coxph(s ~ arm, control = coxph.control(eps = 1e-14, iter.max = 100))
put("onset.effect", exp(coef(f)))
put("onset.low", exp(confint(f)[1]))
put("onset.high", exp(confint(f)[2]))
put("onset.median_ref", summary(survfit(s ~ arm))$table[1, "median"])
put("onset.median_con", summary(survfit(s ~ arm))$table[2, "median"])

# --- change from baseline: five people an arm, an hour before and after ---
before <- c(100, 80, 120, 90, 60, 110, 70, 95, 130, 85)
after <- c(90, 85, 100, 99, 50, 22, 20, 19, 40, 15)
d <- log(after + 0.5) - log(before + 0.5)
w <- wilcox.test(d[6:10], d[1:5], conf.int = TRUE, exact = TRUE)
put("change.effect", exp(w$estimate))
put("change.low", exp(w$conf.int[1]))
put("change.high", exp(w$conf.int[2]))
put("change.p", w$p.value)
put("change.median_ref", exp(median(d[1:5])))

lines <- sprintf("%s\t%.17g\t%s", names(out), unlist(out), unlist(how))
writeLines(c("key\tvalue\tR", lines), "arms_expected.tsv")
