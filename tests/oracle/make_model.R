#!/usr/bin/env Rscript
# Reference numbers for the models (survive, ordinal, negbin, agree, decay), by R 4.2 with survival and MASS.
# Run in this folder to write model_*.tsv again, the same bytes each time:
#
#     Rscript make_model.R
#
# The files are committed, so the tests need no R. The first column names the call that made a row. Where R's own
# fit stops early or its interval is interpolated, the same likelihood is brought to its top here by Newton's steps
# with exact derivatives, and R's answer must lie close by (stopifnot), so that tests may ask for 1e-6.
suppressPackageStartupMessages({
    library(survival)
    library(MASS)
})
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
options(warn = 1)

number <- function(x) ifelse(is.na(x), "n/a", sprintf("%.17g", as.numeric(x)))
joined <- function(x) paste(number(x), collapse = " ")

write_table <- function(name, rows) {
    out <- file(paste0("model_", name, ".tsv"), "wb")
    writeLines(paste(names(rows[[1]]), collapse = "\t"), out)
    for (r in rows) writeLines(paste(unlist(r), collapse = "\t"), out)
    close(out)
    cat(sprintf("model_%s.tsv: %d cases\n", name, length(rows)))
}

# Top of a function by its gradient; the gradient's derivative by central differences, which only sets the speed. A
# step that leads down (or out of the domain) is halved.
newton <- function(value, gradient, par, steps = 100) {
    at <- value(par)
    for (i in seq_len(steps)) {
        g <- gradient(par)
        h <- sapply(seq_along(par), function(j) {
            d <- 1e-5 * max(1, abs(par[j]))
            (gradient(replace(par, j, par[j] + d)) - gradient(replace(par, j, par[j] - d))) / (2 * d)
        })
        step <- solve(h, g)
        repeat {
            new <- suppressWarnings(value(par - step))
            if ((is.finite(new) && new >= at - 1e-12 * abs(at)) || max(abs(step)) < 1e-12) break
            step <- step / 2
        }
        par <- par - step
        at <- value(par)
        if (max(abs(step) / pmax(1, abs(par))) < 1e-14) break
    }
    par
}

# Gradient of an analytic function, exact: the imaginary part after a tiny imaginary step.
complex_gradient <- function(f, par) {
    sapply(seq_along(par), function(j) {
        z <- as.complex(par)
        z[j] <- z[j] + 1e-30i
        Im(f(z)) / 1e-30
    })
}

outward <- function(f, from, step) {
    a <- from
    repeat {
        b <- a + step
        if (f(b) > 0) break
        a <- b
        step <- 2 * step
    }
    uniroot(f, sort(c(a, b)), tol = 1e-13)$root
}

# --- survival ---

survival_case <- function(time, event, arm) {
    test <- survdiff(Surv(time, event) ~ arm)
    cox <- coxph(Surv(time, event) ~ arm, ties = "efron",
                 control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100))
    s <- summary(cox)$coefficients
    ci <- exp(confint(cox))
    fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
    m <- summary(fit)$table
    list(call = "survdiff; coxph(efron); survfit(log-log)", time = joined(time), event = joined(event),
         arm = joined(arm),
         chisq = number(test$chisq), p = number(pchisq(test$chisq, 1, lower.tail = FALSE)),
         hr = number(exp(coef(cox))), hr_low = number(ci[1]), hr_high = number(ci[2]), z = number(s[1, "z"]),
         hr_p = number(s[1, "Pr(>|z|)"]), times = joined(fit$time), survival = joined(fit$surv),
         low = joined(ifelse(fit$surv %in% c(0, 1), NA, fit$lower)),
         high = joined(ifelse(fit$surv %in% c(0, 1), NA, fit$upper)),
         median = number(m["median"]), median_low = number(m["0.95LCL"]), median_high = number(m["0.95UCL"]))
}

