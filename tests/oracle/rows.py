#!/usr/bin/env python3
"""A few rows for each function, by definitions that share no code and no algorithm with the engine: bisection of tails at 40
digits (mpmath) and exact fractions, every sample tried in turn.

usage: rows.py rows     (writes interval.csv, estimate.csv and plan.csv there)
"""
import sys
from fractions import Fraction as F
from math import ceil, comb

from mpmath import beta, betainc, erfc, gamma, gammainc, mp, mpf, nstr, quad, sqrt

mp.dps = 40
tables = {}


def row(table, head, function, fields, expected, tolerances):
    lines = tables.setdefault(table, [f"id,function,{head},expected,abs_tol,rel_tol"])
    value = expected if isinstance(expected, (int, str)) else nstr(mpf(expected), 17)
    columns = [str(fields.get(name, "")) for name in head.split(",")]
    lines.append(",".join([f"{table}-{len(lines)}", function, *columns, str(value), *tolerances]))


def root(f, low, high):
    """Where f, falling from above 0 to below, is 0."""
    low, high = mpf(low), mpf(high)
    for _ in range(140):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return low


def real(fraction):
    return mpf(fraction.numerator) / fraction.denominator


def at_most(k, n, p):
    return sum(comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(k + 1))


def z(conf):
    return root(lambda x: erfc(x / sqrt(mpf(2))) - (1 - mpf(conf)), 0, 40)


def t_upper(q, df):
    scale = gamma(mpf(df + 1) / 2) / (sqrt(df * mp.pi) * gamma(mpf(df) / 2))
    density = lambda x: scale * (1 + x * x / df) ** (-mpf(df + 1) / 2)
    return root(lambda t: mpf(1) / 2 - quad(density, [0, t]) - q, 0, 60)


NEAR = ("1e-13", "1e-10")
EXACT = ("0", "0")

# Intervals
head = "k,x,n,N,conf,counts,a,b,tolerable,mean,rho,out"
for k, n, conf in ((0, 7, "0.9"), (2, 40, "0.95"), (17, 90, "0.99"), (40, 40, "0.95")):
    a = 1 - mpf(conf)
    upper = lambda tail: 1 if k == n else root(lambda p: at_most(k, n, p) - tail, 0, 1)
    lower = lambda tail: 0 if k == 0 else root(lambda p: tail - (1 - at_most(k - 1, n, p)), 0, 1)
    f = {"k": k, "n": n, "conf": conf}
    row("interval", head, "clopper_pearson", {**f, "out": "lower"}, lower(a / 2), NEAR)
    row("interval", head, "clopper_pearson", {**f, "out": "upper"}, upper(a / 2), NEAR)
    row("interval", head, "cp_lower_one_sided", {**f, "out": "lower"}, lower(a), NEAR)
    row("interval", head, "cp_upper_one_sided", {**f, "out": "upper"}, upper(a), NEAR)
    w, p = z(conf) ** 2 / n, mpf(k) / n
    for out, sign in (("lower", -1), ("upper", 1)):
        row("interval", head, "wilson", {**f, "out": out},
            (p + w / 2 + sign * sqrt(w * (p * (1 - p) + w / 4))) / (1 + w) if 0 < k < n or sign * (2 * k - n) < 0 else p, NEAR)
    if 0 < k < n:
        part = lambda x: betainc(k + mpf(1) / 2, n - k + mpf(1) / 2, 0, x, regularized=True)
        row("interval", head, "jeffreys", {**f, "out": "lower"}, root(lambda x: a / 2 - part(x), 0, 1), NEAR)
        row("interval", head, "jeffreys", {**f, "out": "upper"}, root(lambda x: 1 - a / 2 - part(x), 0, 1), NEAR)
