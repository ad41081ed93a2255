#!/bin/bash
# Draws new tests, has this machine's processor and ours run them, and compares. See README.md.
#
#   run.sh [--bits 16|32|64] [--seed N] [--cases N] [--categories LIST] [--only REGEX] [--examples FILE] [--keep N]
#   run.sh --capture FILE [--bits ...] [--seed N] [--per-form N] [--categories LIST]
#
# --seed may be "time" for one that was never used. Exit status: 0 all agree, 1 mismatches, 2 could not run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cpu=$(cd "$here/../../.." && pwd)
bits=64
arguments=()
usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --bits) bits=$2 ;;
        --seed) if [ "$2" = time ]; then seed=$(date +%s%N); else seed=$2; fi; arguments+=(--seed "$seed") ;;
        --per-form) arguments+=(--cases "$2") ;;
        --cases | --categories | --only | --examples | --keep | --capture) arguments+=("$1" "$2") ;;
        *) echo "run.sh: unknown option $1" >&2; usage ;;
    esac
    shift 2
done
case $bits in
    16 | 32) build=32 ;;
    64) build=64 ;;
    *) echo "run.sh: --bits must be 16, 32 or 64, not '$bits'" >&2; exit 2 ;;
esac

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "${CC:-gcc}" > /dev/null; then
    echo "run.sh: needs gcc to build the helper; the captured vectors are checked without it by OracleTest" >&2
    exit 2
fi
if [ ! -d "$cpu/target/test-classes/dev/retrap/cpu/oracle" ]; then
    "$cpu/../mvnw" -q -f "$cpu/../pom.xml" -pl cpu -am test-compile
fi
helper=$cpu/target/oracle/helper$build
mkdir -p "$cpu/target/oracle"
"$here/build.sh" $build "$helper"
if ! "$helper" < /dev/null 2>&1 | grep -q '^oracle helper: '; then
    echo "run.sh: this machine's kernel does not run $build-bit programs" >&2
    exit 2
fi
exec "$java" -cp "$cpu/target/classes:$cpu/target/test-classes" dev.retrap.cpu.oracle.OracleRun \
    --helper "$helper" --mode "$bits" "${arguments[@]}"