survival_rows <- function() {
    set.seed(101)
    rows <- list()
    add <- function(...) rows[[length(rows) + 1]] <<- survival_case(...)
    data(cancer, package = "survival", envir = environment())
    add(aml$time, aml$status, as.integer(aml$x == "Nonmaintained"))
    add(ovarian$futime, ovarian$fustat, ovarian$rx - 1L)
    ok <- !is.na(lung$time)
    add(lung$time[ok], lung$status[ok] - 1, lung$sex[ok] - 1L)
    add(veteran$time, veteran$status, veteran$trt - 1L)
    add(c(1, 2, 3, 4), c(1, 1, 1, 1), c(0L, 1L, 0L, 1L))
    add(c(5, 5, 5, 5, 9, 9), c(1, 0, 1, 1, 1, 0), c(0L, 0L, 1L, 1L, 0L, 1L))
    add(c(0, 0, 3, 7), c(1, 1, 1, 0), c(0L, 1L, 0L, 1L))
    add(c(1, 2, 3, 4, 5, 6, 7, 8), c(1, 1, 1, 1, 0, 0, 0, 1), rep(0:1, 4))  # curve at one half
    for (n in c(3, 5, 8, 12, 20, 40, 40, 100, 400, 2000)) {
        arm <- rep(0:1, length.out = 2 * n)
        repeat {
            onset <- rexp(2 * n, ifelse(arm == 1, 0.004, 0.012))
            time <- pmin(round(onset, if (n %% 3 == 0) 0 else -1) + 1, 180)  # rounded: ties; window ends at 180 s
            event <- as.integer(onset < 179)
            if (min(tapply(event, arm, sum)) > 1) break
        }
        add(time, event, arm)
    }
    for (n in c(6, 15, 30, 60)) {  # everybody has it; random ends; one in eight in the contrast
        arm <- as.integer(seq_len(2 * n) %% 8 == 0)
        add(round(rweibull(2 * n, 1.3, 50), 1), rep(1, 2 * n), rep(0:1, n))
        add(round(rexp(2 * n, 0.02), 2), c(1, 1, rbinom(2 * n - 2, 1, 0.6)), rep(0:1, n))
        if (n > 10) add(round(rexp(2 * n, 0.02), 0), c(rep(1, 16), rbinom(2 * n - 16, 1, 0.5)), arm)
    }
    rows
}

# --- proportional odds ---

plogit <- function(x) 1 / (1 + exp(-x))
polr_loglik <- function(cuts, beta, n) {
    sum(sapply(0:1, function(arm) {
        upper <- c(plogit(cuts - arm * beta), 1)
        p <- upper - c(0, upper[-length(upper)])
        k <- n[arm + 1, ] > 0
        sum(n[arm + 1, k] * log(p[k]))
    }))
}

polr_case <- function(reference, contrast) {
    all <- rbind(reference, contrast)
    n <- all[, colSums(all) > 0, drop = FALSE]
    k <- ncol(n)
    grade <- factor(rep(rep(seq_len(k), 2), c(n[1, ], n[2, ])), ordered = TRUE)
    arm <- rep(0:1, rowSums(n))
    if (k > 2) {
        fit <- polr(grade ~ arm, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))
        start <- c(fit$zeta, coef(fit))
        se_r <- sqrt(vcov(fit)["arm", "arm"])
    } else {  # polr wants three grades; with two it is the logistic regression
        fit <- glm(grade ~ arm, family = binomial, control = glm.control(1e-14, 100))
        start <- c(-coef(fit)[1], coef(fit)[2])
        se_r <- sqrt(vcov(fit)[2, 2])
    }
    loglik <- function(z) polr_loglik(z[-k], z[k], n)
    gradient <- function(par) complex_gradient(loglik, par)
    par <- newton(loglik, gradient, unname(start))
    h <- sapply(seq_len(k), function(j) {
        d <- replace(numeric(k), j, 1e-4)
        (8 * (gradient(par + d) - gradient(par - d)) - (gradient(par + 2 * d) - gradient(par - 2 * d))) / 12e-4
    })
    beta <- par[k]
    se <- sqrt(solve(-h)[k, k])
    stopifnot(abs(beta - start[k]) < 1e-4 * max(1, abs(beta)), abs(se / se_r - 1) < 2e-4)
    top <- polr_loglik(par[-k], beta, n)
    cuts <- par[-k]
    profile <- function(b) {
        given <- function(z) polr_loglik(z, b, n)
        c0 <- newton(given, function(x) complex_gradient(given, x), cuts + (b - beta) * sum(n[2, ]) / sum(n))
        2 * (top - polr_loglik(c0, b, n))
    }
    q <- qchisq(0.95, 1)
    lr <- profile(0)
    z <- qnorm(0.975)
    saturated <- sum(ifelse(n > 0, n * log(n / rowSums(n)), 0))
    gap <- 2 * (saturated - top)
    list(call = "polr(grade ~ arm), profile likelihood, anova against multinomial", reference = joined(reference),
         contrast = joined(contrast), odds = number(exp(beta)),
         low = number(exp(outward(function(b) profile(b) - q, beta, -se))),
         high = number(exp(outward(function(b) profile(b) - q, beta, se))), lr = number(lr),
         p = number(pchisq(lr, 1, lower.tail = FALSE)),
         wald_low = number(exp(beta - z * se)), wald_high = number(exp(beta + z * se)), z = number(beta / se),
         wald_p = number(2 * pnorm(-abs(beta / se))), gap = number(if (k > 2) gap else NA),
         gap_p = number(if (k > 2) pchisq(gap, k - 2, lower.tail = FALSE) else NA))
}