row("interval", head, "cp_upper_pct_ceil_1dp", {"k": 0, "n": 59, "conf": "0.95"}, "5", ("1e-9", "0"))
for x, conf in ((0, "0.95"), (3, "0.95"), (20, "0.9")):
    a = 1 - mpf(conf)
    over = lambda c, tail: root(lambda m: gammainc(c + 1, m, regularized=True) - tail, 0, 200)
    row("interval", head, "poisson_exact", {"x": x, "conf": conf, "out": "upper"}, over(x, a / 2), NEAR)
    row("interval", head, "poisson_exact", {"x": x, "conf": conf, "out": "lower"},
        0 if x == 0 else over(x - 1, 1 - a / 2), NEAR)
    row("interval", head, "poisson_upper_one_sided", {"x": x, "conf": conf, "out": "upper"}, over(x, a), NEAR)
    row("interval", head, "byar", {"x": x, "conf": conf, "out": "upper"},
        (x + 1) * (1 - mpf(1) / (9 * (x + 1)) + z(conf) / (3 * sqrt(x + 1))) ** 3, NEAR)


def hyper_at_most(k, K, n, N):
    return F(sum(comb(K, x) * comb(N - K, n - x) for x in range(k + 1) if x <= K and n - x <= N - K), comb(N, n))


for k, n, N, conf in ((0, 1, 20, "0.95"), (3, 20, 150, "0.9"), (45, 100, 300, "0.95"), (2, 9, 9, "0.99")):
    limits = {}
    for name, tail in (("two", (1 - F(conf)) / 2), ("one", 1 - F(conf))):
        limits[name] = (min(K for K in range(k, N - n + k + 1) if k == 0 or 1 - hyper_at_most(k - 1, K, n, N) > tail),
                        max(K for K in range(k, N - n + k + 1) if hyper_at_most(k, K, n, N) > tail))
    f = {"k": k, "n": n, "N": N, "conf": conf}
    row("interval", head, "hyper_two_sided", {**f, "out": "K_lower"}, limits["two"][0], EXACT)
    row("interval", head, "hyper_two_sided", {**f, "out": "K_upper"}, limits["two"][1], EXACT)
    row("interval", head, "hyper_lower_one_sided", {**f, "out": "K_lower"}, limits["one"][0], EXACT)
    row("interval", head, "hyper_upper_one_sided", {**f, "out": "K_upper"}, limits["one"][1], EXACT)
counts, A = (180, 12, 6, 2), z("0.9875") ** 2  # 1 - 0.05 / 4
for out, sign in (("lower", -1), ("upper", 1)):
    row("interval", head, "goodman", {"counts": ";".join(map(str, counts)), "conf": "0.95", "out": out}, ";".join(
        nstr((A + 2 * c + sign * sqrt(A * (A + 4 * mpf(c) * (200 - c) / 200))) / (2 * (200 + A)), 17) for c in counts), NEAR)
f = {"k": 1, "n": 80, "a": 1, "b": 19, "tolerable": "0.05", "conf": "0.95"}
below = lambda x, a, b: betainc(a, b, 0, mpf(x), regularized=True)
odds = lambda q: q / (1 - q)
row("interval", head, "beta_binomial_posterior", {**f, "out": "posterior_mean"}, mpf("0.02"), NEAR)
row("interval", head, "beta_binomial_posterior", {**f, "out": "upper_one_sided"},
    root(lambda x: mpf("0.95") - below(x, 2, 98), 0, 1), NEAR)
row("interval", head, "beta_binomial_posterior", {**f, "out": "prob_below_tolerable"}, below("0.05", 2, 98), NEAR)
row("interval", head, "beta_binomial_posterior", {**f, "out": "bayes_factor_below"},
    odds(below("0.05", 2, 98)) / odds(below("0.05", 1, 19)), ("1e-13", "1e-9"))
for k, n, mean, rho in ((5, 40, "0.05", "0.02"), (1, 200, "0.01", "0.3"), (30, 30, "0.6", "0.1")):
    s = 1 / mpf(rho) - 1
    a, b = mpf(mean) * s, (1 - mpf(mean)) * s
    row("interval", head, "betabinom_tail_ge", {"k": k, "n": n, "mean": mean, "rho": rho},
        sum(comb(n, x) * beta(x + a, n - x + b) for x in range(k, n + 1)) / beta(a, b), NEAR)

