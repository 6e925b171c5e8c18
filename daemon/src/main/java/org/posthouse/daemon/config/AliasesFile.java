package org.posthouse.daemon.config;

import org.posthouse.core.Mailbox;
import org.posthouse.policy.Aliases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines {@code address: target, target}; {@code @domain: target} takes what else comes to a domain;
 * {@code #} begins a comment. An address covers the same with {@code +anything}. Letters count as
 * the same in either case.
 */
final class AliasesFile implements Aliases {
    private final Map<String, List<Mailbox>> targets = new HashMap<>();

    private AliasesFile() {}

    static AliasesFile parse(SourceText text, Context context) {
        var file = new AliasesFile();
        for (int number = 1; number <= text.lineCount(); number++) {
            String line = text.line(number).split("#", 2)[0].strip();
            if (!line.isEmpty()) {
                String trouble = file.add(line);
                if (!trouble.isEmpty()) {
                    var span = new Span(number, 1, Math.max(1, text.line(number).length()));
                    context.add(
                            span,
                            Codes.ALIASES,
                            trouble,
                            "such as  info@shop.example: ada@shop.example, bob@far.example");
                }
            }
        }
        return file;
    }

    /** Takes a line; what is wrong with it. */
    private String add(String line) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            return "this is not an alias with its targets";
        }
        String key = key(line.substring(0, colon).strip());
        if (key.isEmpty()) {
            return "what stands before the colon is neither an address nor @domain";
        }
        if (targets.containsKey(key)) {
            return "this alias stands in the file twice";
        }
        var addresses = new ArrayList<Mailbox>();
        for (String target : line.substring(colon + 1).split(",", -1)) {
            try {
                addresses.add(Mailbox.parse(target.strip()));
            } catch (IllegalArgumentException e) {
                return "`" + target.strip() + "` is not an address";
            }
        }
        targets.put(key, List.copyOf(addresses));
        return "";
    }

    private static String key(String text) {
        try {
            boolean isDomain = text.startsWith("@");
            Mailbox mailbox = Mailbox.parse(isDomain ? "any" + text : text);
            return isDomain ? "@" + mailbox.domain() : key(mailbox.localPart(), mailbox.domain());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public List<Mailbox> targets(Mailbox address) {
        String localPart = address.localPart();
        List<Mailbox> exact = targets.get(key(localPart, address.domain()));
        int plus = localPart.indexOf('+');
        if (exact != null || plus < 1) {
            return exact == null ? List.of() : exact;
        }
        return targets.getOrDefault(key(localPart.substring(0, plus), address.domain()), List.of());
    }

    @Override
    public List<Mailbox> catchAll(String domain) {
        return targets.getOrDefault("@" + domain, List.of());
    }

    private static String key(String localPart, String domain) {
        return localPart.toLowerCase(Locale.ROOT) + "@" + domain;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AliasesFile that && targets.equals(that.targets);
    }

    @Override
    public int hashCode() {
        return targets.hashCode();
    }
}
