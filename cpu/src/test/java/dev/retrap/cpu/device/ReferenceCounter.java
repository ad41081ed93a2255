package dev.retrap.cpu.device;

/**
 * One 8254 counter as the data sheet describes it, a clock pulse at a time: what {@link PitCounter} is measured by. It
 * knows nothing of leaps.
 */
final class ReferenceCounter implements Cloneable {
    boolean out = true;
    boolean nullCount = true;
    private int mode;
    private int modulus = 0x10000;
    private boolean gate;
    private int countRegister;
    private int element;
    private boolean written;
    private boolean loadPending;
    private boolean counting;
    private boolean done;
    private boolean strobe;
    private boolean half;
    private boolean oddCount;

    ReferenceCounter(boolean gate) {
        this.gate = gate;
    }

    void program(int newMode, boolean bcd) {
        mode = newMode;
        modulus = bcd ? 10_000 : 0x10000;
        element %= modulus;
        out = mode != 0;
        nullCount = true;
        written = false;
        loadPending = false;
        counting = false;
        strobe = false;
        half = false;
    }

    void firstByte() {
        if (mode == 0) {
            half = true;
            out = false;
        }
    }

    /** A count of 1..modulus ticks. */
    void write(int ticks) {
        countRegister = ticks;
        nullCount = true;
        written = true;
        half = false;
        switch (mode) {
            case 0:
                out = false;
                loadPending = true;
                break;
            case 4:
                loadPending = true;
                break;
            case 2:
            case 3:
                if (!counting) {
                    loadPending = true;
                }
                break;
            default:
                break;
        }
    }

    void gate(boolean high) {
        boolean trigger = high && !gate;
        gate = high;
        if (mode == 1 || mode == 5 || mode == 2 || mode == 3) {
            if (trigger && written) {
                loadPending = true;
            }
        }
        if ((mode == 2 || mode == 3) && !high) {
            out = true;
        }
    }

    int value() {
        return element % modulus;
    }

    void clock() {
        if (loadPending) {
            loadPending = false;
            counting = true;
            done = false;
            strobe = false;
            reload();
            switch (mode) {
                case 1:
                    out = false;
                    break;
                case 2:
                case 3:
                case 4:
                case 5:
                    out = true;
                    break;
                default:
                    break;
            }
            return;
        }
        if (strobe) {
            strobe = false;
            out = true;
        }
        if (!counting || half) {
            return;
        }
        switch (mode) {
            case 0:
                if (gate) {
                    decrement();
                    if (element == 0 && !done) {
                        done = true;
                        out = true;
                    }
                }
                break;
            case 1:
                decrement();
                if (element == 0 && !done) {
                    done = true;
                    out = true;
                }
                break;
            case 2:
                if (gate) {
                    if (element == 1) {
                        reload();
                        out = true;
                    } else {
                        element--;
                        out = element != 1;
                    }
                }
                break;
            case 3:
                if (gate) {
                    int last = oddCount && out ? 0 : 2;
                    if (element == last) {
                        out = countRegister == 1 || !out;
                        reload();
                    } else {
                        element -= 2;
                    }
                }
                break;
            default:
                if (gate || mode == 5) {
                    decrement();
                    if (element == 0 && !done) {
                        done = true;
                        strobe = true;
                        out = false;
                    }
                }
                break;
        }
    }

    private void reload() {
        nullCount = false;
        oddCount = (countRegister & 1) != 0;
        element = mode == 3 && oddCount ? countRegister - 1 : countRegister;
    }

    private void decrement() {
        element = element == 0 ? modulus - 1 : element - 1;
    }

    /** Clock pulses until OUT changes to a level with an edge, or -1 if not within {@code limit}. */
    int ticksToEdge(boolean rise, int limit) {
        ReferenceCounter future = copy();
        for (int i = 1; i <= limit; i++) {
            boolean before = future.out;
            future.clock();
            if (future.out == rise && before != rise) {
                return i;
            }
        }
        return -1;
    }

    private ReferenceCounter copy() {
        try {
            return (ReferenceCounter) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