polr_rows <- function() {
    set.seed(202)
    rows <- list()
    add <- function(...) rows[[length(rows) + 1]] <<- polr_case(...)
    add(c(10, 12, 25, 16), c(25, 20, 12, 6))
    add(c(7, 5, 8, 5), c(19, 4, 1, 1))
    add(c(3, 0, 2, 5), c(5, 0, 4, 1))  # a grade nobody has
    add(c(7, 18), c(19, 6))            # two grades: 6/25 against 18/25
    add(c(10, 15), c(9, 16))
    add(c(1, 1, 0), c(1, 0, 1))
    add(c(2, 1, 1), c(1, 2, 1))
    add(c(5, 5, 5, 5), c(5, 5, 5, 5))
    add(c(100, 0, 0, 3), c(0, 50, 50, 1))  # far from proportional
    add(c(4, 0, 0, 1), c(1, 3, 0, 0))
    add(c(40000, 30000, 20000, 10000), c(41000, 30000, 19500, 9500))
    add(c(1, 2, 3, 4, 5, 6, 7, 8), c(8, 7, 6, 5, 4, 3, 2, 1))
    add(c(3, 0, 1, 0, 4, 2, 0, 1, 1, 5), c(0, 2, 1, 3, 0, 1, 4, 0, 2, 1))
    for (i in 1:14) {
        n <- c(4, 6, 10, 25, 25, 63, 200)[(i - 1) %% 7 + 1]
        shift <- c(0, 0.8)[(i > 7) + 1]
        repeat {
            g <- function(d) tabulate(findInterval(rlogis(n, d), c(-0.5, 0.5, 1.5)) + 1, 4)
            a <- g(0)
            b <- g(-shift)
            crossing <- max(which(a > 0)) > min(which(b > 0)) && max(which(b > 0)) > min(which(a > 0))
            if (crossing && sum(a + b > 0) > 1) break
        }
        add(a, b)
    }
    rows
}

# --- negative binomial ---

