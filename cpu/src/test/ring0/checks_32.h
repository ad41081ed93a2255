/* What the parts of the 32-bit image share. */
int attempt(void (*check)(void));
int user(void (*check)(void));
void check(const char *name, void (*f)(void));
void check_page(const char *name, int v);
void flush(void);
u32 get_cr0(void);
void set_cr0(u32 v);
void set_cr4(u32 set, u32 clear);
void cpuid(u32 leaf, u32 *r);
void pae(void);
void only32(void);
extern u32 probe, directory[1024], page[5][1024], tss[26];

/* A check in assembly; may leave any register but ESP as it likes. */
#define CHECK(name, text) void name(void); asm(".pushsection .text\n" #name ": " text "\n\tret\n\t.popsection");
#define LEAVE "\n\tint $0x81"
