package org.posthouse.simulation;

import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;

import java.time.Duration;
import java.util.List;

/**
 * Something that happens in a life of the engine, so long after its start. Its text is one line of
 * a {@link Scenario}.
 */
sealed interface Act {
    /** When, after the start. */
    Duration at();

    /**
     * A client sends messages over one connection.
     *
     * @param client its address
     * @param from the reverse-path; empty: the null one
     * @param to the recipients of each message
     * @param count how many messages
     * @param octets of each content, about
     * @param notifyOn what is asked for with each recipient (RFC 3461); empty: nothing
     */
    record Send(
            Duration at,
            String client,
            String from,
            List<String> to,
            int count,
            int octets,
            String notifyOn)
            implements Act {
        public Send {
            to = List.copyOf(to);
        }

        /** The same with other numbers. */
        Send less(int messages, List<String> recipients) {
            return new Send(at, client, from, recipients, messages, octets, notifyOn);
        }

        @Override
        public String toString() {
            String path = from.isEmpty() ? "<>" : from;
            String asked = notifyOn.isEmpty() ? "" : " " + notifyOn;
            return at
                    + " send "
                    + client
                    + " "
                    + path
                    + " "
                    + String.join(",", to)
                    + " "
                    + count
                    + " "
                    + octets
                    + asked;
        }
    }

    /** A host is as it should not be, for a while. */
    record Trouble(Duration at, Duration lasting, String host, Weather weather) implements Act {
        @Override
        public String toString() {
            return at + " host " + host + " " + weather + " " + lasting;
        }
    }

    /** Questions about a name are not answered for a while. */
    record NoAnswer(Duration at, Duration lasting, String name) implements Act {
        @Override
        public String toString() {
            return at + " dns " + name + " " + lasting;
        }
    }

    /** An operation on the disk fails, once: the nth from then on. */
    record DiskFault(Duration at, SimDiskOperation operation, SimDiskFailure failure, int nth)
            implements Act {
        @Override
        public String toString() {
            return at + " disk " + operation + " " + failure + " " + nth;
        }
    }

    /** Reads what {@link #toString} wrote. */
    static Act parse(String line) {
        String[] words = line.trim().split(" ");
        Duration at = Duration.parse(words[0]);
        return switch (words[1]) {
            case "send" ->
                    new Send(
                            at,
                            words[2],
                            words[3].equals("<>") ? "" : words[3],
                            List.of(words[4].split(",")),
                            Integer.parseInt(words[5]),
                            Integer.parseInt(words[6]),
                            words.length > 7 ? words[7] : "");
            case "host" ->
                    new Trouble(at, Duration.parse(words[4]), words[2], Weather.valueOf(words[3]));
            case "dns" -> new NoAnswer(at, Duration.parse(words[3]), words[2]);
            case "disk" ->
                    new DiskFault(
                            at,
                            SimDiskOperation.valueOf(words[2]),
                            SimDiskFailure.valueOf(words[3]),
                            Integer.parseInt(words[4]));
            default -> throw new IllegalArgumentException("not an act: " + line);
        };
    }
}
