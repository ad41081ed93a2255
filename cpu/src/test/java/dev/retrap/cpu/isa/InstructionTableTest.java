package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InstructionTableTest {
    private static List<RowParser.Row> rows(String... lines) {
        var rows = new ArrayList<RowParser.Row>();
        RowParser.parse(String.join("\n", lines), rows);
        return rows;
    }

    private static OpcodeCell cell(String... lines) {
        return new OpcodeCell(InstructionTable.forms(rows(lines)).stream().skip(1).map(Plan::new).toList());
    }

    @Test
    void formsAreNumberedInOrder() {
        List<Form> forms = InstructionTable.forms();
        assertThat(forms.getFirst()).isSameAs(Form.UNDEFINED);
        for (int i = 0; i < forms.size(); i++) {
            assertThat(forms.get(i).id()).isEqualTo(i);
        }
    }

    @Test
    void registeringAnEncodingTwiceThrows() {
        assertThatThrownBy(() -> cell("00 /r | ADD Eb,Gb", "00 /0 | OR Eb,Gb"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("same encoding twice");
        assertThatThrownBy(() -> cell("66 0F 10 /r | MOVUPD Vpd,Wpd", "0F 10 /r mem | MOVUPS Vps,Wps"))
                .hasMessageContaining("same encoding twice");
        assertThatThrownBy(() -> cell("63 /r | ARPL Ew,Gw | i64", "63 /r | MOVSXD Gv,Ed"))
                .hasMessageContaining("same encoding twice");
    }

    @Test
    void orderOfRowsDoesNotMatter() {
        String special = "F3 0F 1E FA | ENDBR64";
        String rest = "0F 1E /r | RESERVED_NOP Ev | rest";
        for (OpcodeCell cell : List.of(cell(special, rest), cell(rest, special))) {
            assertThat(cell.select(2, 0, 0, 1, 0xFA).form.op()).isEqualTo(Op.ENDBR64);
            assertThat(cell.select(0, 0, 0, 1, 0xFA).form.op()).isEqualTo(Op.RESERVED_NOP);
        }
    }

    @Test
    void aMistakeInARowNamesTheRow() {
        assertThatThrownBy(() -> rows("00 /r | ADD Eb,Kx")).hasMessageContaining("unknown operand Kx")
                .hasMessageContaining("00 /r | ADD Eb,Kx");
        assertThatThrownBy(() -> rows("00 /r | ADD Eb,Gb | lokc")).hasMessageContaining("unknown attribute lokc");
        assertThatThrownBy(() -> rows("00 /r | ADD Eb,Gb | | MMMM")).hasMessageContaining("flags MMMM");
    }

    @Test
    void effectsOnAFlagExcludeEachOther() {
        for (Form form : InstructionTable.forms()) {
            assertThat(form.modifies() & (form.clears() | form.sets() | form.undefined())).as("%s", form).isZero();
            assertThat(form.clears() & (form.sets() | form.undefined())).as("%s", form).isZero();
            assertThat(form.sets() & form.undefined()).as("%s", form).isZero();
        }
    }

    @Test
    void conditionsTestTheirFlags() {
        assertThat(named("jle").tests()).isEqualTo(Form.ZF | Form.SF | Form.OF);
        assertThat(named("setb").tests()).isEqualTo(Form.CF);
    }

    private static Form named(String mnemonic) {
        return InstructionTable.forms().stream().filter(f -> f.mnemonic().equals(mnemonic)).findFirst().orElseThrow();
    }

    @Test
    void everyFormDecodesToItself() {
        var encoder = new FormEncoder(new SplittableRandom(1));
        var buffer = new byte[64];
        for (Form form : InstructionTable.forms().subList(1, InstructionTable.forms().size())) {
            CodeMode mode = form.has(Form.INVALID64) ? CodeMode.CODE32 : CodeMode.CODE64;
            boolean found = false;
            for (int attempt = 0; attempt < 200 && !found; attempt++) {
                encoder.encode(form, mode, buffer);
                Insn insn = Decoder.decode(mode, buffer, 0, buffer.length, 0);
                found = insn.form == form && insn.op == form.op();
            }
            assertThat(found).as("%s %s", form, form.encoding()).isTrue();
        }
    }

    @Test
    void formsWithoutAFeatureFallBackToOlderOnes() {
        byte[] tzcnt = {(byte) 0xF3, 0x0F, (byte) 0xBC, (byte) 0xC1};
        byte[] endbr = {(byte) 0xF3, 0x0F, 0x1E, (byte) 0xFA};
        assertThat(Decoder.decode(CodeMode.CODE64, tzcnt, 0, 4, 0).form.fallback().op()).isEqualTo(Op.BSF);
        assertThat(Decoder.decode(CodeMode.CODE64, endbr, 0, 4, 0).form.fallback().op()).isEqualTo(Op.RESERVED_NOP);
    }
}
