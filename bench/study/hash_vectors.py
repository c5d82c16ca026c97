#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what Python computes for embedding_hash, which HashVectorsTests compares bit for bit.

    pip install scikit-learn==1.9.1
    python3 bench/study/hash_vectors.py > plugin/src/test/resources/org/affinity/plugin/processor/hash-vectors.json

murmur: sklearn.utils.murmurhash3_32. signed: sklearn.feature_extraction.FeatureHasher. bloom: the
rows that Spotlight's BloomEmbedding takes (murmurhash3_32 of int32 ids, numpy's remainder), and
their float32 sum in the order of the seeds.
"""
import base64
import json

import numpy as np
from sklearn.feature_extraction import FeatureHasher
from sklearn.utils import murmurhash3_32

SEEDS = [
    179424941, 179425457, 179425907, 179426369, 179424977, 179425517, 179425943, 179426407,
    179424989, 179425529, 179425993, 179426447, 179425003, 179425537, 179426003, 179426453,
    179425019, 179425559, 179426029, 179426491, 179425027, 179425579, 179426081, 179426549,
]

KEYS = [0, 1, 3, 42, 999, 123456789, -7, 2147483647, -2147483648, "", "a", "foo", "brand=acme", "Ünïcödé 本", "B00X4WHP5E"]
TOKENS = [
    ["brand=acme"],
    ["brand=acme", "category=books", "category=fantasy", "author=Ursula K. Le Guin"],
    ["x"] * 3,
    [f"t{i}" for i in range(200)],
]
ROWS, DIMENSION, IDS = 50, 8, 200


def table():
    r, j = np.meshgrid(np.arange(ROWS), np.arange(DIMENSION), indexing="ij")
    return (((r * 37 + j * 11) % 101 - 50) / 7.0).astype(np.float32)


def bloom(hashes):
    ids = np.arange(IDS, dtype=np.int32)
    rows = np.stack([murmurhash3_32(ids, seed=seed) % ROWS for seed in SEEDS[:hashes]], axis=1)
    sums = []
    for of_id in table()[rows]:
        total = of_id[0].copy()
        for row in of_id[1:]:
            total += row
        assert (total == of_id.sum(axis=0)).all()
        sums.append(base64.b64encode(total.astype("<f4").tobytes()).decode())
    return {"hashes": hashes, "rows": rows.tolist(), "sums": sums}


print(json.dumps({
    "murmur": [
        {"key": key, "seed": seed, "hash": int(murmurhash3_32(key, seed=seed))}
        for key in KEYS for seed in [0, 42, *SEEDS[:4], 2147483647]
    ],
    "signed": [
        {"tokens": tokens, "dimension": n,
         "vector": FeatureHasher(n, input_type="string").transform([tokens]).toarray()[0].tolist()}
        for tokens in TOKENS for n in (1, 16, 100)
    ],
    "bloom": {"table_rows": ROWS, "dimension": DIMENSION, "ids": IDS, "seeds": SEEDS,
              "by_hashes": [bloom(k) for k in (1, 4, 24)]},
}, ensure_ascii=True))
