package dev.retrap.cpu.boot;

/**
 * A note (ELF specification 1.2, 2-8), for example the build ID: owner {@code GNU}, type 3.
 *
 * @param owner who defines the type
 * @param type its type
 * @param descriptor its contents
 */
public record Note(String owner, int type, byte[] descriptor) {}
