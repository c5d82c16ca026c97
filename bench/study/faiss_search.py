#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Faiss on the sets of `./affinity bench ann`: how far we are from native code.

  apt-get install python3-faiss libopenblas0-pthread
  taskset -c 1 /usr/bin/python3 bench/study/faiss_search.py --data DIR --affinity --out bench/results/faiss.json

Never part of the build. One thread. Of each set HNSW (M = 16, efConstruction = 100), IVF-PQ with codes of our size, and
PQ and IVF-PQ in 4-bit "fast-scan" codes of the same size; those with codes alone and rescored by the raw floats. What is
swept: efSearch, nprobe, and how many times k is rescored (k_factor). Queries go one at a time, as ours do, and all in
one batch. First recall@10, untimed, ties counted as hits; then rounds, in each of which every setting is timed once, in
an order drawn anew, by the CPU time of the thread; medians.

--affinity runs our own report on each set before and after Faiss, and every ratio is of the mean of both; --ours takes
results of it that were made in alternation otherwise. All of a set must be of one commit. Queries are the same as
there, evenly spread over the file. The result is written after each set. Speeds at a recall are read off the best settings, log-linear
between them, as `./affinity bench ann` does. Sets: glove-100, fashion-mnist-784, goodbooks-64 in DIR, and
clustered-SIZExDIMENSION, which is generated and not that of `bench ann`.
"""
import argparse
import gzip
import json
import math
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402
import faiss  # noqa: E402
from faiss_train import clustered, read_fvecs_gz  # noqa: E402

K = 10
SEED = 42
EFFORTS = [10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 800]
PROBES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
FACTORS = [0, 3, 5, 10, 20, 50]  # 0: codes alone
ENOUGH = 0.9995
LONGEST_PASS = 0.3  # seconds: of slow settings fewer queries are timed
FEWEST_TIMED = 50
RECALLS = [0.9, 0.95, 0.98, 0.99]
TOLERANCE = 1e-6
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))


# ---- sets ----------------------------------------------------------------------------------------

class VectorSet:
    """Vectors, queries, and by query the exact score of the k-th best: more is better."""

    def __init__(self, name, metric, base, queries, code_bytes, rows=None):
        self.name, self.metric, self.base, self.queries, self.code_bytes = name, metric, base, queries, code_bytes
        if rows is None:
            rows = faiss.knn(queries, base, K, metric=metric)[1]
        self.threshold = self.scores(rows[:, :K]).min(1)

    def scores(self, rows):
        found = self.base[np.maximum(rows, 0)].astype(np.float64)
        asked = self.queries[:, None, :].astype(np.float64)
        if self.metric == faiss.METRIC_L2:
            scores = -((found - asked) ** 2).sum(2)
        else:
            scores = (found * asked).sum(2)
        return np.where(rows >= 0, scores, -np.inf)

    def recall(self, rows):
        least = self.threshold - TOLERANCE * np.abs(self.threshold)
        return float((self.scores(rows) >= least[:, None]).sum() / rows.size)


def read_vecs_gz(path, kind, width):
    with gzip.open(path, "rb") as f:
        raw = np.frombuffer(f.read(), np.uint8)
    dimension = int(raw[:4].view("<i4")[0])
    return np.ascontiguousarray(raw.reshape(-1, 4 + width * dimension)[:, 4:]).view(kind)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def load(name, data, queries):
    generated = re.fullmatch(r"clustered-(\d+)x(\d+)", name)
    if generated:
        size, dimension = map(int, generated.groups())
        x = clustered(size + queries, dimension, centres=max(10, size // 100))
        return VectorSet(name, faiss.METRIC_L2, x[:size].copy(), x[size:].copy(), max(1, dimension // 4))
    if name not in REAL:
        sys.exit("no set %s; there are %s and clustered-SIZExDIMENSION" % (name, ", ".join(REAL)))
    if data is None:
        sys.exit("%s needs --data" % name)
    return REAL[name](name, data, queries)


def places(rows, most):
    """Of so many rows at most so many, evenly spread, as `Vectors.place` does: the first words of GloVe are easier."""
    size = min(rows, most)
    return np.arange(size, dtype=np.int64) * rows // size


def real(name, metric, base, queries, truth, code_bytes, most):
    if len(truth) < len(queries):
        sys.exit("%s: %d queries and answers of %d" % (name, len(queries), len(truth)))
    asked = places(len(queries), most)
    return VectorSet(name, metric, base, np.ascontiguousarray(queries[asked]), code_bytes, truth[asked])


def glove(name, data, queries):
    base = read_fvecs_gz(data + "/glove-6b-100d/base.fvecs.gz", None)
    asked = read_fvecs_gz(data + "/glove-6b-100d/query.fvecs.gz", None)
    rows = read_vecs_gz(data + "/glove-6b-100d/groundtruth100-cosine.ivecs.gz", "<i4", 4)
    return real(name, faiss.METRIC_INNER_PRODUCT, unit(base), unit(asked), rows, 25, queries)


def fashion(name, data, queries):
    base = read_vecs_gz(data + "/fashion-mnist-784/base.bvecs.gz", np.uint8, 1).astype(np.float32)
    asked = read_vecs_gz(data + "/fashion-mnist-784/query.bvecs.gz", np.uint8, 1).astype(np.float32)
    rows = read_vecs_gz(data + "/fashion-mnist-784/groundtruth100-l2.ivecs.gz", "<i4", 4)
    return real(name, faiss.METRIC_L2, base, asked, rows, 98, queries)


def goodbooks(name, data, queries):
    base = read_fvecs_gz(data + "/goodbooks/item-als64-gen2.fvecs.gz", None)
    asked = read_fvecs_gz(data + "/goodbooks/mips-query-als64-gen2.fvecs.gz", None)
    rows = read_vecs_gz(data + "/goodbooks/mips-groundtruth100-gen2.ivecs.gz", "<i4", 4)
    return real(name, faiss.METRIC_INNER_PRODUCT, base, asked, rows, 16, queries)


REAL = {"glove-100": glove, "fashion-mnist-784": fashion, "goodbooks-64": goodbooks}


# ---- candidates ----------------------------------------------------------------------------------

class Candidate:
    """An index of Faiss's own factory, with the raw floats to rescore by if it holds codes."""

    def __init__(self, vectors, description):
        self.vectors, self.description = vectors, description
        self.is_graph = description.startswith("HNSW")
        self.is_listed = description.startswith("IVF")
        began = time.process_time()
        index = faiss.index_factory(vectors.base.shape[1], description, vectors.metric)
        if self.is_graph:
            index.hnsw.efConstruction = 100
        index.train(vectors.base)
        index.add(vectors.base)
        self.build_seconds = time.process_time() - began
        self.codes = index
        self.bytes = faiss.serialize_index(index).nbytes / len(vectors.base)
        if not self.is_graph:
            self.refined = faiss.IndexRefineFlat(index, faiss.swig_ptr(vectors.base))

    def settings(self):
        """Of rising effort; lists of them, each of which ends where it is good enough."""
        if self.is_graph:
            return [[{"efSearch": effort} for effort in EFFORTS]]
        if not self.is_listed:
            return [[{"kFactor": factor} for factor in FACTORS]]
        probes = [p for p in PROBES if p <= self.codes.nlist]
        return [[{"nprobe": p, "kFactor": factor} for p in probes] for factor in FACTORS]

    def apply(self, setting):
        """The index to ask, set up."""
        if self.is_graph:
            self.codes.hnsw.efSearch = setting["efSearch"]
        if self.is_listed:
            self.codes.nprobe = setting["nprobe"]
        if setting.get("kFactor", 0) == 0:
            return self.codes
        self.refined.k_factor = setting["kFactor"]
        return self.refined


