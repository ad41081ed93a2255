#!/usr/bin/env bash
# Going back with stock gdb, the same x86-64 program each: on retrap gdbserver, and natively with gdb's "record full".
# Usage: reverse.sh [CALLS...]; by default 1000 and 10000 for both, 1000000 for retrap alone. A session that takes longer
# than a minute is ended, and said to have been. RETRAP: the program to run instead of ./retrap.
set -eu
top=$(cd "$(dirname "$0")/../../.." && pwd)
retrap=${RETRAP:-$top/retrap}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -m64 -static -O1 -g -fno-pie -fcf-protection=none -o "$work/travel" "$top/repl/src/jmh/c/travel.c"

session() { # KIND, then what gdb is to be given
    local kind=$1
    shift
    timeout 60 gdb -nx -q -batch -ex "set \$kind = \"$kind\"" "$@" -x "$top/repl/src/jmh/reverse.py" "$work/travel" 2>&1 |
        grep -E ' ms$|\.\.\.|[Ee]rror|not' || true
    [ "${PIPESTATUS[0]}" -ne 124 ] || echo "  ended after a minute"
}

with_retrap() {
    "$retrap" gdbserver --once 127.0.0.1:0 "$work/travel" "$1" > "$work/log" 2>&1 &
    local server=$! port=
    for _ in $(seq 100); do
        port=$(sed -n 's/^Listening on port //p' "$work/log")
        [ -z "$port" ] || break
        sleep 0.2
    done
    session retrap -ex "target remote localhost:$port"
    wait "$server" || true
}

for calls in ${*:-1000 10000}; do
    echo "== $calls calls: gdb on retrap gdbserver"
    with_retrap "$calls"
    echo "== $calls calls: gdb, record full"
    session full -ex "set args $calls" -ex 'starti'
done
[ $# -gt 0 ] || { echo "== 1000000 calls: gdb on retrap gdbserver"; with_retrap 1000000; }
