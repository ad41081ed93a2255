"""Commands of gdb for a target that retrap serves: "retrap gdb FILE" loads them."""

import gdb


def ask(command):
    """What the stub's monitor says to a command."""
    return gdb.execute("monitor " + command, to_string=True)


def flush():
    """Tells gdb that all it knows of the target is old."""
    gdb.execute("maintenance flush register-cache", to_string=True)
    gdb.execute("maintenance flush dcache", to_string=True)


def go(where):
    """Moves the target."""
    said = ask("goto " + where)
    flush()
    return said


def position():
    return int(ask("position"))


class Retrap(gdb.Command):
    """Commands about the recording: events, when, goto, last-write, diff, branch."""

    def __init__(self):
        super().__init__("retrap", gdb.COMMAND_RUNNING, prefix=True)


class Events(gdb.Command):
    """retrap events [FILTER]: kernel entries and exits around here, e.g. "retrap events syscall nr=20"."""

    def __init__(self):
        super().__init__("retrap events", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        gdb.write(ask("events " + argument))


class When(gdb.Command):
    """retrap when: the position, the event that comes next, cycles, virtual time and mode."""

    def __init__(self):
        super().__init__("retrap when", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        gdb.write(ask("when"))


class Goto(gdb.Command):
    """retrap goto POSITION | event N | next [FILTER] | previous [FILTER] | start | user | end"""

    def __init__(self):
        super().__init__("retrap goto", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        go(argument)
        gdb.execute("frame", from_tty)


class LastWrite(gdb.Command):
    """retrap last-write EXPRESSION: goes to before the last instruction that wrote to where EXPRESSION is stored."""

    def __init__(self):
        super().__init__("retrap last-write", gdb.COMMAND_RUNNING, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        value = gdb.parse_and_eval(argument)
        if value.address is None:
            raise gdb.GdbError("%s is not in memory" % argument)
        said = ask("last-write 0x%x %d" % (int(value.address), value.type.sizeof))
        gdb.write(said)
        words = said.split()
        if words[:1] == ["position"]:
            go(words[1].rstrip(","))
            gdb.execute("frame", from_tty)


class Diff(gdb.Command):
    """retrap diff POSITION: registers that are different there from what they are here."""

    def __init__(self):
        super().__init__("retrap diff", gdb.COMMAND_DATA)

    def registers(self):
        frame = gdb.newest_frame()
        names = [r.name for r in frame.architecture().registers("all") if r.name]
        return {name: str(frame.read_register(name)) for name in names if not name.startswith("ym")}

    def invoke(self, argument, from_tty):
        here = position()
        before = self.registers()
        go(argument)
        try:
            after = self.registers()
        finally:
            go(str(here))
        for name in before:
            if before[name] != after.get(name):
                gdb.write("%-14s %s -> %s\n" % (name, before[name], after.get(name)))


class Branch(gdb.Command):
    """retrap branch [NAME]: lists the branches of history, starts one here, or enters one ("main" is the recording)."""

    def __init__(self):
        super().__init__("retrap branch", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        said = ask("branch " + argument)
        gdb.write("".join(l for l in said.splitlines(True) if not l.startswith("gdb still shows")))
        if argument:
            flush()
            gdb.execute("frame", from_tty)


for command in (Retrap, Events, When, Goto, LastWrite, Diff, Branch):
    command()
