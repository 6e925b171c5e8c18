package org.posthouse.simulation;

import org.posthouse.core.MailEvent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What was seen from outside, over all lives of an engine; instants are monotonic nanoseconds. */
final class Ledger {
    final List<Sent> sent = new ArrayList<>();
    final List<Visit> visits = new ArrayList<>();
    final List<Taken> taken = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<Stored> stored = new ArrayList<>();

    /** What was seen to be wrong while it went on; the text begins with the invariant's name. */
    final List<String> amiss = new ArrayList<>();

    /** By life: how it ended. */
    final List<Ending> endings = new ArrayList<>();

    /** Lives in which the disk was made to fail. */
    final Set<Integer> withFaultyDisk = new HashSet<>();

    /** Messages that were left in the queue at the very end. */
    long left;

    enum Ending {
        STOPPED,
        DIED
    }

    /**
     * A message that a client sent.
     *
     * @param replies to the recipients, in their order; 0: none
     * @param last the reply to the content; 0: none, -1: no content was sent
     * @param spoolId what its reply calls it; empty: nothing
     */
    record Sent(
            String id, int life, Act.Send act, List<Integer> replies, int last, String spoolId) {
        Sent {
            replies = List.copyOf(replies);
        }

        boolean isAcknowledged() {
            return last == 250;
        }

        /** Whom the engine has taken it for, if it has taken it. */
        List<String> recipients() {
            var those = new ArrayList<String>();
            for (int i = 0; i < replies.size(); i++) {
                if (replies.get(i) == 250) {
                    those.add(act.to().get(i));
                }
            }
            return those;
        }
    }

    /** A connection to a host. */
    static final class Visit {
        final String host;
        final int life;
        int messages;
        boolean saidQuit;

        /** The host wanted to end it, or the network did. */
        boolean wasBroken;

        Visit(String host, int life) {
            this.host = host;
            this.life = life;
        }

        /** The client can't know what was said last. */
        boolean leavesDoubt() {
            return !saidQuit;
        }
    }

    /** A content that a host took, whether its reply arrived or not. */
    record Taken(
            Visit visit, long at, String reversePath, List<String> recipients, String content) {
        Taken {
            recipients = List.copyOf(recipients);
        }

        String id() {
            return Sheet.idIn(content);
        }

        boolean isReport() {
            return Reports.isReport(content);
        }
    }

    /** What the engine told of itself. */
    record Told(int life, long at, MailEvent event) {}

    /** A message in the local store at the end. */
    record Stored(String recipient, String content) {
        boolean isReport() {
            return Reports.isReport(content);
        }
    }

    /** Something is wrong now. */
    void amiss(Class<?> invariant, String what) {
        amiss.add(invariant.getSimpleName() + ": " + what);
    }

    /** Everything that was told of some kind. */
    <E extends MailEvent> Stream<E> told(Class<E> type) {
        return told.stream().map(Told::event).filter(type::isInstance).map(type::cast);
    }

    /** The name that a message has at its client, by the one it has in the spool. */
    Map<String, String> idsBySpoolId() {
        Map<String, String> ids = new HashMap<>();
        for (Sent each : sent) {
            if (!each.spoolId().isEmpty()) {
                ids.put(each.spoolId(), each.id());
            }
        }
        return ids;
    }

    /** How often a recipient has a message: at hosts, and in the store. */
    long copies(String id, String recipient) {
        long far =
                taken.stream()
                        .filter(each -> !each.isReport() && each.id().equals(id))
                        .filter(each -> each.recipients().contains(recipient))
                        .count();
        long near =
                stored.stream()
                        .filter(each -> !each.isReport() && each.recipient().equals(recipient))
                        .filter(each -> Sheet.idIn(each.content()).equals(id))
                        .count();
        return far + near;
    }

    /** All reports that arrived, each once. */
    List<Reports.Line> reports() {
        Stream<String> contents =
                Stream.concat(
                        taken.stream().filter(Taken::isReport).map(Taken::content),
                        stored.stream().filter(Stored::isReport).map(Stored::content));
        return contents.flatMap(content -> Reports.lines(content).stream()).distinct().toList();
    }
}