# One-parameter root in log theta of the profile score; theta Inf where it never turns.
nb_rate <- function(y, t, th) {
    if (sum(y) == 0) return(0)
    r0 <- sum(y) / sum(t)
    if (!is.finite(th)) return(r0)
    s <- function(x) sum((y - exp(x) * t) / (1 + exp(x) * t / th))
    hi <- log(max(y / t)) + 1
    lo <- log(r0) - 1
    while (s(lo) < 0) lo <- lo - 5
    exp(uniroot(s, c(lo, hi), tol = 1e-15)$root)
}
nb_mean <- function(y, t, g, th) {
    mu <- numeric(length(y))
    for (k in unique(g)) mu[g == k] <- nb_rate(y[g == k], t[g == k], th) * t[g == k]
    mu
}
# log(Gamma(y + th) / Gamma(th) / th^y), summed term by term: no cancellation for large th
rising <- function(y, th) sapply(y, function(v) if (v > 0) sum(log1p((seq_len(v) - 1) / th)) else 0)
nb_loglik <- function(y, mu, th) {
    pois <- ifelse(y > 0, y * log(mu), 0)
    if (!is.finite(th)) return(sum(pois - mu))
    sum(rising(y, th) + pois - (y + th) * log1p(mu / th))
}
nb_fit <- function(y, t, g) {
    score <- function(lk) {  # by kappa = 1 / theta
        k <- exp(lk)
        mu <- nb_mean(y, t, g, 1 / k)
        sum(sapply(y, function(v) if (v > 1) sum((seq_len(v) - 1) / (1 + k * (seq_len(v) - 1))) else 0)) +
            sum((log1p(k * mu) - k * mu / (1 + k * mu)) / k^2 - y * mu / (1 + k * mu))
    }
    mu0 <- nb_mean(y, t, g, Inf)
    grid <- seq(log(1e-5), log(1e4), length.out = 40)
    s <- c(sum((y - mu0)^2 - y), sapply(grid, score))
    tops <- which(s[-length(s)] > 0 & s[-1] <= 0)
    best <- list(theta = Inf, loglik = if (s[1] <= 0) nb_loglik(y, mu0, Inf) else -Inf)
    for (i in tops) {
        lower <- if (i == 1) log(1e-9) else grid[i - 1]
        th <- exp(-uniroot(score, c(lower, grid[i]), tol = 1e-14)$root)
        ll <- nb_loglik(y, nb_mean(y, t, g, th), th)
        if (ll > best$loglik) best <- list(theta = th, loglik = ll)
    }
    best$mu <- nb_mean(y, t, g, best$theta)
    best
}

negbin_case <- function(y, t, arm) {
    fit <- nb_fit(y, t, arm)
    th <- fit$theta
    rate <- sapply(0:1, function(a) nb_rate(y[arm == a], t[arm == a], th))
    beta <- log(rate[2] / rate[1])
    # R's own: glm.nb, or glm where theta runs away
    r <- if (is.finite(th)) {
        suppressWarnings(glm.nb(y ~ arm + offset(log(t)), control = glm.control(epsilon = 1e-10, maxit = 200)))
    } else {
        glm(y ~ arm + offset(log(t)), family = poisson, control = glm.control(1e-14, 100))
    }
    w <- fit$mu / (1 + fit$mu / th)
    se <- sqrt(1 / sum(w[arm == 0]) + 1 / sum(w[arm == 1]))
    s <- summary(r)$coefficients
    # glm.nb may end elsewhere, but then at a lower likelihood (one person with all events: theta 3e16)
    theirs <- nb_loglik(y, fitted(r), if (is.finite(th)) r$theta else Inf)
    stopifnot(fit$loglik > theirs - 1e-8)
    short <- fit$loglik > theirs + 1e-5
    if (all(rate > 0) && !short) {
        stopifnot(abs(s["arm", 1] - beta) < 1e-4 * max(1, abs(beta)), abs(s["arm", 2] / se - 1) < 1e-3)
        if (is.finite(th)) stopifnot(abs(r$theta / th - 1) < 1e-3)
    }
    profile <- function(b) 2 * (fit$loglik - nb_fit(y, t * exp(b * arm), rep(0, length(y)))$loglik)
    q <- qt(0.975, length(y) - 2)
    lr <- max(0, profile(0))
    low <- if (rate[2] > 0) exp(outward(function(b) profile(b) - q^2, beta, -se)) else 0
    too_far <- function(b) profile(b) - q^2
    high <- exp(if (rate[2] > 0) outward(too_far, beta, se) else outward(too_far, -20, 1))
    z <- qnorm(0.975)
    na <- if (all(rate > 0)) 1 else NA
    call <- if (short) "the top of its likelihood, short of which glm.nb(y ~ arm + offset(log(t))) ends" else
        if (is.finite(th)) "glm.nb(y ~ arm + offset(log(t)))" else "glm(y ~ arm + offset(log(t)), poisson)"
    list(call = call,
         count = joined(y), exposure = joined(t), arm = joined(arm), ratio = number(rate[2] / rate[1]),
         low = number(low), high = number(high),
         root = number(sqrt(lr) * sign(beta)), p = number(2 * pt(-sqrt(lr), length(y) - 2)),
         wald_low = number(na * exp(beta - z * se)),
         wald_high = number(na * exp(beta + z * se)), z = number(na * beta / se),
         wald_p = number(na * 2 * pnorm(-abs(beta / se))),
         kappa = number(1 / th))
}

