# make_shares.R - tests/oracle/shares.tsv: slopes and ratios of rates from how each person's events are shared out among
# sessions, by R's glm (Poisson, an intercept for each person: the same estimate) and the scores' own limits by uniroot.
# Run: Rscript --vanilla make_shares.R   (in this folder; seeds are fixed)

number <- function(v) ifelse(is.na(v), "n/a", ifelse(is.infinite(v), ifelse(v > 0, "inf", "-inf"), sprintf("%.17g", v)))
cells <- function(v) paste(number(v), collapse = " ")

scores <- function(d, beta) {
    each <- lapply(split(d, d$person), function(g) {
        if (sum(g$n) == 0) return(c(0, 0))
        w <- g$t * exp(beta * (g$x - mean(g$x)))
        mean_x <- sum(g$x * w) / sum(w)
        c(sum(g$x * g$n) - sum(g$n) * mean_x, sum(g$n) * (sum(g$x^2 * w) / sum(w) - mean_x^2))
    })
    s <- sapply(each, `[`, 1)
    used <- sum(sapply(split(d, d$person), function(g) sum(g$n) > 0 && length(unique(g$x)) > 1))
    c(sum = sum(s), own = sqrt(max(0, used / (used - 1) * (sum(s^2) - sum(s)^2 / used))),
      binomial = sqrt(sum(sapply(each, `[`, 2))), used = used)
}

limit <- function(d, estimate, side, reach) {
    beyond <- function(beta) {
        s <- scores(d, beta)
        s[["sum"]] - side * max(qt(0.975, s[["used"]] - 1) * s[["own"]], qnorm(0.975) * s[["binomial"]])
    }
    stride <- 0.05 / reach
    repeat { # outwards, as far as the first change of sign
        to <- estimate - side * stride
        if (abs(to * reach) > 60) return(-side * Inf)
        if (beyond(estimate) * beyond(to) <= 0) break
        stride <- 2 * stride
    }
    uniroot(beyond, sort(c(estimate, to)), tol = 1e-13)$root
}

one <- function(kind, d) {
    with_events <- d[d$person %in% names(which(tapply(d$n, d$person, sum) > 0)), ]
    with_events$person <- factor(with_events$person)
    fit <- glm(n ~ person + x + offset(log(t)), family = poisson, data = with_events,
               control = glm.control(epsilon = 1e-15, maxit = 100))
    estimate <- unname(coef(fit)["x"])
    reach <- max(sapply(split(d$x, d$person), function(x) diff(range(x))))
    s <- scores(d, 0)
    p <- max(2 * pt(-abs(s[["sum"]]) / s[["own"]], s[["used"]] - 1), 2 * pnorm(-abs(s[["sum"]]) / s[["binomial"]]))
    data.frame(call = kind, person = cells(d$person), x = cells(d$x), t = cells(d$t), n = cells(d$n), estimate = number(estimate),
               low = number(limit(d, estimate, 1, reach)), high = number(limit(d, estimate, -1, reach)), p = number(p))
}

set.seed(20261123)
rows <- NULL
for (people in c(5, 8, 12, 20, 40)) {
    for (per_hour in c(2, 8, 30)) {
        for (slope in c(-2, 0, 1.5)) {
            sessions <- sample(2:6, people, replace = TRUE)
            d <- data.frame(person = rep(seq_len(people), sessions))
            d$x <- round(runif(nrow(d), 0.5, 1.3), 2)
            d$t <- round(exp(rnorm(nrow(d), 0, 0.7)), 3)
            own <- exp(rnorm(people, 0, 0.8))[d$person]
            d$n <- rpois(nrow(d), own * per_hour * d$t * exp(slope * (d$x - 0.9)) * rgamma(nrow(d), 5, 5))
            rows <- rbind(rows, one("slope", d))
            d <- data.frame(person = rep(seq_len(people), each = 2), x = rep(0:1, people))
            d$t <- round(exp(rnorm(nrow(d), 0, 0.7)), 3)
            own <- exp(rnorm(people, 0, 0.8))[d$person]
            d$n <- rpois(nrow(d), own * per_hour * d$t * exp(slope / 3 * d$x))
            rows <- rbind(rows, one("ratio", d))
        }
    }
}
write.table(rows, "shares.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
