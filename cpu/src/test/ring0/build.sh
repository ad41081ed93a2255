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
flags=(-O1 -std=gnu11 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none
    -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -mgeneral-regs-only -Wall -Wextra -Werror)
link=(--build-id=none -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments -T ring0.lds -s)
for part in checks_32 pae_32 only32_32; do
    gcc -m32 -march=i586 "${flags[@]}" -c $part.c -o "$scratch/$part.o"
done
gcc -m32 -c entry_32.S -o "$scratch/entry_32.o"
ld -m elf_i386 "${link[@]}" -o "$scratch/ring0-32" "$scratch"/{entry_32,checks_32,pae_32,only32_32}.o
gcc -m64 -march=x86-64 -mcmodel=small -mno-red-zone "${flags[@]}" -c checks_64.c -o "$scratch/checks_64.o"
gcc -m64 -c entry_64.S -o "$scratch/entry_64.o"
ld -m elf_x86_64 "${link[@]}" -o "$scratch/linked" "$scratch"/{entry_64,checks_64}.o
# Multiboot wants 32-bit ELF.
objcopy -O elf32-i386 "$scratch/linked" "$scratch/ring0-64"
tools="$(gcc --version | head -n 1); $(ld --version | head -n 1)"
for bits in 32 64; do
    sources=(entry_$bits.S ./*_$bits.[ch] ring0.h ring0.lds)
    printf 'ring0-%s\t%s\t%s\t%s\n' $bits "$(sha256sum < "$scratch/ring0-$bits" | cut -d' ' -f1)" "$tools" \
        "$(cat "${sources[@]}" | sha256sum | cut -d' ' -f1)"
done > "$scratch/PROVENANCE.tsv"
if [[ ${1:-} == --check ]]; then
    if [[ $(head -n 1 "$committed/PROVENANCE.tsv" | cut -f3) != "$tools" ]]; then
        echo "build.sh: other tools; only the sources are compared"
        cmp <(cut -f4 "$committed/PROVENANCE.tsv") <(cut -f4 "$scratch/PROVENANCE.tsv")
    else
        cmp "$committed/ring0-32" "$scratch/ring0-32"
        cmp "$committed/ring0-64" "$scratch/ring0-64"
    fi
else
    mkdir -p "$committed"
    chmod 644 "$scratch"/ring0-{32,64}
    cp "$scratch"/ring0-{32,64} "$scratch/PROVENANCE.tsv" "$committed/"
fi
