package org.posthouse.testkit;

import java.util.List;
import java.util.Locale;

/** Whose an address is: each handle has a domain of its own, {@code tNUMBER.posthouse.test}. */
final class Ownership {
    private static final String PARENT = ".posthouse.test";

    private Ownership() {}

    static String domain(long number) {
        return "t" + number + PARENT;
    }

    /** True when the address is in the domain of a handle that is not this one. */
    static boolean isAnothers(String domain, String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        return lower.endsWith(PARENT) && !lower.endsWith("@" + domain);
    }

    /** True when one of them is in this domain, or none in that of another handle. */
    static boolean isOf(String domain, List<String> addresses) {
        boolean isMine =
                addresses.stream()
                        .anyMatch(each -> each.toLowerCase(Locale.ROOT).endsWith("@" + domain));
        return isMine || addresses.stream().noneMatch(each -> isAnothers(domain, each));
    }
}