def descriptions(vectors):
    """By the names of Faiss's factory; 4√N lists, as its guidelines advise; np: not for polysemous search."""
    codes = "PQ%dnp" % vectors.code_bytes
    fast = "PQ%dx4fs" % (2 * vectors.code_bytes)
    lists = "IVF%d," % 2 ** round(math.log2(4 * math.sqrt(len(vectors.base))))
    return ["HNSW16", lists + codes, lists + fast, fast]


class Asking:
    """The queries of a set, ready for calls that cost as little of Python as can be."""

    def __init__(self, vectors):
        self.queries = vectors.queries
        self.rows = np.empty((len(self.queries), K), np.int64)
        self.scores = np.empty((len(self.queries), K), np.float32)
        self.singles = [tuple(faiss.swig_ptr(a[i:i + 1]) for a in (self.queries, self.scores, self.rows))
                        for i in range(len(self.queries))]
        self.all = tuple(faiss.swig_ptr(a) for a in (self.queries, self.scores, self.rows))

    def one_by_one(self, index, count):
        search = index.search_c
        for query, scores, rows in self.singles[:count]:
            search(1, query, K, scores, rows)

    def batch(self, index, count):
        query, scores, rows = self.all
        index.search_c(count, query, K, scores, rows)


class Point:
    """A setting of a candidate, asked one way."""

    def __init__(self, candidate, setting, asked, recall, count):
        self.candidate, self.setting, self.asked, self.recall, self.count = candidate, setting, asked, recall, count
        self.rates, self.wall_rates = [], []

    def time(self, asking):
        index = self.candidate.apply(self.setting)
        ask = asking.one_by_one if self.asked == "one" else asking.batch
        ask(index, min(self.count, 10))
        wall, cpu = time.perf_counter(), time.thread_time()
        ask(index, self.count)
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        self.rates.append(self.count / cpu)
        self.wall_rates.append(self.count / wall)

    def json(self):
        return {"data": self.candidate.vectors.name, "candidate": self.candidate.description, **self.setting,
                "asked": self.asked, "k": K, "recall": self.recall, "queriesPerSecond": statistics.median(self.rates),
                "wallQueriesPerSecond": statistics.median(self.wall_rates), "timed": self.count}