negbin_rows <- function() {
    set.seed(303)
    rows <- list()
    add <- function(...) rows[[length(rows) + 1]] <<- negbin_case(...)
    add(quine$Days, rep(1, nrow(quine)), as.integer(quine$Sex == "M"))
    add(epil$y[epil$period == 4], rep(2, 59), as.integer(epil$trt[epil$period == 4] == "progabide"))
    add(c(3, 0, 5, 2, 9, 1), c(1, 1, 2, 1, 1.5, 1), c(0, 0, 0, 1, 1, 1))
    add(c(4, 5, 6, 5, 4, 6, 9, 10, 11, 10), rep(1, 10), rep(0:1, each = 5))       # less scatter than Poisson's
    add(c(1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0), rep(0.5, 12), rep(0:1, 6))
    add(c(0, 0, 0, 40, 0, 0, 0, 0, 0, 3, 0, 0), rep(1, 12), rep(0:1, each = 6))   # one person has it all
    add(c(12, 3, 7, 9, 0, 0, 0, 0), c(1, 1, 0.8, 1.2, 1, 1, 1, 0.5), rep(0:1, each = 4))  # none in the contrast
    add(c(900, 1200, 400, 3000, 150, 700, 220, 90), c(8, 7, 8, 8.5, 8, 6, 8, 8), rep(0:1, each = 4))
    add(c(2000, 2100, 1950, 2050, 1010, 980, 1030, 950), rep(24, 8), rep(0:1, each = 4))
    for (i in 1:24) {
        n <- c(5, 10, 20, 40)[(i - 1) %% 4 + 1]
        mean <- c(0.5, 3, 15, 60)[(i + 1) %/% 2 %% 4 + 1]
        kappa <- c(0, 0.3, 1, 2)[(i + 2) %/% 3 %% 4 + 1]
        arm <- rep(0:1, each = n)
        t <- round(runif(2 * n, 0.5, 2), 3)
        repeat {
            mu <- mean * t * c(1, 0.5)[arm + 1] * if (kappa > 0) rgamma(2 * n, 1 / kappa, 1 / kappa) else 1
            y <- rpois(2 * n, mu)
            if (min(tapply(y, arm, sum)) > 0) break
        }
        add(y, t, arm)
    }
    rows
}

dispersion_case <- function(y, t) {
    g <- rep(0, length(y))
    fit <- nb_fit(y, t, g)
    pois <- nb_loglik(y, nb_mean(y, t, g, Inf), Inf)
    if (is.finite(fit$theta) && fit$theta < 1e4) {
        r <- suppressWarnings(glm.nb(y ~ 1 + offset(log(t)), control = glm.control(epsilon = 1e-10, maxit = 200)))
        theirs <- nb_loglik(y, fitted(r), r$theta)
        stopifnot(fit$loglik > theirs - 1e-8, fit$loglik > theirs + 1e-5 || abs(r$theta / fit$theta - 1) < 1e-3)
    }
    lr <- max(0, 2 * (fit$loglik - pois))
    profile <- function(lk) 2 * (fit$loglik - nb_loglik(y, nb_mean(y, t, g, exp(-lk)), exp(-lk))) - qchisq(0.95, 1)
    from <- if (is.finite(fit$theta)) -log(fit$theta) else -20
    list(call = "glm.nb(y ~ offset(log(t))), profile likelihood of 1 / theta", count = joined(y),
         exposure = joined(t), kappa = number(1 / fit$theta),
         low = number(if (lr > qchisq(0.95, 1)) exp(outward(profile, from, -0.5)) else 0),
         high = number(exp(outward(profile, from, 0.5))),
         lr = number(lr), p = number(if (is.finite(fit$theta)) pchisq(lr, 1, lower.tail = FALSE) / 2 else 1))
}

