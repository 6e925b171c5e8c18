package org.posthouse.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal of this process as a screen with single keys. It is as it was before once this is
 * closed, and when the process is ended by a signal.
 */
final class TopTerminal implements AutoCloseable {
    /** Keys that have no sign. */
    static final int NO_KEY = -1;

    static final int UP = -2;
    static final int DOWN = -3;
    private static final int ESCAPE = 27;

    /** So many ends of the input in a row, each at once: it is closed. */
    private static final int ENDS_MAX = 1000;

    private static final int SAID_MAX = 400;

    private final String saved;
    private final PrintWriter out;
    private final Thread atEnd;
    private final AtomicBoolean restored = new AtomicBoolean();
    private List<String> shown = List.of();
    private int ends;

    /**
     * Takes the terminal over.
     *
     * @throws IOException when it is none
     */
    TopTerminal(PrintWriter out) throws IOException {
        this.out = out;
        saved = stty("-g");
        atEnd = new Thread(this::restore, "terminal");
        Runtime.getRuntime().addShutdownHook(atEnd);
        String unused = stty("-icanon", "-echo", "min", "0", "time", "3", "susp", "undef");
        out.print("\033[?1049h\033[?25l\033[2J");
        out.flush();
    }

    private static String stty(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(words));
        Process stty =
                new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
        byte[] said = stty.getInputStream().readNBytes(SAID_MAX);
        try {
            if (stty.waitFor() != 0) {
                throw new IOException("this is no terminal");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new String(said, StandardCharsets.US_ASCII).strip();
    }

    /**
     * How large it is.
     *
     * @param rows lines
     * @param columns how wide
     */
    record Size(int rows, int columns) {
        /** What {@code stty size} says. */
        static Size parse(String text) {
            return text.matches("[1-9][0-9]{0,3} [1-9][0-9]{0,3}")
                    ? new Size(
                            Integer.parseInt(text.substring(0, text.indexOf(' '))),
                            Integer.parseInt(text.substring(text.indexOf(' ') + 1)))
                    : new Size(24, 80);
        }
    }

    Size size() throws IOException {
        return Size.parse(stty("size"));
    }

    /** Shows these lines. */
    void show(List<String> lines) {
        out.print(TopScreen.difference(shown, lines));
        out.flush();
        shown = List.copyOf(lines);
    }

    /** All is drawn anew, as the size has changed. */
    void clear() {
        shown = List.of();
        out.print("\033[2J");
    }

    /**
     * The next key within 0.3 seconds, or {@link #NO_KEY}.
     *
     * @throws IOException when no key can come any more
     */
    int key(InputStream in) throws IOException {
        int key = in.read();
        if (key != ESCAPE) {
            ends = key < 0 && in.available() == 0 ? ends + 1 : 0;
            if (ends > ENDS_MAX) {
                throw new IOException("the terminal is gone");
            }
            return key < 0 ? NO_KEY : key;
        }
        if (in.read() != '[') {
            return ESCAPE;
        }
        return switch (in.read()) {
            case 'A' -> UP;
            case 'B' -> DOWN;
            default -> NO_KEY;
        };
    }

    private void restore() {
        if (restored.getAndSet(true)) {
            return;
        }
        out.print("\033[?25h\033[?1049l");
        out.flush();
        try {
            String unused = stty(saved);
        } catch (IOException e) {
            out.println("the terminal could not be restored: stty sane");
        }
    }

    @Override
    public void close() {
        restore();
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            return; // the process ends already
        }
    }
}
