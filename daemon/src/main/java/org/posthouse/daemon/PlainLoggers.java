package org.posthouse.daemon;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.util.ResourceBundle;

/**
 * Where the loggers of libraries end: warnings and errors, one line each, on standard error. Starts
 * in no time, which the JDK's own and the big frameworks do not.
 */
public final class PlainLoggers extends System.LoggerFinder {
    /** For the service loader. */
    public PlainLoggers() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new PlainLogger(name, System.err);
    }

    /** One logger. */
    record PlainLogger(String name, PrintStream out) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String text,
                @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                String cause = thrown == null ? "" : ": " + thrown;
                out.println(oneLine(level + " " + name + ": " + text + cause));
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object... values) {
            if (isLoggable(level)) {
                boolean plain = format == null || values == null || values.length == 0;
                String text = plain ? String.valueOf(format) : MessageFormat.format(format, values);
                out.println(oneLine(level + " " + name + ": " + text));
            }
        }

        private static String oneLine(String text) {
            return text.replaceAll("\\p{Cntrl}+", " ");
        }
    }
}
