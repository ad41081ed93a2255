package dev.retrap.trace.unwind;

import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.boot.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The call frame information of one image, where it is loaded. */
public final class CallFrameInfo {
    private final List<FrameDescription> frames;
    private final int wordBytes;

    private CallFrameInfo(List<FrameDescription> frames, int wordBytes) {
        this.frames = List.copyOf(frames);
        this.wordBytes = wordBytes;
    }

    /**
     * Reads an image's information. What cannot be read is left out.
     *
     * @param image the image
     * @param bias where it is loaded minus where it is linked for
     * @return empty if it has none
     */
    public static Optional<CallFrameInfo> of(ElfImage image, long bias) {
        int word = image.is64() ? 8 : 4;
        List<FrameDescription> frames = new ArrayList<>();
        image.section(".eh_frame").ifPresent(data -> {
            Long address = address(image, data);
            if (address != null) {
                new SectionReader(data, address + bias, word, true, 0).readInto(frames);
            }
        });
        image.section(".debug_frame")
                .ifPresent(data -> new SectionReader(data, 0, word, false, bias).readInto(frames));
        return frames.isEmpty() ? Optional.empty() : Optional.of(new CallFrameInfo(frames, word));
    }

    /** Where a section lies in memory, found by its bytes in the segment that holds it. */
    private static Long address(ElfImage image, byte[] section) {
        for (Segment segment : image.segments()) {
            byte[] bytes = image.bytes(segment);
            int at = indexOf(bytes, section);
            if (at >= 0) {
                return segment.virtual() + at;
            }
        }
        return null;
    }

    private static int indexOf(byte[] haystack, byte[] needle) {
        outer:
        for (int i = 0; i + needle.length <= haystack.length; i++) {
            for (int k = 0; k < needle.length; k++) {
                if (haystack[i + k] != needle[k]) {
                    continue outer;
                }
            }
            return needle.length == 0 ? -1 : i;
        }
        return -1;
    }

    /**
     * The caller of a frame.
     *
     * @param registers the caller's
     * @param signalFrame true if the frame is a signal frame: the caller was interrupted, it did not call
     */
    public record Unwound(UnwindRegisters registers, boolean signalFrame) {}