def chosen(vectors, wanted):
    found = list(filter(wanted.fullmatch, descriptions(vectors)))
    if not found:
        sys.exit("--candidates: nothing matches; of %s there are %s" % (vectors.name, ", ".join(descriptions(vectors))))
    return found


def measure(vectors, candidates, rounds, order):
    say("%s: %d x %d" % (vectors.name, *vectors.base.shape))
    asking, points, indices = Asking(vectors), [], []
    for description in candidates:
        candidate = Candidate(vectors, description)
        say("%s: %s built in %.1f s" % (vectors.name, description, candidate.build_seconds))
        indices.append({"data": vectors.name, "candidate": description, "vectors": len(vectors.base),
                        "dimension": vectors.base.shape[1], "buildCpuSeconds": candidate.build_seconds,
                        "bytesPerVector": candidate.bytes})
        for series in candidate.settings():
            for setting in series:
                index = candidate.apply(setting)
                began = time.thread_time()
                asking.one_by_one(index, len(vectors.queries))
                each = (time.thread_time() - began) / len(vectors.queries)
                recall = vectors.recall(asking.rows)
                count = min(len(vectors.queries), max(FEWEST_TIMED, int(LONGEST_PASS / max(each, 1e-9))))
                points += [Point(candidate, setting, asked, recall, count) for asked in ("one", "batch")]
                if recall >= ENOUGH:
                    break
    for _ in range(rounds):
        shuffled = points[:]
        order.shuffle(shuffled)
        for point in shuffled:
            point.time(asking)
    return indices, [point.json() for point in points]


def call_micros():
    """What a call from Python costs beside the search: one of an index of one vector."""
    x = np.zeros((1000, 4), np.float32)
    vectors = VectorSet("none", faiss.METRIC_L2, x[:1].repeat(K, 0), x, 1)
    index = faiss.IndexFlatL2(4)
    index.add(x[:1])
    asking = Asking(vectors)
    passes = []
    for _ in range(9):
        began = time.thread_time()
        asking.one_by_one(index, 1000)
        passes.append((time.thread_time() - began) * 1e3)
    return statistics.median(passes)


# ---- ours ----------------------------------------------------------------------------------------

def run_ours(name, options, work):
    out = os.path.join(work, "ours.json")
    say("%s: our own report" % name)
    subprocess.run([ROOT + "/affinity", "bench", "ann", "--data", options.data, "--data-set", name,
                    "--only", options.only, "--parts", "sweep", "--rounds", str(options.rounds),
                    "--queries", str(options.queries), "--work", work, "--out", out],
                   check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return read_json(out)


def read_json(path):
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError) as e:
        sys.exit("%s: %s" % (path, e))


def commits(results, names):
    """Of ours, by set; those of before and after must not differ."""
    found = {}
    for result in results:
        at = result["run"]["commit"]
        for name in {p["data"] for p in result["points"]} & set(names):
            if found.setdefault(name, at) != at:
                sys.exit("%s: ours was measured at %s and at %s" % (name, found[name], at))
    return found


