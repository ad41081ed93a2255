package dev.retrap.trace.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.trace.v1.Record;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings made before there were rows can be read. */
class ColumnsTest {
    /** Codes into columns. */
    private static final class Columns implements Items.Sink {
        final EventColumns events = new EventColumns(Rows.REGISTERS, Rows::isEntry);
        final ProbeColumns probes = new ProbeColumns(Rows.WORD_BYTES);
        final long[] item = new long[Math.max(EventItem.atMost(Rows.REGISTERS), ProbeItem.AT_MOST)];

        Columns() {
            events.begin(0);
            probes.begin(0);
        }

        @Override
        public long[] item() {
            return item;
        }

        @Override
        public void event(long context) {
            events.add((int) context, item, 0);
        }

        @Override
        public void probe(int point, int words) {
            probes.add(point, words, item, 0);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void areRead(long seed) throws IOException {
        Rows rows = new Rows(seed);
        Items items = new Items(seed);
        Columns columns = new Columns();
        List<long[]> events = new ArrayList<>();
        List<long[]> probes = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            events.add(rows.event());
            items.putEvent(events.getLast(), columns);
            if (rows.chance(2)) {
                probes.add(rows.probe());
                items.putProbe(probes.getLast(), columns);
            }
        }
        Payload payload = new Payload();
        columns.events.writeTo(payload);
        columns.probes.writeTo(payload);
        ByteArrayInputStream in = new ByteArrayInputStream(payload.array(), 0, payload.length());
        EventBlock e = EventBlock.decode(Record.parseDelimitedFrom(in).getEvents(), Rows.REGISTERS, Rows::isEntry, Rows.KINDS);
        ProbeBlock p = ProbeBlock.decode(Record.parseDelimitedFrom(in).getProbes(), Rows.POINTS);
        for (int i = 0; i < events.size(); i++) {
            int row = e.row(i);
            assertThat(Arrays.copyOfRange(e.rows(), row, row + EventRow.size(Rows.REGISTERS))).isEqualTo(events.get(i));
        }
        for (int i = 0; i < probes.size(); i++) {
            int words = ProbeRow.REGS + (int) probes.get(i)[ProbeRow.WORDS];
            assertThat(Arrays.copyOfRange(p.rows(), i * ProbeRow.SIZE, i * ProbeRow.SIZE + words))
                    .isEqualTo(Arrays.copyOf(probes.get(i), words));
        }
        assertThat(e.count()).isEqualTo(events.size());
        assertThat(p.count()).isEqualTo(probes.size());
    }
}
