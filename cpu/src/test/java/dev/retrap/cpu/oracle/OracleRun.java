package dev.retrap.cpu.oracle;

import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.CodeMode;
import dev.retrap.cpu.isa.Form;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.InstructionTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Draws new tests, has the physical processor and our machine run them, and compares: what {@code run.sh} starts.
 * Streams: nothing is kept but counts and a few examples.
 */
final class OracleRun {
    private static final int AHEAD = 4;
    private static final int PROGRESS = 1_000_000;

    private record Batch(MemoryImage image, List<TestCase> tests, boolean fresh) {}

    private final Options options;
    private final Tally tally;
    private final Map<Class<?>, Integer> crashes = new TreeMap<>((a, b) -> a.getName().compareTo(b.getName()));

    /** A test has touched the helper's own pages: the next batch sent begins a new process. */
    private final AtomicBoolean spoilt = new AtomicBoolean();
    /** Batches are passed over until one that began a new process. */
    private boolean passOver;
    /** Asked again where the two disagree; the other helper is busy with the next batches. */
    private final Host confirmer;

    private OracleRun(Options options, Host confirmer) {
        this.options = options;
        this.confirmer = confirmer;
        tally = new Tally(options.keep);
    }

    /** What the command line asks for. */
    private record Options(List<String> helper, CodeMode mode, long seed, long cases, Set<Category> categories,
            String only, Path examples, int keep, Path capture, boolean peer) {

        static Options parse(String[] args) {
            List<String> helper = null;
            CodeMode mode = CodeMode.CODE64;
            long seed = 1;
            long cases = 100_000;
            Set<Category> categories = EnumSet.of(Category.INTEGER, Category.SYSTEM);
            String only = null;
            Path examples = null;
            int keep = 3;
            Path capture = null;
            boolean peer = false;
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException(args[i] + " needs a value");
                }
                String v = args[i + 1];
                switch (args[i]) {
                    case "--helper" -> helper = List.of(v.split(" "));
                    case "--mode" -> mode = CodeMode.valueOf("CODE" + v);
                    case "--seed" -> seed = Long.decode(v);
                    case "--cases" -> cases = Long.parseLong(v.replace("_", ""));
                    case "--categories" -> categories = categories(v);
                    case "--only" -> only = v;
                    case "--examples" -> examples = Path.of(v);
                    case "--keep" -> keep = Integer.parseInt(v);
                    case "--capture" -> capture = Path.of(v);
                    case "--peer" -> peer = Boolean.parseBoolean(v);
                    default -> throw new IllegalArgumentException("unknown option " + args[i]);
                }
            }
            if (helper == null) {
                throw new IllegalArgumentException("--helper COMMAND is missing");
            }
            return new Options(helper, mode, seed, cases, categories, only, examples, keep, capture, peer);
        }

        private static Set<Category> categories(String names) {
            var set = EnumSet.noneOf(Category.class);
            for (String name : names.toUpperCase(Locale.ROOT).split(",")) {
                if (name.equals("ALL")) {
                    set.addAll(EnumSet.allOf(Category.class));
                } else {
                    set.add(Category.valueOf(name));
                }
            }
            return set;
        }
    }

    /** Exit status: 0 all agree, 1 mismatches, 2 could not run. */
    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("oracle: " + e.getMessage());
            System.exit(2);
            return;
        }
        try (var host = new Host(options.helper)) {
            if (host.facts().bits() == 64 != (options.mode == CodeMode.CODE64)) {
                throw new IOException("the helper is built for " + host.facts().bits() + " bits");
            }
            if (options.capture != null) {
                new Capture(host, options.mode, options.seed, options.categories, (int) options.cases,
                        options.peer).write(options.capture);
                return;
            }
            boolean good;
            try (var confirmer = new Host(options.helper)) {
                good = new OracleRun(options, confirmer).run(host);
            }
            if (!good) {
                System.exit(1);
            }
        } catch (IOException e) {
            System.err.println("oracle: " + e.getMessage());
            System.exit(2);
        }
    }

    private boolean run(Host host) throws Exception {
        HostFacts facts = host.facts();
        System.out.printf("%s, %d-bit helper, LDT %s, seed %d%nfeatures %s%n", facts.brand(), facts.bits(),
                facts.ldt() ? "loaded" : "not available", options.seed, facts.features());
        var selection = new Selection(options.mode, options.categories, facts.features());
        var subject = new Subject(options.mode, facts);
        List<Form> eligible = selection.forms().stream()
                .filter(f -> options.only == null || f.mnemonic().matches(options.only)).toList();
        List<Form> forms = eligible.stream().filter(subject::knows).toList();
        if (forms.isEmpty()) {
            throw new IOException("no form to test is left");
        }
        var generator = new Generator(options.mode, options.seed, selection, forms);
        BlockingQueue<Batch> sent = new ArrayBlockingQueue<>(AHEAD);
        var sender = Thread.ofPlatform().name("oracle-sender").daemon().start(() -> send(host, generator, sent));
        long started = System.nanoTime();
        long done = 0;
        while (done < options.cases) {
            Batch b = sent.take();
            judge(host, subject, b);
            done += b.tests.size();
            if (done / PROGRESS != (done - b.tests.size()) / PROGRESS) {
                System.out.printf("%,d tests, %,d mismatches, %,.0f/s%n", done, tally.mismatches(),
                        done * 1e9 / (System.nanoTime() - started));
            }
        }
        sender.join();
        report(selection, eligible, forms, System.nanoTime() - started);
        return tally.mismatches() == 0 && crashes.isEmpty();
    }

    private void send(Host host, Generator generator, BlockingQueue<Batch> sent) {
        try {
            MemoryImage image = null;
            int batches = 0;
            for (long left = options.cases; left > 0; ) {
                if (batches++ % 16 == 0) {
                    image = MemoryImage.draw(Draw.seed(options.seed, -batches));
                }
                var tests = new ArrayList<TestCase>();
                for (int i = 0; i < Math.min(left, Host.BATCH); i++) {
                    tests.add(generator.next(image));
                }
                left -= tests.size();
                boolean fresh = spoilt.getAndSet(false);
                sent.put(new Batch(image, tests, fresh));
                host.send(image, tests, false, fresh);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(2);
        }
    }

    private void judge(Host host, Subject subject, Batch batch) {
        List<Host.Answer> answers = host.receive(batch.tests);
        passOver &= !batch.fresh;
        if (passOver) {
            tally.ownPages(batch.tests.size());
            return;
        }
        var doubtful = new ArrayList<Integer>();
        var got = new Outcome[answers.size()];
        var insns = new Insn[got.length];
        for (int i = 0; i < got.length; i++) {
            TestCase t = batch.tests.get(i);
            Insn insn = subject.decode(t);
            insns[i] = insn;
            Exec exec = subject.bind(insn);
            if (exec == null) {
                tally.unimplemented(insn);
                continue;
            }
            got[i] = run(subject, t, batch.image, insn, exec);
            if (got[i] != null && Subject.owns(got[i].cr2())) {
                tally.ownPages(1);
                got[i] = null;
            } else if (got[i] != null && host.owns(got[i].cr2()) && got[i].cr2() != 0) {
                // What such a test did to the helper may have spoilt its batch and all until a new process begins.
                spoilt.set(true);
                passOver = true;
                tally.ownPages(got.length);
                return;
            }
        }
        for (int i = 0; i < got.length; i++) {
            if (got[i] == null) {
                continue;
            }
            Host.Answer a = answers.get(i);
            if (a.stability() == Host.Stability.DIED) {
                tally.died();
            } else if (a.stability() == Host.Stability.LARGE) {
                tally.unstable();
            } else if (agree(batch.tests.get(i), insns[i], a.outcome(), got[i])) {
                tally.count(batch.tests.get(i), insns[i], batch.image, a.outcome(), got[i]);
            } else {
                doubtful.add(i);
            }
        }
        confirm(batch, insns, got, doubtful);
    }

    private static boolean agree(TestCase t, Insn insn, Outcome expected, Outcome got) {
        return Comparison.agree(insn, expected, got, Undefined.flags(insn, t.initial, expected));
    }

    private Outcome run(Subject subject, TestCase t, MemoryImage image, Insn insn, Exec exec) {
        try {
            return subject.run(t, image, insn, exec);
        } catch (RuntimeException | StackOverflowError e) {
            if (crashes.merge(e.getClass(), 1, Integer::sum) <= 3) {
                System.out.println("our machine threw on " + t.codeText() + " " + insn);
                e.printStackTrace(System.out);
            }
            return null;
        }
    }

    /** Disagreement counts if the physical processor, asked again, says the same twice. */
    private void confirm(Batch batch, Insn[] insns, Outcome[] got, List<Integer> doubtful) {
        for (int i : doubtful) {
            TestCase t = batch.tests.get(i);
            Outcome expected = answerOf(t, batch.image, insns[i]);
            if (expected == null) {
                tally.unstable();
            } else {
                tally.count(t, insns[i], batch.image, expected, got[i]);
            }
        }
    }

    private Outcome answerOf(TestCase t, MemoryImage image, Insn insn) {
        Host.Answer again = confirmer.run(image, List.of(t), true).getFirst();
        return again.stability() == Host.Stability.STABLE ? again.outcome() : null;
    }

    private void report(Selection selection, List<Form> eligible, List<Form> forms, long nanos) throws IOException {
        System.out.printf("%.1f s%n", nanos / 1e9);
        tally.print(System.out);
        crashes.forEach((c, n) -> System.out.printf("our machine threw %s %,d times%n", c.getName(), n));
        long exist = InstructionTable.forms().stream().filter(f -> f != Form.UNDEFINED && selection.exists(f)).count();
        System.out.printf("forms covered: %d of %d in the table for this mode (%d testable in the categories %s, %d of"
                + " them with semantics); none of the tests completed for %s%n", tally.covered(1), exist,
                eligible.size(), options.categories, forms.size(), tally.neverCompleted());
        if (options.examples != null) {
            try (var out = new PrintStream(Files.newOutputStream(options.examples), false, StandardCharsets.UTF_8)) {
                tally.examples(out);
            }
        }
    }
}
