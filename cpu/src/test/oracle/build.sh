#!/bin/bash
# Builds the helper for one mode: build.sh 32|64 OUTPUT. Needs gcc (for 32: gcc-multilib's -m32, no C library).
set -euo pipefail
bits=$1
output=$2
here=$(cd "$(dirname "$0")" && pwd)
case $bits in
    32) arch=(-m32 -mno-sse -fno-pic -no-pie -Wl,-Ttext-segment=0x6f000000) ;;
    64) arch=(-m64 -fpie -static -no-pie -Wl,-Ttext-segment=0x5a5a5a000000) ;;
    *) echo "build.sh: bits must be 32 or 64, not '$bits'" >&2; exit 2 ;;
esac
exec "${CC:-gcc}" -O2 -Wall -Wextra -Werror -ffreestanding -fno-stack-protector -fcf-protection=none \
    -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -nostdlib -static "${arch[@]}" \
    -Wl,-z,noexecstack -Wl,--build-id=none \
    "$here/main.c" "$here/run.c" "$here/frame.c" "$here/sys.c" -o "$output"
