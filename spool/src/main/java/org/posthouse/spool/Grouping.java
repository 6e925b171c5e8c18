package org.posthouse.spool;

import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The deliveries of a message: recipients of the same domain, the same kind of disposition and the
 * same fixed next hop go together, in the order in which the first of each stands in the envelope.
 * The rule is part of the stored format: a delivery's number is its place in this list.
 */
final class Grouping {
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
        positions.forEach(
                (key, list) ->
                        groups.add(new Group(key.domain, key.local, key.via, List.copyOf(list))));
        return groups;
    }

    private static Key key(Envelope envelope, List<Disposition> dispositions, int position) {
        String domain = envelope.recipients().get(position).mailbox().domain();
        return switch (dispositions.get(position)) {
            case Disposition.Local local -> new Key(domain, true, "");
            case Disposition.Relayed relayed -> new Key(domain, false, relayed.via());
        };
    }
}
