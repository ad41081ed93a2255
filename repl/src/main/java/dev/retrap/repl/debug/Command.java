package dev.retrap.repl.debug;

import java.util.ArrayList;
import java.util.List;

/**
 * One command of the debugger, as data: dispatch, help, completion and the README's table are all made from it.
 *
 * @param name full name; two words for one of a family, such as {@code info registers}
 * @param aliases other names; they win over prefixes of other commands, as {@code c} does
 * @param group where help lists it
 * @param arguments synopsis of its arguments, empty for none
 * @param summary one line, no full stop
 * @param help more text for {@code help NAME}, may be empty
 * @param repeat what an empty line after it does
 * @param completion what its arguments are completed with
 * @param action what it does
 */
record Command(
        String name,
        List<String> aliases,
        Group group,
        String arguments,
        String summary,
        String help,
        Repeat repeat,
        Completion completion,
        Action action) {

    /** Groups of commands, in the order in which help lists them. */
    enum Group {
        RUNNING("Running forward and backward"),
        PLACES("Going to a place in time"),
        HISTORY("Asking and branching history"),
        STOPS("Breakpoints, watchpoints and catchpoints"),
        DATA("Looking at registers, memory and code"),
        STATUS("Asking about the recording and the session"),
        SESSION("The session itself");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** What an empty line does after a command. */
    enum Repeat {
        /** Nothing. */
        NO,
        /** The same again, arguments included. */
        SAME,
        /** The same without its arguments: it goes on where it left off. */
        BARE
    }

    /** What can be completed in a command's arguments. */
    enum Completion { NONE, EXPRESSION, COMMAND, PLACE, FILTER, NUMBER, FILE }

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /**
         * Runs the command.
         *
         * @param debugger the session
         * @param arguments what stands after the command's name, without blanks around it
         */
        void run(Debugger debugger, String arguments);
    }

    /** A command without aliases, help text, repetition and completion. */
    static Command of(Group group, String name, String arguments, String summary, Action action) {
        return new Command(
                name, List.of(), group, arguments, summary, "", Repeat.NO, Completion.NONE, action);
    }

    /** The same with more names. */
    Command alias(String... names) {
        List<String> all = new ArrayList<>(aliases);
        all.addAll(List.of(names));
        return new Command(name, all, group, arguments, summary, help, repeat, completion, action);
    }

    /** The same with a help text. */
    Command help(String text) {
        return new Command(name, aliases, group, arguments, summary, text, repeat, completion, action);
    }

    /** The same with a repetition. */
    Command repeat(Repeat how) {
        return new Command(name, aliases, group, arguments, summary, help, how, completion, action);
    }

    /** The same with a completion. */
    Command complete(Completion what) {
        return new Command(name, aliases, group, arguments, summary, help, repeat, what, action);
    }

    /** {@return name and arguments} */
    String synopsis() {
        return arguments.isEmpty() ? name : name + " " + arguments;
    }

    /** {@return {@code info} for {@code info registers}, else null} */
    String family() {
        int space = name.indexOf(' ');
        return space < 0 ? null : name.substring(0, space);
    }

    /** {@return {@code registers} for {@code info registers}, else the name} */
    String lastName() {
        return name.substring(name.indexOf(' ') + 1);
    }
}
