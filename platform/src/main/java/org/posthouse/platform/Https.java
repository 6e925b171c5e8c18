package org.posthouse.platform;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * Fetches small documents by HTTPS, from hosts that prove their name by a certificate that the
 * system trusts. Redirects are not followed, nothing is cached.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Https {
    /** Fetches nothing. */
    Https NONE =
            (host, addresses, path, limits) -> new Fetched.Failed(false, "HTTPS is not available");

    /**
     * Fetches one.
     *
     * @param host its name in ASCII, which it has to prove; port 443
     * @param addresses where it is, in the order of the tries: names are not looked up here, so
     *     that the caller decides where a name may lead
     * @param path begins with a slash
     */
    Fetched get(String host, List<InetAddress> addresses, String path, Limits limits);

    /**
     * Bounds of one fetch.
     *
     * @param octetsMax a longer document is a failure
     * @param deadline for all of it
     */
    record Limits(int octetsMax, Deadline deadline) {
        /** Checks that nothing is missing. */
        public Limits {
            Objects.requireNonNull(deadline);
        }
    }

    /** What came. */
    sealed interface Fetched {
        /**
         * The answer 200 with its document.
         *
         * @param mediaType in lower case, without parameters; empty: it was not told
         * @param text as UTF-8
         */
        record Document(String mediaType, String text) implements Fetched {
            /** Checks that nothing is missing. */
            public Document {
                Objects.requireNonNull(mediaType);
                Objects.requireNonNull(text);
            }
        }

        /**
         * No document.
         *
         * @param byCertificate the host did not prove its name
         */
        record Failed(boolean byCertificate, String why) implements Fetched {
            /** Checks that nothing is missing. */
            public Failed {
                Objects.requireNonNull(why);
            }
        }
    }
}
