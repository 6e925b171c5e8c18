package org.posthouse.interop;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records below one domain, in lines {@code OWNER TYPE DATA} with {@code @} for the domain
 * itself; names without a final dot are below it. A line {@code OWNER !MANNERS} or {@code OWNER
 * !MANNERS TYPE} says how questions for that name are answered, see {@link DnsPeer.Manners}.
 */
final class DnsZone {
    private static final int TIME_TO_LIVE = 60;

    private final Name origin;
    private final List<Record> records = new ArrayList<>();
    private final Map<String, DnsPeer.Manners> manners = new HashMap<>();

    DnsZone(String domain, List<String> lines) {
        try {
            origin = Name.fromString(domain + ".");
            for (String line : lines) {
                add(line.split(" ", 3));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(domain + ": " + lines, e);
        }
    }

    private void add(String[] words) throws IOException {
        Name owner = words[0].equals("@") ? origin : Name.fromString(words[0], origin);
        if (words[1].startsWith("!")) {
            String type = words.length > 2 ? words[2] : "";
            manners.put(key(owner, type), DnsPeer.Manners.valueOf(words[1].substring(1)));
            return;
        }
        int type = Type.value(words[1]);
        records.add(Record.fromString(owner, type, DClass.IN, TIME_TO_LIVE, words[2], origin));
    }

    private static String key(Name owner, String type) {
        return owner.toString().toLowerCase(java.util.Locale.ROOT) + " " + type;
    }

    boolean holds(Name name) {
        return name.subdomain(origin);
    }

    int labels() {
        return origin.labels();
    }

    Name origin() {
        return origin;
    }

    DnsPeer.Manners manners(Name name, int type) {
        DnsPeer.Manners own = manners.get(key(name, Type.string(type)));
        return own == null ? manners.getOrDefault(key(name, ""), DnsPeer.Manners.POLITE) : own;
    }

    /** Records of a type, or of an alias. */
    List<Record> find(Name name, int type) {
        return records.stream()
                .filter(each -> each.getName().equals(name))
                .filter(each -> each.getType() == type || each.getType() == Type.CNAME)
                .toList();
    }

    /** The name, or one below it, has records. */
    boolean knows(Name name) {
        return records.stream().anyMatch(each -> each.getName().subdomain(name));
    }

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
