#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `affinity load` with a plain client that sends the same bytes, alternating.

  ./affinity start
  python3 bench/study/load_rate.py --jar cli/target/affinity-cli.jar --out bench/results/loader.json

Makes --vectors random vectors of --dimension as fvecs, and of the same vectors the bulk requests that the loader would
send: as many documents a request, base64. The plain client has the requests ready in memory, two connections, and reads
answers without parsing them. Each round makes the index anew, so that both write into an empty one. Seconds are of the
wall; CPU is that of the server's process (nodes stats) and of the client's, which other work on the machine does not
stretch as much: vectors per second on two otherwise idle cores can be no more than 2 / (CPU seconds per vector).
Compares the methods flat and hnsw, for the graph of hnsw is built while documents are indexed.
Needs the standard library only.
"""
import argparse
import array
import base64
import concurrent.futures
import http.client
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.parse

INDEX = "load-rate"


def call(server, method, path, body=None, kind="application/json"):
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=300)
    connection.request(method, path, body, {"Content-Type": kind} if body else {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def server_cpu(server):
    nodes = json.loads(call(server, "GET", "/_nodes/stats/process")[1])["nodes"]
    return sum(n["process"]["cpu"]["total_in_millis"] for n in nodes.values()) / 1000


def make_index(server, dimension, method):
    call(server, "DELETE", "/" + INDEX)
    field = {"type": "embedding", "dimension": dimension, "space_type": "innerproduct", "method": {"name": method}}
    status, data = call(server, "PUT", "/" + INDEX, json.dumps({
        "settings": {"index.affinity": True, "number_of_shards": 1, "number_of_replicas": 0},
        "mappings": {"properties": {"taste": field}}}))
    if status != 200:
        sys.exit("creating the index answered %d: %s" % (status, data.decode()))


def count(server):
    call(server, "POST", "/%s/_refresh" % INDEX)
    return json.loads(call(server, "GET", "/%s/_count" % INDEX)[1])["count"]


def send_plain(server, bodies):
    """Two connections, each sending every second request."""
    def run(own):
        connection = http.client.HTTPConnection(server.hostname, server.port, timeout=300)
        for body in own:
            connection.request("POST", "/%s/_bulk?filter_path=errors" % INDEX, body,
                               {"Content-Type": "application/x-ndjson"})
            answer = connection.getresponse().read()
            if answer != b'{"errors":false}':
                raise RuntimeError(answer[:500])
        connection.close()

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (bodies[0::2], bodies[1::2])))
    count(server)  # with its refresh, as the loader ends


def measure(server, run):
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    self_ = resource.getrusage(resource.RUSAGE_SELF)
    cpu, start = server_cpu(server), time.monotonic()
    run()
    seconds, cpu = time.monotonic() - start, server_cpu(server) - cpu
    client = 0
    for before, who in ((children, resource.RUSAGE_CHILDREN), (self_, resource.RUSAGE_SELF)):
        after = resource.getrusage(who)
        client += after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"seconds": round(seconds, 2), "server_cpu": round(cpu, 2), "client_cpu": round(client, 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", default=os.environ.get("AFFINITY_URL", "http://127.0.0.1:9200"))
    parser.add_argument("--jar", required=True)
    parser.add_argument("--java", default="java")
    parser.add_argument("--vectors", type=int, default=200_000)
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--methods", default="flat,hnsw")
    parser.add_argument("--out")
    arguments = parser.parse_args()
    server = urllib.parse.urlparse(arguments.url)
    rng, bodies, n, d = random.Random(1), [], arguments.vectors, arguments.dimension
    with tempfile.TemporaryDirectory() as folder:
        fvecs = os.path.join(folder, "v.fvecs")
        with open(fvecs, "wb") as out:
            for first in range(0, n, 5000):
                lines = []
                for row in range(first, min(n, first + 5000)):
                    vector = array.array("f", (rng.gauss(0, 1) for _ in range(d))).tobytes()
                    out.write(d.to_bytes(4, "little") + vector)
                    lines.append('{"index":{"_id":"%d"}}\n{"taste":"%s"}\n'
                                 % (row + 1, base64.b64encode(vector).decode()))
                bodies.append("".join(lines).encode())

        def load():
            subprocess.run(
                [arguments.java, "-Xmx256m", "-XX:+UseSerialGC", "-jar", os.path.abspath(arguments.jar), "load", fvecs,
                 "--index", INDEX, "--field", "taste", "--url", arguments.url],
                cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        results = {}
        for method in arguments.methods.split(","):
            rounds = []
            for number in range(arguments.rounds + 1):
                result = {}
                order = (("plain", lambda: send_plain(server, bodies)), ("load", load))
                for name, run in order if number % 2 else order[::-1]:
                    make_index(server, d, method)
                    result[name] = measure(server, run)
                    if count(server) != n:
                        sys.exit("%s: %d documents instead of %d" % (name, count(server), n))
                result["load_average"] = round(os.getloadavg()[0], 1)
                print(json.dumps(result), flush=True)
                if number:  # the first warms the server up
                    rounds.append(result)
            results[method] = {"summary": summarize(rounds, n), "rounds": rounds}
            print(json.dumps(results[method]["summary"], indent=2), flush=True)
            if arguments.out:
                about = {"vectors": n, "dimension": d, "cores": os.cpu_count(), "bytes_per_request": len(bodies[0])}
                with open(arguments.out, "w") as out:
                    json.dump({"about": about, "methods": results}, out, indent=2)
                    out.write("\n")
        call(server, "DELETE", "/" + INDEX)


def summarize(rounds, n):
    def median(name, key):
        values = sorted(r[name][key] for r in rounds)
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2

    summary = {"rate_of_load_over_plain": sorted(
        round(r["plain"]["seconds"] / r["load"]["seconds"], 3) for r in rounds)}
    for name in ("load", "plain"):
        cpu = median(name, "server_cpu") + median(name, "client_cpu")
        summary[name] = {
            "vectors_per_second": round(n / median(name, "seconds")),
            "server_cpu_microseconds_per_vector": round(1e6 * median(name, "server_cpu") / n, 1),
            "client_cpu_microseconds_per_vector": round(1e6 * median(name, "client_cpu") / n, 1),
            "most_vectors_per_second_on_two_idle_cores": round(2 * n / cpu) if cpu else None}
    return summary


if __name__ == "__main__":
    main()
