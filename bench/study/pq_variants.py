#!/usr/bin/env python3
"""Recall of product-quantization variants on real vectors (numpy only).

Codes are of x - mean, 8 bits per code (256 entries per codebook), scores come from float tables (here: a matrix
product with the decoded vectors, which gives the same numbers). For every variant two figures are printed:
  r@10   recall@10 of the codes alone over an exhaustive scan
  @20, @50, @100   recall@10 after exact rescoring of the best 20, 50, 100
A returned vector counts as a hit if its exact score is at least that of the true tenth (ties are hits).

  OPENBLAS_NUM_THREADS=1 python3 pq_variants.py --data DIR --set glove --seed 1 [--bytes 25] [--parts baseline,icm]

Sets: goodbooks, glove, icecat, fashion, mixed-movies, mixed-books (the last two: truncated SVD of real ratings, items
V*S and users U, so that norms vary with popularity).
Parts: baseline   rotation x vector or direction x scalar        wbits    w in fewer bits
       estimator  other scalars on the same codes                training more vectors, more rounds, k-means++
       icm        anisotropic and cosine-maximising encoding     opq      alternation after OPQ-P
       residual   bytes spent on books over the whole vector     alloc    orders of the principal components
       holdout    does a small hold-out pick the best baseline   select   the same with stages and training weights
       ship       stages x rotation x training weight            unseen   trained on one half, measured on the other
       weighted   training weighted by powers of the norm        lut8     tables in 8 bits
       qmetric    codes in the metric of sample queries
DIR is laid out as: goodbooks/, glove-6b-100d/, icecat-chorus/, fashion-mnist-784/, movietweetings/.
"""
import argparse
import gzip
import os
import time

for _v in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_v, "1")
import numpy as np  # noqa: E402  (the thread limits must be set before)

F = np.float32
K = 256


# ---------------------------------------------------------------- data

def read_vecs(path, dtype, limit=None):
    """Rows of an int32 dimension and that many values, little-endian, gzipped."""
    with gzip.open(path, "rb") as f:
        raw = f.read()
    d = int(np.frombuffer(raw, "<i4", 1)[0])
    row = 4 + d * np.dtype(dtype).itemsize
    a = np.frombuffer(raw, np.uint8).reshape(-1, row)[:limit, 4:]
    return np.ascontiguousarray(a).view(dtype).astype(F)


def normalize(x):
    n = np.linalg.norm(x, axis=1, keepdims=True)
    return (x / np.where(n > 0, n, 1)).astype(F)


def sparse_times(rows, cols, vals, dense, nrows):
    """A @ dense for A given as triples sorted by row."""
    out = np.zeros((nrows, dense.shape[1]), F)
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    out[rows[starts]] = np.add.reduceat(dense[cols] * vals[:, None], starts, axis=0)
    return out


def truncated_svd(u, i, r, nu, ni, dim, rng, power=4):
    """Randomized SVD of the ratings matrix: (user vectors U, item vectors V*S, ratings per user)."""
    o = np.lexsort((i, u))
    by_u = (u[o], i[o], r[o])
    o = np.lexsort((u, i))
    by_i = (i[o], u[o], r[o])
    q, _ = np.linalg.qr(sparse_times(*by_u, rng.standard_normal((ni, dim + 16)).astype(F), nu))
    for _ in range(power):
        z, _ = np.linalg.qr(sparse_times(*by_i, q, ni))
        q, _ = np.linalg.qr(sparse_times(*by_u, z, nu))
    b = sparse_times(*by_i, q, ni)  # A' Q
    v, s, wt = np.linalg.svd(b, full_matrices=False)
    users = (q @ wt.T)[:, :dim]
    return users.astype(F), (v * s)[:, :dim].astype(F), np.bincount(u, minlength=nu)


def ratings(path, sep, cols, skip):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        rows = [line.split(sep) for line in f.read().splitlines()[skip:]]
    u, i, r = (np.array([float(x[c]) for x in rows]) for c in cols)
    _, u = np.unique(u.astype(np.int64), return_inverse=True)
    _, i = np.unique(i.astype(np.int64), return_inverse=True)
    keep = r > 0
    return u[keep], i[keep], r[keep].astype(F)


def load(name, data, rng):
    """(base, queries, other queries usable for a hold-out or None, metric, byte sizes)"""
    p = lambda *a: os.path.join(data, *a)
    if name == "goodbooks":
        b = read_vecs(p("goodbooks/item-als64-gen2.fvecs.gz"), "<f4")
        q = read_vecs(p("goodbooks/mips-query-als64-gen2.fvecs.gz"), "<f4")
        users = read_vecs(p("goodbooks/user-als64-gen2.fvecs.gz"), "<f4")
        taken = {v.tobytes() for v in q}
        users = users[rng.permutation(len(users))[:4000]]
        return b, q, np.stack([v for v in users if v.tobytes() not in taken]), "ip", (16, 8)
    if name == "glove":
        b = read_vecs(p("glove-6b-100d/base.fvecs.gz"), "<f4", 100_000)
        q = read_vecs(p("glove-6b-100d/query.fvecs.gz"), "<f4")  # in order of frequency: all or a stride
        return normalize(b), normalize(q), None, "cos", (25, 12)
    if name == "icecat":
        b = read_vecs(p("icecat-chorus/product-minilm384.fvecs.gz"), "<f4")
        q = read_vecs(p("icecat-chorus/query-minilm384.fvecs.gz"), "<f4")
        return normalize(b), normalize(q), None, "cos", (48, 24)
    if name == "fashion":
        b = read_vecs(p("fashion-mnist-784/base.bvecs.gz"), "u1")
        q = read_vecs(p("fashion-mnist-784/query.bvecs.gz"), "u1")[:300]
        return b, q, None, "l2", (98, 49)
    if name.startswith("mixed-"):
        if name == "mixed-movies":
            u, i, r = ratings(p("movietweetings/ratings.dat.gz"), "::", (0, 1, 2), 0)
        else:
            u, i, r = ratings(p("goodbooks/ratings-train.csv.gz"), ",", (1, 0, 2), 1)
        users, items, cnt = truncated_svd(u, i, r, u.max() + 1, i.max() + 1, 128, rng)
        active = users[rng.permutation(np.flatnonzero(cnt >= 5))]
        return items, active[:500], active[500:4500], "ip", (16, 8)
    raise SystemExit("unknown set " + name)


