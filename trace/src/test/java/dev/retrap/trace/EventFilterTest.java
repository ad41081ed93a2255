package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Crossing;
import dev.retrap.cpu.Reg;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
    private static final Event SYSENTER = event(7, Crossing.Kind.SYSENTER, -1, 1500, 20, true);
    private static final Event SYSEXIT = event(8, Crossing.Kind.SYSEXIT, -1, 1600, 20, true);
    private static final Event PAGE_FAULT = event(9, Crossing.Kind.EXCEPTION, 14, 1700, -1, false);

    private static Event event(long n, Crossing.Kind kind, int vector, long position, long nr, boolean user) {
        long[] before = new long[Reg.CROSSING_SLOTS];
        long[] after = new long[Reg.CROSSING_SLOTS];
        (kind.isEntry() ? before : after)[Reg.CPL.slot()] = user ? 3 : 0;
        after[Reg.CR2.slot()] = 0x1000;
        before[Reg.RIP.slot()] = 0x8048000;
        return new Event(n, kind, position, position, vector, vector == 14, vector == 14 ? 6 : 0, before, after, -1, 0,
                99, 0, 200, 0, nr, Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                      | yyy",
        "entry                   | yny",
        "exit                    | nyn",
        "user                    | yyn",
        "kernel                  | nny",
        "syscall                 | yyn",
        "kind=SYSENTER           | ynn",
        "kind=sysenter,exception | yny",
        "kind!=SYSENTER          | nyy",
        "vector=14               | nny",
        "vector=0xe              | nny",
        "nr=20                   | yyn",
        "nr=3,20                 | yyn",
        "nr!=3,20                | nny",
        "position>1500           | nyy",
        "pos>=1500 pos<1700      | yyn",
        "position<=1500          | ynn",
        "'  nr=20   exit '       | nyn",
        "event=9                 | nny",
        "errcode=6               | nny",
        "cr2=0x1000              | yyy",
        "ip=0x8048000            | yyy",
        "steps>98 cycles>0       | yyy",
        "depth!=0                | nnn",
    })
    void selects(String filter, String expected) throws BadFilterException {
        EventFilter f = EventFilter.parse(filter);
        String actual = "";
        for (Event e : new Event[] {SYSENTER, SYSEXIT, PAGE_FAULT}) {
            actual += f.test(e) ? "y" : "n";
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(f).hasToString(filter.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"entri", "nr=", "nr=x", "nr=20,", "nr<1,2", "kind=FOO", "kind<SYSENTER",
        "foo=1", "nr=0x", "=", "nr==3"})
    void saysWhatItDoesNotUnderstand(String filter) {
        assertThatThrownBy(() -> EventFilter.parse(filter)).isInstanceOf(BadFilterException.class)
                .hasMessageStartingWith("event filter: ").hasMessageContaining(filter).message().doesNotContain("\n");
    }

    @Test
    void vocabularyIsUnderstood() throws BadFilterException {
        for (String word : EventFilter.vocabulary()) {
            EventFilter.parse(word.equals("kind=") ? "kind=IRET" : word.endsWith("=") ? word + "1" : word);
        }
        assertThat(EventFilter.vocabulary()).contains("entry", "kind=", "nr=");
    }
}
