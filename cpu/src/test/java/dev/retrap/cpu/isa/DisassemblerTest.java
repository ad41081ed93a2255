package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisassemblerTest {
    private static Insn decode(int bits, String hex, long ip) {
        byte[] code = HexFormat.of().parseHex(hex);
        return Decoder.decode(CodeMode.valueOf("CODE" + bits), true, code, 0, code.length, ip);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            64 | 55                   | push   %rbp                      | push   rbp
            64 | 4889e5               | mov    %rsp,%rbp                 | mov    rbp,rsp
            64 | 48b8efbeaddeefbeadde | movabs $0xdeadbeefdeadbeef,%rax  | movabs rax,0xdeadbeefdeadbeef
            64 | 0f05                 | syscall                          | syscall
            64 | 480f07               | sysretq                          | sysretq
            64 | 48cf                 | iretq                            | iretq
            64 | 0f01f8               | swapgs                           | swapgs
            64 | 65488b042528000000   | mov    %gs:0x28,%rax             | mov    rax,QWORD PTR gs:0x28
            64 | 660f1f840000000000   | nopw   0x0(%rax,%rax,1)          | nop    WORD PTR [rax+rax*1+0x0]
            64 | 662e0f1f840000000000 | cs nopw 0x0(%rax,%rax,1)         | cs nop WORD PTR [rax+rax*1+0x0]
            64 | 0fb6c0               | movzbl %al,%eax                  | movzx  eax,al
            64 | 4863d0               | movslq %eax,%rdx                 | movsxd rdx,eax
            64 | f30f1efa             | endbr64                          | endbr64
            64 | 41ffd4               | call   *%r12                     | call   r12
            64 | c3                   | ret                              | ret
            64 | f3c3                 | repz ret                         | repz ret
            64 | f3a4                 | rep movsb %ds:(%rsi),%es:(%rdi)  | rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]
            64 | f0480fb111           | lock cmpxchg %rdx,(%rcx)         | lock cmpxchg QWORD PTR [rcx],rdx
            64 | 0f20d8               | mov    %cr3,%rax                 | mov    rax,cr3
            64 | 0f0139               | invlpg (%rcx)                    | invlpg BYTE PTR [rcx]
            64 | 660f6fc1             | movdqa %xmm1,%xmm0               | movdqa xmm0,xmm1
            64 | f2480f2ac0           | cvtsi2sd %rax,%xmm0              | cvtsi2sd xmm0,rax
            64 | 06                   | (bad)                            | (bad)
            32 | cd80                 | int    $0x80                     | int    0x80
            32 | 0f34                 | sysenter                         | sysenter
            32 | 65ff1510000000       | call   *%gs:0x10                 | call   DWORD PTR gs:0x10
            32 | 8d742600             | lea    0x0(%esi,%eiz,1),%esi     | lea    esi,[esi+eiz*1+0x0]
            32 | 8ed8                 | mov    %eax,%ds                  | mov    ds,eax
            32 | 0f0110               | lgdtl  (%eax)                    | lgdtd  [eax]
            32 | ea000000000800       | ljmp   $0x8,$0x0                 | jmp    0x8:0x0
            32 | d9ee                 | fldz                             | fldz
            32 | dee9                 | fsubrp %st,%st(1)                | fsubp  st(1),st
            32 | ef                   | out    %eax,(%dx)                | out    dx,eax
            32 | f00fc70e             | lock cmpxchg8b (%esi)            | lock cmpxchg8b QWORD PTR [esi]
            32 | f08900               | lock mov %eax,(%eax)             | lock mov DWORD PTR [eax],eax
            32 | c1e004               | shl    $0x4,%eax                 | shl    eax,0x4
            32 | d1e0                 | shl    %eax                      | shl    eax,1
            32 | 83c4f0               | add    $0xfffffff0,%esp          | add    esp,0xfffffff0
            32 | 68efbeadde           | push   $0xdeadbeef               | push   0xdeadbeef
            16 | ea5be000f0           | ljmp   $0xf000,$0xe05b           | jmp    0xf000:0xe05b
            16 | 660f0116f0ff         | lgdtl  -0x10                     | lgdtd  ds:0xfff0
            16 | 8b4702               | mov    0x2(%bx),%ax              | mov    ax,WORD PTR [bx+0x2]
            16 | 668cd8               | mov    %ds,%eax                  | mov    eax,ds
            16 | e460                 | in     $0x60,%al                 | in     al,0x60
            """)
    void knownText(int bits, String hex, String att, String intel) {
        Insn insn = decode(bits, hex, 0);
        assertThat(insn.length).isEqualTo((byte) (hex.length() / 2));
        assertThat(Disassembler.format(insn, Syntax.ATT, SymbolResolver.NONE)).isEqualTo(att);
        assertThat(Disassembler.format(insn, Syntax.INTEL, SymbolResolver.NONE)).isEqualTo(intel);
    }

    @Test
    void ripRelativeOperandsHaveACommentWithTheAddress() {
        Insn jmp = decode(64, "ff25e22f0000", 0);
        assertThat(Disassembler.format(jmp, Syntax.ATT, SymbolResolver.NONE))
                .isEqualTo("jmp    *0x2fe2(%rip)        # 0x2fe8");
        assertThat(Disassembler.format(jmp, Syntax.INTEL, SymbolResolver.NONE))
                .isEqualTo("jmp    QWORD PTR [rip+0x2fe2]        # 0x2fe8");
    }

    @Test
    void symbolsNameTargetsAndRipRelativeAddresses() {
        SymbolResolver symbols = address -> address == 0x40_1136 ? "main" : address == 0x40_4010 ? "counter+0x8" : null;
        assertThat(Disassembler.format(decode(64, "e831010000", 0x40_1000), Syntax.ATT, symbols))
                .isEqualTo("call   401136 <main>");
        assertThat(Disassembler.format(decode(64, "8b050a300000", 0x40_1000), Syntax.INTEL, symbols))
                .isEqualTo("mov    eax,DWORD PTR [rip+0x300a]        # 404010 <counter+0x8>");
        assertThat(Disassembler.format(decode(64, "eb00", 0x40_1000), Syntax.ATT, symbols))
                .isEqualTo("jmp    0x401002");
    }

    @Test
    void toStringIsIntelSyntax() {
        assertThat(decode(64, "4889e5", 0)).hasToString("mov    rbp,rsp");
    }
}
