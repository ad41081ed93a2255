#!/usr/bin/env bash
# Builds the images of checks at ring 0 and writes them with PROVENANCE.tsv to the test resources.
#   build.sh            build and write
#   build.sh --check    build elsewhere and compare if the tools are those recorded; 0 = same, 1 = different
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
committed=$here/../resources/dev/retrap/cpu/ring0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$here"
flags=(-m32 -march=i586 -O1 -std=gnu11 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none
    -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -mgeneral-regs-only -Wall -Wextra -Werror)
gcc "${flags[@]}" -c checks_32.c -o "$scratch/checks.o"
gcc -m32 -c entry_32.S -o "$scratch/entry.o"
ld -m elf_i386 --build-id=none -z noexecstack --no-warn-rwx-segments -T ring0.lds -s -o "$scratch/ring0-32" \
    "$scratch/entry.o" "$scratch/checks.o"
tools="$(gcc --version | head -n 1); $(ld --version | head -n 1)"
printf 'ring0-32\t%s\t%s\t%s\n' "$(sha256sum < "$scratch/ring0-32" | cut -d' ' -f1)" "$tools" \
    "$(cat entry_32.S checks_32.c ring0.h ring0.lds | sha256sum | cut -d' ' -f1)" > "$scratch/PROVENANCE.tsv"
if [[ ${1:-} == --check ]]; then
    if [[ $(cut -f3 "$committed/PROVENANCE.tsv") != "$tools" ]]; then
        echo "build.sh: other tools; only the sources are compared"
        cmp <(cut -f4 "$committed/PROVENANCE.tsv") <(cut -f4 "$scratch/PROVENANCE.tsv")
    else
        cmp "$committed/ring0-32" "$scratch/ring0-32"
    fi
else
    mkdir -p "$committed"
    chmod 644 "$scratch/ring0-32"
    cp "$scratch/ring0-32" "$scratch/PROVENANCE.tsv" "$committed/"
fi
