package dev.retrap.trace.file;

import dev.retrap.cpu.PageLines;
import java.util.List;

/** Footprints to and from their records. */
public final class FootprintCodec {
    private static final int LINE = 64;

    private FootprintCodec() {}

    static dev.retrap.trace.v1.Footprint encode(dev.retrap.cpu.Footprint f) {
        dev.retrap.trace.v1.Footprint.Builder b = dev.retrap.trace.v1.Footprint.newBuilder();
        long last = 0;
        for (long page : f.code().pages()) {
            b.addCodePage(page - last).addCodeLines(f.code().get(page));
            last = page;
        }
        last = 0;
        for (long page : f.written().pages()) {
            b.addWrittenPage(page - last).addWrittenLines(f.written().get(page));
            last = page;
        }
        last = 0;
        for (long page : f.writtenPhysical().pages()) {
            b.addWrittenFrame(page - last).addWrittenFrameLines(f.writtenPhysical().get(page));
            last = page;
        }
        last = 0;
        for (long page : f.read().pages()) {
            b.addReadPage(page - last);
            last = page;
        }
        last = 0;
        for (long page : f.readPhysical().pages()) {
            b.addReadFrame(page - last);
            last = page;
        }
        return b.build();
    }

    static dev.retrap.cpu.Footprint decode(dev.retrap.trace.v1.Footprint f) {
        return new dev.retrap.cpu.Footprint(
                lines(f.getCodePageList(), f.getCodeLinesList(), dev.retrap.cpu.Footprint.CODE_LINE),
                lines(f.getWrittenPageList(), f.getWrittenLinesList(), LINE),
                lines(f.getWrittenFrameList(), f.getWrittenFrameLinesList(), LINE),
                lines(f.getReadPageList(), List.of(), LINE),
                lines(f.getReadFrameList(), List.of(), LINE));
    }

    /** A page without lines has all. */
    private static PageLines lines(List<Long> pages, List<Long> masks, int lineBytes) {
        PageLines lines = new PageLines(pages.size(), lineBytes);
        long page = 0;
        for (int i = 0; i < pages.size(); i++) {
            page += pages.get(i);
            lines.add(page, i < masks.size() ? masks.get(i) : -1L);
        }
        return lines;
    }
}
