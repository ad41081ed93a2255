/** The command line: record, replay, serve, list, compare. */
module dev.retrap.repl {
    requires dev.retrap.cpu;
    requires dev.retrap.fixtures;
    requires dev.retrap.gdbstub;
    requires dev.retrap.trace;
    requires info.picocli;
    requires org.jline;

    // picocli reads annotations and sets annotated members by reflection.
    opens dev.retrap.repl.cli to info.picocli;
}
