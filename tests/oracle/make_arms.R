# Expected numbers of `myotab compare --design parallel` on a small trial, by R. Run in this folder to
# write arms_expected.tsv again:
#
#     Rscript make_arms.R
#
# The same people stand in tests/unit/test_compare_arms.c. The file is committed, so the tests need no
# R.
library(MASS)
library(survival)

out <- list()
put <- function(key, value) out[[key]] <<- unname(value)

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
risk <- function(key, a, n1, c, n0) {
  rr <- (a / n1) / (c / n0)
  se <- sqrt(1 / a - 1 / n1 + 1 / c - 1 / n0)
  put(paste0(key, ".effect"), rr)
  put(paste0(key, ".low"), rr * exp(-qnorm(0.975) * se))
  put(paste0(key, ".high"), rr * exp(qnorm(0.975) * se))
  put(paste0(key, ".p"), fisher.test(matrix(c(a, n1 - a, c, n0 - c), 2))$p.value)
  put(paste0(key, ".score_p"), suppressWarnings(prop.test(c(a, c), c(n1, n0), correct = FALSE)$p.value))
  w1 <- suppressWarnings(prop.test(a, n1, correct = FALSE))$conf.int
  w0 <- suppressWarnings(prop.test(c, n0, correct = FALSE))$conf.int
  d <- a / n1 - c / n0
  low <- d - sqrt((a / n1 - w1[1])^2 + (w0[2] - c / n0)^2)
  high <- d + sqrt((w1[2] - a / n1)^2 + (c / n0 - w0[1])^2)
  put(paste0(key, ".difference"), d)
  put(paste0(key, ".difference_low"), low)
  put(paste0(key, ".difference_high"), high)
  put(paste0(key, ".nnt"), -1 / d)
  put(paste0(key, ".harm"), -1 / high)
  put(paste0(key, ".benefit"), -1 / low)
}
risk("signal", 8, 10, 9, 10)
risk("clinician", 6, 10, 9, 10)
risk("guler", 6, 25, 18, 25)
# Katz's interval where one arm has nobody, 1/2 added everywhere.
a <- 0.5; n1 <- 11; c <- 5.5; n0 <- 11
put("zero.effect", (a / n1) / (c / n0))
put("zero.low", (a / n1) / (c / n0) * exp(-qnorm(0.975) * sqrt(1 / a - 1 / n1 + 1 / c - 1 / n0)))
# What the interval covers with 5 against 5 people, 1 of each with the event, by all tables.
covers <- function(n1, p1, n0, p0) {
  sum <- 0; none <- 0
  for (x in 0:n1) for (y in 0:n0) {
    p <- dbinom(x, n1, p1) * dbinom(y, n0, p0)
    if (x + y == 0) { none <- p; next }
    h <- if (x == 0 || y == 0 || x == n1 || y == n0) 0.5 else 0
    lr <- log(((x + h) / (n1 + 2 * h)) / ((y + h) / (n0 + 2 * h)))
    se <- sqrt(1 / (x + h) - 1 / (n1 + 2 * h) + 1 / (y + h) - 1 / (n0 + 2 * h))
    sum <- sum + p * (abs(lr - log(p1 / p0)) <= qnorm(0.975) * se)
  }
  sum / (1 - none)
}
put("few.level", floor(1000 * covers(5, 1.5 / 6, 5, 1.5 / 6)) / 1000)

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
put("onset.p", pchisq(d$chisq, 1, lower.tail = FALSE))
f <- coxph(s ~ arm, control = coxph.control(eps = 1e-14, iter.max = 100))
put("onset.effect", exp(coef(f)))
put("onset.low", exp(confint(f)[1]))
put("onset.high", exp(confint(f)[2]))
m <- summary(survfit(s ~ arm))$table[, "median"]
put("onset.median_ref", m[1])
put("onset.median_con", m[2])

lines <- sprintf("%s\t%.17g", names(out), unlist(out))
writeLines(c("key\tvalue", lines), "arms_expected.tsv")
