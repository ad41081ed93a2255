package dev.retrap.repl.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExprTest {
    private TestScope scope;

    @BeforeEach
    void setUp() {
        scope = new TestScope().bytes(0x1000, 0x78, 0x56, 0x34, 0x12, 0xFE, 0xFF, 0xFF, 0xFF, 'h', 'i', 0, 0);
        scope.variables.put("eax", Value.of(CType.INT, -38));
        scope.variables.put("esp", Value.of(new CType.Pointer(CType.VOID, 4), 0x1000));
        scope.symbols.put("table", 0x1000L);
        scope.symbols.put("foo.part.0", 0x2000L);
    }

    private Value value(String text) {
        return Expr.parse(text).evaluate(scope);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            1 + 2 * 3                       ; 7
            (1 + 2) * 3                     ; 9
            -5 / 2                          ; -2
            -5 % 3                          ; -2
            010                             ; 8
            0b101                           ; 5
            'A'                             ; 65
            '\\n'                           ; 10
            1 << 4 | 1                      ; 17
            ~0                              ; -1
            !0 + !7                         ; 1
            3 > 2 == 1                      ; 1
            0 && 1 || 1                     ; 1
            1 ? 2 : 3                       ; 2
            0 ? 2 : 1 ? 4 : 5               ; 4
            0xffffffff                      ; 4294967295
            (int)0xffffffff                 ; -1
            (unsigned char)-1               ; 255
            (short)0x18000                  ; -32768
            1 << 31                         ; -2147483648
            0x80000000 >> 31                ; 1
            -1 < 1u                         ; 0
            $eax                            ; -38
            $eax == -38                     ; 1
            *(int *)0x1000                  ; 305419896
            *(int *)($esp + 4)              ; -2
            *(unsigned short *)table        ; 22136
            {short}($esp + 4)               ; -2
            *$esp                           ; 305419896
            ((int *)$esp)[1]                ; -2
            *(int *)table + 1               ; 305419897
            &*(int *)0x1004                 ; 4100
            (int *)0x1000 + 1               ; 4100
            (int *)0x1008 - (int *)0x1000   ; 2
            table + 4                       ; 4100
            foo.part.0                      ; 8192
            sizeless - 0                    ; error
            """)
    void evaluates(String text, String expected) {
        if (expected.equals("error")) {
            assertThatThrownBy(() -> value(text)).isInstanceOf(ExprException.class);
        } else {
            assertThat(value(text).bits()).isEqualTo(Long.parseLong(expected));
        }
    }

    @Test
    void typesFollowC() {
        assertThat(value("1").type()).isEqualTo(CType.INT);
        assertThat(value("0x80000000").type()).isEqualTo(CType.UINT);
        assertThat(value("2147483648").type()).isEqualTo(CType.LONG_LONG);
        assertThat(value("(char)1 + (char)1").type()).isEqualTo(CType.INT);
        assertThat(value("table").type()).isInstanceOf(CType.Pointer.class);
        assertThat(value("(long)1").type().size()).isEqualTo(4);
        scope.wordBytes = 8;
        assertThat(value("(long)1").type().size()).isEqualTo(8);
    }

    @Test
    void repeatedElementsKnowWhereTheyAre() {
        Value array = value("*(int *)$esp@2");
        assertThat(array.type()).isEqualTo(new CType.Array(CType.INT, 2));
        assertThat(array.address()).isEqualTo(0x1000);
        assertThat(value("(*(int *)$esp@2)[1]").bits()).isEqualTo(-2);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            1 +              ; ends too early
            (1               ; expected ')'
            1 2              ; unexpected '2'
            $nosuch          ; no register or variable $nosuch
            nosuch           ; No symbol "nosuch"
            1 / 0            ; division by zero
            *(int *)0        ; Cannot access memory at address 0x0
            0x               ; invalid number
            08               ; invalid number
            0x11112222333344445 ; number too large
            'a               ; unterminated character
            (long char)1     ; no such type
            1@2              ; the left of @
            *(int*)$esp@0    ; must be 1..
            &1               ; & needs something in memory
            (void)1          ; cannot cast to void
            1 # 2            ; unexpected '#'
            """)
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> value(text)).isInstanceOf(ExprException.class).hasMessageContaining(message)
                .extracting(Throwable::getMessage).asString().doesNotContain("\n");
    }
}
