#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command with little memory: bench/limited.sh MEGABYTES FOLDER COMMAND...
#
# All of it (heap, code, page cache) gets MEGABYTES, in a control group of its own, which needs
# root. Files in FOLDER leave the page cache first, since what others read is not counted.
set -euo pipefail

if [ $# -lt 3 ] || ! [[ $1 =~ ^[1-9][0-9]*$ ]] || ! [ -d "$2" ]; then
  echo 'usage: bench/limited.sh MEGABYTES FOLDER COMMAND...' >&2
  exit 2
fi
megabytes=$1
folder=$2
shift 2

if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  group=/sys/fs/cgroup/affinity-bench.$$
  limit=memory.max
else
  group=/sys/fs/cgroup/memory/affinity-bench.$$
  limit=memory.limit_in_bytes
fi
mkdir "$group"
# What is left of the command ends with this script.
clean() {
  until rmdir "$group" 2>/dev/null; do
    xargs -r kill <"$group/cgroup.procs" 2>/dev/null || true
    sleep 0.2
  done
}
trap clean EXIT
trap 'exit 130' INT TERM
echo $((megabytes << 20)) >"$group/$limit"
[ ! -f "$group/memory.swap.max" ] || echo 0 >"$group/memory.swap.max"

python3 - "$folder" <<'PYTHON'
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        fd = os.open(os.path.join(folder, name), os.O_RDONLY)
        os.fdatasync(fd)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
PYTHON

# The subshell enters the group and becomes the command.
(
  echo "$BASHPID" >"$group/cgroup.procs"
  exec "$@"
) &
wait "$!"