dispersion_rows <- function() {
    set.seed(404)
    rows <- list()
    add <- function(...) rows[[length(rows) + 1]] <<- dispersion_case(...)
    add(quine$Days, rep(1, nrow(quine)))
    add(c(2, 2, 2, 3), rep(1, 4))
    add(c(0, 7), c(1, 1))
    add(c(0, 0, 0, 0, 0, 0, 0, 12), rep(1, 8))
    for (n in c(5, 20, 60, 120)) for (kappa in c(0, 0.5, 2)) {
        t <- round(runif(n, 0.2, 1), 2)
        mu <- 4 * t * if (kappa > 0) rgamma(n, 1 / kappa, 1 / kappa) else 1
        add(c(1, rpois(n - 1, mu[-1])), t)
    }
    rows
}

# --- agreement ---

# Standard errors by the delta method: gradient of kappa by the cells, at the table and at the one of independence.
kappa_case <- function(n, power) {
    k <- nrow(n)
    w <- 1 - (abs(row(n) - col(n)) / (k - 1))^power
    total <- sum(n)
    p <- n / total
    kappa <- function(x) {
        q <- matrix(x, k)
        q <- q / sum(q)
        pe <- sum(w * outer(rowSums(q), colSums(q)))
        (sum(w * q) - pe) / (1 - pe)
    }
    se <- function(q) {
        g <- complex_gradient(kappa, as.vector(q))
        sqrt((sum(q * g^2) - sum(q * g)^2) / total)
    }
    est <- kappa(as.vector(p))
    z <- est / se(outer(rowSums(p), colSums(p)))
    half <- qnorm(0.975) * se(p)
    certain <- se(p) < 1e-7  # always or never the same grade: no interval
    list(call = "weighted kappa, delta method", weight = c("linear", "quadratic")[power], k = k,
         table = joined(as.vector(t(n))), kappa = number(est),
         low = number(if (certain) NA else max(-1, est - half)),
         high = number(if (certain) NA else min(1, est + half)), z = number(z),
         p = number(2 * pnorm(-abs(z))))
}

kappa_rows <- function() {
    set.seed(505)
    rows <- list()
    tables <- list(matrix(c(88, 14, 18, 10, 40, 10, 2, 6, 12), 3), matrix(c(20, 5, 10, 15), 2), diag(c(5, 3, 2, 1)),
                   matrix(c(1, 0, 1, 0), 2) + diag(2),
                   matrix(c(0, 4, 4, 0), 2), matrix(c(1000, 200, 30, 150, 2000, 300, 20, 250, 5000), 3))
    for (k in c(3, 4, 5, 7)) for (n in c(8, 30, 200)) {
        a <- sample(k, n, TRUE)
        b <- pmin(k, pmax(1, a + sample(c(-1, 0, 0, 1), n, TRUE)))
        tables[[length(tables) + 1]] <- table(factor(a, 1:k), factor(b, 1:k))
    }
    for (t in tables) for (power in 1:2) rows[[length(rows) + 1]] <- kappa_case(unclass(t) + 0, power)
    rows
}

