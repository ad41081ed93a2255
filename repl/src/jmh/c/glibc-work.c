/*
 * glibc-work sort MB | sha256 MB: what sort(1) and sha256sum(1) spend their time on, with glibc linked statically: lines
 * in memory by qsort and strcmp, or a digest. The data are made here, so that no files are needed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 1;

static uint32_t next(void)
{
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static uint32_t sort(size_t bytes)
{
    char *text = malloc(bytes + 64);
    char **lines = malloc((bytes / 8 + 1) * sizeof(*lines));
    size_t n = 0, at = 0;
    uint32_t sum = 0;

    while (at < bytes) {
        lines[n++] = text + at;
        at += sprintf(text + at, "%06x %u", next() & 0xffffff, next() % 100000) + 1;
    }
    qsort(lines, n, sizeof(*lines), by_text);
    for (size_t i = 0; i < n; i++)
        sum = sum * 31 + lines[i][2] + (i > 0 && strcmp(lines[i - 1], lines[i]) > 0);
    return sum;
}

static uint32_t k[64];

static uint32_t ror(uint32_t v, int n)
{
    return v >> n | v << (32 - n);
}

/* FIPS 180-4, 6.2.2 */
static void block(uint32_t *h, const uint8_t *p)
{
    uint32_t w[64], s[8];

    for (int t = 0; t < 16; t++, p += 4)
        w[t] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    for (int t = 16; t < 64; t++)
        w[t] = (ror(w[t - 2], 17) ^ ror(w[t - 2], 19) ^ w[t - 2] >> 10) + w[t - 7]
               + (ror(w[t - 15], 7) ^ ror(w[t - 15], 18) ^ w[t - 15] >> 3) + w[t - 16];
    memcpy(s, h, sizeof(s));
    for (int t = 0; t < 64; t++) {
        uint32_t a = s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t];
        uint32_t b = (ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

        memmove(s + 1, s, 7 * sizeof(*s));
        s[4] += a;
        s[0] = a + b;
    }
    for (int n = 0; n < 8; n++)
        h[n] += s[n];
}

/* The constants only have to be constant: fractions of another series serve as well as those of cube roots. */
static uint32_t sha256(size_t bytes)
{
    uint8_t *data = malloc(bytes);
    uint32_t h[8];

    for (int n = 0; n < 64; n++)
        k[n] = next() << 8 ^ next();
    for (int n = 0; n < 8; n++)
        h[n] = next();
    for (size_t i = 0; i < bytes; i++)
        data[i] = next();
    for (size_t i = 0; i + 64 <= bytes; i += 64)
        block(h, data + i);
    return h[0] ^ h[7];
}

int main(int argc, char **argv)
{
    size_t bytes = argc > 2 ? strtoul(argv[2], NULL, 10) << 20 : 1 << 20;
    const char *which = argc > 1 ? argv[1] : "sort";

    printf("%s %u\n", which, strcmp(which, "sort") == 0 ? sort(bytes) : sha256(bytes));
    return 0;
}
