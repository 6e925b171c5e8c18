package org.posthouse.jwt;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/**
 * Asks an authorization server.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TokenEndpoint {
    /**
     * Posts a form, and waits for the answer, some time at most.
     *
     * @throws IOException when there is no whole answer, in time and of a bounded length
     */
    Answer post(URI endpoint, Map<String, String> form) throws IOException;

    /**
     * An answer, printed without its body.
     *
     * @param status of HTTP
     * @param body its text
     */
    record Answer(int status, String body) {
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }
}