icc_case <- function(x) {
    n <- nrow(x)
    k <- ncol(x)
    d <- data.frame(v = as.vector(x), person = factor(row(x)), session = factor(col(x)))
    ms <- suppressWarnings(anova(aov(v ~ person + session, d)))[["Mean Sq"]]
    msr <- ms[1]
    msc <- ms[2]
    mse <- ms[3]
    icc <- (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
    a <- k * icc / (n * (1 - icc))
    b <- 1 + k * icc * (n - 1) / (n * (1 - icc))
    v <- (a * msc + b * mse)^2 / ((a * msc)^2 / (k - 1) + (b * mse)^2 / ((n - 1) * (k - 1)))
    fl <- qf(0.975, n - 1, v)
    fu <- qf(0.975, v, n - 1)
    low <- n * (msr - fl * mse) / (fl * (k * msc + (k * n - k - n) * mse) + n * msr)
    high <- n * (fu * msr - mse) / (k * msc + (k * n - k - n) * mse + n * fu * msr)
    sem <- sqrt(mse + max(0, (msc - mse) / n))
    list(call = "aov(v ~ person + session), McGraw and Wong 1996", subjects = n, sessions = k,
         values = joined(as.vector(t(x))), icc = number(icc),
         low = number(low), high = number(high), f = number(msr / mse),
         p = number(pf(msr / mse, n - 1, (n - 1) * (k - 1), lower.tail = FALSE)),
         sem = number(sem), mdc = number(1.96 * sqrt(2) * sem))
}

icc_rows <- function() {
    set.seed(606)
    rows <- list()
    # Shrout and Fleiss 1979
    rows[[1]] <- icc_case(matrix(c(9, 6, 8, 7, 10, 6, 2, 1, 4, 1, 5, 2, 5, 3, 6, 2, 6, 4, 8, 2, 8, 6, 9, 7), 6))
    for (n in c(2, 3, 6, 12, 40, 150)) for (k in c(2, 3, 5)) {
        people <- outer(rnorm(n, 4, 1.2), rep(1, k))
        sessions <- outer(rep(1, n), rnorm(k, 0, 0.3))
        x <- people + sessions + matrix(rnorm(n * k, 0, c(0.2, 0.8, 3)[(n + k) %% 3 + 1]), n)
        rows[[length(rows) + 1]] <- icc_case(round(x, 4))
    }
    rows[[length(rows) + 1]] <- icc_case(1e6 + matrix(c(1, 2, 3, 4, 1.5, 2.5, 2, 4.5), 4))  # far from zero
    rows
}

baseline_case <- function(value, person) {
    several <- names(which(table(person) > 1))
    keep <- person %in% several
    v <- value[keep]
    p <- factor(person[keep])
    size <- as.vector(table(p))
    a <- length(size)
    n <- length(v)
    ms <- anova(aov(v ~ p))[["Mean Sq"]]
    n0 <- (n - sum(size^2) / n) / (a - 1)
    f <- ms[1] / ms[2]
    fl <- f / qf(0.975, a - 1, n - a)
    fu <- f * qf(0.975, n - a, a - 1)
    list(call = "aov(v ~ person), Searle", value = joined(value), person = joined(person), people = a,
         sem = number(sqrt(ms[2])),
         mdc = number(1.96 * sqrt(2) * sqrt(ms[2])), icc = number((ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2])),
         low = number((fl - 1) / (fl + n0 - 1)), high = number((fu - 1) / (fu + n0 - 1)),
         p = number(pf(f, a - 1, n - a, lower.tail = FALSE)))
}

baseline_rows <- function() {
    set.seed(707)
    lapply(1:16, function(i) {
        a <- c(2, 3, 5, 12, 40)[(i - 1) %% 5 + 1]
        size <- sample(c(1, 2, 2, 3, 4), a, TRUE)
        size[1:2] <- c(2, 3)
        person <- rep(sample(1000, a), size)
        value <- round(rnorm(sum(size), rep(rnorm(a, 2, 1), size), c(0.1, 1)[i %% 2 + 1]), 4)
        order <- sample(sum(size))  # in any order
        baseline_case(value[order], person[order])
    })
}

# --- course after an infusion ---

full_share <- function(k, start, end, builds) {
    s <- pmax(start, 0)
    after <- ifelse(end > 0, (end - s) / (end - start), 0)
    x <- k * (end - s)
    wearing <- exp(-k * s) * (1 - exp(-x)) / x
    ifelse(after > 0, after * (if (builds) 1 - wearing else wearing), 0 * k)
}
course_case <- function(start, end, exposure, count, builds) {
    mean <- function(par) {
        exposure * exp(par[1]) * (1 - (1 - exp(par[2])) * full_share(exp(par[3]), start, end, builds))
    }
    loglik <- function(par) sum(count * log(mean(par)) - mean(par))
    check <- full_share(0.02, start, end, builds)
    by_integral <- mapply(function(s, e) {
        if (e <= 0) return(0)
        integrate(function(t) if (builds) 1 - exp(-0.02 * t) else exp(-0.02 * t), max(s, 0), e)$value / (e - s)
    }, start, end)
    stopifnot(max(abs(check - by_integral)) < 1e-10)
    best <- NULL
    for (k in c(0.005, 0.02, 0.08, 0.3)) for (e in c(0.2, 0.7, 1.5)) {
        o <- suppressWarnings(optim(c(log(sum(count) / sum(exposure)), log(e), log(k)), function(p) -loglik(p),
                                    method = "BFGS",
                                    control = list(reltol = 1e-14, maxit = 500)))
        if (is.null(best) || o$value < best$value) best <- o
    }
    par <- newton(loglik, function(p) complex_gradient(loglik, p), best$par)
    stopifnot(max(abs(par - best$par)) < 1e-2, loglik(par) >= -best$value - 1e-9)
    m <- mean(par)
    constant <- sum(count) / sum(exposure)
    list(call = "optim(BFGS) of the Poisson likelihood, Newton", form = if (builds) "builds" else "wears",
         start = joined(start), end = joined(end),
         exposure = joined(exposure), count = joined(count), lambda0 = number(exp(par[1])),
         effect = number(1 - exp(par[2])), k = number(exp(par[3])),
         gain = number(2 * (loglik(par) - sum(dpois(count, constant * exposure, log = TRUE) + lgamma(count + 1)))),
         dispersion = number(if (length(count) > 3) sum((count - m)^2 / m) / (length(count) - 3) else NA))
}

