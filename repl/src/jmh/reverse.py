"""For gdb: runs from once() to done() and back again, and says how long that took. $kind: full records with gdb itself."""

import time

import gdb


def run(command):
    return gdb.execute(command, to_string=True)


def timed(what, command, times=1):
    begin = time.monotonic()
    for _ in range(times):
        run(command)
    milliseconds = (time.monotonic() - begin) * 1000 / times
    print("%-48s %10.2f ms" % (what, milliseconds), flush=True)
    return milliseconds


run("set pagination off")
run("set confirm off")
run("break once")
run("continue")
if str(gdb.parse_and_eval("$kind")).strip('"') == "full":
    run("record full")
    run("set record full insn-number-max unlimited")
run("delete")
run("break done")
timed("forward from once() to done()", "continue")
timed("reverse-stepi", "reverse-stepi", 100)
run("delete")
run("break once")
timed("reverse-continue to once()", "reverse-continue")
if "once" not in run("info symbol $pc"):
    print("  ... which did not arrive there: %s" % run("info symbol $pc").strip(), flush=True)
run("delete")
run("kill")