def combined(results, names):
    """Points and indices of several results of ours, speeds averaged; of the sets here only."""
    points, indices = {}, {}
    for result in results:
        for p in result["points"]:
            if p["data"] in names and p["k"] == K and "filter" not in p:
                key = (p["data"], p["candidate"], p["form"], p["effort"])
                points.setdefault(key, []).append(p)
        for i in result["indices"]:
            indices.setdefault((i["data"], i["candidate"]), i)
    mean = [{"data": key[0], "candidate": key[1], "form": key[2], "effort": key[3], "recall": each[0]["recall"],
             "queriesPerSecond": statistics.mean(p["queriesPerSecond"] for p in each),
             "runs": [p["queriesPerSecond"] for p in each]} for key, each in points.items()]
    return mean, [i for i in indices.values() if i["data"] in names]


# ---- ratios --------------------------------------------------------------------------------------

def rate_at(points, recall):
    """Queries per second at a recall: log-linear between the settings that no other beats; None if not reached."""
    front = []
    for p in sorted(points, key=lambda p: (-p["recall"], -p["queriesPerSecond"])):
        if not front or p["queriesPerSecond"] > front[-1]["queriesPerSecond"]:
            front.append(p)
    front.reverse()
    for left, right in zip([None] + front, front):
        if right["recall"] >= recall:
            if left is None:
                return right["queriesPerSecond"]
            share = (recall - left["recall"]) / (right["recall"] - left["recall"])
            return math.exp((1 - share) * math.log(left["queriesPerSecond"])
                            + share * math.log(right["queriesPerSecond"]))
    return None


def best_form(points, recall):
    rates = [rate_at([p for p in points if p["form"] == form], recall) for form in sorted({p["form"] for p in points})]
    return max((rate for rate in rates if rate is not None), default=None)


def by_candidate(points, name):
    sets = {}
    for p in points:
        if p["data"] == name:
            sets.setdefault(p["candidate"], []).append(p)
    return sets


def ratios(names, points, ours):
    """Ours over the best of Faiss, by set, recall and how Faiss was asked."""
    rows = []
    for name in names:
        for asked in ("one", "batch"):
            for recall in RECALLS:
                theirs = {c: rate_at([p for p in each if p["asked"] == asked], recall)
                          for c, each in by_candidate(points, name).items()}
                reached = {c: rate for c, rate in theirs.items() if rate is not None}
                if not reached:
                    continue
                best = max(reached, key=reached.get)
                for candidate, each in by_candidate(ours, name).items():
                    rate = best_form(each, recall)
                    if rate is not None:
                        rows.append({"data": name, "asked": asked, "recall": recall, "ours": candidate,
                                     "oursPerSecond": rate, "bestOfFaiss": best, "faissPerSecond": reached[best],
                                     "ratio": rate / reached[best],
                                     "ratioByCandidate": {c: rate / r for c, r in reached.items()}})
    return rows


# ---- report --------------------------------------------------------------------------------------

def number(value):
    if value is None:
        return "–"
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 10 else "%.2f" % value


def markdown(result):
    run = result["run"]
    lines = ["# Native reference: Faiss %s" % run["faiss"], "",
             "Commit %s, %s. Faiss compiled as %s. %d rounds, %d queries, one thread, CPU time."
             % (run["commit"], run["processor"], run["faissCompileOptions"], run["rounds"], run["queries"]), ""]
    for name in run["sets"]:
        lines += ["## %s" % name, ""]
        if name in result["ours"]["commits"]:
            lines += ["Ours at commit %s." % result["ours"]["commits"][name], ""]
        for asked, words in (("one", "one query at a time"), ("batch", "all queries in one batch")):
            rows = [r for r in result["ratios"] if r["data"] == name and r["asked"] == asked]
            if not rows:
                continue
            behind = sorted({r["recall"] for r in rows if r["ours"] == "ivf-pq" and r["ratio"] < 1})
            lines += ["Ours over the best of Faiss, %s, at recall@10.%s" % (words, (
                " **Faiss is ahead of `ivf-pq` at %s.**" % ", ".join(map(str, behind)) if behind else "")), ""]
            lines += ["| | %s |" % " | ".join(map(str, RECALLS)), "| --- |" + " --- |" * len(RECALLS)]
            for ours in dict.fromkeys(r["ours"] for r in rows):
                found = {r["recall"]: r for r in rows if r["ours"] == ours}
                lines.append("| %s | %s |" % (ours, " | ".join(
                    number(found[recall]["ratio"]) + " (%s)" % found[recall]["bestOfFaiss"] if recall in found else "–"
                    for recall in RECALLS)))
            lines.append("")
        lines += ["| Faiss | build s | bytes | one: %s | batch: %s |"
                  % (" | ".join(map(str, RECALLS)), " | ".join(map(str, RECALLS))),
                  "| --- | --- | --- |" + " --- |" * (2 * len(RECALLS))]
        points = by_candidate(result["points"], name)
        for index in result["indices"]:
            if index["data"] == name:
                rates = [rate_at([p for p in points[index["candidate"]] if p["asked"] == asked], recall)
                         for asked in ("one", "batch") for recall in RECALLS]
                lines.append("| %s | %s | %s | %s |" % (index["candidate"], number(index["buildCpuSeconds"]),
                                                       number(index["bytesPerVector"]), " | ".join(map(number, rates))))
        for index in result["ours"]["indices"]:
            if index["data"] == name:
                each = by_candidate(result["ours"]["points"], name).get(index["candidate"], [])
                rates = [best_form(each, recall) for recall in RECALLS]
                searched = searched_bytes(index["bytesPerVector"])
                lines.append("| ours: %s | %s | %s | %s |%s" % (
                    index["candidate"], number(index["buildCpuSeconds"]), number(searched),
                    " | ".join(map(number, rates)), " |" * len(RECALLS)))
        lines.append("")
    return "\n".join(lines)


