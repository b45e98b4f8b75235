#!/usr/bin/env python3
"""Checks a certificate of 'jihe prove' without jihe: python3 verify_certificate.py FILE [DIGEST]

Written from the descriptions of XXH3-64, PCG RXS-M-XS 64 and the Merkle tree of RFC 9162 alone. DIGEST is what was published
for the run, if anything was. Prints one line; the exit code is 0 only if all is right. Ids and seeds up to 240 bytes."""
import hashlib, struct, sys
M = (1 << 64) - 1
SECRET = bytes.fromhex("""
    b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221
    b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8
    a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb
    170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e""")

def u64(b, i): return struct.unpack_from("<Q", b, i)[0]
def key(i): return u64(SECRET, i) ^ u64(SECRET, i + 8)
def fold(a, b): return (a * b & M) ^ (a * b >> 64)
def mix(b, i, s): return fold(u64(b, i) ^ u64(SECRET, s), u64(b, i + 8) ^ u64(SECRET, s + 8))
def sha(*parts): return hashlib.sha256(b"".join(parts))
def scatter(h, first, *steps):
    h = (h & M) ^ (h & M) >> first
    for factor, shift in steps:
        h = (h * factor & M) ^ (h * factor & M) >> shift
    return h

def xxh3(b):
    n, prime, last = len(b), 0x9E3779B185EBCA87, (0x165667919E3779F9, 32)
    assert n <= 240, "not checked: more than 240 bytes in an id or a seed"
    if n < 4:
        flip = struct.unpack_from("<II", SECRET)
        h = (b[0] << 16 | b[n // 2] << 24 | b[-1] | n << 8) ^ flip[0] ^ flip[1] if n else key(56)
        return scatter(h, 33, (0xC2B2AE3D27D4EB4F, 29), (0x165667B19E3779F9, 32))
    if n <= 8:
        h = (int.from_bytes(b[:4], "little") << 32) + int.from_bytes(b[-4:], "little") ^ key(8)
        h = (h ^ (h << 49 | h >> 15) & M ^ (h << 24 | h >> 40) & M) * 0x9FB21C651E98DF25 & M
        h = (h ^ (h >> 35) + n) * 0x9FB21C651E98DF25 & M
        return h ^ h >> 28
    if n <= 16:
        low, high = u64(b, 0) ^ key(24), u64(b, n - 8) ^ key(40)
        h = n + int.from_bytes(low.to_bytes(8, "little"), "big") + high + fold(low, high)
    elif n <= 128:
        h = n * prime + sum(mix(b, 16 * i, 32 * i) + mix(b, n - 16 - 16 * i, 32 * i + 16) for i in range((n + 31) // 32))
    else:
        h = scatter(n * prime + sum(mix(b, 16 * i, 16 * i) for i in range(8)), 37, last)
        h += sum(mix(b, 16 * i, 16 * i - 125) for i in range(8, n // 16)) + mix(b, n - 16, 119)
    return scatter(h, 37, last)

def draw_number(doc_id, stream):
    step, multiplier = (stream << 1 | 1) & M, 6364136223846793005
    state = ((xxh3(doc_id) + step) * multiplier + step) & M
    word = (state >> (state >> 59) + 5 ^ state) * 12605985483714917081 & M
    return word >> 43 ^ word

def root(low, high, first, leaves, rest):
    if high <= first or low >= first + len(leaves):
        return rest.pop(0)
    if high - low == 1:
        return leaves[low - first]
    cut = low + (1 << (high - low - 1).bit_length() - 1)
    return sha(b"\1", root(low, cut, first, leaves, rest), root(cut, high, first, leaves, rest)).digest()

def plain(word):
    return b"\\".join(p.replace(b"\\t", b"\t").replace(b"\\n", b"\n").replace(b"\\r", b"\r") for p in word.split(b"\\\\"))

def check_stratum(whole, total, n, due, lines, rest):
    at, order = [line[0] for line in lines], [line[1:3] for line in lines]
    assert not whole or at == list(range(min(n + 1, total))), "these are not the documents with the smallest numbers"
    assert order == sorted(order) and at == list(range(len(at) and at[0], len(at) and at[-1] + 1)), "out of order"
    if at:
        found = root(0, total, at[0], [line[3] for line in lines], rest).hex()
        assert found == due and not rest, "a document or a hash was swapped"

def check(raw, published):
    assert raw[-69:] == b"end\t" + sha(raw[:-69]).hexdigest().encode() + b"\n", "the file was changed or is cut off"
    rows, strata, heads = [line.split(b"\t") for line in raw[:-70].split(b"\n")], [], b""
    said = {row[0]: row[1:] for row in rows}
    seed, promise = plain(said[b"seed"][0]), said[b"promise"]
    assert sha(seed).hexdigest().encode() == promise[0], "the seed is not one that was promised"
    assert int(promise[1]) < int(said[b"run"][1]), "the seed was promised after the run"
    for word, *row in rows:
        heads += b"\t".join((word, *row)) + b"\n" if word in (b"rule", b"stratum") else b""
        if word == b"rule":
            rule, stream = row[0], xxh3(seed + b"\x1f" + plain(row[1]))
        elif word == b"stratum":
            label, stratum = row[3], (int(row[0]), int(row[1]), row[2].decode(), [], [])
            strata += [stratum]
        elif word == b"line":
            assert int(row[1]) == draw_number(plain(row[2]), stream), f"{row[2].decode()} has another number"
            leaf = sha(b"\0", b"\t".join((rule, label, row[1], row[2]))).digest()
            stratum[3].append((int(row[0]), int(row[1]), plain(row[2]), leaf))
        elif word == b"rest":
            stratum[4].append(bytes.fromhex(row[0].decode()))
    for stratum in strata: check_stratum(rows[0][2] == b"whole", *stratum)
    digest, chosen = sha(heads).hexdigest(), sum(line[0] < s[1] for s in strata for line in s[3])
    assert said[b"digest"][0].decode() == digest and published in (None, digest), "the digest is another one"
    return f"right: {sum(len(s[3]) for s in strata)} lines, {chosen} of them selected; digest {digest}"

try:
    print(check(open(sys.argv[1], "rb").read(), *(sys.argv[2:3] or [None])))
except (AssertionError, KeyError, ValueError, IndexError, struct.error, NameError) as trouble:
    sys.exit(f"wrong: {trouble}")
