#!/usr/bin/env python3
"""Fast documents per person as stats/pace.h defines them, from the CSV itself and with fractions: a second opinion that shares
nothing with jihe. Prints person, timed, baseline fast, fast, for the last month against those before."""
import csv
import sys
from datetime import datetime
from fractions import Fraction

OWN, PEERS, CLASSES, THIN = Fraction(5, 100), Fraction(10, 100), 32, 200


def bucket(ms):  # 64 single values, then 32 steps to each doubling
    return ms if ms < 64 else 64 + (ms.bit_length() - 7) * 32 + (ms >> (ms.bit_length() - 6)) - 32


rows = []
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    if not (row["received_at"] and row["processed_at"] and row["reviewer"] and row["doc_type"]):
        continue
    took = [datetime.strptime(row[c], "%Y-%m-%d %H:%M:%S") for c in ("received_at", "processed_at")]
    ms = int((took[1] - took[0]).total_seconds() * 1000)
    if ms >= 0:
        rows.append((row["business_date"][:7], row["doc_type"], row["reviewer"], bucket(ms)))
last = max(row[0] for row in rows)

classes = {}
for kind in {row[1] for row in rows}:
    baseline = sorted(b for month, t, _, b in rows if t == kind and month < last)
    if len(baseline) < THIN:
        continue
    shares = {b: Fraction(sum(1 for other in baseline if other <= b), len(baseline)) for b in set(baseline)}
    for b in {row[3] for row in rows if row[1] == kind}:
        below = max((share for other, share in shares.items() if other <= b), default=Fraction(0))
        classes[kind, b] = next((c for c in range(1, CLASSES + 1) if below <= PEERS * Fraction(c, CLASSES) ** 2), 0)

for person in sorted({row[2] for row in rows}):
    mine = [(row[0] == last, classes[row[1], row[3]]) for row in rows if row[2] == person and (row[1], row[3]) in classes]
    before = [c for now, c in mine if not now]
    now = [c for is_now, c in mine if is_now]
    cut = max((k for k in range(CLASSES + 1) if sum(1 for c in before if 1 <= c <= k) <= OWN * len(before)), default=0)
    fast = [sum(1 for c in part if 1 <= c <= cut) for part in (before, now)]
    print(person, len(now), *fast) if before else print(person, len(now))
