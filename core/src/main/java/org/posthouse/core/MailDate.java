package org.posthouse.core;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Dates as header fields have them, in UTC: {@code Tue, 24 Nov 2026 01:02:03 +0000} (RFC 5322
 * section 3.3). The same in every locale.
 *
 * @since 0.1
 */
public final class MailDate {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int SECONDS_A_DAY = 86_400;

    private MailDate() {}

    /** The date of an instant, its fraction of a second dropped. */
    public static String format(Instant at) {
        long second = at.getEpochSecond();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_A_DAY));
        int time = Math.floorMod(second, SECONDS_A_DAY);
        int day = 3 * (date.getDayOfWeek().getValue() - 1);
        int month = 3 * (date.getMonthValue() - 1);
        var text = new StringBuilder(31);
        text.append(DAYS, day, day + 3).append(", ").append(date.getDayOfMonth()).append(' ');
        text.append(MONTHS, month, month + 3).append(' ');
        int year = date.getYear();
        text.append(year >= 0 && year < 1000 ? "0".repeat(4 - digits(year)) : "").append(year);
        two(text.append(' '), time / 3600);
        two(text.append(':'), time / 60 % 60);
        two(text.append(':'), time % 60);
        return text.append(" +0000").toString();
    }

    private static int digits(int number) {
        return number < 10 ? 1 : number < 100 ? 2 : 3;
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
