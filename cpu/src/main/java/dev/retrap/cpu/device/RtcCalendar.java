package dev.retrap.cpu.device;

import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * How an MC146818 codes a second of the calendar in its registers: BCD or binary, 12 or 24 hours, by register B. The
 * century is the byte at 32h, as PC firmware has it. Seconds count from 1970-01-01 00:00:00 UTC.
 */
final class RtcCalendar {
    /** Register B: binary, not BCD. */
    static final int BINARY = 0x04;
    /** Register B: hours 0..23, not 1..12 with bit 7 for the afternoon. */
    static final int HOURS_24 = 0x02;

    static final int SECONDS = 0;
    static final int MINUTES = 2;
    static final int HOURS = 4;
    static final int DAY_OF_WEEK = 6;
    static final int DAY = 7;
    static final int MONTH = 8;
    static final int YEAR = 9;
    static final int CENTURY = 0x32;

    private static final int DAY_SECONDS = 86_400;

    private RtcCalendar() {}

    /** True for a register that the clock advances. */
    static boolean isTime(int register) {
        return switch (register) {
            case SECONDS, MINUTES, HOURS, DAY_OF_WEEK, DAY, MONTH, YEAR, CENTURY -> true;
            default -> false;
        };
    }

    /**
     * Puts a second into the registers.
     *
     * @param dayShift days by which the day of the week, which the guest sets by itself, is ahead of the calendar's
     */
    static void encode(long second, int dayShift, int registerB, byte[] ram) {
        int time = (int) Math.floorMod(second, (long) DAY_SECONDS);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, (long) DAY_SECONDS));
        ram[SECONDS] = code(time % 60, registerB);
        ram[MINUTES] = code(time / 60 % 60, registerB);
        ram[HOURS] = hours(time / 3600, registerB);
        ram[DAY_OF_WEEK] = code((sundayIs0(date) + dayShift) % 7 + 1, registerB);
        ram[DAY] = code(date.getDayOfMonth(), registerB);
        ram[MONTH] = code(date.getMonthValue(), registerB);
        ram[YEAR] = code(date.getYear() % 100, registerB);
        ram[CENTURY] = code(date.getYear() / 100 % 100, registerB);
    }

    /** The second that the registers stand for; what is out of range carries over, as in {@code 31 February}. */
    static long decode(int registerB, byte[] ram) {
        long time = number(ram[SECONDS], registerB) + number(ram[MINUTES], registerB) * 60L
                + hoursNumber(ram[HOURS], registerB) * 3600L;
        return date(registerB, ram).toEpochDay() * DAY_SECONDS + time;
    }

    /** Days by which the day of the week in the registers is ahead of that of their date, 0..6. */
    static int dayShift(int registerB, byte[] ram) {
        return Math.floorMod(number(ram[DAY_OF_WEEK], registerB) - 1 - sundayIs0(date(registerB, ram)), 7);
    }

    private static LocalDate date(int registerB, byte[] ram) {
        int year = number(ram[CENTURY], registerB) * 100 + number(ram[YEAR], registerB);
        int month = Math.clamp(number(ram[MONTH], registerB), 1, 12);
        return LocalDate.of(year, month, 1).plusDays(number(ram[DAY], registerB) - 1L);
    }

    private static int sundayIs0(LocalDate date) {
        DayOfWeek day = date.getDayOfWeek();
        return day.getValue() % 7;
    }

    /** A number 0..99 as a register holds it. */
    static byte code(int number, int registerB) {
        return (byte) ((registerB & BINARY) != 0 ? number : number / 10 << 4 | number % 10);
    }

    /** An hour 0..23 as a register holds it. */
    static byte hours(int hour, int registerB) {
        if ((registerB & HOURS_24) != 0) {
            return code(hour, registerB);
        }
        return (byte) (code((hour + 11) % 12 + 1, registerB) | (hour >= 12 ? 0x80 : 0));
    }

    private static int number(byte code, int registerB) {
        int b = code & 0xFF;
        return (registerB & BINARY) != 0 ? b : (b >> 4) * 10 + (b & 15);
    }

    private static int hoursNumber(byte code, int registerB) {
        if ((registerB & HOURS_24) != 0) {
            return number(code, registerB);
        }
        return number((byte) (code & 0x7F), registerB) % 12 + ((code & 0x80) != 0 ? 12 : 0);
    }
}
