/* What the parts share: a trap as it was seen, output, ports. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

static inline void outb(u16 port, u8 v) { asm volatile("outb %0,%1" : : "a"(v), "Nd"(port)); }
static inline u8 inb(u16 port) { u8 v; asm volatile("inb %1,%0" : "=a"(v) : "Nd"(port)); return v; }

static inline void put(char c)
{
    while (!(inb(0x3FD) & 0x20))
        ;
    outb(0x3F8, (u8) c);
}

static inline void say(const char *s)
{
    while (*s)
        put(*s++);
}

static inline void hex(u64 v)
{
    int shift = 60;
    while (shift > 0 && !(v >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[v >> shift & 15]);
}

static inline void value(const char *name, u64 v)
{
    put(' ');
    say(name);
    put('=');
    hex(v);
}
