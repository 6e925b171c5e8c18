package org.posthouse.spool;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The deliveries of a message: recipients of the same domain, the same kind of disposition and the
 * same fixed next hop go together, in the order in which the first of each stands in the envelope;
 * a thousand at most, and what is beyond that is the next delivery. So what a crash repeats of a
 * message to very many is bounded: outcomes become durable by the delivery. The rule is part of the
 * stored format: a delivery's number is its place in this list.
 */
final class Grouping {
    /** Recipients of one delivery. */
    static final int RECIPIENTS_MAX = 1000;

    private Grouping() {}

    /** One delivery to be. */
    record Group(String domain, boolean local, String via, List<Integer> recipients) {}

    private record Key(String domain, boolean local, String via) {}

    static List<Group> of(Envelope envelope, List<Disposition> dispositions) {
        if (dispositions.size() == 1) {
            Key key = key(envelope, dispositions, 0);
            return List.of(new Group(key.domain, key.local, key.via, List.of(0)));
        }
        Map<Key, List<Integer>> positions = new LinkedHashMap<>();
        for (int i = 0; i < dispositions.size(); i++) {
            positions
                    .computeIfAbsent(key(envelope, dispositions, i), k -> new ArrayList<>())
                    .add(i);
        }
        List<Group> groups = new ArrayList<>(positions.size());
        positions.forEach((key, list) -> add(key, list, groups));
        return groups;
    }

    private static void add(Key key, List<Integer> positions, List<Group> groups) {
        for (int from = 0; from < positions.size(); from += RECIPIENTS_MAX) {
            int to = Math.min(positions.size(), from + RECIPIENTS_MAX);
            List<Integer> part = List.copyOf(positions.subList(from, to));
            groups.add(new Group(key.domain, key.local, key.via, part));
        }
    }

    private static Key key(Envelope envelope, List<Disposition> dispositions, int position) {
        String domain = envelope.recipients().get(position).mailbox().domain();
        return switch (dispositions.get(position)) {
            case Disposition.Local local -> new Key(domain, true, "");
            case Disposition.Relayed relayed -> new Key(domain, false, relayed.via());
        };
    }
}