# Estimates
head = ("N_h,n_h,k_h,pattern,selected,outcome,pi,y,N,N_r,rule,multiplicity,stratum,in_domain,taints,n,book,audit,total_book,"
        "conf,out")
join = lambda values: ";".join(map(str, values))
N, n, k = (400, 900, 25), (20, 30, 25), (1, 4, 3)
whole = sum(N)
p = sum(F(a, whole) * F(c, b) for a, b, c in zip(N, n, k))
v = sum(F(a, whole) ** 2 * (1 - F(b, a)) * F(c, b) * (1 - F(c, b)) / (b - 1) for a, b, c in zip(N, n, k))
f = {"N_h": join(N), "n_h": join(n), "k_h": join(k), "conf": "0.95"}
row("estimate", head, "stratified_rate", {**f, "out": "estimate"}, real(p), NEAR)
row("estimate", head, "stratified_rate", {**f, "out": "se"}, sqrt(real(v)), NEAR)
effective = real(p * (1 - p) / v) * (t_upper(mpf("0.025"), 74) / t_upper(mpf("0.025"), 72)) ** 2
a, b = effective * real(p), effective * (1 - real(p))
for out, low, high, tail in (("lower", a, b + 1, "0.025"), ("upper", a + 1, b, "0.975")):
    row("estimate", head, "stratified_korn_graubard", {**f, "out": out},
        root(lambda x: mpf(tail) - betainc(low, high, 0, x, regularized=True), 0, 1), ("1e-13", "1e-9"))
pattern = (1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3)
outcome = "1;0;3;0;-;-;0;2;1;-;-".split(";")
selected = [int(o != "-") for o in outcome]
f = {"pattern": join(pattern), "selected": join(selected), "outcome": join(outcome)}
for out, wanted in (("in_rule", "13"), ("out_of_rule", "23"), ("any", "123"), ("both", "3")):
    p = v = F(0)
    for g in (1, 2, 3):
        seen = [F(o in wanted) for o, q, s in zip(outcome, pattern, selected) if q == g and s]
        size, rate = pattern.count(g), sum(seen) / len(seen)
        p += F(size, 11) * rate
        v += F(size, 11) ** 2 * (1 - F(len(seen), size)) * rate * (1 - rate) / (len(seen) - 1)
    row("estimate", head, "pattern_rate", {**f, "out": out}, real(p), NEAR)
    row("estimate", head, "pattern_rate", {**f, "out": out + "_se"}, sqrt(real(v)), NEAR)
row("estimate", head, "naive_pooled_any", {**f, "out": "any"}, real(F(4, 7)), NEAR)
pi, y = "1;0.5;0.5;0.1;0.1".split(";"), (1, 1, 0, 1, 0)
w = [1 / F(q) for q in pi]
total, size = sum(a * b for a, b in zip(w, y)), sum(w)
v = lambda centre: sum((1 - 1 / a) * a * a * (b - centre) ** 2 for a, b in zip(w, y))
f = {"pi": join(pi), "y": join(y), "N": 30}
for function, out, value in (("ht", "total", real(total)), ("ht", "total_se", sqrt(real(v(0)))), ("ht", "rate", real(total / 30)),
                             ("ht", "rate_se", sqrt(real(v(0))) / 30), ("ht", "N_hat", real(size)),
                             ("hajek", "rate", real(total / size)),
                             ("hajek", "rate_se", sqrt(real(v(total / size))) / real(size)),
                             ("naive_pooled", "rate", real(F(3, 5)))):
    row("estimate", head, function, {**f, "out": out}, value, NEAR)