class Task:
    """Base, queries, metric and the exact score of the true tenth of every query."""

    def __init__(self, base, queries, metric):
        self.b, self.q, self.metric = base, queries, metric
        self.ip = metric != "l2"
        self.sq = np.einsum("ij,ij->i", base, base)
        self.thr = np.empty(len(queries))
        for s in range(0, len(queries), 100):
            sc = self.q[s:s + 100] @ base.T
            if not self.ip:
                sc = 2 * sc - self.sq
            top = np.argpartition(-sc, 60, axis=1)[:, :60]
            self.thr[s:s + 100] = -np.sort(-self.exact(s, top), axis=1)[:, 9]
        self.thr -= 1e-7 * np.abs(self.thr)

    def exact(self, s, ids):
        q = self.q[s:s + len(ids)].astype(np.float64)
        v = self.b[ids].astype(np.float64)
        return np.einsum("qd,qkd->qk", q, v) if self.ip else -((v - q[:, None]) ** 2).sum(2)

    def recall(self, xhat, w, s, qrot, l2):
        """Score w*<q,xhat> (inner product) or 2w*<q,xhat> - s; returns recall at 10, 20, 50, 100 candidates."""
        out = np.zeros(4)
        for a in range(0, len(self.q), 100):
            sc = (qrot[a:a + 100] @ xhat.T) * w
            if l2:
                sc = 2 * sc - s
            top = np.argpartition(-sc, 100, axis=1)[:, :100]
            order = np.argsort(-np.take_along_axis(sc, top, 1), axis=1, kind="stable")
            hit = self.exact(a, np.take_along_axis(top, order, 1)) >= self.thr[a:a + 100, None]
            for j, r in enumerate((10, 20, 50, 100)):
                out[j] += np.minimum(hit[:, :r].sum(1), 10).sum() / 10
        return out / len(self.q)


# ---------------------------------------------------------------- codebooks
# A quantizer is a list of (lo, hi, C): codebook C of K entries over the dimensions lo..hi. The decoded vector is the
# sum of all chosen entries, so PQ (disjoint ranges) and residual stages (a range over all dimensions) are one case.

