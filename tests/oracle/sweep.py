#!/usr/bin/env python3
"""Reference values of the special functions and tails over the whole range they are used in, populations to 10^9, by mpmath.

usage: sweep.py > rows/sweep.csv    (one command, the same bytes each time; takes some minutes)

Every argument is a double, taken as the exact number it is: where a tail hangs on the last digits of its argument, both sides
must mean the same one.
"""
import random

from mpmath import betainc, erfc, exp, gammainc, log, loggamma, mp, mpf, nstr, sqrt

mp.dps = 40
random.seed(20261121)
number = 0


def row(function, a, b, c, x, value, tolerance):
    global number
    if value < mpf(10) ** -290 or value > 1:
        return
    number += 1
    print(f"sweep-{number},{function},{a},{b},{c},{x},{nstr(value, 17)},0,{tolerance}")


def log_choose(n, k):
    return loggamma(mpf(n) + 1) - loggamma(mpf(k) + 1) - loggamma(mpf(n) - k + 1)


def sum_ratios(first, ratio):
    """first + first r(0) + first r(0) r(1) + ... of terms that fall."""
    total, term, i = first, first, 0
    while term > total * mpf(10) ** -22:
        term *= ratio(i)
        total += term
        i += 1
    return total


def binomial_tail(k, n, p, upper):
    p = mpf(p)
    first = exp(log_choose(n, k) + k * log(p) + (n - k) * log(1 - p))
    if upper:
        return sum_ratios(first, lambda i: mpf(n - k - i) / (k + i + 1) * p / (1 - p))
    return sum_ratios(first, lambda i: mpf(k - i) / (n - k + i + 1) * (1 - p) / p)


def hyper_tail(k, K, n, N, upper):
    first = exp(log_choose(K, k) + log_choose(N - K, n - k) - log_choose(N, n))
    if upper:
        return sum_ratios(first, lambda i: mpf(K - k - i) * (n - k - i) / (mpf(k + i + 1) * (N - K - n + k + i + 1)))
    return sum_ratios(first, lambda i: mpf(k - i) * (N - K - n + k - i) / (mpf(K - k + i + 1) * (n - k + i + 1)))


def poisson_tail(k, m, upper):
    m = mpf(m)
    first = exp(k * log(m) - m - loggamma(mpf(k) + 1))
    if upper:
        return sum_ratios(first, lambda i: m / (k + i + 1))
    return sum_ratios(first, lambda i: mpf(k - i) / m)


def tails(mean, deviation, most):
    """Counts on both sides of the mean, near and far."""
    for away in (-9, -3, -1.2, -0.3, 0.4, 1.5, 3.5, 11):
        k = int(mean + away * deviation)
        if 0 <= k <= most:
            yield k, away > 0


print("id,function,a,b,c,x,expected,abs_tol,rel_tol")
for n in (10, 1000, 10**5, 10**7, 10**9):
    for p in (3.7e-9, 0.00002, 0.0013, 0.05, 0.31, 0.5):
        mean, deviation = n * p, (n * p * (1 - p)) ** 0.5
        for k, upper in tails(mean, deviation, n - 1):
            if upper or k < mean:
                row("binom_tail_ge" if upper else "binom_cdf_le", k, n, "", repr(p), binomial_tail(k, n, p, upper), "1e-10")
for N in (60, 4000, 10**6, 10**9):
    for share in (0.00001, 0.002, 0.05, 0.4):
        for drawn in (0.000002, 0.001, 0.03, 0.5, 0.97):
            K, n = int(N * share), int(N * drawn)
            if K == 0 or n == 0:
                continue
            mean, deviation = n * K / N, (n * K / N * (1 - K / N) * (1 - n / N)) ** 0.5
            for k, upper in tails(mean, deviation, min(n, K)):
                if k >= max(0, n + K - N) and (upper or k < mean):
                    row("hyper_tail_ge" if upper else "hyper_cdf_le", N, K, n, k, hyper_tail(k, K, n, N, upper), "1e-10")
for m in (1e-6, 0.3, 7.5, 1234.5, 1e6 + 0.25, 1e9):
    for k, upper in tails(m, m ** 0.5, 4 * 10**9):
        row("pois_tail_ge" if upper else "pois_cdf_le", k, "", "", repr(m), poisson_tail(k, m, upper), "1e-10")
for _ in range(25):
    a, b = 10 ** random.uniform(-0.3, 2.7), 10 ** random.uniform(-0.3, 2.7)
    x = min(max(a / (a + b) * 10 ** random.uniform(-0.5, 0.2), 1e-9), 0.999)
    row("ibeta_reg", repr(a), repr(b), "", repr(x), betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True), "1e-10")
    row("ibeta_reg_upper", repr(a), repr(b), "", repr(x), betainc(mpf(a), mpf(b), mpf(x), 1, regularized=True), "1e-10")
    x = a * 10 ** random.uniform(-0.4, 0.3)
    row("igamma_p", repr(a), "", "", repr(x), gammainc(mpf(a), 0, mpf(x), regularized=True), "1e-10")
    row("igamma_q", repr(a), "", "", repr(x), gammainc(mpf(a), mpf(x), regularized=True), "1e-10")
for z in (-37.0, -20.5, -6.0, -1.96, -0.001, 0.5, 3.0, 8.0):
    row("pnorm", "", "", "", repr(z), erfc(-mpf(z) / sqrt(2)) / 2, "1e-12")
