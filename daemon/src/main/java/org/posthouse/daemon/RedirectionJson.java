package org.posthouse.daemon;

import org.posthouse.Redirection;
import org.posthouse.core.Mailbox;

import java.util.List;

/** Where a request sends deliveries; docs/control-socket.md has the members. */
final class RedirectionJson {
    private RedirectionJson() {}

    /**
     * What a request asks for.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static Redirection read(ControlRequest request) {
        String route = request.text("route");
        String via = request.text("via");
        List<String> recipients = request.texts("recipients");
        boolean asRouted = Boolean.TRUE.equals(request.members().get("as_routed"));
        int given =
                (route.isEmpty() ? 0 : 1)
                        + (via.isEmpty() ? 0 : 1)
                        + (recipients.isEmpty() ? 0 : 1)
                        + (asRouted ? 1 : 0);
        if (given != 1) {
            throw new IllegalArgumentException(
                    "a redirection has one of route, via, recipients, as_routed");
        }
        if (!route.isEmpty()) {
            return Redirection.route(route);
        }
        if (!via.isEmpty()) {
            return Redirection.host(via);
        }
        return asRouted
                ? Redirection.asRouted()
                : new Redirection.ToRecipients(
                        recipients.stream().map(Mailbox::parse).toList(), request.text("replaced"));
    }
}