def slices(d, m):
    """m ranges; the first d mod m are one dimension longer."""
    e = np.cumsum([0] + [d // m + (j < d % m) for j in range(m)])
    return list(zip(e[:-1], e[1:]))


def assign(x, c, chunk=4096):
    ca = np.vstack([-c.T, 0.5 * np.einsum("ij,ij->i", c, c)[None]]).astype(F)
    out = np.empty(len(x), np.uint8)
    for s in range(0, len(x), chunk):
        p = x[s:s + chunk] @ ca[:-1]
        p += ca[-1]
        out[s:s + chunk] = p.argmin(1)
    return out


def kmeans(x, rounds, rng, plusplus=False, weights=None):
    """Lloyd rounds from random distinct points (k-means++ on 4,096 of them if plusplus); empty clusters are refilled
    by splitting the largest. weights: every point counts that much, in the means and when the seeds are drawn."""
    n, d = x.shape
    if plusplus:
        y = x[rng.permutation(n)[:4096]]
        c = [y[rng.integers(len(y))]]
        dist = ((y - c[0]) ** 2).sum(1)
        for _ in range(K - 1):
            t = dist.sum(dtype=np.float64)
            j = rng.choice(len(y), p=dist / t) if t > 0 else rng.integers(len(y))
            c.append(y[j])
            dist = np.minimum(dist, ((y - y[j]) ** 2).sum(1))
        c = np.array(c, F)
    else:
        p = None if weights is None else weights / weights.sum()
        if p is not None and np.count_nonzero(p) < K:
            p = (p + 1e-9) / (p + 1e-9).sum()
        c = x[rng.permutation(n)[:K]].copy() if p is None else x[rng.choice(n, K, replace=False, p=p)]
    for _ in range(rounds):
        a = assign(x, c)
        cnt = np.bincount(a, weights=weights, minlength=K).astype(np.float64)
        xw = x if weights is None else x * weights[:, None]
        s = np.stack([np.bincount(a, weights=xw[:, j], minlength=K) for j in range(d)], 1)
        c = np.where(cnt[:, None] > 0, s / np.maximum(cnt, 1e-20)[:, None], c).astype(F)
        for e in np.flatnonzero(cnt == 0):  # split of the largest cluster
            b = cnt.argmax()
            eps = F(1e-3) * (np.abs(c[b]) + F(1e-6)) * rng.choice([-1, 1], d).astype(F)
            c[e], c[b] = c[b] + eps, c[b] - eps
            cnt[e] = cnt[b] / 2
            cnt[b] -= cnt[e]
    return c


def train(x, ranges, rounds, rng, plusplus=False, weights=None):
    books, res = [], x
    overlap = sum(h - l for l, h in ranges) > x.shape[1]
    if overlap:
        res = x.copy()
    for lo, hi in ranges:
        part = np.ascontiguousarray(res[:, lo:hi])
        c = kmeans(part, rounds, rng, plusplus, weights)
        books.append((lo, hi, c))
        if overlap:
            res[:, lo:hi] -= c[assign(part, c)]
    return books


def encode(x, books):
    overlap = sum(h - l for l, h, _ in books) > x.shape[1]
    res = x.copy() if overlap else x
    codes = np.empty((len(x), len(books)), np.uint8)
    for j, (lo, hi, c) in enumerate(books):
        codes[:, j] = assign(np.ascontiguousarray(res[:, lo:hi]), c)
        if overlap:
            res[:, lo:hi] -= c[codes[:, j]]
    return codes


def decode(codes, books, d):
    out = np.zeros((len(codes), d), F)
    for j, (lo, hi, c) in enumerate(books):
        out[:, lo:hi] += c[codes[:, j]]
    return out


def refine(x, codes, books, rounds, goal, eta=1.0, chunk=4096):
    """Coordinate descent over the codes. With A = <x,xhat>, B = |xhat|^2, X = |x|^2, each step takes the entry that
    is best with all other codes fixed, for one of the goals
      l2     min  X - 2A + B
      cos    max  A / sqrt(B)                              (direction only: the scalar w repairs the length)
      aniso  min  X - 2A + B + (eta-1) (X-A)^2 / X         (parallel error weighs eta times the orthogonal one)
    """
    overlap = sum(h - l for l, h, _ in books) > x.shape[1]
    out = codes.copy()
    c2 = [np.einsum("ij,ij->i", c, c) for _, _, c in books]
    for s in range(0, len(x), chunk):
        xs, cs = x[s:s + chunk], out[s:s + chunk]
        n = np.arange(len(xs))
        xh = decode(cs, books, x.shape[1])
        a = np.einsum("ij,ij->i", xs, xh)
        b = np.einsum("ij,ij->i", xh, xh)
        xx = np.maximum(np.einsum("ij,ij->i", xs, xs), F(1e-20))[:, None]
        for _ in range(rounds):
            for j, (lo, hi, c) in enumerate(books):
                old = cs[:, j]
                pa = xs[:, lo:hi] @ c.T
                if overlap:
                    rest = xh[:, lo:hi] - c[old]
                    pb = rest @ c.T
                    pb *= 2
                    pb += c2[j]
                    pa += (a - pa[n, old])[:, None]
                    pb += (b - pb[n, old])[:, None]
                else:
                    pa += (a - pa[n, old])[:, None]
                    pb = c2[j][None] + (b - c2[j][old])[:, None]
                if goal == "l2":
                    new = (2 * pa - pb).argmax(1)
                elif goal == "cos":
                    new = (pa / np.sqrt(np.maximum(pb, F(1e-20)))).argmax(1)
                else:
                    new = (pb - 2 * pa + (F(eta) - 1) * (xx - pa) ** 2 / xx).argmin(1)
                a, b = pa[n, new], pb[n, new]
                if overlap:
                    xh[:, lo:hi] = rest + c[new]
                cs[:, j] = new
    return out


def update(x, codes, books, w):
    """Centroid step for given codes: minimises sum |x - w xhat|^2 codebook by codebook (w = 1: plain means)."""
    xh = decode(codes, books, x.shape[1])
    new = []
    for j, (lo, hi, c) in enumerate(books):
        cj = codes[:, j]
        t = (x[:, lo:hi] - w[:, None] * (xh[:, lo:hi] - c[cj])) * w[:, None]
        den = np.bincount(cj, weights=w * w, minlength=K)
        num = np.stack([np.bincount(cj, weights=t[:, i], minlength=K) for i in range(hi - lo)], 1)
        cn = np.where(den[:, None] > 0, num / np.maximum(den, 1e-12)[:, None], c).astype(F)
        xh[:, lo:hi] += cn[cj] - c[cj]
        new.append((lo, hi, cn))
    return new


# ---------------------------------------------------------------- rotations

def pca(x):
    ev, vec = np.linalg.eigh((x.T.astype(np.float64) @ x) / len(x))
    return np.maximum(ev[::-1], 1e-12), vec[:, ::-1]


def allocate(ev, m, how):
    """Order of the components, sub-space after sub-space. product: the greedy of OPQ-P (largest first, to the open
    sub-space with the smallest product); sum: to the one with the smallest sum; deal: 0,1,..,m-1,m-1,..,0 and so on;
    block: consecutive components."""
    caps = [h - l for l, h in slices(len(ev), m)]
    bins = [[] for _ in range(m)]
    load = np.zeros(m)
    if how == "block":
        return np.arange(len(ev))
    wt = np.log(ev / max(ev[-1], ev[0] * 1e-6)).clip(0) + 1e-9 if how == "product" else ev
    turn = 0
    for r in np.argsort(-ev, kind="stable"):
        if how == "deal":
            while True:
                j = turn % (2 * m)
                j = j if j < m else 2 * m - 1 - j
                turn += 1
                if len(bins[j]) < caps[j]:
                    break
        else:
            j = min((i for i in range(m) if len(bins[i]) < caps[i]), key=lambda i: (load[i], i))
        bins[j].append(r)
        load[j] += wt[r]
    return np.concatenate(bins).astype(int)


def rotation(x, m, kind, rng=None):
    """d x d matrix R; codes are of x R. Kinds: none, opqp, sum, deal, block, perm (variance, no rotation), random,
    opqp+rand (a random rotation inside each sub-space)."""
    d = x.shape[1]
    if kind == "none":
        return None
    if kind == "random":
        return np.linalg.qr(rng.standard_normal((d, d)))[0].astype(F)
    if kind == "perm":
        return np.eye(d, dtype=F)[:, allocate(x.var(0).astype(np.float64) + 1e-12, m, "product")]
    ev, vec = pca(x)
    base = kind.split("+")[0]
    r = vec[:, allocate(ev, m, "product" if base == "opqp" else base)]
    if kind.endswith("+rand"):
        for lo, hi in slices(d, m):
            r[:, lo:hi] = r[:, lo:hi] @ np.linalg.qr(rng.standard_normal((hi - lo, hi - lo)))[0]
    return r.astype(F)


# ---------------------------------------------------------------- codecs and estimators

class Codec:
    """Mean, optional rotation, codebooks. what: vec = codes of x - mean; dirc = of (x - mean)/|x - mean|;
    diru = of x/|x| (no mean)."""

    def __init__(self, sample, m, rot, what, rng, rounds=10, plusplus=False, ranges=None,
                 power=0.0):
        self.what, self.m = what, m
        d = sample.shape[1]
        self.mean = sample.mean(0) if what != "diru" else np.zeros(d, F)
        y = self.prepare(sample)
        weights = None
        if power:  # long vectors count more: only they come into the top of an inner product
            nn = np.linalg.norm(sample, axis=1)
            weights = (nn / nn.max()).astype(np.float64) ** power
        yw = y if weights is None else y * np.sqrt(weights)[:, None].astype(F)
        self.rot = rotation(yw, m, rot, rng)
        y = y if self.rot is None else y @ self.rot
        t = time.process_time()
        self.books = train(y, ranges or slices(d, m), rounds, rng, plusplus, weights)
        self.train_s = time.process_time() - t
        self.sample = y

    def prepare(self, x):
        y = x - self.mean
        return y if self.what == "vec" else normalize(y)

    def rotate(self, x):
        return x if self.rot is None else x @ self.rot

    def encode(self, x):
        t = time.process_time()
        codes = encode(self.rotate(self.prepare(x)), self.books)
        self.encode_s = time.process_time() - t
        return codes


class Coded:
    """The base of a task under a codec, ready for all estimators."""

    def __init__(self, task, codec, codes=None, books=None):
        self.t, self.c = task, codec
        self.x = codec.rotate(task.b - codec.mean)
        self.codes = codec.encode(task.b) if codes is None else codes
        self.xh = decode(self.codes, books or codec.books, self.x.shape[1])
        e = lambda a, b: np.einsum("ij,ij->i", a, b)
        self.xx, self.a, self.hh = e(self.x, self.x), e(self.x, self.xh), e(self.xh, self.xh)
        self.n = np.sqrt(self.xx) if codec.what != "vec" else np.ones(len(self.x), F)
        self.alpha = np.where(self.a > 1e-12, self.xx / np.where(self.a > 1e-12, self.a, 1), self.n).astype(F)
        # no scalar may blow up where x and xhat are nearly orthogonal
        self.alpha = np.minimum(self.alpha, 4 * np.where(self.n > 0, self.n, 1))
        self.cos = self.a / np.sqrt(np.maximum(self.xx * self.hh, 1e-20))

    def recall(self, est, quant=None, gamma=None):
        """est: plain, alpha (inner product, or squared distance if the metric is l2); l2plain, l2alpha (a cosine
        field scored by distance); plain+, plain-: distance with s = |xhat|^2 +- |x - xhat|^2; lsq: w minimising
        |x - w xhat|. gamma: w = n (alpha/n)^gamma. quant: function applied to w."""
        l2 = not self.t.ip or est.startswith("l2")
        e = est.removeprefix("l2") or est
        w, s = self.n, self.n ** 2 * self.hh
        if e == "alpha":
            w, s = self.alpha, self.xx
        elif e in ("plain+", "plain-"):
            err = self.xx - 2 * self.n * self.a + s
            s = s + err if e == "plain+" else s - err
        elif e == "lsq":
            w = np.where(self.hh > 0, self.a / np.maximum(self.hh, 1e-20), 0).astype(F)
            s = w * w * self.hh
        if gamma is not None:
            g = np.where(self.n > 0, self.n, 1)
            w = (g * (self.alpha / g) ** F(gamma)).astype(F)
            s = self.xx
        if quant:
            w = quant(w)
        q = self.t.q - self.c.mean if l2 else self.t.q
        return self.t.recall(self.xh, w, s, self.c.rotate(q), l2)


def bf16(w):
    u = np.ascontiguousarray(w, F).view(np.uint32)
    return ((u + 0x7FFF + ((u >> 16) & 1)) & np.uint32(0xFFFF0000)).view(F)


def log8(w):
    """8 bits on a logarithmic scale between the smallest and largest positive value."""
    p = np.log(np.maximum(w, 1e-20))
    lo, hi = p[w > 0].min(), p.max()
    step = max((hi - lo) / 255, 1e-12)
    return np.where(w > 0, np.exp(lo + np.round((p - lo) / step) * step), 0).astype(F)


def lin8(w):
    lo, hi = w.min(), w.max()
    step = max((hi - lo) / 255, 1e-20)
    return (lo + np.round((w - lo) / step) * step).astype(F)


# ---------------------------------------------------------------- the study

def estimators(metric):
    return {"ip": ("plain", "alpha"), "l2": ("plain", "alpha"),
            "cos": ("plain", "alpha", "l2plain", "l2alpha")}[metric]


class Study:
    def __init__(self, args):
        self.args = args
        rng = np.random.default_rng(args.seed)
        b, q, self.other, self.metric, sizes = load(args.set, args.data, rng)
        self.sizes = [int(x) for x in args.bytes.split(",")] if args.bytes else sizes
        self.task = Task(b, q, self.metric)
        self.rng = rng
        n = np.linalg.norm(b, axis=1)
        self.sample = b[rng.permutation(len(b))[:args.sample]]
        print(f"# {args.set}: {b.shape[0]} x {b.shape[1]}, {len(q)} queries, {self.metric}; norms 1%/50%/99% "
              f"{np.percentile(n, 1):.3g}/{np.percentile(n, 50):.3g}/{np.percentile(n, 99):.3g}, mean norm "
              f"{np.linalg.norm(b.mean(0)):.3g}; sample {len(self.sample)}, {args.rounds} rounds, seed {args.seed}",
              flush=True)

    def show(self, part, name, r, note=""):
        print(f"{self.args.set:13s}{self.m:4d} {part:10s}{name:44s} r@10 {r[0]:.3f}  @20 {r[1]:.3f}  @50 {r[2]:.3f}"
              f"  @100 {r[3]:.4f}  {note}", flush=True)

    def codec(self, rot, what, **kw):
        kw.setdefault("rounds", self.args.rounds)
        s = kw.pop("sample", self.sample)
        return Codec(s, self.m, rot, what, np.random.default_rng(self.args.seed + 1), **kw)

    def run(self):
        for self.m in self.sizes:
            self.full, self.best, self.coded = {}, (-1,), {}
            parts = self.args.parts.split(",")
            # all other parts need the best baseline
            if set(parts) - {"ship", "unseen", "weighted", "qmetric", "lut8", "select"}:
                self.baseline("baseline" in parts)
            for p in parts:
                if p != "baseline":
                    getattr(self, "p_" + p)()

    def baseline(self, verbose):
        whats = ("vec", "dirc", "diru") if self.metric == "ip" else ("vec", "dirc")
        for rot in ("none", "opqp"):
            for what in whats:
                c = self.codec(rot, what)
                x = Coded(self.task, c)
                note = f"cos {x.cos.mean():.3f} train {c.train_s:.1f}s enc {c.encode_s:.2f}s"
                for est in estimators(self.metric):
                    r = x.recall(est)
                    self.full[rot, what, est] = r
                    if verbose:
                        self.show("baseline", f"{rot} {what} {est}", r, note)
                    if r[0] > self.best[0]:
                        self.best = (r[0], rot, what, est)
                        self.coded = {"best": x}
        print(f"# best baseline of {self.args.set} {self.m} B: {self.best}", flush=True)

    def p_estimator(self):
        """Other scalars on the codes of the best baseline; no new codes needed."""
        x = self.coded["best"]
        l2 = "l2" if self.metric == "cos" else ""
        ests = ["plain", "alpha", "lsq"]
        if self.metric != "ip":
            ests += [l2 + "plain", l2 + "alpha", l2 + "plain+", l2 + "plain-", l2 + "lsq"]
        for e in dict.fromkeys(ests):
            self.show("estimator", e, x.recall(e))
        for g in (0.25, 0.5, 0.75, 1.0, 1.25):
            self.show("estimator", f"gamma {g}", x.recall("plain", gamma=g))
            if self.metric == "cos":
                self.show("estimator", f"l2 gamma {g}", x.recall("l2plain", gamma=g))

    def both(self, part, name, x, note=""):
        """Plain and alpha scores of one set of codes (by distance too for cosine)."""
        for est in estimators(self.metric):
            if self.metric == "cos" and est == "l2alpha":
                continue
            self.show(part, f"{name} | {est}", x.recall(est), note + f" cos {x.cos.mean():.4f}")

    def p_icm(self):
        x = self.coded["best"]
        c = x.c
        y = c.rotate(c.prepare(self.task.b))
        d = y.shape[1]
        self.both("icm", "nearest", x, f"enc {c.encode_s:.2f}s")
        scann = (d - 1) * 0.04 / 0.96
        for goal, eta, rounds in (("aniso", 2, 2), ("aniso", 4, 2), ("aniso", scann, 2), ("cos", 1, 1), ("cos", 1, 3)):
            t = time.process_time()
            codes = refine(y, x.codes, c.books, rounds, goal, eta)
            t = time.process_time() - t
            label = f"{goal}{'' if goal == 'cos' else f' eta {eta:.1f}'} x{rounds}"
            self.both("icm", label, Coded(self.task, c, codes), f"enc x{1 + t / c.encode_s:.1f}")
        # alternate codes and centroids on the sample, then encode the base
        for goal, eta in (("cos", 1), ("aniso", scann)):
            books, ys = c.books, c.sample
            codes = encode(ys, books)
            for _ in range(4):
                codes = refine(ys, codes, books, 1, goal, eta)
                xh = decode(codes, books, d)
                a = np.einsum("ij,ij->i", ys, xh)
                w = np.clip(np.einsum("ij,ij->i", ys, ys) / np.maximum(a, 1e-12), 0.25, 4).astype(F)
                books = update(ys, codes, books, w if goal == "cos" else np.ones(len(ys), F))
            codes = refine(y, encode(y, books), books, 2, goal, eta)
            self.both("icm", f"{goal} + centroid updates x4, then x2", Coded(self.task, c, codes, books))

    def p_residual(self):
        """Equal total bytes: some of them spent on codebooks over the whole vector."""
        _, rot, what, est = self.best
        b = self.coded["best"]
        d = self.task.b.shape[1]
        y = None
        self.both("residual", f"PQ {self.m}", b, f"enc {b.c.encode_s:.2f}s")
        whole = (0, d)
        for label, r, pq in (("1 whole + PQ m-1", lambda k: [whole] + slices(d, k), self.m - 1),
                             ("2 whole + PQ m-2", lambda k: [whole] * 2 + slices(d, k), self.m - 2),
                             ("PQ m-1 + 1 whole", lambda k: slices(d, k) + [whole], self.m - 1),
                             ("PQ m-2 + 2 whole", lambda k: slices(d, k) + [whole] * 2, self.m - 2),
                             ("PQ m/2 + PQ m/2 again", lambda k: slices(d, k) * 2, self.m // 2)):
            keep, self.m = self.m, pq  # the rotation must match the sub-spaces
            c = self.codec(rot, what, ranges=r(pq))
            self.m = keep
            x = Coded(self.task, c)
            f = c.encode_s / b.c.encode_s
            self.both("residual", label, x, f"enc x{f:.1f}")
            if self.args.no_descent:
                continue
            y = c.rotate(c.prepare(self.task.b))
            t = time.process_time()
            codes = refine(y, x.codes, c.books, 2, "cos" if est.endswith("alpha") else "l2")
            f += (time.process_time() - t) / b.c.encode_s
            self.both("residual", label + " + descent x2", Coded(self.task, c, codes), f"enc x{f:.1f}")

    def p_wbits(self):
        _, rot, what, est = self.best
        x = self.coded["best"]
        est = est if est.endswith("alpha") else "alpha"
        for n, f in (("f32", None), ("bf16", bf16), ("8-bit log", log8), ("8-bit linear", lin8)):
            w = x.alpha if f is None else f(x.alpha)
            rel = np.abs(w / np.where(x.alpha != 0, x.alpha, 1) - 1)[x.alpha > 0]
            self.show("wbits", f"{rot} {what} {est}: w in {n}", x.recall(est, quant=f), f"rel. error mean "
                      f"{rel.mean():.1e} max {rel.max():.1e}")

    def p_training(self):
        _, rot, what, est = self.best
        big = self.task.b[np.random.default_rng(9).permutation(len(self.task.b))[:65536]]
        sizes = sorted({min(n, len(big)) for n in (4096, 8192, 16384, 65536)})
        for n in sizes:
            for rounds, pp in ((5, False), (10, False), (10, True), (25, False)):
                if n > 16384 and (pp or rounds == 5):
                    continue
                t = time.process_time()
                c = self.codec(rot, what, rounds=rounds, plusplus=pp, sample=big[:n])
                t = time.process_time() - t
                self.show("training", f"{n} vectors, {rounds} rounds{', k-means++' if pp else ''}",
                          Coded(self.task, c).recall(est), f"{t:.1f}s")

    def p_opq(self):
        """Alternation: R = U V' of the SVD of Y' Yhat, a few Lloyd rounds from the old centroids."""
        _, _, what, est = self.best
        for start in ("opqp", "none"):
            c = self.codec(start, what)
            y0 = c.prepare(self.sample)
            d = y0.shape[1]
            r = np.eye(d, dtype=F) if c.rot is None else c.rot
            t = time.process_time()
            self.show("opq", f"{start} + 0 alternations", Coded(self.task, c).recall(est))
            for it in range(1, 9):
                codes = encode(y0 @ r, c.books)
                u, _, v = np.linalg.svd(y0.T @ decode(codes, c.books, d))
                r = (u @ v).astype(F)
                ys = y0 @ r
                for _ in range(2):
                    c.books = update(ys, codes, c.books, np.ones(len(ys), F))
                    codes = encode(ys, c.books)
                if it in (4, 8):
                    c.rot = r
                    self.show("opq", f"{start} + {it} alternations", Coded(self.task, c).recall(est),
                              f"+{time.process_time() - t:.1f}s on {c.train_s:.1f}s")

    def p_alloc(self):
        _, _, what, est = self.best
        for kind in ("none", "perm", "random", "opqp", "sum", "deal", "block", "opqp+rand"):
            self.show("alloc", kind, Coded(self.task, self.codec(kind, what)).recall(est))

    def p_holdout(self):
        """Which of the variants does a small hold-out pick, and what does the pick cost on the full set?"""
        b = self.task.b
        whats = ("vec", "dirc") if self.metric == "ip" else ("vec",)
        ests = estimators(self.metric)
        cand = [(r, w, e) for e in ests for w in whats for r in ("none", "opqp")]  # simplest first
        cand.sort(key=lambda v: (v[0] != "none") + (v[1] != "vec") + (not v[2].endswith("plain")))
        best = max(self.full[v][0] for v in cand)
        sources = [("base as queries", None)]
        if self.other is not None:
            sources.insert(0, ("other users", self.other))
        elif self.args.set == "icecat":
            sources.insert(0, ("real queries", self.task.q))
        for n_hold, n_q in ((2000, 100), (2000, 200), (4000, 200)):
            if len(b) < n_hold + 6000:
                continue
            for label, src in sources:
                regret = {}
                picks = []
                for seed in range(3):
                    rng = np.random.default_rng(100 + seed)
                    p = rng.permutation(len(b))
                    hold, extra = b[p[:n_hold]], b[p[n_hold:n_hold + n_q]]
                    samp = b[p[n_hold + n_q:n_hold + n_q + 8192]]
                    q = extra if src is None else src[rng.permutation(len(src))[:n_q]]
                    t = Task(hold, q, self.metric)
                    got, memo = {}, {}
                    for v in cand:
                        if v[:2] not in memo:
                            memo[v[:2]] = Coded(t, Codec(samp, self.m, v[0], v[1], rng, rounds=5))
                        got[v] = memo[v[:2]].recall(v[2])
                    for mi, mn in ((0, "@10"), (1, "@20")):
                        for margin in (0.0, 0.005, 0.01, 0.02):
                            pick = cand[0]
                            for v in cand:  # a later one must win by the margin
                                if got[v][mi] > got[pick][mi] + margin:
                                    pick = v
                            regret.setdefault((mn, margin), []).append(best - self.full[pick][0])
                            if margin == 0.005 and mi == 0:
                                picks.append(" ".join(pick))
                print(f"{self.args.set:13s}{self.m:4d} holdout   {n_hold} base, {n_q} {label}: loss of the pick against "
                      "the best on the full set (mean of 3 / worst): "
                      + "; ".join(f"{k[0]} margin {k[1]}: {np.mean(v):.3f}/{np.max(v):.3f}" for k, v in regret.items())
                      + f" | picks (@10, .005): {picks}", flush=True)

    def p_weighted(self):
        """Training weighted by |x|^power (inner product): free at encoding and at query time. Also with two halves
        of the bytes as two stages."""
        d = self.task.b.shape[1]
        for rot in ("none", "opqp"):
            for what in ("vec", "dirc", "diru"):
                for power in (0, 0.5, 1, 2, 3):
                    x = Coded(self.task, self.codec(rot, what, power=power))
                    for est in estimators(self.metric):
                        self.show("weighted", f"{rot} {what} power {power} | {est}", x.recall(est))
        for power in (0, 1, 2):
            keep, self.m = self.m, self.m // 2
            c = self.codec("none", "diru", power=power, ranges=slices(d, self.m) * 2)
            self.m = keep
            self.show("weighted", f"none diru power {power} PQ m/2 twice | alpha", Coded(self.task, c).recall("alpha"))

    def p_ship(self):
        """Candidates side by side: rotation x stages (PQ m | 1 or 2 books over the whole vector, then PQ of the rest)
        x training weight (inner product). The nearest entries are taken, no descent."""
        d = self.task.b.shape[1]
        whats = ("vec", "diru") if self.metric == "ip" else ("vec",)
        for whole in map(int, self.args.whole.split(",")):
            for rot in ("none", "opqp"):
                for what in whats:
                    for power in (0, 1, 2) if self.metric == "ip" else (0,):
                        keep, self.m = self.m, self.m - whole
                        c = self.codec(rot, what, power=power, ranges=[(0, d)] * whole + slices(d, self.m))
                        self.m = keep
                        x = Coded(self.task, c)
                        for est in estimators(self.metric):
                            self.show("ship", f"{whole} whole {rot} {what} power {power} | {est}", x.recall(est),
                                      f"train {c.train_s:.1f}s enc {c.encode_s:.2f}s cos {x.cos.mean():.3f}")

    def p_unseen(self):
        """As ship, but trained on one half of the base and measured on the other half alone: what vectors added
        after the training get."""
        b, keep = self.task.b, (self.task, self.sample)
        p = np.random.default_rng(5).permutation(len(b))
        half = len(b) // 2
        self.task = Task(b[p[:half]], keep[0].q, self.metric)
        self.sample = b[p[half:]][:self.args.sample]
        d, est = b.shape[1], "plain" if self.metric == "l2" else "alpha"
        for whole in (0, 1, 2):
            for what in ("vec", "diru") if self.metric == "ip" else ("vec",):
                for power in (0, 1, 2) if self.metric == "ip" else (0,):
                    m, self.m = self.m, self.m - whole
                    c = self.codec("opqp", what, power=power, ranges=[(0, d)] * whole + slices(d, self.m))
                    self.m = m
                    self.show("unseen", f"{whole} whole opqp {what} power {power} | {est}",
                              Coded(self.task, c).recall(est))
        self.task, self.sample = keep

    def p_lut8(self):
        """Tables in 8 bits with one scale per query (the widest table decides) and one minimum per table, as a
        byte-shuffle kernel needs them; or the whole-vector tables in two rows (16 bits), the scale being decided by
        the others. First 100 queries."""
        d = self.task.b.shape[1]
        keep, est = self.task, "plain" if self.metric == "l2" else "alpha"
        self.task = Task(keep.b, keep.q[:100], self.metric)
        for whole in (0, 1, 2):
            m, self.m = self.m, self.m - whole
            c = self.codec("opqp", "vec", ranges=[(0, d)] * whole + slices(d, self.m))
            self.m = m
            x = Coded(self.task, c)
            self.show("lut8", f"{whole} whole, float tables", x.recall(est))
            q = c.rotate(self.task.q - c.mean if self.metric == "l2" else self.task.q)
            w, s = (x.alpha, x.xx) if est == "alpha" else (x.n, x.n ** 2 * x.hh)
            for label, wide in (("8 bits", 0), ("whole tables 16 bits, others 8", whole)):
                if wide == 0 and label != "8 bits":
                    continue
                dots = np.empty((len(q), len(x.codes)), F)
                for i, v in enumerate(q):
                    t = [cb @ v[lo:hi] for lo, hi, cb in c.books]
                    step = max(np.ptp(y) for y in t[wide:]) / 255
                    dots[i] = 0
                    for j, y in enumerate(t):
                        dots[i] += (np.round((y - y.min()) / step) * step + y.min()).astype(F)[x.codes[:, j]]
                hits = np.zeros(4)
                for i in range(len(q)):
                    sc = dots[i] * w if self.metric != "l2" else 2 * w * dots[i] - s
                    top = np.argsort(-sc, kind="stable")[:100]
                    hit = np.cumsum(self.task.exact(i, top[None])[0] >= self.task.thr[i])
                    hits += np.minimum(hit[[9, 19, 49, 99]], 10) / 10
                self.show("lut8", f"{whole} whole, {label}", hits / len(q))
        self.task = keep

    def p_select(self):
        """Picking among stages x rotation x what x training weight x scalar after a quick training (8,192 vectors, 5
        rounds), by recall on the training sample itself or on 2,000 vectors kept out; against the full training."""
        b = self.task.b
        d = b.shape[1]
        whats = ("vec", "diru") if self.metric == "ip" else ("vec",)
        powers = (0, 2) if self.metric == "ip" else (0,)
        cand = [(wh, rot, what, pw) for wh in (0, 1) for rot in ("none", "opqp") for what in whats for pw in powers]

        def codec(v, samp, rounds):
            m, self.m = self.m, self.m - v[0]
            c = self.codec(v[1], v[2], power=v[3], ranges=[(0, d)] * v[0] + slices(d, self.m), sample=samp,
                           rounds=rounds)
            self.m = m
            return c

        full = {}
        for v in cand:
            x = Coded(self.task, codec(v, self.sample, self.args.rounds))
            for e in estimators(self.metric):
                full[v + (e,)] = x.recall(e)[0]
        best = max(full, key=full.get)
        print(f"{self.args.set} {self.m} select: best on the full set {best} {full[best]:.3f}", flush=True)
        complexity = lambda v: 2 * (v[0] > 0) + (v[1] != "none") + (v[2] != "vec") + (v[3] > 0) + ("alpha" in v[4])
        order = sorted(full, key=complexity)
        for seed in range(2):
            p = np.random.default_rng(50 + seed).permutation(len(b))
            hold, extra, samp = b[p[:1600]], b[p[1600:1800]], b[p[1800:1800 + 8192]]
            real = self.other[:200] if self.other is not None else self.task.q if self.args.set == "icecat" else None
            quick = {v: codec(v, samp, 5) for v in cand}
            for qn, q in (("real queries", real), ("base vectors as queries", extra)):
                if q is None:
                    continue
                for tn, t in (("1,600 kept out", hold), ("training sample", samp)):
                    task, got = Task(t, q, self.metric), {}
                    for v in cand:
                        x = Coded(task, quick[v])
                        for e in estimators(self.metric):
                            got[v + (e,)] = x.recall(e)
                    for mi, mn in ((0, "r@10"), (1, "@20")):
                        res = []
                        for margin in (0, 0.005, 0.01, 0.02):
                            top = max(g[mi] for g in got.values())
                            pick = next(v for v in order if got[v][mi] >= top - margin)
                            res.append(f"margin {margin}: {pick} loses {full[best] - full[pick]:.3f}")
                        print(f"{self.args.set} {self.m} select seed {seed} {qn}, {tn}, {mn}: " + "; ".join(res),
                              flush=True)

    def p_qmetric(self):
        """With sample queries: codes of T x scored against q T^-1, T'T = the (shrunk) second moment of the queries,
        so that plain k-means minimises the error of the inner product with such queries."""
        if self.other is None:
            return
        keep = self.task, self.sample
        for shrink in (1.0, 0.3, 0.1, 0.03):
            cov = self.other.T.astype(np.float64) @ self.other / len(self.other)
            ev, vec = np.linalg.eigh(cov)
            ev = ev + shrink * ev.mean()
            t = (vec * np.sqrt(ev)) @ vec.T
            ti = (vec / np.sqrt(ev)) @ vec.T
            self.task = Task((keep[0].b @ t).astype(F), (keep[0].q @ ti).astype(F), "ip")
            self.sample = (keep[1] @ t).astype(F)
            for rot in ("none", "opqp"):
                for what in ("vec", "diru"):
                    x = Coded(self.task, self.codec(rot, what))
                    for est in estimators(self.metric):
                        self.show("qmetric", f"shrink {shrink} {rot} {what} | {est}", x.recall(est))
        self.task, self.sample = keep


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", required=True)
    ap.add_argument("--set", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--bytes", default="", help="code sizes instead of the set's own, e.g. 25,12")
    ap.add_argument("--parts", default="baseline,estimator,icm,residual,wbits,training,opq,alloc,holdout,ship,unseen")
    ap.add_argument("--sample", type=int, default=16384, help="training vectors")
    ap.add_argument("--no-descent", action="store_true", help="leave coordinate descent out of residual (large sets)")
    ap.add_argument("--whole", default="0,1,2", help="numbers of whole-vector books that ship tries")
    ap.add_argument("--rounds", type=int, default=10, help="Lloyd rounds")
    t = time.process_time()
    Study(ap.parse_args()).run()
    print(f"# {time.process_time() - t:.0f} s")


if __name__ == "__main__":
    main()