rule, y, m = (1, 1, 1, 2, 2), (1, 0, 1, 1, 0), (1, 2, 2, 1, 2)
total = size = v = F(0)
for r, frame in ((1, 50), (2, 70)):
    share = [F(a, b) for a, b, c in zip(y, m, rule) if c == r]
    ones = [F(1, b) for b, c in zip(m, rule) if c == r]
    count, mean = len(share), sum(share) / len(share)
    total += F(frame, count) * sum(share)
    size += F(frame, count) * sum(ones)
    v += frame * frame * (1 - F(count, frame)) * sum((s - mean) ** 2 for s in share) / (count - 1) / count
f = {"N_r": "50;70", "rule": join(rule), "y": join(y), "multiplicity": join(m)}
for out, value in (("total", real(total)), ("total_se", sqrt(real(v))), ("N_hat", real(size))):
    row("estimate", head, "multiplicity", {**f, "out": out}, value, NEAR)
stratum, member, y = (1, 1, 1, 2, 2, 2, 2), (1, 0, 1, 1, 1, 0, 1), (1, 1, 0, 0, 1, 0, 0)
weight = {1: F(30, 3), 2: F(80, 4)}
size = sum(weight[s] * d for s, d in zip(stratum, member))
rate = sum(weight[s] * d * e for s, d, e in zip(stratum, member, y)) / size
v = F(0)
for h, frame, count in ((1, 30, 3), (2, 80, 4)):
    left = [d * (e - rate) for s, d, e in zip(stratum, member, y) if s == h]
    v += frame * frame * (1 - F(count, frame)) * sum((q - sum(left) / count) ** 2 for q in left) / (count - 1) / count
f = {"N_h": "30;80", "stratum": join(stratum), "in_domain": join(member), "y": join(y)}
for out, value in (("estimate", real(rate)), ("se", sqrt(real(v)) / real(size)), ("domain_size", real(size))):
    row("estimate", head, "domain_rate", {**f, "out": out}, value, NEAR)
taints, f = ("1", "0.4", "0.25"), {"taints": "0.25;1;0.4", "n": 60, "conf": "0.95"}
binomial = [root(lambda q: at_most(i, 60, q) - mpf("0.05"), 0, 1) for i in range(4)]
poisson = [root(lambda q: gammainc(i + 1, q, regularized=True) - mpf("0.05"), 0, 100) / 60 for i in range(4)]
for name, b in (("binomial", binomial), ("poisson", poisson)):
    row("estimate", head, "stringer_" + name, {**f, "out": "upper"},
        b[0] + sum((b[i + 1] - b[i]) * mpf(t) for i, t in enumerate(taints)), NEAR)
row("estimate", head, "taint_mle", {**f, "out": "mle"}, mpf("1.65") / 60, NEAR)
book, audit = (100, 250, 80, 40, 130), (100, 200, 80, 30, 130)
t, items, total = t_upper(mpf("0.025"), 4), 300, 36000
mean = lambda values: F(sum(values), 5)
slope = F(sum((b - mean(book)) * (a - mean(audit)) for a, b in zip(audit, book)), 1) / sum((b - mean(book)) ** 2 for b in book)
lines = {"direct": F(0), "difference": F(1), "quotient": mean(audit) / mean(book), "regression": slope}
for name, slope in lines.items():
    level = mean(audit) - slope * mean(book)
    left = [a - level - slope * b for a, b in zip(audit, book)]
    half = t * items * sqrt(real(sum(q * q for q in left) / 4 / 5))
    known = total - items * level - slope * total
    likely = real(known if name in ("direct", "regression") else items * (mean(book) - mean(audit)))
    f = {"book": join(book), "audit": join(audit), "N": items, "total_book": total, "conf": "0.95"}
    for out, value in (("mle", likely), ("lower", likely - half), ("upper", likely + half)):
        row("estimate", head, name, {**f, "out": out}, value, ("1e-6", "1e-10"))

