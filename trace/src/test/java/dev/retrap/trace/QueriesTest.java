package dev.retrap.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.Watch;
import dev.retrap.cpu.boot.ElfImage;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.fixtures.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueriesTest {
    @TempDir
    Path dir;

    private static long address(String program, String symbol) {
        byte[] file = program.startsWith("v") ? Fixtures.kernel(program) : Fixtures.program(program);
        return ElfImage.parse(program, file).symbolTable(0).named(symbol).orElseThrow().address();
    }

    private static String word(Machine m, long address) {
        byte[] b = new byte[4];
        m.read(address, b, 0, 4);
        return String.format("%02x%02x%02x%02x", b[3], b[2], b[1], b[0]);
    }

    /** From the kernel's handler back to main, each link a call whose return address is on the stack, or the entry. */
    @ParameterizedTest
    @ValueSource(strings = {"v4.2", "v4.4"})
    void callersFormAChainThroughTheBoundary(String variant) throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), variant, "mixed 1"));
                Timeline t = Timeline.replay(r)) {
            StopSet call = StopSet.breakpoints(List.of(address(variant, "sys_getpid")));
            t.continueForward(call);
            t.continueForward(call);
            List<Event> entries = new ArrayList<>();
            List<Long> targets = new ArrayList<>();
            for (int links = 0; links < 20; links++) {
                long here = t.position();
                long sp = t.machine().get(Reg.RSP);
                Optional<Caller> c = t.queries().whoCalled();
                assertThat(t.position()).isEqualTo(here);
                if (c.isEmpty()) {
                    break;
                }
                assertThat(c.get().position()).isLessThan(here);
                t.seek(c.get().position());
                assertThat(t.machine().linearIp()).isEqualTo(c.get().ip());
                if (c.get().entry().isPresent()) {
                    entries.add(c.get().entry().get());
                    assertThat(c.get().entry().get().position()).isEqualTo(t.position());
                    continue;
                }
                Insn insn = t.machine().decodeAt(c.get().ip());
                assertThat(insn.toString()).startsWith("call");
                t.stepForward(1);
                targets.add(t.machine().linearIp());
                assertThat(t.machine().get(Reg.RSP)).isGreaterThanOrEqualTo(sp);
                assertThat(word(t.machine(), t.machine().get(Reg.RSP)))
                        .isEqualTo(String.format("%08x", insn.next));
                t.stepBackward(1);
            }
            assertThat(entries).isNotEmpty();
            assertThat(entries.getFirst().systemCall()).isEqualTo(20);
            assertThat(targets).contains(address("mixed", "round_of"), address("mixed", "main"));
        }
    }

    /** A marked argument in pt_regs comes from the program's own data, through PUSH, registers and the entry. */
    @ParameterizedTest
    @ValueSource(strings = {"v4.2", "v4.4"})
    void anArgumentIsFollowedBackThroughTheBoundary(String variant) throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), variant, "sixargs"));
                Timeline t = Timeline.replay(r)) {
            Event call = r.findForward(0, e -> e.isSystemCallEntry() && e.before(Reg.RCX) == 0x2222_2222L).orElseThrow();
            PtRegs regs = call.ptRegs().orElseThrow();
            t.seek(r.event(call.pair()).position() - 20); // past the handler
            long slot = regs.address() + 4L * regs.layout().fields().indexOf("cx");
            assertThat(word(t.machine(), slot)).isEqualTo("22222222");
            long here = t.position();
            List<Origin> way = t.queries().origin(new Origin.Place.Memory(slot, 4), 20);
            assertThat(t.position()).isEqualTo(here);
            assertThat(way.getFirst().text()).startsWith("push");
            assertThat(way.getFirst().position()).isBetween(call.position(), here);
            assertThat(way.get(1).place()).isEqualTo(new Origin.Place.Register(Reg.RCX));
            assertThat(way.get(1).position()).isLessThan(call.position());
            Origin end = way.getLast();
            assertThat(end.kind()).as(way.toString()).isIn(Origin.Kind.START, Origin.Kind.CONSTANT, Origin.Kind.COMPUTED);
            long last = here;
            for (Origin o : way) {
                assertThat(o.position()).as(way.toString()).isLessThan(last);
                last = o.position();
                t.seek(o.position());
                if (o.kind() != Origin.Kind.START) {
                    t.stepForward(1);
                }
                String value = switch (o.place()) {
                    case Origin.Place.Register(Reg reg) -> String.format("%08x", t.machine().get(reg));
                    case Origin.Place.Memory(long linear, int size) -> word(t.machine(), linear);
                };
                // The loader copies before the program's mapping is there.
                if (o.kind() != Origin.Kind.START && !o.text().startsWith("rep movs")) {
                    assertThat(value).as("%s", o).isEqualTo("22222222");
                }
            }
        }
    }

    /** The kernel copies the name by its own mapping of user memory or by the user's: both are found, by the frame. */
    @Test
    void aWriteThroughAnotherMappingCounts() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "mixed 1"));
                Timeline t = Timeline.replay(r)) {
            t.seek(t.end() - 1);
            long name = address("mixed", "name");
            List<Watch> ranges = t.queries().ranges(name, 5, Watch.Access.WRITE);
            assertThat(ranges).singleElement().extracting(Watch::space).isEqualTo(Watch.Space.PHYSICAL);
            Access last = t.queries().last(ranges, t.position()).orElseThrow();
            assertThat(new String(last.after(), java.nio.charset.StandardCharsets.US_ASCII)).startsWith("L");
            assertThat(last.ip()).isGreaterThanOrEqualTo(0xc000_0000L);
            // The program's loader cleared the page through the kernel's mapping.
            List<Access> all = t.queries().all(ranges, 0, t.position(), 100);
            assertThat(all).extracting(Access::position).contains(last.position()).isSorted();
            assertThat(all.getFirst().address()).isGreaterThanOrEqualTo(0L);
        }
    }

    @Test
    void aDebuggersWriteIsFoundAsSuch() throws Exception {
        try (Timeline t = Guests.live(dir.resolve("r"), "v4.4", "sixargs")) {
            t.continueForward(StopSet.NONE.withCrossings(Event::isSystemCallEntry));
            long sp = t.machine().get(Reg.RSP);
            t.stepForward(3);
            t.writeMemory(sp - 200, new byte[] {1, 2, 3, 4});
            long head = t.position();
            Access last = t.queries().last(t.queries().ranges(sp - 200, 4, Watch.Access.WRITE), head).orElseThrow();
            assertThat(last.byDebugger()).isTrue();
            assertThat(last.position()).isEqualTo(head);
            assertThat(last.after()).containsExactly(1, 2, 3, 4);
            List<Origin> way = t.queries().origin(new Origin.Place.Memory(sp - 200, 4), 5);
            assertThat(way).singleElement().extracting(Origin::kind).isEqualTo(Origin.Kind.DEBUGGER);
            assertThat(t.atLiveHead()).isTrue();
            assertThat(t.continueForward(StopSet.NONE)).isEqualTo(new Arrival.PoweredOff(0));
        }
    }

    @Test
    void anInterruptEndsAQuestion() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "mixed 1"));
                Timeline t = Timeline.replay(r)) {
            t.seek(t.end() / 2);
            long here = t.position();
            t.interrupt();
            assertThatThrownBy(() -> t.queries().nextChange(Reg.CR3, here))
                    .isInstanceOf(InterruptedQueryException.class);
            assertThat(t.position()).isEqualTo(here);
            assertThat(t.queries().lastChange(Reg.RIP, here)).isPresent();
        }
    }

    /** Questions that look through all of the history, broken off while they do. */
    static Stream<Arguments> longQuestions() {
        Reg never = Reg.STAR;
        Watch written = new Watch(0, 1L << 32, Watch.Access.WRITE);
        return Stream.<Map.Entry<String, Consumer<Timeline>>>of(
                Map.entry("last change", t -> t.queries().lastChange(never, t.position())),
                Map.entry("next change", t -> t.queries().nextChange(never, 0)),
                Map.entry("all writes", t -> t.queries().all(List.of(written), 0, t.end(), Integer.MAX_VALUE)),
                Map.entry("latest writes", t -> t.queries().latest(List.of(written), 0, t.end(), Integer.MAX_VALUE)),
                Map.entry("executions", t -> t.queries().executions(
                        address("mixed", "crc32"), 0, t.end(), false, Integer.MAX_VALUE)))
                .map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longQuestions")
    void aQuestionThatIsBrokenOffLeavesTheTimelineWhereItWas(String name, Consumer<Timeline> question) throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "mixed 2"));
                Timeline t = Timeline.replay(r)) {
            t.seek(t.end() - 1);
            long here = t.position();
            long digest = t.machine().digest();
            Thread interrupts = Thread.ofPlatform().daemon().start(() -> {
                while (t.position() == here) {
                    Thread.onSpinWait(); // until it is under way
                }
                t.interrupt();
            });
            assertThatThrownBy(() -> question.accept(t)).isInstanceOf(InterruptedQueryException.class);
            interrupts.join();
            assertThat(t.position()).isEqualTo(here);
            assertThat(t.machine().digest()).isEqualTo(digest);
            // It was for that question only.
            assertThat(t.queries().lastChange(Reg.RIP, here)).isPresent();
        }
    }

    @Test
    void anInterruptEndsALookThroughTheEvents() throws Exception {
        try (Recording r = Recording.open(Guests.record(dir.resolve("r"), "v4.4", "sixargs"));
                Timeline t = Timeline.replay(r)) {
            List<Event> seen = new ArrayList<>();
            List<Runnable> looks = List.of(
                    () -> t.nextEvent(0, e -> seen(t, seen, e)),
                    () -> t.lastEvent(t.end(), e -> seen(t, seen, e)),
                    () -> t.eachEvent(0, r.eventCount(), e -> seen(t, seen, e)));
            for (Runnable look : looks) {
                seen.clear();
                assertThatThrownBy(look::run).isInstanceOf(InterruptedQueryException.class);
                assertThat(seen).hasSize(3);
            }
            assertThat(t.nextEvent(0, Event::isSystemCallEntry)).isPresent();
        }
    }

    private static boolean seen(Timeline t, List<Event> seen, Event e) {
        seen.add(e);
        if (seen.size() == 3) {
            t.interrupt();
        }
        return false;
    }
}