course_rows <- function() {
    start <- c(-15, 0, 15, 30, 60)
    end <- c(0, 15, 30, 60, 120)
    fine <- seq(-30, 235, 5)
    rows <- list()
    add <- function(...) rows[[length(rows) + 1]] <<- course_case(...)
    add(start, end, end - start, c(60, 12, 25, 85, 230), FALSE)
    add(start, end, end - start, c(60, 50, 35, 50, 62), TRUE)
    add(start, end, (end - start) * c(0.9, 1, 0.7, 1, 0.5), c(31, 8, 9, 36, 52), FALSE)
    add(start, end, end - start, c(20, 55, 38, 55, 85), FALSE)           # the rate rose
    # a bin over 0
    add(c(-60, -10, 10, 30, 60), c(-10, 10, 30, 60, 120), c(50, 20, 20, 30, 60), c(100, 26, 24, 45, 110), FALSE)
    add(c(-30, 0, 20, 60), c(0, 20, 60, 240), c(30, 20, 40, 180), c(300, 150, 180, 500), TRUE)
    set.seed(808)
    for (i in 1:6) {
        g <- full_share(c(0.01, 0.02, 0.04)[(i - 1) %% 3 + 1], fine, fine + 5, i > 3)
        add(fine, fine + 5, rep(5, length(fine)), rpois(length(fine), 5 * 8 * (1 - 0.6 * g)), i > 3)
    }
    rows
}

# --- distributions ---

cdf_rows <- function() {
    rows <- list()
    add <- function(call, x, df1, df2, value) {
        rows[[length(rows) + 1]] <<- list(call = call, x = number(x), df1 = number(df1), df2 = number(df2),
                                          value = number(value))
    }
    # no qf below: at p = 1e-6 with 1 and 1 degrees of freedom it is 2e-5 off tan(pi p / 2)^2
    for (p in c(1e-12, 1e-6, 0.001, 0.025, 0.5, 0.8, 0.975, 0.9999)) {
        add("qnorm", p, NA, NA, qnorm(p))
        for (df in c(1, 2.5, 8, 30, 1000)) add("qt", p, df, NA, qt(p, df))
        for (df in if (p > 1e-4) list(c(1, 1), c(2, 7.3), c(11, 33), c(39.5, 2), c(149, 600), c(5, 1e4))) {
            add("qf", p, df[1], df[2], qf(p, df[1], df[2]))
        }
    }
    for (x in c(0, 0.3, 1.96, 5, 20, 37)) {
        add("2 * pnorm(-x)", x, NA, NA, 2 * pnorm(-x))
        for (df in c(1, 3, 18.5, 400)) add("2 * pt(-x)", x, df, NA, 2 * pt(-x, df))
        for (df in c(1, 2, 7, 62)) add("pchisq(upper)", x, df, NA, pchisq(x, df, lower.tail = FALSE))
        for (df in list(c(1, 3), c(4, 12.5), c(149, 298))) {
            add("pf(upper)", x, df[1], df[2], pf(x, df[1], df[2], lower.tail = FALSE))
        }
    }
    rows
}

write_table("cdf", cdf_rows())
write_table("survival", survival_rows())
write_table("polr", polr_rows())
write_table("negbin", negbin_rows())
write_table("dispersion", dispersion_rows())
write_table("kappa", kappa_rows())
write_table("icc", icc_rows())
write_table("baselines", baseline_rows())
write_table("course", course_rows())