# Plans: every sample tried in turn
head = "conf,tolerable,expected_rate,expected_k,N,ratio,half_width,rate,n,c,p,out"


def plan(function, f, passes, allowed):
    n = next(n for n in range(1, 100000) if n > allowed(n) and passes(n, allowed(n)))
    row("plan", head, function, {**f, "out": "n"}, n, EXACT)
    if function != "plan_poisson":
        row("plan", head, function, {**f, "out": "allowed_k"}, ceil(allowed(n)), EXACT)


for conf, t, e in (("0.95", "0.05", "0.01"), ("0.9", "0.07", "0.0325"), ("0.9", "0.9", "0")):
    plan("plan_binomial", {"conf": conf, "tolerable": t, "expected_rate": e},
         lambda n, k: at_most(k, n, F(t)) <= 1 - F(conf), lambda n: ceil(n * F(e)))
    plan("plan_poisson", {"conf": conf, "tolerable": t, "expected_rate": e},
         lambda n, k: gammainc(1 + n * mpf(e), n * mpf(t), regularized=True) <= 1 - mpf(conf), lambda n: n * F(e))
plan("plan_binomial", {"conf": "0.95", "tolerable": "0.05", "expected_k": 2},
     lambda n, k: at_most(k, n, F("0.05")) <= F("0.05"), lambda n: 2)
for conf, t, e, N in (("0.9", "0.06", "0", 100), ("0.95", "0.05", "0.02", 400), ("0.95", "0.001", "0", 1000)):
    wrong = ceil(F(t) * N)
    plan("plan_hypergeometric", {"conf": conf, "tolerable": t, "expected_rate": e, "N": N},
         lambda n, k: hyper_at_most(k, wrong, n, N) <= 1 - F(conf), lambda n: ceil(n * F(e)))
for conf, ratio, t in (("0.95", "0.2", "0.05"), ("0.9", "0", "0.02")):
    f = {"conf": conf, "ratio": ratio, "tolerable": t}
    left = lambda x: gammainc(1 + mpf(ratio) * x, x, regularized=True) - (1 - mpf(conf))
    factor = root(left, 0, 100)
    row("plan", head, "mus_factor", {"conf": conf, "ratio": ratio, "out": "factor"}, factor, NEAR)
    row("plan", head, "mus_n_poisson", {**f, "out": "n"}, next(n for n in range(1, 10000) if left(n * mpf(t)) <= 0), EXACT)
    row("plan", head, "mus_n_conservative", {**f, "out": "n"}, ceil(F(int(mp.ceil(100 * factor)), 100) / F(t)), EXACT)
for e, p, N, conf in (("0.01", "0.5", "inf", "0.95"), ("0.02", "0.1", 700, "0.9")):
    n0 = z(conf) ** 2 * mpf(p) * (1 - mpf(p)) / mpf(e) ** 2
    n = n0 if N == "inf" else n0 / (1 + (n0 - 1) / N)
    row("plan", head, "n_for_precision", {"half_width": e, "rate": p, "N": N, "conf": conf}, int(mp.ceil(n)), EXACT)
row("plan", head, "oc_binomial", {"n": 93, "c": 1, "p": "0.05"}, real(at_most(1, 93, F("0.05"))), NEAR)
row("plan", head, "oc_hypergeometric", {"n": 60, "c": 2, "N": 250, "p": "0.05"}, real(hyper_at_most(2, 13, 60, 250)), NEAR)
p1, a, p2, b = map(F, ("0.02", "0.05", "0.1", "0.1"))
n, c = next((n, c) for n in range(1, 500) for c in range(n) if at_most(c, n, p2) <= b and at_most(c, n, p1) >= 1 - a)
for out, value in (("n", n), ("c", c)):
    row("plan", head, "plan_two_point_" + out, {"p": "0.02;0.05;0.1;0.1"}, value, EXACT)

for name, lines in tables.items():
    with open(f"{sys.argv[1]}/{name}.csv", "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(lines) + "\n")
