package org.posthouse.daemon.config;

import org.posthouse.core.Mailbox;
import org.posthouse.policy.KnownRecipients;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Known addresses, one a line; {@code #} begins a comment. An address covers the same with {@code
 * +anything}; postmaster is always known (RFC 5321 section 4.5.1). Letters count as the same in
 * either case.
 */
final class RecipientsFile implements KnownRecipients {
    private final Set<String> addresses = new HashSet<>();

    private RecipientsFile() {}

    static RecipientsFile parse(SourceText text, Context context) {
        var file = new RecipientsFile();
        for (int number = 1; number <= text.lineCount(); number++) {
            String line = text.line(number);
            String address = line.split("#", 2)[0].strip();
            if (address.isEmpty()) {
                continue;
            }
            try {
                Mailbox mailbox = Mailbox.parse(address);
                file.addresses.add(key(mailbox.localPart(), mailbox.domain()));
            } catch (IllegalArgumentException e) {
                var span = new Span(number, line.indexOf(address) + 1, address.length());
                context.add(
                        span,
                        Codes.RECIPIENTS,
                        "this is not an address",
                        "such as ada@shop.example");
            }
        }
        return file;
    }

    @Override
    public boolean contains(Mailbox mailbox) {
        String localPart = mailbox.localPart();
        int plus = localPart.indexOf('+');
        return localPart.equalsIgnoreCase("postmaster")
                || addresses.contains(key(localPart, mailbox.domain()))
                || (plus > 0
                        && addresses.contains(key(localPart.substring(0, plus), mailbox.domain())));
    }

    /** The domain of a mailbox is in lower case already. */
    private static String key(String localPart, String domain) {
        return localPart.toLowerCase(Locale.ROOT) + "@" + domain;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientsFile that && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return addresses.hashCode();
    }
}
