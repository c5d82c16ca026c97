#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs every report in a tiny form, so that none rots: on invented data, into a temporary folder.
# Says nothing of speed. Fails if a report fails or leaves no JSON. What needs Faiss, numpy or the
# test data beside the checkout runs where they are.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d "${TMPDIR:-/tmp}/affinity-tiny.XXXXXX")
# A server that root starts runs as nobody, who must be able to enter.
chmod 755 "$work"
export AFFINITY_HOME=$work/home AFFINITY_JAVA_OPTS=-Xmx1g PYTHONDONTWRITEBYTECODE=1
export AFFINITY_START_TIMEOUT=${AFFINITY_START_TIMEOUT:-600}
mkdir "$AFFINITY_HOME"
server_begun=no
done=0
skipped=0

clean() {
  [ "$server_begun" = no ] || { ./affinity stop && ./affinity stop bench; } || true
  rm -rf -- "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

# A report by name: runs the rest, and wants JSON in $work/NAME.json. Output is shown if it fails.
report() {
  local name=$1 began=$SECONDS
  shift
  if ! "$@" >"$work/log" 2>&1 </dev/null; then
    cat "$work/log" >&2
    printf 'error: %s failed: %s\n' "$name" "$*" >&2
    exit 1
  elif ! is_json "$work/$name.json"; then
    printf 'error: %s left no JSON\n' "$name" >&2
    exit 1
  fi
  done=$((done + 1))
  printf '%-14s %3d s\n' "$name" "$((SECONDS - began))"
}

# The same for a command that writes no JSON.
says() {
  local name=$1
  shift
  report "$name" sh -c '"$@" && echo "{}" >"$0"' "$work/$name.json" "$@"
}

skip() {
  skipped=$((skipped + 1))
  printf '%-14s skipped: %s\n' "$1" "$2"
}

is_json() { [ -s "$1" ] && python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$1"; }

# The first Python that has a module.
python_with() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import $1" 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  return 1
}

# ---- Without a server ----------------------------------------------------------------------------

python3 - "$work" <<'PYTHON'
import array, random, sys
rng = random.Random(1)
rows = [[rng.gauss(0, 1) for _ in range(16)] for _ in range(500)]
with open(sys.argv[1] + "/v.fvecs", "wb") as out:
    for row in rows:
        out.write((16).to_bytes(4, "little") + array.array("f", row).tobytes())
with open(sys.argv[1] + "/v.csv", "w") as out:
    for i, row in enumerate(rows):
        out.write("%d,%s\n" % (i, ",".join(map(str, row))))
PYTHON

# Sets are just large enough for lists and codes. Every candidate is in a unit test.
report ann ./affinity bench ann --data-set clustered-5000x16 --only 'ivf-pq|lucene-hnsw-float' \
  --queries 10 --rounds 1 --out "$work/ann.json"
report join ./affinity bench join "$work/ann.json" --out "$work/join.json"
says compare ./affinity bench compare "$work/ann.json" "$work/join.json"
report jmh ./affinity bench jmh --quick --out "$work/jmh.json"
report kernels ./affinity bench kernels --quick --ram 8 --out "$work/kernels.json"
report quantization ./affinity bench quantization --size 1000 --queries 20 \
  --out "$work/quantization.json"
report trainer ./affinity bench trainer "$work/v.fvecs" -m 4 --rounds 1 --out "$work/trainer.json"
report readers ./affinity bench readers "$work/v.fvecs" "$work/v.csv" --rounds 1 \
  --out "$work/readers.json"

data=../shared/data
if python=$(python_with faiss); then
  what=(--data-set clustered-5000x16)
  [ ! -d "$data/goodbooks" ] || what=(--data-set goodbooks-64 --data "$data" --affinity --only ivf-pq)
  report faiss "$python" bench/study/faiss_search.py "${what[@]}" --queries 20 --rounds 1 \
    --out "$work/faiss.json"
  says faiss-train "$python" bench/study/faiss_train.py --size 2000 --rounds 2
else
  skip faiss 'no Python has faiss'
fi
if [ ! -d "$data" ]; then
  skip pq-variants "there is no $data"
elif python=$(python_with numpy); then
  says pq-variants "$python" bench/study/pq_variants.py --data "$data" --set goodbooks --bytes 8 \
    --parts baseline --sample 1024 --rounds 1
else
  skip pq-variants 'no Python has numpy'
fi

# ---- On a server of its own ----------------------------------------------------------------------

server_begun=yes
./affinity start
# Where it is, and the Java it runs on, which need not be the one on the PATH.
read -r AFFINITY_URL pid < <(./affinity status |
  sed -n 's/^server: \(http[^,]*\), pid \([0-9]*\),.*/\1 \2/p')
export AFFINITY_URL
java=$(readlink "/proc/$pid/exe" || echo java)

# A line for each report on the server; "bench" commands find it by AFFINITY_URL.
report blend ./affinity bench blend --docs 1000 --dimension 16 --rounds 1 --seconds 5 \
  --out "$work/blend.json"
# Starts two of its own beside that one.
report server ./affinity bench server --data-set clustered-5000x16 --only 'ivf|knn' --queries 5 \
  --rounds 1 --clients 1 --out "$work/server.json"
report ranking ./affinity bench ranking --tiny --out "$work/ranking.json"
report references python3 bench/study/references.py --url "$AFFINITY_URL" --rounds 3 --warmup 1 \
  --out "$work/references.json"
report loader python3 bench/study/load_rate.py --url "$AFFINITY_URL" \
  --jar cli/target/affinity-cli.jar --java "$java" --vectors 20000 --dimension 16 --rounds 1 \
  --out "$work/loader.json"
if [ -d "$data/goodbooks" ]; then
  report processors python3 bench/study/pipelines.py --url "$AFFINITY_URL" \
    --data "$data/goodbooks" --rounds 1 --warmup 1 --out "$work/processors.json"
else
  skip processors "there is no $data/goodbooks"
fi

printf '%d passed, 0 failed, %d skipped\n' "$done" "$skipped"
