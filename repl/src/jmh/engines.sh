#!/bin/sh
# Compares the engines with each other and with QEMU: engines.sh ['PROGRAM ARGUMENT...' ...]. Needs cpu and fixtures
# built (./mvnw -q -DskipTests package), JDK 25 as JAVA_HOME or java, and for the peers qemu-system-i386 and qemu-i386.
set -eu
home=$(cd -P -- "$(dirname -- "$0")/../../.." && pwd)
bench=$home/repl/src/jmh/java/dev/retrap/repl/bench
classes=$home/cpu/target/classes:$home/fixtures/target/classes
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$classes" -Dengine.run="$bench/EngineRun.java" \
    -Dengine.glibc="$home/repl/src/jmh/c/glibc-work.c" "$bench/EngineComparison.java" "$@"
