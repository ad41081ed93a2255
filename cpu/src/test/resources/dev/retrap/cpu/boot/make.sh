#!/bin/sh
# Builds the test images with GNU binutils; the results are kept in the repository.
set -e
cd "$(dirname "$0")"
as --32 -o multiboot.o multiboot.S
ld -m elf_i386 --build-id=0x00112233445566778899aabbccddeeff -z max-page-size=4096 -T multiboot.ld -o multiboot.elf multiboot.o
as --64 -o hello64.o hello64.S
ld -m elf_x86_64 --build-id=none -z max-page-size=4096 -z noseparate-code -o hello64.elf hello64.o
rm -f multiboot.o hello64.o
