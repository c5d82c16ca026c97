#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What resolving a reference adds to a blend, on a running server: contestants take turns, medians.

  ./affinity start
  python3 bench/study/references.py --url http://127.0.0.1:9200 --out bench/results/references.json

Makes 5,000 documents with random vectors and a reader with 50 events, deletes them afterwards. Needs the standard
library only.
"""
import argparse
import http.client
import json
import random
import statistics
import time
import urllib.parse

SIZE, DIMENSION, EVENTS = 5000, 64, 50


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:9200")
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--warmup", type=int, default=400)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    address = urllib.parse.urlparse(arguments.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)

    def call(method, path, body=None, kind="application/json"):
        connection.request(method, path, body, {"Content-Type": kind} if body else {})
        answer = connection.getresponse()
        data = answer.read()
        if answer.status >= 300 and method != "DELETE":
            raise RuntimeError("%s %s: %s" % (method, path, data[:500]))
        return data

    rng = random.Random(1)
    vectors = [[rng.gauss(0, 1) for _ in range(DIMENSION)] for _ in range(SIZE)]
    field = {"type": "embedding", "dimension": DIMENSION, "space_type": "innerproduct"}
    for index in ("bench-ref-items", "bench-ref-readers"):
        call("DELETE", "/" + index)
        call("PUT", "/" + index, json.dumps({
            "settings": {"index.affinity": True, "number_of_shards": 1, "number_of_replicas": 0},
            "mappings": {"properties": {"taste": field, "title": {"type": "text"}}}}))
    lines = []
    for i, vector in enumerate(vectors):
        lines.append(json.dumps({"index": {"_index": "bench-ref-items", "_id": str(i)}}))
        lines.append(json.dumps({"title": "dragon" if i % 5 == 0 else "night", "taste": vector}))
    events = [{"item": str(rng.randrange(SIZE)), "action": "view", "time": 1780000000000 + i * 3600000}
              for i in range(EVENTS)]
    lines.append(json.dumps({"index": {"_index": "bench-ref-readers", "_id": "r"}}))
    lines.append(json.dumps({"taste": vectors[0], "events": events}))
    call("POST", "/_bulk?refresh=true", "\n".join(lines) + "\n", "application/x-ndjson")
    call("POST", "/bench-ref-items/_forcemerge?max_num_segments=1")

    items = {"index": "bench-ref-items", "field": "taste"}
    contestants = {
        "vector": {"vector": vectors[0]},
        "document": {"from": {"document": {"index": "bench-ref-readers", "id": "r", "field": "taste"}}},
        "likes of 50": {"from": {"likes": [e["item"] for e in events], **items}},
        "history of 50": {"from": {"history": {
            "index": "bench-ref-readers", "id": "r", "path": "events", "items": items, "half_life": "14d"}}}}
    bodies = {name: json.dumps({"query": {"blend": {
        "query": {"match": {"title": "dragon"}}, "affinities": [{"field": "taste", **affinity}]}}})
        for name, affinity in contestants.items()}
    times = {name: [] for name in bodies}
    for number in range(arguments.warmup + arguments.rounds):
        for name in rng.sample(list(bodies), len(bodies)):
            start = time.perf_counter()
            data = call("POST", "/bench-ref-items/_search", bodies[name])
            took = 1000 * (time.perf_counter() - start)
            if b'"failed":0' not in data or b'"hits":[]' in data:
                raise RuntimeError(data[:500])
            if number >= arguments.warmup:
                times[name].append(took)
    for index in ("bench-ref-items", "bench-ref-readers"):
        call("DELETE", "/" + index)
    base = statistics.median(times["vector"])
    result = {"documents": SIZE, "dimension": DIMENSION, "rounds": arguments.rounds, "median_milliseconds": {
        name: round(statistics.median(t), 3) for name, t in times.items()}, "added_milliseconds": {
        name: round(statistics.median(t) - base, 3) for name, t in times.items() if name != "vector"}}
    print(json.dumps(result, indent=2))
    if arguments.out:
        with open(arguments.out, "w") as out:
            json.dump(result, out, indent=2)
            out.write("\n")


if __name__ == "__main__":
    main()
