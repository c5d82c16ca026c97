#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the processors cost a bulk, on a real server: bulks of each kind in turn, medians of ratios.

    ./affinity start
    python3 bench/study/pipelines.py --url http://127.0.0.1:9200 --data DIR/goodbooks \
        --out bench/results/processors.json

Needs the standard library only. Documents are ratings of goodbooks with the book's title, `plain`
without any vector, `given` with the book's vector in the request, the others by a pipeline from an
index of the 10,000 books' vectors. Every kind has an index of its own with the same mapping; each
round sends one bulk of each kind, in an order drawn anew.
"""
import argparse
import base64
import csv
import gzip
import http.client
import json
import platform
import random
import statistics
import struct
import time
import urllib.parse

SIZE = 1000
KINDS = {
    "plain": None,
    "given": None,
    "lookup": [{"embedding_lookup": {"field": "book", "index": "bench-items", "target_field": "taste"}}],
    "lookup_base64": [{"embedding_lookup": {
        "field": "book", "index": "bench-items", "target_field": "taste", "output": "base64"}}],
    "lookup_of_base64": [{"embedding_lookup": {
        "field": "book", "index": "bench-items64", "target_field": "taste", "output": "base64"}}],
    "lookup_under_if": [{"embedding_lookup": {
        "field": "book", "index": "bench-items", "target_field": "taste", "if": "ctx.book != null"}}],
    "combine": [{"embedding_combine": {
        "inputs": [{"field": "book", "index": "bench-items", "source_field": "taste"},
                   {"field": "last", "index": "bench-items", "source_field": "taste", "weight": 0.5}],
        "combine": "mean", "target_field": "taste"}}],
    "hash_signed": [{"embedding_hash": {
        "method": "signed", "fields": ["book", "last"], "dimension": 64, "target_field": "taste"}}],
    "set": [{"set": {"field": "seen", "value": True}}],
}


class Server:
    def __init__(self, url):
        parts = urllib.parse.urlparse(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=300)

    def call(self, method, path, body=None):
        lines = isinstance(body, bytes)
        data = body if lines or body is None else json.dumps(body).encode()
        kind = "application/x-ndjson" if lines else "application/json"
        self.connection.request(method, path, data, {"Content-Type": kind} if data else {})
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        if response.status >= 300 and not (method == "DELETE" and response.status == 404):
            raise SystemExit(f"{method} {path}: {answer}")
        if lines and answer["errors"]:
            raise SystemExit(next(i for i in answer["items"] if "error" in i["index"]))
        return answer


def fvecs(path):
    with gzip.open(path) as file:
        data = file.read()
    rows, at = [], 0
    while at < len(data):
        (n,) = struct.unpack_from("<i", data, at)
        rows.append(struct.unpack_from(f"<{n}f", data, at + 4))
        at += 4 + 4 * n
    return rows


def bulk(index, documents):
    lines = []
    for doc_id, source in documents:
        lines.append(json.dumps({"index": {"_index": index, "_id": doc_id}}))
        lines.append(json.dumps(source))
    return ("\n".join(lines) + "\n").encode()


def create(server, index, **settings):
    server.call("DELETE", f"/{index}")
    server.call("PUT", f"/{index}", {
        "settings": {"index.affinity": True, "number_of_replicas": 0, "number_of_shards": 1, **settings},
        "mappings": {"properties": {
            "title": {"type": "text"}, "book": {"type": "integer"},
            "taste": {"type": "embedding", "dimension": 64, "space_type": "innerproduct"}}}})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://127.0.0.1:9200")
    parser.add_argument("--data", required=True, help="the goodbooks folder")
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--warmup", type=int, default=10)
    options = parser.parse_args()
    server = Server(options.url)
    vectors = fvecs(f"{options.data}/item-als64-gen2.fvecs.gz")
    with gzip.open(f"{options.data}/books.csv.gz", "rt", encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    with gzip.open(f"{options.data}/ratings-train.csv.gz", "rt") as file:
        ratings = [row for row, _ in zip(csv.DictReader(file), range(400_000))]
    random.Random(1).shuffle(ratings)
    for index, encode in (
            ("bench-items", list),
            ("bench-items64", lambda v: base64.b64encode(struct.pack("<64f", *v)).decode())):
        create(server, index)
        for at in range(0, len(vectors), 2000):
            server.call("POST", "/_bulk", bulk(index, [
                (str(i + 1), {"taste": encode(vectors[i])})
                for i in range(at, min(at + 2000, len(vectors)))]))
        server.call("POST", f"/{index}/_refresh")
    for kind, processors in KINDS.items():
        create(server, f"bench-{kind}", refresh_interval="-1")
        if processors:
            server.call("PUT", f"/_ingest/pipeline/bench-{kind}", {"processors": processors})

    shuffled = random.Random(2)
    times = {kind: [] for kind in KINDS}
    distinct = []
    for round_number in range(options.warmup + options.rounds):
        at = round_number * SIZE
        rows = [ratings[(at + i) % len(ratings)] for i in range(SIZE)]
        distinct.append(len({row["book_id"] for row in rows}))
        bodies = {}
        for kind in KINDS:
            documents = []
            for i, row in enumerate(rows):
                book = int(row["book_id"])
                source = {"title": titles[book - 1], "book": book, "user": row["user_id"],
                          "rating": int(row["rating"]), "last": (book * 7) % 10_000 + 1}
                if kind == "given":
                    source["taste"] = vectors[book - 1]
                documents.append((f"{at + i}", source))
            bodies[kind] = bulk(f"bench-{kind}", documents)
        order = list(KINDS)
        shuffled.shuffle(order)
        for kind in order:
            path = "/_bulk" + (f"?pipeline=bench-{kind}" if KINDS[kind] else "")
            began = time.perf_counter()
            server.call("POST", path, bodies[kind])
            if round_number >= options.warmup:
                times[kind].append(time.perf_counter() - began)

    def ratio(kind, other):
        ratios = sorted(a / b for a, b in zip(times[kind], times[other]))
        return {"median": round(statistics.median(ratios), 3),
                "quartiles": [round(ratios[len(ratios) // 4], 3), round(ratios[3 * len(ratios) // 4], 3)]}

    report = {
        "repeat": "python3 bench/study/pipelines.py --url URL --data DIR/goodbooks --out FILE",
        "server": server.call("GET", "/")["version"]["number"],
        "cores": __import__("os").cpu_count(), "machine": platform.machine(),
        "documents_per_bulk": SIZE, "rounds": options.rounds,
        "distinct_ids_per_bulk": round(statistics.mean(distinct)),
        "median_milliseconds": {k: round(1000 * statistics.median(t), 1) for k, t in times.items()},
        "over_plain": {k: ratio(k, "plain") for k in KINDS if k != "plain"},
        "over_given": {k: ratio(k, "given") for k in KINDS if k not in ("plain", "given")},
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    print(json.dumps(report, indent=2))


main()
