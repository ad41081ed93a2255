package dev.retrap.trace;

import com.google.protobuf.ByteString;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.v1.MemoryWrite;
import dev.retrap.trace.v1.Record;
import dev.retrap.trace.v1.RegisterWrite;

/** Inputs to and from their records. */
final class InputCodec {
    private InputCodec() {}

    static Record encode(Input input) {
        dev.retrap.trace.v1.Input.Builder b = dev.retrap.trace.v1.Input.newBuilder().setPosition(input.position());
        switch (input) {
            case Input.Console(long p, byte[] bytes) -> b.setConsole(ByteString.copyFrom(bytes));
            case Input.RegisterWrite(long p, Reg register, long value) ->
                b.setRegister(RegisterWrite.newBuilder().setRegister(register.slot()).setValue(value));
            case Input.MemoryWrite(long p, long linear, byte[] bytes) ->
                b.setMemory(MemoryWrite.newBuilder().setLinear(linear).setData(ByteString.copyFrom(bytes)));
            case Input.FxWrite(long p, byte[] image) -> b.setFx(ByteString.copyFrom(image));
        }
        return Record.newBuilder().setInput(b).build();
    }

    static Input decode(dev.retrap.trace.v1.Input i) throws RecordingFormatException {
        return switch (i.getWhatCase()) {
            case CONSOLE -> new Input.Console(i.getPosition(), i.getConsole().toByteArray());
            case REGISTER -> {
                int slot = i.getRegister().getRegister();
                if (slot < 0 || slot >= Reg.COUNT) {
                    throw new RecordingFormatException("an input writes register " + slot
                            + ", which this program does not know: use a newer Retrap");
                }
                yield new Input.RegisterWrite(i.getPosition(), Reg.ofSlot(slot), i.getRegister().getValue());
            }
            case MEMORY -> new Input.MemoryWrite(i.getPosition(), i.getMemory().getLinear(),
                    i.getMemory().getData().toByteArray());
            case FX -> new Input.FxWrite(i.getPosition(), i.getFx().toByteArray());
            case WHAT_NOT_SET -> throw new RecordingFormatException(
                    "an input of a kind that this program does not know: use a newer Retrap");
        };
    }
}