    /**
     * Gives a frame's caller.
     *
     * @param registers of the frame
     * @param lookup the address to look up: the instruction pointer, or one less for a return address
     * @param memory where saved registers are read
     * @return empty if there is no information for the address, or it does not apply
     */
    public Optional<Unwound> unwind(UnwindRegisters registers, long lookup, Memory memory) {
        if (registers.wordBytes() != wordBytes) {
            return Optional.empty();
        }
        for (FrameDescription frame : frames) {
            if (frame.covers(lookup)) {
                try {
                    RuleRow row = FrameProgram.rowAt(frame, lookup);
                    return Optional.of(new Unwound(row.apply(registers, memory, frame.cie().returnColumn()),
                            frame.cie().signalFrame()));
                } catch (BadCallFrameInfo e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /**
     * What functions have in common (CIE).
     *
     * @param codeAlign factor of code advances
     * @param dataAlign factor of saved registers' offsets
     * @param returnColumn number of the return address
     * @param pointerEncoding of the addresses in frame descriptions
     * @param hasAugmentation whether frame descriptions have augmentation data
     * @param signalFrame whether they describe signal frames
     * @param instructions initial instructions
     */
    record CommonInfo(
            long codeAlign,
            long dataAlign,
            int returnColumn,
            int pointerEncoding,
            boolean hasAugmentation,
            boolean signalFrame,
            Section instructions) {}

    /**
     * A part of a section.
     *
     * @param data the section
     * @param address where it lies
     * @param wordBytes size of a pointer
     * @param from first byte
     * @param end first byte after it
     */
    record Section(byte[] data, long address, int wordBytes, int from, int end) {
        Bytes cursor() {
            return new Bytes(data, address, wordBytes, from, end);
        }
    }

    /**
     * A function (FDE).
     *
     * @param cie what it shares
     * @param start first address
     * @param length bytes
     * @param instructions its own
     */
    record FrameDescription(CommonInfo cie, long start, long length, Section instructions) {
        boolean covers(long address) {
            return Long.compareUnsigned(address - start, length) < 0;
        }
    }

    /** Splits a section into its entries. */
    private static final class SectionReader {
        private final byte[] data;
        private final long address;
        private final int wordBytes;
        private final boolean ehFrame;
        private final long bias;
        private final Map<Integer, CommonInfo> common = new HashMap<>();

        SectionReader(byte[] data, long address, int wordBytes, boolean ehFrame, long bias) {
            this.data = data;
            this.address = address;
            this.wordBytes = wordBytes;
            this.ehFrame = ehFrame;
            this.bias = bias;
        }

        void readInto(List<FrameDescription> frames) {
            try {
                Bytes all = new Bytes(data, address, wordBytes, 0, data.length);
                while (all.end() - all.offset() >= 4) {
                    long length = all.unsigned(4);
                    if (length == 0 && ehFrame) {
                        return;
                    }
                    if (length == 0xFFFF_FFFFL) {
                        throw new BadCallFrameInfo("64-bit DWARF");
                    }
                    int idAt = all.offset();
                    Bytes entry = all.slice(length);
                    long id = entry.unsigned(4);
                    if (id != (ehFrame ? 0 : 0xFFFF_FFFFL)) {
                        // .eh_frame counts back from here to the CIE, .debug_frame from the section's start.
                        int cieAt = (ehFrame ? (int) (idAt - id) : (int) id) + 4;
                        description(entry, common(cieAt)).ifPresent(frames::add);
                    }
                }
            } catch (BadCallFrameInfo e) {
                // What came before stays in use.
            }
        }

        /** The CIE whose id field is at an offset; ids are read when first referred to. */
        private CommonInfo common(int idAt) {
            CommonInfo known = common.get(idAt);
            if (known != null) {
                return known;
            }
            Bytes head = new Bytes(data, address, wordBytes, idAt - 4, data.length);
            long length = head.unsigned(4);
            Bytes entry = head.slice(length);
            entry.unsigned(4);
            int version = entry.u8();
            String augmentation = entry.string();
            if (version >= 4) {
                entry.unsigned(2);
            }
            long codeAlign = entry.uleb();
            long dataAlign = entry.sleb();
            int returnColumn = version == 1 ? entry.u8() : (int) entry.uleb();
            int encoding = 0;
            boolean signal = false;
            boolean augmented = augmentation.startsWith("z");
            if (augmented) {
                Bytes extra = entry.slice(entry.uleb());
                for (int i = 1; i < augmentation.length(); i++) {
                    switch (augmentation.charAt(i)) {
                        case 'R' -> encoding = extra.u8();
                        case 'L' -> extra.u8();
                        case 'P' -> extra.pointer(extra.u8());
                        case 'S' -> signal = true;
                        default -> i = augmentation.length();
                    }
                }
            }
            CommonInfo info = new CommonInfo(codeAlign, dataAlign, returnColumn, encoding, augmented, signal,
                    new Section(data, address, wordBytes, entry.offset(), entry.end()));
            common.put(idAt, info);
            return info;
        }

        private Optional<FrameDescription> description(Bytes entry, CommonInfo cie) {
            long start = entry.pointer(cie.pointerEncoding()) + bias;
            // The length has the format of the address, but is no address.
            long length = entry.pointer(cie.pointerEncoding() & 0x0F);
            if (cie.hasAugmentation()) {
                entry.slice(entry.uleb());
            }
            return length == 0 ? Optional.empty() : Optional.of(new FrameDescription(
                    cie, start, length, new Section(data, address, wordBytes, entry.offset(), entry.end())));
        }
    }
}
