#!/usr/bin/env python3
"""Times faiss.ProductQuantizer(d, m, 8).train on one thread, to compare a Java trainer with.

  python3 faiss_train.py [--data DIR] [--out clustered.fvecs] [--rounds 25] [--size 100000]

Inputs, in this order:
  users     with --data, the user vectors goodbooks/user-als64-gen2.fvecs.gz in file order, at most --limit of them
            (the file has fewer than 65,536 rows, so all are used)
  clustered 100,000 x 64 vectors around 1,000 gaussian centres: no random numbers of a library, only the integer hash
            below and its Box-Muller transform, so other programs can make the same; with --out they are also written
            as .fvecs (rows of an int32 dimension and that many float32, little-endian)

Per input: seconds of train(), mean squared reconstruction error (sum over dimensions, mean over vectors) on the same
vectors, and seconds of encoding. Needs Debian's python3-faiss (run with /usr/bin/python3). That package is content
with the reference BLAS, which makes it slower than need be: install libopenblas0-pthread too, or unpack it and set
LD_LIBRARY_PATH to its directory of libblas.so.3, before any comparison.
"""
import argparse
import gzip
import os
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402
import faiss  # noqa: E402


def read_fvecs_gz(path, limit):
    with gzip.open(path, "rb") as f:
        raw = np.frombuffer(f.read(), "<i4")
    d = int(raw[0])
    return np.ascontiguousarray(raw.reshape(-1, d + 1)[:limit, 1:]).view("<f4").astype(np.float32)


def mix(z):
    """The 64-bit finalizer of SplitMix64, a stateless hash of the index."""
    with np.errstate(over="ignore"):
        z = z.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def gaussian(first, count):
    """count normal deviates; number i depends on first + i only."""
    i = np.arange(first, first + count, dtype=np.uint64)
    u1 = ((mix(2 * i) >> np.uint64(11)).astype(np.float64) + 1) / 2.0 ** 53
    u2 = (mix(2 * i + 1) >> np.uint64(11)).astype(np.float64) / 2.0 ** 53
    return np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)


def clustered(n, d, centres=1000, spread=0.5):
    """Row r lies around centre mix(r) mod centres, with a deviation of spread per dimension."""
    c = gaussian(1 << 40, centres * d).reshape(centres, d)
    of = (mix(np.arange(n) + (1 << 50)) % np.uint64(centres)).astype(np.int64)
    return (c[of] + spread * gaussian(0, n * d).reshape(n, d)).astype(np.float32)


def run(name, x, m, rounds):
    pq = faiss.ProductQuantizer(x.shape[1], m, 8)
    pq.cp.niter = rounds
    pq.cp.max_points_per_centroid = max(256, -(-len(x) // 256))  # use every row given
    wall, cpu = time.perf_counter(), time.process_time()
    pq.train(x)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    t = time.perf_counter()
    codes = pq.compute_codes(x)
    t = time.perf_counter() - t
    err = ((x.astype(np.float64) - pq.decode(codes)) ** 2).sum(1).mean()
    power = ((x - x.mean(0)) ** 2).sum(1).mean()
    print(f"{name}: {x.shape[0]} x {x.shape[1]}, m {m}, {rounds} rounds: train {wall:.2f} s (cpu {cpu:.2f}), mse "
          f"{err:.6g} ({err / power:.4f} of the variance), encode {t:.2f} s", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data")
    ap.add_argument("--out", help="write the clustered vectors here as .fvecs")
    ap.add_argument("--m", type=int, default=16)
    ap.add_argument("--rounds", type=int, default=25)
    ap.add_argument("--limit", type=int, default=65536)
    ap.add_argument("--size", type=int, default=100_000, help="clustered vectors")
    a = ap.parse_args()
    faiss.omp_set_num_threads(1)
    print("faiss", faiss.__version__)
    x = clustered(a.size, 64)
    if a.out:
        rows = np.empty((len(x), x.shape[1] + 1), "<f4")
        rows[:, 0] = np.array([x.shape[1]], "<i4").view("<f4")[0]
        rows[:, 1:] = x
        rows.tofile(a.out)
    if a.data:
        users = read_fvecs_gz(os.path.join(a.data, "goodbooks/user-als64-gen2.fvecs.gz"), a.limit)
        run("users", users, a.m, a.rounds)
    if len(x) > 65536:
        run("clustered, first 65,536 rows", x[:65536], a.m, a.rounds)
    run("clustered, all rows", x, a.m, a.rounds)


if __name__ == "__main__":
    main()