def searched_bytes(kinds):
    """All but the raw floats; those too where there are no codes."""
    hot = sum(size for kind, size in kinds.items() if kind != "raw")
    return hot + (0 if kinds.get("codes", 0) + kinds.get("lists with codes", 0) >= 0.5 else kinds.get("raw", 0))


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            return next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def commit():
    found = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return found.stdout.strip() or "unknown"


def say(words):
    print(words, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="the folder of the real sets")
    parser.add_argument("--data-set", default=",".join(REAL), help="only these, separated by commas")
    parser.add_argument("--candidates", default=".*", help="of Faiss, a regular expression; all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--affinity", action="store_true", help="run our own report before and after")
    parser.add_argument("--only", default="ivf-pq|hnsw-pq|flat-pq|lucene-hnsw-float", help="who takes part in that")
    parser.add_argument("--work", help="where that keeps its indices; else a temporary folder")
    parser.add_argument("--ours", action="append", default=[], metavar="FILE", help="a result of ours, instead")
    parser.add_argument("--out", required=True, help="writes this JSON, and Markdown beside it")
    options = parser.parse_args()
    if options.rounds < 1 or options.queries < 1:
        parser.error("--rounds and --queries must be at least 1")
    if not options.out.endswith(".json"):
        parser.error("--out must end in .json")
    names = options.data_set.split(",")
    if options.affinity and (options.data is None or not set(names) <= set(REAL)):
        parser.error("--affinity needs --data and real sets only")
    try:
        wanted = re.compile(options.candidates)
    except re.error as e:
        parser.error("--candidates: %s" % e)
    if options.data is not None:
        options.data = os.path.abspath(options.data)  # ours runs in another folder
    faiss.omp_set_num_threads(1)
    results = [read_json(path) for path in options.ours]
    commits(results, names)
    indices, points, order = [], [], random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        work = os.path.abspath(options.work or temporary)
        os.makedirs(work, exist_ok=True)
        for count, name in enumerate(names, 1):
            vectors = load(name, options.data, options.queries)
            candidates = chosen(vectors, wanted)
            if options.affinity:
                results.append(run_ours(name, options, work))
            measured = measure(vectors, candidates, options.rounds, order)
            indices += measured[0]
            points += measured[1]
            if options.affinity:
                results.append(run_ours(name, options, work))
            text = write(options, names[:count], indices, points, results)
    print(text)


def write(options, names, indices, points, results):
    ours, our_indices = combined(results, names)
    run = {"commit": commit(), "processor": processor(), "processors": len(os.sched_getaffinity(0)),
           "faiss": faiss.__version__, "faissCompileOptions": faiss.get_compile_options().strip(),
           "numpy": np.__version__, "python": platform.python_version(), "sets": names, "rounds": options.rounds,
           "queries": options.queries, "seedOfOrder": SEED, "callMicros": call_micros(),
           "ours": [result["run"] for result in results]}
    result = {"run": run, "indices": indices, "points": points,
              "ours": {"commits": commits(results, names), "indices": our_indices, "points": ours},
              "ratios": ratios(names, points, ours)}
    with open(options.out, "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    text = markdown(result)
    with open(options.out[:-len(".json")] + ".md", "w", encoding="utf-8") as f:
        f.write(text)
    return text


if __name__ == "__main__":
    main()
